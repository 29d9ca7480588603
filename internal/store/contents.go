package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
)

// Contents keeps the contents of files beside the database, each under the
// SHA-256 of its bytes in hexadecimal. The store of internal/file is one.
type Contents interface {
	// Dir names the place for people.
	Dir() string
	// CheckWritable reports whether contents could be kept, and changes nothing.
	CheckWritable() error
	// Open gives a content and its size in bytes.
	Open(hash string) (io.ReadSeekCloser, int64, error)
	// Verify reads a content and reports whether it is there and has its hash.
	Verify(ctx context.Context, hash string) error
	// Keep puts a content, durably, and refuses one that has another hash.
	Keep(ctx context.Context, hash string, content io.Reader) error
}

// fileReference is a content that documents refer to, with one of them.
type fileReference struct {
	hash           string
	size           int64 // bytes, as the documents say
	document       int64 // the first of a user's; 0: none
	deviceDocument int64 // the first of a device's; 0: none
}

// String names a document for people, by its number: names of files are those of
// persons too often.
func (f fileReference) String() string {
	if f.document != 0 {
		return fmt.Sprintf("document %d", f.document)
	}
	return fmt.Sprintf("device document %d", f.deviceDocument)
}

// referencePage is how many references are read at once.
const referencePage = 256

// fileReferences gives a page of the contents that documents refer to, after a
// hash, in order and each once.
func (r *Reader) fileReferences(ctx context.Context, after string) ([]fileReference, error) {
	var page []fileReference
	err := r.each(ctx, func(rows *sql.Rows) error {
		var f fileReference
		err := rows.Scan(&f.hash, &f.size, &f.document, &f.deviceDocument)
		page = append(page, f)
		return err
	}, `SELECT file_hash, MAX(file_size), MAX(document), MAX(device_document) FROM (
			SELECT file_hash, file_size, id AS document, 0 AS device_document FROM documents WHERE file_hash > $1
			UNION ALL SELECT file_hash, file_size, 0, id FROM device_documents WHERE file_hash > $1
		) AS referring GROUP BY file_hash ORDER BY file_hash LIMIT $2`, after, referencePage)
	if err != nil {
		return nil, fmt.Errorf("reading which files the documents have: %w", err)
	}
	return page, nil
}

// eachFile calls f with every content that documents refer to, in order of the
// hash.
func (r *Reader) eachFile(ctx context.Context, f func(fileReference) error) error {
	after := ""
	for {
		page, err := r.fileReferences(ctx, after)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, reference := range page {
			if err := f(reference); err != nil {
				return err
			}
		}
		after = page[len(page)-1].hash
	}
}

// countFiles is how many contents documents refer to.
func (r *Reader) countFiles(ctx context.Context) (int64, error) {
	var n int64
	err := r.row(ctx, `SELECT COUNT(*) FROM (
		SELECT file_hash FROM documents WHERE file_hash IS NOT NULL
		UNION SELECT file_hash FROM device_documents WHERE file_hash IS NOT NULL) AS referring`).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting the files of documents: %w", err)
	}
	return n, nil
}

// FilesVerification is the outcome of [DB.VerifyFiles].
type FilesVerification struct {
	Files    int64    // contents that documents refer to
	Wrong    int64    // of which are missing or damaged
	Problems []string // what is wrong with each of these, as far as it is listed; empty: all is well
}

// VerifyFiles compares the contents of files with what the documents say of
// them: each is there and has its size and, if thorough, which reads all of
// them, its hash. It calls progress, if given, with the contents that are done.
// It changes nothing and may run beside a server.
func (db *DB) VerifyFiles(ctx context.Context, contents Contents, thorough bool, progress func(done, total int64)) (FilesVerification, error) {
	v := FilesVerification{Problems: []string{}}
	if progress == nil {
		progress = func(int64, int64) {}
	}
	var total int64
	err := db.Read(ctx, func(r *Reader) (err error) {
		total, err = r.countFiles(ctx)
		return err
	})
	if err != nil {
		return v, err
	}
	for after := ""; ; {
		// A snapshot for each page, not one for all of them: reading contents
		// takes long, and SQLite's log cannot be reset meanwhile.
		var page []fileReference
		err := db.Read(ctx, func(r *Reader) (err error) {
			page, err = r.fileReferences(ctx, after)
			return err
		})
		if err != nil || len(page) == 0 {
			return v, err
		}
		for _, f := range page {
			err := f.check(ctx, contents, thorough)
			switch {
			case ctx.Err() != nil:
				return v, ctx.Err()
			case err != nil:
				if v.Wrong++; v.Wrong <= maxProblems {
					v.Problems = append(v.Problems, fmt.Sprintf("%s: %v", f, err))
				}
			}
			v.Files++
			progress(v.Files, max(total, v.Files))
		}
		after = page[len(page)-1].hash
	}
}

// check reports what is wrong with a content.
func (f fileReference) check(ctx context.Context, contents Contents, thorough bool) error {
	content, size, err := contents.Open(f.hash)
	if err != nil {
		return err
	}
	content.Close()
	if size != f.size {
		return fmt.Errorf("content %s has %d bytes, not %d", f.hash, size, f.size)
	}
	if !thorough {
		return nil
	}
	return contents.Verify(ctx, f.hash)
}
