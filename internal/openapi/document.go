package openapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/passmuster/passmuster/internal/rest"
)

// Doc is the document as it is served. It never changes.
type Doc struct {
	JSON []byte // indented, with a line end
}

// Document describes the operations among the routes; raw routes are left out.
// The error names everything that cannot be described: a type without a schema,
// a field, parameter or operation without a description. It is the
// programmer's, not the operator's.
func Document(routes []rest.Route) (*Doc, error) {
	stored, err := readExamples()
	if err != nil {
		return nil, err
	}
	doc, _, err := build(routes, stored)
	if err != nil {
		return nil, err
	}
	return encode(doc)
}

func encode(doc *document) (*Doc, error) {
	text, err := plainJSON(doc)
	if err != nil {
		return nil, fmt.Errorf("encoding the OpenAPI document: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return nil, fmt.Errorf("indenting the OpenAPI document: %w", err)
	}
	b.WriteByte('\n')
	return &Doc{JSON: b.Bytes()}, nil
}

// YAML is the same document in YAML, in the same order. JSON is YAML: what
// changes is the style.
func (d *Doc) YAML() ([]byte, error) {
	var node yaml.Node
	if err := yaml.Unmarshal(d.JSON, &node); err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document as YAML: %w", err)
	}
	restyle(&node)
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(&node); err != nil {
		return nil, fmt.Errorf("writing the OpenAPI document as YAML: %w", err)
	}
	if err := e.Close(); err != nil {
		return nil, fmt.Errorf("writing the OpenAPI document as YAML: %w", err)
	}
	return b.Bytes(), nil
}

func restyle(n *yaml.Node) {
	n.Style = 0
	if n.Kind == yaml.ScalarNode && strings.Contains(n.Value, "\n") {
		n.Style = yaml.LiteralStyle
	}
	for _, child := range n.Content {
		restyle(child)
	}
}

