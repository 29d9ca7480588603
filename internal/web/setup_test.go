package web

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/demo"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// bundle is one test's own database, clock, pages and browser.
type bundle struct {
	t          *testing.T
	db         *store.DB
	dir        *directory.Service
	compliance *compliance.Service
	keys       *auth.Keys
	cli        context.Context
	clock      *clock
	log        *bytes.Buffer
	handler    http.Handler
	cookies    map[string]string // the browser's
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

var testProxies = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}

// failuresMost is how many failed sign-ins a minute a test's pages allow.
const failuresMost = 3

func setup(t *testing.T) *bundle {
	t.Helper()
	c := &clock{at: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"), store.Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	files, err := file.Open(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle{
		compliance: compliance.New(db, files),
		t:          t, db: db, dir: directory.New(db, directory.Options{}), keys: auth.NewKeys(db), clock: c, log: &bytes.Buffer{},
		cli:     auth.With(context.WithoutCancel(t.Context()), auth.CommandLine()),
		cookies: map[string]string{},
	}
	log := slog.New(slog.NewTextHandler(b.log, nil))
	a := auth.NewAuthenticator(db, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		a.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	mux, err := rest.NewMux(rest.MuxConfig{Routes: Routes(Deps{
		Directory: b.dir, Compliance: b.compliance, Auth: a, Failures: rest.NewFailureLimiter(failuresMost, c.now),
		TrustedProxies: testProxies, Log: log, Now: c.now,
	})})
	if err != nil {
		t.Fatal(err)
	}
	b.handler = rest.Stack(rest.StackConfig{Log: slog.New(slog.DiscardHandler), TrustedProxies: testProxies}, mux)
	return b
}

// setupDemo is setup with a made-up company of that many people.
func setupDemo(t *testing.T, people int) *bundle {
	t.Helper()
	b := setup(t)
	if err := demo.Load(b.cli, b.db, demo.New(demo.DefaultSeed, people, b.db.Now()), nil); err != nil {
		t.Fatal(err)
	}
	return b
}

// write changes the database behind the pages' back.
func (b *bundle) write(f func(tx *store.Tx) error) {
	b.t.Helper()
	if err := b.db.Write(b.cli, store.Cause{Actor: "cli", Cause: "test"}, f); err != nil {
		b.t.Fatal(err)
	}
}

// add records people, whom each f may change before.
func (b *bundle) add(people ...workforce.NewPerson) {
	b.t.Helper()
	b.write(func(tx *store.Tx) error { return tx.CreatePeople(b.cli, people) })
}

// person is a new person with a background check that makes BG_CHECK come out so;
// none for the other outcomes.
func (b *bundle) person(first, last, email string, status workforce.CheckStatus) workforce.NewPerson {
	now := b.db.Now()
	p := workforce.NewPerson{
		User:      workforce.User{Email: email, CreatedAt: now, UpdatedAt: now},
		Personnel: workforce.Personnel{EmploymentStatus: workforce.CurrentEmployee, CreatedAt: now, UpdatedAt: now},
	}
	if first != "" {
		p.User.FirstName = &first
	}
	if last != "" {
		p.User.LastName = &last
	}
	record := map[workforce.CheckStatus]workforce.BackgroundCheckStatus{workforce.CheckPass: "OK", workforce.CheckFail: "PENDING"}
	if is, ok := record[status]; ok {
		p.BackgroundChecks = []workforce.BackgroundCheck{{Status: is, Type: "MANUAL", CreatedAt: now, UpdatedAt: now}}
	}
	return p
}

// ask makes the company ask everyone for these checks, whatever their status, and
// nobody for any other.
func (b *bundle) ask(checks ...workforce.CheckType) {
	b.t.Helper()
	rules := workforce.DefaultRules()
	for i := range rules.Checks {
		rule := &rules.Checks[i]
		rule.Statuses = workforce.AllEmploymentStatuses
		rule.Required = rule.Type == workforce.CheckFullCompliance || slices.Contains(checks, rule.Type)
	}
	if _, err := b.compliance.SaveRules(b.cli, rules); err != nil {
		b.t.Fatal(err)
	}
}

// setCompany changes the company's record.
func (b *bundle) setCompany(f func(*workforce.Company)) {
	b.t.Helper()
	b.write(func(tx *store.Tx) error {
		c, err := tx.LockCompany(b.cli)
		if err != nil {
			return err
		}
		f(&c)
		return tx.SaveCompany(b.cli, c)
	})
}

// key makes a key with the scopes.
func (b *bundle) key(scopes ...workforce.Scope) string {
	b.t.Helper()
	secret, _, err := b.keys.Create(b.cli, auth.NewKey{Name: "test", Scopes: scopes})
	if err != nil {
		b.t.Fatal(err)
	}
	return secret
}

// signIn signs the browser in with a new key that has the scopes; all:read if
// none is named.
func (b *bundle) signIn(scopes ...workforce.Scope) {
	b.t.Helper()
	if len(scopes) == 0 {
		scopes = []workforce.Scope{workforce.ScopeAllRead}
	}
	b.post(pathSession, url.Values{"key": {b.key(scopes...)}}).want(http.StatusSeeOther)
}

// answer is what the browser got.
type response struct {
	*httptest.ResponseRecorder
	t    *testing.T
	what string
}

// get asks for a page with the browser's cookies; each f may change the request.
func (b *bundle) get(target string, change ...func(*http.Request)) response {
	b.t.Helper()
	return b.send(httptest.NewRequest(http.MethodGet, target, http.NoBody), change)
}

// post sends a form.
func (b *bundle) post(target string, form url.Values, change ...func(*http.Request)) response {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r, change)
}

func (b *bundle) send(r *http.Request, change []func(*http.Request)) response {
	b.t.Helper()
	r = r.WithContext(b.t.Context())
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return response{w, b.t, r.Method + " " + r.URL.String()}
}

// want expects a status, and texts in the page.
func (r response) want(status int, texts ...string) response {
	r.t.Helper()
	if r.Code != status {
		r.t.Fatalf("%s: status %d, want %d\n%s", r.what, r.Code, status, r.Body)
	}
	for _, text := range texts {
		if !strings.Contains(r.Body.String(), text) {
			r.t.Errorf("%s: the page lacks %q\n%s", r.what, text, r.Body)
		}
	}
	return r
}

// lacks expects that texts are not in the page.
func (r response) lacks(texts ...string) response {
	r.t.Helper()
	for _, text := range texts {
		if strings.Contains(r.Body.String(), text) {
			r.t.Errorf("%s: the page holds %q\n%s", r.what, text, r.Body)
		}
	}
	return r
}

// leadsTo expects a redirect.
func (r response) leadsTo(location string) response {
	r.t.Helper()
	r.want(http.StatusSeeOther)
	if got := r.Header().Get("Location"); got != location {
		r.t.Errorf("%s leads to %q, want %q", r.what, got, location)
	}
	return r
}

// header is a change of a request.
func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}
