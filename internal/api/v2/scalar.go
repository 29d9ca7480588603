package v2

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

// The functions below turn optional domain values into optional wire values.
// The first two convert the pointer, not the value: the domain's values are
// not changed after they were read.

func timeOf(t *time.Time) *Time      { return (*Time)(t) }
func dateOf(d *workforce.Date) *Date { return (*Date)(d) }

// midnightOf is the instant that this version shows for a date: its midnight
// in UTC, so that the date can be read off it anywhere.
func midnightOf(d *workforce.Date) *Time {
	if d == nil {
		return nil
	}
	return workforce.Ptr(Time(d.In(time.UTC)))
}

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

func putTime(o *rest.Object, name string, t Time) { o.Time(name, time.Time(t)) }

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
