package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

var userColumns = []string{
	"id", "entry_id", "email", "email_key", "first_name", "first_key", "last_name", "last_key", "name_key",
	"job_title", "avatar_url", "terms_agreed_at", "created_at", "updated_at",
}

func userRow(u workforce.User) []any {
	name := workforce.FullName(u.FirstName, u.LastName)
	return []any{
		int64(u.ID), u.EntryID, u.Email, workforce.Fold(u.Email), u.FirstName, keyOpt(u.FirstName), u.LastName,
		keyOpt(u.LastName), keyOpt(&name), u.JobTitle, u.AvatarURL, msOpt(u.TermsAgreedAt), ms(u.CreatedAt), ms(u.UpdatedAt),
	}
}

const userFields = `u.id, u.entry_id, u.email, u.first_name, u.last_name, u.job_title, u.avatar_url, u.terms_agreed_at, u.created_at, u.updated_at`

func scanUser(rows interface{ Scan(...any) error }, u *workforce.User) error {
	return rows.Scan(&u.ID, &u.EntryID, &u.Email, &u.FirstName, &u.LastName, &u.JobTitle, &u.AvatarURL,
		scanTimeOpt{&u.TermsAgreedAt}, scanTime{&u.CreatedAt}, scanTime{&u.UpdatedAt})
}

// UserIDByEmail finds a user by e-mail, whatever its case.
func (r *Reader) UserIDByEmail(ctx context.Context, email string) (workforce.UserID, bool, error) {
	var id workforce.UserID
	err := r.row(ctx, `SELECT id FROM users WHERE email_key = $1`, workforce.Fold(email)).Scan(&id)
	if none(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("finding a user by e-mail: %w", err)
	}
	return id, true, nil
}

// FirstAdmin is the administrator with the lowest number; nil if there is none.
func (r *Reader) FirstAdmin(ctx context.Context) (*workforce.UserID, error) {
	var id *workforce.UserID
	if err := r.row(ctx, `SELECT MIN(user_id) FROM user_roles WHERE role = $1`, string(workforce.RoleAdmin)).Scan(&id); err != nil {
		return nil, fmt.Errorf("finding the first admin: %w", err)
	}
	return id, nil
}

// UserExists reports whether the number is a user's.
func (r *Reader) UserExists(ctx context.Context, id workforce.UserID) (bool, error) {
	return r.exists(ctx, `SELECT 1 FROM users WHERE id = $1`, int64(id))
}

func (r *Reader) exists(ctx context.Context, text string, args ...any) (bool, error) {
	var one int
	err := r.row(ctx, text, args...).Scan(&one)
	if none(err) {
		return false, nil
	}
	return err == nil, err
}

// LockUser gives a user with their roles and keeps other writers from changing
// it; the second result is false if there is no such user.
func (tx *Tx) LockUser(ctx context.Context, id workforce.UserID) (workforce.User, bool, error) {
	var u workforce.User
	err := scanUser(tx.row(ctx, `SELECT `+userFields+` FROM users u WHERE u.id = $1`+tx.db.dialect.forUpdate, int64(id)), &u)
	if none(err) {
		return u, false, nil
	}
	if err != nil {
		return u, false, fmt.Errorf("reading user %d: %w", id, err)
	}
	roles, err := tx.roles(ctx, []workforce.UserID{id})
	u.Roles = roles[id]
	return u, true, err
}

