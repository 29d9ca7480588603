//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/passmuster/passmuster/bench/report"
	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/internal/pgtest"
)

// The program starts itself again as its children; in a test, that is the test
// binary.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], "child-") {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
		stop()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(tests(m))
}

// binary is the program under test, built once.
var binary string

func tests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "passmuster-floor-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "passmuster")
	if out, err := exec.Command("go", "build", "-o", binary, "../../cmd/passmuster").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// slice runs the program on a small company and gives what it has written.
func slice(t *testing.T, args ...string) (figures report.Run, table string) {
	t.Helper()
	out := t.TempDir()
	var stdout, progress bytes.Buffer
	args = append([]string{"-slice", "-name", "slice", "-out", out, "-cache", t.TempDir(), "-binary", binary}, args...)
	if err := run(t.Context(), args, strings.NewReader(""), &stdout, &progress); err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	written, err := filepath.Glob(filepath.Join(out, "*-slice.*"))
	if err != nil || len(written) != 2 {
		t.Fatalf("written: %v, %v", written, err)
	}
	text, err := os.ReadFile(written[0]) // .json comes before .md
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &figures); err != nil {
		t.Fatal(err)
	}
	return figures, stdout.String()
}

// The figures of a slice mean nothing; that they are all there means that the
// program works: servers start, every request is answered as expected, every
// row of the table is filled.
func TestSlice(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		run, table := slice(t, "-databases", "sqlite", "-pocketbase", "0")
		expectEveryRow(t, run, table)
		expectRoster(t, run, table)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		run, table := slice(t, "-databases", "postgres", "-postgres", pgtest.DSN(t), "-roster", "")
		expectEveryRow(t, run, table)
		if run.PostgreSQL == "" || run.OwnCluster {
			t.Errorf("PostgreSQL %q, of our own: %v", run.PostgreSQL, run.OwnCluster)
		}
	})
}

func expectEveryRow(t *testing.T, run report.Run, table string) {
	t.Helper()
	for _, name := range scenario.All {
		i := slices.IndexFunc(run.Figures, func(f report.Figure) bool { return f.Scenario == name })
		if i < 0 {
			t.Errorf("%s was not measured", name)
			continue
		}
		f := run.Figures[i]
		if f.Requests == 0 || f.Bytes == 0 || f.P50 <= 0 || f.P99 < f.P50 || f.Resident == 0 || f.Floor.Requests == 0 {
			t.Errorf("%s: %+v", name, f)
		}
		if name != scenario.GetCold && name != scenario.Update && f.Bytes < 1000 {
			t.Errorf("%s: %.0f bytes are no answer", name, f.Bytes)
		}
		if !strings.Contains(table, "| "+scenario.Titles[name]+" |") {
			t.Errorf("%s has no row", name)
		}
	}
	if len(run.Figures) != len(scenario.All) || len(run.Failures) != 0 {
		t.Errorf("%d figures, want %d; failures: %v", len(run.Figures), len(scenario.All), run.Failures)
	}
	if len(run.Starts) != 1 || run.Starts[0].Seconds <= 0 || len(run.Memories) != 1 || len(run.Fills) != 1 || run.Fills[0].Seconds <= 0 {
		t.Errorf("starts %v, memory %v, fills %v", run.Starts, run.Memories, run.Fills)
	}
	for _, g := range run.Gates() {
		if !strings.Contains(table, "| "+g.Gate+" |") {
			t.Errorf("the gate %q has no row", g.Gate)
		}
	}
}

// The index alone is measured at the size of the slice, which no gate is about.
func expectRoster(t *testing.T, run report.Run, table string) {
	t.Helper()
	if len(run.Rosters) != 1 || run.Rosters[0].People != slicePeople || run.Rosters[0].Heap == 0 {
		t.Fatalf("%s, %d sizes", run.RosterWhy, len(run.Rosters))
	}
	for _, what := range report.AllTimings {
		if !strings.Contains(table, "| "+string(what)+" | 300 |") {
			t.Errorf("%s has no row", what)
		}
	}
}

// A profile is written by Passmuster inside a child, for the scenario alone.
func TestProfile(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "profiles")
	run, table := slice(t, "-databases", "sqlite", "-pocketbase", "0", "-roster", "", "-only", "get-warm", "-cpuprofile", dir)
	if len(run.Figures) != 1 || !strings.Contains(table, "too high") || strings.Contains(run.Command, dir) {
		t.Errorf("%d figures, command %q", len(run.Figures), run.Command)
	}
	profiles, err := os.ReadDir(dir)
	if err != nil || len(profiles) != 1 || profiles[0].Name() != "300-sqlite-4-get-warm.pprof" {
		t.Fatalf("%v, %v", profiles, err)
	}
	if info, err := profiles[0].Info(); err != nil || info.Size() == 0 {
		t.Errorf("the profile is empty: %v", err)
	}
}
