package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

var groupColumns = []string{"id", "name", "name_key", "created_at", "updated_at"}

func groupRow(g workforce.Group) []any {
	return []any{int64(g.ID), g.Name, workforce.Fold(g.Name), ms(g.CreatedAt), ms(g.UpdatedAt)}
}

func groupFields(g *workforce.Group) (id *int64, created, updated *time.Time) {
	return (*int64)(&g.ID), &g.CreatedAt, &g.UpdatedAt
}

// CreateGroups adds groups and fills in the numbers that it gives.
func (tx *Tx) CreateGroups(ctx context.Context, groups []workforce.Group) error {
	if len(groups) == 0 {
		return nil
	}
	first, err := tx.nextIDs(ctx, "groups", len(groups))
	if err != nil {
		return err
	}
	var rows [][]any
	for i := range groups {
		g := &groups[i]
		g.ID = workforce.GroupID(first + int64(i))
		rows = append(rows, groupRow(*g))
		tx.record("group.created", SubjectGroup, int64(g.ID), nil, *g)
	}
	return tx.insert(ctx, "groups", groupColumns, rows)
}

// SaveGroup keeps a group; before is what [Tx.LockGroup] gave, nil for a new
// one, which gets its number. Times that are zero are filled in. Equal values
// are not written. A second group of one name is refused with
// [workforce.ReasonDuplicate].
func (tx *Tx) SaveGroup(ctx context.Context, before, after *workforce.Group) error {
	c := Replacement[workforce.Group]{before, after}
	if !c.settle(tx.at, groupFields) {
		return nil
	}
	if err := number(ctx, tx, "groups", []Replacement[workforce.Group]{c}, groupFields); err != nil {
		return err
	}
	if err := tx.upsert(ctx, "groups", groupColumns, keyID, [][]any{groupRow(*after)}); err != nil {
		return err
	}
	tx.record(c.kind(SubjectGroup), SubjectGroup, int64(after.ID), c.payload(), *after)
	return nil
}

// LockGroup gives a group and keeps other writers from changing it; the second
// result is false if there is no such group.
func (tx *Tx) LockGroup(ctx context.Context, id workforce.GroupID) (workforce.Group, bool, error) {
	found, err := tx.groups(ctx, `WHERE id = $1`+tx.db.dialect.forUpdate, int64(id))
	if err != nil || len(found) == 0 {
		return workforce.Group{}, false, err
	}
	return found[0], true, nil
}

// DeleteGroup removes a group, and everybody from it. While a policy, an
// exclusion or a rule names it, it is refused with [workforce.ReasonInUse]. A
// group that is gone already is no error.
func (tx *Tx) DeleteGroup(ctx context.Context, g workforce.Group) error {
	rules, err := tx.LockRules(ctx)
	if err != nil {
		return err
	}
	for _, rule := range rules.Checks {
		if slices.Contains(rule.GroupIDs, g.ID) {
			return workforce.Refuse(workforce.ReasonInUse, "the rule of %s names group %d: take it out of the rule first", rule.Type, g.ID)
		}
	}
	// People before their groups, as who sets a person's groups locks them; who
	// became a member meanwhile is found once the group is locked.
	if err := tx.removeMembers(ctx, g.ID); err != nil {
		return err
	}
	g, ok, err := tx.LockGroup(ctx, g.ID)
	if err != nil || !ok {
		return err
	}
	if err := tx.removeMembers(ctx, g.ID); err != nil {
		return err
	}
	for _, by := range []struct{ what, query string }{
		{"policy", `SELECT MIN(policy_id) FROM policy_groups WHERE group_id = $1`},
		{"exclusion", `SELECT MIN(id) FROM exclusions WHERE group_id = $1`},
	} {
		var id *int64
		if err := tx.row(ctx, by.query, int64(g.ID)).Scan(&id); err != nil {
			return fmt.Errorf("looking for each %s of group %d: %w", by.what, g.ID, err)
		}
		if id != nil {
			return workforce.Refuse(workforce.ReasonInUse, "%s %d names group %d, which therefore stays", by.what, *id, g.ID)
		}
	}
	if err := deleteIDs(ctx, tx, "groups", "id", []workforce.GroupID{g.ID}); err != nil {
		return err
	}
	tx.record("group.deleted", SubjectGroup, int64(g.ID), g, nil)
	return nil
}

// removeMembers takes everybody out of a group.
func (tx *Tx) removeMembers(ctx context.Context, id workforce.GroupID) error {
	members, err := tx.personnelIDs(ctx, `SELECT personnel_id FROM group_members WHERE group_id = $1 ORDER BY personnel_id`, int64(id))
	if err != nil {
		return err
	}
	return tx.SetMembers(ctx, id, nil, members)
}

// Groups gives every group, by number.
func (r *Reader) Groups(ctx context.Context) ([]workforce.Group, error) {
	return r.groups(ctx, `ORDER BY id`)
}

func (r *Reader) groups(ctx context.Context, where string, args ...any) ([]workforce.Group, error) {
	var out []workforce.Group
	err := r.each(ctx, func(rows *sql.Rows) error {
		var g workforce.Group
		err := rows.Scan(&g.ID, &g.Name, scanTime{&g.CreatedAt}, scanTime{&g.UpdatedAt})
		out = append(out, g)
		return err
	}, `SELECT id, name, created_at, updated_at FROM groups `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("reading groups: %w", err)
	}
	return out, nil
}

