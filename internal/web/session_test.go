package web

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/workforce"
)

func TestHomeLeadsToPeople(t *testing.T) {
	t.Parallel()
	setup(t).get("/").leadsTo("/people")
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.get("/people?q=zo%C3%AB&page=2").leadsTo("/session?to=%2Fpeople%3Fq%3Dzo%25C3%25AB%26page%3D2")
	b.get("/session?to=%2Fpeople%3Fq%3Dzo%25C3%25AB%26page%3D2").want(200,
		`name="to" value="/people?page=2&amp;q=zo%C3%AB"`, "passmuster key create --name web --scope all:read")
	b.post("/session", url.Values{"key": {" " + b.key(workforce.ScopeAllRead) + "\n"}, "to": {"/people?page=2&q=zo%C3%AB"}}).
		leadsTo("/people?page=2&q=zo%C3%AB")
	b.get("/people").want(200, "Sign out")
	b.get("/session?to=/people/7").leadsTo("/people/7")
	b.post("/session/end", nil).leadsTo("/session")
	b.get("/people").leadsTo("/session?to=%2Fpeople")
	b.get("/session").want(200).lacks("Sign out", "notice")
}

func TestSessionCookie(t *testing.T) {
	t.Parallel()
	b := setup(t)
	byTLS := func(r *http.Request) { r.TLS = &tls.ConnectionState{} }
	from := func(addr string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = addr } }
	for _, tt := range []struct {
		name   string
		change []func(*http.Request)
		secure bool
	}{
		{"plain", nil, false},
		{"TLS", []func(*http.Request){byTLS}, true},
		{"trusted proxy", []func(*http.Request){from("10.1.2.3:99"), header("X-Forwarded-Proto", "https")}, true},
		{"trusted proxy, IPv4 in IPv6", []func(*http.Request){from("[::ffff:10.1.2.3]:99"), header("X-Forwarded-Proto", "HTTPS")}, true},
		{"trusted proxy by HTTP", []func(*http.Request){from("10.1.2.3:99"), header("X-Forwarded-Proto", "https, http")}, false},
		{"trusted proxy says nothing", []func(*http.Request){from("10.1.2.3:99")}, false},
		{"anybody", []func(*http.Request){header("X-Forwarded-Proto", "https")}, false},
		{"no address", []func(*http.Request){from("@"), header("X-Forwarded-Proto", "https")}, false},
	} {
		w := b.post("/session", url.Values{"key": {b.key(workforce.ScopeAllRead)}}, tt.change...).leadsTo("/people")
		c := w.Result().Cookies()[0]
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s: cookie %v", tt.name, c)
		}
		if c.MaxAge != int(auth.SessionMost.Seconds()) {
			t.Errorf("%s: lives %d seconds", tt.name, c.MaxAge)
		}
		if c.Secure != tt.secure || strings.HasPrefix(c.Name, "__Host-") != tt.secure {
			t.Errorf("%s: cookie %v, want secure %v", tt.name, c, tt.secure)
		}
		b.cookies = map[string]string{c.Name: c.Value}
		b.get("/people", tt.change...).want(200)
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	t.Run("after twelve hours", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.signIn()
		b.clock.pass(auth.SessionMost - time.Second)
		b.get("/people").want(200)
		b.clock.pass(time.Second)
		b.get("/people").leadsTo("/session?to=%2Fpeople")
		b.get("/session").want(200, "your session is over")
	})
	t.Run("with its key", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		end := b.db.Now().Add(time.Hour)
		secret, _, err := b.keys.Create(b.cli, auth.NewKey{Name: "short", Scopes: []workforce.Scope{workforce.ScopeAllRead}, Expires: &end})
		if err != nil {
			t.Fatal(err)
		}
		w := b.post("/session", url.Values{"key": {secret}}).want(303)
		if age := w.Result().Cookies()[0].MaxAge; age != 3600 {
			t.Errorf("the cookie lives %d seconds", age)
		}
	})
	t.Run("at once when the key is revoked", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.signIn()
		if _, err := b.keys.Revoke(b.cli, "1"); err != nil {
			t.Fatal(err)
		}
		b.get("/people/1").leadsTo("/session?to=%2Fpeople%2F1")
		b.get("/session?to=%2Fpeople%2F1").want(200, "was revoked", `role="alert"`)
		if len(b.cookies) > 0 {
			t.Error("the cookie was not taken away")
		}
		b.get("/session").want(200).lacks("revoked")
	})
}

func TestSignInRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	office, _, err := b.keys.Create(b.cli, auth.NewKey{
		Name: "office", Scopes: []workforce.Scope{workforce.ScopeAllRead}, Allow: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, key string
		status    int
		text      string
	}{
		{"nothing", " ", 400, "API key: this field is empty"},
		{"garbage", "pmk_\"><script>", 401, "is not known here"},
		{"another server's", strings.Replace(office, "pmk_", "pmk_0", 1), 401, "is not known here"},
		{"address", office, 401, "may not be used from your network address"},
		{"far too long", strings.Repeat("x", maxForm), 400, "The form cannot be read"},
	} {
		w := b.post("/session", url.Values{"key": {tt.key}, "to": {"/people/3"}}).want(tt.status, tt.text).lacks("<script", "pmk_")
		if tt.status == 401 {
			w.want(401, `value="/people/3"`, `aria-invalid="true"`)
		}
		if len(w.Result().Cookies()) > 0 {
			t.Errorf("%s: got a cookie", tt.name)
		}
	}
}

func TestFailedSignInsAreLimited(t *testing.T) {
	t.Parallel()
	b := setup(t)
	wrong := url.Values{"key": {"wrong"}}
	for range failuresMost {
		b.post("/session", wrong).want(401)
	}
	w := b.post("/session", wrong).want(429, "Too many failed authentications", `name="key"`)
	if w.Header().Get("Retry-After") != "60" {
		t.Errorf("Retry-After is %q", w.Header().Get("Retry-After"))
	}
	b.signIn() // a good key is let in all the same
	b.get("/people").want(200)
	b.cookies[cookiePlain] = "forged"
	b.get("/people").want(429, "Too many requests")
	b.clock.pass(time.Minute)
	b.get("/people").leadsTo("/session?to=%2Fpeople")
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, tt := range []struct {
		name   string
		change []func(*http.Request)
		ok     bool
	}{
		{"not a browser", nil, true},
		{"our own", []func(*http.Request){header("Sec-Fetch-Site", "same-origin"), header("Origin", "http://example.com")}, true},
		{"our own, by plain HTTP", []func(*http.Request){header("Origin", "http://example.com")}, true},
		{"another site", []func(*http.Request){header("Sec-Fetch-Site", "cross-site")}, false},
		{"a neighbour", []func(*http.Request){header("Sec-Fetch-Site", "same-site")}, false},
		{"another origin", []func(*http.Request){header("Origin", "http://example.org")}, false},
		{"hidden origin", []func(*http.Request){header("Origin", "null")}, false},
	} {
		for _, path := range []string{pathSession, pathSessionEnd} {
			w := b.post(path, url.Values{"key": {b.key(workforce.ScopeAllRead)}}, tt.change...)
			if tt.ok {
				w.want(303)
			} else if w.want(403, "came from another site"); len(w.Result().Cookies()) > 0 {
				t.Errorf("%s: %s changed a cookie", tt.name, path)
			}
		}
	}
}

func TestLinksOnOtherSites(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.get("/session?to=/people/4", header("Sec-Fetch-Site", "cross-site")).want(200, "from another site", `href="/people/4"`)
	b.get("/session?to=/people/4", header("Sec-Fetch-Site", "none")).want(200).lacks("from another site")
}

func TestReturnPath(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"":                                  "/people",
		"/people":                           "/people",
		"/people/12":                        "/people/12",
		"/people?q=a%26b":                   "/people?q=a%26b",
		"/people/12?x=1#devices":            "/people/12?x=1",
		"//example.org":                     "/people",
		"//example.org/people":              "/people",
		"/\\example.org":                    "/people",
		"\\\\example.org":                   "/people",
		"https://example.org/people":        "/people",
		"http:/people":                      "/people",
		"//user@example.org/people":         "/people",
		"javascript:alert(1)":               "/people",
		"/people/../../example.org":         "/people",
		"/people//example.org":              "/people",
		"/people/1/x":                       "/people",
		"/people/%2e%2e":                    "/people",
		"/people/0":                         "/people",
		"/people/01":                        "/people",
		"/people/+1":                        "/people",
		"/people\r\nSet-Cookie: a=b":        "/people",
		"/people?q=%zz":                     "/people",
		"/session/end":                      "/people",
		"/people?next=https://example.org/": "/people?next=https%3A%2F%2Fexample.org%2F",
	} {
		if got := returnPath(to); got != want {
			t.Errorf("returnPath(%q) = %q, want %q", to, got, want)
		}
	}
}

func FuzzReturnPath(f *testing.F) {
	f.Add("//example.org/people?q=1")
	f.Add("/people/12?q=%41")
	f.Fuzz(func(t *testing.T, to string) {
		got := returnPath(to)
		u, err := url.Parse("https://here.example.com" + got)
		if err != nil || u.Host != "here.example.com" || u.Path != pathPeople && !strings.HasPrefix(u.Path, pathPeople+"/") {
			t.Errorf("returnPath(%q) = %q", to, got)
		}
		if again := returnPath(got); again != got {
			t.Errorf("returnPath(%q) = %q, which becomes %q", to, got, again)
		}
	})
}
