package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"

	"github.com/passmuster/passmuster/bench/report"
	"github.com/passmuster/passmuster/internal/roster"
	"github.com/passmuster/passmuster/internal/workforce"
)

const pageLength = 20

// asked is a list to ask for, with the page left out.
type asked struct {
	name string
	page func(context.Context, *roster.Roster, int64) (total int64, err error)
}

// queries is every filter with every sort, of people and of both kinds of
// account. Directions take turns, so that each occurs with each filter and with
// each sort.
func queries(c *company) []asked {
	var all []asked
	for i, filter := range personnelFilters(c) {
		for j, sort := range append([]workforce.PersonnelSort{workforce.SortCreated}, workforce.AllPersonnelSorts...) {
			q := filter.query
			q.Sort, q.Dir = sort, workforce.AllSortDirs[(i+j)%2]
			all = append(all, personnel(fmt.Sprintf("people, %s, by %s %s", filter.name, q.Sort, q.Dir), q))
		}
	}
	for _, kind := range workforce.AllAccountKinds {
		sorts := workforce.AllInfrastructureSorts
		if kind == workforce.VersionControl {
			sorts = workforce.AllVersionControlSorts
		}
		for i, filter := range accountFilters(c, kind) {
			for j, sort := range append([]workforce.AccountSort{workforce.SortCreated}, sorts...) {
				q := filter.query
				q.Kind, q.Sort, q.Dir = kind, sort, workforce.AllSortDirs[(i+j)%2]
				all = append(all, accounts(fmt.Sprintf("%s, %s, by %s %s", kind, filter.name, q.Sort, q.Dir), q))
			}
		}
	}
	return all
}

func personnel(name string, q workforce.PersonnelQuery) asked {
	return asked{name, func(ctx context.Context, r *roster.Roster, page int64) (int64, error) {
		q := q
		q.Page = workforce.Page{Number: page, Limit: pageLength}
		_, total, err := r.Personnel(ctx, q)
		return total, err
	}}
}

func accounts(name string, q workforce.AccountQuery) asked {
	return asked{name, func(ctx context.Context, r *roster.Roster, page int64) (int64, error) {
		q := q
		q.Page = workforce.Page{Number: page, Limit: pageLength}
		_, total, err := r.Accounts(ctx, q)
		return total, err
	}}
}

// personnelFilter is a filter with its name.
type personnelFilter struct {
	name  string
	query workforce.PersonnelQuery
}

// personnelFilters is each filter alone, and several at once.
func personnelFilters(c *company) []personnelFilter {
	yes, no := true, false
	source := workforce.AllDeviceSources[0]
	current := []workforce.EmploymentStatus{workforce.CurrentEmployee, workforce.CurrentContractor}
	all := []personnelFilter{
		{"no filter", workforce.PersonnelQuery{}},
		{"a letter", workforce.PersonnelQuery{Text: "a"}},
		{"a word", workforce.PersonnelQuery{Text: c.last[len(c.last)/3]}},
		{"an address", workforce.PersonnelQuery{Email: "nobody@example.com"}},
		{"current", workforce.PersonnelQuery{StatusFiltered: true, EmploymentStatus: current}},
		{"one status", workforce.PersonnelQuery{StatusFiltered: true, EmploymentStatus: current[1:]}},
		{"no status", workforce.PersonnelQuery{StatusFiltered: true}},
		{"devices pass", workforce.PersonnelQuery{DeviceCompliance: &yes}},
		{"devices fail", workforce.PersonnelQuery{DeviceCompliance: &no}},
		{"groups", workforce.PersonnelQuery{GroupIDs: []workforce.GroupID{3, 4, 30}}},
		{"a source", workforce.PersonnelQuery{DeviceSource: &source}},
		{"not a source", workforce.PersonnelQuery{NotDeviceSources: workforce.AllDeviceSources[:2]}},
		{"changed since", workforce.PersonnelQuery{ChangedSince: int64(c.people / 2)}},
		{"many filters", workforce.PersonnelQuery{
			Text: "e", StatusFiltered: true, EmploymentStatus: current, DeviceCompliance: &yes, NotDeviceSources: workforce.AllDeviceSources[:1],
			GroupIDs: []workforce.GroupID{1, 2, 3, 5, 8, 13}, ChangedSince: 1,
			Checks: []workforce.CheckFilter{{Type: workforce.CheckIdentityMFA, Compliant: true}, {Type: workforce.CheckBackground, Compliant: false}},
		}},
	}
	for i, t := range workforce.AllCheckTypes {
		check := workforce.CheckFilter{Type: t, Compliant: i%2 == 0}
		all = append(all, personnelFilter{fmt.Sprintf("%s %t", t, check.Compliant), workforce.PersonnelQuery{Checks: []workforce.CheckFilter{check}}})
	}
	return all
}

// accountFilter is a filter with its name.
type accountFilter struct {
	name  string
	query workforce.AccountQuery
}

func accountFilters(c *company, kind workforce.AccountKind) []accountFilter {
	client := kind.ClientTypes()[0]
	connection, user := workforce.ConnectionID(1), workforce.UserID(c.people/2)
	if kind == workforce.VersionControl {
		connection += connections / 2
	}
	return []accountFilter{
		{"no filter", workforce.AccountQuery{}},
		{"a letter", workforce.AccountQuery{Text: "a"}},
		{"a word", workforce.AccountQuery{Text: c.last[len(c.last)/3]}},
		{"a system", workforce.AccountQuery{ClientType: &client}},
		{"a connection", workforce.AccountQuery{ConnectionID: &connection}},
		{"a person's", workforce.AccountQuery{UserID: &user}},
		{"changed since", workforce.AccountQuery{ChangedSince: int64(c.people / 2)}},
	}
}

