package compliance

import (
	"context"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// ManualBackgroundCheck is a background check that somebody vouches for.
type ManualBackgroundCheck struct {
	UserID  workforce.UserID
	URL     string // where its report is
	FiledOn workforce.Date
}

// AddBackgroundCheck records a background check that was passed, and gives the
// person's record. One with the same address and date is recorded already.
func (s *Service) AddBackgroundCheck(ctx context.Context, n ManualBackgroundCheck) (workforce.PersonnelRecord, error) {
	err := s.change(ctx, workforce.ScopeBackgroundChecks, func(tx *store.Tx, _ auth.Principal) error {
		if _, ok, err := tx.LockUser(ctx, n.UserID); err != nil || !ok {
			return orElse(err, userNotFound(n.UserID))
		}
		person, err := personOf(ctx, &tx.Reader, n.UserID)
		if err != nil {
			return err
		}
		if err := checkFiled(ctx, tx, person.Personnel, n); err != nil {
			return err
		}
		all, err := tx.BackgroundChecks(ctx, []workforce.UserID{n.UserID})
		if err != nil {
			return err
		}
		if hasManual(all[n.UserID], n) {
			return nil
		}
		return tx.SaveBackgroundCheck(ctx, nil, &workforce.BackgroundCheck{
			UserID: n.UserID, Status: "OK", Type: "MANUAL", Source: workforce.Ptr(workforce.BackgroundCheckSource("DRATA")),
			URL: &n.URL, ManualCheckDate: &n.FiledOn, ManuallyCheckURL: &n.URL,
		})
	})
	if err != nil {
		return workforce.PersonnelRecord{}, err
	}
	// Their checks were decided anew when the change was committed.
	var out workforce.PersonnelRecord
	err = s.db.Read(ctx, func(r *store.Reader) error {
		var err error
		out, err = personOf(ctx, r, n.UserID)
		return err
	})
	return out, err
}

// personOf gives the personnel record of a user.
func personOf(ctx context.Context, r *store.Reader, user workforce.UserID) (workforce.PersonnelRecord, error) {
	missing := workforce.Refuse(workforce.ReasonPersonnelNotFound, "The user %d has no personnel record", user)
	id, ok, err := r.PersonnelIDOf(ctx, user)
	if err != nil || !ok {
		return workforce.PersonnelRecord{}, orElse(err, missing)
	}
	records, err := r.PersonnelRecords(ctx, []workforce.PersonnelID{id})
	if err != nil || len(records) == 0 {
		return workforce.PersonnelRecord{}, orElse(err, missing)
	}
	return records[0], nil
}

// checkFiled refuses what cannot be a background check: of no person, or of a
// day to come.
func checkFiled(ctx context.Context, tx *store.Tx, p workforce.Personnel, n ManualBackgroundCheck) error {
	if p.EmploymentStatus == workforce.OutOfScope || p.EmploymentStatus == workforce.ServiceAccountStatus {
		return workforce.Refuse(workforce.ReasonNotAPerson,
			"The user %d is %s, which is no person to check: set another employment status first", n.UserID, p.EmploymentStatus)
	}
	company, err := tx.Company(ctx)
	if err != nil {
		return err
	}
	if n.FiledOn.After(company.Today(tx.Now())) {
		return &workforce.Fault{
			Reason: workforce.ReasonFiledInFuture, Field: "filedAt",
			Message: "filedAt " + string(n.FiledOn) + " is in the future: give the day on which the background check was filed",
		}
	}
	return nil
}

func hasManual(checks []workforce.BackgroundCheck, n ManualBackgroundCheck) bool {
	for i := range checks {
		c := &checks[i]
		if c.Type == "MANUAL" && c.Status == "OK" && workforce.Text(c.URL) == n.URL && workforce.Same(c.ManualCheckDate, &n.FiledOn) {
			return true
		}
	}
	return false
}
