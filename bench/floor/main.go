// Command floor measures Passmuster beside the least that a server could do: a
// bare net/http that writes the same bytes, prepared, to the same requests. In
// one run it starts both, drives the same load at both in turn, and writes the
// ratios to bench/results beside the gates.
//
//	go run ./bench/floor -name NAME
//
// It runs on Linux, because it reads /proc. It may import anything of the
// project; nothing may import it. It must never send a request to another
// machine, and never leave a process behind.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/passmuster/passmuster/bench/bare"
	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

// run is the program. Its first argument may make it one of its own children.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case childFloor:
			return bare.Serve(ctx, args[1:], stdin, stdout)
		case childProfiled:
			return serveProfiled(ctx, args[1:], stdin, stdout, stderr)
		}
	}
	s, err := parseSettings(args, stderr)
	if err != nil {
		return err
	}
	report, err := measure(ctx, s, stderr)
	if err != nil {
		return err
	}
	file, err := report.Write(s.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s\nWritten to %s\n", report.Markdown(), file)
	if n := len(report.Failures); n > 0 {
		return fmt.Errorf("%d scenarios failed: the table says why", n)
	}
	return nil
}

// settings are the flags.
type settings struct {
	name        string
	out         string
	cache       string
	binary      string
	people      []int
	databases   []stage.Kind
	postgres    string
	connections []int
	duration    time.Duration
	requests    int
	most        time.Duration
	seed        uint64
	only        []scenario.Name
	peerMost    int   // companies up to this size are measured on PocketBase too
	roster      []int // sizes of the roster alone
	profiles    string
	slice       bool
	self        string   // this program, to be started again as a child
	args        []string // as given
}

// The slice is what a test has time for: it shows that the program works, and
// its figures mean nothing.
const (
	slicePeople      = 300
	sliceDuration    = 200 * time.Millisecond
	sliceRequests    = 16
	sliceConnections = 4
)

func parseSettings(args []string, stderr io.Writer) (settings, error) {
	s := settings{args: args}
	f := flag.NewFlagSet("floor", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&s.name, "name", "local", "what the results are called: DATE-NAME.md and .json")
	f.StringVar(&s.out, "out", filepath.Join("bench", "results"), "folder for the results")
	f.StringVar(&s.cache, "cache", filepath.Join(os.TempDir(), "passmuster-bench"), "folder for demo companies that are kept for the next run")
	f.StringVar(&s.binary, "binary", "", "a built passmuster to measure (default: this checkout's)")
	people := f.String("people", "10000,100000", "sizes of the company")
	databases := f.String("databases", "sqlite,postgres", "databases to measure")
	f.StringVar(&s.postgres, "postgres", "", "DSN of a PostgreSQL server on which databases may be made (default: start one of our own)")
	connections := f.String("connections", "16,4", "keep-alive connections; gates look at the first")
	f.DurationVar(&s.duration, "duration", 2*time.Second, "least duration of each figure")
	f.IntVar(&s.requests, "requests", 200, "least number of requests for each figure")
	f.DurationVar(&s.most, "most", 20*time.Second, "most that one figure may take, whatever -requests says")
	f.Uint64Var(&s.seed, "seed", 1, "seed of the company and of the requests")
	only := f.String("only", "", "scenarios to run, like get-warm,update (default: all)")
	f.IntVar(&s.peerMost, "pocketbase", 100_000, "measure PocketBase beside SQLite up to this many people; 0 leaves it out")
	roster := f.String("roster", "10000,1000000", "sizes to measure the in-memory index at, alone; empty leaves it out")
	f.StringVar(&s.profiles, "cpuprofile", "", "folder for a CPU profile of the server in each scenario; makes the figures too high")
	f.BoolVar(&s.slice, "slice", false, fmt.Sprintf("a quick look whether everything works: %d people, %s a figure", slicePeople, sliceDuration))
	if err := f.Parse(args); err != nil {
		return s, err
	}
	var errs []error
	if f.NArg() > 0 {
		errs = append(errs, fmt.Errorf("unexpected %q: everything is a flag, see -help", f.Arg(0)))
	}
	s.people = numbers("people", *people, &errs)
	s.connections = numbers("connections", *connections, &errs)
	s.databases = oneOf("databases", *databases, stage.AllKinds, &errs)
	if *roster != "" {
		s.roster = numbers("roster", *roster, &errs)
	}
	s.only = scenario.All
	if *only != "" {
		s.only = oneOf("only", *only, scenario.All, &errs)
	}
	if s.slice {
		s.people, s.connections = []int{slicePeople}, []int{sliceConnections}
		s.duration, s.requests = sliceDuration, sliceRequests
		if s.roster != nil {
			s.roster = []int{slicePeople}
		}
	}
	errs = append(errs, s.check())
	var err error
	if s.self, err = os.Executable(); err != nil {
		errs = append(errs, err)
	}
	return s, errors.Join(errs...)
}

// Bounds that keep a typing error from holding a machine for hours.
const (
	mostPeople      = 2_000_000
	mostConnections = 256
	mostDuration    = time.Minute
)

func (s *settings) check() error {
	var errs []error
	for _, n := range slices.Concat(s.people, s.roster) {
		if n < 100 || n > mostPeople {
			errs = append(errs, fmt.Errorf("%d people: want 100 to %d", n, mostPeople))
		}
	}
	for _, n := range s.connections {
		if n < 1 || n > mostConnections {
			errs = append(errs, fmt.Errorf("-connections %d: want 1 to %d", n, mostConnections))
		}
	}
	if s.duration <= 0 || s.duration > mostDuration || s.most < s.duration {
		errs = append(errs, fmt.Errorf("-duration %s, -most %s: want more than 0, at most %s, and -most not below -duration",
			s.duration, s.most, mostDuration))
	}
	if s.name == "" || strings.ContainsAny(s.name, `/\ `) {
		errs = append(errs, fmt.Errorf("-name %q: want a part of a file name, like laptop", s.name))
	}
	return errors.Join(errs...)
}

func numbers(name, list string, errs *[]error) []int {
	var out []int
	for item := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(item))
		if err != nil {
			*errs = append(*errs, fmt.Errorf("-%s %q: want numbers with commas between them", name, list))
			return nil
		}
		out = append(out, n)
	}
	return out
}

func oneOf[T ~string](name, list string, all []T, errs *[]error) []T {
	var out []T
	for item := range strings.SplitSeq(list, ",") {
		v := T(strings.TrimSpace(item))
		if !slices.Contains(all, v) {
			*errs = append(*errs, fmt.Errorf("-%s %q: want some of %v, with commas between them", name, item, all))
			continue
		}
		out = append(out, v)
	}
	return out
}
