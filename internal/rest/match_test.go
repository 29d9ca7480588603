package rest

import (
	"net/http"
	"strings"
	"testing"
)

var nothing = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})

func testMatcher(tb testing.TB, lines ...string) matcher {
	tb.Helper()
	var entries []*entry
	for _, line := range lines {
		method, pattern, _ := strings.Cut(line, " ")
		r := Raw(method, pattern, "x", nothing)
		e, err := newEntry(&r)
		if err != nil {
			tb.Fatal(err)
		}
		entries = append(entries, e)
	}
	return newMatcher(entries)
}

// The table in an order that is deliberately not the order of preference.
func personnelTable(tb testing.TB) matcher {
	tb.Helper()
	return testMatcher(tb,
		"GET /public/personnel/{id}", "GET /public/personnel", "GET /public/personnel/{email}/email",
		"PUT /public/personnel/{id}/contract-dates", "PUT /public/personnel/{id}/status",
		"PUT /public/personnel/reset-sync/{personnelId}", "PUT /public/personnel/some/reset-sync",
		"PUT /public/personnel/all/reset-sync", "GET /public/v2/users/{userId}", "GET /public/v2/users",
		"GET /", "GET /assets/{path...}", "GET /assets/logo", "POST /people/{id}", "GET /people/{id}")
}

func TestMatch(t *testing.T) {
	t.Parallel()
	m := personnelTable(t)
	for _, c := range []struct{ request, want string }{
		{"GET /", "/"},
		{"GET /public/personnel", "/public/personnel"},
		{"HEAD /public/personnel", "/public/personnel"},
		{"GET /public/personnel/1", "/public/personnel/{id} 1"},
		{"GET /public/personnel/reset-sync", "/public/personnel/{id} reset-sync"},
		{"GET /public/personnel/all", "/public/personnel/{id} all"},
		{"GET /public/%70ersonnel/1", "/public/personnel/{id} 1"},
		{"PUT /public/personnel/1/status", "/public/personnel/{id}/status 1"},
		{"PUT /public/personnel/reset-sync/17", "/public/personnel/reset-sync/{personnelId} 17"},
		{"PUT /public/personnel/all/reset-sync", "/public/personnel/all/reset-sync"},
		{"PUT /public/personnel/some/reset-sync", "/public/personnel/some/reset-sync"},
		{"PUT /public/personnel/some/status", "/public/personnel/{id}/status some"},
		// Both fit: the literal further left wins.
		{"PUT /public/personnel/reset-sync/status", "/public/personnel/reset-sync/{personnelId} status"},
		{"PUT /public/personnel/reset-sync/reset-sync", "/public/personnel/reset-sync/{personnelId} reset-sync"},
		// Only one of those that fit has the method.
		{"GET /public/personnel/reset-sync/email", "/public/personnel/{email}/email reset-sync"},
		{"PUT /public/personnel/reset-sync/email", "/public/personnel/reset-sync/{personnelId} email"},
		{"GET /public/personnel/a%2Bb%40example.com/email", "/public/personnel/{email}/email a+b@example.com"},
		{"GET /public/personnel/a+b@example.com/email", "/public/personnel/{email}/email a+b@example.com"},
		{"GET /public/personnel/a%2Fb%40example.com/email", "/public/personnel/{email}/email a/b@example.com"},
		{"GET /public/v2/users/email%3Aa%2Bb%40example.com", "/public/v2/users/{userId} email:a+b@example.com"},
		{"GET /assets/logo", "/assets/logo"},
		{"GET /assets/css/site.css", "/assets/{path...} css/site.css"},

		{"POST /public/personnel", "405 GET, HEAD"},
		{"OPTIONS /public/personnel", "405 GET, HEAD"},
		{"OPTIONS /people/1", "405 GET, HEAD, POST"},
		{"POST /public/personnel/reset-sync/email", "405 GET, HEAD, PUT"},
		{"GET /public/personnel/1/status", "405 PUT"},
		{"get /public/personnel", "405 GET, HEAD"},

		{"GET /assets", "404"},
		{"GET /assets/", "404"},
		{"GET /public", "404"},
		{"GET /public/personnel/", "404"},
		{"GET /public//personnel", "404"},
		{"GET //public/personnel", "404"},
		{"GET //", "404"},
		{"GET /public/personnel/1/status/x", "404"},
		{"GET /public/personnel/..", "404"},
		{"GET /public/personnel/%2e%2e", "404"},
		{"GET /public/personnel/%2E/email", "404"},
		{"GET /public/x/../personnel", "404"},
		{"GET /PUBLIC/personnel", "404"},
		{"GET /public/personnel%2F1", "404"},
		{"GET /public/personnel/%zz", "404"},
		{"GET public/personnel", "404"},
		{"GET ", "404"},
		{"GET *", "404"},
		{"GET " + strings.Repeat("/x", maxSegments+1), "404"},
	} {
		method, path, _ := strings.Cut(c.request, " ")
		route, v, allow := m.match(method, path)
		got := "404"
		switch {
		case route != nil:
			got = route.Pattern
			for i := range v.n {
				got += " " + v.texts[i]
			}
		case allow != "":
			got = "405 " + allow
		}
		if got != c.want {
			t.Errorf("%s = %s, want %s", c.request, got, c.want)
		}
	}
}

func TestBadPatterns(t *testing.T) {
	t.Parallel()
	for _, p := range []string{"", "x", "/a/", "//", "/a//b", "/{}", "/a{b}", "/{a...}/b", "/%41", "/{a}/{b}/{c}/{d}/{e}", strings.Repeat("/x", maxSegments+1)} {
		r := Raw(http.MethodGet, p, "x", nothing)
		if _, err := newEntry(&r); err == nil {
			t.Errorf("pattern %q is accepted", p)
		}
	}
}

// FuzzMatch holds for any path: no panic; a match refills its pattern to the
// same segments; no value is empty, "." or "..".
func FuzzMatch(f *testing.F) {
	m := personnelTable(f)
	for _, s := range []string{"/", "/public/personnel/1/status", "/public/personnel/a%2Fb/email", "//", "/%2e%2e", "/%", "/assets/a/b"} {
		f.Add("GET", s)
		f.Add("PUT", s)
	}
	f.Fuzz(func(t *testing.T, method, path string) {
		route, v, allow := m.match(method, path)
		if route == nil {
			return
		}
		if allow != "" || !hasMethod(route.Method, method) {
			t.Fatalf("%s %s matches %s %s", method, path, route.Method, route.Pattern)
		}
		var parts [maxSegments]string
		n, ok := splitPath(path, &parts)
		if !ok {
			t.Fatalf("%q matches but does not split", path)
		}
		refilled := route.Pattern
		for i := range v.n {
			if x := v.texts[i]; x == "" || x == "." || x == ".." {
				t.Fatalf("%s = %q", v.names[i], x)
			}
		}
		if v.n == 0 && refilled != "/"+strings.Join(parts[:n], "/") {
			t.Fatalf("%q matches %q", path, refilled)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	m := personnelTable(b)
	b.ReportAllocs()
	for b.Loop() {
		m.match(http.MethodGet, "/public/personnel/12345")
	}
}
