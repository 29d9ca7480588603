package stage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

const (
	startPatience = 5 * time.Minute
	stopPatience  = 20 * time.Second
	readyPoll     = time.Millisecond
)

// Server is a running process that answers HTTP on the loopback interface.
type Server struct {
	Address string        // HOST:PORT
	Ready   time.Duration // from the start of the process until it said that it is ready

	cmd   *exec.Cmd
	stdin io.WriteCloser
	ready string // path that answers 200 when it serves
	log   string // the file that has its standard error
	ended chan error
}

var printedURL = regexp.MustCompile(`http://(127\.0\.0\.1:[0-9]+)`)

// Start starts a program that prints its URL on standard output, and waits
// until /readyz says 200. What it says on standard error goes to the file log,
// as it would on a real machine: writing the access log is part of a server's
// work.
func Start(ctx context.Context, log string, argv ...string) (*Server, error) {
	return StartStranger(ctx, log, "/readyz", argv...)
}

// StartStranger is Start for a program that says at another path that it is
// ready.
func StartStranger(ctx context.Context, log, readyPath string, argv ...string) (*Server, error) {
	s := &Server{log: log, ready: readyPath, ended: make(chan error, 1)}
	file, err := os.Create(log)
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", filepath.Base(argv[0]), err)
	}
	defer file.Close()
	s.cmd = exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // to start what the caller names is what this is for
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.WaitDelay = stopPatience
	s.cmd.Env, s.cmd.Stderr = cleanEnv(), file
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", filepath.Base(argv[0]), err)
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", filepath.Base(argv[0]), err)
	}
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", filepath.Base(argv[0]), err)
	}
	found := make(chan string, 1)
	go s.watch(out, found)
	if err := s.await(ctx, began, found); err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", filepath.Base(argv[0]), err), s.Stop())
	}
	return s, nil
}

// cleanEnv is the environment without settings of the program: the defaults
// are what is measured.
func cleanEnv() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PASSMUSTER_") {
			env = append(env, v)
		}
	}
	return env
}

// watch reads standard output until the process ends, then waits for it.
func (s *Server) watch(out io.Reader, found chan<- string) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if m := printedURL.FindStringSubmatch(lines.Text()); m != nil {
			select {
			case found <- m[1]:
			default: // the URL is printed more than once
			}
		}
	}
	s.ended <- s.cmd.Wait()
}

func (s *Server) await(ctx context.Context, began time.Time, found <-chan string) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	select {
	case s.Address = <-found:
	case err := <-s.ended:
		s.ended <- err
		return fmt.Errorf("it ended before it served (%w): %s", err, s.tail())
	case <-ctx.Done():
		return fmt.Errorf("it does not say where it is: %s", s.tail())
	}
	poll := time.NewTicker(readyPoll)
	defer poll.Stop()
	client := &http.Client{Timeout: startPatience, Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		if ready(ctx, client, "http://"+s.Address+s.ready) {
			s.Ready = time.Since(began)
			return nil
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return fmt.Errorf("it does not become ready: %s", s.tail())
		}
	}
}

func ready(ctx context.Context, client *http.Client, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return false
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// PID is the process's number.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Tell writes a line to the process's standard input. The children of the
// bench program take commands there; Passmuster itself reads nothing.
func (s *Server) Tell(line string) error {
	if _, err := io.WriteString(s.stdin, line+"\n"); err != nil {
		return fmt.Errorf("telling the server: %w", err)
	}
	return nil
}

// Stop ends the process and waits for it. It is an error if the process had
// already ended, or did not end well.
func (s *Server) Stop() error {
	if s.cmd.Process == nil {
		return nil
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stopping the server: %w", err)
	}
	timer := time.NewTimer(stopPatience)
	defer timer.Stop()
	select {
	case err := <-s.ended:
		s.ended <- err // Stop may be called again
		if err != nil {
			return fmt.Errorf("the server ended badly (%w): %s", err, s.tail())
		}
		return nil
	case <-timer.C:
		killed := s.cmd.Process.Kill()
		return errors.Join(fmt.Errorf("the server did not end within %s and was killed", stopPatience), killed)
	}
}

// tail is the end of what the process said on standard error.
func (s *Server) tail() string {
	text, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	const most = 2000
	return strings.TrimSpace(string(text[max(0, len(text)-most):]))
}
