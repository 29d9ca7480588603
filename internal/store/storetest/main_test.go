package storetest_test

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
)

// childVariable, when it is set, makes the test binary do one of [children]
// instead of the tests: a second process at the same database.
const childVariable = "PASSMUSTER_STORETEST_CHILD"

// children are what a second process does. Each is given its arguments and says
// what went wrong.
var children = map[string]func(ctx context.Context, args []string) error{
	"rename":               renameInAnotherProcess,
	"backup without space": backUpWithoutSpace,
}

func TestMain(m *testing.M) {
	if name := os.Getenv(childVariable); name != "" {
		if err := children[name](context.Background(), os.Args[1:]); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	flag.Parse()
	// 200 made-up queries per database, unless the command line says otherwise.
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		if err := f.Value.Set("200"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// child is a second process that does what children says. What it prints comes
// back with an error.
func child(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), childVariable+"="+name)
	return cmd
}

// run waits for a child and fails the test if it fails.
func run(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Errorf("the other process: %v\n%s", err, out.String())
	}
}

// write runs f in one transaction, which must succeed.
func write(t *testing.T, db *store.DB, f func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatalf("writing: %v", err)
	}
}

// read runs f in one snapshot, and must succeed.
func read(t *testing.T, db *store.DB, f func(ctx context.Context, r *store.Reader) error) {
	t.Helper()
	if err := db.Read(t.Context(), func(r *store.Reader) error { return f(t.Context(), r) }); err != nil {
		t.Fatalf("reading: %v", err)
	}
}

// head is the number of the newest change.
func head(t *testing.T, db *store.DB) int64 {
	t.Helper()
	seq, err := db.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// verified fails the test if the database does not verify.
func verified(t *testing.T, db *store.DB) store.Verification {
	t.Helper()
	v, err := db.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range v.Problems {
		t.Error(p)
	}
	return v
}
