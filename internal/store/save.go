package store

import (
	"context"
	"fmt"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Replacement is a record as it was and as it is to be. Before is nil for a new
// one, which gets its number. Whoever gives Before has read it after locking
// what the record belongs to: the user, the personnel record, or itself.
type Replacement[T any] struct {
	Before, After *T
}

// What many of are saved at once.
type (
	// TrainingChange is a training that is saved.
	TrainingChange = Replacement[workforce.Training]
	// BackgroundCheckChange is a background check that is saved.
	BackgroundCheckChange = Replacement[workforce.BackgroundCheck]
	// DeviceChange is a device that is saved.
	DeviceChange = Replacement[workforce.Device]
)

// keptFields are the fields of a record that the store gives it where the
// caller does not.
type keptFields[T any] func(*T) (id *int64, created, updated *time.Time)

// settle gives a record the number that it had, and its times where they are
// zero: those that it had, or the transaction's own for a change. It tells
// whether anything changes.
func (c Replacement[T]) settle(now time.Time, fields keptFields[T]) bool {
	id, created, updated := fields(c.After)
	untold := updated.IsZero()
	if c.Before != nil {
		was, wasCreated, wasUpdated := fields(c.Before)
		*id = *was
		if created.IsZero() {
			*created = *wasCreated
		}
		if untold {
			*updated = *wasUpdated
		}
		if equal(*c.Before, *c.After) {
			return false
		}
	}
	if created.IsZero() {
		*created = now
	}
	if untold {
		*updated = now
	}
	return true
}

// payload is the record as it was, for the log; nil if it is new.
func (c Replacement[T]) payload() any {
	if c.Before == nil {
		return nil
	}
	return *c.Before
}

// kind is what happened to a record, for the log.
func (c Replacement[T]) kind(subject Subject) string {
	if c.Before == nil {
		return string(subject) + ".created"
	}
	return string(subject) + ".updated"
}

// number gives the new ones among some records their numbers. No record may
// come twice.
func number[T any](ctx context.Context, tx *Tx, name string, changes []Replacement[T], fields keptFields[T]) error {
	added := 0
	seen := make(map[int64]bool, len(changes))
	for _, c := range changes {
		if c.Before == nil {
			added++
			continue
		}
		id, _, _ := fields(c.Before)
		if seen[*id] {
			return fmt.Errorf("saving %s: number %d comes twice: join its changes first", name, *id)
		}
		seen[*id] = true
	}
	if added == 0 {
		return nil
	}
	next, err := tx.nextIDs(ctx, name, added)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if c.Before == nil {
			id, _, _ := fields(c.After)
			*id = next
			next++
		}
	}
	return nil
}

// deleteIDs deletes the rows of a table in which a column has one of the
// numbers.
func deleteIDs[T ~int64](ctx context.Context, tx *Tx, table, column string, ids []T) error {
	err := inChunks(ids, func(ids []T) error {
		list, args := inList(1, ids)
		_, err := tx.exec(ctx, `DELETE FROM `+table+` WHERE `+column+` IN (`+list+`)`, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("deleting from %s: %w", table, err)
	}
	return nil
}

// keyID is the key of most tables.
var keyID = []string{"id"}
