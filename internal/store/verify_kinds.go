package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// factKind says, for one subject of the change log, what its payloads say and
// what the record has, in the same terms.
type factKind struct {
	subject Subject
	// next gives the lowest number after $1 that a record has.
	next string
	// isWhole: a payload is one fact, as the record has it.
	isWhole bool
	// payload calls say for each fact of a before or an after.
	payload func(raw []byte, say func(part string, v any) error) error
	// record calls is for each fact of the records numbered first to last.
	record func(ctx context.Context, r *Reader, first, last int64, is func(id int64, part string, v any) error) error
}

// name is how a fact is called in a problem.
func (k *factKind) name(key factKey) string {
	if key.part == "" {
		return fmt.Sprintf("%s %d", k.subject, key.id)
	}
	return fmt.Sprintf("%s %d: %s", k.subject, key.id, key.part)
}

// factKinds covers every subject.
var factKinds = []factKind{
	{SubjectCompany, `SELECT MIN(id) FROM company WHERE id > $1`, true, whole[workforce.Company], companyFacts},
	{SubjectUser, `SELECT MIN(id) FROM users WHERE id > $1`, false, userSays, userFacts},
	{SubjectPersonnel, `SELECT MIN(id) FROM personnel WHERE id > $1`, false, personnelSays, personnelFacts},
	{SubjectDevice, `SELECT MIN(id) FROM devices WHERE id > $1`, true, whole[workforce.Device], deviceFacts},
	{SubjectGroup, `SELECT MIN(id) FROM groups WHERE id > $1`, true, whole[workforce.Group], listFacts(
		(*Reader).Groups, func(g workforce.Group) int64 { return int64(g.ID) },
	)},
	{SubjectWorkspace, `SELECT MIN(id) FROM workspaces WHERE id > $1`, true, whole[workforce.Workspace], listFacts(
		(*Reader).Workspaces, func(w workforce.Workspace) int64 { return int64(w.ID) },
	)},
	{SubjectConnection, `SELECT MIN(id) FROM connections WHERE id > $1`, true, whole[workforce.Connection], listFacts(
		(*Reader).Connections, func(c workforce.Connection) int64 { return int64(c.ID) },
	)},
	{SubjectInfrastructure, `SELECT MIN(id) FROM accounts WHERE kind = 'INFRASTRUCTURE' AND id > $1`, true, whole[workforce.Account], accountFacts(workforce.Infrastructure)},
	{SubjectVersionControl, `SELECT MIN(id) FROM accounts WHERE kind = 'VERSION_CONTROL' AND id > $1`, true, whole[workforce.Account], accountFacts(workforce.VersionControl)},
	{SubjectKey, `SELECT MIN(id) FROM api_keys WHERE id > $1`, true, whole[workforce.APIKey], listFacts(
		(*Reader).Keys, func(k workforce.APIKey) int64 { return int64(k.ID) },
	)},
	{SubjectPolicy, `SELECT MIN(id) FROM policies WHERE id > $1`, true, whole[workforce.Policy], listFacts(
		(*Reader).Policies, func(p workforce.Policy) int64 { return int64(p.ID) },
	)},
	{SubjectExclusion, `SELECT MIN(id) FROM exclusions WHERE id > $1`, true, whole[workforce.Exclusion], listFacts(
		(*Reader).Exclusions, func(e workforce.Exclusion) int64 { return e.ID },
	)},
	{SubjectRules, `SELECT MIN(id) FROM rules WHERE id > $1`, true, whole[workforce.Rules], rulesFacts},
	{SubjectDeviceApps, `SELECT MIN(device_id) FROM device_apps WHERE device_id > $1`, true, whole[appsPayload], appFacts},
}

// whole reads a payload that is one fact.
func whole[T any](raw []byte, say func(part string, v any) error) error {
	v, err := decode[T](raw)
	if err != nil {
		return err
	}
	return say("", v)
}

