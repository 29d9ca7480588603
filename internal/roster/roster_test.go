package roster_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/roster"
	"github.com/passmuster/passmuster/internal/workforce"
)

// machine applies random changes and asks random questions; the plain company
// beside it knows the answers.
type machine struct {
	r *roster.Roster
	c *company
	// queries that were asked before: they are asked again after changes
	personnel []workforce.PersonnelQuery
	accounts  []workforce.AccountQuery
	users     []workforce.UserQuery
}

func (m *machine) apply(t *rapid.T, people, accounts int) {
	in := drawListed(t, people, accounts)
	m.c.apply(in)
	m.r.Apply(in)
}

func (m *machine) Replace(t *rapid.T) {
	if one(t, 8, "restart?") {
		m.r.Replace(m.c.all())
	}
}

func (m *machine) ApplyFew(t *rapid.T)  { m.apply(t, 2, 2) }
func (m *machine) ApplyMany(t *rapid.T) { m.apply(t, 60, 60) }

func (m *machine) SetChanged(t *rapid.T) {
	people := rapid.MapOfN(rapid.Map(rapid.Int64Range(1, 41), func(n int64) workforce.UserID { return workforce.UserID(n) }),
		rapid.Int64Range(1, 12), 0, 3).Draw(t, "people")
	accounts := rapid.MapOfN(rapid.Map(rapid.Int64Range(1, 41), func(n int64) workforce.AccountID { return workforce.AccountID(n) }),
		rapid.Int64Range(1, 12), 0, 3).Draw(t, "accounts")
	kind := rapid.SampledFrom(workforce.AllAccountKinds).Draw(t, "kind")
	for id, seq := range people {
		if p, ok := m.c.people[id]; ok {
			p.ChangedAt = max(p.ChangedAt, seq)
			m.c.people[id] = p
		}
	}
	for id, seq := range accounts {
		if a, ok := m.c.accounts[kind][id]; ok {
			a.ChangedAt = max(a.ChangedAt, seq)
			m.c.accounts[kind][id] = a
		}
	}
	m.r.SetChanged(people, map[workforce.AccountKind]map[workforce.AccountID]int64{kind: accounts})
}

func again[Q any](t *rapid.T, asked *[]Q, draw func(*rapid.T) Q) Q {
	if len(*asked) > 0 && rapid.Bool().Draw(t, "again?") {
		return rapid.SampledFrom(*asked).Draw(t, "which")
	}
	q := draw(t)
	*asked = append(*asked, q)
	return q
}

func (m *machine) Personnel(t *rapid.T) {
	q := again(t, &m.personnel, drawPersonnel)
	m.c.checkPersonnel(t, m.r, q)
	if one(t, 3, "facets?") {
		m.c.checkPersonnelFacets(t, m.r, q)
	}
	if one(t, 3, "walk?") {
		m.c.walkPersonnel(t, m.r, q)
	}
}

func (m *machine) Accounts(t *rapid.T) {
	q := again(t, &m.accounts, drawAccounts)
	m.c.checkAccounts(t, m.r, q)
	if one(t, 3, "facets?") {
		m.c.checkAccountFacets(t, m.r, q)
	}
	if one(t, 3, "walk?") {
		m.c.walkAccounts(t, m.r, q)
	}
}

func (m *machine) Users(t *rapid.T) { m.c.checkUsers(t, m.r, again(t, &m.users, drawUsers)) }

// Check asks all that was asked before, and looks up everybody.
func (m *machine) Check(t *rapid.T) {
	for _, q := range m.personnel {
		m.c.checkPersonnel(t, m.r, q)
	}
	for _, q := range m.accounts {
		m.c.checkAccounts(t, m.r, q)
	}
	for _, q := range m.users {
		m.c.checkUsers(t, m.r, q)
	}
	m.c.checkLookups(t, m.r)
}

func TestRosterAnswersAsAPlainFilterAndSort(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{r: roster.New(), c: newCompany()}
		if rapid.Bool().Draw(t, "searching?") {
			m.r = roster.NewSearching(rapid.IntRange(0, 20).Draw(t, "from"), rapid.IntRange(1, 10).Draw(t, "most"))
		}
		first := workforce.Listed{}
		for id := range workforce.ConnectionID(connections) {
			first.Connections = append(first.Connections, drawConnection(t, id+1))
		}
		m.c.apply(first)
		m.r.Apply(first)
		t.Repeat(rapid.StateMachineActions(m))
	})
}

