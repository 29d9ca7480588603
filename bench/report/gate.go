package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

// Verdict is what a run says of a gate.
type Verdict string

// The verdicts.
const (
	Met         Verdict = "met"
	NotMet      Verdict = "NOT MET"
	NotMeasured Verdict = "not measured"
)

// Judged is one gate and what the run says of it.
type Judged struct {
	Gate     string
	Database stage.Kind
	People   int // 0: the gate is not about a size
	Limit    string
	Measured string // the figure, or why there is none
	Verdict  Verdict
}

// Sizes that gates speak of, in people.
const (
	size10k  = 10_000
	size100k = 100_000
	size1M   = 1_000_000
)

// Gates judges the run by every gate, in one order, whatever was measured.
func (r *Run) Gates() []Judged {
	var out []Judged
	for _, g := range []struct {
		title  string
		name   scenario.Name
		limits map[stage.Kind]float64
	}{
		{"get by id, warm ÷ floor", scenario.GetWarm, map[stage.Kind]float64{stage.SQLite: 1.5, stage.PostgreSQL: 2.5}},
		{"get by id, cold ÷ floor", scenario.GetCold, map[stage.Kind]float64{stage.SQLite: 6, stage.PostgreSQL: 10}},
		{"list page 1 of 20, warm ÷ floor", scenario.ListFirst, map[stage.Kind]float64{stage.SQLite: 2, stage.PostgreSQL: 3}},
	} {
		for _, db := range stage.AllKinds {
			for _, people := range r.sizes() {
				out = append(out, r.ratioGate(g.title, g.name, people, db, g.limits[db]))
			}
		}
	}
	for _, db := range stage.AllKinds {
		out = append(out, r.memoryGate(db))
		out = append(out, r.startGate(db, size100k, 3), r.startGate(db, size1M, 15))
	}
	for _, db := range stage.AllKinds {
		out = append(out, r.importGate(db))
	}
	out = append(out, r.growthGate(), r.searchGate())
	for _, db := range stage.AllKinds {
		out = append(out, r.syncGate(db))
	}
	return append(out, resyncGate())
}

// sizes is the sizes measured, or one unknown size so that every gate has a row.
func (r *Run) sizes() []int {
	if len(r.People) == 0 {
		return []int{0}
	}
	return slices.Sorted(slices.Values(r.People))
}

// syncGate looks at writes over one connection: each is a commit of its own
// there, and what is more than one fsync each is a checkpoint now and then.
func (r *Run) syncGate(db stage.Kind) Judged {
	const limit = 1.1
	g := Judged{Gate: "a write", Database: db, Limit: "one fsync per commit batch", Measured: orNotPart(r.SyncsWhy), Verdict: NotMeasured}
	worst := 0.0
	var told []string
	for _, n := range r.Syncs {
		if n.Database != db || n.Writes == 0 {
			continue
		}
		each := float64(n.Syncs) / float64(n.Writes)
		told = append(told, fmt.Sprintf("%.2f a write at %d connections", each, n.Connections))
		if n.Connections == 1 {
			worst = max(worst, each)
		}
	}
	if worst > 0 {
		g.Measured, g.Verdict = strings.Join(told, ", ")+" (checkpoints included)", verdict(worst <= limit)
	}
	return g
}

func resyncGate() Judged {
	return Judged{
		Gate: "a re-sync without a change ÷ the initial one", Limit: "≤ 0.1×, 0 rows written",
		Measured: "there is no sync yet", Verdict: NotMeasured,
	}
}

func (r *Run) ratioGate(title string, name scenario.Name, people int, db stage.Kind, limit float64) Judged {
	g := Judged{Gate: title, Database: db, People: people, Limit: fmt.Sprintf("≤ %g×", limit), Verdict: NotMeasured}
	if len(r.Connections) == 0 {
		g.Measured = "not part of this run"
		return g
	}
	f, ok := r.figure(people, db, r.Connections[0], name)
	if !ok {
		g.Measured = r.missing(people, db, r.Connections[0], name)
		return g
	}
	ratio, ok := f.Ratio()
	if !ok {
		g.Measured = "the processor time of the server or of the floor is not known"
		return g
	}
	g.Measured, g.Verdict = fmt.Sprintf("%.1f×", ratio), verdict(ratio <= limit)
	return g
}

func verdict(ok bool) Verdict {
	if ok {
		return Met
	}
	return NotMet
}

// memoryGate looks at the most that any server of that size ever held.
func (r *Run) memoryGate(db stage.Kind) Judged {
	limit := map[stage.Kind]int64{stage.SQLite: 150, stage.PostgreSQL: 120}[db]
	g := Judged{Gate: "memory at 100k people (peak RSS)", Database: db, People: size100k, Limit: fmt.Sprintf("≤ %d MB", limit), Verdict: NotMeasured}
	var peak int64
	for _, m := range r.Memories {
		if m.People == size100k && m.Database == db {
			peak = max(peak, m.Peak)
		}
	}
	if peak == 0 {
		g.Measured = "not part of this run"
		return g
	}
	g.Measured, g.Verdict = megabytes(peak), verdict(peak <= limit*1_000_000)
	return g
}

// startGate looks at the slowest start.
func (r *Run) startGate(db stage.Kind, people int, limit float64) Judged {
	g := Judged{Gate: "ready after start", Database: db, People: people, Limit: fmt.Sprintf("≤ %g s", limit), Verdict: NotMeasured}
	slowest := 0.0
	for _, s := range r.Starts {
		if s.People == people && s.Database == db {
			slowest = max(slowest, s.Seconds)
		}
	}
	if slowest == 0 {
		g.Measured = "not part of this run"
		return g
	}
	g.Measured, g.Verdict = fmt.Sprintf("%.2f s", slowest), verdict(slowest <= limit)
	return g
}

func megabytes(n int64) string { return fmt.Sprintf("%.0f MB", float64(n)/1e6) }

// importGate tells what is nearest to the gate, but judges nothing by it: the
// gate is about a sync, with staging rows, and there is none yet.
func (r *Run) importGate(db stage.Kind) Judged {
	g := Judged{
		Gate: "initial import ÷ raw inserts of the same rows", Database: db, People: size100k, Limit: "≤ 3×",
		Measured: "there is no sync yet", Verdict: NotMeasured,
	}
	for _, f := range r.Fills {
		if q, ok := f.Ratio(); ok && f.People == size100k && f.Database == db {
			g.Measured += fmt.Sprintf("; filling the demo company took %.1f×", q)
		}
	}
	return g
}
