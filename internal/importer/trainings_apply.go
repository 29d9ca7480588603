package importer

import (
	"cmp"
	"context"
	"reflect"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// ApplyTrainings brings the trainings of a file in. A training is known by the
// person, the type and the course; every other one is new. A completion that
// is on record stays when the same course is assigned again: it counts until it
// is too old. Nothing is removed. The same file again changes nothing.
//
// The principal of the context must hold the scope all. A refusal
// ([workforce.Fault]) comes with the report that says why.
func ApplyTrainings(ctx context.Context, db *store.DB, trainings *Trainings, opts ApplyOptions) (Report, error) {
	return apply(ctx, db, trainings, opts, "trainings", func(j *job) error {
		all, err := claims(ctx, j, trainings.Rows, func(t *Training) string { return t.Email })
		if err != nil {
			return err
		}
		now := j.tx.Now()
		return evidence[Training, workforce.Training]{
			read: j.tx.Trainings,
			save: j.tx.SaveTrainings,
			next: func(known []workforce.Training, c claim[Training]) (before, after *workforce.Training) {
				return nextTraining(known, c, now)
			},
		}.apply(ctx, j, all)
	})
}

// nextTraining is the training of which a row speaks, as it is and as it shall
// be.
func nextTraining(known []workforce.Training, c claim[Training], now time.Time) (before, after *workforce.Training) {
	t := &c.row.Value
	for i := range known {
		if trainingKey(known[i].Type, known[i].Course) == trainingKey(t.Type, t.Course) {
			before = &known[i]
		}
	}
	next := workforce.Training{
		UserID: c.user, Type: t.Type, Course: t.Course, State: t.State, AssignedAt: t.AssignedAt, CompletedAt: t.CompletedAt,
		Source: sourceImport, CreatedAt: now, UpdatedAt: now,
	}
	if before == nil {
		return nil, &next
	}
	next.ID, next.Course, next.CreatedAt, next.UpdatedAt = before.ID, before.Course, before.CreatedAt, before.UpdatedAt
	next.AssignedAt = cmp.Or(t.AssignedAt, before.AssignedAt)
	next.CompletedAt = cmp.Or(t.CompletedAt, before.CompletedAt)
	if before.State == workforce.TrainingCompleted {
		next.State = before.State
	}
	// Who said first what is said again is kept.
	next.Source = before.Source
	if reflect.DeepEqual(next, *before) {
		return before, nil
	}
	next.Source, next.UpdatedAt = sourceImport, now
	return before, &next
}
