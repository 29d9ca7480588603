package native

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// complianceAnswers is one of each answer about compliance.
func complianceAnswers(t *rapid.T) map[string]rest.Response {
	policy := apitest.Random[workforce.Policy](t)
	return map[string]rest.Response{
		"explanation": toWireCompliance(apitest.Random[compliance.Explanation](t)),
		"rules":       toWireRules(apitest.Random[workforce.Rules](t)),
		"preview":     toWirePreview(randomPreview(t)),
		"policies":    dataOf([]workforce.Policy{policy, policy}, toWirePolicySummary), "no policies": dataOf(nil, toWirePolicySummary),
		"policy":           toWirePolicy(policy),
		"version":          toWireWording(apitest.Random[workforce.PolicyVersion](t)),
		"acknowledgements": dataOf([]workforce.Acknowledgement{apitest.Random[workforce.Acknowledgement](t)}, toWireAcknowledgement),
		"trainings":        dataOf([]workforce.Training{apitest.Random[workforce.Training](t)}, toWireTraining),
		"exclusions":       dataOf([]workforce.Exclusion{apitest.Random[workforce.Exclusion](t)}, toWireExclusion),
		"groups":           dataOf([]workforce.Group{apitest.Random[workforce.Group](t)}, toWireGroup),
		"members":          MembersPage{[]int64{1, 2}, MembersPagination{rapid.Ptr(rapid.String(), true).Draw(t, "cursor")}},
	}
}

func randomPreview(t *rapid.T) compliance.Preview {
	p := compliance.Preview{Assessed: 3, Flips: []compliance.Flip{apitest.Random[compliance.Flip](t)}}
	p.Counts = map[workforce.CheckType]map[[2]workforce.CheckStatus]int64{}
	for _, check := range rapid.SliceOfDistinct(rapid.SampledFrom(workforce.AllCheckTypes), rapid.ID).Draw(t, "checks") {
		status := rapid.SampledFrom(workforce.AllCheckStatuses)
		p.Counts[check] = map[[2]workforce.CheckStatus]int64{{status.Draw(t, "from"), status.Draw(t, "to")}: rapid.Int64Range(1, 1<<40).Draw(t, "count")}
	}
	return p
}

// What a preview counts is what is read from it again.
func TestFlipCounts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := randomPreview(t)
		var shown map[workforce.CheckType]map[workforce.CheckStatus]map[workforce.CheckStatus]int64
		decode(t, toWirePreview(p).Counts.AppendJSON(nil), &shown)
		if len(shown) != len(p.Counts) {
			t.Fatalf("%d checks became %d", len(p.Counts), len(shown))
		}
		for check, flips := range p.Counts {
			for flip, n := range flips {
				if shown[check][flip[0]][flip[1]] != n {
					t.Fatalf("%s %v: %d, want %d", check, flip, shown[check][flip[0]][flip[1]], n)
				}
			}
		}
	})
}

func (a *api) send(method, target, body string) *httptest.ResponseRecorder {
	a.Helper()
	w := httptest.NewRecorder()
	a.mux.ServeHTTP(w, httptest.NewRequestWithContext(a.Context(), method, Base+target, strings.NewReader(body)))
	return w
}

// step is a request and what its answer has to hold.
type step struct {
	method, target, body string
	status               int
	says                 []string
}

func (a *api) walk(steps []step) {
	a.Helper()
	for _, s := range steps {
		w := a.send(s.method, s.target, s.body)
		if w.Code != s.status {
			a.Errorf("%s %s %s: %d %s, want %d", s.method, s.target, s.body, w.Code, w.Body, s.status)
			continue
		}
		for _, text := range s.says {
			if !strings.Contains(w.Body.String(), text) {
				a.Errorf("%s %s %s: %s does not hold %s", s.method, s.target, s.body, w.Body, text)
			}
		}
	}
}

