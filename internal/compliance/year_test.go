package compliance_test

import (
	"os"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/demo"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// flip is an outcome that became another.
type flip struct {
	id    workforce.PersonnelID
	check workforce.CheckType
	at    int64 // milliseconds
}

// change is from what to what.
type change struct{ from, to workforce.CheckStatus }

// TestEveryFlipComesAtItsMoment drives the clock of a demo company through a
// year, from one moment at which somebody is due to the next. Every flip on
// record must be one at that very millisecond, and every flip that is found by
// deciding each day from scratch, and searching between two days, on record.
func TestEveryFlipComesAtItsMoment(t *testing.T) {
	t.Parallel()
	people := 120
	if testing.Short() {
		people = 15
	}
	if os.Getenv("PASSMUSTER_SOAK") != "" {
		people = 1000
	}
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		t.Helper()
		y := &year{T: t, now: time.Date(2026, 3, 14, 9, 26, 53, 589e6, time.UTC), flips: map[flip]change{}}
		y.begin(d, people)
		end := y.now.AddDate(1, 0, 0)
		start := y.now
		for y.next(end) {
			y.pass()
		}
		y.now = end
		y.compare(start, end)
		t.Logf("%d flips of %d people at %d moments", len(y.flips), people, y.moments)
	})
}

type year struct {
	*testing.T
	now     time.Time
	db      *store.DB
	hires   *directory.Service
	moments int
	hire    time.Time // the next midnight
	status  map[flip]workforce.CheckStatus
	flips   map[flip]change
	started map[workforce.PersonnelID]bool // whose status changed in the year
	ids     []workforce.PersonnelID
}

func (y *year) begin(d storetest.Database, people int) {
	y.Helper()
	db, err := store.Open(y.Context(), d.DSN, store.Options{Now: func() time.Time { return y.now }})
	if err != nil {
		y.Fatal(err)
	}
	y.Cleanup(func() { _ = db.Close() })
	y.db, y.hires = db, directory.New(db, directory.Options{})
	ctx := auth.With(y.Context(), auth.CommandLine())
	if err := demo.Load(ctx, db, demo.New(1, people, y.now), func(int, int) {}); err != nil {
		y.Fatal(err)
	}
	y.started = map[workforce.PersonnelID]bool{}
	for id := range workforce.PersonnelID(people) {
		y.ids = append(y.ids, id+1)
	}
	y.pass()
	y.flips, y.moments = map[flip]change{}, 0
}

// next goes to the next moment at which somebody is due or a day begins, if it
// is before the end.
func (y *year) next(end time.Time) bool {
	y.Helper()
	var due *time.Time
	if err := y.db.Read(y.Context(), func(r *store.Reader) error {
		var err error
		due, _, err = r.NextAssessment(y.Context(), y.db.Now())
		return err
	}); err != nil {
		y.Fatal(err)
	}
	next := y.hire
	if due != nil && due.Before(next) {
		next = *due
	}
	if !next.After(y.now) {
		y.Fatalf("at %v the next moment is %v", y.now, next)
	}
	if next.After(end) {
		return false
	}
	y.now = next
	return true
}

// pass does what a server does at a moment, and notes what that flipped.
func (y *year) pass() {
	y.Helper()
	y.moments++
	started, midnight, err := y.hires.StartHires(y.Context())
	if err != nil {
		y.Fatal(err)
	}
	y.hire = midnight
	if _, err := compliance.Settle(y.Context(), y.db, nil); err != nil {
		y.Fatal(err)
	}
	is := map[flip]workforce.CheckStatus{}
	if err := y.db.Read(y.Context(), func(r *store.Reader) error {
		records, err := r.PersonnelParts(y.Context(), y.ids)
		for i := range records {
			for _, c := range records[i].Checks {
				is[flip{records[i].ID, c.Type, 0}] = c.Status
			}
		}
		return err
	}); err != nil {
		y.Fatal(err)
	}
	for key, status := range is {
		if was, ok := y.status[key]; ok && was != status {
			y.flips[flip{key.id, key.check, y.now.UnixMilli()}] = change{was, status}
			if started > 0 && y.now.Equal(midnight.AddDate(0, 0, -1)) {
				y.started[key.id] = true
			}
		}
	}
	y.status = is
}

// compare looks for flips without the record.
func (y *year) compare(start, end time.Time) {
	y.Helper()
	var facts []store.PersonFacts
	if err := y.db.Read(y.Context(), func(r *store.Reader) error {
		company, err := r.AssessedCompany(y.Context())
		if err != nil {
			return err
		}
		facts, err = r.Facts(y.Context(), company, y.ids)
		return err
	}); err != nil {
		y.Fatal(err)
	}
	found := 0
	for i := range facts {
		f := &facts[i].Facts
		f.Previous = nil
		if y.started[f.Personnel.ID] {
			continue // their status is another one than at the beginning
		}
		for t := start; t.Before(end); t = t.Add(24 * time.Hour) {
			until := t.Add(24 * time.Hour)
			if until.After(end) {
				until = end
			}
			found += y.between(f, t, until)
		}
	}
	if len(y.flips) == 0 || found == 0 {
		y.Errorf("%d flips on record, %d found: the company has nothing that changes by itself", len(y.flips), found)
	}
	byID := map[workforce.PersonnelID]*check.Facts{}
	for i := range facts {
		byID[facts[i].Personnel.ID] = &facts[i].Facts
	}
	for fl, c := range y.flips {
		if y.started[fl.id] {
			continue
		}
		at := time.UnixMilli(fl.at).UTC()
		before, after := statusAt(byID[fl.id], fl.check, at.Add(-time.Millisecond)), statusAt(byID[fl.id], fl.check, at)
		if before != c.from || after != c.to {
			y.Errorf("%s of %d went from %s to %s at %v on record; from scratch from %s to %s", fl.check, fl.id, c.from, c.to, at, before, after)
		}
	}
}

func statusAt(f *check.Facts, t workforce.CheckType, at time.Time) workforce.CheckStatus {
	v := check.Decide(f, at)
	for i := range v.Results {
		if v.Results[i].Type == t {
			return v.Results[i].Status
		}
	}
	return ""
}

// between finds the flips between two instants, by halving, and gives how many
// there are of those that the two ends show.
func (y *year) between(f *check.Facts, from, to time.Time) int {
	y.Helper()
	a, b := check.Decide(f, from), check.Decide(f, to)
	found := 0
	for i := range a.Results {
		if a.Results[i].Status == b.Results[i].Status {
			continue
		}
		found++
		t := a.Results[i].Type
		low, high := from, to
		for high.Sub(low) > time.Millisecond {
			middle := low.Add(high.Sub(low) / 2).Truncate(time.Millisecond)
			if statusAt(f, t, middle) == a.Results[i].Status {
				low = middle
			} else {
				high = middle
			}
		}
		if _, ok := y.flips[flip{f.Personnel.ID, t, high.UnixMilli()}]; !ok {
			y.Errorf("%s of %d flips at %v, which is not on record", t, f.Personnel.ID, high)
		}
	}
	return found
}
