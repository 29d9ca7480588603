package rest

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Limits of a route table; a path with more segments matches nothing.
const (
	maxSegments = 16
	maxValues   = 4
)

// matcher finds the route of a method and a path. It holds, for each number of
// segments, the routes that can match that many, most specific first: a
// literal before a wildcard, compared from left to right. The first one that
// fits and has the method wins. So PUT /personnel/reset-sync/email is
// reset-sync of "email", while GET of the same path, for which reset-sync has
// no route, is the person whose address is "reset-sync".
type matcher struct {
	bySize [maxSegments + 1][]*entry
}

type entry struct {
	route    *Route
	segments []segment
	tail     string // the name of a final {name...}, or ""
}

// segment is a literal or, if name is set, a wildcard.
type segment struct{ literal, name string }

// values are the wildcards of a match, in order.
type values struct {
	names [maxValues]string
	texts [maxValues]string
	n     int
}

func (v *values) add(name, text string) {
	v.names[v.n], v.texts[v.n] = name, text
	v.n++
}

func (v *values) get(name string) string {
	for i := range v.n {
		if v.names[i] == name {
			return v.texts[i]
		}
	}
	return ""
}

// wildcard gives the name in "{name}" or "{name...}".
func wildcard(part string) (name string, ok bool) {
	if len(part) < 3 || part[0] != '{' || part[len(part)-1] != '}' {
		return "", false
	}
	return strings.TrimSuffix(part[1:len(part)-1], "..."), true
}

func newEntry(route *Route) (*entry, error) {
	e := &entry{route: route}
	if !strings.HasPrefix(route.Pattern, "/") {
		return nil, fmt.Errorf("pattern %q does not begin with a slash", route.Pattern)
	}
	wild := 0
	for part := range strings.SplitSeq(strings.TrimPrefix(route.Pattern, "/"), "/") {
		name, ok := wildcard(part)
		switch {
		case e.tail != "":
			return nil, fmt.Errorf("pattern %q: {%s...} must be last", route.Pattern, e.tail)
		case ok && strings.HasSuffix(part, "...}"):
			e.tail = name
			wild++
		case ok:
			e.segments = append(e.segments, segment{name: name})
			wild++
		case route.Pattern == "/":
		case part == "" || strings.ContainsAny(part, "{}%"):
			return nil, fmt.Errorf("pattern %q: bad segment %q", route.Pattern, part)
		default:
			e.segments = append(e.segments, segment{literal: part})
		}
	}
	if len(e.segments) > maxSegments || wild > maxValues {
		return nil, fmt.Errorf("pattern %q has too many segments or wildcards", route.Pattern)
	}
	return e, nil
}

// compare orders entries of one size: negative if e is more specific.
func (e *entry) compare(o *entry) int {
	for i := range min(len(e.segments), len(o.segments)) {
		if a, b := e.segments[i].name != "", o.segments[i].name != ""; a != b {
			if b {
				return -1
			}
			return 1
		}
	}
	return -cmp.Compare(len(e.segments), len(o.segments)) // a tail gives way to segments
}

// same reports whether two entries match exactly the same paths.
func (e *entry) same(o *entry) bool {
	return (e.tail == "") == (o.tail == "") && slices.EqualFunc(e.segments, o.segments, func(a, b segment) bool {
		return a.literal == b.literal && (a.name == "") == (b.name == "")
	})
}

func newMatcher(entries []*entry) matcher {
	var m matcher
	for _, e := range entries {
		last := len(e.segments)
		if e.tail != "" {
			last = maxSegments
		}
		for size := len(e.segments); size <= last; size++ {
			if size == len(e.segments) && e.tail != "" {
				continue // {name...} is at least one segment
			}
			m.bySize[size] = append(m.bySize[size], e)
		}
	}
	for size := range m.bySize {
		slices.SortStableFunc(m.bySize[size], (*entry).compare)
	}
	return m
}

// match finds the route. If there is none, allow lists the methods that the
// path does have, ready for the Allow header; it is empty for an unknown path.
func (m *matcher) match(method, escapedPath string) (route *Route, v values, allow string) {
	var parts [maxSegments]string
	n, ok := splitPath(escapedPath, &parts)
	if !ok {
		return nil, values{}, ""
	}
	for _, e := range m.bySize[n] {
		if hasMethod(e.route.Method, method) && e.fits(parts[:n]) {
			return e.route, e.values(parts[:n]), ""
		}
	}
	var methods []string
	for _, e := range m.bySize[n] {
		if !e.fits(parts[:n]) {
			continue
		}
		methods = append(methods, e.route.Method)
		if e.route.Method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	slices.Sort(methods)
	return nil, values{}, strings.Join(slices.Compact(methods), ", ")
}

func hasMethod(of, asked string) bool {
	return of == asked || of == http.MethodGet && asked == http.MethodHead
}

func (e *entry) fits(parts []string) bool {
	for i, s := range e.segments {
		if s.name == "" && s.literal != parts[i] {
			return false
		}
	}
	return true
}

func (e *entry) values(parts []string) values {
	var v values
	for i, s := range e.segments {
		if s.name != "" {
			v.add(s.name, parts[i])
		}
	}
	if e.tail != "" {
		v.add(e.tail, strings.Join(parts[len(e.segments):], "/"))
	}
	return v
}

// splitPath splits an escaped path into decoded segments. No route has an
// empty segment or a "." or ".." one, escaped or not, so a path with such a
// segment, or with a malformed escape, is no path of ours: it is not cleaned.
func splitPath(escaped string, parts *[maxSegments]string) (n int, ok bool) {
	rest, ok := strings.CutPrefix(escaped, "/")
	if !ok {
		return 0, false
	}
	if rest == "" {
		return 0, true
	}
	for part := range strings.SplitSeq(rest, "/") {
		if n == maxSegments {
			return 0, false
		}
		if strings.Contains(part, "%") {
			decoded, err := url.PathUnescape(part)
			if err != nil {
				return 0, false
			}
			part = decoded
		}
		if part == "" || part == "." || part == ".." {
			return 0, false
		}
		parts[n] = part
		n++
	}
	return n, true
}

// below reports whether any route begins with these literal segments.
func (m *matcher) below(parts []string) bool {
	for size := len(parts); size <= maxSegments; size++ {
		for _, e := range m.bySize[size] {
			if len(e.segments) >= len(parts) && literalPrefix(e.segments, parts) {
				return true
			}
		}
	}
	return false
}

func literalPrefix(segments []segment, parts []string) bool {
	for i, p := range parts {
		if segments[i].name != "" || segments[i].literal != p {
			return false
		}
	}
	return true
}
