package cli

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Records are exported as docs/native.md has them, whether they come from the
// database or from a server: the same members in the same order, and the same
// columns. A test compares both with what a server writes.

// value is the value of a member of an exported record.
type value interface {
	appendJSON(b []byte) []byte
	// columns names the columns of the value, which itself has the name given.
	columns(name string) []string
	// cells is the text in each of the columns; "" where nothing is known.
	cells() []string
}

// scalar is a text, a number, a bool or an instant.
type scalar struct {
	text   string
	quoted bool // in JSON
	known  bool
}

func (s scalar) appendJSON(b []byte) []byte {
	switch {
	case !s.known:
		return append(b, "null"...)
	case s.quoted:
		return appendText(b, s.text)
	}
	return append(b, s.text...)
}

func (s scalar) columns(name string) []string { return []string{name} }
func (s scalar) cells() []string              { return []string{s.text} }

// appendText appends a JSON string, without the escapes that only HTML needs.
func appendText(b []byte, s string) []byte {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
		return append(append(append(b, '"'), s...), '"')
	}
	var quoted bytes.Buffer
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic("cli: a text has no JSON: " + err.Error()) // every text has
	}
	return append(b, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
}

func textOf[S ~string](s S) scalar { return scalar{string(s), true, true} }

func textOpt[S ~string](s *S) scalar {
	if s == nil {
		return scalar{}
	}
	return textOf(*s)
}

func numberOf[N ~int64](n N) scalar { return scalar{strconv.FormatInt(int64(n), 10), false, true} }

func boolOpt(v *bool) scalar {
	if v == nil {
		return scalar{}
	}
	return scalar{strconv.FormatBool(*v), false, true}
}

func timeOpt(t *time.Time) scalar { return textOpt(isoTimeOpt(t)) }

// record is an object: members in their order.
type record []member

type member struct {
	name  string
	value value
}

func (r record) appendJSON(b []byte) []byte {
	b = append(b, '{')
	for i, m := range r {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, m.name), ':')
		b = m.value.appendJSON(b)
	}
	return append(b, '}')
}

func (r record) columns(name string) []string {
	var out []string
	for _, m := range r {
		inner := m.name
		if name != "" {
			inner = name + "." + m.name
		}
		out = append(out, m.value.columns(inner)...)
	}
	return out
}

func (r record) cells() []string {
	var out []string
	for _, m := range r {
		out = append(out, m.value.cells()...)
	}
	return out
}

// names lists the members.
func (r record) names() []string {
	out := make([]string, len(r))
	for i, m := range r {
		out[i] = m.name
	}
	return out
}

// only keeps the members that keep holds; nil keeps all.
func (r record) only(keep map[string]bool) record {
	if keep == nil {
		return r
	}
	var out record
	for _, m := range r {
		if keep[m.name] {
			out = append(out, m)
		}
	}
	return out
}

// MarshalJSON implements [json.Marshaler].
func (r record) MarshalJSON() ([]byte, error) { return r.appendJSON(nil), nil }

// absent is an object that is not there: null in JSON, and empty cells in the
// columns that it would have.
type absent struct{ form record }

func (a absent) appendJSON(b []byte) []byte   { return append(b, "null"...) }
func (a absent) columns(name string) []string { return a.form.columns(name) }
func (a absent) cells() []string              { return make([]string, len(a.form.columns(""))) }

// objectOpt is the record of v, or null with the columns that the record of a
// zero value has.
func objectOpt[T any](v *T, of func(T) record) value {
	if v == nil {
		var none T
		return absent{of(none)}
	}
	return of(*v)
}

// listSeparator parts the values of a list in one cell.
const listSeparator = ";"

// texts is a list of texts.
type texts []string

func textsOf[S ~string](items []S) texts {
	out := make(texts, len(items))
	for i, s := range items {
		out[i] = string(s)
	}
	return out
}

func (l texts) appendJSON(b []byte) []byte {
	b = append(b, '[')
	for i, s := range l {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, s)
	}
	return append(b, ']')
}

func (l texts) columns(name string) []string { return []string{name} }
func (l texts) cells() []string              { return []string{strings.Join(l, listSeparator)} }

// numbers is a list of numbers.
type numbers []int64

func numbersOf[N ~int64](items []N) numbers {
	return mapped(items, func(n N) int64 { return int64(n) })
}

func (l numbers) texts() texts {
	return mapped(l, func(n int64) string { return strconv.FormatInt(n, 10) })
}

func (l numbers) appendJSON(b []byte) []byte {
	return append(append(append(b, '['), strings.Join(l.texts(), ",")...), ']')
}

func (l numbers) columns(name string) []string { return []string{name} }
func (l numbers) cells() []string              { return l.texts().cells() }

// rows is a list of records of one form; a table has a column for each member,
// with the values of all.
type rows struct {
	form  record // of a record of which nothing is known
	items []record
}

func (l rows) appendJSON(b []byte) []byte {
	b = append(b, '[')
	for i, r := range l.items {
		if i > 0 {
			b = append(b, ',')
		}
		b = r.appendJSON(b)
	}
	return append(b, ']')
}

func (l rows) columns(name string) []string { return l.form.columns(name) }

func (l rows) cells() []string {
	out := make([]string, len(l.form.columns("")))
	for column := range out {
		of := make([]string, len(l.items))
		for i, r := range l.items {
			of[i] = r.cells()[column]
		}
		out[column] = strings.Join(of, listSeparator)
	}
	return out
}

// formulaStarts begin a cell that a spreadsheet may take for a formula. Such a
// cell gets an apostrophe in front, and is then shown as the text that it is:
// what people are called is for others to choose.
const formulaStarts = "=+-@\t\r\n"

// appendRow appends a row of a table as RFC 4180 has it.
func appendRow(b []byte, cells []string) []byte {
	for i, s := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		if s == "" {
			continue
		}
		s = strings.ToValidUTF8(s, "\ufffd")
		if strings.IndexByte(formulaStarts, s[0]) >= 0 {
			s = "'" + s
		}
		if strings.ContainsAny(s, "\",\r\n") {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		b = append(b, s...)
	}
	return append(b, '\r', '\n')
}
