package directory

import (
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (b *bundle) setZone(zone string) {
	b.Helper()
	b.write1(func(tx *store.Tx) error {
		c, err := tx.LockCompany(b.ctx)
		if err != nil {
			return err
		}
		c.TimeZone = zone
		return tx.SaveCompany(b.ctx, c)
	})
}

// setPersonnel changes a record as a sync would: without a pin.
func (b *bundle) setPersonnel(id workforce.PersonnelID, f func(*workforce.Personnel)) {
	b.Helper()
	b.write1(func(tx *store.Tx) error {
		before, _, err := tx.LockPersonnel(b.ctx, id)
		if err != nil {
			return err
		}
		after := before
		f(&after)
		return tx.UpdatePersonnel(b.ctx, before, after, "test")
	})
}

func (b *bundle) write1(f func(*store.Tx) error) {
	b.Helper()
	if err := b.db.Write(b.ctx, store.Cause{Actor: store.ActorCLI, Cause: "test"}, f); err != nil {
		b.Fatal(err)
	}
}

func TestResetSync(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		if _, err := b.SetContractDates(b.ctx, bea, ContractDates{Start: "2019-01-01"}); err != nil {
			b.Fatal(err)
		}
		if _, err := b.SetStatus(b.ctx, bea, StatusChange{Status: workforce.OutOfScope, NotHumanReason: workforce.Ptr("on leave")}); err != nil {
			b.Fatal(err)
		}
		b.pass()
		var r ResetResult
		var err error
		b.logs(1, func() { r, err = b.ResetSync(b.ctx, []workforce.PersonnelID{bea}) })
		if err != nil || r.Affected != 1 {
			b.Fatal(r.Affected, err)
		}
		p := r.Record.Personnel
		if p.EmploymentStatus != workforce.CurrentEmployee || *p.StartDate != "2021-01-01" || p.StatusUpdatedAt != nil ||
			len(p.Pins) != 0 || p.NotHumanReason != nil {
			b.Errorf("%+v", p)
		}
		b.logs(0, func() {
			if _, err := b.ResetSync(b.ctx, []workforce.PersonnelID{bea}); err != nil {
				b.Error(err)
			}
		})
		b.verify()
	})
}

func TestResetSyncOfSeveral(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		pin := func(ids ...workforce.PersonnelID) {
			for _, id := range ids {
				if _, err := b.SetStatus(b.ctx, id, StatusChange{Status: workforce.UnknownStatus}); err != nil {
					b.Fatal(err)
				}
			}
		}
		pin(ada, bea, carl)
		b.logs(0, func() {
			_, err := b.ResetSync(b.ctx, []workforce.PersonnelID{ada, 99})
			b.refused(workforce.ReasonPersonnelNotFound, err)
			_, err = b.ResetSync(b.ctx, []workforce.PersonnelID{carl})
			b.refused(workforce.ReasonNoSource, err)
		})
		// Whom no source knows is skipped; the answer is the first in id order.
		b.logs(1, func() {
			r, err := b.ResetSync(b.ctx, []workforce.PersonnelID{carl, bea, bea})
			if err != nil || r.Affected != 1 || r.Record.ID != bea {
				b.Error(r.Affected, r.Record.ID, err)
			}
		})
		pin(bea)
		b.logs(2, func() {
			r, err := b.ResetSyncAll(b.ctx)
			if err != nil || r.Affected != 2 || r.Record.ID != ada || len(r.Record.Pins) != 0 {
				b.Error(r.Affected, r.Record.ID, err)
			}
		})
		if r, err := b.Personnel(b.ctx, carl); err != nil || r.EmploymentStatus != workforce.UnknownStatus || len(r.Pins) != 1 {
			b.Errorf("whom no source knows was changed: %+v, %v", r.Personnel, err)
		}
	})
}

func TestResetSyncAllWithoutSources(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		b.write1(func(tx *store.Tx) error {
			return tx.CreatePeople(b.ctx, []workforce.NewPerson{person("d@example.com", "2020-01-01", false)})
		})
		if _, err := b.ResetSync(b.ctx, []workforce.PersonnelID{4}); !workforce.IsReason(err, workforce.ReasonNoSource) {
			b.Error(err)
		}
	})
}
