package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) report() *cobra.Command {
	return group("report", "Report who meets what", p.reportCompliance())
}

// reportFlags is the flags of the compliance report.
type reportFlags struct {
	csv, json, totals bool
	failOn            []string
	failOnUnknown     bool

	gate []workforce.CheckType // what failOn names
}

func (p *program) reportCompliance() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "compliance",
		Short: "Report how each person meets each check; a pipeline can gate on it",
		Long: `Report how each person meets each of the fifteen checks: a line for each person,
and at the end how many people each outcome has. Signs stand for outcomes:
✓ PASS, ✗ FAIL, ? MISCONFIGURED (it cannot be told), – EXCLUDED (it is not asked of
this person). MET is how many of the people whom it is asked of pass.

Without --status the report has everyone of whom anything is asked, also people
who left as long as something is asked of them. Of whom nothing is asked, because
every check is EXCLUDED, is left out and counted on standard error; --status all
has them too. Filters combine as in "passmuster person list".

` + helpFilters + `

--csv has a column for each check and a row for each person; the totals then go to
standard error. --json is one document with "people", "totals" by check and
outcome, and the "position" of the change log that it holds at least. Why a check
fails is told by "passmuster person show".

With --fail-on the command ends with exit code 1 if anyone in the report fails one
of the checks, and says how many do; --fail-on-unknown counts MISCONFIGURED too.
The report itself is printed all the same. Exit code 0 means that it is complete.`,
		Example: `  passmuster report compliance
  passmuster report compliance --status current --csv > compliance.csv
  passmuster report compliance --totals --json
  passmuster report compliance --totals --fail-on IDENTITY_MFA,HDD_ENCRYPTION
  passmuster report compliance --group 2 --fail-on full-compliance --fail-on-unknown
  passmuster report compliance --server https://muster.example.com --key-file key.txt`,
		Args: cobra.NoArgs,
	})
	flags := &reportFlags{}
	f := cmd.Flags()
	f.BoolVar(&flags.csv, "csv", false, "print people as CSV, with cells that no spreadsheet runs")
	f.BoolVar(&flags.json, "json", false, "print one JSON document")
	f.BoolVar(&flags.totals, "totals", false, "print the totals alone, as a table or with --json")
	f.StringSliceVar(&flags.failOn, "fail-on", nil, "end with exit code 1 if anyone fails this check; may be repeated")
	f.BoolVar(&flags.failOnUnknown, "fail-on-unknown", false, "with --fail-on: also if it cannot be told")
	q := f.String("q", "", partOfName)
	filter := addPersonFilter(cmd)
	from := remoteFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var query client.PeopleQuery
		parse := func() error {
			err := flags.check()
			if err != nil {
				return err
			}
			query, err = filter.query()
			query.Q, query.Sort, query.Fields = *q, client.PersonnelByName, reportMembers
			return err
		}
		return p.withOrigin(cmd, from, parse, func(ctx context.Context, where origin) error {
			totals, err := p.printCompliance(ctx, where, query, flags)
			if err != nil {
				return byFlag(err)
			}
			return totals.gate(flags.gate, flags.failOnUnknown)
		})
	}
	return cmd
}

// check refuses flags that do not go together, and reads --fail-on.
func (f *reportFlags) check() error {
	switch {
	case f.csv && f.json:
		return wrong("--json and --csv are two ways to print: give one")
	case f.csv && f.totals:
		return wrong("--csv has people and --totals leaves them out: give one")
	case f.failOnUnknown && len(f.failOn) == 0:
		return wrong("--fail-on-unknown says how --fail-on counts: name the checks with --fail-on")
	}
	var err error
	f.gate, err = severalOf[workforce.CheckType]("fail-on", f.failOn, workforce.AllCheckTypes)
	return err
}

// reportMembers is what the report looks at.
var reportMembers = []string{"userId", "email", "firstName", "lastName", "employmentStatus", "checks"}

