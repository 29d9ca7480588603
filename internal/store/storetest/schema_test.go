package storetest_test

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with a file in testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\ngot\n%s\nwant\n%s", path, got, want)
	}
}

func isSQLite(t *testing.T, raw *sql.DB) bool {
	t.Helper()
	var version string
	return raw.QueryRowContext(t.Context(), `SELECT sqlite_version()`).Scan(&version) == nil
}

// lines reads a query of one column of text.
func lines(t *testing.T, raw *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := raw.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		out = append(out, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

func tableNames(t *testing.T, raw *sql.DB) []string {
	t.Helper()
	if isSQLite(t, raw) {
		return lines(t, raw, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	}
	return lines(t, raw, `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name COLLATE "C"`)
}

// columns describes the columns of every table of ours in terms that both
// databases have: name, type, may it be absent, its place in the primary key.
func columns(t *testing.T, raw *sql.DB) []string {
	t.Helper()
	if isSQLite(t, raw) {
		return lines(t, raw, `SELECT m.name || '.' || c.name || ' ' || c.type || CASE WHEN c."notnull" OR c.pk THEN '' ELSE ' NULL' END
			|| CASE WHEN c.pk THEN ' KEY ' || c.pk ELSE '' END
			FROM sqlite_master m, pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name <> 'schema_migrations' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.name`)
	}
	return lines(t, raw, `SELECT c.table_name || '.' || c.column_name || ' '
			|| CASE c.data_type WHEN 'bigint' THEN 'INTEGER' WHEN 'text' THEN 'TEXT' WHEN 'bytea' THEN 'BLOB' ELSE c.data_type END
			|| CASE c.is_nullable WHEN 'NO' THEN '' ELSE ' NULL' END
			|| COALESCE(' KEY ' || k.ordinal_position, '')
		FROM information_schema.columns c
		LEFT JOIN information_schema.table_constraints p ON p.table_schema = c.table_schema AND p.table_name = c.table_name
			AND p.constraint_type = 'PRIMARY KEY'
		LEFT JOIN information_schema.key_column_usage k ON k.constraint_schema = p.constraint_schema
			AND k.constraint_name = p.constraint_name AND k.column_name = c.column_name
		WHERE c.table_schema = 'public' AND c.table_name <> 'schema_migrations'
		ORDER BY c.table_name COLLATE "C", c.column_name COLLATE "C"`)
}

// indexes lists every index by name, with what it is on.
func indexes(t *testing.T, raw *sql.DB) []string {
	t.Helper()
	if isSQLite(t, raw) {
		return lines(t, raw, `SELECT l.name || CASE l."unique" WHEN 1 THEN ' UNIQUE' ELSE '' END || ' ' || m.name || ' (' ||
			(SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno)) || ')'
			FROM sqlite_master m, pragma_index_list(m.name) l
			WHERE m.type = 'table' AND m.name <> 'schema_migrations' AND l.origin = 'c' ORDER BY 1`)
	}
	return lines(t, raw, `SELECT c.relname::text || CASE WHEN x.indisunique THEN ' UNIQUE' ELSE '' END || ' ' || r.relname || ' (' ||
		(SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid) || ')'
		FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_class r ON r.oid = x.indrelid
		WHERE r.relnamespace = 'public'::regnamespace AND NOT x.indisprimary AND r.relname <> 'schema_migrations'
		ORDER BY c.relname::text COLLATE "C"`)
}

// references lists every foreign key.
func references(t *testing.T, raw *sql.DB) []string {
	t.Helper()
	if isSQLite(t, raw) {
		return lines(t, raw, `SELECT m.name || '.' || f."from" || ' -> ' || f."table" || '.' || f."to"
			FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1`)
	}
	return lines(t, raw, `SELECT line FROM (SELECT r.relname || '.' || a.attname || ' -> ' || s.relname || '.' || b.attname
		FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_class s ON s.oid = c.confrelid
		JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = c.conkey[1]
		JOIN pg_attribute b ON b.attrelid = s.oid AND b.attnum = c.confkey[1]
		WHERE c.contype = 'f') AS f (line) ORDER BY line COLLATE "C"`)
}

func dumpTable(t *testing.T, raw *sql.DB, table string) string {
	t.Helper()
	rows, err := raw.QueryContext(t.Context(), `SELECT * FROM `+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		fields := make([]string, len(names))
		for i, v := range values {
			fields[i] = fmt.Sprintf("%s=%T:%q", names[i], v, fmt.Sprint(v))
		}
		slices.Sort(fields)
		out = append(out, table+" "+strings.Join(fields, " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return strings.Join(out, "\n") + "\n"
}

func TestBothSchemasAreTheSame(t *testing.T) {
	t.Parallel()
	described := map[string]string{}
	for _, dialect := range storetest.Dialects {
		d := storetest.New(t, dialect)
		d.Open(t)
		raw := d.Raw(t)
		described[dialect] = strings.Join(slices.Concat(columns(t, raw), indexes(t, raw), references(t, raw)), "\n")
	}
	if described["sqlite"] != described["postgres"] {
		t.Errorf("SQLite has\n%s\nPostgreSQL has\n%s", described["sqlite"], described["postgres"])
	}
	if described["sqlite"] == "" {
		t.Error("there are no tables")
	}
}

// Text compares byte by byte in PostgreSQL too, whatever the server's locale.
func TestPostgreSQLTextHasNoLocale(t *testing.T) {
	t.Parallel()
	d := storetest.New(t, "postgres")
	d.Open(t)
	for _, column := range lines(t, d.Raw(t), `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name <> 'schema_migrations' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`) {
		t.Errorf("%s must be COLLATE \"C\"", column)
	}
}

// A migration that was released is never edited: a change of the schema is a
// new file, and a new line here. (Run with -update then.)
func TestReleasedMigrationsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, dialect := range storetest.Dialects {
		files, err := filepath.Glob(filepath.Join("..", "migrations", dialect, "*.sql"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no migrations for %s: %v", dialect, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s/%s %x\n", dialect, filepath.Base(file), sha256.Sum256(text))
		}
	}
	golden(t, "migrations.txt", b.String())
}

func TestOpeningAgainChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		storetest.NewCompany(1, 3).Load(t, db)
		raw := d.Raw(t)
		all := func() string {
			return strings.Join(columns(t, raw), "\n") + dump(t, raw) + dumpTable(t, raw, "schema_migrations")
		}
		before := all()
		for range 2 {
			d.Open(t)
		}
		if after := all(); after != before {
			t.Errorf("opening it again changed\n%s\nto\n%s", before, after)
		}
	})
}

// Several processes may open a new database at once: it is made once.
func TestANewDatabaseIsMadeOnce(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		dbs := make([]*store.DB, 5)
		errs := make([]error, len(dbs))
		var wg sync.WaitGroup
		for i := range dbs {
			wg.Go(func() { dbs[i], errs[i] = store.Open(t.Context(), d.DSN, store.Options{}) })
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		for _, db := range dbs {
			if head(t, db) != 1 {
				t.Errorf("the log has %d changes, want the company's alone", head(t, db))
			}
			verified(t, db)
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		version, err := db.SchemaVersion(t.Context())
		if err != nil || version == 0 {
			t.Fatalf("version %d, error %v", version, err)
		}
		raw := d.Raw(t)
		if d.Dialect == "sqlite" {
			mustExec(t, raw, `INSERT INTO schema_migrations (version_id, is_applied) VALUES (?, 1)`, version+1)
		} else {
			mustExec(t, raw, `INSERT INTO schema_migrations (version_id, is_applied) VALUES ($1, true)`, version+1)
		}
		before := dump(t, raw)
		_, err = store.Open(t.Context(), d.DSN, store.Options{})
		if !errors.Is(err, store.ErrNewer) {
			t.Errorf("opening it gave %v", err)
		}
		if dump(t, raw) != before {
			t.Error("a database that was refused was written to")
		}
		in, err := store.Inspect(t.Context(), d.DSN)
		if err != nil || in.Schema != version+1 || in.Program != version {
			t.Errorf("inspected as %+v, error %v", in, err)
		}
	})
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for dsn, want := range map[string]string{
		"sqlite:":                                 "the path is empty",
		"sqlite::memory:":                         "would be lost",
		"sqlite:" + dir + "/none/a.db":            "create it first",
		"sqlite:" + text:                          "is not a database",
		"mysql://root:secret@localhost/x":         "want sqlite:PATH or postgres://",
		"postgres://u:secret@127.0.0.1:1/x":       "connecting to PostgreSQL",
		"postgres://u:secret@[::bad/x":            "want postgres://USER:PASSWORD@HOST",
		"postgres://u:secret@h/x?sslmode=perhaps": "want postgres://USER:PASSWORD@HOST",
	} {
		db, err := store.Open(t.Context(), dsn, store.Options{})
		if err == nil {
			_ = db.Close()
			t.Errorf("%s was opened", dsn)
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v; want %q, and no password", dsn, err, want)
		}
	}
}

// The file has people's data and the hashes of keys in it.
func TestTheSQLiteFileIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	d := storetest.New(t, "sqlite")
	storetest.NewCompany(1, 1).Load(t, d.Open(t))
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(d.Path() + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, error %v", suffix, info.Mode(), err)
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "page_size": "16384"} {
		if got := lines(t, d.Raw(t), `PRAGMA `+pragma); got[0] != want {
			t.Errorf("%s is %s, want %s", pragma, got[0], want)
		}
	}
}

func TestSQLitePathsMayHaveAnyName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b.db", "100%.db", "what?.db", "c#.db", "é.db", "a&b=c.db"} {
		d := storetest.Database{Dialect: "sqlite", DSN: "sqlite:" + filepath.Join(t.TempDir(), name)}
		if _, err := os.Stat(d.Path()); err == nil {
			t.Fatal("the file is there already")
		}
		d.Open(t)
		if _, err := os.Stat(d.Path()); err != nil {
			t.Errorf("%q was not made under its name: %v", name, err)
		}
	}
}
