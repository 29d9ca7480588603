package auth

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func TestGateRefusesInOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	secret, _ := b.create(t, func(n *NewKey) { n.Scopes = []workforce.Scope{workforce.ScopeUsersList} })
	gate := NewGate(b.auth)
	route := &rest.Route{Operation: "op", Method: http.MethodPut, Scope: string(workforce.ScopePersonnelStatus), Feature: string(workforce.FeatureUserIdentities)}
	admit := func(header ...string) (context.Context, error) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/", http.NoBody)
		r.Header["Authorization"] = header
		return gate.Admit(r, route)
	}
	// Everything is wrong at first; one fault after the other is mended.
	b.saveCompany(t, func(c *workforce.Company) { c.Plan, c.TermsAcceptedAt = workforce.PlanNone, nil })
	for _, step := range []struct {
		header string
		mend   func()
		want   workforce.Reason
	}{
		{"", func() {}, workforce.ReasonKeyMissing},
		{"Basic nonsense", func() {}, workforce.ReasonKeyMalformed},
		{"Bearer nonsense", func() {}, workforce.ReasonKeyUnknown},
		{"Bearer " + secret, func() {}, workforce.ReasonPlanNone},
		{
			"Bearer " + secret, func() { b.saveCompany(t, func(c *workforce.Company) { c.Plan = workforce.PlanCore }) },
			workforce.ReasonPlanFeature,
		},
		{
			"Bearer " + secret, func() { b.saveCompany(t, func(c *workforce.Company) { c.Plan = workforce.PlanFull }) },
			workforce.ReasonTermsNotAccepted,
		},
		{
			"Bearer " + secret, func() {
				b.saveCompany(t, func(c *workforce.Company) { c.TermsAcceptedAt = workforce.Ptr(b.db.Now()) })
			},
			workforce.ReasonScope,
		},
	} {
		step.mend()
		if ctx, err := admit(step.header); ctx != nil || !workforce.IsReason(err, step.want) {
			t.Fatalf("got %v, want %s", err, step.want)
		}
	}
	route.Method, route.Scope = http.MethodGet, string(workforce.ScopeUsersList)
	ctx, err := admit("Bearer " + secret)
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := From(ctx); !ok || p.Actor != "key:1" {
		t.Errorf("the context carries %+v, %v", p, ok)
	}
	if got := CauseFrom(ctx); got != "" {
		t.Errorf("reading has the cause %q, and changes nothing", got)
	}
	all, _ := b.create(t)
	route.Method = http.MethodPut
	if ctx, err = admit("Bearer " + all); err != nil || CauseFrom(ctx) != "op" {
		t.Errorf("the cause is %q (%v), want the operation", CauseFrom(ctx), err)
	}
	if _, err := admit("Bearer "+secret, "Bearer "+secret); !workforce.IsReason(err, workforce.ReasonKeyMalformed) {
		t.Errorf("two headers: %v", err)
	}
}

// The database breaking is neither a refusal nor a way in.
func TestAuthenticateWithoutADatabase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	secret, _ := b.create(t)
	_, cookie, err := b.auth.SignIn(t.Context(), secret, somewhere)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	broken := NewAuthenticator(b.db, slog.New(slog.DiscardHandler))
	defer broken.Close()
	_, _, byHeader := broken.Authenticate(ctx, "Bearer "+secret, somewhere)
	_, _, byCookie := broken.Resume(ctx, cookie, somewhere)
	for _, err := range []error{byHeader, byCookie} {
		if err == nil || workforce.IsKind(err, workforce.KindUnauthenticated) {
			t.Errorf("got %v, want the database's error", err)
		}
	}
}
