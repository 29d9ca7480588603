package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

// quiet is the share of the cores that others may use while a machine still
// counts as quiet, and the load beforehand by core.
const quiet = 0.1

// Markdown is the run for people to read.
func (r *Run) Markdown() string {
	var b strings.Builder
	r.head(&b)
	r.gateTable(&b)
	for _, people := range r.sizes() {
		for _, connections := range r.Connections {
			r.figureTable(&b, people, connections)
		}
	}
	r.peerTables(&b)
	r.rosterTable(&b)
	r.otherTables(&b)
	return b.String()
}

func (r *Run) head(b *strings.Builder) {
	m := r.Machine
	fmt.Fprintf(b, "# Passmuster beside the floor: %s, %s\n\n", r.At.Format(time.DateOnly), r.Name)
	fmt.Fprintf(b, "Processor time of the server for each request, beside that of a bare `net/http` server that\n"+
		"writes the same bytes to the same requests, measured in turn in one run. How to read it:\n"+
		"[bench/README.md](../README.md).\n\n")
	fmt.Fprintf(b, "```sh\n%s\n```\n\n", r.Command)
	fmt.Fprintf(b, "| | |\n|---|---|\n")
	fmt.Fprintf(b, "| machine | %d cores, %s, %.0f GB, Linux %s |\n", m.Cores, known(m.CPU), float64(m.Memory)/1e9, known(m.Kernel))
	fmt.Fprintf(b, "| built with | %s, revision %s |\n", m.Go, known(r.Revision))
	if r.PostgreSQL != "" {
		own := "a server that others may use too: their work is counted as ours"
		if r.OwnCluster {
			own = "a server of its own on the same machine, default settings, fsync on"
		}
		fmt.Fprintf(b, "| PostgreSQL | %s, %s |\n", r.PostgreSQL, own)
	}
	fmt.Fprintf(b, "| each figure | at least %g s; the whole run took %s |\n", r.Least, time.Duration(r.Seconds*float64(time.Second)).Round(time.Second))
	fmt.Fprintf(b, "| quiet? | %s |\n\n", r.quietness())
	if r.Profiled {
		b.WriteString("**The servers were profiled during this run: its figures are too high.**\n\n")
	}
}

func known(s string) string {
	if s == "" {
		return "(unknown)"
	}
	return s
}

// othersMost is the largest share of the cores that others used while something
// was measured.
func (r *Run) othersMost() float64 {
	worst := 0.0
	for _, f := range r.Figures {
		worst = max(worst, f.Others, f.Floor.Others)
	}
	return worst
}

// Noisy tells that the machine had other work to do.
func (r *Run) Noisy() bool {
	return r.othersMost() > quiet || r.LoadBefore > quiet*float64(r.Machine.Cores)
}

// quietness says whether the machine had other work to do.
func (r *Run) quietness() string {
	facts := fmt.Sprintf("load %.1f before and %.1f after; while measuring, others used up to %.0f %% of the cores",
		r.LoadBefore, r.LoadAfter, 100*r.othersMost())
	if r.Noisy() {
		return "**no**: " + facts + ". Ratios move by some tens of per cent then; requests a second and latencies are worth little"
	}
	return "yes: " + facts
}

func (r *Run) gateTable(b *strings.Builder) {
	b.WriteString("## Gates\n\n")
	if len(r.Connections) > 0 {
		fmt.Fprintf(b, "At %d connections. PostgreSQL's own processor time is counted.\n\n", r.Connections[0])
	}
	b.WriteString("| gate | database | people | limit | measured | |\n|---|---|---:|---:|---|---|\n")
	for _, g := range r.Gates() {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", g.Gate, title(g.Database), count(g.People), g.Limit, g.Measured, g.Verdict)
	}
	b.WriteString("\n")
}

func title(k stage.Kind) string {
	switch k {
	case stage.SQLite:
		return "SQLite"
	case stage.PostgreSQL:
		return "PostgreSQL"
	case stage.PocketBase:
		return "(PocketBase)"
	}
	return "both"
}

