package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Parts are records without what belongs to other records: each of the methods
// below reads its own kind's facts alone. Numbers that are nobody's are left
// out, the order of the result is not said, and a number that is given twice
// comes once. How many statements are run does not depend on how many numbers
// there are, up to 1,024. Who has no pack is read from the tables.

// PersonnelParts gives personnel records with their pins, checks and devices;
// User and ReasonProvider are nil.
func (r *Reader) PersonnelParts(ctx context.Context, ids []workforce.PersonnelID) ([]workforce.PersonnelRecord, error) {
	byID, err := r.personnelParts(ctx, ids)
	return values(byID), err
}

// UserParts gives users with their roles, background checks, documents and
// identities, each with a nil Connection; Personnel is nil.
func (r *Reader) UserParts(ctx context.Context, ids []workforce.UserID) ([]workforce.UserRecord, error) {
	byID, err := r.userParts(ctx, ids)
	return values(byID), err
}

// BareUsers gives users with their roles, as stubs (Stub is true).
func (r *Reader) BareUsers(ctx context.Context, ids []workforce.UserID) ([]workforce.UserRecord, error) {
	byID, err := r.userParts(ctx, ids)
	out := make([]workforce.UserRecord, 0, len(byID))
	for _, u := range byID {
		out = append(out, workforce.UserRecord{User: u.User, Stub: true})
	}
	return out, err
}

// ConnectionParts gives connections with their workspaces; User is nil.
func (r *Reader) ConnectionParts(ctx context.Context, ids []workforce.ConnectionID) ([]workforce.ConnectionRecord, error) {
	g := newGraph()
	if err := r.addConnections(ctx, g, ids); err != nil {
		return nil, err
	}
	out := make([]workforce.ConnectionRecord, 0, len(g.connections))
	for _, c := range g.connections {
		out = append(out, g.bareConnection(c))
	}
	return out, nil
}

// AccountParts gives accounts of a kind; User, Designator and Connection are
// nil.
func (r *Reader) AccountParts(ctx context.Context, kind workforce.AccountKind, ids []workforce.AccountID) ([]workforce.AccountRecord, error) {
	byID, err := r.accountsByID(ctx, kind, ids)
	return values(byID), err
}

// PersonnelIDsOf gives the numbers of the users' personnel records.
func (r *Reader) PersonnelIDsOf(ctx context.Context, users []workforce.UserID) (map[workforce.UserID]workforce.PersonnelID, error) {
	out := make(map[workforce.UserID]workforce.PersonnelID, len(users))
	err := inChunks(users, func(users []workforce.UserID) error {
		list, args := inList(1, users)
		return r.eachKept(ctx, func(rows *sql.Rows) error {
			var user workforce.UserID
			var id workforce.PersonnelID
			err := rows.Scan(&user, &id)
			out[user] = id
			return err
		}, `SELECT user_id, id FROM personnel WHERE user_id IN (`+list+`)`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("finding the personnel records of users: %w", err)
	}
	return out, nil
}

// Position is the number of the newest change that the snapshot holds; 0 in an
// empty log.
func (r *Reader) Position(ctx context.Context) (int64, error) {
	var seq int64
	err := r.eachKept(ctx, func(rows *sql.Rows) error { return rows.Scan(&seq) }, `SELECT seq FROM log_head WHERE id = 1`)
	if err != nil {
		return 0, fmt.Errorf("reading the log's head: %w", err)
	}
	return seq, nil
}

// values gives what the pointers of a map point to.
func values[K comparable, V any](of map[K]*V) []V {
	out := make([]V, 0, len(of))
	for _, v := range of {
		out = append(out, *v)
	}
	return out
}

// personnelParts reads personnel records from their packs, or else from the
// tables.
func (r *Reader) personnelParts(ctx context.Context, ids []workforce.PersonnelID) (map[workforce.PersonnelID]*workforce.PersonnelRecord, error) {
	byID, err := readPacks(ctx, r, "personnel_id", "personnel_body", ids, unpackPersonnel)
	if err != nil {
		return nil, fmt.Errorf("reading packs of personnel: %w", err)
	}
	return withRest(ctx, byID, ids, r.personnelRows)
}

// userParts reads users with what belongs to them from their packs, or else
// from the tables.
func (r *Reader) userParts(ctx context.Context, ids []workforce.UserID) (map[workforce.UserID]*workforce.UserRecord, error) {
	byID, err := readPacks(ctx, r, "user_id", "user_body", ids, unpackUser)
	if err != nil {
		return nil, fmt.Errorf("reading packs of users: %w", err)
	}
	return withRest(ctx, byID, ids, r.userRows)
}

// readPacks reads what has a pack. A transaction that writes reads none: its
// own changes are not in them yet, unless it is known that there are none.
func readPacks[K ~int64, V any](
	ctx context.Context, r *Reader, key, body string, ids []K, unpack func(string, *V) (bool, error),
) (map[K]*V, error) {
	byID := make(map[K]*V, len(ids))
	if r.writes && !r.packsAgree {
		return byID, nil
	}
	err := inChunks(ids, func(ids []K) error {
		list, args := inList(1, ids)
		return r.eachKept(ctx, func(rows *sql.Rows) error {
			var id K
			var raw sql.RawBytes
			if err := rows.Scan(&id, &raw); err != nil {
				return err
			}
			rec := new(V)
			ok, err := unpack(string(raw), rec)
			if ok {
				byID[id] = rec
			}
			if err != nil {
				return fmt.Errorf("%s %d: %w", key, id, err)
			}
			return nil
		}, `SELECT `+key+`, `+body+` FROM packs WHERE `+key+` IN (`+list+`)`, args...)
	})
	return byID, err
}

// withRest adds the records that are missing.
func withRest[K ~int64, V any](
	ctx context.Context, byID map[K]*V, ids []K, read func(context.Context, []K) (map[K]*V, error),
) (map[K]*V, error) {
	var missing []K
	for _, id := range ids {
		if _, ok := byID[id]; !ok {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return byID, nil
	}
	rest, err := read(ctx, missing)
	maps.Copy(byID, rest)
	return byID, err
}
