package rest

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// exchange is one request and its answer as the middleware sees them: what the
// log and the metrics need, and the writer that observes the answer. Only the
// goroutine that serves the request touches it, so it has no lock. Its methods
// accept a nil receiver: a [Mux] also works without the middleware.
type exchange struct {
	http.ResponseWriter

	id      string         // request id
	source  netip.Addr     // whom the request came from; zero if unknown
	trusted []netip.Prefix // the proxies that are believed
	began   time.Time      // when Trace met the request
	conn    *gathered      // nil: it cannot hold back the start of the answer
	actor   string         // id of the key, once the gate knows it
	route   *Route         // set by the Mux when one matched

	status  int // 0 until the header is written
	bytes   int64
	reason  workforce.Reason // of the refusal; "" if there was none
	unknown int              // query parameters that no line of the binder read
	gone    bool             // the client did not wait for the answer

	// Header values, which need not be allocated beside this.
	idValue, lengthValue [1]string
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// WriteHeader implements http.ResponseWriter.
func (x *exchange) WriteHeader(status int) {
	if x.status == 0 && status >= http.StatusOK { // 1xx are not the answer
		x.status = status
	}
	x.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (x *exchange) Write(b []byte) (int, error) {
	if x.status == 0 {
		x.status = http.StatusOK
	}
	n, err := x.ResponseWriter.Write(b)
	x.bytes += int64(n)
	return n, err
}

// writeAll writes a body that follows all at once. A failed write means that
// the client is gone, and there is nobody to tell.
func (x *exchange) writeAll(b []byte) {
	x.conn.hold()
	_, _ = x.Write(b)
	x.conn.release()
}

// Unwrap lets http.ResponseController reach the server's own writer.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

func (x *exchange) countUnknown(n int) {
	if x != nil {
		x.unknown += n
	}
}

func (x *exchange) refused(reason workforce.Reason) {
	if x != nil {
		x.reason = reason
	}
}

func (x *exchange) clientGone() {
	if x != nil {
		x.gone = true
	}
}

func (x *exchange) matched(route *Route) {
	if x != nil {
		x.route = route
	}
}

// outcome is the status for log and metrics.
func (x *exchange) outcome() int {
	switch {
	case x.gone:
		return statusClientGone
	case x.status == 0:
		return http.StatusOK // net/http answers so for a handler that wrote nothing
	}
	return x.status
}

// pattern is the route for log and metrics, never the path.
func (x *exchange) pattern() string {
	if x == nil || x.route == nil {
		return "unmatched"
	}
	return x.route.Pattern
}

func (x *exchange) operation() string {
	if x == nil || x.route == nil {
		return ""
	}
	return x.route.Operation
}

func (x *exchange) idAttr() slog.Attr {
	if x == nil {
		return slog.Attr{}
	}
	return slog.String("request_id", x.id)
}

// RequestID is the id of the request that ctx belongs to, or "".
func RequestID(ctx context.Context) string {
	if x := exchangeOf(ctx); x != nil {
		return x.id
	}
	return ""
}

// SourceAddr is the address that the request of ctx came from, seen through
// the trusted proxies; the zero Addr if it is not known.
func SourceAddr(ctx context.Context) netip.Addr {
	if x := exchangeOf(ctx); x != nil {
		return x.source
	}
	return netip.Addr{}
}

// SetActor notes who makes the request of ctx, for the access log: the id of a
// key or a session, never a name or an address.
func SetActor(ctx context.Context, id string) {
	if x := exchangeOf(ctx); x != nil {
		x.actor = id
	}
}

// knownMethods bounds what a client can write into log and metrics.
var knownMethods = map[string]bool{
	http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true,
	http.MethodPatch: true, http.MethodDelete: true, http.MethodOptions: true,
}

func methodLabel(method string) string {
	if knownMethods[method] {
		return method
	}
	return "OTHER"
}
