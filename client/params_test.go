package client

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/api/contract"
	"github.com/passmuster/passmuster/internal/api/native"
	v1 "github.com/passmuster/passmuster/internal/api/v1"
	v2 "github.com/passmuster/passmuster/internal/api/v2"
	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/workforce"
)

// fill gives every field of a struct of parameters a value.
func fill(t *testing.T, params any) {
	t.Helper()
	v := reflect.ValueOf(params).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Int64:
			f.SetInt(1)
		case reflect.Pointer:
			f.Set(reflect.New(f.Type().Elem()))
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 2, 2))
		default:
			t.Fatalf("%s is a %s: say here how to fill it", v.Type().Field(i).Name, f.Kind())
		}
	}
}

// names lists the parameters that a query sends.
func names(q query) []string {
	var out []string
	for name := range q.values {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func TestEveryPublishedParameterCanBeSent(t *testing.T) {
	t.Parallel()
	var personnel PersonnelListParams
	var accounts AccountListParams
	var users UserV2ListParams
	var devices DeviceListParams
	var workspaces WorkspaceListParams
	var people UserListParams
	var evidence UserDocumentListParams
	for _, q := range []query{personnel.query(), accounts.query(), users.query(), devices.query(), workspaces.query(), people.query(), evidence.query(), appsQuery(0, 0), documentsQuery("")} {
		if len(q.values) > 0 {
			t.Errorf("without parameters, %v is sent", names(q))
		}
	}
	fill(t, &personnel)
	fill(t, &accounts)
	fill(t, &users)
	fill(t, &devices)
	fill(t, &workspaces)
	fill(t, &people)
	fill(t, &evidence)
	ofPerson := devices
	ofPerson.PersonnelID = 0
	sent := map[string]query{
		"GET /public/personnel":                       personnel.query(),
		"GET /public/user-identities/infrastructure":  accounts.query(),
		"GET /public/user-identities/version-control": accounts.query(),
		"GET /public/v2/users":                        users.query(),
		"GET /public/devices":                         devices.query(),
		"GET /public/personnel/{personnelId}/devices": ofPerson.query(),
		"GET /public/devices/{deviceId}/apps":         appsQuery(1, 1),
		"GET /public/devices/{deviceId}/documents":    documentsQuery("x"),
		"GET /public/workspaces":                      workspaces.query(),
		"GET /public/users":                           people.query(),
		"GET /public/users/{id}/documents":            evidence.query(),
	}
	ours := map[string]string{"GET /public/personnel": "email", "GET /public/v2/users": "includeTotalCount"}
	operations, err := contract.Operations()
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range operations {
		var want []string
		for _, p := range op.Parameters {
			if p.In == "query" && (p.Name != "expand[]" || sent[op.Name()].values != nil) {
				want = append(want, p.Name)
			}
		}
		if extra, ok := ours[op.Name()]; ok {
			want = append(want, extra)
		}
		slices.Sort(want)
		if got := names(sent[op.Name()]); len(want) > 0 && !slices.Equal(got, want) {
			t.Errorf("%s sends\n%v, want\n%v", op.Name(), got, want)
		}
	}
	if got := users.query().values["expand[]"]; len(got) != 2 {
		t.Errorf("a list of two is sent as %v", got)
	}
}

// texts turns a table of the domain into plain texts.
func texts[S ~string](table []S) []string {
	out := make([]string, len(table))
	for i, s := range table {
		out[i] = string(s)
	}
	return out
}

func TestEnumerationsAreThoseOfTheDomain(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"EmploymentStatus":       texts(workforce.AllEmploymentStatuses),
		"EmploymentStatusFilter": texts(workforce.AllEmploymentStatusFilters),
		"CheckType":              texts(workforce.AllCheckTypes),
		"CheckStatus":            texts(workforce.AllCheckStatuses),
		"CheckFrequency":         texts(workforce.AllCheckFrequencies),
		"BackgroundCheckStatus":  texts(workforce.AllBackgroundCheckStatuses),
		"BackgroundCheckType":    texts(workforce.AllBackgroundCheckTypes),
		"BackgroundCheckSource":  texts(workforce.AllBackgroundCheckSources),
		"DocumentType":           texts(workforce.AllDocumentTypes),
		"DeviceSource":           texts(workforce.AllDeviceSources),
		"ConnectionState":        texts(workforce.AllConnectionStates),
		"Role":                   texts(workforce.AllRoles),
		"ProviderType":           texts(workforce.AllProviderTypes),
		"System":                 texts(workforce.AllClientTypes()),
		"SortDir":                texts(workforce.AllSortDirs),
		"PersonnelSort":          texts(workforce.AllPersonnelSorts),
		"AccountSort":            texts(slices.Concat(workforce.AllInfrastructureSorts, workforce.AllVersionControlSorts)),
		"UserSort":               texts(workforce.AllUserSorts),
		"Expand":                 texts(v2.AllExpands),
		"DevicePart":             texts(v1.AllDeviceParts),
		"InfrastructureAccess":   texts(workforce.Infrastructure.Flags()),
		"VersionControlAccess":   texts(workforce.VersionControl.Flags()),
		"AccountKind":            texts(native.AllKinds),
		"LinkMethod":             texts(workforce.AllLinkMethods),
		"PinField":               texts(workforce.AllPinFields),
		"PolicyAssignment":       texts(workforce.AllPolicyAssignments),
		"TrainingState":          texts(workforce.AllTrainingStates),
		"EvidenceKind":           texts(check.AllEvidenceKinds),
	}
	got := declared(t)
	for name, values := range want {
		slices.Sort(values)
		values = slices.Compact(values)
		slices.Sort(got[name])
		if !slices.Equal(got[name], values) {
			t.Errorf("%s has the constants\n%v, want\n%v", name, got[name], values)
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("%s is not compared with anything", name)
	}
}

// declared reads the typed text constants out of the source: a constant that is
// missing cannot be found in any other way.
func declared(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("enum*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Errorf("%s: %v", file, err)
			}
			name := spec.Type.(*ast.Ident).Name
			out[name] = append(out[name], value)
			return false
		})
	}
	return out
}

func TestDates(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("", 2*60*60)
	late := time.Date(2025, time.July, 1, 23, 30, 0, 0, berlin)
	if d := DateOf(late); d != "2025-07-01" {
		t.Errorf("the date of %s is %s", late, d)
	}
	if at, err := Date("2025-07-01").In(berlin); err != nil || !at.Equal(time.Date(2025, time.June, 30, 22, 0, 0, 0, time.UTC)) {
		t.Errorf("the date begins at %s: %v", at, err)
	}
	if _, err := Date("01/07/2025").In(time.UTC); err == nil {
		t.Error("a date in another form is read")
	}
}
