package store

import (
	"context"
	"fmt"
)

// CountUsers is how many users there are.
func (r *Reader) CountUsers(ctx context.Context) (int64, error) {
	var n int64
	if err := r.row(ctx, `SELECT COUNT(*) FROM users`).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting users: %w", err)
	}
	return n, nil
}
