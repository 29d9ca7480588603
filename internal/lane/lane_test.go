package lane

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// enter is Enter of a lane that lets somebody in sooner or later.
func enter(t *testing.T, l *Lane) *Pass {
	t.Helper()
	p, err := l.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// work lets so much time go by, which takes none: every test is in a bubble of
// synctest.
func work(d time.Duration) { <-time.After(d) }

func TestOrderAndWidth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(2, 10)
		var inside atomic.Int32
		var mu sync.Mutex
		var order []int
		for i := range 8 {
			go func() {
				p := enter(t, l)
				defer p.Leave()
				if n := inside.Add(1); n > 2 {
					t.Errorf("%d are inside at once", n)
				}
				mu.Lock()
				order = append(order, i)
				mu.Unlock()
				work(time.Second + time.Duration(i)*time.Millisecond)
				inside.Add(-1)
			}()
			synctest.Wait()
		}
		work(10 * time.Second)
		mu.Lock()
		defer mu.Unlock()
		if want := []int{0, 1, 2, 3, 4, 5, 6, 7}; !slices.Equal(order, want) {
			t.Errorf("they were let in as %v, want %v", order, want)
		}
	})
}

func TestTooManyWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(1, 2)
		first := enter(t, l)
		for range 2 {
			go func() { enter(t, l).Leave() }()
		}
		synctest.Wait()
		if p, err := l.Enter(t.Context()); !errors.Is(err, ErrFull) || p != nil {
			t.Errorf("a third one who waits: %v", err)
		}
		// Who has begun comes back whatever the others do.
		first.Leave()
		if err := first.Again(t.Context()); err != nil {
			t.Errorf("coming back: %v", err)
		}
		first.Leave()
		first.Leave() // says nothing new
		synctest.Wait()
		enter(t, l).Leave()
	})
}

// Who does not want to wait any longer takes nobody's turn, not even when it
// comes at that moment.
func TestGoneWhileWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(1, 10)
		first := enter(t, l)
		ctx, cancel := context.WithCancel(t.Context())
		for range 3 {
			go func() {
				if p, err := l.Enter(ctx); err == nil {
					p.Leave()
				} else if !errors.Is(err, context.Canceled) {
					t.Errorf("who went away: %v", err)
				}
			}()
		}
		served := make(chan struct{})
		go func() {
			enter(t, l).Leave()
			close(served)
		}()
		synctest.Wait()
		cancel()
		first.Leave()
		<-served
		enter(t, l).Leave()
	})
}

// How long two turns of 3 ms take together, beside others and alone.
func TestRest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		beside func(*Lane)
		charge int
		want   time.Duration
	}{
		"alone":             {func(*Lane) {}, 0, 6 * time.Millisecond},
		"beside others":     {(*Lane).Beside, 0, 9 * time.Millisecond},
		"and large answers": {(*Lane).Beside, 2_000_000, 10 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			l, began := New(1, 10), time.Now()
			l.charge(0)
			p := enter(t, l)
			p.Charge(c.charge)
			work(3 * time.Millisecond)
			c.beside(l)
			p.Leave()
			p = enter(t, l)
			work(3 * time.Millisecond)
			p.Leave()
			if took := time.Since(began); took != c.want {
				t.Errorf("%s: %s, want %s", name, took, c.want)
			}
			work(time.Second) // for the timer of a rest
		})
	}
}

// Many short turns rest like a long one.
func TestShortTurnsAddUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, began := New(1, 10), time.Now()
		for range 1000 {
			l.Beside()
			p := enter(t, l)
			work(50 * time.Microsecond)
			p.Leave()
		}
		if took := time.Since(began); took < 98*time.Millisecond || took > 101*time.Millisecond {
			t.Errorf("50 ms of work took %s beside others, want twice as long", took)
		}
		work(time.Second)
	})
}

