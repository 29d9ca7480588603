package check

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tables' time zone, wherever the test runs

	"github.com/passmuster/passmuster/internal/workforce"
)

// table is the decisions of one check, as a file in testdata describes them:
//
//	# a comment
//	zone  where the company is
//	now   the instant of all rows
//	given phrases that hold in every row
//	facts | status | reasons | completes | expires | next due
//
// In a row "-" is none, and "now" is the instant of the table.
type table struct {
	check workforce.CheckType
	zone  *time.Location
	now   string
	given []string
	rows  []row
}

type row struct {
	line  int
	cells []string
}

// minRows is how many decisions a table shows at least.
const minRows = 12

var columns = []string{"facts", "status", "reasons", "completes", "expires", "next due"}

func tableFile(check workforce.CheckType) string {
	return filepath.Join("testdata", strings.ToLower(string(check))+".txt")
}

func readTable(t *testing.T, check workforce.CheckType) table {
	t.Helper()
	text, err := os.ReadFile(tableFile(check))
	if err != nil {
		t.Fatalf("every check needs its table of decisions: %v", err)
	}
	out := table{check: check}
	for i, line := range strings.Split(string(text), "\n") {
		word, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case strings.Contains(line, "|"):
			cells := strings.Split(line, "|")
			for c := range cells {
				cells[c] = strings.TrimSpace(cells[c])
			}
			if slices.Equal(cells, columns) {
				continue
			}
			if len(cells) != len(columns) {
				t.Fatalf("line %d has %d columns, want %d", i+1, len(cells), len(columns))
			}
			out.rows = append(out.rows, row{i + 1, cells})
		case word == "zone":
			if out.zone, err = time.LoadLocation(rest); err != nil {
				t.Fatal(err)
			}
		case word == "now":
			out.now = rest
		case word == "given":
			out.given = append(out.given, rest)
		default:
			t.Fatalf("line %d: %q is not part of a table", i+1, line)
		}
	}
	if out.zone == nil || out.now == "" {
		t.Fatal("a table needs the lines zone and now")
	}
	return out
}

// world is what a row describes.
func (tb table) world(t *testing.T, r row) *world {
	t.Helper()
	w := newWorld(tb.check, time.Time{}, tb.zone)
	w.now = w.instant(tb.now)
	for _, phrases := range append(slices.Clone(tb.given), r.cells[0]) {
		if err := w.say(phrases); err != nil {
			t.Fatalf("line %d: %v", r.line, err)
		}
	}
	if err := w.rules.Validate(); err != nil {
		t.Fatalf("line %d: the rules cannot be: %v", r.line, err)
	}
	return w
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	for i, check := range workforce.AllCheckTypes {
		t.Run(string(check), func(t *testing.T) {
			t.Parallel()
			tb := readTable(t, check)
			if len(tb.rows) < minRows {
				t.Errorf("the table has %d rows, want at least %d", len(tb.rows), minRows)
			}
			seen := map[string]int{}
			for _, r := range tb.rows {
				if first := seen[r.cells[0]]; first > 0 {
					t.Errorf("line %d says the same as line %d", r.line, first)
				}
				seen[r.cells[0]] = r.line
				w := tb.world(t, r)
				v := Eval(&w.facts, w.now)
				if got, want := w.decision(&v.Results[i]), strings.Join(r.cells[1:], " | "); got != want {
					t.Errorf("line %d: %s\n got %s\nwant %s", r.line, r.cells[0], got, want)
				}
			}
		})
	}
}

// decision writes a result as a row does.
func (w *world) decision(r *Result) string {
	var codes []string
	for _, reason := range r.Reasons {
		codes = append(codes, string(reason.Code))
	}
	return fmt.Sprintf("%s | %s | %s | %s | %s", r.Status, strings.Join(codes, ", "),
		w.written(r.CompletionDate), w.written(r.ExpiresAt), w.written(r.NextDue))
}

func TestTablesAreOfChecks(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, check := range workforce.AllCheckTypes {
		want = append(want, tableFile(check))
	}
	slices.Sort(want)
	if !slices.Equal(files, want) {
		t.Errorf("the tables are %v, want %v", files, want)
	}
}

func TestStrangePhrasesAreRefused(t *testing.T) {
	t.Parallel()
	for _, phrase := range []string{"", "background", "device 1 by JAMF maybe", "device 1 by JAMF yes no way", "ack 1 v1 at 2026-99-99", "status former employee, nothing"} {
		w := newWorld(workforce.CheckAntivirus, time.Unix(0, 0), time.UTC)
		if err := w.say(phrase); err == nil {
			t.Errorf("%q is taken for a phrase", phrase)
		}
	}
}

func TestJudgesAreInOrder(t *testing.T) {
	t.Parallel()
	if len(judges) != len(workforce.AllCheckTypes) {
		t.Fatalf("%d checks have a judge, want %d", len(judges), len(workforce.AllCheckTypes))
	}
	for i, check := range workforce.AllCheckTypes {
		if judges[i].check != check {
			t.Errorf("at %d stands %s, want %s", i, judges[i].check, check)
		}
	}
}
