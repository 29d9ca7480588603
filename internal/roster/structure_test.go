package roster_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/roster"
	"github.com/passmuster/passmuster/internal/workforce"
)

// A row keeps the sources of a person's devices in sixteen bits.
func TestDeviceSourcesFitARow(t *testing.T) {
	t.Parallel()
	if n := len(workforce.AllDeviceSources); n > 16 {
		t.Fatalf("%d sources do not fit the sixteen bits of a row", n)
	}
	r := roster.New()
	for i, s := range workforce.AllDeviceSources {
		p := workforce.ListedPerson{UserID: workforce.UserID(i + 1), PersonnelID: workforce.PersonnelID(i + 1)}
		p.Devices.Sources = p.Devices.Sources.With(s)
		r.Apply(workforce.Listed{People: []workforce.ListedPerson{p}})
	}
	for i, s := range workforce.AllDeviceSources {
		ids, _, err := r.Personnel(t.Context(), workforce.PersonnelQuery{DeviceSource: &s, Sort: "NAME", Page: everything})
		if err != nil || !slices.Equal(ids, []workforce.PersonnelID{workforce.PersonnelID(i + 1)}) {
			t.Errorf("with %s: %v, %v", s, ids, err)
		}
	}
}

// Check statuses and employment statuses are sorted as numbers below 32.
func TestStatusesAreNarrow(t *testing.T) {
	t.Parallel()
	if len(workforce.AllEmploymentStatuses) > 31 || len(workforce.CheckStatusSortOrder) > 7 {
		t.Error("the numbers of statuses are too great to be sorted as few")
	}
}

// Who is known as the owner of an account only has no place among users.
func TestOwnersOfAccountsOnlyHaveNoPosition(t *testing.T) {
	t.Parallel()
	r := roster.New()
	r.Apply(workforce.Listed{
		People:   []workforce.ListedPerson{{UserID: 1, CreatedAt: 5, UpdatedAt: 6}},
		Accounts: []workforce.ListedAccount{{Kind: workforce.Infrastructure, ID: 1, UserID: 2}},
	})
	if at, ok := r.UserPosition(2, workforce.SortCreatedAt); ok {
		t.Errorf("an owner of an account is at %+v", at)
	}
	for sort, want := range map[workforce.UserSort]int64{workforce.SortCreatedAt: 5, workforce.SortUpdatedAt: 6} {
		if at, ok := r.UserPosition(1, sort); !ok || at.At.UnixMilli() != want || at.ID != 1 {
			t.Errorf("by %s: %+v, %v, want %d", sort, at, ok, want)
		}
	}
}

// Orders by a text outlive changes; those in the other direction, by a check and
// by the users of accounts are made from them afterwards.
func TestOrdersAreMadeFromChangedOnes(t *testing.T) {
	t.Parallel()
	d := rand.New(rand.NewPCG(31, 32))
	all := crowd(d, 1400)
	c, r := newCompany(), roster.New()
	c.apply(all)
	r.Replace(all)
	sorts := []workforce.PersonnelSort{"NAME", "OS_VERSION", "SERIAL_NUM"}
	for _, sort := range sorts {
		c.checkPersonnel(t, r, workforce.PersonnelQuery{Sort: sort, Page: everything})
	}
	for round := range 5 {
		for range 60 {
			p := all.People[d.IntN(len(all.People))]
			blur(d, &p)
			p.PersonnelID, p.HiredAt = 100_000-workforce.PersonnelID(p.UserID), int64(p.UserID)%100
			some := workforce.Listed{People: []workforce.ListedPerson{p}}
			c.apply(some)
			r.Apply(some)
		}
		since := int64(round) % 3 // so that each round's questions are new
		for _, sort := range append(sorts, "FULL_COMPLIANCE") {
			for _, dir := range workforce.AllSortDirs {
				c.checkPersonnel(t, r, workforce.PersonnelQuery{Sort: sort, Dir: dir, ChangedSince: since, Page: everything, NotDeviceSources: workforce.AllDeviceSources[round : round+1]})
				c.checkAccounts(t, r, workforce.AccountQuery{Kind: workforce.Infrastructure, Sort: "USER", Dir: dir, ChangedSince: int64(round), Page: everything})
			}
		}
	}
}

