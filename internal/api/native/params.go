package native

import (
	"slices"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The bounds of limit.
const (
	limitMost    = 1000
	limitDefault = 100
)

// listParams is what both lists have: which page of the list, and what of it.
type listParams struct {
	limit  int64
	cursor string
	fields []string
	facets *bool
	format Format // "": as the header Accept says
}

func bindList(b *rest.Binder, fields []string) listParams {
	return listParams{
		limit:  b.Int("limit", rest.Min(1), rest.Max(limitMost), rest.Default(limitDefault)),
		cursor: b.Text("cursor", rest.MaxLength(cursorMost)),
		fields: rest.Enums(b, "fields", fields),
		facets: b.Bool("facets"),
		format: rest.Enum(b, "format", AllFormats),
	}
}

func (p listParams) wantsFacets() bool { return p.facets != nil && *p.facets }

// form is the form of the answer. A stream has no pages, so a cursor with it is
// a mistake.
func (p listParams) form(rq *rest.Request) (Format, error) {
	f := formatOf(p.format, rq.HTTP().Header.Values("Accept"))
	if f != FormatJSON && p.cursor != "" {
		return f, workforce.RefuseField("cursor", "cursor is for pages, and %s gives everything at once: leave out one of the two", f)
	}
	return f, nil
}

// given is a pointer to the value of an enumeration, nil if it was not given.
func given[S ~string](s S) *S {
	if s == "" {
		return nil
	}
	return &s
}

// The functions below make the value of a question of a parameter.

func askText[S ~string](name string, s S) asked { return asked{name, string(s)} }

func askInt[N ~int64](name string, n *N) asked {
	if n == nil {
		return asked{name, ""}
	}
	return asked{name, number(*n)}
}

func askBool(name string, v *bool) asked {
	if v == nil {
		return asked{name, ""}
	}
	return asked{name, strconv.FormatBool(*v)}
}

func askTexts[S ~string](name string, items []S) asked {
	sorted := slices.Clone(items)
	slices.Sort(sorted)
	return asked{name, listCell(sorted)}
}

func askInts[N ~int64](name string, items []N) asked {
	sorted := slices.Clone(items)
	slices.Sort(sorted)
	return asked{name, strings.Join(each(sorted, number[N]), listSeparator)}
}
