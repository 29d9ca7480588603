package storetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

const writers = 16

// rename gives a group of two accounts a new name, the same for both: a reader
// that ever sees two names has seen half a write.
func rename(ctx context.Context, db *store.DB, pair int, name string) error {
	return db.Write(ctx, storetest.Cause, func(tx *store.Tx) error {
		for _, id := range []workforce.AccountID{workforce.AccountID(2*pair + 1), workforce.AccountID(2*pair + 2)} {
			a, ok, err := tx.LockAccount(ctx, workforce.Infrastructure, id)
			if err != nil || !ok {
				return errors.Join(err, fmt.Errorf("account %d: found %v", id, ok))
			}
			after := a
			after.Username = &name
			if err := tx.UpdateAccount(ctx, a, after, "account.renamed"); err != nil {
				return err
			}
		}
		return nil
	})
}

// createPairs makes the accounts that rename renames.
func createPairs(t *testing.T, db *store.DB, pairs int) {
	t.Helper()
	write(t, db, func(ctx context.Context, tx *store.Tx) error {
		err := tx.CreateConnections(ctx, []workforce.Connection{{ClientType: "AWS", State: workforce.ConnectionActive, CreatedAt: later, UpdatedAt: later}})
		if err != nil {
			return err
		}
		accounts := make([]workforce.Account, 2*pairs)
		for i := range accounts {
			accounts[i] = workforce.Account{
				Kind: workforce.Infrastructure, ConnectionID: 1, IdentityID: strconv.Itoa(i), Username: workforce.Ptr("0"), CreatedAt: later, UpdatedAt: later,
			}
		}
		return tx.CreateAccounts(ctx, accounts)
	})
}

// watch is what one reader checks in one snapshot: the log has no gaps, and the
// facts are exactly what the changes up to its head say.
func watch(ctx context.Context, db *store.DB, seen int64) (int64, error) {
	err := db.Read(ctx, func(r *store.Reader) error {
		facts, err := r.AccountsOf(ctx, 1)
		if err != nil {
			return err
		}
		for {
			rows, err := r.Changes(ctx, seen, 500)
			if err != nil {
				return err
			}
			for _, row := range rows {
				if row.Seq != seen+1 {
					return fmt.Errorf("change %d follows %d", row.Seq, seen)
				}
				seen = row.Seq
			}
			if len(rows) == 0 {
				break
			}
		}
		for _, a := range facts {
			rows, err := r.SubjectChanges(ctx, store.SubjectInfrastructure, int64(a.ID))
			if err != nil {
				return err
			}
			last, err := accountIn(rows[len(rows)-1])
			if err != nil {
				return err
			}
			if workforce.Text(last.Username) != workforce.Text(a.Username) {
				return fmt.Errorf("at change %d account %d is called %s, its newest change says %s",
					seen, a.ID, workforce.Text(a.Username), workforce.Text(last.Username))
			}
			partner := strconv.Itoa((int(a.ID) - 1) ^ 1)
			if p := facts[partner]; workforce.Text(p.Username) != workforce.Text(a.Username) {
				return fmt.Errorf("accounts %d and %d are of different writes", a.ID, p.ID)
			}
		}
		return nil
	})
	return seen, err
}

// Under sixteen writers the numbers have no gaps and are in commit order: what
// a reader has seen only ever grows at its end, and it sees the facts of every
// change that it sees, and of no other.
func TestTheLogIsInCommitOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		rounds := 12
		if testing.Short() {
			rounds = 4
		}
		createPairs(t, db, 4)
		start := head(t, db)
		var writing, reading sync.WaitGroup
		var done atomic.Bool
		errs := make(chan error, 100)
		for w := range writers {
			writing.Go(func() {
				for round := range rounds {
					if err := rename(t.Context(), db, w%4, fmt.Sprintf("%d-%d", w, round)); err != nil {
						errs <- err
						return
					}
				}
			})
		}
		for range 2 {
			reading.Go(func() {
				var seen int64
				var err error
				for last := false; !last; {
					last = done.Load() // once more after the end
					if seen, err = watch(t.Context(), db, seen); err != nil {
						errs <- err
						return
					}
				}
				if want := start + int64(2*writers*rounds); seen != want {
					errs <- fmt.Errorf("a reader saw %d changes in the end, want %d", seen, want)
				}
			})
		}
		writing.Wait()
		done.Store(true)
		reading.Wait()
		close(errs)
		for err := range errs {
			t.Error(err)
		}
		verified(t, db)
	})
}

