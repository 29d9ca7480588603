package rest

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// Response is a value that writes itself as one JSON document. AppendJSON
// appends to b and returns the extended slice, as append does.
type Response interface {
	AppendJSON(b []byte) []byte
}

// RawJSON is a [Response] that is encoded already.
type RawJSON []byte

// AppendJSON implements [Response].
func (r RawJSON) AppendJSON(b []byte) []byte { return append(b, r...) }

// Empty is the [Response] of a success that has no body, and is not 204.
type Empty struct{}

// AppendJSON implements [Response].
func (Empty) AppendJSON(b []byte) []byte { return b }

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string, byte for byte as encoding/json does
// with HTML escaping off: invalid UTF-8 becomes \ufffd, and the line separators
// U+2028 and U+2029, which break JavaScript sources, are escaped.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			b = append(b, s[start:i]...)
			b = appendEscaped(b, c)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b = append(b, s[start:i]...)
			b = append(b, `\ufffd`...)
			start = i + size
		case r == '\u2028' || r == '\u2029':
			b = append(b, s[start:i]...)
			b = append(b, `\u202`...)
			b = append(b, hexDigits[r&0xf])
			start = i + size
		}
		i += size
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func appendEscaped(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, '\\', 'b')
	case '\f':
		return append(b, '\\', 'f')
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
}

// AppendInt appends n in decimal.
func AppendInt(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

// AppendBool appends true or false.
func AppendBool(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }

// AppendNull appends null.
func AppendNull(b []byte) []byte { return append(b, "null"...) }

// AppendTime appends t as "2025-07-01T16:45:55.246Z": UTC, always three
// decimals; what is finer than a millisecond is cut, not rounded. Records hold
// many times: reading a layout for each was more than half of the encoding.
func AppendTime(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 { // beyond four digits there is no agreed form
		return t.AppendFormat(b, `"2006-01-02T15:04:05.000Z"`)
	}
	hour, minute, second := t.Clock()
	b = append(b, '"')
	b = append2(b, year/100)
	b = append2(b, year%100)
	b = append2(append(b, '-'), int(month))
	b = append2(append(b, '-'), day)
	b = append2(append(b, 'T'), hour)
	b = append2(append(b, ':'), minute)
	b = append2(append(b, ':'), second)
	millis := t.Nanosecond() / 1e6
	b = append(b, '.', byte('0'+millis/100))
	b = append2(b, millis%100)
	return append(b, 'Z', '"')
}

// append2 appends n, from 0 to 99, as two digits.
func append2(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// Object writes one JSON object, one call per member, in the order of the
// calls:
//
//	func (p person) AppendJSON(b []byte) []byte {
//		o := rest.NewObject(b)
//		o.Int("id", p.id)
//		o.StringOrNull("email", p.email)
//		return o.End()
//	}
//
// It allocates nothing beyond the growth of the slice. Names are constants of
// the wire types and are written as they are: they must need no escaping. The
// OrNull forms write null for nil, so that a required key is always present.
type Object struct {
	b     []byte
	first int // where the first member starts; tells whether a comma is due
}

// NewObject begins an object at the end of b.
func NewObject(b []byte) Object {
	b = append(b, '{')
	return Object{b: b, first: len(b)}
}

// End closes the object and returns the slice.
func (o *Object) End() []byte { return append(o.b, '}') }

// AppendMembers appends the members that the function writes, of which there is
// at least one, without the braces of an object: for a piece of one.
func AppendMembers(b []byte, members func(*Object)) []byte {
	start := len(b)
	o := NewObject(b)
	members(&o)
	b = o.End()
	return append(b[:start], b[start+1:len(b)-1]...)
}

func (o *Object) key(name string) {
	if len(o.b) != o.first {
		o.b = append(o.b, ',')
	}
	o.b = append(o.b, '"')
	o.b = append(o.b, name...)
	o.b = append(o.b, '"', ':')
}

// Null writes null.
func (o *Object) Null(name string) {
	o.key(name)
	o.b = AppendNull(o.b)
}

// Int writes a number.
func (o *Object) Int(name string, n int64) {
	o.key(name)
	o.b = AppendInt(o.b, n)
}

// IntOrNull writes *n, or null.
func (o *Object) IntOrNull(name string, n *int64) {
	if n == nil {
		o.Null(name)
		return
	}
	o.Int(name, *n)
}

// String writes a string.
func (o *Object) String(name, s string) {
	o.key(name)
	o.b = AppendString(o.b, s)
}

// StringOrNull writes *s, or null.
func (o *Object) StringOrNull(name string, s *string) {
	if s == nil {
		o.Null(name)
		return
	}
	o.String(name, *s)
}

// Bool writes true or false.
func (o *Object) Bool(name string, v bool) {
	o.key(name)
	o.b = AppendBool(o.b, v)
}

// BoolOrNull writes *v, or null: unknown is not false.
func (o *Object) BoolOrNull(name string, v *bool) {
	if v == nil {
		o.Null(name)
		return
	}
	o.Bool(name, *v)
}

// Time writes an instant as [AppendTime] does.
func (o *Object) Time(name string, t time.Time) {
	o.key(name)
	o.b = AppendTime(o.b, t)
}

// TimeOrNull writes *t, or null.
func (o *Object) TimeOrNull(name string, t *time.Time) {
	if t == nil {
		o.Null(name)
		return
	}
	o.Time(name, *t)
}

// Value writes a value that encodes itself: a nested object, or [RawJSON].
func (o *Object) Value(name string, v Response) {
	o.key(name)
	o.b = v.AppendJSON(o.b)
}

// TextOrNull writes an optional string-like value (an enumeration, a date),
// or null. It is a function because a method cannot have a type parameter.
func TextOrNull[S ~string](o *Object, name string, s *S) {
	if s == nil {
		o.Null(name)
		return
	}
	o.String(name, string(*s))
}

// NumberOrNull writes an optional number-like value (a named id), or null.
func NumberOrNull[N ~int64](o *Object, name string, n *N) {
	if n == nil {
		o.Null(name)
		return
	}
	o.Int(name, int64(*n))
}

// Texts writes an array of string-like values; nil is [].
func Texts[S ~string](o *Object, name string, items []S) {
	List(o, name, items, func(b []byte, s S) []byte { return AppendString(b, string(s)) })
}

// List writes an array whose items are appended by the function; nil is [].
func List[T any](o *Object, name string, items []T, item func([]byte, T) []byte) {
	o.key(name)
	o.b = AppendArray(o.b, items, item)
}

// AppendArray appends an array whose items are appended by the function; nil
// is [], never null.
func AppendArray[T any](b []byte, items []T, item func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = item(b, items[i])
	}
	return append(b, ']')
}
