package importer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// readJSON reads an array of objects, objects one after another, or an object
// that holds the array under the schema's noun.
func readJSON[T any](in io.Reader, c *collector[T]) error {
	buffered := bufio.NewReaderSize(in, headerMost)
	if _, err := skipMark(buffered); err != nil {
		return err
	}
	r := &jsonReader[T]{
		c: c, dec: json.NewDecoder(buffered), mapper: newMapper(c.schema, c.opts),
		known: map[string]int{},
	}
	r.dec.UseNumber()
	if err := r.file(); err != nil {
		return r.fault(err)
	}
	if c.total == 0 {
		return nil // no element: nothing can be said about its keys
	}
	return r.mapper.checkColumns(r.distinct(), c.opts.Map)
}

type jsonReader[T any] struct {
	c       *collector[T]
	dec     *json.Decoder
	mapper  mapper[T]
	known   map[string]int // key: its place in c.columns
	fieldOf []int          // per column: its field, or -1
	element int            // the number of the element that is being read
}

var errShape = errors.New("not objects")

func (r *jsonReader[T]) file() error {
	tok, err := r.dec.Token()
	if errors.Is(err, io.EOF) {
		return workforce.RefuseField("file", "the file is empty; it must hold an array of objects")
	}
	if err != nil {
		return err
	}
	switch tok {
	case json.Delim('['):
		if err := r.array(); err != nil {
			return err
		}
		return r.end()
	case json.Delim('{'):
		wrapped, err := r.first()
		if err != nil {
			return err
		}
		if wrapped {
			return r.end()
		}
		return r.lines()
	}
	return errShape
}

// array reads the elements up to the closing bracket.
func (r *jsonReader[T]) array() error {
	for r.dec.More() {
		if err := r.next(); err != nil {
			return err
		}
	}
	_, err := r.dec.Token()
	return err
}

// lines reads the objects that follow the first one.
func (r *jsonReader[T]) lines() error {
	for {
		err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// next reads one element.
func (r *jsonReader[T]) next() error {
	r.element++
	tok, err := r.dec.Token()
	if err != nil {
		return err
	}
	if tok == json.Delim('{') {
		_, err := r.object(false)
		return err
	}
	if tok == json.Delim('[') {
		return errShape
	}
	return r.c.broken(r.element, "an object like {\"email\": …} is needed here")
}

// first reads the object with which the file begins: the wrapper around the
// array, or the first element.
func (r *jsonReader[T]) first() (wrapped bool, err error) {
	r.element = 1
	return r.object(true)
}

// object reads the rest of an object, whose brace was read, and takes it as a
// row; unless it may be the wrapper and holds the array.
func (r *jsonReader[T]) object(mayWrap bool) (wrapped bool, err error) {
	var items []item
	var problems []Problem
	seen := map[int]bool{}
	for r.dec.More() {
		name, err := r.key()
		if err != nil {
			return false, err
		}
		if mayWrap && name == r.c.schema.noun {
			if wrapped {
				return false, errShape // the array twice
			}
			wrapped = true
			if err := r.wrappedArray(); err != nil {
				return false, err
			}
			continue
		}
		var value any
		if err := r.dec.Decode(&value); err != nil {
			return false, err
		}
		if wrapped {
			continue // the wrapper's other members are none of ours
		}
		if p, ok := r.member(name, value, &items, seen); !ok {
			problems = append(problems, p)
		}
	}
	if _, err := r.dec.Token(); err != nil {
		return false, err
	}
	if wrapped {
		return true, nil
	}
	for _, p := range problems {
		r.c.problem(r.element, p.Field, p.Value, p.Reason)
	}
	return false, r.c.row(r.element, items)
}

func (r *jsonReader[T]) key() (string, error) {
	tok, err := r.dec.Token()
	if err != nil {
		return "", err
	}
	name, ok := tok.(string)
	if !ok {
		return "", errShape
	}
	return name, nil
}

// wrappedArray reads the array in a wrapper. Members that came before it were
// taken for columns and are forgotten.
func (r *jsonReader[T]) wrappedArray() error {
	r.element = 0
	r.c.columns, r.fieldOf, r.known = nil, nil, map[string]int{}
	tok, err := r.dec.Token()
	if err != nil {
		return err
	}
	if tok != json.Delim('[') {
		return errShape
	}
	return r.array()
}

// member adds one member of an object to its items, or says what is wrong.
func (r *jsonReader[T]) member(name string, value any, items *[]item, seen map[int]bool) (Problem, bool) {
	field := r.column(name)
	if field < 0 || value == nil {
		return Problem{}, true
	}
	ours := r.c.schema.fields[field].name
	if seen[field] {
		return Problem{Field: ours, Value: name, Reason: "the object says " + ours + " twice, under one name or two; keep one of them"}, false
	}
	seen[field] = true
	v, ok := plain(value)
	if !ok {
		return Problem{Field: ours, Reason: "text, a number, true, false, null, or a list of texts is needed here"}, false
	}
	*items = append(*items, item{field: field, value: v})
	return Problem{}, true
}

// column gives the field of a key, and lists the key when it is new.
func (r *jsonReader[T]) column(name string) int {
	i, ok := r.known[name]
	if !ok {
		i = len(r.c.columns)
		column, field := r.mapper.column(cleanName(name))
		r.c.columns = append(r.c.columns, column)
		r.fieldOf = append(r.fieldOf, field)
		r.known[strings.Clone(name)] = i
	}
	return r.fieldOf[i]
}

// distinct is the columns without further names of one field: different
// objects may use different names, only one object may not use two.
func (r *jsonReader[T]) distinct() []Column {
	var out []Column
	seen := map[string]bool{}
	for _, c := range r.c.columns {
		if c.Field != "" && seen[c.Field] {
			continue
		}
		seen[c.Field] = true
		out = append(out, c)
	}
	return out
}

// plain reduces a decoded value to what a cell may hold.
func plain(value any) (any, bool) {
	switch v := value.(type) {
	case string, bool:
		return v, true
	case json.Number:
		return v.String(), true
	case []any:
		list := make([]string, 0, len(v))
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, false
			}
			list = append(list, s)
		}
		return list, true
	}
	return nil, false
}

// end makes sure that nothing follows.
func (r *jsonReader[T]) end() error {
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return workforce.RefuseField("file", "something follows the end of the JSON value; the file must hold one array, or one object after another")
	}
	return nil
}

// fault says where a file stops being JSON.
func (r *jsonReader[T]) fault(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errShape):
		return workforce.RefuseField("file", "the file must hold an array of objects, one object after another, or an object with the array as %q; it stops being that at element %d", r.c.schema.noun, max(r.element, 1))
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		what := "it ends too early"
		if syntax != nil {
			what = syntax.Error()
		}
		return &workforce.Fault{
			Reason: workforce.ReasonBadRequest, Field: "file",
			Message: fmt.Sprintf("the file is not JSON at element %d, about byte %d: %s", max(r.element, 1), r.dec.InputOffset(), what),
		}
	}
	return readFault(err)
}
