package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Target is the server that the load goes to.
type Target struct {
	Address string // loopback HOST:PORT
	Key     string // the API key; the floor ignores it
}

// Plan is one run.
type Plan struct {
	Requests    []Request
	Order       Order
	Connections int
	Seed        uint64

	// A run lasts until it has lasted Least and counted LeastRequests, and at
	// the most Most; with [Once], until there is nothing left to send, and
	// without Least and LeastRequests all is sent.
	Least, Most   time.Duration
	LeastRequests int

	// Around is called right before the first request and right after the last
	// answer, while no request is in flight. Both may be nil.
	Before, After func() error
}

// Result is what a run has measured.
type Result struct {
	Requests int
	Bytes    int64 // of the bodies
	Elapsed  time.Duration
	P50, P99 time.Duration
	Slowest  time.Duration
}

// PerSecond is the answers a second.
func (r Result) PerSecond() float64 { return float64(r.Requests) / r.Elapsed.Seconds() }

// BytesEach is the mean length of a body.
func (r Result) BytesEach() float64 { return float64(r.Bytes) / float64(max(r.Requests, 1)) }

// run is the state that the connections of a run share.
type run struct {
	plan    Plan
	encoded [][]byte
	began   time.Time
	done    atomic.Int64 // answers so far
	next    atomic.Int64 // with Once: the next request
	stop    atomic.Bool  // somebody failed
}

// worker is what one connection sends and has measured; only its goroutine
// touches it until the run is over.
type worker struct {
	*conn

	pick  func() int // place of the next request, or -1
	took  []time.Duration
	bytes int64
	err   error
}

// Run drives the load of a plan and waits until all connections have ended.
func Run(ctx context.Context, t Target, p Plan) (Result, error) {
	if len(p.Requests) == 0 || p.Connections < 1 {
		return Result{}, errors.New("a run needs requests and connections")
	}
	r := &run{plan: p, encoded: make([][]byte, len(p.Requests))}
	for i, q := range p.Requests {
		r.encoded[i] = q.encode(t.Address, t.Key)
	}
	workers, err := r.connect(ctx, t)
	defer func() {
		for _, w := range workers {
			w.close()
		}
	}()
	if err != nil {
		return Result{}, err
	}
	if p.Before != nil {
		if err := p.Before(); err != nil {
			return Result{}, err
		}
	}
	var all sync.WaitGroup
	r.began = time.Now()
	for _, w := range workers {
		all.Go(func() { r.work(ctx, w) })
	}
	all.Wait()
	elapsed := time.Since(r.began)
	if p.After != nil {
		if err := p.After(); err != nil {
			return Result{}, err
		}
	}
	return sum(workers, elapsed)
}

func (r *run) connect(ctx context.Context, t Target) ([]*worker, error) {
	workers := make([]*worker, 0, r.plan.Connections)
	for i := range r.plan.Connections {
		c, err := dial(ctx, t.Address)
		if err != nil {
			return workers, err
		}
		workers = append(workers, &worker{conn: c, pick: r.picker(i)})
	}
	return workers, nil
}

// picker gives the sequence of a connection, as places in the plan's requests.
// The same seed gives the same sequence.
func (r *run) picker(connection int) func() int {
	n := len(r.plan.Requests)
	switch r.plan.Order {
	case Once:
		return func() int {
			if i := int(r.next.Add(1)) - 1; i < n {
				return i
			}
			return -1
		}
	case Alternating:
		var mine []int // first halves of the pairs of this connection
		for pair := connection; pair < n/2; pair += r.plan.Connections {
			mine = append(mine, 2*pair)
		}
		i := 0
		return func() int {
			if len(mine) == 0 {
				return -1
			}
			half := i / len(mine) % 2
			place := mine[i%len(mine)] + half
			i++
			return place
		}
	case Shuffled:
	}
	dice := rand.New(rand.NewPCG(r.plan.Seed, uint64(connection))) //nolint:gosec // a load must be repeatable, not secret
	return func() int { return dice.IntN(n) }
}

func (r *run) work(ctx context.Context, w *worker) {
	for !r.over(ctx) {
		i := w.pick()
		if i < 0 {
			return
		}
		began := time.Now()
		n, err := w.roundTrip(r.encoded[i], r.plan.Requests[i])
		if err != nil {
			w.err = fmt.Errorf("%s %s: %w", r.plan.Requests[i].Method, r.plan.Requests[i].Target, err)
			r.stop.Store(true)
			return
		}
		w.took = append(w.took, time.Since(began))
		w.bytes += int64(n)
		r.done.Add(1)
	}
	w.err = ctx.Err()
}

func (r *run) over(ctx context.Context) bool {
	if r.stop.Load() || ctx.Err() != nil {
		return true
	}
	elapsed := time.Since(r.began)
	if elapsed >= r.plan.Most {
		return true
	}
	everything := r.plan.Order == Once && r.plan.Least == 0 && r.plan.LeastRequests == 0
	return !everything && elapsed >= r.plan.Least && r.done.Load() >= int64(r.plan.LeastRequests)
}

func sum(workers []*worker, elapsed time.Duration) (Result, error) {
	var took []time.Duration
	res := Result{Elapsed: elapsed}
	for _, w := range workers {
		if w.err != nil {
			return res, w.err
		}
		took = append(took, w.took...)
		res.Bytes += w.bytes
	}
	if len(took) == 0 {
		return res, errors.New("no request was answered in the time of the run")
	}
	slices.Sort(took)
	res.Requests = len(took)
	res.P50, res.P99, res.Slowest = took[len(took)/2], took[len(took)*99/100], took[len(took)-1]
	return res, nil
}
