package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// rosters measures the in-memory index at each size, in a process of its own:
// what it holds must not count as this one's, nor be collected by it.
func (b *bench) rosters(ctx context.Context) error {
	if len(b.roster) == 0 {
		return nil
	}
	sizes := make([]string, len(b.roster))
	for i, n := range b.roster {
		sizes[i] = strconv.Itoa(n)
	}
	b.say("measuring the roster alone at %s people", strings.Join(sizes, " and "))
	cmd := exec.CommandContext(ctx, "go", "run", "github.com/passmuster/passmuster/bench/rosterwork", //nolint:gosec // numbers only
		"-people", strings.Join(sizes, ","), "-seed", strconv.FormatUint(b.seed, 10))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, b.progress // it takes minutes
	err := cmd.Run()
	if err == nil {
		err = json.Unmarshal(out.Bytes(), &b.report.Rosters)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil: // the other figures stand all the same
		b.report.RosterWhy = fmt.Sprintf("bench/rosterwork failed: %v", err)
		b.say("%s", b.report.RosterWhy)
	}
	return nil
}
