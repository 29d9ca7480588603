package openapi

import (
	"slices"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/internal/rest"
)

// parameterOf is a parameter of path or query.
func parameterOf(p rest.Param, text parameterText, exampleValue string) parameter {
	out := parameter{
		Name: p.Name, In: string(p.In), Description: text.description,
		Required: p.Accepts.Required, Extra: p.Extra, Schema: parameterSchema(p, text),
	}
	if out.Schema.Type != nil && out.Schema.Type[0] == typeArray {
		out.Style, out.Explode = "form", new(true)
	}
	if p.In == rest.InPath {
		out.Example = exampleOf(p.Type, exampleValue)
	}
	return out
}

// exampleOf is an example value in its own type; nil if there is none.
func exampleOf(t rest.Type, value string) any {
	if value == "" {
		return nil
	}
	if n, err := strconv.ParseInt(value, 10, 64); err == nil && t != rest.TypeString {
		return n
	}
	return value
}

// parameterSchema is the schema of a parameter or body field, with the bounds
// that hold, whether or not the published reference names them.
func parameterSchema(p rest.Param, text parameterText) *schema {
	switch p.Type {
	case rest.TypeNumber:
		return withDefault(integerSchema(p), p)
	case rest.TypeNumberOrNull:
		return orNull(integerSchema(p))
	case rest.TypeNumberOrString:
		words := textSchema(p)
		words.Pattern = text.pattern
		return &schema{AnyOf: []*schema{integerSchema(p), words}}
	case rest.TypeBoolean:
		return &schema{Type: types{typeBoolean}}
	case rest.TypeFile:
		return &schema{Type: types{typeString}, Format: "binary"}
	case rest.TypeNumbers:
		return arrayOf(integerSchema(p), p)
	case rest.TypeStrings:
		return arrayOf(&schema{Type: types{typeString}, Enum: anys(p.Enum)}, p)
	default:
		words := textSchema(p)
		if text.pattern != "" {
			words.Pattern = text.pattern
		}
		return withDefault(words, p)
	}
}

func integerSchema(p rest.Param) *schema {
	out := &schema{Type: types{typeInteger}, Format: "int64"}
	if p.Accepts.Least < p.Accepts.Greatest {
		out.Minimum, out.Maximum = new(p.Accepts.Least), new(p.Accepts.Greatest)
	}
	return out
}

func textSchema(p rest.Param) *schema {
	out := &schema{Type: types{typeString}}
	switch {
	case len(p.Enum) > 0:
		out.Enum = anys(p.Enum)
	case p.Date:
		out.Format = "date"
	case p.Moment:
		out.Pattern = momentPattern
	case p.Encodes != "": // the file's limit counts, not the text's
		out.MinLength = 1
	default:
		out.MaxLength = p.Accepts.Length
		if p.In == rest.InPath || p.Accepts.NotBlank {
			out.MinLength = 1
		}
		if p.Accepts.NotBlank {
			out.Pattern = `\S`
		}
	}
	return out
}

// momentPattern is a date, or an RFC 3339 time. It is no format: there is none
// that is either.
const momentPattern = `^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$`

func arrayOf(items *schema, p rest.Param) *schema {
	out := &schema{Type: types{typeArray}, MaxItems: p.Accepts.Items, Items: items}
	if p.Accepts.NotEmpty {
		out.MinItems = 1
	}
	return out
}

func withDefault(v *schema, p rest.Param) *schema {
	if p.Default != "" {
		v.Default = exampleOf(p.Type, p.Default)
	}
	return v
}

// bodySchema is the schema of a request body: an object with the fields. To
// those that may be left out, null is the same.
func bodySchema(fields []rest.Param, text func(name string) parameterText, component func(name string, v *schema) *schema) *schema {
	out := &schema{Type: types{typeObject}}
	for _, p := range fields {
		about := text(p.Name)
		var field *schema
		if p.Type == rest.TypeObject {
			field = objectSchema(p, text, component)
		} else {
			field = parameterSchema(p, about)
		}
		if p.Closed {
			out.Additional = new(bool)
		}
		if p.Accepts.Required {
			out.Required = append(out.Required, p.Name)
		} else if !slices.Contains(field.Type, typeNull) {
			field = orNull(field)
		}
		out.Properties.add(p.Name, describe(field, about.description))
	}
	return out
}

// objectSchema is the schema of a body field that is an object of objects: what
// stands under each key is one component.
func objectSchema(p rest.Param, text func(name string) parameterText, component func(name string, v *schema) *schema) *schema {
	element := bodySchema(p.Fields, func(name string) parameterText { return text(p.Name + "." + name) }, component)
	ref := component(strings.ToUpper(p.Name[:1])+p.Name[1:], element)
	out := &schema{Type: types{typeObject}}
	if p.Closed {
		out.Additional = new(bool)
	}
	for _, key := range p.Keys {
		under := &schema{Ref: ref.Ref}
		if p.Accepts.Required {
			out.Required = append(out.Required, key)
		} else {
			under = orNull(under)
		}
		out.Properties.add(key, under)
	}
	return out
}

// bodiesOf gives the fields of a body as a JSON object, and as a form where the
// body may be one because a file comes with it: in Base64, or as it is.
func bodiesOf(fields []rest.Param) (asJSON, asForm []rest.Param) {
	hasFile := slices.ContainsFunc(fields, func(p rest.Param) bool { return p.Type == rest.TypeFile })
	for _, p := range fields {
		p.Accepts.Required = p.Accepts.Required || p.Type == rest.TypeFile || p.Encodes != ""
		if p.Type != rest.TypeFile {
			asJSON = append(asJSON, p)
		}
		if hasFile && p.Encodes == "" {
			asForm = append(asForm, p)
		}
	}
	return asJSON, asForm
}

// formSchema is the schema of a form: an object with the parts, none of which
// can be null.
func formSchema(fields []rest.Param, text func(name string) parameterText) *schema {
	out := &schema{Type: types{typeObject}}
	for _, p := range fields {
		about := text(p.Name)
		if p.Accepts.Required {
			out.Required = append(out.Required, p.Name)
		}
		out.Properties.add(p.Name, describe(parameterSchema(p, about), about.description))
	}
	return out
}
