package storetest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// evidenceIsReadAgain compares the evidence of a company with what is read.
func evidenceIsReadAgain(ctx context.Context, t *testing.T, r *store.Reader, company *storetest.Company) error {
	t.Helper()
	var users []workforce.UserID
	for _, p := range company.People {
		users = append(users, p.User.ID, p.User.ID)
	}
	trainings, err := r.Trainings(ctx, users)
	if err != nil {
		return err
	}
	acknowledgements, err := r.Acknowledgements(ctx, users)
	if err != nil {
		return err
	}
	backgroundChecks, err := r.BackgroundChecks(ctx, users)
	if err != nil {
		return err
	}
	for _, p := range company.People {
		same(t, "trainings", trainings[p.User.ID], p.Trainings)
		same(t, "acknowledgements", acknowledgements[p.User.ID], p.Acknowledgements)
		same(t, "background checks", backgroundChecks[p.User.ID], p.BackgroundChecks)
	}
	policies, err := r.Policies(ctx)
	same(t, "policies", policies, company.Policies)
	if err != nil {
		return err
	}
	for _, want := range company.Policies {
		p, ok, err := r.Policy(ctx, want.ID)
		if err != nil || !ok {
			t.Errorf("policy %d: %v, error %v", want.ID, ok, err)
		}
		same(t, "a policy", p, want)
	}
	exclusions, err := r.Exclusions(ctx)
	same(t, "exclusions", exclusions, company.Exclusions)
	if err != nil {
		return err
	}
	for id, want := range company.Apps {
		apps, total, err := r.Apps(ctx, id, 1, 1)
		if err != nil || total != int64(len(want)) {
			t.Errorf("device %d has %d apps, error %v", id, total, err)
		}
		same(t, "the second app", append([]workforce.App{}, apps...), want[1:min(2, len(want))])
	}
	rules, err := r.Rules(ctx)
	same(t, "rules", rules, workforce.DefaultRules())
	return err
}

// loaded opens a database with a small company in it.
func loadedCompany(t *testing.T, open func() *store.DB) (*store.DB, *storetest.Company) {
	t.Helper()
	db, company := open(), storetest.NewCompany(5, 20)
	company.Load(t, db)
	return db, company
}

// refused runs f in one transaction, which must be refused with the reason.
func refused(t *testing.T, db *store.DB, what string, reason workforce.Reason, f func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	err := db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error { return f(t.Context(), tx) })
	if !workforce.IsReason(err, reason) {
		t.Errorf("%s: %v is not a fault with the reason %s", what, err, reason)
	}
}

// Rules are the defaults until some are saved.
func TestRulesAreSaved(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, _ := loadedCompany(t, open)
		var want workforce.Rules
		save := func(seconds int64) {
			write(t, db, func(ctx context.Context, tx *store.Tx) error {
				before, err := tx.LockRules(ctx)
				want = before
				want.ScreenLockSeconds = seconds
				want.Checks = slices.Clone(before.Checks)
				want.Checks[3].Sources, want.Checks[3].GroupIDs = []workforce.DeviceSource{}, []workforce.GroupID{4, 1}
				err = orElse(err, func() error { return tx.SaveRules(ctx, before, want) })
				want.UpdatedAt = workforce.Ptr(tx.Now())
				return err
			})
			read(t, db, func(ctx context.Context, r *store.Reader) error {
				got, err := r.Rules(ctx)
				same(t, "rules", got, want)
				return err
			})
		}
		save(60)
		save(61)
		rows := subjectChanges(t, db, store.SubjectRules, 1)
		var was workforce.Rules
		decode(t, rows[0].Before, &was)
		same(t, "rules before any were saved", was, workforce.DefaultRules())
		seq := head(t, db)
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			before, err := tx.LockRules(ctx)
			again := before
			again.UpdatedAt = workforce.Ptr(later)
			return orElse(err, func() error { return tx.SaveRules(ctx, before, again) })
		})
		if head(t, db) != seq {
			t.Error("equal rules were logged")
		}
		refused(t, db, "a group that there is not", workforce.ReasonBadRequest, func(ctx context.Context, tx *store.Tx) error {
			after := workforce.DefaultRules()
			after.Checks[1].GroupIDs = []workforce.GroupID{99}
			return tx.SaveRules(ctx, want, after)
		})
		verified(t, db)
	})
}

