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

var policyColumns = []string{
	"id", "name", "name_key", "description", "assigned_to", "owner_id", "archived_at", "created_at", "updated_at",
}

func policyRow(p workforce.Policy) []any {
	return []any{
		int64(p.ID), p.Name, workforce.Fold(p.Name), p.Description, string(p.AssignedTo), intOpt(p.OwnerID), msOpt(p.ArchivedAt),
		ms(p.CreatedAt), ms(p.UpdatedAt),
	}
}

var policyVersionColumns = []string{
	"id", "policy_id", "version", "description", "text", "url", "published_at", "created_at", "updated_at",
}

func policyVersionRow(id workforce.PolicyID, v workforce.PolicyVersion) []any {
	return []any{v.ID, int64(id), v.Version, v.Description, v.Text, v.URL, msOpt(v.PublishedAt), ms(v.CreatedAt), ms(v.UpdatedAt)}
}

func policyFields(p *workforce.Policy) (id *int64, created, updated *time.Time) {
	return (*int64)(&p.ID), &p.CreatedAt, &p.UpdatedAt
}

func policyVersionFields(v *workforce.PolicyVersion) (id *int64, created, updated *time.Time) {
	return &v.ID, &v.CreatedAt, &v.UpdatedAt
}

// Policies gives every policy, also those that are archived, by number, with
// their versions and groups.
func (r *Reader) Policies(ctx context.Context) ([]workforce.Policy, error) {
	return r.policies(ctx, ``, ``)
}

// Policy gives a policy with its versions and groups; the second result is
// false if there is no such policy.
func (r *Reader) Policy(ctx context.Context, id workforce.PolicyID) (workforce.Policy, bool, error) {
	found, err := r.policies(ctx, ` WHERE id = $1`, ` WHERE policy_id = $1`, int64(id))
	if err != nil || len(found) == 0 {
		return workforce.Policy{}, false, err
	}
	return found[0], true, nil
}

// LockPolicy is [Reader.Policy], and keeps other writers from changing it.
func (tx *Tx) LockPolicy(ctx context.Context, id workforce.PolicyID) (workforce.Policy, bool, error) {
	ok, err := tx.exists(ctx, `SELECT 1 FROM policies WHERE id = $1`+tx.db.dialect.forUpdate, int64(id))
	if err != nil || !ok {
		return workforce.Policy{}, false, err
	}
	return tx.Policy(ctx, id)
}

