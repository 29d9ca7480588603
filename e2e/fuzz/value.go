package fuzz

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/e2e/validate"
)

// verdict is what the document says about a value before it is sent.
type verdict int

const (
	either   verdict = iota // it may be let in or not
	accepted                // not a reason for 400
	refused                 // 400, if nothing else is wrong
)

// spelling is a value of a parameter, percent-encoded as it is sent.
type spelling struct {
	what    string
	text    string
	verdict verdict
}

func plain(what, text string, v verdict) spelling { return spelling{what, url.QueryEscape(text), v} }

const whiteSpace = "white space"

// nasty is what goes wrong in other programs: none of it is a number, a boolean
// or a value of an enumeration.
var nasty = []struct{ what, text string }{
	{"a word", "abc"},
	{"a fraction", "1.5"},
	{"null", "null"},
	{"an object", "{}"},
	{"a list", "[]"},
	{"NaN", "NaN"},
	{"infinity", "-Infinity"},
	{"hexadecimal", "0x10"},
	{"a number beyond all", "1e400"},
	{"a number beyond 64 bits", "99999999999999999999999"},
	{"Arabic digits", "١٢"},
	{"full-width digits", "１２"},
	{"combining characters", "Z" + strings.Repeat("\u0353\u0310", 40)},
	{"decomposed", "e\u0301"},
	{"right to left", "\u202eevil\u202c \u200fمرحبا"},
	{"emoji", "👩‍👩‍👧‍👦🏴‍☠️"},
	{"a character that folds to two", "ßİŉ"},
	{"line ends", "a\r\nSet-Cookie: b=c"},
	{whiteSpace, "\u00a0\u2003\t"},
	{"SQL", "' OR '1'='1'; DROP TABLE users;--"},
	{"a pattern of SQL", `%_\`},
	{"HTML", `"><script>alert(1)</script>`},
	{"a template", "{{7*7}}${7*7}<%=7*7%>"},
	{"a path", "../../../../etc/passwd"},
	{"a command", "$(id)`id`|id"},
	{"a long text", strings.Repeat("x", 1001)},
	{"a very long text", strings.Repeat("é", 4000)},
	{"many digits", strings.Repeat("9", 5000)},
}

// broken is what is no text at all. The third is how a lone half of a surrogate
// pair looks in UTF-8, and the fourth a slash in two bytes where one is enough.
var broken = []spelling{
	{"NUL", "a%00b", refused},
	{"no UTF-8", "%FF%FE", refused},
	{"half a surrogate pair", "%ED%A0%80", refused},
	{"an overlong slash", "%C0%AF", refused},
	{"encoded twice", "%2531", either},
	{"a bare percent sign", "%", either},
	{"half an escape", "%4", either},
	{"no escape", "%zz", either},
	{"an escape of another age", "%u0041", either},
}

// spellings is every value that is tried of a schema; name is the parameter's.
func spellings(s *validate.Schema, example json.RawMessage, name string) []spelling {
	if s.Items != nil {
		return listSpellings(s, name)
	}
	var out []spelling
	if example != nil {
		out = append(out, plain("the example", unquoted(example), accepted))
	}
	if s.Default != "" {
		out = append(out, plain("the default", s.Default, accepted))
	}
	for _, v := range s.Enum {
		out = append(out, plain("the value "+v, v, accepted), plain("the value "+v+" in small letters", strings.ToLower(v), either))
	}
	free := s.Enum == nil && s.Accepts(validate.TypeString)
	switch {
	case s.Enum != nil:
		out = append(out, plain("two values", strings.Join(s.Enum, ","), either), plain("almost a value", s.Enum[0]+"_", refused))
	case free:
		out = append(out, lengths(s, name)...)
	case s.Accepts(validate.TypeBoolean):
		out = append(out, plain("true", "true", accepted), plain("false", "false", accepted),
			plain("TRUE", "TRUE", refused), plain("one", "1", refused), plain("yes", "yes", refused))
	}
	if s.Accepts(validate.TypeInteger) {
		out = append(out, bounds(s)...)
	}
	for _, n := range nasty {
		v := refused
		if free {
			v = freeText(s, name, n.text)
		}
		out = append(out, plain(n.what, n.text, v))
	}
	return append(append(out, plain("empty", "", either), plain("a space", " ", either)), broken...)
}

// unquoted is a scalar of JSON as it is written in a query.
func unquoted(text json.RawMessage) string {
	var s string
	if json.Unmarshal(text, &s) == nil {
		return s
	}
	return string(text)
}

// freeText is the verdict on a text without a fixed set of values. A cursor is a
// text that only the server can make.
func freeText(s *validate.Schema, name, text string) verdict {
	encoded, err := json.Marshal(text)
	if err != nil || name == "cursor" || s.Value(encoded) != nil {
		return either
	}
	return accepted
}

func lengths(s *validate.Schema, name string) []spelling {
	out := []spelling{plain("a name", "sally", freeText(s, name, "sally")), plain("an address", "sally.smith@example.com", freeText(s, name, "a@b"))}
	if most := s.MaxLength; most > 0 {
		longest := strings.Repeat("x", most)
		out = append(out,
			plain("as long as may be", longest, freeText(s, name, longest)),
			plain("one character too long", longest+"x", refused))
	}
	return out
}

func bounds(s *validate.Schema) []spelling {
	number := func(what string, n int64, v verdict) spelling { return plain(what, strconv.FormatInt(n, 10), v) }
	out := []spelling{plain("with a point", "1.0", accepted), plain("with an exponent", "1e0", either), plain("minus nought", "-0", either), plain("with a plus", "+1", either)}
	if least := s.Minimum; least != nil {
		out = append(out, number("below the least", *least-1, refused), number("the least", *least, accepted), number("above the least", *least+1, accepted))
	}
	if most := s.Maximum; most != nil {
		out = append(out, number("below the most", *most-1, accepted), number("the most", *most, accepted), number("above the most", *most+1, refused))
	}
	return out
}

// listSpellings are those of one text that holds several values, and of every
// value alone.
func listSpellings(s *validate.Schema, name string) []spelling {
	out := spellings(s.Items, nil, name)
	some := "1"
	if len(s.Items.Enum) > 0 {
		some = s.Items.Enum[0]
	}
	out = append(out,
		plain("twice the same", some+","+some, accepted),
		plain("with a comma at the end", some+",", either),
		plain("with spaces", some+" , "+some, either),
		plain("commas", ",,,,", either))
	if s.MaxItems > 0 {
		out = append(out, plain("too many", strings.Repeat(some+",", s.MaxItems)+some, either))
	}
	for i := range out { // of a list, a text with a comma is several values, and an empty one is none
		if (strings.Contains(out[i].text, "%2C") || out[i].what == whiteSpace) && out[i].verdict == refused {
			out[i].verdict = either
		}
	}
	return out
}

// pairs is how a parameter with a value can stand in a query.
func pairs(name string, value spelling, list bool) []spelling {
	bare := strings.TrimSuffix(name, "[]")
	other := either // what is a list to one parameter is several values to another
	if list {
		other = value.verdict
	}
	return []spelling{
		{value.what, name + "=" + value.text, value.verdict},
		{value.what + ", twice", name + "=" + value.text + "&" + name + "=" + value.text, value.verdict},
		{value.what + ", and empty", name + "=" + value.text + "&" + name + "=", either},
		{value.what + ", and another", name + "=" + value.text + "&" + name + "=other", either},
		{value.what + ", as name[]", bare + "[]=" + value.text, other},
		{value.what + ", as name[0]", bare + "[0]=" + value.text, other},
		{value.what + ", as name%5B%5D", bare + "%5B%5D=" + value.text, other},
		{value.what + ", as name[a]", bare + "[a]=" + value.text, either},
		{value.what + ", as name[[]]", bare + "[[]]=" + value.text, either},
		{value.what + ", in capitals", strings.ToUpper(name) + "=" + value.text, either},
		{value.what + ", with its name encoded", encodeAll(bare) + "=" + value.text, either},
		{value.what + ", after a semicolon", "a=1;" + name + "=" + value.text, either},
		{value.what + ", among empty ones", "&&=&" + name + "=" + value.text + "&", either},
		{value.what + ", without a value", name, either},
	}
}

// encodeAll percent-encodes what need not be.
func encodeAll(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteString("%" + strconv.FormatInt(int64(text[i]), 16))
	}
	return b.String()
}
