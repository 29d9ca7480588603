// Package e2e tries the product through its front door: every test runs the
// built binary, on a real SQLite file and on a real PostgreSQL database, and
// speaks to it by HTTP, by its command line and by signals.
//
// It has tests only. They read the published facts (internal/api/contract) and
// the domain's enumerations, and they open the database beside the program
// only to break it, or to look for what must not be in it. They must never call
// the program's own functions in the place of the program.
//
// A demo company is made once for each kind of database and copied for every
// test that wants one.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// binary is the program under test, built by TestMain and not changed after.
var binary string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "passmuster-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "passmuster")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/passmuster").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the program: %v\n%s", err, out)
		return 1
	}
	templates.dir = dir
	code := m.Run()
	if complain() {
		code = 1
	}
	if err := templates.drop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// patience is how long a test waits for something that should take
// milliseconds: generous, because it is only spent on failure.
const patience = 60 * time.Second

// outcome is how a command ended.
type outcome struct {
	code           int
	stdout, stderr string
}

// passmuster runs a command to its end.
func passmuster(ctx context.Context, args ...string) (outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = environ()
	var out, errs lockedBuffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		err = nil
	}
	return outcome{code: cmd.ProcessState.ExitCode(), stdout: out.String(), stderr: errs.String()}, err
}

// command runs a command that must succeed and gives its standard output.
func command(t *testing.T, args ...string) string {
	t.Helper()
	o, err := passmuster(t.Context(), args...)
	if err != nil || o.code != 0 {
		t.Fatalf("passmuster %v: exit %d, %v\n%s%s", args, o.code, err, o.stdout, o.stderr)
	}
	return o.stdout
}
