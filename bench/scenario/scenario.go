// Package scenario says what is asked of Passmuster in a measurement: which
// requests, in which order, and what the answers are. It may depend on the load
// driver and the standard library. It must never ask for something that a
// client could not ask for: the requests go through the front door, with a key.
package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/bench/load"
)

// Name is a scenario.
type Name string

// The scenarios.
const (
	GetCold      Name = "get-cold"
	GetWarm      Name = "get-warm"
	ListFirst    Name = "list-first"
	ListDeep     Name = "list-deep"
	ListFiltered Name = "list-filtered"
	Search       Name = "search"
	SearchLetter Name = "search-letter"
	Update       Name = "update"
)

// All lists the scenarios in the order in which they are run and reported.
var All = []Name{GetCold, GetWarm, ListFirst, ListDeep, ListFiltered, Search, SearchLetter, Update}

// Titles says what a scenario does.
var Titles = map[Name]string{
	GetCold:      "get by id, cold",
	GetWarm:      "get by id, warm",
	ListFirst:    "list, page 1 of 20",
	ListDeep:     "list, deep page of 20",
	ListFiltered: "two filters + sort, page 1 of 20",
	Search:       "search, 3 to 5 letters",
	SearchLetter: "search, one letter",
	Update:       "update one record",
}

// Floor is the scenario whose floor a scenario is compared with: its own, but
// for records that are read once, of which the floor writes warm ones.
func (n Name) Floor() Name {
	if n == GetCold {
		return GetWarm
	}
	return n
}

// How many different requests a scenario has at the most.
const (
	records    = 1000
	deepPages  = 20
	terms      = 20
	updates    = 256
	pageLength = 20
	// Requests that a cold server gets before the clock starts, for records
	// that are not read again: they pay for what every process pays once.
	coldWarmUp = 400
)

const (
	personnel = "/public/personnel"
	accounts  = "/public/user-identities/infrastructure"
)

// filtered is two filters and a sort each: what a person who chases gaps asks.
var filtered = []string{
	"employmentStatuses[]=ALL_CURRENT_PERSONNEL&identityMfaCompliance=false&sort=START_DATE&sortDir=DESC",
	"employmentStatuses[]=ALL_CURRENT_PERSONNEL&fullCompliance=false&sort=NAME&sortDir=ASC",
	"employmentStatuses[]=ALL_FORMER_PERSONNEL&offboardingEvidence=false&sort=SEPARATION_DATE&sortDir=DESC",
	"employmentStatus=CURRENT_CONTRACTOR&bgCheckCompliance=false&sort=BG_CHECK&sortDir=ASC",
	"employmentStatus=CURRENT_EMPLOYEE&deviceCompliance=false&sort=HDD_ENCRYPTION&sortDir=ASC",
	"securityTrainingCompliance=false&acceptedPoliciesCompliance=true&sort=SECURITY_TRAINING&sortDir=DESC",
	"agentInstalledCompliance=true&antivirusCompliance=false&sort=APPS_COUNT&sortDir=DESC",
	"employmentStatuses[]=ALL_CURRENT_PERSONNEL&passwordManagerCompliance=false&sort=FULL_COMPLIANCE&sortDir=ASC",
}

// letters are frequent and rare ones, as somebody begins to type.
var letters = []string{"a", "e", "k", "m", "o", "q", "s", "z"}

// Scenario is the requests of one measurement.
type Scenario struct {
	Name     Name
	Requests []load.Request
	Order    load.Order
	Reset    []load.Request // sent before each run, so that every run finds the same state
}

// Set is the scenarios for one company, and what it answers.
type Set struct {
	Scenarios map[Name]Scenario
	Answers   map[string][]byte // bodies by [load.Request.ID], for the floor
}

// Cold gives the requests for a server that has just started: some to begin
// with, then as many others as there are people, each for a record that nobody
// has asked for since the start.
func Cold(people int, seed uint64) (warmUp, cold Scenario) {
	order := dice(seed, GetCold).Perm(people)
	all := make([]load.Request, people)
	for i, n := range order {
		all[i] = load.Get(fmt.Sprintf("%s/%d", personnel, n+1))
	}
	split := min(coldWarmUp, people/10)
	return Scenario{Requests: all[:split], Order: load.Once}, Scenario{Name: GetCold, Requests: all[split:], Order: load.Once}
}

func dice(seed uint64, n Name) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(slices.Index(All, n)))) //nolint:gosec // a load must be repeatable, not secret
}

