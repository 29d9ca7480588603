package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/passmuster/passmuster/internal/workforce"
)

const (
	bodyMost     = 1 << 20 // bytes of a request body
	bodyDepth    = 32      // nested arrays and objects
	bodyTextMost = 30000   // characters of a text without a MaxLength of its own

	bodyValuesMost = 10 * valuesMost // elements of one array field
)

// Optional is a body field for which leaving it out and sending null mean
// different things.
type Optional[T any] struct {
	Value   T    // if Present and not Null
	Present bool // the field is in the body
	Null    bool // it is null
}

// Body reads the fields of a JSON object. Its rules are those of [Binder]:
// one line per field, all faults in one message. Unknown fields are ignored,
// except by [Binder.ClosedBody]; of a field given twice the last counts; for an
// optional field null is the same as absent, except where the method says
// otherwise.
type Body struct {
	b      *Binder
	fields map[string]json.RawMessage
	broken bool // the body as a whole was refused: no field is reported

	uploading *uploading // nil: no file may come with it

	prefix string   // of the names that are reported, in an object inside the body
	closed bool     // other fields are refused, see ClosedBody
	asked  []string // the fields that lines read; kept if closed
}

// Body declares that the operation takes a JSON object and reads it: at most
// 1 MiB, one object and nothing after it, valid UTF-8, no deeper than 32.
func (b *Binder) Body() *Body {
	if b.body != nil {
		return b.body
	}
	b.body = &Body{b: b}
	if b.recording() {
		return b.body
	}
	raw, ok := b.readBody()
	switch {
	case !ok:
	case len(bytes.TrimSpace(raw)) == 0:
		b.fail("the request body", "is empty: send one JSON object")
		ok = false
	default:
		ok = b.body.parse(raw)
	}
	b.body.broken = !ok
	return b.body
}

// NoBody declares that the operation takes no body. None is needed, and
// neither is a Content-Type; a JSON value that is sent anyway is ignored, and
// anything else is refused, because its sender meant something by it.
func (b *Binder) NoBody() {
	b.takesNone = true
	if b.recording() {
		return
	}
	raw, ok := b.readBody()
	if !ok || len(bytes.TrimSpace(raw)) == 0 {
		return
	}
	if tooDeep(raw) || !utf8.Valid(raw) || !json.Valid(raw) {
		b.fail("the request body", "is not valid JSON: this operation needs no body, leave it out")
	}
}

// readBody reads the whole body. What the client can mend is reported; that
// the client went away is not a fault of the request and goes to broken.
func (b *Binder) readBody() ([]byte, bool) {
	if b.rq.http.Body == nil || b.rq.http.Body == http.NoBody {
		return nil, true
	}
	raw, err := io.ReadAll(http.MaxBytesReader(b.rq.writer, b.rq.http.Body, bodyMost))
	if err == nil {
		return raw, true
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		b.fail("the request body", "is too large: at most 1 MiB (1048576 bytes)")
	case errors.Is(err, os.ErrDeadlineExceeded): // net/http ends the context as well, but the client is there
		b.fail("the request body", "did not arrive in time: send it at once")
	case b.rq.http.Context().Err() != nil && !errors.Is(err, io.ErrUnexpectedEOF): // half closed: it may still listen
		b.broken = fmt.Errorf("reading the request body: %w", b.rq.http.Context().Err())
	default:
		b.fail("the request body", "could not be read to its end: send it whole, with its right Content-Length")
	}
	return nil, false
}

func (o *Body) parse(raw []byte) bool {
	switch {
	case !utf8.Valid(raw):
		o.b.fail("the request body", "must be valid UTF-8")
		return false
	case tooDeep(raw):
		o.b.fail("the request body", "is nested too deeply: at most 32 levels")
		return false
	}
	err := json.Unmarshal(raw, &o.fields)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		o.b.fail("the request body", "is not valid JSON (near byte "+string(AppendInt(nil, syntax.Offset))+"): send one JSON object")
		return false
	case err != nil || o.fields == nil: // a value of another type; null leaves the map nil
		o.b.fail("the request body", "must be one JSON object")
		return false
	}
	return true
}