// count writes a number with thousands set apart; 0 is left out.
func count(n int) string {
	if n == 0 {
		return ""
	}
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func (r *Run) figureTable(b *strings.Builder, people, connections int) {
	fmt.Fprintf(b, "## %s people, %d connections\n\n", count(people), connections)
	b.WriteString("| what | database | CPU µs | of these PostgreSQL | floor µs | ratio | a second | floor | p50 ms | p99 ms | bytes | requests | others |\n" +
		"|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, name := range scenario.All {
		for _, db := range stage.AllKinds {
			f, ok := r.figure(people, db, connections, name)
			if !ok {
				if slices.Contains(r.Databases, db) {
					fmt.Fprintf(b, "| %s | %s | not measured: %s | | | | | | | | | | |\n", scenario.Titles[name], title(db),
						r.missing(people, db, connections, name))
				}
				continue
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s | %.0f | %s | %.0f | %.0f | %s | %s | %.0f | %d | %.0f %% |\n",
				scenario.Titles[name], title(db), total(f), backends(f), f.Floor.CPU, ratio(f), f.PerSecond, f.Floor.PerSecond,
				millis(f.P50), millis(f.P99), f.Bytes, f.Requests, 100*f.Others)
		}
	}
	b.WriteString("\n")
}

func total(f Figure) string {
	if t, ok := f.Total(); ok {
		return fmt.Sprintf("%.0f", t)
	}
	return fmt.Sprintf("%.0f + ?", f.CPU)
}

func backends(f Figure) string {
	switch {
	case f.Backends != nil:
		return fmt.Sprintf("%.0f", *f.Backends)
	case f.Database == stage.PostgreSQL:
		return "not measured"
	}
	return ""
}

func ratio(f Figure) string {
	if q, ok := f.Ratio(); ok {
		return fmt.Sprintf("**%.1f×**", q)
	}
	return "not measured"
}

func millis(ms float64) string {
	if ms < 10 {
		return fmt.Sprintf("%.2f", ms)
	}
	return fmt.Sprintf("%.0f", ms)
}

func (r *Run) otherTables(b *strings.Builder) {
	b.WriteString("## Start and memory\n\n| database | people | ready after, each start | connections | resident at the end | peak |\n|---|---:|---|---:|---:|---:|\n")
	for _, m := range r.Memories {
		var starts []string
		for _, s := range r.Starts {
			if s.People == m.People && s.Database == m.Database {
				starts = append(starts, fmt.Sprintf("%.2f s", s.Seconds))
			}
		}
		fmt.Fprintf(b, "| %s | %s | %s | %d | %s | %s |\n", title(m.Database), count(m.People), strings.Join(starts, ", "),
			m.Connections, megabytes(m.Resident), megabytes(m.Peak))
	}
	b.WriteString("\nMemory is that of the program named; PostgreSQL's own is not counted.\n\n")
	r.fillTable(b)
}

func (r *Run) fillTable(b *strings.Builder) {
	b.WriteString("## Filling\n\n" +
		"`passmuster demo` on an empty database: people, accounts, source records and the change log, with\n" +
		"the making up of the people included; beside it the same rows by plain INSERTs of many rows each,\n" +
		"without foreign keys. Measured when the company was made.\n\n" +
		"| database | people | rows | seconds | people/s | CPU s, PostgreSQL's included | plain: seconds | plain: CPU s | CPU ratio | on disk | when, load |\n" +
		"|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|\n")
	for _, f := range r.Fills {
		rows, seconds, cpu, ratio := "not measured", "", "", "not measured"
		if f.Raw.Rows > 0 {
			rows, seconds = count(int(f.Raw.Rows)), fmt.Sprintf("%.1f", f.Raw.Seconds)
			cpu = withServer(f.Database, f.Raw.CPU, f.Raw.Server)
		}
		if q, ok := f.Ratio(); ok {
			ratio = fmt.Sprintf("**%.1f×**", q)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %.1f | %.0f | %s | %s | %s | %s | %s | %s, %.1f |\n", title(f.Database), count(f.People),
			rows, f.Seconds, float64(f.People)/f.Seconds, withServer(f.Database, f.CPU, f.Server),
			seconds, cpu, ratio, megabytes(f.Bytes), f.At.Format(time.DateOnly), f.Load)
	}
}

// withServer adds PostgreSQL's processor time to the program's.
func withServer(db stage.Kind, cpu float64, server *float64) string {
	switch {
	case cpu == 0:
		return "not measured" // a company that somebody made by hand
	case db != stage.PostgreSQL:
		return fmt.Sprintf("%.1f", cpu)
	case server == nil:
		return fmt.Sprintf("%.1f + ?", cpu)
	}
	return fmt.Sprintf("%.1f", cpu+*server)
}
