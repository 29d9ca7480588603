package v1

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/workforce"
)

func TestFindingUsers(t *testing.T) {
	t.Parallel()
	newAPI(t).walk([]step{
		{"GET", "/users", "", 200, map[string]string{"total": "3", "page": "1", "limit": "20", "data.0.id": "1", "data.0.documents.0.total": "1", "data.2.id": "3"}},
		{"GET", "/users?limit=1&page=2", "", 200, map[string]string{"total": "3", "data.0.id": "2", "data.1": "nothing"}},
		{"GET", "/users?page=9", "", 200, map[string]string{"total": "3", "data": "[]"}},
		{"GET", "/users?q=ZO%C3%8B+M", "", 200, map[string]string{"total": "1", "data.0.email": "zoe@example.com"}},
		{"GET", "/users?roles[]=ADMIN", "", 200, map[string]string{"total": "1", "data.0.id": "1"}},
		{"GET", "/users?excludeRoles[]=ADMIN", "", 200, map[string]string{"total": "2", "data.0.id": "2"}},
		{"GET", "/users?includeUserIds[]=3,1,99&excludeUserIds[]=1", "", 200, map[string]string{"total": "1", "data.0.id": "3"}},
		{"GET", "/users?roles[]=TRUST_USER", "", 400, map[string]string{"code": "10020"}},
		{"GET", "/users?limit=51", "", 400, map[string]string{"code": "10020"}},
		{"GET", "/users/A+B@example.com/email", "", 200, map[string]string{"id": "2", "documents.0.limit": "10"}},
		{"GET", "/users/email%3Aa%2Bb%40example.com/email", "", 200, map[string]string{"id": "2"}},
		{"GET", "/users/nobody@example.com/email", "", 404, map[string]string{"code": "10290"}},
		{"GET", "/users/2/email", "", 400, map[string]string{"code": "10020"}},
	})
}

func TestDocumentsOfUsers(t *testing.T) {
	t.Parallel()
	const jpeg = `"base64File":"{\"base64String\":\"data:image/jpeg;base64,/9j/4AAQSkZJRgABAQEAYABg\",\"filename\":\"excellent-filename\"}"`
	a := newAPI(t)
	a.walk([]step{
		{"GET", "/users/1/documents", "", 200, map[string]string{"documents.0.id": "1", "documents.0.type": "MFA_EVIDENCE", "documents.1": "nothing"}},
		{"GET", "/users/9/documents", "", 404, map[string]string{"code": "10290"}},
		{"POST", "/users/1/documents", `{"type":"SEC_TRAINING",` + jpeg + `,"completionDate":"2020-02-29"}`, 201, map[string]string{
			"id": "2", "name": "excellent-filename.jpg", "type": "SEC_TRAINING", "renewalDate": "2021-02-28", "fileUrl": "/download/documents/2",
		}},
		{"POST", "/users/1/documents", `{"type":"OFFBOARDING_EVIDENCE",` + jpeg + `,"completionDate":"2020-07-06"}`, 201, map[string]string{"id": "3", "renewalDate": "null"}},
		{"GET", "/users/1/documents?q=EXCELLENT&limit=1&page=2", "", 200, map[string]string{"documents.0.id": "3", "documents.1": "nothing"}},
		{"GET", "/users/1/documents?type=SEC_TRAINING", "", 200, map[string]string{"documents.0.id": "2", "documents.1": "nothing"}},
		{"GET", "/users/1/documents?page=9", "", 200, map[string]string{"documents": "[]"}},
		{"GET", "/users/1", "", 200, map[string]string{"documents.0.total": "3", "documents.0.data.1.fileUrl": "/download/documents/2"}},
		{"POST", "/users/9/documents", `{"type":"SEC_TRAINING",` + jpeg + `}`, 404, map[string]string{"code": "10290"}},
		{"POST", "/users/1/documents", `{"type":"NIST_AI_TRAINING_EVIDENCE",` + jpeg + `}`, 400, map[string]string{"code": "10020"}},
		{"POST", "/users/1/documents", `{"type":"SEC_TRAINING"}`, 400, map[string]string{"code": "10020"}},
		{"POST", "/users/1/documents", `{"type":"SEC_TRAINING","base64File":{"base64String":"data:image/png;base64,aGVsbG8=","filename":"a.png"}}`, 400, map[string]string{"code": "10020"}},
		{"GET", "/users/documents/1/download", "", 404, map[string]string{"code": "10170"}}, // it was recorded without a file
		{"GET", "/users/documents/2/download", "", 200, map[string]string{"fileBuffer": "null"}},
		{"GET", "/users/documents/9/download", "", 404, map[string]string{"code": "10170"}},
		{"GET", "/users/documents/x/download", "", 400, map[string]string{"code": "10020"}},
		{"DELETE", "/users/documents/2/2", "", 404, map[string]string{"code": "10170"}},
		{"DELETE", "/users/documents/2/9", "", 404, map[string]string{"code": "10290"}},
		{"DELETE", "/users/documents/2/1", "{", 400, map[string]string{"code": "10020"}},
	})
	status, doc := a.call("GET", "/users/documents/2/download", "")
	if link := at(doc, "signedUrl"); status != 200 || !strings.HasPrefix(link, "http://example.com/download/documents/A") {
		t.Errorf("the link is %d %s", status, link)
	}
	w := apitest.Serve(a.ctx, t, a.routes, http.MethodDelete, Base+"/users/documents/2/1", "")
	if w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Type") != "" || w.Header().Get("Content-Length") != "0" {
		t.Errorf("deleting answers %d %q %v", w.Code, w.Body, w.Header())
	}
	a.walk([]step{
		{"GET", "/users/documents/2/download", "", 404, map[string]string{"code": "10170"}},
		{"GET", "/users/1/documents", "", 200, map[string]string{"documents.0.id": "1", "documents.1.id": "3"}},
	})
}

