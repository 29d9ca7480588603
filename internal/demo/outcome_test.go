package demo

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The tests in this file load the company and look at the checks that the
// database computes.

// loaded is a database with a company, and a clock that can be set.
type loaded struct {
	*store.DB
	now atomic.Pointer[time.Time]
}

func load(t *testing.T, c *Company, now time.Time) *loaded {
	t.Helper()
	l := &loaded{}
	l.now.Store(&now)
	l.DB = openSQLite(t, store.Options{Now: func() time.Time { return *l.now.Load() }})
	if err := Load(t.Context(), l.DB, c, nil); err != nil {
		t.Fatal(err)
	}
	return l
}

// records are all personnel records, that of user n at n-1.
func (l *loaded) records(t *testing.T, people int) []workforce.PersonnelRecord {
	t.Helper()
	ids := make([]workforce.PersonnelID, people)
	for i := range ids {
		ids[i] = workforce.PersonnelID(i + 1)
	}
	var records []workforce.PersonnelRecord
	err := l.Read(t.Context(), func(r *store.Reader) (err error) {
		records, err = r.PersonnelRecords(t.Context(), ids)
		return err
	})
	if err != nil || len(records) != people {
		t.Fatalf("%d of %d records: %v", len(records), people, err)
	}
	return records
}

func TestEveryCheckHasEveryOutcome(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		if len(w.people) > DefaultPeople {
			continue
		}
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			count := map[workforce.CheckType]map[workforce.CheckStatus]int{}
			for _, c := range workforce.AllCheckTypes {
				count[c] = map[workforce.CheckStatus]int{}
			}
			for i, p := range load(t, w.Company, noon).records(t, len(w.people)) {
				for _, c := range p.Checks {
					count[c.Type][c.Status]++
				}
				if i < founders && p.Checks[0].Status != workforce.CheckPass {
					t.Errorf("personnel %d, of the samples, is not compliant: %+v", i+1, p.Checks)
				}
			}
			for _, c := range workforce.AllCheckTypes {
				for _, s := range workforce.AllCheckStatuses {
					if count[c][s] == 0 {
						t.Errorf("no %s is %s", c, s)
					}
				}
			}
			plausible(t, count)
		})
	}
}

// plausible looks whether most people meet most of what they are asked.
func plausible(t *testing.T, count map[workforce.CheckType]map[workforce.CheckStatus]int) {
	t.Helper()
	for c, by := range count {
		asked := by[workforce.CheckPass] + by[workforce.CheckFail] + by[workforce.CheckMisconfigured]
		want := asked * 6 / 10
		switch c {
		case workforce.CheckFullCompliance: // who misses one of the others misses it
			want = asked / 3
		case workforce.CheckOffboarding:
			want = asked / 4
		default:
		}
		if by[workforce.CheckPass] < want {
			t.Errorf("%s passes for %d of %d people", c, by[workforce.CheckPass], asked)
		}
	}
}

// The company is in time zones where the reference day has not begun, too.
func TestTheHourOfTheDayDoesNotMatter(t *testing.T) {
	t.Parallel()
	c := New(DefaultSeed, DefaultPeople, noon)
	morning := load(t, c, midnight(noon)).records(t, DefaultPeople)
	for i, p := range load(t, c, midnight(noon).Add(24*time.Hour-time.Millisecond)).records(t, DefaultPeople) {
		for j, is := range p.Checks {
			if was := morning[i].Checks[j]; was.Status != is.Status {
				t.Errorf("%s of personnel %d is %s in the morning and %s in the evening", is.Type, i+1, was.Status, is.Status)
			}
		}
	}
}

func TestOutcomesChangeAllTheYear(t *testing.T) {
	t.Parallel()
	const people = 120
	l := load(t, New(DefaultSeed, people, noon), noon)
	before := l.records(t, people)
	for month := 1; month <= 12; month++ {
		now := noon.AddDate(0, month, 0)
		l.now.Store(&now)
		for {
			done, err := l.AssessDue(t.Context(), people)
			if err != nil {
				t.Fatal(err)
			}
			if done == 0 {
				break
			}
		}
		after, flips := l.records(t, people), 0
		for i := range after {
			for j, c := range after[i].Checks {
				if c.Type != workforce.CheckFullCompliance && c.Status != before[i].Checks[j].Status {
					flips++
				}
			}
		}
		if flips == 0 {
			t.Errorf("no outcome changes in month %d", month)
		}
		before = after
	}
}