// policies reads policies and what belongs to them, each table under its own
// condition.
func (r *Reader) policies(ctx context.Context, where, whereParts string, args ...any) ([]workforce.Policy, error) {
	var out []workforce.Policy
	at := map[workforce.PolicyID]int{}
	err := r.each(ctx, func(rows *sql.Rows) error {
		var p workforce.Policy
		err := rows.Scan(&p.ID, &p.Name, &p.Description, &p.AssignedTo, &p.OwnerID, scanTimeOpt{&p.ArchivedAt},
			scanTime{&p.CreatedAt}, scanTime{&p.UpdatedAt})
		at[p.ID] = len(out)
		out = append(out, p)
		return err
	}, `SELECT id, name, description, assigned_to, owner_id, archived_at, created_at, updated_at FROM policies`+where+` ORDER BY id`, args...)
	if err != nil {
		return nil, fmt.Errorf("reading policies: %w", err)
	}
	err = r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.PolicyID
		var v workforce.PolicyVersion
		err := rows.Scan(&v.ID, &id, &v.Version, &v.Description, &v.Text, &v.URL, scanTimeOpt{&v.PublishedAt},
			scanTime{&v.CreatedAt}, scanTime{&v.UpdatedAt})
		if i, ok := at[id]; ok {
			out[i].Versions = append(out[i].Versions, v)
		}
		return err
	}, `SELECT `+strings.Join(policyVersionColumns, ", ")+` FROM policy_versions`+whereParts+` ORDER BY policy_id, version`, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the versions of policies: %w", err)
	}
	err = r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.PolicyID
		var g workforce.GroupID
		err := rows.Scan(&id, &g)
		if i, ok := at[id]; ok {
			out[i].GroupIDs = append(out[i].GroupIDs, g)
		}
		return err
	}, `SELECT policy_id, group_id FROM policy_groups`+whereParts+` ORDER BY policy_id, group_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the groups of policies: %w", err)
	}
	return out, nil
}

// SavePolicy keeps a policy with its versions and groups; before is what
// [Tx.LockPolicy] gave, nil for a new one. The policy and each version without
// a number get one, a version without a Version the next; times that are zero
// are filled in. Equal values are not written. A published version stays as it
// is: anything else is refused with [workforce.ReasonPublished], and a second
// policy of one name with [workforce.ReasonDuplicate].
func (tx *Tx) SavePolicy(ctx context.Context, before, after *workforce.Policy) error {
	c := Replacement[workforce.Policy]{before, after}
	versions := tx.tidyPolicy(c)
	if !c.settle(tx.at, policyFields) {
		return nil
	}
	if err := keepsPublished(c); err != nil {
		return err
	}
	if err := number(ctx, tx, "policies", []Replacement[workforce.Policy]{c}, policyFields); err != nil {
		return err
	}
	if err := number(ctx, tx, "policy_versions", versions, policyVersionFields); err != nil {
		return err
	}
	if err := tx.upsert(ctx, "policies", policyColumns, keyID, [][]any{policyRow(*after)}); err != nil {
		return err
	}
	if err := tx.savePolicyParts(ctx, c, versions); err != nil {
		return err
	}
	tx.record(c.kind(SubjectPolicy), SubjectPolicy, int64(after.ID), c.payload(), *after)
	return nil
}

// tidyPolicy puts lists into the order in which they are read again, and gives
// the versions that change.
func (tx *Tx) tidyPolicy(c Replacement[workforce.Policy]) []Replacement[workforce.PolicyVersion] {
	after := c.After
	after.GroupIDs = orNil(sorted(after.GroupIDs))
	after.Versions = orNil(slices.Clone(after.Versions))
	was := map[int64]*workforce.PolicyVersion{}
	var last int64
	if c.Before != nil {
		for i := range c.Before.Versions {
			v := &c.Before.Versions[i]
			was[v.ID], last = v, max(last, v.Version)
		}
	}
	for i := range after.Versions {
		last = max(last, after.Versions[i].Version)
	}
	for i := range after.Versions {
		if v := &after.Versions[i]; v.Version == 0 {
			last++
			v.Version = last
		}
	}
	slices.SortFunc(after.Versions, func(a, b workforce.PolicyVersion) int { return cmp.Compare(a.Version, b.Version) })
	var changed []Replacement[workforce.PolicyVersion]
	for i := range after.Versions {
		v := Replacement[workforce.PolicyVersion]{was[after.Versions[i].ID], &after.Versions[i]}
		if v.settle(tx.at, policyVersionFields) {
			changed = append(changed, v)
		}
	}
	return changed
}

// keepsPublished refuses a change of what people may have acknowledged.
func keepsPublished(c Replacement[workforce.Policy]) error {
	if c.Before == nil {
		return nil
	}
	for _, was := range c.Before.Versions {
		if was.PublishedAt == nil {
			continue
		}
		if !slices.ContainsFunc(c.After.Versions, func(is workforce.PolicyVersion) bool { return equal(was, is) }) {
			return workforce.Refuse(workforce.ReasonPublished,
				"version %d of policy %d is published and stays as it is: add a new version", was.Version, c.Before.ID)
		}
	}
	return nil
}

// savePolicyParts writes the versions and groups of a policy that change.
func (tx *Tx) savePolicyParts(ctx context.Context, c Replacement[workforce.Policy], versions []Replacement[workforce.PolicyVersion]) error {
	id := c.After.ID
	var groups []workforce.GroupID
	if c.Before != nil {
		var gone []int64
		for _, was := range c.Before.Versions {
			if !slices.ContainsFunc(c.After.Versions, func(is workforce.PolicyVersion) bool { return is.ID == was.ID }) {
				gone = append(gone, was.ID)
			}
		}
		if err := deleteIDs(ctx, tx, "policy_versions", "id", gone); err != nil {
			return err
		}
		groups = c.Before.GroupIDs
	}
	rows := make([][]any, len(versions))
	for i, v := range versions {
		rows[i] = policyVersionRow(id, *v.After)
	}
	if err := tx.upsert(ctx, "policy_versions", policyVersionColumns, keyID, rows); err != nil {
		return err
	}
	if slices.Equal(groups, c.After.GroupIDs) {
		return nil
	}
	if err := deleteIDs(ctx, tx, "policy_groups", "policy_id", []workforce.PolicyID{id}); err != nil {
		return err
	}
	links := make([][]any, len(c.After.GroupIDs))
	for i, g := range c.After.GroupIDs {
		links[i] = []any{int64(id), int64(g)}
	}
	return tx.insert(ctx, "policy_groups", []string{"policy_id", "group_id"}, links)
}
