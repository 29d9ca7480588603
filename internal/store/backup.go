package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Progress is told how far a long operation is: which step it is at, in the
// words of a person, and how much of that is done. What total counts differs
// between steps; 0 is not known.
type Progress func(step string, done, total int64)

// of gives the progress of one step.
func (p Progress) of(step string) func(done, total int64) {
	if p == nil {
		return func(int64, int64) {}
	}
	return func(done, total int64) { p(step, done, total) }
}

// BackupReport says what a backup holds.
type BackupReport struct {
	Path    string           `json:"path"`
	Bytes   int64            `json:"bytes"`
	Schema  int64            `json:"schemaVersion"`
	Changes int64            `json:"changes"` // the number of the newest change
	Head    string           `json:"head"`    // its hash, in hex: keep it elsewhere to notice a cut tail
	Rows    map[string]int64 `json:"rows"`    // per table

	Files        int64 `json:"files"`        // contents of files
	FileBytes    int64 `json:"fileBytes"`    // their sizes together
	WithoutFiles bool  `json:"withoutFiles"` // it was made without them
}

// Backup writes the database, as it is at one moment, to one new file, while
// others go on reading and writing. The file is a SQLite database, whichever
// database this is, so that a backup can be restored to either. It holds
// people's data and the hashes of keys: only its owner may read it.
//
// The contents of the files that documents have go with it, each read once from
// where they are kept and compared with its hash; one that is missing or damaged
// fails the backup, which names the document. With contents nil the backup is
// made without them, and says so.
//
// The backup has been verified when Backup returns nil. Until then the file
// has another name, which says that it is partial; it is removed on failure,
// and what a killed process leaves is never taken for a backup. A file that is
// there already is not overwritten.
func (db *DB) Backup(ctx context.Context, path string, contents Contents, progress Progress) (BackupReport, error) {
	part, err := newPartial(path)
	if err != nil {
		return BackupReport{}, fmt.Errorf("backing up to %s: %w", path, err)
	}
	defer part.remove()
	if db.dialect.name == sqliteDialect.name {
		err = db.vacuumInto(ctx, part.path, progress)
	} else {
		err = db.copyInto(ctx, part.path, progress)
	}
	if err == nil && contents != nil {
		err = addContents(ctx, part.path, contents, progress.of("copying files"))
	}
	if err != nil {
		return BackupReport{}, fmt.Errorf("backing up to %s: %w", path, err)
	}
	report, err := inspectBackup(ctx, part.path, progress)
	if err != nil {
		return BackupReport{}, fmt.Errorf("verifying the backup, which is not kept: %w", err)
	}
	if err := part.publish(); err != nil {
		return BackupReport{}, fmt.Errorf("backing up to %s: %w", path, err)
	}
	report.Path = path
	return report, nil
}

// vacuumInto lets SQLite write a compact copy of one snapshot. It uses a
// connection of its own: for query_only, which readers have, the copy counts as
// a write to this database.
func (db *DB) vacuumInto(ctx context.Context, path string, progress Progress) error {
	step := progress.of("copying")
	step(0, 1)
	pool, err := sqlitePool(db.path, "deferred", 1, []string{"busy_timeout(30000)", "temp_store(MEMORY)", "trusted_schema(OFF)"}, "mode=ro")
	if err != nil {
		return err
	}
	_, err = pool.ExecContext(ctx, `VACUUM INTO $1`, path)
	if err := errors.Join(err, pool.Close()); err != nil {
		return err
	}
	step(1, 1)
	return nil
}

// copyInto makes a new SQLite database of the same schema and copies every
// table of one snapshot into it.
func (db *DB) copyInto(ctx context.Context, path string, progress Progress) (err error) {
	pool, err := privatePool(path)
	if err != nil {
		return err
	}
	target := &DB{dialect: sqliteDialect, writer: pool, reader: pool, path: path, now: db.now}
	defer func() { err = errors.Join(err, target.Close()) }()
	if err := target.migrate(ctx); err != nil {
		return err
	}
	return db.Read(ctx, func(from *Reader) error {
		return target.unlogged(ctx, func(to *Tx) error {
			return copyTables(ctx, from, to, progress.of("copying"))
		})
	})
}

// privatePool opens a file that nobody else knows of yet. It is synced as a
// whole at the end, and removed if that is not reached: nothing has to survive a
// crash before.
func privatePool(path string) (*sql.DB, error) {
	return sqlitePool(path, "immediate", 1, []string{
		"page_size(16384)", "synchronous(OFF)", "foreign_keys(OFF)", "cache_size(-32768)", "temp_store(MEMORY)", "trusted_schema(OFF)",
	}, "_journal_mode=OFF")
}

