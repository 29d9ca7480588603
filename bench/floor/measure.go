package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/bench/load"
	"github.com/passmuster/passmuster/bench/proc"
	"github.com/passmuster/passmuster/bench/report"
	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

// bench is one run of the program.
type bench struct {
	settings

	stage   *stage.Stage
	cluster *stage.Cluster // nil if PostgreSQL is left out
	report  *report.Run
	say     func(format string, args ...any)
}

// measure sets the stage up, measures everything and tidies up.
func measure(ctx context.Context, s settings, progress io.Writer) (_ *report.Run, err error) {
	began := time.Now()
	b := &bench{settings: s, say: func(format string, args ...any) {
		fmt.Fprintf(progress, "%6.1f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
	}}
	b.report = &report.Run{
		Name: s.name, At: began.UTC().Truncate(time.Second), Command: commandLine(s.args), Revision: revision(ctx), Machine: proc.ThisMachine(),
		Profiled: s.profiles != "", People: s.people, Databases: s.databases, Connections: s.connections, Least: s.duration.Seconds(),
	}
	if b.report.LoadBefore, err = proc.Load(); err != nil {
		return nil, err
	}
	if s.profiles != "" {
		if err := os.MkdirAll(s.profiles, 0o755); err != nil { //nolint:gosec // profiles hold no secrets
			return nil, fmt.Errorf("making the folder for profiles: %w", err)
		}
	}
	if slices.Contains(s.databases, stage.PostgreSQL) {
		if err := b.openCluster(ctx); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, b.cluster.Close(ctx)) }()
	}
	if b.stage, err = stage.New(ctx, stage.Options{Binary: s.binary, Cache: s.cache, Cluster: b.cluster, Say: b.say}); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.stage.Close()) }()
	for _, people := range s.people {
		for _, kind := range s.databases {
			if err := b.company(ctx, kind, people); err != nil {
				return nil, fmt.Errorf("%d people on %s: %w", people, kind, err)
			}
		}
	}
	b.report.Seconds = time.Since(began).Seconds()
	b.report.LoadAfter, err = proc.Load()
	return b.report, err
}

func (b *bench) openCluster(ctx context.Context) (err error) {
	if b.postgres != "" {
		b.cluster, err = stage.UseCluster(ctx, b.postgres)
	} else {
		b.cluster, err = stage.NewCluster(ctx, b.cache)
	}
	if err != nil {
		return err
	}
	b.report.PostgreSQL, b.report.OwnCluster = b.cluster.Version, b.postgres == ""
	return nil
}

// commandLine is how a person repeats the run. A DSN may hold a password and
// names a server, and folders are those of one machine: they are left out.
func commandLine(args []string) string {
	out := []string{"go", "run", "./bench/floor"}
	private := []string{"postgres", "cache", "out", "binary", "cpuprofile"}
	for i := 0; i < len(args); i++ {
		name, _, joined := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if !slices.Contains(private, name) {
			out = append(out, args[i])
		} else if !joined {
			i++ // its value is the next one
		}
	}
	return strings.Join(out, " ")
}

// revision is what git says of the checkout, or nothing.
func revision(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--tags").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// company measures one company on one database.
func (b *bench) company(ctx context.Context, kind stage.Kind, people int) (err error) {
	db, err := b.stage.Company(ctx, kind, people, b.seed)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Drop(context.WithoutCancel(ctx))) }()
	b.report.Fills = append(b.report.Fills, db.Fill)
	for _, connections := range b.connections {
		s := session{bench: b, kind: kind, people: people, connections: connections, db: db}
		if err := s.run(ctx); err != nil {
			return err
		}
	}
	return nil
}

// session is one start of the server, everything asked of it, and its end.
type session struct {
	*bench

	kind        stage.Kind
	people      int
	connections int
	db          stage.Database

	server *stage.Server // Passmuster
	floor  *stage.Server
	cold   *report.Figure // waits for the floor of the warm records
}

func (s *session) run(ctx context.Context) (err error) {
	if s.server, err = s.serve(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.server.Stop()) }()
	s.report.Starts = append(s.report.Starts, report.Start{People: s.people, Database: s.kind, Seconds: s.server.Ready.Seconds()})
	if err := s.runCold(ctx); err != nil {
		return err
	}
	s.say("%d people, %s: asking for every answer once", s.people, s.kind)
	set, err := scenario.Build(ctx, s.target(s.server), s.people, s.seed)
	if err != nil {
		return err
	}
	if err := s.startFloor(ctx, set); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.floor.Stop()) }()
	for _, name := range scenario.All {
		c, ok := set.Scenarios[name]
		if !ok || !s.wanted(name) {
			continue
		}
		if err := s.runWarm(ctx, c); err != nil {
			if err := s.fail(ctx, name, err); err != nil {
				return err
			}
		}
	}
	memory, err := proc.MemoryOf(s.server.PID())
	s.report.Memories = append(s.report.Memories, report.ServerMemory{
		People: s.people, Database: s.kind, Connections: s.connections, Memory: memory,
	})
	return err
}

// wanted tells the scenarios to run: also one whose floor another one needs.
func (s *session) wanted(name scenario.Name) bool {
	return slices.ContainsFunc(s.only, func(o scenario.Name) bool { return o == name || o.Floor() == name })
}

// serve starts Passmuster with its default settings; for a profile, inside a
// child of this program.
func (s *session) serve(ctx context.Context) (*stage.Server, error) {
	argv := []string{s.stage.Binary()}
	if s.profiles != "" {
		argv = []string{s.self, childProfiled}
	}
	argv = append(argv, "serve", "--database", s.db.DSN, "--listen", "127.0.0.1:0", "--log-format", "json")
	return stage.Start(ctx, s.stage.Path("passmuster.log"), argv...)
}

