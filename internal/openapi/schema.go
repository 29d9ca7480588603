package openapi

import (
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"
)

// neverNull are the members whose type in Go could hold nothing although the
// database cannot: by field, with the reason.
func neverNull() map[string]string {
	const (
		owner  = "belongs to exactly one user"
		source = "comes from exactly one connection"
	)
	return map[string]string{
		"Personnel.user":       owner,
		"Personnel.data":       "is made for every record",
		"BackgroundCheck.user": owner,
		"Identity.user":        owner,
		"Identity.connection":  source,
		"Account.connection":   source,
	}
}

// schemas makes schemas of the wire types. Each struct and each enumeration
// becomes a component that others refer to.
type schemas struct {
	texts     *texts
	enums     map[reflect.Type]enum
	neverNull map[string]string
	byType    map[reflect.Type]string // component names that are taken
	named     map[string]*schema
	faults    []string
}

func newSchemas(t *texts) *schemas {
	return &schemas{
		texts: t, enums: enums(), neverNull: neverNull(),
		byType: map[reflect.Type]string{}, named: map[string]*schema{},
	}
}

// sorted is every component, by name.
func (s *schemas) sorted() object[*schema] {
	var out object[*schema]
	for name, v := range s.named {
		out.add(name, v)
	}
	slices.SortFunc(out, func(a, b member[*schema]) int { return strings.Compare(a.name, b.name) })
	return out
}

func refTo(name string) *schema { return &schema{Ref: "#/components/schemas/" + name} }

var (
	timeType    = reflect.TypeFor[time.Time]()
	anyJSONType = reflect.TypeFor[json.RawMessage]()
)

// of is the schema of a type as a member of something.
func (s *schemas) of(t reflect.Type) *schema {
	if t == anyJSONType {
		// Null has to be named: validators with a past in OpenAPI 3.0 read a
		// schema without a type as one that refuses it.
		return &schema{AnyOf: []*schema{{Description: "Any JSON value."}, {Type: types{typeNull}}}}
	}
	if t.Kind() == reflect.Pointer { // before what follows, which a pointer would inherit
		return orNull(s.of(t.Elem()))
	}
	if v, ok := reflect.Zero(t).Interface().(keyed); ok {
		return s.keyed(v)
	}
	if e, ok := s.enums[t]; ok {
		return s.component(t, e.name, func() *schema {
			return &schema{Type: types{typeString}, Description: e.description, Enum: e.values}
		})
	}
	if v, ok := reflect.Zero(t).Interface().(listed); ok {
		return s.component(t, componentName(t), func() *schema {
			return &schema{Type: types{typeString}, Description: s.texts.typeText(componentName(t)), Enum: anys(v.Values())}
		})
	}
	switch t.Kind() {
	case reflect.Slice:
		return &schema{Type: types{typeArray}, Items: s.of(t.Elem())}
	case reflect.Bool:
		return &schema{Type: types{typeBoolean}}
	case reflect.Int64:
		return &schema{Type: types{typeInteger}, Format: "int64"}
	case reflect.String:
		if t.Name() == "Date" {
			return &schema{Type: types{typeString}, Format: "date"}
		}
		if t.PkgPath() != "" {
			s.faults = append(s.faults, fmt.Sprintf("%s is an enumeration without a line in enum.go", t))
		}
		return &schema{Type: types{typeString}}
	case reflect.Struct:
		if t.ConvertibleTo(timeType) {
			return &schema{Type: types{typeString}, Format: "date-time"}
		}
		if t.Name() == "" && t.NumField() == 0 {
			return &schema{Type: types{typeObject}}
		}
		return s.component(t, componentName(t), func() *schema { return s.object(t) })
	default:
		s.faults = append(s.faults, fmt.Sprintf("%s has no schema: add its kind to schema.go", t))
		return &schema{}
	}
}

// listed is an enumeration of the wire's own, which the domain does not have.
type listed interface{ Values() []string }

// keyed is a list that is written as an object: by its keys, of the type of
// key, stand the elements.
type keyed interface{ Keyed() (key, element any) }

