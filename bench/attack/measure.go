package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/passmuster/passmuster/bench/bare"
	"github.com/passmuster/passmuster/bench/load"
	"github.com/passmuster/passmuster/bench/proc"
	"github.com/passmuster/passmuster/bench/stage"
)

// bench is one run of the program.
type bench struct {
	settings

	stage  *stage.Stage
	key    string
	gets   []load.Request
	report *results
	say    func(format string, args ...any)
}

// records is how many records the readers ask for, again and again.
const records = 500

// measure sets the stage up, runs every attack and tidies up.
func measure(ctx context.Context, s settings, progress io.Writer) (_ *results, err error) {
	began := time.Now()
	b := &bench{settings: s, say: func(format string, args ...any) {
		fmt.Fprintf(progress, "%6.1f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
	}}
	b.report = &results{
		Name: s.name, At: began.UTC().Truncate(time.Second), Machine: proc.ThisMachine(), People: s.people, Database: s.database,
		Readers: s.readers, Attackers: s.attackers, Phase: s.phase.Seconds(),
	}
	if b.report.LoadBefore, err = proc.Load(); err != nil {
		return nil, err
	}
	var cluster *stage.Cluster
	if s.database == stage.PostgreSQL {
		if s.postgres != "" {
			cluster, err = stage.UseCluster(ctx, s.postgres)
		} else {
			cluster, err = stage.NewCluster(ctx, s.cache)
		}
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, cluster.Close(ctx)) }()
	}
	if b.stage, err = stage.New(ctx, stage.Options{Binary: s.binary, Cache: s.cache, Cluster: cluster, Say: b.say}); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.stage.Close()) }()
	db, err := b.stage.Company(ctx, s.database, s.people, s.seed)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Drop(context.WithoutCancel(ctx))) }()
	b.key = db.Key
	if err := b.attacks(ctx, db.DSN); err != nil {
		return nil, err
	}
	b.report.Seconds = time.Since(began).Seconds()
	return b.report, nil
}

// attacks starts the server once and runs every attack on it.
func (b *bench) attacks(ctx context.Context, dsn string) (err error) {
	server, err := stage.Start(ctx, b.stage.Path("passmuster.log"), b.stage.Binary(), "serve", "--database", dsn, "--listen", "127.0.0.1:0", "--log-format", "json")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	target := load.Target{Address: server.Address, Key: b.key}
	answers := map[string][]byte{}
	d := rand.New(rand.NewPCG(b.seed, 1)) //nolint:gosec // a load must be repeatable, not secret
	for _, n := range d.Perm(b.people)[:min(records, b.people)] {
		b.gets = append(b.gets, load.Get(fmt.Sprintf("%s/%d", personnel, n+1)))
	}
	i := 0
	if err := load.Fetch(ctx, target, b.gets, func(r load.Request, body []byte) error {
		answers[r.ID()], b.gets[i].Want = body, len(body)
		i++
		return nil
	}); err != nil {
		return err
	}
	floor, err := b.startFloor(ctx, "readers", answers)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, floor.Stop()) }()
	for _, k := range kinds() {
		if b.only != nil && !slices.Contains(b.only, k.name) {
			continue
		}
		outcome, err := b.attack(ctx, k, server, floor)
		if err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		b.report.Outcomes = append(b.report.Outcomes, outcome)
	}
	return nil
}

func (b *bench) startFloor(ctx context.Context, name string, answers map[string][]byte) (*stage.Server, error) {
	file := b.stage.Path("answers-" + name)
	if err := bare.Write(file, answers); err != nil {
		return nil, err
	}
	return stage.Start(ctx, b.stage.Path("floor-"+name+".log"), b.self, childFloor, file)
}

// attack measures one kind, on Passmuster and on two bare servers.
func (b *bench) attack(ctx context.Context, k kind, server, floor *stage.Server) (o outcome, err error) {
	o = outcome{Kind: k.name, What: k.what}
	target := load.Target{Address: server.Address, Key: b.key}
	answers, requests, why, err := b.rehearse(ctx, k, target)
	if err != nil || why != "" {
		o.Why = why
		b.say("%s: not measured: %s", k.name, why)
		return o, err
	}
	b.say("%s: %s", k.name, k.what)
	if err := calm(ctx, server); err != nil {
		return o, err
	}
	if o.Quiet, o.Others, err = b.readQuietly(ctx, target, server); err != nil {
		return o, err
	}
	o.Busy, o.Weight, err = b.readUnder(ctx, target, order{Target: target, Kind: k.name, People: b.people})
	if err != nil {
		return o, err
	}
	memory, err := proc.MemoryOf(server.PID())
	if err != nil {
		return o, err
	}
	o.Peak = memory.Peak
	if err := calm(ctx, server); err != nil {
		return o, err
	}
	victim, err := b.startFloor(ctx, "attackers", answers)
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, victim.Stop()) }()
	bareTarget := load.Target{Address: floor.Address}
	if o.FloorQuiet, err = b.read(ctx, bareTarget); err != nil {
		return o, err
	}
	o.FloorBusy, o.FloorWeight, err = b.readUnder(ctx, bareTarget, order{Target: load.Target{Address: victim.Address}, Requests: requests})
	b.say("%s: p99 %.2f ms quiet, %.2f ms busy; bare %.2f ms and %.2f ms", k.name, o.Quiet.P99, o.Busy.P99, o.FloorQuiet.P99, o.FloorBusy.P99)
	return o, err
}

