package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/passmuster/passmuster/internal/workforce"
)

// listedChunk is how many people or accounts are handed over at a time, so
// that a large company is never held twice.
const listedChunk = 4096

// LoadListed reads every record that lists are answered from and hands them to
// add in pieces, never two at a time. It gives a position of the log: a record
// is as it was there, or newer. So whoever follows the log from there on misses
// nothing.
func (db *DB) LoadListed(ctx context.Context, add func(workforce.Listed) error) (int64, error) {
	// Before the snapshots begin: what comes later is followed.
	pos, err := db.Head(ctx)
	if err != nil {
		return 0, err
	}
	pieces := make(chan workforce.Listed, 2)
	g, ctx := errgroup.WithContext(ctx)
	send := func(l workforce.Listed) error {
		select {
		case pieces <- l:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var readers errgroup.Group
	readers.Go(func() error { return db.Read(ctx, func(r *Reader) error { return r.listPeople(ctx, send) }) })
	readers.Go(func() error {
		return db.Read(ctx, func(r *Reader) error {
			l, err := r.listShared(ctx)
			if err == nil {
				err = send(l)
			}
			if err != nil {
				return err
			}
			return r.listAccounts(ctx, send)
		})
	})
	g.Go(func() error {
		defer close(pieces)
		return readers.Wait()
	})
	g.Go(func() error {
		for l := range pieces {
			if err := add(l); err != nil {
				return err
			}
		}
		return nil
	})
	return pos, g.Wait()
}

// listPeople hands over all people, by number.
func (r *Reader) listPeople(ctx context.Context, send func(workforce.Listed) error) error {
	for after := workforce.UserID(0); ; {
		people, err := r.listedPeople(ctx, `WHERE u.id > $1 ORDER BY u.id LIMIT $2`, int64(after), listedChunk)
		if err != nil || len(people) == 0 {
			return err
		}
		after = people[len(people)-1].UserID
		if err := send(workforce.Listed{People: people}); err != nil {
			return err
		}
	}
}

// listAccounts hands over all accounts, by kind and number.
func (r *Reader) listAccounts(ctx context.Context, send func(workforce.Listed) error) error {
	for _, kind := range workforce.AllAccountKinds {
		for after := workforce.AccountID(0); ; {
			accounts, err := r.listedAccounts(ctx, `WHERE kind = $1 AND id > $2 ORDER BY id LIMIT $3`, string(kind), int64(after), listedChunk)
			if err != nil {
				return err
			}
			if len(accounts) == 0 {
				break
			}
			after = accounts[len(accounts)-1].ID
			if err := send(workforce.Listed{Accounts: accounts}); err != nil {
				return err
			}
		}
	}
	return nil
}

// listShared gives all connections and groups, which are few.
func (r *Reader) listShared(ctx context.Context) (workforce.Listed, error) {
	var l workforce.Listed
	err := r.each(ctx, func(rows *sql.Rows) error {
		var c workforce.ListedConnection
		err := rows.Scan(&c.ID, &c.ClientType, &c.State, &c.ClientIDKey, &c.ClientAliasKey)
		l.Connections = append(l.Connections, c)
		return err
	}, `SELECT id, client_type, state, COALESCE(client_id_key, ''), COALESCE(client_alias_key, '') FROM connections ORDER BY id`)
	if err == nil {
		err = r.each(ctx, func(rows *sql.Rows) error {
			var id workforce.GroupID
			err := rows.Scan(&id)
			l.GroupIDs = append(l.GroupIDs, id)
			return err
		}, `SELECT id FROM groups ORDER BY id`)
	}
	if err != nil {
		return l, fmt.Errorf("listing connections and groups: %w", err)
	}
	return l, nil
}

// ListedOf gives the records that a delta names as they are in this snapshot.
// Each says that it changed at the latest position at which the delta names it.
func (r *Reader) ListedOf(ctx context.Context, d Delta) (workforce.Listed, error) {
	users := map[workforce.UserID]int64{}
	accounts := map[workforce.AccountKind]map[workforce.AccountID]int64{workforce.Infrastructure: {}, workforce.VersionControl: {}}
	shared := false
	for _, t := range d.Touched {
		switch t.Subject {
		case SubjectUser, SubjectPersonnel:
			users[t.User] = t.Seq
		case SubjectInfrastructure:
			accounts[workforce.Infrastructure][workforce.AccountID(t.ID)] = t.Seq
		case SubjectVersionControl:
			accounts[workforce.VersionControl][workforce.AccountID(t.ID)] = t.Seq
		case SubjectConnection, SubjectGroup:
			shared = true
		default: // it is in no list
		}
	}
	var l workforce.Listed
	var err error
	if shared {
		if l, err = r.listShared(ctx); err != nil {
			return l, err
		}
	}
	err = inChunks(keys(users), func(ids []workforce.UserID) error {
		list, args := inList(1, ids)
		people, err := r.listedPeople(ctx, `WHERE u.id IN (`+list+`)`, args...)
		for i := range people {
			people[i].ChangedAt = users[people[i].UserID]
		}
		l.People = append(l.People, people...)
		return err
	})
	for kind, at := range accounts {
		if err != nil {
			break
		}
		err = inChunks(keys(at), func(ids []workforce.AccountID) error {
			list, args := inList(2, ids)
			found, err := r.listedAccounts(ctx, `WHERE kind = $1 AND id IN (`+list+`)`, append([]any{string(kind)}, args...)...)
			for i := range found {
				found[i].ChangedAt = at[found[i].ID]
			}
			l.Accounts = append(l.Accounts, found...)
			return err
		})
	}
	return l, err
}

func keys[K comparable, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

const listedUserFields = `u.id, COALESCE(u.first_key, ''), COALESCE(u.last_key, ''), COALESCE(u.name_key, ''), u.email_key,
	u.created_at, u.updated_at, COALESCE(p.id, 0), COALESCE(p.employment_status, ''), COALESCE(p.start_date, ''),
	COALESCE(p.separation_date, ''), COALESCE(p.created_at, 0)`

// listedPeople reads users with their personnel records and what belongs to
// those.
func (r *Reader) listedPeople(ctx context.Context, where string, args ...any) ([]workforce.ListedPerson, error) {
	var out []workforce.ListedPerson
	at := map[workforce.PersonnelID]int{}
	var ids []workforce.PersonnelID
	err := r.each(ctx, func(rows *sql.Rows) error {
		p := workforce.ListedPerson{Devices: workforce.ListedDevices{AppsCount: -1}}
		err := rows.Scan(&p.UserID, &p.FirstKey, &p.LastKey, &p.NameKey, &p.EmailKey, &p.CreatedAt, &p.UpdatedAt,
			&p.PersonnelID, &p.Status, &p.StartDate, &p.SeparationDate, &p.HiredAt)
		if p.PersonnelID != 0 {
			at[p.PersonnelID] = len(out)
			ids = append(ids, p.PersonnelID)
		}
		out = append(out, p)
		return err
	}, `SELECT `+listedUserFields+` FROM users u LEFT JOIN personnel p ON p.user_id = u.id `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("listing people: %w", err)
	}
	others := &workforce.ListedPerson{} // what a range has of people who were not asked for
	err = inRanges(ids, func(are string, args []any) error {
		return r.listedParts(ctx, are, args, func(id workforce.PersonnelID) *workforce.ListedPerson {
			if i, ok := at[id]; ok {
				return &out[i]
			}
			return others
		})
	})
	if err != nil {
		return nil, fmt.Errorf("listing people: %w", err)
	}
	return out, nil
}

// inRanges calls f with a condition that holds for the ids, as in "BETWEEN $1
// AND $2": one for all of them where they lie close together, as when everybody
// is read, because a list of a thousand takes long to prepare.
func inRanges[T ~int64](ids []T, f func(are string, args []any) error) error {
	if len(ids) == 0 {
		return nil
	}
	first, last := slices.Min(ids), slices.Max(ids)
	if int64(last-first) < 2*int64(len(ids)) {
		return f("BETWEEN $1 AND $2", []any{int64(first), int64(last)})
	}
	return inChunks(ids, func(ids []T) error {
		list, args := inList(1, ids)
		return f("IN ("+list+")", args)
	})
}

// listedChecks is an expression that packs the statuses of a person's checks as
// [workforce.CheckStatuses] has them. The database adds them up, because a row
// for each would be most of what a start reads.
var listedChecks = func() string {
	var status, place strings.Builder
	for _, s := range workforce.AllCheckStatuses {
		fmt.Fprintf(&status, " WHEN '%s' THEN %d", s, workforce.CheckStatuses(0).With(workforce.AllCheckTypes[0], s))
	}
	for i, t := range workforce.AllCheckTypes {
		fmt.Fprintf(&place, " WHEN '%s' THEN %d", t, int64(1)<<(3*i))
	}
	return `CAST(SUM((CASE status` + status.String() + ` END) * (CASE type` + place.String() + ` END)) AS BIGINT)`
}()

// listedParts adds what belongs to the personnel records.
func (r *Reader) listedParts(ctx context.Context, are string, args []any, person func(workforce.PersonnelID) *workforce.ListedPerson) error {
	err := r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.PersonnelID
		var checks int64
		err := rows.Scan(&id, &checks)
		person(id).Checks = workforce.CheckStatuses(checks)
		return err
	}, `SELECT personnel_id, `+listedChecks+` FROM checks WHERE personnel_id `+are+` GROUP BY personnel_id`, args...)
	if err != nil {
		return err
	}
	err = r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.PersonnelID
		var g workforce.GroupID
		err := rows.Scan(&id, &g)
		p := person(id)
		p.GroupIDs = append(p.GroupIDs, g)
		return err
	}, `SELECT personnel_id, group_id FROM group_members WHERE personnel_id `+are+` ORDER BY personnel_id, group_id`, args...)
	if err != nil {
		return err
	}
	// Seen last first, so that the first of a person is the one that counts.
	seen := map[workforce.PersonnelID]bool{}
	return r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.PersonnelID
		var source workforce.DeviceSource
		var os, serial string
		var apps *int64
		var failing bool
		if err := rows.Scan(&id, &source, &os, &serial, &apps, &failing); err != nil {
			return err
		}
		d := &person(id).Devices
		if !seen[id] {
			seen[id] = true
			d.OSVersionKey, d.SerialNumberKey = os, serial
		}
		d.Active++
		if failing {
			d.Failing++
		}
		d.Sources = d.Sources.With(source)
		if apps != nil {
			d.AppsCount = max(d.AppsCount, 0) + *apps
		}
		return nil
	}, `SELECT d.personnel_id, d.source_type, COALESCE(d.os_version_key, ''), COALESCE(d.serial_number_key, ''), d.apps_count,
			EXISTS (SELECT 1 FROM device_checks x WHERE x.device_id = d.id AND x.status = '`+string(workforce.CheckFail)+`')
		FROM devices d WHERE d.deleted_at IS NULL AND d.personnel_id `+are+`
		ORDER BY d.personnel_id, d.last_checked_at IS NULL, d.last_checked_at DESC, d.id DESC`, args...)
}

