package cli

import (
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/workforce"
)

// totalsOf counts people who all have one outcome in the checks that are named,
// and are asked for nothing else.
func totalsOf(status workforce.CheckStatus, people int, checks ...workforce.CheckType) *complianceTotals {
	t := newComplianceTotals()
	for range people {
		p := client.PersonSummary{Checks: map[client.CheckType]client.CheckOutcome{}}
		for _, c := range workforce.AllCheckTypes {
			p.Checks[client.CheckType(c)] = client.CheckOutcome{Status: client.CheckExcluded}
		}
		for _, c := range checks {
			p.Checks[client.CheckType(c)] = client.CheckOutcome{Status: client.CheckStatus(status)}
		}
		t.add(p)
	}
	return t
}

func TestGate(t *testing.T) {
	t.Parallel()
	mfa, bg := workforce.CheckIdentityMFA, workforce.CheckBackground
	both := totalsOf(workforce.CheckFail, 2, mfa)
	both.counts[mfa][workforce.CheckMisconfigured] = 1
	for _, c := range []struct {
		name    string
		totals  *complianceTotals
		checks  []workforce.CheckType
		unknown bool
		want    string
	}{
		{"nobody at all", newComplianceTotals(), workforce.AllCheckTypes, true, ""},
		{"no gate", totalsOf(workforce.CheckFail, 3, mfa), nil, true, ""},
		{"passes", totalsOf(workforce.CheckPass, 3, mfa), []workforce.CheckType{mfa}, true, ""},
		{"is not asked", totalsOf(workforce.CheckExcluded, 3, mfa), []workforce.CheckType{mfa}, true, ""},
		{"another check fails", totalsOf(workforce.CheckFail, 3, mfa), []workforce.CheckType{bg}, true, ""},
		{"one fails", totalsOf(workforce.CheckFail, 1, mfa), []workforce.CheckType{mfa}, false, "IDENTITY_MFA fails for 1 person"},
		{"unknown counts only if it is told to", totalsOf(workforce.CheckMisconfigured, 3, mfa), []workforce.CheckType{mfa}, false, ""},
		{"unknown", totalsOf(workforce.CheckMisconfigured, 3, mfa), []workforce.CheckType{mfa}, true, "IDENTITY_MFA cannot be told for 3 people"},
		{"both", both, []workforce.CheckType{mfa}, true, "IDENTITY_MFA fails for 2 people and cannot be told for 1 person"},
		{
			"in the documented order, each once", totalsOf(workforce.CheckFail, 2, mfa, bg),
			[]workforce.CheckType{bg, mfa, bg},
			false,
			"IDENTITY_MFA fails for 2 people; BG_CHECK fails for 2 people",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := c.totals.gate(c.checks, c.unknown); err != nil {
				got = strings.TrimPrefix(err.Error(), "--fail-on: ")
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMet(t *testing.T) {
	t.Parallel()
	c := workforce.CheckIdentityMFA
	almost := totalsOf(workforce.CheckPass, 999, c)
	almost.people++
	almost.counts[c][workforce.CheckMisconfigured]++
	for want, totals := range map[string]*complianceTotals{
		"100%": totalsOf(workforce.CheckPass, 3, c), "0%": totalsOf(workforce.CheckMisconfigured, 3, c),
		"-": totalsOf(workforce.CheckExcluded, 3, c), "99%": almost,
	} {
		if got := totals.met(c); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// reportDocument is what --json prints.
type reportDocument struct {
	People []struct {
		ID     int64
		Email  string
		Checks map[string]string
	}
	Totals          map[string]map[string]int64
	Total, NotAsked int64
	Position        int64
}

// The forms of the report say the same, and the totals are those of the people.
func TestReportsAgree(t *testing.T) {
	t.Parallel()
	c := newRemoteCompany(t)
	report := func(args ...string) ran {
		t.Helper()
		got := run(t, nil, append([]string{"report", "compliance", "--database", c.dsn}, args...)...)
		if got.code != exitDone {
			t.Fatalf("%v: %+v", args, got)
		}
		return got
	}
	var doc, only reportDocument
	if err := json.Unmarshal([]byte(report("--json").stdout), &doc); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(report("--json", "--totals").stdout), &only); err != nil {
		t.Fatal(err)
	}
	if len(doc.People) == 0 || doc.Total != int64(len(doc.People)) || doc.Total+doc.NotAsked != remotePeopleCount || doc.NotAsked == 0 {
		t.Errorf("%d people of %d, %d are not asked", len(doc.People), doc.Total, doc.NotAsked)
	}
	if len(only.People) != 0 || only.Total != doc.Total || only.NotAsked != doc.NotAsked {
		t.Errorf("the totals alone are of %d people, want %d", only.Total, doc.Total)
	}
	table, err := csv.NewReader(strings.NewReader(report("--csv").stdout)).ReadAll()
	if err != nil || len(table) != len(doc.People)+1 {
		t.Fatalf("%d rows, %v", len(table), err)
	}
	matrix := strings.Split(report().stdout, "\n")
	count := map[string]map[string]int64{}
	for i, p := range doc.People {
		if row := table[i+1]; row[2] != p.Email || !strings.Contains(matrix[i+1], p.Email) {
			t.Fatalf("person %d is %s, in CSV %s and in the matrix %s", i, p.Email, row[2], matrix[i+1])
		}
		for _, check := range workforce.AllCheckTypes {
			status := p.Checks[string(check)]
			if cell := table[i+1][slices.Index(table[0], string(check))]; cell != status {
				t.Errorf("%s of %s is %s, in CSV %s", check, p.Email, status, cell)
			}
			if count[string(check)] == nil {
				count[string(check)] = map[string]int64{}
			}
			count[string(check)][status]++
		}
	}
	for check, counts := range doc.Totals {
		for status, n := range counts {
			if count[check][status] != n {
				t.Errorf("%s %s: %d in the totals, %d people", check, status, n, count[check][status])
			}
		}
	}
	if all := report("--status", "all", "--totals", "--json"); !strings.Contains(all.stdout, `"notAsked": 0,`) || !strings.HasPrefix(all.stderr, "105 people, as of position ") {
		t.Errorf("of everyone: %+v", all)
	}
}

func TestReportGates(t *testing.T) {
	t.Parallel()
	c := newRemoteCompany(t)
	fails := run(t, nil, "report", "compliance", "--totals", "--fail-on", "full-compliance,IDENTITY_MFA", "--database", c.dsn)
	if fails.code != exitFailed || !strings.Contains(fails.stderr, "--fail-on: FULL_COMPLIANCE fails for ") ||
		!strings.Contains(fails.stderr, "; IDENTITY_MFA fails for ") || !strings.Contains(fails.stdout, "FULL_COMPLIANCE") {
		t.Errorf("a gate that somebody does not pass: %+v", fails)
	}
	nobody := run(t, nil, "report", "compliance", "--q", "no such person", "--fail-on", "FULL_COMPLIANCE", "--fail-on-unknown", "--json", "--database", c.dsn)
	if nobody.code != exitDone || !strings.Contains(nobody.stdout, `"people": [],`) {
		t.Errorf("a gate that nobody goes through: %+v", nobody)
	}
}

// What people are called is no formula of a spreadsheet, and no line of its own.
func TestReportIsSafe(t *testing.T) {
	t.Parallel()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	file := filepath.Join(t.TempDir(), "people.csv")
	writeFile(t, file, "email,firstName,lastName\nada@example.com,\"=HYPERLINK(1)\",@sum\n")
	if got := run(t, nil, "import", "people", file, "--database", dsn); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	got := run(t, nil, "report", "compliance", "--csv", "--database", dsn)
	if got.code != exitDone || !strings.Contains(got.stdout, ",'=HYPERLINK(1),'@sum,") || !strings.Contains(got.stderr, "✗ FAIL") {
		t.Errorf("%+v", got)
	}
}

func TestWrongReportFlags(t *testing.T) {
	t.Parallel()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "no", "such", "folder.db")
	for want, args := range map[string][]string{
		`--fail-on "MFA": want one of FULL_COMPLIANCE, ACCEPTED_POLICIES, `: {"--fail-on", "MFA"},
		`--fail-on has an empty value`:                                      {"--fail-on", "BG_CHECK,"},
		`name the checks with --fail-on`:                                    {"--fail-on-unknown"},
		`--json and --csv are two ways to print`:                            {"--csv", "--json"},
		`--csv has people and --totals leaves them out`:                     {"--csv", "--totals"},
		`--status "LEFT": want one of`:                                      {"--status", "LEFT"},
		`--group "Engineering": want the number of a group`:                 {"--group", "Engineering"},
		`want IDENTITY_MFA=true or IDENTITY_MFA=false`:                      {"--check", "IDENTITY_MFA=no"},
	} {
		got := run(t, nil, append([]string{"report", "compliance", "--database", dsn}, args...)...)
		if got.code != exitUsage || !strings.Contains(got.stderr, want) || got.stdout != "" {
			t.Errorf("%v: %+v, want %q", args, got, want)
		}
	}
}

func TestEveryCheckAndOutcomeHasAHead(t *testing.T) {
	t.Parallel()
	heads := map[string]bool{}
	for _, c := range workforce.AllCheckTypes {
		if head := reportHeads[c]; head == "" || len(head) > 3 || heads[head] {
			t.Errorf("%s has the head %q", c, head)
		}
		heads[reportHeads[c]] = true
	}
	for _, s := range workforce.AllCheckStatuses {
		if reportSigns[s] == "" {
			t.Errorf("%s has no sign", s)
		}
	}
}
