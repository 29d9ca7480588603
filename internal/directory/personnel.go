package directory

import (
	"context"
	"errors"
	"reflect"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/lane"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// PersonnelPage is one page of the personnel list.
type PersonnelPage struct {
	Records []workforce.PersonnelRecord
	Total   int64 // records on all pages
	Company workforce.Company
}

// ListPersonnel gives a page of personnel as records. It waits in line for the
// lists of [Options.Lane]; that too many wait is a fault. So is a group that
// does not exist: it is not an empty list.
func (s *Service) ListPersonnel(ctx context.Context, q workforce.PersonnelQuery) (PersonnelPage, error) {
	var out PersonnelPage
	if _, err := auth.Require(ctx, workforce.ScopePersonnelList, workforce.Reads); err != nil {
		return out, err
	}
	pass, err := s.lane.Enter(ctx)
	if err != nil {
		return out, waited(err)
	}
	defer pass.Leave()
	ctx = lane.With(ctx, pass)
	at, err := s.lists.at(ctx)
	if err != nil {
		return out, err
	}
	ids, total, err := listPersonnel(ctx, at, q)
	if err != nil {
		return out, err
	}
	out.Total = total
	err = s.db.Read(ctx, func(r *store.Reader) error {
		if out.Records, err = r.PersonnelRecords(ctx, ids); err != nil {
			return err
		}
		out.Company, err = r.Company(ctx)
		return err
	})
	return out, err
}

// waited is the error of waiting in line.
func waited(err error) error {
	if errors.Is(err, lane.ErrFull) {
		return workforce.Refuse(workforce.ReasonTooManyRequests, "Too many lists are asked for at once. Try again in a second.")
	}
	return err
}

// Personnel gives one personnel record.
func (s *Service) Personnel(ctx context.Context, id workforce.PersonnelID) (workforce.PersonnelRecord, error) {
	var out workforce.PersonnelRecord
	if _, err := auth.Require(ctx, workforce.ScopePersonnelGet, workforce.Reads); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, func(r *store.Reader) error {
		var err error
		out, err = personnelRecord(ctx, r, id)
		return err
	})
	return out, err
}

// PersonnelByEmail gives the personnel record of the user with the e-mail,
// whatever its case.
func (s *Service) PersonnelByEmail(ctx context.Context, email string) (workforce.PersonnelRecord, error) {
	var out workforce.PersonnelRecord
	if _, err := auth.Require(ctx, workforce.ScopePersonnelGet, workforce.Reads); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, func(r *store.Reader) error {
		user, ok, err := r.UserIDByEmail(ctx, email)
		if err != nil {
			return err
		}
		var id workforce.PersonnelID
		if ok {
			if id, ok, err = r.PersonnelIDOf(ctx, user); err != nil {
				return err
			}
		}
		if !ok {
			return personnelNotFoundByEmail()
		}
		out, err = personnelRecord(ctx, r, id)
		return err
	})
	return out, err
}

func personnelRecord(ctx context.Context, r *store.Reader, id workforce.PersonnelID) (workforce.PersonnelRecord, error) {
	records, err := r.PersonnelRecords(ctx, []workforce.PersonnelID{id})
	if err != nil {
		return workforce.PersonnelRecord{}, err
	}
	if len(records) == 0 {
		return workforce.PersonnelRecord{}, personnelNotFound(id)
	}
	return records[0], nil
}

// changePersonnel locks a record, lets f change it, saves and reads it back,
// all in one transaction. f gives the record as it shall be; what is equal to
// before changes nothing.
func (s *Service) changePersonnel(
	ctx context.Context, scope workforce.Scope, id workforce.PersonnelID, kind string,
	f func(tx *store.Tx, who auth.Principal, before workforce.Personnel) (workforce.Personnel, error),
) (workforce.PersonnelRecord, error) {
	var out workforce.PersonnelRecord
	who, err := auth.Require(ctx, scope, workforce.Writes)
	if err != nil {
		return out, err
	}
	err = s.write(ctx, who, func(tx *store.Tx) error {
		before, ok, err := tx.LockPersonnel(ctx, id)
		if err != nil {
			return err
		}
		if !ok {
			return personnelNotFound(id)
		}
		after, err := f(tx, who, before)
		if err != nil {
			return err
		}
		if err := tx.UpdatePersonnel(ctx, before, after, kind); err != nil {
			return err
		}
		out, err = readBack(ctx, tx, id)
		return err
	})
	return out, err
}

// readBack gives a record as the transaction leaves it, with the checks that
// follow from what it changed.
func readBack(ctx context.Context, tx *store.Tx, id workforce.PersonnelID) (workforce.PersonnelRecord, error) {
	if err := tx.Assess(ctx); err != nil {
		return workforce.PersonnelRecord{}, err
	}
	return personnelRecord(ctx, &tx.Reader, id)
}

