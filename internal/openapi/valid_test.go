package openapi

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// loaded is the document as a validator reads it. Sealed, no object may have a
// member that is not described: the published one leaves room for members to
// come, but there are none today.
func loaded(t *testing.T) *openapi3.T {
	t.Helper()
	text, err := os.ReadFile(goldenJSON)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range doc.Components.Schemas {
		if len(v.Value.Properties) > 0 {
			v.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: new(false)}
		}
	}
	return doc
}

func TestDocumentIsValid(t *testing.T) {
	t.Parallel()
	if err := loaded(t).Validate(t.Context(), openapi3.IsOpenAPI31OrLater()); err != nil {
		t.Error(err)
	}
}

// check says how a value differs from a type of the document.
func check(t *testing.T, doc *openapi3.T, name string, value any) error {
	t.Helper()
	ref := doc.Components.Schemas[name]
	if ref == nil {
		t.Fatalf("the document has no type %s", name)
	}
	return ref.Value.VisitJSON(value, openapi3.EnableJSONSchema2020(), openapi3.MultiErrors())
}

// goldenTypes is the type of each golden answer of the API versions, by folder
// and the beginning of the file's name.
var goldenTypes = map[string]string{
	"v1/user": "User", "v1/personnel": "Personnel", "v1/personnel-list": "PersonnelList",
	"v1/infrastructure-account": "InfrastructureAccount", "v1/infrastructure-list": "InfrastructureAccountList",
	"v1/version-control-account": "VersionControlAccount", "v1/version-control-list": "VersionControlAccountList",
	"v1/user-list": "UserList", "v1/user-document": "Document", "v1/user-documents": "UserDocuments",
	"v1/user-policies": "UserPolicyVersions", "v1/signed-url": "SignedURL",
	"v1/device": "DeviceRecord", "v1/device-list": "DeviceRecordList", "v1/device-apps": "DeviceAppList",
	"v1/device-documents": "DeviceDocuments", "v1/device-document": "DeviceDocument", "v1/workspace-list": "WorkspaceList",
	"v2/user": "UserV2", "v2/user-list": "UserListV2",
}

// The golden answers, with everything known and with nothing known, are valid.
func TestGoldenAnswersAreValid(t *testing.T) {
	t.Parallel()
	doc := loaded(t)
	files, err := filepath.Glob("../api/v*/testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden answers: %v", err)
	}
	for _, file := range files {
		name := strings.TrimPrefix(filepath.ToSlash(file), "../api/")
		name = strings.TrimSuffix(strings.TrimSuffix(strings.Replace(name, "/testdata/", "/", 1), "-full.json"), "-sparse.json")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		typ, ok := goldenTypes[name]
		if !ok {
			t.Errorf("%s is an answer of no type: add it to goldenTypes", file)
			continue
		}
		if err := check(t, doc, typ, decoded(t, text)); err != nil {
			t.Errorf("%s is no %s: %v", file, typ, err)
		}
	}
}

// Each operation answers with the type that its route names, and refuses with
// the type that the document has for it.
func TestExamplesAreValid(t *testing.T) {
	t.Parallel()
	doc := loaded(t)
	stored, err := readExamples()
	if err != nil {
		t.Fatal(err)
	}
	validated := 0
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			x := stored.Operations[op.OperationID]
			if success := contentOf(op); success == nil { // it answers nothing
				if x.Answer != nil && string(x.Answer) != "null" {
					t.Errorf("the example of %s has an answer", op.OperationID)
				}
			} else if err := check(t, doc, strings.TrimPrefix(success.Schema.Ref, "#/components/schemas/"), decoded(t, x.Answer)); err != nil {
				t.Errorf("the example of %s: %v", op.OperationID, err)
			}
			if op.RequestBody != nil {
				body := op.RequestBody.Value.Content.Get("application/json").Schema
				if err := check(t, doc, strings.TrimPrefix(body.Ref, "#/components/schemas/"), decoded(t, x.Body)); err != nil {
					t.Errorf("the request of %s: %v", op.OperationID, err)
				}
			}
			validated++
		}
	}
	for name, r := range doc.Components.Responses {
		body := r.Value.Content.Get("application/json").Schema
		if err := check(t, doc, strings.TrimPrefix(body.Ref, "#/components/schemas/"), decoded(t, stored.Refusals[name].Answer)); err != nil {
			t.Errorf("the example of %s: %v", name, err)
		}
		validated++
	}
	if want := len(stored.Operations) + len(stored.Refusals); validated != want {
		t.Errorf("%d examples were looked at, want %d", validated, want)
	}
}

// contentOf is what an operation answers in JSON if it succeeds, nil for nothing.
func contentOf(op *openapi3.Operation) *openapi3.MediaType {
	for _, status := range []string{"200", "201", "204"} {
		if r := op.Responses.Value(status); r != nil {
			return r.Value.Content.Get("application/json")
		}
	}
	return nil
}

// The validator is awake: what the document does not describe is refused.
func TestWrongAnswersAreNoticed(t *testing.T) {
	t.Parallel()
	doc := loaded(t)
	stored, err := readExamples()
	if err != nil {
		t.Fatal(err)
	}
	good := string(stored.Operations["getUser"].Answer)
	for _, c := range []struct{ name, old, new string }{
		{"a member of another type", `"id":3,`, `"id":"3",`},
		{"a member more", `"id":3,`, `"id":3,"odd":1,`},
		{"a member less", `"id":3,`, ``},
		{"null that cannot be", `"id":3,`, `"id":null,`},
		{"a value that is none", `"EMPLOYEE"`, `"EMPEROR"`},
		{"null inside", `"hasIdp":true`, `"hasIdp":null`},
	} {
		text := strings.Replace(strings.Join(strings.Fields(good), ""), c.old, c.new, 1)
		if text == strings.Join(strings.Fields(good), "") {
			t.Errorf("%s: the example has no %s", c.name, c.old)
		}
		if check(t, doc, "User", decoded(t, []byte(text))) == nil {
			t.Errorf("%s passes", c.name)
		}
	}
}
