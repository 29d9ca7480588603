package lane

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// stretch is how long somebody works before they rest.
	stretch = time.Millisecond
	// longestRest bounds a rest. What worked for longer without a pause could
	// not help it, and nobody should wait for it twice as long.
	longestRest = 10 * time.Millisecond
	// bytesPerMicrosecond is how fast answers are written, as far as the system
	// works for it: the time that it takes a client to read is nobody's work.
	bytesPerMicrosecond = 2000
)

// ErrFull refuses somebody because too many wait already.
var ErrFull = errors.New("too many wait in line")

// Lane lets a few through at a time, in the order in which they came. It is
// safe for many goroutines. A nil Lane lets everybody through.
type Lane struct {
	width  int // who work at a time
	most   int // who wait at a time
	others atomic.Uint64
	held   atomic.Int32

	mu      sync.Mutex
	inside  int             // who work now
	queue   []chan struct{} // who wait; closed when it is their turn
	debt    time.Duration   // work that nobody has rested from
	seen    uint64          // of others, when somebody rested last
	resting bool            // a timer ends it
}

// New gives a lane for width at a time, at least one, in which most more wait.
func New(width, most int) *Lane { return &Lane{width: max(width, 1), most: most} }

// Beside tells that a request came that does not use the lane.
func (l *Lane) Beside() {
	if l != nil {
		l.others.Add(1)
	}
}

// Enter waits for a turn. It fails with [ErrFull], or with the context's error
// when that ends first. The pass is for one goroutine at a time, which has to
// call [Pass.Leave].
func (l *Lane) Enter(ctx context.Context) (*Pass, error) {
	if l == nil {
		return nil, nil
	}
	p := &Pass{lane: l}
	if err := p.enter(ctx, l.most); err != nil {
		return nil, err
	}
	return p, nil
}

// wait is a turn of the lane, unless more than most wait for one already.
func (l *Lane) wait(ctx context.Context, most int) error {
	l.mu.Lock()
	if l.inside < l.width && len(l.queue) == 0 && !l.resting {
		l.inside++
		l.mu.Unlock()
		return nil
	}
	if len(l.queue) >= most {
		l.mu.Unlock()
		return ErrFull
	}
	turn := make(chan struct{})
	l.queue = append(l.queue, turn)
	l.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.queue, turn); i >= 0 {
		l.queue = slices.Delete(l.queue, i, i+1)
	} else { // it was this one's turn meanwhile
		l.inside--
		l.next()
	}
	return ctx.Err()
}

// done ends a turn that had so much work in it.
func (l *Lane) done(worked time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inside--
	l.debt += worked
	if rest := l.rest(); rest > 0 {
		l.resting = true
		time.AfterFunc(rest, l.wake)
	}
	l.next()
}

// rest is for how long the lane has to rest now; mu is held.
func (l *Lane) rest() time.Duration {
	debt := l.debt / time.Duration(l.width)
	if debt < stretch || l.resting {
		return 0
	}
	l.debt = 0
	others := l.others.Load()
	if others == l.seen {
		return 0
	}
	l.seen = others
	return min(debt, longestRest)
}

func (l *Lane) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.resting = false
	l.seen = l.others.Load() // who came meanwhile had it for themselves
	l.next()
}

// next lets in whoever can be; mu is held.
func (l *Lane) next() {
	for l.inside < l.width && len(l.queue) > 0 && !l.resting {
		turn := l.queue[0]
		l.queue = slices.Delete(l.queue, 0, 1)
		l.inside++
		close(turn)
	}
}

// charge adds work that was done outside.
func (l *Lane) charge(work time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.debt += work
}

// breathe is how long somebody who goes on inside has to rest first, having
// worked for so long.
func (l *Lane) breathe(worked time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	others := l.others.Load()
	if others == l.seen {
		l.debt += worked
		return 0
	}
	l.seen = others
	return min(worked, longestRest)
}
