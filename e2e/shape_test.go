package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// typeMember is one member of an object, as testdata/*.types writes it.
type typeMember struct {
	object     string // under which it is written, also where that is part of another
	name, kind string
}

// types checks answers against the tables in testdata/*.types, and notes which
// members it has seen null and which filled.
type types struct {
	objects map[string][]typeMember
	enums   map[string][]string
	seen    map[string]*struct{ null, filled int }
	values  map[string]map[string]bool // which values of each enumeration were seen
	faults  []string
}

const faultsMost = 20

func readTypes(t *testing.T, file string) *types {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := &types{
		objects: map[string][]typeMember{}, enums: enumerations(),
		seen: map[string]*struct{ null, filled int }{}, values: map[string]map[string]bool{},
	}
	object := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		switch name, kind, _ := strings.Cut(strings.TrimSpace(line), " "); {
		case line == "", strings.HasPrefix(line, "#"):
		case !strings.HasPrefix(line, " "):
			object = name
		default:
			c.objects[object] = append(c.objects[object], typeMember{object, name, kind})
		}
	}
	for name := range c.objects {
		c.objects[name] = c.flat(name)
	}
	return c
}

// flat is the members of an object, with those of the objects that it begins or
// ends with.
func (c *types) flat(object string) []typeMember {
	var out []typeMember
	for _, m := range c.objects[object] {
		if m.name == "..." {
			out = append(out, c.flat(m.kind)...)
		} else {
			out = append(out, m)
		}
	}
	return out
}

func enumOf[S ~string](values []S) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func enumerations() map[string][]string {
	return map[string][]string{
		"EmploymentStatus":      enumOf(workforce.AllEmploymentStatuses),
		"CheckStatus":           enumOf(workforce.AllCheckStatuses),
		"CheckType":             enumOf(workforce.AllCheckTypes),
		"DeviceCheckType":       enumOf(workforce.AllDeviceCheckTypes),
		"CheckFrequency":        enumOf(workforce.AllCheckFrequencies),
		"DeviceSource":          enumOf(workforce.AllDeviceSources),
		"IdentifierType":        workforce.AllIdentifierTypes,
		"DeviceDocumentType":    enumOf(workforce.AllDeviceDocumentTypes),
		"DocumentType":          enumOf(workforce.AllDocumentTypes),
		"Role":                  enumOf(workforce.AllRoles),
		"BackgroundCheckStatus": enumOf(workforce.AllBackgroundCheckStatuses),
		"BackgroundCheckType":   enumOf(workforce.AllBackgroundCheckTypes),
		"BackgroundCheckSource": enumOf(workforce.AllBackgroundCheckSources),
		"ClientType":            enumOf(workforce.AllClientTypes()),
		"AccountClientType":     enumOf(slices.Concat(workforce.AllInfrastructureClientTypes, workforce.AllVersionControlClientTypes)),
		"ConnectionState":       enumOf(workforce.AllConnectionStates),
		"Provider":              enumOf(workforce.AllProviderTypes),
	}
}

func (c *types) fault(path, format string, args ...any) {
	if len(c.faults) < faultsMost {
		c.faults = append(c.faults, path+" "+fmt.Sprintf(format, args...))
	}
}

// check compares a document with a type.
func (c *types) check(doc []byte, kind string) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	c.value(d, kind, kind)
	if d.More() {
		c.fault(kind, "is followed by something")
	}
}

// object reads members, which must be those of the type in their order.
func (c *types) object(d *json.Decoder, name, path string) {
	for _, m := range c.objects[name] {
		key, err := d.Token()
		if err != nil || key != m.name {
			c.fault(path, "has %v where %q should stand", key, m.name)
			return
		}
		c.value(d, m.kind, m.object+"."+m.name)
	}
	if end, err := d.Token(); err != nil || end != json.Delim('}') {
		c.fault(path, "has %v, of which nothing is known", end)
	}
}

var (
	isUUID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	isDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	isInt  = regexp.MustCompile(`^-?[0-9]{1,16}$`)
)

// value reads one value. After the first fault of a document the rest of it is
// not understood, and not read.
func (c *types) value(d *json.Decoder, kind, path string) {
	if len(c.faults) >= faultsMost {
		return
	}
	if element, ok := strings.CutPrefix(kind, "["); ok {
		c.array(d, strings.TrimSuffix(element, "]"), path)
		return
	}
	kind, nullable := strings.CutSuffix(kind, "?")
	token, err := d.Token()
	if err != nil {
		c.fault(path, "cannot be read: %v", err)
		return
	}
	if nullable {
		c.note(path, token == nil)
		if token == nil {
			return
		}
	}
	switch {
	case token == json.Delim('{') && kind == "{}":
		c.object(d, "", path)
	case token == json.Delim('{') && c.objects[kind] != nil:
		c.object(d, kind, path)
	case kind == "any":
		c.skip(d, token)
	default:
		c.scalar(kind, path, token)
	}
}

func (c *types) array(d *json.Decoder, element, path string) {
	if start, err := d.Token(); err != nil || start != json.Delim('[') {
		c.fault(path, "is %v, not an array", start)
		return
	}
	for d.More() && len(c.faults) < faultsMost {
		if element == "" {
			c.fault(path, "is not empty")
			return
		}
		c.value(d, element, path)
	}
	if _, err := d.Token(); err != nil {
		c.fault(path, "does not end: %v", err)
	}
}

// skip reads the rest of a value of any type.
func (c *types) skip(d *json.Decoder, token json.Token) {
	depth := 0
	for {
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return
		}
		var err error
		if token, err = d.Token(); err != nil {
			c.fault("any", "cannot be read: %v", err)
			return
		}
	}
}

func (c *types) scalar(kind, path string, token json.Token) {
	var ok bool
	switch text, isText := token.(string); kind {
	case "int":
		n, isNumber := token.(json.Number)
		ok = isNumber && isInt.MatchString(n.String())
	case "bool":
		_, ok = token.(bool)
	case "text":
		ok = isText && text != ""
	case "uuid":
		ok = isText && isUUID.MatchString(text)
	case "date":
		_, err := time.Parse(time.DateOnly, text)
		ok = isText && isDate.MatchString(text) && err == nil
	case "time":
		_, err := time.Parse(time.RFC3339Nano, text)
		ok = isText && isTime.MatchString(text) && err == nil
	case "null":
		ok = token == nil
	default:
		ok = isText && slices.Contains(c.enums[kind], text)
		if c.values[kind] == nil {
			c.values[kind] = map[string]bool{}
		}
		c.values[kind][text] = true
	}
	if !ok {
		c.fault(path, "is %v, not %s", token, kind)
	}
}

func (c *types) note(path string, null bool) {
	if c.seen[path] == nil {
		c.seen[path] = &struct{ null, filled int }{}
	}
	if null {
		c.seen[path].null++
	} else {
		c.seen[path].filled++
	}
}
