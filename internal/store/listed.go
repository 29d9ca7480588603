package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

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
		people, err := r.listedUsers(ctx, len(ids), `WHERE u.id IN (`+list+`)`, args...)
		if err == nil {
			err = r.addParts(ctx, people, nil)
		}
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
			found, err := r.listedAccounts(ctx, kind, len(ids), `WHERE kind = $1 AND id IN (`+list+`)`, args...)
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

// listedUsers reads users with their personnel records, without what belongs to
// those. It makes room for so many.
func (r *Reader) listedUsers(ctx context.Context, room int, where string, args ...any) ([]workforce.ListedPerson, error) {
	out := make([]workforce.ListedPerson, 0, room)
	err := r.each(ctx, func(rows *sql.Rows) error {
		var row string
		err := rows.Scan(&row)
		if err != nil {
			return err
		}
		p, err := listedUser(row)
		out = append(out, p)
		return err
	}, `SELECT `+listedUserRow+` FROM users u LEFT JOIN personnel p ON p.user_id = u.id `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("listing people: %w", err)
	}
	return out, nil
}

// addParts adds what belongs to the personnel records of the people. failing is
// every failing device; nil: those of these people are asked for.
func (r *Reader) addParts(ctx context.Context, people []workforce.ListedPerson, failing []workforce.DeviceID) error {
	at := make(map[workforce.PersonnelID]*workforce.ListedPerson, len(people))
	ids := make([]workforce.PersonnelID, 0, len(people))
	for i := range people {
		if id := people[i].PersonnelID; id != 0 {
			at[id] = &people[i]
			ids = append(ids, id)
		}
	}
	others := &workforce.ListedPerson{} // what a range has of people who were not asked for
	err := inRanges(ids, func(are string, args []any) error {
		return r.listedParts(ctx, are, args, failing, func(id workforce.PersonnelID) *workforce.ListedPerson {
			if p, ok := at[id]; ok {
				return p
			}
			return others
		})
	})
	if err != nil {
		return fmt.Errorf("listing people: %w", err)
	}
	return nil
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

// checkCodes is what each check with each status adds to a person's, by how the
// database writes them.
var checkCodes = func() map[string]workforce.CheckStatuses {
	codes := map[string]workforce.CheckStatuses{}
	for _, t := range workforce.AllCheckTypes {
		for _, s := range workforce.AllCheckStatuses {
			codes[string(t)+"="+string(s)] = workforce.CheckStatuses(0).With(t, s)
		}
	}
	return codes
}()

// listedChecks reads checks as the database joins them: a row for each would be
// most of what a start reads.
func listedChecks(joined string) (workforce.CheckStatuses, error) {
	var all workforce.CheckStatuses
	for one := range strings.SplitSeq(joined, ",") {
		code, ok := checkCodes[one]
		if !ok {
			return 0, fmt.Errorf("%q is neither a check nor its status", one)
		}
		all |= code
	}
	return all, nil
}

// listedParts adds what belongs to the personnel records.
func (r *Reader) listedParts(
	ctx context.Context, are string, args []any, failing []workforce.DeviceID, person func(workforce.PersonnelID) *workforce.ListedPerson,
) error {
	err := r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.PersonnelID
		var checks string
		err := rows.Scan(&id, &checks)
		if err == nil {
			person(id).Checks, err = listedChecks(checks)
		}
		return err
	}, `SELECT personnel_id, string_agg(type || '=' || status, ',') FROM checks WHERE personnel_id `+are+` GROUP BY personnel_id`, args...)
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
	return r.listedDevices(ctx, are, args, failing, person)
}

// listedDevices adds what is told of the active devices of the people. all is
// every failing device; nil: they are asked for.
func (r *Reader) listedDevices(
	ctx context.Context, are string, args []any, all []workforce.DeviceID, person func(workforce.PersonnelID) *workforce.ListedPerson,
) error {
	// Seen last first, so that the first of a person is the one that counts.
	owners := map[workforce.DeviceID]*workforce.ListedPerson{}
	var ids []workforce.DeviceID
	err := r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.DeviceID
		var owner workforce.PersonnelID
		var source workforce.DeviceSource
		var os, serial string
		var apps *int64
		if err := rows.Scan(&id, &owner, &source, &os, &serial, &apps); err != nil {
			return err
		}
		p := person(owner)
		owners[id], ids = p, append(ids, id)
		d := &p.Devices
		if d.Active++; d.Active == 1 {
			d.OSVersionKey, d.SerialNumberKey = os, serial
		}
		d.Sources = d.Sources.With(source)
		if apps != nil {
			d.AppsCount = max(d.AppsCount, 0) + *apps
		}
		return nil
	}, `SELECT id, personnel_id, source_type, COALESCE(os_version_key, ''), COALESCE(serial_number_key, ''), apps_count
		FROM devices WHERE deleted_at IS NULL AND personnel_id `+are+`
		ORDER BY personnel_id, last_checked_at IS NULL, last_checked_at DESC, id DESC`, args...)
	if err != nil {
		return err
	}
	failing := all
	if failing == nil {
		if failing, err = r.failingAmong(ctx, ids); err != nil {
			return err
		}
	}
	for id, p := range owners {
		if _, fails := slices.BinarySearch(failing, id); fails {
			p.Devices.Failing++
		}
	}
	return nil
}

// failingAmong gives those of the devices that fail a check, and perhaps others.
func (r *Reader) failingAmong(ctx context.Context, ids []workforce.DeviceID) ([]workforce.DeviceID, error) {
	var all []workforce.DeviceID
	err := inRanges(ids, func(are string, args []any) error {
		some, err := r.failingDevices(ctx, `AND device_id `+are, args...)
		all = append(all, some...)
		return err
	})
	slices.Sort(all)
	return all, err
}

// failingDevices gives the devices that fail a check, sorted, each once. All at
// once are had much quicker than by asking for some again and again.
func (r *Reader) failingDevices(ctx context.Context, where string, args ...any) ([]workforce.DeviceID, error) {
	all := []workforce.DeviceID{}
	err := r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.DeviceID
		err := rows.Scan(&id)
		if n := len(all); n == 0 || all[n-1] != id {
			all = append(all, id)
		}
		return err
	}, `SELECT device_id FROM device_checks WHERE status = '`+string(workforce.CheckFail)+`' `+where, args...)
	slices.Sort(all)
	return slices.Compact(all), err
}

// listedAccounts reads accounts of a kind, which is the first parameter of the
// condition. It makes room for so many.
func (r *Reader) listedAccounts(
	ctx context.Context, kind workforce.AccountKind, room int, where string, args ...any,
) ([]workforce.ListedAccount, error) {
	out := make([]workforce.ListedAccount, 0, room)
	err := r.each(ctx, func(rows *sql.Rows) error {
		var row string
		err := rows.Scan(&row)
		if err != nil {
			return err
		}
		a, err := listedAccount(kind, row)
		out = append(out, a)
		return err
	}, `SELECT `+listedAccountRow+` FROM accounts `+where, append([]any{string(kind)}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("listing accounts: %w", err)
	}
	return out, nil
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
