package validate

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Value compares a JSON document with the schema. The error says at which path
// they differ first.
func (s *Schema) Value(text []byte) error {
	switch {
	case !utf8.Valid(text):
		return errors.New("is not UTF-8")
	case !json.Valid(text):
		return fmt.Errorf("is not JSON: %.200s", text)
	}
	r := &reader{text: text}
	if w := r.value(s); w != nil {
		return w
	}
	return nil
}

// wrong is a difference, with where it is: the way is built on the way out, so
// that what is right costs nothing.
type wrong struct {
	path string
	what string
}

// Error implements error.
func (w *wrong) Error() string {
	if w.path == "" {
		return w.what
	}
	return strings.TrimPrefix(w.path, ".") + " " + w.what
}

func (w *wrong) in(step string) *wrong {
	w.path = step + w.path
	return w
}

func differs(format string, args ...any) *wrong { return &wrong{what: fmt.Sprintf(format, args...)} }

// reader walks over a text that is valid JSON.
type reader struct {
	text []byte
	at   int
}

// space skips white space and gives the first byte after it.
func (r *reader) space() byte {
	for {
		switch c := r.text[r.at]; c {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return c
		}
	}
}

// value reads one value and compares it.
func (r *reader) value(s *Schema) *wrong {
	first := r.space()
	if len(s.AnyOf) > 0 {
		return r.anyOf(s)
	}
	if s.anything() {
		r.skip()
		return nil
	}
	switch first {
	case '{':
		return r.object(s)
	case '[':
		return r.array(s)
	case '"':
		return r.string(s)
	default:
		return r.literal(s)
	}
}

func (r *reader) anyOf(s *Schema) *wrong {
	start := r.at
	var all []string
	for _, option := range s.AnyOf {
		r.at = start
		w := r.value(option)
		if w == nil {
			return nil
		}
		all = append(all, w.Error())
	}
	return differs("fits none of what it may be: %s", strings.Join(all, "; or "))
}

func (s *Schema) not(typ string) *wrong {
	if slices.Contains(s.Types, typ) {
		return nil
	}
	return differs("is of the type %s, not %s", typ, strings.Join(s.Types, " or "))
}

func (r *reader) object(s *Schema) *wrong {
	if w := s.not(TypeObject); w != nil {
		return w
	}
	r.at++
	seen := make([]string, 0, len(s.Properties))
	for r.space() != '}' {
		if r.text[r.at] == ',' {
			r.at++
			r.space()
		}
		name := r.quoted()
		r.space()
		r.at++ // the colon
		if slices.Contains(seen, name) {
			return differs("has the member %q twice", name)
		}
		seen = append(seen, name)
		property := s.Properties[name]
		switch {
		case property == nil && !s.Open:
			return differs("has the member %q, which is not described", name)
		case property == nil:
			r.space()
			r.skip()
		default:
			if w := r.value(property); w != nil {
				return w.in("." + name)
			}
		}
	}
	r.at++
	for _, name := range s.Required {
		if !slices.Contains(seen, name) {
			return differs("lacks the member %q", name)
		}
	}
	return nil
}

func (r *reader) array(s *Schema) *wrong {
	if w := s.not(TypeArray); w != nil {
		return w
	}
	r.at++
	n := 0
	for r.space() != ']' {
		if r.text[r.at] == ',' {
			r.at++
		}
		items := s.Items
		if items == nil {
			items = &Schema{}
		}
		if w := r.value(items); w != nil {
			return w.in("." + strconv.Itoa(n))
		}
		n++
	}
	r.at++
	if n < s.MinItems || s.MaxItems > 0 && n > s.MaxItems {
		return differs("has %d elements", n)
	}
	return nil
}

// quoted reads a text.
func (r *reader) quoted() string {
	start, escaped := r.at, false
	for r.at++; r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			escaped = true
			r.at++
		}
	}
	r.at++
	if !escaped {
		return string(r.text[start+1 : r.at-1])
	}
	var s string
	if err := json.Unmarshal(r.text[start:r.at], &s); err != nil {
		return "" // cannot be: the whole is valid
	}
	return s
}

func (r *reader) string(s *Schema) *wrong {
	text := r.quoted()
	if w := s.not(TypeString); w != nil {
		return w
	}
	return s.text(text)
}

// text compares a text, which may also be the value of a header.
func (s *Schema) text(text string) *wrong {
	switch n := utf8.RuneCountInString(text); {
	case s.Enum != nil && !slices.Contains(s.Enum, text):
		return differs("is %q, not one of %s", text, strings.Join(s.Enum, ", "))
	case n < s.MinLength, s.MaxLength > 0 && n > s.MaxLength:
		return differs("has %d characters", n)
	case s.Pattern != nil && !s.Pattern.MatchString(text):
		return differs("is %q, which does not match %s", text, s.Pattern)
	}
	var err error
	switch s.Format {
	case "date":
		_, err = time.Parse(time.DateOnly, text)
	case "date-time":
		_, err = time.Parse(time.RFC3339Nano, text)
	}
	if err != nil {
		return differs("is %q, which is no %s", text, s.Format)
	}
	return nil
}

// literal reads a number, true, false or null.
func (r *reader) literal(s *Schema) *wrong {
	start := r.at
	for r.at < len(r.text) && !strings.ContainsRune(",]} \t\r\n", rune(r.text[r.at])) {
		r.at++
	}
	text := string(r.text[start:r.at])
	switch text {
	case "null":
		return s.not(TypeNull)
	case "true", "false":
		return s.not(TypeBoolean)
	}
	return s.number(text)
}

func (s *Schema) number(text string) *wrong {
	if s.Enum != nil && !slices.Contains(s.Enum, text) {
		return differs("is %s, not one of %s", text, strings.Join(s.Enum, ", "))
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil && slices.Contains(s.Types, TypeNumber):
		return nil
	case err != nil:
		return differs("is %s, not %s", text, strings.Join(s.Types, " or "))
	case !slices.Contains(s.Types, TypeInteger) && !slices.Contains(s.Types, TypeNumber):
		return s.not(TypeInteger)
	case s.Minimum != nil && n < *s.Minimum, s.Maximum != nil && n > *s.Maximum:
		return differs("is %d, which is out of range", n)
	}
	return nil
}

// skip reads over one value of any kind, whose first byte is the next one.
func (r *reader) skip() {
	for depth := 0; ; {
		switch r.text[r.at] {
		case '{', '[':
			depth++
			r.at++
		case '}', ']':
			depth--
			r.at++
		case '"':
			r.quoted()
		default:
			r.at++
		}
		if depth == 0 && (r.at >= len(r.text) || strings.ContainsRune(",]} \t\r\n", rune(r.text[r.at]))) {
			return
		}
	}
}