const listedAccountFields = `kind, id, connection_id, COALESCE(user_id, 0), identity_key, COALESCE(username_key, ''), COALESCE(email_key, ''), has_mfa,
	connected_at, disconnected_at, service_account_at, admin_access_at, db_access_at, write_access_at, push_prod_access_at, created_at`

func (r *Reader) listedAccounts(ctx context.Context, where string, args ...any) ([]workforce.ListedAccount, error) {
	var out []workforce.ListedAccount
	err := r.each(ctx, func(rows *sql.Rows) error {
		var a workforce.ListedAccount
		err := rows.Scan(&a.Kind, &a.ID, &a.ConnectionID, &a.UserID, &a.IdentityKey, &a.UsernameKey, &a.EmailKey, &a.HasMFA,
			scanListed{&a.ConnectedAt}, scanListed{&a.DisconnectedAt}, scanListed{&a.ServiceAccountAt}, scanListed{&a.AdminAccessAt},
			scanListed{&a.DBAccessAt}, scanListed{&a.WriteAccessAt}, scanListed{&a.PushProdAccessAt}, &a.CreatedAt)
		out = append(out, a)
		return err
	}, `SELECT `+listedAccountFields+` FROM accounts `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("listing accounts: %w", err)
	}
	return out, nil
}

// scanListed reads an optional instant of a listed record.
type scanListed struct{ at *int64 }

