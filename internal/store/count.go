package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/passmuster/passmuster/internal/workforce"
)

// CountUsers is how many users there are.
func (r *Reader) CountUsers(ctx context.Context) (int64, error) {
	var n int64
	if err := r.row(ctx, `SELECT COUNT(*) FROM users`).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting users: %w", err)
	}
	return n, nil
}

// CountMembers is how many people are in each group; one without any is left
// out.
func (r *Reader) CountMembers(ctx context.Context) (map[workforce.GroupID]int64, error) {
	out := map[workforce.GroupID]int64{}
	err := r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.GroupID
		var n int64
		err := rows.Scan(&id, &n)
		out[id] = n
		return err
	}, `SELECT group_id, COUNT(*) FROM group_members GROUP BY group_id`)
	if err != nil {
		return nil, fmt.Errorf("counting the members of groups: %w", err)
	}
	return out, nil
}
