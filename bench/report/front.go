package report

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

// Read reads the JSON of a run.
func Read(file string) (*Run, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading a run: %w", err)
	}
	var r Run
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return &r, nil
}

// Front is the short table for the front page: one size, one number of
// connections, an earlier run and a later one. Ratios to the floor are of the
// later run alone; the earlier one was another day, or another machine, and the
// line below the table says so.
func Front(before, after *Run, people, connections int) (string, error) {
	for _, r := range []*Run{before, after} {
		if !slices.Contains(r.People, people) || !slices.Contains(r.Connections, connections) {
			return "", fmt.Errorf("%s has no figures at %d people and %d connections", r.Name, people, connections)
		}
	}
	withPeer := slices.ContainsFunc(after.Figures, func(f Figure) bool {
		return f.Database == stage.PocketBase && f.People == people && f.Connections == connections
	})
	withPostgres := slices.Contains(after.Databases, stage.PostgreSQL)
	var b strings.Builder
	fmt.Fprintf(&b, "| CPU µs a request, %s people | before | now | ÷ floor |", count(people))
	if withPostgres {
		b.WriteString(" now, PostgreSQL |")
	}
	if withPeer {
		b.WriteString(" PocketBase | we take |")
	}
	b.WriteString("\n|---|---:|---:|---:|" + strings.Repeat("---:|", 2*toInt(withPeer)+toInt(withPostgres)) + "\n")
	for _, name := range scenario.All {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |", scenario.Titles[name], before.cell(people, stage.SQLite, connections, name),
			after.cell(people, stage.SQLite, connections, name), after.ratioCell(people, stage.SQLite, connections, name))
		if withPostgres {
			fmt.Fprintf(&b, " %s |", after.cell(people, stage.PostgreSQL, connections, name))
		}
		if withPeer {
			less, _ := after.Less(people, connections, name)
			fmt.Fprintf(&b, " %s | %s |", after.cell(people, stage.PocketBase, connections, name), times(less))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\nProcessor time of the server (SQLite where nothing else is said), %d connections. Before: %s. Now: %s.\n",
		connections, before.provenance(), after.provenance())
	return b.String(), nil
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (r *Run) cell(people int, db stage.Kind, connections int, name scenario.Name) string {
	f, ok := r.figure(people, db, connections, name)
	if !ok {
		return "not measured"
	}
	t, ok := f.Total()
	if !ok {
		return "not known"
	}
	return count(int(t + 0.5))
}

func (r *Run) ratioCell(people int, db stage.Kind, connections int, name scenario.Name) string {
	f, ok := r.figure(people, db, connections, name)
	if !ok {
		return "not measured"
	}
	return ratio(f)
}

// provenance says where figures come from and what they are worth.
func (r *Run) provenance() string {
	worth := ""
	if r.Noisy() {
		worth = ", on a machine that was not quiet"
	}
	return fmt.Sprintf("%s, %d cores%s", r.At.Format(time.DateOnly), r.Machine.Cores, worth)
}
