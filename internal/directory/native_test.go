package directory

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// everybody is the question for all people by when they were added.
var everybody = workforce.PersonnelQuery{Sort: workforce.SortCreated, Dir: workforce.Ascending}

// change makes a change of a person, with a text that tells it from others.
func (b *bundle) change(id workforce.PersonnelID) {
	b.Helper()
	reason := fmt.Sprintf("change after %d", b.head())
	if _, err := b.SetStatus(b.ctx, id, StatusChange{Status: workforce.OutOfScope, NotHumanReason: &reason}); err != nil {
		b.Fatal(err)
	}
}

// A list and its records are of one moment: what changes between the two makes
// both be made again, though not for ever.
func TestListAndReadAreOfOneMoment(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		for _, c := range []struct{ changes, lists int }{{0, 1}, {1, 2}, {2, 3}, {100, maxTries}} {
			var listed, held []int64
			var read workforce.Personnel
			err := b.listAndRead(b.ctx, 0, func(at *listsAt) error {
				listed = append(listed, at.pos)
				if len(listed) <= c.changes {
					b.change(carl)
				}
				held = append(held, b.head())
				return nil
			}, func(r *store.Reader) error {
				records, err := r.PersonSummaries(b.ctx, []workforce.PersonnelID{carl})
				if err == nil {
					read = records[0].Personnel
				}
				return err
			})
			last := len(listed) - 1
			if err != nil || len(listed) != c.lists {
				b.Errorf("%d changes: listed %d times, want %d: %v", c.changes, len(listed), c.lists, err)
			}
			if settled := c.changes < maxTries; settled && listed[last] != held[last] {
				b.Errorf("%d changes: the list was of position %d, the records of %d", c.changes, listed[last], held[last])
			}
			if c.changes > 0 && c.changes < maxTries && workforce.Text(read.NotHumanReason) != fmt.Sprintf("change after %d", held[last]-1) {
				b.Errorf("%d changes: read %q at %d", c.changes, workforce.Text(read.NotHumanReason), held[last])
			}
		}
	})
}

// The position of an answer is what the next question begins from: between the
// two nothing is missed.
func TestPeopleSincePosition(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		page, err := b.People(b.ctx, everybody, nil, 2, false)
		if err != nil || page.Total != 3 || len(page.Records) != 2 || page.Next == nil || page.Position != b.head() || page.Facets != nil {
			b.Fatalf("%+v, %v", page, err)
		}
		since := func(position int64) []workforce.PersonnelID {
			b.Helper()
			q := everybody
			q.ChangedSince = position
			next, err := b.People(b.ctx, q, nil, 10, false)
			if err != nil {
				b.Fatal(err)
			}
			s, err := b.StreamPeople(b.ctx, q)
			if err != nil {
				b.Fatal(err)
			}
			var paged, streamed []workforce.PersonnelID
			for _, r := range next.Records {
				paged = append(paged, r.ID)
			}
			err = s.Each(b.ctx, func(records []PersonSummary) error {
				for _, r := range records {
					streamed = append(streamed, r.ID)
				}
				return nil
			})
			if err != nil || !slices.Equal(paged, streamed) || s.Total != next.Total || s.Position != next.Position {
				b.Errorf("paged %v, streamed %v, %v", paged, streamed, err)
			}
			return paged
		}
		if got := since(page.Position); got != nil {
			b.Errorf("nothing changed, but got %v", got)
		}
		b.change(bea)
		between := b.head()
		b.change(carl)
		for position, want := range map[int64][]workforce.PersonnelID{page.Position: {bea, carl}, between: {carl}, b.head(): nil, 1: {bea, carl}} {
			if got := since(position); position > 1 && !slices.Equal(got, want) || position == 1 && len(got) < 2 {
				b.Errorf("since %d: %v, want %v", position, got, want)
			}
		}
		q := everybody
		q.ChangedSince = b.head() + 1
		_, err = b.People(b.ctx, q, nil, 10, false)
		b.refused(workforce.ReasonEntityNotFound, err)
		_, err = b.StreamPeople(b.ctx, q)
		b.refused(workforce.ReasonEntityNotFound, err)
		_, err = b.Accounts(b.ctx, workforce.AccountQuery{Sort: workforce.SortCreated, ChangedSince: q.ChangedSince}, nil, 10, false)
		b.refused(workforce.ReasonEntityNotFound, err)
		q = everybody
		q.GroupIDs = []workforce.GroupID{9}
		_, err = b.People(b.ctx, q, nil, 10, true)
		b.refused(workforce.ReasonEntityNotFound, err)
	})
}

