package directory

import (
	"context"
	"reflect"
	"slices"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// changeAccount locks an account, lets f change it, saves and reads it back,
// all in one transaction.
func (s *Service) changeAccount(
	ctx context.Context, kind workforce.AccountKind, id workforce.AccountID, change string,
	f func(tx *store.Tx, who auth.Principal, a *workforce.Account) error,
) (workforce.AccountRecord, error) {
	var out workforce.AccountRecord
	who, err := auth.Require(ctx, kind.ManageScope(), workforce.Writes)
	if err != nil {
		return out, err
	}
	err = s.write(ctx, who, func(tx *store.Tx) error {
		before, ok, err := tx.LockAccount(ctx, kind, id)
		if err != nil {
			return err
		}
		if !ok {
			return accountNotFound(kind, id)
		}
		after := before
		if err := f(tx, who, &after); err != nil {
			return err
		}
		if !reflect.DeepEqual(before, after) {
			after.UpdatedAt = tx.Now()
		}
		if err := tx.UpdateAccount(ctx, before, after, change); err != nil {
			return err
		}
		records, err := tx.AccountRecords(ctx, kind, []workforce.AccountID{id})
		if err != nil {
			return err
		}
		out = records[0]
		return nil
	})
	return out, err
}

// LinkAccount says whose an account is; nil unlinks it. An account of somebody
// else moves. A service account belongs to nobody and cannot be linked.
func (s *Service) LinkAccount(ctx context.Context, kind workforce.AccountKind, id workforce.AccountID, user *workforce.UserID) (workforce.AccountRecord, error) {
	change := "account.linked"
	if user == nil {
		change = "account.unlinked"
	}
	return s.changeAccount(ctx, kind, id, change, func(tx *store.Tx, _ auth.Principal, a *workforce.Account) error {
		if user == nil {
			unlink(tx, a, "unlinked by hand")
			return nil
		}
		if a.ServiceAccountAt != nil {
			return &workforce.Fault{
				Reason: workforce.ReasonServiceAccountLink, Field: "userId",
				Message: "userId: this is a service account, which belongs to nobody. Put it back first, with serviceAccount false on its service-account operation, then link it",
			}
		}
		if workforce.Same(a.UserID, user) && a.ConnectedAt != nil && a.DisconnectedAt == nil {
			return nil
		}
		exists, err := tx.UserExists(ctx, *user)
		if err != nil {
			return err
		}
		if !exists {
			return userNotFound(*user)
		}
		a.UserID = workforce.Ptr(*user)
		a.ConnectedAt, a.DisconnectedAt = workforce.Ptr(tx.Now()), nil
		a.LinkMethod, a.LinkReason = workforce.Ptr(workforce.LinkManual), nil
		return nil
	})
}

// unlink takes an account from its person. An account of nobody stays as it is.
func unlink(tx *store.Tx, a *workforce.Account, reason string) {
	if a.UserID == nil {
		return
	}
	a.UserID, a.DisconnectedAt = nil, workforce.Ptr(tx.Now())
	a.LinkMethod, a.LinkReason = nil, &reason
}

// ToggleAccess declares that an account has, or does not have, an access. The
// flag must be one of the account's kind.
func (s *Service) ToggleAccess(ctx context.Context, kind workforce.AccountKind, id workforce.AccountID, flag workforce.AccessFlag, on bool) (workforce.AccountRecord, error) {
	return s.changeAccount(ctx, kind, id, "account.access_set", func(tx *store.Tx, _ auth.Principal, a *workforce.Account) error {
		if !slices.Contains(kind.Flags(), flag) {
			return workforce.RefuseField("toggleField", "toggleField must be one of %v", kind.Flags())
		}
		since := a.Flag(flag)
		switch {
		case on && *since == nil:
			*since = workforce.Ptr(tx.Now())
		case !on:
			*since = nil
		}
		return nil
	})
}

// MarkServiceAccount marks an account as a service account, which takes it
// from its person, or puts it back. A reason is always required.
func (s *Service) MarkServiceAccount(ctx context.Context, kind workforce.AccountKind, id workforce.AccountID, on bool, reason string) (workforce.AccountRecord, error) {
	return s.changeAccount(ctx, kind, id, "account.service_account_set", func(tx *store.Tx, who auth.Principal, a *workforce.Account) error {
		if reason == "" {
			return workforce.RefuseField("serviceAccountReason", "serviceAccountReason is required: say why")
		}
		if !on {
			a.ServiceAccountAt, a.ServiceAccountReason, a.ServiceAccountByUserID = nil, nil, nil
			return nil
		}
		if a.ServiceAccountAt != nil && workforce.Text(a.ServiceAccountReason) == reason {
			return nil
		}
		if a.ServiceAccountAt == nil {
			a.ServiceAccountAt = workforce.Ptr(tx.Now())
		}
		a.ServiceAccountReason, a.ServiceAccountByUserID = &reason, who.OwnerID
		unlink(tx, a, "marked as a service account")
		return nil
	})
}

// AccountsOf gives the accounts of a user, of the kinds that the principal may
// read, infrastructure first, by number. A principal that may read neither is
// refused.
func (s *Service) AccountsOf(ctx context.Context, user workforce.UserID) ([]workforce.AccountRecord, error) {
	var kinds []workforce.AccountKind
	var refused error
	for _, kind := range workforce.AllAccountKinds {
		if _, err := auth.Require(ctx, kind.ManageScope(), workforce.Reads); err != nil {
			refused = err
			continue
		}
		kinds = append(kinds, kind)
	}
	if len(kinds) == 0 {
		return nil, refused
	}
	var out []workforce.AccountRecord
	err := s.db.Read(ctx, func(r *store.Reader) error {
		for _, kind := range kinds {
			ids, err := r.AccountIDsOf(ctx, kind, user)
			if err != nil {
				return err
			}
			records, err := r.AccountRecords(ctx, kind, ids)
			if err != nil {
				return err
			}
			out = append(out, records...)
		}
		return nil
	})
	return out, err
}
