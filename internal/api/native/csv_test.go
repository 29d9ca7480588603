package native

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCells(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                     "",
		"Ada":                  "Ada",
		"Moreau, Ada":          `"Moreau, Ada"`,
		`Ada "the" Moreau`:     `"Ada ""the"" Moreau"`,
		"two\nlines":           "\"two\nlines\"",
		"a=b":                  "a=b",
		"=1+1":                 "'=1+1",
		`=HYPERLINK("x","y")`:  `"'=HYPERLINK(""x"",""y"")"`,
		"+49 30 1234":          "'+49 30 1234",
		"-2":                   "'-2",
		"@SUM(A1)":             "'@SUM(A1)",
		"\t=1":                 "'\t=1",
		"\r=1":                 "\"'\r=1\"",
		"\n=1":                 "\"'\n=1\"",
		"'quoted":              "'quoted",
		"broken \xff":          "broken \ufffd",
		"2025-07-01T16:45:55Z": "2025-07-01T16:45:55Z",
	} {
		if got := string(appendCell(nil, text)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Whatever is in the cells, a reader of CSV gets it back, and no cell begins
// like a formula.
func TestRowsAreReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("=+-@\t\r\n\",'a ;é"))))
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 3, 3), 1, 4).Draw(t, "rows")
		var text []byte
		for _, row := range rows {
			text = appendRow(text, len(row), func(i int) string { return row[i] })
		}
		got, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil || len(got) != len(rows) {
			t.Fatalf("%q: %d rows of %d, %v", text, len(got), len(rows), err)
		}
		for i, row := range rows {
			for j, want := range row {
				if want != "" && strings.Contains(formulaStarts, want[:1]) {
					want = "'" + want
				}
				want = strings.ReplaceAll(strings.ToValidUTF8(want, "\ufffd"), "\r\n", "\n") // the reader does that
				if got[i][j] != want {
					t.Fatalf("%q came back as %q, want %q", row[j], got[i][j], want)
				}
				if slices.Contains([]string{"=", "+", "-", "@", "\t", "\r", "\n"}, first(got[i][j])) {
					t.Fatalf("%q begins like a formula", got[i][j])
				}
			}
		}
	})
}

func first(s string) string {
	if s == "" {
		return ""
	}
	return s[:1]
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		parameter Format
		accept    string
		want      Format
	}{
		{"", "", FormatJSON},
		{"", "*/*", FormatJSON},
		{"", "application/json", FormatJSON},
		{"", "image/png", FormatJSON},
		{"", "nonsense;;;", FormatJSON},
		{"", "application/x-ndjson", FormatNDJSON},
		{"", "application/ndjson", FormatNDJSON},
		{"", "text/csv; charset=utf-8", FormatCSV},
		{"", "TEXT/CSV", FormatCSV},
		{"", "text/html, text/csv;q=0.9, */*;q=0.8", FormatCSV},
		{"", "application/json, text/csv", FormatJSON},
		{"", "application/json;q=0.1, application/x-ndjson;q=0.5, text/csv;q=0.4", FormatNDJSON},
		{"", "text/csv;q=0", FormatJSON},
		{"", "text/csv;q=2", FormatJSON},
		{FormatCSV, "application/json", FormatCSV},
		{FormatJSON, "text/csv", FormatJSON},
		{FormatNDJSON, "", FormatNDJSON},
	} {
		if got := formatOf(c.parameter, []string{c.accept}); got != c.want {
			t.Errorf("%q with Accept %q: %s, want %s", c.parameter, c.accept, got, c.want)
		}
	}
}
