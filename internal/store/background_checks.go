package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

var backgroundCheckPart = userPart[workforce.BackgroundCheck]{
	name: "background_check", table: "background_checks", columns: backgroundCheckColumns, row: backgroundCheckRow,
	fields: func(b *workforce.BackgroundCheck) (id *int64, created, updated *time.Time) {
		return &b.ID, &b.CreatedAt, &b.UpdatedAt
	},
	owner: func(b *workforce.BackgroundCheck) workforce.UserID { return b.UserID },
	of:    func(p *userPayload) *[]workforce.BackgroundCheck { return &p.BackgroundChecks },
}

// BackgroundChecks gives the background checks of users, by number.
func (r *Reader) BackgroundChecks(ctx context.Context, users []workforce.UserID) (map[workforce.UserID][]workforce.BackgroundCheck, error) {
	out := map[workforce.UserID][]workforce.BackgroundCheck{}
	err := inChunks(distinct(users), func(users []workforce.UserID) error {
		list, args := inList(1, users)
		return r.each(ctx, func(rows *sql.Rows) error {
			var b workforce.BackgroundCheck
			err := scanBackgroundCheck(rows, &b)
			out[b.UserID] = append(out[b.UserID], b)
			return err
		}, `SELECT `+strings.Join(backgroundCheckColumns, ", ")+` FROM background_checks WHERE user_id IN (`+list+`) ORDER BY id`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading background checks: %w", err)
	}
	return out, nil
}

// SaveBackgroundCheck keeps a background check; before is what was read after
// [Tx.LockUser], nil for a new one, which gets its number. Times that are zero
// are filled in. Equal values are not written.
func (tx *Tx) SaveBackgroundCheck(ctx context.Context, before, after *workforce.BackgroundCheck) error {
	return tx.SaveBackgroundChecks(ctx, []BackgroundCheckChange{{before, after}})
}

// SaveBackgroundChecks is [Tx.SaveBackgroundCheck] for many, with a few
// statements for some hundreds. No check may come twice.
func (tx *Tx) SaveBackgroundChecks(ctx context.Context, changes []BackgroundCheckChange) error {
	return backgroundCheckPart.save(ctx, tx, changes)
}
