package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

// dialect is what differs between the two databases.
type dialect struct {
	name       string
	goose      goose.Dialect
	forUpdate  string           // locks the selected rows; SQLite's writer has locked everything already
	readOnly   *sql.TxOptions   // a transaction with one snapshot
	skipLocked string           // locks the selected rows but those that somebody else has locked, which are left out
	retryable  func(error) bool // the transaction lost against another and may be run again
	busy       func(error) bool // another process is writing
	duplicate  func(error) bool // a unique index refused the row
	maxParams  int              // most parameters of one statement
	maxRows    int              // how many rows one statement inserts at most; a power of two
	anonymous  bool             // many parameters are written "?": SQLite looks up each "$1" among all others
	onePrepare bool             // statements are worth keeping within a transaction
	tableNames string           // the query for the names of all tables
}

// sqliteOldest is the oldest SQLite that is safe with a write-ahead log: older
// ones may lose a write when the log is reset.
const sqliteOldest = 3_051_003

var sqliteDialect = dialect{
	name:       "sqlite",
	goose:      goose.DialectSQLite3,
	readOnly:   nil,
	retryable:  func(error) bool { return false }, // writers queue; there is nothing to lose against
	busy:       func(err error) bool { return sqliteCode(err)&0xff == sqliteBusy },
	duplicate:  func(err error) bool { return sqliteCode(err) == sqliteUnique || sqliteCode(err) == sqlitePrimaryKey },
	maxParams:  30_000,
	maxRows:    32, // there is no way to the server to save, and a long text takes long to prepare
	anonymous:  true,
	onePrepare: true,
	tableNames: `SELECT name FROM sqlite_master WHERE type = 'table'`,
}

// SQLite's result codes that mean something to us.
const (
	sqliteBusy         = 5
	sqliteNotADatabase = 26
	sqlitePrimaryKey   = 1555
	sqliteUnique       = 2067
)

func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// sqlitePragmas are the settings of every connection. FULL: a write that was
// acknowledged is on disk.
var sqlitePragmas = []string{
	"page_size(16384)", "synchronous(FULL)", "foreign_keys(ON)", "temp_store(MEMORY)", "trusted_schema(OFF)",
}

// The memory for pages of a connection: 2 MB of each reader, of which there are
// several, and 4 MB of the writer, which changes pages of many indexes at once.
// SQLite takes about twice as much for them. The inner pages of the trees by
// which one record is found take less; for the records themselves there is a
// cache above.
const (
	readerCache = "cache_size(-2048)"
	writerCache = "cache_size(-4096)"
)

// sqliteBulkPragmas let the pages that every insert touches, those of the
// indexes, stay in memory (256 MB) and be written back once for many inserts
// (every 16,000 pages of the log instead of every 1,000).
var sqliteBulkPragmas = []string{"cache_size(-262144)", "wal_autocheckpoint(16000)"}

// journalWAL is an option of the address and not one of the pragmas: the driver
// runs those in the order of the alphabet, and a journal mode that comes before
// page_size fixes the size of the pages.
const journalWAL = "_journal_mode=WAL"

// openSQLite opens the file with one writer that begins immediately, so that
// two writers queue instead of failing half-way, and a few readers. What the
// writer deletes is overwritten with zeros, or an erasure would leave the text
// in the file.
func (db *DB) openSQLite(ctx context.Context, path string, bulk bool) error {
	if err := checkSQLitePath(path); err != nil {
		return err
	}
	if err := createPrivate(path); err != nil {
		return fmt.Errorf("opening sqlite:%s: %w", path, err)
	}
	writing := append(slices.Clone(sqlitePragmas), "busy_timeout(250)", "secure_delete(ON)")
	if bulk {
		writing = append(writing, sqliteBulkPragmas...)
	} else {
		writing = append(writing, writerCache)
	}
	var err error
	if db.writer, err = sqlitePool(path, "immediate", 1, writing, journalWAL); err != nil {
		return fmt.Errorf("opening sqlite:%s: %w", path, err)
	}
	db.dialect, db.path = sqliteDialect, path
	if err := db.patiently(ctx, func() error { return checkSQLiteVersion(ctx, db.writer) }); err != nil {
		db.writer.Close()
		if sqliteCode(err) == sqliteNotADatabase {
			return fmt.Errorf("sqlite:%s is not a database: name another file", path)
		}
		return fmt.Errorf("opening sqlite:%s: %w", path, err)
	}
	if db.reader, err = sqlitePool(path, "deferred", 4, append(slices.Clone(sqlitePragmas), readerCache, "busy_timeout(30000)", "query_only(ON)"), journalWAL); err != nil {
		db.writer.Close()
		return fmt.Errorf("opening sqlite:%s: %w", path, err)
	}
	return nil
}

// patience is how long a writer waits for writers of other processes.
const patience = 30 * time.Second

// patiently runs f again while another process is writing. SQLite itself waits
// as long as busy_timeout says and cannot be called off meanwhile: that is kept
// short, and the waiting is done here. f must be one that can be run again.
func (db *DB) patiently(ctx context.Context, f func() error) error {
	for start := time.Now(); ; {
		err := f()
		switch {
		case err == nil || !db.dialect.busy(err):
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case time.Since(start) > patience:
			return fmt.Errorf("another process has been writing for %s: wait until it is done, or end it: %w", patience, err)
		}
	}
}

// checkSQLitePath refuses what can only be a mistake.
func checkSQLitePath(path string) error {
	switch {
	case path == "":
		return errors.New("database sqlite: the path is empty: want sqlite:PATH, for example sqlite:passmuster.db")
	case strings.HasPrefix(path, ":memory:"):
		return errors.New("database sqlite::memory: would be lost at the end and seen by one connection only: want sqlite:PATH")
	}
	if dir := filepath.Dir(path); dir != "." {
		if _, err := os.Stat(dir); err != nil {
			return fmt.Errorf("database sqlite:%s: the folder %s does not exist: create it first", path, dir)
		}
	}
	return nil
}

// createPrivate makes the file, if there is none, for its owner alone: it will
// hold people's data and the hashes of keys. SQLite gives its log the same mode.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// sqlitePool opens connections to a file with the settings; options are added
// to its address, as in "mode=ro".
func sqlitePool(path, lock string, connections int, pragmas []string, options ...string) (*sql.DB, error) {
	q := url.Values{"_txlock": {lock}, "_pragma": pragmas}
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		q.Set(name, value)
	}
	pool, err := sql.Open("sqlite", "file:"+escapePath(path)+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// escapePath makes a file name safe inside a file: URI.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

func checkSQLiteVersion(ctx context.Context, pool *sql.DB) error {
	var version string
	if err := pool.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&version); err != nil {
		return err
	}
	return sqliteVersionOK(version)
}

func sqliteVersionOK(version string) error {
	n := 0
	parts := strings.Split(version, ".")
	for i := range 3 {
		part := 0
		if i < len(parts) {
			part, _ = strconv.Atoi(parts[i])
		}
		n = n*1000 + part
	}
	if n < sqliteOldest {
		return fmt.Errorf("SQLite %s is too old: 3.51.3 is the first that cannot lose a write when its log is reset", version)
	}
	return nil
}
