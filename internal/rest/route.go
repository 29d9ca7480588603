package rest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/lane"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Route is one line of the route table.
type Route struct {
	Method  string // GET, PUT, …; a GET route also answers HEAD
	Pattern string // "/public/personnel/{id}/status"; of a raw route also "/assets/{path...}"

	// Operation is the stable camelCase name of the operation, in the OpenAPI
	// document, the metrics and the tests. It is unique.
	Operation string

	Version  Version
	Scope    string  // the permission that [Gate] asks of the key
	Feature  string  // the part of the plan that Gate asks of the company; "" for none in particular
	Statuses []int   // every status that is documented for it, ascending
	Params   []Param // recorded from the binder, in its order

	// What a description of the operation needs beyond that. Serving a request
	// does not look at it.
	Result  Response           // a zero value of the type of a success
	Reasons []workforce.Reason // of refusals that are the operation's own
	Headers []string           // of a success, beyond those of every answer

	run    runner       // of an operation
	raw    http.Handler // of a raw route
	line   bool         // see WaitsInLine; set by NewMux
	faults []string     // what is wrong with the line itself; NewMux reports it
}

// runner binds and handles one request.
type runner func(ctx context.Context, rq *Request) (Response, error)

// Op makes the route of an operation from its bind function and its handler.
// The handler gets what bind read, after the gate let the request in; it
// returns what to answer (nil is 204, no content), or an error.
func Op[P any](
	method, pattern, operation, scope string,
	bind func(*Binder) P,
	handle func(ctx context.Context, rq *Request, p P) (Response, error),
) Route {
	r := Route{Method: method, Pattern: pattern, Operation: operation, Scope: scope, Params: Record(bind)}
	r.faults = paramFaults(pattern, r.Params)
	r.run = func(ctx context.Context, rq *Request) (Response, error) {
		b := &Binder{rq: rq}
		defer rq.dropUpload()
		p := bind(b)
		if err := b.finish(); err != nil {
			return nil, err
		}
		ctx, err := rq.enter(ctx)
		if err != nil {
			return nil, err
		}
		return handle(ctx, rq, p)
	}
	return r
}

// Raw makes a route that is not an operation of the API: a health probe, the
// metrics, a page. The handler does everything itself, authentication
// included; no gate and no rate limit stand before it. It finds the wildcards
// of the pattern in r.PathValue.
func Raw(method, pattern, operation string, h http.Handler) Route {
	return Route{Method: method, Pattern: pattern, Operation: operation, raw: h}
}

// Answers documents the statuses of the route.
func (r Route) Answers(statuses ...int) Route {
	r.Statuses = slices.Sorted(slices.Values(statuses))
	return r
}

// Returns documents the type of a success, by a zero value of it.
func (r Route) Returns(zero Response) Route {
	r.Result = zero
	return r
}

// Refuses documents why the operation itself refuses a request, beyond what
// the gate and the binder say: what is not found, which rule is broken.
func (r Route) Refuses(reasons ...workforce.Reason) Route {
	r.Reasons = slices.Clone(reasons)
	return r
}

// Sends documents headers that a success has beyond those of every answer.
func (r Route) Sends(headers ...string) Route {
	r.Headers = slices.Clone(headers)
	return r
}

// Needs names the part of the plan that the operation belongs to.
func (r Route) Needs(feature string) Route {
	r.Feature = feature
	return r
}

// IsOperation reports whether the route is an operation of the API, as opposed
// to a [Raw] one.
func (r *Route) IsOperation() bool { return r.run != nil }

// Mount puts routes below a base path and gives them a version: the routes of
// an API package are written without the base.
func Mount(base string, v Version, routes []Route) []Route {
	out := slices.Clone(routes)
	for i := range out {
		out[i].Pattern = base + out[i].Pattern
		out[i].Version = v
	}
	return out
}

// paramFaults checks that a bind function reads each wildcard of its pattern
// once, and no name twice in one place.
func paramFaults(pattern string, params []Param) []string {
	var faults []string
	type place struct {
		in   In
		name string
	}
	seen := map[place]bool{}
	for _, p := range params {
		at := place{p.In, baseName(p.Name)}
		if seen[at] {
			faults = append(faults, fmt.Sprintf("%s parameter %q is bound twice", p.In, p.Name))
		}
		seen[at] = true
		if p.In == InPath && !strings.Contains(pattern, "{"+p.Name+"}") {
			faults = append(faults, fmt.Sprintf("path parameter %q is not in the pattern", p.Name))
		}
	}
	for part := range strings.SplitSeq(pattern, "/") {
		if name, ok := wildcard(part); ok && !seen[place{InPath, name}] {
			faults = append(faults, fmt.Sprintf("path parameter %q is not bound", name))
		}
	}
	return faults
}

// Request is one request to an operation, as its handler sees it.
type Request struct {
	http   *http.Request
	writer http.ResponseWriter
	route  *Route
	values values
	status int
	header []headerField
	lane   *lane.Lane
	pass   *lane.Pass // nil beside the lane
	spool  string     // where uploads wait
	upload *Upload    // nil: there is none
}

type headerField struct{ name, value string }

// HTTP is the request itself. Its body is the binder's business, and its
// context lacks what the gate added: use the handler's own.
func (rq *Request) HTTP() *http.Request { return rq.http }

// Route is the line of the route table that matched.
func (rq *Request) Route() *Route { return rq.route }

// SetHeader sets a header of the answer. It is not sent with an error.
func (rq *Request) SetHeader(name, value string) {
	rq.header = append(rq.header, headerField{name, value})
}

func (rq *Request) dropUpload() { rq.upload.drop() }

// SetStatus sets the status of a successful answer; without it, it is 200.
func (rq *Request) SetStatus(status int) { rq.status = status }

func (rq *Request) pathValue(name string) string { return rq.values.get(name) }

func (rq *Request) exchange() *exchange { return exchangeOf(rq.http.Context()) }
