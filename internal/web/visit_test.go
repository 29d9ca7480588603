package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/workforce"
)

func TestScopes(t *testing.T) {
	t.Parallel()
	b := setupDemo(t, 5)
	b.signIn(workforce.ScopeUsersList)
	b.get("/people").want(403, "personnel:list", "Sign out")
	b.get("/people/1").want(403, "personnel:get", "Back to the list")
	b.get("/people/999").want(403) // numbers cannot be probed
	b.signIn(workforce.ScopePersonnelList)
	b.get("/people").want(200)
	b.get("/people/1").want(403, "personnel:get")
	b.signIn(workforce.ScopePersonnelGet)
	b.get("/people").want(403)
	b.get("/people/1").want(200,
		"Infrastructure accounts are not shown.", "infrastructure-identities:manage",
		"Version control accounts are not shown.", "version-control-identities:manage").lacks("No account is linked")
	b.signIn(workforce.ScopePersonnelGet, workforce.ScopeInfrastructureManage)
	b.get("/people/1").want(200, "Version control accounts are not shown.").lacks("Infrastructure accounts are not shown.")
}

func TestPlanAndTerms(t *testing.T) {
	t.Parallel()
	b := setupDemo(t, 5)
	b.signIn()
	b.get("/people/1").want(200).lacks("are not shown")
	b.setCompany(func(c *workforce.Company) { c.Plan = workforce.PlanCore })
	b.get("/people").want(200)
	b.get("/people/1").want(200, "Infrastructure accounts are not shown. The company&#39;s plan does not include", "company set --plan full")
	b.setCompany(func(c *workforce.Company) { c.TermsAcceptedAt = nil })
	b.get("/people").want(412, "accept-terms=true")
	b.setCompany(func(c *workforce.Company) { c.Plan = workforce.PlanNone })
	b.get("/people").want(402, "company set --plan full", "Sign out")
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	b := setupDemo(t, 5)
	b.signIn()
	for _, id := range []string{"6", "0", "01", "-1", "me", "99999999999999999999", "%3Cscript%3E"} {
		b.get("/people/"+id).want(404, "Nothing here", "Back to the list").lacks("<script")
	}
}

func TestOurOwnMistakes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.signIn()
	if err := b.db.Close(); err != nil {
		t.Fatal(err)
	}
	const id = "request-number-7"
	b.get("/people?q=secretname", header("X-Request-Id", id)).want(500, "our mistake", id)
	log := b.log.String()
	if !strings.Contains(log, id) || !strings.Contains(log, "level=ERROR") || strings.Contains(log, "secretname") {
		t.Errorf("logged %q", log)
	}
}

func TestPagesAreProtected(t *testing.T) {
	t.Parallel()
	b := setupDemo(t, 5)
	anonymous := []response{b.get("/"), b.get("/session"), b.get("/people"), b.post("/session", nil), b.post("/session/end", nil)}
	b.signIn()
	for _, w := range append(anonymous, b.get("/people"), b.get("/people/1"), b.get("/people/77"), b.get("/people?page=0")) {
		for name, want := range map[string]string{
			"Content-Security-Policy": policy,
			"Cache-Control":           "no-store",
			"Referrer-Policy":         "same-origin",
			"X-Content-Type-Options":  "nosniff",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s (%d): %s is %q, want %q", w.what, w.Code, name, got, want)
			}
		}
	}
}

func TestHeadIsAnsweredLikeGet(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.get("/people", func(r *http.Request) { r.Method = http.MethodHead }).leadsTo("/session?to=%2Fpeople")
}
