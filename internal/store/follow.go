package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Touched names a record that a change of the log was about. What belongs to a
// person's employment is named by the personnel record: a device's change
// touches that of whoever has it, and of whoever had it before.
type Touched struct {
	Seq     int64
	Subject Subject // never SubjectDevice
	ID      int64
	User    workforce.UserID // of SubjectUser and SubjectPersonnel: whose record it is
}

// Delta is what happened to the records from one position of the log to a
// later one.
type Delta struct {
	From, To int64     // exclusive, inclusive
	Touched  []Touched // by position
	All      bool      // too much to name: every record may have changed
}

// maxTouched bounds how many changes are followed one by one. Behind more of
// them, to forget everything is cheaper.
const maxTouched = 20_000

// Delta gives what happened after a position, up to this snapshot.
func (r *Reader) Delta(ctx context.Context, after int64) (Delta, error) {
	head, err := r.Position(ctx)
	d := Delta{From: after, To: head}
	if err != nil || head <= after {
		return d, err
	}
	if head-after > maxTouched {
		d.All = true
		return d, nil
	}
	var devices []int64 // positions
	err = r.each(ctx, func(rows *sql.Rows) error {
		var t Touched
		if err := rows.Scan(&t.Seq, &t.Subject, &t.ID); err != nil {
			return err
		}
		switch t.Subject {
		case SubjectDevice:
			devices = append(devices, t.Seq)
			return nil
		case SubjectUser:
			t.User = workforce.UserID(t.ID)
		default: // it is named by its own number
		}
		d.Touched = append(d.Touched, t)
		return nil
	}, `SELECT seq, subject, subject_id FROM changes WHERE seq > $1 ORDER BY seq`, after)
	if err != nil {
		return d, fmt.Errorf("following the log: %w", err)
	}
	if err := r.touchOwners(ctx, &d, devices); err != nil {
		return d, fmt.Errorf("following the changes of devices: %w", err)
	}
	slices.SortStableFunc(d.Touched, func(a, b Touched) int { return cmp.Compare(a.Seq, b.Seq) })
	return d, r.nameUsers(ctx, d.Touched)
}

// touchOwners adds the personnel records whose devices changed at the
// positions, as the payloads have them: the devices' rows only know who has
// them now. Where a payload was erased already, anybody may be meant.
func (r *Reader) touchOwners(ctx context.Context, d *Delta, positions []int64) error {
	return inChunks(positions, func(positions []int64) error {
		list, args := inList(1, positions)
		found := 0
		err := r.each(ctx, func(rows *sql.Rows) error {
			var c Change
			if err := rows.Scan(&c.Seq, scanJSON{&c.Before}, scanJSON{&c.After}); err != nil {
				return err
			}
			found++
			for _, raw := range [][]byte{c.Before, c.After} {
				if raw == nil {
					continue
				}
				device, err := decode[workforce.Device](raw)
				if err != nil {
					return err
				}
				d.Touched = append(d.Touched, Touched{Seq: c.Seq, Subject: SubjectPersonnel, ID: int64(device.PersonnelID)})
			}
			return nil
		}, `SELECT seq, before, after FROM change_payloads WHERE seq IN (`+list+`)`, args...)
		if err == nil && found < len(positions) {
			d.All = true
		}
		return err
	})
}

// nameUsers fills in whose personnel records they are.
func (r *Reader) nameUsers(ctx context.Context, touched []Touched) error {
	var ids []workforce.PersonnelID
	for _, t := range touched {
		if t.Subject == SubjectPersonnel {
			ids = append(ids, workforce.PersonnelID(t.ID))
		}
	}
	users := map[workforce.PersonnelID]workforce.UserID{}
	err := inChunks(ids, func(ids []workforce.PersonnelID) error {
		list, args := inList(1, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			var p workforce.PersonnelID
			var u workforce.UserID
			err := rows.Scan(&p, &u)
			users[p] = u
			return err
		}, `SELECT id, user_id FROM personnel WHERE id IN (`+list+`)`, args...)
	})
	if err != nil {
		return fmt.Errorf("finding whose personnel records changed: %w", err)
	}
	for i := range touched {
		if touched[i].Subject == SubjectPersonnel {
			touched[i].User = users[workforce.PersonnelID(touched[i].ID)]
		}
	}
	return nil
}

// follower keeps what a program remembers of the records true: it tells what
// changed, before anything that was remembered is used again.
type follower struct {
	pos   atomic.Int64  // -1: nothing was followed yet
	mu    sync.Mutex    // held while catching up
	sinks []func(Delta) // under mu
}

// Subscribe has a function told of everything that changes from now on. It
// hears first that everything may have changed. It is called by one goroutine
// at a time, in the log's order, while callers of [DB.CatchUp] wait: so it only
// notes what to forget.
func (db *DB) Subscribe(sink func(Delta)) {
	f := &db.follow
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sinks = append(f.sinks, sink)
	f.pos.Store(-1)
}

// CatchUp brings what is remembered up to the log's head: when it returns, the
// subscribers have heard of every change that was acknowledged before the
// call, by whatever process. It gives the position. Where nothing changed it
// costs about a microsecond on SQLite, and on PostgreSQL a query that is shared
// with other callers.
func (db *DB) CatchUp(ctx context.Context) (int64, error) {
	head, err := db.Head(ctx)
	if err != nil {
		return 0, err
	}
	f := &db.follow
	if pos := f.pos.Load(); pos >= head {
		return pos, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	pos := f.pos.Load()
	if pos >= head { // somebody else did it meanwhile
		return pos, nil
	}
	d := Delta{From: pos, To: head, All: true}
	if pos >= 0 {
		err := db.Read(ctx, func(r *Reader) error {
			var err error
			d, err = r.Delta(ctx, pos)
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	for _, sink := range f.sinks {
		sink(d)
	}
	f.pos.Store(d.To)
	return d.To, nil
}

// Followed is the position up to which the subscribers have heard of changes;
// -1 before the first.
func (db *DB) Followed() int64 { return db.follow.pos.Load() }

type caughtUpKey struct{}

// WithCaughtUp notes in a request's context that [DB.CatchUp] was called on its
// behalf and need not be called again.
func WithCaughtUp(ctx context.Context, pos int64) context.Context {
	return context.WithValue(ctx, caughtUpKey{}, pos)
}

// CatchUpOnce is [DB.CatchUp], unless that was done for this request already.
func (db *DB) CatchUpOnce(ctx context.Context) (int64, error) {
	if pos, ok := ctx.Value(caughtUpKey{}).(int64); ok {
		return pos, nil
	}
	return db.CatchUp(ctx)
}