// Whoever follows the changes gets each, however many there were and in whatever
// order of their positions.
func TestChangesSince(t *testing.T) {
	t.Parallel()
	d := rand.New(rand.NewPCG(41, 42))
	all := bigCompany(12_000)
	for i := range all.People {
		all.People[i].ChangedAt = int64(i / 2)
	}
	c, r := newCompany(), roster.New()
	c.apply(all)
	r.Replace(all)
	for position := int64(6000); position < 6040; position++ {
		p := all.People[d.IntN(len(all.People))]
		p.ChangedAt = position - int64(d.IntN(3))
		some := workforce.Listed{People: []workforce.ListedPerson{p}}
		c.apply(some)
		r.Apply(some)
		for _, since := range []int64{position - 1, position - 5, 5990, position} {
			ids, total, err := r.Personnel(t.Context(), workforce.PersonnelQuery{Sort: workforce.SortCreated, ChangedSince: since, Page: everything})
			var want int64
			for _, p := range c.people {
				want += b2i(p.ChangedAt > since)
			}
			if err != nil || total != want || int64(len(ids)) != want {
				t.Fatalf("since %d at %d: %d, want %d, %v", since, position, total, want, err)
			}
		}
	}
	for _, since := range []int64{1, 2000, 3900, 4000, 5999} {
		c.checkPersonnel(t, r, workforce.PersonnelQuery{Sort: workforce.SortCreated, ChangedSince: since, Page: workforce.Page{Number: 3, Limit: 20}})
	}
}

// Texts are found across the edges that they are kept in pieces by: the domains
// of addresses, few or more than are kept once.
func TestSearchesAcrossPieces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.StringOfN(rapid.RuneFrom([]rune("ab@.")), 0, 5, -1)
		var all workforce.Listed
		for id := range rapid.IntRange(1, 30).Draw(t, "people") {
			p := workforce.ListedPerson{
				UserID: workforce.UserID(id + 1), PersonnelID: workforce.PersonnelID(id + 1),
				NameKey: pieces.Draw(t, "name"), FirstKey: pieces.Draw(t, "first"), LastKey: pieces.Draw(t, "last"),
			}
			p.EmailKey = rapid.SampledFrom([]string{"", "a", "b@a", "ab@ab", "@", "b@"}).Draw(t, "local") + pieces.Draw(t, "e-mail")
			all.People = append(all.People, p)
			all.Accounts = append(all.Accounts, workforce.ListedAccount{
				Kind: workforce.Infrastructure, ID: workforce.AccountID(id + 1), EmailKey: p.EmailKey, UsernameKey: p.FirstKey, IdentityKey: p.LastKey,
			})
		}
		c, searching := newCompany(), roster.NewSearching(rapid.IntRange(1, 20).Draw(t, "from"), rapid.IntRange(1, 5).Draw(t, "most"))
		for i := range all.People { // one after the other, with questions between
			some := workforce.Listed{People: all.People[i : i+1], Accounts: all.Accounts[i : i+1]}
			c.apply(some)
			searching.Apply(some)
			if text := pieces.Draw(t, "text"); i%3 == 0 {
				c.checkPersonnel(t, searching, workforce.PersonnelQuery{Text: text, Sort: "NAME", Page: everything})
				c.checkAccounts(t, searching, workforce.AccountQuery{Kind: workforce.Infrastructure, Text: text, Sort: "EMAIL", Page: everything})
			}
		}
		for _, text := range rapid.SliceOfN(pieces, 8, 8).Draw(t, "texts") {
			c.checkPersonnel(t, searching, workforce.PersonnelQuery{Text: text, Sort: workforce.SortCreated, Page: everything})
		}
	})
}