// printCompliance prints the people whom a query selects, one after the other, and
// then how many there were of each kind.
func (p *program) printCompliance(ctx context.Context, where origin, q client.PeopleQuery, flags *reportFlags) (*complianceTotals, error) {
	form := p.reportForm(flags)
	totals := newComplianceTotals()
	everyone := len(q.EmploymentStatuses) > 0
	var end client.StreamEnd
	for person, err := range where.StreamPeople(ctx, q, &end) {
		if err == nil && totals.read == 0 {
			err = form.begin()
		}
		if err != nil {
			return nil, errors.Join(err, form.flush())
		}
		totals.read++
		if !everyone && !isAsked(person) {
			continue
		}
		totals.add(person)
		if err := form.person(person); err != nil {
			return nil, err
		}
	}
	if totals.read == 0 {
		if err := form.begin(); err != nil {
			return nil, err
		}
	}
	totals.position = end.Position
	if err := errors.Join(form.end(totals), form.flush()); err != nil {
		return nil, err
	}
	fmt.Fprintln(p.env.Stderr, totals.footer())
	return totals, nil
}

// isAsked reports whether anything is asked of a person.
func isAsked(person client.PersonSummary) bool {
	for _, t := range workforce.AllCheckTypes {
		if person.Checks[client.CheckType(t)].Status != client.CheckExcluded {
			return true
		}
	}
	return false
}

// complianceTotals counts people by how each check came out.
type complianceTotals struct {
	counts   map[workforce.CheckType]map[workforce.CheckStatus]int64
	people   int64 // in the report
	read     int64 // also those who are left out
	position int64
}

func newComplianceTotals() *complianceTotals {
	t := &complianceTotals{counts: map[workforce.CheckType]map[workforce.CheckStatus]int64{}}
	for _, c := range workforce.AllCheckTypes {
		t.counts[c] = map[workforce.CheckStatus]int64{}
	}
	return t
}

func (t *complianceTotals) add(person client.PersonSummary) {
	t.people++
	for _, c := range workforce.AllCheckTypes {
		t.counts[c][workforce.CheckStatus(person.Checks[client.CheckType(c)].Status)]++
	}
}

// met is how many of the people whom a check is asked of pass, in percent. It is
// 100% only if all do.
func (t *complianceTotals) met(c workforce.CheckType) string {
	asked := t.people - t.counts[c][workforce.CheckExcluded]
	if asked == 0 {
		return "-"
	}
	return fmt.Sprintf("%d%%", t.counts[c][workforce.CheckPass]*100/asked)
}

func (t *complianceTotals) footer() string {
	text := fmt.Sprintf("%d people, as of position %d", t.people, t.position)
	if n := t.read - t.people; n > 0 {
		text += fmt.Sprintf("; %d more, of whom nothing is asked: --status all", n)
	}
	return text
}

// gate is an error if anyone fails one of the checks.
func (t *complianceTotals) gate(checks []workforce.CheckType, unknownToo bool) error {
	var faults []string
	for _, c := range workforce.AllCheckTypes {
		if !slices.Contains(checks, c) {
			continue
		}
		if fault := t.fault(c, unknownToo); fault != "" {
			faults = append(faults, fault)
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return errors.New("--fail-on: " + strings.Join(faults, "; "))
}

// fault says how many people do not meet a check; "" if all do.
func (t *complianceTotals) fault(c workforce.CheckType, unknownToo bool) string {
	var parts []string
	if n := t.counts[c][workforce.CheckFail]; n > 0 {
		parts = append(parts, "fails for "+peopleCount(n))
	}
	if n := t.counts[c][workforce.CheckMisconfigured]; n > 0 && unknownToo {
		parts = append(parts, "cannot be told for "+peopleCount(n))
	}
	if len(parts) == 0 {
		return ""
	}
	return string(c) + " " + strings.Join(parts, " and ")
}

func peopleCount(n int64) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}
