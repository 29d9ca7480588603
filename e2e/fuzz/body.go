package fuzz

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/e2e/validate"
)

// content is a request body.
type content struct {
	what    string
	text    string
	verdict verdict
}

// contents is every body that is tried in the place of a good one, which is an
// object.
func contents(s *validate.Schema, good json.RawMessage) []content {
	out := []content{{"the example", string(good), either}}
	for _, name := range s.Members() {
		required := slices.Contains(s.Required, name)
		for _, v := range jsonValues(s.Properties[name]) {
			if !required && json.Valid([]byte(v.text)) {
				v.verdict = either // a field that is not used may be anything
			}
			out = append(out, content{name + " is " + v.what, with(good, name, v.text), v.verdict})
		}
		missing := either
		if required {
			missing = refused
		}
		out = append(out, content{"without " + name, without(good, name), missing})
		out = append(out, content{name + " twice", strings.TrimSuffix(string(compact(good)), "}") + `,"` + name + `":null}`, either})
	}
	return append(out, wholes(string(compact(good)))...)
}

// wholes is what can be wrong with a body as a whole.
func wholes(good string) []content {
	deep := func(n int) string { return strings.Repeat(`{"a":[`, n/2) + strings.Repeat(`]}`, n/2) }
	beside := func(member string) string { return strings.TrimSuffix(good, "}") + "," + member + "}" }
	return []content{
		{"white space", " \t\r\n", refused},
		{"null", "null", refused},
		{"a list", "[" + good + "]", refused},
		{"a text", `"` + "text" + `"`, refused},
		{"a number", "1", refused},
		{"cut off", good[:len(good)-1], refused},
		{"cut in half", good[:len(good)/2], refused},
		{"a brace", "{", refused},
		{"two objects", good + good, refused},
		{"followed by a word", good + "x", refused},
		{"with a byte order mark", "\uFEFF" + good, refused},
		{"in UTF-16", "\xff\xfe{\x00}\x00", refused},
		{"no UTF-8", strings.TrimSuffix(good, "}") + ",\"x\":\"\xff\"}", refused},
		{"a member with NUL", beside(`"x":"` + "\x00" + `"`), refused},
		{"a form", "startDate=2020-07-06&toggle=true", refused},
		{"XML", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, refused},
		{"single quotes", strings.ReplaceAll(good, `"`, `'`), either},
		{"a comment", "/* comment */" + good, refused},
		{"a comma too many", strings.TrimSuffix(good, "}") + ",}", refused},
		{"more members", beside(`"id":7,"__proto__":{"admin":true},"constructor":null,"":{}`), either},
		{"names in capitals", strings.ToUpper(good), either},
		{"31 levels", beside(`"x":` + deep(30)), either},
		{"33 levels", beside(`"x":` + deep(34)), refused},
		{"100,000 levels", strings.Repeat("[", 100_000), refused},
		{"a long number", beside(`"x":` + strings.Repeat("9", 10_000)), either},
		{"half a surrogate pair", beside(`"x":"\ud800"`), either},
		{"10,000 members", beside(manyMembers(10_000)), either},
		{"exactly a mebibyte", padded(good, 1<<20), either},
		{"a byte more than a mebibyte", padded(good, 1<<20+1), refused},
		{"an empty object", "{}", either},
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"m%d":%d,`, i, i)
	}
	return strings.TrimSuffix(b.String(), ",")
}

func padded(text string, size int) string { return text + strings.Repeat(" ", size-len(text)) }

// jsonValues is every value that is tried of a field.
func jsonValues(s *validate.Schema) []content {
	var out []content
	add := func(what, text string) {
		v := either
		if !json.Valid([]byte(text)) || text != "null" && !s.Accepts(typeOf(text)) {
			v = refused
		}
		out = append(out, content{what, text, v})
	}
	for _, text := range []string{
		"null", "true", "false", "0", "1", "-1", "1.5", "1e400", "-0.0", "99999999999999999999", `""`, `"1"`, `"true"`, `"null"`, `" "`, "[]", "[1]",
		`["a"]`, "[[[]]]", "{}", `{"a":1}`, "undefined", "NaN", `"\u0000"`, `"\ud83d"`, `"` + strings.Repeat("x", 29_999) + `"`,
		`"` + strings.Repeat("x", 30_000) + `"`, `"` + strings.Repeat("é", 30_001) + `"`,
		`"2020-07-06"`, `"2020-07-06T23:59:59.999+14:00"`, `"2020-02-30"`, `"0000-00-00"`, `"0001-01-01"`, `"9999-12-31"`, `"10000-01-01"`,
		`"-0001-01-01"`, `"2020-7-6"`, `"20200706"`, `"06/07/2020"`, `"2999-01-01"`, `"2016-12-31T23:59:60Z"`,
	} {
		add(short(text), text)
	}
	for _, n := range nasty {
		if text, err := json.Marshal(n.text); err == nil {
			add(n.what, string(text))
		}
	}
	for _, v := range s.Enum {
		add(v, `"`+v+`"`)
		add(v+" in small letters", `"`+strings.ToLower(v)+`"`)
	}
	for _, bound := range []*int64{s.Minimum, s.Maximum} {
		if bound != nil {
			for d := int64(-1); d <= 1; d++ {
				add("near a bound", strconv.FormatInt(*bound+d, 10))
			}
		}
	}
	if s.Items != nil {
		add("a list of one with itself", "[1,1,1]")
		add("a list with null", "[1,null]")
		add("a list of texts and numbers", `[1,"2",3.5]`)
		add("too many", "["+strings.Repeat("1,", 10_000)+"1]")
	}
	return out
}

func typeOf(text string) string {
	switch text[0] {
	case '{':
		return validate.TypeObject
	case '[':
		return validate.TypeArray
	case '"':
		return validate.TypeString
	case 't', 'f':
		return validate.TypeBoolean
	case 'n':
		return validate.TypeNull
	}
	return validate.TypeInteger
}

func short(text string) string {
	if len(text) > 40 {
		return text[:40] + "…"
	}
	return text
}

// with is the object with another value of a member; the value need not be JSON.
func with(good json.RawMessage, name, value string) string {
	members := membersOf(good)
	delete(members, name)
	var b strings.Builder
	b.WriteString("{")
	for _, other := range slices.Sorted(maps.Keys(members)) {
		fmt.Fprintf(&b, "%q:%s,", other, members[other])
	}
	fmt.Fprintf(&b, "%q:%s}", name, value)
	return b.String()
}

func without(good json.RawMessage, name string) string {
	members := membersOf(good)
	delete(members, name)
	text, err := json.Marshal(members)
	if err != nil {
		return "{}" // cannot be: it was JSON before
	}
	return string(text)
}

func membersOf(text json.RawMessage) map[string]json.RawMessage {
	members := map[string]json.RawMessage{}
	if json.Unmarshal(text, &members) != nil {
		return map[string]json.RawMessage{}
	}
	return members
}

func compact(text json.RawMessage) json.RawMessage {
	out, err := json.Marshal(text)
	if err != nil {
		return text
	}
	return out
}