// A person has the exclusions that name them, and those of their groups.
func TestExclusionsOfPeople(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, company := loadedCompany(t, open)
		ids := make([]workforce.PersonnelID, len(company.People))
		for i, p := range company.People {
			ids[i] = p.Personnel.ID
		}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			got, err := r.ExclusionsOf(ctx, slices.Concat(ids, ids))
			for _, p := range company.People {
				var want []workforce.Exclusion
				for _, e := range company.Exclusions {
					if e.PersonnelID != nil && *e.PersonnelID == p.Personnel.ID || e.GroupID != nil && slices.Contains(p.GroupIDs, *e.GroupID) {
						want = append(want, e)
					}
				}
				same(t, "exclusions", got[p.Personnel.ID], want)
			}
			return err
		})
		moved := company.Exclusions[0]
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			e, _, err := tx.LockExclusion(ctx, moved.ID)
			moved.PersonnelID, moved.UpdatedAt = workforce.Ptr(workforce.PersonnelID(9)), time.Time{}
			moved.Checks = []workforce.CheckType{"NIST_AI_TRAINING", "IDENTITY_MFA", "NIST_AI_TRAINING"}
			return orElse(err, func() error { return tx.SaveExclusion(ctx, &e, &moved) })
		})
		if !slices.Equal(moved.Checks, []workforce.CheckType{"IDENTITY_MFA", "NIST_AI_TRAINING"}) || moved.UpdatedAt.IsZero() {
			t.Errorf("it was saved as %+v", moved)
		}
		for _, of := range []*workforce.Exclusion{{}, {PersonnelID: moved.PersonnelID, GroupID: workforce.Ptr(workforce.GroupID(1))}} {
			if err := db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error { return tx.SaveExclusion(t.Context(), nil, of) }); err == nil {
				t.Errorf("%+v was saved", of)
			}
		}
		verified(t, db)
	})
}

// A training is one of a user, a type and a course, whatever the course's case.
func TestTrainingsAreUnique(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, _ := loadedCompany(t, open)
		one := newTraining(3, "Straße")
		write(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.SaveTraining(ctx, nil, one) })
		if one.ID == 0 || one.CreatedAt.IsZero() || !one.CreatedAt.Equal(one.UpdatedAt) {
			t.Errorf("it was kept as %+v", one)
		}
		refused(t, db, "the same course", workforce.ReasonDuplicate, func(ctx context.Context, tx *store.Tx) error {
			return tx.SaveTraining(ctx, nil, newTraining(3, "STRASSE"))
		})
		twice := *one
		twice.State = workforce.TrainingCompleted
		err := db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error {
			return tx.SaveTrainings(t.Context(), []store.TrainingChange{{Before: one, After: &twice}, {Before: one, After: &twice}})
		})
		if err == nil || !strings.Contains(err.Error(), "comes twice") {
			t.Errorf("one training twice: %v", err)
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			other := *newTraining(3, "STRASSE")
			other.Type = workforce.CheckHIPAATraining
			err := tx.SaveTrainings(ctx, []store.TrainingChange{{After: &other}, {After: newTraining(4, "Straße")}})
			moved := *one
			moved.UserID = 5
			return orElse(err, func() error { return tx.SaveTraining(ctx, one, &moved) })
		})
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			return orElse(tx.DeleteTraining(ctx, *one), func() error { // it is another's by now
				all, err := tx.Trainings(ctx, []workforce.UserID{5})
				if n := len(all[5]); n == 0 || all[5][n-1].ID != one.ID {
					t.Errorf("it did not move: %+v", all[5])
				}
				return err
			})
		})
		verified(t, db)
	})
}
