package storetest_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Whatever changes of one user in a transaction is one row: before is what the
// first change saw of each part, after is what the last left of it.
func TestPartsOfOneUserGather(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, _ := loadedCompany(t, open)
		user := workforce.UserID(3)
		training, doc := newTraining(user, "kept"), &workforce.Document{UserID: user, Name: "kept", Type: "MFA_EVIDENCE"}
		gone := newTraining(user, "gone")
		check := &workforce.BackgroundCheck{UserID: user, Status: "PENDING", Type: "MANUAL"}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			err := tx.SaveTrainings(ctx, []store.TrainingChange{{After: training}, {After: gone}})
			err = orElse(err, func() error { return tx.SaveDocument(ctx, nil, doc) })
			return orElse(err, func() error { return tx.SaveBackgroundCheck(ctx, nil, check) })
		})
		seq := head(t, db)
		training2, doc2, check2 := *training, *doc, *check
		training2.Source, doc2.Name, check2.Status = "changed", "changed", "OK"
		training3 := training2
		training3.State = workforce.TrainingCompleted
		added := newTraining(user, "added")
		ack := workforce.Acknowledgement{UserID: user, PolicyID: 3, Version: 1, AcknowledgedAt: later}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			for _, step := range []func() error{
				func() error { return tx.SaveTraining(ctx, training, &training2) },
				func() error { return tx.SaveDocument(ctx, doc, &doc2) },
				func() error { return tx.SaveTraining(ctx, nil, added) },
				func() error { return tx.SaveBackgroundCheck(ctx, check, &check2) },
				func() error { return tx.DeleteTraining(ctx, *gone) },
				func() error { return second(tx.SaveAcknowledgement(ctx, &ack)) },
				func() error { return tx.SaveTraining(ctx, &training2, &training3) },
				func() error {
					u, _, err := tx.LockUser(ctx, user)
					after := u
					after.JobTitle = workforce.Ptr("Gathered")
					return orElse(err, func() error { return tx.UpdateUser(ctx, u, after, "user.renamed") })
				},
			} {
				if err := step(); err != nil {
					return err
				}
			}
			return nil
		})
		rows := rowsAfter(t, db, seq)
		if len(rows) != 1 || rows[0].Kind != "user.training_updated" {
			t.Fatalf("logged as %+v", rows)
		}
		type parts struct {
			workforce.User
			BackgroundChecks []workforce.BackgroundCheck
			Documents        []workforce.Document
			Trainings        []workforce.Training
			Acknowledgements []workforce.Acknowledgement
		}
		var was, is parts
		decode(t, rows[0].Before, &was)
		decode(t, rows[0].After, &is)
		same(t, "trainings before", was.Trainings, []*workforce.Training{training, gone})
		same(t, "trainings after", is.Trainings, []*workforce.Training{added, &training3})
		same(t, "documents", [][]workforce.Document{was.Documents, is.Documents}, [][]workforce.Document{{*doc}, {doc2}})
		same(t, "background checks", [][]workforce.BackgroundCheck{was.BackgroundChecks, is.BackgroundChecks}, [][]workforce.BackgroundCheck{{*check}, {check2}})
		same(t, "acknowledgements", [][]workforce.Acknowledgement{was.Acknowledgements, is.Acknowledgements}, [][]workforce.Acknowledgement{nil, {ack}})
		if workforce.Text(is.JobTitle) != "Gathered" || workforce.Text(was.JobTitle) == "Gathered" {
			t.Errorf("the title went from %v to %v", was.JobTitle, is.JobTitle)
		}
		verified(t, db)
	})
}

// Writers of the same people's evidence wait for each other: nothing of either
// is lost.
func TestWritersOfEvidenceDoNotLoseAnything(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, company := loadedCompany(t, open)
		const writers, rounds = 4, 8
		done := make(chan error, writers)
		for n := range writers {
			go func() {
				var err error
				for i := range rounds {
					err = orElse(err, func() error {
						return db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error { return mixed(t.Context(), tx, n, i) })
					})
				}
				done <- err
			}()
		}
		for range writers {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			all, err := r.Trainings(ctx, []workforce.UserID{2, 3})
			for user, trainings := range all {
				if got, want := len(trainings)-len(company.People[user-1].Trainings), writers*rounds; got != want {
					t.Errorf("user %d got %d trainings, want %d", user, got, want)
				}
			}
			return err
		})
		verified(t, db)
		partsOf(t, db)
	})
}

// mixed changes the same users, people and group; each list is in another order
// for every second writer.
func mixed(ctx context.Context, tx *store.Tx, writer, round int) error {
	course := fmt.Sprintf("writer %d, round %d", writer, round)
	trainings := []store.TrainingChange{{After: newTraining(3, course)}, {After: newTraining(2, course)}}
	members := []workforce.PersonnelID{5, 2, 7}
	devices := []store.DeviceChange{{After: &workforce.Device{PersonnelID: 2, SourceType: "AGENT"}}, {After: &workforce.Device{PersonnelID: 3, SourceType: "AGENT"}}}
	if writer%2 == 0 {
		slices.Reverse(trainings)
		slices.Reverse(members)
		slices.Reverse(devices)
	}
	err := tx.SaveTrainings(ctx, trainings)
	err = orElse(err, func() error {
		return tx.SetMembers(ctx, 4, members, []workforce.PersonnelID{workforce.PersonnelID(3 + writer)})
	})
	return orElse(err, func() error { return tx.SaveDevices(ctx, devices) })
}
