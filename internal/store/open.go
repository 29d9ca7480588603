package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/workforce"
)

// DB is an open database. It is safe for use by several goroutines.
type DB struct {
	dialect dialect
	writer  *sql.DB // SQLite: one connection that begins immediately
	reader  *sql.DB // SQLite: a few connections with snapshots; PostgreSQL: the same pool
	path    string  // SQLite: the file
	now     func() time.Time
	heads   *headReader
	follow  follower
	watch   *walWatch // SQLite: nil if commits cannot be seen without a query
	packs   packReaders
	kept    sync.Map // text to *sql.Stmt of the readers; see statement

	assessor assessor // nil: checks stay as they are given
	company  companyCache
	due      chan struct{}
}

// Options change how a database is opened. The zero value is right for use.
type Options struct {
	// Now is the clock; nil means the real one.
	Now func() time.Time
	// Bulk is for a program that writes very much and then ends: it gives
	// SQLite's writer memory that a server would not spare. What is promised
	// of a write stays the same.
	Bulk bool
	// ChecksAsGiven has checks written as they are given and never decided. It
	// is for tests of what is made from them.
	ChecksAsGiven bool
}

// ErrNewer is returned by [Open] for a database that a newer version of the
// program has migrated.
var ErrNewer = errors.New("the database was written by a newer version of passmuster: use that version, or restore a backup made with this one")

// Open opens the database that the DSN names, "sqlite:PATH" or
// "postgres://…", creates or migrates its tables, and makes sure that it has a
// company. The caller closes it.
func Open(ctx context.Context, dsn string, opts Options) (*DB, error) {
	db := &DB{now: opts.Now, assessor: check.Decide, due: make(chan struct{}, 1)}
	if opts.ChecksAsGiven {
		db.assessor = nil
	}
	db.follow.pos.Store(-1)
	if db.now == nil {
		db.now = time.Now
	}
	var err error
	switch {
	case strings.HasPrefix(dsn, "sqlite:"):
		err = db.openSQLite(ctx, strings.TrimPrefix(dsn, "sqlite:"), opts.Bulk)
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		err = db.openPostgres(ctx, dsn)
	default:
		return nil, fmt.Errorf("database %q: want sqlite:PATH or postgres://USER@HOST/NAME", clipDSN(dsn))
	}
	if err != nil {
		return nil, err
	}
	if err := db.patiently(ctx, func() error { return db.migrate(ctx) }); err != nil {
		db.Close()
		return nil, err
	}
	if err := db.initialise(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("preparing a new database: %w", err)
	}
	db.openPackReaders()
	if err := db.openHead(); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// clipDSN keeps passwords and long nonsense out of messages.
func clipDSN(dsn string) string {
	scheme, _, _ := strings.Cut(dsn, ":")
	if len(scheme) > 20 {
		scheme = scheme[:20]
	}
	return scheme + ":…"
}

// Close releases the connections.
func (db *DB) Close() error {
	var err error
	if db.heads != nil {
		err = db.heads.close()
	}
	err = errors.Join(err, db.writer.Close())
	if db.reader != db.writer {
		err = errors.Join(err, db.reader.Close())
	}
	if db.watch != nil {
		err = errors.Join(err, db.watch.close())
	}
	return err
}

// Now is the database's clock, cut to what is stored.
func (db *DB) Now() time.Time { return workforce.Millis(db.now()) }

// Dialect is "sqlite" or "postgres".
func (db *DB) Dialect() string { return db.dialect.name }

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.reader.QueryRowContext(ctx, `SELECT 1 FROM log_head`).Scan(&one)
}

// secretNames lists the random values that every database has.
var secretNames = []string{"cursor", "session", "files"}

// initialise gives a new database its secrets, the log's head and a company.
// Several processes may do it at once: the first wins.
func (db *DB) initialise(ctx context.Context) error {
	var done int
	err := db.reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM company`).Scan(&done)
	if err != nil || done > 0 {
		return err
	}
	return db.Write(ctx, Cause{Actor: ActorSystem, Cause: "init"}, func(tx *Tx) error {
		if _, err := tx.exec(ctx, `INSERT INTO log_head (id, seq, hash) VALUES (1, 0, $1) ON CONFLICT (id) DO NOTHING`, make([]byte, 32)); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, `SELECT seq FROM log_head WHERE id = 1`+db.dialect.forUpdate); err != nil {
			return err
		}
		for _, name := range secretNames {
			value := make([]byte, 32)
			if _, err := rand.Read(value); err != nil {
				return err
			}
			if _, err := tx.exec(ctx, `INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, value); err != nil {
				return err
			}
		}
		var done int
		if err := tx.row(ctx, `SELECT COUNT(*) FROM company`).Scan(&done); err != nil || done > 0 {
			return err
		}
		now := db.Now()
		company := workforce.Company{
			Name: "Company", Plan: workforce.PlanFull, TermsAcceptedAt: &now,
			TimeZone: "UTC", ManualUploadEnabled: true, CreatedAt: now, UpdatedAt: now,
		}
		return tx.insertCompany(ctx, company)
	})
}
