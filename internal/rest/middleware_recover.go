package rest

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Recover turns a panic into a 500 in the route's error shape and logs it with
// its stack. If part of an answer is out already, the connection is cut
// instead, so that the client cannot take the part for the whole.
func Recover(log *slog.Logger) func(http.Handler) http.Handler {
	e := Errors{Log: log}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				p := recover()
				if p == nil {
					return
				}
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) { // asked for; net/http knows what to do
					panic(p)
				}
				e.panicked(w, r, p)
			}()
			next.ServeHTTP(w, r)
		})
	}
}

func (e Errors) panicked(w http.ResponseWriter, r *http.Request, p any) {
	x, version := exchangeOf(r.Context()), V1
	e.Log.LogAttrs(r.Context(), slog.LevelError, "request panicked",
		slog.String("panic", panicText(p)), slog.String("stack", string(debug.Stack())),
		slog.String("route", x.pattern()), x.idAttr())
	if x != nil && x.route != nil {
		version = x.route.Version
	}
	if x != nil && x.status != 0 {
		panic(http.ErrAbortHandler)
	}
	x.refused(workforce.ReasonInternal)
	writeJSON(w, http.StatusInternalServerError,
		errorResponse{version, &workforce.Fault{Reason: workforce.ReasonInternal}})
}

// panicText shows errors and texts in full and of anything else the type only:
// a value may hold what must not be logged.
func panicText(p any) string {
	switch p := p.(type) {
	case error:
		return p.Error()
	case string:
		return p
	}
	return fmt.Sprintf("value of type %T", p)
}