// keyed is the schema of an object whose members are named by an enumeration.
// Which of them are there is not said, unless all are.
func (s *schemas) keyed(v keyed) *schema {
	key, element := v.Keyed()
	e, ok := s.enums[reflect.TypeOf(key)]
	if !ok {
		s.faults = append(s.faults, fmt.Sprintf("%T is a key without a line in enum.go", key))
	}
	out := &schema{Type: types{typeObject}}
	for _, value := range e.values {
		out.Properties.add(fmt.Sprint(value), s.of(reflect.TypeOf(element)))
		if c, ok := v.(interface{ HasAllKeys() bool }); ok && c.HasAllKeys() {
			out.Required = append(out.Required, fmt.Sprint(value))
		}
	}
	return out
}

// selective is a record of which a request may ask for some members only.
type selective interface{ AlwaysThere() []string }

// component gives a reference to the schema of the type, which is made at the
// first call. The name is taken before, because types refer to themselves.
func (s *schemas) component(t reflect.Type, name string, build func() *schema) *schema {
	if _, known := s.byType[t]; !known {
		if _, taken := s.named[name]; taken {
			s.faults = append(s.faults, fmt.Sprintf("two types are called %s in the document", name))
		}
		s.byType[t], s.named[name] = name, nil
		s.named[name] = build()
	}
	return refTo(name)
}

// componentName is the name of the type, with V2 after those of the second
// version of the compatible API. Page[X] and
// Data[X] are called XList.
func componentName(t reflect.Type) string {
	name := t.Name()
	of, generic := strings.CutPrefix(name, "Page[")
	if !generic {
		of, generic = strings.CutPrefix(name, "Data[")
	}
	if generic {
		name = of[strings.LastIndexAny(of, "./")+1:len(of)-1] + "List"
	}
	if version := path.Base(t.PkgPath()); version != "v1" && version != "native" {
		name += strings.ToUpper(version)
	}
	return name
}

// object is the schema of a struct: every member that is always written is
// required.
func (s *schemas) object(t reflect.Type) *schema {
	out := &schema{Type: types{typeObject}, Description: s.texts.typeText(componentName(t))}
	s.members(t, out)
	if v, ok := reflect.Zero(t).Interface().(selective); ok {
		out.Required = v.AlwaysThere()
	}
	return out
}

// members adds the members of a struct, those of embedded structs included.
func (s *schemas) members(t reflect.Type, out *schema) {
	for f := range t.Fields() {
		if f.Anonymous {
			s.members(f.Type, out)
			continue
		}
		if !f.IsExported() || f.Tag.Get("json") == "-" && f.Type.Kind() == reflect.String {
			continue // what is shown, and the key under which it stands
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			s.faults = append(s.faults, fmt.Sprintf("%s.%s has no name on the wire", t, f.Name))
			continue
		}
		typ := f.Type
		if options == "" {
			out.Required = append(out.Required, name)
		} else if typ.Kind() == reflect.Pointer { // nil leaves it out, so that it is not null when it is there
			typ = typ.Elem()
		}
		if _, never := s.neverNull[ownerName(t)+"."+name]; never && typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		out.Properties.add(name, describe(s.of(typ), s.texts.field(componentName(t), ownerName(t), name)))
	}
}

// ownerName is the name of a struct by which its fields are described: that of
// Go, the same for both versions.
func ownerName(t reflect.Type) string {
	name, _, _ := strings.Cut(t.Name(), "[")
	return name
}

// describe gives the schema, which nothing else uses, a description of its
// place. Keywords beside a $ref count since OpenAPI 3.1.
func describe(v *schema, text string) *schema {
	v.Description = text
	return v
}

// orNull is the schema that also accepts null.
func orNull(v *schema) *schema {
	if v.Ref != "" {
		return &schema{AnyOf: []*schema{v, {Type: types{typeNull}}}}
	}
	v.Type = append(v.Type, typeNull)
	if v.Enum != nil {
		v.Enum = append(slices.Clone(v.Enum), nil)
	}
	return v
}
