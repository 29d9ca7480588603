package openapi

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strings"

	"github.com/passmuster/passmuster/internal/rest"
)

//go:embed examples.json
var examplesJSON []byte

// examples is what a server with the default demo company answered.
type examples struct {
	Operations map[string]exchange `json:"operations"` // by operation
	Refusals   map[string]exchange `json:"refusals"`   // by the name of the response
}

// exchange is one request and its answer.
type exchange struct {
	Method string          `json:"method"`
	Target string          `json:"target"` // path and query
	Body   json.RawMessage `json:"body,omitempty"`
	Answer json.RawMessage `json:"answer"`
}

func readExamples() (examples, error) {
	var out examples
	if err := json.Unmarshal(examplesJSON, &out); err != nil {
		return out, fmt.Errorf("reading examples.json: %w", err)
	}
	return out, nil
}

// exampleName is the name of the one example of a request or answer.
const exampleName = "demo"

func (e examples) answer(operation string) object[example] {
	x, ok := e.Operations[operation]
	if !ok {
		return nil
	}
	return object[example]{{exampleName, example{Summary: x.summary(), Value: x.Answer}}}
}

func (e examples) request(operation string) object[example] {
	x, ok := e.Operations[operation]
	if !ok || x.Body == nil {
		return nil
	}
	return object[example]{{exampleName, example{Summary: x.summary(), Value: x.Body}}}
}

func (e examples) refusal(response string) object[example] {
	x, ok := e.Refusals[response]
	if !ok {
		return nil
	}
	return object[example]{{exampleName, example{Summary: x.summary(), Value: x.Answer}}}
}

func (x exchange) summary() string { return x.Method + " " + x.Target + ", on the demo company" }

// pathValues is the values that the operation's example has in its path.
func (e examples) pathValues(r *rest.Route) map[string]string {
	path, _, _ := strings.Cut(e.Operations[r.Operation].Target, "?")
	values := map[string]string{}
	given := strings.Split(path, "/")
	for i, part := range strings.Split(r.Pattern, "/") {
		name, ok := strings.CutPrefix(part, "{")
		if !ok || i >= len(given) {
			continue
		}
		if value, err := url.PathUnescape(given[i]); err == nil {
			values[strings.TrimSuffix(name, "}")] = value
		}
	}
	return values
}

// typeOf is the type of a wire value; a pointer counts as what it points to.
func typeOf(v rest.Response) reflect.Type {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
