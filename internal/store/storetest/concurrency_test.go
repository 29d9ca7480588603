package storetest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// A reader during a write neither waits nor sees it; a snapshot that began
// before a commit does not see it later either; the next one does.
func TestAReaderSeesOneSnapshot(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		createPairs(t, db, 1)
		name := func(r *store.Reader) string {
			accounts, err := r.AccountsOf(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			return workforce.Text(accounts["0"].Username)
		}
		written, commit, committed := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			committed <- db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error {
				a, _, err := tx.LockAccount(t.Context(), workforce.Infrastructure, 1)
				after := a
				after.Username = workforce.Ptr("1")
				err = orElse(err, func() error { return tx.UpdateAccount(t.Context(), a, after, "account.renamed") })
				close(written)
				<-commit
				return err
			})
		}()
		<-written
		// Whoever waits for the writer here waits for ever: the commit comes after.
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		err := db.Read(ctx, func(r *store.Reader) error {
			before := name(r)
			close(commit)
			if err := <-committed; err != nil {
				return err
			}
			if after := name(r); before != "0" || after != "0" {
				t.Errorf("the snapshot saw %q, then %q", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		read(t, db, func(_ context.Context, r *store.Reader) error {
			if now := name(r); now != "1" {
				t.Errorf("the next snapshot sees %q", now)
			}
			return nil
		})
	})
}

// Two writers that lock two people in opposite order: PostgreSQL ends one of
// them, which is run again; SQLite lets one wait. Both writes are done.
func TestWritersThatDeadlockAreRunAgain(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		for n := range 2 {
			write(t, db, func(ctx context.Context, tx *store.Tx) error { return second(addPerson(ctx, tx, n)) })
		}
		locked := []chan struct{}{make(chan struct{}), make(chan struct{})}
		runs := []int{0, 0}
		errs := make(chan error, 2)
		for w := range 2 {
			go func() {
				errs <- db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error {
					first, other := workforce.PersonnelID(1+w), workforce.PersonnelID(2-w)
					if err := touch(t.Context(), tx, first); err != nil {
						return err
					}
					if runs[w]++; runs[w] == 1 && d.Dialect == "postgres" {
						close(locked[w])
						<-locked[1-w]
					}
					return touch(t.Context(), tx, other)
				})
			}()
		}
		if err := errors.Join(<-errs, <-errs); err != nil {
			t.Fatal(err)
		}
		if total := runs[0] + runs[1]; d.Dialect == "postgres" && total < 3 {
			t.Errorf("the writers ran %d times: there was no deadlock to test", total)
		}
		for id := range int64(2) {
			if rows := subjectChanges(t, db, store.SubjectPersonnel, 1+id); len(rows) != 3 {
				t.Errorf("personnel %d has %d changes, want its creation and two", 1+id, len(rows))
			}
		}
		verified(t, db)
	})
}

// touch changes something about a person.
func touch(ctx context.Context, tx *store.Tx, id workforce.PersonnelID) error {
	p, ok, err := tx.LockPersonnel(ctx, id)
	if err != nil || !ok {
		return err
	}
	after := p
	after.UpdatedAt = p.UpdatedAt.Add(time.Hour)
	return tx.UpdatePersonnel(ctx, p, after, "personnel.touched")
}

// A writer that waits for another can be called off.
func TestAWaitingWriterCanBeCalledOff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, other := open(), open()
		write(t, db, func(ctx context.Context, tx *store.Tx) error { return second(addPerson(ctx, tx, 0)) })
		holding, release, released := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			released <- db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error {
				err := touch(t.Context(), tx, 1)
				close(holding)
				<-release
				return err
			})
		}()
		<-holding
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err := other.Write(ctx, storetest.Cause, func(tx *store.Tx) error { return touch(ctx, tx, 1) })
		if err == nil {
			t.Error("two writers hold the same person")
		}
		close(release)
		if err := <-released; err != nil {
			t.Error(err)
		}
		write(t, other, func(ctx context.Context, tx *store.Tx) error { return touch(ctx, tx, 1) })
		verified(t, db)
	})
}

// More writes and reads fail than there are connections: what they used is free
// again.
func TestFailedWritesGiveTheirConnectionsBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		for range 40 {
			if err := db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error {
				_ = second(addPerson(t.Context(), tx, 0))
				return errOnPurpose
			}); !errors.Is(err, errOnPurpose) {
				t.Fatal(err)
			}
			_ = db.Read(t.Context(), func(r *store.Reader) error {
				_, _ = r.Groups(t.Context())
				return errOnPurpose
			})
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error { return second(addPerson(ctx, tx, 0)) })
	})
}
