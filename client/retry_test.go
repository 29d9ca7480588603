package client

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// wait notes instead of waiting.
func (f *fake) wait(ctx context.Context, d time.Duration) error {
	f.waits = append(f.waits, d)
	return ctx.Err()
}

const (
	broken = 0 // the server closes the connection instead of answering
	cut    = 1 // the server closes it in the middle of the answer
)

// inTurn answers with each status in turn, and then with a record.
func inTurn(t *testing.T, header http.Header, statuses ...int) (http.HandlerFunc, *atomic.Int64) {
	t.Helper()
	var calls atomic.Int64
	return func(w http.ResponseWriter, _ *http.Request) {
		n := int(calls.Add(1))
		if n > len(statuses) {
			reply(w, http.StatusOK, `{"id":7}`)
			return
		}
		maps.Copy(w.Header(), header)
		switch status := statuses[n-1]; status {
		case broken, cut:
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			if status == cut {
				io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":") //nolint:errcheck // the connection is broken on purpose
			}
			conn.Close()
		default:
			reply(w, status, `{"message":"later","code":10000}`)
		}
	}, &calls
}

func TestRetries(t *testing.T) {
	t.Parallel()
	const half, one, two, four = time.Second / 4, time.Second / 2, time.Second, 2 * time.Second // without the part that is chance
	tenMinutes := http.Header{"Retry-After": {"600"}}
	inSeconds := http.Header{"Retry-After": {"3"}}
	for _, c := range []struct {
		name     string
		statuses []int
		header   http.Header
		retries  int
		put      bool
		calls    int64
		waits    []time.Duration
		status   int // of the error; 0: none, -1: one without a status
	}{
		{"a read after each of the statuses", []int{429, 502, 503, 504}, nil, 4, false, 5, []time.Duration{half, one, two, four}, 0},
		{"a read after a broken connection", []int{broken, cut}, nil, 4, false, 3, []time.Duration{half, one}, 0},
		{"as long as the server asks", []int{429, 503}, inSeconds, 4, false, 3, []time.Duration{3 * time.Second, 3 * time.Second}, 0},
		{"not longer than allowed", []int{429}, tenMinutes, 4, false, 1, nil, 429},
		{"not more often than allowed", []int{503, 503, 503}, nil, 2, false, 3, []time.Duration{half, one}, 503},
		{"not at all", []int{429}, nil, 0, false, 1, nil, 429},
		{"a read that is refused", []int{400}, nil, 4, false, 1, nil, 400},
		{"a read that is missing", []int{404}, nil, 4, false, 1, nil, 404},
		{"a read that the server cannot do", []int{500}, nil, 4, false, 1, nil, 500},
		{"a change after 429", []int{429}, inSeconds, 4, true, 2, []time.Duration{3 * time.Second}, 0},
		{"a change after 502", []int{502}, nil, 4, true, 1, nil, 502},
		{"a change after 503", []int{503}, inSeconds, 4, true, 1, nil, 503},
		{"a change after 504", []int{504}, nil, 4, true, 1, nil, 504},
		{"a change after a broken connection", []int{broken}, nil, 4, true, 1, nil, -1},
		{"a change after a cut answer", []int{cut}, nil, 4, true, 1, nil, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			handler, calls := inTurn(t, c.header, c.statuses...)
			f := newFake(t, handler, WithRetries(c.retries, time.Minute))
			var err error
			if c.put {
				_, err = f.VersionControl.Toggle(t.Context(), 7, WriteAccess, true)
			} else {
				_, err = f.Personnel.Get(t.Context(), 7)
			}
			if (err != nil) != (c.status != 0) || StatusOf(err) != max(c.status, 0) {
				t.Errorf("error %v, want status %d", err, c.status)
			}
			if calls.Load() != c.calls || !slices.Equal(f.waits, c.waits) {
				t.Errorf("%d calls and waits %v, want %d and %v", calls.Load(), f.waits, c.calls, c.waits)
			}
		})
	}
}

