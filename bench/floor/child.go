package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"strings"
	"sync"

	"github.com/passmuster/passmuster/internal/cli"
)

// The program starts itself again under these names, so that what is measured
// is a process of its own.
const (
	childFloor    = "child-floor"
	childProfiled = "child-profiled"
)

// serveProfiled is Passmuster itself, in this process, with a profiler that
// listens on standard input: "start FILE" and "stop". The product has no
// endpoint for that, and needs none.
func serveProfiled(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var listening sync.WaitGroup
	failed := make(chan error, 1)
	listening.Go(func() {
		failed <- obey(stdin)
		cancel() // the parent is gone, or has closed our input
	})
	code := cli.Run(ctx, cli.Env{Args: args, Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr, Environ: os.Environ(), Version: "profiled"})
	select {
	case err := <-failed:
		if err != nil {
			return err
		}
	default: // it still listens: the parent asked us to end by a signal
	}
	if code != 0 {
		return fmt.Errorf("passmuster ended with %d", code)
	}
	return nil
}

// obey does what the lines say until there are no more.
func obey(lines io.Reader) error {
	var file *os.File
	end := func() error {
		if file == nil {
			return nil
		}
		pprof.StopCPUProfile()
		err := file.Close()
		file = nil
		return err
	}
	for in := bufio.NewScanner(lines); in.Scan(); {
		verb, name, _ := strings.Cut(in.Text(), " ")
		if err := end(); err != nil {
			return err
		}
		if verb != "start" {
			continue
		}
		var err error
		if file, err = os.Create(name); err != nil {
			return fmt.Errorf("writing a profile: %w", err)
		}
		if err := pprof.StartCPUProfile(file); err != nil {
			return fmt.Errorf("writing a profile: %w", err)
		}
	}
	return end()
}
