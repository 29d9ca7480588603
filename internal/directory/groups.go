package directory

import (
	"context"
	"slices"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// GroupsOf gives the groups of which a person is a member, by number; none for
// a person who does not exist.
func (s *Service) GroupsOf(ctx context.Context, id workforce.PersonnelID) ([]workforce.Group, error) {
	if _, err := auth.Require(ctx, workforce.ScopePersonnelGet, workforce.Reads); err != nil {
		return nil, err
	}
	var out []workforce.Group
	err := s.db.Read(ctx, func(r *store.Reader) error {
		ids, err := r.GroupIDsOf(ctx, id)
		if err != nil || len(ids) == 0 {
			return err
		}
		all, err := r.Groups(ctx)
		if err != nil {
			return err
		}
		out = slices.DeleteFunc(all, func(g workforce.Group) bool { return !slices.Contains(ids, g.ID) })
		return nil
	})
	return out, err
}
