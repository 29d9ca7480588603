package openapi

import (
	"slices"
	"strconv"

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
func bodySchema(fields []rest.Param, text func(name string) parameterText) *schema {
	out := &schema{Type: types{typeObject}}
	for _, p := range fields {
		about := text(p.Name)
		field := parameterSchema(p, about)
		if p.Accepts.Required {
			out.Required = append(out.Required, p.Name)
		} else if !slices.Contains(field.Type, typeNull) {
			field = orNull(field)
		}
		out.Properties.add(p.Name, describe(field, about.description))
	}
	return out
}
