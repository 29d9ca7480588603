package rest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/lane"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Gate decides whether a request may reach its operation. Admit returns the
// context for the handler (with the principal in it), or the first refusal in
// this order: no valid key (401), the plan lacks the feature (402), the terms
// are not accepted (412), the key lacks the scope (403). It must not read the
// body. It is called by many goroutines.
type Gate interface {
	Admit(r *http.Request, route *Route) (context.Context, error)
}

// Base is a path below which an API version lives.
type Base struct {
	Path    string // "/public/v2"
	Version Version
}

// MuxConfig is what a [Mux] is made from.
type MuxConfig struct {
	Routes []Route
	// Bases give unknown routes the error shape of their version. A path that
	// would exist below a base is answered with a hint; earlier bases are
	// tried first.
	Bases []Base
	// Gate is required if there is an operation.
	Gate Gate
	// Requests limits the requests to operations by address; nil is no limit.
	Requests *Limiter
	// Failures limits failed authentications by address; nil is no limit. It
	// never refuses a request whose key is good: otherwise anybody could lock
	// out everybody who shares an address with them.
	Failures *Limiter
	// Lane is where requests for lists wait; nil lets all of them work at once.
	Lane *lane.Lane
	// Spool is the folder in which uploads wait while they are read, without a
	// name; "" is the system's for temporary files.
	Spool string
	Log   *slog.Logger
}

// Mux serves a route table. It is safe for use by many goroutines and never
// changes.
type Mux struct {
	cfg     MuxConfig
	matcher matcher
	errors  Errors
}

var operationName = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)

// NewMux checks the table and builds the Mux. The error names everything that
// is wrong with the table; it is the programmer's, not the operator's.
func NewMux(cfg MuxConfig) (*Mux, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.Routes = slices.Clone(cfg.Routes)
	cfg.Bases = slices.Clone(cfg.Bases)
	var faults []error
	var entries []*entry
	operations := map[string]bool{}
	for i := range cfg.Routes {
		r := &cfg.Routes[i]
		fault := func(format string, args ...any) {
			faults = append(faults, fmt.Errorf("%s %s: "+format, append([]any{r.Method, r.Pattern}, args...)...))
		}
		for _, f := range r.faults {
			fault("%s", f)
		}
		if !operationName.MatchString(r.Operation) || operations[r.Operation] {
			fault("operation %q is not a unique camelCase name", r.Operation)
		}
		operations[r.Operation] = true
		r.line = r.WaitsInLine()
		if r.run == nil && r.raw == nil || r.run != nil && cfg.Gate == nil {
			fault("has no handler, or is an operation without a gate")
		}
		e, err := newEntry(r)
		if err != nil {
			fault("%w", err)
			continue
		}
		for _, o := range entries {
			if o.route.Method == r.Method && o.same(e) {
				fault("is also %s", o.route.Pattern)
			}
		}
		entries = append(entries, e)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("route table: %w", err)
	}
	return &Mux{cfg: cfg, matcher: newMatcher(entries), errors: Errors{Log: cfg.Log}}, nil
}

// Routes is the route table.
func (m *Mux) Routes() []Route { return slices.Clone(m.cfg.Routes) }

// ServeHTTP implements http.Handler.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	route, v, allow := m.matcher.match(r.Method, path)
	if route == nil {
		m.refuseRoute(w, r, path, allow)
		return
	}
	exchangeOf(r.Context()).matched(route)
	if route.raw != nil {
		for i := range v.n {
			r.SetPathValue(v.names[i], v.texts[i])
		}
		route.raw.ServeHTTP(w, r)
		return
	}
	rq := &Request{http: r, writer: w, route: route, lane: m.cfg.Lane, spool: m.cfg.Spool, values: v, status: http.StatusOK}
	defer rq.leave()
	answer, err := m.serve(rq)
	if err != nil {
		rq.leave()
		m.errors.Write(w, r, route.Version, err)
		return
	}
	for _, h := range rq.header {
		w.Header().Set(h.name, h.value)
	}
	switch answer.(type) {
	case nil:
		w.WriteHeader(http.StatusNoContent)
		return
	case Empty:
		w.Header().Set("Content-Length", "0")
		w.WriteHeader(rq.status)
		return
	}
	p, b := encode(answer)
	rq.leave() // before anything waits for the client
	writeBytes(w, rq.status, b)
	rq.pass.Charge(len(b))
	release(p, b)
}

// serve is the order of refusal after the route is known.
func (m *Mux) serve(rq *Request) (Response, error) {
	source := SourceAddr(rq.http.Context())
	if err := m.cfg.Requests.admit(rq.writer.Header(), source); err != nil {
		return nil, err
	}
	ctx, err := m.cfg.Gate.Admit(rq.http, rq.route)
	if err != nil {
		if workforce.IsKind(err, workforce.KindUnauthenticated) {
			if over := m.cfg.Failures.admit(rq.writer.Header(), source); over != nil {
				return nil, over
			}
		}
		return nil, err
	}
	return rq.route.run(ctx, rq)
}

// refuseRoute answers 404 for an unknown path and 405 for a known one. The
// query is not repeated: it may hold what does not belong into a client's log.
func (m *Mux) refuseRoute(w http.ResponseWriter, r *http.Request, path, allow string) {
	message := "Cannot " + r.Method + " " + clip(path)
	reason := workforce.ReasonRouteNotFound
	if allow != "" {
		reason = workforce.ReasonMethodNotAllowed
		message += "; this path answers " + allow
		w.Header().Set("Allow", allow)
	} else if hint := m.hint(path); hint != "" {
		message += "; did you mean " + clip(hint) + "?"
	}
	m.errors.Write(w, r, m.versionOf(path), &workforce.Fault{Reason: reason, Message: message})
}

// clip keeps an echoed path short. Escaped paths are ASCII.
func clip(path string) string {
	const most = 200
	if len(path) > most {
		return path[:most] + "..."
	}
	return path
}

// hint is the path below one of the bases that the client may have meant: the
// first one that is a path of ours, or else the first one below which a route
// begins as path does; "" if there is none.
func (m *Mux) hint(path string) string {
	begins := ""
	for _, b := range m.cfg.Bases {
		full := b.Path + path
		if _, _, allow := m.matcher.match("", full); allow != "" {
			return full
		}
		var parts [maxSegments]string
		n, ok := splitPath(full, &parts)
		// One segment below the base that the whole path belongs to, which may
		// be a longer one than b: /v2/users becomes /public/v2/users.
		known := strings.Count(m.longestBase(full).Path, "/") + 1
		if begins == "" && ok && known <= n && m.matcher.below(parts[:known]) {
			begins = full
		}
	}
	return begins
}

func (m *Mux) versionOf(path string) Version { return m.longestBase(path).Version }

func (m *Mux) longestBase(path string) Base {
	var best Base
	for _, b := range m.cfg.Bases {
		tail, ok := strings.CutPrefix(path, b.Path)
		if ok && (tail == "" || tail[0] == '/') && len(b.Path) > len(best.Path) {
			best = b
		}
	}
	return best
}