// digestOf is the digest of the document without its version.
func digestOf(doc document) (string, error) {
	doc.Info.Version = ""
	text, err := plainJSON(doc)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// builder collects the document.
type builder struct {
	texts     *texts
	schemas   *schemas
	examples  examples
	responses map[string]response
	faults    []string
}

// build makes the document, and tells which descriptions it used.
func build(routes []rest.Route, stored examples) (*document, *texts, error) {
	t := newTexts()
	b := &builder{texts: t, schemas: newSchemas(t), examples: stored, responses: map[string]response{}}
	doc := &document{
		OpenAPI: "3.1.0",
		Info: info{
			Title: "Passmuster", Version: Version,
			Summary:     "The compatible API for users, user identities and personnel.",
			Description: introduction,
			License:     license{Name: "Apache-2.0", Identifier: "Apache-2.0"},
		},
		Servers:  []server{{URL: "/", Description: "The server that this document came from."}},
		Tags:     tags(),
		Paths:    b.paths(routes),
		Security: []map[string][]string{{securityName: {}}},
	}
	doc.Components = components{
		Schemas:   b.schemas.sorted(),
		Responses: sortedResponses(b.responses),
		Headers:   headers(),
		SecuritySchemes: object[securityScheme]{{securityName, securityScheme{
			Type: "http", Scheme: "bearer", Description: "An API key, from `passmuster key create`.",
		}}},
	}
	if faults := slices.Concat(b.faults, b.schemas.faults, t.faults); len(faults) > 0 {
		return nil, nil, fmt.Errorf("describing the API: %w", errors.New(strings.Join(faults, "; ")))
	}
	return doc, t, nil
}

const securityName = "apiKey"

func sortedResponses(all map[string]response) object[response] {
	var out object[response]
	for name, r := range all {
		out.add(name, r)
	}
	slices.SortFunc(out, func(a, b member[response]) int { return strings.Compare(a.name, b.name) })
	return out
}

// paths is the operations by path, in the order of the route table.
func (b *builder) paths(routes []rest.Route) object[pathItem] {
	var out object[pathItem]
	for i := range routes {
		r := &routes[i]
		if !r.IsOperation() {
			continue
		}
		at := slices.IndexFunc(out, func(m member[pathItem]) bool { return m.name == r.Pattern })
		if at < 0 {
			out.add(r.Pattern, nil)
			at = len(out) - 1
		}
		out[at].value.add(strings.ToLower(r.Method), b.operation(r))
	}
	return out
}

func (b *builder) operation(r *rest.Route) *operation {
	about := b.texts.operation(r.Operation)
	out := &operation{
		Tags: []string{about.tag}, Summary: about.summary, Description: about.description, OperationID: r.Operation,
		Scope: r.Scope, Feature: r.Feature,
	}
	var fields []rest.Param
	inPath := b.examples.pathValues(r)
	for _, p := range r.Params {
		if p.In == rest.InBody {
			fields = append(fields, p)
			continue
		}
		out.Parameters = append(out.Parameters, parameterOf(p, b.texts.parameter(r.Operation, p.Name), inPath[p.Name]))
	}
	if len(fields) > 0 {
		out.RequestBody = b.body(r, fields)
	}
	out.Responses.add(strconv.Itoa(successOf(r)), b.success(r, about))
	all, faults := refusals(r)
	b.faults = append(b.faults, faults...)
	for _, f := range all {
		out.Responses.add(strconv.Itoa(f.status), b.refusal(f))
	}
	return out
}

// successOf is the status of a success.
func successOf(r *rest.Route) int {
	for _, status := range r.Statuses {
		if status < http.StatusMultipleChoices {
			return status
		}
	}
	return http.StatusOK
}

func (b *builder) body(r *rest.Route, fields []rest.Param) *requestBody {
	name := strings.ToUpper(r.Operation[:1]) + r.Operation[1:]
	text := func(field string) parameterText { return b.texts.parameter(r.Operation, field) }
	describe := func(name string, v *schema) *schema {
		v.Description = "The body of the operation `" + r.Operation + "`."
		b.schemas.named[name] = v
		return refTo(name)
	}
	part := func(field string, v *schema) *schema {
		v.Description = "What stands under each name in `" + strings.ToLower(field[:1]) + field[1:] + "` of the operation `" + r.Operation + "`."
		b.schemas.named[name+field] = v
		return refTo(name + field)
	}
	asJSON, asForm := bodiesOf(fields)
	out := &requestBody{
		Description: "One JSON object.", Required: true,
		Content: jsonContent(describe(name+"Request", bodySchema(asJSON, text, part)), b.examples.request(r.Operation)),
	}
	if asForm != nil {
		out.Description = "A form with the file in it, or one JSON object with the file in Base64."
		out.Content.add("multipart/form-data", mediaType{Schema: describe(name+"Form", formSchema(asForm, text))})
	}
	return out
}

func (b *builder) success(r *rest.Route, about operationText) response {
	out := response{Description: about.answer, Headers: generalHeaders(successOf(r))}
	for _, name := range r.Headers {
		out.Headers.add(name, ownHeader(name, &b.faults))
	}
	if r.Result == nil {
		b.faults = append(b.faults, r.Operation+" does not say what it answers (Route.Returns)")
		return out
	}
	if _, none := r.Result.(rest.Empty); none {
		return out
	}
	out.Content = jsonContent(b.schemas.of(typeOf(r.Result)), b.examples.answer(r.Operation))
	if more, ok := r.Result.(interface{ MediaTypes() []string }); ok {
		for _, mediaTypeName := range more.MediaTypes() {
			out.Content.add(mediaTypeName, mediaType{Schema: &schema{Type: types{typeString}, Description: b.texts.typeText(mediaTypeName)}})
		}
	}
	return out
}

// refusal notes the response and its type, and refers to them.
func (b *builder) refusal(f refusal) response {
	name := f.name()
	if _, known := b.responses[name]; !known {
		b.responses[name] = f.response(b.examples.refusal(name))
		b.schemas.named[f.schemaName()] = f.schema()
	}
	return response{Ref: "#/components/responses/" + name}
}

func jsonContent(v *schema, examples object[example]) object[mediaType] {
	return object[mediaType]{{"application/json", mediaType{Schema: v, Examples: examples}}}
}

// ownHeader describes a header that only some operations send.
func ownHeader(name string, faults *[]string) header {
	switch name {
	case "X-Personnel-Affected":
		return header{
			Description: "How many people were reset.", Required: true,
			Schema: &schema{Type: types{typeInteger}, Format: "int64", Minimum: new(int64)},
		}
	default:
		*faults = append(*faults, "the header "+name+" has no description")
		return header{}
	}
}
