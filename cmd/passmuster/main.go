// Command passmuster is the system of record for workforce compliance: see
// passmuster --help. This file connects the program to the operating system
// (arguments, signals, exit code) and must never do anything else.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // the company's time zone, where the system knows none: Windows, an empty container

	"golang.org/x/term"

	"github.com/passmuster/passmuster/internal/cli"
)

// version is set by the build (see the Makefile).
var version string

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Run(ctx, cli.Env{
		Args:     os.Args[1:],
		Stdin:    os.Stdin,
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
		Environ:  os.Environ(),
		Version:  buildVersion(),
		Terminal: term.IsTerminal(int(os.Stderr.Fd())),
	})
}

// buildVersion is the stamped version, else what the Go tool recorded.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}
