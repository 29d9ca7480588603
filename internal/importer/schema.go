package importer

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/passmuster/passmuster/internal/workforce"
)

// field is one field of a kind of row: what it is called, by us and by others,
// and how a cell becomes a value. To add a field is to add a line.
type field[T any] struct {
	name    string
	aliases []string // compared by headerKey
	need    bool     // a file without such a column is refused
	set     func(*cell, *T)
}

// schema is a kind of row.
type schema[T any] struct {
	noun   string // "people": the key of the array in a JSON object
	fields []field[T]
	notes  map[string]string // headerKey of a column that is ignored on purpose, and why

	// finish looks at the row as a whole, if every cell of it was right.
	finish func(row *T, opts Options, problem func(field, value, reason string))

	// unique lists what no two rows of a file may share.
	unique []uniqueness[T]
}

type uniqueness[T any] struct {
	field string
	what  string          // the fields that make the key, for a message
	key   func(*T) string // "" does not count
}

func (s *schema[T]) fieldNames() []string {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.name
	}
	return names
}

// headerKey is the form in which column names and words are compared: letters
// and digits only, in lower case, so that "Work Email", "work_email" and
// "workEmail" are one.
func headerKey(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFC.String(s))
}

// byHeader finds the field that a column of the name holds by itself.
func (s *schema[T]) byHeader(name string) (int, bool) {
	key := headerKey(name)
	for i, f := range s.fields {
		if headerKey(f.name) == key {
			return i, true
		}
	}
	for i, f := range s.fields {
		if slices.Contains(f.aliases, key) {
			return i, true
		}
	}
	return 0, false
}

// mapper decides what becomes of each column.
type mapper[T any] struct {
	schema *schema[T]
	given  map[string]string // from Options.Map, by headerKey
	taken  map[string]bool   // fields that the options give to some column
	set    map[string]bool   // fields that Options.Set gives to every row
}

func newMapper[T any](s *schema[T], opts Options) mapper[T] {
	m := mapper[T]{schema: s, given: map[string]string{}, taken: map[string]bool{}, set: map[string]bool{}}
	for theirs, ours := range opts.Map {
		m.given[headerKey(theirs)] = ours
		m.taken[headerKey(ours)] = true
	}
	for ours := range opts.Set {
		m.set[headerKey(ours)] = true
	}
	return m
}

// setItems gives what [Options].Set says of every row, in the order of the
// fields, or refuses it: a value that no row can have is better refused once.
func (s *schema[T]) setItems(opts Options) ([]item, error) {
	names := s.fieldNames()
	var items []item
	for _, ours := range sortedKeys(opts.Set) {
		i := slices.IndexFunc(names, func(f string) bool { return headerKey(f) == headerKey(ours) })
		if i < 0 {
			return nil, workforce.RefuseField("set", "--set %s=%s: no such field; use one of %s", ours, opts.Set[ours], strings.Join(names, ", "))
		}
		for theirs, mapped := range opts.Map {
			if headerKey(mapped) == headerKey(ours) {
				return nil, workforce.RefuseField("set", "--set %s and --map %s=%s both say what %s is; leave one out", ours, theirs, mapped, names[i])
			}
		}
		it := item{field: i, value: opts.Set[ours]}
		var wrong error
		var row T
		s.fields[i].set(&cell{value: it.value, opts: &opts, fail: func(_, reason string) {
			wrong = workforce.RefuseField("set", "--set %s=%s: %s", ours, clip(opts.Set[ours]), reason)
		}}, &row)
		if wrong != nil {
			return nil, wrong
		}
		if slices.ContainsFunc(items, func(other item) bool { return other.field == i }) {
			return nil, workforce.RefuseField("set", "--set gives %s twice; leave one out", names[i])
		}
		items = append(items, it)
	}
	slices.SortFunc(items, func(a, b item) int { return a.field - b.field })
	return items, nil
}

// column gives what becomes of the named column, and the index of its field or
// -1. What the options say wins over the names that we know.
func (m mapper[T]) column(name string) (Column, int) {
	if ours, ok := m.given[headerKey(name)]; ok {
		for i, f := range m.schema.fields {
			if headerKey(f.name) == headerKey(ours) {
				return Column{Name: name, Field: f.name}, i
			}
		}
		return Column{Name: name}, -1 // left out on request
	}
	i, ok := m.schema.byHeader(name)
	if !ok {
		return Column{Name: name, Note: m.schema.notes[headerKey(name)]}, -1
	}
	f := m.schema.fields[i]
	if m.set[headerKey(f.name)] {
		return Column{Name: name, Note: f.name + " is given by --set"}, -1
	}
	if m.taken[headerKey(f.name)] {
		return Column{Name: name, Note: f.name + " was given to another column"}, -1
	}
	return Column{Name: name, Field: f.name}, i
}

// checkMap refuses overrides that name no field of ours, or one field twice.
func checkMap(overrides map[string]string, fields []string) error {
	seen := map[string]string{}
	for _, theirs := range sortedKeys(overrides) {
		ours := overrides[theirs]
		if headerKey(ours) == Ignored {
			continue
		}
		i := slices.IndexFunc(fields, func(f string) bool { return headerKey(f) == headerKey(ours) })
		if i < 0 {
			return workforce.RefuseField("map", "--map %s=%s: no such field; use one of %s, or %s", theirs, ours, strings.Join(fields, ", "), Ignored)
		}
		if other, twice := seen[fields[i]]; twice {
			return workforce.RefuseField("map", "--map gives %s both %q and %q; give it one column", fields[i], other, theirs)
		}
		seen[fields[i]] = theirs
	}
	return nil
}

// checkColumns refuses a set of columns that lacks what is needed, gives one
// field two columns, or lacks a column that the options name.
func (m mapper[T]) checkColumns(columns []Column, overrides map[string]string) error {
	holder := map[string]string{}
	present := map[string]bool{}
	for _, c := range columns {
		present[headerKey(c.Name)] = true
		if c.Field == "" {
			continue
		}
		if other, twice := holder[c.Field]; twice {
			return workforce.RefuseField("file", "the columns %q and %q are both read as %s; leave one out with --map %q", other, c.Name, c.Field, c.Name+"="+Ignored)
		}
		holder[c.Field] = c.Name
	}
	for _, theirs := range sortedKeys(overrides) {
		if !present[headerKey(theirs)] {
			return workforce.RefuseField("map", "--map names the column %q, which the file does not have; its columns are %s", theirs, columnNames(columns))
		}
	}
	var missing []string
	for _, f := range m.schema.fields {
		if _, ok := holder[f.name]; f.need && !ok && !m.set[headerKey(f.name)] {
			missing = append(missing, fmt.Sprintf("%s (accepted names: %s)", f.name, strings.Join(slices.Concat([]string{f.name}, f.aliases), ", ")))
		}
	}
	if len(missing) > 0 {
		return workforce.RefuseField("file", "the file has no column for %s; its columns are %s; if one of them is it, say so with --map THEIRS=OURS; if all rows have the same, with --set OURS=VALUE",
			strings.Join(missing, "; "), columnNames(columns))
	}
	return nil
}

func columnNames(columns []Column) string {
	const most = 40
	names := make([]string, 0, len(columns))
	for i, c := range columns {
		if i == most {
			names = append(names, fmt.Sprintf("… (%d more)", len(columns)-most))
			break
		}
		names = append(names, fmt.Sprintf("%q", clip(c.Name)))
	}
	return strings.Join(names, ", ")
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
