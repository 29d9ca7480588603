package storetest_test

import (
	"context"
	"slices"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// membersOf gives the members of a group, read one by one, and checks them
// against the groups of each person.
func membersOf(t *testing.T, db *store.DB, id workforce.GroupID) (members []workforce.PersonnelID) {
	t.Helper()
	read(t, db, func(ctx context.Context, r *store.Reader) error {
		for last := workforce.PersonnelID(0); ; {
			page, err := r.GroupMembers(ctx, id, last, 1)
			if err != nil || len(page) == 0 {
				break
			}
			last = page[0]
			members = append(members, last)
		}
		all := make([]workforce.PersonnelID, 30)
		for i := range all {
			all[i] = workforce.PersonnelID(i)
		}
		of, err := r.GroupsOf(ctx, all)
		for _, p := range all {
			if slices.Contains(of[p], id) != slices.Contains(members, p) || !slices.IsSorted(of[p]) {
				t.Errorf("personnel %d is in %v, group %d has %v", p, of[p], id, members)
			}
		}
		return err
	})
	return members
}

func TestMembersAreSet(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, _ := loadedCompany(t, open)
		set := func(add, remove []workforce.PersonnelID) int64 {
			seq := head(t, db)
			write(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.SetMembers(ctx, 4, add, remove) })
			return head(t, db) - seq
		}
		for _, c := range []struct {
			add, remove, want []workforce.PersonnelID
			rows              int64
		}{
			{[]workforce.PersonnelID{7, 3, 7, 5}, []workforce.PersonnelID{5}, []workforce.PersonnelID{3, 7}, 2},
			{[]workforce.PersonnelID{3, 7}, []workforce.PersonnelID{9}, []workforce.PersonnelID{3, 7}, 0},
			{[]workforce.PersonnelID{1}, []workforce.PersonnelID{3}, []workforce.PersonnelID{1, 7}, 2},
			{nil, nil, []workforce.PersonnelID{1, 7}, 0},
		} {
			if rows := set(c.add, c.remove); rows != c.rows {
				t.Errorf("%v and not %v: %d changes were logged, want %d", c.add, c.remove, rows, c.rows)
			}
			if got := membersOf(t, db, 4); !slices.Equal(got, c.want) {
				t.Errorf("%v and not %v: the group has %v, want %v", c.add, c.remove, got, c.want)
			}
		}
		if err := db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error {
			return tx.SetMembers(t.Context(), 4, []workforce.PersonnelID{99}, nil)
		}); err == nil {
			t.Error("nobody became a member")
		}
		verified(t, db)
	})
}

// A group that something names stays; another goes, and its memberships with it.
func TestGroupsInUseStay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, company := loadedCompany(t, open)
		remove := func(id workforce.GroupID) func(context.Context, *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error { return tx.DeleteGroup(ctx, company.Groups[id-1]) }
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			before, err := tx.LockRules(ctx)
			after := before
			after.Checks = slices.Clone(before.Checks)
			after.Checks[1].GroupIDs = []workforce.GroupID{1}
			return orElse(err, func() error { return tx.SaveRules(ctx, before, after) })
		})
		seq := head(t, db)
		refused(t, db, "a rule's", workforce.ReasonInUse, remove(1))
		refused(t, db, "an exclusion's", workforce.ReasonInUse, remove(2))
		refused(t, db, "a policy's", workforce.ReasonInUse, remove(3))
		if head(t, db) != seq {
			t.Error("a refusal was logged")
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			p, _, err := tx.LockPolicy(ctx, 2)
			after := p
			after.GroupIDs = []workforce.GroupID{2}
			return orElse(err, func() error { return tx.SavePolicy(ctx, &p, &after) })
		})
		members := membersOf(t, db, 3)
		seq = head(t, db)
		write(t, db, remove(3))
		rows := rowsAfter(t, db, seq)
		if len(members) == 0 || len(rows) != len(members)+1 || rows[len(members)].Kind != "group.deleted" || len(membersOf(t, db, 3)) != 0 {
			t.Errorf("of %d members: logged %+v", len(members), rows)
		}
		for i, row := range rows[:len(members)] {
			if row.Kind != "personnel.groups_set" || row.SubjectID != int64(members[i]) {
				t.Errorf("a membership was logged as %+v", row)
			}
		}
		write(t, db, remove(3)) // it is gone already
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			groups, err := r.Groups(ctx)
			same(t, "groups", groups, slices.Delete(slices.Clone(company.Groups), 2, 3))
			return err
		})
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			g := workforce.Group{Name: company.Groups[2].Name}
			err := tx.SaveGroup(ctx, nil, &g)
			if g.ID != 5 || g.CreatedAt.IsZero() {
				t.Errorf("the next group is %+v", g)
			}
			return err
		})
		refused(t, db, "a second of one name", workforce.ReasonDuplicate, func(ctx context.Context, tx *store.Tx) error {
			return tx.SaveGroup(ctx, nil, &workforce.Group{Name: "GROUP 0"})
		})
		verified(t, db)
	})
}

// The accounts of users are those that are linked to them.
func TestLinkedAccounts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, company := loadedCompany(t, open)
		want := map[workforce.UserID][]workforce.Account{}
		var users []workforce.UserID
		for _, p := range company.People {
			users = append(users, p.User.ID)
		}
		for _, kind := range []workforce.AccountKind{workforce.Infrastructure, workforce.VersionControl} {
			for _, a := range company.Accounts {
				if a.Kind == kind && a.UserID != nil {
					want[*a.UserID] = append(want[*a.UserID], a)
				}
			}
		}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			got, err := r.LinkedAccounts(ctx, users)
			same(t, "accounts", got, want)
			return err
		})
	})
}
