package auth

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// recorder notes what a useLog writes.
type recorder struct {
	mu    sync.Mutex
	times []time.Time
	err   error
}

func (r *recorder) write(_ context.Context, _ workforce.KeyID, at time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.times = append(r.times, at)
	return r.err
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.times)
}

func TestUseIsWrittenOnceAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		u := newUseLog(r.write, slog.New(slog.DiscardHandler))
		start := time.Now()
		for i := range 130 { // a request a second
			u.note(workforce.APIKey{ID: 1}, start.Add(time.Duration(i)*time.Second))
			synctest.Wait()
		}
		if got := r.count(); got != 3 { // at 0, 60 and 120 s
			t.Errorf("%d writes in 130 s, want 3", got)
		}
		u.close()
		u.close() // a second close is harmless
		if got, want := r.times[r.count()-1], start.Add(129*time.Second); r.count() != 4 || !got.Equal(want) {
			t.Errorf("%d writes, the last use %v; want 4 and %v", r.count(), got, want)
		}
	})
}

func TestUseCountsWhatAnotherServerWrote(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		u := newUseLog(r.write, slog.New(slog.DiscardHandler))
		defer u.close()
		now := time.Now()
		u.note(workforce.APIKey{ID: 1, LastUsedAt: workforce.Ptr(now.Add(-30 * time.Second))}, now)
		synctest.Wait()
		if r.count() != 0 {
			t.Error("written although another server wrote within the minute")
		}
	})
}

func TestUseThatCannotBeWrittenIsNotTriedForEveryRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{err: errors.New("the disk is full")}
		u := newUseLog(r.write, slog.New(slog.DiscardHandler))
		defer u.close()
		start := time.Now()
		for i := range 59 {
			u.note(workforce.APIKey{ID: 1}, start.Add(time.Duration(i)*time.Second))
			synctest.Wait()
		}
		if r.count() != 1 {
			t.Errorf("%d tries within a minute, want 1", r.count())
		}
		u.note(workforce.APIKey{ID: 1}, start.Add(time.Minute))
		synctest.Wait()
		if r.count() != 2 {
			t.Errorf("%d tries, want another one after a minute", r.count())
		}
	})
}
