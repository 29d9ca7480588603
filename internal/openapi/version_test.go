package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// facts is what a document promises, one line each, without its prose and
// examples: "paths./public/users/{id}.get.parameters.id.required=true". Lists
// of words are sets; lists of parameters go by name.
func facts(v any, at string, out map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		out[at+" exists"] = true
		for key, value := range v {
			if !isProse(at, key) {
				facts(value, at+"."+key, out)
			}
		}
	case []any:
		for i, value := range v {
			key := fmt.Sprint(i)
			named, ok := value.(map[string]any)
			switch name, hasName := named["name"].(string); {
			case ok && hasName:
				key = name
			case !ok:
				out[at+" has "+fmt.Sprint(value)] = true
				continue
			}
			facts(value, at+"."+key, out)
		}
	default:
		out[at+"="+fmt.Sprint(v)] = true
	}
}

// isProse tells members that clients do not act on.
func isProse(at, key string) bool {
	switch {
	case strings.HasSuffix(at, ".properties"): // a member of an answer may be called anything
		return false
	case at == "" && (key == "info" || key == "tags" || key == "servers"):
		return true
	}
	return slices.Contains([]string{"description", "summary", "example", "examples", "tags", "x-reasons"}, key)
}

// narrowing are the keywords that, added to what exists, take something away.
var narrowing = []string{
	"minimum", "maximum", "minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "enum", "const",
}

// leastVersion is the version that a document must at least have, after the
// one before it, and why.
func leastVersion(t *testing.T, before, after map[string]any) (least string, why []string) {
	t.Helper()
	was, is := map[string]bool{}, map[string]bool{}
	facts(before, "", was)
	facts(after, "", is)
	var taken, added []string
	for _, fact := range slices.Sorted(maps.Keys(was)) {
		if !is[fact] {
			taken = append(taken, "gone: "+fact)
		}
	}
	for _, fact := range slices.Sorted(maps.Keys(is)) {
		switch {
		case was[fact]:
		case narrows(fact, was):
			taken = append(taken, "narrower: "+fact)
		default:
			added = append(added, "new: "+fact)
		}
	}
	version := before["info"].(map[string]any)["version"].(string)
	var major, minor, patch int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); err != nil {
		t.Fatalf("version %q: %v", version, err)
	}
	before, after = maps.Clone(before), maps.Clone(after)
	before["info"], after["info"] = withoutVersion(before), withoutVersion(after)
	switch {
	case len(taken) > 0:
		return fmt.Sprintf("%d.0.0", major+1), taken
	case len(added) > 0:
		return fmt.Sprintf("%d.%d.0", major, minor+1), added
	case fmt.Sprint(before) != fmt.Sprint(after):
		return fmt.Sprintf("%d.%d.%d", major, minor, patch+1), []string{"words or examples"}
	}
	return version, nil
}

func withoutVersion(doc map[string]any) map[string]any {
	info := maps.Clone(doc["info"].(map[string]any))
	delete(info, "version")
	return info
}

// narrows tells whether a new fact takes something away from what was there: a
// bound on what had none, or a field that requests must now have.
func narrows(fact string, was map[string]bool) bool {
	path, _, _ := strings.Cut(fact, "=")
	path, member, isMember := strings.Cut(path, " has ")
	parent, key := path[:strings.LastIndexByte(path, '.')+1], path[strings.LastIndexByte(path, '.')+1:]
	if !was[strings.TrimSuffix(parent, ".")+" exists"] || strings.HasSuffix(parent, ".properties.") {
		return false
	}
	switch {
	case key == "required" && isMember:
		return strings.HasSuffix(parent, "Request.") && member != ""
	case key == "enum" && isMember: // a further value is an addition, a first one a restriction
		for old := range was {
			if strings.HasPrefix(old, path+" has ") {
				return false
			}
		}
		return true
	}
	return slices.Contains(narrowing, key)
}

// older compares versions.
func older(t *testing.T, a, b string) bool {
	t.Helper()
	var parts [2][3]int
	for i, version := range []string{a, b} {
		p := &parts[i]
		if _, err := fmt.Sscanf(version, "%d.%d.%d", &p[0], &p[1], &p[2]); err != nil {
			t.Fatalf("version %q: %v", version, err)
		}
	}
	return slices.Compare(parts[0][:], parts[1][:]) < 0
}

func TestLeastVersion(t *testing.T) {
	t.Parallel()
	const before = `{"info": {"version": "1.2.3", "title": "x"}, "paths": {"/a": {"get": {"summary": "s", "parameters": [{"name": "q", "schema": {"type": "string"}}]}}},
		"components": {"schemas": {"A": {"enum": ["X", "Y"], "required": ["e"], "properties": {"e": {"type": "string"}, "summary": {"type": "string"}}},
		"PutRequest": {"properties": {"e": {"type": "string"}}}}}}`
	for _, c := range []struct{ name, old, new, want string }{
		{"nothing", "", "", "1.2.3"},
		{"a description", `"summary": "s"`, `"summary": "t"`, "1.2.4"},
		{"the title", `"title": "x"`, `"title": "y"`, "1.2.4"},
		{"a new path", `"/a": {`, `"/b": {"get": {"parameters": [{"name": "z", "schema": {"maximum": 3}}]}}, "/a": {`, "1.3.0"},
		{"a new parameter", `[{"name": "q"`, `[{"name": "p"}, {"name": "q"`, "1.3.0"},
		{"a new value", `["X", "Y"]`, `["X", "Z", "Y"]`, "1.3.0"},
		{"a new member of an answer", `"e": {"type": "string"}, "summary"`, `"f": {"type": "string"}, "e": {"type": "string"}, "summary"`, "1.3.0"},
		{"a member that is always there now", `"required": ["e"]`, `"required": ["e", "summary"]`, "1.3.0"},
		{"a value less", `["X", "Y"]`, `["X"]`, "2.0.0"},
		{"a member less", `, "summary": {"type": "string"}`, ``, "2.0.0"},
		{"another type", `"schema": {"type": "string"}`, `"schema": {"type": "integer"}`, "2.0.0"},
		{"a bound", `"schema": {"type": "string"}`, `"schema": {"type": "string", "maxLength": 5}`, "2.0.0"},
		{"first values", `"schema": {"type": "string"}`, `"schema": {"type": "string", "enum": ["A"]}`, "2.0.0"},
		{"a field that requests must have", `"PutRequest": {`, `"PutRequest": {"required": ["e"], `, "2.0.0"},
		{"a member that may be missing now", `"required": ["e"]`, `"required": []`, "2.0.0"},
	} {
		changed := strings.Replace(before, c.old, c.new, 1)
		was, is := decoded(t, []byte(before)).(map[string]any), decoded(t, []byte(changed)).(map[string]any)
		if got, why := leastVersion(t, was, is); got != c.want {
			t.Errorf("%s: %s, want %s (%v)", c.name, got, c.want, why)
		}
	}
}