func (c *company) checkLookups(t tester, r *roster.Roster) {
	t.Helper()
	emails := map[string]workforce.UserID{}
	for id, p := range c.people {
		if got, ok := r.PersonnelOfUser(id); got != p.PersonnelID || ok != (p.PersonnelID != 0) {
			t.Fatalf("personnel of user %d: %d, %v", id, got, ok)
		}
		if got, ok := r.UserOfPersonnel(p.PersonnelID); p.PersonnelID != 0 && (got != id || !ok) {
			t.Fatalf("user of personnel %d: %d, %v", p.PersonnelID, got, ok)
		}
		if old := emails[p.EmailKey]; old == 0 || id < old {
			emails[p.EmailKey] = id
		}
	}
	delete(emails, "")
	for _, email := range []string{"", "nobody@example.com", "person1@example.com", "person2@example.com", "1@ann"} {
		if _, ok := emails[email]; !ok {
			if got, ok := r.UserByEmail(email); ok {
				t.Fatalf("user %d by %q", got, email)
			}
		}
	}
	for email, id := range emails {
		if got, ok := r.UserByEmail(email); got != id || !ok {
			t.Fatalf("user by %q: %d, %v, want %d", email, got, ok, id)
		}
	}
	for kind, accounts := range c.accounts {
		owned := map[workforce.UserID][]workforce.AccountID{}
		for _, id := range slices.Sorted(maps.Keys(accounts)) {
			if user := accounts[id].UserID; user != 0 {
				owned[user] = append(owned[user], id)
			}
		}
		for user := range workforce.UserID(50) {
			if got := r.AccountsOf(kind, user); !slices.Equal(got, owned[user]) {
				t.Fatalf("%s accounts of %d: %v, want %v", kind, user, got, owned[user])
			}
		}
	}
	people, infrastructure, versionControl := r.Len()
	if people != len(c.people) || infrastructure != len(c.accounts[workforce.Infrastructure]) ||
		versionControl != len(c.accounts[workforce.VersionControl]) {
		t.Fatalf("Len: %d, %d, %d", people, infrastructure, versionControl)
	}
	var unknown []workforce.GroupID
	ids := []workforce.GroupID{6, 1, 2, 3, 4, 5, 6}
	for _, id := range ids {
		if !c.groups[id] {
			unknown = append(unknown, id)
		}
	}
	if got := r.UnknownGroups(ids); !slices.Equal(got, unknown) {
		t.Fatalf("unknown groups: %v, want %v", got, unknown)
	}
}

func count[K comparable](counts map[K]int64, k K) { counts[k]++ }

func (c *company) checkPersonnelFacets(t tester, r *roster.Roster, q workforce.PersonnelQuery) {
	t.Helper()
	want := workforce.PersonnelFacets{
		Statuses: map[workforce.EmploymentStatus]int64{}, Checks: map[workforce.CheckType]map[workforce.CheckStatus]int64{},
		Systems: map[workforce.ClientType]int64{},
	}
	for _, p := range c.personnel(q) {
		count(want.Statuses, p.Status)
		for _, check := range workforce.AllCheckTypes {
			if rank := p.Checks.Rank(check); rank > 0 {
				if want.Checks[check] == nil {
					want.Checks[check] = map[workforce.CheckStatus]int64{}
				}
				count(want.Checks[check], workforce.CheckStatusSortOrder[rank-1])
			}
		}
		systems := map[workforce.ClientType]bool{}
		for _, accounts := range c.accounts {
			for _, a := range accounts {
				if a.UserID == p.UserID && a.ConnectedAt != workforce.NoTime && a.DisconnectedAt == workforce.NoTime {
					systems[c.connections[a.ConnectionID].ClientType] = true
				}
			}
		}
		for system := range systems {
			count(want.Systems, system)
		}
	}
	if got, err := r.PersonnelFacets(t.Context(), q); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("facets: %v\ngot  %+v\nwant %+v\nof %+v", err, got, want, q)
	}
}

func (c *company) checkAccountFacets(t tester, r *roster.Roster, q workforce.AccountQuery) {
	t.Helper()
	want := workforce.AccountFacets{
		Systems: map[workforce.ClientType]int64{}, Connections: map[workforce.ConnectionID]int64{},
		MFA: map[string]int64{}, Owners: map[string]int64{},
	}
	for _, a := range c.list(q) {
		count(want.Systems, c.connections[a.ConnectionID].ClientType)
		count(want.Connections, a.ConnectionID)
		switch {
		case a.HasMFA == nil:
			count(want.MFA, "unknown")
		case *a.HasMFA:
			count(want.MFA, "true")
		default:
			count(want.MFA, "false")
		}
		switch {
		case a.ServiceAccountAt != workforce.NoTime:
			count(want.Owners, "service")
		case a.UserID != 0:
			count(want.Owners, "person")
		default:
			count(want.Owners, "nobody")
		}
	}
	if got, err := r.AccountFacets(t.Context(), q); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("facets: %v\ngot  %+v\nwant %+v\nof %+v", err, got, want, q)
	}
}

// walk follows positions to the end: together the pages are the whole list.
func walk[ID comparable](
	t tester, q any, want []ID,
	page func(after *workforce.ListPosition) ([]ID, int64, *workforce.ListPosition, error),
) {
	t.Helper()
	var got []ID
	for after := (*workforce.ListPosition)(nil); ; {
		ids, total, next, err := page(after)
		if err != nil || total != int64(len(want)) {
			t.Fatalf("walk: %d in all, want %d, %v\nof %+v", total, len(want), err, q)
		}
		got = append(got, ids...)
		if next == nil {
			break
		}
		if next.Offset != int64(len(got)) {
			t.Fatalf("walk: %d read, but the place says %d", len(got), next.Offset)
		}
		after = next
	}
	if !slices.Equal(got, want) {
		t.Fatalf("walk:\ngot  %v\nwant %v\nof %+v", got, want, q)
	}
}

var everything = workforce.Page{Number: 1, Limit: 1 << 40}

func (c *company) walkPersonnel(t tester, r *roster.Roster, q workforce.PersonnelQuery) {
	t.Helper()
	walk(t, q, cut(c.personnel(q), everything, personnelID),
		func(after *workforce.ListPosition) ([]workforce.PersonnelID, int64, *workforce.ListPosition, error) {
			return r.PersonnelAfter(t.Context(), q, after, 3)
		})
}

func (c *company) walkAccounts(t tester, r *roster.Roster, q workforce.AccountQuery) {
	t.Helper()
	walk(t, q, cut(c.list(q), everything, accountID),
		func(after *workforce.ListPosition) ([]workforce.AccountID, int64, *workforce.ListPosition, error) {
			return r.AccountsAfter(t.Context(), q, after, 3)
		})
}
