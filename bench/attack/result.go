package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/bench/load"
	"github.com/passmuster/passmuster/bench/proc"
	"github.com/passmuster/passmuster/bench/stage"
)

// results is everything that one run has measured.
type results struct {
	Name       string       `json:"name"`
	At         time.Time    `json:"at"`
	Seconds    float64      `json:"seconds"`
	Machine    proc.Machine `json:"machine"`
	LoadBefore float64      `json:"loadBefore"` // mean of one minute
	People     int          `json:"people"`
	Database   stage.Kind   `json:"database"`
	Readers    int          `json:"readers"`
	Attackers  int          `json:"attackers"`
	Phase      float64      `json:"phaseSeconds"`
	Outcomes   []outcome    `json:"outcomes"`
}

// latency is how long gets by id took, in milliseconds.
type latency struct {
	Requests int     `json:"requests"`
	P50      float64 `json:"p50Millis"`
	P99      float64 `json:"p99Millis"`
	Slowest  float64 `json:"slowestMillis"`
}

// outcome is one attack. The attackers' weight is what got through.
type outcome struct {
	Kind string `json:"kind"`
	What string `json:"what"`
	Why  string `json:"why"` // there is no figure; "" if there is

	Quiet  latency     `json:"quiet"`
	Others float64     `json:"othersShare"` // of the cores, used by others than reader and server in the quiet phase; PostgreSQL is one
	Busy   latency     `json:"busy"`
	Weight load.Weight `json:"weight"`
	Peak   int64       `json:"peakBytes"` // the server's resident memory, at the most so far

	FloorQuiet  latency     `json:"floorQuiet"`
	FloorBusy   latency     `json:"floorBusy"`
	FloorWeight load.Weight `json:"floorWeight"`
}

// quiet is the share of the cores that others may use while a phase still
// counts as quiet.
const quiet = 0.1

// limit is how many times longer a get by id may take under attack.
const limit = 5

// growth is the p99 under attack by the quiet one; 0 if there is none.
func growth(quiet, busy latency) float64 {
	if quiet.P99 <= 0 {
		return 0
	}
	return busy.P99 / quiet.P99
}

// verdict judges by the gate. When the machine had other work in the quiet
// phase, the quiet figure is too high and the ratio too low: then nothing is
// met.
func (o outcome) verdict(db stage.Kind) string {
	switch {
	case o.Why != "":
		return "not measured"
	case growth(o.Quiet, o.Busy) <= limit && db == stage.SQLite && o.Others > quiet:
		return fmt.Sprintf("not judged: others used %.0f %% of the cores", 100*o.Others)
	case growth(o.Quiet, o.Busy) <= limit:
		return "met"
	}
	return "NOT MET"
}

func (r *results) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Attacked: %s, %s\n\n", r.At.Format(time.DateOnly), r.Name)
	fmt.Fprintf(&b, "A get by id over %d connections, quiet and while %d connections send costly requests; %d people on %s,\n"+
		"%g s a phase, %d cores, load %.1f before. The same on bare servers beside it, where readers and attackers do not even\n"+
		"talk to the same process: that is what the machine does. How to read it: [bench/README.md](../README.md#the-attack).\n\n",
		r.Readers, r.Attackers, r.People, r.Database, r.Phase, r.Machine.Cores, r.LoadBefore)
	b.WriteString("| attack | p50 ms quiet | busy | p99 ms quiet | busy | p99 busy ÷ quiet | bare: p99 ms quiet | busy | busy ÷ quiet | attackers' answers a second | bare | statuses | peak memory | ≤ 5× |\n" +
		"|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|---:|---|\n")
	for _, o := range r.Outcomes {
		if o.Why != "" {
			fmt.Fprintf(&b, "| %s | not measured: %s | | | | | | | | | | | | %s |\n", o.What, oneLine(o.Why), o.verdict(r.Database))
			continue
		}
		fmt.Fprintf(&b, "| %s | %.2f | %.2f | %.2f | %.2f | **%.1f×** | %.2f | %.2f | %.1f× | %.0f | %.0f | %s | %.0f MB | %s |\n", o.What,
			o.Quiet.P50, o.Busy.P50, o.Quiet.P99, o.Busy.P99, growth(o.Quiet, o.Busy),
			o.FloorQuiet.P99, o.FloorBusy.P99, growth(o.FloorQuiet, o.FloorBusy),
			perSecond(o.Weight), perSecond(o.FloorWeight), statuses(o.Weight), float64(o.Peak)/1e6, o.verdict(r.Database))
	}
	return b.String()
}

func oneLine(s string) string { return strings.NewReplacer("\n", " ", "|", "\\|").Replace(s) }

func perSecond(w load.Weight) float64 {
	if w.Seconds <= 0 {
		return 0
	}
	return float64(w.Requests) / w.Seconds
}

// statuses tells how the attackers were answered.
func statuses(w load.Weight) string {
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(w.Statuses)) {
		parts = append(parts, fmt.Sprintf("%d × %d", w.Statuses[status], status))
	}
	if w.Broken > 0 {
		parts = append(parts, fmt.Sprintf("%d broken off", w.Broken))
	}
	if len(parts) == 0 {
		return "none was done in time"
	}
	return strings.Join(parts, ", ")
}

// write writes DATE-NAME-attack.json and .md and gives the path of the latter.
func (r *results) write(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // results are for everybody
		return "", fmt.Errorf("writing the results: %w", err)
	}
	base := filepath.Join(dir, r.At.Format(time.DateOnly)+"-"+r.Name+"-attack")
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing the results: %w", err)
	}
	for file, content := range map[string][]byte{base + ".json": append(text, '\n'), base + ".md": []byte(r.markdown())} {
		if err := os.WriteFile(file, content, 0o644); err != nil { //nolint:gosec // results are for everybody
			return "", fmt.Errorf("writing the results: %w", err)
		}
	}
	return base + ".md", nil
}
