package e2e

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// environ is the environment of the program: this one without its settings.
func environ(more ...string) []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PASSMUSTER_") {
			env = append(env, v)
		}
	}
	return append(env, more...)
}

// lockedBuffer is a buffer that a program writes to while a test reads it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// server is a running `passmuster serve`.
type server struct {
	url    string // http://127.0.0.1:PORT
	cmd    *exec.Cmd
	stdout lockedBuffer
	log    lockedBuffer // standard error
	ended  chan struct{}
	err    error // of the process, once ended is closed
}

var printedURL = regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`)

// serve starts a server on the database and waits until it says where it is.
// It is stopped when the test ends, and must then exit 0.
func serve(t *testing.T, db database, args ...string) *server {
	t.Helper()
	s := start(t, append([]string{
		"serve", "--database", db.dsn, "--files", db.files, "--listen", "127.0.0.1:0",
		"--log-format", "json", "--log-level", "debug", "--failed-auth-limit", "1000000",
	}, args...)...)
	t.Cleanup(func() {
		select {
		case <-s.ended:
			return // the test has ended it in its own way
		default:
		}
		if code := s.stop(t); code != 0 {
			t.Errorf("the server exited %d after SIGTERM:\n%s", code, s.tail())
		}
	})
	return s
}

// start runs the program until it prints a URL.
func start(tb testing.TB, args ...string) *server {
	tb.Helper()
	s := &server{ended: make(chan struct{})}
	s.cmd = exec.Command(binary, args...) // not bound to the test: it is stopped in the cleanup
	s.cmd.Env, s.cmd.Dir, s.cmd.Stderr = environ(), tb.TempDir(), &s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	found := make(chan string, 1)
	go func() {
		for lines := bufio.NewReader(out); ; {
			line, err := lines.ReadString('\n')
			s.stdout.Write([]byte(line)) //nolint:errcheck // a buffer in memory
			if url := printedURL.FindString(line); url != "" {
				select {
				case found <- url:
				default:
				}
			}
			if err != nil {
				break
			}
		}
		s.err = s.cmd.Wait()
		close(s.ended)
	}()
	select {
	case s.url = <-found:
	case <-s.ended:
		tb.Fatalf("the server ended before it served: %v\n%s", s.err, s.log.String())
	case <-time.After(patience):
		s.cmd.Process.Kill() //nolint:errcheck // the test fails anyway
		tb.Fatalf("the server does not say where it is:\n%s", s.log.String())
	}
	return s
}

// signal sends a signal to the server.
func (s *server) signal(tb testing.TB, sig os.Signal) {
	tb.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		tb.Errorf("sending %v: %v", sig, err)
	}
}

// wait waits for the server to end and gives its exit code; -1 if a signal
// ended it.
func (s *server) wait(tb testing.TB) int {
	tb.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.cmd.Process.Kill() //nolint:errcheck // the test fails anyway
		tb.Fatalf("the server does not end:\n%s", s.tail())
	}
	return s.cmd.ProcessState.ExitCode()
}

// stop asks the server to end and gives its exit code.
func (s *server) stop(t *testing.T) int {
	t.Helper()
	s.signal(t, syscall.SIGTERM)
	return s.wait(t)
}

// kill ends the server without a chance to tidy up.
func (s *server) kill(t *testing.T) {
	t.Helper()
	s.signal(t, syscall.SIGKILL)
	s.wait(t)
}

// tail is the end of the server's log.
func (s *server) tail() string {
	const most = 4000
	log := s.log.String()
	if len(log) > most {
		log = "…" + log[len(log)-most:]
	}
	return log
}
