package e2e

import (
	"flag"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/passmuster/passmuster/e2e/fuzz"
	"github.com/passmuster/passmuster/e2e/validate"
)

// What to do again, as a failure of TestFuzz says it:
//
//	go test ./e2e -run TestFuzz -count 1 -seed 7 -from 1234 -cases 1
var (
	fuzzSeed  = flag.Uint64("seed", 1, "the seed of TestFuzz")
	fuzzFrom  = flag.Int("from", 0, "the number of the first request of TestFuzz")
	fuzzCases = flag.Int("cases", 0, "how many requests TestFuzz makes on each database (0: 2,000, or 100,000 with PASSMUSTER_SOAK)")
)

const (
	fuzzSlice   = 2000
	fuzzSoak    = 100_000
	fuzzWorkers = 4
)

func fuzzCount() int {
	switch {
	case *fuzzCases > 0:
		return *fuzzCases
	case os.Getenv("PASSMUSTER_SOAK") != "":
		return fuzzSoak
	}
	return fuzzSlice
}

// Whatever is asked, in whatever way: the answer is one that the document
// describes, it is not our fault, it comes in time, and the record and the log
// are whole after it. Every documented pair of operation and status is met.
func TestFuzz(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			w, restore := fuzzWorld(t, db)
			g := fuzz.New(*fuzzSeed, w)
			f := &fuzzing{t: t, db: db, g: g, world: w}
			s := serve(t, db, "--log-level", "info")
			f.run(s, fuzz.Options{From: *fuzzFrom, Count: fuzzCount(), Workers: fuzzWorkers})
			f.refusals(s)
			f.broken(s)
			noPanic(t, s)
			s.as(db.key).get(t, "/public/users/1")
			restore()
			f.nobodyKnown(d)
			db.verify(t)
			missing, pairs := f.total.Missing(w.Document)
			missing = slices.DeleteFunc(missing, byUploads)
			if len(missing) > 0 && *fuzzFrom == 0 && fuzzCount() >= fuzzSlice {
				t.Errorf("documented and never seen: %v", missing)
			}
			t.Logf("%s: seed %d, %d requests in %s, %d of %d pairs of operation and status, %d single trials, the slowest request took %s",
				d, *fuzzSeed, f.total.Requests, f.total.Took, pairs-len(missing), pairs, g.Trials(), f.total.Slowest)
		})
	}
}

// byUploads tells the pairs that take a file of 26 MB or a folder that is gone:
// TestEveryDocumentedStatus meets them.
func byUploads(pair string) bool {
	return strings.HasSuffix(pair, " 413") || strings.HasSuffix(pair, " 503")
}

// fuzzing is a run on one database, phase after phase.
type fuzzing struct {
	t     *testing.T
	db    database
	g     *fuzz.Generator
	world fuzz.World
	total fuzz.Report
}

func (s *server) address() string { return strings.TrimPrefix(s.url, "http://") }

func (f *fuzzing) run(s *server, opts fuzz.Options) *fuzz.Report {
	f.t.Helper()
	opts.Address = s.address()
	r := f.g.Run(f.t.Context(), opts)
	f.total.Add(r)
	for _, failure := range r.Failures {
		f.t.Errorf("%v\n\tgo test ./e2e -run TestFuzz -count 1 -seed %d -from %d -cases 1", failure, failure.Seed, failure.Case)
	}
	if len(r.Failures) > 0 {
		f.t.Logf("the good key is %s\n%s", f.db.key, s.tail())
	}
	return r
}

// fuzzWorld prepares keys and finds out what the fuzzer has to know. restore
// undoes what could not have come about by itself.
func fuzzWorld(t *testing.T, db database) (w fuzz.World, restore func()) {
	t.Helper()
	w = fuzz.World{
		Document: document(t), Good: db.key, Bad: map[string]string{
			"garbage": "nonsense", "of another company": newKeyOfAnotherCompany(t),
			"for another address": db.newKey(t, "--scope", "all", "--allow", "203.0.113.0/24"),
			"revoked":             db.newKey(t, "--scope", "all", "--name", "revoked"),
			"expired":             db.newKey(t, "--scope", "all", "--name", "expired", "--expires", "1d"),
		},
		Highest: demoPeople,
		Alone:   db.number(t, `SELECT MIN(p.id) FROM personnel p WHERE NOT EXISTS (SELECT 1 FROM source_records s WHERE s.user_id = p.user_id)`),
		Sourced: db.number(t, `SELECT MIN(p.id) FROM personnel p WHERE EXISTS (SELECT 1 FROM source_records s WHERE s.user_id = p.user_id)`),
	}
	w.Training = db.number(t, `SELECT MIN(id) FROM trainings`)
	w.Trained = db.number(t, `SELECT user_id FROM trainings WHERE id = $1`, w.Training)
	for _, kind := range []string{"INFRASTRUCTURE", "VERSION_CONTROL"} {
		w.Highest = min(w.Highest, db.number(t, `SELECT MAX(id) FROM accounts WHERE kind = $1`, kind))
	}
	db.command(t, "key", "revoke", "revoked")
	expires := db.number(t, `SELECT expires_at FROM api_keys WHERE name = 'expired'`)
	db.exec(t, `UPDATE api_keys SET expires_at = 1 WHERE name = 'expired'`)
	w.Cursor = serve(t, db).as(db.key).get(t, "/public/v2/users?size=3").text(t, "pagination.cursor")
	weak := weakKeys(t, db)
	w.Weak = func(scope string) string { return weak[scope] }
	return w, func() { db.exec(t, `UPDATE api_keys SET expires_at = $1 WHERE name = 'expired'`, expires) }
}

