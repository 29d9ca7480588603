package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// variants are an operation's request about a record that exists, about one that
// does not, and with everything wrong: whoever lacks the permission must not see
// a difference.
func (o operation) variants() []call {
	return []call{o.sample, o.at("999999"), o.worst()}
}

// grants is the matrix as the documentation tells it.
func grants(scope workforce.Scope, o operation) bool {
	return scope == workforce.ScopeAll || scope == workforce.ScopeAllRead && o.reads() || string(scope) == o.scope
}

// Every operation with a key of every scope alone: what the scope names is let
// in, everything else is refused, and the refusal is the same to the byte
// whether the record exists and whether the request can be read. Without a key
// it is so for all of them.
func TestOperationsByScope(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			s := serve(t, db)
			ops := operations(t)
			allowed, forbidden := 0, 0
			for _, scope := range workforce.AllScopes {
				c := s.as(db.newKey(t, "--scope", string(scope)))
				head := db.head(t)
				for _, o := range ops {
					if !grants(scope, o) {
						sameRefusal(t, c, o, http.StatusForbidden)
						forbidden++
					}
				}
				if after := db.head(t); after != head {
					t.Errorf("%s: forbidden requests are in the log: head %d, before %d", scope, after, head)
				}
				for _, o := range ops {
					if grants(scope, o) {
						letIn(t, c, scope, o)
						allowed++
					}
				}
			}
			for _, o := range ops {
				sameRefusal(t, s.as(""), o, http.StatusUnauthorized)
			}
			db.verify(t)
			t.Logf("%d scopes, %d operations: %d let in, %d forbidden, %d without a key",
				len(workforce.AllScopes), len(ops), allowed, forbidden, len(ops))
		})
	}
}

// sameRefusal asks for all variants and wants one answer.
func sameRefusal(t *testing.T, c client, o operation, status int) {
	t.Helper()
	var first *answer
	for _, r := range o.variants() {
		a := c.refused(t, r, status)
		if first == nil {
			first = a
		}
		names := func(h http.Header) (all []string) {
			for name := range h {
				all = append(all, name)
			}
			slices.Sort(all)
			return all
		}
		if !bytes.Equal(a.body, first.body) || !slices.Equal(names(a.header), names(first.header)) {
			t.Errorf("%s is refused otherwise than %s:\n%s\n%s", r, first.call, a.body, first.body)
		}
	}
}

// letIn asks for all variants, which get as far as their first fault.
func letIn(t *testing.T, c client, scope workforce.Scope, o operation) {
	t.Helper()
	for i, r := range o.variants() {
		a := c.do(t, r)
		want := []int{http.StatusOK, http.StatusCreated, http.StatusBadRequest, http.StatusConflict}
		if strings.Contains(o.Path, "/documents/{") { // another scope may have deleted it before
			want = append(want, http.StatusNotFound)
		}
		switch {
		case i == 1 && r != o.sample:
			want = []int{http.StatusNotFound}
		case i == 2:
			want = []int{http.StatusBadRequest}
		}
		if !slices.Contains(want, a.status) {
			t.Errorf("%s with the scope %s: %d, not %v\n%.300s", r, scope, a.status, want, a.body)
		}
	}
}

const (
	timeSamples = 300
	timeRounds  = 8
	timeShare   = 0.20 // of the median
	timeLeast   = 100 * time.Microsecond
)

// Nobody learns from the time that a refusal takes whether a record exists. What
// is compared is the medians of samples taken in turn; a machine that is busy
// with something else can make them differ, so a round that does is repeated: a
// difference that is real is there in every round.
func TestRefusalsTakeTheSameTime(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			s := serve(t, db, "--log-level", "warn")
			c := s.as(db.newKey(t, "--scope", "users:list"))
			for _, about := range []func(id string) call{
				func(id string) call { return get("/public/personnel/" + id) },
				func(id string) call { return get("/public/users/" + id) },
				func(id string) call { return put("/public/personnel/"+id+"/status", `{"employmentStatus":"UNKNOWN"}`) },
				func(id string) call {
					return put("/public/user-identities/infrastructure/"+id+"/connect", `{"userId":`+id+`}`)
				},
			} {
				existing, missing := about("1"), about("999999")
				if why := differInTime(t, c, existing, missing); why != "" {
					t.Errorf("%s and %s: %s", existing, missing, why)
				}
			}
		})
	}
}

// differInTime says by how much the medians differ, or nothing if they do not in
// one of the rounds.
func differInTime(t *testing.T, c client, a, b call) string {
	t.Helper()
	why := ""
	for range timeRounds {
		var of [2][]time.Duration
		for i := range 2 * timeSamples {
			r := []call{a, b}[i%2]
			began := time.Now()
			if answered := c.do(t, r); answered.status != http.StatusForbidden {
				t.Fatalf("%s: %d, want 403", r, answered.status)
			}
			of[i%2] = append(of[i%2], time.Since(began))
		}
		slices.Sort(of[0])
		slices.Sort(of[1])
		x, y := of[0][timeSamples/2], of[1][timeSamples/2]
		if gap := max(x, y) - min(x, y); gap < timeLeast || float64(gap) < timeShare*float64(min(x, y)) {
			return ""
		}
		why = fmt.Sprintf("medians of %s and %s, in each of %d rounds of %d samples", x, y, timeRounds, timeSamples)
	}
	return why
}
