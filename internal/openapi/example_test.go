package openapi

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// try is the request of the example of an operation.
type try struct{ operation, method, target, body string }

// tries are the requests of the examples, one for each operation, in the order
// in which they are made. They are chosen for short answers.
var tries = []try{
	{"getUser", "GET", "/public/users/3", ""},
	{"listPersonnel", "GET", "/public/personnel?limit=1&employmentStatus=FUTURE_HIRE&sort=START_DATE", ""},
	{"getPersonnel", "GET", "/public/personnel/3", ""},
	{"getPersonnelByEmail", "GET", "/public/personnel/lucia.montenegro%40example.com/email", ""},
	{"listInfrastructureIdentities", "GET", "/public/user-identities/infrastructure?limit=1&page=19", ""},
	{"listVersionControlIdentities", "GET", "/public/user-identities/version-control?limit=1&page=57", ""},
	{"listUsers", "GET", "/public/users?limit=1&page=2&roles%5B%5D=EMPLOYEE&q=lu", ""},
	{"getUserByEmail", "GET", "/public/users/lucia.montenegro%40example.com/email", ""},
	{"listUserPolicies", "GET", "/public/users/3/policies", ""},
	{"listUserDocuments", "GET", "/public/users/2/documents?limit=2", ""},
	{"getUserDocumentLink", "GET", "/public/users/documents/1/download", ""},
	{"listDevices", "GET", "/public/devices?limit=1&sourceType=KOLIDE", ""},
	{"listPersonnelDevices", "GET", "/public/personnel/3/devices?limit=1&expand%5B%5D=identifiers", ""},
	{"getDevice", "GET", "/public/devices/3?expand%5B%5D=complianceChecks", ""},
	{"listDeviceApps", "GET", "/public/devices/3/apps?limit=3", ""},
	{"listDeviceDocuments", "GET", "/public/devices/1/documents", ""},
	{"getDeviceDocumentLink", "GET", "/public/devices/documents/1/download", ""},
	{"listWorkspaces", "GET", "/public/workspaces?limit=1", ""},
	{"listUsersV2", "GET", "/public/v2/users?size=1&firstName=lu&includeTotalCount=true", ""},
	{"getUserV2", "GET", "/public/v2/users/3?expand%5B%5D=roles&expand%5B%5D=personnel&expand%5B%5D=identities", ""},
	{"listPeople", "GET", "/native/v1/people?limit=1&sort=NAME&employmentStatus%5B%5D=CURRENT_CONTRACTOR&check%5B%5D=IDENTITY_MFA:false&facets=true", ""},
	{"listAccounts", "GET", "/native/v1/accounts?limit=1&kind=infrastructure&q=sally&facets=true", ""},
	{
		"addUserDocument", "POST", "/public/users/3/documents",
		`{"type": "SEC_TRAINING", "base64File": "{\"base64String\": \"data:application/pdf;base64,JVBERi0xLjcK\", \"filename\": \"Certificate.pdf\"}", "completionDate": "2025-10-31"}`,
	},
	{"addBackgroundCheck", "POST", "/public/background-check/3/manual", `{"url": "https://checks.example.com/reports/3", "filedAt": "2025-10-31"}`},
	{"deleteUserDocument", "DELETE", "/public/users/documents/1/1", ""},
	{
		"addDeviceDocument", "POST", "/public/devices/3/documents",
		`{"type": "HARD_DRIVE_ENCRYPTION_EVIDENCE", "base64File": "{\"base64String\": \"data:application/pdf;base64,JVBERi0xLjcK\", \"filename\": \"Disk.pdf\"}"}`,
	},
	{"deleteDeviceDocument", "DELETE", "/public/devices/documents/1", ""},
	{"setPersonnelContractDates", "PUT", "/public/personnel/21/contract-dates", `{"startDate": "2026-01-12", "separationDate": null}`},
	{"setPersonnelStatus", "PUT", "/public/personnel/101/status", `{"employmentStatus": "FORMER_EMPLOYEE", "separationDate": "2025-11-14"}`},
	{"resetPersonnelSync", "PUT", "/public/personnel/reset-sync/21", ""},
	{"resetSomePersonnelSync", "PUT", "/public/personnel/some/reset-sync", `{"personnelIds": [39, 101]}`},
	{"resetAllPersonnelSync", "PUT", "/public/personnel/all/reset-sync", ""},
	{"connectInfrastructureIdentity", "PUT", "/public/user-identities/infrastructure/3/connect", `{"userId": null}`},
	{"toggleInfrastructureIdentity", "PUT", "/public/user-identities/infrastructure/3/toggle", `{"toggle": true, "toggleField": "INFRASTRUCTURE_ADMIN_ACCESS"}`},
	{"setInfrastructureServiceAccount", "PUT", "/public/user-identities/infrastructure/3/service-account", `{"serviceAccount": true, "serviceAccountReason": "Deploys the hosted service"}`},
	{"connectVersionControlIdentity", "PUT", "/public/user-identities/version-control/3/connect", `{"userId": null}`},
	{"toggleVersionControlIdentity", "PUT", "/public/user-identities/version-control/3/toggle", `{"toggle": true, "toggleField": "VERSION_CONTROL_WRITE_ACCESS"}`},
	{"setVersionControlServiceAccount", "PUT", "/public/user-identities/version-control/3/service-account", `{"serviceAccount": true, "serviceAccountReason": "Merges updates of dependencies"}`},
}

