package directory

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The same while others write: where a snapshot that began after an answer is of
// the position that the roster had before it, nothing came between, and the two
// say the same.
func TestRosterIsWhatPlainSQLSaysMeanwhile(t *testing.T) {
	t.Parallel()
	const readers = 3
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		w := newWalk(t, d, *oracleSeed)
		w.change() // somebody has written when the first list is made
		var compared, overtaken atomic.Int64
		done := make(chan struct{})
		var reading sync.WaitGroup
		for i := range readers {
			r := w.reader(uint64(i))
			reading.Go(func() {
				for {
					if r.meanwhile() {
						compared.Add(1)
					} else {
						overtaken.Add(1)
					}
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		writes := racingWrites()
		for w.writes < writes {
			w.change()
		}
		close(done)
		reading.Wait()
		if compared.Load() == 0 {
			t.Error("no answer could be compared")
		}
		t.Logf("%d answers compared during %d transactions, %d more were overtaken by one", compared.Load(), w.writes, overtaken.Load())
	})
}

// reader gives a walk of its own over the same handles, for another goroutine.
func (w *walk) reader(number uint64) *walk {
	own := *w
	own.rng = rand.New(rand.NewPCG(w.seed, 100+number))
	own.known.users = slices.Clone(w.known.users)
	own.known.emails = maps.Clone(w.known.emails)
	own.known.freed = slices.Clone(w.known.freed)
	own.known.position = 1
	return &own
}

// meanwhile asks for a list, and compares it if nothing was written meanwhile.
func (w *walk) meanwhile() bool {
	w.Helper()
	s := &session{h: w.handles[w.rng.IntN(len(w.handles))]}
	var err error
	if s.at, err = s.h.lists.at(w.ctx); err != nil {
		w.Error(err)
		return false
	}
	var asked, got any
	var want func() any
	if w.rng.IntN(2) == 0 {
		q, filters := w.drawPersonnel()
		for _, f := range filters {
			f.draw(w, &q)
		}
		q.Page, q.ChangedSince = everything, 0
		if q.Sort == workforce.SortCreated {
			q.Sort = "NAME"
		}
		ids, total, err := s.at.roster.Personnel(w.ctx, q)
		asked, got, want = q, must(w, ids, total, err), func() any { return w.sqlPersonnel(s, q) }
	} else {
		q, filters := w.drawAccounts()
		for _, f := range filters {
			f.draw(w, &q)
		}
		q.Page, q.ChangedSince = everything, 0
		if q.Sort == workforce.SortCreated {
			q.Sort = "USER"
		}
		ids, total, err := s.at.roster.Accounts(w.ctx, q)
		asked, got, want = q, must(w, ids, total, err), func() any { return w.sqlAccounts(s, q) }
	}
	settled := false
	err = s.h.db.Read(w.ctx, func(r *store.Reader) error {
		pos, err := r.Position(w.ctx)
		if settled = pos == s.at.pos; err != nil || !settled {
			return err
		}
		s.r = r
		if rows := fmt.Sprint(want()); fmt.Sprint(got) != rows {
			w.Errorf("%s, position %d, asked %+v:\nroster: %v\nrows:   %s", w.dialect, pos, asked, got, rows)
		}
		return nil
	})
	if err != nil {
		w.Error(err)
	}
	return settled
}

// A person's latest change is the latest of all that is theirs, in whatever
// order the log has it: a new person's devices are logged before them.
func TestChangedSinceIsOfTheLatestChange(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		if _, err := b.lists.at(b.ctx); err != nil { // what comes now is followed
			b.Fatal(err)
		}
		people := []workforce.NewPerson{person("dora@example.com", "2023-01-01", false)}
		people[0].Devices = []workforce.Device{{SourceType: "AGENT", CreatedAt: noon, UpdatedAt: noon}}
		err := b.db.Write(b.ctx, storetest.Cause, func(tx *store.Tx) error { return tx.CreatePeople(b.ctx, people) })
		if err != nil {
			b.Fatal(err)
		}
		q := everybody
		q.Page, q.ChangedSince = everything, b.head()-1
		at, err := b.lists.changedSince(b.ctx, q.ChangedSince)
		if err != nil {
			b.Fatal(err)
		}
		ids, total, err := at.roster.Personnel(b.ctx, q)
		if err != nil || total != 1 || !slices.Equal(ids, []workforce.PersonnelID{people[0].Personnel.ID}) {
			b.Errorf("the last change was of %d, but %v (%d, %v) have changed", people[0].Personnel.ID, ids, total, err)
		}
	})
}
