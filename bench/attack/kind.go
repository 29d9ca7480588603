package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/passmuster/passmuster/bench/load"
	"github.com/passmuster/passmuster/internal/api/native"
	"github.com/passmuster/passmuster/internal/workforce"
)

// kind is one way to be costly.
type kind struct {
	name string
	what string
	// next makes the next request of a connection.
	next func(d *rand.Rand, c company) load.Request
}

// company is what an attacker knows.
type company struct {
	people     int
	connection int // of the attacker
	sent       int // by this connection
}

// farPage is beyond the end of every list: what is skipped on the way there is
// work all the same, for a server that counts its way.
const farPage = 2_000_000

const (
	personnel = "/public/personnel"
	accounts  = "/public/user-identities/infrastructure"
	users     = "/public/v2/users"

	people      = native.Base + "/people"
	ownAccounts = native.Base + "/accounts"
)

// kinds is every attack. Whatever a server keeps of an answer does not help it
// with the next one: filters, sorts and terms are drawn anew each time.
func kinds() []kind {
	return []kind{
		{"letters", "search for one or two letters with other filters, page 2,000,000", func(d *rand.Rand, _ company) load.Request {
			q := someFilters(d)
			q.Set("q", letters(d))
			sorted(d, q)
			return list(personnel, q, farPage)
		}},
		{"words", "search for three to five letters with other filters", func(d *rand.Rand, _ company) load.Request {
			q := someFilters(d)
			q.Set("q", letters(d)+letters(d)+string(rune('a'+d.IntN(26))))
			sorted(d, q)
			return list(personnel, q, 1)
		}},
		{"filters", "all filters at once, every sort, the largest page", func(d *rand.Rand, _ company) load.Request {
			q := url.Values{"employmentStatuses[]": {"ALL_PERSONNEL"}, "inverseMdmSourceTypes[]": {string(one(d, workforce.AllPersonnelDeviceSources))}}
			for _, f := range filters {
				q.Set(f, strconv.FormatBool(d.IntN(2) == 0))
			}
			sorted(d, q)
			return list(personnel, q, 1)
		}},
		{"pages", "the largest page, anywhere in the list, every sort", func(d *rand.Rand, c company) load.Request {
			q := url.Values{}
			sorted(d, q)
			return list(personnel, q, 1+d.IntN(max(c.people/largestPage, 1)))
		}},
		{"accounts", "search for letters among accounts, sorted by their people", func(d *rand.Rand, _ company) load.Request {
			return list(accounts, url.Values{"q": {letters(d)}, "sort": {string(one(d, workforce.AllInfrastructureSorts))}, "sortDir": {string(one(d, workforce.AllSortDirs))}}, farPage)
		}},
		{"users", "V2 users with everything expanded, the largest page", func(d *rand.Rand, _ company) load.Request {
			return load.Get(users + "?" + url.Values{
				"size": {strconv.Itoa(largestPage)}, "firstName": {letters(d)}, "lastName": {letters(d)}, "includeTotalCount": {"true"},
				"expand[]": {"backgroundChecks", "documents", "personnel", "identities", "roles"},
			}.Encode())
		}},
		{"writes", "changes, each on a connection of its own", func(_ *rand.Rand, c company) load.Request {
			return load.Request{
				Method: http.MethodPut, Target: fmt.Sprintf("%s/%d/toggle", accounts, 1+c.connection),
				Body: fmt.Sprintf(`{"toggle": %t, "toggleField": "INFRASTRUCTURE_ADMIN_ACCESS"}`, c.sent%2 == 0),
			}
		}},
		{"facets", "native: facets over a search with filters", func(d *rand.Rand, _ company) load.Request {
			q := nativeFilters(d)
			q.Set("q", letters(d))
			q.Set("facets", "true")
			return load.Get(people + "?" + q.Encode())
		}},
		{"account-facets", "native: facets over a search among accounts", func(d *rand.Rand, _ company) load.Request {
			return load.Get(ownAccounts + "?" + url.Values{
				"kind": {string(one(d, native.AllKinds))}, "q": {letters(d) + letters(d)}, "facets": {"true"},
				"sort": {string(one(d, workforce.AllInfrastructureSorts))}, "changedSince": {strconv.Itoa(d.IntN(1000))},
			}.Encode())
		}},
		{"everything", "native: all people as lines of JSON, in a new order", func(d *rand.Rand, _ company) load.Request {
			return load.Get(people + "?" + url.Values{
				"format": {string(native.FormatNDJSON)}, "sort": {string(one(d, workforce.AllPersonnelSorts))}, "sortDir": {string(one(d, workforce.AllSortDirs))},
			}.Encode())
		}},
		{"changed", "native: what changed since the beginning, with filters, the largest page", func(d *rand.Rand, _ company) load.Request {
			q := nativeFilters(d)
			q.Set("changedSince", "1")
			q.Set("limit", strconv.Itoa(largestOwnPage))
			return load.Get(people + "?" + q.Encode())
		}},
	}
}

