package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/passmuster/passmuster/internal/workforce"
)

func (r *Reader) changes(ctx context.Context, where string, args ...any) ([]Change, error) {
	var out []Change
	err := r.each(ctx, func(rows *sql.Rows) error {
		var c Change
		var seq *int64
		err := rows.Scan(&c.Seq, scanTime{&c.At}, &c.Actor, &c.Cause, &c.Kind, &c.Subject, &c.SubjectID,
			&seq, scanJSON{&c.Before}, scanJSON{&c.After})
		c.Erased = seq == nil
		out = append(out, c)
		return err
	}, `SELECT c.seq, c.at, c.actor, c.cause, c.kind, c.subject, c.subject_id, p.seq, p.before, p.after
		FROM changes c LEFT JOIN change_payloads p ON p.seq = c.seq `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("reading changes: %w", err)
	}
	return out, nil
}

// ErasePayloads deletes what the change log holds of a person: the payloads of
// every change that has their data. The rows, their order and the chain stay;
// the erasure itself is logged without a payload. It gives the number of
// payloads that were deleted. The current record is not touched.
//
// In SQLite the text is overwritten, and the write-ahead log, which has older
// copies of it, is emptied; while a long read is in the way, that happens when
// the last process closes the file.
func (db *DB) ErasePayloads(ctx context.Context, cause Cause, id workforce.UserID) (int64, error) {
	var erased int64
	err := db.Write(ctx, cause, func(tx *Tx) error {
		res, err := tx.exec(ctx, `DELETE FROM change_payloads WHERE seq IN (SELECT seq FROM change_people WHERE user_id = $1)`, int64(id))
		if err != nil {
			return fmt.Errorf("erasing payloads: %w", err)
		}
		if erased, err = res.RowsAffected(); err != nil || erased == 0 {
			return err
		}
		tx.record("user.history_erased", SubjectUser, int64(id), nil, nil)
		return nil
	})
	if err != nil || erased == 0 || db.dialect.name != sqliteDialect.name {
		return erased, err
	}
	// It tells in a row, not in an error, that a reader is in the way; a few of
	// them are over soon.
	for range 10 {
		var busy, pages, moved int64
		if err := db.writer.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
			return erased, fmt.Errorf("emptying the write-ahead log after an erasure: %w", err)
		}
		if busy == 0 {
			break
		}
	}
	return erased, nil
}

// decode reads a payload of the change log.
func decode[T any](raw json.RawMessage) (T, error) {
	var v T
	err := json.Unmarshal(raw, &v)
	return v, err
}
