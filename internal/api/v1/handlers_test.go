package v1

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/rest"
)

// api is the routes of this version on a small company.
type api struct {
	*testing.T
	routes []rest.Route
	ctx    context.Context
}

func newAPI(t *testing.T) *api {
	t.Helper()
	d, c, ctx := apitest.CompanyWithFiles(t, Encoders())
	return &api{T: t, routes: Routes(d, c), ctx: ctx}
}

// call sends a request and gives the status and the decoded answer.
func (a *api) call(method, path, body string) (int, map[string]any) {
	a.Helper()
	status, answer := apitest.Call(a.ctx, a.T, a.routes, method, Base+path, body)
	var doc map[string]any
	if err := json.Unmarshal(answer, &doc); err != nil {
		a.Fatalf("%s %s answers %q: %v", method, path, answer, err)
	}
	return status, doc
}

// at follows a path like "data.0.user.email" and gives what is there as text.
func at(doc any, path string) string {
	for step := range strings.SplitSeq(path, ".") {
		switch v := doc.(type) {
		case map[string]any:
			doc = v[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(v) {
				return "nothing"
			}
			doc = v[i]
		default:
			return "nothing"
		}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return err.Error()
	}
	return strings.Trim(string(text), `"`)
}

// step is one request and what to see in its answer.
type step struct {
	method, path, body string
	status             int
	see                map[string]string // path in the answer -> text
}

func (a *api) walk(steps []step) {
	a.Helper()
	for _, s := range steps {
		status, doc := a.call(s.method, s.path, s.body)
		if status != s.status {
			a.Errorf("%s %s %s answers %d %v, want %d", s.method, s.path, s.body, status, doc["message"], s.status)
			continue
		}
		for path, want := range s.see {
			if got := at(doc, path); got != want {
				a.Errorf("%s %s %s: %s is %s, want %s", s.method, s.path, s.body, path, got, want)
			}
		}
	}
}

func TestReading(t *testing.T) {
	t.Parallel()
	newAPI(t).walk([]step{
		{"GET", "/users/1", "", 200, map[string]string{
			"email": "zoe@example.com", "roles.0": "ADMIN", "documents.0.total": "1", "documents.0.data.0.type": "MFA_EVIDENCE",
			"identities.0.user.id": "1", "identities.0.connection.clientType": "GOOGLE", "backgroundChecks.0.user.email": "zoe@example.com",
		}},
		{"GET", "/users/9", "", 404, map[string]string{"code": "10290", "statusCode": "404"}},
		{"GET", "/personnel/1", "", 200, map[string]string{
			"user.email": "zoe@example.com", "osVersion": "macOS 15.5", "complianceChecks.14.type": "NIST_AI_TRAINING", "agentEnabled": "null",
		}},
		{"GET", "/personnel/9", "", 404, map[string]string{"code": "10310"}},
		{"GET", "/personnel/A+B@example.com/email", "", 200, map[string]string{"id": "2", "data.osVersion": "null", "data.createdAt": "2025-07-01T16:46:55.246Z"}},
		{"GET", "/personnel/nobody@example.com/email", "", 404, map[string]string{"code": "10310"}},
		{"GET", "/personnel/2/email", "", 400, map[string]string{"code": "10020"}},
		{"GET", "/personnel", "", 200, map[string]string{"total": "3", "page": "1", "limit": "20", "dataAll": "{}", "data.0.devicesCount": "0"}},
		{"GET", "/personnel?limit=1&page=2&sort=START_DATE", "", 200, map[string]string{"total": "3", "page": "2", "limit": "1", "data.0.id": "2", "data.1": "nothing"}},
		{"GET", "/personnel?page=9", "", 200, map[string]string{"total": "3", "data": "[]"}},
		{"GET", "/personnel?q=Z%C3%96%C3%8B", "", 200, map[string]string{"total": "0"}},
		{"GET", "/personnel?q=ZO%C3%8B+M", "", 200, map[string]string{"total": "1", "data.0.id": "1", "data.0.devicesCount": "1"}},
		{"GET", "/personnel?email=A%2BB@example.com", "", 200, map[string]string{"total": "1", "data.0.id": "2"}},
		{"GET", "/personnel?groupIds=1", "", 200, map[string]string{"total": "1"}},
		{"GET", "/personnel?groupIds=1,7", "", 404, map[string]string{"code": "10170"}},
		{"GET", "/personnel?employmentStatus=CURRENT_EMPLOYEE&employmentStatuses=ALL_FORMER_PERSONNEL", "", 200, map[string]string{"total": "0"}},
		{"GET", "/user-identities/infrastructure", "", 200, map[string]string{
			"total": "2", "data.0.username": "deploy", "data.1.user.email": "zoe@example.com", "data.1.connection.code": "10010",
			"data.1.user.identities.0.connection.code": "null", "data.1.adminAccess": "null", "data.1.writeAccess": "null",
		}},
		{"GET", "/user-identities/infrastructure?clientType=GCP", "", 200, map[string]string{"total": "0", "data": "[]"}},
		{"GET", "/user-identities/version-control?connectionId=3", "", 200, map[string]string{"total": "1", "data.0.user": "null", "data.0.connection.providerTypes.0.value": "VERSION_CONTROL"}},
	})
}

func TestContractDatesAndStatus(t *testing.T) {
	t.Parallel()
	newAPI(t).walk([]step{
		{"PUT", "/personnel/1/contract-dates", `{"startDate":"2021-01-01","separationDate":"2020-12-31"}`, 409, map[string]string{"code": "10200"}},
		{"PUT", "/personnel/1/contract-dates", `{"startDate":"2021-01-01","separationDate":"2021-01-01"}`, 200, map[string]string{"startDate": "2021-01-01", "separationDate": "2021-01-01"}},
		{"PUT", "/personnel/1/contract-dates", `{"startDate":"2021-01-02T00:00:00Z","separationDate":null}`, 200, map[string]string{"startDate": "2021-01-02", "separationDate": "null"}},
		{"PUT", "/personnel/3/contract-dates", `{"startDate":"2021-01-01"}`, 200, map[string]string{"separationDate": "2024-12-31"}},
		{"PUT", "/personnel/9/contract-dates", `{"startDate":"2021-01-01"}`, 404, map[string]string{"code": "10310"}},
		{"PUT", "/personnel/9/contract-dates", `{`, 400, map[string]string{"code": "10020"}},
		{"PUT", "/personnel/1/status", `{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":"a mailbox"}`, 200, map[string]string{
			"employmentStatus": "OUT_OF_SCOPE", "notHumanReason": "a mailbox", "reasonProvider.id": "1",
		}},
		{"PUT", "/personnel/1/status", `{"employmentStatus":"CURRENT_EMPLOYEE","separationDate":"whenever"}`, 200, map[string]string{
			"employmentStatus": "CURRENT_EMPLOYEE", "notHumanReason": "null", "reasonProvider": "null",
		}},
		{"PUT", "/personnel/1/status", `{"employmentStatus":"FORMER_EMPLOYEE","separationDate":"9999-01-01"}`, 409, map[string]string{"code": "10210"}},
		{"PUT", "/personnel/1/status", `{"employmentStatus":"FORMER_EMPLOYEE"}`, 400, map[string]string{"code": "10020"}},
		{"PUT", "/personnel/1/status", `{"employmentStatus":"FORMER_EMPLOYEE","separationDate":"2022-01-01"}`, 200, map[string]string{"separationDate": "2022-01-01"}},
		{"PUT", "/personnel/9/status", `{"employmentStatus":"UNKNOWN"}`, 404, map[string]string{"code": "10310"}},
	})
}

func TestResetSync(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.walk([]step{
		{"PUT", "/personnel/2/status", `{"employmentStatus":"FORMER_CONTRACTOR","separationDate":"2024-01-01"}`, 200, nil},
		{"PUT", "/personnel/some/reset-sync", `{"personnelIds":[2,9]}`, 404, map[string]string{"code": "10310"}},
		{"GET", "/personnel/2", "", 200, map[string]string{"employmentStatus": "FORMER_CONTRACTOR"}},
		{"PUT", "/personnel/reset-sync/3", "", 409, map[string]string{"code": "10220"}},
		{"PUT", "/personnel/reset-sync/9", "", 404, map[string]string{"code": "10310"}},
		{"PUT", "/personnel/some/reset-sync", `{}`, 400, map[string]string{"code": "10020"}},
		{"PUT", "/personnel/all/reset-sync", `{`, 400, map[string]string{"code": "10020"}},
	})
	for _, reset := range []struct{ path, body, affected, id string }{
		{"/personnel/some/reset-sync", `{"personnelIds":[3,2]}`, "1", "2"},
		{"/personnel/reset-sync/2", "", "1", "2"},
		{"/personnel/all/reset-sync", "", "2", "1"},
	} {
		w := apitest.Serve(a.ctx, t, a.routes, "PUT", Base+reset.path, reset.body)
		var doc any
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		if got := w.Header().Get(HeaderAffected); w.Code != 200 || got != reset.affected || at(doc, "id") != reset.id {
			t.Errorf("%s: %d, %s affected, record %s", reset.path, w.Code, got, at(doc, "id"))
		}
	}
	a.walk([]step{{"GET", "/personnel/2", "", 200, map[string]string{"employmentStatus": "CURRENT_CONTRACTOR", "statusUpdatedAt": "null"}}})
}

func TestChangingAccounts(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.walk([]step{
		{"PUT", "/user-identities/version-control/1/connect", `{"userId":2}`, 200, map[string]string{"user.email": "a+b@example.com", "disconnectedAt": "null", "adminAccess": "null"}},
		{"PUT", "/user-identities/version-control/1/connect", `{"userId":9}`, 404, map[string]string{"code": "10290"}},
		{"PUT", "/user-identities/version-control/9/connect", `{"userId":1}`, 404, map[string]string{"code": "10170"}},
		{"PUT", "/user-identities/version-control/1/connect", `{"userId":null}`, 200, map[string]string{"user": "null"}},
		{"PUT", "/user-identities/infrastructure/2/connect", `{"userId":1}`, 400, map[string]string{"code": "10020"}},
		{"PUT", "/user-identities/infrastructure/1/service-account", `{"serviceAccount":true,"serviceAccountReason":"deploys"}`, 200, map[string]string{
			"user": "null", "serviceAccountReason": "deploys", "serviceAccountDesignator.id": "1",
		}},
		{"PUT", "/user-identities/infrastructure/1/service-account", `{"serviceAccount":false,"serviceAccountReason":"a mistake"}`, 200, map[string]string{
			"serviceAccount": "null", "serviceAccountReason": "null", "serviceAccountDesignator": "null",
		}},
		{"PUT", "/user-identities/infrastructure/9/toggle", `{"toggle":true,"toggleField":"INFRASTRUCTURE_DB_ACCESS"}`, 404, map[string]string{"code": "10170"}},
		{"PUT", "/user-identities/version-control/9/service-account", `{"serviceAccount":true,"serviceAccountReason":"x"}`, 404, map[string]string{"code": "10170"}},
	})
	for _, toggle := range []struct{ kind, field, member string }{
		{"infrastructure", "INFRASTRUCTURE_ADMIN_ACCESS", "adminAccess"},
		{"infrastructure", "INFRASTRUCTURE_DB_ACCESS", "dbAccess"},
		{"version-control", "VERSION_CONTROL_WRITE_ACCESS", "writeAccess"},
		{"version-control", "VERSION_CONTROL_PUSH_PROD_CODE_ACCESS", "pushProductionCodeAccess"},
	} {
		for _, on := range []bool{true, false} {
			body := fmt.Sprintf(`{"toggle":%v,"toggleField":%q}`, on, toggle.field)
			status, doc := a.call("PUT", "/user-identities/"+toggle.kind+"/1/toggle", body)
			if since := doc[toggle.member]; status != 200 || (since != nil) != on {
				t.Errorf("%s: %d, %s is %v", body, status, toggle.member, since)
			}
		}
	}
}
