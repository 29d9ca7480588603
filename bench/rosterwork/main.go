// Command rosterwork times internal/roster alone: a made-up company of each
// size is loaded into memory, and a fixed set of queries is asked, for the
// first time and again. It prints JSON for bench/floor, which runs it.
//
//	go run ./bench/rosterwork -people 10000,1000000
//
// It may import internal/roster, internal/workforce and bench/report. It must
// never read a database or answer a request: what those cost is measured
// elsewhere.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/passmuster/passmuster/bench/report"
	"github.com/passmuster/passmuster/internal/roster"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "rosterwork:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := flag.NewFlagSet("rosterwork", flag.ContinueOnError)
	f.SetOutput(stderr)
	people := f.String("people", "10000,1000000", "sizes of the company")
	seed := f.Uint64("seed", 1, "seed of the company and of the queries")
	if err := f.Parse(args); err != nil {
		return err
	}
	var sizes []report.Roster
	for item := range strings.SplitSeq(*people, ",") {
		n, err := strconv.Atoi(item)
		if err != nil || n < 100 || n > 2_000_000 {
			return fmt.Errorf("-people %q: want numbers from 100 to 2000000", item)
		}
		size, err := measure(ctx, n, *seed, stderr)
		if err != nil {
			return err
		}
		sizes = append(sizes, size)
	}
	return json.NewEncoder(stdout).Encode(sizes)
}

// measure loads a company of a size and times everything.
func measure(ctx context.Context, people int, seed uint64, progress io.Writer) (report.Roster, error) {
	size := report.Roster{People: people}
	start := time.Now()
	say := func(what report.TimingName) {
		fmt.Fprintf(progress, "roster, %d people, after %.0f s: %s\n", people, time.Since(start).Seconds(), what)
	}
	say("making the company")
	c := newCompany(people, seed)
	listed := c.listed()
	size.Accounts = len(listed.Accounts)
	r := roster.New()
	began := time.Now()
	r.Replace(listed)
	size.Load = time.Since(began).Seconds()
	listed.People, listed.Accounts = nil, nil // what the roster keeps must be its own
	for _, timed := range []func(context.Context, *roster.Roster, *company) ([]report.Timing, error){
		timeQueries, timeSearches, timeFacets, timeApply,
	} {
		timings, err := timed(ctx, r, c)
		if err != nil {
			return size, err
		}
		for _, t := range timings {
			say(t.What + " is timed")
		}
		size.Timings = append(size.Timings, timings...)
	}
	runtime.GC()
	size.Heap = heap() // the generator's records are gone by now
	runtime.KeepAlive(r)
	return size, nil
}

func heap() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// sample is the time of one query.
type sample struct {
	name   string
	micros float64
}

func timing(what report.TimingName, all []sample, keepEach bool) report.Timing {
	t := report.Timing{What: what, Queries: len(all)}
	if len(all) == 0 {
		return t
	}
	if keepEach {
		t.Each = map[string]float64{}
		for _, s := range all {
			t.Each[s.name] = s.micros
		}
	}
	slices.SortFunc(all, func(a, b sample) int { return compare(a.micros, b.micros) })
	last := all[len(all)-1]
	t.Median, t.P99, t.Max, t.Worst = all[len(all)/2].micros, all[len(all)*99/100].micros, last.micros, last.name
	return t
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// once times one call.
func once(f func() error) (float64, error) {
	began := time.Now()
	err := f()
	return float64(time.Since(began).Nanoseconds()) / 1e3, err
}

// Repeated calls are timed in batches, of which the fastest counts: what other
// work of the machine adds is not the roster's.
const (
	batches   = 16
	batchSize = 16
)

func again(f func() error) (float64, error) {
	best := 0.0
	for i := range batches {
		took, err := once(func() error {
			for range batchSize {
				if err := f(); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
		if each := took / batchSize; i == 0 || each < best {
			best = each
		}
	}
	return best, nil
}
