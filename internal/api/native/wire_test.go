package native

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func randomPerson(t *rapid.T) PersonSummary {
	s := apitest.Random[directory.PersonSummary](t)
	s.Checks = nil
	for _, check := range workforce.AllCheckTypes { // at most one of each, as the store has them
		if rapid.Bool().Draw(t, "has") {
			c := apitest.Random[workforce.Check](t)
			c.Type = check
			s.Checks = append(s.Checks, c)
		}
	}
	return toWirePerson(s, nil)
}

func randomAccount(t *rapid.T) AccountSummary {
	return toWireAccount(apitest.Random[directory.AccountSummary](t), nil)
}

func randomCounts[K comparable](t *rapid.T, keys []K) map[K]int64 {
	return rapid.MapOf(rapid.SampledFrom(keys), rapid.Int64Range(1, 1<<40)).Draw(t, "counts")
}

func randomPeopleFacets(t *rapid.T) *PeopleFacets {
	f := workforce.PersonnelFacets{
		Statuses: randomCounts(t, workforce.AllEmploymentStatuses),
		Checks:   map[workforce.CheckType]map[workforce.CheckStatus]int64{},
		Systems:  randomCounts(t, workforce.AllClientTypes()),
	}
	for check := range randomCounts(t, workforce.AllCheckTypes) {
		f.Checks[check] = randomCounts(t, workforce.AllCheckStatuses)
	}
	return toWirePeopleFacets(&f)
}

func randomAccountFacets(t *rapid.T) *AccountFacets {
	return toWireAccountFacets(&workforce.AccountFacets{
		Systems:     randomCounts(t, workforce.AllClientTypes()),
		Connections: randomCounts(t, []workforce.ConnectionID{1, 2, 30, 1 << 50}),
		MFA:         randomCounts(t, []string{"true", "false", "unknown"}),
		Owners:      randomCounts(t, []string{"person", "service", "nobody"}),
	})
}

// answers is one of each answer.
func answers(t *rapid.T) map[string]rest.Response {
	next := rapid.Ptr(rapid.String(), true).Draw(t, "cursor")
	people := PeoplePage{
		Data: []PersonSummary{randomPerson(t), randomPerson(t)}, Pagination: Pagination{next, rapid.Int64().Draw(t, "total")},
		Position: rapid.Int64().Draw(t, "position"),
	}
	accounts := AccountsPage{Data: []AccountSummary{randomAccount(t), randomAccount(t)}, Pagination: people.Pagination}
	if rapid.Bool().Draw(t, "facets") {
		people.Facets, accounts.Facets = randomPeopleFacets(t), randomAccountFacets(t)
	}
	out := complianceAnswers(t)
	maps.Copy(out, map[string]rest.Response{
		"people": people, "accounts": accounts,
		"nobody": PeoplePage{Data: []PersonSummary{}}, "nothing": AccountsPage{Data: []AccountSummary{}},
	})
	return out
}

func TestAppendJSONAgreesWithEncodingJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for name, answer := range answers(t) {
			if got, want := answer.AppendJSON(nil), apitest.Oracle(t, answer); !bytes.Equal(got, want) {
				t.Fatalf("%s:\n got %s\nwant %s", name, got, want)
			}
		}
	})
}

// Lists that are written as objects marshal themselves, so encoding/json has no
// opinion of its own on them: they are read back.
func TestKeyedLists(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := randomPerson(t)
		var checks map[workforce.CheckType]json.RawMessage
		decode(t, p.Checks.AppendJSON(nil), &checks)
		if len(checks) != len(p.Checks) {
			t.Fatalf("%d checks became %d", len(p.Checks), len(checks))
		}
		for _, c := range p.Checks {
			if want := apitest.Oracle(t, c); !bytes.Equal(checks[c.Type], want) {
				t.Fatalf("%s: got %s, want %s", c.Type, checks[c.Type], want)
			}
		}
		f := randomPeopleFacets(t)
		var statuses map[workforce.EmploymentStatus]int64
		decode(t, f.EmploymentStatuses.AppendJSON(nil), &statuses)
		for _, c := range f.EmploymentStatuses {
			if statuses[c.Value] != c.Count || c.Count == 0 {
				t.Fatalf("%s: got %d, want %d", c.Value, statuses[c.Value], c.Count)
			}
		}
		var outcomes map[workforce.CheckType]map[workforce.CheckStatus]int64
		decode(t, f.Checks.AppendJSON(nil), &outcomes)
		for _, c := range f.Checks {
			for _, n := range c.Counts {
				if outcomes[c.Type][n.Value] != n.Count {
					t.Fatalf("%s %s: got %d, want %d", c.Type, n.Value, outcomes[c.Type][n.Value], n.Count)
				}
			}
		}
	})
}

func decode(t *rapid.T, text []byte, into any) {
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// Of the members that are asked for, and of no others, the text is that of the
// whole record.
func TestFields(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, a := randomPerson(t), randomAccount(t)
		checkFields(t, personMembers, &p)
		checkFields(t, accountMembers, &a)
	})
}

func checkFields[R any](t *rapid.T, members []member[R], r *R) {
	whole := map[string]json.RawMessage{}
	decode(t, appendRecord(nil, members, nil, r), &whole)
	names := namesOf(members)
	if len(whole) != len(names) {
		t.Fatalf("%d members are written, %d are in the table", len(whole), len(names))
	}
	asked := rapid.SliceOfN(rapid.SampledFrom(names), 1, 4).Draw(t, "fields")
	shown := selected(members, asked)
	var some map[string]json.RawMessage
	decode(t, appendRecord(nil, members, shown, r), &some)
	columns := map[string]bool{}
	for _, c := range columnsOf(members, shown) {
		columns[c.name] = true
	}
	for i, name := range names {
		wanted := slices.Contains(asked, name) || members[i].always
		if got, there := some[name]; there != wanted || wanted && !bytes.Equal(got, whole[name]) {
			t.Fatalf("fields %v: %s is %s, of the whole %s", asked, name, got, whole[name])
		}
		for _, c := range members[i].columns {
			if columns[c.name] != wanted {
				t.Fatalf("fields %v: the column %s", asked, c.name)
			}
		}
	}
}

// Every fact of a record that JSON shows is in a column too, under a name of
// its own.
func TestColumns(t *testing.T) {
	t.Parallel()
	p := apitest.Full[directory.PersonSummary]()
	p.Checks = nil
	for _, check := range workforce.AllCheckTypes {
		c := apitest.Full[workforce.Check]()
		c.Type = check
		p.Checks = append(p.Checks, c)
	}
	person := toWirePerson(p, nil)
	account := toWireAccount(apitest.Full[directory.AccountSummary](), nil)
	checkColumnsOf(t, personMembers, &person)
	checkColumnsOf(t, accountMembers, &account)
}

func checkColumnsOf[R any](t *testing.T, members []member[R], r *R) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range members {
		if len(m.columns) == 0 {
			t.Errorf("%s has no column", m.name)
		}
		for _, c := range m.columns {
			if seen[c.name] || c.cell(r) == "" {
				t.Errorf("the column %s is there twice, or empty although all is known", c.name)
			}
			seen[c.name] = true
		}
	}
}
