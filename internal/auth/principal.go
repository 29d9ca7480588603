package auth

import (
	"context"
	"strconv"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Principal is who asks. The zero Principal may do nothing.
type Principal struct {
	KeyID   workforce.KeyID   // 0 for the command line
	Actor   string            // as the change log names it: "key:12", "cli"
	OwnerID *workforce.UserID // the user who answers for it; nil if nobody does
	Scopes  []workforce.Scope
}

// ActorCommandLine is the actor of changes made on the command line.
const ActorCommandLine = "cli"

// CommandLine is whoever can run the program beside its database. They could
// edit the file itself, so everything is granted.
func CommandLine() Principal {
	return Principal{Actor: ActorCommandLine, Scopes: []workforce.Scope{workforce.ScopeAll}}
}

// ofKey is the principal that a valid key stands for.
func ofKey(k workforce.APIKey) Principal {
	return Principal{
		KeyID:   k.ID,
		Actor:   "key:" + strconv.FormatInt(int64(k.ID), 10),
		OwnerID: k.OwnerID,
		Scopes:  k.Scopes,
	}
}

// Require is nil if the principal may do the access to what the scope names,
// and otherwise a [workforce.ReasonScope] fault that says which scope to ask
// for.
func (p Principal) Require(scope workforce.Scope, access workforce.Access) error {
	if (workforce.APIKey{Scopes: p.Scopes}).Grants(scope, access) {
		return nil
	}
	alternative := workforce.ScopeAll
	if access == workforce.Reads {
		alternative = workforce.ScopeAllRead
	}
	return workforce.Refuse(workforce.ReasonScope,
		"This API key lacks the permission %q. Use a key that has it (or %q); keys are made with: passmuster key create --name NAME --scope %s",
		scope, alternative, scope)
}

type principalKey struct{}

// With gives a context that carries the principal.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, &p)
}

// From is the principal that the context carries.
func From(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(principalKey{}).(*Principal)
	if !ok {
		return Principal{}, false
	}
	return *p, true
}

// Require is the context's principal if it may do the access to what the scope
// names. Without a principal it is a [workforce.ReasonKeyMissing] fault: work
// that nobody asked for is never done.
func Require(ctx context.Context, scope workforce.Scope, access workforce.Access) (Principal, error) {
	p, ok := From(ctx)
	if !ok {
		return Principal{}, keyMissing()
	}
	return p, p.Require(scope, access)
}