// refusalTry is the request of the example of a refusal.
type refusalTry struct {
	response, method, target, body string
	before                         func(*testing.T, *company) (http.Handler, string)
}

// refusalTries are the requests of the examples of refusals, by the name of the
// response. The company is changed before the request, if it has to be.
var refusalTries = []refusalTry{
	{"Unauthorized", "GET", "/public/users/3", "", noKey},
	{"Forbidden", "GET", "/public/personnel", "", onlyUsers},
	{"BadRequest", "GET", "/public/personnel?limit=0&sortDir=UP", "", nil},
	{"BadRequestV2", "GET", "/public/v2/users?size=0", "", nil},
	{"BadRequestOrServiceAccountLink", "PUT", "/public/user-identities/infrastructure/3/connect", `{"userId": 3}`, nil},
	{"UnauthorizedNative", "GET", "/native/v1/people", "", noKey},
	{"ForbiddenNative", "GET", "/native/v1/people", "", onlyUsers},
	{"BadRequestNative", "GET", "/native/v1/people?limit=0&fields=name", "", nil},
	{"EntityNotFoundNative", "GET", "/native/v1/people?changedSince=999999999", "", nil},
	{"UserNotFound", "GET", "/public/users/9999", "", nil},
	{"UserNotFoundV2", "GET", "/public/v2/users/9999", "", nil},
	{"PersonnelNotFound", "GET", "/public/personnel/9999", "", nil},
	{"EntityNotFound", "GET", "/public/personnel?groupIds=9999", "", nil},
	{"EntityNotFoundOrUserNotFound", "PUT", "/public/user-identities/infrastructure/9999/connect", `{"userId": 3}`, nil},
	{"SeparationBeforeStartOrSeparationInFuture", "PUT", "/public/personnel/3/contract-dates", `{"startDate": "2020-07-06", "separationDate": "2020-07-05"}`, nil},
	{"UserNotFoundOrPersonnelNotFound", "POST", "/public/background-check/9999/manual", `{"url": "https://checks.example.com/reports/3", "filedAt": "2025-10-31"}`, nil},
	{"NotAPersonOrFiledInFuture", "POST", "/public/background-check/3/manual", `{"url": "https://checks.example.com/reports/3", "filedAt": "2099-12-31"}`, nil},
	{"TooLarge", "POST", "/public/users/3/documents", "", veryLarge},
	{"FilesUnavailable", "POST", "/public/users/3/documents", `{"type": "MFA_EVIDENCE", "base64File": "{\"base64String\": \"JVBERi0xLjcK\", \"filename\": \"Key.pdf\"}"}`, withoutFiles},
	{"NoSource", "PUT", "/public/personnel/reset-sync/20", "", nil},
	{"TooManyRequests", "GET", "/public/users/3", "", oneAMinute},
	{"TooManyRequestsNative", "GET", "/native/v1/people", "", oneAMinute},
	{"PreconditionFailed", "GET", "/public/users/3", "", changed(func(c *workforce.Company) { c.TermsAcceptedAt = nil })},
	{"PreconditionFailedNative", "GET", "/native/v1/people", "", changed(func(c *workforce.Company) { c.TermsAcceptedAt = nil })},
	{"PaymentRequiredOrPlanWithoutFeatureNative", "GET", "/native/v1/accounts", "", changed(func(c *workforce.Company) { c.Plan = workforce.PlanCore })},
	{"PaymentRequiredNative", "GET", "/native/v1/people", "", changed(func(c *workforce.Company) { c.Plan = workforce.PlanNone })},
	{"PaymentRequiredOrPlanWithoutFeature", "GET", "/public/user-identities/infrastructure", "", changed(func(c *workforce.Company) { c.Plan = workforce.PlanCore })},
	{"PaymentRequired", "GET", "/public/users/3", "", changed(func(c *workforce.Company) { c.Plan = workforce.PlanNone })},
	{"InternalServerError", "GET", "/public/users/3", "", brokenDatabase},
	{"InternalServerErrorNative", "GET", "/native/v1/people", "", func(_ *testing.T, c *company) (http.Handler, string) { return c.mux, c.key }},
}

