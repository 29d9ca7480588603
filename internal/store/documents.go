package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

var documentPart = userPart[workforce.Document]{
	name: "document", table: "documents", columns: documentColumns, row: documentRow,
	fields: func(d *workforce.Document) (id *int64, created, updated *time.Time) {
		return &d.ID, &d.CreatedAt, &d.UpdatedAt
	},
	owner: func(d *workforce.Document) workforce.UserID { return d.UserID },
	of:    func(p *userPayload) *[]workforce.Document { return &p.Documents },
}

// Document gives a document of a user; the second result is false if there is
// no such document.
func (r *Reader) Document(ctx context.Context, id int64) (workforce.Document, bool, error) {
	var d workforce.Document
	err := scanDocument(r.row(ctx, `SELECT `+strings.Join(documentColumns, ", ")+` FROM documents WHERE id = $1`, id), &d)
	if none(err) {
		return d, false, nil
	}
	if err != nil {
		return d, false, fmt.Errorf("reading document %d: %w", id, err)
	}
	return d, true, nil
}

// LockDocument gives a document and keeps other writers from changing it and
// its user; the second result is false if there is no such document.
func (tx *Tx) LockDocument(ctx context.Context, id int64) (workforce.Document, bool, error) {
	for {
		d, ok, err := tx.Document(ctx, id)
		if err != nil || !ok {
			return d, ok, err
		}
		if _, err := tx.lockUsers(ctx, []workforce.UserID{d.UserID}); err != nil {
			return d, false, err
		}
		now, ok, err := tx.Document(ctx, id)
		if err != nil || !ok || now.UserID == d.UserID {
			return now, ok, err
		}
	}
}

// DocumentsOf gives a page of a user's documents, by number, and how many match.
func (r *Reader) DocumentsOf(ctx context.Context, q workforce.DocumentQuery) ([]workforce.Document, int64, error) {
	var out []workforce.Document
	err := r.each(ctx, func(rows *sql.Rows) error {
		var d workforce.Document
		if err := scanDocument(rows, &d); err != nil {
			return err
		}
		if (q.Type == nil || d.Type == *q.Type) && strings.Contains(workforce.Fold(d.Name), workforce.Fold(q.Q)) {
			out = append(out, d)
		}
		return nil
	}, selectIn(documentColumns, "documents", "$1"), int64(q.UserID))
	if err != nil {
		return nil, 0, fmt.Errorf("reading the documents of user %d: %w", q.UserID, err)
	}
	total := int64(len(out))
	out = out[min(q.Offset, total):]
	if q.Limit > 0 {
		out = out[:min(q.Limit, int64(len(out)))]
	}
	return slices.Clip(out), total, nil
}

// SaveDocument keeps a document of a user; before is what was read after
// [Tx.LockUser] or by [Tx.LockDocument], nil for a new one, which gets its
// number. Times that are zero are filled in. Equal values are not written.
func (tx *Tx) SaveDocument(ctx context.Context, before, after *workforce.Document) error {
	return documentPart.save(ctx, tx, []Replacement[workforce.Document]{{before, after}})
}

// DeleteDocument removes a document; one that is gone already is no error. The
// content of its file stays where it is.
func (tx *Tx) DeleteDocument(ctx context.Context, d workforce.Document) error {
	return documentPart.remove(ctx, tx, d)
}

// FileInUse reports whether a document of a user or a device has the content.
func (r *Reader) FileInUse(ctx context.Context, hash string) (bool, error) {
	used, err := r.exists(ctx, `SELECT 1 FROM documents WHERE file_hash = $1 UNION ALL
		SELECT 1 FROM device_documents WHERE file_hash = $1 LIMIT 1`, hash)
	if err != nil {
		return false, fmt.Errorf("looking for the documents of a file: %w", err)
	}
	return used, nil
}

// FileHashes gives up to limit of the contents that documents have, after a
// hash, in order and each once.
func (r *Reader) FileHashes(ctx context.Context, after string, limit int) ([]string, error) {
	var out []string
	err := r.each(ctx, func(rows *sql.Rows) error {
		var hash string
		err := rows.Scan(&hash)
		out = append(out, hash)
		return err
	}, `SELECT file_hash FROM documents WHERE file_hash > $1 UNION
		SELECT file_hash FROM device_documents WHERE file_hash > $1 ORDER BY file_hash LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("listing the files of documents: %w", err)
	}
	return out, nil
}
