package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// SearchUsers gives the users of a page, by number, and how many match on all
// pages.
func (r *Reader) SearchUsers(ctx context.Context, f workforce.UserSearch) ([]workforce.UserID, int64, error) {
	q := userSearchWhere(f)
	var total int64
	if err := r.row(ctx, `SELECT COUNT(*) FROM users u`+q.text(), q.args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("counting users: %w", err)
	}
	if f.Page.Offset() >= total {
		return nil, total, nil
	}
	var ids []workforce.UserID
	where := q.text() // before there are more arguments
	err := r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.UserID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT u.id FROM users u`+where+` ORDER BY u.id LIMIT `+q.arg(f.Page.Limit)+` OFFSET `+q.arg(f.Page.Offset()), q.args...)
	if err != nil {
		return nil, 0, fmt.Errorf("searching users: %w", err)
	}
	return ids, total, nil
}

func userSearchWhere(f workforce.UserSearch) *query {
	q := &query{}
	q.contains(f.Text, "u.first_key", "u.last_key", "u.name_key", "u.email_key")
	if len(f.Roles) > 0 {
		q.and(hasRole(q, f.Roles))
	}
	if len(f.NotRoles) > 0 {
		q.and("NOT " + hasRole(q, f.NotRoles))
	}
	if len(f.IDs) > 0 {
		q.and("u.id IN (" + numbers(q, f.IDs) + ")")
	}
	if len(f.NotIDs) > 0 {
		q.and("u.id NOT IN (" + numbers(q, f.NotIDs) + ")")
	}
	return q
}

func hasRole(q *query, roles []workforce.Role) string {
	return `EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id AND r.role IN (` + texts(q, roles) + `))`
}

// numbers adds arguments and gives their placeholders, "$1, $2".
func numbers[T ~int64](q *query, values []T) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = q.arg(int64(v))
	}
	return strings.Join(out, ", ")
}
