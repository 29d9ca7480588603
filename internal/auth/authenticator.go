package auth

import (
	"context"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net/netip"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Authenticator tells whose key or session a request brings. What was revoked
// or set on another server or on the command line holds from the next request
// on: every call first catches up with the change log. It is safe for use by
// several goroutines.
type Authenticator struct {
	db    *store.DB
	uses  *useLog
	known *known
}

// NewAuthenticator starts an Authenticator on the database. Close it before
// the database.
func NewAuthenticator(db *store.DB, log *slog.Logger) *Authenticator {
	a := &Authenticator{db: db, uses: newUseLog(db.TouchKey, log), known: &known{}}
	db.Subscribe(a.known.heard)
	return a
}

// Close writes the last uses that are not yet written, and stops.
func (a *Authenticator) Close() { a.uses.close() }

// Authenticate gives the principal of an Authorization header that came from
// addr, and the company as of the same snapshot. Refusals are faults of kind
// [workforce.KindUnauthenticated]: ReasonKeyMissing, ReasonKeyMalformed,
// ReasonKeyUnknown, ReasonKeyRevoked, ReasonKeyExpired or ReasonKeyAddress. Any
// other error is the database's.
func (a *Authenticator) Authenticate(ctx context.Context, header string, addr netip.Addr) (Principal, workforce.Company, error) {
	secret, err := bearer(header)
	if err != nil {
		return Principal{}, workforce.Company{}, err
	}
	k, company, err := a.keyOf(ctx, secret)
	if err != nil {
		return Principal{}, workforce.Company{}, err
	}
	return a.admit(k, company, addr)
}

// SignIn starts a web session with a key, and gives the value of its cookie.
// Refusals are those of [Authenticator.Authenticate].
func (a *Authenticator) SignIn(ctx context.Context, secret string, addr netip.Addr) (Session, string, error) {
	k, company, err := a.keyOf(ctx, secret)
	if err != nil {
		return Session{}, "", err
	}
	if _, _, err := a.admit(k, company, addr); err != nil {
		return Session{}, "", err
	}
	var sealing []byte
	err = a.db.Read(ctx, func(r *store.Reader) error {
		sealing, err = r.Secret(ctx, sessionSecret)
		return err
	})
	if err != nil {
		return Session{}, "", fmt.Errorf("starting a session: %w", err)
	}
	s := NewSession(k, a.db.Now())
	return s, s.Seal(sealing), nil
}

// Resume gives the principal of a session's cookie that came from addr, as
// [Authenticator.Authenticate] does for a header: a session of a key that was
// revoked or has expired is refused like the key itself.
func (a *Authenticator) Resume(ctx context.Context, cookie string, addr netip.Addr) (Principal, workforce.Company, error) {
	var k workforce.APIKey
	var company workforce.Company
	err := a.db.Read(ctx, func(r *store.Reader) error {
		sealing, err := r.Secret(ctx, sessionSecret)
		if err != nil {
			return err
		}
		s, err := OpenSession(sealing, cookie, a.db.Now())
		if err != nil {
			return err
		}
		var found bool
		if k, found, err = r.Key(ctx, s.KeyID); err != nil {
			return err
		}
		if !found {
			return sessionOver()
		}
		company, err = r.Company(ctx)
		return err
	})
	if err != nil {
		return Principal{}, workforce.Company{}, fmt.Errorf("resuming a session: %w", err)
	}
	return a.admit(k, company, addr)
}

// sessionSecret names the database's secret that seals sessions.
const sessionSecret = "session"

// keyOf finds a key by its text. Garbage is turned away before the database is
// asked.
func (a *Authenticator) keyOf(ctx context.Context, secret string) (k workforce.APIKey, company workforce.Company, err error) {
	if Check(secret) != nil {
		return k, company, keyUnknown()
	}
	hash := Hash(secret)
	if _, err := a.db.CatchUpOnce(ctx); err != nil {
		return k, company, fmt.Errorf("checking a key: %w", err)
	}
	k, company, age, ok := a.known.get(hash)
	if ok {
		// The map compared the hashes; comparing again in constant time makes
		// us independent of how.
		if subtle.ConstantTimeCompare(k.Hash, hash[:]) != 1 {
			return workforce.APIKey{}, workforce.Company{}, keyUnknown()
		}
		return k, company, nil
	}
	err = a.db.Read(ctx, func(r *store.Reader) error {
		var found bool
		if k, found, err = r.KeyByHash(ctx, hash[:]); err != nil {
			return err
		}
		if !found || subtle.ConstantTimeCompare(k.Hash, hash[:]) != 1 {
			return keyUnknown()
		}
		company, err = r.Company(ctx)
		return err
	})
	if err != nil {
		return k, company, fmt.Errorf("checking a key: %w", err)
	}
	a.known.put(hash, k, company, age)
	return k, company, nil
}

// admit lets a stored key in, unless it may not be used now or from there.
func (a *Authenticator) admit(k workforce.APIKey, c workforce.Company, addr netip.Addr) (Principal, workforce.Company, error) {
	now := a.db.Now()
	if err := verdict(k, now, addr); err != nil {
		return Principal{}, workforce.Company{}, err
	}
	a.uses.note(k, now)
	return ofKey(k), c, nil
}
