package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Restore puts what a backup holds into the database that the DSN names, which
// must be new or empty: no people, no keys, nothing in its log but its own
// beginning. The backup may be of the other kind of database.
//
// The backup is verified before the target is touched, the contents of files in
// it included. Then either everything is restored, numbers, secrets and log
// included, and has been verified again, or nothing is. The backup file itself is
// only read.
//
// The contents of files are put where contents says before the database is: a
// document never refers to one that is still to come. What a restore that failed
// has put there already is in no record, and goes with the next sweep. A backup
// that was made without them restores the record alone, and the report says so.
func Restore(ctx context.Context, file, dsn string, contents Contents, progress Progress) (BackupReport, error) {
	if err := checkBackup(ctx, file, contents); err != nil {
		return BackupReport{}, fmt.Errorf("restoring %s: %w", file, err)
	}
	path, isSQLite := strings.CutPrefix(dsn, "sqlite:")
	if isSQLite {
		if err := checkSQLitePath(path); err != nil {
			return BackupReport{}, err
		}
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			report, err := restoreFile(ctx, file, path, contents, progress)
			if err != nil {
				return report, fmt.Errorf("restoring %s: %w", file, err)
			}
			return report, nil
		}
	}
	report, err := restoreInto(ctx, file, dsn, contents, progress)
	if err != nil {
		return report, fmt.Errorf("restoring %s: %w", file, err)
	}
	return report, nil
}

// checkBackup tells at once what need not be tried.
func checkBackup(ctx context.Context, file string, contents Contents) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return errNotABackup
	}
	db, err := openBackup(ctx, file)
	if err != nil {
		return err
	}
	defer db.Close()
	stored, err := db.storedVersion(ctx)
	if err != nil {
		return err
	}
	p, err := db.provider()
	if err != nil {
		return err
	}
	if newest := newestOf(p); stored > newest {
		return fmt.Errorf("database version %d, program version %d: %w", stored, newest, ErrNewer)
	}
	return db.Read(ctx, func(r *Reader) error {
		held, err := r.holdsContents(ctx)
		switch {
		case err != nil || !held:
			return err
		case contents == nil:
			return errors.New("there is no place for the files that the backup may hold")
		default:
			return contents.CheckWritable()
		}
	})
}

// restoreFile makes a new file of the backup.
func restoreFile(ctx context.Context, file, path string, contents Contents, progress Progress) (BackupReport, error) {
	part, err := newPartial(path)
	if err != nil {
		return BackupReport{}, err
	}
	defer part.remove()
	report, err := stage(ctx, file, part.path, progress)
	if err != nil {
		return report, err
	}
	if err := restoreContents(ctx, file, part.path, report, contents, progress); err != nil {
		return report, err
	}
	if err := part.publish(); err != nil {
		return report, err
	}
	report.Path = path
	return report, nil
}

// restoreInto copies the backup into an empty database in one transaction.
func restoreInto(ctx context.Context, file, dsn string, contents Contents, progress Progress) (BackupReport, error) {
	dir, err := os.MkdirTemp("", "passmuster-restore-*")
	if err != nil {
		return BackupReport{}, err
	}
	defer os.RemoveAll(dir)
	staged := filepath.Join(dir, "staged.db")
	report, err := stage(ctx, file, staged, progress)
	if err != nil {
		return report, err
	}
	source, err := openBackup(ctx, staged)
	if err != nil {
		return report, err
	}
	defer source.Close()
	target, err := Open(ctx, dsn, Options{})
	if err != nil {
		return report, err
	}
	err = source.Read(ctx, func(from *Reader) error {
		return target.unlogged(ctx, func(to *Tx) error {
			if err := to.checkEmpty(ctx); err != nil {
				return err
			}
			if err := restoreContents(ctx, file, staged, report, contents, progress); err != nil {
				return err
			}
			return replaceAll(ctx, from, to, report, progress)
		})
	})
	report.Path = ""
	return report, errors.Join(err, target.Close())
}

// restoreContents puts the contents of files where they belong.
func restoreContents(ctx context.Context, file, staged string, report BackupReport, contents Contents, progress Progress) error {
	if report.Files == 0 {
		return nil
	}
	return besides(ctx, staged, file, func(record, backup *Reader) error {
		return keepContents(ctx, record, backup, contents, progress.of("restoring files"))
	})
}

// besides reads two backups at once.
func besides(ctx context.Context, one, other string, f func(one, other *Reader) error) error {
	a, err := openBackup(ctx, one)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := openBackup(ctx, other)
	if err != nil {
		return err
	}
	defer b.Close()
	return a.Read(ctx, func(one *Reader) error {
		return b.Read(ctx, func(other *Reader) error { return f(one, other) })
	})
}