func TestBackgroundChecksByHand(t *testing.T) {
	t.Parallel()
	const body = `{"url":"https://example.com/report","filedAt":"2020-07-06"}`
	newAPI(t).walk([]step{
		{"POST", "/background-check/2/manual", body, 201, map[string]string{
			"user.id": "2", "user.backgroundChecks.0.type": "MANUAL", "user.backgroundChecks.0.status": "OK", "user.backgroundChecks.0.url": "https://example.com/report",
			"user.backgroundChecks.0.manuallyCheckUrl": "https://example.com/report", "user.backgroundChecks.0.manualCheckDate": "2020-07-06",
		}},
		{"POST", "/background-check/2/manual", body, 201, map[string]string{"user.backgroundChecks.1": "nothing"}},
		{"POST", "/background-check/2/manual", `{"url":"https://example.com/report","filedAt":"2021-07-06T01:02:03Z"}`, 201, map[string]string{"user.backgroundChecks.1.manualCheckDate": "2021-07-06"}},
		{"POST", "/background-check/2/manual", `{"url":"https://example.com/report","filedAt":"9999-07-06"}`, 409, map[string]string{"code": "10281"}},
		{"POST", "/background-check/2/manual", `{"url":"karma","filedAt":"2020-07-06"}`, 400, map[string]string{"code": "10020"}},
		{"POST", "/background-check/2/manual", `{"url":"javascript:alert(1)","filedAt":"2020-07-06"}`, 400, map[string]string{"code": "10020"}},
		{"POST", "/background-check/2/manual", `{"url":"https://example.com/` + strings.Repeat("x", 768) + `","filedAt":"2020-07-06"}`, 400, nil},
		{"POST", "/background-check/2/manual", `{}`, 400, map[string]string{"message": "url is required; filedAt is required"}},
		{"POST", "/background-check/9/manual", body, 404, map[string]string{"code": "10290"}},
		{"PUT", "/personnel/2/status", `{"employmentStatus":"OUT_OF_SCOPE","notHumanReason":"a mailbox"}`, 200, nil},
		{"POST", "/background-check/2/manual", body, 409, map[string]string{"code": "10280"}},
	})
}