// GroupMembers gives up to limit of the people in a group, after a number, in
// order.
func (r *Reader) GroupMembers(ctx context.Context, id workforce.GroupID, after workforce.PersonnelID, limit int) ([]workforce.PersonnelID, error) {
	return r.personnelIDs(ctx, `SELECT personnel_id FROM group_members WHERE group_id = $1 AND personnel_id > $2
		ORDER BY personnel_id LIMIT $3`, int64(id), int64(after), limit)
}

// GroupsOf gives the numbers of the groups that people are in, in order.
func (r *Reader) GroupsOf(ctx context.Context, ids []workforce.PersonnelID) (map[workforce.PersonnelID][]workforce.GroupID, error) {
	out := map[workforce.PersonnelID][]workforce.GroupID{}
	err := inChunks(distinct(ids), func(ids []workforce.PersonnelID) error {
		list, args := inList(1, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			var id workforce.PersonnelID
			var g workforce.GroupID
			err := rows.Scan(&id, &g)
			out[id] = append(out[id], g)
			return err
		}, `SELECT personnel_id, group_id FROM group_members WHERE personnel_id IN (`+list+`) ORDER BY personnel_id, group_id`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the groups of people: %w", err)
	}
	return out, nil
}

// GroupIDsOf gives the numbers of the groups that a person is in.
func (r *Reader) GroupIDsOf(ctx context.Context, id workforce.PersonnelID) ([]workforce.GroupID, error) {
	var out []workforce.GroupID
	err := r.each(ctx, func(rows *sql.Rows) error {
		var g workforce.GroupID
		err := rows.Scan(&g)
		out = append(out, g)
		return err
	}, `SELECT group_id FROM group_members WHERE personnel_id = $1 ORDER BY group_id`, int64(id))
	if err != nil {
		return nil, fmt.Errorf("reading the groups of personnel %d: %w", id, err)
	}
	return out, nil
}

// SetGroups makes a person a member of exactly the groups given. Equal
// memberships are not written.
func (tx *Tx) SetGroups(ctx context.Context, id workforce.PersonnelID, user workforce.UserID, groups []workforce.GroupID) error {
	p, ok, err := tx.LockPersonnel(ctx, id)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("setting the groups of personnel %d: there is no such record", id)
	}
	groups = sorted(groups)
	before, err := tx.GroupIDsOf(ctx, id)
	if err != nil || slices.Equal(before, groups) {
		return err
	}
	if _, err := tx.exec(ctx, `DELETE FROM group_members WHERE personnel_id = $1`, int64(id)); err != nil {
		return fmt.Errorf("updating the groups of personnel %d: %w", id, err)
	}
	var rows [][]any
	for _, g := range groups {
		rows = append(rows, []any{int64(g), int64(id)})
	}
	if err := tx.insert(ctx, "group_members", []string{"group_id", "personnel_id"}, rows); err != nil {
		return err
	}
	tx.recordGroups(p, user, sorted(before), groups)
	return nil
}

// SetMembers puts people into a group and takes others out of it, with a few
// statements for some hundreds; who is in both lists is taken out. Who is in the
// group already, or not, is not written.
func (tx *Tx) SetMembers(ctx context.Context, id workforce.GroupID, add, remove []workforce.PersonnelID) error {
	remove = sorted(remove)
	add = slices.DeleteFunc(sorted(add), func(p workforce.PersonnelID) bool {
		_, out := slices.BinarySearch(remove, p)
		return out
	})
	people, err := tx.lockPersonnel(ctx, slices.Concat(add, remove))
	if err != nil {
		return err
	}
	was, err := tx.GroupsOf(ctx, slices.Collect(maps.Keys(people)))
	if err != nil {
		return err
	}
	isIn := func(p workforce.PersonnelID) bool { return slices.Contains(was[p], id) }
	add = slices.DeleteFunc(add, isIn)
	remove = slices.DeleteFunc(remove, func(p workforce.PersonnelID) bool { return !isIn(p) })
	err = inChunks(remove, func(ids []workforce.PersonnelID) error {
		list, args := inList(2, ids)
		_, err := tx.exec(ctx, `DELETE FROM group_members WHERE group_id = $1 AND personnel_id IN (`+list+`)`, append([]any{int64(id)}, args...)...)
		return err
	})
	if err != nil {
		return fmt.Errorf("taking people out of group %d: %w", id, err)
	}
	rows := make([][]any, len(add))
	for i, p := range add {
		rows[i] = []any{int64(id), int64(p)}
	}
	if err := tx.insert(ctx, "group_members", []string{"group_id", "personnel_id"}, rows); err != nil {
		return err
	}
	for _, p := range add {
		tx.recordGroups(people[p], 0, sorted(was[p]), sorted(append(was[p], id)))
	}
	for _, p := range remove {
		after := slices.DeleteFunc(sorted(was[p]), func(g workforce.GroupID) bool { return g == id })
		tx.recordGroups(people[p], 0, sorted(was[p]), after)
	}
	return nil
}

// recordGroups notes memberships in the person's row of the log.
func (tx *Tx) recordGroups(p workforce.Personnel, user workforce.UserID, before, after []workforce.GroupID) {
	b, a := personnelPayload{Personnel: p, GroupIDs: before}, personnelPayload{Personnel: p, GroupIDs: after}
	if c, ok := tx.byKey[subjectKey{SubjectPersonnel, int64(p.ID)}]; ok {
		if first, ok := c.before.(personnelPayload); ok && first.GroupIDs == nil {
			first.GroupIDs = before
			c.before = first
		}
		if latest, ok := c.after.(personnelPayload); ok {
			a.Checks = latest.Checks
		}
	}
	tx.record("personnel.groups_set", SubjectPersonnel, int64(p.ID), b, a, p.UserID, user)
}
