package contract_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/contract"
	v1 "github.com/passmuster/passmuster/internal/api/v1"
	v2 "github.com/passmuster/passmuster/internal/api/v2"
	"github.com/passmuster/passmuster/internal/rest"
)

// routes is every operation of the compatible API. What they are made of is
// looked at, they are not called: they need no directory.
func routes() []rest.Route {
	return slices.Concat(v1.Routes(nil, nil), v2.Routes(nil, v2.Options{}))
}

// exception is where an operation differs from the reference on purpose.
type exception struct {
	operation string // "GET /public/users/{id}"
	what      string // "parameter email", "status 404", "maximum length of cursor"
	reason    string
}

const missingRecord = "a record that does not exist is not found, whether or not the reference says so"

// anyLater stands for each operation that only the later document has: it lists
// neither what a plan without the API answers nor all that a path or a record
// can be wrong in.
const anyLater = "*"

// exceptions must all be needed: the tests complain of one that nothing uses.
var exceptions = []exception{
	{"GET /public/personnel", "parameter email", "so many clients send it that ignoring it would give them everybody"},
	{"GET /public/v2/users", "parameter includeTotalCount", "clients written for the later documents ask for it"},
	{"GET /public/v2/users", "maximum length of cursor", "a bound keeps garbage out of the decoder; no cursor of ours is longer"},
	{anyLater, "status 400", "a parameter that cannot be understood is refused, whether or not the reference says so"},
	{anyLater, "status 402", "a company without the API in its plan has none of it, whether or not the reference says so"},
	{anyLater, "status 404", missingRecord},
	{"GET /public/users/{id}", "status 404", missingRecord},
	{"GET /public/v2/users/{userId}", "status 404", missingRecord},
	{"PUT /public/personnel/{id}/contract-dates", "status 404", missingRecord},
	{"PUT /public/personnel/reset-sync/{personnelId}", "status 404", missingRecord},
	{"PUT /public/personnel/some/reset-sync", "status 404", missingRecord},
}

// complaints collects differences and which exceptions excused some.
type complaints struct {
	operation string
	later     bool // only the later document has the operation
	found     []string
	used      map[exception]bool
}

func (c *complaints) differ(what, format string, args ...any) {
	for _, e := range exceptions {
		if (e.operation == c.operation || c.later && e.operation == anyLater) && e.what == what {
			c.used[e] = true
			return
		}
	}
	c.found = append(c.found, c.operation+": "+what+": "+fmt.Sprintf(format, args...))
}

func TestRoutesKeepThePromise(t *testing.T) {
	t.Parallel()
	ops, err := contract.Operations()
	if err != nil {
		t.Fatal(err)
	}
	served := map[string]rest.Route{}
	for _, r := range routes() {
		served[r.Method+" "+r.Pattern] = r
	}
	used := map[exception]bool{}
	for _, op := range ops {
		r, ok := served[op.Name()]
		if !ok {
			t.Errorf("%s is not served", op.Name())
			continue
		}
		delete(served, op.Name())
		c := &complaints{operation: op.Name(), later: later(op), used: used}
		c.statuses(r, op)
		c.parameters(r, op)
		for _, complaint := range c.found {
			t.Error(complaint)
		}
	}
	for name := range served {
		t.Errorf("%s is served, but the reference does not know it", name)
	}
	for _, e := range exceptions {
		if !used[e] {
			t.Errorf("exception %q of %s excuses nothing: remove it", e.what, e.operation)
		}
	}
}

// later tells the operations of the later document: the pages, which come first
// for the others, have a 402 everywhere.
func later(op contract.Operation) bool {
	return !slices.Contains(op.Statuses, http.StatusPaymentRequired)
}

func (c *complaints) statuses(r rest.Route, op contract.Operation) {
	for _, s := range op.Statuses {
		if !slices.Contains(r.Statuses, s) {
			c.differ(fmt.Sprintf("status %d", s), "documented, but not declared by the route")
		}
	}
	for _, s := range r.Statuses {
		if !slices.Contains(op.Statuses, s) {
			c.differ(fmt.Sprintf("status %d", s), "declared by the route, but not documented")
		}
	}
}

// parameters compares what the binder recorded, order included.
func (c *complaints) parameters(r rest.Route, op contract.Operation) {
	var bound []rest.Param
	for _, p := range r.Params {
		if p.Extra {
			c.differ("parameter "+p.Name, "bound, but not in the reference")
			continue
		}
		bound = append(bound, p)
	}
	for i := range max(len(bound), len(op.Parameters)) {
		switch {
		case i >= len(bound):
			c.differ("parameter "+op.Parameters[i].Name, "documented, but not bound")
		case i >= len(op.Parameters):
			c.differ("parameter "+bound[i].Name, "bound, but not in the reference, and not marked as ours")
		default:
			c.parameter(bound[i], op.Parameters[i])
		}
	}
}

