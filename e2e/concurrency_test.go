package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// What the command line changes beside a running server, the next request sees.
func TestCommandLineBesideTheServer(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.empty(t)
			s := serve(t, db)
			total := func(c client) int64 { return c.get(t, "/public/personnel?limit=1").int(t, "total") }

			key := db.newKey(t, "--scope", "all", "--name", "first")
			c := s.as(key)
			if n := total(c); n != 0 {
				t.Errorf("%d people in an empty database", n)
			}
			db.command(t, "demo", "--people", "60")
			if n := total(c); n != 60 {
				t.Errorf("%d people after the demo was loaded, want 60", n)
			}
			file := filepath.Join(t.TempDir(), "people.csv")
			if err := os.WriteFile(file, []byte("email,startDate\nnew.hire@example.com,2024-02-01\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			db.command(t, "import", "people", file)
			if n := total(c); n != 61 {
				t.Errorf("%d people after the import of one, want 61", n)
			}
			c.get(t, "/public/personnel/new.hire%40example.com/email").same(t, "startDate", "2024-02-01")

			for _, set := range []struct {
				args   []string
				status int
			}{
				{[]string{"--plan", "core"}, http.StatusPaymentRequired},
				{[]string{"--plan", "full"}, http.StatusOK},
				{[]string{"--accept-terms=false"}, http.StatusPreconditionFailed},
				{[]string{"--accept-terms=true"}, http.StatusOK},
			} {
				db.command(t, append([]string{"company", "set"}, set.args...)...)
				if a := c.do(t, get("/public/user-identities/infrastructure")); a.status != set.status {
					t.Errorf("after company set %v: %d, want %d", set.args, a.status, set.status)
				}
			}
			db.command(t, "company", "set", "--agent-enabled=false")
			c.get(t, "/public/personnel?limit=1").same(t, "data.0.agentEnabled", false)

			db.command(t, "key", "revoke", "first")
			c.refused(t, get("/public/personnel"), http.StatusUnauthorized)
			if n := total(s.as(db.newKey(t, "--scope", "personnel:list"))); n != 61 {
				t.Errorf("%d people with a new key, want 61", n)
			}
			db.verify(t)
		})
	}
}

// What one server has acknowledged, the other answers with from then on.
func TestTwoServersOnOneDatabase(t *testing.T) {
	t.Parallel()
	const rounds = 200
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			servers := [2]client{serve(t, db).as(db.key), serve(t, db).as(db.key)}
			for round := range rounds {
				writes, reads := servers[round%2], servers[(round+1)%2]
				id := 1 + round%demoPeople
				day := time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, round).Format(time.DateOnly)
				written := writes.put(t, fmt.Sprintf("/public/personnel/%d/contract-dates", id), `{"startDate":"`+day+`"}`)
				read := reads.get(t, fmt.Sprintf("/public/personnel/%d", id))
				if string(read.body) != string(written.body) {
					t.Fatalf("round %d: one server acknowledged\n%.300s\nand the other says\n%.300s", round, written.body, read.body)
				}
				if round%20 == 0 { // the lists, too
					first := reads.get(t, "/public/personnel?sort=START_DATE&limit=1")
					first.same(t, "data.0.startDate", "1960-01-01")
				}
			}
			db.verify(t)
		})
	}
}

// Writers on both servers change the same few records at once: each change is
// whole, and both servers end with the same.
func TestWritersMeet(t *testing.T) {
	t.Parallel()
	const writers, turns, records = 8, 12, 3
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			servers := [2]*server{serve(t, db), serve(t, db)}
			before := db.head(t)
			var all sync.WaitGroup
			for w := range writers {
				all.Go(func() {
					c := servers[w%2].as(db.key)
					for turn := range turns {
						id := 1 + (w+turn)%records
						for _, r := range []call{
							put(fmt.Sprintf("/public/personnel/%d/status", id),
								fmt.Sprintf(`{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":"writer %d turn %d"}`, w, turn)),
							put(fmt.Sprintf("/public/user-identities/infrastructure/%d/connect", id), fmt.Sprintf(`{"userId":%d}`, 1+w*turns+turn)),
							put("/public/personnel/some/reset-sync", `{"personnelIds":[3,2,1]}`),
						} {
							if a, err := c.try(r); err != nil || a.status != http.StatusOK {
								t.Errorf("%s: %v, %+v", r, err, a)
							}
						}
					}
				})
			}
			all.Wait()
			for id := 1; id <= records; id++ {
				path := fmt.Sprintf("/public/personnel/%d", id)
				one, other := servers[0].as(db.key).get(t, path), servers[1].as(db.key).get(t, path)
				if string(one.body) != string(other.body) {
					t.Errorf("the servers differ about %s:\n%s\n%s", path, one.body, other.body)
				}
			}
			if rows, least := db.head(t)-before, int64(writers*turns); rows < least {
				t.Errorf("%d changes, want at least one for each of %d links", rows, least)
			}
			db.verify(t)
		})
	}
}
