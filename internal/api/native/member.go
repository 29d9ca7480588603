package native

import (
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/rest"
)

// member is a member of a record at its top level: how it is written in JSON,
// and as which columns of a table. The tables of members are what fields names.
type member[R any] struct {
	name    string
	json    func(o *rest.Object, r *R)
	columns []column[R]
	always  bool // also when fields does not name it
}

// column is a column of a table; a cell is "" where nothing is known.
type column[R any] struct {
	name string
	cell func(r *R) string
}

// selection is the members that are shown, as places in the table of members,
// ascending; nil is all.
type selection []uint8

// namesOf is the names of the members, in order.
func namesOf[R any](members []member[R]) []string {
	out := make([]string, len(members))
	for i := range members {
		out[i] = members[i].name
	}
	return out
}

// selected is the members that the names name, and those that are always there.
func selected[R any](members []member[R], names []string) selection {
	if len(names) == 0 {
		return nil
	}
	var out selection
	for i := range members {
		if members[i].always || slices.Contains(names, members[i].name) {
			out = append(out, uint8(i))
		}
	}
	return out
}

// appendRecord writes the members of a record that are shown.
func appendRecord[R any](b []byte, members []member[R], shown selection, r *R) []byte {
	o := rest.NewObject(b)
	if shown == nil {
		for i := range members {
			members[i].json(&o, r)
		}
		return o.End()
	}
	for _, i := range shown {
		members[i].json(&o, r)
	}
	return o.End()
}

// columnsOf is the columns of the members that are shown.
func columnsOf[R any](members []member[R], shown selection) []column[R] {
	var out []column[R]
	for i := range members {
		if shown == nil || slices.Contains(shown, uint8(i)) {
			out = append(out, members[i].columns...)
		}
	}
	return out
}

// The functions below make members of which the one column has their name.

func intMember[R any](name string, of func(*R) int64) member[R] {
	return member[R]{
		name:    name,
		json:    func(o *rest.Object, r *R) { o.Int(name, of(r)) },
		columns: []column[R]{{name, func(r *R) string { return number(of(r)) }}},
	}
}

func textMember[R any, S ~string](name string, of func(*R) S) member[R] {
	return member[R]{
		name:    name,
		json:    func(o *rest.Object, r *R) { o.String(name, string(of(r))) },
		columns: []column[R]{{name, func(r *R) string { return string(of(r)) }}},
	}
}

func optionalMember[R any, S ~string](name string, of func(*R) *S) member[R] {
	return member[R]{
		name:    name,
		json:    func(o *rest.Object, r *R) { rest.TextOrNull(o, name, of(r)) },
		columns: []column[R]{{name, func(r *R) string { return textCell(of(r)) }}},
	}
}

func listMember[R any, S ~string](name string, of func(*R) []S) member[R] {
	return member[R]{
		name:    name,
		json:    func(o *rest.Object, r *R) { rest.Texts(o, name, of(r)) },
		columns: []column[R]{{name, func(r *R) string { return listCell(of(r)) }}},
	}
}

func timeMember[R any](name string, of func(*R) *Time) member[R] {
	return member[R]{
		name:    name,
		json:    func(o *rest.Object, r *R) { putTimeOrNull(o, name, of(r)) },
		columns: []column[R]{{name, func(r *R) string { return timeCell(of(r)) }}},
	}
}

// always makes a member one that fields cannot leave out.
func always[R any](m member[R]) member[R] {
	m.always = true
	return m
}

func textCell[S ~string](s *S) string {
	if s == nil {
		return ""
	}
	return string(*s)
}

func boolCell(v *bool) string {
	switch {
	case v == nil:
		return ""
	case *v:
		return "true"
	default:
		return "false"
	}
}

func timeCell(t *Time) string {
	if t == nil {
		return ""
	}
	var room [32]byte
	quoted := rest.AppendTime(room[:0], time.Time(*t))
	return string(quoted[1 : len(quoted)-1])
}

// listSeparator parts the values of a list in one cell.
const listSeparator = ";"

func listCell[S ~string](items []S) string {
	var b strings.Builder
	for i, s := range items {
		if i > 0 {
			b.WriteString(listSeparator)
		}
		b.WriteString(string(s))
	}
	return b.String()
}

// alwaysThere is the names of the members that fields cannot leave out.
func alwaysThere[R any](members []member[R]) []string {
	var out []string
	for i := range members {
		if members[i].always {
			out = append(out, members[i].name)
		}
	}
	return out
}
