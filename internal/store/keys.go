package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

const keyFields = `id, name, hint, hash, owner_id, scopes, allow, created_at, expires_at, revoked_at, last_used_at`

func scanKey(rows interface{ Scan(...any) error }) (workforce.APIKey, error) {
	var k workforce.APIKey
	var scopes, allow string
	err := rows.Scan(&k.ID, &k.Name, &k.Hint, &k.Hash, &k.OwnerID, &scopes, &allow, scanTime{&k.CreatedAt},
		scanTimeOpt{&k.ExpiresAt}, scanTimeOpt{&k.RevokedAt}, scanTimeOpt{&k.LastUsedAt})
	if err != nil {
		return k, err
	}
	for s := range strings.FieldsSeq(scopes) {
		k.Scopes = append(k.Scopes, workforce.Scope(s))
	}
	for s := range strings.FieldsSeq(allow) {
		prefix, err := netip.ParsePrefix(s)
		if err != nil {
			return k, fmt.Errorf("key %d: %w", k.ID, err)
		}
		k.Allow = append(k.Allow, prefix)
	}
	return k, nil
}

// KeyByHash finds a key by the SHA-256 of its text.
func (r *Reader) KeyByHash(ctx context.Context, hash []byte) (workforce.APIKey, bool, error) {
	return r.key(ctx, `SELECT `+keyFields+` FROM api_keys WHERE hash = $1`, hash)
}

// Key finds a key by its number.
func (r *Reader) Key(ctx context.Context, id workforce.KeyID) (workforce.APIKey, bool, error) {
	return r.key(ctx, `SELECT `+keyFields+` FROM api_keys WHERE id = $1`, int64(id))
}

// LockKey gives a key and keeps other writers from changing it.
func (tx *Tx) LockKey(ctx context.Context, id workforce.KeyID) (workforce.APIKey, bool, error) {
	return tx.key(ctx, `SELECT `+keyFields+` FROM api_keys WHERE id = $1`+tx.db.dialect.forUpdate, int64(id))
}

func (r *Reader) key(ctx context.Context, text string, args ...any) (workforce.APIKey, bool, error) {
	k, err := scanKey(r.row(ctx, text, args...))
	if none(err) {
		return k, false, nil
	}
	if err != nil {
		return k, false, fmt.Errorf("reading a key: %w", err)
	}
	return k, true, nil
}

// Keys gives every key, by number.
func (r *Reader) Keys(ctx context.Context) ([]workforce.APIKey, error) {
	var out []workforce.APIKey
	err := r.each(ctx, func(rows *sql.Rows) error {
		k, err := scanKey(rows)
		out = append(out, k)
		return err
	}, `SELECT `+keyFields+` FROM api_keys ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("reading keys: %w", err)
	}
	return out, nil
}

func keyRow(k workforce.APIKey) []any {
	scopes := make([]string, len(k.Scopes))
	for i, s := range k.Scopes {
		scopes[i] = string(s)
	}
	allow := make([]string, len(k.Allow))
	for i, p := range k.Allow {
		allow[i] = p.String()
	}
	return []any{
		int64(k.ID), k.Name, k.Hint, k.Hash, intOpt(k.OwnerID), strings.Join(scopes, " "), strings.Join(allow, " "),
		ms(k.CreatedAt), msOpt(k.ExpiresAt), msOpt(k.RevokedAt),
	}
}

var keyColumns = []string{"id", "name", "hint", "hash", "owner_id", "scopes", "allow", "created_at", "expires_at", "revoked_at"}

// CreateKey adds a key and fills in its number. The log never has the hash.
func (tx *Tx) CreateKey(ctx context.Context, k *workforce.APIKey) error {
	id, err := tx.nextIDs(ctx, "api_keys", 1)
	if err != nil {
		return err
	}
	k.ID = workforce.KeyID(id)
	if err := tx.insert(ctx, "api_keys", keyColumns, [][]any{keyRow(*k)}); err != nil {
		return err
	}
	tx.record("api_key.created", SubjectKey, id, nil, *k)
	return nil
}

// UpdateKey replaces a key that [Tx.LockKey] gave; its hash and its last use
// stay. Equal values are not written.
func (tx *Tx) UpdateKey(ctx context.Context, before, after workforce.APIKey) error {
	if equal(before, after) {
		return nil
	}
	row := keyRow(after)
	_, err := tx.exec(ctx, `UPDATE api_keys SET name = $1, hint = $2, owner_id = $3, scopes = $4, allow = $5, created_at = $6,
		expires_at = $7, revoked_at = $8 WHERE id = $9`, slices.Concat(row[1:3], row[4:], row[:1])...)
	if err != nil {
		return fmt.Errorf("updating key %d: %w", after.ID, err)
	}
	tx.record("api_key.updated", SubjectKey, int64(after.ID), before, after)
	return nil
}

// TouchKey notes when a key was last used. It is not a change of a fact.
func (db *DB) TouchKey(ctx context.Context, id workforce.KeyID, at time.Time) error {
	err := db.patiently(ctx, func() error {
		_, err := db.writer.ExecContext(ctx, `UPDATE api_keys SET last_used_at = $1 WHERE id = $2`, ms(at), int64(id))
		return err
	})
	if err != nil {
		return fmt.Errorf("noting the last use of key %d: %w", id, err)
	}
	return nil
}