// ContractDates is a change of a person's first and last day.
type ContractDates struct {
	Start          workforce.Date
	Separation     *workforce.Date // nil clears it, unless KeepSeparation
	KeepSeparation bool
}

// SetContractDates sets a person's dates by hand, which pins exactly those
// that are given against the sources.
func (s *Service) SetContractDates(ctx context.Context, id workforce.PersonnelID, d ContractDates) (workforce.PersonnelRecord, error) {
	return s.changePersonnel(ctx, workforce.ScopePersonnelDates, id, "personnel.dates_set",
		func(tx *store.Tx, who auth.Principal, before workforce.Personnel) (workforce.Personnel, error) {
			after, now := before, tx.Now()
			after.StartDate = &d.Start
			pins := []workforce.PinField{workforce.PinStartDate}
			if !d.KeepSeparation {
				after.SeparationDate = d.Separation
				pins = append(pins, workforce.PinSeparationDate)
			}
			if err := checkDates(ctx, tx, after); err != nil {
				return before, err
			}
			after.Pins = pinned(before.Pins, who.Actor, now, pins...)
			return touched(before, after, now), nil
		})
}

// StatusChange is a change of a person's employment status. NotHumanReason is
// required for OUT_OF_SCOPE, SeparationDate for FORMER_EMPLOYEE and
// FORMER_CONTRACTOR; where the status does not use one, it is ignored.
type StatusChange struct {
	Status         workforce.EmploymentStatus
	NotHumanReason *string
	SeparationDate *workforce.Date
}

// check is the part of the rules that needs no record.
func (c StatusChange) check() error {
	switch {
	case c.Status == workforce.OutOfScope && workforce.Text(c.NotHumanReason) == "":
		return workforce.RefuseField("notHumanReason", "notHumanReason is required when employmentStatus is OUT_OF_SCOPE: say why this is not a person to check")
	case c.endsEmployment() && c.SeparationDate == nil:
		return workforce.RefuseField("separationDate", "separationDate is required when employmentStatus is %s: give the last day, for example 2020-07-06", c.Status)
	}
	return nil
}

// endsEmployment reports whether the status uses the separation date.
func (c StatusChange) endsEmployment() bool {
	return c.Status == workforce.FormerEmployee || c.Status == workforce.FormerContractor
}

// SetStatus sets a person's employment status by hand, which pins it, and the
// separation date if the status uses one, against the sources.
func (s *Service) SetStatus(ctx context.Context, id workforce.PersonnelID, c StatusChange) (workforce.PersonnelRecord, error) {
	return s.changePersonnel(ctx, workforce.ScopePersonnelStatus, id, "personnel.status_set",
		func(tx *store.Tx, who auth.Principal, before workforce.Personnel) (workforce.Personnel, error) {
			if err := c.check(); err != nil {
				return before, err
			}
			after, now := before, tx.Now()
			after.EmploymentStatus = c.Status
			pins := []workforce.PinField{workforce.PinEmploymentStatus}
			if c.Status == workforce.OutOfScope {
				if !workforce.Same(before.NotHumanReason, c.NotHumanReason) {
					after.NotHumanReason, after.ReasonProviderID = c.NotHumanReason, who.OwnerID
				}
			} else {
				after.NotHumanReason, after.ReasonProviderID = nil, nil
			}
			if c.endsEmployment() {
				after.SeparationDate = c.SeparationDate
				pins = append(pins, workforce.PinSeparationDate)
				if err := checkDates(ctx, tx, after); err != nil {
					return before, err
				}
			}
			after.Pins = pinned(before.Pins, who.Actor, now, pins...)
			if before.StatusUpdatedAt != nil && reflect.DeepEqual(before, after) {
				return before, nil
			}
			after.StatusUpdatedAt, after.UpdatedAt = &now, now
			return after, nil
		})
}

// checkDates refuses dates that cannot be.
func checkDates(ctx context.Context, tx *store.Tx, p workforce.Personnel) error {
	if p.SeparationDate == nil {
		return nil
	}
	if p.StartDate != nil && p.SeparationDate.Before(*p.StartDate) {
		return &workforce.Fault{
			Reason: workforce.ReasonSeparationBeforeStart, Field: "separationDate",
			Message: "separationDate " + string(*p.SeparationDate) + " is before startDate " + string(*p.StartDate) + ": a person cannot leave before they start",
		}
	}
	if !p.EmploymentStatus.Former() {
		return nil
	}
	company, err := tx.Company(ctx)
	if err != nil {
		return err
	}
	if p.SeparationDate.After(company.Today(tx.Now())) {
		return &workforce.Fault{
			Reason: workforce.ReasonSeparationInFuture, Field: "separationDate",
			Message: "separationDate " + string(*p.SeparationDate) + " is in the future, but the person is " + string(p.EmploymentStatus) + ": keep a current status until that day",
		}
	}
	return nil
}
