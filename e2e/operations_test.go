package e2e

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/contract"
)

// operation is an operation of the published reference with what the pages
// print of it: its request sample, against record 1, and its permission.
type operation struct {
	contract.Operation
	sample call
	scope  string
}

// identities tells the operations that the plan "core" lacks.
func (o operation) identities() bool { return strings.HasPrefix(o.Path, "/public/user-identities/") }

func (o operation) reads() bool { return o.Method == http.MethodGet }

// at is the sample against another record.
func (o operation) at(id string) call {
	c := o.sample
	c.path = strings.Replace(c.path, "/1", "/"+id, 1)
	return c
}

// on is the sample against one of the first records, as a reader pastes it.
// Documents are numbered through: whose the second and the third one are, and
// whether they have a file, the company decides. So those are added first.
func (o operation) on(t *testing.T, c client, record string) call {
	t.Helper()
	if !strings.Contains(o.Path, "/documents/{") || record == "1" {
		return o.at(record)
	}
	of, body := "users", sampleUserDocument
	if strings.Contains(o.Path, "/devices/") {
		of, body = "devices", sampleUpload
	}
	added := c.ok(t, call{http.MethodPost, "/public/" + of + "/" + record + "/documents", body})
	r := o.at(strconv.FormatInt(added.int(t, "id"), 10))
	if user, both := strings.CutSuffix(r.path, "/1"); both {
		r.path = user + "/" + record
	}
	return r
}

// samples are the operations in the order of the pages. Bodies are the samples
// of the pages, word for word.
var samples = []struct {
	name, scope, path, body string
}{
	{"GET /public/personnel", "personnel:list", "/public/personnel", ""},
	{"GET /public/personnel/{id}", "personnel:get", "/public/personnel/1", ""},
	{"GET /public/personnel/{email}/email", "personnel:get", "/public/personnel/sally.smith%40example.com/email", ""},
	{
		"PUT /public/personnel/{id}/contract-dates", "personnel:update-dates", "/public/personnel/1/contract-dates",
		`{"startDate": "2020-07-06", "separationDate": "2020-07-06"}`,
	},
	{
		"PUT /public/personnel/{id}/status", "personnel:update-status", "/public/personnel/1/status",
		`{"employmentStatus": "CURRENT_EMPLOYEE", "notHumanReason": "This is not a real personnel, but a placeholder for anyone in charge of X", "separationDate": "2020-07-06"}`,
	},
	{"PUT /public/personnel/reset-sync/{personnelId}", "personnel:reset-sync", "/public/personnel/reset-sync/1", ""},
	{"PUT /public/personnel/all/reset-sync", "personnel:reset-sync", "/public/personnel/all/reset-sync", ""},
	{
		"PUT /public/personnel/some/reset-sync", "personnel:reset-sync", "/public/personnel/some/reset-sync",
		`{"personnelIds": [1, 2, 3]}`,
	},
	{
		"GET /public/user-identities/infrastructure", "infrastructure-identities:manage",
		"/public/user-identities/infrastructure", "",
	},
	{
		"PUT /public/user-identities/infrastructure/{id}/connect", "infrastructure-identities:manage",
		"/public/user-identities/infrastructure/1/connect", `{"userId": 1}`,
	},
	{
		"PUT /public/user-identities/infrastructure/{id}/toggle", "infrastructure-identities:manage",
		"/public/user-identities/infrastructure/1/toggle", `{"toggle": true, "toggleField": "INFRASTRUCTURE_ADMIN_ACCESS"}`,
	},
	{
		"PUT /public/user-identities/infrastructure/{id}/service-account", "infrastructure-identities:manage",
		"/public/user-identities/infrastructure/1/service-account",
		`{"serviceAccount": true, "serviceAccountReason": "This account is used to deploy"}`,
	},
	{
		"GET /public/user-identities/version-control", "version-control-identities:manage",
		"/public/user-identities/version-control", "",
	},
	{
		"PUT /public/user-identities/version-control/{id}/connect", "version-control-identities:manage",
		"/public/user-identities/version-control/1/connect", `{"userId": 1}`,
	},
	{
		"PUT /public/user-identities/version-control/{id}/toggle", "version-control-identities:manage",
		"/public/user-identities/version-control/1/toggle", `{"toggle": true, "toggleField": "VERSION_CONTROL_WRITE_ACCESS"}`,
	},
	{
		"PUT /public/user-identities/version-control/{id}/service-account", "version-control-identities:manage",
		"/public/user-identities/version-control/1/service-account",
		`{"serviceAccount": true, "serviceAccountReason": "This account is used to deploy"}`,
	},
	{"GET /public/users/{id}", "users:get", "/public/users/1", ""},
	{"GET /public/users", "users:list", "/public/users", ""},
	{"GET /public/users/{email}/email", "users:get", "/public/users/sally.smith%40example.com/email", ""},
	{"GET /public/users/{id}/policies", "user-policies:get", "/public/users/1/policies", ""},
	{
		"POST /public/background-check/{userId}/manual", "background-checks:create", "/public/background-check/1/manual",
		`{"url": "https://app-stage.karmacheck.com/background_check/aaaaaaaa-bbbb-0000-cccc-dddddddddddd", "filedAt": "2020-07-06"}`,
	},
	{"GET /public/users/{id}/documents", "user-documents:list", "/public/users/1/documents", ""},
	{"POST /public/users/{id}/documents", "user-documents:create", "/public/users/1/documents", sampleUserDocument},
	{
		"GET /public/users/documents/{id}/download", "user-documents:download",
		"/public/users/documents/1/download", "",
	},
	{
		"DELETE /public/users/documents/{docId}/{userId}", "user-documents:delete",
		"/public/users/documents/1/1", "",
	},
	{"GET /public/devices", "devices:list", "/public/devices", ""},
	{"GET /public/personnel/{personnelId}/devices", "devices:list", "/public/personnel/1/devices", ""},
	{"GET /public/devices/{deviceId}", "devices:list", "/public/devices/1", ""},
	{"GET /public/devices/{deviceId}/apps", "devices:list", "/public/devices/1/apps", ""},
	{"GET /public/devices/{deviceId}/documents", "device-documents:manage", "/public/devices/1/documents", ""},
	{"POST /public/devices/{deviceId}/documents", "device-documents:manage", "/public/devices/1/documents", sampleUpload},
	{
		"GET /public/devices/documents/{documentId}/download", "device-documents:manage",
		"/public/devices/documents/1/download", "",
	},
	{"DELETE /public/devices/documents/{documentId}", "device-documents:manage", "/public/devices/documents/1", ""},
	{"GET /public/workspaces", "workspaces:list", "/public/workspaces", ""},
	{"GET /public/v2/users", "users:list", "/public/v2/users", ""},
	{"GET /public/v2/users/{userId}", "users:get", "/public/v2/users/1", ""},
}

