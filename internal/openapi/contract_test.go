package openapi

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/contract"
	"github.com/passmuster/passmuster/internal/api/native"
	"github.com/passmuster/passmuster/internal/rest"
)

// additions are where the document says more than the published reference, on
// purpose. All must be needed.
var additions = map[string]string{
	"status 402 of every later operation":                                          "a plan without the API refuses every operation",
	"GET /public/users/{email}/email 400":                                          "what is no address is refused",
	"GET /public/users/{email}/email 404":                                          "a record that does not exist is not found",
	"GET /public/users/{id}/policies 400":                                          "an id that is no number is refused",
	"GET /public/users/{id}/policies 404":                                          "a record that does not exist is not found",
	"GET /public/users/{id}/documents 404":                                         "a record that does not exist is not found",
	"GET /public/personnel/{personnelId}/devices 400":                              "a parameter that cannot be understood is refused",
	"GET /public/devices/{deviceId} 404":                                           "a record that does not exist is not found",
	"GET /public/devices/{deviceId}/apps 404":                                      "a record that does not exist is not found",
	"GET /public/devices/{deviceId}/documents 404":                                 "a record that does not exist is not found",
	"status 429 of every operation":                                                "a server may limit requests, and failed authentications are always limited",
	"PUT /public/user-identities/infrastructure/{id}/toggle toggleField required":  "which access is meant is not guessed",
	"PUT /public/user-identities/version-control/{id}/toggle toggleField required": "which access is meant is not guessed",
	"PUT /public/personnel/some/reset-sync personnelIds required":                  "a forgotten list must not reset everybody",
	"GET /public/personnel email":                                                  "clients send it",
	"GET /public/v2/users includeTotalCount":                                       "clients written for the later documents ask for it",
	"GET /public/users/{id} 404":                                                   "a record that does not exist is not found",
	"GET /public/v2/users/{userId} 404":                                            "a record that does not exist is not found",
	"PUT /public/personnel/{id}/contract-dates 404":                                "a record that does not exist is not found",
	"PUT /public/personnel/reset-sync/{personnelId} 404":                           "a record that does not exist is not found",
	"PUT /public/personnel/some/reset-sync 404":                                    "a record that does not exist is not found",
}

// omissions are where the document says less than the published reference, on
// purpose. All must be needed.
var omissions = map[string]string{
	"GET /public/workspaces 404": "no single record is asked for",
}

// described is one parameter or body field as a reader of the document sees it.
type described struct {
	in       string
	required bool
	schema   map[string]any
	explode  bool
}

// The document promises what the published reference promises: every
// parameter, bound, default, value and status. It is read as JSON here, the way
// clients read it.
func TestDocumentKeepsThePromise(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(goldenJSON)
	if err != nil {
		t.Fatal(err)
	}
	doc := tree{decoded(t, text)}
	ops, err := contract.Operations()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	named := func(exceptions map[string]string) func(string) bool {
		return func(what string) bool {
			used[what] = true
			return exceptions[what] != ""
		}
	}
	more, less := named(additions), named(omissions)
	count := 0
	for path := range doc.at("paths").members() {
		if strings.HasPrefix(path, native.Base+"/") {
			continue // ours: there is no promise
		}
		for method := range doc.at("paths", path).members() {
			count++
			if !slices.ContainsFunc(ops, func(o contract.Operation) bool { return o.Path == path && strings.EqualFold(o.Method, method) }) {
				t.Errorf("%s %s is not in the reference", method, path)
			}
		}
	}
	if count != len(ops) {
		t.Errorf("%d operations, want %d", count, len(ops))
	}
	for _, o := range ops {
		op := doc.at("paths", o.Path, strings.ToLower(o.Method))
		statuses(t, o, op, more, less)
		bound := parametersOf(doc, op)
		for _, p := range o.Parameters {
			got, ok := bound[p.Name]
			if !ok {
				t.Errorf("%s: %s is missing", o.Name(), p.Name)
				continue
			}
			delete(bound, p.Name)
			compare(t, o.Name()+" "+p.Name, got, p, more)
		}
		for name := range bound {
			if !more(o.Name() + " " + name) {
				t.Errorf("%s: the reference has no %s", o.Name(), name)
			}
		}
	}
	for _, exceptions := range []map[string]string{additions, omissions} {
		for what := range exceptions {
			if !used[what] {
				t.Errorf("%q is no exception: nothing needs it", what)
			}
		}
	}
}

func statuses(t *testing.T, o contract.Operation, op tree, more, less func(string) bool) {
	t.Helper()
	for status := range op.at("responses").members() {
		n, err := strconv.Atoi(status)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case slices.Contains(o.Statuses, n), status == "429" && more("status 429 of every operation"),
			status == "402" && more("status 402 of every later operation"), more(o.Name() + " " + status):
		default:
			t.Errorf("%s: the reference has no status %s", o.Name(), status)
		}
	}
	for _, status := range o.Statuses {
		if op.at("responses", strconv.Itoa(status)).value == nil && !less(fmt.Sprintf("%s %d", o.Name(), status)) {
			t.Errorf("%s: the status %d is missing", o.Name(), status)
		}
	}
}