// lockUsers gives users with their roles, in a fixed number of statements, and
// keeps other writers from changing them. It takes them in the order of their
// numbers, so that two writers cannot wait for each other.
func (tx *Tx) lockUsers(ctx context.Context, ids []workforce.UserID) (map[workforce.UserID]workforce.User, error) {
	ids = sorted(ids)
	out := make(map[workforce.UserID]workforce.User, len(ids))
	err := inChunks(ids, func(ids []workforce.UserID) error {
		list, args := inList(1, ids)
		return tx.each(ctx, func(rows *sql.Rows) error {
			var u workforce.User
			err := scanUser(rows, &u)
			out[u.ID] = u
			return err
		}, `SELECT `+userFields+` FROM users u WHERE u.id IN (`+list+`) ORDER BY u.id`+tx.db.dialect.forUpdate, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("locking users: %w", err)
	}
	roles, err := tx.roles(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		u, ok := out[id]
		if !ok {
			return nil, fmt.Errorf("user %d does not exist", id)
		}
		u.Roles = roles[id]
		out[id] = u
	}
	return out, nil
}

// lockOwners is lockUsers for who has a part and who had it.
func (tx *Tx) lockOwners(ctx context.Context, was *workforce.UserID, is workforce.UserID) (map[workforce.UserID]workforce.User, error) {
	ids := []workforce.UserID{is}
	if was != nil {
		ids = append(ids, *was)
	}
	return tx.lockUsers(ctx, ids)
}

// UpdateUser replaces a user that [Tx.LockUser] gave. Equal values are not
// written.
func (tx *Tx) UpdateUser(ctx context.Context, before, after workforce.User, kind string) error {
	after.Roles = orNil(sorted(after.Roles))
	if equal(before, after) {
		return nil
	}
	row := userRow(after)
	_, err := tx.exec(ctx, `UPDATE users SET entry_id = $1, email = $2, email_key = $3, first_name = $4, first_key = $5, last_name = $6,
		last_key = $7, name_key = $8, job_title = $9, avatar_url = $10, terms_agreed_at = $11, created_at = $12, updated_at = $13
		WHERE id = $14`, append(row[1:], row[0])...)
	if err != nil {
		return fmt.Errorf("updating user %d: %w", after.ID, tx.duplicateFault("users", err))
	}
	if !slices.Equal(before.Roles, after.Roles) {
		if _, err := tx.exec(ctx, `DELETE FROM user_roles WHERE user_id = $1`, int64(after.ID)); err != nil {
			return fmt.Errorf("updating the roles of user %d: %w", after.ID, err)
		}
		if err := tx.insert(ctx, "user_roles", []string{"user_id", "role"}, roleRows(after)); err != nil {
			return err
		}
	}
	tx.recordBeside(kind, after.ID, userPayload{User: before}, userPayload{User: after})
	return nil
}

func roleRows(u workforce.User) [][]any {
	out := make([][]any, len(u.Roles))
	for i, role := range u.Roles {
		out[i] = []any{int64(u.ID), string(role)}
	}
	return out
}

func (r *Reader) roles(ctx context.Context, ids []workforce.UserID) (map[workforce.UserID][]workforce.Role, error) {
	out := map[workforce.UserID][]workforce.Role{}
	err := inChunks(ids, func(ids []workforce.UserID) error {
		list, args := inList(1, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			var id workforce.UserID
			var role workforce.Role
			err := rows.Scan(&id, &role)
			out[id] = append(out[id], role)
			return err
		}, `SELECT user_id, role FROM user_roles WHERE user_id IN (`+list+`) ORDER BY user_id, role`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading roles: %w", err)
	}
	return out, nil
}

// SourceRecords gives what the sources last said of a user, by connection and
// external id.
func (r *Reader) SourceRecords(ctx context.Context, id workforce.UserID) ([]workforce.SourceRecord, error) {
	var out []workforce.SourceRecord
	err := r.each(ctx, func(rows *sql.Rows) error {
		rec, err := scanSourceRecord(rows)
		out = append(out, rec)
		return err
	}, `SELECT connection_id, external_id, user_id, facts, observed_at FROM source_records WHERE user_id = $1
		ORDER BY connection_id, external_id`, int64(id))
	if err != nil {
		return nil, fmt.Errorf("reading the source records of user %d: %w", id, err)
	}
	return out, nil
}

func scanSourceRecord(rows *sql.Rows) (workforce.SourceRecord, error) {
	var rec workforce.SourceRecord
	var facts string
	if err := rows.Scan(&rec.ConnectionID, &rec.ExternalID, &rec.UserID, &facts, scanTime{&rec.ObservedAt}); err != nil {
		return rec, err
	}
	return rec, json.Unmarshal([]byte(facts), &rec.Facts)
}

// SourceRecordsOf gives what one connection last said, by external id.
func (r *Reader) SourceRecordsOf(ctx context.Context, id workforce.ConnectionID) (map[string]workforce.SourceRecord, error) {
	out := map[string]workforce.SourceRecord{}
	err := r.each(ctx, func(rows *sql.Rows) error {
		rec, err := scanSourceRecord(rows)
		out[rec.ExternalID] = rec
		return err
	}, `SELECT connection_id, external_id, user_id, facts, observed_at FROM source_records WHERE connection_id = $1`, int64(id))
	if err != nil {
		return nil, fmt.Errorf("reading the source records of connection %d: %w", id, err)
	}
	return out, nil
}

// SaveSourceRecord keeps what a source now says of a user; before is what it
// said until now, nil if nothing. Equal facts are not written.
func (tx *Tx) SaveSourceRecord(ctx context.Context, before *workforce.SourceRecord, after workforce.SourceRecord) error {
	if before != nil && before.UserID == after.UserID && equal(before.Facts, after.Facts) {
		return nil
	}
	facts, err := json.Marshal(after.Facts)
	if err != nil {
		return err
	}
	var was *workforce.UserID
	part := Replacement[workforce.SourceRecord]{before, &after}
	if before != nil {
		was = &before.UserID
	}
	users, err := tx.lockOwners(ctx, was, after.UserID)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO source_records (connection_id, external_id, user_id, facts, observed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (connection_id, external_id) DO UPDATE SET user_id = excluded.user_id, facts = excluded.facts, observed_at = excluded.observed_at`,
		int64(after.ConnectionID), after.ExternalID, int64(after.UserID), string(facts), ms(after.ObservedAt))
	if err != nil {
		return fmt.Errorf("saving a source record of user %d: %w", after.UserID, err)
	}
	recordParts(tx, "user.source_updated", users, []Replacement[workforce.SourceRecord]{part},
		func(rec *workforce.SourceRecord) workforce.UserID { return rec.UserID },
		func(p *userPayload) *[]workforce.SourceRecord { return &p.Sources })
	return nil
}

// SaveIdentity keeps the state of a user's identity at a source. An identity
// without a number is new and gets one. Equal values are not written.
func (tx *Tx) SaveIdentity(ctx context.Context, before, after *workforce.Identity) error {
	if before != nil && equal(*before, *after) {
		return nil
	}
	var was *workforce.UserID
	if before != nil {
		was = &before.UserID
	}
	users, err := tx.lockOwners(ctx, was, after.UserID)
	if err != nil {
		return err
	}
	if before == nil {
		if after.ID, err = tx.nextIDs(ctx, "identities", 1); err != nil {
			return err
		}
	} else {
		after.ID = before.ID
		if _, err := tx.exec(ctx, `DELETE FROM identities WHERE id = $1`, before.ID); err != nil {
			return fmt.Errorf("updating identity %d: %w", before.ID, err)
		}
	}
	if err := tx.insert(ctx, "identities", identityColumns, [][]any{identityRow(*after)}); err != nil {
		return err
	}
	recordParts(tx, "user.identity_updated", users, []Replacement[workforce.Identity]{{before, after}},
		func(i *workforce.Identity) workforce.UserID { return i.UserID },
		func(p *userPayload) *[]workforce.Identity { return &p.Identities })
	return nil
}
