package load

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// recorder is a server that remembers what it was asked.
type recorder struct {
	mu   sync.Mutex
	seen []string // request ids, in the order of arrival
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	var body strings.Builder
	if q.Body != nil {
		b := make([]byte, 100)
		n, _ := q.Body.Read(b)
		body.Write(b[:n])
	}
	r.mu.Lock()
	r.seen = append(r.seen, Request{Method: q.Method, Target: q.RequestURI, Body: body.String()}.ID())
	r.mu.Unlock()
	switch {
	case q.Header.Get("Authorization") != "Bearer key":
		http.Error(w, "who are you?", http.StatusUnauthorized)
	case q.URL.Path == "/missing":
		http.Error(w, "nobody is here", http.StatusNotFound)
	default:
		fmt.Fprint(w, "0123456789")
	}
}

func serve(t *testing.T) (*recorder, Target) {
	t.Helper()
	r := &recorder{}
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	return r, Target{Address: strings.TrimPrefix(s.URL, "http://"), Key: "key"}
}

func gets(n int) []Request {
	out := make([]Request, n)
	for i := range out {
		out[i] = Get(fmt.Sprintf("/%d", i))
	}
	return out
}

func TestOnceSendsEachRequestOnce(t *testing.T) {
	t.Parallel()
	r, target := serve(t)
	res, err := Run(t.Context(), target, Plan{Requests: gets(50), Order: Once, Connections: 4, Most: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if res.Requests != 50 || res.Bytes != 500 || res.BytesEach() != 10 {
		t.Errorf("%+v, want 50 requests of 10 bytes", res)
	}
	times := map[string]int{}
	for _, id := range r.seen {
		times[id]++
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("%q was sent %d times", id, n)
		}
	}
	if len(times) != 50 {
		t.Errorf("%d different requests, want 50", len(times))
	}
}

func TestAlternatingUndoesBeforeItRepeats(t *testing.T) {
	t.Parallel()
	r, target := serve(t)
	var pairs []Request
	for i := range 6 {
		path := fmt.Sprintf("/%d", i)
		pairs = append(pairs,
			Request{Method: http.MethodPut, Target: path, Body: "off"}, Request{Method: http.MethodPut, Target: path, Body: "on"})
	}
	_, err := Run(t.Context(), target, Plan{Requests: pairs, Order: Alternating, Connections: 4, LeastRequests: 200, Most: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	state := map[string]string{}
	for _, id := range r.seen {
		path, body, _ := strings.Cut(id, "\n")
		want := "off"
		if state[path] == "off" {
			want = "on"
		}
		if body != want {
			t.Fatalf("%s was sent %q after %q", path, body, state[path])
		}
		state[path] = body
	}
	if len(state) != 6 {
		t.Errorf("%d records were changed, want 6", len(state))
	}
}

func TestTheSameSeedIsTheSameLoad(t *testing.T) {
	t.Parallel()
	var sequences [2]string
	for i := range sequences {
		r, target := serve(t)
		_, err := Run(t.Context(), target, Plan{Requests: gets(100), Connections: 1, Seed: 7, LeastRequests: 40, Most: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		sequences[i] = strings.Join(r.seen[:40], "")
	}
	if sequences[0] != sequences[1] {
		t.Error("two runs with one seed sent different requests")
	}
}

func TestRunEndsByTimeAlone(t *testing.T) {
	t.Parallel()
	_, target := serve(t)
	res, err := Run(t.Context(), target, Plan{Requests: gets(1), Connections: 2, LeastRequests: 1 << 30, Most: 50 * time.Millisecond})
	if err != nil || res.Requests == 0 || res.Slowest < res.P99 || res.P99 < res.P50 || res.P50 <= 0 || res.PerSecond() <= 0 {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestWrongAnswersEndTheRun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		request   Request
		key, want string
	}{
		"status":    {Get("/missing"), "key", "status 404 instead of 200: nobody is here"},
		"length":    {Request{Method: http.MethodGet, Target: "/", Want: 11}, "key", "10 bytes instead of 11"},
		"not known": {Get("/"), "no", "status 401"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, target := serve(t)
			target.Key = c.key
			_, err := Run(t.Context(), target, Plan{Requests: []Request{c.request}, Connections: 2, LeastRequests: 10, Most: time.Minute})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	_, target := serve(t)
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	plan := Plan{Requests: gets(1), Connections: 1, Most: time.Minute, LeastRequests: 1}
	for name, c := range map[string]struct {
		ctx    context.Context
		target Target
		plan   Plan
		want   string
	}{
		"another machine": {t.Context(), Target{Address: "192.0.2.1:80"}, plan, "loopback"},
		"no requests":     {t.Context(), target, Plan{Connections: 1}, "needs requests"},
		"no connections":  {t.Context(), target, Plan{Requests: gets(1)}, "and connections"},
		"ended context":   {stopped, target, plan, "cancel"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Run(c.ctx, c.target, c.plan); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

func TestFetchKeepsBodies(t *testing.T) {
	t.Parallel()
	_, target := serve(t)
	var kept []string
	err := Fetch(t.Context(), target, gets(2), func(r Request, body []byte) error {
		kept = append(kept, r.Target+" "+string(body))
		return nil
	})
	if err != nil || strings.Join(kept, ", ") != "/0 0123456789, /1 0123456789" {
		t.Errorf("%q, %v", kept, err)
	}
	if err := Fetch(t.Context(), target, []Request{Get("/missing")}, nil); err == nil {
		t.Error("an answer 404 was kept")
	}
}
