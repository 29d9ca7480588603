package auth

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

const (
	useEvery   = time.Minute     // a key's last use is written no more often
	useTimeout = 5 * time.Second // for one write; a request never waits for it
)

// useLog writes when keys were last used, behind the requests' back. What is
// kept in memory is bounded by the number of keys.
type useLog struct {
	write func(context.Context, workforce.KeyID, time.Time) error
	log   *slog.Logger
	wake  chan struct{} // holds one: there is something due
	stop  chan struct{}
	once  sync.Once
	done  sync.WaitGroup

	mu   sync.Mutex // guards the map and what it holds
	keys map[workforce.KeyID]*use
}

type use struct {
	last    time.Time // the latest use
	written time.Time // the use that the database knows
	due     bool
}

func newUseLog(write func(context.Context, workforce.KeyID, time.Time) error, log *slog.Logger) *useLog {
	u := &useLog{
		write: write, log: log,
		wake: make(chan struct{}, 1), stop: make(chan struct{}),
		keys: map[workforce.KeyID]*use{},
	}
	u.done.Go(u.run)
	return u
}

// note remembers a use. It never blocks on the database.
func (u *useLog) note(k workforce.APIKey, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	e := u.keys[k.ID]
	if e == nil {
		e = &use{}
		u.keys[k.ID] = e
	}
	// Another server, or this one before it was restarted, may have written
	// since; that counts against the same minute.
	if k.LastUsedAt != nil && k.LastUsedAt.After(e.written) {
		e.written = *k.LastUsedAt
	}
	e.last = now
	if e.due || now.Sub(e.written) < useEvery {
		return
	}
	e.due = true
	select {
	case u.wake <- struct{}{}:
	default: // the writer has been woken and has not looked yet
	}
}

func (u *useLog) run() {
	for {
		select {
		case <-u.wake:
			u.flush(func(e *use) bool { return e.due })
		case <-u.stop:
			u.flush(func(e *use) bool { return e.last.After(e.written) })
			return
		}
	}
}

// flush writes the uses that pick chooses. One that cannot be written is
// reported and tried again with a later use.
func (u *useLog) flush(pick func(*use) bool) {
	for id, at := range u.picked(pick) {
		ctx, cancel := context.WithTimeout(context.Background(), useTimeout)
		err := u.write(ctx, id, at)
		cancel()
		if err != nil {
			u.log.Warn("the last use of a key could not be noted", "key", int64(id), "error", err)
		}
	}
}

// picked takes the chosen uses for writing. They count as written at once: a
// database that is down must not be asked again for every request.
func (u *useLog) picked(pick func(*use) bool) map[workforce.KeyID]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	out := map[workforce.KeyID]time.Time{}
	for id, e := range u.keys {
		if pick(e) {
			out[id] = e.last
			e.written, e.due = e.last, false
		}
	}
	return out
}

func (u *useLog) close() {
	u.once.Do(func() { close(u.stop) })
	u.done.Wait()
}
