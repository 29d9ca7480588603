package validate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Document is a read document. It never changes and may be used by many
// goroutines.
type Document struct {
	operations []*Operation
	bases      map[string]bool // the first segments of its paths
}

// Operation is what the document says about a method on a path.
type Operation struct {
	ID      string // its operationId
	Method  string // in capitals
	Path    string // with its wildcards in braces
	Scope   string // the permission that it asks for
	Feature string // the part of the plan that it needs; "" for none in particular

	Parameters  []Parameter
	Body        *Schema         // of the request; nil if it takes none
	BodyExample json.RawMessage // a request body that works

	segments  []string
	responses map[int]*response
}

// Parameter is one in the path or in the query.
type Parameter struct {
	Name     string
	In       string // "path" or "query"
	Required bool
	Schema   *Schema
	Example  json.RawMessage // a value that works; nil if there is none
}

type response struct {
	codes   []int64
	headers map[string]headerRule // by canonical name
	content map[string]*Schema    // by content type
}

type headerRule struct {
	required bool
	schema   *Schema
}

// Operations is all of them, in the order of their paths.
func (d *Document) Operations() []*Operation { return slices.Clone(d.operations) }

// Statuses is the documented ones, ascending.
func (o *Operation) Statuses() []int { return slices.Sorted(maps.Keys(o.responses)) }

// Find is the operation that answers a request, or nil. The path is without its
// query and still percent-encoded. Of two that fit, the one whose first
// differing segment is a literal is meant, as long as it has the method. HEAD is
// GET.
func (d *Document) Find(method, path string) *Operation {
	parts, ok := split(path)
	if !ok {
		return nil
	}
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var best *Operation
	for _, o := range d.operations {
		if o.Method == method && o.fits(parts) && (best == nil || o.before(best)) {
			best = o
		}
	}
	return best
}

// hasPath tells paths that have an operation, of whatever method.
func (d *Document) hasPath(path string) bool {
	parts, ok := split(path)
	return ok && slices.ContainsFunc(d.operations, func(o *Operation) bool { return o.fits(parts) })
}

// below tells paths that belong to the API.
func (d *Document) below(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return d.bases[first]
}

// split decodes the segments of a path; false for one that cannot be decoded, or
// that has an empty segment or one of dots alone, which no operation has.
func split(path string) ([]string, bool) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, part := range parts {
		decoded, err := url.PathUnescape(part)
		if err != nil || decoded == "" || decoded == "." || decoded == ".." {
			return nil, false
		}
		parts[i] = decoded
	}
	return parts, true
}

func isWildcard(segment string) bool { return strings.HasPrefix(segment, "{") }

func (o *Operation) fits(parts []string) bool {
	return slices.EqualFunc(o.segments, parts, func(segment, part string) bool {
		return isWildcard(segment) || segment == part
	})
}

func (o *Operation) before(other *Operation) bool {
	for i := range o.segments {
		if a, b := isWildcard(o.segments[i]), isWildcard(other.segments[i]); a != b {
			return b
		}
	}
	return false
}

// The parts of a document as they are written. Members that only people read
// are left out.
type (
	rawDocument struct {
		Paths      map[string]map[string]rawOperation `json:"paths"`
		Components struct {
			Schemas   map[string]json.RawMessage `json:"schemas"`
			Responses map[string]rawResponse     `json:"responses"`
			Headers   map[string]rawHeader       `json:"headers"`
		} `json:"components"`
	}
	rawOperation struct {
		ID         string         `json:"operationId"`
		Scope      string         `json:"x-required-scope"`
		Feature    string         `json:"x-plan-feature"`
		Parameters []rawParameter `json:"parameters"`
		Body       *struct {
			Content map[string]rawMedia `json:"content"`
		} `json:"requestBody"`
		Responses map[string]rawResponse `json:"responses"`
	}
	rawParameter struct {
		Name     string          `json:"name"`
		In       string          `json:"in"`
		Required bool            `json:"required"`
		Schema   json.RawMessage `json:"schema"`
		Example  json.RawMessage `json:"example"`
	}
	rawResponse struct {
		Ref     string               `json:"$ref"`
		Codes   []int64              `json:"x-codes"`
		Headers map[string]rawHeader `json:"headers"`
		Content map[string]rawMedia  `json:"content"`
	}
	rawHeader struct {
		Ref      string          `json:"$ref"`
		Required bool            `json:"required"`
		Schema   json.RawMessage `json:"schema"`
	}
	rawMedia struct {
		Schema   json.RawMessage `json:"schema"`
		Examples map[string]struct {
			Value json.RawMessage `json:"value"`
		} `json:"examples"`
	}
)

