package importer

import (
	"fmt"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// collector turns cells into rows, whatever the format of the file. A reader
// tells it the columns (all at once or as they appear), then row after row.
type collector[T any] struct {
	schema *schema[T]
	opts   Options
	set    []item // what Options.Set says of every row

	columns  []Column
	rows     []Row[T]
	problems []Problem
	bad      map[int]bool     // lines with a problem
	keys     []map[string]int // per rule of schema.unique: the line of each key
	total    int
}

// item is one cell of a row, for one field.
type item struct {
	field int
	value any // string, bool, or []string
}

// row takes the cells of one row. Cells that say nothing may be left out.
func (c *collector[T]) row(line int, items []item) error {
	if err := c.count(); err != nil {
		return err
	}
	var row T
	for _, it := range slices.Concat(items, c.set) {
		f := c.schema.fields[it.field]
		f.set(&cell{value: it.value, opts: &c.opts, fail: func(value, reason string) {
			c.problem(line, f.name, value, reason)
		}}, &row)
	}
	if !c.bad[line] && c.schema.finish != nil {
		c.schema.finish(&row, c.opts, func(field, value, reason string) { c.problem(line, field, value, reason) })
	}
	c.checkUnique(line, &row)
	c.rows = append(c.rows, Row[T]{Line: line, Value: row})
	return nil
}

// broken counts a row that could not even be parted into cells.
func (c *collector[T]) broken(line int, reason string) error {
	c.problem(line, "", "", reason)
	return c.count()
}

func (c *collector[T]) count() error {
	c.total++
	if c.total > c.opts.maxRows {
		return workforce.RefuseField("file", "the file has more than %d rows; split it and import the parts one after another", c.opts.maxRows)
	}
	return nil
}

func (c *collector[T]) problem(line int, field, value, reason string) {
	c.markBad(line)
	c.problems = append(c.problems, Problem{Line: line, Field: field, Value: clip(value), Reason: reason})
}

func (c *collector[T]) markBad(line int) {
	if c.bad == nil {
		c.bad = map[int]bool{}
	}
	c.bad[line] = true
}

// checkUnique finds rows that say different things, or the same thing twice,
// of one person or account. Both rows are bad: which one is right is not for
// us to say.
func (c *collector[T]) checkUnique(line int, row *T) {
	reported := false // an e-mail and the id that is made of it are one fault
	for i, rule := range c.schema.unique {
		key := rule.key(row)
		if key == "" {
			continue
		}
		if c.keys[i] == nil {
			c.keys[i] = map[string]int{}
		}
		first, seen := c.keys[i][key]
		if !seen {
			c.keys[i][key] = line
			continue
		}
		c.markBad(first)
		if !reported {
			c.problem(line, rule.field, key, fmt.Sprintf("lines %d and %d have the same %s; keep one of them", first, line, rule.what))
			reported = true
		}
	}
}

func (c *collector[T]) result() Parsed[T] {
	good := slices.DeleteFunc(c.rows, func(r Row[T]) bool { return c.bad[r.Line] })
	columns := c.columns
	for _, it := range c.set {
		columns = append(columns, Column{
			Name: "--set", Field: c.schema.fields[it.field].name, Note: fmt.Sprintf("%q in every row", it.value),
		})
	}
	return Parsed[T]{Mapping: columns, Rows: good, Problems: c.problems, Total: c.total}
}
