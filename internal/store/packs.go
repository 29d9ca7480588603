package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

var packColumns = []string{"personnel_id", "user_id", "personnel_body", "user_body"}

// pack is a row of packs.
type pack struct {
	personnel               workforce.PersonnelID
	user                    workforce.UserID
	personnelBody, userBody []byte
}

// packRow packs a new person, whose records have their numbers.
func packRow(p *workforce.NewPerson) []any {
	personnel := workforce.PersonnelRecord{Personnel: p.Personnel, Checks: p.Checks, Devices: p.Devices}
	user := workforce.UserRecord{User: p.User, BackgroundChecks: p.BackgroundChecks, Documents: p.Documents}
	for _, i := range p.Identities {
		user.Identities = append(user.Identities, workforce.IdentityRecord{Identity: i})
	}
	return []any{int64(p.Personnel.ID), int64(p.User.ID), packPersonnel(&personnel), packUser(&user)}
}

// stale is whose packs a transaction has to renew before it commits.
type stale struct {
	personnel map[workforce.PersonnelID]bool // personnel_body
	owners    map[workforce.UserID]bool      // personnel_body of these users
	users     map[workforce.UserID]bool      // user_body
}

func newStale() stale {
	return stale{map[workforce.PersonnelID]bool{}, map[workforce.UserID]bool{}, map[workforce.UserID]bool{}}
}

// note takes down that a subject, which holds the data of people, was changed.
func (s stale) note(key subjectKey, people []workforce.UserID) {
	switch key.subject {
	case SubjectUser:
		s.users[workforce.UserID(key.id)] = true
	case SubjectPersonnel:
		s.personnel[workforce.PersonnelID(key.id)] = true
	case SubjectDevice:
		for _, id := range people {
			s.owners[id] = true
		}
	default: // packs have nothing of it
	}
}

// forget takes down that the packs of a person have just been written.
func (s stale) forget(p *workforce.NewPerson) {
	delete(s.users, p.User.ID)
	delete(s.owners, p.User.ID)
	delete(s.personnel, p.Personnel.ID)
}

// renewPacks packs anew whom the transaction has changed. Who has no pack gets
// none: their rows are read. The packs are locked before the rows are read, so
// that of two writers who change the same person at once the second packs what
// the first has written.
func (tx *Tx) renewPacks(ctx context.Context) error {
	s := tx.stale
	if len(s.personnel)+len(s.owners)+len(s.users) == 0 {
		return nil
	}
	packs, err := tx.lockPacks(ctx)
	if err != nil {
		return fmt.Errorf("locking packs: %w", err)
	}
	var personnel []workforce.PersonnelID
	var users []workforce.UserID
	for _, p := range packs {
		if tx.assessed[p.personnel] != nil {
			continue // they were read for the assessment
		}
		if s.personnel[p.personnel] || s.owners[p.user] {
			personnel = append(personnel, p.personnel)
		}
		if s.users[p.user] {
			users = append(users, p.user)
		}
	}
	records, err := tx.personnelRows(ctx, personnel)
	if err != nil {
		return err
	}
	people, err := tx.userRows(ctx, users)
	if err != nil {
		return err
	}
	for _, p := range packs {
		now := p
		rec, user := records[p.personnel], people[p.user]
		if known := tx.assessed[p.personnel]; known != nil {
			rec = known.record
			if s.users[p.user] {
				user = known.user
			}
		}
		if rec != nil {
			now.user, now.personnelBody = rec.UserID, packPersonnel(rec)
		}
		if user != nil {
			now.userBody = packUser(user)
		}
		if equal(p, now) {
			continue // what was changed is not in a pack
		}
		if _, err := tx.exec(ctx, `UPDATE packs SET user_id = $1, personnel_body = $2, user_body = $3 WHERE personnel_id = $4`,
			int64(now.user), now.personnelBody, now.userBody, int64(p.personnel)); err != nil {
			return fmt.Errorf("packing personnel %d: %w", p.personnel, err)
		}
	}
	return nil
}

// lockPacks locks the packs of whom the transaction has changed, in the order
// of their numbers, so that two writers cannot wait for each other.
func (tx *Tx) lockPacks(ctx context.Context) ([]pack, error) {
	ids := maps.Clone(tx.stale.personnel)
	users := slices.AppendSeq(slices.Collect(maps.Keys(tx.stale.users)), maps.Keys(tx.stale.owners))
	err := inChunks(sorted(users), func(users []workforce.UserID) error {
		list, args := inList(1, users)
		return tx.each(ctx, func(rows *sql.Rows) error {
			var id workforce.PersonnelID
			err := rows.Scan(&id)
			ids[id] = true
			return err
		}, `SELECT personnel_id FROM packs WHERE user_id IN (`+list+`)`, args...)
	})
	if err != nil {
		return nil, err
	}
	var packs []pack
	err = inChunks(slices.Sorted(maps.Keys(ids)), func(ids []workforce.PersonnelID) error {
		list, args := inList(1, ids)
		found, err := tx.packs(ctx, `WHERE personnel_id IN (`+list+`) ORDER BY personnel_id`+tx.db.dialect.forUpdate, args...)
		packs = append(packs, found...)
		return err
	})
	return packs, err
}

func (r *Reader) packs(ctx context.Context, where string, args ...any) ([]pack, error) {
	var out []pack
	err := r.each(ctx, func(rows *sql.Rows) error {
		var p pack
		err := rows.Scan(&p.personnel, &p.user, &p.personnelBody, &p.userBody)
		out = append(out, p)
		return err
	}, `SELECT personnel_id, user_id, personnel_body, user_body FROM packs `+where, args...)
	return out, err
}

// verifyPacks compares every pack with what the tables say. No pack is as good
// as a right one.
func (r *Reader) verifyPacks(ctx context.Context, v *Verification) error {
	for last := int64(math.MinInt64); ; {
		packs, err := r.packs(ctx, `WHERE personnel_id > $1 ORDER BY personnel_id LIMIT $2`, last, span)
		if err == nil {
			err = r.comparePacks(ctx, v, packs)
		}
		if err != nil {
			return fmt.Errorf("verifying packs: %w", err)
		}
		if len(packs) == 0 {
			return nil
		}
		last = int64(packs[len(packs)-1].personnel)
	}
}

func (r *Reader) comparePacks(ctx context.Context, v *Verification, packs []pack) error {
	ids, users := make([]workforce.PersonnelID, len(packs)), make([]workforce.UserID, len(packs))
	for i, p := range packs {
		ids[i], users[i] = p.personnel, p.user
	}
	personnelOf, err := r.personnelRows(ctx, ids)
	if err != nil {
		return err
	}
	userOf, err := r.userRows(ctx, users)
	if err != nil {
		return err
	}
	for _, p := range packs {
		rec, user := personnelOf[p.personnel], userOf[p.user]
		if rec == nil || user == nil || rec.UserID != p.user ||
			!packed(p.personnelBody, packPersonnel(rec)) || !packed(p.userBody, packUser(user)) {
			v.problem("the pack of personnel %d differs from the record", p.personnel)
		}
	}
	return nil
}

// packed tells whether a pack is what it must be, or of another version, which
// nobody reads.
func packed(is, want []byte) bool {
	return len(is) > 0 && is[0] != packVersion || bytes.Equal(is, want)
}
