package compliance

import (
	"context"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// maxMembers is how many members one call may add or remove.
const maxMembers = 1000

// Groups gives every group, by number.
func (s *Service) Groups(ctx context.Context) ([]workforce.Group, error) {
	var out []workforce.Group
	err := s.read(ctx, workforce.ScopeComplianceGet, func(r *store.Reader) error {
		var err error
		out, err = r.Groups(ctx)
		return err
	})
	return out, err
}

// CreateGroup adds a group without members.
func (s *Service) CreateGroup(ctx context.Context, name string) (workforce.Group, error) {
	var out workforce.Group
	err := s.change(ctx, workforce.ScopeComplianceManage, func(tx *store.Tx, _ auth.Principal) error {
		out = workforce.Group{CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		if err := setGroupName(&out, name); err != nil {
			return err
		}
		return tx.SaveGroup(ctx, nil, &out)
	})
	return out, err
}

func setGroupName(g *workforce.Group, name string) error {
	if g.Name = strings.TrimSpace(name); g.Name == "" || len(g.Name) > maxName {
		return workforce.RefuseField("name", "name must have 1 to %d bytes", maxName)
	}
	return nil
}

// RenameGroup gives a group another name.
func (s *Service) RenameGroup(ctx context.Context, id workforce.GroupID, name string) (workforce.Group, error) {
	var out workforce.Group
	err := s.changeGroup(ctx, id, func(tx *store.Tx, before workforce.Group) error {
		out = before
		if err := setGroupName(&out, name); err != nil || out.Name == before.Name {
			return err
		}
		out.UpdatedAt = tx.Now()
		return tx.SaveGroup(ctx, &before, &out)
	})
	return out, err
}

// DeleteGroup removes a group with its memberships. One that a policy, a rule
// or an exclusion names is refused.
func (s *Service) DeleteGroup(ctx context.Context, id workforce.GroupID) error {
	return s.changeGroup(ctx, id, func(tx *store.Tx, g workforce.Group) error { return tx.DeleteGroup(ctx, g) })
}

func (s *Service) changeGroup(ctx context.Context, id workforce.GroupID, f func(*store.Tx, workforce.Group) error) error {
	return s.change(ctx, workforce.ScopeComplianceManage, func(tx *store.Tx, _ auth.Principal) error {
		g, ok, err := tx.LockGroup(ctx, id)
		if err != nil || !ok {
			return orElse(err, notFound("group", int64(id)))
		}
		return f(tx, g)
	})
}

// Members gives up to limit members of a group, after one, by number.
func (s *Service) Members(ctx context.Context, id workforce.GroupID, after workforce.PersonnelID, limit int) ([]workforce.PersonnelID, error) {
	var out []workforce.PersonnelID
	err := s.read(ctx, workforce.ScopeComplianceGet, func(r *store.Reader) error {
		groups, err := r.Groups(ctx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(groups, func(g workforce.Group) bool { return g.ID == id }) {
			return notFound("group", int64(id))
		}
		out, err = r.GroupMembers(ctx, id, after, limit)
		return err
	})
	return out, err
}

// SetMembers adds and removes members of a group. Who is in it already, or not
// in it, stays so. One unknown person refuses all.
func (s *Service) SetMembers(ctx context.Context, id workforce.GroupID, add, remove []workforce.PersonnelID) error {
	if n := len(add) + len(remove); n == 0 || n > maxMembers {
		return workforce.RefuseField("add", "add and remove must name 1 to %d people together", maxMembers)
	}
	return s.changeGroup(ctx, id, func(tx *store.Tx, g workforce.Group) error {
		for _, p := range slices.Concat(add, remove) {
			if err := mustBePersonnel(ctx, &tx.Reader, p); err != nil {
				return err
			}
			if slices.Contains(add, p) && slices.Contains(remove, p) {
				return workforce.RefuseField("remove", "add and remove both name %d", p)
			}
		}
		return tx.SetMembers(ctx, g.ID, add, remove)
	})
}
