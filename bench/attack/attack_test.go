//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/passmuster/passmuster/bench/load"
	"github.com/passmuster/passmuster/bench/stage"
	"github.com/passmuster/passmuster/internal/workforce"
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
	os.Exit(m.Run())
}

// The figures of a slice mean nothing; that they are all there means that the
// program works.
func TestSlice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	binary := filepath.Join(dir, "passmuster")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../../cmd/passmuster").CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	var stdout, progress bytes.Buffer
	args := []string{"-slice", "-name", "slice", "-out", dir, "-cache", filepath.Join(dir, "cache"), "-binary", binary}
	if err := run(t.Context(), args, strings.NewReader(""), &stdout, &progress); err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	written, err := filepath.Glob(filepath.Join(dir, "*-slice-attack.*"))
	if err != nil || len(written) != 2 {
		t.Fatalf("written: %v, %v", written, err)
	}
	text, err := os.ReadFile(written[0])
	if err != nil {
		t.Fatal(err)
	}
	var r results
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Outcomes) != len(kinds()) {
		t.Fatalf("%d outcomes, want %d", len(r.Outcomes), len(kinds()))
	}
	ours, floors := 0, 0
	for _, o := range r.Outcomes {
		if !strings.Contains(stdout.String(), "| "+o.What+" |") {
			t.Errorf("%s has no row", o.Kind)
		}
		if o.Why != "" {
			t.Errorf("%s: %s", o.Kind, o.Why)
			continue
		}
		if o.Quiet.Requests == 0 || o.Busy.Requests == 0 || o.Busy.P99 < o.Busy.P50 || o.Weight.Seconds <= 0 || o.Peak == 0 ||
			o.FloorQuiet.Requests == 0 || o.FloorBusy.Requests == 0 || o.FloorWeight.Seconds <= 0 {
			t.Errorf("%+v", o)
		}
		ours, floors = ours+o.Weight.Requests, floors+o.FloorWeight.Requests
	}
	// One attack may have no answer in so short a phase; all of them have some.
	if ours == 0 || floors == 0 {
		t.Errorf("the attackers had %d answers, and %d of the bare server", ours, floors)
	}
}

func TestSettingsAreRefused(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-people 5":         "-people 5: want 100 to",
		"-database mysql":   `-database "mysql"`,
		"-attackers 100000": "-attackers 100000",
		"-readers 0":        "-readers 0",
		"-phase 1h":         "-phase 1h",
		"-only x":           `-only "x": want some of`,
		"-name a/b":         "a part of a file name",
		"now":               `unexpected "now"`,
	} {
		if _, err := parseSettings(strings.Fields(args), io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", args, err, want)
		}
	}
}

// What is asked repeats so seldom that nothing a server keeps can help it, and
// the same seed is the same attack.
func TestRequestsAreNewEachTime(t *testing.T) {
	t.Parallel()
	const drawn = 500
	for _, k := range kinds() {
		seen := map[string]bool{}
		first, again := sequence(k, 100_000, 1, 3), sequence(k, 100_000, 1, 3)
		for range drawn {
			r := first()
			if r != again() {
				t.Fatalf("%s: one seed gave two attacks", k.name)
			}
			seen[r.ID()] = true
		}
		switch k.name {
		case "everything": // every sort in both directions
			if want := 2 * len(workforce.AllPersonnelSorts); len(seen) != want {
				t.Errorf("%s: %d requests, want %d", k.name, len(seen), want)
			}
		case "writes": // taken away and given back
			if len(seen) != 2 {
				t.Errorf("%s: %d requests", k.name, len(seen))
			}
		default:
			if len(seen) < drawn/2 {
				t.Errorf("%s: only %d of %d requests differ", k.name, len(seen), drawn)
			}
		}
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	at := func(p99 float64) latency { return latency{Requests: 1, P50: p99 / 2, P99: p99} }
	for name, c := range map[string]struct {
		o    outcome
		want string
	}{
		"met":        {outcome{Quiet: at(1), Busy: at(5)}, "met"},
		"not met":    {outcome{Quiet: at(1), Busy: at(5.1)}, "NOT MET"},
		"no figure":  {outcome{Why: "there is no such route"}, "not measured"},
		"noise":      {outcome{Quiet: at(1), Busy: at(2), Others: 0.3}, "not judged: others used 30 % of the cores"},
		"noise, bad": {outcome{Quiet: at(1), Busy: at(20), Others: 0.3}, "NOT MET"},
	} {
		if got := c.o.verdict(stage.SQLite); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		r := results{Outcomes: []outcome{c.o}, Database: stage.SQLite}
		if !strings.Contains(r.markdown(), "| "+c.want+" |") {
			t.Errorf("%s: no such row in\n%s", name, r.markdown())
		}
	}
}

func TestStatusesTellWhatGotThrough(t *testing.T) {
	t.Parallel()
	for want, w := range map[string]load.Weight{
		"7 × 200, 3 × 503, 1 broken off": {Requests: 10, Statuses: map[int]int{503: 3, 200: 7}, Broken: 1},
		"none was done in time":          {},
	} {
		if got := statuses(w); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
