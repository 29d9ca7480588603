package rest

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/passmuster/passmuster/internal/workforce"
)

const (
	textMost   = 1000 // characters of a query or path text without a MaxLength of its own
	valuesMost = 1000 // elements of one array parameter; keeps statements within database limits
)

// Binder reads the parameters of one request. An operation has one bind
// function with one line per parameter, in the order of the documentation:
//
//	func bindList(b *rest.Binder) listParams {
//		return listParams{
//			page: b.Int("page", rest.Min(1), rest.Default(1)),
//			text: b.Text("q"),
//			sort: rest.Enum(b, "sort", workforce.AllSorts, rest.DefaultText(workforce.SortName)),
//		}
//	}
//
// A wrong parameter does not stop the function: it gets a zero value, and in
// the end one fault names all that is wrong, so the function must have no
// effects and must not depend on a value. The same function, run by [Record],
// yields the table of parameters instead.
//
// What is tolerated is the same everywhere: an empty value is an absent one;
// a number may be written 1.0; an array may be spelled x, x[] or x[0], be
// repeated or separated by commas; a scalar may be repeated if all its values
// are equal; names that no line reads are ignored and counted.
//
// A Binder belongs to one goroutine and must not outlive its bind function.
type Binder struct {
	rq     *Request // nil while recording
	params []Param  // while recording

	pairs     []pair // the query, parsed at the first parameter that asks
	parsed    bool
	badQuery  bool // reported already; the query counts as empty
	inline    [8]pair
	body      *Body
	takesNone bool  // NoBody was called
	broken    error // reading the body failed for a reason that is not the client's

	wrong []string // what is wrong, one text per parameter
	field string   // the first parameter that is wrong
}

// NoParams is the bind function of an operation without parameters.
func NoParams(*Binder) struct{} { return struct{}{} }

// Record runs the bind function without a request and gives the parameters
// that it declares, in order.
func Record[P any](bind func(*Binder) P) []Param {
	b := &Binder{}
	bind(b)
	if b.body != nil && b.body.closed {
		closeFields(b.params)
	}
	return b.params
}

func (b *Binder) recording() bool { return b.rq == nil }

func (b *Binder) record(p Param) { b.params = append(b.params, p) }

func (b *Binder) fail(field, problem string) {
	if b.field == "" {
		b.field = field
	}
	b.wrong = append(b.wrong, field+" "+problem)
}

// finish is the one fault of all that is wrong, or nil.
func (b *Binder) finish() error {
	if b.broken != nil {
		return b.broken
	}
	if b.body != nil {
		b.body.refuseOthers()
	}
	b.query() // malformed escapes are refused even where no parameter is read
	b.countUnknown()
	if len(b.wrong) == 0 {
		return nil
	}
	return &workforce.Fault{
		Reason: workforce.ReasonBadRequest, Field: b.field, Message: strings.Join(b.wrong, "; "),
	}
}

func (b *Binder) countUnknown() {
	n := 0
	for i := range b.pairs {
		if !b.pairs[i].used {
			n++
		}
	}
	if n > 0 {
		b.rq.exchange().countUnknown(n)
	}
}

// query gives the parsed query string; a malformed one is one fault and counts
// as empty, so that it does not also produce "is required" for each parameter.
func (b *Binder) query() []pair {
	if b.parsed {
		return b.pairs
	}
	b.parsed = true
	pairs, bad, ok := parseQuery(b.inline[:0], b.rq.http.URL.RawQuery)
	if !ok {
		if bad == "" || !utf8.ValidString(bad) {
			bad = "the query string"
		}
		b.badQuery = true
		b.fail(bad, "has malformed percent-encoding: write a literal % as %25")
		return nil
	}
	b.pairs = pairs
	return b.pairs
}

// scalar finds the one value of a query parameter. Empty values are absent.
func (b *Binder) scalar(name string, r *rules) (value string, found bool) {
	base := baseName(name)
	differ := false
	for i := range b.query() {
		p := &b.pairs[i]
		if p.name != base {
			continue
		}
		p.used = true
		switch {
		case p.value == "" || r.undefined && p.value == "undefined":
		case !found:
			value, found = p.value, true
		case p.value != value:
			differ = true
		}
	}
	if differ {
		b.fail(name, "is given more than once with different values: give it once")
		return "", false
	}
	if !found && r.required && !b.badQuery {
		b.fail(name, "is required")
	}
	return value, found
}

