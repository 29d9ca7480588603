package storetest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// foundBy is the plain meaning of a search.
func foundBy(u workforce.UserRecord, q workforce.UserSearch) bool {
	text := func(s string) bool { return strings.Contains(workforce.Fold(s), q.Text) }
	has := func(roles []workforce.Role) bool {
		return slices.ContainsFunc(u.Roles, func(r workforce.Role) bool { return slices.Contains(roles, r) })
	}
	switch {
	case q.Text != "" && !text(workforce.Text(u.FirstName)) && !text(workforce.Text(u.LastName)) && !text(u.Email) &&
		!text(workforce.FullName(u.FirstName, u.LastName)):
		return false
	case len(q.Roles) > 0 && !has(q.Roles), has(q.NotRoles):
		return false
	default:
		return (len(q.IDs) == 0 || slices.Contains(q.IDs, u.ID)) && !slices.Contains(q.NotIDs, u.ID)
	}
}

func TestUserSearchIsWhatAPlainFilterGives(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		company := storetest.NewCompany(9, 60)
		company.Load(t, db)
		users := readRecord(t, db, company).users
		slices.SortFunc(users, func(a, b workforce.UserRecord) int { return int(a.ID - b.ID) })
		roles := rapid.SliceOfNDistinct(rapid.SampledFrom(workforce.AllRoles), 0, 4, rapid.ID[workforce.Role])
		ids := rapid.SliceOfN(rapid.Int64Range(1, 70), 0, 30)
		rapid.Check(t, func(rt *rapid.T) {
			q := workforce.UserSearch{
				Text: rapid.SampledFrom(needles).Draw(rt, "text"), Roles: roles.Draw(rt, "roles"), NotRoles: roles.Draw(rt, "not roles"),
			}
			if rapid.Bool().Draw(rt, "by id") {
				for _, id := range ids.Draw(rt, "ids") {
					q.IDs = append(q.IDs, workforce.UserID(id))
				}
				for _, id := range ids.Draw(rt, "not ids") {
					q.NotIDs = append(q.NotIDs, workforce.UserID(id))
				}
			}
			var want []workforce.UserID
			for _, u := range users {
				if foundBy(u, q) {
					want = append(want, u.ID)
				}
			}
			limit := rapid.Int64Range(5, 80).Draw(rt, "limit")
			readOne(rt, db, func(ctx context.Context, r *store.Reader) error {
				return checkPages(rt, q, limit, want, int64(len(want)), func(number int64) ([]workforce.UserID, int64, error) {
					q.Page = workforce.Page{Number: number, Limit: limit}
					return r.SearchUsers(ctx, q)
				})
			})
		})
		counts := map[workforce.GroupID]int64{}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			groups, err := r.Groups(ctx)
			for _, g := range groups {
				members, err := r.GroupMembers(ctx, g.ID, 0, 1000)
				if err != nil {
					return err
				}
				if len(members) > 0 {
					counts[g.ID] = int64(len(members))
				}
			}
			if err != nil {
				return err
			}
			got, err := r.CountMembers(ctx)
			for id, n := range got {
				if counts[id] != n {
					t.Errorf("group %d has %d members, want %d", id, n, counts[id])
				}
			}
			if len(got) != len(counts) || len(counts) == 0 {
				t.Errorf("%d groups have members, want %d", len(got), len(counts))
			}
			return err
		})
	})
}
