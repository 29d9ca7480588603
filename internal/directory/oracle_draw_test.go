package directory

import (
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// filter is one way to narrow a list, with values by chance.
type filter[Q any] struct {
	name string
	draw func(w *walk, q *Q)
}

// needles are folded texts to look for: parts of names, pieces of patterns, and
// what nobody is called.
var needles = []string{
	"a", "é", "z", "strasse", "ss", "o'b", "%", "_", `\`, " ", "a b", "郎", "ω", "ώ", "person.1", "@example", "nobody", "i̇s", "🙂", `"`, "ebr", "zebra 1",
}

// prefixes are folded texts that names begin with, and some that none does.
var prefixes = []string{"a", "é", "e", "z", "strasse", "s", "o'b", "%", "_", `under\_`, "ab", "a ", "100%", "山", "ω", "ώ", "i̇s", "🙂", `"`, "nobody"}

func oneOf[T any](w *walk, values []T) T { return values[w.rng.IntN(len(values))] }

// many gives from least to most of the values, with repeats.
func many[T any](w *walk, values []T, least, most int) []T {
	out := make([]T, least+w.rng.IntN(most-least+1))
	for i := range out {
		out[i] = oneOf(w, values)
	}
	return out
}

func checksOf(w *walk, compliant bool) []workforce.CheckFilter {
	out := []workforce.CheckFilter{{Type: oneOf(w, workforce.AllCheckTypes), Compliant: compliant}}
	if w.rng.IntN(3) == 0 {
		out = append(out, workforce.CheckFilter{Type: oneOf(w, workforce.AllCheckTypes), Compliant: w.rng.IntN(2) == 0})
	}
	return out
}

// position draws one that has been, mostly a recent one, or the newest.
func (w *walk) position() int64 {
	back := w.rng.Int64N(w.known.position)
	if w.rng.IntN(3) > 0 {
		back = w.rng.Int64N(min(w.known.position, 60))
	}
	return w.known.position - back
}

func (w *walk) page() workforce.Page {
	return workforce.Page{
		Number: oneOf(w, []int64{1, 1, 1, 2, 3, 5, 1 << 60}), Limit: oneOf(w, []int64{1, 3, 7, 20, 50, 1 << 40, 1 << 40}),
	}
}

var personnelFilters = []filter[workforce.PersonnelQuery]{
	{"text", func(w *walk, q *workforce.PersonnelQuery) { q.Text = oneOf(w, needles) }},
	{"email", func(w *walk, q *workforce.PersonnelQuery) { q.Email = w.email() }},
	{"status", func(w *walk, q *workforce.PersonnelQuery) {
		q.StatusFiltered, q.EmploymentStatus = true, many(w, workforce.AllEmploymentStatuses, 0, 5)
	}},
	{"check met", func(w *walk, q *workforce.PersonnelQuery) { q.Checks = checksOf(w, true) }},
	{"check not met", func(w *walk, q *workforce.PersonnelQuery) { q.Checks = checksOf(w, false) }},
	{"devices compliant", func(_ *walk, q *workforce.PersonnelQuery) { q.DeviceCompliance = workforce.Ptr(true) }},
	{"devices not compliant", func(_ *walk, q *workforce.PersonnelQuery) { q.DeviceCompliance = workforce.Ptr(false) }},
	{"groups", func(w *walk, q *workforce.PersonnelQuery) {
		for range 1 + w.rng.IntN(3) {
			q.GroupIDs = append(q.GroupIDs, workforce.GroupID(1+w.rng.IntN(w.known.groups+1)))
		}
	}},
	{"device source", func(w *walk, q *workforce.PersonnelQuery) {
		q.DeviceSource = workforce.Ptr(oneOf(w, workforce.AllDeviceSources[:5]))
	}},
	{"not device sources", func(w *walk, q *workforce.PersonnelQuery) {
		q.NotDeviceSources = many(w, workforce.AllDeviceSources[:5], 1, 3)
	}},
	{"since", func(w *walk, q *workforce.PersonnelQuery) { q.ChangedSince = w.position() }},
}

var accountFilters = []filter[workforce.AccountQuery]{
	{"text", func(w *walk, q *workforce.AccountQuery) { q.Text = oneOf(w, needles) }},
	{"client type", func(w *walk, q *workforce.AccountQuery) { q.ClientType = workforce.Ptr(oneOf(w, askedSystems)) }},
	{"connection", func(w *walk, q *workforce.AccountQuery) {
		q.ConnectionID = workforce.Ptr(workforce.ConnectionID(1 + w.rng.IntN(w.known.connections+1)))
	}},
	{"user", func(w *walk, q *workforce.AccountQuery) {
		q.UserID = workforce.Ptr(oneOf(w, w.known.owners))
		if w.rng.IntN(3) == 0 {
			q.UserID = workforce.Ptr(w.someUser())
		}
	}},
	{"since", func(w *walk, q *workforce.AccountQuery) { q.ChangedSince = w.position() }},
}

var userFilters = []filter[workforce.UserQuery]{
	{"first name", func(w *walk, q *workforce.UserQuery) { q.FirstName = oneOf(w, prefixes) }},
	{"last name", func(w *walk, q *workforce.UserQuery) { q.LastName = oneOf(w, prefixes) }},
	{afterUser, func(w *walk, q *workforce.UserQuery) {
		q.After = &workforce.UserPosition{At: w.instant(), ID: w.someUser()}
	}},
}

// afterUser is no filter of the total.
const afterUser = "after"

// askedSystems are those that the connections have, and one that none has.
var askedSystems = []workforce.ClientType{"AWS", "GITHUB", "GOOGLE", "GITLAB", "BAMBOO_HR", "GCP"}

// email gives the folded address of somebody, rarely of nobody.
func (w *walk) email() string {
	return workforce.Fold(w.rawEmail())
}

func (w *walk) rawEmail() string {
	if len(w.known.freed) > 0 && w.rng.IntN(6) == 0 {
		return oneOf(w, w.known.freed)
	}
	return w.known.emails[oneOf(w, w.known.users)]
}

// someUser gives a user, rarely one who does not exist.
func (w *walk) someUser() workforce.UserID {
	if w.rng.IntN(12) == 0 {
		return workforce.UserID(w.rng.Int64N(1 << 40))
	}
	return oneOf(w, w.known.users)
}

// instant is one of the few at which made-up records are created and updated.
func (w *walk) instant() time.Time {
	return time.Date(2024, time.January, 1+w.rng.IntN(6), w.rng.IntN(2), 0, 0, w.rng.IntN(3)*1e6, time.UTC)
}

// mustBite names the filters that are to be seen selecting some and not all.
func mustBite() []string {
	var out []string
	for _, f := range personnelFilters {
		out = append(out, "people by "+f.name)
	}
	for _, f := range accountFilters {
		out = append(out, "accounts by "+f.name)
	}
	for _, f := range userFilters {
		if f.name != afterUser {
			out = append(out, "users by "+f.name)
		}
	}
	return out
}

// bite counts for a filter that was alone whether it selected some and not all.
func bite[Q any](w *walk, list string, filters []filter[Q], total int64, all int) {
	if len(filters) == 1 && 0 < total && total < int64(all) {
		w.bites[list+" by "+filters[0].name]++
	}
}

var personnelSorts = append(slices.Clone(workforce.AllPersonnelSorts), workforce.SortCreated)

var accountSorts = map[workforce.AccountKind][]workforce.AccountSort{
	workforce.Infrastructure: append(slices.Clone(workforce.AllInfrastructureSorts), workforce.SortCreated),
	workforce.VersionControl: append(slices.Clone(workforce.AllVersionControlSorts), workforce.SortCreated),
}

// systematic is what each walk asks for, whatever chance says: every sort in
// both directions, unfiltered and with every filter, and every two filters of
// people together.
func systematic() []question {
	var out []question
	for _, dir := range workforce.AllSortDirs {
		for _, sort := range personnelSorts {
			base := workforce.PersonnelQuery{Sort: sort, Dir: dir}
			out = append(out, askPersonnel(base))
			for _, f := range personnelFilters {
				out = append(out, askPersonnel(base, f))
			}
		}
		for _, kind := range workforce.AllAccountKinds {
			for _, sort := range accountSorts[kind] {
				base := workforce.AccountQuery{Kind: kind, Sort: sort, Dir: dir}
				out = append(out, askAccounts(base))
				for _, f := range accountFilters {
					out = append(out, askAccounts(base, f))
				}
			}
		}
		for _, sort := range workforce.AllUserSorts {
			base := workforce.UserQuery{Sort: sort, Dir: dir}
			out = append(out, askUsers(base))
			for i, f := range userFilters {
				out = append(out, askUsers(base, f))
				for _, g := range userFilters[:i] {
					out = append(out, askUsers(base, f, g))
				}
			}
		}
	}
	for i, f := range personnelFilters {
		for _, g := range personnelFilters[:i] {
			out = append(out, func(w *walk, s *session) {
				base := workforce.PersonnelQuery{Sort: oneOf(w, personnelSorts), Dir: oneOf(w, workforce.AllSortDirs)}
				askPersonnel(base, f, g)(w, s)
			})
		}
	}
	return out
}

// askPersonnel asks for a page, and sometimes for another of the same list
// later.
func askPersonnel(q workforce.PersonnelQuery, filters ...filter[workforce.PersonnelQuery]) question {
	return func(w *walk, s *session) {
		w.Helper()
		for _, f := range filters {
			f.draw(w, &q)
		}
		q.Page = w.page()
		bite(w, "people", filters, w.personnel(s, q), len(w.known.personnel))
		w.again(func(w *walk, s *session) {
			w.Helper()
			q.Page = w.page()
			w.personnel(s, q)
		})
	}
}

func askAccounts(q workforce.AccountQuery, filters ...filter[workforce.AccountQuery]) question {
	return func(w *walk, s *session) {
		w.Helper()
		for _, f := range filters {
			f.draw(w, &q)
		}
		q.Page = w.page()
		bite(w, "accounts", filters, w.account(s, q), len(w.known.accounts[q.Kind]))
		w.again(func(w *walk, s *session) {
			w.Helper()
			q.Page = w.page()
			w.account(s, q)
		})
	}
}

func askUsers(q workforce.UserQuery, filters ...filter[workforce.UserQuery]) question {
	return func(w *walk, s *session) {
		w.Helper()
		for _, f := range filters {
			f.draw(w, &q)
		}
		q.Limit = oneOf(w, []int{1, 3, 7, 20, 50, 1 << 30})
		bite(w, "users", filters, w.user(s, q), len(w.known.users))
		w.again(func(w *walk, s *session) {
			w.Helper()
			w.user(s, q)
		})
	}
}

// some gives each filter once in a while.
func some[Q any](w *walk, filters []filter[Q]) []filter[Q] {
	var out []filter[Q]
	for _, f := range filters {
		if w.rng.IntN(4) == 0 {
			out = append(out, f)
		}
	}
	return out
}

func (w *walk) drawPersonnel() (workforce.PersonnelQuery, []filter[workforce.PersonnelQuery]) {
	return workforce.PersonnelQuery{Sort: oneOf(w, personnelSorts), Dir: oneOf(w, workforce.AllSortDirs)}, some(w, personnelFilters)
}

func (w *walk) drawAccounts() (workforce.AccountQuery, []filter[workforce.AccountQuery]) {
	kind := oneOf(w, workforce.AllAccountKinds)
	q := workforce.AccountQuery{Kind: kind, Sort: oneOf(w, accountSorts[kind]), Dir: oneOf(w, workforce.AllSortDirs)}
	return q, some(w, accountFilters)
}

// draw draws a question for a page of a list.
func (w *walk) draw() question {
	switch n := w.rng.IntN(10); {
	case n < 5:
		q, filters := w.drawPersonnel()
		return askPersonnel(q, filters...)
	case n < 8:
		q, filters := w.drawAccounts()
		return askAccounts(q, filters...)
	}
	q := workforce.UserQuery{Sort: oneOf(w, workforce.AllUserSorts), Dir: oneOf(w, workforce.AllSortDirs)}
	return askUsers(q, some(w, userFilters)...)
}

// standing is asked all the time: the order of accounts by their users' names
// changes with other records, which random questions seldom see.
func standing(w *walk, s *session) {
	w.Helper()
	w.account(s, workforce.AccountQuery{Kind: oneOf(w, workforce.AllAccountKinds), Sort: "USER", Dir: oneOf(w, workforce.AllSortDirs), Page: everything})
}

// aside draws what is asked less often: whole lists page by page, facets, and
// what single records are found by.
func (w *walk) aside() question {
	return func(w *walk, s *session) {
		w.Helper()
		people, byPeople := w.drawPersonnel()
		accounts, byAccounts := w.drawAccounts()
		for _, f := range byPeople {
			f.draw(w, &people)
		}
		for _, f := range byAccounts {
			f.draw(w, &accounts)
		}
		var ask question
		switch w.rng.IntN(6) {
		case 0:
			ask = func(w *walk, s *session) { w.Helper(); w.walkPersonnel(s, people) }
		case 1:
			ask = func(w *walk, s *session) { w.Helper(); w.walkAccounts(s, accounts) }
		case 2:
			ask = func(w *walk, s *session) { w.Helper(); w.personnelFacets(s, people) }
		case 3:
			ask = func(w *walk, s *session) { w.Helper(); w.accountFacets(s, accounts) }
		default:
			w.lookUp(s)
			return
		}
		ask(w, s)
		w.again(ask)
	}
}
