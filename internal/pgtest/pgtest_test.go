package pgtest_test

import (
	"database/sql"
	"testing"

	"github.com/passmuster/passmuster/internal/pgtest"
)

func connect(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestDSNNamesAnEmptyDatabaseThatGoesAway(t *testing.T) { //nolint:tparallel // what is tested is the end of its subtest
	t.Parallel()
	witness := connect(t, pgtest.DSN(t))
	names := make(chan string, 1)
	t.Run("in use", func(t *testing.T) {
		dsn := pgtest.DSN(t)
		if other := pgtest.DSN(t); other == dsn {
			t.Error("two calls gave the same database")
		}
		var name string
		var tables int
		err := connect(t, dsn).QueryRowContext(t.Context(), `SELECT current_database(), COUNT(*) FROM information_schema.tables
			WHERE table_schema = 'public'`).Scan(&name, &tables)
		if err != nil || tables != 0 {
			t.Errorf("a new database has %d tables, error %v", tables, err)
		}
		names <- name
	})
	var left int
	err := witness.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM pg_database WHERE datname = $1`, <-names).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("the database is still there after its test, error %v", err)
	}
}
