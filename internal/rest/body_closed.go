package rest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// This file is what bodies of our own API have beyond those of the compatible
// ones: they refuse fields that they do not know, and may hold objects.

// ClosedBody is [Binder.Body] for an operation that refuses fields which no
// line reads: who misspells an optional field would otherwise be told that all
// is well.
func (b *Binder) ClosedBody() *Body {
	o := b.Body()
	o.closed = true
	return o
}

// closeFields marks what is recorded of a closed body.
func closeFields(params []Param) {
	for i := range params {
		if params[i].In == InBody {
			params[i].Closed = true
			closeFields(params[i].Fields)
		}
	}
}

// fail reports a field by its place in the body.
func (o *Body) fail(name, problem string) { o.b.fail(o.prefix+name, problem) }

func (o *Body) seen(name string) {
	if o.closed {
		o.asked = append(o.asked, name)
	}
}

// refuseOthers reports the first field, in the order of the alphabet, that no
// line has read.
func (o *Body) refuseOthers() {
	if !o.closed || o.broken {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(o.fields)) {
		if !slices.Contains(o.asked, name) {
			o.fail(shortName(name), "is not known here: the fields are "+strings.Join(o.asked, ", "))
			return
		}
	}
}

// shortName is a name that a client made up, as a message can hold it.
func shortName(name string) string {
	const most = 60
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}

// OptionalText reads a text for which null ("remove it") and absence ("keep
// it") differ; a [Required] one is neither, and not blank.
func (o *Body) OptionalText(name string, opts ...Option) Optional[string] {
	r := rulesOf(opts)
	if o.b.recording() {
		p := r.param(name, InBody, TypeString)
		p.Nullable = !r.required
		o.b.record(p)
		return Optional[string]{}
	}
	raw, present, null := o.field(name, &r)
	out := Optional[string]{Present: present, Null: null}
	switch {
	case !present:
	case null && r.required:
		o.fail(name, "must be a string")
	case !null:
		var ok bool
		if out.Value, ok = o.text(name, raw, &r); ok && r.required && strings.TrimSpace(out.Value) == "" {
			o.fail(name, "must not be empty")
		}
	}
	return out
}

// OptionalNumber reads a number for which absence is not 0, and null may mean
// something of its own; a [Required] one is neither.
func OptionalNumber[N ~int64](o *Body, name string, opts ...Option) Optional[N] {
	r := rulesOf(opts)
	if o.b.recording() {
		p := r.param(name, InBody, TypeNumber)
		p.Nullable = !r.required
		o.b.record(p)
		return Optional[N]{}
	}
	raw, present, null := o.field(name, &r)
	out := Optional[N]{Present: present, Null: null}
	switch {
	case !present:
	case null && r.required:
		o.fail(name, "must be "+r.integerRule())
	case !null:
		n, _ := o.integer(name, raw, &r)
		out.Value = N(n)
	}
	return out
}

// Moment is an instant, or the day at whose beginning it is: where that is, the
// company's time zone says. Exactly one of the two is set.
type Moment struct {
	Time time.Time
	Date workforce.Date
}

const momentRule = `must be a date like "2020-07-06", or an RFC 3339 time like "2020-07-06T09:30:00Z"`

// Moment reads an instant or a day, for which null and absence may differ.
func (o *Body) Moment(name string, opts ...Option) Optional[Moment] {
	r := rulesOf(opts)
	if o.b.recording() {
		p := r.param(name, InBody, TypeString)
		p.Nullable, p.Moment = true, true
		p.Accepts.Length, p.Accepts.NotBlank = 0, false
		o.b.record(p)
		return Optional[Moment]{}
	}
	raw, present, null := o.field(name, &r)
	out := Optional[Moment]{Present: present, Null: null}
	if present && !null {
		var ok bool
		if out.Value, ok = momentOf(raw); !ok {
			o.fail(name, momentRule)
		}
	}
	return out
}

func momentOf(raw []byte) (m Moment, ok bool) {
	var s string
	if raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return m, false
	}
	var err error
	if m.Date, err = workforce.ParseDate(s); err == nil {
		return m, true
	}
	m.Time, err = time.Parse(time.RFC3339Nano, s)
	// Beyond four digits of UTC there is no agreed form to answer with.
	year := m.Time.UTC().Year()
	return m, err == nil && year >= 1 && year <= 9999
}

// BodyEnums reads an array of values of all, each once, in the order given; nil
// when absent.
func BodyEnums[S ~string](o *Body, name string, all []S, opts ...Option) []S {
	r := rulesOf(opts)
	if o.b.recording() {
		recordEnum(o.b, r.param(name, InBody, TypeStrings), all)
		return nil
	}
	must := "must be an array of " + choices(all)
	raw, ok := o.value(name, &r, must)
	if !ok {
		return nil
	}
	var items []string
	if raw[0] != '[' || json.Unmarshal(raw, &items) != nil || len(items) > bodyValuesMost {
		o.fail(name, must)
		return nil
	}
	if len(items) == 0 && r.notEmpty {
		o.fail(name, "must not be empty: give at least one of "+choices(all))
		return nil
	}
	out := make([]S, 0, len(all))
	for _, item := range items {
		v, ok := member(all, item, &r)
		if !ok {
			o.fail(name, must)
			return nil
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// BodyObjects reads an object of objects: the members are some of keys, and
// each is read by bind. nil when absent; with [Required] every key is required.
func BodyObjects[K ~string, P any](o *Body, name string, keys []K, bind func(*Body) P, opts ...Option) map[K]P {
	r := rulesOf(opts)
	if o.b.recording() {
		p := r.param(name, InBody, TypeObject)
		inner := &Binder{}
		bind(&Body{b: inner})
		p.Fields = inner.params
		for _, key := range keys {
			p.Keys = append(p.Keys, string(key))
		}
		o.b.record(p)
		return nil
	}
	must := "must be an object, with an object for each of " + choices(keys)
	raw, ok := o.value(name, &r, must)
	if !ok {
		return nil
	}
	var members map[string]json.RawMessage
	if raw[0] != '{' || json.Unmarshal(raw, &members) != nil {
		o.fail(name, must)
		return nil
	}
	outer := &Body{b: o.b, fields: members, prefix: o.prefix + name + ".", closed: o.closed}
	out := make(map[K]P, len(members))
	for _, key := range keys {
		field, ok := outer.value(string(key), &rules{required: r.required}, "must be an object")
		if !ok {
			continue
		}
		inner := &Body{b: o.b, prefix: outer.prefix + string(key) + ".", closed: o.closed}
		if field[0] != '{' || json.Unmarshal(field, &inner.fields) != nil {
			outer.fail(string(key), "must be an object")
			continue
		}
		out[key] = bind(inner)
		inner.refuseOthers()
	}
	outer.refuseOthers()
	return out
}
