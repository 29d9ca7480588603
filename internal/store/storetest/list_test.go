package storetest_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// record is everything that the oracles need, read through the front door.
type record struct {
	members  []storetest.Member
	users    []workforce.UserRecord
	accounts map[workforce.AccountKind][]workforce.AccountRecord
}

func readRecord(t *testing.T, db *store.DB, c *storetest.Company) record {
	t.Helper()
	out := record{accounts: map[workforce.AccountKind][]workforce.AccountRecord{}}
	var people []workforce.PersonnelID
	var users []workforce.UserID
	accounts := map[workforce.AccountKind][]workforce.AccountID{}
	for _, p := range c.People {
		people, users = append(people, p.Personnel.ID), append(users, p.User.ID)
	}
	for _, a := range c.Accounts {
		accounts[a.Kind] = append(accounts[a.Kind], a.ID)
	}
	read(t, db, func(ctx context.Context, r *store.Reader) error {
		recs, err := r.PersonnelRecords(ctx, people)
		if err != nil {
			return err
		}
		for _, rec := range recs {
			groups, err := r.GroupIDsOf(ctx, rec.ID)
			if err != nil {
				return err
			}
			out.members = append(out.members, storetest.Member{PersonnelRecord: rec, GroupIDs: groups})
		}
		if out.users, err = r.UserRecords(ctx, users, false); err != nil {
			return err
		}
		for kind, ids := range accounts {
			if out.accounts[kind], err = r.AccountRecords(ctx, kind, ids); err != nil {
				return err
			}
		}
		return nil
	})
	return out
}

func TestListsAreWhatAPlainFilterAndSortGive(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		company := storetest.NewCompany(7, 60)
		company.Load(t, db)
		rec := readRecord(t, db, company)
		for _, sort := range workforce.AllPersonnelSorts {
			for _, dir := range workforce.AllSortDirs {
				checkPersonnel(t, db, rec, workforce.PersonnelQuery{Sort: sort, Dir: dir, Page: workforce.Page{Limit: 50}})
			}
		}
		for kind, sorts := range accountSorts {
			for _, sort := range sorts {
				for _, dir := range workforce.AllSortDirs {
					checkAccounts(t, db, rec, workforce.AccountQuery{Kind: kind, Sort: sort, Dir: dir, Page: workforce.Page{Limit: 50}})
				}
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			switch rapid.IntRange(0, 3).Draw(rt, "list") {
			case 0, 1:
				checkPersonnel(rt, db, rec, drawPersonnel(rt))
			case 2:
				checkAccounts(rt, db, rec, drawAccounts(rt))
			default:
				checkUsers(rt, db, rec, drawUsers(rt))
			}
		})
	})
}

var accountSorts = map[workforce.AccountKind][]workforce.AccountSort{
	workforce.Infrastructure: workforce.AllInfrastructureSorts,
	workforce.VersionControl: workforce.AllVersionControlSorts,
}

// tester is what tests and properties have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Context() context.Context
}

func readOne(t tester, db *store.DB, f func(ctx context.Context, r *store.Reader) error) {
	t.Helper()
	if err := db.Read(t.Context(), func(r *store.Reader) error { return f(t.Context(), r) }); err != nil {
		t.Fatalf("reading: %v", err)
	}
}

// checkPages walks the pages of a list to its end: stitched together they are
// the whole list, and each of them tells the same total.
func checkPages[T comparable](t tester, q any, limit int64, want []T, total int64, page func(number int64) ([]T, int64, error)) error {
	t.Helper()
	var got []T
	for number := int64(1); ; number++ {
		ids, n, err := page(number)
		if err != nil {
			return err
		}
		if n != total {
			t.Fatalf("page %d says %d in all, want %d\nof %+v", number, n, total, q)
		}
		if len(ids) == 0 {
			break
		}
		if int64(len(ids)) > limit {
			t.Fatalf("page %d has %d, more than the limit\nof %+v", number, len(ids), q)
		}
		got = append(got, ids...)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got  %v\nwant %v\nof %+v", got, want, q)
	}
	return nil
}

// whole is a page that everything fits on.
var whole = workforce.Page{Number: 1, Limit: 1 << 40}

func checkPersonnel(t tester, db *store.DB, rec record, q workforce.PersonnelQuery) {
	t.Helper()
	limit := q.Page.Limit
	q.Page = whole
	want, total := storetest.ListPersonnel(rec.members, q)
	readOne(t, db, func(ctx context.Context, r *store.Reader) error {
		return checkPages(t, q, limit, want, total, func(number int64) ([]workforce.PersonnelID, int64, error) {
			q.Page = workforce.Page{Number: number, Limit: limit}
			return r.ListPersonnel(ctx, q)
		})
	})
}

func checkAccounts(t tester, db *store.DB, rec record, q workforce.AccountQuery) {
	t.Helper()
	limit := q.Page.Limit
	q.Page = whole
	want, total := storetest.ListAccounts(rec.accounts[q.Kind], q)
	readOne(t, db, func(ctx context.Context, r *store.Reader) error {
		return checkPages(t, q, limit, want, total, func(number int64) ([]workforce.AccountID, int64, error) {
			q.Page = workforce.Page{Number: number, Limit: limit}
			return r.ListAccounts(ctx, q)
		})
	})
}

