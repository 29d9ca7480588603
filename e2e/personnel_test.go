package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// scene is a company of one test, with a client that may do everything.
type scene struct {
	t  *testing.T
	db database
	c  client
}

func demoScene(t *testing.T, d dialect) scene {
	t.Helper()
	db := d.demo(t)
	return scene{t, db, serve(t, db).as(db.key)}
}

// change makes a change that must leave exactly so many rows in the log.
func (s scene) change(rows int64, path, body string) *answer {
	s.t.Helper()
	before := s.db.head(s.t)
	a := s.c.put(s.t, path, body)
	if got := s.db.head(s.t) - before; got != rows {
		s.t.Errorf("%s: %d rows in the change log, want %d", a.call, got, rows)
	}
	return a
}

// same makes a change that holds already: it is answered as the last time and
// leaves no trace.
func (s scene) again(last *answer) {
	s.t.Helper()
	a := s.change(0, last.call.path, last.call.body)
	if string(a.body) != string(last.body) {
		s.t.Errorf("%s: repeated, it is answered\n%.300s\nand before\n%.300s", a.call, a.body, last.body)
	}
}

var isTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

// now checks that a time is about now.
func (s scene) now(a *answer, path string) string {
	s.t.Helper()
	text := a.text(s.t, path)
	at, err := time.Parse(time.RFC3339Nano, text)
	if age := time.Since(at); err != nil || !isTime.MatchString(text) || age < -time.Second || age > patience {
		s.t.Errorf("%s: %s is %s, want now", a.call, path, text)
	}
	return text
}

// A status set by hand is answered, pinned, logged once and taken back by a
// reset, with all that belongs to it.
func TestStatusByHand(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			s := demoScene(t, d)
			const path = "/public/personnel/2/status"
			before := s.c.get(t, "/public/personnel/2")
			before.same(t, "employmentStatus", "CURRENT_EMPLOYEE")

			a := s.change(1, path, `{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":"A mailbox"}`)
			a.same(t, "employmentStatus", "OUT_OF_SCOPE")
			a.same(t, "notHumanReason", "A mailbox")
			a.same(t, "reasonProvider.id", 1) // whoever answers for the key
			a.same(t, "startDate", before.at(t, "startDate"))
			set := s.now(a, "statusUpdatedAt")
			a.same(t, "updatedAt", set)
			s.again(a)
			if got := s.c.get(t, "/public/personnel/2"); string(got.body) != string(a.body) {
				t.Errorf("what was answered is not what is read:\n%.300s\n%.300s", a.body, got.body)
			}

			// What the new status does not use is accepted and ignored.
			a = s.change(1, path, `{"employmentStatus":"UNKNOWN","notHumanReason":"x","separationDate":"nonsense"}`)
			a.same(t, "notHumanReason", "<nil>")
			a.same(t, "reasonProvider", "<nil>")
			a.same(t, "separationDate", before.at(t, "separationDate"))

			for _, former := range []string{"FORMER_EMPLOYEE", "FORMER_CONTRACTOR"} {
				a = s.change(1, path, `{"employmentStatus":"`+former+`","separationDate":"2024-02-29T23:30:00-05:00"}`)
				a.same(t, "employmentStatus", former)
				a.same(t, "separationDate", "2024-02-29") // the day as it was written
			}
			for _, status := range employmentOrder {
				body := fmt.Sprintf(`{"employmentStatus":%q,"notHumanReason":"r","separationDate":"2024-03-01"}`, status)
				s.c.put(t, path, body).same(t, "employmentStatus", status)
			}

			a = s.change(1, "/public/personnel/reset-sync/2", "")
			if got := a.header.Get("X-Personnel-Affected"); got != "1" {
				t.Errorf("X-Personnel-Affected is %q, want 1", got)
			}
			for _, path := range []string{"employmentStatus", "notHumanReason", "reasonProvider", "startDate", "statusUpdatedAt"} {
				a.same(t, path, before.at(t, path))
			}
			s.again(a)
			s.db.verify(t)
		})
	}
}

// The contract's dates: one is set, kept or cleared, and each of the two is
// pinned alone.
func TestContractDates(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			s := demoScene(t, d)
			const path = "/public/personnel/3/contract-dates"
			a := s.change(1, path, `{"startDate":"2020-07-06","separationDate":"2030-01-31"}`)
			a.same(t, "startDate", "2020-07-06")
			a.same(t, "separationDate", "2030-01-31")
			s.again(a)
			status := a.at(t, "statusUpdatedAt")
			a = s.change(1, path, `{"startDate":"2020-07-06T23:30:00-05:00","separationDate":"2020-07-06"}`) // the same day is fine
			a.same(t, "startDate", "2020-07-06")
			a.same(t, "separationDate", "2020-07-06")
			a = s.change(1, path, `{"startDate":"2019-01-01"}`)
			a.same(t, "separationDate", "2020-07-06")
			a = s.change(1, path, `{"startDate":"2019-01-01","separationDate":null}`)
			a.same(t, "separationDate", "<nil>")
			a.same(t, "statusUpdatedAt", status) // the dates are not the status
			s.again(a)
			s.db.verify(t)
		})
	}
}

