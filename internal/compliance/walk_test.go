package compliance_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// TestTheRecordIsWhatAnAssessmentFromScratchGives changes facts of every kind,
// and the clock, at random. After each change the checks on record must be those
// that a decision from scratch gives, and everyone's next moment as well.
func TestTheRecordIsWhatAnAssessmentFromScratchGives(t *testing.T) {
	t.Parallel()
	steps := 150
	if testing.Short() {
		steps = 40
	}
	if os.Getenv("PASSMUSTER_SOAK") != "" {
		steps = 5000
	}
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		t.Helper()
		w := newWalk(t, d, 11)
		w.compare("the beginning")
		for i := range steps {
			op := w.step()
			w.settle()
			w.compare(fmt.Sprintf("step %d: %s", i, op))
			if t.Failed() {
				return
			}
		}
		w.verify()
	})
}

// walk is a company that is changed at random.
type walk struct {
	*testing.T
	ctx  context.Context
	rng  *rand.Rand
	db   *store.DB
	svc  *compliance.Service
	now  time.Time
	many int

	groups   []workforce.GroupID
	policies []workforce.PolicyID
}

const walkPeople = 12

func newWalk(t *testing.T, d storetest.Database, seed uint64) *walk {
	t.Helper()
	w := &walk{T: t, rng: rand.New(rand.NewPCG(seed, 5)), now: time.Date(2026, 3, 14, 9, 26, 53, 589e6, time.UTC)}
	db, err := store.Open(t.Context(), d.DSN, store.Options{Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	w.db, w.svc = db, compliance.New(db, nil)
	w.ctx = auth.With(t.Context(), auth.CommandLine())
	c := storetest.NewCompany(seed, walkPeople)
	c.Load(t, db)
	for _, g := range c.Groups {
		w.groups = append(w.groups, g.ID)
	}
	return w
}

func (w *walk) write(f func(tx *store.Tx) error) {
	w.Helper()
	if err := w.db.Write(w.ctx, storetest.Cause, f); err != nil {
		w.Fatal(err)
	}
}

// may takes an error that says what cannot be, which changes nothing.
func (w *walk) may(err error) {
	w.Helper()
	if err != nil && !workforce.IsKind(err, workforce.KindConflict) && !workforce.IsKind(err, workforce.KindInvalid) && !workforce.IsKind(err, workforce.KindNotFound) {
		w.Fatal(err)
	}
}

func (w *walk) settle() {
	w.Helper()
	if _, err := compliance.Settle(w.ctx, w.db, nil); err != nil {
		w.Fatal(err)
	}
}

// compare decides everyone's checks from scratch.
func (w *walk) compare(after string) {
	w.Helper()
	err := w.db.Read(w.ctx, func(r *store.Reader) error {
		company, err := r.AssessedCompany(w.ctx)
		if err != nil {
			return err
		}
		var ids []workforce.PersonnelID
		for id := range workforce.PersonnelID(walkPeople) {
			ids = append(ids, id+1)
		}
		facts, err := r.Facts(w.ctx, company, ids)
		if err != nil || len(facts) != len(ids) {
			return fmt.Errorf("%d people: %w", len(facts), err)
		}
		for i := range facts {
			if err := w.comparePerson(r, &facts[i], after); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *walk) comparePerson(r *store.Reader, f *store.PersonFacts, after string) error {
	again := check.Decide(&f.Facts, w.now)
	if !slices.EqualFunc(again.Checks(), f.Previous, sameCheck) {
		w.Errorf("after %s: personnel %d: to decide again changes\n%v\nto\n%v", after, f.Personnel.ID, f.Previous, again.Checks())
	}
	scratch := f.Facts
	scratch.Previous = nil
	fresh := check.Decide(&scratch, w.now)
	for i, c := range fresh.Checks() {
		if was := f.Previous[i]; was.Type != c.Type || was.Status != c.Status || !sameTime(was.ExpiresAt, c.ExpiresAt) {
			w.Errorf("after %s: personnel %d has %v, from scratch %v", after, f.Personnel.ID, was, c)
		}
	}
	for _, d := range f.Devices {
		if want, ok := again.Devices[d.ID]; ok {
			for i := range want {
				if i >= len(d.Checks) || d.Checks[i].Status != want[i].Status {
					w.Errorf("after %s: device %d has %v, decided again %v", after, d.ID, d.Checks, want)
					break
				}
			}
		}
	}
	a, ok, err := r.AssessmentOf(w.ctx, f.Personnel.ID)
	if err == nil && (!ok || !sameTime(a.DueAt, again.NextDue)) {
		w.Errorf("after %s: personnel %d is due at %v, want %v", after, f.Personnel.ID, a.DueAt, again.NextDue)
	}
	return err
}

func sameCheck(a, b workforce.Check) bool {
	return a.Type == b.Type && a.Status == b.Status && a.CheckFrequency == b.CheckFrequency && sameTime(a.CompletionDate, b.CompletionDate) &&
		sameTime(a.ExpiresAt, b.ExpiresAt) && sameTime(a.LastCheckedAt, b.LastCheckedAt) && a.CreatedAt.Equal(b.CreatedAt) && a.UpdatedAt.Equal(b.UpdatedAt)
}

func sameTime(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

func (w *walk) verify() {
	w.Helper()
	v, err := w.db.Verify(w.ctx, nil)
	if err != nil || len(v.Problems) > 0 {
		w.Errorf("verifying: %v, %v", v.Problems, err)
	}
}

func (w *walk) person() workforce.PersonnelID {
	return workforce.PersonnelID(1 + w.rng.IntN(walkPeople))
}
func (w *walk) user() workforce.UserID { return workforce.UserID(w.person()) }

func (w *walk) chance(percent int) bool { return w.rng.IntN(100) < percent }

// around is an instant some weeks before or after now.
func (w *walk) around() time.Time {
	return w.now.Add(time.Duration(w.rng.Int64N(int64(120*24*time.Hour))) - 60*24*time.Hour).Truncate(time.Millisecond)
}

func (w *walk) earlier() time.Time {
	return w.now.Add(-time.Duration(w.rng.Int64N(int64(500 * 24 * time.Hour)))).Truncate(time.Millisecond)
}

func one[T any](w *walk, of []T) T { return of[w.rng.IntN(len(of))] }
