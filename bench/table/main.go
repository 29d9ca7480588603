// Command table prints the short table of the front page out of two runs of
// bench/floor, an earlier and a later one.
//
//	go run ./bench/table bench/results/BEFORE.json bench/results/AFTER.json
//
// It may import bench/report. It must never measure anything, or combine
// figures of two runs into one number.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/passmuster/passmuster/bench/report"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	f := flag.NewFlagSet("table", flag.ContinueOnError)
	f.SetOutput(stderr)
	people := f.Int("people", 100_000, "size of the company")
	connections := f.Int("connections", 4, "connections of the load")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() != 2 {
		return errors.New("want two files, an earlier and a later run")
	}
	before, err := report.Read(f.Arg(0))
	if err != nil {
		return err
	}
	after, err := report.Read(f.Arg(1))
	if err != nil {
		return err
	}
	text, err := report.Front(before, after, *people, *connections)
	if err != nil {
		return err
	}
	_, err = io.WriteString(stdout, text)
	return err
}
