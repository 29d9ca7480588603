package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// jsonFlag declares --json.
func jsonFlag(cmd *cobra.Command) *bool {
	return cmd.Flags().Bool("json", false, "print JSON instead of a table")
}

// printJSON writes one indented JSON value.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// table writes aligned columns.
func table(w io.Writer, header []string, rows [][]string) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{header}, rows...) {
		for i := range row {
			row[i] = printable(row[i])
		}
		fmt.Fprintln(tw, strings.Join(row, "\t"))
	}
	return tw.Flush()
}

// wideTable writes aligned columns that fit the terminal, if that is where they
// go. Elsewhere nothing is cut off.
func (p *program) wideTable(header []string, rows [][]string) error {
	if width := p.terminalWidth(); width > 0 {
		rows = fit(header, rows, width)
	}
	return table(p.env.Stdout, header, rows)
}

// terminalWidth is how many characters a line has; 0: as many as it takes.
func (p *program) terminalWidth() int {
	if out, ok := p.env.Stdout.(*os.File); ok && term.IsTerminal(int(out.Fd())) {
		if width, _, err := term.GetSize(int(out.Fd())); err == nil {
			return width
		}
	}
	return 0
}

// The space between columns, and what of a cell is worth showing.
const (
	columnGap  = 2
	leastShown = 8
)

// fit shortens cells so that a table is not wider than a terminal. The widest
// columns give way first, and none below what its header needs: a terminal that
// is too narrow even for that gets lines that wrap.
func fit(header []string, rows [][]string, width int) [][]string {
	widths := make([]int, len(header))
	total := columnGap * (len(header) - 1)
	for i := range header {
		for _, row := range append([][]string{header}, rows...) {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
		total += widths[i]
	}
	for ; total > width; total-- {
		widest, room := -1, 0
		for i, w := range widths {
			if least := max(leastShown, utf8.RuneCountInString(header[i])); w > least && w > room {
				widest, room = i, w
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = make([]string, len(row))
		for j, cell := range row {
			out[i][j] = shortened(cell, widths[j])
		}
	}
	return out
}

// shortened cuts a text to n characters, of which the last then says so.
func shortened(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// wrapped breaks the lists of a help text into lines.
func wrapped(list string) string {
	const width, indent = 70, "          "
	var b strings.Builder
	line := 0
	for i, word := range strings.Split(list, " ") {
		switch {
		case i == 0:
		case line+1+len(word) > width:
			b.WriteString("\n" + indent)
			line = 0
		default:
			b.WriteString(" ")
			line++
		}
		b.WriteString(word)
		line += len(word)
	}
	return b.String()
}

// printable keeps text from moving the terminal's cursor or a table's columns.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 {
			return '\uFFFD'
		}
		return r
	}, s)
}

// when shows an optional instant.
func when(t *time.Time, none string) string {
	if t == nil {
		return none
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// progress draws a bar on a terminal, and nothing elsewhere.
type progress struct {
	w     io.Writer
	label string
	on    bool
	last  time.Time
	drawn bool
}

func (p *program) progress(label string) *progress {
	return &progress{w: p.env.Stderr, label: label, on: p.env.Terminal}
}

// show draws how much is done, at most ten times a second.
func (b *progress) show(done, total int64) {
	now := time.Now()
	if !b.on || total <= 0 || done < total && now.Sub(b.last) < 100*time.Millisecond {
		return
	}
	b.last, b.drawn = now, true
	const width = 30
	filled := int(min(done, total) * width / total)
	fmt.Fprintf(b.w, "\r%s [%s%s] %3d%%  %d/%d ", b.label, strings.Repeat("#", filled), strings.Repeat(".", width-filled), min(done, total)*100/total, done, total)
}

// end finishes the line.
func (b *progress) end() {
	if b.drawn {
		fmt.Fprintln(b.w)
	}
}

// isoTime is an instant as the API spells it.
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// isoTimeOpt is an optional instant as the API spells it.
func isoTimeOpt(t *time.Time) *string {
	if t == nil {
		return nil
	}
	s := isoTime(*t)
	return &s
}
