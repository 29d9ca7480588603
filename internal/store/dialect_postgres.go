package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// postgresOldest is the oldest PostgreSQL that the tests run against.
const postgresOldest = 150_000

var postgresDialect = dialect{
	name:       "postgres",
	goose:      goose.DialectPostgres,
	forUpdate:  " FOR UPDATE",
	skipLocked: " FOR UPDATE SKIP LOCKED",
	readOnly:   &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
	retryable: func(err error) bool {
		switch postgresCode(err) {
		case "40001", "40P01": // serialization failure, deadlock
			return true
		}
		return false
	},
	busy:      func(error) bool { return false }, // the server lets writers wait
	duplicate: func(err error) bool { return postgresCode(err) == "23505" },
	maxParams: 60_000,
	maxRows:   256,
	tableNames: `SELECT table_name::text FROM information_schema.tables
		WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`,
}

func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// openPostgres opens a pool. Writers run READ COMMITTED: the rows of their
// subjects are locked first and the log's head last, which orders commits
// without the failed transactions that stricter levels cost.
func (db *DB) openPostgres(ctx context.Context, dsn string) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The driver's message may quote the DSN with its password.
		return errors.New("database postgres: the DSN cannot be read: want postgres://USER:PASSWORD@HOST:5432/NAME?sslmode=…")
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(16)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	var version int
	if err := pool.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int`).Scan(&version); err != nil {
		pool.Close()
		return fmt.Errorf("connecting to PostgreSQL: %w", err)
	}
	if version < postgresOldest {
		pool.Close()
		return fmt.Errorf("PostgreSQL %d is too old: 15 is the oldest that is supported", version/10_000)
	}
	db.writer, db.reader, db.dialect = pool, pool, postgresDialect
	return nil
}
