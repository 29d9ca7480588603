package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts in testdata/script are what a person types, and what they see.
// Each runs on both databases, in a folder of its own, with PASSMUSTER_DATABASE
// set to a new, empty database. Beside the commands of package testscript there
// are:
//
//	exits CODE COMMAND…     run a command that must end with this exit code
//	serve [FLAG…]           start a server, which sets $URL
//	stop [SIGNAL]           stop it (SIGTERM): it must exit 0; what it has
//	                        printed is then in serve.out and serve.err
//	http METHOD PATH STATUS [BODY]
//	                        send a request with $KEY; the answer is stdout
//	capture NAME            set the variable to what stdout has
//	json PATH VALUE         the JSON in stdout has the value at the path
//	newdb NAME [other]      set the variable to another new database, of the
//	                        same kind or of the other one
//	sql STATEMENT           change the database behind the program's back
func TestScripts(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			testscript.Run(t, testscript.Params{
				Dir:                 filepath.Join("testdata", "script"),
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
				Setup: func(env *testscript.Env) error {
					db := d.empty(testOf(env.T()))
					env.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+env.Getenv("PATH"))
					env.Setenv("PASSMUSTER_DATABASE", db.dsn)
					env.Setenv("DIALECT", string(d))
					env.Values[worldKey{}] = &world{t: testOf(env.T())}
					return nil
				},
				Cmds: map[string]func(*testscript.TestScript, bool, []string){
					"exits": scriptExits, "serve": scriptServe, "stop": scriptStop, "http": scriptHTTP,
					"capture": scriptCapture, "json": scriptJSON, "newdb": scriptNewDB, "sql": scriptSQL,
				},
			})
		})
	}
}

// world is what a script has beside its files.
type world struct {
	t      testing.TB
	server *server // the one that was started last
}

type worldKey struct{}

// testOf is the test behind a script: package testscript promises that it is
// one when the scripts were started by Run.
func testOf(t testscript.T) testing.TB {
	tb, ok := t.(testing.TB)
	if !ok {
		panic("the script does not run in a test")
	}
	return tb
}

func worldOf(ts *testscript.TestScript) *world {
	w, ok := ts.Value(worldKey{}).(*world)
	if !ok {
		ts.Fatalf("the script was not set up")
	}
	return w
}

// usage ends a script that calls a command wrongly.
func usage(ts *testscript.TestScript, neg, ok bool, text string) {
	if neg || !ok {
		ts.Fatalf("usage: %s", text)
	}
}

func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 2, "exits CODE COMMAND [ARG…]")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%s: %v", args[1], err)
	}
	if code != want {
		ts.Fatalf("exit %d, want %d", code, want)
	}
}

func scriptServe(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, true, "serve [FLAG…]")
	w := worldOf(ts)
	s := start(w.t, append([]string{"serve", "--database", ts.Getenv("PASSMUSTER_DATABASE"), "--listen", "127.0.0.1:0"}, args...)...)
	w.t.Cleanup(func() { // also when the script fails before it stops the server
		s.cmd.Process.Kill() //nolint:errcheck // it has ended, as a rule
		<-s.ended
	})
	ts.Setenv("URL", s.url)
	w.server = s
}

func scriptStop(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) <= 1, "stop [SIGTERM|SIGINT]")
	t, s := worldOf(ts).t, worldOf(ts).server
	if s == nil {
		ts.Fatalf("no server is running")
	}
	sig := syscall.SIGTERM
	if len(args) == 1 && args[0] == "SIGINT" {
		sig = syscall.SIGINT
	}
	s.signal(t, sig)
	if code := s.wait(t); code != 0 {
		ts.Fatalf("the server exited %d:\n%s", code, s.tail())
	}
	ts.Check(os.WriteFile(ts.MkAbs("serve.out"), []byte(s.stdout.String()), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("serve.err"), []byte(s.log.String()), 0o600))
}

func scriptHTTP(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 3 || len(args) == 4, "http METHOD PATH STATUS [BODY]")
	r := call{method: args[0], path: args[1]}
	if len(args) == 4 {
		r.body = args[3]
	}
	a, err := (&server{url: ts.Getenv("URL")}).as(ts.Getenv("KEY")).try(r)
	ts.Check(err)
	fmt.Fprintln(ts.Stdout(), string(a.body))
	if strconv.Itoa(a.status) != args[2] {
		ts.Fatalf("%s: %d, want %s\n%.500s", r, a.status, args[2], a.body)
	}
}

func scriptCapture(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "capture NAME")
	text := strings.TrimSpace(ts.ReadFile("stdout"))
	if text == "" || strings.ContainsAny(text, "\n ") {
		ts.Fatalf("stdout is not one word: %q", text)
	}
	ts.Setenv(args[0], text)
}

func scriptJSON(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "json PATH VALUE (PATH may be . for the whole)")
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	d.UseNumber()
	var v any
	ts.Check(d.Decode(&v))
	if d.More() {
		ts.Fatalf("stdout has more than one JSON value")
	}
	var err error
	if args[0] != "." {
		v, err = dig(v, args[0])
		ts.Check(err)
	}
	if l, ok := v.([]any); ok && args[1] != "[]" {
		v = fmt.Sprintf("%d elements", len(l))
	}
	if got := fmt.Sprint(v); got != args[1] {
		ts.Fatalf("%s is %s, want %s", args[0], got, args[1])
	}
}

func scriptNewDB(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1 || len(args) == 2 && args[1] == "other", "newdb NAME [other]")
	d := dialect(ts.Getenv("DIALECT"))
	if len(args) == 2 {
		d = map[dialect]dialect{sqlite: postgres, postgres: sqlite}[d]
	}
	ts.Setenv(args[0], d.empty(worldOf(ts).t).dsn)
}

func scriptSQL(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "sql STATEMENT")
	db := database{dialect: dialect(ts.Getenv("DIALECT")), dsn: ts.Getenv("PASSMUSTER_DATABASE")}
	db.exec(worldOf(ts).t, args[0])
}
