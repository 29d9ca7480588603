package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

func TestRequestID(t *testing.T) {
	t.Parallel()
	var inside string
	h := Trace(nil)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { inside = RequestID(r.Context()) }))
	send := func(id string) string {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Request-Id", id)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Header().Get("X-Request-Id"); got != inside || got == "" {
			t.Errorf("answered id %q, inside %q", got, inside)
		}
		return inside
	}
	for _, id := range []string{"abc-123_X.y", strings.Repeat("a", 64)} {
		if got := send(id); got != id {
			t.Errorf("id %q became %q", id, got)
		}
	}
	for _, id := range []string{"", strings.Repeat("a", 65), "a b", "a@example.com", "a\"b", "é", "a=b"} {
		if got := send(id); got == id || len(got) < 20 {
			t.Errorf("id %q became %q", id, got)
		}
	}
	if one, two := send(""), send(""); one == two {
		t.Error("two requests have the same id")
	}
}

func TestSourceAddr(t *testing.T) {
	t.Parallel()
	var got netip.Addr
	h := Trace([]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = SourceAddr(r.Context())
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil) // from 192.0.2.1
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	h.ServeHTTP(httptest.NewRecorder(), r)
	if got.String() != "203.0.113.9" {
		t.Errorf("source %s", got)
	}
	if SourceAddr(context.Background()).IsValid() || RequestID(context.Background()) != "" {
		t.Error("a context without a request has a source or an id")
	}
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	s := newSetup(t, nil)
	s.do(http.MethodGet, "/public/items/7?q=a%40example.com", "")
	var line map[string]any
	if err := json.Unmarshal(s.log.Bytes(), &line); err != nil {
		t.Fatalf("%v: %s", err, s.log)
	}
	for k, want := range map[string]any{
		"level": "INFO", "msg": "request", "method": "GET", "route": "/public/items/{id}", "operation": "getItem", "status": 200.0, "reason": "", "bytes": 11.0, "key": "17",
	} {
		if line[k] != want {
			t.Errorf("%s = %v, want %v", k, line[k], want)
		}
	}
	if line["request_id"] == "" || line["duration"] == nil || strings.Contains(s.log.String(), "example") {
		t.Errorf("line %v", line)
	}
	s.log.Reset()
	s.do("BREW", "/who/a%40example.com", "")
	if log := s.log.String(); !strings.Contains(log, `"method":"OTHER","route":"unmatched"`) || !strings.Contains(log, `"reason":"route_not_found"`) || strings.Contains(log, "example") {
		t.Errorf("log %s", log)
	}
}

func TestLogHandlerAddsTheRequestID(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	log := slog.New(LogHandler{slog.NewTextHandler(&buf, nil)}).With("a", 1).WithGroup("g")
	ctx := contextWith(context.Background(), &exchange{id: "r1"})
	log.InfoContext(ctx, "one")
	log.InfoContext(ctx, "two", "request_id", "mine")
	log.Info("three")
	if got := strings.Count(buf.String(), "request_id=r1"); got != 1 || strings.Count(buf.String(), "request_id") != 2 {
		t.Errorf("log:\n%s", &buf)
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	h := SecurityHeaders(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page" {
			w.Header().Set("Content-Security-Policy", "default-src 'self'")
		}
	}))
	for path, csp := range map[string]string{"/page": "default-src 'self'", "/": "default-src 'none'; frame-ancestors 'none'"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		for k, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": csp, "Referrer-Policy": "no-referrer"} {
			if got := w.Header().Get(k); got != want {
				t.Errorf("%s: %s = %q, want %q", path, k, got, want)
			}
		}
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		panics any
		logged string
	}{
		"text": {"boom", "boom"}, "error": {errors.New("bang"), "bang"}, "value": {struct{ Email string }{"a@example.com"}, "value of type struct"},
	} {
		var buf bytes.Buffer
		h := Stack(StackConfig{Log: slog.New(slog.NewTextHandler(&buf, nil))}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(c.panics) }))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		checkBodyIs(t, w, 500, `{"statusCode":500,"message":"Internal server error","code":10010}`)
		log := buf.String()
		if !strings.Contains(log, c.logged) || !strings.Contains(log, "middleware_test.go") || !strings.Contains(log, "status=500") || strings.Contains(log, "example.com") {
			t.Errorf("%s: log %s", name, log)
		}
	}
}

func TestPanicAfterTheAnswerBeganCutsTheConnection(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	h := Stack(StackConfig{Log: slog.New(slog.NewTextHandler(&buf, nil))}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic("boom")
	}))
	srv := httptest.NewServer(h)
	defer srv.Close()
	res, err := srv.Client().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("the client takes half an answer for the whole")
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	metrics, err := NewMetrics(reg)
	if err != nil {
		t.Fatal(err)
	}
	m, err := NewMux(MuxConfig{Routes: testRoutes(), Gate: &fakeGate{}})
	if err != nil {
		t.Fatal(err)
	}
	h := Stack(StackConfig{Log: slog.New(slog.DiscardHandler), Metrics: metrics}, m)
	for _, c := range []string{"GET /public/items/7?utm=1&x=2", "GET /public/items/8", "GET /nothing/a@example.com", "BREW /public/items"} {
		method, target, _ := strings.Cut(c, " ")
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, target, nil))
	}
	w := httptest.NewRecorder()
	promhttp.HandlerFor(reg, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	var got []string
	for line := range strings.Lines(w.Body.String()) {
		if !strings.HasPrefix(line, "#") && !strings.Contains(line, "_bucket{") && !strings.Contains(line, "_sum{") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	want := []string{
		`passmuster_http_request_duration_seconds_count{method="GET",route="/public/items/{id}"} 2`,
		`passmuster_http_request_duration_seconds_count{method="GET",route="unmatched"} 1`,
		`passmuster_http_request_duration_seconds_count{method="OTHER",route="unmatched"} 1`,
		`passmuster_http_requests_in_flight 0`,
		`passmuster_http_requests_total{method="GET",route="/public/items/{id}",status="200"} 2`,
		`passmuster_http_requests_total{method="GET",route="unmatched",status="404"} 1`,
		`passmuster_http_requests_total{method="OTHER",route="unmatched",status="405"} 1`,
		`passmuster_http_unknown_query_parameters_total{operation="getItem"} 2`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("metrics\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, err := NewMetrics(reg); err == nil {
		t.Error("registered twice without an error")
	}
}

func TestServerHasEveryLimit(t *testing.T) {
	t.Parallel()
	s := NewServer(ServerConfig{IdleTimeout: 7}, nothing, slog.New(slog.DiscardHandler))
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout != 7 || s.MaxHeaderBytes != 64<<10 || s.ErrorLog == nil {
		t.Errorf("server %+v", s)
	}
}
