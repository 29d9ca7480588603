// Package directory is what can be done with people, users and accounts. Every
// use-case authorizes the principal in its context, checks its input, and does
// its work in one transaction with its rows of the change log, so that no
// caller can forget either. It depends on internal/store, internal/auth,
// internal/reconcile and internal/workforce, and knows nothing of HTTP.
//
// Errors that are for the caller are [workforce.Fault]s; any other error is
// ours.
package directory

import (
	"context"
	"sync/atomic"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/lane"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Service is the use-cases on one database.
type Service struct {
	db        *store.DB
	lists     *lists
	lane      *lane.Lane
	documents *documents

	cursorSecret atomic.Pointer[[]byte]
}

// Options are what the use-cases need beside a database.
type Options struct {
	// Encoders make the fragments of the answers that are kept in memory.
	Encoders document.Encoders
	// DocumentBytes bounds the memory for them; 0: [DefaultDocumentBytes].
	DocumentBytes int64
	// Lane is where lists wait that did not wait before; nil for none.
	Lane *lane.Lane
}

// DefaultDocumentBytes is how much memory encoded fragments may take, 16 MB.
const DefaultDocumentBytes = 16 << 20

// New makes the use-cases on a database.
func New(db *store.DB, opts Options) *Service {
	if opts.DocumentBytes == 0 {
		opts.DocumentBytes = DefaultDocumentBytes
	}
	s := &Service{
		db: db, lists: newLists(db), lane: opts.Lane,
		documents: &documents{db: db, cache: document.NewCache(opts.DocumentBytes), encoders: opts.Encoders},
	}
	db.Subscribe(s.lists.heard)
	db.Subscribe(s.documents.heard)
	return s
}

// write runs f for a principal in one transaction.
func (s *Service) write(ctx context.Context, who auth.Principal, f func(*store.Tx) error) error {
	cause := store.Cause{Actor: who.Actor, Cause: auth.CauseFrom(ctx)}
	return s.db.Write(ctx, cause, f)
}

// CursorSecret gives the secret that signs this database's cursors. It is made
// with the database and never changes.
func (s *Service) CursorSecret(ctx context.Context) ([]byte, error) {
	if known := s.cursorSecret.Load(); known != nil {
		return *known, nil
	}
	var secret []byte
	err := s.db.Read(ctx, func(r *store.Reader) error {
		var err error
		secret, err = r.Secret(ctx, "cursor")
		return err
	})
	if err == nil {
		s.cursorSecret.Store(&secret)
	}
	return secret, err
}

func personnelNotFound(id workforce.PersonnelID) error {
	return workforce.Refuse(workforce.ReasonPersonnelNotFound, "There is no personnel record with the id %d", id)
}

func personnelNotFoundByEmail() error {
	return workforce.Refuse(workforce.ReasonPersonnelNotFound, "There is no personnel record with this email")
}

func userNotFound(id workforce.UserID) error {
	return workforce.Refuse(workforce.ReasonUserNotFound, "There is no user with the id %d", id)
}

func accountNotFound(kind workforce.AccountKind, id workforce.AccountID) error {
	name := "infrastructure"
	if kind == workforce.VersionControl {
		name = "version control"
	}
	return workforce.Refuse(workforce.ReasonEntityNotFound, "There is no %s account with the id %d", name, id)
}