// refusing fails to connect some times, as while a server starts.
func refusing(times int, failure error) *http.Client {
	var dialer net.Dialer
	var mu sync.Mutex
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			mu.Lock()
			defer mu.Unlock()
			if times--; times >= 0 {
				return nil, &net.OpError{Op: "dial", Net: network, Err: failure}
			}
			return dialer.DialContext(ctx, network, address)
		},
	}}
}

func TestConnectionsThatDoNotComeAbout(t *testing.T) {
	t.Parallel()
	handler, calls := inTurn(t, nil)
	f := newFake(t, handler, WithHTTPClient(refusing(2, syscall.ECONNREFUSED)))
	if _, err := f.Personnel.ResetSyncAll(t.Context()); err != nil || calls.Load() != 1 || len(f.waits) != 2 {
		t.Errorf("a change gives %v after %d calls and waits %v", err, calls.Load(), f.waits)
	}
	f = newFake(t, handler, WithHTTPClient(refusing(9, syscall.ECONNREFUSED)))
	if _, err := f.Personnel.Get(t.Context(), 7); !errors.Is(err, syscall.ECONNREFUSED) || len(f.waits) != defaultRetries {
		t.Errorf("a read gives %v after waits %v", err, f.waits)
	}
	f = newFake(t, handler, WithHTTPClient(refusing(9, &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true})))
	if _, err := f.Personnel.Get(t.Context(), 7); err == nil || len(f.waits) != 0 {
		t.Errorf("a name that does not exist gives %v after waits %v", err, f.waits)
	}
	secure := httptest.NewUnstartedServer(handler)
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // the refused handshake is meant
	secure.StartTLS()
	t.Cleanup(secure.Close)
	f = newFakeOf(t, secure.URL)
	if _, err := f.Personnel.Get(t.Context(), 7); err == nil || len(f.waits) != 0 {
		t.Errorf("a certificate that nobody trusts gives %v after waits %v", err, f.waits)
	}
	plain := newFake(t, handler)
	f = newFakeOf(t, strings.Replace(plain.url, "http:", "https:", 1))
	if _, err := f.Personnel.Get(t.Context(), 7); err == nil || len(f.waits) != 0 {
		t.Errorf("https to a server without it gives %v after waits %v", err, f.waits)
	}
	f = newFakeOf(t, secure.URL, WithHTTPClient(secure.Client()))
	if _, err := f.Personnel.Get(t.Context(), 7); err != nil {
		t.Errorf("an HTTP client that trusts the certificate gives %v", err)
	}
}

func TestContextsEndCalls(t *testing.T) {
	t.Parallel()
	handler, calls := inTurn(t, http.Header{"Retry-After": {"30"}}, 503, 503)
	f := newFake(t, handler)
	ctx, cancel := context.WithCancel(t.Context())
	f.wire.wait = func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}
	_, err := f.Personnel.Get(ctx, 7)
	if !errors.Is(err, context.Canceled) || StatusOf(err) != 503 || calls.Load() != 1 {
		t.Errorf("cancelled while waiting: %v after %d calls", err, calls.Load())
	}
	if _, err = f.Personnel.Get(ctx, 7); !errors.Is(err, context.Canceled) || calls.Load() != 1 {
		t.Errorf("cancelled before: %v after %d calls", err, calls.Load())
	}

	f = newFake(t, handler)
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := f.Personnel.Get(ctx, 7); StatusOf(err) != 503 || errors.Is(err, context.DeadlineExceeded) || len(f.waits) != 0 {
		t.Errorf("a wait beyond the deadline: %v after waits %v", err, f.waits)
	}

	arrived := make(chan struct{})
	f = newFake(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	ctx, cancel = context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	if _, err := f.Personnel.Get(ctx, 7); !errors.Is(err, context.Canceled) || len(f.waits) != 0 {
		t.Errorf("cancelled in the middle: %v after waits %v", err, f.waits)
	}
}

func TestSleepEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := sleep(t.Context(), time.Minute); err != nil || time.Since(start) != time.Minute {
			t.Errorf("slept %s: %v", time.Since(start), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start = time.Now()
		if err := sleep(ctx, time.Minute); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("slept %s: %v", time.Since(start), err)
		}
	})
}

func TestBackOffIsBounded(t *testing.T) {
	t.Parallel()
	for _, chance := range []float64{0, 0.5, 0.999} {
		p := retryPolicy{most: 100, longest: time.Minute, chance: func() float64 { return chance }}
		for attempt := range 100 {
			wait, again := p.after(methodGet, attempt, &Error{StatusCode: 503})
			if !again || wait < backOffFirst/2 || wait > backOffMost {
				t.Errorf("attempt %d with chance %v waits %s, %v", attempt, chance, wait, again)
			}
		}
		asked, again := p.after(methodGet, 0, &Error{StatusCode: 429, RetryAfter: 10 * time.Second})
		if !again || asked < 10*time.Second || asked > 11*time.Second {
			t.Errorf("asked for 10 s, waits %s", asked)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, time.July, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"":                                0,
		"0":                               0,
		" 7 ":                             7 * time.Second,
		"-5":                              0,
		"1.5":                             0,
		"soon":                            0,
		"99999999999":                     365 * 24 * time.Hour,
		"99999999999999999999":            0,
		"Tue, 01 Jul 2025 12:00:30 GMT":   30 * time.Second,
		"Tuesday, 01-Jul-25 12:01:00 GMT": time.Minute,
		"Tue, 01 Jul 2025 11:00:00 GMT":   0,
	} {
		if got := parseRetryAfter(text, now); got != want {
			t.Errorf("Retry-After %q is %s, want %s", text, got, want)
		}
	}
}

// The key and changes go to the server that the client was made for, and nowhere
// else, also where an HTTP client of the caller's would go.
func TestRedirects(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("%s came to another host, Authorization %q", r.RequestURI, r.Header.Get("Authorization"))
		reply(w, http.StatusOK, `{"id":7}`)
	}))
	t.Cleanup(elsewhere.Close)
	var here atomic.Int64
	handler := func(w http.ResponseWriter, r *http.Request) {
		here.Add(1)
		switch r.URL.Path {
		case "/public/personnel/1":
			http.Redirect(w, r, elsewhere.URL+"/public/personnel/1", http.StatusFound)
		case "/public/personnel/2":
			http.Redirect(w, r, "/public/personnel/7", http.StatusMovedPermanently)
		case "/public/personnel/3":
			http.Redirect(w, r, "/public/personnel/3", http.StatusFound)
		case "/public/personnel/all/reset-sync":
			http.Redirect(w, r, "/public/personnel/7", http.StatusFound)
		case "/public/personnel/reset-sync/4":
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		default:
			if r.Header.Get("Authorization") != "Bearer "+canary {
				t.Errorf("%s has no key", r.RequestURI)
			}
			reply(w, http.StatusOK, `{"id":7}`)
		}
	}
	f := newFake(t, handler, WithHTTPClient(&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}))
	ctx := t.Context()
	_, err := f.Personnel.Get(ctx, 1)
	if StatusOf(err) != http.StatusFound || !strings.Contains(err.Error(), "redirects to "+elsewhere.URL+",") {
		t.Errorf("to another host: %v", err)
	}
	if p, err := f.Personnel.Get(ctx, 2); err != nil || p.ID != 7 {
		t.Errorf("within the host: %v", err)
	}
	here.Store(0)
	if _, err := f.Personnel.Get(ctx, 3); StatusOf(err) != http.StatusFound || here.Load() > 10 {
		t.Errorf("in a circle: %v after %d requests", err, here.Load())
	}
	if _, err := f.Personnel.ResetSyncAll(ctx); StatusOf(err) != http.StatusFound {
		t.Errorf("a change that would become a read: %v", err)
	}
	if _, err := f.Personnel.ResetSync(ctx, 4); StatusOf(err) != http.StatusTemporaryRedirect {
		t.Errorf("a change to another host: %v", err)
	}
}
