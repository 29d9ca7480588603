package report

import (
	"fmt"
	"slices"
	"strings"
)

// Roster is what the in-memory index alone takes for a company of a size.
type Roster struct {
	People   int      `json:"people"`
	Accounts int      `json:"accounts"`
	Load     float64  `json:"loadSeconds"` // of records that are in memory already
	Heap     int64    `json:"heapBytes"`   // live, when all queries have been asked
	Timings  []Timing `json:"timings"`
}

// Timing is the times of a set of queries of one sort, in microseconds.
type Timing struct {
	What    TimingName `json:"what"`
	Median  float64    `json:"medianMicros"`
	P99     float64    `json:"p99Micros"`
	Max     float64    `json:"maxMicros"`
	Worst   string     `json:"worst"` // the query that took Max
	Queries int        `json:"queries"`
	// Each is every query's time by its name, where sizes are compared query
	// by query.
	Each map[string]float64 `json:"each,omitempty"`
}

// TimingName says what was timed.
type TimingName string

// What is timed.
const (
	Repeated    TimingName = "repeated query: every filter with every sort, at four depths"
	FirstTime   TimingName = "first time: every filter with every sort, page 1"
	FirstSearch TimingName = "first search for a term of 3 to 8 letters, by name"
	ShortSearch TimingName = "first search for a term of 1 or 2 letters, by name"
	FacetsTimed TimingName = "facets, first time"
	ApplyTimed  TimingName = "one changed person"
)

// AllTimings is the order of the report.
var AllTimings = []TimingName{Repeated, FirstTime, FirstSearch, ShortSearch, FacetsTimed, ApplyTimed}

// timing finds a timing.
func (r Roster) timing(what TimingName) (Timing, bool) {
	for _, t := range r.Timings {
		if t.What == what {
			return t, true
		}
	}
	return Timing{}, false
}

// Growth compares two sizes query by query: the median of how many times longer
// a query takes, the most, and which one that is. 0 is nothing to compare.
func Growth(small, large Timing) (median, worst float64, query string) {
	var all []float64
	for name, at := range large.Each {
		before := small.Each[name]
		if before <= 0 {
			continue
		}
		q := at / before
		all = append(all, q)
		if q > worst || q == worst && name < query {
			worst, query = q, name
		}
	}
	if len(all) == 0 {
		return 0, 0, ""
	}
	slices.Sort(all)
	return all[len(all)/2], worst, query
}

// rosterTable shows what the index alone takes.
func (r *Run) rosterTable(b *strings.Builder) {
	b.WriteString("## The roster alone\n\n")
	if len(r.Rosters) == 0 {
		fmt.Fprintf(b, "Not measured: %s.\n\n", orNotPart(r.RosterWhy))
		return
	}
	b.WriteString("The in-memory index in a process of its own, filled with a made-up company and asked for pages of 20 ids\n" +
		"with their totals. A repeated query is the best of several runs, a first one is timed once. In microseconds.\n\n" +
		"| what | people | queries | median | p99 | max | the slowest |\n|---|---:|---:|---:|---:|---:|---|\n")
	for _, what := range AllTimings {
		for _, size := range r.Rosters {
			if t, ok := size.timing(what); ok {
				fmt.Fprintf(b, "| %s | %s | %d | %s | %s | %s | %s |\n", what, count(size.People), t.Queries,
					short(t.Median), short(t.P99), short(t.Max), t.Worst)
			}
		}
	}
	b.WriteString("\n| people | accounts | loaded in | heap with cached results |\n|---:|---:|---:|---:|\n")
	for _, size := range r.Rosters {
		fmt.Fprintf(b, "| %s | %s | %.2f s | %s |\n", count(size.People), count(size.Accounts), size.Load, megabytes(size.Heap))
	}
	b.WriteString("\n")
}

// short writes a number with as many digits as it deserves.
func short(f float64) string {
	if f < 10 {
		return fmt.Sprintf("%.2f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

func orNotPart(why string) string {
	if why == "" {
		return "not part of this run"
	}
	return why
}

// rosterOf finds a size.
func (r *Run) rosterOf(people int) (Roster, bool) {
	i := slices.IndexFunc(r.Rosters, func(s Roster) bool { return s.People == people })
	if i < 0 {
		return Roster{}, false
	}
	return r.Rosters[i], true
}

// growthGate compares repeated queries at both sizes; the one that grew most
// counts, because the gate says any.
func (r *Run) growthGate() Judged {
	g := Judged{Gate: "roster work at 1M ÷ 10k, any filter, sort, depth", Limit: "≤ 1.3×", Measured: orNotPart(r.RosterWhy), Verdict: NotMeasured}
	small, ok := r.rosterOf(size10k)
	large, also := r.rosterOf(size1M)
	if !ok || !also {
		return g
	}
	before, _ := small.timing(Repeated)
	after, _ := large.timing(Repeated)
	median, worst, query := Growth(before, after)
	if query == "" {
		return g
	}
	g.Measured = fmt.Sprintf("median %.2f×, at most %.2f× (%s: %s µs)", median, worst, query, short(after.Each[query]))
	g.Verdict = verdict(worst <= 1.3)
	return g
}

func (r *Run) searchGate() Judged {
	g := Judged{Gate: "search of ≥ 3 letters at 1M, first time", People: size1M, Limit: "≤ 5 ms", Measured: orNotPart(r.RosterWhy), Verdict: NotMeasured}
	size, ok := r.rosterOf(size1M)
	if !ok {
		return g
	}
	if t, ok := size.timing(FirstSearch); ok {
		g.Measured = fmt.Sprintf("median %.2f ms, p99 %.2f ms, at most %.2f ms", t.Median/1e3, t.P99/1e3, t.Max/1e3)
		g.Verdict = verdict(t.P99 <= 5000)
	}
	return g
}
