package validate

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
)

// The types of JSON, as schemas name them.
const (
	TypeString  = "string"
	TypeInteger = "integer"
	TypeNumber  = "number"
	TypeBoolean = "boolean"
	TypeArray   = "array"
	TypeObject  = "object"
	TypeNull    = "null"
)

// Schema is what a value must be. The zero Schema accepts any value.
type Schema struct {
	Types   []string // one of them; empty for any
	Format  string   // int64, date, date-time, or ""
	Enum    []string // the texts, or the numbers as they are written; nil for any
	Default string   // as an Enum; "" for none

	Minimum, Maximum     *int64
	MinLength, MaxLength int // in characters; 0 is no bound
	Pattern              *regexp.Regexp
	MinItems, MaxItems   int // 0 is no bound
	Items                *Schema
	AnyOf                []*Schema

	Required   []string
	Properties map[string]*Schema
	Open       bool // members that are not described are allowed
}

// Members is the names of the properties, sorted.
func (s *Schema) Members() []string { return slices.Sorted(maps.Keys(s.Properties)) }

// Accepts tells whether a value may be of the type.
func (s *Schema) Accepts(typ string) bool {
	return len(s.Types) == 0 && len(s.AnyOf) == 0 || slices.Contains(s.Types, typ) ||
		slices.ContainsFunc(s.AnyOf, func(a *Schema) bool { return a.Accepts(typ) })
}

// anything tells the schema that checks nothing.
func (s *Schema) anything() bool { return len(s.Types) == 0 && len(s.AnyOf) == 0 && s.Enum == nil }

// rawSchema is every keyword that is understood.
type rawSchema struct {
	Ref         string                     `json:"$ref"`
	Type        oneOrMore                  `json:"type"`
	Format      string                     `json:"format"`
	Description string                     `json:"description"`
	AnyOf       []json.RawMessage          `json:"anyOf"`
	Const       json.RawMessage            `json:"const"`
	Enum        []json.RawMessage          `json:"enum"`
	Default     json.RawMessage            `json:"default"`
	Minimum     *int64                     `json:"minimum"`
	Maximum     *int64                     `json:"maximum"`
	MinLength   int                        `json:"minLength"`
	MaxLength   int                        `json:"maxLength"`
	Pattern     string                     `json:"pattern"`
	MinItems    int                        `json:"minItems"`
	MaxItems    int                        `json:"maxItems"`
	Items       json.RawMessage            `json:"items"`
	Required    []string                   `json:"required"`
	Properties  map[string]json.RawMessage `json:"properties"`
	Additional  *bool                      `json:"additionalProperties"`
}

// oneOrMore is a text or a list of texts.
type oneOrMore []string

// UnmarshalJSON implements [json.Unmarshaler].
func (o *oneOrMore) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte{'"'}) {
		*o = make(oneOrMore, 1)
		return json.Unmarshal(text, &(*o)[0])
	}
	return json.Unmarshal(text, (*[]string)(o))
}

func (p *parser) compile(raw rawSchema, where string) *Schema {
	s := &Schema{
		Types: raw.Type, Format: raw.Format,
		Minimum: raw.Minimum, Maximum: raw.Maximum,
		MinLength: raw.MinLength, MaxLength: raw.MaxLength, MinItems: raw.MinItems, MaxItems: raw.MaxItems,
		Required: raw.Required, Open: raw.Additional != nil && *raw.Additional,
	}
	known := []string{TypeString, TypeInteger, TypeNumber, TypeBoolean, TypeArray, TypeObject, TypeNull}
	for _, typ := range s.Types {
		if !slices.Contains(known, typ) {
			p.fault("%s: the type %q is not known", where, typ)
		}
	}
	if !slices.Contains([]string{"", "int64", "date", "date-time"}, s.Format) {
		p.fault("%s: the format %q is not known", where, s.Format)
	}
	if raw.Const != nil {
		raw.Enum = []json.RawMessage{raw.Const}
	}
	for _, v := range raw.Enum {
		s.Enum = append(s.Enum, p.scalar(v, where))
	}
	if raw.Default != nil {
		s.Default = p.scalar(raw.Default, where)
	}
	if raw.Pattern != "" {
		var err error
		if s.Pattern, err = regexp.Compile(raw.Pattern); err != nil {
			p.fault("%s: %w", where, err)
		}
	}
	if raw.Items != nil {
		s.Items = p.schema(raw.Items, where+"[]")
	}
	for _, v := range raw.AnyOf {
		s.AnyOf = append(s.AnyOf, p.schema(v, where))
	}
	for name, v := range raw.Properties {
		if s.Properties == nil {
			s.Properties = map[string]*Schema{}
		}
		s.Properties[name] = p.schema(v, where+"."+name)
	}
	for _, name := range s.Required {
		if s.Properties[name] == nil {
			p.fault("%s: %q is required and not described", where, name)
		}
	}
	return s
}

// scalar is a text without its quotes, or a number, true, false or null as it is
// written.
func (p *parser) scalar(text json.RawMessage, where string) string {
	var s string
	switch text[0] {
	case '"':
		if err := json.Unmarshal(text, &s); err != nil {
			p.fault("%s: %w", where, err)
		}
	case '{', '[':
		p.fault("%s: %s: only scalars are understood here", where, text)
	default:
		s = string(text)
	}
	return s
}
