package native

import (
	"time"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Time is an instant, written as "2025-07-01T16:45:55.246Z": UTC, always three
// decimals.
type Time time.Time

const timeLayout = `"2006-01-02T15:04:05.000Z"`

// MarshalJSON implements [json.Marshaler]. Answers are written by AppendJSON;
// this is the form in which encoding/json must agree with it.
func (t Time) MarshalJSON() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, timeLayout), nil
}

// Date is a calendar date, written as "2020-07-06".
type Date string

// Kind is a kind of accounts.
type Kind string

// The two kinds, as the paths of the compatible API call them.
const (
	Infrastructure Kind = "infrastructure"
	VersionControl Kind = "version-control"
)

// AllKinds is both kinds.
var AllKinds = []Kind{Infrastructure, VersionControl}

// Values is every kind.
func (Kind) Values() []string { return each(AllKinds, func(k Kind) string { return string(k) }) }

func kindOf(k workforce.AccountKind) Kind {
	if k == workforce.Infrastructure {
		return Infrastructure
	}
	return VersionControl
}

// domain is the kind as the domain names it; the empty kind is every kind.
func (k Kind) domain() workforce.AccountKind {
	switch k {
	case Infrastructure:
		return workforce.Infrastructure
	case VersionControl:
		return workforce.VersionControl
	default:
		return ""
	}
}

// The functions below turn optional domain values into optional wire values.
// They convert the pointer, not the value: the domain's values are not changed
// after they were read.

func timeOf(t *time.Time) *Time      { return (*Time)(t) }
func dateOf(d *workforce.Date) *Date { return (*Date)(d) }

// each maps a list; the result is never nil, because the wire has [] and not
// null for a list without items.
func each[T, W any](items []T, toWire func(T) W) []W {
	out := make([]W, len(items))
	for i := range items {
		out[i] = toWire(items[i])
	}
	return out
}

// The functions below write what rest.Object has no method for.

func putTimeOrNull(o *rest.Object, name string, t *Time) { o.TimeOrNull(name, (*time.Time)(t)) }

// putObject writes *v, or null.
func putObject[T any, P interface {
	*T
	rest.Response
}](o *rest.Object, name string, v P,
) {
	if v == nil {
		o.Null(name)
		return
	}
	o.Value(name, v)
}

// putList writes a list of objects; nil is [].
func putList[T rest.Response](o *rest.Object, name string, items []T) {
	rest.List(o, name, items, func(b []byte, item T) []byte { return item.AppendJSON(b) })
}
