package openapi

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

const (
	goldenJSON = "../../docs/openapi.json"
	goldenYAML = "../../docs/openapi.yaml"
)

var emails = regexp.MustCompile(`[^\s"@:,]+@[a-z0-9.-]+`)

// built is the document and the descriptions that it uses.
func built(t *testing.T) (*document, *texts) {
	t.Helper()
	stored, err := readExamples()
	if err != nil {
		t.Fatal(err)
	}
	doc, used, err := build(routes(), stored)
	if err != nil {
		t.Fatal(err)
	}
	return doc, used
}

// The document that is checked in is the one that is served, and its version
// says how it differs from the one before.
func TestGolden(t *testing.T) {
	t.Parallel()
	doc, _ := built(t)
	now, err := encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	inYAML, err := now.YAML()
	if err != nil {
		t.Fatal(err)
	}
	sum, err := digestOf(*doc)
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(goldenJSON)
	if err != nil {
		t.Fatalf("%v: run the test with -update", err)
	}
	was := decoded(t, before).(map[string]any)
	is := decoded(t, now.JSON).(map[string]any)
	if least, why := leastVersion(t, was, is); older(t, Version, least) {
		t.Errorf("the document changed: %s\nSet Version in version.go to %s or higher, then run the test with -update.",
			strings.Join(why, "\n  "), least)
		return
	}
	if sum != digest {
		t.Errorf("the document changed. Look at Version in version.go, and set digest to\n%s", sum)
	}
	apitest.Golden(t, goldenJSON, now.JSON)
	apitest.Golden(t, goldenYAML, inYAML)
}

func TestYAMLIsTheSameDocument(t *testing.T) {
	t.Parallel()
	doc, err := Document(routes())
	if err != nil {
		t.Fatal(err)
	}
	text, err := doc.YAML()
	if err != nil {
		t.Fatal(err)
	}
	var fromYAML any
	if err := yaml.Unmarshal(text, &fromYAML); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(fromYAML)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(decoded(t, again), decoded(t, doc.JSON)) {
		t.Error("the YAML reads as another document than the JSON")
	}
}

// Everything that is described exists.
func TestNoDescriptionIsLeftOver(t *testing.T) {
	t.Parallel()
	_, used := built(t)
	for _, key := range used.unused() {
		t.Errorf("%s is described, but does not exist", key)
	}
	fields := map[string]bool{}
	for _, r := range routes() {
		for key := range fieldsOf(typeOf(r.Result), map[reflect.Type]bool{}) {
			fields[key] = true
		}
	}
	for key := range neverNull() {
		if !fields[key] {
			t.Errorf("neverNull: there is no %s", key)
		}
	}
}

// fieldsOf is the members of the type and of all that it holds.
func fieldsOf(t reflect.Type, seen map[reflect.Type]bool) map[string]bool {
	out := map[string]bool{}
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] {
		return out
	}
	seen[t] = true
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		out[ownerName(t)+"."+name] = true
		for key := range fieldsOf(f.Type, seen) {
			out[key] = true
		}
	}
	return out
}

// What cannot be described is said at once, all of it.
func TestWhatCannotBeDescribedIsNamed(t *testing.T) {
	t.Parallel()
	type color string
	bind := func(b *rest.Binder) struct{} {
		b.Text("mystery")
		return struct{}{}
	}
	strange := []rest.Route{
		rest.Op("GET", "/strange", "strange", "", bind, nil).Answers(200, 400, 404).Returns(odd[color]{}).Sends("X-Odd"),
		rest.Op("GET", "/silent", "silent", "", rest.NoParams, nil).Answers(200).Refuses(workforce.ReasonNoSource),
	}
	_, err := Document(strange)
	if err == nil {
		t.Fatal("the document was made")
	}
	for _, want := range []string{
		"operation strange has no description", "parameter strange.mystery has no description", "strange answers 404",
		"X-Odd has no description", "color is an enumeration without", "has no name on the wire", "map[string]int has no schema",
		"silent does not say what it answers", "silent refuses because of no_source",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

type odd[T ~string] struct {
	Color    T              `json:"color"`
	Nameless string         //nolint:tagliatelle // what the test is about
	Counts   map[string]int `json:"counts"`
}

func (odd[T]) AppendJSON(b []byte) []byte { return b }

// Every reason that any operation can have is declared somewhere, and has a
// text.
func TestReasons(t *testing.T) {
	t.Parallel()
	declared := slices.Concat(general, []workforce.Reason{workforce.ReasonPlanFeature})
	for _, r := range routes() {
		declared = append(declared, r.Reasons...)
	}
	// These are told of paths, and of what only the command line does.
	elsewhere := []workforce.Reason{
		workforce.ReasonRouteNotFound, workforce.ReasonMethodNotAllowed, workforce.ReasonNotEmpty,
	}
	for reason := range workforce.AllReasons {
		is, text := slices.Contains(declared, reason), reasonTexts()[reason]
		switch {
		case slices.Contains(elsewhere, reason):
			if is {
				t.Errorf("%s is a refusal of an operation after all", reason)
			}
		case !is:
			t.Errorf("%s is a reason of no operation: name it in Route.Refuses, or here", reason)
		case text == "":
			t.Errorf("%s has no description", reason)
		}
	}
}