// A field that was set by hand holds against its source, which goes on
// speaking; a reset takes what the source said last, at once.
func TestPinsHoldAgainstSources(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.empty(t)
			key := db.newKey(t, "--scope", "all")
			s := scene{t, db, serve(t, db).as(key)}
			imports := func(rows string) {
				t.Helper()
				file := filepath.Join(t.TempDir(), "people.csv")
				if err := os.WriteFile(file, []byte("id,email,status,startDate,separationDate\n"+rows), 0o600); err != nil {
					t.Fatal(err)
				}
				db.command(t, "import", "people", file)
			}
			imports("1,ada@example.com,active,2020-01-01,\n2,ben@example.com,active,2020-01-02,\n")
			person := func(id int) *answer { return s.c.get(t, fmt.Sprintf("/public/personnel/%d", id)) }

			s.change(1, "/public/personnel/1/status", `{"employmentStatus":"CURRENT_CONTRACTOR"}`)
			s.change(1, "/public/personnel/2/contract-dates", `{"startDate":"2018-08-08"}`)
			imports("1,ada@example.com,terminated,2020-02-01,2021-01-31\n2,ben@example.com,terminated,2020-02-02,2021-02-28\n")
			person(1).same(t, "employmentStatus", "CURRENT_CONTRACTOR") // by hand
			person(1).same(t, "startDate", "2020-02-01")
			person(1).same(t, "separationDate", "2021-01-31")
			person(2).same(t, "employmentStatus", "FORMER_EMPLOYEE")
			person(2).same(t, "startDate", "2018-08-08") // by hand
			person(2).same(t, "separationDate", "2021-02-28")

			a := s.change(2, "/public/personnel/some/reset-sync", `{"personnelIds":[2,1,2]}`)
			if got := a.header.Get("X-Personnel-Affected"); got != "2" {
				t.Errorf("X-Personnel-Affected is %q, want 2", got)
			}
			a.same(t, "id", 1) // the first in the order of ids
			person(1).same(t, "employmentStatus", "FORMER_EMPLOYEE")
			person(1).same(t, "statusUpdatedAt", "<nil>")
			person(2).same(t, "startDate", "2020-02-02")
			s.again(a)
			db.verify(t)
		})
	}
}

// A reset of some or all: people whom no source knows are skipped, one unknown
// number refuses everything, and the header tells how many were meant.
func TestResetOfSomeAndAll(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			s := demoScene(t, d)
			unknown := s.db.number(t, `SELECT MIN(p.id) FROM personnel p WHERE NOT EXISTS (SELECT 1 FROM source_records s WHERE s.user_id = p.user_id)`)
			known := s.db.number(t, `SELECT COUNT(DISTINCT user_id) FROM source_records`)
			first := s.db.number(t, `SELECT MIN(p.id) FROM personnel p JOIN source_records s ON s.user_id = p.user_id`)
			const some = "/public/personnel/some/reset-sync"

			s.change(1, "/public/personnel/2/status", `{"employmentStatus":"UNKNOWN"}`)
			before := s.db.head(t)
			s.c.refused(t, put(some, `{"personnelIds":[2,999999]}`), http.StatusNotFound)
			if after := s.db.head(t); after != before {
				t.Errorf("a refused reset left %d rows in the log", after-before)
			}
			s.c.get(t, "/public/personnel/2").same(t, "employmentStatus", "UNKNOWN")

			a := s.change(1, some, fmt.Sprintf(`{"personnelIds":[%d,3,2]}`, unknown))
			a.same(t, "id", 2)
			if got := a.header.Get("X-Personnel-Affected"); got != "2" {
				t.Errorf("X-Personnel-Affected is %q, want 2", got)
			}

			pinned := s.db.number(t, `SELECT COUNT(DISTINCT personnel_id) FROM pins p WHERE EXISTS
				(SELECT 1 FROM source_records s JOIN personnel x ON x.user_id = s.user_id WHERE x.id = p.personnel_id)`)
			if pinned == 0 {
				t.Error("nobody in the demo is pinned against a source")
			}
			a = s.change(pinned, "/public/personnel/all/reset-sync", "")
			a.same(t, "id", first)
			if got := a.header.Get("X-Personnel-Affected"); got != fmt.Sprint(known) {
				t.Errorf("X-Personnel-Affected is %q, want %d", got, known)
			}
			s.again(a)
			s.db.verify(t)
		})
	}
}
