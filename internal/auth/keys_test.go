package auth

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

func TestCreateOwner(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if _, key := b.create(t); key.OwnerID != nil {
		t.Errorf("on an empty database the owner is %v", *key.OwnerID)
	}
	user := b.addUser(t, "sam@example.com")
	admin := b.addUser(t, "Ada@example.com", workforce.RoleAdmin)
	if _, key := b.create(t); key.OwnerID == nil || *key.OwnerID != admin {
		t.Errorf("the default owner is %v, want the admin %d", key.OwnerID, admin)
	}
	if _, key := b.create(t, func(n *NewKey) { n.Owner = workforce.Ptr(" SAM@example.com ") }); key.OwnerID == nil || *key.OwnerID != user {
		t.Errorf("the owner is %v, want %d", key.OwnerID, user)
	}
	_, _, err := b.keys.Create(b.cli, NewKey{Name: "x", Scopes: workforce.AllScopes, Owner: workforce.Ptr("nobody@example.com")})
	if !workforce.IsReason(err, workforce.ReasonUserNotFound) || strings.Contains(err.Error(), "nobody@") {
		t.Errorf("an unknown owner: %v", err)
	}
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	all := []workforce.Scope{workforce.ScopeAll}
	past, before := b.clock.now(), b.head(t)
	for name, n := range map[string]NewKey{
		"no name":       {Name: " ", Scopes: all},
		"long name":     {Name: strings.Repeat("x", 101), Scopes: all},
		"control":       {Name: "a\x00b", Scopes: all},
		"invalid UTF-8": {Name: "a\xff", Scopes: all},
		"no scope":      {Name: "x"},
		"unknown scope": {Name: "x", Scopes: []workforce.Scope{"root"}},
		"two in one":    {Name: "x", Scopes: []workforce.Scope{"all,all:read", "x"}},
		"expired":       {Name: "x", Scopes: all, Expires: &past},
	} {
		if _, _, err := b.keys.Create(b.cli, n); !workforce.IsReason(err, workforce.ReasonBadRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, p := range map[string]Principal{
		"all:read": {Actor: "key:9", Scopes: []workforce.Scope{workforce.ScopeAllRead}},
		"nothing":  {Actor: "key:9"},
	} {
		if _, _, err := b.keys.Create(With(t.Context(), p), NewKey{Name: "x", Scopes: all}); !workforce.IsReason(err, workforce.ReasonScope) {
			t.Errorf("by a principal with %s: %v", name, err)
		}
	}
	if _, _, err := b.keys.Create(t.Context(), NewKey{Name: "x", Scopes: all}); !workforce.IsReason(err, workforce.ReasonKeyMissing) {
		t.Errorf("by nobody: %v", err)
	}
	if got := b.head(t); got != before {
		t.Errorf("%d changes were logged", got-before)
	}
}

func TestKeysNeverShowTheSecret(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.head(t)
	secret, key := b.create(t, func(n *NewKey) { n.Name = "ci" })
	keys, err := b.keys.List(b.cli)
	if err != nil || len(keys) != 1 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	shown, err := json.Marshal(keys)
	if err != nil {
		t.Fatal(err)
	}
	var logged []store.Change
	err = b.db.Read(t.Context(), func(r *store.Reader) error {
		logged, err = r.Changes(t.Context(), before, 100)
		return err
	})
	if err != nil || len(logged) != 1 {
		t.Fatalf("%d changes, %v", len(logged), err)
	}
	if logged[0].Actor != ActorCommandLine {
		t.Errorf("the actor is %q", logged[0].Actor)
	}
	for where, text := range map[string]string{"list": string(shown), "log": string(logged[0].After)} {
		if strings.Contains(text, secret) || strings.Contains(text, secret[8:20]) || !strings.Contains(text, key.Hint) {
			t.Errorf("the %s shows %s", where, text)
		}
	}
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	b := setup(t)
	secret, first := b.create(t, func(n *NewKey) { n.Name = "ci" })
	b.create(t, func(n *NewKey) { n.Name = "ci" })
	_, third := b.create(t, func(n *NewKey) { n.Name = "backup" })

	if _, err := b.keys.Revoke(b.cli, "ci"); !workforce.IsReason(err, workforce.ReasonBadRequest) || !strings.Contains(err.Error(), "1, 2") {
		t.Errorf("an ambiguous name: %v", err)
	}
	for _, which := range []string{"", "9", "nope", "…", "pmk_"} {
		if _, err := b.keys.Revoke(b.cli, which); !workforce.IsReason(err, workforce.ReasonEntityNotFound) {
			t.Errorf("Revoke(%q): %v", which, err)
		}
	}
	revoked, err := b.keys.Revoke(b.cli, secret)
	if err != nil || revoked.ID != first.ID || revoked.RevokedAt == nil {
		t.Fatalf("by its text: %+v, %v", revoked, err)
	}
	if again, err := b.keys.Revoke(b.cli, "ci"); err != nil || again.ID != 2 {
		t.Errorf("the only live key of the name: %+v, %v", again, err)
	}
	if k, err := b.keys.Revoke(b.cli, strings.TrimSuffix(third.Hint, "…")); err != nil || k.ID != third.ID {
		t.Errorf("by its hint: %+v, %v", k, err)
	}
}

func TestRevokeIsFinalAndIdempotent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, key := b.create(t)
	first, err := b.keys.Revoke(b.cli, key.Hint)
	if err != nil {
		t.Fatal(err)
	}
	head := b.head(t)
	b.clock.pass(time.Hour)
	for _, which := range []string{"1", key.Hint, "test"} {
		again, err := b.keys.Revoke(b.cli, which)
		if err != nil || !workforce.Same(again.RevokedAt, first.RevokedAt) {
			t.Errorf("Revoke(%q) again: %v, %v", which, again.RevokedAt, err)
		}
	}
	if b.head(t) != head {
		t.Error("revoking again was logged")
	}
}