const (
	rehearsed = 4       // requests of a kind that are asked before, for the floor
	longest   = 8 << 20 // bytes of an answer that the floor keeps
)

// rehearse asks some requests of a kind, with dice of their own. An attack that
// the server does not know has no figure.
func (b *bench) rehearse(ctx context.Context, k kind, t load.Target) (answers map[string][]byte, requests []load.Request, why string, err error) {
	answers = map[string][]byte{}
	next := sequence(k, b.people, b.seed+1, b.attackers)
	for range rehearsed {
		r := next()
		status, body, err := load.Ask(ctx, t, r)
		if err != nil && !errors.Is(err, load.ErrTooLong) { // what came of a long one will do
			return nil, nil, "", err
		}
		if status != http.StatusOK {
			return nil, nil, fmt.Sprintf("the server answers %d: %.120s", status, body), nil
		}
		answers[r.ID()] = body[:min(len(body), longest)]
		requests = append(requests, r)
	}
	return answers, requests, "", nil
}

// read measures the readers.
func (b *bench) read(ctx context.Context, t load.Target) (latency, error) {
	res, err := load.Run(ctx, t, load.Plan{Requests: b.gets, Connections: b.readers, Seed: b.seed, Least: b.phase, Most: b.phase + time.Minute, LeastRequests: b.readers})
	if err != nil {
		return latency{}, fmt.Errorf("reading: %w", err)
	}
	return latency{Requests: res.Requests, P50: millis(res.P50), P99: millis(res.P99), Slowest: millis(res.Slowest)}, nil
}

// readQuietly is read, with the share of the machine's cores that went to
// others meanwhile.
func (b *bench) readQuietly(ctx context.Context, t load.Target, s *stage.Server) (latency, float64, error) {
	before, err := ours(s)
	if err != nil {
		return latency{}, 0, err
	}
	began := time.Now()
	read, err := b.read(ctx, t)
	if err != nil {
		return read, 0, err
	}
	elapsed := time.Since(began)
	after, err := ours(s)
	used := (after.machine - after.ours) - (before.machine - before.ours)
	return read, max(0, used.Seconds()/(elapsed.Seconds()*float64(b.report.Machine.Cores))), err
}

// cpu is what the machine has worked, and what of it was for this.
type cpu struct{ machine, ours time.Duration }

func ours(s *stage.Server) (cpu, error) {
	machine, err := proc.Busy()
	if err != nil {
		return cpu{}, err
	}
	driver, err := proc.CPU(os.Getpid())
	if err != nil {
		return cpu{}, err
	}
	server, err := proc.CPU(s.PID())
	return cpu{machine, driver + server}, err
}

func millis(d time.Duration) float64 { return d.Seconds() * 1e3 }

// readUnder measures the readers while others attack.
func (b *bench) readUnder(ctx context.Context, t load.Target, o order) (latency, load.Weight, error) {
	o.Connections, o.Seed, o.Most = b.attackers, b.seed, 2*b.phase+2*time.Minute
	f, err := startFlood(ctx, b.self, o)
	if err != nil {
		return latency{}, load.Weight{}, err
	}
	read, err := b.read(ctx, t)
	weight, stopped := f.stop()
	return read, weight, errors.Join(err, stopped)
}

const (
	calmFor      = 200 * time.Millisecond
	calmTicks    = 20 * time.Millisecond // of processor time in calmFor: a tenth of a core
	calmAtLatest = time.Minute
)

// calm waits until the server has done with what was left of an attack.
func calm(ctx context.Context, s *stage.Server) error {
	ctx, cancel := context.WithTimeout(ctx, calmAtLatest)
	defer cancel()
	tick := time.NewTicker(calmFor)
	defer tick.Stop()
	before, err := proc.CPU(s.PID())
	for err == nil {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server does not come to rest: %w", ctx.Err())
		case <-tick.C:
		}
		var now time.Duration
		if now, err = proc.CPU(s.PID()); err == nil && now-before <= calmTicks {
			return nil
		}
		before = now
	}
	return err
}
