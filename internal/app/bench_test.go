package app

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/config"
	"github.com/passmuster/passmuster/internal/demo"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// sink is a client that takes everything.
type sink struct {
	h http.Header
	n int
}

func (s *sink) Header() http.Header { return s.h }
func (s *sink) WriteHeader(int)     {}
func (s *sink) Write(b []byte) (int, error) {
	s.n += len(b)
	return len(b), nil
}

// discard takes lines that are made, as a server makes them, and not written.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkGet is what a warm record costs beside net/http.
func BenchmarkGet(b *testing.B) {
	db, err := store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	ctx := auth.With(b.Context(), auth.CommandLine())
	if err := demo.Load(ctx, db, demo.New(1, 100, db.Now()), func(int, int) {}); err != nil {
		b.Fatal(err)
	}
	secret, _, err := auth.NewKeys(db).Create(ctx, auth.NewKey{Name: "bench", Scopes: []workforce.Scope{workforce.ScopeAll}})
	if err != nil {
		b.Fatal(err)
	}
	a, err := New(config.Default(), db, slog.New(slog.NewJSONHandler(discard{}, nil)))
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	r := httptest.NewRequest(http.MethodGet, "/public/personnel/7", nil)
	r.Header.Set("Authorization", "Bearer "+secret)
	w := &sink{h: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		a.Handler().ServeHTTP(w, r)
	}
	b.SetBytes(int64(w.n / b.N))
}
