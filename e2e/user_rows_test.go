package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// sampleUserDocument is the sample of the reference: a file in Base64, in the
// text of an object.
const sampleUserDocument = `{"type":"SEC_TRAINING","base64File":"{\"base64String\":\"data:image/jpeg;base64,/9j/4AAQSkZJRgABAQEAYABg\",\"filename\":\"excellent-filename\"}","completionDate":"2020-07-06"}`

// userPartRows are the rows of lists of users and of what belongs to one: their
// documents, background checks and policies.
func userPartRows() []row {
	const (
		list       = "GET /public/users"
		email      = "GET /public/users/{email}/email"
		policies   = "GET /public/users/{id}/policies"
		background = "POST /public/background-check/{userId}/manual"
		documents  = "GET /public/users/{id}/documents"
		add        = "POST /public/users/{id}/documents"
		download   = "GET /public/users/documents/{id}/download"
		remove     = "DELETE /public/users/documents/{docId}/{userId}"
		filed      = `{"url":"https://example.com/report","filedAt":"2020-07-06"}`
	)
	post := func(path, body string) call { return call{http.MethodPost, path, body} }
	del := func(path, body string) call { return call{http.MethodDelete, path, body} }
	rows := []row{
		{email, bad, get("/public/users/sally.smith/email"), 10020, "email"},
		{email, bad, get("/public/users/%00%40example.com/email"), 10020, "NUL"},
		{email, missing, get("/public/users/nobody%40example.com/email"), 10290, "email"},

		{policies, bad, get("/public/users/abc/policies"), 10020, "id"},
		{policies, missing, get("/public/users/999999/policies"), 10290, "999999"},

		{background, bad, post("/public/background-check/abc/manual", filed), 10020, "userId"},
		{background, bad, post("/public/background-check/1/manual", ""), 10020, "body"},
		{background, bad, post("/public/background-check/1/manual", `{"url":"karma","filedAt":"2020-07-06"}`), 10020, "url"},
		{background, bad, post("/public/background-check/1/manual", `{"url":"https://example.com/`+strings.Repeat("x", 768)+`","filedAt":"2020-07-06"}`), 10020, "768"},
		{background, bad, post("/public/background-check/1/manual", `{"url":"https://example.com/report","filedAt":"yesterday"}`), 10020, "filedAt"},
		{background, missing, post("/public/background-check/999999/manual", filed), 10290, "999999"},
		{background, http.StatusConflict, post("/public/background-check/1/manual", `{"url":"https://example.com/report","filedAt":"9999-12-31"}`), 10281, "filedAt"},

		{documents, bad, get("/public/users/abc/documents"), 10020, "id"},
		{documents, bad, get("/public/users/1/documents?limit=51"), 10020, "limit"},
		{documents, bad, get("/public/users/1/documents?type=PASSPORT"), 10020, "LOCK_SCREEN_EVIDENCE"},
		{documents, missing, get("/public/users/999999/documents"), 10290, "999999"},

		{add, missing, post("/public/users/999999/documents", sampleUserDocument), 10290, "999999"},
		{add, bad, post("/public/users/abc/documents", sampleUserDocument), 10020, "id"},
		{add, bad, post("/public/users/1/documents", ""), 10020, "body"},
		{add, bad, post("/public/users/1/documents", `{"type":"SEC_TRAINING"}`), 10020, "file"},
		{add, bad, post("/public/users/1/documents", strings.Replace(sampleUserDocument, "SEC_TRAINING", "LOCK_SCREEN_EVIDENCE", 1)), 10020, "OFFBOARDING_EVIDENCE"},
		{add, bad, post("/public/users/1/documents", strings.Replace(sampleUserDocument, "2020-07-06", "soon", 1)), 10020, "completionDate"},
		{add, bad, post("/public/users/1/documents", strings.Replace(sampleUserDocument, "/9j/", "AAAA", 1)), 10020, "pdf"},

		{download, bad, get("/public/users/documents/abc/download"), 10020, "id"},
		{download, missing, get("/public/users/documents/999999/download"), 10170, "999999"},

		{remove, bad, del("/public/users/documents/abc/1", ""), 10020, "docId"},
		{remove, bad, del("/public/users/documents/1/abc", ""), 10020, "userId"},
		{remove, bad, del("/public/users/documents/1/1", "nonsense"), 10020, "JSON"},
		{remove, missing, del("/public/users/documents/999999/1", ""), 10170, "999999"},
		{remove, missing, del("/public/users/documents/1/2", ""), 10170, "no document"},
		{remove, missing, del("/public/users/documents/1/999999", ""), 10290, "999999"},
	}
	for query, says := range map[string]string{
		"page=0": "page", "limit=51": "50", "roles[]=TRUST_USER": "ADMIN", "excludeRoles[]=admin": "ADMIN",
		"includeUserIds[]=x": "includeUserIds", "excludeUserIds[]=1.5": "excludeUserIds",
	} {
		rows = append(rows, row{list, bad, get("/public/users?" + query), 10020, says})
	}
	return rows
}

// A document of a user goes in as a form, comes out byte by byte under a link
// that needs no key and under its own path with one, and goes again.
func TestUserDocumentComesAndGoes(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			const content = "%PDF-1.7\r\na certificate\x00\xff"
			db := d.demo(t)
			s := serve(t, db)
			c := s.as(db.key)
			form := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"Prüfung.pdf\"\r\nContent-Type: application/pdf\r\n\r\n" +
				content + "\r\n--x\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nMFA_EVIDENCE\r\n--x--\r\n"
			added := c.with("Content-Type", "multipart/form-data; boundary=x").
				ok(t, call{http.MethodPost, "/public/users/2/documents", form})
			added.same(t, "name", "Prüfung.pdf")
			id := added.int(t, "id")
			path := fmt.Sprintf("/download/documents/%d", id)
			added.same(t, "fileUrl", path)
			link, ours := strings.CutPrefix(c.get(t, fmt.Sprintf("/public/users/documents/%d/download", id)).text(t, "signedUrl"), s.url)
			if !ours {
				t.Fatalf("the link leads elsewhere: %s", link)
			}
			for what, a := range map[string]*answer{"the link": s.as("").do(t, get(link)), "the path": c.do(t, get(path))} {
				if a.status != http.StatusOK || string(a.body) != content || a.header.Get("Content-Type") != "application/pdf" ||
					!strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment;") {
					t.Errorf("%s answers %d %v %q", what, a.status, a.header, a.body)
				}
			}
			only := s.as(db.newKey(t, "--scope", "user-documents:list"))
			only.refused(t, get(path), http.StatusForbidden)
			if gone := c.ok(t, call{http.MethodDelete, fmt.Sprintf("/public/users/documents/%d/2", id), ""}); len(gone.body) > 0 {
				t.Errorf("deleting answers %q", gone.body)
			}
			if after := s.as("").do(t, get(link)); after.status != http.StatusNotFound {
				t.Errorf("the link of a document that is gone answers %d", after.status)
			}
			db.verify(t)
		})
	}
}
