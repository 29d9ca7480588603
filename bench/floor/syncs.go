package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"github.com/passmuster/passmuster/bench/load"
	"github.com/passmuster/passmuster/bench/report"
	"github.com/passmuster/passmuster/bench/scenario"
	"github.com/passmuster/passmuster/bench/stage"
)

// A run of writes whose fsyncs are counted is bounded by both.
const syncWrites = 300

// countSyncs counts how often the server, or PostgreSQL for it, asks the system
// to make writes durable. Only a tracer sees that, and it slows the server
// down: these writes have no figure. The first count is over one connection,
// where each write is a batch of its own; the second over as many as the
// session has.
func (s *session) countSyncs(ctx context.Context, c scenario.Scenario) error {
	tracer, err := exec.LookPath("strace")
	if err != nil {
		s.report.SyncsWhy = "counting needs strace, which is not on this machine"
		return nil //nolint:nilerr // that it is missing is a fact for the report
	}
	for _, connections := range []int{1, s.connections} {
		n, err := s.traced(ctx, tracer, c, connections)
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			s.report.SyncsWhy = "strace: " + err.Error()
			s.say("fsyncs are not counted: %v", err)
			return nil
		}
		s.report.Syncs = append(s.report.Syncs, n)
		s.say("%d people, %s, %d connections: %d writes, %d fsyncs", s.people, s.kind, connections, n.Writes, n.Syncs)
	}
	return nil
}

// traced drives writes while a tracer counts.
func (s *session) traced(ctx context.Context, tracer string, c scenario.Scenario, connections int) (report.Syncs, error) {
	n := report.Syncs{People: s.people, Database: s.kind, Connections: connections}
	pids := []int{s.server.PID()}
	if s.kind == stage.PostgreSQL {
		var err error
		if pids, err = s.cluster.Processes(); err != nil {
			return n, err
		}
	}
	if err := load.Fetch(ctx, s.target(s.server), c.Reset, ignore); err != nil {
		return n, fmt.Errorf("resetting: %w", err)
	}
	t, err := startTracer(ctx, tracer, s.stage.Path("strace"), pids)
	if err != nil {
		return n, err
	}
	res, err := load.Run(ctx, s.target(s.server), load.Plan{
		Requests: c.Requests, Order: c.Order, Connections: connections, Seed: s.seed, Most: s.most, LeastRequests: min(syncWrites, 10*s.requests),
	})
	counted, stopped := t.stop()
	if err := errors.Join(err, stopped); err != nil {
		return n, err
	}
	n.Writes, n.Syncs = res.Requests, counted
	return n, nil
}

// tracing is a running strace.
type tracing struct {
	cmd  *exec.Cmd
	file string
}

// startTracer attaches to processes and what they start, and returns when it
// has.
func startTracer(ctx context.Context, tracer, file string, pids []int) (*tracing, error) {
	args := []string{"-f", "-e", "trace=fsync,fdatasync,sync_file_range,msync", "-o", file}
	for _, pid := range pids {
		args = append(args, "-p", strconv.Itoa(pid))
	}
	t := &tracing{cmd: exec.CommandContext(ctx, tracer, args...), file: file} //nolint:gosec // strace, on processes of ours
	said, err := t.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := t.cmd.Start(); err != nil {
		return nil, err
	}
	attached := 0
	lines := bufio.NewScanner(said)
	for attached < len(pids) && lines.Scan() {
		if !strings.Contains(lines.Text(), "attached") {
			_, stopped := t.stop()
			return nil, errors.Join(errors.New(lines.Text()), stopped)
		}
		attached++
	}
	if attached < len(pids) {
		_, stopped := t.stop()
		return nil, errors.Join(errors.New("strace ended before it was attached"), stopped)
	}
	go func() {
		for lines.Scan() { // threads that begin and end
		}
	}()
	return t, nil
}

// stop detaches and counts the calls that succeeded or failed: both were asked
// for.
func (t *tracing) stop() (int, error) {
	if err := t.cmd.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return 0, err
	}
	var exit *exec.ExitError
	if err := t.cmd.Wait(); err != nil && !errors.As(err, &exit) { // it ends by the signal that it was sent
		return 0, err
	}
	text, err := os.ReadFile(t.file)
	if err != nil {
		return 0, err
	}
	count := 0
	for line := range strings.Lines(string(text)) {
		// PID  fsync(7) = 0, or in two lines when another thread came between.
		if strings.Contains(line, "sync") && strings.Contains(line, "(") && !strings.Contains(line, "resumed>") {
			count++
		}
	}
	return count, nil
}
