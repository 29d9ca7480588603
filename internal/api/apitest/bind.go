package apitest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/rest"
)

// Bound runs a bind function on a request, as the API does. It gives what was
// bound, or the message of the refusal.
func Bound[P any](t *testing.T, bind func(*rest.Binder) P, pattern, method, target, body string) (P, string) {
	t.Helper()
	var bound P
	route := rest.Op(method, pattern, "operation", "", bind,
		func(_ context.Context, _ *rest.Request, p P) (rest.Response, error) {
			bound = p
			return rest.RawJSON("{}"), nil
		})
	status, answer := Call(t.Context(), t, []rest.Route{route}, method, target, body)
	if status == http.StatusOK {
		return bound, ""
	}
	var refusal struct{ Message string }
	if err := json.Unmarshal(answer, &refusal); err != nil || status != http.StatusBadRequest {
		t.Fatalf("%s %s answers %d %s", method, target, status, answer)
	}
	return bound, refusal.Message
}

// Call sends one request to a route table whose gate lets everybody in, with
// the context as the gate would leave it.
func Call(ctx context.Context, t *testing.T, routes []rest.Route, method, target, body string) (status int, answer []byte) {
	t.Helper()
	recorder := Serve(ctx, t, routes, method, target, body)
	return recorder.Code, recorder.Body.Bytes()
}

// Serve is [Call] with the headers of the answer.
func Serve(ctx context.Context, t *testing.T, routes []rest.Route, method, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	mux, err := rest.NewMux(rest.MuxConfig{Routes: routes, Gate: openGate{ctx}})
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	mux.ServeHTTP(recorder, httptest.NewRequestWithContext(ctx, method, target, strings.NewReader(body)))
	return recorder
}

// openGate lets everybody in as whoever the context says.
type openGate struct{ ctx context.Context }

func (g openGate) Admit(*http.Request, *rest.Route) (context.Context, error) { return g.ctx, nil }
