package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

var acknowledgementPart = userPart[workforce.Acknowledgement]{
	name: "acknowledgement", table: "acknowledgements", columns: acknowledgementColumns, row: acknowledgementRow,
	// It is never updated but by [Tx.joinAcknowledgements].
	fields: func(a *workforce.Acknowledgement) (id *int64, created, updated *time.Time) {
		return &a.ID, &a.CreatedAt, nil
	},
	owner: func(a *workforce.Acknowledgement) workforce.UserID { return a.UserID },
	of:    func(p *userPayload) *[]workforce.Acknowledgement { return &p.Acknowledgements },
}

// Acknowledgements gives what users have acknowledged, by number.
func (r *Reader) Acknowledgements(ctx context.Context, users []workforce.UserID) (map[workforce.UserID][]workforce.Acknowledgement, error) {
	out := map[workforce.UserID][]workforce.Acknowledgement{}
	err := inChunks(distinct(users), func(users []workforce.UserID) error {
		list, args := inList(1, users)
		return r.each(ctx, func(rows *sql.Rows) error {
			var a workforce.Acknowledgement
			err := scanAcknowledgement(rows, &a)
			out[a.UserID] = append(out[a.UserID], a)
			return err
		}, `SELECT `+strings.Join(acknowledgementColumns, ", ")+` FROM acknowledgements WHERE user_id IN (`+list+`) ORDER BY id`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading acknowledgements: %w", err)
	}
	return out, nil
}

// SaveAcknowledgement keeps that a user has acknowledged a version of a policy,
// and tells whether that was not known yet. What is known already stays, unless
// the new one is of a later time, a renewal: then that time and its source
// replace it.
// *a becomes what is kept. CreatedAt is filled in if it is zero.
func (tx *Tx) SaveAcknowledgement(ctx context.Context, a *workforce.Acknowledgement) (added bool, err error) {
	one := []workforce.Acknowledgement{*a}
	n, err := tx.SaveAcknowledgements(ctx, one)
	*a = one[0]
	return n > 0, err
}

// SaveAcknowledgements is [Tx.SaveAcknowledgement] for many, with a few
// statements for some hundreds; it gives how many were not known yet.
func (tx *Tx) SaveAcknowledgements(ctx context.Context, all []workforce.Acknowledgement) (added int, err error) {
	if len(all) == 0 {
		return 0, nil
	}
	owners := make([]workforce.UserID, len(all))
	for i := range all {
		owners[i] = all[i].UserID
	}
	users, err := tx.lockUsers(ctx, owners)
	if err != nil {
		return 0, err
	}
	if err := tx.versionsExist(ctx, all); err != nil {
		return 0, err
	}
	changes, places, err := tx.joinAcknowledgements(ctx, sorted(owners), all)
	if err != nil {
		return 0, err
	}
	if len(changes) > 0 {
		if err := acknowledgementPart.write(ctx, tx, users, changes, "user.policy_acknowledged"); err != nil {
			return 0, err
		}
	}
	for _, c := range changes {
		if c.Before == nil {
			added++
		}
	}
	for i := range all {
		all[i] = *places[i]
	}
	return added, nil
}

// acknowledgementKey is what there is one acknowledgement for.
type acknowledgementKey struct {
	user    workforce.UserID
	policy  workforce.PolicyID
	version int64
}

func keyOfAcknowledgement(a *workforce.Acknowledgement) acknowledgementKey {
	return acknowledgementKey{a.UserID, a.PolicyID, a.Version}
}

// joinAcknowledgements compares acknowledgements with what is known of the
// users, and with each other. It gives what changes, and for each of the
// acknowledgements where it can be found when that is written.
func (tx *Tx) joinAcknowledgements(ctx context.Context, users []workforce.UserID, all []workforce.Acknowledgement) (
	changes []Replacement[workforce.Acknowledgement], places []*workforce.Acknowledgement, err error,
) {
	known, err := tx.Acknowledgements(ctx, users)
	if err != nil {
		return nil, nil, err
	}
	is := map[acknowledgementKey]*Replacement[workforce.Acknowledgement]{}
	for _, list := range known {
		for i := range list {
			is[keyOfAcknowledgement(&list[i])] = &Replacement[workforce.Acknowledgement]{Before: &list[i]}
		}
	}
	var order []*Replacement[workforce.Acknowledgement]
	for i := range all {
		a := all[i]
		key := keyOfAcknowledgement(&a)
		c := is[key]
		switch {
		case c == nil:
			if a.CreatedAt.IsZero() {
				a.CreatedAt = tx.at
			}
			c = &Replacement[workforce.Acknowledgement]{After: &a}
			is[key] = c
			order = append(order, c)
		case c.After == nil && a.AcknowledgedAt.After(c.Before.AcknowledgedAt):
			after := *c.Before
			after.AcknowledgedAt, after.Source = a.AcknowledgedAt, a.Source
			c.After = &after
			order = append(order, c)
		case c.After != nil && a.AcknowledgedAt.After(c.After.AcknowledgedAt):
			c.After.AcknowledgedAt, c.After.Source = a.AcknowledgedAt, a.Source
		}
	}
	for _, c := range order {
		changes = append(changes, *c)
	}
	places = make([]*workforce.Acknowledgement, len(all))
	for i := range all {
		c := is[keyOfAcknowledgement(&all[i])]
		if places[i] = c.After; c.After == nil {
			places[i] = c.Before
		}
	}
	return changes, places, nil
}

// versionsExist refuses acknowledgements of what there is not.
func (tx *Tx) versionsExist(ctx context.Context, all []workforce.Acknowledgement) error {
	type version struct {
		policy  workforce.PolicyID
		version int64
	}
	policies := make([]workforce.PolicyID, len(all))
	for i := range all {
		policies[i] = all[i].PolicyID
	}
	exists := map[version]bool{}
	err := inChunks(sorted(policies), func(ids []workforce.PolicyID) error {
		list, args := inList(1, ids)
		return tx.each(ctx, func(rows *sql.Rows) error {
			var v version
			err := rows.Scan(&v.policy, &v.version)
			exists[v] = true
			return err
		}, `SELECT policy_id, version FROM policy_versions WHERE policy_id IN (`+list+`)`, args...)
	})
	if err != nil {
		return fmt.Errorf("reading the versions of policies: %w", err)
	}
	for i := range all {
		if !exists[version{all[i].PolicyID, all[i].Version}] {
			return workforce.Refuse(workforce.ReasonEntityNotFound, "policy %d has no version %d", all[i].PolicyID, all[i].Version)
		}
	}
	return nil
}
