package native

import (
	"context"
	"net/http"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Serve gives the routes by which a server answers the operations, streams
// included. An operation of [rest.Op] answers once and at its end; for a stream
// to write as it goes, the operations have a [rest.Mux] of their own, made from
// cfg, whose gate, limits and log then hold here. cfg.Routes and cfg.Bases do
// not count.
func Serve(operations []rest.Route, cfg rest.MuxConfig) ([]rest.Route, error) {
	cfg.Routes, cfg.Bases, cfg.Gate = operations, nil, eitherKind{cfg.Gate}
	mux, err := rest.NewMux(cfg)
	if err != nil {
		return nil, err
	}
	out := make([]rest.Route, len(operations))
	for i, r := range operations {
		out[i] = rest.Raw(r.Method, r.Pattern, r.Operation, streamable(mux))
		out[i].Version = r.Version
	}
	return out, nil
}

// streamable lets the handlers behind next write an answer themselves.
func streamable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &answer{ResponseWriter: w}
		next.ServeHTTP(a, r.WithContext(context.WithValue(r.Context(), answerKey{}, a)))
		if a.broken {
			panic(http.ErrAbortHandler)
		}
	})
}

type answerKey struct{}

// answer is an answer that a handler may take over. What whoever is in between
// then writes of it is dropped.
type answer struct {
	http.ResponseWriter
	taken  bool
	broken bool // what was written is not the whole
}

// takeOver gives the writer of the answer to whoever asks, alone.
func (a *answer) takeOver() http.ResponseWriter {
	a.taken = true
	return a.ResponseWriter
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if !a.taken {
		a.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	if a.taken {
		return len(b), nil
	}
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the server's own writer.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// eitherKind lets a key in that may read accounts of one kind only. Which kinds
// are shown is the directory's business.
type eitherKind struct{ rest.Gate }

// Admit implements [rest.Gate].
func (g eitherKind) Admit(r *http.Request, route *rest.Route) (context.Context, error) {
	ctx, err := g.Gate.Admit(r, route)
	if route.Operation != operationAccounts || !workforce.IsReason(err, workforce.ReasonScope) {
		return ctx, err
	}
	other := *route
	other.Scope = string(workforce.ScopeVersionControlManage)
	if ctx, again := g.Gate.Admit(r, &other); again == nil {
		return ctx, nil
	}
	return nil, err
}
