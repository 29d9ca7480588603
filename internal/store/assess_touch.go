package store

import (
	"context"
	"slices"
	"strconv"

	"github.com/passmuster/passmuster/internal/workforce"
)

// touch is whose answers a change may alter that is not a fact of theirs.
type touch struct {
	where string // of personnel p; with $1 … for the arguments
	args  []any
}

// everyone is a change that may alter anybody's answers.
var everyone = touch{where: "TRUE"}

// touchesOf gives whom a change touches that is of the company as a whole.
func touchesOf(c *change) []touch {
	switch c.key.subject {
	case SubjectCompany:
		before, _ := c.before.(workforce.Company)
		after, _ := c.after.(workforce.Company)
		if before.TimeZone != after.TimeZone || before.AgentEnabled != after.AgentEnabled {
			return []touch{everyone}
		}
	case SubjectRules:
		before, _ := c.before.(workforce.Rules)
		after, _ := c.after.(workforce.Rules)
		return touchedByRules(before, after)
	case SubjectPolicy:
		var before, after *workforce.Policy
		if v, ok := c.before.(workforce.Policy); ok {
			before = &v
		}
		if v, ok := c.after.(workforce.Policy); ok {
			after = &v
		}
		return touchedByPolicy(before, after)
	case SubjectExclusion:
		var out []touch
		for _, v := range []any{c.before, c.after} {
			if e, ok := v.(workforce.Exclusion); ok && e.GroupID != nil {
				out = append(out, membersOf(*e.GroupID))
			}
		}
		return out
	case SubjectConnection:
		before, known := c.before.(workforce.Connection)
		after, _ := c.after.(workforce.Connection)
		switch {
		case !known, before.ClientType != after.ClientType, (before.DeletedAt == nil) != (after.DeletedAt == nil):
			return []touch{everyone}
		case before.Connected() != after.Connected():
			id := int64(after.ID)
			return []touch{
				{`EXISTS (SELECT 1 FROM identities i WHERE i.user_id = p.user_id AND i.connection_id = $1)`, []any{id}},
				{`EXISTS (SELECT 1 FROM accounts a WHERE a.user_id = p.user_id AND a.connection_id = $1)`, []any{id}},
			}
		}
	default: // of one person, or of nobody
	}
	return nil
}

func membersOf(group workforce.GroupID) touch {
	return touch{`EXISTS (SELECT 1 FROM group_members m WHERE m.personnel_id = p.id AND m.group_id = $1)`, []any{int64(group)}}
}

// touchedByRules compares rules. What says to whom a check applies, or for how
// long, concerns those of whom it is asked before or after.
func touchedByRules(before, after workforce.Rules) []touch {
	if before.ScreenLockSeconds != after.ScreenLockSeconds || before.ReportingDays != after.ReportingDays {
		return []touch{everyone}
	}
	var statuses []workforce.EmploymentStatus
	for i := range after.Checks {
		was, is := before.Of(after.Checks[i].Type), &after.Checks[i]
		switch {
		case was == nil, was.Frequency != is.Frequency, !slices.Equal(was.Sources, is.Sources):
			return []touch{everyone} // also those of whom it is not asked have a result, and devices
		case equal(*was, *is):
		case is.Type == workforce.CheckOffboarding:
			return []touch{everyone} // whose accounts count depends on it
		default:
			statuses = append(append(statuses, was.Statuses...), is.Statuses...)
		}
	}
	if len(statuses) == 0 {
		return nil
	}
	list, args := textList(1, sorted(statuses))
	return []touch{{`p.employment_status IN (` + list + `)`, args}}
}

// touchedByPolicy compares a policy: only what is published has to be
// acknowledged.
func touchedByPolicy(before, after *workforce.Policy) []touch {
	if before == nil || after == nil || (before.ArchivedAt == nil) != (after.ArchivedAt == nil) {
		return []touch{everyone} // whether there is any policy concerns all
	}
	same := before.AssignedTo == after.AssignedTo && slices.Equal(before.GroupIDs, after.GroupIDs) &&
		equal(before.Current(), after.Current())
	if same {
		return nil
	}
	var out []touch
	for _, p := range []*workforce.Policy{before, after} {
		switch p.AssignedTo {
		case workforce.AssignedToAll:
			return []touch{everyone}
		case workforce.AssignedToGroups:
			for _, g := range p.GroupIDs {
				out = append(out, membersOf(g))
			}
		case workforce.AssignedToNone:
		}
	}
	return out
}

// assessAtOnce is how many people a change of the company may touch to be
// assessed in its own transaction. More are marked, and assessed right after.
const assessAtOnce = assessSpan

// markTouched has everyone assessed whom the transaction's changes of the
// company as a whole touch: at once, or as soon as somebody calls
// [DB.AssessDue].
func (tx *Tx) markTouched(ctx context.Context) error {
	var touches []touch
	for _, c := range tx.changes {
		if !c.touched {
			c.touched = true
			touches = append(touches, touchesOf(c)...)
		}
	}
	if len(touches) == 0 {
		return nil
	}
	for _, t := range touches {
		if t.where == everyone.where {
			touches = []touch{everyone}
			break
		}
	}
	for _, t := range touches {
		if err := tx.mark(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) mark(ctx context.Context, t touch) error {
	limit := placeholder(len(t.args) + 1)
	ids, err := tx.personnelIDs(ctx, `SELECT p.id FROM personnel p WHERE `+t.where+` ORDER BY p.id LIMIT `+limit,
		append(slices.Clone(t.args), assessAtOnce+1)...)
	if err != nil {
		return err
	}
	if len(ids) <= assessAtOnce {
		tx.Reassess(ids...)
		return nil
	}
	now := placeholder(len(t.args) + 1)
	where := t.where
	if where == everyone.where {
		where = ""
	} else {
		where = ` AND personnel_id IN (SELECT p.id FROM personnel p WHERE ` + where + `)`
	}
	tx.marked = true
	_, err = tx.exec(ctx, `UPDATE assessments SET due_at = `+now+` WHERE (due_at IS NULL OR due_at > `+now+`)`+where,
		append(slices.Clone(t.args), ms(tx.at))...)
	return err
}

// Due is told when people were marked for [DB.AssessDue] by this program.
func (db *DB) Due() <-chan struct{} { return db.due }

func (db *DB) tellDue() {
	select {
	case db.due <- struct{}{}:
	default: // it was told already
	}
}

func placeholder(n int) string { return "$" + strconv.Itoa(n) }

// TouchedByRules gives the numbers, after a number and in order, of the people
// whom a change of the rules touches.
func (r *Reader) TouchedByRules(ctx context.Context, before, after workforce.Rules, last workforce.PersonnelID, limit int) ([]workforce.PersonnelID, error) {
	for _, t := range touchedByRules(before, after) { // there is one at the most
		n := len(t.args)
		return r.personnelIDs(ctx, `SELECT p.id FROM personnel p WHERE `+t.where+` AND p.id > `+placeholder(n+1)+
			` ORDER BY p.id LIMIT `+placeholder(n+2), append(slices.Clone(t.args), int64(last), limit)...)
	}
	return nil, nil
}

// MarkEveryone has everyone assessed anew by [DB.AssessDue].
func (tx *Tx) MarkEveryone(ctx context.Context) error {
	tx.marked = true
	_, err := tx.exec(ctx, `UPDATE assessments SET due_at = $1`, ms(tx.at))
	return err
}
