package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// What is done with compliance over HTTP is on record, decides people's checks,
// and is repeated without a trace. Each database is walked on once, because what
// one part does the next one sees.
func TestCompliance(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			n := compliance{native{t, serve(t, db).as(db.key), db}}
			n.explained()
			n.rules()
			n.evidence()
			n.exclusions()
			n.twice()
			n.permissions()
			db.verify(t)
		})
	}
}

type compliance struct{ native }

// send makes a request that must be answered so.
func (n compliance) send(method, path, body string, status int) *answer {
	n.t.Helper()
	a := n.c.do(n.t, call{method, "/native/v1" + path, body})
	if a.status != status {
		n.t.Fatalf("%s %s: %d, want %d\n%s", a.call, body, a.status, status, a.body)
	}
	return a
}

// outcome is how a check of a person came out, as the list of people has it.
func (n compliance) outcome(person int64, check string) string {
	n.t.Helper()
	return n.c.get(n.t, fmt.Sprintf("/public/personnel/%d", person)).checkOf(n.t, check)
}

// checkOf is the status of a check in a personnel record.
func (a *answer) checkOf(t *testing.T, check string) string {
	t.Helper()
	for _, c := range a.list(t, "complianceChecks") {
		if r := record(c.(map[string]any)); r.text("type") == check {
			return r.text("status")
		}
	}
	t.Fatalf("%s: there is no %s", a.call, check)
	return ""
}

// eventually waits until whoever a change touches was assessed.
func (n compliance) eventually(person int64, check, want string) {
	n.t.Helper()
	got := ""
	for began := time.Now(); time.Since(began) < patience; <-time.After(10 * time.Millisecond) {
		if got = n.outcome(person, check); got == want {
			return
		}
	}
	n.t.Errorf("%s of person %d is %s, want %s", check, person, got, want)
}

// explained: the explanation of everyone says what their record says.
func (n compliance) explained() {
	n.t.Helper()
	for person := int64(1); person <= 20; person++ {
		a := n.send(http.MethodGet, fmt.Sprintf("/people/%d/compliance", person), "", http.StatusOK)
		own := n.c.get(n.t, fmt.Sprintf("/public/personnel/%d", person))
		checks := a.list(n.t, "checks")
		n.same("checks", len(checks), 15)
		for _, c := range checks {
			r := record(c.(map[string]any))
			n.same(fmt.Sprintf("%s of person %d", r.text("type"), person), r.text("status"), own.checkOf(n.t, r.text("type")))
			if len(r["reasons"].([]any)) == 0 {
				n.t.Errorf("%s of person %d has no reason", r.text("type"), person)
			}
		}
	}
}

// rules: a change that is previewed and made is on everybody's record soon.
func (n compliance) rules() {
	n.t.Helper()
	const change = `{"checks":{"LOCATION_SERVICES":{"required":false}}}`
	n.send(http.MethodPost, "/compliance/rules/preview", change, http.StatusOK)
	was := n.outcome(3, "LOCATION_SERVICES")
	n.same("after a preview", n.outcome(3, "LOCATION_SERVICES"), was)
	n.send(http.MethodPatch, "/compliance/rules", change, http.StatusOK)
	n.eventually(3, "LOCATION_SERVICES", "EXCLUDED")
	n.send(http.MethodDelete, "/compliance/rules", "", http.StatusOK)
	n.eventually(3, "LOCATION_SERVICES", was)
}

