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
// The backup is verified before the target is touched. Then either everything
// is restored, numbers, secrets and log included, and has been verified again,
// or nothing is. The backup file itself is only read.
func Restore(ctx context.Context, file, dsn string, progress Progress) (BackupReport, error) {
	if err := checkBackup(ctx, file); err != nil {
		return BackupReport{}, fmt.Errorf("restoring %s: %w", file, err)
	}
	path, isSQLite := strings.CutPrefix(dsn, "sqlite:")
	if isSQLite {
		if err := checkSQLitePath(path); err != nil {
			return BackupReport{}, err
		}
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			report, err := restoreFile(ctx, file, path, progress)
			if err != nil {
				return report, fmt.Errorf("restoring %s: %w", file, err)
			}
			return report, nil
		}
	}
	report, err := restoreInto(ctx, file, dsn, progress)
	if err != nil {
		return report, fmt.Errorf("restoring %s: %w", file, err)
	}
	return report, nil
}

// checkBackup tells at once what need not be tried.
func checkBackup(ctx context.Context, file string) error {
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
	return nil
}

// restoreFile makes a new file of the backup.
func restoreFile(ctx context.Context, file, path string, progress Progress) (BackupReport, error) {
	part, err := newPartial(path)
	if err != nil {
		return BackupReport{}, err
	}
	defer part.remove()
	report, err := stage(ctx, file, part.path, progress)
	if err != nil {
		return report, err
	}
	if err := part.publish(); err != nil {
		return report, err
	}
	report.Path = path
	return report, nil
}

// restoreInto copies the backup into an empty database in one transaction.
func restoreInto(ctx context.Context, file, dsn string, progress Progress) (BackupReport, error) {
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
			return replaceAll(ctx, from, to, report, progress)
		})
	})
	report.Path = ""
	return report, errors.Join(err, target.Close())
}

// replaceAll fills an empty database, and commits to nothing that does not
// verify.
func replaceAll(ctx context.Context, from *Reader, to *Tx, want BackupReport, progress Progress) error {
	if err := to.checkEmpty(ctx); err != nil {
		return err
	}
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

// stage makes a private copy of a backup, brings it to this program's version
// and verifies it.
func stage(ctx context.Context, file, path string, progress Progress) (BackupReport, error) {
	source, err := openBackup(ctx, file)
	if err != nil {
		return BackupReport{}, err
	}
	err = source.vacuumInto(ctx, path, progress)
	if err := errors.Join(err, source.Close()); err != nil {
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
	if err != nil {
		return report, fmt.Errorf("the backup is damaged: %w", err)
	}
	return report, nil
}
