package compliance

import (
	"context"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Service is the use-cases on one database.
type Service struct {
	db    *store.DB
	files *file.Store
}

// New makes the use-cases on a database and the contents of documents. A nil
// files refuses what needs them.
func New(db *store.DB, files *file.Store) *Service { return &Service{db: db, files: files} }

// write runs f for a principal in one transaction.
func (s *Service) write(ctx context.Context, who auth.Principal, f func(*store.Tx) error) error {
	return s.db.Write(ctx, store.Cause{Actor: who.Actor, Cause: auth.CauseFrom(ctx)}, f)
}

// read authorizes, and runs f in one snapshot.
func (s *Service) read(ctx context.Context, scope workforce.Scope, f func(*store.Reader) error) error {
	if _, err := auth.Require(ctx, scope, workforce.Reads); err != nil {
		return err
	}
	return s.db.Read(ctx, f)
}

// change authorizes, and runs f in one transaction.
func (s *Service) change(ctx context.Context, scope workforce.Scope, f func(*store.Tx, auth.Principal) error) error {
	who, err := auth.Require(ctx, scope, workforce.Writes)
	if err != nil {
		return err
	}
	return s.write(ctx, who, func(tx *store.Tx) error { return f(tx, who) })
}

func personnelNotFound(id workforce.PersonnelID) error {
	return workforce.Refuse(workforce.ReasonPersonnelNotFound, "There is no personnel record with the id %d", id)
}

func userNotFound(id workforce.UserID) error {
	return workforce.Refuse(workforce.ReasonUserNotFound, "There is no user with the id %d", id)
}

func notFound(what string, id int64) error {
	return workforce.Refuse(workforce.ReasonEntityNotFound, "There is no %s with the id %d", what, id)
}
