package fuzz

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/passmuster/passmuster/e2e/validate"
)

// TooSlow is how long no request may take.
const TooSlow = 5 * time.Second

// Options say which cases to run, and how.
type Options struct {
	Address string // HOST:PORT of the server
	From    int    // the number of the first case
	Count   int
	Workers int // 0 is one
	// Sweep asks for every operation in turn, in the right way, instead.
	Sweep bool
	// As, if it is set, gives the key for each operation, in the place of the
	// request's own. It is meant for Sweep.
	As func(*validate.Operation) string
	// Only, if it is set, are the statuses of every operation, whatever else the
	// request is, unless its key is no good: the company has no plan, say.
	Only []int
	// Broken expects the server's own faults too: something is broken on
	// purpose.
	Broken bool
}

// Failure is an answer that should not have been, with what repeats it.
type Failure struct {
	Seed    uint64
	Case    int
	Step    int
	Request Request
	Problem string
	curl    string
}

// Error implements error.
func (f Failure) Error() string {
	return fmt.Sprintf("seed %d, request %d.%d, %s: %s\n\t%s", f.Seed, f.Case, f.Step, f.Request.What, f.Problem, f.curl)
}

// Report is what came of a run.
type Report struct {
	Requests int
	Seen     map[string]map[int]int // answers by operation and status
	Slowest  time.Duration
	Took     time.Duration
	Failures []Failure
}

// failuresMost is where a run ends: what is broken is broken.
const failuresMost = 25

// Add adds the figures of another run.
func (r *Report) Add(other *Report) {
	r.Requests += other.Requests
	r.Took += other.Took
	r.Slowest = max(r.Slowest, other.Slowest)
	r.Failures = append(r.Failures, other.Failures...)
	for operation, statuses := range other.Seen {
		for status, n := range statuses {
			r.note(operation, status, n)
		}
	}
}

func (r *Report) note(operation string, status, n int) {
	if r.Seen == nil {
		r.Seen = map[string]map[int]int{}
	}
	if r.Seen[operation] == nil {
		r.Seen[operation] = map[int]int{}
	}
	r.Seen[operation][status] += n
}

// Missing is every documented pair of operation and status that was not seen.
func (r *Report) Missing(d *validate.Document) (missing []string, pairs int) {
	for _, o := range d.Operations() {
		for _, status := range o.Statuses() {
			pairs++
			if r.Seen[o.ID][status] == 0 {
				missing = append(missing, fmt.Sprintf("%s %d", o.ID, status))
			}
		}
	}
	return missing, pairs
}

// runner is a run.
type runner struct {
	g    *Generator
	opts Options
	next chan int

	mu     sync.Mutex
	report Report // under mu
}

// Run sends the cases and checks the answers. It ends early if the context ends
// or too much is wrong.
func (g *Generator) Run(ctx context.Context, opts Options) *Report {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	began := time.Now()
	r := &runner{g: g, opts: opts, next: make(chan int)}
	var workers sync.WaitGroup
	for range max(1, opts.Workers) {
		workers.Go(func() {
			c := &connection{ctx: ctx, address: opts.Address}
			defer c.close()
			for n := range r.next {
				made := g.Case
				if opts.Sweep {
					made = g.Sweep
				}
				if !r.play(c, made(n)) {
					stop()
				}
			}
		})
	}
feed:
	for n := opts.From; n < opts.From+opts.Count; n++ {
		select {
		case r.next <- n:
		case <-ctx.Done():
			break feed
		}
	}
	close(r.next)
	workers.Wait()
	r.report.Took = time.Since(began)
	return &r.report
}

// play sends the steps of a case; false if the run should end.
func (r *runner) play(c *connection, all Case) bool {
	for i, rq := range all.Steps {
		if o := r.operation(rq); o != nil && r.opts.As != nil {
			rq.Key = r.opts.As(o)
		}
		a, took, err := c.ask(rq)
		if c.ctx.Err() != nil {
			return false
		}
		problem := r.judge(rq, a, took, err)
		r.mu.Lock()
		r.report.Requests++
		r.report.Slowest = max(r.report.Slowest, took)
		if o := r.operation(rq); o != nil && a != nil && a.Header.Get("X-Request-Id") != "" {
			r.report.note(o.ID, a.Status, 1)
		}
		if problem != "" {
			r.report.Failures = append(r.report.Failures, Failure{
				Seed: r.g.seed, Case: all.Number, Step: i, Request: rq, Problem: problem, curl: rq.Curl(r.g.world.Good),
			})
		}
		goOn := len(r.report.Failures) < failuresMost
		r.mu.Unlock()
		if !goOn {
			return false
		}
		if problem != "" {
			break
		}
	}
	return true
}

