package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

var trainingPart = userPart[workforce.Training]{
	name: "training", table: "trainings", columns: trainingColumns, row: trainingRow,
	fields: func(t *workforce.Training) (id *int64, created, updated *time.Time) {
		return &t.ID, &t.CreatedAt, &t.UpdatedAt
	},
	owner: func(t *workforce.Training) workforce.UserID { return t.UserID },
	of:    func(p *userPayload) *[]workforce.Training { return &p.Trainings },
}

// Trainings gives the trainings of users, by number.
func (r *Reader) Trainings(ctx context.Context, users []workforce.UserID) (map[workforce.UserID][]workforce.Training, error) {
	out := map[workforce.UserID][]workforce.Training{}
	err := inChunks(distinct(users), func(users []workforce.UserID) error {
		list, args := inList(1, users)
		return r.each(ctx, func(rows *sql.Rows) error {
			var t workforce.Training
			err := scanTraining(rows, &t)
			out[t.UserID] = append(out[t.UserID], t)
			return err
		}, `SELECT `+trainingFields+` FROM trainings WHERE user_id IN (`+list+`) ORDER BY id`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading trainings: %w", err)
	}
	return out, nil
}

// SaveTraining keeps a training; before is what was read after [Tx.LockUser],
// nil for a new one, which gets its number. Times that are zero are filled in.
// Equal values are not written. A second one of the same user, type and course
// is refused with [workforce.ReasonDuplicate].
func (tx *Tx) SaveTraining(ctx context.Context, before, after *workforce.Training) error {
	return tx.SaveTrainings(ctx, []TrainingChange{{before, after}})
}

// SaveTrainings is [Tx.SaveTraining] for many, with a few statements for some
// hundreds. No training may come twice.
func (tx *Tx) SaveTrainings(ctx context.Context, changes []TrainingChange) error {
	return trainingPart.save(ctx, tx, changes)
}

// DeleteTraining removes a training; one that is gone already is no error.
func (tx *Tx) DeleteTraining(ctx context.Context, t workforce.Training) error {
	return trainingPart.remove(ctx, tx, t)
}
