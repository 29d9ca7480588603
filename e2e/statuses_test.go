package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// row is one cause of one status of one operation.
type row struct {
	operation string
	status    int
	call      call
	code      int64  // of the body
	says      string // what the message names, for the person who reads it
}

// undocumented are the statuses that the pages lack and that are answered all
// the same, because nothing else would be true.
var undocumented = map[string][]int{
	"GET /public/users/{id}":                         {404},
	"GET /public/v2/users/{userId}":                  {404},
	"PUT /public/personnel/{id}/contract-dates":      {404},
	"PUT /public/personnel/reset-sync/{personnelId}": {404},
	"PUT /public/personnel/some/reset-sync":          {404},
	"GET /public/users/{email}/email":                {400, 404},
	"GET /public/users/{id}/policies":                {400, 404},
	"GET /public/users/{id}/documents":               {404},
	"GET /public/personnel/{personnelId}/devices":    {400},
	"GET /public/devices/{deviceId}":                 {404},
	"GET /public/devices/{deviceId}/apps":            {404},
	"GET /public/devices/{deviceId}/documents":       {404},
}

// additions are the statuses of an operation that its page lacks. The operations
// that only the later document has do not mention the plan, which is asked for
// all the same.
func additions(o operation) []int {
	more := undocumented[o.Name()]
	if !slices.Contains(o.Statuses, http.StatusPaymentRequired) {
		more = append(slices.Clone(more), http.StatusPaymentRequired)
	}
	return more
}

// exceptions are the documented pairs for which there is no honest cause, each
// with its reason.
var exceptions = map[string]string{
	"GET /public/workspaces 404": "no single record is asked for: a page after the last one is empty",
}

// walk notes which pairs of operation and status a test has seen.
type walk struct {
	seen map[string]map[int]bool
}

func (w *walk) note(operation string, status int) {
	if w.seen[operation] == nil {
		w.seen[operation] = map[int]bool{}
	}
	w.seen[operation][status] = true
}

// complete fails the test for every pair that was promised and not seen.
func (w *walk) complete(t *testing.T, ops []operation) {
	t.Helper()
	pairs := 0
	for _, o := range ops {
		for _, status := range slices.Concat(o.Statuses, additions(o)) {
			name := fmt.Sprintf("%s %d", o.Name(), status)
			switch reason := exceptions[name]; {
			case w.seen[o.Name()][status] && reason != "":
				t.Errorf("%s is reached, so that it needs no exception", name)
			case !w.seen[o.Name()][status] && reason == "":
				t.Errorf("%s is promised, but nothing here reaches it: add a row", name)
			default:
				pairs++
			}
		}
		for _, status := range slices.Sorted(maps.Keys(w.seen[o.Name()])) {
			known := slices.Contains(o.Statuses, status) || slices.Contains(additions(o), status) ||
				status == http.StatusTooManyRequests || status == http.StatusMethodNotAllowed
			if !known {
				t.Errorf("%s answers %d, which is neither documented nor a known addition", o.Name(), status)
			}
		}
	}
	t.Logf("%d pairs of operation and status", pairs)
}

// Every status that the pages document for an operation is reached, by a cause
// that a user can have too.
func TestEveryDocumentedStatus(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			w := &walk{seen: map[string]map[int]bool{}}
			ops := operations(t)
			db := d.demo(t)
			s := serve(t, db)
			before := db.head(t)
			for _, phase := range []func(*testing.T, *walk, []operation, database, *server){
				badRequests, strangers, companies, scopes, limits,
			} {
				phase(t, w, ops, db, s)
			}
			ours := db.number(t, `SELECT COUNT(*) FROM changes WHERE seq > $1 AND subject IN ('company', 'api_key')`, before)
			if others := db.head(t) - before - ours; others != 0 {
				t.Errorf("refused requests are in the change log: %d rows that are neither of keys nor of the company", others)
			}
			conflicts(t, w, db, s)
			for _, o := range ops {
				w.note(o.Name(), s.as(db.key).ok(t, o.sample).status)
			}
			uploads(t, w, ops, db)
			nobodyKnown(t, w, d)
			broken(t, w, ops, d)
			db.verify(t)
			w.complete(t, ops)
		})
	}
}

// try makes the request of a row and checks the answer.
func (w *walk) try(t *testing.T, c client, r row) {
	t.Helper()
	a := c.refused(t, r.call, r.status)
	if a.status != r.status {
		return
	}
	w.note(r.operation, r.status)
	a.same(t, "code", r.code)
	if got := a.text(t, "message"); !strings.Contains(got, r.says) {
		t.Errorf("%s: %q does not name %q", r.call, got, r.says)
	}
}