// Words that many names share are found by the words that the text is in, also
// when names have changed since and when the text is found elsewhere.
func TestSearchesByWords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"", "ann", "mann", "hanna mann", " anna  berg", "bergmann", "lone", "mann-anna", "ann berg"})
		draw := func(id int) workforce.ListedPerson {
			local := rapid.SampledFrom([]string{"", "x", "annab", "bergmannx"}).Draw(t, "local")
			return workforce.ListedPerson{
				UserID: workforce.UserID(id), PersonnelID: workforce.PersonnelID(id * rapid.IntRange(0, 3).Draw(t, "hired")),
				NameKey: name.Draw(t, "name"), FirstKey: name.Draw(t, "first"), EmailKey: local + "@mannix.example",
			}
		}
		var all workforce.Listed
		for id := range rapid.IntRange(1, 60).Draw(t, "people") {
			all.People = append(all.People, draw(id*4+1))
		}
		c, searching := newCompany(), roster.NewSearching(1, rapid.IntRange(1, 9).Draw(t, "most"))
		c.apply(all)
		searching.Apply(all)
		texts := []string{"mann", "anna", "berg", "ergm", "gman", "lone", "a ma", "mann ", "nann", "manni", "bergmann"}
		for range 3 {
			for _, text := range texts {
				for _, dir := range workforce.AllSortDirs {
					c.checkPersonnel(t, searching, workforce.PersonnelQuery{Text: text, Sort: "NAME", Dir: dir, Page: everything})
				}
			}
			changed := draw(4*rapid.IntRange(0, 60).Draw(t, "changed") + 1)
			changed.PersonnelID = workforce.PersonnelID(changed.UserID)
			some := workforce.Listed{People: []workforce.ListedPerson{changed}}
			c.apply(some)
			searching.Apply(some)
		}
	})
}

// More domains and systems than are kept once are kept all the same, and so are
// numbers that are greater than numbers usually are.
func TestWhatIsUnusual(t *testing.T) {
	t.Parallel()
	c, r := newCompany(), roster.New()
	var all workforce.Listed
	for i := range 5000 {
		id := int64(i + 1)
		if i%3 == 0 {
			id += 1 << 33
		}
		p := workforce.ListedPerson{
			UserID: workforce.UserID(id), PersonnelID: workforce.PersonnelID(id), NameKey: fmt.Sprintf("n%d", i%7),
			EmailKey: fmt.Sprintf("x@d%d.example", i), CreatedAt: int64(i) << 34, UpdatedAt: 7, HiredAt: int64(i-2500) << 40,
			Devices: workforce.ListedDevices{OSVersionKey: fmt.Sprintf("system %d", i*7919%5003), AppsCount: int64(i) << 22}, ChangedAt: int64(i) << 24,
		}
		all.People = append(all.People, p)
	}
	c.apply(all)
	r.Replace(all)
	for _, q := range []workforce.PersonnelQuery{
		{Sort: "OS_VERSION", Dir: workforce.Descending},
		{Sort: "APPS_COUNT"},
		{Sort: workforce.SortCreated},
		{Sort: "NAME", Text: "@d4999."},
		{Sort: "NAME", Text: "example"},
		{Sort: "NAME", Email: "x@d4998.example"},
		{Sort: "NAME", ChangedSince: 900 << 24},
	} {
		q.Page = workforce.Page{Number: 2, Limit: 100}
		c.checkPersonnel(t, r, q)
	}
	c.checkUsers(t, r, workforce.UserQuery{Sort: workforce.SortCreatedAt, Dir: workforce.Descending, Limit: 100})
	c.checkLookups(t, r)
}

// A settled roster answers as it did.
func TestSettle(t *testing.T) {
	t.Parallel()
	all := crowd(rand.New(rand.NewPCG(51, 52)), 1400)
	c, r := newCompany(), roster.NewSearching(1, 20)
	c.apply(all)
	for people := range slices.Chunk(all.People, 100) {
		r.Apply(workforce.Listed{People: people})
	}
	r.Apply(workforce.Listed{Accounts: all.Accounts, Connections: all.Connections, GroupIDs: all.GroupIDs})
	r.Settle()
	for _, q := range personnelFilters() {
		q.Sort, q.Page = "NAME", everything
		c.checkPersonnel(t, r, q)
	}
	c.checkLookups(t, r)
}
