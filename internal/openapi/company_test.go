package openapi

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/api/native"
	v1 "github.com/passmuster/passmuster/internal/api/v1"
	v2 "github.com/passmuster/passmuster/internal/api/v2"
	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/demo"
	"github.com/passmuster/passmuster/internal/directory"
	contents "github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// noon is when the examples were made: the demo company is made up around its
// day.
var noon = time.Date(2025, time.November, 20, 12, 0, 0, 0, time.UTC)

// routes is every operation, on a directory that is not called.
func routes() []rest.Route { return routesOf(nil, nil) }

func routesOf(d *directory.Service, c *compliance.Service) []rest.Route {
	return slices.Concat(compatible(d, c), native.Routes(d, c))
}

// compatible is the operations of the published reference.
func compatible(d *directory.Service, c *compliance.Service) []rest.Route {
	return slices.Concat(v1.Routes(d, c), v2.Routes(d, v2.Options{}))
}

// company is the API on the default demo company.
type company struct {
	db         *store.DB
	directory  *directory.Service
	compliance *compliance.Service
	mux        http.Handler
	key        string
}

func newCompany(t *testing.T) *company {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "demo.db"), store.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Load(t.Context(), db, demo.New(demo.DefaultSeed, demo.DefaultPeople, noon), nil); err != nil {
		t.Fatal(err)
	}
	authenticator := auth.NewAuthenticator(db, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		authenticator.Close()
		db.Close()
	})
	files, err := contents.Open(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	c := &company{
		db: db, directory: directory.New(db, directory.Options{Encoders: v1.Encoders().Merge(v2.Encoders())}), compliance: compliance.New(db, files),
	}
	c.mux = c.serve(t, authenticator, nil)
	c.key = c.newKey(t, workforce.ScopeAll)
	return c
}

// serve gives the API with a limit of requests, the way the program puts it
// together.
func (c *company) serve(t *testing.T, a *auth.Authenticator, limit *rest.Limiter) http.Handler {
	t.Helper()
	mux, err := rest.NewMux(rest.MuxConfig{Routes: routesOf(c.directory, c.compliance), Gate: auth.NewGate(a), Requests: limit})
	if err != nil {
		t.Fatal(err)
	}
	return rest.Stack(rest.StackConfig{Log: slog.New(slog.DiscardHandler)}, mux)
}

func (c *company) commandLine(ctx context.Context) context.Context {
	return auth.WithCause(auth.With(ctx, auth.CommandLine()), "test")
}

func (c *company) newKey(t *testing.T, scopes ...workforce.Scope) string {
	t.Helper()
	key, _, err := auth.NewKeys(c.db).Create(c.commandLine(t.Context()), auth.NewKey{Name: "test", Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// ask sends a request; no key, no header.
func ask(t *testing.T, h http.Handler, key, method, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// decoded is a JSON document as a test compares it.
func decoded(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	return v
}
