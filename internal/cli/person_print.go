package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) printPerson(d personDetail) error {
	out := p.env.Stdout
	fmt.Fprintf(out, "%s <%s>\n%s", printable(d.Name), printable(d.Email), d.Status)
	if d.JobTitle != nil {
		fmt.Fprintf(out, ", %s", printable(*d.JobTitle))
	}
	fmt.Fprintf(out, "\nfirst day %s, last day %s\n", orNone(d.StartDate), orNone(d.SeparationDate))
	if d.AssessedAt != nil {
		fmt.Fprintf(out, "assessed %s, next due %s\n", toTheMinute(d.AssessedAt), toTheMinute(d.NextDueAt))
	}
	fmt.Fprintln(out)
	if err := p.printChecks(d.Checks); err != nil {
		return err
	}
	fmt.Fprintln(out)
	if err := p.printAccounts(d.Accounts); err != nil {
		return err
	}
	fmt.Fprintln(out)
	rows := make([][]string, len(d.Devices))
	for i, x := range d.Devices {
		state := "active"
		if !x.Active {
			state = "retired"
		}
		rows[i] = []string{orNone(x.Model), orNone(x.OSVersion), orNone(x.SerialNumber), toTheMinute(x.LastCheckedAt), state, fmt.Sprint(x.Compliant)}
	}
	return table(out, []string{"DEVICE", "OS", "SERIAL", "LAST SEEN", "STATE", "COMPLIANT"}, rows)
}

// checkSigns stand before an outcome that somebody has to look at.
var checkSigns = map[workforce.CheckStatus]string{workforce.CheckFail: "✗ ", workforce.CheckMisconfigured: "? "}

// printChecks shows a line for each check, and below it why it is so.
func (p *program) printChecks(checks []checkView) error {
	rows := make([][]string, len(checks))
	for i, c := range checks {
		sign := checkSigns[workforce.CheckStatus(c.Status)]
		if sign == "" {
			sign = "  "
		}
		rows[i] = []string{c.Type, sign + c.Status, toTheMinute(c.CompletionDate), toTheMinute(c.ExpiresAt), toTheMinute(c.NextDueAt)}
	}
	var aligned bytes.Buffer
	if err := table(&aligned, []string{"CHECK", "  STATUS", "COMPLETED", "EXPIRES", "NEXT DUE"}, rows); err != nil {
		return err
	}
	var b strings.Builder
	width := p.proseWidth()
	for i, line := range strings.Split(strings.TrimRight(aligned.String(), "\n"), "\n") {
		b.WriteString(line + "\n")
		if i > 0 {
			writeReasons(&b, checks[i-1], width)
		}
	}
	_, err := io.WriteString(p.env.Stdout, b.String())
	return err
}

// reasonsShown is how many reasons of a check are told; --json has all.
const reasonsShown = 6

// writeReasons tells why a check is as it is, and what to do about it. What to do
// about FULL_COMPLIANCE stands below the checks that it rests on.
func writeReasons(b *strings.Builder, c checkView, width int) {
	if c.Type == string(workforce.CheckFullCompliance) {
		messages := mapped(c.Reasons, func(r reasonView) string { return r.Message })
		writeProse(b, "    ", strings.Join(messages, " "), width)
		return
	}
	for i, r := range c.Reasons {
		if i == reasonsShown {
			fmt.Fprintf(b, "    … and %d more: --json has all\n", len(c.Reasons)-i)
			return
		}
		writeProse(b, "    ", r.Message, width)
		writeProse(b, "    → ", workforce.Text(r.Remedy), width)
	}
}

// writeProse writes a text in lines of a width; the first has the lead in front,
// and the others as much space.
func writeProse(b *strings.Builder, lead, text string, width int) {
	room := width - utf8.RuneCountInString(lead)
	line := 0
	for i, word := range strings.Fields(printable(text)) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			b.WriteString(lead)
		case line+1+n > room:
			b.WriteString("\n" + strings.Repeat(" ", utf8.RuneCountInString(lead)))
			line = 0
		default:
			b.WriteString(" ")
			line++
		}
		b.WriteString(word)
		line += n
	}
	if line > 0 {
		b.WriteString("\n")
	}
}

// The width of sentences: of the terminal, but not so wide that nobody finds the
// next line.
const (
	narrowestProse = 40
	widestProse    = 100
)

// proseWidth is how wide sentences may be.
func (p *program) proseWidth() int {
	if width := p.terminalWidth(); width > 0 {
		return min(max(width, narrowestProse), widestProse)
	}
	return widestProse
}

// printAccounts shows accounts. None that are known is another thing than none
// that may be seen.
func (p *program) printAccounts(accounts []accountView) error {
	if accounts == nil {
		_, err := fmt.Fprintln(p.env.Stdout, "ACCOUNTS are not shown to this key")
		return err
	}
	rows := make([][]string, len(accounts))
	for i, a := range accounts {
		rows[i] = []string{
			a.System, a.IdentityID, orNone(a.Username), yesNoUnknown(a.HasMFA), toTheMinute(a.ConnectedAt), toTheMinute(a.DisconnectedAt),
		}
	}
	return table(p.env.Stdout, []string{"ACCOUNT IN", "ID", "USERNAME", "MFA", "CONNECTED", "DISCONNECTED"}, rows)
}

func orNone(s *string) string {
	if s == nil || *s == "" {
		return "-"
	}
	return *s
}

// yesNoUnknown shows a three-valued fact.
func yesNoUnknown(b *bool) string {
	switch {
	case b == nil:
		return "unknown"
	case *b:
		return "yes"
	}
	return "no"
}
