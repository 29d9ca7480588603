package directory

import (
	"context"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// User gives one user with their personnel record.
func (s *Service) User(ctx context.Context, id workforce.UserID) (workforce.UserRecord, error) {
	var out workforce.UserRecord
	if _, err := auth.Require(ctx, workforce.ScopeUsersGet, workforce.Reads); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, func(r *store.Reader) error {
		var err error
		out, err = userRecord(ctx, r, id)
		return err
	})
	return out, err
}

func userRecord(ctx context.Context, r *store.Reader, id workforce.UserID) (workforce.UserRecord, error) {
	records, err := r.UserRecords(ctx, []workforce.UserID{id}, true)
	if err != nil {
		return workforce.UserRecord{}, err
	}
	if len(records) == 0 {
		return workforce.UserRecord{}, userNotFound(id)
	}
	return records[0], nil
}