// badRequests are the 400s and 404s: each kind of mistake at each operation.
func badRequests(t *testing.T, w *walk, _ []operation, db database, s *server) {
	t.Helper()
	c := s.as(db.key)
	known := map[string]bool{}
	for _, o := range operations(t) {
		known[o.Name()] = true
	}
	for _, r := range slices.Concat(personnelRows(), accountRows(t, c), userRows(), userPartRows(), deviceRows()) {
		if !known[r.operation] {
			t.Errorf("row of an unknown operation %q", r.operation)
		}
		w.try(t, c, r)
	}
}

// strangers are the 401s: every way in which a key is not good.
func strangers(t *testing.T, w *walk, ops []operation, db database, s *server) {
	t.Helper()
	revoked := db.newKey(t, "--scope", "all", "--name", "revoked")
	db.command(t, "key", "revoke", "revoked")
	expired := db.newKey(t, "--scope", "all", "--name", "expired", "--expires", "1d")
	// The day goes by, and comes back before verify sees it.
	expires := db.number(t, `SELECT expires_at FROM api_keys WHERE name = 'expired'`)
	db.exec(t, `UPDATE api_keys SET expires_at = 1 WHERE name = 'expired'`)
	defer db.exec(t, `UPDATE api_keys SET expires_at = $1 WHERE name = 'expired'`, expires)
	elsewhere := db.newKey(t, "--scope", "all", "--allow", "203.0.113.0/24,2001:db8::/32")
	other := newKeyOfAnotherCompany(t)
	nobody := s.as("")
	causes := []struct {
		name   string
		client client
		code   int64
	}{
		{"no header", nobody, 26430},
		{"another scheme", nobody.with("Authorization", "Basic c2FsbHk6c21pdGg="), 10000},
		{"no key in the header", nobody.with("Authorization", "Bearer "), 10000},
		{"garbage", s.as("nonsense"), 12310},
		{"a key of another company", s.as(other), 12310},
		{"one letter wrong", s.as(db.key[:len(db.key)-1] + "~"), 12310},
		{"revoked", s.as(revoked), 10000},
		{"expired", s.as(expired), 10000},
		{"used from an address that is not allowed", s.as(elsewhere), 10000},
	}
	for _, o := range ops {
		for _, cause := range causes {
			a := cause.client.refused(t, o.sample, http.StatusUnauthorized)
			if got := a.int(t, "code"); got != cause.code {
				t.Errorf("%s: %s: code %d, want %d", o.Name(), cause.name, got, cause.code)
			}
			if a.header.Get("WWW-Authenticate") != "Bearer" {
				t.Errorf("%s: %s: WWW-Authenticate is %q", o.Name(), cause.name, a.header.Get("WWW-Authenticate"))
			}
		}
		w.note(o.Name(), http.StatusUnauthorized)
	}
}

// newKeyOfAnotherCompany makes a key that is well-formed and not known.
func newKeyOfAnotherCompany(t *testing.T) string {
	t.Helper()
	return sqlite.empty(t).newKey(t, "--scope", "all")
}

// companies are the 402s and 412s, set on the command line beside the server:
// the next request sees them.
func companies(t *testing.T, w *walk, ops []operation, db database, s *server) {
	t.Helper()
	c := s.as(db.key)
	refuse := func(status int, code int64, says string, only func(operation) bool) {
		t.Helper()
		for _, o := range ops {
			if only(o) {
				w.try(t, c, row{o.Name(), status, o.sample, code, says})
			} else if a := c.do(t, o.sample); o.reads() && a.status != http.StatusOK {
				t.Errorf("%s: %d, want 200\n%.300s", o.Name(), a.status, a.body)
			}
		}
	}
	every := func(operation) bool { return true }
	db.command(t, "company", "set", "--plan", "none")
	refuse(http.StatusPaymentRequired, 10740, "company set --plan full", every)
	db.command(t, "company", "set", "--plan", "core", "--accept-terms=false")
	for _, o := range ops {
		if o.identities() {
			w.try(t, c, row{o.Name(), http.StatusPaymentRequired, o.sample, 10740, "user-identities"})
		} else {
			w.try(t, c, row{o.Name(), http.StatusPreconditionFailed, o.sample, 10340, "--accept-terms=true"})
		}
	}
	db.command(t, "company", "set", "--plan", "full")
	refuse(http.StatusPreconditionFailed, 10340, "company set --accept-terms=true", every)
	db.command(t, "company", "set", "--accept-terms=true")
	for _, o := range ops {
		if o.reads() {
			c.ok(t, o.sample)
		}
	}
}