// Long work that breathes works for as long as it rests, beside others, and
// does not rest alone or where there is no lane.
func TestBreathe(t *testing.T) {
	t.Parallel()
	long := func(ctx context.Context, l *Lane, beside bool) time.Duration {
		began := time.Now()
		for range 100 {
			if beside {
				l.Beside()
			}
			work(100 * time.Microsecond)
			Breathe(ctx)
		}
		return time.Since(began)
	}
	for _, c := range []struct {
		lane, beside bool
		want         time.Duration
	}{
		{false, true, 10 * time.Millisecond},
		{true, false, 10 * time.Millisecond},
		{true, true, 20 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			l, ctx := New(1, 10), t.Context()
			if c.lane {
				p := enter(t, l)
				ctx = With(ctx, p)
			}
			if took := long(ctx, l, c.beside); took != c.want {
				t.Errorf("%+v: %s", c, took)
			}
			From(ctx).Leave()
			if took := long(ctx, l, c.beside); took != 10*time.Millisecond {
				t.Errorf("%+v, having left: %s", c, took)
			}
			work(time.Second)
		})
	}
}

func TestLongestRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(1, 10)
		p := enter(t, l)
		work(time.Second)
		l.Beside()
		p.Leave()
		began := time.Now()
		enter(t, l).Leave()
		if waited := time.Since(began); waited != longestRest {
			t.Errorf("after a second of work the next one waits for %s, want %s", waited, longestRest)
		}
	})
}

func TestHold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(1, 0)
		began := time.Now()
		var all sync.WaitGroup
		for range mostHeld {
			all.Go(func() { l.Hold(t.Context()) })
		}
		synctest.Wait()
		l.Hold(t.Context())
		if time.Since(began) != 0 {
			t.Error("one more than fit is held, too")
		}
		all.Wait()
		if took := time.Since(began); took != holdFor {
			t.Errorf("they are held for %s", took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		began = time.Now()
		l.Hold(ctx)
		if time.Since(began) != 0 {
			t.Error("who has gone is held")
		}
	})
}

func TestNoLane(t *testing.T) {
	t.Parallel()
	var l *Lane
	l.Beside()
	l.Hold(t.Context())
	p, err := l.Enter(t.Context())
	if p != nil || err != nil {
		t.Fatalf("no lane gives %v, %v", p, err)
	}
	p.Leave()
	p.Charge(1000)
	if err := p.Again(t.Context()); err != nil {
		t.Error(err)
	}
	if ctx := With(t.Context(), p); From(ctx) != nil {
		t.Error("there is a pass of no lane")
	}
}

// Whatever they do, never are more inside than fit, everybody who stays is
// served, and nobody is left inside.
func TestEverybodyIsServed(t *testing.T) {
	t.Parallel()
	type visit struct {
		Comes, Works, Patience, Returns int
		Beside                          bool
	}
	rapid.Check(t, func(rt *rapid.T) {
		width, most := rapid.IntRange(1, 3).Draw(rt, "width"), rapid.IntRange(0, 6).Draw(rt, "most")
		visits := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) visit {
			return visit{
				Comes: rapid.IntRange(0, 5000).Draw(rt, "comes"), Works: rapid.IntRange(0, 4000).Draw(rt, "works"),
				Patience: rapid.IntRange(1, 20_000).Draw(rt, "patience"), Returns: rapid.IntRange(0, 3).Draw(rt, "returns"),
				Beside: rapid.Bool().Draw(rt, "beside"),
			}
		}), 1, 20).Draw(rt, "visits")
		var wrong error
		synctest.Test(t, func(t *testing.T) {
			l := New(width, most)
			var inside atomic.Int32
			var mu sync.Mutex
			for _, v := range visits {
				go func() {
					work(time.Duration(v.Comes) * time.Microsecond)
					if v.Beside {
						l.Beside()
					}
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(v.Patience)*time.Microsecond)
					defer cancel()
					p, err := l.Enter(ctx)
					for range v.Returns + 1 {
						if err != nil {
							break
						}
						if n := int(inside.Add(1)); n > width {
							mu.Lock()
							wrong = fmt.Errorf("%d inside, %d fit", n, width)
							mu.Unlock()
						}
						work(time.Duration(v.Works) * time.Microsecond)
						inside.Add(-1)
						p.Leave()
						err = p.Again(ctx)
					}
					p.Leave()
				}()
			}
			work(time.Minute)
			l.mu.Lock()
			mu.Lock()
			defer mu.Unlock()
			defer l.mu.Unlock()
			if l.inside != 0 || len(l.queue) != 0 || l.resting {
				wrong = errors.Join(wrong, fmt.Errorf("at the end %d are inside, %d wait, resting: %t", l.inside, len(l.queue), l.resting))
			}
		})
		if wrong != nil {
			rt.Fatal(wrong)
		}
	})
}
