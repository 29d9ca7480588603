package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/bench/proc"
	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

func micros(f float64) *float64 { return &f }

// example is a run with a figure on each side of a gate.
func example() *Run {
	figure := func(db stage.Kind, name scenario.Name, cpu float64, backends *float64, floor float64) Figure {
		return Figure{
			People: size100k, Database: db, Connections: 16, Scenario: name,
			Sample: Sample{CPU: cpu, Requests: 1000, PerSecond: 500}, Backends: backends, Floor: Sample{CPU: floor},
		}
	}
	return &Run{
		Name: "example", At: time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC), Command: "go run ./bench/floor",
		Machine: proc.Machine{Cores: 2, Go: "go1.26"}, PostgreSQL: "15.1", LoadBefore: 0.1,
		People: []int{size100k}, Databases: stage.AllKinds, Connections: []int{16},
		Figures: []Figure{
			figure(stage.SQLite, scenario.GetWarm, 30, nil, 20),
			figure(stage.SQLite, scenario.GetCold, 121, nil, 20),
			figure(stage.PostgreSQL, scenario.GetWarm, 30, micros(25), 20),
			figure(stage.PostgreSQL, scenario.GetCold, 30, nil, 20),
			figure(stage.PostgreSQL, scenario.ListFirst, 30, micros(25), 0),
			figure(stage.PocketBase, scenario.GetWarm, 1500, nil, 20),
			figure(stage.PocketBase, scenario.GetCold, 60.5, nil, 20),
		},
		Failures: []Failure{{size100k, stage.SQLite, 16, scenario.SearchLetter, "the answer did not come"}},
		Starts:   []Start{{size100k, stage.SQLite, 2.5}, {size100k, stage.SQLite, 3.5}, {size100k, stage.PostgreSQL, 3}},
		Memories: []ServerMemory{
			{People: size100k, Database: stage.SQLite, Connections: 16, Memory: proc.Memory{Resident: 1, Peak: 150_000_001}},
			{People: size100k, Database: stage.PostgreSQL, Connections: 16, Memory: proc.Memory{Resident: 1, Peak: 120_000_000}},
		},
		Peers: []Peer{{People: size100k, Version: "v0.36.8"}, {People: size1M, Why: "left out"}},
		Syncs: []Syncs{
			{size100k, stage.SQLite, 1, 100, 105}, {size100k, stage.SQLite, 16, 100, 25}, {size100k, stage.PostgreSQL, 1, 50, 100},
		},
		Rosters: []Roster{
			{People: size10k, Timings: []Timing{{What: Repeated, Queries: 2, Each: map[string]float64{"a": 2, "b": 1, "c": 1}}}},
			{People: size1M, Timings: []Timing{
				{What: Repeated, Queries: 2, Each: map[string]float64{"a": 2, "b": 1.4, "c": 1.1}},
				{What: FirstSearch, Queries: 300, Median: 1000, P99: 4900, Max: 7000, Worst: "mith"},
			}},
		},
	}
}

