package stage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/passmuster/passmuster/bench/proc"
)

// Raw is the least that it costs to put the rows of a company into a database:
// plain INSERT statements with many rows each, in large transactions, into the
// same tables with the same indexes. Foreign keys are not checked.
type Raw struct {
	Rows    int64    `json:"rows"`
	Seconds float64  `json:"seconds"`
	CPU     float64  `json:"cpuSeconds"`    // of the process that inserts
	Server  *float64 `json:"serverSeconds"` // of PostgreSQL; nil: not known, or SQLite
}

const (
	rawBatch  = 20_000 // rows read ahead of the clock and inserted in one transaction
	rawParams = 30_000 // parameters of one statement, at the most
)

// rawRows is how many rows a statement inserts. PostgreSQL gains by more, as
// there is a way to go; SQLite loses by preparing long texts.
var rawRows = map[Kind]int{SQLite: 32, PostgreSQL: 256}

// noForeignKeys is for superusers only; without it the order of tables would
// matter.
const noForeignKeys = `SET session_replication_role = replica`

var errNotAllowed = errors.New("only a superuser may leave foreign keys out")

// raw copies all rows of a filled database into an empty one. Reading them is
// not counted. On a server where we are not allowed to do so, nothing is
// measured: Rows is 0.
func (s *Stage) raw(ctx context.Context, kind Kind, filled string) (_ Raw, err error) {
	s.say("inserting the same rows plainly")
	empty, drop, err := s.emptyDatabase(ctx, kind)
	if err != nil {
		return Raw{}, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	// Whatever opens a database makes its tables.
	if _, _, err := s.command(ctx, "company", "show", "--database", empty); err != nil {
		return Raw{}, err
	}
	from, err := openRaw(kind, filled)
	if err != nil {
		return Raw{}, err
	}
	defer from.Close()
	to, err := openRaw(kind, empty)
	if err != nil {
		return Raw{}, err
	}
	defer to.Close()
	c := &copier{kind: kind, from: from, to: to, clock: &rawClock{kind: kind, cluster: s.cluster}}
	err = c.all(ctx)
	if errors.Is(err, errNotAllowed) {
		s.say("plain inserts are not measured: %v", err)
		return Raw{}, nil
	}
	if err != nil {
		return Raw{}, fmt.Errorf("inserting plainly: %w", err)
	}
	return c.clock.result(), nil
}

func (s *Stage) emptyDatabase(ctx context.Context, kind Kind) (dsn string, drop func() error, err error) {
	if kind == SQLite {
		file := s.Path("raw.db")
		return "sqlite:" + file, func() error { return removeDatabase(file) }, nil
	}
	name := newName("raw")
	if err := s.cluster.exec(ctx, "making a database", "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'"); err != nil {
		return "", nil, err
	}
	return s.cluster.dsnOf(name), func() error {
		return s.cluster.exec(context.WithoutCancel(ctx), "dropping a database", "DROP DATABASE "+name+" WITH (FORCE)")
	}, nil
}

// openRaw opens one connection with the settings of the program's own writer,
// but for foreign keys.
func openRaw(kind Kind, dsn string) (*sql.DB, error) {
	driver, source := "pgx", dsn
	if file, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		driver = "sqlite"
		source = "file:" + file + "?_txlock=immediate&_pragma=synchronous(FULL)&_pragma=cache_size(-8192)&_pragma=foreign_keys(OFF)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, fmt.Errorf("opening a %s database: %w", kind, err)
	}
	db.SetMaxOpenConns(1) // what is set for the session holds for all of it
	return db, nil
}

func removeDatabase(file string) error {
	var errs []error
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(file + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// rawClock runs while rows are inserted.
type rawClock struct {
	kind    Kind
	cluster *Cluster

	rows             int64
	elapsed          time.Duration
	process, backend time.Duration
}

func (c *rawClock) read() (process, backend time.Duration, err error) {
	if c.kind == PostgreSQL {
		if backend, err = c.cluster.CPU(); err != nil {
			return 0, 0, err
		}
	}
	process, err = proc.CPU(os.Getpid())
	return process, backend, err
}

// time counts the time of f.
func (c *rawClock) time(f func() error) error {
	process, backend, err := c.read()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := f(); err != nil {
		return err
	}
	c.elapsed += time.Since(began)
	processNow, backendNow, err := c.read()
	c.process += processNow - process
	c.backend += backendNow - backend
	return err
}

func (c *rawClock) result() Raw {
	r := Raw{Rows: c.rows, Seconds: c.elapsed.Seconds(), CPU: c.process.Seconds()}
	if c.kind == PostgreSQL && c.cluster.Local() {
		used := c.backend.Seconds()
		r.Server = &used
	}
	return r
}

// copier copies tables from one database into another of the same kind.
type copier struct {
	kind     Kind
	from, to *sql.DB
	clock    *rawClock
}

func (c *copier) all(ctx context.Context) error {
	list := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'`
	if c.kind == PostgreSQL {
		list = `SELECT table_name::text FROM information_schema.tables
			WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'goose_%'`
		if _, err := c.to.ExecContext(ctx, noForeignKeys); err != nil {
			return errors.Join(errNotAllowed, err)
		}
	}
	tables, err := texts(ctx, c.from, list)
	if err != nil {
		return err
	}
	for _, table := range tables { // what a new database begins with
		if _, err := c.to.ExecContext(ctx, `DELETE FROM `+table); err != nil { //nolint:gosec // a name out of the catalog
			return err
		}
	}
	for _, table := range tables {
		if err := c.table(ctx, table); err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
	}
	return nil
}

func texts(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func (c *copier) table(ctx context.Context, table string) error {
	rows, err := c.from.QueryContext(ctx, `SELECT * FROM `+table) //nolint:gosec // a name out of the catalog
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	var batch []any
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		c.clock.rows += int64(len(batch) / len(columns))
		err := c.clock.time(func() error { return c.insert(ctx, table, columns, batch) })
		batch = batch[:0]
		return err
	}
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		batch = append(batch, row...)
		if len(batch) >= rawBatch*len(columns) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return flush()
}

// insert inserts a batch of values, row after row, in one transaction.
func (c *copier) insert(ctx context.Context, table string, columns []string, values []any) error {
	tx, err := c.to.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // without effect after the commit
	each := min(rawRows[c.kind], rawParams/len(columns)) * len(columns)
	var many *sql.Stmt
	for len(values) > 0 {
		n := min(each, len(values))
		if n < each {
			_, err = tx.ExecContext(ctx, c.text(table, columns, n/len(columns)), values[:n]...)
		} else {
			if many == nil {
				if many, err = tx.PrepareContext(ctx, c.text(table, columns, n/len(columns))); err != nil {
					return err
				}
				defer many.Close()
			}
			_, err = many.ExecContext(ctx, values[:n]...)
		}
		if err != nil {
			return err
		}
		values = values[n:]
	}
	return tx.Commit()
}

// text is a statement for so many rows. SQLite would look up each "$1" among
// all others, so that there parameters have no names.
func (c *copier) text(table string, columns []string, rows int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES `)
	for i := range rows * len(columns) {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%len(columns) == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if c.kind == SQLite {
			b.WriteString("?")
		} else {
			b.WriteString("$" + strconv.Itoa(i+1))
		}
	}
	b.WriteString(")")
	return b.String()
}
