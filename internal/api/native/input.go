package native

import (
	"context"
	"fmt"
	"time"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The functions below turn what a body said into what a use-case takes: nil
// leaves something as it is.

// valueOf is what was said; null and absence are the same, nil.
func valueOf[T any](said rest.Optional[T]) *T {
	if !said.Present || said.Null {
		return nil
	}
	return &said.Value
}

// valueOrNone is what was said; null is the zero value, which removes what
// there is, and absence is nil.
func valueOrNone[T any](said rest.Optional[T]) *T {
	if !said.Present {
		return nil
	}
	return &said.Value
}

// listOrKeep is a pointer to the list, nil if there was none.
func listOrKeep[T any](items []T) *[]T {
	if items == nil {
		return nil
	}
	return &items
}

// instant is when a moment is: a day begins where the company is. nil for null
// and absence.
func (h handlers) instant(ctx context.Context, m rest.Optional[rest.Moment]) (*time.Time, error) {
	switch {
	case !m.Present || m.Null:
		return nil, nil
	case m.Value.Date == "":
		return &m.Value.Time, nil
	}
	at, err := h.compliance.DayBegins(ctx, m.Value.Date)
	if err != nil {
		return nil, fmt.Errorf("finding out when a day begins: %w", err)
	}
	return &at, nil
}

// Data is every record of a short list: there are no pages.
type Data[T rest.Response] struct {
	Data []T `json:"data"`
}

// AppendJSON implements [rest.Response].
func (d Data[T]) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	putList(&o, "data", d.Data)
	return o.End()
}

func dataOf[T any, W rest.Response](items []T, toWire func(T) W) Data[W] {
	return Data[W]{each(items, toWire)}
}

// putInts writes a list of numbers; nil is [].
func putInts(o *rest.Object, name string, items []int64) { rest.List(o, name, items, rest.AppendInt) }

func same[T any](v T) T { return v }

func toInt[N ~int64](n N) int64 { return int64(n) }

func intOf[N ~int64](n *N) *int64 {
	if n == nil {
		return nil
	}
	return new(int64(*n))
}

func bindUserID(b *rest.Binder) workforce.UserID {
	return workforce.UserID(b.PathInt("id", rest.Min(1)))
}