func TestExplanations(t *testing.T) {
	t.Parallel()
	a := newComplianceAPI(t)
	type explained struct {
		Email  string
		Status string
		Checks []struct {
			Type    string
			Status  string
			Reasons []struct{ Code, Message string }
		}
	}
	read := func(target string) (p explained) {
		w := a.send(get, target, "")
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusOK || len(p.Checks) != len(workforce.AllCheckTypes) {
			t.Fatalf("%s: %d %s: %v", target, w.Code, w.Body, err)
		}
		return p
	}
	p := read("/people/1/compliance")
	if p.Checks[0].Status != p.Status {
		t.Errorf("the person is %s, and the first check %s", p.Status, p.Checks[0].Status)
	}
	for i, c := range p.Checks {
		if c.Type != string(workforce.AllCheckTypes[i]) || len(c.Reasons) == 0 || c.Reasons[0].Message == "" || c.Reasons[0].Code == "" {
			t.Errorf("check %d is %+v", i, c)
		}
	}
	if byEmail := read("/people/email/" + strings.ToUpper(p.Email) + "/compliance"); !reflect.DeepEqual(byEmail, p) {
		t.Errorf("by e-mail it is %+v, by number %+v", byEmail, p)
	}
	a.walk([]step{
		{get, "/people/99/compliance", "", 404, []string{`"reason":"personnel_not_found"`}},
		{get, "/people/email/nobody@example.com/compliance", "", 404, []string{`"reason":"personnel_not_found"`}},
		{get, "/people/x/compliance", "", 400, []string{`"field":"id"`}},
	})
}

func TestRules(t *testing.T) {
	t.Parallel()
	a := newComplianceAPI(t)
	first := a.send(get, "/compliance/rules", "").Body.String()
	a.walk([]step{
		{put, "/compliance/rules", first, 200, []string{`"updatedAt":null`}}, // what GET gives can be sent back
		{patch, "/compliance/rules", `{}`, 200, []string{`"updatedAt":null`}},
		{patch, "/compliance/rules", `{"checks":{"IDENTITY_MFA":{"required":false,"groupIds":[1]}},"screenLockSeconds":60}`, 200, []string{
			`"IDENTITY_MFA":{"required":false,"statuses":["CURRENT_EMPLOYEE","CURRENT_CONTRACTOR","UNKNOWN"],"groupIds":[1],`, `"screenLockSeconds":60,"reportingDays":30`,
		}},
		{patch, "/compliance/rules", `{"checks":{"IDENTITY_MFA":{"groupIds":[]}}}`, 200, []string{`"groupIds":[],"renewalMonths":0,"frequency":"HOURLY"`}},
		{post, "/compliance/rules/preview?limit=1", `{"checks":{"IDENTITY_MFA":{"required":true}}}`, 200, []string{`"counts":{`, `"flips":[`}},
		{remove, "/compliance/rules", "", 200, []string{`"screenLockSeconds":900`}},
		{put, "/compliance/rules", `{"checks":{}}`, 400, []string{"checks.FULL_COMPLIANCE is required", "screenLockSeconds is required", `"field":"checks.FULL_COMPLIANCE"`}},
		{patch, "/compliance/rules", `{"screenlockSeconds":60}`, 400, []string{`"field":"screenlockSeconds"`, "the fields are checks, screenLockSeconds"}},
		{patch, "/compliance/rules", `{"checks":{"MFA":{}}}`, 400, []string{`"field":"checks.MFA"`, "IDENTITY_MFA"}},
		{patch, "/compliance/rules", `{"checks":{"IDENTITY_MFA":{"require":true}}}`, 400, []string{`"field":"checks.IDENTITY_MFA.require"`}},
		{patch, "/compliance/rules", `{"checks":{"IDENTITY_MFA":{"frequency":"OFTEN"}}}`, 400, []string{`"field":"checks.IDENTITY_MFA.frequency"`, "HOURLY"}},
		{patch, "/compliance/rules", `{"checks":{"IDENTITY_MFA":{"statuses":["GONE"]}}}`, 400, []string{`"field":"checks.IDENTITY_MFA.statuses"`, "FUTURE_HIRE"}},
		{patch, "/compliance/rules", `{"checks":{"IDENTITY_MFA":{"groupIds":[77]}}}`, 400, []string{"there is no group with the id 77"}},
		{patch, "/compliance/rules", `{"checks":{"IDENTITY_MFA":{"renewalMonths":3}}}`, 400, []string{"renewalMonths of IDENTITY_MFA must be 0"}},
		{patch, "/compliance/rules", `{"checks":[]}`, 400, []string{`"field":"checks"`, "an object for each of"}},
		{patch, "/compliance/rules", `{"checks":{"BG_CHECK":null,"IDENTITY_MFA":7}}`, 400, []string{"checks.IDENTITY_MFA must be an object"}},
		{post, "/compliance/rules/preview?limit=1001", `{}`, 400, []string{`"field":"limit"`}},
	})
	if last := a.send(get, "/compliance/rules", "").Body.String(); strings.Contains(last, `"updatedAt":null`) {
		t.Errorf("rules that changed have no time: %s", last)
	}
}

