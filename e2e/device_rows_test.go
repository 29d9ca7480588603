package e2e

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// deviceRows are the rows of devices, their documents, and workspaces.
func deviceRows() []row {
	const (
		list       = "GET /public/devices"
		ofPerson   = "GET /public/personnel/{personnelId}/devices"
		one        = "GET /public/devices/{deviceId}"
		apps       = "GET /public/devices/{deviceId}/apps"
		documents  = "GET /public/devices/{deviceId}/documents"
		add        = "POST /public/devices/{deviceId}/documents"
		download   = "GET /public/devices/documents/{documentId}/download"
		remove     = "DELETE /public/devices/documents/{documentId}"
		workspaces = "GET /public/workspaces"
	)
	rows := []row{
		{one, bad, get("/public/devices/abc"), 10020, "deviceId"},
		{one, bad, get("/public/devices/1?expand[]=everything"), 10020, "deviceApps"},
		{one, missing, get("/public/devices/999999"), 10170, "999999"},
		{apps, bad, get("/public/devices/abc/apps"), 10020, "deviceId"},
		{apps, bad, get("/public/devices/1/apps?limit=51"), 10020, "limit"},
		{apps, missing, get("/public/devices/999999/apps"), 10170, "999999"},
		{documents, bad, get("/public/devices/abc/documents"), 10020, "deviceId"},
		{documents, bad, get("/public/devices/1/documents?type=MFA_EVIDENCE"), 10020, "LOCK_SCREEN_EVIDENCE"},
		{documents, missing, get("/public/devices/999999/documents"), 10170, "999999"},
		{ofPerson, bad, get("/public/personnel/abc/devices"), 10020, "personnelId"},
		{ofPerson, missing, get("/public/personnel/999999/devices"), 10310, "999999"},
		{download, bad, get("/public/devices/documents/abc/download"), 10020, "documentId"},
		{download, missing, get("/public/devices/documents/999999/download"), 10170, "999999"},
		{remove, bad, call{http.MethodDelete, "/public/devices/documents/abc", ""}, 10020, "documentId"},
		{remove, missing, call{http.MethodDelete, "/public/devices/documents/999999", ""}, 10170, "999999"},
		{workspaces, bad, get("/public/workspaces?page=0"), 10020, "page"},
		{workspaces, bad, get("/public/workspaces?limit=x"), 10020, "limit"},

		{add, missing, call{http.MethodPost, "/public/devices/999999/documents", sampleUpload}, 10170, "999999"},
		{add, bad, call{http.MethodPost, "/public/devices/abc/documents", sampleUpload}, 10020, "deviceId"},
		{add, bad, call{http.MethodPost, "/public/devices/1/documents", ""}, 10020, "body"},
		{add, bad, call{http.MethodPost, "/public/devices/1/documents", `{"type":"LOCK_SCREEN_EVIDENCE"}`}, 10020, "file"},
		{add, bad, call{http.MethodPost, "/public/devices/1/documents", strings.Replace(sampleUpload, "PASSWORD_MANAGER_EVIDENCE", "MFA_EVIDENCE", 1)}, 10020, "ANTIVIRUS_EVIDENCE"},
		{add, bad, call{http.MethodPost, "/public/devices/1/documents", strings.Replace(sampleUpload, "/9j/", "AAAA", 1)}, 10020, "pdf"},
	}
	for _, o := range []struct{ operation, path string }{{list, "/public/devices"}, {ofPerson, "/public/personnel/1/devices"}} {
		rows = append(rows,
			row{o.operation, bad, get(o.path + "?page=0"), 10020, "page"},
			row{o.operation, bad, get(o.path + "?limit=51"), 10020, "limit"},
			row{o.operation, bad, get(o.path + "?sourceType=PALM"), 10020, "NINJAONE"},
			row{o.operation, bad, get(o.path + "?expand[]=deviceApps"), 10020, "complianceChecks"},
			row{o.operation, bad, get(o.path + "?externalId=" + strings.Repeat("x", 192)), 10020, "191"},
		)
	}
	return rows
}

// sampleUpload is the sample of the reference: a file in Base64, in the text of
// an object.
const sampleUpload = `{"type":"PASSWORD_MANAGER_EVIDENCE","base64File":"{\"base64String\":\"data:image/jpeg;base64,/9j/4AAQSkZJRgABAQEAYABg\",\"filename\":\"excellent-filename\"}"}`

// uploads are the 413s and 503s of the operations that take a file: one that is
// too large, and a folder of files that has turned into something else.
func uploads(t *testing.T, w *walk, ops []operation, db database) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "files")
	s := serve(t, db, "--files", dir)
	c := s.as(db.key)
	large := base64.StdEncoding.EncodeToString(append([]byte("%PDF-1.4\n"), make([]byte, 26<<20)...))
	for _, o := range ops {
		if slices.Contains(o.Statuses, http.StatusRequestEntityTooLarge) {
			r := o.sample
			r.body = strings.Replace(r.body, "/9j/4AAQSkZJRgABAQEAYABg", large, 1)
			w.try(t, c, row{o.Name(), http.StatusRequestEntityTooLarge, r, 13120, "25"})
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, []byte("in the way"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, o := range ops {
		if slices.Contains(o.Statuses, http.StatusServiceUnavailable) {
			w.try(t, c, row{o.Name(), http.StatusServiceUnavailable, o.sample, 10030, "Try again later"})
		}
	}
}

// A document of a device goes in, decides a check, comes out byte by byte under
// a link that needs no key, and goes again.
func TestDeviceDocumentComesAndGoes(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			db := d.demo(t)
			s := serve(t, db)
			c := s.as(db.key)
			added := c.ok(t, call{http.MethodPost, "/public/devices/1/documents", sampleUpload})
			id := added.int(t, "id")
			link := c.get(t, fmt.Sprintf("/public/devices/documents/%d/download", id)).text(t, "signedUrl")
			path, ours := strings.CutPrefix(link, s.url)
			if !ours {
				t.Fatalf("the link leads to %s, the server is at %s", link, s.url)
			}
			content := s.as("").do(t, get(path))
			want, err := base64.StdEncoding.DecodeString("/9j/4AAQSkZJRgABAQEAYABg")
			if err != nil {
				t.Fatal(err)
			}
			if content.status != http.StatusOK || string(content.body) != string(want) || content.header.Get("Content-Type") != "image/jpeg" {
				t.Errorf("the link answers %d %s %q", content.status, content.header.Get("Content-Type"), content.body)
			}
			if gone := c.ok(t, call{http.MethodDelete, fmt.Sprintf("/public/devices/documents/%d", id), ""}); len(gone.body) > 0 {
				t.Errorf("deleting answers %q", gone.body)
			}
			if after := s.as("").do(t, get(path)); after.status != http.StatusNotFound {
				t.Errorf("the link of a document that is gone answers %d", after.status)
			}
			db.verify(t)
		})
	}
}
