package storetest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// BenchmarkSaveEvidence is what an import costs the store: a thousand records,
// one of each of a thousand people, in one transaction. What deciding the
// people's checks takes is not in it.
func BenchmarkSaveEvidence(b *testing.B) {
	const people = 1000
	saves := map[string]func(ctx context.Context, tx *store.Tx, round int) error{
		"trainings": func(ctx context.Context, tx *store.Tx, round int) error {
			changes := make([]store.TrainingChange, people)
			for i := range changes {
				changes[i].After = newTraining(workforce.UserID(i+1), fmt.Sprintf("round %d", round))
			}
			return tx.SaveTrainings(ctx, changes)
		},
		"background checks": func(ctx context.Context, tx *store.Tx, _ int) error {
			changes := make([]store.BackgroundCheckChange, people)
			for i := range changes {
				changes[i].After = &workforce.BackgroundCheck{UserID: workforce.UserID(i + 1), Status: "OK", Type: "MANUAL"}
			}
			return tx.SaveBackgroundChecks(ctx, changes)
		},
		"acknowledgements": func(ctx context.Context, tx *store.Tx, round int) error {
			p := workforce.Policy{Name: fmt.Sprintf("Round %d", round), AssignedTo: workforce.AssignedToAll, Versions: []workforce.PolicyVersion{{PublishedAt: &later}}}
			if err := tx.SavePolicy(ctx, nil, &p); err != nil {
				return err
			}
			all := make([]workforce.Acknowledgement, people)
			for i := range all {
				all[i] = workforce.Acknowledgement{UserID: workforce.UserID(i + 1), PolicyID: p.ID, Version: 1, AcknowledgedAt: later, Source: "import"}
			}
			return second(tx.SaveAcknowledgements(ctx, all))
		},
		"devices": func(ctx context.Context, tx *store.Tx, _ int) error {
			changes := make([]store.DeviceChange, people)
			for i := range changes {
				changes[i].After = &workforce.Device{
					PersonnelID: workforce.PersonnelID(i + 1), SourceType: "AGENT", Identifiers: []workforce.DeviceIdentifier{{Type: "UUID", Identifier: "x"}},
				}
			}
			return tx.SaveDevices(ctx, changes)
		},
	}
	for _, dialect := range storetest.Dialects {
		for name, save := range saves {
			b.Run(dialect+"/"+name, func(b *testing.B) {
				db := storetest.New(b, dialect).Open(b)
				storetest.NewCompany(1, people).Load(b, db)
				round := 0
				for b.Loop() {
					round++
					err := db.Write(b.Context(), storetest.Cause, func(tx *store.Tx) error { return save(b.Context(), tx, round) })
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N)/people, "µs/record")
			})
		}
	}
}
