//go:build linux && pocketbase

package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/bench/report"
	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

// PocketBase is built from its module, which takes a minute the first time and
// needs the network: hence the tag.
func TestPocketBase(t *testing.T) {
	t.Parallel()
	run, table := slice(t, "-databases", "sqlite", "-pocketbase", "300", "-roster", "")
	if len(run.Peers) != 1 || run.Peers[0].Version == "" || run.Peers[0].Why != "" || len(run.Failures) != 0 {
		t.Fatalf("%+v, failures %v", run.Peers, run.Failures)
	}
	for _, name := range scenario.All {
		i := slices.IndexFunc(run.Figures, func(f report.Figure) bool { return f.Scenario == name && f.Database == stage.PocketBase })
		if i < 0 {
			t.Errorf("%s was not measured", name)
			continue
		}
		if f := run.Figures[i]; f.Requests == 0 || f.Bytes < 1000 || f.Floor.Requests == 0 || f.Resident == 0 {
			t.Errorf("%s: %+v", name, f)
		}
		// At this size the clock may be too coarse for a ratio; the row is there.
		if !strings.Contains(table, "| "+scenario.Titles[name]+" |") {
			t.Errorf("%s has no row", name)
		}
	}
	if !strings.Contains(table, "### 300 people, 4 connections, PocketBase "+run.Peers[0].Version) {
		t.Error("PocketBase has no table")
	}
}
