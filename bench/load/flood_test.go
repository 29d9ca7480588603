package load

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// stranger answers in chunks, refuses every third request and hangs up on every
// fifth.
func stranger(t *testing.T) Target {
	t.Helper()
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := n.Add(1)
		switch {
		case r.URL.Path == "/steady":
			w.Header().Set("Trailer", "X-Count")
			fmt.Fprint(w, "first half,")
			http.NewResponseController(w).Flush()
			fmt.Fprint(w, " second half")
			w.Header().Set("X-Count", "2")
		case i%5 == 0:
			panic(http.ErrAbortHandler)
		case i%3 == 0:
			http.Error(w, "later", http.StatusServiceUnavailable)
		default:
			fmt.Fprint(w, strings.Repeat("x", 100_000))
		}
	}))
	t.Cleanup(s.Close)
	return Target{Address: strings.TrimPrefix(s.URL, "http://")}
}

func TestChunkedAnswersAreRead(t *testing.T) {
	t.Parallel()
	target := stranger(t)
	const whole = "first half, second half"
	var kept []string
	steady := []Request{Get("/steady"), Get("/steady")}
	if err := Fetch(t.Context(), target, steady, func(_ Request, body []byte) error {
		kept = append(kept, string(body))
		return nil
	}); err != nil || len(kept) != 2 || kept[0] != whole || kept[1] != whole {
		t.Errorf("%q, %v", kept, err)
	}
	steady[0].Want, steady[1].Want = len(whole), len(whole)
	res, err := Run(t.Context(), target, Plan{Requests: steady, Connections: 2, LeastRequests: 20, Most: time.Minute})
	if err != nil || res.BytesEach() != float64(len(whole)) {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestFloodCountsWhateverComes(t *testing.T) {
	t.Parallel()
	began := false
	w, err := Flood{Connections: 2, Most: time.Minute, MostRequests: 60, Next: func(int) func() Request {
		return func() Request { return Get("/") }
	}}.Run(t.Context(), stranger(t), func() { began = true })
	if err != nil || !began {
		t.Fatal(began, err)
	}
	if w.Broken != 12 || w.Requests != 48 || w.Statuses[http.StatusOK]+w.Statuses[http.StatusServiceUnavailable] != 48 || w.Bytes == 0 || w.Seconds <= 0 {
		t.Errorf("%+v, want 60 requests with every fifth broken off", w)
	}
}

func TestFloodEndsInTheMiddleOfAnAnswer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	reached := make(chan struct{}, 8)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		http.NewResponseController(w).Flush()
		reached <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(s.Close)
	go func() {
		<-reached
		cancel()
	}()
	w, err := Flood{Connections: 2, Most: time.Minute, MostRequests: 10, Next: func(int) func() Request {
		return func() Request { return Get("/") }
	}}.Run(ctx, Target{Address: strings.TrimPrefix(s.URL, "http://")}, func() {})
	if err != nil || w.Requests != 0 || w.Seconds > 30 {
		t.Errorf("%+v, %v", w, err)
	}
}

func TestFloodStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	_, err := Flood{Connections: 1, Most: time.Second, MostRequests: 1, Next: func(int) func() Request { return nil }}.
		Run(t.Context(), Target{Address: "192.0.2.1:80"}, func() {})
	if err == nil || !strings.Contains(err.Error(), "loopback") {
		t.Error(err)
	}
}

func TestAskGivesRefusals(t *testing.T) {
	t.Parallel()
	_, target := serve(t)
	if status, body, err := Ask(t.Context(), target, Get("/missing")); err != nil || status != http.StatusNotFound || string(body) != "nobody is here\n" {
		t.Errorf("%d, %q, %v", status, body, err)
	}
	if status, body, err := Ask(t.Context(), target, Get("/")); err != nil || status != http.StatusOK || string(body) != "0123456789" {
		t.Errorf("%d, %q, %v", status, body, err)
	}
}
