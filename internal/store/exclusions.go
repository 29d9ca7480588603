package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

var exclusionColumns = []string{
	"id", "personnel_id", "group_id", "checks", "reason", "starts_at", "ends_at", "actor", "created_at", "updated_at",
}

const exclusionFields = `e.id, e.personnel_id, e.group_id, e.checks, e.reason, e.starts_at, e.ends_at, e.actor, e.created_at, e.updated_at`

func exclusionRow(e workforce.Exclusion) []any {
	checks := make([]string, len(e.Checks))
	for i, t := range e.Checks {
		checks[i] = string(t)
	}
	return []any{
		e.ID, intOpt(e.PersonnelID), intOpt(e.GroupID), strings.Join(checks, " "), e.Reason, ms(e.StartsAt), msOpt(e.EndsAt), e.Actor,
		ms(e.CreatedAt), ms(e.UpdatedAt),
	}
}

// scanExclusion reads an exclusion, after what is selected before its fields.
func scanExclusion(rows interface{ Scan(...any) error }, e *workforce.Exclusion, before ...any) error {
	var checks string
	err := rows.Scan(append(before, &e.ID, &e.PersonnelID, &e.GroupID, &checks, &e.Reason, scanTime{&e.StartsAt},
		scanTimeOpt{&e.EndsAt}, &e.Actor, scanTime{&e.CreatedAt}, scanTime{&e.UpdatedAt})...)
	for t := range strings.FieldsSeq(checks) {
		e.Checks = append(e.Checks, workforce.CheckType(t))
	}
	return err
}

// Exclusions gives every exclusion, also those that are over, by number.
func (r *Reader) Exclusions(ctx context.Context) ([]workforce.Exclusion, error) {
	var out []workforce.Exclusion
	err := r.each(ctx, func(rows *sql.Rows) error {
		var e workforce.Exclusion
		err := scanExclusion(rows, &e)
		out = append(out, e)
		return err
	}, `SELECT `+exclusionFields+` FROM exclusions e ORDER BY e.id`)
	if err != nil {
		return nil, fmt.Errorf("reading exclusions: %w", err)
	}
	return out, nil
}

// Exclusion gives an exclusion; the second result is false if there is no such
// exclusion.
func (r *Reader) Exclusion(ctx context.Context, id int64) (workforce.Exclusion, bool, error) {
	var e workforce.Exclusion
	err := scanExclusion(r.row(ctx, `SELECT `+exclusionFields+` FROM exclusions e WHERE e.id = $1`, id), &e)
	if none(err) {
		return e, false, nil
	}
	if err != nil {
		return e, false, fmt.Errorf("reading exclusion %d: %w", id, err)
	}
	return e, true, nil
}

// ExclusionsOf gives the exclusions of people and of the groups that they are
// in, whenever they are in force, by number.
func (r *Reader) ExclusionsOf(ctx context.Context, ids []workforce.PersonnelID) (map[workforce.PersonnelID][]workforce.Exclusion, error) {
	out := map[workforce.PersonnelID][]workforce.Exclusion{}
	err := inChunks(distinct(ids), func(ids []workforce.PersonnelID) error {
		list, args := inList(1, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			var id workforce.PersonnelID
			var e workforce.Exclusion
			err := scanExclusion(rows, &e, &id)
			out[id] = append(out[id], e)
			return err
		}, `SELECT e.personnel_id, `+exclusionFields+` FROM exclusions e WHERE e.personnel_id IN (`+list+`) UNION ALL
			SELECT m.personnel_id, `+exclusionFields+` FROM group_members m JOIN exclusions e ON e.group_id = m.group_id
			WHERE m.personnel_id IN (`+list+`)`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the exclusions of people: %w", err)
	}
	for _, of := range out {
		slices.SortFunc(of, func(a, b workforce.Exclusion) int { return cmp.Compare(a.ID, b.ID) })
	}
	return out, nil
}

// LockExclusion gives an exclusion and keeps other writers from changing it and
// the personnel record that it names; the second result is false if there is no
// such exclusion.
func (tx *Tx) LockExclusion(ctx context.Context, id int64) (workforce.Exclusion, bool, error) {
	for {
		e, ok, err := tx.Exclusion(ctx, id)
		if err != nil || !ok {
			return e, ok, err
		}
		if e.PersonnelID != nil {
			if _, err := tx.lockPersonnel(ctx, []workforce.PersonnelID{*e.PersonnelID}); err != nil {
				return e, false, err
			}
		}
		if _, err := tx.exists(ctx, `SELECT 1 FROM exclusions WHERE id = $1`+tx.db.dialect.forUpdate, id); err != nil {
			return e, false, fmt.Errorf("locking exclusion %d: %w", id, err)
		}
		now, ok, err := tx.Exclusion(ctx, id)
		if err != nil || !ok || workforce.Same(now.PersonnelID, e.PersonnelID) {
			return now, ok, err
		}
	}
}

// SaveExclusion keeps an exclusion; before is what [Tx.LockExclusion] gave, nil
// for a new one, which gets its number. Times that are zero and an actor that
// is empty are filled in. Equal values are not written.
func (tx *Tx) SaveExclusion(ctx context.Context, before, after *workforce.Exclusion) error {
	if (after.PersonnelID == nil) == (after.GroupID == nil) {
		return fmt.Errorf("saving an exclusion: it is of a person or of a group")
	}
	after.Checks = sortedChecks(after.Checks)
	if after.Actor == "" {
		after.Actor = tx.Actor()
	}
	c := Replacement[workforce.Exclusion]{before, after}
	if !c.settle(tx.at, exclusionFieldsOf) {
		return nil
	}
	var of []workforce.PersonnelID
	for _, e := range []*workforce.Exclusion{before, after} {
		if e != nil && e.PersonnelID != nil {
			of = append(of, *e.PersonnelID)
		}
	}
	people, err := tx.lockPersonnel(ctx, of)
	if err != nil {
		return err
	}
	if err := number(ctx, tx, "exclusions", []Replacement[workforce.Exclusion]{c}, exclusionFieldsOf); err != nil {
		return err
	}
	if err := tx.upsert(ctx, "exclusions", exclusionColumns, keyID, [][]any{exclusionRow(*after)}); err != nil {
		return err
	}
	tx.record(c.kind(SubjectExclusion), SubjectExclusion, after.ID, c.payload(), *after, usersOf(people)...)
	return nil
}

func exclusionFieldsOf(e *workforce.Exclusion) (id *int64, created, updated *time.Time) {
	return &e.ID, &e.CreatedAt, &e.UpdatedAt
}

// sortedChecks gives the checks in the order of workforce.AllCheckTypes, each
// once.
func sortedChecks(checks []workforce.CheckType) []workforce.CheckType {
	checks = slices.Clone(checks)
	slices.SortFunc(checks, func(a, b workforce.CheckType) int {
		return slices.Index(workforce.AllCheckTypes, a) - slices.Index(workforce.AllCheckTypes, b)
	})
	return slices.Compact(checks)
}