// evidence: a policy that is published has to be acknowledged, at once.
func (n compliance) evidence() {
	n.t.Helper()
	group := n.send(http.MethodPost, "/groups", `{"name":"Of the test"}`, http.StatusCreated).int(n.t, "id")
	n.send(http.MethodPost, fmt.Sprintf("/groups/%d/members", group), `{"add":[3]}`, http.StatusNoContent)
	policy := n.send(http.MethodPost, "/policies", fmt.Sprintf(`{"name":"Of the test","assignedTo":"GROUPS","groupIds":[%d]}`, group), http.StatusCreated).int(n.t, "id")
	was := n.outcome(3, "ACCEPTED_POLICIES")
	n.send(http.MethodPost, fmt.Sprintf("/policies/%d/versions", policy), `{"text":"Be careful."}`, http.StatusCreated)
	n.same("with a draft", n.outcome(3, "ACCEPTED_POLICIES"), was)
	n.send(http.MethodPost, fmt.Sprintf("/policies/%d/versions/1/publish", policy), "", http.StatusOK)
	n.same("with a version", n.outcome(3, "ACCEPTED_POLICIES"), "FAIL")
	n.send(http.MethodPost, "/users/3/acknowledgements", fmt.Sprintf(`{"policyId":%d}`, policy), http.StatusCreated)
	n.same("acknowledged", n.outcome(3, "ACCEPTED_POLICIES"), was)

	n.send(http.MethodPatch, "/compliance/rules", fmt.Sprintf(`{"checks":{"HIPAA_TRAINING":{"required":true,"groupIds":[%d]}}}`, group), http.StatusOK)
	n.same("nothing on record", n.outcome(3, "HIPAA_TRAINING"), "MISCONFIGURED")
	training := n.send(http.MethodPost, "/users/3/trainings", `{"type":"HIPAA_TRAINING","state":"ASSIGNED","course":"Of the test"}`, http.StatusCreated).int(n.t, "id")
	n.same("to be done", n.outcome(3, "HIPAA_TRAINING"), "FAIL")
	n.send(http.MethodDelete, fmt.Sprintf("/users/3/trainings/%d", training), "", http.StatusNoContent)
	n.same("taken off the record", n.outcome(3, "HIPAA_TRAINING"), "MISCONFIGURED")
	a := n.send(http.MethodDelete, fmt.Sprintf("/groups/%d", group), "", http.StatusConflict)
	a.same(n.t, "reason", "in_use")
}

// exclusions: they count between their times, and end by themselves.
func (n compliance) exclusions() {
	n.t.Helper()
	body := func(ends string) string {
		return `{"personnelId":3,"checks":["HIPAA_TRAINING"],"reason":"Of the test","endsAt":"` + ends + `"}`
	}
	n.send(http.MethodPost, "/exclusions", body(time.Now().Add(5*time.Second).UTC().Format(time.RFC3339Nano)), http.StatusCreated)
	n.same("excluded", n.outcome(3, "HIPAA_TRAINING"), "EXCLUDED")
	n.eventually(3, "HIPAA_TRAINING", "MISCONFIGURED")
	id := n.send(http.MethodPost, "/exclusions", body("2999-01-01"), http.StatusCreated).int(n.t, "id")
	n.same("excluded again", n.outcome(3, "HIPAA_TRAINING"), "EXCLUDED")
	n.send(http.MethodPost, fmt.Sprintf("/exclusions/%d/end", id), `{}`, http.StatusOK)
	n.same("ended", n.outcome(3, "HIPAA_TRAINING"), "MISCONFIGURED")
}

// twice: what is sent again is not in the log.
func (n compliance) twice() {
	n.t.Helper()
	for _, r := range []call{
		{http.MethodPut, "/compliance/rules", string(n.send(http.MethodGet, "/compliance/rules", "", http.StatusOK).body)},
		{http.MethodPatch, "/compliance/rules", `{"reportingDays":31}`},
		{http.MethodPatch, "/policies/2", `{"description":"Of the test","ownerId":null}`},
		{http.MethodPatch, "/groups/2", `{"name":"Contractors and others"}`},
	} {
		n.send(r.method, r.path, r.body, http.StatusOK)
		mine := func() int64 { return n.db.number(n.t, `SELECT COUNT(*) FROM changes WHERE actor LIKE 'key:%'`) }
		before := mine()
		n.send(r.method, r.path, r.body, http.StatusOK)
		n.same("changes by "+r.String()+", sent twice", mine(), before)
	}
}

// permissions: each of the three opens its own and nothing else.
func (n compliance) permissions() {
	n.t.Helper()
	for _, r := range []struct {
		scope string
		call  call
	}{
		{"compliance:get", call{http.MethodGet, "/native/v1/compliance/rules", ""}},
		{"compliance:get", call{http.MethodPost, "/native/v1/compliance/rules/preview", `{}`}},
		{"compliance:manage", call{http.MethodPatch, "/native/v1/compliance/rules", `{}`}},
		{"evidence:manage", call{http.MethodPost, "/native/v1/users/3/trainings", `{"type":"NIST_AI_TRAINING","state":"ASSIGNED","assignedAt":"2025-01-31"}`}},
	} {
		for _, scope := range []string{"compliance:get", "compliance:manage", "evidence:manage"} {
			c := n.c
			c.header = http.Header{"Authorization": {"Bearer " + n.db.newKey(n.t, "--scope", scope)}}
			a := c.do(n.t, r.call)
			n.same(fmt.Sprintf("%s with %s is let in", r.call, scope), a.status < http.StatusBadRequest, scope == r.scope)
		}
	}
}