// scopes are the 403s: a key that may do everything but this, and one that may
// read everything. One that may do this alone is let in.
func scopes(t *testing.T, w *walk, ops []operation, db database, s *server) {
	t.Helper()
	all := map[string]bool{}
	for _, o := range ops {
		all[o.scope] = true
	}
	only, without := map[string]client{}, map[string]client{}
	for scope := range all {
		only[scope] = s.as(db.newKey(t, "--scope", scope))
		var others []string
		for other := range all {
			if other != scope {
				others = append(others, other)
			}
		}
		without[scope] = s.as(db.newKey(t, "--scope", strings.Join(others, ",")))
	}
	reader := s.as(db.newKey(t, "--scope", "all:read"))
	for _, o := range ops {
		forbidden := row{o.Name(), http.StatusForbidden, o.sample, 12300, o.scope}
		w.try(t, without[o.scope], forbidden)
		if o.reads() {
			only[o.scope].ok(t, o.sample)
			reader.ok(t, o.sample)
			continue
		}
		w.try(t, reader, forbidden)
		// The scope alone is enough to get as far as the record.
		if r := o.at("999999"); r != o.sample {
			only[o.scope].refused(t, r, http.StatusNotFound)
		}
	}
}

// limits are the 429s: of requests, where the operator has set a limit, and of
// failed authentications, always.
func limits(t *testing.T, w *walk, ops []operation, db database, _ *server) {
	t.Helper()
	limited := serve(t, db, "--rate-limit", "2")
	c := limited.as(db.key)
	for range 2 {
		a := c.get(t, "/public/users/1")
		if a.header.Get("RateLimit") == "" || a.header.Get("RateLimit-Policy") == "" {
			t.Errorf("no RateLimit fields below the limit: %v", a.header)
		}
	}
	for _, o := range ops {
		a := c.refused(t, o.sample, http.StatusTooManyRequests)
		a.same(t, "code", 10000)
		if wait := a.header.Get("Retry-After"); len(wait) == 0 || len(wait) > 2 || wait == "0" {
			t.Errorf("%s: Retry-After is %q, want 1 to 60", o.Name(), wait)
		}
		w.note(o.Name(), http.StatusTooManyRequests)
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		c.get(t, path) // whoever watches the server is not a client of the API
	}

	watched := serve(t, db, "--failed-auth-limit", "3")
	for range 3 {
		watched.as("nonsense").refused(t, get("/public/users/1"), http.StatusUnauthorized)
	}
	a := watched.as("nonsense").refused(t, get("/public/users/1"), http.StatusTooManyRequests)
	if a.header.Get("Retry-After") == "" {
		t.Error("too many failed authentications: no Retry-After")
	}
	watched.as(db.key).get(t, "/public/users/1") // a good key is never locked out
}

// nobodyKnown are the 409s of a company in which no source knows anybody.
func nobodyKnown(t *testing.T, w *walk, d dialect) {
	t.Helper()
	db := d.empty(t)
	key := db.newKey(t, "--scope", "all")
	w.try(t, serve(t, db).as(key), row{
		"PUT /public/personnel/all/reset-sync", http.StatusConflict, put("/public/personnel/all/reset-sync", ""), 10220, "source",
	})
}

// broken are the 500s: the head of the log is gone from under a running server.
// The client learns nothing but a request id, by which the log tells the rest;
// and when the table is back, nothing half-done is in it.
func broken(t *testing.T, w *walk, ops []operation, d dialect) {
	t.Helper()
	db := d.demo(t)
	s := serve(t, db)
	c := s.as(db.key)
	// Resetting everybody works in chunks and may have done its work when it
	// fails to show the outcome: leave it nothing to do.
	c.put(t, "/public/personnel/all/reset-sync", "")
	before := db.verify(t)
	db.exec(t, `ALTER TABLE log_head RENAME TO log_head_away`)
	var ids []string
	for _, o := range ops {
		a := c.refused(t, o.sample, http.StatusInternalServerError)
		if a.status == http.StatusInternalServerError {
			w.note(o.Name(), a.status)
		}
		if want := `{"statusCode":500,"message":"Internal server error","code":10010}`; strings.TrimSpace(string(a.body)) != want {
			t.Errorf("%s: the client is told %s", o.Name(), a.body)
		}
		ids = append(ids, a.header.Get("X-Request-Id"))
	}
	db.exec(t, `ALTER TABLE log_head_away RENAME TO log_head`)
	for i, id := range ids {
		if !slices.ContainsFunc(strings.Split(s.log.String(), "\n"), func(line string) bool {
			return strings.Contains(line, id) && strings.Contains(line, "log_head") && strings.Contains(line, `"level":"ERROR"`)
		}) {
			t.Errorf("%s: the log does not say what was wrong with request %s:\n%s", ops[i].Name(), id, s.tail())
		}
	}
	for _, o := range ops {
		if o.reads() {
			c.ok(t, o.sample)
		}
	}
	if after := db.verify(t); after.Head != before.Head {
		t.Errorf("failed requests changed the log: %d changes, before %d", after.Changes, before.Changes)
	}
}