func TestGates(t *testing.T) {
	t.Parallel()
	got := map[string]Judged{}
	for _, g := range example().Gates() {
		got[g.Gate+" "+string(g.Database)+" "+g.Limit] = g
	}
	for gate, want := range map[string]struct {
		measured string
		verdict  Verdict
	}{
		"get by id, warm ÷ floor sqlite ≤ 1.5×":                    {"1.5×", Met},
		"get by id, cold ÷ floor sqlite ≤ 6×":                      {"6.0×", NotMet}, // 6.05 is more than 6
		"list page 1 of 20, warm ÷ floor sqlite ≤ 2×":              {"not part of this run", NotMeasured},
		"get by id, warm ÷ floor postgres ≤ 2.5×":                  {"2.8×", NotMet},
		"get by id, cold ÷ floor postgres ≤ 10×":                   {"not known", NotMeasured},
		"list page 1 of 20, warm ÷ floor postgres ≤ 3×":            {"not known", NotMeasured},
		"memory at 100k people (peak RSS) sqlite ≤ 150 MB":         {"150 MB", NotMet},
		"memory at 100k people (peak RSS) postgres ≤ 120 MB":       {"120 MB", Met},
		"ready after start sqlite ≤ 3 s":                           {"3.50 s", NotMet}, // the slowest counts
		"ready after start postgres ≤ 3 s":                         {"3.00 s", Met},
		"ready after start sqlite ≤ 15 s":                          {"not part of this run", NotMeasured},
		"roster work at 1M ÷ 10k, any filter, sort, depth  ≤ 1.3×": {"median 1.10×, at most 1.40× (b: 1.40 µs)", NotMet},
		"search of ≥ 3 letters at 1M, first time  ≤ 5 ms":          {"median 1.00 ms, p99 4.90 ms, at most 7.00 ms", Met},
		"a write sqlite one fsync per commit batch":                {"1.05 a write at 1 connections, 0.25 a write at 16 connections", Met},
		"a write postgres one fsync per commit batch":              {"2.00 a write at 1 connections", NotMet},
	} {
		g, ok := got[gate]
		if !ok || g.Verdict != want.verdict || !strings.Contains(g.Measured, want.measured) {
			t.Errorf("%s: %q, %q, want %q, %q", gate, g.Measured, g.Verdict, want.measured, want.verdict)
		}
	}
}

// A gate has a row also in a run that has measured nothing of it.
func TestEveryGateHasARow(t *testing.T) {
	t.Parallel()
	rows := len(example().Gates())
	if empty := (&Run{}).Gates(); len(empty) != rows {
		t.Errorf("%d gates in an empty run, want %d", len(empty), rows)
	} else {
		for _, g := range empty {
			if g.Verdict != NotMeasured || g.Measured == "" {
				t.Errorf("%s: %q, %q in an empty run", g.Gate, g.Verdict, g.Measured)
			}
		}
	}
}

func TestMarkdownSaysWhatIsUnknown(t *testing.T) {
	t.Parallel()
	r := example()
	text := r.Markdown()
	for _, want := range []string{
		"| get by id, warm | SQLite | 30 |  | 20 | **1.5×** |",
		"| get by id, warm | PostgreSQL | 55 | 25 | 20 | **2.8×** |",
		"| get by id, cold | PostgreSQL | 30 + ? | not measured | 20 | not measured |",
		"| update one record | SQLite | not measured: not part of this run |",
		"| search, one letter | SQLite | not measured: failed: the answer did not come |",
		"## 100,000 people, 16 connections",
		"2.50 s, 3.50 s",
		"| quiet? | yes: load 0.1",
		"### 100,000 people, 16 connections, PocketBase v0.36.8",
		"| get by id, warm | 1500 | **75.0×** | 30 | **1.5×** | **50× less** |",
		"| get by id, cold | 60 | **3.0×** | 121 | **6.0×** | **2.0× more** |",
		"1,000,000 people: not measured: left out",
		"| first search for a term of 3 to 8 letters, by name | 1,000,000 | 300 | 1000 | 4900 | 7000 | mith |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "profiled") {
		t.Error("the run was not profiled")
	}
	r.Profiled, r.Figures[0].Floor.Others = true, 0.5
	text = r.Markdown()
	for _, want := range []string{"figures are too high", "**no**: load 0.1 before", "up to 50 % of the cores"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "results")
	file, err := example().Write(dir)
	if err != nil || filepath.Base(file) != "2026-03-01-example.md" {
		t.Fatal(file, err)
	}
	text, err := os.ReadFile(strings.TrimSuffix(file, ".md") + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var back Run
	if err := json.Unmarshal(text, &back); err != nil || back.Markdown() != example().Markdown() {
		t.Errorf("the JSON does not hold what the table shows: %v", err)
	}
}
