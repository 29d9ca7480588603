package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// The types below are the part of OpenAPI 3.1 that the document uses, in the
// order in which its members are written.

type document struct {
	OpenAPI    string                `json:"openapi"`
	Info       info                  `json:"info"`
	Servers    []server              `json:"servers"`
	Tags       []tag                 `json:"tags"`
	Paths      object[pathItem]      `json:"paths"`
	Components components            `json:"components"`
	Security   []map[string][]string `json:"security"`
}

type info struct {
	Title       string  `json:"title"`
	Version     string  `json:"version"`
	Summary     string  `json:"summary"`
	Description string  `json:"description"`
	License     license `json:"license"`
}

type license struct {
	Name       string `json:"name"`
	Identifier string `json:"identifier"`
}

type server struct {
	URL         string `json:"url"`
	Description string `json:"description"`
}

type tag struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

type pathItem = object[*operation]

type operation struct {
	Tags        []string         `json:"tags"`
	Summary     string           `json:"summary"`
	Description string           `json:"description"`
	OperationID string           `json:"operationId"`
	Scope       string           `json:"x-required-scope"`
	Feature     string           `json:"x-plan-feature,omitempty"`
	Parameters  []parameter      `json:"parameters,omitempty"`
	RequestBody *requestBody     `json:"requestBody,omitempty"`
	Responses   object[response] `json:"responses"`
}

type parameter struct {
	Name        string  `json:"name"`
	In          string  `json:"in"`
	Description string  `json:"description"`
	Required    bool    `json:"required"`
	Extra       bool    `json:"x-extension,omitempty"` // not in the published reference
	Style       string  `json:"style,omitempty"`
	Explode     *bool   `json:"explode,omitempty"`
	Schema      *schema `json:"schema"`
	Example     any     `json:"example,omitempty"`
}

type requestBody struct {
	Description string            `json:"description"`
	Required    bool              `json:"required"`
	Content     object[mediaType] `json:"content"`
}

type mediaType struct {
	Schema   *schema         `json:"schema"`
	Examples object[example] `json:"examples,omitzero"`
}

type example struct {
	Summary string          `json:"summary"`
	Value   json.RawMessage `json:"value"`
}

// response is a response, or a reference to one.
type response struct {
	Ref         string            `json:"$ref,omitempty"`
	Description string            `json:"description,omitempty"`
	Codes       []int             `json:"x-codes,omitempty"`
	Reasons     []string          `json:"x-reasons,omitempty"`
	Headers     object[header]    `json:"headers,omitzero"`
	Content     object[mediaType] `json:"content,omitzero"`
}

// header is a header, or a reference to one.
type header struct {
	Ref         string  `json:"$ref,omitempty"`
	Description string  `json:"description,omitempty"`
	Required    bool    `json:"required,omitempty"`
	Schema      *schema `json:"schema,omitempty"`
	Example     any     `json:"example,omitempty"`
}

type components struct {
	Schemas         object[*schema]        `json:"schemas"`
	Responses       object[response]       `json:"responses"`
	Headers         object[header]         `json:"headers"`
	SecuritySchemes object[securityScheme] `json:"securitySchemes"`
}

type securityScheme struct {
	Type        string `json:"type"`
	Scheme      string `json:"scheme"`
	Description string `json:"description"`
}

// schema is a JSON Schema (draft 2020-12). The zero schema accepts any value.
type schema struct {
	Ref         string          `json:"$ref,omitempty"`
	Type        types           `json:"type,omitempty"`
	Format      string          `json:"format,omitempty"`
	Description string          `json:"description,omitempty"`
	AnyOf       []*schema       `json:"anyOf,omitempty"`
	Const       any             `json:"const,omitempty"`
	Enum        []any           `json:"enum,omitempty"`
	Default     any             `json:"default,omitempty"`
	Minimum     *int64          `json:"minimum,omitempty"`
	Maximum     *int64          `json:"maximum,omitempty"`
	MinLength   int             `json:"minLength,omitempty"`
	MaxLength   int             `json:"maxLength,omitempty"`
	Pattern     string          `json:"pattern,omitempty"`
	MinItems    int             `json:"minItems,omitempty"`
	MaxItems    int             `json:"maxItems,omitempty"`
	Items       *schema         `json:"items,omitempty"`
	Required    []string        `json:"required,omitempty"`
	Properties  object[*schema] `json:"properties,omitzero"`
	Additional  *bool           `json:"additionalProperties,omitempty"`
}

// types is written as one text if it is one, as a list if it is several.
type types []string

const (
	typeString  = "string"
	typeInteger = "integer"
	typeBoolean = "boolean"
	typeArray   = "array"
	typeObject  = "object"
	typeNull    = "null"
)

// MarshalJSON implements [json.Marshaler].
func (t types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// object is a JSON object whose members stay in order.
type object[T any] []member[T]

type member[T any] struct {
	name  string
	value T
}

func (o *object[T]) add(name string, value T) { *o = append(*o, member[T]{name, value}) }

// MarshalJSON implements [json.Marshaler].
func (o object[T]) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := plainJSON(m.value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// plainJSON is json.Marshal without its escapes for HTML.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