func TestPoliciesAndEvidence(t *testing.T) {
	t.Parallel()
	newComplianceAPI(t).walk([]step{
		{post, "/policies", `{}`, 400, []string{`"field":"name"`}},
		{post, "/policies", `{"name":" "}`, 400, []string{`"field":"name"`}},
		{post, "/policies", `{"name":"Security","description":"d","ownerId":1}`, 201, []string{`"id":1,`, `"assignedTo":"ALL"`, `"ownerId":1`, `"currentVersion":null`, `"versions":[]`}},
		{post, "/policies", `{"name":"SECURITY"}`, 409, []string{`"reason":"duplicate"`}},
		{post, "/policies", `{"name":"Other","ownerId":99}`, 404, []string{`"reason":"user_not_found"`}},
		{patch, "/policies/1", `{"assignedTo":"GROUPS"}`, 400, []string{`"field":"groupIds"`}},
		{patch, "/policies/1", `{"assignedTo":"GROUPS","groupIds":[1]}`, 200, []string{`"groupIds":[1]`, `"description":"d"`}},
		{patch, "/policies/1", `{"assignedTo":"EVERYBODY"}`, 400, []string{`"field":"assignedTo"`, "ALL, GROUPS, NONE"}},
		{patch, "/policies/1", `{"name":null,"description":null,"ownerId":null,"assignedTo":"ALL"}`, 200, []string{`"name":"Security","description":null`, `"groupIds":[],"ownerId":null`}},
		{patch, "/policies/1", `{"name":""}`, 400, []string{`"field":"name"`}},
		{patch, "/policies/9", `{}`, 404, []string{`"reason":"entity_not_found"`}},
		{post, "/policies/1/versions", `{"text":"Be careful."}`, 201, []string{`"version":1,`, `"publishedAt":null`}},
		{post, "/users/1/acknowledgements", `{"policyId":1}`, 409, []string{`"reason":"not_published"`}},
		{patch, "/policies/1/versions/1", `{"url":"https://example.com/policy","text":null}`, 200, []string{`"text":null,"url":"https://example.com/policy"`}},
		{patch, "/policies/1/versions/2", `{}`, 404, []string{`"reason":"entity_not_found"`}},
		{post, "/policies/1/versions/1/publish", "", 200, []string{`"publishedAt":"`}},
		{post, "/policies/1/versions/1/publish", "", 200, []string{`"publishedAt":"`}},
		{post, "/policies/1/versions/7/publish", "", 404, nil},
		{patch, "/policies/1/versions/1", `{"url":null}`, 409, []string{`"reason":"published"`}},
		{get, "/policies", "", 200, []string{`{"data":[{"id":1,`, `"currentVersion":1`}},
		{get, "/policies/1", "", 200, []string{`"versions":[{"version":1`}},
		{post, "/users/1/acknowledgements", `{"policyId":1,"acknowledgedAt":"2025-07-06"}`, 201, []string{`"version":1,"acknowledgedAt":"2025-07-0`, `"source":"api"`}},
		{post, "/users/1/acknowledgements", `{"policyId":1,"acknowledgedAt":"2024-01-01"}`, 201, []string{`"acknowledgedAt":"2025-07-0`}}, // the later one stays
		{post, "/users/1/acknowledgements", `{"policyId":1,"acknowledgedAt":"2999-07-06T00:00:00Z"}`, 400, []string{`"field":"acknowledgedAt"`}},
		{post, "/users/1/acknowledgements", `{"policyId":1,"acknowledgedAt":"yesterday"}`, 400, []string{`"field":"acknowledgedAt"`, "2020-07-06T09:30:00Z"}},
		{post, "/users/1/acknowledgements", `{"policyId":9}`, 404, []string{`"reason":"entity_not_found"`}},
		{post, "/users/99/acknowledgements", `{"policyId":1}`, 404, []string{`"reason":"user_not_found"`}},
		{get, "/users/1/acknowledgements", "", 200, []string{`{"data":[{"id":1,"userId":1,"policyId":1,"version":1,`}},
		{get, "/users/99/acknowledgements", "", 404, nil},
		{post, "/users/1/trainings", `{"type":"BG_CHECK","state":"DONE"}`, 400, []string{"type must be one of SECURITY_TRAINING", "state must be one of ASSIGNED, COMPLETED"}},
		{post, "/users/1/trainings", `{"type":"SECURITY_TRAINING","state":"ASSIGNED","assignedAt":"2025-01-01T00:00:00+02:00"}`, 201, []string{`"id":1,`, `"course":"SECURITY_TRAINING"`, `"assignedAt":"2024-12-31T22:00:00.000Z"`}},
		{post, "/users/1/trainings", `{"type":"SECURITY_TRAINING","state":"COMPLETED","completedAt":"2025-02-01T00:00:00Z"}`, 201, []string{`"id":1,`, `"state":"COMPLETED"`, `"assignedAt":"2024-12-31T22:00:00.000Z"`}},
		{post, "/users/1/trainings", `{"type":"SECURITY_TRAINING","state":"COMPLETED","course":""}`, 400, []string{`"field":"course"`}},
		{post, "/users/99/trainings", `{"type":"SECURITY_TRAINING","state":"COMPLETED"}`, 404, nil},
		{get, "/users/1/trainings", "", 200, []string{`{"data":[{"id":1,`}},
		{get, "/users/99/trainings", "", 404, nil},
		{remove, "/users/1/trainings/1", "", 204, nil},
		{remove, "/users/1/trainings/1", "", 404, []string{`"reason":"entity_not_found"`}},
	})
}

