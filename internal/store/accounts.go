package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/passmuster/passmuster/internal/workforce"
)

var accountColumns = []string{
	"kind", "id", "connection_id", "identity_id", "identity_key", "username", "username_key", "email", "email_key", "has_mfa", "user_id",
	"connected_at", "disconnected_at", "service_account_at", "service_account_reason", "service_account_by_user_id",
	"admin_access_at", "db_access_at", "write_access_at", "push_prod_access_at", "link_method", "link_reason", "last_checked_at",
	"removed_at", "created_at", "updated_at",
}

func accountRow(a workforce.Account) []any {
	return []any{
		string(a.Kind), int64(a.ID), int64(a.ConnectionID), a.IdentityID, workforce.Fold(a.IdentityID), a.Username, keyOpt(a.Username),
		a.Email, keyOpt(a.Email), bitOpt(a.HasMFA), intOpt(a.UserID), msOpt(a.ConnectedAt), msOpt(a.DisconnectedAt),
		msOpt(a.ServiceAccountAt), a.ServiceAccountReason, intOpt(a.ServiceAccountByUserID), msOpt(a.AdminAccessAt),
		msOpt(a.DBAccessAt), msOpt(a.WriteAccessAt), msOpt(a.PushProdAccessAt), textOpt(a.LinkMethod), a.LinkReason,
		msOpt(a.LastCheckedAt), msOpt(a.RemovedAt), ms(a.CreatedAt), ms(a.UpdatedAt),
	}
}

const accountFields = `a.kind, a.id, a.connection_id, a.identity_id, a.username, a.email, a.has_mfa, a.user_id,
	a.connected_at, a.disconnected_at, a.service_account_at, a.service_account_reason, a.service_account_by_user_id,
	a.admin_access_at, a.db_access_at, a.write_access_at, a.push_prod_access_at, a.link_method, a.link_reason, a.last_checked_at,
	a.removed_at, a.created_at, a.updated_at`

func scanAccount(rows interface{ Scan(...any) error }, a *workforce.Account) error {
	return rows.Scan(&a.Kind, &a.ID, &a.ConnectionID, &a.IdentityID, &a.Username, &a.Email, &a.HasMFA, &a.UserID,
		scanTimeOpt{&a.ConnectedAt}, scanTimeOpt{&a.DisconnectedAt}, scanTimeOpt{&a.ServiceAccountAt}, &a.ServiceAccountReason,
		&a.ServiceAccountByUserID, scanTimeOpt{&a.AdminAccessAt}, scanTimeOpt{&a.DBAccessAt}, scanTimeOpt{&a.WriteAccessAt},
		scanTimeOpt{&a.PushProdAccessAt}, &a.LinkMethod, &a.LinkReason, scanTimeOpt{&a.LastCheckedAt},
		scanTimeOpt{&a.RemovedAt}, scanTime{&a.CreatedAt}, scanTime{&a.UpdatedAt})
}

// CreateAccounts adds accounts and fills in the numbers that it gives.
func (tx *Tx) CreateAccounts(ctx context.Context, accounts []workforce.Account) error {
	counts := map[workforce.AccountKind]int{}
	for _, a := range accounts {
		counts[a.Kind]++
	}
	next := map[workforce.AccountKind]int64{}
	for _, kind := range workforce.AllAccountKinds {
		if counts[kind] > 0 {
			first, err := tx.nextIDs(ctx, string(accountSubject(kind)), counts[kind])
			if err != nil {
				return err
			}
			next[kind] = first
		}
	}
	rows := make([][]any, len(accounts))
	for i := range accounts {
		a := &accounts[i]
		a.ID = workforce.AccountID(next[a.Kind])
		next[a.Kind]++
		rows[i] = accountRow(*a)
		tx.recordAccount("account.created", nil, a)
	}
	wait := tx.sealAhead()
	defer wait()
	return tx.insert(ctx, "accounts", accountColumns, rows)
}

// recordAccount notes a change of an account. The payload holds the data of
// everybody who is linked to it before or after.
func (tx *Tx) recordAccount(kind string, before, after *workforce.Account) {
	var people []workforce.UserID
	var b any
	for _, a := range []*workforce.Account{before, after} {
		if a != nil && a.UserID != nil {
			people = append(people, *a.UserID)
		}
	}
	if before != nil {
		b = *before
	}
	tx.record(kind, accountSubject(after.Kind), int64(after.ID), b, *after, people...)
}