// replaceAll fills an empty database, and commits to nothing that does not
// verify.
func replaceAll(ctx context.Context, from *Reader, to *Tx, want BackupReport, progress Progress) error {
	// What a new database begins with gives way to what the backup has.
	for _, t := range slices.Backward(tables) {
		if _, err := to.exec(ctx, `DELETE FROM `+t.name); err != nil {
			return fmt.Errorf("emptying %s: %w", t.name, err)
		}
	}
	if err := copyTables(ctx, from, to, progress.of("copying")); err != nil {
		return err
	}
	v, err := to.verify(ctx, progress.of("verifying the copy"))
	if err != nil {
		return err
	}
	if v.Head != want.Head {
		v.problem("the copy ends at another change than the backup")
	}
	return v.err()
}

// checkEmpty refuses a database that holds anything. It locks the log's head,
// so that nothing is added meanwhile.
func (tx *Tx) checkEmpty(ctx context.Context) error {
	var seq int64
	if err := tx.row(ctx, `SELECT seq FROM log_head WHERE id = 1`+tx.db.dialect.forUpdate).Scan(&seq); err != nil {
		return fmt.Errorf("reading the log's head: %w", err)
	}
	rows, err := tx.count(ctx)
	if err != nil {
		return err
	}
	if seq > 1 || rows["users"] > 0 || rows["api_keys"] > 0 {
		return workforce.Refuse(workforce.ReasonNotEmpty,
			"the target is not empty (%d users, %d keys, %d changes): restore to a new file or an empty database",
			rows["users"], rows["api_keys"], seq)
	}
	return nil
}

// stage makes a private copy of a backup's record, brings it to this program's
// version and verifies it, and the contents of files in the backup.
func stage(ctx context.Context, file, path string, progress Progress) (BackupReport, error) {
	if err := copyRecord(ctx, file, path, progress.of("copying")); err != nil {
		return BackupReport{}, fmt.Errorf("reading the backup: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return BackupReport{}, err
	}
	db := &DB{}
	if err := db.openSQLite(ctx, path, true); err != nil {
		return BackupReport{}, err
	}
	if err := errors.Join(db.migrate(ctx), db.Close()); err != nil {
		return BackupReport{}, err
	}
	report, err := inspectBackup(ctx, path, progress)
	if err == nil {
		err = besides(ctx, path, file, func(record, backup *Reader) error {
			held, err := backup.holdsContents(ctx)
			if report.WithoutFiles = !held; err != nil || !held {
				return err
			}
			return checkContents(ctx, record, backup, &report, progress.of("verifying files"))
		})
	}
	if err != nil {
		return report, fmt.Errorf("the backup is damaged: %w", err)
	}
	return report, nil
}

// copyRecord makes a database of the backup's version and copies every table of
// the record into it, but not the contents of files, which may be many times as
// large. The tables are made by this program's migrations: nothing that a backup
// says of its own structure is run.
func copyRecord(ctx context.Context, file, path string, progress func(done, total int64)) (err error) {
	source, err := openBackup(ctx, file)
	if err != nil {
		return err
	}
	version, err := source.storedVersion(ctx)
	if err := errors.Join(err, source.Close()); err != nil {
		return err
	}
	pool, err := privatePool(path)
	if err != nil {
		return err
	}
	target := &DB{dialect: sqliteDialect, writer: pool, reader: pool, path: path}
	defer func() { err = errors.Join(err, target.Close()) }()
	p, err := target.provider()
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return fmt.Errorf("making tables of version %d: %w", version, err)
	}
	var names []string
	if err := target.Read(ctx, func(r *Reader) (err error) { names, err = r.tableNames(ctx); return err }); err != nil {
		return err
	}
	// The backup is attached to one connection of the pool, which has no other.
	if _, err := pool.ExecContext(ctx, `ATTACH DATABASE $1 AS backup`, "file:"+escapePath(file)+"?mode=ro"); err != nil {
		return err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == migrationsTable || strings.HasPrefix(name, "sqlite_") })
	for i, name := range names {
		progress(int64(i), int64(len(names)))
		for _, text := range []string{`DELETE FROM main.` + name, `INSERT INTO main.` + name + ` SELECT * FROM backup.` + name} {
			if _, err := pool.ExecContext(ctx, text); err != nil {
				return fmt.Errorf("copying %s: %w", name, err)
			}
		}
	}
	progress(int64(len(names)), int64(len(names)))
	return nil
}
