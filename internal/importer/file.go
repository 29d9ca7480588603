package importer

import (
	"io"
	"path"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Format is how a file is written.
type Format string

// The formats. JSON is an array of objects, one object after another (also
// known as NDJSON), or an object that holds the array under the name of what is
// in it, such as "people".
const (
	CSV  Format = "csv"
	JSON Format = "json"
)

// AllFormats is every format.
var AllFormats = []Format{CSV, JSON}

// FormatOf tells the format from a file's name. The fault for any other name
// says how to state the format.
func FormatOf(name string) (Format, error) {
	switch strings.ToLower(path.Ext(strings.ReplaceAll(name, `\`, "/"))) {
	case ".csv", ".tsv", ".tab", ".txt":
		return CSV, nil
	case ".json", ".ndjson", ".jsonl":
		return JSON, nil
	case ".xls", ".xlsx", ".ods":
		return "", workforce.RefuseField("file", "spreadsheets cannot be read; save the sheet as CSV (UTF-8) and import that")
	}
	return "", workforce.RefuseField("file", "the file's name ends neither in .csv, .tsv nor in .json, .ndjson; say which it is with --format csv or --format json")
}

// Limits of one file. A larger one is refused whole, with the limit named.
const (
	MaxBytes = 256 << 20
	MaxRows  = 1_000_000
)

// Ignored is the field name that [Options].Map gives a column to leave it out.
const Ignored = "ignored"

// Options says how to read a file. Only Today is needed.
type Options struct {
	// Today is the company's date: it decides who is former or a future hire.
	Today workforce.Date
	// Delimiter parts the cells of a CSV file; 0: found out from the header.
	Delimiter rune
	// Map gives columns (by the file's name) the field they hold, or [Ignored].
	Map map[string]string
	// Set gives a field the same value in every row, for files that say it
	// nowhere because it is plain to whoever made them: "type" of one training
	// system's completions, say. A column of the file for it is left out.
	Set map[string]string
	// DateOrder says how to read 03/04/2024; empty: such dates are refused.
	DateOrder DateOrder

	maxBytes int64 // 0: MaxBytes; the tests' way to reach the limits
	maxRows  int   // 0: MaxRows
}

// Column is one column of the file (of JSON: one key) and what becomes of it.
type Column struct {
	Name  string `json:"name"`            // as in the file
	Field string `json:"field,omitempty"` // our field; "" if the column is ignored
	Note  string `json:"note,omitempty"`  // why it is ignored, where that may surprise
}

// Problem is one fault of one row.
type Problem struct {
	Line   int    `json:"line"`            // line of a CSV file, number of the element in JSON; from 1
	Field  string `json:"field,omitempty"` // our field; "" where the row as a whole is wrong
	Value  string `json:"value,omitempty"` // what the file says, clipped
	Reason string `json:"reason"`          // what is wrong and what would be right
}

// Row is one row that is right as a whole.
type Row[T any] struct {
	Line  int
	Value T
}

// Parsed is a file that was read to its end.
type Parsed[T any] struct {
	Mapping  []Column
	Rows     []Row[T]  // those without a problem, in the order of the file
	Problems []Problem // in the order of the file
	Total    int       // rows read, empty lines not counted
}

// Bad counts the rows that have a problem.
func (p *Parsed[T]) Bad() int { return p.Total - len(p.Rows) }

// Has reports whether a column of the file holds the field.
func (p *Parsed[T]) Has(field string) bool {
	for _, c := range p.Mapping {
		if c.Field == field {
			return true
		}
	}
	return false
}

// parse reads a file of any kind of row. The error is for a file that cannot
// be read at all; what is wrong with single rows is in the result.
func parse[T any](r io.Reader, format Format, opts Options, s *schema[T]) (Parsed[T], error) {
	limit := opts.maxBytes
	if limit == 0 {
		limit = MaxBytes
	}
	if opts.maxRows == 0 {
		opts.maxRows = MaxRows
	}
	if err := checkMap(opts.Map, s.fieldNames()); err != nil {
		return Parsed[T]{}, err
	}
	set, err := s.setItems(opts)
	if err != nil {
		return Parsed[T]{}, err
	}
	in := &input{r: r, left: limit, limit: limit}
	c := &collector[T]{schema: s, opts: opts, set: set, keys: make([]map[string]int, len(s.unique))}
	switch format {
	case CSV:
		err = readCSV(in, c)
	case JSON:
		err = readJSON(in, c)
	default:
		err = workforce.RefuseField("format", "%q is not a format; use csv or json", clip(string(format)))
	}
	if err != nil {
		return Parsed[T]{}, err
	}
	return c.result(), nil
}

// input reads no further than the limit.
type input struct {
	r     io.Reader
	left  int64
	limit int64
}

func (in *input) Read(p []byte) (int, error) {
	if in.left <= 0 {
		// One byte more tells a file of exactly the limit from a longer one.
		var one [1]byte
		if n, err := in.r.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, workforce.RefuseField("file", "the file is larger than %d MiB; split it and import the parts one after another", max(in.limit>>20, 1))
	}
	if int64(len(p)) > in.left {
		p = p[:in.left]
	}
	n, err := in.r.Read(p)
	in.left -= int64(n)
	return n, err
}
