package e2e

import (
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"github.com/passmuster/passmuster/internal/pgtest"
)

// dialect is a kind of database.
type dialect string

const (
	sqlite   dialect = "sqlite"
	postgres dialect = "postgres"
)

var dialects = []dialect{sqlite, postgres}

// database is a database of one test, gone after it.
type database struct {
	dialect dialect
	dsn     string
	files   string // the folder of files
	key     string // in a demo: an API key with the scope "all", owned by user 1
}

// empty gives a database in which nothing has ever been; the first command
// creates its tables.
func (d dialect) empty(tb testing.TB) database {
	tb.Helper()
	if d == postgres {
		return database{dialect: d, dsn: pgtest.DSN(tb), files: filepath.Join(tb.TempDir(), "files")}
	}
	file := filepath.Join(tb.TempDir(), "passmuster.db")
	return database{dialect: d, dsn: "sqlite:" + file, files: file + "-files"}
}

// demo gives a database with the demo company of 300 people, seed 1, and a key.
func (d dialect) demo(t *testing.T) database {
	t.Helper()
	db := d.empty(t)
	template := templates.of(t, d, db.dsn)
	db.key = template.key
	if d == postgres {
		name := databaseName(db.dsn)
		adminExec(t, db.dsn, `DROP DATABASE `+name, `CREATE DATABASE `+name+` TEMPLATE `+template.name)
		return db
	}
	copyFile(t, template.name, db.file())
	return db
}

// demoPeople is how many people the demo company has.
const demoPeople = 300

// file is the path of an SQLite database.
func (db database) file() string { return strings.TrimPrefix(db.dsn, "sqlite:") }

// open connects to the database beside the program.
func (db database) open(tb testing.TB) *sql.DB {
	tb.Helper()
	driver, source := "pgx", db.dsn
	if db.dialect == sqlite {
		driver, source = "sqlite", "file:"+db.file()+"?_pragma=busy_timeout(30000)"
	}
	conn, err := sql.Open(driver, source)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { conn.Close() })
	return conn
}

// exec changes the database behind the program's back.
func (db database) exec(tb testing.TB, statement string, args ...any) {
	tb.Helper()
	conn := db.open(tb)
	defer conn.Close()
	if _, err := conn.ExecContext(tb.Context(), statement, args...); err != nil {
		tb.Fatalf("%s: %v", statement, err)
	}
}

// number reads one number from the database.
func (db database) number(t *testing.T, query string, args ...any) int64 {
	t.Helper()
	conn := db.open(t)
	defer conn.Close()
	var n int64
	if err := conn.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// head is the number of the newest change in the log.
func (db database) head(t *testing.T) int64 {
	t.Helper()
	return db.number(t, `SELECT COALESCE(MAX(seq), 0) FROM changes`)
}

// command runs a command on the database and gives its standard output.
func (db database) command(t *testing.T, args ...string) string {
	t.Helper()
	return command(t, append(args, "--database", db.dsn, "--files", db.files)...)
}

// newKey makes an API key.
func (db database) newKey(t *testing.T, args ...string) string {
	t.Helper()
	return strings.TrimSpace(db.command(t, append([]string{"key", "create", "--name", "e2e"}, args...)...))
}

// verification is what `passmuster verify --json` prints.
type verification struct {
	Changes  int64    `json:"changes"`
	People   int64    `json:"people"`
	Accounts int64    `json:"accounts"`
	Head     string   `json:"head"`
	Problems []string `json:"problems"`
}

// verify checks the change log and the record; any problem fails the test.
func (db database) verify(t *testing.T) verification {
	t.Helper()
	out := db.command(t, "verify", "--json")
	var v verification
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatalf("verify --json: %v\n%s", err, out)
	}
	if len(v.Problems) > 0 {
		t.Errorf("verify: %v", v.Problems)
	}
	return v
}

// template is a demo company to be copied.
type template struct {
	name string // a file, or a database of PostgreSQL
	key  string
	err  error
}

// templateStore makes each template when it is first asked for.
type templateStore struct {
	dir string // set before the first test

	once  [2]sync.Once // by place in dialects
	made  [2]template
	admin string // the DSN by which the PostgreSQL template can be dropped
}

var templates templateStore

// of gives the template of the dialect; near is the DSN of any database of it.
func (s *templateStore) of(t *testing.T, d dialect, near string) template {
	t.Helper()
	i := 0
	if d == postgres {
		i = 1
	}
	s.once[i].Do(func() {
		made := template{name: filepath.Join(s.dir, "demo.db")}
		dsn := "sqlite:" + made.name
		if d == postgres {
			made.name = "passmuster_test_e2e_" + strings.ToLower(rand.Text()[:16])
			adminExec(t, near, `CREATE DATABASE `+made.name+` TEMPLATE template0 ENCODING 'UTF8'`)
			s.admin = near
			dsn = withDatabase(near, made.name)
		}
		made.key, made.err = s.fill(t, dsn)
		s.made[i] = made
	})
	if err := s.made[i].err; err != nil {
		t.Fatalf("making the demo company: %v", err)
	}
	if s.made[i].name == "" {
		t.Fatal("making the demo company failed in another test")
	}
	return s.made[i]
}

func (s *templateStore) fill(t *testing.T, dsn string) (key string, err error) {
	t.Helper()
	for _, args := range [][]string{
		{"demo", "--people", fmt.Sprint(demoPeople), "--seed", "1", "--database", dsn},
		{"key", "create", "--name", "e2e", "--scope", "all", "--database", dsn},
	} {
		o, err := passmuster(t.Context(), args...)
		if err != nil || o.code != 0 {
			return "", fmt.Errorf("passmuster %v: exit %d, %w\n%s", args, o.code, err, o.stderr)
		}
		key = strings.TrimSpace(o.stdout)
	}
	return key, nil
}

// drop removes the template of PostgreSQL; the other one is a file.
func (s *templateStore) drop() error {
	if s.admin == "" {
		return nil
	}
	conn, err := sql.Open("pgx", withDatabase(s.admin, "postgres"))
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Exec(`DROP DATABASE IF EXISTS ` + s.made[1].name + ` WITH (FORCE)`)
	return err
}

// adminExec runs statements that cannot be run from within the database.
func adminExec(t *testing.T, near string, statements ...string) {
	t.Helper()
	conn, err := sql.Open("pgx", withDatabase(near, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, s := range statements {
		if _, err := conn.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func databaseName(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Path, "/")
}

func withDatabase(dsn, name string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return dsn
	}
	u.Path = "/" + name
	return u.String()
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
