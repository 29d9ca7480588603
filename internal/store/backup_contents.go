package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// contentsTable is in backups only: the contents of files, which are in a folder
// beside the database otherwise. A backup without it was made without them.
const contentsTable = "file_contents"

// errWrongContent says that a content has another hash than its name.
var errWrongContent = errors.New("the content is damaged: it no longer has its hash")

// addContents adds to a backup the contents that its documents refer to. One of
// them at a time is in memory.
func addContents(ctx context.Context, path string, contents Contents, progress func(done, total int64)) (err error) {
	pool, err := privatePool(path)
	if err != nil {
		return err
	}
	db := &DB{dialect: sqliteDialect, writer: pool, reader: pool, path: path}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.unlogged(ctx, func(tx *Tx) error {
		_, err := tx.exec(ctx, `CREATE TABLE `+contentsTable+` (hash TEXT NOT NULL PRIMARY KEY, content BLOB NOT NULL) STRICT`)
		if err != nil {
			return fmt.Errorf("making room for files: %w", err)
		}
		total, err := tx.countFiles(ctx)
		if err != nil {
			return err
		}
		var done int64
		progress(0, total)
		return tx.eachFile(ctx, func(f fileReference) error {
			content, err := readContent(ctx, contents, f.hash)
			if err != nil {
				return fmt.Errorf("%s: %w; is the setting files right? See passmuster verify", f, err)
			}
			if _, err := tx.exec(ctx, `INSERT INTO `+contentsTable+` (hash, content) VALUES ($1, $2)`, f.hash, content); err != nil {
				return fmt.Errorf("copying the file of %s: %w", f, err)
			}
			done++
			progress(done, total)
			return nil
		})
	})
}

// readContent reads a content, which must have its hash.
func readContent(ctx context.Context, contents Contents, hash string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r, size, err := contents.Open(hash)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size > workforce.MaxFileSize {
		return nil, fmt.Errorf("content %s in %s: %w", hash, contents.Dir(), errWrongContent)
	}
	content := make([]byte, size)
	if _, err := io.ReadFull(r, content); err != nil {
		return nil, fmt.Errorf("reading content %s in %s: %w", hash, contents.Dir(), err)
	}
	if !hasHash(content, hash) {
		return nil, fmt.Errorf("content %s in %s: %w", hash, contents.Dir(), errWrongContent)
	}
	return content, nil
}

func hasHash(content []byte, hash string) bool {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]) == hash
}

// holdsContents reports whether a backup was made with the contents of files.
func (r *Reader) holdsContents(ctx context.Context) (bool, error) {
	names, err := r.tableNames(ctx)
	return slices.Contains(names, contentsTable), err
}

// heldContent reads a content from a backup that holds contents.
func (r *Reader) heldContent(ctx context.Context, f fileReference) ([]byte, error) {
	var content []byte
	// The length is looked at first: a damaged one could be of any size.
	err := r.row(ctx, `SELECT content FROM `+contentsTable+` WHERE hash = $1 AND LENGTH(content) <= $2`,
		f.hash, workforce.MaxFileSize).Scan(&content)
	switch {
	case none(err):
		return nil, fmt.Errorf("%s: the backup does not have its content %s", f, f.hash)
	case err != nil:
		return nil, fmt.Errorf("%s: reading its content from the backup: %w", f, err)
	case !hasHash(content, f.hash):
		return nil, fmt.Errorf("%s: in the backup %w", f, errWrongContent)
	}
	return content, nil
}

// checkContents reads every content that the documents of record refer to from a
// backup, compares it with its hash, and adds them to the report.
func checkContents(ctx context.Context, record, backup *Reader, report *BackupReport, progress func(done, total int64)) error {
	total, err := record.countFiles(ctx)
	if err != nil {
		return err
	}
	return record.eachFile(ctx, func(f fileReference) error {
		content, err := backup.heldContent(ctx, f)
		if err != nil {
			return err
		}
		report.Files++
		report.FileBytes += int64(len(content))
		progress(report.Files, total)
		return nil
	})
}

// keepContents puts every content that the documents of record refer to from a
// backup into its place. They have been checked.
func keepContents(ctx context.Context, record, backup *Reader, contents Contents, progress func(done, total int64)) error {
	total, err := record.countFiles(ctx)
	if err != nil {
		return err
	}
	var done int64
	return record.eachFile(ctx, func(f fileReference) error {
		content, err := backup.heldContent(ctx, f)
		if err != nil {
			return err
		}
		if err := contents.Keep(ctx, f.hash, bytes.NewReader(content)); err != nil {
			return err
		}
		done++
		progress(done, total)
		return nil
	})
}
