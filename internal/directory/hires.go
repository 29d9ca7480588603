package directory

import (
	"context"
	"time"

	"github.com/passmuster/passmuster/internal/reconcile"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// StartHires makes future hires current whose first day has come where the
// company is, unless their status is pinned. It gives how many those were and
// the next midnight, when it wants to be called again.
func (s *Service) StartHires(ctx context.Context) (started int, next time.Time, err error) {
	err = s.db.Write(ctx, store.Cause{Actor: store.ActorSystem, Cause: "first day"}, func(tx *store.Tx) error {
		started = 0
		company, err := tx.Company(ctx)
		if err != nil {
			return err
		}
		today := company.Today(tx.Now())
		next = workforce.DateOf(today.In(time.UTC).AddDate(0, 0, 1)).In(company.Location())
		due, err := tx.FutureHiresDue(ctx, today)
		if err != nil {
			return err
		}
		types, err := clientTypes(ctx, &tx.Reader)
		if err != nil {
			return err
		}
		for _, id := range due {
			done, err := startHire(ctx, tx, id, today, types)
			if err != nil {
				return err
			}
			if done {
				started++
			}
		}
		return nil
	})
	return started, next, err
}

// startHire makes one future hire current, if they still are one now that the
// record is locked.
func startHire(
	ctx context.Context, tx *store.Tx, id workforce.PersonnelID, today workforce.Date,
	types map[workforce.ConnectionID]workforce.ClientType,
) (bool, error) {
	before, ok, err := tx.LockPersonnel(ctx, id)
	if err != nil || !ok {
		return false, err
	}
	due := before.EmploymentStatus == workforce.FutureHire && before.StartDate != nil &&
		!before.StartDate.After(today) && !before.Pinned(workforce.PinEmploymentStatus)
	if !due {
		return false, nil
	}
	records, err := tx.SourceRecords(ctx, before.UserID)
	if err != nil {
		return false, err
	}
	after := before
	after.EmploymentStatus = reconcile.Arrived(reconcile.Employment(records, types).IsContractor)
	return true, tx.UpdatePersonnel(ctx, before, touched(before, after, tx.Now()), "personnel.hire_started")
}