// tooDeep counts brackets outside strings. It does not validate.
func tooDeep(raw []byte) bool {
	depth, inString := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > bodyDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// field finds a field. null is reported like absence in the first result.
func (o *Body) field(name string, r *rules) (raw json.RawMessage, present, null bool) {
	if o.broken {
		return nil, false, false
	}
	o.seen(name)
	raw, present = o.fields[name]
	null = present && string(raw) == "null"
	if r.required && !present {
		o.fail(name, "is required")
	}
	return raw, present, null
}

// value is field for the fields to which null means nothing: a required one
// is refused as null, an optional one is then absent.
func (o *Body) value(name string, r *rules, must string) (json.RawMessage, bool) {
	raw, present, null := o.field(name, r)
	if null && r.required {
		o.fail(name, must)
	}
	return raw, present && !null
}

// Int reads a number; 0 or its [Default] when absent.
func (o *Body) Int(name string, opts ...Option) int64 {
	r := rulesOf(opts)
	if o.b.recording() {
		o.b.record(r.param(name, InBody, TypeNumber))
		return 0
	}
	raw, ok := o.value(name, &r, "must be "+r.integerRule())
	if !ok {
		return r.def
	}
	n, _ := o.integer(name, raw, &r)
	return n
}

// IntOrNull reads a number that may be null, which is nil; it says nothing of
// absence and is therefore meant to be [Required].
func IntOrNull[N ~int64](o *Body, name string, opts ...Option) *N {
	r := rulesOf(opts)
	if o.b.recording() {
		o.b.record(r.param(name, InBody, TypeNumberOrNull))
		return nil
	}
	raw, present, null := o.field(name, &r)
	if !present || null {
		return nil
	}
	if !isNumber(raw) {
		o.fail(name, "must be "+r.integerRule()+" or null")
		return nil
	}
	n, ok := o.integer(name, raw, &r)
	if !ok {
		return nil
	}
	return new(N(n))
}

func isNumber(raw []byte) bool { return raw[0] == '-' || '0' <= raw[0] && raw[0] <= '9' }

func (o *Body) integer(name string, raw []byte, r *rules) (int64, bool) {
	if !isNumber(raw) {
		o.fail(name, "must be "+r.integerRule())
		return 0, false
	}
	return o.b.integer(o.prefix+name, string(raw), r)
}

// Bool reads true or false. Absent, it is nil, which is neither.
func (o *Body) Bool(name string, opts ...Option) *bool {
	r := rulesOf(opts)
	if o.b.recording() {
		o.b.record(r.param(name, InBody, TypeBoolean))
		return nil
	}
	raw, ok := o.value(name, &r, "must be true or false")
	switch {
	case !ok:
	case string(raw) == "true":
		return new(true)
	case string(raw) == "false":
		return new(false)
	default:
		o.fail(name, "must be true or false")
	}
	return nil
}

// RequiredBool reads true or false and refuses absence.
func (o *Body) RequiredBool(name string, opts ...Option) bool {
	v := o.Bool(name, append(opts, Required())...)
	return v != nil && *v
}

// Text reads a text; "" or its [DefaultText] when absent. A [Required] text is
// not blank.
func (o *Body) Text(name string, opts ...Option) string {
	r := rulesOf(opts)
	if o.b.recording() {
		o.b.record(r.param(name, InBody, TypeString))
		return ""
	}
	raw, ok := o.value(name, &r, "must be a string")
	if !ok {
		return r.defText
	}
	s, ok := o.text(name, raw, &r)
	if ok && r.required && strings.TrimSpace(s) == "" {
		o.fail(name, "must not be empty")
	}
	return s
}

// text decodes a JSON string and checks it; false if it was reported.
func (o *Body) text(name string, raw []byte, r *rules) (string, bool) {
	var s string
	if raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		o.fail(name, "must be a string")
		return "", false
	}
	before := len(o.b.wrong)
	s = o.b.text(o.prefix+name, s, r, bodyTextMost)
	return s, len(o.b.wrong) == before
}

