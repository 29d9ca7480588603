package native

import (
	"strings"
	"unicode/utf8"
)

// formulaStarts begin a cell that a spreadsheet may take for a formula, or
// from which it strips what hides one. What other systems call people and
// accounts is theirs to choose, so such a cell gets an apostrophe in front: a
// spreadsheet then shows it as the text that it is.
const formulaStarts = "=+-@\t\r\n"

// appendCell appends a cell as RFC 4180 has it: quoted where it has to be.
func appendCell(b []byte, s string) []byte {
	if s == "" {
		return b
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	defuse := strings.IndexByte(formulaStarts, s[0]) >= 0
	if !strings.ContainsAny(s, "\",\r\n") {
		if defuse {
			b = append(b, '\'')
		}
		return append(b, s...)
	}
	b = append(b, '"')
	if defuse {
		b = append(b, '\'')
	}
	for {
		head, tail, quote := strings.Cut(s, `"`)
		b = append(b, head...)
		if !quote {
			return append(b, '"')
		}
		b = append(b, '"', '"')
		s = tail
	}
}

// appendRow appends a row of n cells with its line end.
func appendRow(b []byte, n int, cell func(i int) string) []byte {
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCell(b, cell(i))
	}
	return append(b, '\r', '\n')
}
