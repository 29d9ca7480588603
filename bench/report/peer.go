package report

import (
	"fmt"
	"strings"

	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

// Less is how many times less processor time Passmuster on SQLite took for a
// request than PocketBase did for the same question; false if one of them was
// not measured.
func (r *Run) Less(people, connections int, name scenario.Name) (float64, bool) {
	theirs, ok := r.figure(people, stage.PocketBase, connections, name)
	ours, also := r.figure(people, stage.SQLite, connections, name)
	if !ok || !also || ours.CPU <= 0 {
		return 0, false
	}
	return theirs.CPU / ours.CPU, true
}

// peerTables shows PocketBase beside Passmuster on SQLite.
func (r *Run) peerTables(b *strings.Builder) {
	if len(r.Peers) == 0 {
		return
	}
	b.WriteString("## PocketBase beside us\n\n" +
		"The same company and the same questions; totals and records were compared before anything was measured.\n" +
		"What is not the same work is told in [bench/README.md](../README.md#pocketbase).\n\n")
	for _, p := range r.Peers {
		if p.Why != "" {
			fmt.Fprintf(b, "%s people: not measured: %s\n\n", count(p.People), strings.ReplaceAll(p.Why, "\n", " "))
			continue
		}
		for _, connections := range r.Connections {
			r.peerTable(b, p, connections)
		}
	}
}

func (r *Run) peerTable(b *strings.Builder, p Peer, connections int) {
	fmt.Fprintf(b, "### %s people, %d connections, PocketBase %s\n\n", count(p.People), connections, p.Version)
	b.WriteString("| what | PocketBase CPU µs | ÷ floor | Passmuster CPU µs | ÷ floor | Passmuster takes | p50 ms | ours | p99 ms | ours | bytes | ours |\n" +
		"|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, name := range scenario.All {
		theirs, ok := r.figure(p.People, stage.PocketBase, connections, name)
		if !ok {
			fmt.Fprintf(b, "| %s | not measured: %s | | | | | | | | | | |\n", scenario.Titles[name], r.missing(p.People, stage.PocketBase, connections, name))
			continue
		}
		fmt.Fprintf(b, "| %s | %s | %s ", scenario.Titles[name], total(theirs), ratio(theirs))
		ours, ok := r.figure(p.People, stage.SQLite, connections, name)
		if !ok {
			fmt.Fprintf(b, "| not measured | | | %s | | %s | | %.0f | |\n", millis(theirs.P50), millis(theirs.P99), theirs.Bytes)
			continue
		}
		less, _ := r.Less(p.People, connections, name)
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %.0f | %.0f |\n", total(ours), ratio(ours), times(less),
			millis(theirs.P50), millis(ours.P50), millis(theirs.P99), millis(ours.P99), theirs.Bytes, ours.Bytes)
	}
	b.WriteString("\n")
}

// times words an advantage, or its opposite.
func times(less float64) string {
	switch {
	case less <= 0:
		return "not measured"
	case less < 1:
		return fmt.Sprintf("**%s× more**", significant(1/less))
	}
	return fmt.Sprintf("**%s× less**", significant(less))
}

func significant(f float64) string {
	if f < 10 {
		return fmt.Sprintf("%.1f", f)
	}
	return count(int(f + 0.5))
}