// Scan implements sql.Scanner.
func (s scanListed) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s.at = workforce.NoTime
	case int64:
		*s.at = v
	default:
		return fmt.Errorf("time is stored as %T", src)
	}
	return nil
}

// LatestChanges gives the position of the latest change of each person and of
// each account, as far as they have one.
func (r *Reader) LatestChanges(ctx context.Context) (map[workforce.UserID]int64, map[workforce.AccountKind]map[workforce.AccountID]int64, error) {
	people := map[workforce.UserID]int64{}
	accounts := map[workforce.AccountKind]map[workforce.AccountID]int64{workforce.Infrastructure: {}, workforce.VersionControl: {}}
	note := func(id, seq int64) { people[workforce.UserID(id)] = max(people[workforce.UserID(id)], seq) }
	for _, q := range []struct {
		text string
		note func(id, seq int64)
	}{
		{`SELECT c.subject_id, MAX(c.seq) FROM changes c WHERE c.subject = '` + string(SubjectUser) + `' GROUP BY c.subject_id`, note},
		{`SELECT p.user_id, MAX(c.seq) FROM changes c JOIN personnel p ON p.id = c.subject_id
			WHERE c.subject = '` + string(SubjectPersonnel) + `' GROUP BY p.user_id`, note},
		{`SELECT p.user_id, MAX(c.seq) FROM changes c JOIN devices d ON d.id = c.subject_id JOIN personnel p ON p.id = d.personnel_id
			WHERE c.subject = '` + string(SubjectDevice) + `' GROUP BY p.user_id`, note},
		{`SELECT subject_id, MAX(seq) FROM changes WHERE subject = '` + string(SubjectInfrastructure) + `' GROUP BY subject_id`, func(id, seq int64) {
			accounts[workforce.Infrastructure][workforce.AccountID(id)] = seq
		}},
		{`SELECT subject_id, MAX(seq) FROM changes WHERE subject = '` + string(SubjectVersionControl) + `' GROUP BY subject_id`, func(id, seq int64) {
			accounts[workforce.VersionControl][workforce.AccountID(id)] = seq
		}},
	} {
		err := r.each(ctx, func(rows *sql.Rows) error {
			var id, seq int64
			err := rows.Scan(&id, &seq)
			q.note(id, seq)
			return err
		}, q.text)
		if err != nil {
			return nil, nil, fmt.Errorf("reading the latest changes: %w", err)
		}
	}
	return people, accounts, nil
}