func noKey(_ *testing.T, c *company) (http.Handler, string) { return c.mux, "" }

func onlyUsers(t *testing.T, c *company) (http.Handler, string) {
	t.Helper()
	return c.mux, c.newKey(t, workforce.ScopeUsersGet)
}

// oneAMinute is the API with a limit of one request, which is used up.
func oneAMinute(t *testing.T, c *company) (http.Handler, string) {
	t.Helper()
	a := auth.NewAuthenticator(c.db, slog.New(slog.DiscardHandler))
	t.Cleanup(a.Close)
	h := c.serve(t, a, rest.NewLimiter(1, c.db.Now))
	ask(t, h, c.key, http.MethodGet, "/public/users/3", "")
	return h, c.key
}

func changed(change func(*workforce.Company)) func(*testing.T, *company) (http.Handler, string) {
	return func(t *testing.T, c *company) (http.Handler, string) {
		t.Helper()
		err := c.db.Write(t.Context(), store.Cause{Actor: store.ActorSystem, Cause: "test"}, func(tx *store.Tx) error {
			record, err := tx.LockCompany(t.Context())
			if err != nil {
				return err
			}
			record.TermsAcceptedAt, record.Plan = new(noon), workforce.PlanFull
			change(&record)
			return tx.SaveCompany(t.Context(), record)
		})
		if err != nil {
			t.Fatal(err)
		}
		return c.mux, c.key
	}
}

// veryLarge is the API for a request that says that it is very long.
func veryLarge(_ *testing.T, c *company) (http.Handler, string) {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader("{")), 1<<40
		c.mux.ServeHTTP(w, r)
	}), c.key
}

// withoutFiles is the API with nowhere to keep files.
func withoutFiles(t *testing.T, c *company) (http.Handler, string) {
	t.Helper()
	a := auth.NewAuthenticator(c.db, slog.New(slog.DiscardHandler))
	t.Cleanup(a.Close)
	other := *c
	other.compliance = compliance.New(c.db, nil)
	return other.serve(t, a, nil), c.key
}

func brokenDatabase(t *testing.T, c *company) (http.Handler, string) {
	t.Helper()
	if err := c.db.Close(); err != nil {
		t.Fatal(err)
	}
	return c.mux, c.key
}

