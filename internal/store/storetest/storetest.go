// Package storetest is the conformance suite of internal/store: it states each
// guarantee of that package as a test and runs it on SQLite and on PostgreSQL.
// It also lends what other packages need to test against both databases: fresh
// databases ([Each]), made-up people ([NewCompany]), and plain Go that answers
// lists in the obvious way ([ListPersonnel], [ListAccounts], [ListUsers]), with
// which faster implementations are compared.
//
// It may depend on store, workforce, pgtest and the drivers. It must never
// reach into store: what it claims, a caller can rely on.
package storetest

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/pgtest"
	"github.com/passmuster/passmuster/internal/store"
)

// Database is a fresh database for one test.
type Database struct {
	Dialect string // "sqlite" or "postgres"
	DSN     string // as [store.Open] wants it
}

// Dialects are the databases that every guarantee holds for.
var Dialects = []string{"sqlite", "postgres"}

// slots bounds how many tests use a database at once, whatever GOMAXPROCS is:
// the server's connections are shared by every test of every package.
var slots = make(chan struct{}, 4)

// Each runs the test against an empty SQLite file and an empty PostgreSQL
// database, as parallel subtests. What open gives is the same database each
// time, opened once more; it is closed when the test ends.
func Each(t *testing.T, f func(t *testing.T, open func() *store.DB)) {
	t.Helper()
	EachDatabase(t, func(t *testing.T, d Database) {
		t.Helper()
		f(t, func() *store.DB { t.Helper(); return d.Open(t) })
	})
}

// EachDatabase is [Each] for tests that need the address of the database.
func EachDatabase(t *testing.T, f func(t *testing.T, d Database)) {
	t.Helper()
	for _, dialect := range Dialects {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			slots <- struct{}{}
			defer func() { <-slots }()
			f(t, New(t, dialect))
		})
	}
}

// New makes an empty database of the dialect, which has no tables yet.
func New(tb testing.TB, dialect string) Database {
	tb.Helper()
	if dialect == "postgres" {
		return Database{dialect, pgtest.DSN(tb)}
	}
	return Database{"sqlite", "sqlite:" + filepath.Join(tb.TempDir(), "passmuster.db")}
}

// Open opens the database and closes it when the test ends. Checks are kept as
// they are given, not decided: made-up people have all sorts of them.
func (d Database) Open(tb testing.TB) *store.DB {
	tb.Helper()
	return d.OpenWith(tb, store.Options{ChecksAsGiven: true})
}

// OpenWith is [Database.Open] with options.
func (d Database) OpenWith(tb testing.TB, opts store.Options) *store.DB {
	tb.Helper()
	db, err := store.Open(tb.Context(), d.DSN, opts)
	if err != nil {
		tb.Fatalf("opening %s: %v", d.Dialect, err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// Path is the file of a SQLite database.
func (d Database) Path() string { return strings.TrimPrefix(d.DSN, "sqlite:") }

// Raw opens the database behind the store's back, to look at what it wrote and
// to tamper with it: foreign keys are not enforced for the tamperer.
func (d Database) Raw(tb testing.TB) *sql.DB {
	tb.Helper()
	driver, dsn := "pgx", d.DSN
	if d.Dialect == "sqlite" {
		driver = "sqlite"
		dsn = "file:" + d.Path() + "?" + url.Values{"_pragma": {"busy_timeout(30000)", "foreign_keys(OFF)"}}.Encode()
	}
	raw, err := sql.Open(driver, dsn)
	if err != nil {
		tb.Fatalf("opening %s: %v", d.Dialect, err)
	}
	raw.SetMaxOpenConns(1)
	if d.Dialect == "postgres" {
		if _, err := raw.ExecContext(tb.Context(), `SET session_replication_role = replica`); err != nil {
			tb.Fatalf("switching foreign keys off: %v", err)
		}
	}
	tb.Cleanup(func() { _ = raw.Close() })
	return raw
}