// policy makes a policy of a group, or of everybody, with so many versions, of
// which the last is a draft.
func (a *api) policy(c *compliance.Service, name string, group *workforce.GroupID, versions int64) workforce.Policy {
	a.Helper()
	in := compliance.PolicyInput{Name: &name, Description: workforce.Ptr("What to do"), OwnerID: workforce.Ptr(workforce.UserID(1))}
	if group != nil {
		in.AssignedTo, in.GroupIDs = workforce.Ptr(workforce.AssignedToGroups), &[]workforce.GroupID{*group}
	}
	p, err := c.CreatePolicy(a.ctx, in)
	for n := int64(1); n <= versions && err == nil; n++ {
		if _, err = c.AddVersion(a.ctx, p.ID, compliance.VersionInput{Text: workforce.Ptr("Do."), Description: workforce.Ptr("News")}); err == nil && n < versions {
			p, err = c.PublishVersion(a.ctx, p.ID, n)
		}
	}
	if err != nil {
		a.Fatal(err)
	}
	return p
}

// A user sees the policies of everybody and of their groups, in the version that
// was published last, and whether they accepted that one.
func TestPoliciesOfUsers(t *testing.T) {
	t.Parallel()
	d, c, ctx := apitest.CompanyWithFiles(t, Encoders())
	a := &api{T: t, routes: Routes(d, c), ctx: ctx}
	a.walk([]step{
		{"GET", "/users/1/policies", "", 200, map[string]string{"userPolicyVersions": "[]"}},
		{"GET", "/users/9/policies", "", 404, map[string]string{"code": "10290"}},
		{"GET", "/users/x/policies", "", 400, map[string]string{"code": "10020"}},
	})
	all := a.policy(c, "Acceptable use", nil, 3)
	a.policy(c, "Of the group", workforce.Ptr(workforce.GroupID(1)), 2)
	a.policy(c, "A draft", nil, 1)
	archived := a.policy(c, "Archived", nil, 2)
	if _, err := c.UpdatePolicy(ctx, archived.ID, compliance.PolicyInput{Archived: workforce.Ptr(true)}); err != nil {
		t.Fatal(err)
	}
	accept := func(version int64) {
		t.Helper()
		at := time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC)
		_, err := c.Acknowledge(ctx, 1, compliance.AcknowledgementInput{PolicyID: all.ID, Version: &version, AcknowledgedAt: &at})
		if err != nil {
			t.Fatal(err)
		}
	}
	accept(1)
	see := map[string]string{
		"userPolicyVersions.0.policy.name": "Acceptable use", "userPolicyVersions.0.acceptedAt": "null",
		"userPolicyVersions.0.policyVersion.version": "2", "userPolicyVersions.0.policyVersion.current": "true",
		"userPolicyVersions.0.policyVersion.status": "PUBLISHED", "userPolicyVersions.0.policyVersion.type": "AUTHORED",
		"userPolicyVersions.0.policyVersion.description": "What to do", "userPolicyVersions.0.policyVersion.changesExplanation": "News",
		"userPolicyVersions.0.policyVersion.owner.email": "zoe@example.com", "userPolicyVersions.0.policy.versions.2.status": "DRAFT",
		"userPolicyVersions.0.policy.versions.0.current": "false", "userPolicyVersions.0.policy.groups": "[]",
		"userPolicyVersions.1.policy.assignedTo": "GROUPS", "userPolicyVersions.1.policy.groups.0.name": "Everyone",
		"userPolicyVersions.1.policy.groups.0.membersCount": "1", "userPolicyVersions.2": "nothing",
	}
	a.walk([]step{
		{"GET", "/users/1/policies", "", 200, see},
		{"GET", "/users/2/policies", "", 200, map[string]string{"userPolicyVersions.0.policy.name": "Acceptable use", "userPolicyVersions.1": "nothing"}},
	})
	accept(2)
	see["userPolicyVersions.0.acceptedAt"] = "2025-08-01T00:00:00.000Z"
	a.walk([]step{{"GET", "/users/1/policies", "", 200, see}})
}

func TestTooLargeAnUploadIs413(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	body := `{"type":"SEC_TRAINING","base64File":{"base64String":"` + strings.Repeat("AAAA", workforce.MaxFileSize/3+1) + `"}}`
	a.walk([]step{{"POST", "/users/1/documents", body, http.StatusRequestEntityTooLarge, map[string]string{"code": "13120"}}})
}
