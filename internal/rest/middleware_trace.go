package rest

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"time"
)

// requestIDHeader carries the request id in both directions. It is spelled as
// header maps spell it.
const requestIDHeader = "X-Request-Id"

// Trace begins a request: it gives it an id, finds its source address, and
// puts both into the context together with the writer that the other
// middleware observes. It has to be the outermost. An inbound X-Request-Id is
// kept if it is 1 to 64 letters, digits, dots, dashes and underscores, which
// leaves no room for an e-mail address or for a forged log line; the answer
// always carries the id.
func Trace(trusted []netip.Prefix) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id := r.Header.Get(requestIDHeader)
			if !saneID(id) {
				id = newID()
			}
			ctx := r.Context()
			x := &exchange{
				ResponseWriter: w, id: id, source: ClientIP(r, trusted), trusted: trusted, began: time.Now(),
				conn: gatheredOf(ctx), idValue: [1]string{id},
			}
			w.Header()[requestIDHeader] = x.idValue[:]
			next.ServeHTTP(x, r.WithContext(context.WithValue(ctx, exchangeKey{}, x)))
		})
	}
}

func saneID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}

// newID is 120 random bits in base 32. An id tells requests apart; nothing is
// secret about it, so that the quick generator does.
func newID() string {
	const digits, length = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 24
	var b [length]byte
	for i := 0; i < length; i += length / 2 {
		n := rand.Uint64() //nolint:gosec // see above
		for j := range length / 2 {
			b[i+j] = digits[n&31]
			n >>= 5
		}
	}
	return string(b[:])
}
