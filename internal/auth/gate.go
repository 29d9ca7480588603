package auth

import (
	"context"
	"net/http"
	"strings"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Gate lets requests to the API's operations in. It is a [rest.Gate].
type Gate struct {
	auth *Authenticator
}

var _ rest.Gate = (*Gate)(nil)

// NewGate makes the gate of an authenticator.
func NewGate(a *Authenticator) *Gate { return &Gate{auth: a} }

// Admit gives the context with the principal and the cause of changes in it,
// or refuses in the order of the API: no valid key (401), the plan (402), the
// terms (412), the scope (403).
func (g *Gate) Admit(r *http.Request, route *rest.Route) (context.Context, error) {
	ctx := r.Context()
	p, company, err := g.auth.Authenticate(ctx, authorization(r), rest.SourceAddr(ctx))
	if err != nil {
		return nil, err
	}
	rest.SetActor(ctx, p.Actor)
	feature := workforce.Feature(route.Feature)
	if feature == "" {
		feature = workforce.FeatureCore
	}
	if err := Admits(company, feature); err != nil {
		return nil, err
	}
	if err := p.Require(workforce.Scope(route.Scope), accessOf(route.Method)); err != nil {
		return nil, err
	}
	// Authenticating has caught up with the log, for the operation, too.
	ctx = store.WithCaughtUp(ctx, g.auth.db.Followed())
	ctx = With(ctx, p)
	if accessOf(route.Method) == workforce.Reads {
		return ctx, nil // nothing will be logged
	}
	return WithCause(ctx, occasion(ctx, route)), nil
}

// occasion is the operation and the request's id, by which a change is found
// in the access log.
func occasion(ctx context.Context, route *rest.Route) string {
	if id := rest.RequestID(ctx); id != "" {
		return route.Operation + " " + id
	}
	return route.Operation
}

// authorization is the request's Authorization header. Several of them, of
// which a proxy and we might choose differently, join to one that is malformed.
func authorization(r *http.Request) string {
	return strings.Join(r.Header.Values("Authorization"), ", ")
}

// accessOf tells reading from writing by the method: a GET of this API never
// changes anything.
func accessOf(method string) workforce.Access {
	if method == http.MethodGet || method == http.MethodHead {
		return workforce.Reads
	}
	return workforce.Writes
}
