// Command attack asks whether costly requests hurt cheap ones. It measures how
// long a get by id takes over a few connections while nothing else happens, and
// again while many other connections send the costliest requests that anyone
// with a key can form, a new one each time. Because attackers, readers and
// server share the machine's cores, the same is measured on bare servers: the
// readers ask one, the attackers weigh on another. What is slower there is the
// machine, not Passmuster.
//
//	go run ./bench/attack -name NAME
//
// It runs on Linux, because it reads /proc. It may import the other packages of
// bench and the names of the API. It must never send a request to another machine, run without an end, or
// leave a process behind.
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
	"strings"
	"syscall"
	"time"

	"github.com/passmuster/passmuster/bench/bare"
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
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
}

// The program starts itself again under these names.
const (
	childFloor = "child-floor"
	childFlood = "child-flood"
)

// run is the program. Its first argument may make it one of its own children.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case childFloor:
			return bare.Serve(ctx, args[1:], stdin, stdout)
		case childFlood:
			return flood(ctx, stdin, stdout)
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
	file, err := report.write(s.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s\nWritten to %s\n", report.markdown(), file)
	return nil
}

// settings are the flags.
type settings struct {
	name      string
	out       string
	cache     string
	binary    string
	postgres  string
	people    int
	database  stage.Kind
	readers   int
	attackers int
	phase     time.Duration
	seed      uint64
	only      []string
	self      string // this program, to be started again as a child
}

// The slice is what a test has time for: its figures mean nothing.
const (
	slicePeople = 300
	slicePhase  = 100 * time.Millisecond
)

func parseSettings(args []string, stderr io.Writer) (settings, error) {
	s := settings{}
	f := flag.NewFlagSet("attack", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&s.name, "name", "local", "what the results are called: DATE-NAME-attack.md and .json")
	f.StringVar(&s.out, "out", filepath.Join("bench", "results"), "folder for the results")
	f.StringVar(&s.cache, "cache", filepath.Join(os.TempDir(), "passmuster-bench"), "folder for demo companies that are kept for the next run")
	f.StringVar(&s.binary, "binary", "", "a built passmuster to attack (default: this checkout's)")
	f.IntVar(&s.people, "people", 100_000, "size of the company")
	database := f.String("database", string(stage.SQLite), "sqlite or postgres")
	f.StringVar(&s.postgres, "postgres", "", "DSN of a PostgreSQL server on which databases may be made (default: start one of our own)")
	f.IntVar(&s.readers, "readers", 4, "connections that get records by id")
	f.IntVar(&s.attackers, "attackers", 64, "connections that attack")
	f.DurationVar(&s.phase, "phase", 10*time.Second, "how long each of the four phases of an attack takes")
	f.Uint64Var(&s.seed, "seed", 1, "seed of the company and of the requests")
	only := f.String("only", "", "attacks to run, with commas between them (default: all)")
	slice := f.Bool("slice", false, fmt.Sprintf("a quick look whether everything works: %d people, %s a phase", slicePeople, slicePhase))
	if err := f.Parse(args); err != nil {
		return s, err
	}
	s.database = stage.Kind(*database)
	if *slice {
		s.people, s.phase, s.attackers = slicePeople, slicePhase, 8
	}
	var errs []error
	if f.NArg() > 0 {
		errs = append(errs, fmt.Errorf("unexpected %q: everything is a flag, see -help", f.Arg(0)))
	}
	if *only != "" {
		s.only = strings.Split(*only, ",")
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
	mostConnections = 512
	mostPhase       = time.Minute
)

func (s *settings) check() error {
	var errs []error
	if s.people < 100 || s.people > mostPeople {
		errs = append(errs, fmt.Errorf("-people %d: want 100 to %d", s.people, mostPeople))
	}
	if !slices.Contains(stage.AllKinds, s.database) {
		errs = append(errs, fmt.Errorf("-database %q: want one of %v", s.database, stage.AllKinds))
	}
	for name, n := range map[string]int{"readers": s.readers, "attackers": s.attackers} {
		if n < 1 || n > mostConnections {
			errs = append(errs, fmt.Errorf("-%s %d: want 1 to %d", name, n, mostConnections))
		}
	}
	if s.phase <= 0 || s.phase > mostPhase {
		errs = append(errs, fmt.Errorf("-phase %s: want more than 0 and at most %s", s.phase, mostPhase))
	}
	for _, name := range s.only {
		if _, ok := kindOf(name); !ok {
			errs = append(errs, fmt.Errorf("-only %q: want some of %v", name, names()))
		}
	}
	if s.name == "" || strings.ContainsAny(s.name, `/\ `) {
		errs = append(errs, fmt.Errorf("-name %q: want a part of a file name, like laptop", s.name))
	}
	return errors.Join(errs...)
}
