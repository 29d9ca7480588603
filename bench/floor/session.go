package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/passmuster/passmuster/bench/bare"
	"github.com/passmuster/passmuster/bench/load"
	"github.com/passmuster/passmuster/bench/peer"
	"github.com/passmuster/passmuster/bench/proc"
	"github.com/passmuster/passmuster/bench/report"
	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

// session is one start of the server, everything asked of it, and its end.
type session struct {
	*bench

	kind        stage.Kind
	people      int
	connections int
	db          stage.Database
	peer        *peer.PocketBase // nil: it is not measured here

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
			if err := s.fail(ctx, s.kind, name, err); err != nil {
				return err
			}
		}
	}
	memory, err := proc.MemoryOf(s.server.PID())
	s.report.Memories = append(s.report.Memories, report.ServerMemory{
		People: s.people, Database: s.kind, Connections: s.connections, Memory: memory,
	})
	if err != nil {
		return err
	}
	if c, ok := set.Scenarios[scenario.Update]; ok && s.connections == s.bench.connections[0] && slices.Contains(s.only, scenario.Update) {
		if err := s.countSyncs(ctx, c); err != nil {
			return err
		}
	}
	if s.peer == nil {
		return nil
	}
	return s.runPeer(ctx, set)
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
	if err := bare.Write(file, set.Answers); err != nil {
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
		return s.fail(ctx, s.kind, scenario.GetCold, err)
	}
	s.cold = &f
	return nil
}

// fail notes why a scenario has no figure. The others go on, because half an
// hour of figures is not thrown away for one; only an ended context ends the
// run.
func (s *session) fail(ctx context.Context, on stage.Kind, name scenario.Name, why error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.say("%d people, %s, %d connections: %s FAILED: %v", s.people, on, s.connections, scenario.Titles[name], why)
	s.report.Failures = append(s.report.Failures, report.Failure{
		People: s.people, Database: on, Connections: s.connections, Scenario: name, Why: why.Error(),
	})
	return nil
}

// runWarm measures a scenario on the floor, then on Passmuster.
func (s *session) runWarm(ctx context.Context, c scenario.Scenario) error {
	floor, err := s.floorSample(ctx, c)
	if err != nil {
		return err
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
	s.say("%d people, %s, %d connections: %s: %.0f µs, %.1f× the floor's %.0f µs", s.people, f.Database, s.connections,
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
	if f.Sample, err = s.sample(ctx, s.target(s.server), c, m); err != nil {
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

// floorSample measures a scenario on the floor.
func (s *session) floorSample(ctx context.Context, c scenario.Scenario) (report.Sample, error) {
	sample, err := s.sample(ctx, s.target(s.floor), c, &meter{server: s.floor.PID()})
	if err != nil {
		return sample, fmt.Errorf("the floor: %w", err)
	}
	return sample, nil
}

// sample drives the load of a scenario at a server.
func (s *session) sample(ctx context.Context, t load.Target, c scenario.Scenario, m *meter) (report.Sample, error) {
	res, err := load.Run(ctx, t, load.Plan{
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