const dateRule = `must be a date like "2020-07-06", or an RFC 3339 time of which the date counts`

// Date reads a date; "" when absent. A time is accepted too: the date counts
// as it is written, in whatever zone.
func (o *Body) Date(name string, opts ...Option) workforce.Date {
	r := rulesOf(opts)
	if o.b.recording() {
		o.b.recordDate(r.param(name, InBody, TypeString))
		return ""
	}
	raw, ok := o.value(name, &r, dateRule)
	if !ok {
		return ""
	}
	return o.date(name, raw)
}

// OptionalDate reads a date for which null ("clear it") and absence ("keep
// it") differ.
func (o *Body) OptionalDate(name string, opts ...Option) Optional[workforce.Date] {
	r := rulesOf(opts)
	if o.b.recording() {
		p := r.param(name, InBody, TypeString)
		p.Nullable = true
		o.b.recordDate(p)
		return Optional[workforce.Date]{}
	}
	raw, present, null := o.field(name, &r)
	out := Optional[workforce.Date]{Present: present, Null: null}
	if present && !null {
		out.Value = o.date(name, raw)
	}
	return out
}

func (b *Binder) recordDate(p Param) {
	p.Date = true
	p.Accepts.Length, p.Accepts.NotBlank = 0, false
	b.record(p)
}

func (o *Body) date(name string, raw []byte) workforce.Date {
	var s string
	if raw[0] == '"' && json.Unmarshal(raw, &s) == nil {
		if d, err := workforce.ParseDateOrTime(s); err == nil {
			return d
		}
	}
	o.fail(name, dateRule)
	return ""
}

// BodyEnum reads one of the values of all; "" or its [DefaultText] when absent.
func BodyEnum[S ~string](o *Body, name string, all []S, opts ...Option) S {
	r := rulesOf(opts)
	if o.b.recording() {
		recordEnum(o.b, r.param(name, InBody, TypeString), all)
		return ""
	}
	raw, present, null := o.field(name, &rules{})
	if o.broken {
		return ""
	}
	must := "must be one of " + choices(all)
	if !present || null {
		switch {
		case r.required && !present:
			o.fail(name, "is required: it "+must)
		case r.required:
			o.fail(name, must)
		}
		return S(r.defText)
	}
	var s string
	if raw[0] == '"' && json.Unmarshal(raw, &s) == nil {
		if v, ok := member(all, s, &r); ok {
			return v
		}
	}
	o.fail(name, must)
	return ""
}

// BodyInts reads an array of numbers, each once, in the order given; nil when
// absent. [NotEmpty] refuses an empty array, [Required] and [Enforced] an
// absent one.
func BodyInts[N ~int64](o *Body, name string, opts ...Option) []N {
	r := rulesOf(opts)
	if o.b.recording() {
		o.b.record(r.param(name, InBody, TypeNumbers))
		return nil
	}
	must := "must be an array of integers"
	raw, ok := o.value(name, &r, must)
	if !ok {
		return nil
	}
	var items []json.RawMessage
	if raw[0] != '[' || json.Unmarshal(raw, &items) != nil {
		o.fail(name, must)
		return nil
	}
	switch {
	case len(items) == 0 && r.notEmpty:
		o.fail(name, "must not be empty: give at least one integer")
		return nil
	case len(items) > bodyValuesMost:
		o.fail(name, "has too many elements: at most "+string(AppendInt(nil, bodyValuesMost)))
		return nil
	}
	seen := make(map[N]bool, len(items))
	out := make([]N, 0, len(items))
	for _, item := range items {
		n, err := parseInteger(string(item))
		if err != nil || n < r.min || n > r.max {
			o.fail(name, must+rangeWords(&r))
			return nil
		}
		if !seen[N(n)] {
			seen[N(n)] = true
			out = append(out, N(n))
		}
	}
	return out
}
