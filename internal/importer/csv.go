package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/passmuster/passmuster/internal/workforce"
)

// byteOrderMark is what some programs write before UTF-8 text.
const byteOrderMark = "\uFEFF"

// headerMost is how far into a file its first line is looked for.
const headerMost = 64 << 10

// readCSV reads a file with a header line. Quoting is that of RFC 4180.
func readCSV[T any](in io.Reader, c *collector[T]) error {
	buffered := bufio.NewReaderSize(in, headerMost)
	head, err := skipMark(buffered)
	if err != nil {
		return err
	}
	r := csv.NewReader(buffered)
	r.FieldsPerRecord = -1 // a row with too many or too few cells is that row's problem
	r.ReuseRecord = true
	r.Comma = c.opts.Delimiter
	if r.Comma == 0 {
		r.Comma = detectDelimiter(head)
	} else if !validDelimiter(r.Comma) {
		return workforce.RefuseField("delimiter", "%q cannot part cells; use a comma, a semicolon, a tab or a bar", r.Comma)
	}
	fields, err := readHeader(r, c)
	if err != nil {
		return err
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err := readLine(r, c, fields, cells, err); err != nil {
			return err
		}
	}
}

// skipMark drops a byte order mark and gives a look at the first bytes.
func skipMark(r *bufio.Reader) ([]byte, error) {
	head, err := r.Peek(headerMost)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, readFault(err)
	}
	for _, mark := range []string{"\xFF\xFE", "\xFE\xFF"} {
		if bytes.HasPrefix(head, []byte(mark)) {
			return nil, workforce.RefuseField("file", "the file is written in UTF-16; save it as UTF-8 (in Excel: CSV UTF-8) and import that")
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return nil, workforce.RefuseField("file", "the file is a spreadsheet or an archive; save the sheet as CSV (UTF-8) and import that")
	}
	if bytes.HasPrefix(head, []byte(byteOrderMark)) {
		head = head[len(byteOrderMark):]
		if _, err := r.Discard(len(byteOrderMark)); err != nil {
			return nil, readFault(err)
		}
	}
	return head, nil
}

// detectDelimiter takes the candidate that stands most often in the header
// outside quotes; a comma, where there is none at all.
func detectDelimiter(head []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, b := range bytes.TrimLeft(head, "\r\n") {
		if b == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if b == '\n' || b == '\r' {
			break
		}
		counts[rune(b)]++
	}
	best := ','
	for _, candidate := range ",;\t" {
		if counts[candidate] > counts[best] {
			best = candidate
		}
	}
	return best
}

func validDelimiter(r rune) bool {
	return r != '"' && r != '\r' && r != '\n' && r != 0 && utf8.ValidRune(r) && r != utf8.RuneError
}

// readHeader reads the first line and gives the field of each column, or -1.
func readHeader[T any](r *csv.Reader, c *collector[T]) ([]int, error) {
	names, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, workforce.RefuseField("file", "the file is empty; its first line must name the columns")
	}
	var fault *csv.ParseError
	if errors.As(err, &fault) {
		return nil, workforce.RefuseField("file", "the header in line %d cannot be read: %s", fault.StartLine, csvReason(fault))
	}
	if err != nil {
		return nil, readFault(err)
	}
	m := newMapper(c.schema, c.opts)
	fields := make([]int, len(names))
	for i, name := range names {
		var column Column
		column, fields[i] = m.column(cleanName(name))
		c.columns = append(c.columns, column)
	}
	return fields, m.checkColumns(c.columns, c.opts.Map)
}

// readLine takes one line of cells, or what was wrong with it.
func readLine[T any](r *csv.Reader, c *collector[T], fields []int, cells []string, err error) error {
	var fault *csv.ParseError
	if errors.As(err, &fault) {
		return c.broken(fault.StartLine, csvReason(fault))
	}
	if err != nil {
		return readFault(err)
	}
	if blank(cells) {
		return nil
	}
	line, _ := r.FieldPos(0)
	if len(cells) != len(fields) {
		return c.broken(line, fmt.Sprintf("the line has %d cells, the header %d; a cell that holds the delimiter must stand in double quotes", len(cells), len(fields)))
	}
	var items []item
	for i, text := range cells {
		if fields[i] >= 0 {
			items = append(items, item{field: fields[i], value: text})
		}
	}
	return c.row(line, items)
}

func csvReason(fault *csv.ParseError) string {
	switch {
	case errors.Is(fault.Err, csv.ErrBareQuote):
		return `a double quote stands inside a cell; put the whole cell in double quotes and write the quote twice: "6"" pipe"`
	case errors.Is(fault.Err, csv.ErrQuote):
		return "a quoted cell is not closed, or something follows its closing quote"
	}
	return fault.Err.Error()
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// readFault keeps our own refusals and wraps everything else.
func readFault(err error) error {
	var fault *workforce.Fault
	if errors.As(err, &fault) {
		return fault
	}
	return fmt.Errorf("reading the file: %w", err)
}
