package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// texts looks descriptions up and remembers which were used and which are
// missing, so that a test can tell of both.
type texts struct {
	operations map[string]operationText
	parameters map[string]parameterText
	types      map[string]string
	fields     map[string]string

	used   map[string]bool
	faults []string
}

func newTexts() *texts {
	return &texts{
		operations: operationTexts(), parameters: parameterTexts(), types: typeTexts(), fields: fieldTexts(),
		used: map[string]bool{},
	}
}

// find gives the text under the first key that the table has.
func find[T any](t *texts, table map[string]T, what string, keys ...string) T {
	for _, key := range keys {
		if text, ok := table[key]; ok {
			t.used[what+" "+key] = true
			return text
		}
	}
	t.faults = append(t.faults, fmt.Sprintf("%s %s has no description", what, keys[0]))
	var none T
	return none
}

func (t *texts) operation(id string) operationText {
	return find(t, t.operations, "operation", id)
}

// parameter looks for the text of the operation's parameter, then for that of
// every parameter of the name.
func (t *texts) parameter(operation, name string) parameterText {
	return find(t, t.parameters, "parameter", operation+"."+name, name)
}

func (t *texts) typeText(component string) string {
	return find(t, t.types, "type", component)
}

// field looks for the text of the component's field, then for that of the
// struct in which the field is declared, then for that of every field of the
// name.
func (t *texts) field(component, owner, name string) string {
	return find(t, t.fields, "field", component+"."+name, owner+"."+name, name)
}

// unused is every description that describes nothing.
func (t *texts) unused() []string {
	var out []string
	for what, keys := range map[string][]string{
		"operation": slices.Collect(maps.Keys(t.operations)),
		"parameter": slices.Collect(maps.Keys(t.parameters)),
		"type":      slices.Collect(maps.Keys(t.types)),
		"field":     slices.Collect(maps.Keys(t.fields)),
	} {
		for _, key := range keys {
			if !t.used[what+" "+key] {
				out = append(out, what+" "+key)
			}
		}
	}
	slices.Sort(out)
	return out
}

// paragraphs joins lines of text into paragraphs.
func paragraphs(parts ...string) string { return strings.Join(parts, "\n\n") }