// unlogged runs f in a transaction whose writes are copies of rows, the log's
// included, and therefore add nothing to the log.
func (db *DB) unlogged(ctx context.Context, f func(*Tx) error) error {
	sqlTx, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer sqlTx.Rollback() //nolint:errcheck // after a commit it does nothing
	if err := f(&Tx{Reader: Reader{db: db, tx: sqlTx}}); err != nil {
		return err
	}
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("committing the copy: %w", err)
	}
	return nil
}

// errNotABackup is what a file is that no Passmuster has written.
var errNotABackup = errors.New("this is not a backup of passmuster")

// openBackup opens a backup for reading, and leaves no trace beside it.
func openBackup(ctx context.Context, path string) (*DB, error) {
	pool, err := sqlitePool(path, "deferred", 1, []string{"busy_timeout(30000)", "cache_size(-32768)", "trusted_schema(OFF)", "query_only(ON)"}, "mode=ro")
	if err != nil {
		return nil, err
	}
	db := &DB{dialect: sqliteDialect, writer: pool, reader: pool, path: path}
	var found int
	err = pool.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'
		AND name IN ('schema_migrations', 'company', 'log_head', 'changes')`).Scan(&found)
	switch {
	case sqliteCode(err) == sqliteNotADatabase, err == nil && found != 4:
		err = errNotABackup
	case err == nil:
		return db, nil
	}
	return nil, errors.Join(err, db.Close())
}

// inspectBackup opens a backup, verifies it and says what it holds. The contents
// of files in it are verified too, if it has any.
func inspectBackup(ctx context.Context, path string, progress Progress) (BackupReport, error) {
	report := BackupReport{Path: path}
	db, err := openBackup(ctx, path)
	if err != nil {
		return report, err
	}
	defer db.Close()
	if report.Schema, err = db.storedVersion(ctx); err != nil {
		return report, err
	}
	if faults, err := db.quickCheck(ctx); err != nil || len(faults) > 0 {
		return report, errors.Join(err, errors.New(strings.Join(faults, "; ")))
	}
	err = db.Read(ctx, func(r *Reader) error {
		v, err := r.verify(ctx, progress.of("verifying"))
		if err != nil {
			return err
		}
		if err := v.err(); err != nil {
			return err
		}
		report.Changes, report.Head = v.Changes, v.Head
		if report.Rows, err = r.count(ctx); err != nil {
			return err
		}
		held, err := r.holdsContents(ctx)
		if report.WithoutFiles = !held; err != nil || !held {
			return err
		}
		return checkContents(ctx, r, r, &report, progress.of("verifying files"))
	})
	if err != nil {
		return report, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return report, err
	}
	report.Bytes = info.Size()
	return report, nil
}

// partial is a file that is being written beside the place that it is for.
type partial struct {
	path  string
	final string
}

// newPartial makes an empty file for its owner alone beside path, where there
// must be nothing yet.
func newPartial(path string) (*partial, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, errors.New("the file exists already: name another, or move it away")
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".partial-*")
	if err != nil {
		return nil, err
	}
	return &partial{path: f.Name(), final: path}, f.Close()
}

// remove removes the partial file, and what SQLite may have left beside it,
// unless it was published.
func (p *partial) remove() {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		os.Remove(p.path + suffix) // most are not there
	}
}

// publish gives the file its name, durably, and never in place of another.
func (p *partial) publish() error {
	if err := syncPath(p.path); err != nil {
		return err
	}
	err := os.Link(p.path, p.final)
	switch {
	case errors.Is(err, fs.ErrExist):
		return errors.New("the file exists already: name another, or move it away")
	case err != nil:
		// Not every file system has links. A rename would replace a file that
		// was made in this moment, hence the second look.
		if _, err := os.Lstat(p.final); err == nil {
			return errors.New("the file exists already: name another, or move it away")
		}
		if err := os.Rename(p.path, p.final); err != nil {
			return err
		}
	default:
		if err := os.Remove(p.path); err != nil {
			return err
		}
	}
	return syncPath(filepath.Dir(p.final))
}

// syncPath brings a file or a folder to the disk.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// quickCheck lets SQLite look at the file's structure; it gives what is wrong.
func (db *DB) quickCheck(ctx context.Context) ([]string, error) {
	rows, err := db.reader.QueryContext(ctx, `PRAGMA quick_check(10)`)
	if err != nil {
		return nil, fmt.Errorf("checking the file: %w", err)
	}
	defer rows.Close()
	var faults []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, fmt.Errorf("checking the file: %w", err)
		}
		faults = append(faults, line)
	}
	return slices.DeleteFunc(faults, func(s string) bool { return s == "ok" }), rows.Err()
}