// A walk goes over one kind after the other, with pages that hold both.
func TestAccountsOfBothKinds(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		q := workforce.AccountQuery{Sort: workforce.SortCreated, Dir: workforce.Ascending}
		walk := func(limit int) (out []string) {
			b.Helper()
			var after *AccountPosition
			for range 20 {
				page, err := b.Accounts(b.ctx, q, after, limit, true)
				if err != nil {
					b.Fatal(err)
				}
				for _, r := range page.Records {
					out = append(out, fmt.Sprintf("%.1s%d", r.Kind, r.ID))
				}
				if page.Facets.Owners["nobody"] != page.Total {
					b.Errorf("%+v of %d", page.Facets, page.Total)
				}
				if after = page.Next; after == nil {
					return out
				}
			}
			b.Fatalf("the walk by %d does not end: %v", limit, out)
			return nil
		}
		add := func(kind workforce.AccountKind, n int) {
			b.Helper()
			var more []workforce.Account
			for i := range n {
				more = append(more, workforce.Account{Kind: kind, ConnectionID: 2, IdentityID: fmt.Sprint(kind, i), CreatedAt: noon, UpdatedAt: noon})
			}
			err := b.db.Write(b.ctx, store.Cause{Actor: store.ActorCLI, Cause: "test"}, func(tx *store.Tx) error { return tx.CreateAccounts(b.ctx, more) })
			if err != nil {
				b.Fatal(err)
			}
		}
		for _, step := range []struct {
			kind workforce.AccountKind
			n    int
			want []string
		}{
			{inf, 0, []string{"I1"}},
			{inf, 2, []string{"I1", "I2", "I3"}},
			{workforce.VersionControl, 3, []string{"I1", "I2", "I3", "V1", "V2", "V3"}},
		} {
			add(step.kind, step.n)
			for limit := 1; limit <= 7; limit++ {
				if got := walk(limit); !slices.Equal(got, step.want) {
					b.Errorf("by %d: %v, want %v", limit, got, step.want)
				}
			}
		}
	})
}

// Nobody lists what they may not read.
func TestNativeListsAskWhoIsAsking(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		as := func(scopes ...workforce.Scope) context.Context {
			return auth.With(b.ctx, auth.Principal{Actor: "key:8", Scopes: scopes})
		}
		q := workforce.AccountQuery{Sort: workforce.SortCreated}
		other := as(workforce.ScopeUsersList, workforce.ScopePersonnelGet)
		_, err := b.People(other, everybody, nil, 1, false)
		b.refused(workforce.ReasonScope, err)
		_, err = b.StreamPeople(other, everybody)
		b.refused(workforce.ReasonScope, err)
		_, err = b.Accounts(other, q, nil, 1, false)
		b.refused(workforce.ReasonScope, err)
		_, err = b.StreamAccounts(other, q)
		b.refused(workforce.ReasonScope, err)

		one := as(workforce.ScopeVersionControlManage)
		if page, err := b.Accounts(one, q, nil, 10, true); err != nil || page.Total != 0 || page.Facets.Owners["nobody"] != 0 {
			b.Errorf("%+v, %v", page, err)
		}
		_, err = b.Accounts(one, q, &AccountPosition{Kind: inf}, 10, false)
		b.refused(workforce.ReasonScope, err)
		q.Kind = inf
		_, err = b.Accounts(one, q, nil, 10, false)
		b.refused(workforce.ReasonScope, err)
		_, err = b.StreamAccounts(one, q)
		b.refused(workforce.ReasonScope, err)
	})
}
