package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// worst is the operation's request with everything wrong that can be wrong
// about it: it cannot be read, and the record that it names does not exist.
func (o operation) worst() call {
	c := o.at("999999")
	if strings.HasSuffix(o.Path, "/email") {
		c.path = strings.Replace(o.Path, "{email}", "nobody%40example.com", 1)
	}
	c.path += "?page=%zz"
	if !o.reads() {
		c.body = `{"broken":`
	}
	return c
}

// A request that is wrong in several ways is refused for the first of them in
// a fixed order, so that nobody learns from a refusal what they may not know:
// route, too many requests, key, plan, terms, permission, request, record,
// rule. The test begins with all of them wrong and mends one after the other.
func TestOrderOfRefusal(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db, ops := d.demo(t), operations(t)
			free, limited := serve(t, db), serve(t, db, "--rate-limit", "1")
			limited.as(db.key).get(t, "/public/users/1") // from here on it is full
			revoked := db.newKey(t, "--scope", "all", "--name", "revoked")
			db.command(t, "key", "revoke", "revoked")
			lister, getter := db.newKey(t, "--scope", "users:list"), db.newKey(t, "--scope", "users:get")
			weak := func(o operation) string {
				if o.scope == "users:list" {
					return getter
				}
				return lister
			}
			every := func(s *server, key func(operation) string, status func(operation) int) {
				t.Helper()
				for _, o := range ops {
					s.as(key(o)).refused(t, o.worst(), status(o))
				}
			}
			gone := func(operation) string { return revoked }
			always := func(status int) func(operation) int { return func(operation) int { return status } }

			db.command(t, "company", "set", "--plan", "none", "--accept-terms=false")
			routes(t, limited.as(revoked), ops)
			every(limited, gone, always(http.StatusTooManyRequests))
			every(free, gone, always(http.StatusUnauthorized))
			every(free, weak, always(http.StatusPaymentRequired))
			db.command(t, "company", "set", "--plan", "core")
			every(free, weak, func(o operation) int {
				if o.identities() {
					return http.StatusPaymentRequired
				}
				return http.StatusPreconditionFailed
			})
			db.command(t, "company", "set", "--plan", "full")
			every(free, weak, always(http.StatusPreconditionFailed))
			db.command(t, "company", "set", "--accept-terms=true")
			every(free, weak, always(http.StatusForbidden))
			every(free, func(operation) string { return db.key }, always(http.StatusBadRequest))
			records(t, free.as(db.key), ops)
		})
	}
}

// routes are refused before anything else is looked at, in the shape of the API.
func routes(t *testing.T, c client, ops []operation) {
	t.Helper()
	for _, o := range ops {
		c.refused(t, call{o.Method, o.sample.path + "/nothing/at/all", `{"broken":`}, http.StatusNotFound)
		for _, method := range []string{http.MethodPost, http.MethodDelete, http.MethodPatch} {
			if slices.ContainsFunc(ops, func(other operation) bool { return other.Method == method && other.covers(o.sample.path) }) {
				continue
			}
			a := c.refused(t, call{method, o.sample.path, `{"broken":`}, http.StatusMethodNotAllowed)
			if allow := a.header.Get("Allow"); !strings.Contains(allow, o.Method) {
				t.Errorf("%s: Allow is %q, which lacks %s", a.call, allow, o.Method)
			}
		}
	}
}

// covers reports whether a path is one of the operation.
func (o operation) covers(path string) bool {
	return slices.EqualFunc(strings.Split(o.Path, "/"), strings.Split(path, "/"), func(pattern, part string) bool {
		return strings.HasPrefix(pattern, "{") || pattern == part
	})
}

// records are looked up only for a request that can be read, and a rule of the
// record is only broken by a record that exists.
func records(t *testing.T, c client, ops []operation) {
	t.Helper()
	for _, o := range ops {
		if r := o.at("999999"); r != o.sample {
			c.refused(t, r, http.StatusNotFound)
		}
	}
	const backwards = `{"startDate":"2020-07-06","separationDate":"2020-07-05"}`
	c.refused(t, put("/public/personnel/abc/contract-dates", backwards), http.StatusBadRequest)
	c.refused(t, put("/public/personnel/999999/contract-dates", backwards), http.StatusNotFound)
	c.refused(t, put("/public/personnel/1/contract-dates", backwards), http.StatusConflict)
}

// What is not a route answers in the shape of the API too, and a client that
// forgot the base is told.
func TestUnknownRoutes(t *testing.T) {
	t.Parallel()
	db := sqlite.demo(t)
	c := serve(t, db).as(db.key)
	for path, says := range map[string]string{
		"/public/nothing":            "Cannot GET /public/nothing",
		"/public":                    "Cannot GET /public",
		"/public/":                   "Cannot GET /public/",
		"/public//personnel":         "Cannot GET /public//personnel",
		"/public/personnel/":         "Cannot GET /public/personnel/",
		"/public/personnel/../users": "Cannot GET /public/personnel/../users",
		"/public/v2/personnel":       "Cannot GET /public/v2/personnel",
		"/personnel":                 "did you mean /public/personnel?",
		"/users/1":                   "did you mean /public/users/1?",
		"/users":                     "did you mean /public/",
		"/v2/users":                  "did you mean /public/v2/users?",
	} {
		a := c.refused(t, get(path), http.StatusNotFound)
		if got := a.text(t, "message"); !strings.Contains(got, says) {
			t.Errorf("GET %s: %q does not say %q", path, got, says)
		}
	}
	a := c.refused(t, get("/public/nothing?email=sally.smith%40example.com"), http.StatusNotFound)
	if strings.Contains(string(a.body), "sally") {
		t.Errorf("the query is repeated: %s", a.body)
	}
}