func (r *runner) operation(rq Request) *validate.Operation {
	path, ok := rq.path()
	if !ok {
		return nil
	}
	return r.g.world.Document.Find(rq.Method, path)
}

// judge says what is wrong with an answer, or nothing.
func (r *runner) judge(rq Request, a *validate.Answer, took time.Duration, err error) string {
	switch {
	case err != nil && rq.MayReset:
		return ""
	case err != nil:
		return err.Error()
	case took > TooSlow:
		return fmt.Sprintf("took %s", took)
	case rq.Malformed && protocol(a):
		return ""
	}
	if err := r.g.world.Document.Check(*a); err != nil {
		return err.Error()
	}
	if a.Status >= http.StatusInternalServerError && !r.opts.Broken {
		return fmt.Sprintf("is answered %d: %.300s", a.Status, a.Body)
	}
	want := rq.Want
	if r.opts.Broken && want != nil {
		want = append(slices.Clone(want), http.StatusInternalServerError)
	}
	if r.opts.Only != nil && !slices.Contains(want, http.StatusUnauthorized) && r.operation(rq) != nil {
		want = r.opts.Only
	}
	if want != nil && !slices.Contains(want, a.Status) {
		return fmt.Sprintf("is answered %d, not %v: %.300s", a.Status, want, a.Body)
	}
	return ""
}

// protocol tells the answers with which net/http refuses what is no HTTP.
func protocol(a *validate.Answer) bool {
	ours := a.Header.Get("X-Request-Id") != ""
	known := []int{
		http.StatusBadRequest, http.StatusRequestHeaderFieldsTooLarge, http.StatusNotImplemented, http.StatusHTTPVersionNotSupported,
		http.StatusExpectationFailed, http.StatusRequestTimeout,
	}
	options := a.Method == http.MethodOptions && a.Status == http.StatusOK // of "*", which is about the server as a whole
	return !ours && (slices.Contains(known, a.Status) || options)
}

// connection is one to the server, made when it is needed.
type connection struct {
	ctx     context.Context // of the run, which the connection does not outlive
	address string
	conn    net.Conn
	reader  *bufio.Reader
}

func (c *connection) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// ask sends a request and reads the answer. A kept connection that the server
// has closed in the meantime is made anew, once.
func (c *connection) ask(rq Request) (*validate.Answer, time.Duration, error) {
	kept := c.conn != nil
	a, took, err := c.once(rq)
	if err != nil && kept && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || isReset(err)) {
		return c.once(rq)
	}
	return a, took, err
}

func dial(ctx context.Context, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: TooSlow}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("the server is not there: %w", err)
	}
	return conn, nil
}

func isReset(err error) bool {
	return strings.Contains(err.Error(), "connection reset") || strings.Contains(err.Error(), "broken pipe")
}

func (c *connection) once(rq Request) (a *validate.Answer, took time.Duration, err error) {
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	if c.conn == nil {
		if c.conn, err = dial(c.ctx, c.address); err != nil {
			c.conn = nil
			return nil, 0, err
		}
		c.reader = bufio.NewReader(c.conn)
	}
	began := time.Now()
	if err := c.conn.SetDeadline(began.Add(2 * TooSlow)); err != nil {
		return nil, 0, fmt.Errorf("setting a deadline: %w", err)
	}
	_, writing := c.conn.Write(rq.bytes(c.address)) // an answer may come before all is written
	a, closing, err := c.read(rq)
	took = time.Since(began)
	switch {
	case err != nil && writing != nil:
		return nil, took, fmt.Errorf("sending the request: %w", writing)
	case err != nil:
		return nil, took, fmt.Errorf("reading the answer: %w", err)
	case rq.Malformed: // where it ends is anybody's guess
		c.close()
	case c.reader.Buffered() > 0:
		rest, _ := c.reader.Peek(min(100, c.reader.Buffered()))
		return nil, took, fmt.Errorf("the answer is followed by %q", rest)
	case closing || writing != nil:
		c.close()
	}
	return a, took, nil
}

// read reads one answer; closing tells whether the connection ends with it.
func (c *connection) read(rq Request) (a *validate.Answer, closing bool, err error) {
	var resp *http.Response
	for {
		resp, err = http.ReadResponse(c.reader, &http.Request{Method: rq.Method})
		if err != nil {
			return nil, false, err
		}
		if resp.StatusCode >= http.StatusOK || resp.StatusCode == http.StatusSwitchingProtocols {
			break // what comes before is only an announcement
		}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, false, err
	}
	path, _ := rq.path()
	return &validate.Answer{Method: rq.Method, Path: path, Status: resp.StatusCode, Header: resp.Header, Body: body}, resp.Close, nil
}
