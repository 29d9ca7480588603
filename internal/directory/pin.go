package directory

import (
	"reflect"
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// pinned gives the pins with the fields among them. A field that is pinned
// already keeps its author and time.
func pinned(pins []workforce.Pin, actor string, now time.Time, fields ...workforce.PinField) []workforce.Pin {
	out := slices.Clone(pins)
	for _, f := range fields {
		if !slices.ContainsFunc(out, func(p workforce.Pin) bool { return p.Field == f }) {
			out = append(out, workforce.Pin{Field: f, Actor: actor, At: now})
		}
	}
	slices.SortFunc(out, func(a, b workforce.Pin) int {
		return slices.Index(workforce.AllPinFields, a.Field) - slices.Index(workforce.AllPinFields, b.Field)
	})
	return out
}

// touched gives after with a new UpdatedAt if it differs from before, and
// before itself if it does not.
func touched(before, after workforce.Personnel, now time.Time) workforce.Personnel {
	if reflect.DeepEqual(before, after) {
		return before
	}
	after.UpdatedAt = now
	return after
}
