package directory

import (
	"context"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// SearchUsers gives a page of users by number, for answers of the kind. Roles
// are not in the roster: the database finds them, by its index of roles.
func (s *Service) SearchUsers(ctx context.Context, kind document.Kind, q workforce.UserSearch) (Items, error) {
	var out Items
	if _, err := auth.Require(ctx, workforce.ScopeUsersList, workforce.Reads); err != nil {
		return out, err
	}
	var err error
	out.Document, err = s.consistently(ctx, 0, document.AllSections, func(*listsAt) ([]document.Key, error) {
		var ids []workforce.UserID
		err := s.db.Read(ctx, func(r *store.Reader) error {
			var err error
			ids, out.Total, err = r.SearchUsers(ctx, q)
			return err
		})
		return keysOf(kind, ids), err
	})
	return out, err
}
