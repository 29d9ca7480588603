package cli

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/workforce"
)

// reportForm is how a report is printed: as it comes, so that it takes no more
// memory with more people.
type reportForm interface {
	begin() error
	person(p client.PersonSummary) error
	end(t *complianceTotals) error
	flush() error
}

func (p *program) reportForm(flags *reportFlags) reportForm {
	out := bufio.NewWriterSize(p.env.Stdout, 64<<10)
	switch {
	case flags.json:
		return &reportJSON{Writer: out, totalsOnly: flags.totals}
	case flags.csv:
		return &reportCSV{Writer: out, beside: p.env.Stderr}
	}
	return &reportTable{Writer: out, totalsOnly: flags.totals, width: p.terminalWidth()}
}

// reportRecord is who a person is.
func reportRecord(p client.PersonSummary) record {
	return record{
		{"id", numberOf(p.ID)},
		{"userId", numberOf(p.UserID)},
		{"email", textOf(p.Email)},
		{"firstName", textOpt(p.FirstName)},
		{"lastName", textOpt(p.LastName)},
		{"employmentStatus", textOf(p.EmploymentStatus)},
	}
}

// statusRecord is how each check came out; null where it was never decided.
func statusRecord(p client.PersonSummary) record {
	out := make(record, len(workforce.AllCheckTypes))
	for i, t := range workforce.AllCheckTypes {
		out[i] = member{string(t), textOpt(given[string](p.Checks[client.CheckType(t)].Status))}
	}
	return out
}

// reportCSV has a row for each person; the totals would be none.
type reportCSV struct {
	*bufio.Writer

	beside io.Writer
	b      []byte
}

func (f *reportCSV) write(cells []string) error {
	f.b = appendRow(f.b[:0], cells)
	_, err := f.Write(f.b)
	return err
}

func (f *reportCSV) begin() error {
	var none client.PersonSummary
	return f.write(append(reportRecord(none).columns(""), statusRecord(none).columns("")...))
}

func (f *reportCSV) person(p client.PersonSummary) error {
	return f.write(append(reportRecord(p).cells(), statusRecord(p).cells()...))
}

func (f *reportCSV) end(t *complianceTotals) error { return t.print(f.beside) }

func (f *reportCSV) flush() error { return f.Flush() }

// reportJSON is one document with a line for each person.
type reportJSON struct {
	*bufio.Writer

	totalsOnly bool
	b          []byte
	begun      bool // a person was printed
}

func (f *reportJSON) begin() error {
	text := "{\n"
	if !f.totalsOnly {
		text += "  \"people\": ["
	}
	_, err := f.WriteString(text)
	return err
}

func (f *reportJSON) person(p client.PersonSummary) error {
	if f.totalsOnly {
		return nil
	}
	f.b = append(f.b[:0], ",\n    "...)
	if !f.begun {
		f.b = f.b[1:]
	}
	f.begun = true
	f.b = append(reportRecord(p), member{"checks", statusRecord(p)}).appendJSON(f.b)
	_, err := f.Write(f.b)
	return err
}

func (f *reportJSON) end(t *complianceTotals) error {
	if !f.totalsOnly {
		closing := "],\n"
		if f.begun {
			closing = "\n  ],\n"
		}
		if _, err := f.WriteString(closing); err != nil {
			return err
		}
	}
	b := []byte("  \"totals\": {")
	for i, c := range workforce.AllCheckTypes {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(append(b, "\n    "...), string(c))
		b = append(b, ": "...)
		var counts record
		for _, s := range workforce.CheckStatusSortOrder {
			counts = append(counts, member{string(s), numberOf(t.counts[c][s])})
		}
		b = counts.appendJSON(b)
	}
	b = fmt.Appendf(b, "\n  },\n  \"total\": %d,\n  \"notAsked\": %d,\n  \"position\": %d\n}\n", t.people, t.read-t.people, t.position)
	_, err := f.Write(b)
	return err
}

func (f *reportJSON) flush() error { return f.Flush() }

// reportSigns stand for outcomes in the matrix.
var reportSigns = map[workforce.CheckStatus]string{
	workforce.CheckPass: "✓", workforce.CheckFail: "✗", workforce.CheckMisconfigured: "?", workforce.CheckExcluded: "–",
}

// reportHeads are short for the checks, so that a line has room for all.
var reportHeads = map[workforce.CheckType]string{
	workforce.CheckFullCompliance:   "ALL",
	workforce.CheckAcceptedPolicies: "POL",
	workforce.CheckIdentityMFA:      "MFA",
	workforce.CheckBackground:       "BGC",
	workforce.CheckAgentInstalled:   "AGT",
	workforce.CheckPasswordManager:  "PWM",
	workforce.CheckHDDEncryption:    "HDD",
	workforce.CheckAntivirus:        "AV",
	workforce.CheckAutoUpdates:      "UPD",
	workforce.CheckLockScreen:       "LCK",
	workforce.CheckSecurityTraining: "SEC",
	workforce.CheckLocationServices: "LOC",
	workforce.CheckHIPAATraining:    "HIP",
	workforce.CheckOffboarding:      "OFF",
	workforce.CheckNISTAITraining:   "AI",
}

// reportTable is a matrix for people. Its columns are as wide at the first line
// as at the last, because it does not know what is still to come; so what has
// any length stands at the end.
type reportTable struct {
	*bufio.Writer

	totalsOnly bool
	width      int // of the terminal; 0: there is none
}

func (f *reportTable) begin() error {
	if f.totalsOnly {
		return nil
	}
	return f.line("ID", func(t workforce.CheckType) string { return reportHeads[t] }, "EMAIL  STATUS")
}

func (f *reportTable) person(p client.PersonSummary) error {
	if f.totalsOnly {
		return nil
	}
	sign := func(t workforce.CheckType) string {
		if s := reportSigns[workforce.CheckStatus(p.Checks[client.CheckType(t)].Status)]; s != "" {
			return s
		}
		return "·"
	}
	return f.line(strconv.FormatInt(int64(p.ID), 10), sign, printable(p.Email)+"  "+string(p.EmploymentStatus))
}

func (f *reportTable) line(id string, cell func(workforce.CheckType) string, rest string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%7s ", id)
	for _, t := range workforce.AllCheckTypes {
		fmt.Fprintf(&b, " %-3s", cell(t))
	}
	b.WriteString("  ")
	if room := f.width - utf8.RuneCountInString(b.String()); f.width > 0 {
		rest = shortened(rest, max(room, leastShown))
	}
	b.WriteString(rest + "\n")
	_, err := f.WriteString(b.String())
	return err
}

func (f *reportTable) end(t *complianceTotals) error {
	if !f.totalsOnly {
		if _, err := f.WriteString("\n"); err != nil {
			return err
		}
	}
	return t.print(f)
}

func (f *reportTable) flush() error { return f.Flush() }

// print writes the totals as a table, whose heads also say what the signs and the
// short heads of the matrix mean.
func (t *complianceTotals) print(w io.Writer) error {
	header := []string{"CHECK", ""}
	for _, s := range workforce.CheckStatusSortOrder {
		header = append(header, reportSigns[s]+" "+string(s))
	}
	rows := make([][]string, len(workforce.AllCheckTypes))
	for i, c := range workforce.AllCheckTypes {
		rows[i] = []string{string(c), reportHeads[c]}
		for _, s := range workforce.CheckStatusSortOrder {
			rows[i] = append(rows[i], strconv.FormatInt(t.counts[c][s], 10))
		}
		rows[i] = append(rows[i], t.met(c))
	}
	return table(w, append(header, "MET"), rows)
}
