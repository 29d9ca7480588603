package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// interrupted starts a command and kills it at a moment.
func interrupted(t *testing.T, moment func(), args ...string) {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Env = environ()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	moment()
	cmd.Process.Kill() //nolint:errcheck // it may have finished
	cmd.Wait()         //nolint:errcheck // it was killed
}

// An import that is killed has done nothing or all of it; the same command
// again finishes the work.
func TestKillDuringImport(t *testing.T) {
	t.Parallel()
	const rows = 1000
	var file strings.Builder
	file.WriteString("id,email,firstName,startDate,groups\n")
	for n := range rows {
		fmt.Fprintf(&file, "%d,person%d@example.com,Person %d,2024-01-%02d,Team %d\n", n, n, n, 1+n%28, n%7)
	}
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "people.csv")
			if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			began := time.Now() // how long it takes here and now
			d.empty(t).command(t, "import", "people", path)
			longest := time.Since(began)
			rng := rand.New(rand.NewPCG(killSeed, uint64(len(d))))
			whole := 0
			var db database
			for range kills() {
				db = d.empty(t)
				moment := time.Duration(rng.Int64N(int64(longest)))
				interrupted(t, func() { <-time.After(moment) }, "import", "people", path, "--database", db.dsn)
				switch v := db.verify(t); v.People {
				case 0:
				case rows:
					whole++
				default:
					t.Fatalf("a killed import has left %d of %d people", v.People, rows)
				}
			}
			db.command(t, "import", "people", path)
			done := db.verify(t)
			if done.People != rows {
				t.Errorf("%d people, want %d", done.People, rows)
			}
			db.command(t, "import", "people", path)
			if again := db.verify(t); again.Head != done.Head {
				t.Errorf("the same file again made %d changes", again.Changes-done.Changes)
			}
			t.Logf("%s: %d imports killed, of which %d had finished", d, kills(), whole)
		})
	}
}

// A demo whose making was killed is never taken for a whole one.
func TestKillDuringDemo(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.empty(t)
			db.verify(t) // makes the tables
			interrupted(t, func() {
				until(t, "the first people of the demo are there", func() bool {
					return db.number(t, `SELECT COUNT(*) FROM users`) > 0
				})
			}, "demo", "--people", "20000", "--database", db.dsn)
			v := db.verify(t)
			if v.People == 0 || v.People == 20000 {
				t.Fatalf("the demo was not killed half-way: it has %d people", v.People)
			}
			for _, args := range [][]string{{"demo"}, {"serve", "--demo", "--listen", "127.0.0.1:0"}} {
				o, err := passmuster(t.Context(), append(args, "--database", db.dsn)...)
				if err != nil || o.code != 1 || !strings.Contains(o.stderr, "not finished") {
					t.Errorf("%v on half a demo: exit %d, %v, %s", args, o.code, err, o.stderr)
				}
			}
		})
	}
}
