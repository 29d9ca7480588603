package lane

import (
	"context"
	"time"
)

const (
	holdFor  = 100 * time.Millisecond
	mostHeld = 1000
)

// Hold keeps who is about to be refused for a moment, a tenth of a second, or
// until ctx ends. A client that is refused at once and asks again at once keeps
// a processor busy with refusals; one that is held sends ten requests a second
// on each of its connections. Of more than a thousand at a time, the others are
// not held, so that refusing needs no memory to speak of.
func (l *Lane) Hold(ctx context.Context) {
	if l == nil {
		return
	}
	defer l.held.Add(-1)
	if l.held.Add(1) > mostHeld {
		return
	}
	timer := time.NewTimer(holdFor)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
