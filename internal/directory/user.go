package directory

import (
	"context"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// UserPage is one page of the user list.
type UserPage struct {
	Records []workforce.UserRecord
	Total   *int64                  // users on all pages; nil unless asked for
	Next    *workforce.UserPosition // where the next page starts; nil on the last
}

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

// UserByEmail gives the user with the e-mail, whatever its case.
func (s *Service) UserByEmail(ctx context.Context, email string) (workforce.UserRecord, error) {
	var out workforce.UserRecord
	if _, err := auth.Require(ctx, workforce.ScopeUsersGet, workforce.Reads); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, func(r *store.Reader) error {
		id, ok, err := r.UserIDByEmail(ctx, email)
		if err != nil {
			return err
		}
		if !ok {
			return workforce.Refuse(workforce.ReasonUserNotFound, "There is no user with this email")
		}
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

// ListUsers gives up to q.Limit users after a position, with their personnel
// records.
func (s *Service) ListUsers(ctx context.Context, q workforce.UserQuery) (UserPage, error) {
	var out UserPage
	if _, err := auth.Require(ctx, workforce.ScopeUsersList, workforce.Reads); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, func(r *store.Reader) error {
		ahead := q
		ahead.Limit++ // one more tells whether there is a next page
		ids, total, err := r.ListUsers(ctx, ahead)
		if err != nil {
			return err
		}
		out.Total = total
		more := len(ids) > q.Limit
		if more {
			ids = ids[:q.Limit]
		}
		if out.Records, err = r.UserRecords(ctx, ids, true); err != nil {
			return err
		}
		if more {
			last := out.Records[len(out.Records)-1]
			out.Next = &workforce.UserPosition{At: last.CreatedAt, ID: last.ID}
			if q.Sort == workforce.SortUpdatedAt {
				out.Next.At = last.UpdatedAt
			}
		}
		return nil
	})
	return out, err
}