// asked is what the server answers to all of them.
func asked(t *testing.T) examples {
	t.Helper()
	c := newCompany(t)
	out := examples{Operations: map[string]exchange{}, Refusals: map[string]exchange{}}
	last := int64(0) // the number of the record that was made last
	for _, try := range slices.Concat(tries, complianceTries) {
		try.target = strings.ReplaceAll(try.target, "{last}", strconv.FormatInt(last, 10))
		if try.body == theRules {
			try.body = string(out.Operations["getRules"].Answer)
		}
		w := ask(t, c.mux, c.key, try.method, try.target, try.body)
		switch w.Code {
		case http.StatusOK, http.StatusNoContent:
		case http.StatusCreated:
			var made struct{ ID int64 }
			if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil {
				t.Fatal(err)
			}
			last = made.ID
		default:
			t.Fatalf("%s %s answers %d %s", try.method, try.target, w.Code, w.Body)
		}
		out.Operations[try.operation] = exchangeOf(t, try.method, try.target, try.body, c.sealAgain(t, w.Body.Bytes()))
	}
	for _, try := range slices.Concat(complianceRefusals, refusalTries) {
		h, key := c.mux, c.key
		if try.before != nil {
			h, key = try.before(t, c)
		}
		w := ask(t, h, key, try.method, try.target, try.body)
		if w.Code < http.StatusBadRequest {
			t.Fatalf("%s: %s %s answers %d %s", try.response, try.method, try.target, w.Code, w.Body)
		}
		out.Refusals[try.response] = exchangeOf(t, try.method, try.target, try.body, w.Body.Bytes())
	}
	return out
}

var cursorMember = regexp.MustCompile(`"cursor":"([^"]+)"`)

// sealAgain gives a cursor the seal of a secret that is the same every time:
// each database has its own, made at random.
func (c *company) sealAgain(t *testing.T, answer []byte) []byte {
	t.Helper()
	secret, err := c.directory.CursorSecret(c.commandLine(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return cursorMember.ReplaceAllFunc(answer, func(m []byte) []byte {
		payload, err := rest.DecodeCursor(secret, string(cursorMember.FindSubmatch(m)[1]))
		if err != nil {
			t.Fatal(err)
		}
		return []byte(`"cursor":"` + rest.EncodeCursor([]byte("the secret of the examples"), payload) + `"`)
	})
}

// exchangeOf compares well: JSON is kept without spaces.
func exchangeOf(t *testing.T, method, target, body string, answer []byte) exchange {
	t.Helper()
	x := exchange{Method: method, Target: target}
	if len(answer) > 0 { // some answer nothing
		x.Answer = compact(t, answer)
	}
	if body != "" {
		x.Body = compact(t, []byte(body))
	}
	return x
}

func compact(t *testing.T, text []byte) json.RawMessage {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	return b.Bytes()
}

// The examples of the document are what the server answers.
func TestExamplesAreTrue(t *testing.T) {
	t.Parallel()
	now := asked(t)
	text, err := plainJSON(now)
	if err != nil {
		t.Fatal(err)
	}
	apitest.Golden(t, "examples.json", apitest.Indent(t, text))

	doc, _, err := build(routes(), now)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range routes() {
		if _, ok := now.Operations[r.Operation]; !ok {
			t.Errorf("%s has no example", r.Operation)
		}
	}
	for _, r := range doc.Components.Responses {
		if _, ok := now.Refusals[r.name]; !ok {
			t.Errorf("the response %s has no example", r.name)
		}
		delete(now.Refusals, r.name)
	}
	for name := range now.Refusals {
		t.Errorf("there is no response %s to be an example of", name)
	}
	if !apitest.Updating() {
		return
	}
	// The document below was made from the examples that this test was built
	// with; make it from the new ones.
	keep(t, doc)
}

// keep writes the document into docs.
func keep(t *testing.T, doc *document) {
	t.Helper()
	text, err := encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	inYAML, err := text.YAML()
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{goldenJSON: text.JSON, goldenYAML: inYAML} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Examples are read by people everywhere.
func TestExamplesPointNowhereReal(t *testing.T) {
	t.Parallel()
	for _, m := range emails.FindAllString(string(examplesJSON), -1) {
		if !strings.HasSuffix(m, "@example.com") && !strings.HasSuffix(m, "@example.org") && !strings.HasSuffix(m, "@example.net") {
			t.Errorf("an example names %s", m)
		}
	}
}
