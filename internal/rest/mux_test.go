package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// fakeGate refuses what its fields say, in the order that Gate promises. It
// stands for the composition root's gate, which this package must not know.
type fakeGate struct{ refuse []workforce.Reason }

func (g *fakeGate) Admit(r *http.Request, _ *Route) (context.Context, error) {
	for _, reason := range []workforce.Reason{
		workforce.ReasonKeyUnknown, workforce.ReasonPlanFeature, workforce.ReasonTermsNotAccepted, workforce.ReasonScope,
	} {
		if slices.Contains(g.refuse, reason) {
			return nil, workforce.Refuse(reason, "refused: %s", reason)
		}
	}
	SetActor(r.Context(), "17")
	return r.Context(), nil
}

type answer struct{ text string }

func (a answer) AppendJSON(b []byte) []byte {
	o := NewObject(b)
	o.String("got", a.text)
	return o.End()
}

type itemParams struct {
	id int64
	on bool
}

func bindItem(b *Binder) itemParams {
	return itemParams{id: b.PathInt("id"), on: b.Body().RequiredBool("on")}
}

func updateItem(_ context.Context, rq *Request, p itemParams) (Response, error) {
	switch p.id {
	case 404:
		return nil, workforce.Refuse(workforce.ReasonUserNotFound, "There is no user %d.", p.id)
	case 409:
		rq.SetHeader("X-Affected", "1")
		return nil, workforce.Refuse(workforce.ReasonNoSource, "No source knows them.")
	case 500:
		return nil, fmt.Errorf("loading item: %w", errors.New("disk on fire"))
	case 501:
		panic("secret state")
	case 204:
		return nil, nil
	case 201:
		rq.SetStatus(rq.HTTP().ProtoMajor + 200)
	}
	rq.SetHeader("X-Affected", "3")
	return answer{fmt.Sprintf("%d %t %s", p.id, p.on, rq.Route().Operation)}, nil
}

func getItem(_ context.Context, _ *Request, id int64) (Response, error) {
	return answer{fmt.Sprint(id)}, nil
}

func bindID(b *Binder) int64 { return b.PathInt("id") }

func testRoutes() []Route {
	item := func() []Route {
		return []Route{
			Op(http.MethodGet, "/items", "listItems", "items:list", NoParams, func(context.Context, *Request, struct{}) (Response, error) {
				return answer{"list"}, nil
			}),
			Op(http.MethodGet, "/items/{id}", "getItem", "items:get", bindID, getItem).Answers(404, 200),
			Op(http.MethodPut, "/items/{id}/status", "updateItem", "items:update", bindItem, updateItem).Needs("items"),
		}
	}
	v1 := Mount("/public", V1, item())
	v2 := Mount("/public/v2", V2, item())
	native := Mount("/native/v1", Native, item())
	for i := range v2 {
		v2[i].Operation += "V2"
		native[i].Operation += "Native"
	}
	only := Mount("/public/v2", V2, []Route{Op(http.MethodGet, "/users", "listUsers", "s", NoParams, func(context.Context, *Request, struct{}) (Response, error) {
		return answer{"users"}, nil
	})})
	v1user := Mount("/public", V1, []Route{Op(http.MethodGet, "/users/{id}", "getUser", "s", bindID, getItem)})
	pages := []Route{Raw(http.MethodGet, "/people/{id}", "personPage", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "page of ", r.PathValue("id"))
	}))}
	var all []Route
	for _, rs := range [][]Route{v1, v2, native, only, v1user, pages} {
		all = append(all, rs...)
	}
	return all
}

type setup struct {
	gate     *fakeGate
	requests *Limiter
	failures *Limiter
	log      *bytes.Buffer
	handler  http.Handler
}