// checkUsers follows positions instead of pages: the total is told when asked.
func checkUsers(t tester, db *store.DB, rec record, q workforce.UserQuery) {
	t.Helper()
	limit := q.Limit
	q.Limit = len(rec.users)
	want, total := storetest.ListUsers(rec.users, q)
	q.Limit = limit
	byID := map[workforce.UserID]workforce.UserRecord{}
	for _, u := range rec.users {
		byID[u.ID] = u
	}
	var got []workforce.UserID
	readOne(t, db, func(ctx context.Context, r *store.Reader) error {
		for {
			ids, n, err := r.ListUsers(ctx, q)
			if err != nil {
				return err
			}
			if (n != nil) != q.WithTotal || n != nil && *n != total {
				t.Fatalf("the total is %v, want %d\nof %+v", n, total, q)
			}
			if len(ids) == 0 {
				return nil
			}
			got = append(got, ids...)
			last := byID[ids[len(ids)-1]]
			q.After = &workforce.UserPosition{At: last.CreatedAt, ID: last.ID}
			if q.Sort == workforce.SortUpdatedAt {
				q.After.At = last.UpdatedAt
			}
		}
	})
	if !slices.Equal(got, want) {
		t.Fatalf("got  %v\nwant %v\nof %+v", got, want, q)
	}
}

// needles are folded texts to look for: parts of names, pieces of patterns,
// and what nobody is called.
var needles = []string{
	"", "", "", "a", "é", "z", "strasse", "ss", "o'b", "%", "_", `\`, " ", "a b", "郎", "ω", "ώ", "person.1", "@example", "nobody", "i̇s", "🙂", `"`,
}

func drawPersonnel(t *rapid.T) workforce.PersonnelQuery {
	q := workforce.PersonnelQuery{
		Text: rapid.SampledFrom(needles).Draw(t, "text"),
		Sort: rapid.SampledFrom(workforce.AllPersonnelSorts).Draw(t, "sort"),
		Dir:  rapid.SampledFrom(workforce.AllSortDirs).Draw(t, "dir"),
		Page: workforce.Page{Limit: rapid.Int64Range(5, 80).Draw(t, "limit")},
	}
	if one(t, 8, "email?") {
		q.Email = workforce.Fold(fmt.Sprintf("PERSON.%d@example.com", rapid.IntRange(0, 61).Draw(t, "email")))
	}
	if one(t, 3, "status?") {
		q.StatusFiltered = true
		q.EmploymentStatus = rapid.SliceOfN(rapid.SampledFrom(workforce.AllEmploymentStatuses), 0, 6).Draw(t, "status")
	}
	if one(t, 3, "checks?") {
		q.Checks = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) workforce.CheckFilter {
			return workforce.CheckFilter{
				Type:      rapid.SampledFrom(workforce.AllCheckTypes).Draw(t, "type"),
				Compliant: rapid.Bool().Draw(t, "compliant"),
			}
		}), 1, 3).Draw(t, "checks")
	}
	if one(t, 4, "devices?") {
		q.DeviceCompliance = workforce.Ptr(rapid.Bool().Draw(t, "devices"))
	}
	if one(t, 4, "groups?") {
		q.GroupIDs = rapid.SliceOfN(rapid.Map(rapid.Int64Range(1, 5), func(n int64) workforce.GroupID { return workforce.GroupID(n) }), 1, 3).Draw(t, "groups")
	}
	source := rapid.SampledFrom(workforce.AllDeviceSources[:5])
	if one(t, 5, "source?") {
		q.DeviceSource = workforce.Ptr(source.Draw(t, "source"))
	}
	if one(t, 5, "not sources?") {
		q.NotDeviceSources = rapid.SliceOfN(source, 1, 3).Draw(t, "not sources")
	}
	return q
}

func drawAccounts(t *rapid.T) workforce.AccountQuery {
	q := workforce.AccountQuery{
		Kind: rapid.SampledFrom(workforce.AllAccountKinds).Draw(t, "kind"),
		Text: rapid.SampledFrom(needles).Draw(t, "text"),
		Dir:  rapid.SampledFrom(workforce.AllSortDirs).Draw(t, "dir"),
		Page: workforce.Page{Limit: rapid.Int64Range(5, 80).Draw(t, "limit")},
	}
	q.Sort = rapid.SampledFrom(accountSorts[q.Kind]).Draw(t, "sort")
	if one(t, 4, "client type?") {
		q.ClientType = workforce.Ptr(rapid.SampledFrom([]workforce.ClientType{"AWS", "GITHUB", "GITLAB", "GCP"}).Draw(t, "client type"))
	}
	if one(t, 4, "connection?") {
		q.ConnectionID = workforce.Ptr(workforce.ConnectionID(rapid.Int64Range(1, 7).Draw(t, "connection")))
	}
	return q
}

func drawUsers(t *rapid.T) workforce.UserQuery {
	q := workforce.UserQuery{
		Sort:      rapid.SampledFrom(workforce.AllUserSorts).Draw(t, "sort"),
		Dir:       rapid.SampledFrom(workforce.AllSortDirs).Draw(t, "dir"),
		Limit:     rapid.IntRange(3, 80).Draw(t, "limit"),
		WithTotal: rapid.Bool().Draw(t, "with total"),
	}
	if one(t, 2, "first?") {
		q.FirstName = rapid.SampledFrom(needles).Draw(t, "first")
	}
	if one(t, 3, "last?") {
		q.LastName = rapid.SampledFrom(needles).Draw(t, "last")
	}
	return q
}

// one is true once in n times.
func one(t *rapid.T, n int, label string) bool { return rapid.IntRange(1, n).Draw(t, label) == n }
