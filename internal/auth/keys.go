package auth

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Keys creates, lists and revokes API keys. Each is a change in the log, made
// by the principal of the context; without one nothing happens.
type Keys struct {
	db *store.DB
}

// NewKeys makes the use-cases of keys on the database.
func NewKeys(db *store.DB) *Keys { return &Keys{db: db} }

// NewKey is what a key is made from.
type NewKey struct {
	Name    string            // 1 to 100 characters; two keys may share one
	Scopes  []workforce.Scope // at least one; see [ParseScopes]
	Owner   *string           // e-mail of a user; nil: the company's first admin, if it has one
	Expires *time.Time        // nil: never; see [ParseExpiry]
	Allow   []netip.Prefix    // empty: any address; see [ParseAllow]
}

const nameMost = 100

// Create makes a key and gives its text, which is stored nowhere and cannot be
// had again. Faults: a name, scope or expiry that cannot be
// (ReasonBadRequest), an owner who is no user (ReasonUserNotFound).
func (s *Keys) Create(ctx context.Context, n NewKey) (secret string, key workforce.APIKey, err error) {
	cause, err := s.cause(ctx, "key create")
	if err != nil {
		return "", key, err
	}
	now := s.db.Now()
	name, err := n.check(now)
	if err != nil {
		return "", key, err
	}
	if secret, err = Generate(rand.Reader); err != nil {
		return "", key, err
	}
	hash := Hash(secret)
	key = workforce.APIKey{
		Name: name, Hint: Hint(secret), Hash: hash[:], Scopes: slices.Clone(n.Scopes), Allow: slices.Clone(n.Allow),
		CreatedAt: now, ExpiresAt: n.Expires,
	}
	err = s.db.Write(ctx, cause, func(tx *store.Tx) error {
		if key.OwnerID, err = owner(ctx, tx, n.Owner); err != nil {
			return err
		}
		return tx.CreateKey(ctx, &key)
	})
	if err != nil {
		return "", workforce.APIKey{}, fmt.Errorf("creating a key: %w", err)
	}
	return secret, key, nil
}

// check gives the name as it is kept.
func (n NewKey) check(now time.Time) (string, error) {
	name := strings.TrimSpace(n.Name)
	switch count := utf8.RuneCountInString(name); {
	case count == 0:
		return "", workforce.RefuseField("name", "a key needs a name that says what it is for; give one with --name")
	case count > nameMost || !utf8.ValidString(name) || strings.ContainsFunc(name, isControl):
		return "", workforce.RefuseField("name", "the name of a key has at most %d characters, all of them printable", nameMost)
	case len(n.Scopes) == 0:
		_, err := ParseScopes(nil)
		return "", err
	case n.Expires != nil && !n.Expires.After(now):
		return "", workforce.RefuseField("expires", "the key would have expired before it was made; give a later date, or never")
	}
	for _, scope := range n.Scopes {
		if _, err := ParseScopes([]string{string(scope)}); err != nil {
			return "", err
		}
	}
	return name, nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7F }

// owner finds who answers for a key.
func owner(ctx context.Context, tx *store.Tx, email *string) (*workforce.UserID, error) {
	if email == nil {
		return tx.FirstAdmin(ctx)
	}
	id, found, err := tx.UserIDByEmail(ctx, strings.TrimSpace(*email))
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &workforce.Fault{
			Reason: workforce.ReasonUserNotFound, Field: "owner",
			Message: "nobody here has the owner's e-mail address; bring people in first (passmuster import people FILE), or leave the owner out",
		}
	}
	return &id, nil
}

// List gives every key, also the expired and revoked ones, by number. No text
// of a key is in it, but its hint.
func (s *Keys) List(ctx context.Context) ([]workforce.APIKey, error) {
	if _, err := s.cause(ctx, "key list"); err != nil {
		return nil, err
	}
	var keys []workforce.APIKey
	err := s.db.Read(ctx, func(r *store.Reader) error {
		var err error
		keys, err = r.Keys(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listing keys: %w", err)
	}
	return keys, nil
}

// Revoke ends a key for good. It is named by its number, its hint (with or
// without the "…"), its name, or its text, should that be what leaked. A key
// that is revoked already stays as it is, and nothing is logged. Faults: no
// such key (ReasonEntityNotFound), a hint or name that several live keys have
// (ReasonBadRequest, listing their numbers).
func (s *Keys) Revoke(ctx context.Context, which string) (workforce.APIKey, error) {
	cause, err := s.cause(ctx, "key revoke")
	if err != nil {
		return workforce.APIKey{}, err
	}
	var key workforce.APIKey
	err = s.db.Write(ctx, cause, func(tx *store.Tx) error {
		all, err := tx.Keys(ctx)
		if err != nil {
			return err
		}
		chosen, err := choose(all, strings.TrimSpace(which))
		if err != nil {
			return err
		}
		before, found, err := tx.LockKey(ctx, chosen)
		if err != nil || !found {
			return err
		}
		if key = before; key.RevokedAt != nil {
			return nil
		}
		key.RevokedAt = workforce.Ptr(tx.Now())
		return tx.UpdateKey(ctx, before, key)
	})
	if err != nil {
		return workforce.APIKey{}, fmt.Errorf("revoking a key: %w", err)
	}
	return key, nil
}

// choose finds the key that the text names. A number or a whole key is exact;
// of several keys with one hint or name, the one that still lives is meant.
func choose(keys []workforce.APIKey, which string) (workforce.KeyID, error) {
	if i := slices.IndexFunc(keys, func(k workforce.APIKey) bool { return exactly(k, which) }); i >= 0 {
		return keys[i].ID, nil
	}
	var live, dead []workforce.KeyID
	for _, k := range keys {
		switch {
		case which == "" || k.Name != which && k.Hint != strings.TrimSuffix(which, "…")+"…":
		case k.RevokedAt == nil:
			live = append(live, k.ID)
		default:
			dead = append(dead, k.ID)
		}
	}
	switch {
	case len(live) == 1:
		return live[0], nil
	case len(live) > 1:
		return 0, workforce.Refuse(workforce.ReasonBadRequest, "several keys go by that name or hint: numbers %s; say which by its number", join(live))
	case len(dead) > 0:
		return dead[len(dead)-1], nil
	}
	return 0, workforce.Refuse(workforce.ReasonEntityNotFound, "no key has that number, hint or name; see them with: passmuster key list")
}

func exactly(k workforce.APIKey, which string) bool {
	if which == strconv.FormatInt(int64(k.ID), 10) {
		return true
	}
	hash := Hash(which)
	return Check(which) == nil && string(k.Hash) == string(hash[:])
}

func join(ids []workforce.KeyID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(int64(id), 10)
	}
	return strings.Join(texts, ", ")
}

// cause is the context's principal as the log's actor. Keys are above every
// scope but all: who may make keys could make one with any right.
func (s *Keys) cause(ctx context.Context, what string) (store.Cause, error) {
	p, err := Require(ctx, workforce.ScopeAll, workforce.Writes)
	return store.Cause{Actor: p.Actor, Cause: what}, err
}