// listFacts compares records that are few and read all at once.
func listFacts[T any](list func(*Reader, context.Context) ([]T, error), id func(T) int64) func(context.Context, *Reader, int64, int64, func(int64, string, any) error) error {
	return func(ctx context.Context, r *Reader, first, last int64, is func(int64, string, any) error) error {
		all, err := list(r, ctx)
		if err != nil {
			return err
		}
		for _, v := range all {
			if n := id(v); n >= first && n <= last {
				if err := is(n, "", v); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

func companyFacts(ctx context.Context, r *Reader, _, _ int64, is func(int64, string, any) error) error {
	c, err := r.Company(ctx)
	if err != nil {
		return err
	}
	return is(1, "", c)
}

func userSays(raw []byte, say func(part string, v any) error) error {
	p, err := decode[userPayload](raw)
	if err != nil {
		return err
	}
	if err := say("", p.User); err != nil {
		return err
	}
	return p.partsSay(say)
}

// partsSay names what belongs to a user.
func (p *userPayload) partsSay(say func(part string, v any) error) error {
	for _, v := range p.BackgroundChecks {
		if err := say(fmt.Sprintf("background check %d", v.ID), v); err != nil {
			return err
		}
	}
	for _, v := range p.Identities {
		if err := say(fmt.Sprintf("identity %d", v.ID), v); err != nil {
			return err
		}
	}
	for _, v := range p.Documents {
		if err := say(fmt.Sprintf("document %d", v.ID), v); err != nil {
			return err
		}
	}
	for _, v := range p.Trainings {
		if err := say(fmt.Sprintf("training %d", v.ID), v); err != nil {
			return err
		}
	}
	for _, v := range p.Acknowledgements {
		if err := say(fmt.Sprintf("acknowledgement %d", v.ID), v); err != nil {
			return err
		}
	}
	for _, v := range p.Sources {
		// The source's own id may be a name: only its digest is shown.
		sum := sha256.Sum256([]byte(v.ExternalID))
		if err := say(fmt.Sprintf("record %x of connection %d", sum[:6], v.ConnectionID), v); err != nil {
			return err
		}
	}
	return nil
}

func userFacts(ctx context.Context, r *Reader, first, last int64, is func(int64, string, any) error) error {
	var ids []workforce.UserID
	sources := map[workforce.UserID][]workforce.SourceRecord{}
	err := r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.UserID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM users WHERE id BETWEEN $1 AND $2 ORDER BY id`, first, last)
	if err != nil {
		return err
	}
	users, err := r.userRows(ctx, ids)
	if err != nil {
		return err
	}
	err = r.each(ctx, func(rows *sql.Rows) error {
		rec, err := scanSourceRecord(rows)
		sources[rec.UserID] = append(sources[rec.UserID], rec)
		return err
	}, `SELECT connection_id, external_id, user_id, facts, observed_at FROM source_records WHERE user_id BETWEEN $1 AND $2`, first, last)
	if err != nil {
		return err
	}
	trainings, err := r.Trainings(ctx, ids)
	if err != nil {
		return err
	}
	acknowledgements, err := r.Acknowledgements(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		u := users[id]
		if err := is(int64(id), "", u.User); err != nil {
			return err
		}
		all := userPayload{
			BackgroundChecks: u.BackgroundChecks, Documents: u.Documents, Trainings: trainings[id],
			Acknowledgements: acknowledgements[id], Sources: sources[id],
		}
		for i := range u.Identities {
			all.Identities = append(all.Identities, u.Identities[i].Identity)
		}
		if err := all.partsSay(func(part string, v any) error { return is(int64(id), part, v) }); err != nil {
			return err
		}
	}
	return nil
}

func personnelSays(raw []byte, say func(part string, v any) error) error {
	p, err := decode[personnelPayload](raw)
	if err != nil {
		return err
	}
	for _, c := range p.Checks {
		if err := say("check "+string(c.Type), c); err != nil {
			return err
		}
	}
	if p.GroupIDs != nil {
		err = say("groups", p.GroupIDs)
	}
	if err != nil {
		return err
	}
	return say("", p.Personnel)
}

func personnelFacts(ctx context.Context, r *Reader, first, last int64, is func(int64, string, any) error) error {
	ids, err := r.personnelIDs(ctx, `SELECT id FROM personnel WHERE id BETWEEN $1 AND $2 ORDER BY id`, first, last)
	if err != nil {
		return err
	}
	byID, err := r.personnelByID(ctx, ids)
	if err != nil {
		return err
	}
	if err := r.checks(ctx, ids, byID); err != nil {
		return err
	}
	groups := map[workforce.PersonnelID][]workforce.GroupID{}
	err = r.each(ctx, func(rows *sql.Rows) error {
		var p workforce.PersonnelID
		var g workforce.GroupID
		err := rows.Scan(&p, &g)
		groups[p] = append(groups[p], g)
		return err
	}, `SELECT personnel_id, group_id FROM group_members WHERE personnel_id BETWEEN $1 AND $2`, first, last)
	if err != nil {
		return err
	}
	for _, id := range ids {
		rec := byID[id]
		if err := is(int64(id), "", rec.Personnel); err != nil {
			return err
		}
		for _, c := range rec.Checks {
			if err := is(int64(id), "check "+string(c.Type), c); err != nil {
				return err
			}
		}
		if err := is(int64(id), "groups", sorted(groups[id])); err != nil {
			return err
		}
	}
	return nil
}

func deviceFacts(ctx context.Context, r *Reader, first, last int64, is func(int64, string, any) error) error {
	owners, err := r.personnelIDs(ctx, `SELECT DISTINCT personnel_id FROM devices WHERE id BETWEEN $1 AND $2`, first, last)
	if err != nil {
		return err
	}
	byID := map[workforce.PersonnelID]*workforce.PersonnelRecord{}
	for _, id := range owners {
		byID[id] = &workforce.PersonnelRecord{}
	}
	if err := r.devices(ctx, owners, byID); err != nil {
		return err
	}
	slices.Sort(owners)
	for _, id := range owners {
		for _, d := range byID[id].Devices {
			if n := int64(d.ID); n >= first && n <= last {
				if err := is(n, "", d); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func accountFacts(kind workforce.AccountKind) func(context.Context, *Reader, int64, int64, func(int64, string, any) error) error {
	return func(ctx context.Context, r *Reader, first, last int64, is func(int64, string, any) error) error {
		return r.each(ctx, func(rows *sql.Rows) error {
			var a workforce.Account
			if err := scanAccount(rows, &a); err != nil {
				return err
			}
			return is(int64(a.ID), "", a)
		}, `SELECT `+accountFields+` FROM accounts a WHERE a.kind = $1 AND a.id BETWEEN $2 AND $3 ORDER BY a.id`, string(kind), first, last)
	}
}
