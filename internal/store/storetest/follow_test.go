package storetest_test

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The head that a call gives is never behind what was acknowledged before the
// call, on whatever handle that was.
func TestHeadSeesEveryAcknowledgedWrite(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, other := open(), open()
		storetest.NewCompany(1, 3).Load(t, db)
		const writers, writes, readers = 2, 60, 3
		var acknowledged atomic.Int64
		done := make(chan struct{})
		var writing, reading sync.WaitGroup
		for w := range writers {
			writing.Go(func() {
				for i := range writes {
					handle := []*store.DB{db, other}[(w+i)%2]
					renameCompany(t, handle, fmt.Sprintf("%d-%d", w, i))
					head := rawHead(t, handle)
					for {
						old := acknowledged.Load()
						if head <= old || acknowledged.CompareAndSwap(old, head) {
							break
						}
					}
				}
			})
		}
		for range readers {
			reading.Go(func() {
				for {
					least := acknowledged.Load()
					if head, err := db.Head(t.Context()); err != nil || head < least {
						t.Errorf("head %d (%v), %d was acknowledged before", head, err, least)
						return
					}
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		writing.Wait()
		close(done)
		reading.Wait()
	})
}

// renameCompany changes the company, which is one row of the log.
func renameCompany(t *testing.T, db *store.DB, name string) {
	t.Helper()
	err := db.Write(t.Context(), store.Cause{Actor: store.ActorCLI, Cause: "a test"}, func(tx *store.Tx) error {
		c, err := tx.LockCompany(t.Context())
		if err != nil {
			return err
		}
		c.Name = name
		return tx.SaveCompany(t.Context(), c)
	})
	if err != nil {
		t.Error(err)
	}
}

// rawHead is the head as a snapshot has it.
func rawHead(t *testing.T, db *store.DB) (head int64) {
	t.Helper()
	err := db.Read(t.Context(), func(r *store.Reader) (err error) {
		head, err = r.Position(t.Context())
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return head
}

// The head is right after writes from outside this process's knowledge: the
// file is written by a connection that is no handle of ours.
func TestHeadSeesAStranger(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		before, err := db.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		raw := d.Raw(t)
		for i := range 50 {
			set(t, raw, `UPDATE log_head SET seq = seq + 1`)
			if head, err := db.Head(t.Context()); err != nil || head != before+int64(i)+1 {
				t.Fatalf("head %d (%v) after %d commits, want %d", head, err, i+1, before+int64(i)+1)
			}
			if i == 25 && d.Dialect == "sqlite" { // the log begins anew
				set(t, raw, `PRAGMA wal_checkpoint(TRUNCATE)`)
			}
		}
	})
}

func set(t *testing.T, raw *sql.DB, statement string) {
	t.Helper()
	if _, err := raw.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// A subscriber hears of each record that changed, in order and without a gap,
// before CatchUp returns; a device's change names whose it is.
func TestSubscribersHearWhatChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, other := open(), open()
		storetest.NewCompany(1, 4).Load(t, db)
		var heard []store.Delta
		db.Subscribe(func(d store.Delta) { heard = append(heard, d) })
		first := catchUp(t, db)
		if len(heard) != 1 || !heard[0].All || heard[0].To != first {
			t.Fatalf("the first that is heard is %+v, want that all may have changed", heard)
		}
		if again := catchUp(t, db); again != first || len(heard) != 1 {
			t.Errorf("nothing happened, and %+v was heard", heard[1:])
		}
		newcomer := storetest.Person(99)
		newcomer.Devices = []workforce.Device{{SourceType: "AGENT", CreatedAt: newcomer.User.CreatedAt, UpdatedAt: newcomer.User.CreatedAt}}
		write(t, other, func(ctx context.Context, tx *store.Tx) error {
			people := []workforce.NewPerson{newcomer}
			err := tx.CreatePeople(ctx, people)
			newcomer = people[0]
			return err
		})
		renameCompany(t, other, "Renamed")
		last := catchUp(t, db)
		got := map[store.Touched]bool{}
		at := first
		for _, d := range heard[1:] {
			if d.All || d.From != at {
				t.Errorf("heard %+v after %d", d, at)
			}
			at = d.To
			for _, touched := range d.Touched {
				touched.Seq = 0
				got[touched] = true
			}
		}
		want := map[store.Touched]bool{
			{Subject: store.SubjectUser, ID: int64(newcomer.User.ID), User: newcomer.User.ID}:           true,
			{Subject: store.SubjectPersonnel, ID: int64(newcomer.Personnel.ID), User: newcomer.User.ID}: true,
			{Subject: store.SubjectCompany, ID: 1}:                                                      true,
		}
		if at != last || !reflect.DeepEqual(got, want) {
			t.Errorf("heard %v up to %d, want %v up to %d", got, at, want, last)
		}
	})
}

func catchUp(t *testing.T, db *store.DB) int64 {
	t.Helper()
	pos, err := db.CatchUp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return pos
}