// LockAccount gives an account and keeps other writers from changing it; the
// second result is false if there is no such account.
func (tx *Tx) LockAccount(ctx context.Context, kind workforce.AccountKind, id workforce.AccountID) (workforce.Account, bool, error) {
	var a workforce.Account
	err := scanAccount(tx.row(ctx, `SELECT `+accountFields+` FROM accounts a WHERE a.kind = $1 AND a.id = $2`+tx.db.dialect.forUpdate,
		string(kind), int64(id)), &a)
	if none(err) {
		return a, false, nil
	}
	if err != nil {
		return a, false, fmt.Errorf("reading account %s %d: %w", kind, id, err)
	}
	return a, true, nil
}

// UpdateAccount replaces an account that [Tx.LockAccount] gave. Equal values
// are not written.
func (tx *Tx) UpdateAccount(ctx context.Context, before, after workforce.Account, kind string) error {
	if equal(before, after) {
		return nil
	}
	row := accountRow(after)
	_, err := tx.exec(ctx, `UPDATE accounts SET connection_id = $1, identity_id = $2, identity_key = $3, username = $4, username_key = $5,
		email = $6, email_key = $7, has_mfa = $8, user_id = $9, connected_at = $10, disconnected_at = $11, service_account_at = $12,
		service_account_reason = $13, service_account_by_user_id = $14, admin_access_at = $15, db_access_at = $16, write_access_at = $17,
		push_prod_access_at = $18, link_method = $19, link_reason = $20, last_checked_at = $21, removed_at = $22, created_at = $23,
		updated_at = $24 WHERE kind = $25 AND id = $26`, append(row[2:], row[0], row[1])...)
	if err != nil {
		return fmt.Errorf("updating account %s %d: %w", after.Kind, after.ID, tx.duplicateFault("accounts", err))
	}
	tx.recordAccount(kind, &before, &after)
	return nil
}

// AccountsOf gives every account of a connection, by the system's own id.
func (r *Reader) AccountsOf(ctx context.Context, id workforce.ConnectionID) (map[string]workforce.Account, error) {
	out := map[string]workforce.Account{}
	err := r.each(ctx, func(rows *sql.Rows) error {
		var a workforce.Account
		err := scanAccount(rows, &a)
		out[a.IdentityID] = a
		return err
	}, `SELECT `+accountFields+` FROM accounts a WHERE a.connection_id = $1`, int64(id))
	if err != nil {
		return nil, fmt.Errorf("reading the accounts of connection %d: %w", id, err)
	}
	return out, nil
}

// AccountIDsOf gives the numbers of a user's accounts of a kind, in order.
func (r *Reader) AccountIDsOf(ctx context.Context, kind workforce.AccountKind, user workforce.UserID) ([]workforce.AccountID, error) {
	var out []workforce.AccountID
	err := r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.AccountID
		err := rows.Scan(&id)
		out = append(out, id)
		return err
	}, `SELECT id FROM accounts WHERE user_id = $1 AND kind = $2 ORDER BY id`, int64(user), string(kind))
	if err != nil {
		return nil, fmt.Errorf("listing the accounts of user %d: %w", user, err)
	}
	return out, nil
}

// LinkedAccounts gives the accounts that are linked to users, by kind and
// number.
func (r *Reader) LinkedAccounts(ctx context.Context, users []workforce.UserID) (map[workforce.UserID][]workforce.Account, error) {
	out := map[workforce.UserID][]workforce.Account{}
	err := inChunks(distinct(users), func(users []workforce.UserID) error {
		list, args := inList(1, users)
		return r.each(ctx, func(rows *sql.Rows) error {
			var a workforce.Account
			err := scanAccount(rows, &a)
			out[*a.UserID] = append(out[*a.UserID], a)
			return err
		}, `SELECT `+accountFields+` FROM accounts a WHERE a.user_id IN (`+list+`) ORDER BY a.kind, a.id`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the accounts of users: %w", err)
	}
	return out, nil
}