// Parse reads a document. The error names everything in it that the package
// does not understand.
func Parse(text []byte) (*Document, error) {
	var raw rawDocument
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}
	p := &parser{raw: raw, named: map[string]*Schema{}}
	d := &Document{bases: map[string]bool{}}
	for _, path := range slices.Sorted(maps.Keys(raw.Paths)) {
		segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
		d.bases[segments[0]] = true
		for _, method := range slices.Sorted(maps.Keys(raw.Paths[path])) {
			o := p.operation(raw.Paths[path][method])
			o.Method, o.Path, o.segments = strings.ToUpper(method), path, segments
			d.operations = append(d.operations, o)
		}
	}
	if len(d.operations) == 0 {
		p.faults = append(p.faults, errors.New("it has no operations"))
	}
	if len(p.faults) > 0 {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", errors.Join(p.faults...))
	}
	return d, nil
}

// parser resolves references, and collects what it cannot understand.
type parser struct {
	raw    rawDocument
	named  map[string]*Schema // the types that were asked for
	faults []error
}

func (p *parser) fault(format string, args ...any) {
	p.faults = append(p.faults, fmt.Errorf(format, args...))
}

func (p *parser) operation(raw rawOperation) *Operation {
	o := &Operation{ID: raw.ID, Scope: raw.Scope, Feature: raw.Feature, responses: map[int]*response{}}
	for _, r := range raw.Parameters {
		o.Parameters = append(o.Parameters, Parameter{
			Name: r.Name, In: r.In, Required: r.Required, Example: r.Example,
			Schema: p.schema(r.Schema, raw.ID+" "+r.Name),
		})
	}
	if raw.Body != nil {
		media := raw.Body.Content["application/json"]
		o.Body = p.schema(media.Schema, raw.ID+" body")
		for _, name := range slices.Sorted(maps.Keys(media.Examples)) {
			o.BodyExample = media.Examples[name].Value
			break // the first will do
		}
	}
	for _, text := range slices.Sorted(maps.Keys(raw.Responses)) {
		status, err := strconv.Atoi(text)
		if err != nil {
			p.fault("%s: the response %q is no status", raw.ID, text)
		}
		o.responses[status] = p.response(raw.Responses[text], raw.ID+" "+text)
	}
	return o
}

func (p *parser) response(raw rawResponse, where string) *response {
	if raw.Ref != "" {
		name := strings.TrimPrefix(raw.Ref, "#/components/responses/")
		found, ok := p.raw.Components.Responses[name]
		if !ok {
			p.fault("%s: there is no %s", where, raw.Ref)
		}
		raw = found
	}
	r := &response{codes: raw.Codes, headers: map[string]headerRule{}, content: map[string]*Schema{}}
	for name, h := range raw.Headers {
		if h.Ref != "" {
			found, ok := p.raw.Components.Headers[strings.TrimPrefix(h.Ref, "#/components/headers/")]
			if !ok {
				p.fault("%s: there is no %s", where, h.Ref)
			}
			h = found
		}
		r.headers[http.CanonicalHeaderKey(name)] = headerRule{h.Required, p.schema(h.Schema, where+" "+name)}
	}
	for contentType, media := range raw.Content {
		r.content[contentType] = p.schema(media.Schema, where)
	}
	return r
}

// schema reads a schema; where is said in complaints.
func (p *parser) schema(text json.RawMessage, where string) *Schema {
	var raw rawSchema
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	if err := decoder.Decode(&raw); err != nil {
		p.fault("%s: the schema is not understood: %w", where, err)
		return &Schema{}
	}
	if raw.Ref != "" {
		return p.reference(raw.Ref, where)
	}
	return p.compile(raw, where)
}

// reference is a named type. It is noted before it is read, so that a type may
// hold itself.
func (p *parser) reference(ref, where string) *Schema {
	name := strings.TrimPrefix(ref, "#/components/schemas/")
	if s, known := p.named[name]; known {
		return s
	}
	text, ok := p.raw.Components.Schemas[name]
	if !ok {
		p.fault("%s: there is no %s", where, ref)
		return &Schema{}
	}
	s := &Schema{}
	p.named[name] = s
	*s = *p.schema(text, name)
	return s
}