// weakKeys is, for each scope, a key that may do everything else. Who may manage
// accounts of either kind may list accounts: such a key has neither scope.
func weakKeys(t *testing.T, db database) map[string]string {
	t.Helper()
	scopes := map[string]bool{}
	for _, o := range document(t).Operations() {
		scopes[o.Scope] = true
	}
	all := slices.Sorted(maps.Keys(scopes))
	keys := map[string]string{}
	for _, scope := range all {
		others := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == scope || manages(s) && manages(scope) })
		keys[scope] = db.newKey(t, "--scope", strings.Join(others, ","))
	}
	return keys
}

func manages(scope string) bool { return strings.HasSuffix(scope, "-identities:manage") }

// refusals are the statuses that the company or the operator bring about: then
// every request with a good key is refused so, however else it is.
func (f *fuzzing) refusals(s *server) {
	f.t.Helper()
	head := f.db.head(f.t)
	ops := len(document(f.t).Operations())
	f.run(s, fuzz.Options{Count: ops, Sweep: true, Only: []int{http.StatusUnauthorized}, As: func(*validate.Operation) string { return "" }})
	f.run(s, fuzz.Options{Count: ops, Sweep: true, Only: []int{http.StatusForbidden}, As: func(o *validate.Operation) string { return f.world.Weak(o.Scope) }})
	all := func(s *server, status int) {
		f.t.Helper()
		f.run(s, fuzz.Options{Count: ops, Sweep: true, Only: []int{status}})
		f.run(s, fuzz.Options{From: *fuzzFrom, Count: fuzzCount() / 20, Workers: fuzzWorkers, Only: []int{status}})
	}
	f.db.command(f.t, "company", "set", "--plan", "none")
	all(s, http.StatusPaymentRequired)
	f.db.command(f.t, "company", "set", "--plan", "full", "--accept-terms=false")
	all(s, http.StatusPreconditionFailed)
	f.db.command(f.t, "company", "set", "--accept-terms=true")
	limited := serve(f.t, f.db, "--rate-limit", "1")
	limited.as(f.db.key).get(f.t, "/public/users/1")
	f.run(limited, fuzz.Options{Count: ops, Sweep: true, Only: []int{http.StatusTooManyRequests}})
	// Others may have changed something: we ourselves, and the program, whose
	// future hires begin when the fuzzer has moved their first day.
	if n := f.db.number(f.t, `SELECT COUNT(*) FROM changes WHERE seq > $1 AND actor LIKE 'key:%'`, head); n > 0 {
		f.t.Errorf("%d refused requests are in the change log", n)
	}
}

// broken lets the fuzzer loose while a table is away: the only statuses that
// are added are 500s, in the shape that the document gives them, and nothing
// half-done is left.
func (f *fuzzing) broken(s *server) {
	f.t.Helper()
	s.as(f.db.key).put(f.t, "/public/personnel/all/reset-sync", "") // works in chunks: leave it nothing to do
	f.db.exec(f.t, `ALTER TABLE log_head RENAME TO log_head_away`)
	// Some records need no user, so that a change of them succeeds, and some
	// break a rule: every operation is asked several times.
	f.run(s, fuzz.Options{Count: 10 * len(document(f.t).Operations()), Sweep: true, Broken: true})
	head := f.db.head(f.t)
	r := f.run(s, fuzz.Options{From: *fuzzFrom, Count: fuzzCount() / 20, Workers: fuzzWorkers, Broken: true})
	f.db.exec(f.t, `ALTER TABLE log_head_away RENAME TO log_head`)
	if changes, most := f.db.head(f.t)-head, done(f.world.Document, r); changes > most {
		f.t.Errorf("failed requests are in the change log: %d changes, and only %d requests that could have made them", changes, most)
	}
}

// done is how many requests of a run changed something, at most.
func done(d *validate.Document, r *fuzz.Report) (n int64) {
	for _, o := range d.Operations() {
		if o.Method != http.MethodGet {
			for _, status := range []int{http.StatusOK, http.StatusCreated, http.StatusNoContent} {
				n += int64(r.Seen[o.ID][status])
			}
		}
	}
	return n
}

// nobodyKnown is a company in which no source knows anybody.
func (f *fuzzing) nobodyKnown(d dialect) {
	f.t.Helper()
	db := d.empty(f.t)
	key := db.newKey(f.t, "--scope", "all")
	serve(f.t, db).as(key).refused(f.t, put("/public/personnel/all/reset-sync", ""), http.StatusConflict)
	f.total.Add(&fuzz.Report{Requests: 1, Seen: map[string]map[int]int{"resetAllPersonnelSync": {http.StatusConflict: 1}}})
}

// noPanic looks into the log for what must not be there.
func noPanic(t *testing.T, s *server) {
	t.Helper()
	for line := range strings.Lines(s.log.String()) {
		if strings.Contains(line, "panic") || strings.Contains(line, "superfluous") || strings.Contains(line, "goroutine ") {
			t.Errorf("in the log: %.1000s", line)
		}
	}
}

// What is said on a connection, and when, does the server no harm, and nobody
// else on it notices.
func TestConversations(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			g := fuzz.New(*fuzzSeed, fuzz.World{Document: document(t), Good: db.key, Weak: func(string) string { return "" }, Highest: 1})
			s := serve(t, db, "--read-timeout", "1s")
			var all sync.WaitGroup
			for _, talk := range g.Talks() {
				all.Go(func() {
					if err := talk.Run(t.Context(), document(t), s.address()); err != nil {
						t.Errorf("%s: %v\n\t%s", talk.What, err, talk.Repeat(db.key))
					}
				})
			}
			for range 100 { // meanwhile
				s.as(db.key).get(t, "/public/users/1")
			}
			all.Wait()
			noPanic(t, s)
			db.verify(t)
		})
	}
}
