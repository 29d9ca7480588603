package rest

import (
	"container/list"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

const (
	limitWindow    = time.Minute
	limitAddresses = 20_000 // remembered at once, about 3 MB; then the least recently seen is forgotten
)

// Limiter counts events by source address in windows of a minute. A window
// begins with the first event of the address, so that a limit of n lets n
// pass at once and then makes the address wait for what is left of the minute.
// IPv6 addresses count by their /64, which is what one customer gets. All
// methods are safe for many goroutines; a nil Limiter has no limit.
type Limiter struct {
	name   string
	most   int
	reason workforce.Reason
	now    func() time.Time

	mu     sync.Mutex
	recent *list.List // of *counter, most recently seen first; under mu
	byAddr map[netip.Addr]*list.Element
}

type counter struct {
	addr  netip.Addr
	began time.Time
	count int
}

// NewLimiter limits requests to perMinute for each address, or is nil, which
// is no limit, if perMinute is not positive. now is the clock.
func NewLimiter(perMinute int, now func() time.Time) *Limiter {
	return newLimiter("requests", perMinute, workforce.ReasonTooManyRequests, now)
}

// NewFailureLimiter limits failed authentications in the same way.
func NewFailureLimiter(perMinute int, now func() time.Time) *Limiter {
	return newLimiter("failures", perMinute, workforce.ReasonTooManyFailedLogins, now)
}

func newLimiter(name string, perMinute int, reason workforce.Reason, now func() time.Time) *Limiter {
	if perMinute <= 0 {
		return nil
	}
	return &Limiter{
		name: name, most: perMinute, reason: reason, now: now,
		recent: list.New(), byAddr: map[netip.Addr]*list.Element{},
	}
}

// Admit counts one event of the address. Over the limit it returns a fault of
// kind too-many and how long to wait.
func (l *Limiter) Admit(addr netip.Addr) (wait time.Duration, err error) {
	if l == nil {
		return 0, nil
	}
	_, reset, ok := l.count(addr)
	if ok {
		return 0, nil
	}
	return reset, l.fault(reset)
}

// admit is Admit with the headers of the answer: RateLimit and
// RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers) always, so that a
// client can slow down in time, and Retry-After with a refusal. Failures are
// told only when they are over: the usual answer has one policy.
func (l *Limiter) admit(h http.Header, addr netip.Addr) error {
	if l == nil {
		return nil
	}
	left, reset, ok := l.count(addr)
	if ok && l.reason == workforce.ReasonTooManyFailedLogins {
		return nil
	}
	seconds := strconv.Itoa(wholeSeconds(reset))
	h.Set("RateLimit-Policy", `"`+l.name+`";q=`+strconv.Itoa(l.most)+`;w=60`)
	h.Set("RateLimit", `"`+l.name+`";r=`+strconv.Itoa(left)+`;t=`+seconds)
	if ok {
		return nil
	}
	h.Set("Retry-After", seconds)
	return l.fault(reset)
}

func (l *Limiter) fault(reset time.Duration) error {
	what := "requests"
	if l.reason == workforce.ReasonTooManyFailedLogins {
		what = "failed authentications"
	}
	return workforce.Refuse(l.reason, "Too many %s from this address: at most %d a minute. Try again in %d seconds.",
		what, l.most, wholeSeconds(reset))
}

// wholeSeconds rounds up: a client that waits this long is let in.
func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// count notes one event: how many are left, when the window ends, and whether
// this one was within it.
func (l *Limiter) count(addr netip.Addr) (left int, reset time.Duration, ok bool) {
	addr = bucket(addr)
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.counter(addr, now)
	reset = c.began.Add(limitWindow).Sub(now)
	if c.count >= l.most {
		return 0, reset, false
	}
	c.count++
	return l.most - c.count, reset, true
}

// counter finds or makes the address's counter; the caller holds mu.
func (l *Limiter) counter(addr netip.Addr, now time.Time) *counter {
	if el, ok := l.byAddr[addr]; ok {
		l.recent.MoveToFront(el)
		c := el.Value.(*counter)
		if age := now.Sub(c.began); age >= limitWindow || age < 0 {
			c.began, c.count = now, 0
		}
		return c
	}
	if l.recent.Len() >= limitAddresses {
		oldest := l.recent.Back()
		delete(l.byAddr, oldest.Value.(*counter).addr)
		l.recent.Remove(oldest)
	}
	c := &counter{addr: addr, began: now}
	l.byAddr[addr] = l.recent.PushFront(c)
	return c
}

func bucket(addr netip.Addr) netip.Addr {
	if addr.Is6() && !addr.Is4In6() {
		if p, err := addr.WithZone("").Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return addr.Unmap()
}