func (s *session) startFloor(ctx context.Context, set *scenario.Set) error {
	file := s.stage.Path("answers")
	if err := writeAnswers(file, set.Answers); err != nil {
		return err
	}
	var err error
	s.floor, err = stage.Start(ctx, s.stage.Path("floor.log"), s.self, childFloor, file)
	return err
}

func (s *session) target(server *stage.Server) load.Target {
	return load.Target{Address: server.Address, Key: s.db.Key}
}

func ignore(load.Request, []byte) error { return nil }

// runCold reads records that nobody has asked this server for. What every
// process pays once (connections to the database, prepared statements) is paid
// before, with other records, over as many connections.
func (s *session) runCold(ctx context.Context) error {
	warmUp, cold := scenario.Cold(s.people, s.seed)
	_, err := load.Run(ctx, s.target(s.server), load.Plan{
		Requests: warmUp.Requests, Order: warmUp.Order, Connections: s.connections, Most: s.most,
	})
	if err != nil {
		return fmt.Errorf("warming up: %w", err)
	}
	if !slices.Contains(s.only, scenario.GetCold) {
		return nil
	}
	f, err := s.figure(ctx, cold)
	if err != nil {
		return s.fail(ctx, scenario.GetCold, err)
	}
	s.cold = &f
	return nil
}

// fail notes why a scenario has no figure. The others go on, because half an
// hour of figures is not thrown away for one; only an ended context ends the
// run.
func (s *session) fail(ctx context.Context, name scenario.Name, why error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.say("%d people, %s, %d connections: %s FAILED: %v", s.people, s.kind, s.connections, scenario.Titles[name], why)
	s.report.Failures = append(s.report.Failures, report.Failure{
		People: s.people, Database: s.kind, Connections: s.connections, Scenario: name, Why: why.Error(),
	})
	return nil
}

// runWarm measures a scenario on the floor, then on Passmuster.
func (s *session) runWarm(ctx context.Context, c scenario.Scenario) error {
	floor, err := s.sample(ctx, s.floor, c, nil)
	if err != nil {
		return fmt.Errorf("the floor: %w", err)
	}
	if c.Name == scenario.GetWarm && s.cold != nil {
		s.cold.Floor = floor
		s.keep(*s.cold)
	}
	if !slices.Contains(s.only, c.Name) {
		return nil
	}
	if err := load.Fetch(ctx, s.target(s.server), c.Reset, ignore); err != nil {
		return fmt.Errorf("resetting: %w", err)
	}
	f, err := s.figure(ctx, c)
	if err != nil {
		return err
	}
	f.Floor = floor
	s.keep(f)
	return nil
}

func (s *session) keep(f report.Figure) {
	s.report.Figures = append(s.report.Figures, f)
	total, _ := f.Total()
	ratio, _ := f.Ratio()
	s.say("%d people, %s, %d connections: %s: %.0f µs, %.1f× the floor's %.0f µs", s.people, s.kind, s.connections,
		scenario.Titles[f.Scenario], total, ratio, f.Floor.CPU)
}

// figure measures a scenario on Passmuster.
func (s *session) figure(ctx context.Context, c scenario.Scenario) (report.Figure, error) {
	f := report.Figure{People: s.people, Database: s.kind, Connections: s.connections, Scenario: c.Name}
	var cluster *stage.Cluster
	if s.kind == stage.PostgreSQL {
		cluster = s.cluster
	}
	if s.profiles != "" {
		name := fmt.Sprintf("%d-%s-%d-%s.pprof", s.people, s.kind, s.connections, c.Name)
		if err := s.server.Tell("start " + filepath.Join(s.profiles, name)); err != nil {
			return f, err
		}
	}
	m := &meter{server: s.server.PID(), cluster: cluster}
	var err error
	if f.Sample, err = s.sample(ctx, s.server, c, m); err != nil {
		return f, err
	}
	if s.profiles != "" {
		if err := s.server.Tell("stop"); err != nil {
			return f, err
		}
	}
	if cluster != nil && cluster.Local() {
		each := float64(m.clusterUsed.Nanoseconds()) / 1e3 / float64(f.Requests)
		f.Backends = &each
	}
	memory, err := proc.MemoryOf(s.server.PID())
	f.Resident = memory.Resident
	return f, err
}

// sample drives the load of a scenario at a server.
func (s *session) sample(ctx context.Context, server *stage.Server, c scenario.Scenario, m *meter) (report.Sample, error) {
	if m == nil {
		m = &meter{server: server.PID()}
	}
	res, err := load.Run(ctx, s.target(server), load.Plan{
		Requests: c.Requests, Order: c.Order, Connections: s.connections, Seed: s.seed,
		Least: s.duration, Most: s.most, LeastRequests: s.requests,
		Before: m.begin, After: m.end,
	})
	if err != nil {
		return report.Sample{}, err
	}
	return report.Sample{
		Requests: res.Requests, Seconds: res.Elapsed.Seconds(), PerSecond: res.PerSecond(), Bytes: res.BytesEach(),
		CPU: float64(m.serverUsed.Nanoseconds()) / 1e3 / float64(res.Requests),
		P50: res.P50.Seconds() * 1e3, P99: res.P99.Seconds() * 1e3,
		Others: m.othersShare(res.Elapsed, s.report.Machine.Cores),
	}, nil
}