// operations is all of the reference's operations with their samples, in the
// order of the pages.
func operations(t *testing.T) []operation {
	t.Helper()
	facts, err := contract.Operations()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]contract.Operation{}
	for _, o := range facts {
		byName[o.Name()] = o
	}
	var out []operation
	for _, s := range samples {
		o, ok := byName[s.name]
		if !ok {
			t.Fatalf("samples: the reference has no operation %q", s.name)
		}
		delete(byName, s.name)
		out = append(out, operation{Operation: o, sample: call{o.Method, s.path, s.body}, scope: s.scope})
	}
	for name := range byName {
		t.Fatalf("samples: %s is missing", name)
	}
	return out
}

// Every sample that the pages print works when it is pasted against the first
// three records of a fresh demo, page after page: in the order of a reader who
// tries each page on all three, and of one who goes through the pages thrice.
func TestSamplesOfThePages(t *testing.T) {
	t.Parallel()
	records := []string{"1", "2", "3"}
	type pasted struct {
		operation
		record string
	}
	orders := map[string]func(ops []operation) []pasted{
		"each page on every record": func(ops []operation) (all []pasted) {
			for _, o := range ops {
				for _, record := range records {
					all = append(all, pasted{o, record})
				}
			}
			return all
		},
		"every page on each record": func(ops []operation) (all []pasted) {
			for _, record := range records {
				for _, o := range ops {
					all = append(all, pasted{o, record})
				}
			}
			return all
		},
	}
	for name, order := range orders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, d := range dialects {
				t.Run(string(d), func(t *testing.T) {
					t.Parallel()
					db := d.demo(t)
					c := serve(t, db).as(db.key)
					for _, p := range order(operations(t)) {
						c.ok(t, p.on(t, c, p.record))
					}
					db.verify(t)
				})
			}
		})
	}
}
