package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/passmuster/passmuster/bench/load"
)

// order is what a child that attacks is told, as a line of JSON.
type order struct {
	Target      load.Target
	Kind        string // of attack; "" sends Requests
	People      int
	Requests    []load.Request // drawn from at random
	Connections int
	Seed        uint64
	Most        time.Duration
}

// mostRequests bounds an attack whatever its time is.
const mostRequests = 10_000_000

// flood attacks as the first line of standard input says, until standard input
// ends. It prints a line when it has begun, and one with what it has done.
func flood(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	in := bufio.NewReader(stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("reading the order: %w", err)
	}
	var o order
	if err := json.Unmarshal(line, &o); err != nil {
		return fmt.Errorf("reading the order: %w", err)
	}
	next, err := o.next()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, in)
		cancel()
	}()
	// What an attacker's machine does is not the server's, nor the readers': on
	// this one, it gives way to both.
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, attackersNice); err != nil {
		return fmt.Errorf("giving way: %w", err)
	}
	weight, err := load.Flood{Connections: o.Connections, Next: next, Most: o.Most, MostRequests: mostRequests}.
		Run(ctx, o.Target, func() { fmt.Fprintln(stdout, "begun") })
	if err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(weight)
}

const attackersNice = 10

func (o order) next() (func(int) func() load.Request, error) {
	if o.Kind == "" {
		return func(connection int) func() load.Request {
			d := rand.New(rand.NewPCG(o.Seed, uint64(connection))) //nolint:gosec // a load must be repeatable, not secret
			return func() load.Request { return one(d, o.Requests) }
		}, nil
	}
	k, ok := kindOf(o.Kind)
	if !ok {
		return nil, fmt.Errorf("there is no attack %q", o.Kind)
	}
	return func(connection int) func() load.Request { return sequence(k, o.People, o.Seed, connection) }, nil
}

// flooding is a running child that attacks.
type flooding struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines *bufio.Reader
}

// startFlood starts a child and waits until it has begun.
func startFlood(ctx context.Context, self string, o order) (*flooding, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	f := &flooding{cmd: exec.CommandContext(ctx, self, childFlood)}
	f.cmd.Stderr = os.Stderr
	f.cmd.Cancel = func() error { return f.cmd.Process.Signal(syscall.SIGTERM) }
	f.cmd.WaitDelay = 10 * time.Second
	if f.stdin, err = f.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	f.lines = bufio.NewReader(out)
	if err := f.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the attackers: %w", err)
	}
	if _, err := f.stdin.Write(append(text, '\n')); err != nil {
		return nil, errors.Join(err, f.cmd.Cancel(), f.cmd.Wait())
	}
	if line, err := f.lines.ReadString('\n'); err != nil || line != "begun\n" {
		return nil, errors.Join(errors.New("the attackers did not begin"), f.stdin.Close(), f.cmd.Wait())
	}
	return f, nil
}

// stop ends the attack and gives what it weighed.
func (f *flooding) stop() (load.Weight, error) {
	var w load.Weight
	err := f.stdin.Close()
	line, read := f.lines.ReadBytes('\n')
	if err := errors.Join(err, read, f.cmd.Wait()); err != nil {
		return w, fmt.Errorf("the attackers: %w", err)
	}
	return w, json.Unmarshal(line, &w)
}
