package lane

import (
	"context"
	"runtime"
	"time"
)

// Pass is somebody's way through a lane. One goroutine uses it at a time. A nil
// Pass is that of a nil lane.
type Pass struct {
	lane   *Lane
	inside bool
	since  time.Time // when this stretch of work began
}

func (p *Pass) enter(ctx context.Context, most int) error {
	if err := p.lane.wait(ctx, most); err != nil {
		return err
	}
	p.inside, p.since = true, time.Now()
	return nil
}

// Leave lets the next one in. Whoever has left already may leave again.
func (p *Pass) Leave() {
	if p == nil || !p.inside {
		return
	}
	p.inside = false
	p.lane.done(time.Since(p.since))
}

// Again waits for another turn, behind those who wait. It is not refused: who
// has begun shall end. Whoever is inside stays there.
func (p *Pass) Again(ctx context.Context) error {
	if p == nil || p.inside {
		return nil
	}
	return p.enter(ctx, int(^uint(0)>>1))
}

// Charge counts the writing of so many bytes as work. It is called outside.
func (p *Pass) Charge(bytes int) {
	if p != nil {
		p.lane.charge(time.Duration(bytes/bytesPerMicrosecond) * time.Microsecond)
	}
}

type passKey struct{}

// With gives a context in which work finds the pass.
func With(ctx context.Context, p *Pass) context.Context {
	if p == nil {
		return ctx
	}
	return context.WithValue(ctx, passKey{}, p)
}

// From gives the pass of a context, or nil.
func From(ctx context.Context) *Pass {
	p, _ := ctx.Value(passKey{}).(*Pass)
	return p
}

// Breathe lets others have the processor. Costly work calls it every 100 µs or
// so, holding nothing that a cheap request needs. It rests if this is the turn
// of somebody who has worked for long enough while others came.
func Breathe(ctx context.Context) {
	p := From(ctx)
	if p == nil || !p.inside {
		runtime.Gosched()
		return
	}
	worked := time.Since(p.since)
	if worked < stretch {
		runtime.Gosched()
		return
	}
	if rest := p.lane.breathe(worked); rest > 0 {
		time.Sleep(rest) //nolint:forbidigo // to rest is the point: there is no event to wait for
	}
	p.since = time.Now()
}
