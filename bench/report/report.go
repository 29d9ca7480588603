// Package report holds the figures of a run, judges them by the gates, and
// writes them down. It may depend on the other packages of bench and the
// standard library. It must never turn a figure that was not measured into a
// good one: unknown is its own word, and ratios are only taken between figures
// of the same run.
package report

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/passmuster/passmuster/bench/proc"
	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

// Run is everything that one run has measured.
type Run struct {
	Name       string       `json:"name"`
	At         time.Time    `json:"at"`
	Seconds    float64      `json:"seconds"`
	Command    string       `json:"command"`  // repeats it
	Revision   string       `json:"revision"` // of the checkout, as git describes it; "" if it does not
	Machine    proc.Machine `json:"machine"`
	PostgreSQL string       `json:"postgresql"` // version; "" if it was left out
	OwnCluster bool         `json:"ownCluster"` // nobody else used the PostgreSQL server
	Profiled   bool         `json:"profiled"`   // figures of a profiled run are too high
	LoadBefore float64      `json:"loadBefore"` // mean of one minute
	LoadAfter  float64      `json:"loadAfter"`

	People      []int          `json:"people"`
	Databases   []stage.Kind   `json:"databases"`
	Connections []int          `json:"connections"` // the first is the one that gates look at
	Least       float64        `json:"leastSeconds"`
	Fills       []stage.Fill   `json:"fills"`
	Starts      []Start        `json:"starts"`
	Figures     []Figure       `json:"figures"`
	Failures    []Failure      `json:"failures"`
	Memories    []ServerMemory `json:"memories"`

	Peers     []Peer   `json:"peers"`     // PocketBase; its figures stand among the others
	Syncs     []Syncs  `json:"syncs"`     // of writes under a tracer
	SyncsWhy  string   `json:"syncsWhy"`  // why there are none
	Rosters   []Roster `json:"rosters"`   // by size, smallest first
	RosterWhy string   `json:"rosterWhy"` // why there are none
}

// Peer is PocketBase with a company in it, or why there is none.
type Peer struct {
	People      int     `json:"people"`
	Version     string  `json:"version"`
	FillSeconds float64 `json:"fillSeconds"` // by plain inserts into its tables
	Why         string  `json:"why"`         // "" if it was measured
}

// Syncs is how often writes were made durable.
type Syncs struct {
	People      int        `json:"people"`
	Database    stage.Kind `json:"database"`
	Connections int        `json:"connections"`
	Writes      int        `json:"writes"` // requests that were answered
	Syncs       int        `json:"syncs"`  // calls of the fsync family, checkpoints included
}

// Start is how long one start of the server took.
type Start struct {
	People   int        `json:"people"`
	Database stage.Kind `json:"database"`
	Seconds  float64    `json:"seconds"` // until /readyz said 200
}

// ServerMemory is what the server held when all scenarios had been run, in bytes.
type ServerMemory struct {
	People      int        `json:"people"`
	Database    stage.Kind `json:"database"`
	Connections int        `json:"connections"`
	proc.Memory
}

// Failure is a scenario without a figure: an answer was wrong, or did not come.
type Failure struct {
	People      int           `json:"people"`
	Database    stage.Kind    `json:"database"`
	Connections int           `json:"connections"`
	Scenario    scenario.Name `json:"scenario"`
	Why         string        `json:"why"`
}

// Figure is one scenario on one database.
type Figure struct {
	People      int           `json:"people"`
	Database    stage.Kind    `json:"database"`
	Connections int           `json:"connections"`
	Scenario    scenario.Name `json:"scenario"`

	Sample            // of Passmuster
	Backends *float64 `json:"backendsMicros"` // processor time of PostgreSQL a request; nil: not known, or SQLite
	Floor    Sample   `json:"floor"`          // the same bytes by bare net/http, right before
	Resident int64    `json:"residentBytes"`  // of Passmuster, right after
}

// Sample is what one run of load has measured on one server.
type Sample struct {
	Requests  int     `json:"requests"`
	Seconds   float64 `json:"seconds"`
	PerSecond float64 `json:"perSecond"`
	CPU       float64 `json:"cpuMicros"` // processor time of the server a request
	P50       float64 `json:"p50Millis"`
	P99       float64 `json:"p99Millis"`
	Bytes     float64 `json:"bytesEach"`
	Others    float64 `json:"othersShare"` // of the machine's cores, used by neither driver nor server
}

// Total is the processor time a request, PostgreSQL's included, in
// microseconds; false if PostgreSQL's is not known.
func (f Figure) Total() (float64, bool) {
	switch {
	case f.Database != stage.PostgreSQL:
		return f.CPU, true
	case f.Backends == nil:
		return 0, false
	}
	return f.CPU + *f.Backends, true
}

// Ratio is the processor time a request by that of the floor; false if one of
// the two is not known or too small for the clock.
func (f Figure) Ratio() (float64, bool) {
	total, ok := f.Total()
	if !ok || f.Floor.CPU <= 0 {
		return 0, false
	}
	return total / f.Floor.CPU, true
}

// figure finds a figure.
func (r *Run) figure(people int, db stage.Kind, connections int, name scenario.Name) (Figure, bool) {
	for _, f := range r.Figures {
		if f.People == people && f.Database == db && f.Connections == connections && f.Scenario == name {
			return f, true
		}
	}
	return Figure{}, false
}

// missing says why there is no figure.
func (r *Run) missing(people int, db stage.Kind, connections int, name scenario.Name) string {
	for _, f := range r.Failures {
		if f.People == people && f.Database == db && f.Connections == connections && f.Scenario == name {
			return "failed: " + f.Why
		}
	}
	return "not part of this run"
}

// Write writes DATE-NAME.json and DATE-NAME.md into a folder and gives the path
// of the latter.
func (r *Run) Write(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // results are for everybody
		return "", fmt.Errorf("writing the results: %w", err)
	}
	base := filepath.Join(dir, r.At.Format(time.DateOnly)+"-"+r.Name)
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing the results: %w", err)
	}
	for file, content := range map[string][]byte{base + ".json": append(text, '\n'), base + ".md": []byte(r.Markdown())} {
		if err := os.WriteFile(file, content, 0o644); err != nil { //nolint:gosec // results are for everybody
			return "", fmt.Errorf("writing the results: %w", err)
		}
	}
	return base + ".md", nil
}