// values finds all values of an array parameter: repeated, comma-separated, or
// both. Empty elements are dropped.
func (b *Binder) values(name string, r *rules) []string {
	base := baseName(name)
	var out []string
	for i := range b.query() {
		p := &b.pairs[i]
		if p.name != base {
			continue
		}
		p.used = true
		for part := range strings.SplitSeq(p.value, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	if len(out) > valuesMost {
		b.fail(name, "has too many values: at most "+string(AppendInt(nil, valuesMost)))
		return nil
	}
	if len(out) == 0 && (r.required || r.notEmpty) && !b.badQuery {
		b.fail(name, "is required")
	}
	return out
}

// Int reads a number from the query. Absent, it is its [Default], or 0.
func (b *Binder) Int(name string, opts ...Option) int64 {
	r := rulesOf(opts)
	if b.recording() {
		b.record(r.param(name, InQuery, TypeNumber))
		return 0
	}
	s, found := b.scalar(name, &r)
	if !found {
		return r.def
	}
	n, _ := b.integer(name, s, &r)
	return n
}

// OptionalInt reads a number from the query that has no default: nil when it
// is absent.
func OptionalInt[N ~int64](b *Binder, name string, opts ...Option) *N {
	r := rulesOf(opts)
	if b.recording() {
		b.record(r.param(name, InQuery, TypeNumber))
		return nil
	}
	s, found := b.scalar(name, &r)
	if !found {
		return nil
	}
	n, ok := b.integer(name, s, &r)
	if !ok {
		return nil
	}
	return new(N(n))
}

// integer reads text as an integer within the rules, or reports the parameter.
func (b *Binder) integer(name, s string, r *rules) (int64, bool) {
	n, err := parseInteger(strings.TrimSpace(s))
	switch {
	case err == nil && n >= r.min && n <= r.max:
		return n, true
	case errors.Is(err, errNotInteger):
		b.fail(name, "must be "+r.integerRule())
	case r.hasMin || r.hasMax:
		b.fail(name, "is out of range: it must be "+r.integerRule())
	default:
		b.fail(name, "is out of range: it must be an integer from -9007199254740991 to 9007199254740991")
	}
	return 0, false
}

// Text reads a text from the query. Absent and empty are the same, "" or its
// [DefaultText]. It is valid UTF-8 without NUL, and at most 1,000 characters
// unless [MaxLength] says otherwise.
func (b *Binder) Text(name string, opts ...Option) string {
	r := rulesOf(opts)
	if b.recording() {
		b.record(r.param(name, InQuery, TypeString))
		return ""
	}
	s, found := b.scalar(name, &r)
	if !found {
		return r.defText
	}
	return b.text(name, s, &r, textMost)
}

// text checks what every text has to be; most is its length unless the rules
// set one.
func (b *Binder) text(name, s string, r *rules, most int) string {
	if r.maxLength > 0 {
		most = r.maxLength
	}
	switch {
	case !utf8.ValidString(s):
		b.fail(name, "must be valid UTF-8")
	case strings.IndexByte(s, 0) >= 0:
		b.fail(name, "must not contain the character NUL")
	case len(s) > most && utf8.RuneCountInString(s) > most:
		b.fail(name, "must have at most "+string(AppendInt(nil, int64(most)))+" characters")
	default:
		return s
	}
	return ""
}

// Bool reads true or false from the query; nil when absent, which is neither.
func (b *Binder) Bool(name string, opts ...Option) *bool {
	r := rulesOf(opts)
	if b.recording() {
		b.record(r.param(name, InQuery, TypeBoolean))
		return nil
	}
	s, found := b.scalar(name, &r)
	switch {
	case !found:
	case s == "true":
		return new(true)
	case s == "false":
		return new(false)
	default:
		b.fail(name, "must be true or false")
	}
	return nil
}

// Enum reads one of the values of all from the query. Absent, it is its
// [DefaultText], or "". Values are accepted in their own letter case only,
// unless [CaseFold] is given.
func Enum[S ~string](b *Binder, name string, all []S, opts ...Option) S {
	r := rulesOf(opts)
	if b.recording() {
		recordEnum(b, r.param(name, InQuery, TypeString), all)
		return ""
	}
	s, found := b.scalar(name, &r)
	if !found {
		return S(r.defText)
	}
	v, ok := member(all, s, &r)
	if !ok {
		b.fail(name, "must be one of "+choices(all))
	}
	return v
}

// Enums reads an array of values of all from the query, each once, in the
// order given; nil when absent.
func Enums[S ~string](b *Binder, name string, all []S, opts ...Option) []S {
	r := rulesOf(opts)
	if b.recording() {
		recordEnum(b, r.param(name, InQuery, TypeStrings), all)
		return nil
	}
	var out []S
	for _, s := range b.values(name, &r) {
		v, ok := member(all, s, &r)
		if !ok {
			b.fail(name, "must hold only values of "+choices(all))
			return nil
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// Ints reads an array of numbers from the query, each once, in the order
// given; nil when absent.
func Ints[N ~int64](b *Binder, name string, opts ...Option) []N {
	r := rulesOf(opts)
	if b.recording() {
		b.record(r.param(name, InQuery, TypeNumbers))
		return nil
	}
	var out []N
	for _, s := range b.values(name, &r) {
		n, err := parseInteger(s)
		if err != nil || n < r.min || n > r.max {
			b.fail(name, "must hold only integers"+rangeWords(&r))
			return nil
		}
		if !slices.Contains(out, N(n)) {
			out = append(out, N(n))
		}
	}
	return out
}

// PathInt reads the number in the segment {name} of the path.
func (b *Binder) PathInt(name string, opts ...Option) int64 {
	r := rulesOf(opts)
	if b.recording() {
		b.record(r.param(name, InPath, TypeNumber))
		return 0
	}
	n, _ := b.integer(name, b.rq.pathValue(name), &r)
	return n
}

// PathText reads the text in the segment {name} of the path, percent-decoded;
// a plus is a plus. It is never empty.
func (b *Binder) PathText(name string, opts ...Option) string {
	r := rulesOf(opts)
	if b.recording() {
		b.record(r.param(name, InPath, TypeString))
		return ""
	}
	return b.text(name, b.rq.pathValue(name), &r, textMost)
}

func recordEnum[S ~string](b *Binder, p Param, all []S) {
	for _, v := range all {
		p.Enum = append(p.Enum, string(v))
	}
	p.Accepts.Length, p.Accepts.NotBlank = 0, false
	b.record(p)
}

func member[S ~string](all []S, s string, r *rules) (S, bool) {
	for _, v := range all {
		if string(v) == s || r.caseFold && strings.EqualFold(string(v), s) {
			return v, true
		}
	}
	return "", false
}

func choices[S ~string](all []S) string {
	var sb strings.Builder
	for i, v := range all {
		if i > 0 {
			sb.WriteString(", ")
		}
		sb.WriteString(string(v))
	}
	return sb.String()
}

func rangeWords(r *rules) string {
	return " from " + string(AppendInt(nil, r.min)) + " to " + string(AppendInt(nil, r.max))
}
