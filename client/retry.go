package client

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The back-off without a Retry-After: half a second, doubling, up to the most.
const (
	backOffFirst = 500 * time.Millisecond
	backOffMost  = 15 * time.Second
)

// retryPolicy decides whether and when to try again.
type retryPolicy struct {
	most    int           // retries of one call
	longest time.Duration // before one retry
	chance  func() float64
}

// after says how long to wait after a failed attempt, counted from 0, and
// whether to try again at all.
func (p retryPolicy) after(method string, attempt int, err error) (time.Duration, bool) {
	if attempt >= p.most || !mayRepeat(method, err) {
		return 0, false
	}
	if asked := retryAfterOf(err); asked > 0 {
		// A little later than asked, and not all at once.
		return asked + time.Duration(p.chance()*float64(asked/10)), asked <= p.longest
	}
	wait := backOffMost
	if attempt < 5 { // 0.5, 1, 2, 4, 8 s
		wait = backOffFirst << attempt
	}
	wait = wait/2 + time.Duration(p.chance()*float64(wait/2))
	return min(wait, p.longest), true
}

// mayRepeat says whether trying again can help and cannot make a change twice.
// Changes are idempotent here, but a change that came through and is made again
// later may undo what somebody else did in between.
func mayRepeat(method string, err error) bool {
	var refused *Error
	if errors.As(err, &refused) {
		switch refused.StatusCode {
		case http.StatusTooManyRequests:
			return true
		case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return method == http.MethodGet
		}
		return false
	}
	var link *linkError
	if !errors.As(err, &link) || hopeless(link) {
		return false
	}
	return method == http.MethodGet || neverSent(link)
}

// hopeless tells failures that the next attempt would meet again.
func hopeless(err error) bool {
	var certificate *tls.CertificateVerificationError
	var name *net.DNSError
	return errors.As(err, &certificate) || errors.Is(err, http.ErrSchemeMismatch) ||
		errors.As(err, &name) && name.IsNotFound
}

// neverSent tells that no connection came about, such as when the server refuses
// it because it is just starting.
func neverSent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

func retryAfterOf(err error) time.Duration {
	var refused *Error
	if errors.As(err, &refused) {
		return refused.RetryAfter
	}
	return 0
}

// parseRetryAfter reads the header, which is a number of seconds or a time; 0 if
// it is absent, past or neither.
func parseRetryAfter(text string, now time.Time) time.Duration {
	text = strings.TrimSpace(text)
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		const most = 365 * 24 * 60 * 60 // what comes in longer than that does not matter
		return time.Duration(min(max(seconds, 0), most)) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return max(at.Sub(now), 0)
}