// passes is how often all queries are asked, one after the other: what disturbs
// the machine for a while then falls upon a query once, and the median of its
// passes is without it.
const passes = 3

// timeQueries asks each query once, and then again at four depths, and does so
// several times.
func timeQueries(ctx context.Context, r *roster.Roster, c *company) ([]report.Timing, error) {
	all := queries(c)
	var first []sample
	each := make([][passes]float64, len(all)*len(depths))
	for pass := range passes {
		for i, q := range all {
			var total int64
			took, err := once(func() (err error) {
				total, err = q.page(ctx, r, 1)
				return err
			})
			if err != nil {
				return nil, fmt.Errorf("%s: %w", q.name, err)
			}
			if pass == 0 {
				first = append(first, sample{q.name, took})
			}
			runtime.GC() // what making the list has left is not the work of repeating it
			last := max((total+pageLength-1)/pageLength, 1)
			for j, page := range [len(depths)]int64{1, (last + 1) / 2, last, 2_000_000} {
				took, err := again(func() error { _, err := q.page(ctx, r, page); return err })
				if err != nil {
					return nil, fmt.Errorf("%s: %w", q.name, err)
				}
				each[i*len(depths)+j][pass] = took
			}
		}
	}
	var repeated []sample
	for i, took := range each {
		slices.Sort(took[:])
		repeated = append(repeated, sample{all[i/len(depths)].name + ", " + depths[i%len(depths)], took[passes/2]})
	}
	return []report.Timing{timing(report.Repeated, repeated, true), timing(report.FirstTime, first, false)}, nil
}

// depths are the pages that a query is repeated for.
var depths = [...]string{"page 1", "the middle", "the end", "beyond"}

const (
	searches      = 300
	shortSearches = 30
)

// timeSearches asks for terms that nobody has asked for before: pieces of names,
// some of them not quite.
func timeSearches(ctx context.Context, r *roster.Roster, c *company) ([]report.Timing, error) {
	dice := rand.New(rand.NewPCG(uint64(c.people), 3)) //nolint:gosec // figures must be repeatable, not secret
	seen := map[string]bool{"a": true}
	var long, short []sample
	for len(long) < searches || len(short) < shortSearches {
		name := pick(dice, c.first) + " " + pick(dice, c.last)
		n := 3 + dice.IntN(6)
		if len(long) >= searches {
			n = 1 + dice.IntN(2)
		}
		n = min(n, len(name))
		from := dice.IntN(len(name) - n + 1)
		term := name[from : from+n]
		if len(long) < searches && dice.IntN(20) == 0 {
			term += "zz" // nobody's
		}
		if seen[term] {
			continue
		}
		seen[term] = true
		q := personnel(term, workforce.PersonnelQuery{Text: term, Sort: "NAME", Dir: workforce.Ascending})
		took, err := once(func() error { _, err := q.page(ctx, r, 1); return err })
		if err != nil {
			return nil, err
		}
		if len(term) > 2 {
			long = append(long, sample{term, took})
		} else {
			short = append(short, sample{term, took})
		}
	}
	return []report.Timing{timing(report.FirstSearch, long, false), timing(report.ShortSearch, short, false)}, nil
}

// timeFacets counts what every filter selects.
func timeFacets(ctx context.Context, r *roster.Roster, c *company) ([]report.Timing, error) {
	var all []sample
	for _, filter := range personnelFilters(c) {
		q := filter.query
		q.Sort, q.Dir = "NAME", workforce.Ascending
		took, err := once(func() error { _, err := r.PersonnelFacets(ctx, q); return err })
		if err != nil {
			return nil, fmt.Errorf("facets, %s: %w", filter.name, err)
		}
		all = append(all, sample{"people, " + filter.name, took})
	}
	for _, kind := range workforce.AllAccountKinds {
		for _, filter := range accountFilters(c, kind) {
			q := filter.query
			q.Kind, q.Sort, q.Dir = kind, workforce.SortCreated, workforce.Ascending
			took, err := once(func() error { _, err := r.AccountFacets(ctx, q); return err })
			if err != nil {
				return nil, fmt.Errorf("facets, %s: %w", filter.name, err)
			}
			all = append(all, sample{string(kind) + ", " + filter.name, took})
		}
	}
	return []report.Timing{timing(report.FacetsTimed, all, false)}, nil
}

const changes = 200

// timeApply changes one person after the other, while as many results are kept
// as the queries before have left.
func timeApply(_ context.Context, r *roster.Roster, c *company) ([]report.Timing, error) {
	var all []sample
	for i := range changes {
		person := c.person(1 + c.dice.IntN(c.people))
		person.ChangedAt = int64(c.people + i)
		took, err := once(func() error {
			r.Apply(workforce.Listed{People: []workforce.ListedPerson{person}})
			return nil
		})
		if err != nil {
			return nil, err
		}
		all = append(all, sample{fmt.Sprintf("person %d", person.UserID), took})
	}
	return []report.Timing{timing(report.ApplyTimed, all, false)}, nil
}
