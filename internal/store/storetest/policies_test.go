package storetest_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Of one version a user has one acknowledgement, the earliest.
func TestTheLatestAcknowledgementStays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, _ := loadedCompany(t, open)
		at := func(days int) time.Time { return later.AddDate(0, 0, days) }
		ack := func(days int, source string) *workforce.Acknowledgement {
			return &workforce.Acknowledgement{UserID: 3, PolicyID: 3, Version: 1, AcknowledgedAt: at(days), Source: source}
		}
		var first workforce.Acknowledgement
		for i, c := range []struct {
			given      *workforce.Acknowledgement
			added      bool
			days, rows int
			source     string
		}{
			{ack(0, "api"), true, 0, 1, "api"},
			{ack(-1, "earlier"), false, 0, 0, "api"},
			{ack(0, "same"), false, 0, 0, "api"},
			{ack(1, "later"), false, 1, 1, "later"},
		} {
			seq := head(t, db)
			write(t, db, func(ctx context.Context, tx *store.Tx) error {
				added, err := tx.SaveAcknowledgement(ctx, c.given)
				if added != c.added {
					t.Errorf("%d: added %v", i, added)
				}
				return err
			})
			if i == 0 {
				first = *c.given
			}
			want := first
			want.AcknowledgedAt, want.Source = at(c.days), c.source
			same(t, "what is kept", c.given, &want)
			if got := head(t, db) - seq; got != int64(c.rows) {
				t.Errorf("%d: %d changes were logged, want %d", i, got, c.rows)
			}
		}
		if first.ID == 0 || first.CreatedAt.IsZero() {
			t.Errorf("it was kept as %+v", first)
		}
		batch := []workforce.Acknowledgement{*ack(2, "x"), *ack(4, "y"), *ack(3, "z"), {UserID: 4, PolicyID: 3, Version: 1, AcknowledgedAt: at(0)}}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			n, err := tx.SaveAcknowledgements(ctx, batch)
			if n != 1 || batch[3].ID <= first.ID {
				t.Errorf("%d were added, the last as number %d", n, batch[3].ID)
			}
			return err
		})
		for _, a := range batch[:3] {
			if a.ID != first.ID || !a.AcknowledgedAt.Equal(at(4)) || a.Source != "y" {
				t.Errorf("of three in one batch was kept %+v", a)
			}
		}
		refused(t, db, "a version that there is not", workforce.ReasonEntityNotFound, func(ctx context.Context, tx *store.Tx) error {
			return second(tx.SaveAcknowledgement(ctx, &workforce.Acknowledgement{UserID: 3, PolicyID: 3, Version: 2, AcknowledgedAt: later}))
		})
		verified(t, db)
	})
}

// What was published never changes, what is a draft may; numbers and versions
// are given where there are none.
func TestPublishedVersionsStay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, company := loadedCompany(t, open)
		save := func(ctx context.Context, tx *store.Tx, id workforce.PolicyID, change func(p *workforce.Policy)) error {
			p, _, err := tx.LockPolicy(ctx, id)
			after := p
			after.Versions = slices.Clone(p.Versions)
			change(&after)
			return orElse(err, func() error { return tx.SavePolicy(ctx, &p, &after) })
		}
		for what, change := range map[string]func(p *workforce.Policy){
			"its text":   func(p *workforce.Policy) { p.Versions[0].Text = workforce.Ptr("other") },
			"withdrawn":  func(p *workforce.Policy) { p.Versions[1].PublishedAt = nil },
			"gone":       func(p *workforce.Policy) { p.Versions = p.Versions[1:] },
			"all gone":   func(p *workforce.Policy) { p.Versions = nil },
			"renumbered": func(p *workforce.Policy) { p.Versions[0].Version = 9 },
		} {
			refused(t, db, what, workforce.ReasonPublished, func(ctx context.Context, tx *store.Tx) error { return save(ctx, tx, 1, change) })
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			return save(ctx, tx, 1, func(p *workforce.Policy) {
				p.Versions[2].Text = workforce.Ptr("a better draft")
				p.Versions = append(p.Versions, workforce.PolicyVersion{})
			})
		})
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			return save(ctx, tx, 1, func(p *workforce.Policy) { p.Versions = p.Versions[:2] })
		})
		var added workforce.Policy
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			err := save(ctx, tx, 1, func(p *workforce.Policy) { p.Versions = append(p.Versions, workforce.PolicyVersion{}) })
			added = workforce.Policy{Name: "New", AssignedTo: workforce.AssignedToAll, Versions: []workforce.PolicyVersion{{}, {}}}
			return orElse(err, func() error { return tx.SavePolicy(ctx, nil, &added) })
		})
		if added.ID != 4 || added.CreatedAt.IsZero() || added.Versions[1].Version != 2 || added.Versions[1].UpdatedAt.IsZero() {
			t.Errorf("the new one is %+v", added)
		}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			p, _, err := r.Policy(ctx, 1)
			if len(p.Versions) != 3 || p.Versions[2].Version != 3 || p.Versions[2].ID != 7 {
				t.Errorf("after a draft was dropped and another made: %+v", p.Versions)
			}
			same(t, "the published ones", p.Versions[:2], company.Policies[0].Versions[:2])
			p, _, err2 := r.Policy(ctx, added.ID)
			same(t, "the new one", p, added)
			return orElse(err, func() error { return err2 })
		})
		refused(t, db, "a second of one name", workforce.ReasonDuplicate, func(ctx context.Context, tx *store.Tx) error {
			return tx.SavePolicy(ctx, nil, &workforce.Policy{Name: "POLICY 1", AssignedTo: workforce.AssignedToNone})
		})
		verified(t, db)
	})
}