// Build makes the scenarios for the company that a server serves, and asks for
// every answer once: that is what warms the server.
func Build(ctx context.Context, t load.Target, people int, seed uint64) (*Set, error) {
	s := &Set{Scenarios: map[Name]Scenario{}, Answers: map[string][]byte{}}
	var gets []load.Request
	for _, n := range dice(seed, GetWarm).Perm(people)[:min(records, people)] {
		gets = append(gets, load.Get(fmt.Sprintf("%s/%d", personnel, n+1)))
	}
	if err := s.add(ctx, t, GetWarm, gets); err != nil {
		return nil, err
	}
	words, err := s.words(gets)
	if err != nil {
		return nil, err
	}
	lists := map[Name][]load.Request{
		ListFirst:    {load.Get(fmt.Sprintf("%s?page=1&limit=%d", personnel, pageLength))},
		ListDeep:     deep(people, seed),
		ListFiltered: pages(filtered),
		Search:       pages(searches(words, seed)),
		SearchLetter: pages(asQueries(letters)),
	}
	for _, name := range All {
		if lists[name] == nil {
			continue
		}
		if err := s.add(ctx, t, name, lists[name]); err != nil {
			return nil, err
		}
	}
	return s, s.addUpdates(ctx, t, seed)
}

// add records the answers of a scenario that only reads.
func (s *Set) add(ctx context.Context, t load.Target, name Name, requests []load.Request) error {
	i := 0
	err := load.Fetch(ctx, t, requests, func(r load.Request, body []byte) error {
		s.Answers[r.ID()] = body
		requests[i].Want = len(body)
		i++
		return nil
	})
	if err != nil {
		return fmt.Errorf("preparing %q: %w", Titles[name], err)
	}
	s.Scenarios[name] = Scenario{Name: name, Requests: requests}
	return nil
}

// deep gives pages from the second half of the list.
func deep(people int, seed uint64) []load.Request {
	last := (people + pageLength - 1) / pageLength
	var out []load.Request
	for _, n := range dice(seed, ListDeep).Perm(max(last/2, 1)) {
		if len(out) == deepPages {
			break
		}
		out = append(out, load.Get(fmt.Sprintf("%s?page=%d&limit=%d", personnel, last-n, pageLength)))
	}
	return out
}

func pages(queries []string) []load.Request {
	out := make([]load.Request, len(queries))
	for i, q := range queries {
		out[i] = load.Get(fmt.Sprintf("%s?page=1&limit=%d&%s", personnel, pageLength, q))
	}
	return out
}

func asQueries(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = "q=" + w
	}
	return out
}

// words are the last names in the answers that are written in plain letters.
func (s *Set) words(gets []load.Request) ([]string, error) {
	var out []string
	for _, g := range gets {
		var record struct {
			User struct {
				LastName *string `json:"lastName"`
			} `json:"user"`
		}
		if err := json.Unmarshal(s.Answers[g.ID()], &record); err != nil {
			return nil, fmt.Errorf("reading a record: %w", err)
		}
		if name := record.User.LastName; name != nil && plain(*name) {
			out = append(out, strings.ToLower(*name))
		}
	}
	return out, nil
}

func plain(s string) bool {
	return len(s) >= 3 && !strings.ContainsFunc(s, func(r rune) bool { return (r|0x20) < 'a' || (r|0x20) > 'z' })
}

// searches cuts pieces of 3 to 5 letters out of names, so that each finds
// somebody.
func searches(words []string, seed uint64) []string {
	d := dice(seed, Search)
	var out []string
	for range terms {
		if len(words) == 0 {
			break
		}
		w := words[d.IntN(len(words))]
		n := min(len(w), 3+d.IntN(3))
		from := d.IntN(len(w) - n + 1)
		out = append(out, "q="+w[from:from+n])
	}
	return out
}

// addUpdates makes pairs of requests that take an access away and give it back.
// Both are recorded with the answer that they have when they change something.
func (s *Set) addUpdates(ctx context.Context, t load.Target, seed uint64) error {
	var page struct {
		Total int `json:"total"`
	}
	err := load.Fetch(ctx, t, []load.Request{load.Get(accounts + "?page=1&limit=1")}, func(_ load.Request, body []byte) error {
		return json.Unmarshal(body, &page)
	})
	if err != nil {
		return fmt.Errorf("counting accounts: %w", err)
	}
	var reset, pairs []load.Request
	for _, n := range dice(seed, Update).Perm(page.Total)[:min(updates, page.Total)] {
		reset = append(reset, toggle(n+1, true))
		pairs = append(pairs, toggle(n+1, false), toggle(n+1, true))
	}
	if err := load.Fetch(ctx, t, reset, func(load.Request, []byte) error { return nil }); err != nil {
		return fmt.Errorf("preparing %q: %w", Titles[Update], err)
	}
	if err := s.add(ctx, t, Update, pairs); err != nil {
		return err
	}
	s.Scenarios[Update] = Scenario{Name: Update, Order: load.Alternating, Requests: pairs, Reset: reset}
	return nil
}

func toggle(account int, on bool) load.Request {
	return load.Request{
		Method: http.MethodPut, Target: fmt.Sprintf("%s/%d/toggle", accounts, account),
		Body: fmt.Sprintf(`{"toggle": %t, "toggleField": "INFRASTRUCTURE_ADMIN_ACCESS"}`, on),
	}
}