func newSetup(t *testing.T, change func(*setup)) *setup {
	t.Helper()
	s := &setup{gate: &fakeGate{}, log: &bytes.Buffer{}}
	if change != nil {
		change(s)
	}
	log := slog.New(LogHandler{slog.NewJSONHandler(s.log, nil)})
	m, err := NewMux(MuxConfig{
		Routes: testRoutes(),
		Bases:  []Base{{"/public", V1}, {"/public/v2", V2}, {"/native/v1", Native}},
		Gate:   s.gate, Requests: s.requests, Failures: s.failures, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.handler = Stack(StackConfig{Log: log}, m)
	return s
}

// do sends one request whose path is used as it is.
func (s *setup) do(method, target, body string) *httptest.ResponseRecorder {
	path, query, _ := strings.Cut(target, "?")
	r := httptest.NewRequest(method, "/", strings.NewReader(body))
	r.URL.RawQuery = query
	if err := setPath(r, path); err != nil {
		panic(err)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

func setPath(r *http.Request, escaped string) error {
	u, err := url.Parse("http://host" + escaped)
	if err != nil {
		return err
	}
	r.URL.Path, r.URL.RawPath = u.Path, u.RawPath
	return nil
}

func checkBodyIs(t *testing.T, w *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if w.Code != status || body != "" && w.Body.String() != body {
		t.Errorf("%d %s\nwant %d %s", w.Code, w.Body, status, body)
	}
	if !json.Valid(w.Body.Bytes()) || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("not JSON: %s %q", w.Header().Get("Content-Type"), w.Body)
	}
	if got := w.Header().Get("Content-Length"); got != fmt.Sprint(w.Body.Len()) {
		t.Errorf("Content-Length %s of %d bytes", got, w.Body.Len())
	}
	if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("X-Request-Id") == "" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", w.Header())
	}
}

func TestUnknownRoutes(t *testing.T) {
	t.Parallel()
	s := newSetup(t, nil)
	for _, c := range []struct{ target, message string }{
		{"/public/nothing", "Cannot GET /public/nothing"},
		{"/public/nothing?email=a@example.com", "Cannot GET /public/nothing"},
		{"/public//items", "Cannot GET /public//items"},
		{"//public/items", "Cannot GET //public/items"},
		{"/public/items/", "Cannot GET /public/items/"},
		{"/public/items/1/status/x", "Cannot GET /public/items/1/status/x"},
		{"/public/%2e%2e/public/items", "Cannot GET /public/%2e%2e/public/items"},
		{"/public/../public/items", "Cannot GET /public/../public/items"},
		{"/public/items/%2e%2e", "Cannot GET /public/items/%2e%2e"},
		{"/public/%3Cscript%3E%22", "Cannot GET /public/%3Cscript%3E%22"},
		{"/", "Cannot GET /"},
		{"/public", "Cannot GET /public"},
		{"/itemsx", "Cannot GET /itemsx"},
		{"/items", "Cannot GET /items; did you mean /public/items?"},
		{"/items/7", "Cannot GET /items/7; did you mean /public/items/7?"},
		{"/items/7/nothing", "Cannot GET /items/7/nothing; did you mean /public/items/7/nothing?"},
		{"/v2/items", "Cannot GET /v2/items; did you mean /public/v2/items?"},
		{"/users", "Cannot GET /users; did you mean /public/v2/users?"},
		{"/users/7", "Cannot GET /users/7; did you mean /public/users/7?"},
		{"/v2/nothing", "Cannot GET /v2/nothing"},
		{"/public/" + strings.Repeat("x", 500), "Cannot GET /public/" + strings.Repeat("x", 192) + "..."},
	} {
		w := s.do(http.MethodGet, c.target, "")
		checkBodyIs(t, w, 404, `{"statusCode":404,"message":`+oracle(t, c.message)+`,"code":10170}`)
		if w.Header().Get("Location") != "" {
			t.Errorf("%s redirects to %s", c.target, w.Header().Get("Location"))
		}
	}
	checkBodyIs(t, s.do(http.MethodGet, "/public/v2/nothing", ""), 404,
		`{"name":"NotFoundException","statusCode":404,"message":"Cannot GET /public/v2/nothing","code":10170}`)
	checkBodyIs(t, s.do(http.MethodGet, "/native/v1/nothing", ""), 404,
		`{"statusCode":404,"message":"Cannot GET /native/v1/nothing","code":10170,"reason":"route_not_found"}`)
}

func TestWrongMethods(t *testing.T) {
	t.Parallel()
	s := newSetup(t, func(s *setup) { s.gate.refuse = []workforce.Reason{workforce.ReasonKeyUnknown} })
	for _, c := range []struct{ method, path, allow string }{
		{"POST", "/public/items", "GET, HEAD"},
		{"OPTIONS", "/public/items/1", "GET, HEAD"},
		{"GET", "/public/items/1/status", "PUT"},
		{"BREW", "/public/v2/items", "GET, HEAD"},
		{"DELETE", "/people/1", "GET, HEAD"},
	} {
		w := s.do(c.method, c.path, "")
		checkBodyIs(t, w, 405, fmt.Sprintf(`{"statusCode":405,"message":"Cannot %s %s; this path answers %s","code":10020}`, c.method, c.path, c.allow))
		if got := w.Header().Get("Allow"); got != c.allow {
			t.Errorf("%s %s: Allow %q, want %q", c.method, c.path, got, c.allow)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	s := newSetup(t, nil)
	w := s.do(http.MethodPut, "/public/items/7/status", `{"on":true}`)
	checkBodyIs(t, w, 200, `{"got":"7 true updateItem"}`)
	if w.Header().Get("X-Affected") != "3" {
		t.Error("the handler's header is missing")
	}
	checkBodyIs(t, s.do(http.MethodGet, "/public/v2/items", ""), 200, `{"got":"list"}`)
	checkBodyIs(t, s.do(http.MethodPut, "/public/items/404/status", `{"on":true}`), 404, `{"statusCode":404,"message":"There is no user 404.","code":10290}`)
	w = s.do(http.MethodPut, "/public/v2/items/409/status", `{"on":true}`)
	checkBodyIs(t, w, 409, `{"name":"ConflictException","statusCode":409,"message":"No source knows them.","code":10220}`)
	if w.Header().Get("X-Affected") != "" {
		t.Error("an error carries the header of a success")
	}
	checkBodyIs(t, s.do(http.MethodPut, "/public/v2/items/x/status", `{}`), 400,
		`{"name":"BadRequestException","statusCode":400,"message":"id must be an integer; on is required","code":10020}`)
	checkBodyIs(t, s.do(http.MethodPut, "/native/v1/items/x/status", `{}`), 400,
		`{"statusCode":400,"message":"id must be an integer; on is required","code":10020,"reason":"bad_request","field":"id"}`)
	if w := s.do(http.MethodPut, "/public/items/204/status", `{"on":true}`); w.Code != 204 || w.Body.Len() != 0 {
		t.Errorf("nil answer: %d %s", w.Code, w.Body)
	}
	if w := s.do(http.MethodPut, "/public/items/201/status", `{"on":true}`); w.Code != 201 {
		t.Errorf("status set by the handler: %d", w.Code)
	}
	if w := s.do(http.MethodGet, "/people/7", ""); w.Body.String() != "page of 7" {
		t.Errorf("raw route: %s", w.Body)
	}
}

func TestOurFaultsAreNotTold(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"500", "501"} {
		s := newSetup(t, nil)
		w := s.do(http.MethodPut, "/public/v2/items/"+id+"/status?email=a@example.com", `{"on":true}`)
		checkBodyIs(t, w, 500, `{"statusCode":500,"message":"Internal server error","code":10010}`)
		log := s.log.String()
		if !strings.Contains(log, w.Header().Get("X-Request-Id")) || !strings.Contains(log, `"status":500`) {
			t.Errorf("log lacks the request id or the status: %s", log)
		}
		if lines := strings.Count(log, "\n"); lines != 2 || strings.Count(log, "request_id") != lines {
			t.Errorf("want two lines with one request id each: %s", log)
		}
		if strings.Contains(log, "example.com") || strings.Contains(log, "/items/"+id) {
			t.Errorf("log holds the path or the query: %s", log)
		}
	}
}

func TestClientGoneIsNotOurFault(t *testing.T) {
	t.Parallel()
	s := newSetup(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := httptest.NewRequest(http.MethodPut, "/public/items/1/status", brokenReader{io.ErrClosedPipe}).WithContext(ctx)
	s.handler.ServeHTTP(httptest.NewRecorder(), r)
	if log := s.log.String(); strings.Contains(log, "ERROR") || !strings.Contains(log, `"status":499`) {
		t.Errorf("log = %s", log)
	}
}

// A request that could be refused for every reason is refused for them in the
// promised order, as one after the other is mended.
func TestOrderOfRefusal(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	clock := func() time.Time { return now }
	all := []workforce.Reason{workforce.ReasonScope, workforce.ReasonTermsNotAccepted, workforce.ReasonPlanFeature, workforce.ReasonKeyUnknown}
	s := newSetup(t, func(s *setup) {
		s.requests = NewLimiter(1, clock)
		s.gate.refuse = all
	})
	s.do(http.MethodGet, "/public/items", "") // uses up the limit
	step := func(want int, method, target, body string) {
		t.Helper()
		if w := s.do(method, target, body); w.Code != want {
			t.Errorf("%s %s %q: %d, want %d (%s)", method, target, body, w.Code, want, w.Body)
		}
	}
	step(404, http.MethodPut, "/public/items/x/nothing", "{")
	step(405, http.MethodPost, "/public/items/x/status", "{")
	const target = "/public/items/%s/status"
	bad, missing, conflict := fmt.Sprintf(target, "x"), fmt.Sprintf(target, "404"), fmt.Sprintf(target, "409")
	step(429, http.MethodPut, bad, "{")
	for _, want := range []int{401, 402, 412, 403} {
		now = now.Add(time.Minute)
		step(want, http.MethodPut, bad, "{")
		s.gate.refuse = s.gate.refuse[:len(s.gate.refuse)-1]
	}
	for _, c := range []struct {
		want   int
		target string
		body   string
	}{{400, bad, "{"}, {400, missing, "{"}, {404, missing, `{"on":true}`}, {409, conflict, `{"on":true}`}, {200, fmt.Sprintf(target, "1"), `{"on":true}`}} {
		now = now.Add(time.Minute)
		step(c.want, http.MethodPut, c.target, c.body)
	}
}

// bodyTrap fails the test if a refused request's body is read.
type bodyTrap struct{ t *testing.T }

func (b bodyTrap) Read([]byte) (int, error) {
	b.t.Error("the body of a refused request is read")
	return 0, io.EOF
}

func TestRefusedBodyIsNotRead(t *testing.T) {
	t.Parallel()
	s := newSetup(t, func(s *setup) { s.gate.refuse = []workforce.Reason{workforce.ReasonScope} })
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/public/items/1/status", bodyTrap{t}))
	if w.Code != 403 {
		t.Errorf("status %d", w.Code)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	clock := func() time.Time { return now }
	s := newSetup(t, func(s *setup) { s.requests, s.failures = NewLimiter(3, clock), NewFailureLimiter(1, clock) })
	s.gate.refuse = []workforce.Reason{workforce.ReasonKeyUnknown}
	w := s.do(http.MethodGet, "/public/items", "")
	if w.Code != 401 || w.Header().Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("first failure: %d %v", w.Code, w.Header())
	}
	now = now.Add(500 * time.Millisecond)
	w = s.do(http.MethodGet, "/public/items", "")
	checkBodyIs(t, w, 429, `{"statusCode":429,"message":"Too many failed authentications from this address: at most 1 a minute. Try again in 60 seconds.","code":10000}`)
	if w.Header().Get("Retry-After") != "60" {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
	s.gate.refuse = nil // a good key is not locked out by the failures of others
	w = s.do(http.MethodGet, "/public/items", "")
	if w.Code != 200 || w.Header().Get("RateLimit") != `"requests";r=0;t=60` || w.Header().Get("RateLimit-Policy") != `"requests";q=3;w=60` {
		t.Errorf("third request: %d %v", w.Code, w.Header())
	}
	now = now.Add(9500 * time.Millisecond)
	w = s.do(http.MethodGet, "/public/items", "")
	checkBodyIs(t, w, 429, `{"statusCode":429,"message":"Too many requests from this address: at most 3 a minute. Try again in 50 seconds.","code":10000}`)
	if w.Header().Get("Retry-After") != "50" {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
	if w := s.do(http.MethodGet, "/people/7", ""); w.Code != 200 {
		t.Errorf("a raw route is limited: %d", w.Code)
	}
	now = now.Add(50 * time.Second)
	if w := s.do(http.MethodGet, "/public/items", ""); w.Code != 200 {
		t.Errorf("after the wait: %d", w.Code)
	}
}

func TestOverRealConnections(t *testing.T) {
	t.Parallel()
	s := newSetup(t, nil)
	srv := httptest.NewServer(s.handler)
	t.Cleanup(srv.Close)
	client := srv.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/public/items", 200},
		{"HEAD", "/public/items", 200},
		{"GET", "//public/items", 404},
		{"GET", "/public/items/", 404},
		{"GET", "/public//items", 404},
		{"GET", "/public/./items", 404},
		{"GET", "/a/../public/items", 404},
		{"OPTIONS", "/public/items", 405},
		{"HEAD", "/public/nothing", 404},
		{"GET", "/public/items/1%2F2", 400},
		{"TRACE", "/public/items", 405},
	} {
		req, err := http.NewRequest(c.method, srv.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != c.want {
			t.Errorf("%s %s: %d, %v; want %d", c.method, c.path, res.StatusCode, err, c.want)
		}
		if c.method == "HEAD" != (len(body) == 0) || res.ContentLength <= 0 {
			t.Errorf("%s %s: body %q of length %d", c.method, c.path, body, res.ContentLength)
		}
	}
}

func TestRouteTableIsChecked(t *testing.T) {
	t.Parallel()
	ok := func(context.Context, *Request, int64) (Response, error) { return answer{}, nil }
	for name, c := range map[string]struct {
		routes []Route
		want   string
	}{
		"same path":      {[]Route{Op("GET", "/a/{id}", "a", "", bindID, ok), Op("GET", "/a/{id}", "b", "", bindID, ok)}, "is also /a/{id}"},
		"same operation": {[]Route{Op("GET", "/a/{id}", "a", "", bindID, ok), Op("GET", "/b/{id}", "a", "", bindID, ok)}, "not a unique camelCase name"},
		"bad operation":  {[]Route{Op("GET", "/a/{id}", "Get a", "", bindID, ok)}, "not a unique camelCase name"},
		"unbound":        {[]Route{Op("GET", "/a/{key}", "a", "", bindID, ok)}, `"key" is not bound`},
		"not in pattern": {[]Route{Op("GET", "/a", "a", "", bindID, ok)}, `"id" is not in the pattern`},
		"bound twice": {[]Route{Op("GET", "/a/{id}", "a", "", func(b *Binder) int64 {
			b.Text("x[]")
			b.Text("x")
			return b.PathInt("id")
		}, ok)}, `"x" is bound twice`},
		"bad pattern": {[]Route{Raw("GET", "/a/", "a", nothing)}, "bad segment"},
		"no handler":  {[]Route{{Method: "GET", Pattern: "/a", Operation: "a"}}, "has no handler"},
	} {
		_, err := NewMux(MuxConfig{Routes: c.routes, Gate: &fakeGate{}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := NewMux(MuxConfig{Routes: testRoutes()}); err == nil {
		t.Error("operations without a gate are accepted")
	}
	m, err := NewMux(MuxConfig{Routes: testRoutes(), Gate: &fakeGate{}})
	if err != nil {
		t.Fatal(err)
	}
	r := m.Routes()[1]
	if r.Pattern != "/public/items/{id}" || r.Version != V1 || !r.IsOperation() || fmt.Sprint(r.Statuses) != "[200 404]" || len(r.Params) != 1 {
		t.Errorf("route = %+v", r)
	}
	if r := m.Routes()[2]; r.Feature != "items" || r.Scope != "items:update" {
		t.Errorf("route = %+v", r)
	}
}

func BenchmarkRequest(b *testing.B) {
	m, err := NewMux(MuxConfig{Routes: testRoutes(), Gate: &fakeGate{}})
	if err != nil {
		b.Fatal(err)
	}
	h := Stack(StackConfig{Log: slog.New(slog.DiscardHandler)}, m)
	r := httptest.NewRequest(http.MethodGet, "/public/items/12345?x=1", nil)
	w := &discard{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}
