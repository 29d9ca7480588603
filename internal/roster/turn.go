package roster

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/passmuster/passmuster/internal/lane"
)

// A turn is had by one at a time: whoever changes the records, or whoever has
// to look at many of them for an answer that is not at hand. So costly requests
// take one processor and not all of them, and two that ask the same work once.
// Changes go first, and tell whoever is at work that they wait.
type turn struct {
	mu      sync.Mutex
	taken   bool
	changes []chan struct{}
	asks    []chan struct{}
	waiting atomic.Int32 // changes that wait
}

// errGiveWay tells that a change waits.
var errGiveWay = errors.New("giving way to a change")

// change waits for the turn of a change.
func (t *turn) change() {
	t.mu.Lock()
	if !t.taken {
		t.taken = true
		t.mu.Unlock()
		return
	}
	mine := make(chan struct{})
	t.changes = append(t.changes, mine)
	t.waiting.Add(1)
	t.mu.Unlock()
	<-mine
	t.waiting.Add(-1)
}

// ask waits for the turn of an answer, or until nobody wants that any more. Who
// gave way is first in the queue.
func (t *turn) ask(ctx context.Context, gaveWay bool) error {
	t.mu.Lock()
	if !t.taken {
		t.taken = true
		t.mu.Unlock()
		return nil
	}
	mine := make(chan struct{})
	if gaveWay {
		t.asks = slices.Insert(t.asks, 0, mine)
	} else {
		t.asks = append(t.asks, mine)
	}
	t.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	at := slices.Index(t.asks, mine)
	if at >= 0 {
		t.asks = slices.Delete(t.asks, at, at+1)
	}
	t.mu.Unlock()
	if at < 0 { // it was granted meanwhile
		t.done()
	}
	return ctx.Err()
}

// done passes the turn on.
func (t *turn) done() {
	t.mu.Lock()
	defer t.mu.Unlock()
	var next chan struct{}
	switch {
	case len(t.changes) > 0:
		next, t.changes = t.changes[0], t.changes[1:]
	case len(t.asks) > 0:
		next, t.asks = t.asks[0], t.asks[1:]
	default:
		t.taken = false
		return
	}
	close(next)
}

// giveWay is how often an answer starts again because a change waits. After
// that it goes on to its end: under a stream of changes it would never.
const giveWay = 2

// paceRows is how many rows are looked at between two looks up: some 100 µs.
const paceRows = 4096

// A pace is how long work goes on: until nobody wants it any more, or a change
// waits that it gives way to. Each look up also lets others have the processor.
type pace struct {
	ctx      context.Context
	turn     *turn
	patience int // how often it still gives way
	err      error
	touched  uint64 // of no meaning: what is read only to have it near
}

// stop reports whether to leave off; err says why.
func (p *pace) stop() bool {
	if p.err != nil {
		return true
	}
	lane.Breathe(p.ctx)
	if p.err = p.ctx.Err(); p.err == nil && p.patience > 0 && p.turn.waiting.Load() > 0 {
		p.err = errGiveWay
	}
	return p.err != nil
}