func (c *complaints) parameter(got rest.Param, want contract.Parameter) {
	name := want.Name
	c.same(name, "name", got.Name, want.Name)
	c.same(name, "place", string(got.In), want.In)
	c.same(name, "type", string(got.Type), want.Type)
	c.same(name, "requiredness", got.Required, want.Required)
	c.same(name, "default", got.Default, want.Default)
	c.same(name, "minimum", bound(got.Minimum), bound(want.Minimum))
	c.same(name, "maximum", bound(got.Maximum), bound(want.Maximum))
	c.same(name, "maximum length", got.MaxLength, want.MaxLength)
	c.same(name, "values", strings.Join(got.Enum, " "), strings.Join(want.Enum, " "))
}

func (c *complaints) same(parameter, property string, got, want any) {
	if got != want {
		c.differ(property+" of "+parameter, "got %v, the reference has %v", got, want)
	}
}

func bound(n *int64) string {
	if n == nil {
		return "none"
	}
	return fmt.Sprint(*n)
}

// Every operation is guarded: a route without a scope would be open to every
// key.
func TestEveryOperationNeedsAPermission(t *testing.T) {
	t.Parallel()
	want := map[string]string{ // scope, then feature
		"GET /public/users/{id}":                                           "users:get",
		"GET /public/users":                                                "users:list",
		"GET /public/users/{email}/email":                                  "users:get",
		"GET /public/users/{id}/policies":                                  "user-policies:get",
		"GET /public/users/{id}/documents":                                 "user-documents:list",
		"POST /public/users/{id}/documents":                                "user-documents:create",
		"GET /public/users/documents/{id}/download":                        "user-documents:download",
		"DELETE /public/users/documents/{docId}/{userId}":                  "user-documents:delete",
		"POST /public/background-check/{userId}/manual":                    "background-checks:create",
		"GET /public/personnel":                                            "personnel:list",
		"GET /public/personnel/{id}":                                       "personnel:get",
		"GET /public/personnel/{email}/email":                              "personnel:get",
		"PUT /public/personnel/{id}/contract-dates":                        "personnel:update-dates",
		"PUT /public/personnel/{id}/status":                                "personnel:update-status",
		"PUT /public/personnel/reset-sync/{personnelId}":                   "personnel:reset-sync",
		"PUT /public/personnel/all/reset-sync":                             "personnel:reset-sync",
		"PUT /public/personnel/some/reset-sync":                            "personnel:reset-sync",
		"GET /public/user-identities/infrastructure":                       "infrastructure-identities:manage user-identities",
		"PUT /public/user-identities/infrastructure/{id}/connect":          "infrastructure-identities:manage user-identities",
		"PUT /public/user-identities/infrastructure/{id}/toggle":           "infrastructure-identities:manage user-identities",
		"PUT /public/user-identities/infrastructure/{id}/service-account":  "infrastructure-identities:manage user-identities",
		"GET /public/user-identities/version-control":                      "version-control-identities:manage user-identities",
		"PUT /public/user-identities/version-control/{id}/connect":         "version-control-identities:manage user-identities",
		"PUT /public/user-identities/version-control/{id}/toggle":          "version-control-identities:manage user-identities",
		"PUT /public/user-identities/version-control/{id}/service-account": "version-control-identities:manage user-identities",
		"GET /public/devices":                                              "devices:list",
		"GET /public/personnel/{personnelId}/devices":                      "devices:list",
		"GET /public/devices/{deviceId}":                                   "devices:list",
		"GET /public/devices/{deviceId}/apps":                              "devices:list",
		"GET /public/devices/{deviceId}/documents":                         "device-documents:manage",
		"POST /public/devices/{deviceId}/documents":                        "device-documents:manage",
		"GET /public/devices/documents/{documentId}/download":              "device-documents:manage",
		"DELETE /public/devices/documents/{documentId}":                    "device-documents:manage",
		"GET /public/workspaces":                                           "workspaces:list",
		"GET /public/v2/users":                                             "users:list",
		"GET /public/v2/users/{userId}":                                    "users:get",
	}
	for _, r := range routes() {
		name := r.Method + " " + r.Pattern
		if got := strings.TrimSpace(r.Scope + " " + r.Feature); got != want[name] {
			t.Errorf("%s needs %q, want %q", name, got, want[name])
		}
		wantVersion := rest.V1
		if strings.HasPrefix(r.Pattern, v2.Base+"/") {
			wantVersion = rest.V2
		}
		if r.Version != wantVersion {
			t.Errorf("%s answers errors in the shape of version %d", name, r.Version)
		}
	}
}

// The mux refuses route tables that contradict themselves; the whole of it must
// be accepted.
func TestRoutesMakeOneTable(t *testing.T) {
	t.Parallel()
	if _, err := rest.NewMux(rest.MuxConfig{Routes: routes(), Gate: closedGate{}}); err != nil {
		t.Error(err)
	}
}
