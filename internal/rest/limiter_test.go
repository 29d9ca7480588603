package rest

import (
	"encoding/binary"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

func TestLimiterWindow(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	l := NewLimiter(2, func() time.Time { return now })
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	check := func(addr netip.Addr, ok bool, wait time.Duration) {
		t.Helper()
		got, err := l.Admit(addr)
		if (err == nil) != ok || got != wait {
			t.Errorf("Admit(%s) = %s, %v; want ok %t, wait %s", addr, got, err, ok, wait)
		}
		if err != nil && !workforce.IsReason(err, workforce.ReasonTooManyRequests) {
			t.Errorf("error %v", err)
		}
	}
	check(a, true, 0)
	now = now.Add(10 * time.Second)
	check(a, true, 0)
	check(a, false, 50*time.Second)
	check(b, true, 0)
	check(netip.MustParseAddr("::ffff:192.0.2.1"), false, 50*time.Second)
	now = now.Add(50*time.Second - 1)
	check(a, false, 1)
	now = now.Add(1)
	check(a, true, 0)
	now = now.Add(-time.Hour) // a clock set back must not lock anybody out for an hour
	check(a, true, 0)
}

func TestLimiterBuckets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"2001:db8::1", "2001:db8::ffff", true},
		{"2001:db8::1", "2001:db8:0:1::1", false},
		{"fe80::1%eth0", "fe80::1%eth1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
	} {
		if got := bucket(netip.MustParseAddr(c.a)) == bucket(netip.MustParseAddr(c.b)); got != c.same {
			t.Errorf("%s and %s share a bucket: %t, want %t", c.a, c.b, got, c.same)
		}
	}
}

func TestLimiterForgetsTheLeastRecent(t *testing.T) {
	t.Parallel()
	l := NewLimiter(1, func() time.Time { return time.Unix(0, 0) })
	addr := func(i int) netip.Addr {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], uint32(i))
		return netip.AddrFrom4(b)
	}
	for i := range limitAddresses {
		if _, err := l.Admit(addr(i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.Admit(addr(0)); err == nil { // refused, and recent again
		t.Error("address 0 is forgotten too early")
	}
	if _, err := l.Admit(addr(limitAddresses)); err != nil {
		t.Error(err)
	}
	if _, err := l.Admit(addr(0)); err == nil {
		t.Error("a recent address is forgotten")
	}
	if _, err := l.Admit(addr(1)); err != nil {
		t.Error("the least recent address is remembered")
	}
	if len(l.byAddr) != limitAddresses || l.recent.Len() != limitAddresses {
		t.Errorf("%d and %d addresses, want %d", len(l.byAddr), l.recent.Len(), limitAddresses)
	}
}

func TestNoLimiter(t *testing.T) {
	t.Parallel()
	if NewLimiter(0, time.Now) != nil || NewFailureLimiter(-1, time.Now) != nil {
		t.Error("a limit that is not positive is a limit")
	}
	var l *Limiter
	if _, err := l.Admit(netip.Addr{}); err != nil {
		t.Error(err)
	}
	h := http.Header{}
	if err := l.admit(h, netip.Addr{}); err != nil || len(h) != 0 {
		t.Error(err, h)
	}
}

// In no window that begins with an address's first event do more pass than
// the limit says, and none is refused below it.
func TestLimiterProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(0, 0)
		most := rapid.IntRange(1, 5).Draw(t, "most")
		l := NewLimiter(most, func() time.Time { return now })
		addr := netip.MustParseAddr("192.0.2.1")
		began, passed := now, 0
		for range rapid.IntRange(1, 40).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "step")) * time.Second)
			if passed == 0 || now.Sub(began) >= time.Minute {
				began, passed = now, 0
			}
			wait, err := l.Admit(addr)
			if (err == nil) != (passed < most) {
				t.Fatalf("event at %s: %v after %d of %d", now, err, passed, most)
			}
			if err == nil {
				passed++
			} else if got := now.Add(wait); !got.Equal(began.Add(time.Minute)) {
				t.Fatalf("told to wait until %s, window ends %s", got, began.Add(time.Minute))
			}
		}
	})
}

func TestLimiterConcurrently(t *testing.T) {
	t.Parallel()
	l := NewLimiter(100, func() time.Time { return time.Unix(0, 0) })
	var passed atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if _, err := l.Admit(netip.MustParseAddr("192.0.2.1")); err == nil {
					passed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if passed.Load() != 100 {
		t.Errorf("%d passed, want 100", passed.Load())
	}
}
