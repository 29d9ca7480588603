package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
)

// The four rules that RESTler checks of any service with records, as they read
// for this one.
func TestRulesOfRESTler(t *testing.T) {
	t.Parallel()
	rules := map[string]func(*testing.T, database, *server){
		"what is gone is not used":              useAfterFree,
		"a refused change leaves nothing":       leakage,
		"a record is only where it belongs":     hierarchy,
		"what is another company's is not ours": namespace,
	}
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, d := range dialects {
				t.Run(string(d), func(t *testing.T) {
					t.Parallel()
					db := d.demo(t)
					rule(t, db, serve(t, db))
					db.verify(t)
				})
			}
		})
	}
}

// useAfterFree: a revoked key opens nothing, not even on a connection that it
// has opened before; and an account that was taken from a person, or made a
// robot's, is nowhere theirs any more.
func useAfterFree(t *testing.T, db database, s *server) {
	t.Helper()
	c := s.as(db.newKey(t, "--scope", "all", "--name", "short-lived"))
	for _, o := range operations(t) {
		if o.reads() {
			c.ok(t, o.sample)
		}
	}
	db.command(t, "key", "revoke", "short-lived")
	head := db.head(t)
	for _, o := range operations(t) {
		c.refused(t, o.sample, http.StatusUnauthorized)
	}
	if after := db.head(t); after != head {
		t.Errorf("a revoked key changed something: head %d, before %d", after, head)
	}
	db.command(t, "key", "revoke", "e2e")
	s.as(db.key).refused(t, get("/public/users/1"), http.StatusUnauthorized)

	c = s.as(db.newKey(t, "--scope", "all"))
	for _, kind := range []string{"infrastructure", "version-control"} {
		list := "/public/user-identities/" + kind
		for _, end := range []struct{ path, body string }{
			{"/connect", `{"userId":null}`},
			{"/service-account", `{"serviceAccount":true,"serviceAccountReason":"it deploys"}`},
		} {
			one := linked(t, c, list)
			a := c.put(t, fmt.Sprintf("%s/%d%s", list, one.id, end.path), end.body)
			a.same(t, "user", nil)
			shown := c.get(t, list+"?limit=50&q="+url.QueryEscape(one.identity))
			for i, id := range shown.ids(t) {
				if id == one.id {
					shown.same(t, fmt.Sprintf("data.%d.user", i), nil)
				}
			}
		}
	}
}

// linkedAccount is an account that belongs to somebody.
type linkedAccount struct {
	id       int64
	identity string
}

func linked(t *testing.T, c client, list string) linkedAccount {
	t.Helper()
	a := c.get(t, list+"?limit=1&sort=USER")
	return linkedAccount{a.int(t, "data.0.id"), a.text(t, "data.0.identityId")}
}

// leakage: whatever a request is refused for, the record is to the byte what it
// was, and the log has not grown.
func leakage(t *testing.T, db database, s *server) {
	t.Helper()
	c := s.as(db.key)
	records := func() (all [][]byte) {
		for _, path := range []string{
			"/public/personnel/1", "/public/personnel/2", "/public/personnel?limit=50", "/public/users/1", "/public/v2/users?size=50&expand[]=personnel",
			"/public/user-identities/infrastructure?limit=50", "/public/user-identities/version-control?limit=50",
		} {
			all = append(all, c.get(t, path).body)
		}
		return all
	}
	head, before := db.head(t), records()
	n := 0
	for _, r := range slices.Concat(personnelRows(), accountRows(t, c)) {
		if r.call.method == http.MethodPut {
			c.refused(t, r.call, r.status)
			n++
		}
	}
	conflicts(t, &walk{seen: map[string]map[int]bool{}}, db, s)
	for i, after := range records() {
		if !bytes.Equal(before[i], after) {
			t.Errorf("list %d is not what it was after %d refusals", i+1, n)
		}
	}
	if after := db.head(t); after != head {
		t.Errorf("%d refused changes moved the log from %d to %d", n, head, after)
	}
}

// hierarchy: accounts of the two kinds, users and people have numbers of their
// own; a number that only one of them has is nobody's on the path of another.
func hierarchy(t *testing.T, db database, s *server) {
	t.Helper()
	c := s.as(db.key)
	highest := map[string]int64{}
	for path, kind := range map[string]string{"infrastructure": "INFRASTRUCTURE", "version-control": "VERSION_CONTROL"} {
		highest[path] = db.number(t, `SELECT MAX(id) FROM accounts WHERE kind = $1`, kind)
	}
	few, many := "infrastructure", "version-control"
	if highest[few] > highest[many] {
		few, many = many, few
	}
	if highest[few] == highest[many] {
		t.Fatalf("the demo has %d accounts of each kind, so that nothing can be told", highest[few])
	}
	accesses := map[string]string{"infrastructure": "INFRASTRUCTURE_DB_ACCESS", "version-control": "VERSION_CONTROL_WRITE_ACCESS"}
	head := db.head(t)
	for _, change := range []struct{ path, body string }{
		{"connect", `{"userId":1}`},
		{"toggle", `{"toggle":true,"toggleField":"` + accesses[few] + `"}`},
		{"service-account", `{"serviceAccount":true,"serviceAccountReason":"it deploys"}`},
	} {
		c.refused(t, put(fmt.Sprintf("/public/user-identities/%s/%d/%s", few, highest[many], change.path), change.body), http.StatusNotFound)
	}
	// The access of the other kind is no access of this one.
	c.refused(t, put("/public/user-identities/"+few+"/1/toggle", `{"toggle":true,"toggleField":"`+accesses[many]+`"}`), http.StatusBadRequest)
	// A user who is not a person of the company's any more than an account is.
	account := fmt.Sprint(max(highest[many], demoPeople+1))
	for _, r := range []call{
		get("/public/users/" + account), get("/public/v2/users/" + account), get("/public/personnel/" + account),
		put("/public/personnel/reset-sync/"+account, ""),
	} {
		c.refused(t, r, http.StatusNotFound)
	}
	if after := db.head(t); after != head {
		t.Errorf("refused changes are in the log: head %d, before %d", after, head)
	}
}

// namespace: the keys and the cursors of one company are nothing to another, in
// both directions, although both have the same people.
func namespace(t *testing.T, db database, s *server) {
	t.Helper()
	other := db.dialect.empty(t)
	other.command(t, "demo", "--people", fmt.Sprint(demoPeople), "--seed", "1")
	other.key = other.newKey(t, "--scope", "all")
	there := serve(t, other)
	for _, o := range operations(t) {
		s.as(other.key).refused(t, o.sample, http.StatusUnauthorized)
		there.as(db.key).refused(t, o.sample, http.StatusUnauthorized)
	}
	here, strange := s.as(db.key), there.as(other.key)
	path := "/public/v2/users?size=1&cursor="
	own, foreign := here.get(t, path).text(t, "pagination.cursor"), strange.get(t, path).text(t, "pagination.cursor")
	here.get(t, path+url.QueryEscape(own))
	strange.get(t, path+url.QueryEscape(foreign))
	here.refused(t, get(path+url.QueryEscape(foreign)), http.StatusBadRequest)
	strange.refused(t, get(path+url.QueryEscape(own)), http.StatusBadRequest)
}
