package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// Inspection is what can be told of a database without changing it.
type Inspection struct {
	Dialect string           `json:"dialect"`       // "sqlite" or "postgres"
	Server  string           `json:"server"`        // the version of SQLite or PostgreSQL
	Exists  bool             `json:"exists"`        // false: there is no such file yet
	Schema  int64            `json:"schemaVersion"` // 0: it has no tables of ours yet
	Program int64            `json:"programVersion"`
	Bytes   int64            `json:"bytes"`             // on disk, SQLite's write-ahead log included
	Journal string           `json:"journal,omitempty"` // SQLite: "wal" is right
	Faults  []string         `json:"faults"`            // SQLite: what is wrong with the file's structure; empty: nothing
	Head    int64            `json:"head"`              // the number of the newest change
	Rows    map[string]int64 `json:"rows"`              // per table
}

// Inspect looks at the database that the DSN names. It creates nothing,
// migrates nothing and works beside a running server.
func Inspect(ctx context.Context, dsn string) (Inspection, error) {
	var db *DB
	var err error
	in := Inspection{Faults: []string{}, Rows: map[string]int64{}}
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		in.Dialect = sqliteDialect.name
		db, err = in.openSQLite(path)
	} else if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		in.Dialect, in.Exists = postgresDialect.name, true
		db = &DB{}
		err = db.openPostgres(ctx, dsn)
	} else {
		return in, fmt.Errorf("database %q: want sqlite:PATH or postgres://USER@HOST/NAME", clipDSN(dsn))
	}
	if err != nil || !in.Exists {
		return in, err
	}
	defer db.Close()
	p, err := db.provider()
	if err != nil {
		return in, err
	}
	in.Program = newestOf(p)
	if in.Dialect == sqliteDialect.name {
		err = in.askSQLite(ctx, db)
	} else {
		err = in.askPostgres(ctx, db)
	}
	if err != nil {
		return in, err
	}
	return in, db.Read(ctx, func(r *Reader) error { return in.askTables(ctx, r) })
}

// openSQLite opens a file if there is one.
func (in *Inspection) openSQLite(path string) (*DB, error) {
	if err := checkSQLitePath(path); err != nil {
		return nil, err
	}
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(path + suffix)
		switch {
		case err == nil:
			in.Exists = true
			in.Bytes += info.Size()
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("looking at sqlite:%s: %w", path, err)
		case suffix == "":
			return nil, nil //nolint:nilnil // Exists says it
		}
	}
	// Not mode=ro: a log that was left by a crash could not be read.
	pool, err := sqlitePool(path, "deferred", 1, []string{"busy_timeout(30000)", "query_only(ON)", "trusted_schema(OFF)"}, "mode=rw")
	if err != nil {
		return nil, fmt.Errorf("opening sqlite:%s: %w", path, err)
	}
	return &DB{dialect: sqliteDialect, writer: pool, reader: pool, path: path}, nil
}

func (in *Inspection) askSQLite(ctx context.Context, db *DB) error {
	err := db.reader.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&in.Server)
	if err == nil {
		err = db.reader.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&in.Journal)
	}
	if sqliteCode(err) == sqliteNotADatabase {
		return fmt.Errorf("sqlite:%s is not a database: name another file", db.path)
	}
	if err != nil {
		return fmt.Errorf("inspecting sqlite:%s: %w", db.path, err)
	}
	faults, err := db.quickCheck(ctx)
	in.Faults = append(in.Faults, faults...)
	return err
}

func (in *Inspection) askPostgres(ctx context.Context, db *DB) error {
	err := db.reader.QueryRowContext(ctx, `SELECT current_setting('server_version'), pg_database_size(current_database())`).Scan(&in.Server, &in.Bytes)
	if err != nil {
		return fmt.Errorf("inspecting the database: %w", err)
	}
	return nil
}

// askTables reads what our tables say, as far as they are there.
func (in *Inspection) askTables(ctx context.Context, r *Reader) error {
	names, err := r.tableNames(ctx)
	if err != nil {
		return err
	}
	if slices.Contains(names, migrationsTable) {
		if in.Schema, err = storedVersion(ctx, r.tx); err != nil {
			return err
		}
	}
	for _, t := range tables {
		if !slices.Contains(names, t.name) {
			continue
		}
		var n int64
		if err := r.row(ctx, `SELECT COUNT(*) FROM `+t.name).Scan(&n); err != nil {
			return fmt.Errorf("counting the rows of %s: %w", t.name, err)
		}
		in.Rows[t.name] = n
	}
	if in.Rows["log_head"] == 0 {
		return nil
	}
	if err := r.row(ctx, `SELECT seq FROM log_head WHERE id = 1`).Scan(&in.Head); err != nil {
		return fmt.Errorf("reading the log's head: %w", err)
	}
	return nil
}

// tableNames lists the tables of the database, ours or not.
func (r *Reader) tableNames(ctx context.Context) ([]string, error) {
	var names []string
	err := r.each(ctx, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	}, r.db.dialect.tableNames)
	if err != nil {
		return nil, fmt.Errorf("listing tables: %w", err)
	}
	return names, nil
}