func kindOf(name string) (kind, bool) {
	all := kinds()
	i := slices.IndexFunc(all, func(k kind) bool { return k.name == name })
	if i < 0 {
		return kind{}, false
	}
	return all[i], true
}

func names() []string {
	var out []string
	for _, k := range kinds() {
		out = append(out, k.name)
	}
	return out
}

// filters are the parameters that are true or false.
var filters = []string{
	"fullCompliance", "acceptedPoliciesCompliance", "identityMfaCompliance", "bgCheckCompliance", "agentInstalledCompliance",
	"passwordManagerCompliance", "autoUpdatesCompliance", "locationServicesCompliance", "hdEncryptionCompliance", "antivirusCompliance",
	"lockScreenCompliance", "securityTrainingCompliance", "hipaaTrainingCompliance", "nistaiTrainingCompliance", "deviceCompliance",
}

// someFilters draws two filters, which leave many people.
func someFilters(d *rand.Rand) url.Values {
	return url.Values{one(d, filters): {"true"}, one(d, filters): {"true"}, "inverseMdmSourceTypes[]": {string(one(d, workforce.AllPersonnelDeviceSources))}}
}

func sorted(d *rand.Rand, q url.Values) {
	q.Set("sort", string(one(d, workforce.AllPersonnelSorts)))
	q.Set("sortDir", string(one(d, workforce.AllSortDirs)))
}

func one[T any](d *rand.Rand, all []T) T { return all[d.IntN(len(all))] }

// letters draws one letter or two.
func letters(d *rand.Rand) string {
	text := string(rune('a' + d.IntN(26)))
	if d.IntN(2) == 0 {
		text += string(rune('a' + d.IntN(26)))
	}
	return text
}

// nativeFilters is someFilters in the words of the native API.
func nativeFilters(d *rand.Rand) url.Values {
	q := url.Values{
		"notDeviceSource[]": {string(one(d, workforce.AllDeviceSources))},
		"sort":              {string(one(d, workforce.AllPersonnelSorts))}, "sortDir": {string(one(d, workforce.AllSortDirs))},
	}
	for range 2 {
		q.Add("check[]", string(one(d, workforce.AllCheckTypes))+":true")
	}
	return q
}

// The most records that the compatible and the native API give at once.
const (
	largestPage    = 50
	largestOwnPage = 1000
)

func list(path string, q url.Values, page int) load.Request {
	q.Set("page", strconv.Itoa(page))
	q.Set("limit", strconv.Itoa(largestPage))
	return load.Get(path + "?" + q.Encode())
}

// sequence gives the requests of one connection. The same seed gives the same.
func sequence(k kind, people int, seed uint64, connection int) func() load.Request {
	d := rand.New(rand.NewPCG(seed, uint64(connection))) //nolint:gosec // a load must be repeatable, not secret
	c := company{people: people, connection: connection}
	return func() load.Request {
		r := k.next(d, c)
		c.sent++
		return r
	}
}
