package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// migrations holds one folder per dialect with the same files in each.
//
//go:embed migrations
var migrations embed.FS

// migrationsTable is where goose keeps which migrations were applied.
const migrationsTable = "schema_migrations"

func (db *DB) provider() (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations/"+db.dialect.name)
	if err != nil {
		return nil, err
	}
	opts := []goose.ProviderOption{goose.WithTableName(migrationsTable)}
	if db.dialect.name == postgresDialect.name {
		opts = append(opts, goose.WithSessionLocker(advisoryLock{}))
	}
	return goose.NewProvider(db.dialect.goose, db.writer, dir, opts...)
}

// advisoryLock lets one process at a time migrate a PostgreSQL database. Those
// that come second wait in the server's queue; goose's own lock asks again
// every few seconds, which a start would have to wait for.
type advisoryLock struct{}

// migrationLock is our number among the advisory locks of a database.
const migrationLock = 7_061_737_301

// SessionLock implements lock.SessionLocker of goose.
func (advisoryLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock))
	return err
}

// SessionUnlock implements lock.SessionLocker of goose.
func (advisoryLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, int64(migrationLock))
	return err
}

// migrate brings the schema to this program's version. It changes nothing when
// it is there already, and refuses a schema that is newer.
func (db *DB) migrate(ctx context.Context) error {
	p, err := db.provider()
	if err != nil {
		return fmt.Errorf("reading migrations: %w", err)
	}
	newest := newestOf(p)
	current, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the database's version: %w", err)
	}
	if current > newest {
		return fmt.Errorf("database version %d, program version %d: %w", current, newest, ErrNewer)
	}
	if current == newest {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		// Another process may have migrated the same file in between.
		if now, err2 := p.GetDBVersion(ctx); err2 == nil && now == newest {
			return nil
		}
		return fmt.Errorf("migrating the database from version %d to %d: %w", current, newest, err)
	}
	return nil
}

// newestOf is the version that the program's migrations lead to.
func newestOf(p *goose.Provider) int64 {
	sources := p.ListSources()
	return sources[len(sources)-1].Version
}

// storedVersion reads the version of a database that must not be written to.
func (db *DB) storedVersion(ctx context.Context) (int64, error) {
	return storedVersion(ctx, db.reader)
}

func storedVersion(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
},
) (int64, error) {
	var version int64
	err := q.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+migrationsTable).Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("reading the database's version: %w", err)
	}
	return version, nil
}

// SchemaVersion is the version of the open database's schema.
func (db *DB) SchemaVersion(ctx context.Context) (int64, error) {
	p, err := db.provider()
	if err != nil {
		return 0, err
	}
	return p.GetDBVersion(ctx)
}
