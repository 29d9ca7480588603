package v1

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/apitest"
)

// tinyPNG is the start of a picture, which tells its kind.
var tinyPNG = base64.StdEncoding.EncodeToString([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"))

func TestReadingDevices(t *testing.T) {
	t.Parallel()
	newAPI(t).walk([]step{
		{"GET", "/devices", "", 200, map[string]string{
			"total": "1", "page": "1", "limit": "20", "data.0.id": "1", "data.0.userId": "1", "data.0.personnelId": "1", "data.0.externalId": "null",
			"data.0.complianceChecks": "null", "data.0.identifiers": "null", "data.0.documents": "null", "data.0.osVersion": "macOS 15.5",
		}},
		{"GET", "/devices?expand[]=complianceChecks&expand[]=identifiers&expand[]=documents&expand[]=asset", "", 200, map[string]string{
			"data.0.complianceChecks.0.type": "PASSWORD_MANAGER", "data.0.complianceChecks.0.id": "8", "data.0.identifiers": "[]", "data.0.documents": "[]",
			"data.0.asset": "null",
		}},
		{"GET", "/devices?sourceType=AGENT&personnelId=1", "", 200, map[string]string{"total": "1"}},
		{"GET", "/devices?sourceType=NINJAONE", "", 200, map[string]string{"total": "0", "data": "[]"}},
		{"GET", "/devices?personnelId=9", "", 200, map[string]string{"total": "0", "data": "[]"}},
		{"GET", "/devices?externalId=x", "", 200, map[string]string{"total": "0"}},
		{"GET", "/devices?page=2", "", 200, map[string]string{"total": "1", "data": "[]"}},
		{"GET", "/devices?sourceType=PALM", "", 400, map[string]string{"code": "10020"}},
		{"GET", "/devices?expand[]=deviceApps", "", 400, map[string]string{"code": "10020"}},
		{"GET", "/devices?externalId=" + strings.Repeat("x", 192), "", 400, map[string]string{"code": "10020"}},
		{"GET", "/personnel/1/devices", "", 200, map[string]string{"total": "1", "data.0.userId": "1"}},
		{"GET", "/personnel/2/devices", "", 200, map[string]string{"total": "0", "data": "[]"}},
		{"GET", "/personnel/9/devices", "", 404, map[string]string{"code": "10310"}},
		{"GET", "/devices/1", "", 200, map[string]string{"personnelId": "1", "apps": "null", "complianceChecks": "null", "isDeviceCompliant": "true"}},
		{"GET", "/devices/1?expand[]=deviceApps", "", 200, map[string]string{"apps": "[]"}},
		{"GET", "/devices/9", "", 404, map[string]string{"code": "10170"}},
		{"GET", "/devices/one", "", 400, map[string]string{"code": "10020"}},
		{"GET", "/devices/1/apps", "", 200, map[string]string{"total": "0", "data": "[]"}},
		{"GET", "/devices/9/apps", "", 404, map[string]string{"code": "10170"}},
		{"GET", "/devices/1/documents", "", 200, map[string]string{"documents": "[]"}},
		{"GET", "/devices/9/documents", "", 404, map[string]string{"code": "10170"}},
		{"GET", "/devices/documents/1/download", "", 404, map[string]string{"code": "10170"}},
		{"GET", "/workspaces", "", 200, map[string]string{"total": "0", "data": "[]"}},
		{"GET", "/workspaces?limit=51", "", 400, map[string]string{"code": "10020"}},
	})
}

func TestDeviceDocuments(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	file := func(name, content string) string {
		text, err := json.Marshal(map[string]string{"base64String": "data:image/png;base64," + content, "filename": name})
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(map[string]string{"type": "HARD_DRIVE_ENCRYPTION_EVIDENCE", "base64File": string(text)})
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	a.walk([]step{
		{"GET", "/devices/1?expand[]=complianceChecks", "", 200, map[string]string{"complianceChecks.1.type": "HDD_ENCRYPTION", "complianceChecks.1.status": "MISCONFIGURED"}},
		{"POST", "/devices/9/documents", file("disk.png", tinyPNG), 404, map[string]string{"code": "10170"}},
		{"POST", "/devices/1/documents", `{"type":"HARD_DRIVE_ENCRYPTION_EVIDENCE"}`, 400, map[string]string{"code": "10020"}},
		{"POST", "/devices/1/documents", `{"type":"MFA_EVIDENCE","base64File":"{}"}`, 400, map[string]string{"code": "10020"}},
		{"POST", "/devices/1/documents", file("disk.pdf", tinyPNG), 400, map[string]string{"code": "10020"}},
		{"POST", "/devices/1/documents", file("disk.png", tinyPNG), 201, map[string]string{"id": "1", "name": "disk.png", "type": "HARD_DRIVE_ENCRYPTION_EVIDENCE"}},
		// What the source does not say, the document does.
		{"GET", "/devices/1?expand[]=complianceChecks", "", 200, map[string]string{"complianceChecks.1.status": "PASS"}},
		{"GET", "/devices/1/documents", "", 200, map[string]string{"documents.0.id": "1", "documents.1": "nothing"}},
		{"GET", "/devices/1/documents?type=ANTIVIRUS_EVIDENCE", "", 200, map[string]string{"documents": "[]"}},
		{"GET", "/devices/1/documents?type=MFA_EVIDENCE", "", 400, map[string]string{"code": "10020"}},
		{"GET", "/devices/documents/1/download", "", 200, map[string]string{"fileBuffer": "null"}},
	})
	_, doc := a.call("GET", "/devices/documents/1/download", "")
	if url := at(doc, "signedUrl"); !strings.Contains(url, "/download/device-documents/") {
		t.Errorf("the address is %s", url)
	}
	for i, want := range []int{200, 404} {
		w := apitest.Serve(a.ctx, t, a.routes, "DELETE", Base+"/devices/documents/1", "")
		if w.Code != want || want == 200 && w.Body.Len() > 0 {
			t.Errorf("deletion %d: %d %s", i, w.Code, w.Body)
		}
	}
	a.walk([]step{
		{"GET", "/devices/1/documents", "", 200, map[string]string{"documents": "[]"}},
		{"GET", "/devices/1?expand[]=complianceChecks", "", 200, map[string]string{"complianceChecks.1.status": "MISCONFIGURED"}},
		{"GET", "/devices/documents/1/download", "", 404, map[string]string{"code": "10170"}},
		{"DELETE", "/devices/documents/one", "", 400, nil},
	})
}