func TestExclusionsAndGroups(t *testing.T) {
	t.Parallel()
	a := newComplianceAPI(t)
	a.walk([]step{
		{post, "/groups", `{"name":"Contractors"}`, 201, []string{`{"id":2,"name":"Contractors"`}},
		{post, "/groups", `{"name":"contractors"}`, 409, []string{`"reason":"duplicate"`}},
		{patch, "/groups/2", `{"name":"Externals"}`, 200, []string{`"name":"Externals"`}},
		{patch, "/groups/2", `{"name":"everyone"}`, 409, nil},
		{patch, "/groups/9", `{"name":"x"}`, 404, nil},
		{get, "/groups", "", 200, []string{`{"data":[{"id":1,`}},
		{post, "/groups/2/members", `{"add":[1,2,3],"remove":[]}`, 204, nil},
		{post, "/groups/2/members", `{"add":[1,99]}`, 404, []string{`"reason":"personnel_not_found"`}},
		{post, "/groups/2/members", `{}`, 400, []string{"1 to 1000 people"}},
		{post, "/groups/9/members", `{"add":[1]}`, 404, []string{`"reason":"entity_not_found"`}},
		{post, "/groups/2/members", `{"remove":[2]}`, 204, nil},
		{get, "/groups/2/members", "", 200, []string{`{"data":[1,3],"pagination":{"cursor":null}}`}},
		{get, "/groups/9/members", "", 404, nil},
		{post, "/exclusions", `{"checks":[],"reason":"r"}`, 400, []string{`"field":"checks"`}},
		{post, "/exclusions", `{"checks":["FULL_COMPLIANCE"],"reason":"r","groupId":2}`, 400, []string{`"field":"checks"`}},
		{post, "/exclusions", `{"checks":["BG_CHECK"],"reason":"r"}`, 400, []string{"exactly one of personnelId and groupId"}},
		{post, "/exclusions", `{"checks":["IDENTITY_MFA","BG_CHECK"],"reason":"On leave","personnelId":1,"startsAt":"2025-07-06","endsAt":"2025-07-06T23:00:00Z"}`, 201, []string{
			`"personnelId":1,"groupId":null,"checks":["IDENTITY_MFA","BG_CHECK"]`, `"endsAt":"2025-07-06T23:00:00.000Z"`,
		}},
		{post, "/exclusions", `{"checks":["BG_CHECK"],"reason":"r","groupId":2,"startsAt":"2999-01-01"}`, 201, []string{`"groupId":2`, `"endsAt":null`}},
		{post, "/exclusions", `{"checks":["BG_CHECK"],"reason":"r","personnelId":99}`, 404, nil},
		{post, "/exclusions", `{"checks":["BG_CHECK"],"reason":"r","groupId":99}`, 400, []string{"no group with the id 99"}},
		{get, "/exclusions?active=false", "", 200, []string{`{"data":[{"id":1,`, `{"id":2,`}},
		{get, "/exclusions?active=true", "", 200, []string{`{"data":[]}`}},
		{get, "/exclusions?personnelId=3", "", 200, []string{`{"data":[{"id":2,`}},
		{get, "/exclusions?personnelId=99", "", 404, nil},
		{post, "/exclusions/2/end", `{"endsAt":"2020-01-01"}`, 400, []string{`"field":"endsAt"`}},
		{post, "/exclusions/2/end", `{}`, 200, []string{`"endsAt":"`}},
		{post, "/exclusions/9/end", `{}`, 404, nil},
		{remove, "/groups/2", "", 409, []string{`"reason":"in_use"`}},
		{remove, "/groups/9", "", 404, nil},
		{post, "/groups", `{"name":"Empty"}`, 201, []string{`"id":3`}},
		{remove, "/groups/3", "", 204, nil},
	})
	var p struct {
		Data       []int64
		Pagination MembersPagination
	}
	if err := json.Unmarshal(a.send(get, "/groups/2/members?limit=1", "").Body.Bytes(), &p); err != nil || p.Pagination.Cursor == nil {
		t.Fatalf("%+v, %v", p, err)
	}
	a.walk([]step{
		{get, "/groups/2/members?limit=1&cursor=" + *p.Pagination.Cursor, "", 200, []string{`{"data":[3],"pagination":{"cursor":null}}`}},
		{get, "/groups/1/members?limit=1&cursor=" + *p.Pagination.Cursor, "", 400, []string{`"field":"id"`}},
		{get, "/people?cursor=" + *p.Pagination.Cursor, "", 400, []string{`"field":"cursor"`}},
	})
}

// Who may do one thing may not do the others.
func TestComplianceScopes(t *testing.T) {
	t.Parallel()
	newComplianceAPI(t, workforce.ScopeEvidenceManage).walk([]step{
		{get, "/compliance/rules", "", 403, []string{"compliance:get"}},
		{post, "/groups", `{"name":"x"}`, 403, []string{"compliance:manage"}},
		{post, "/users/1/trainings", `{"type":"SECURITY_TRAINING","state":"COMPLETED","completedAt":"2025-01-01"}`, 201, nil},
	})
	newComplianceAPI(t, workforce.ScopeComplianceManage).walk([]step{
		{post, "/users/1/trainings", `{"type":"SECURITY_TRAINING","state":"ASSIGNED"}`, 403, []string{"evidence:manage"}},
		{post, "/exclusions", `{"checks":["BG_CHECK"],"reason":"r","personnelId":1,"endsAt":"2999-01-01"}`, 201, nil},
	})
}