func parametersOf(doc, op tree) map[string]described {
	out := map[string]described{}
	list, _ := op.at("parameters").value.([]any)
	for _, item := range list {
		p := tree{item}
		out[p.text("name")] = described{
			in: p.text("in"), required: p.at("required").value == true,
			schema: p.at("schema").members(), explode: p.text("style") == "form" && p.at("explode").value == true,
		}
	}
	forms := op.at("requestBody", "content").members()
	for mediaType := range forms {
		ref := op.at("requestBody", "content", mediaType, "schema").text("$ref")
		body := doc.at("components", "schemas", strings.TrimPrefix(ref, "#/components/schemas/"))
		needed, _ := body.at("required").value.([]any)
		for name := range body.at("properties").members() {
			everywhere := slices.Contains(needed, any(name))
			for other := range forms { // what only one of the forms has is not needed
				ref := op.at("requestBody", "content", other, "schema").text("$ref")
				everywhere = everywhere && doc.at("components", "schemas", strings.TrimPrefix(ref, "#/components/schemas/"), "properties", name).value != nil
			}
			out[name] = described{in: "body", required: everywhere, schema: body.at("properties", name).members(), explode: true}
		}
	}
	return out
}

// compare looks at one parameter. Where the reference is silent on a bound, the
// document may have one: it is the binder's.
func compare(t *testing.T, name string, got described, want contract.Parameter, more func(string) bool) {
	t.Helper()
	differ := func(property string, got, want any) {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %s is %v, the reference has %v", name, property, got, want)
		}
	}
	differ("place", got.in, want.In)
	if got.required != want.Required && !more(name+" required") {
		t.Errorf("%s: required is %v, the reference has %v", name, got.required, want.Required)
	}
	v := tree{got.schema}
	if items := v.at("items"); items.value != nil {
		if !got.explode {
			t.Errorf("%s: a list is form and explode", name)
		}
		differ("type", "Array of "+number(items.at("type").value)+"s", want.Type)
		v = items
	} else {
		differ("type", typeWords(v, want), want.Type)
	}
	differ("values", v.at("enum").value, enumOf(want))
	if want.Default != "" || v.at("default").value != nil {
		differ("default", v.at("default").value, want.Default)
	}
	for property, n := range map[string]*int64{"minimum": want.Minimum, "maximum": want.Maximum} {
		if n != nil {
			differ(property, v.at(property).value, *n)
		}
	}
	if want.MaxLength != 0 {
		differ("maxLength", v.at("maxLength").value, want.MaxLength)
	}
}

// typeWords is the type in the words of the reference. That null may stand for
// absence is nothing that the reference says.
func typeWords(v tree, want contract.Parameter) string {
	if v.text("format") == "binary" {
		return "file"
	}
	switch typ := v.at("type").value.(type) {
	case []any:
		if want.Required {
			return number(typ[0]) + " or " + fmt.Sprint(typ[1])
		}
		return number(typ[0])
	case nil:
		return "number or string" // anyOf
	default:
		return number(typ)
	}
}

func number(typ any) string {
	if typ == typeInteger {
		return "number"
	}
	return fmt.Sprint(typ)
}

func enumOf(p contract.Parameter) any {
	if p.Enum == nil {
		return nil
	}
	return p.Enum
}

// tree is a decoded document that can be asked for what is not there.
type tree struct{ value any }

func (d tree) members() map[string]any {
	m, _ := d.value.(map[string]any)
	return m
}

func (d tree) at(path ...string) tree {
	for _, step := range path {
		d = tree{d.members()[step]}
	}
	return d
}

func (d tree) text(name string) string {
	s, _ := d.at(name).value.(string)
	return s
}

var statusRow = regexp.MustCompile(`(?m)^\| (\d{3}) \| ([\d, ]*) \|`)

// The pages of docs/compat list the same codes as the document.
func TestPagesHaveTheSameCodes(t *testing.T) {
	t.Parallel()
	for _, r := range compatible(nil, nil) {
		page, err := os.ReadFile(filepath.Join("../../docs/compat", r.Operation+".md"))
		if err != nil {
			t.Fatal(err)
		}
		byStatus := map[int][]int{}
		all, _ := refusals(&r)
		for _, f := range all {
			byStatus[f.status] = f.codes()
		}
		for _, row := range statusRow.FindAllStringSubmatch(string(page), -1) {
			status, err := strconv.Atoi(row[1])
			if err != nil {
				t.Fatal(err)
			}
			var codes []int
			for code := range strings.SplitSeq(row[2], ", ") {
				if n, err := strconv.Atoi(code); err == nil {
					codes = append(codes, n)
				}
			}
			slices.Sort(codes)
			if !slices.Equal(codes, byStatus[status]) {
				t.Errorf("%s %d: the page has the codes %v, the document %v", r.Operation, status, codes, byStatus[status])
			}
		}
	}
}

// Only answers whose shape is the version's own have types of their own.
func TestErrorNames(t *testing.T) {
	t.Parallel()
	for _, r := range routes() {
		all, _ := refusals(&r)
		for _, f := range all {
			_, named := rest.ErrorName(r.Version, f.status)
			own := r.Version == rest.Native
			if strings.HasSuffix(f.name(), "V2") != named || strings.HasSuffix(f.schemaName(), "V2") != named ||
				strings.HasSuffix(f.name(), "Native") != own || strings.HasSuffix(f.schemaName(), "Native") != own {
				t.Errorf("%s %d is called %s, its type %s", r.Operation, f.status, f.name(), f.schemaName())
			}
		}
	}
}
