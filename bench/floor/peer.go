package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/bench/load"
	"github.com/passmuster/passmuster/bench/peer"
	"github.com/passmuster/passmuster/bench/proc"
	"github.com/passmuster/passmuster/bench/report"
	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

// newPeer fills PocketBase with a company that no server has opened yet. A run
// is not thrown away because it cannot be had: the report says why.
func (b *bench) newPeer(ctx context.Context, people int, db stage.Database) (*peer.PocketBase, error) {
	if people > b.peerMost {
		b.report.Peers = append(b.report.Peers, report.Peer{People: people, Why: fmt.Sprintf("left out above %d people: see -pocketbase", b.peerMost)})
		return nil, nil //nolint:nilnil // nil is no peer
	}
	b.say("%d people: filling PocketBase with the same company", people)
	p, err := peer.New(ctx, b.stage.Path(""), strings.TrimPrefix(db.DSN, "sqlite:"))
	if err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		b.say("PocketBase is not measured: %v", err)
		b.report.Peers = append(b.report.Peers, report.Peer{People: people, Why: err.Error()})
		return nil, nil //nolint:nilnil // nil is no peer
	}
	b.report.Peers = append(b.report.Peers, report.Peer{People: people, Version: p.Version, FillSeconds: p.Seconds})
	return p, nil
}

// runPeer asks PocketBase what Passmuster was asked, each scenario right after
// the floor. Passmuster is still there, and idle.
func (s *session) runPeer(ctx context.Context, set *scenario.Set) (err error) {
	server, token, err := s.peer.Serve(ctx, s.stage.Path("pocketbase.log"))
	if err != nil {
		return fmt.Errorf("PocketBase: %w", err)
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	s.report.Starts = append(s.report.Starts, report.Start{People: s.people, Database: stage.PocketBase, Seconds: server.Ready.Seconds()})
	p := &peerSession{session: s, set: set, server: server, target: load.Target{Address: server.Address, Key: token}}
	for _, name := range scenario.All {
		if !slices.Contains(s.only, name) {
			continue
		}
		f, err := p.figure(ctx, name)
		if err == nil {
			s.keep(f)
			continue
		}
		if err := s.fail(ctx, stage.PocketBase, name, err); err != nil {
			return err
		}
	}
	memory, err := proc.MemoryOf(server.PID())
	s.report.Memories = append(s.report.Memories, report.ServerMemory{
		People: s.people, Database: stage.PocketBase, Connections: s.connections, Memory: memory,
	})
	return err
}

// peerSession is one start of PocketBase.
type peerSession struct {
	*session

	set    *scenario.Set
	server *stage.Server
	target load.Target
}

func (p *peerSession) figure(ctx context.Context, name scenario.Name) (report.Figure, error) {
	f := report.Figure{People: p.people, Database: stage.PocketBase, Connections: p.connections, Scenario: name}
	theirs, err := p.prepare(ctx, name)
	if err != nil {
		return f, err
	}
	if f.Floor, err = p.floorSample(ctx, p.set.Scenarios[name.Floor()]); err != nil {
		return f, err
	}
	if err := load.Fetch(ctx, p.target, theirs.Reset, ignore); err != nil {
		return f, fmt.Errorf("resetting: %w", err)
	}
	if f.Sample, err = p.sample(ctx, p.target, theirs, &meter{server: p.server.PID()}); err != nil {
		return f, err
	}
	memory, err := proc.MemoryOf(p.server.PID())
	f.Resident = memory.Resident
	return f, err
}

// prepare gives the requests of a scenario, when it is known that they are
// answered with the same records; cold ones are not asked for beforehand.
func (p *peerSession) prepare(ctx context.Context, name scenario.Name) (scenario.Scenario, error) {
	if name == scenario.GetCold {
		warmUp, cold := scenario.Cold(p.people, p.seed)
		first, err := peer.Scenario(warmUp)
		if err != nil {
			return first, err
		}
		if _, err := load.Run(ctx, p.target, load.Plan{
			Requests: first.Requests, Order: first.Order, Connections: p.connections, Most: p.most,
		}); err != nil {
			return first, fmt.Errorf("warming up: %w", err)
		}
		return peer.Scenario(cold)
	}
	ours := p.set.Scenarios[name]
	theirs, err := peer.Scenario(ours)
	if err != nil {
		return theirs, err
	}
	if err := load.Fetch(ctx, p.target, theirs.Reset, ignore); err != nil {
		return theirs, fmt.Errorf("resetting: %w", err)
	}
	return theirs, peer.Agree(ctx, p.target, theirs, ours, p.set.Answers)
}
