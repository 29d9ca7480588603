package peer

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/bench/load"
	"github.com/passmuster/passmuster/bench/scenario"
)

func TestRequestsAskForTheSame(t *testing.T) {
	t.Parallel()
	toggle := load.Request{Method: http.MethodPut, Target: "/public/user-identities/infrastructure/12/toggle", Body: `{"toggle": true, "toggleField": "INFRASTRUCTURE_ADMIN_ACCESS"}`}
	for name, c := range map[string]struct {
		from  load.Request
		path  string
		query map[string]string // some of the parameters
		body  string
	}{
		"a person": {load.Get("/public/personnel/17"), "people/records/p00000000000017", map[string]string{"expand": personExpand}, ""},
		"a page": {
			load.Get("/public/personnel?page=3&limit=20"), "people/records",
			map[string]string{"page": "3", "perPage": "20", "sort": "name_key", "filter": ""},
			"",
		},
		"filters": {
			load.Get("/public/personnel?page=1&limit=20&employmentStatuses[]=ALL_CURRENT_PERSONNEL&identityMfaCompliance=false&sort=START_DATE&sortDir=DESC"),
			"people/records",
			map[string]string{
				"filter": `(status = "CURRENT_EMPLOYEE" || status = "CURRENT_CONTRACTOR") && (check_identity_mfa = "MISCONFIGURED" || check_identity_mfa = "FAIL")`,
				"sort":   "-start_date",
			},
			"",
		},
		"a check's sort": {
			load.Get("/public/personnel?page=1&limit=20&deviceCompliance=false&sort=BG_CHECK&sortDir=DESC"), "people/records",
			map[string]string{"filter": "device_fails = 1", "sort": "-check_bg_check,-name_key"},
			"",
		},
		"a search": {
			load.Get("/public/personnel?page=1&limit=20&q=mit"), "people/records",
			map[string]string{"filter": `(name_key ~ "mit" || email_key ~ "mit")`},
			"",
		},
		"a change": {toggle, "infrastructure/records/a00000000000012", map[string]string{"expand": accountExpand}, `{"admin_access_at": "2026-01-01 00:00:00.000Z"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Request(c.from)
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(got.Target)
			if err != nil || u.Path != "/api/collections/"+c.path || got.Body != c.body {
				t.Errorf("%s with %q, %v", got.Target, got.Body, err)
			}
			for k, want := range c.query {
				if v := u.Query().Get(k); v != want {
					t.Errorf("%s is %q, want %q", k, v, want)
				}
			}
			if strings.ContainsAny(got.Target, " +") {
				t.Errorf("%s cannot be sent", got.Target)
			}
		})
	}
}

func TestRequestsThatNoScenarioMakesAreRefused(t *testing.T) {
	t.Parallel()
	for _, r := range []load.Request{
		load.Get("/public/users"), load.Get("/public/personnel?x=1"), load.Get("/public/personnel?sort=OS_VERSION"),
		{Method: http.MethodPut, Target: "/public/user-identities/infrastructure/1/toggle", Body: `{"toggleField": "X"}`},
	} {
		if got, err := Request(r); err == nil {
			t.Errorf("%s became %s", r.Target, got.Target)
		}
	}
}

// Every request of a set can be asked: what Build makes without a server.
func TestColdRequestsCanBeAsked(t *testing.T) {
	t.Parallel()
	_, cold := scenario.Cold(100, 1)
	theirs, err := Scenario(cold)
	if err != nil || len(theirs.Requests) != len(cold.Requests) || theirs.Order != load.Once || theirs.Name != scenario.GetCold {
		t.Errorf("%d of %d, %v", len(theirs.Requests), len(cold.Requests), err)
	}
}

func TestDisagreementIsNoticed(t *testing.T) {
	t.Parallel()
	const (
		person  = `{"user": {"email": "a@x"}, "complianceChecks": [{}, {}]}`
		account = `{"email": "i@x", "user": {"email": "a@x"}}`
	)
	for name, c := range map[string]struct {
		ours, theirs string
		agree        bool
	}{
		"totals":         {`{"total": 3}`, `{"totalItems": 3}`, true},
		"other totals":   {`{"total": 3}`, `{"totalItems": 2}`, false},
		"no total":       {`{"total": 3}`, `{}`, false},
		"a person":       {person, `{"email": "a@x", "expand": {"checks_via_person": [{}, {}]}}`, true},
		"somebody else":  {person, `{"email": "b@x", "expand": {"checks_via_person": [{}, {}]}}`, false},
		"fewer checks":   {person, `{"email": "a@x", "expand": {"checks_via_person": [{}]}}`, false},
		"an account":     {account, `{"email": "i@x", "expand": {"person": {"email": "a@x"}}}`, true},
		"another's":      {account, `{"email": "i@x", "expand": {"person": {"email": "b@x"}}}`, false},
		"nobody's":       {`{"email": "i@x", "user": null}`, `{"email": "i@x"}`, true},
		"not JSON":       {account, `<html>`, false},
		"other accounts": {account, `{"email": "j@x", "expand": {"person": {"email": "a@x"}}}`, false},
	} {
		if err := same([]byte(c.theirs), []byte(c.ours)); (err == nil) != c.agree {
			t.Errorf("%s: %v", name, err)
		}
	}
}