// The command line beside a running server: two processes write, both are in
// the one log, and each sees at once what the other has written.
func TestProcessesShareADatabase(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		createPairs(t, db, 2)
		start := head(t, db)
		const rounds = 15
		other := child(t, "rename", d.DSN, strconv.Itoa(rounds))
		finished := make(chan struct{})
		go func() {
			defer close(finished)
			run(t, other)
		}()
		for round := range rounds {
			if err := rename(t.Context(), db, round%2, fmt.Sprintf("server-%d", round)); err != nil {
				t.Fatal(err)
			}
			if _, err := watch(t.Context(), db, 0); err != nil {
				t.Fatal(err)
			}
		}
		<-finished
		if got, want := head(t, db), start+4*rounds; got != want {
			t.Errorf("the log ends at %d, want %d", got, want)
		}
		if rows := rowsAfter(t, db, 0); !bothWrote(rows) {
			t.Error("the log does not have the other process's changes")
		}
		verified(t, db)
	})
}

func bothWrote(rows []store.Change) bool {
	actors := map[string]bool{}
	for _, row := range rows {
		actors[row.Actor] = true
	}
	return actors["cli"] && actors["other"]
}

// renameInAnotherProcess is the other side of TestProcessesShareADatabase.
func renameInAnotherProcess(ctx context.Context, args []string) error {
	db, err := store.Open(ctx, args[0], store.Options{})
	if err != nil {
		return err
	}
	rounds, err := strconv.Atoi(args[1])
	for round := 0; err == nil && round < rounds; round++ {
		err = db.Write(ctx, store.Cause{Actor: "other", Cause: "test"}, func(tx *store.Tx) error {
			for id := workforce.AccountID(1); id <= 2; id++ {
				a, _, err := tx.LockAccount(ctx, workforce.Infrastructure, id)
				after := a
				after.Username = workforce.Ptr(fmt.Sprintf("other-%d", round))
				if err := orElse(err, func() error { return tx.UpdateAccount(ctx, a, after, "account.renamed") }); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			_, err = watch(ctx, db, 0)
		}
	}
	return errors.Join(err, db.Close())
}

// A number is given once, also when others take numbers at the same time and
// when a write that took some fails.
func TestNumbersAreGivenOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			id, err := addPerson(ctx, tx, 0)
			if id != 1 {
				t.Errorf("the first person has number %d", id)
			}
			return err
		})
		var wg sync.WaitGroup
		ids := make([][]workforce.PersonnelID, 6)
		for w := range ids {
			wg.Go(func() {
				for i := range 5 {
					var id workforce.PersonnelID
					fail := i == 2
					err := db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) (err error) {
						if id, err = addPerson(t.Context(), tx, 1+10*w+i); err == nil && fail {
							err = errOnPurpose
						}
						return err
					})
					if fail != errors.Is(err, errOnPurpose) || !fail && err != nil {
						t.Errorf("writer %d: %v", w, err)
					}
					if !fail {
						ids[w] = append(ids[w], id)
					}
				}
			})
		}
		wg.Wait()
		given := map[workforce.PersonnelID]bool{1: true}
		for _, of := range ids {
			for _, id := range of {
				if given[id] || id < 1 || id > 40 {
					t.Errorf("number %d: given before %v", id, given[id])
				}
				given[id] = true
			}
		}
		verified(t, db)
	})
}

// accountIn is the account that a change left.
func accountIn(c store.Change) (workforce.Account, error) {
	var a workforce.Account
	err := json.Unmarshal(c.After, &a)
	return a, err
}
