package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// userPayload is what the change log keeps of a user: the user with what
// belongs to them. On an update only what changed beside the user is given; a
// part that is in before and not in after belongs to them no more.
type userPayload struct {
	workforce.User
	BackgroundChecks []workforce.BackgroundCheck `json:"backgroundChecks,omitempty"`
	Identities       []workforce.Identity        `json:"identities,omitempty"`
	Documents        []workforce.Document        `json:"documents,omitempty"`
	Trainings        []workforce.Training        `json:"trainings,omitempty"`
	Acknowledgements []workforce.Acknowledgement `json:"acknowledgements,omitempty"`
	Sources          []workforce.SourceRecord    `json:"sources,omitempty"`
}

// userPart says how one kind of what belongs to users is kept.
type userPart[T any] struct {
	name    string // in the log, for example "training"
	table   string
	columns []string
	row     func(T) []any
	fields  keptFields[T]
	owner   func(*T) workforce.UserID
	of      func(*userPayload) *[]T
}

// save keeps parts of users, many with one statement. Equal values are not
// written.
func (k *userPart[T]) save(ctx context.Context, tx *Tx, changes []Replacement[T]) error {
	var changed []Replacement[T]
	var owners []workforce.UserID
	for _, c := range changes {
		if c.settle(tx.at, k.fields) {
			changed, owners = append(changed, c), append(owners, k.owners(c)...)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	users, err := tx.lockUsers(ctx, owners)
	if err != nil {
		return err
	}
	return k.write(ctx, tx, users, changed, "user."+k.name+"_updated")
}

// owners gives who has a part and who had it.
func (k *userPart[T]) owners(c Replacement[T]) []workforce.UserID {
	out := []workforce.UserID{k.owner(c.After)}
	if c.Before != nil {
		out = append(out, k.owner(c.Before))
	}
	return out
}

// write writes parts that change, of users who are locked.
func (k *userPart[T]) write(ctx context.Context, tx *Tx, users map[workforce.UserID]workforce.User, changes []Replacement[T], kind string) error {
	if err := number(ctx, tx, k.table, changes, k.fields); err != nil {
		return err
	}
	rows := make([][]any, len(changes))
	for i, c := range changes {
		rows[i] = k.row(*c.After)
	}
	if err := tx.upsert(ctx, k.table, k.columns, keyID, rows); err != nil {
		return err
	}
	recordParts(tx, kind, users, changes, k.owner, k.of)
	return nil
}

// remove deletes a part, if it is still there.
func (k *userPart[T]) remove(ctx context.Context, tx *Tx, part T) error {
	owner := k.owner(&part)
	users, err := tx.lockUsers(ctx, []workforce.UserID{owner})
	if err != nil {
		return err
	}
	id, _, _ := k.fields(&part)
	res, err := tx.exec(ctx, `DELETE FROM `+k.table+` WHERE id = $1 AND user_id = $2`, *id, int64(owner))
	if err != nil {
		return fmt.Errorf("deleting %s %d: %w", k.name, *id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	recordParts(tx, "user."+k.name+"_deleted", users, []Replacement[T]{{Before: &part}}, k.owner, k.of)
	return nil
}

// recordParts notes changes of what belongs to users, those of each user at
// once. A part that moved from one user to another is a change of both; one
// without an After was deleted.
func recordParts[T any](
	tx *Tx, kind string, users map[workforce.UserID]workforce.User, changes []Replacement[T],
	owner func(*T) workforce.UserID, of func(*userPayload) *[]T,
) {
	type sides struct{ was, is userPayload }
	by := make(map[workforce.UserID]*sides, len(users))
	side := func(part *T) *sides {
		id := owner(part)
		if by[id] == nil {
			by[id] = &sides{userPayload{User: users[id]}, userPayload{User: users[id]}}
		}
		return by[id]
	}
	for _, c := range changes {
		if c.Before != nil {
			into := of(&side(c.Before).was)
			*into = append(*into, *c.Before)
		}
		if c.After != nil {
			into := of(&side(c.After).is)
			*into = append(*into, *c.After)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		tx.recordBeside(kind, id, by[id].was, by[id].is)
	}
}

// recordBeside notes a change of a user or of what belongs to them. Within a
// transaction the parts of one user gather in one row of the log.
func (tx *Tx) recordBeside(kind string, id workforce.UserID, before, after userPayload) {
	if c, ok := tx.byKey[subjectKey{SubjectUser, int64(id)}]; ok {
		b, _ := c.before.(userPayload)
		a, _ := c.after.(userPayload)
		b.BackgroundChecks, after.BackgroundChecks = joinParts(b.BackgroundChecks, a.BackgroundChecks,
			before.BackgroundChecks, after.BackgroundChecks, func(v workforce.BackgroundCheck) int64 { return v.ID })
		b.Identities, after.Identities = joinParts(b.Identities, a.Identities, before.Identities, after.Identities,
			func(v workforce.Identity) int64 { return v.ID })
		b.Documents, after.Documents = joinParts(b.Documents, a.Documents, before.Documents, after.Documents,
			func(v workforce.Document) int64 { return v.ID })
		b.Trainings, after.Trainings = joinParts(b.Trainings, a.Trainings, before.Trainings, after.Trainings,
			func(v workforce.Training) int64 { return v.ID })
		b.Acknowledgements, after.Acknowledgements = joinParts(b.Acknowledgements, a.Acknowledgements,
			before.Acknowledgements, after.Acknowledgements, func(v workforce.Acknowledgement) int64 { return v.ID })
		b.Sources, after.Sources = joinParts(b.Sources, a.Sources, before.Sources, after.Sources, sourceKeyOf)
		if c.before != nil {
			c.before = b
		}
	}
	tx.record(kind, SubjectUser, int64(id), before, after, id)
}

// sourceKey names a source record.
type sourceKey struct {
	connection workforce.ConnectionID
	external   string
}

func sourceKeyOf(rec workforce.SourceRecord) sourceKey {
	return sourceKey{rec.ConnectionID, rec.ExternalID}
}

// joinParts joins the parts of two changes of one user: before them as the
// first saw it, after them as the second left it.
func joinParts[T any, K comparable](before1, after1, before2, after2 []T, key func(T) K) (before, after []T) {
	has := func(list []T, k K) bool { return slices.ContainsFunc(list, func(v T) bool { return key(v) == k }) }
	before = slices.Clone(before1)
	for _, v := range before2 {
		if !has(before1, key(v)) && !has(after1, key(v)) {
			before = append(before, v)
		}
	}
	for _, v := range after1 {
		if !has(before2, key(v)) && !has(after2, key(v)) {
			after = append(after, v)
		}
	}
	return before, append(after, after2...)
}
