package auth

import (
	"context"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// bundle is one test's own database, clock and services.
type bundle struct {
	db    *store.DB
	keys  *Keys
	auth  *Authenticator
	cli   context.Context
	clock *clock
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func setup(t *testing.T) *bundle {
	t.Helper()
	c := &clock{at: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"), store.Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	a := NewAuthenticator(db, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		a.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return &bundle{db: db, keys: NewKeys(db), auth: a, cli: With(context.WithoutCancel(t.Context()), CommandLine()), clock: c}
}

// create makes a key that may do everything, changed by each f.
func (b *bundle) create(t *testing.T, change ...func(*NewKey)) (string, workforce.APIKey) {
	t.Helper()
	n := NewKey{Name: "test", Scopes: []workforce.Scope{workforce.ScopeAll}}
	for _, f := range change {
		f(&n)
	}
	secret, key, err := b.keys.Create(b.cli, n)
	if err != nil {
		t.Fatal(err)
	}
	return secret, key
}

// addUser adds a person with the roles.
func (b *bundle) addUser(t *testing.T, email string, roles ...workforce.Role) workforce.UserID {
	t.Helper()
	people := []workforce.NewPerson{{
		User: workforce.User{Email: email, Roles: roles, CreatedAt: b.db.Now(), UpdatedAt: b.db.Now()},
		Personnel: workforce.Personnel{
			EmploymentStatus: workforce.CurrentEmployee, CreatedAt: b.db.Now(), UpdatedAt: b.db.Now(),
		},
	}}
	err := b.db.Write(t.Context(), store.Cause{Actor: "test", Cause: "test"}, func(tx *store.Tx) error {
		return tx.CreatePeople(t.Context(), people)
	})
	if err != nil {
		t.Fatal(err)
	}
	return people[0].User.ID
}

func (b *bundle) saveCompany(t *testing.T, change func(*workforce.Company)) {
	t.Helper()
	err := b.db.Write(t.Context(), store.Cause{Actor: "test", Cause: "test"}, func(tx *store.Tx) error {
		c, err := tx.LockCompany(t.Context())
		if err != nil {
			return err
		}
		change(&c)
		return tx.SaveCompany(t.Context(), c)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// head is the number of the last change.
func (b *bundle) head(t *testing.T) int64 {
	t.Helper()
	seq, err := b.db.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

var somewhere = netip.MustParseAddr("192.0.2.1")

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	secret, key := b.create(t)
	for _, header := range []string{"Bearer " + secret, " bearer  " + secret + " "} {
		p, company, err := b.auth.Authenticate(t.Context(), header, somewhere)
		if err != nil {
			t.Fatal(err)
		}
		if p.KeyID != key.ID || p.Actor != "key:1" || len(p.Scopes) != 1 || company.Plan != workforce.PlanFull {
			t.Errorf("got %+v of a company with plan %s", p, company.Plan)
		}
	}
	b.refused(t, "", somewhere, workforce.ReasonKeyMissing)
	for _, header := range []string{"Bearer", "Basic " + secret, secret, "Bearer " + secret + ", Bearer " + secret} {
		b.refused(t, header, somewhere, workforce.ReasonKeyMalformed)
	}
	other, err := Generate(strings.NewReader(strings.Repeat("x", 32)))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"garbage", other, secret + "x", strings.ToUpper(secret)} {
		b.refused(t, "Bearer "+text, somewhere, workforce.ReasonKeyUnknown)
	}
}

// refused asserts that the header is refused for the reason, with a message
// that repeats nothing of it.
func (b *bundle) refused(t *testing.T, header string, addr netip.Addr, want workforce.Reason) {
	t.Helper()
	p, _, err := b.auth.Authenticate(t.Context(), header, addr)
	if !workforce.IsReason(err, want) || p.Actor != "" || p.Scopes != nil {
		t.Errorf("got %+v, %v; want %s", p, err, want)
		return
	}
	if _, text, ok := strings.Cut(header, " "); ok && len(text) > 4 && strings.Contains(err.Error(), strings.TrimSpace(text)) {
		t.Errorf("the message repeats the key: %v", err)
	}
}

func TestAuthenticateRefusesAKeyThatEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	end := b.clock.now().Add(time.Hour)
	short, _ := b.create(t, func(n *NewKey) { n.Expires = &end })
	bound, _ := b.create(t, func(n *NewKey) { n.Allow = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	secret, key := b.create(t)

	b.refused(t, "Bearer "+bound, somewhere, workforce.ReasonKeyAddress)
	b.refused(t, "Bearer "+bound, netip.Addr{}, workforce.ReasonKeyAddress)
	if _, _, err := b.auth.Authenticate(t.Context(), "Bearer "+bound, netip.MustParseAddr("::ffff:10.1.1.1")); err != nil {
		t.Errorf("from an allowed address: %v", err)
	}
	b.clock.pass(time.Hour)
	b.refused(t, "Bearer "+short, somewhere, workforce.ReasonKeyExpired)
	if _, err := b.keys.Revoke(b.cli, key.Hint); err != nil {
		t.Fatal(err)
	}
	b.refused(t, "Bearer "+secret, somewhere, workforce.ReasonKeyRevoked)
}

func TestSessionEndsWithItsKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	secret, key := b.create(t)
	s, cookie, err := b.auth.SignIn(t.Context(), secret, somewhere)
	if err != nil {
		t.Fatal(err)
	}
	if want := b.clock.now().Add(SessionMost); !s.ExpiresAt.Equal(want) || strings.Contains(cookie, secret) {
		t.Errorf("session until %v, want %v", s.ExpiresAt, want)
	}
	p, _, err := b.auth.Resume(t.Context(), cookie, somewhere)
	if err != nil || p.KeyID != key.ID {
		t.Fatalf("got %+v, %v", p, err)
	}
	if _, _, err := b.auth.Resume(t.Context(), "nonsense", somewhere); !workforce.IsReason(err, workforce.ReasonKeyMissing) {
		t.Errorf("a made-up cookie: %v", err)
	}
	if _, err := b.keys.Revoke(b.cli, "1"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.auth.Resume(t.Context(), cookie, somewhere); !workforce.IsReason(err, workforce.ReasonKeyRevoked) {
		t.Errorf("after the key was revoked: %v", err)
	}
	if _, _, err := b.auth.SignIn(t.Context(), secret, somewhere); !workforce.IsReason(err, workforce.ReasonKeyRevoked) {
		t.Errorf("signing in with a revoked key: %v", err)
	}
	b.clock.pass(SessionMost)
	if _, _, err := b.auth.Resume(t.Context(), cookie, somewhere); !workforce.IsReason(err, workforce.ReasonKeyMissing) {
		t.Errorf("after its end: %v", err)
	}
}

func TestCloseWritesTheLastUse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	secret, _ := b.create(t)
	before := b.head(t)
	for range 3 { // the second and third are within the minute of the first
		if _, _, err := b.auth.Authenticate(t.Context(), "Bearer "+secret, somewhere); err != nil {
			t.Fatal(err)
		}
		b.clock.pass(10 * time.Second)
	}
	b.auth.Close()
	keys, err := b.keys.List(b.cli)
	if err != nil {
		t.Fatal(err)
	}
	want := b.clock.now().Add(-10 * time.Second)
	if got := keys[0].LastUsedAt; got == nil || !got.Equal(want) {
		t.Errorf("last used %v, want %v", got, want)
	}
	if b.head(t) != before {
		t.Error("a use was logged as a change")
	}
}
