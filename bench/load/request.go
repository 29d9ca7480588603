package load

import (
	"fmt"
	"net/http"
	"strings"
)

// Request is one request and what the answer to it must be.
type Request struct {
	Method string
	Target string // path and query, as sent
	Body   string // JSON; "" is none
	Want   int    // bytes of the answer's body; 0 accepts any number but none
}

// Get is a GET request whose answer may have any length.
func Get(target string) Request { return Request{Method: http.MethodGet, Target: target} }

// ID tells requests apart that may be answered differently.
func (r Request) ID() string { return r.Method + " " + r.Target + "\n" + r.Body }

// encode gives the bytes that go over the connection. Requests are encoded
// before the clock starts.
func (r Request) encode(host, key string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n", r.Method, r.Target, host, key)
	if r.Body != "" {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(r.Body))
	}
	b.WriteString("\r\n")
	b.WriteString(r.Body)
	return []byte(b.String())
}

// Order is how the connections share out the requests of a run.
type Order int

const (
	// Shuffled lets every connection draw from all requests, with its own
	// seeded dice, as often as time allows.
	Shuffled Order = iota
	// Once sends each request once, in the order given, and ends the run when
	// there is none left.
	Once
	// Alternating takes the requests in pairs that undo each other. A pair
	// belongs to one connection, which sends all first halves, then all second
	// halves, and so on: every request changes something.
	Alternating
)
