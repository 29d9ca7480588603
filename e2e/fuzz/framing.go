package fuzz

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/e2e/validate"
)

// framings tries what is around a request: its method, its path, its headers.
func (g *Generator) framings(o *validate.Operation) []trial {
	var out []trial
	add := func(what string, change func(*Request)) {
		out = append(out, func(rng *rand.Rand) Request {
			d := g.draft(o, rng)
			d.what = o.ID + ": " + what
			r := d.request()
			change(&r)
			return r
		})
	}
	for _, method := range []string{
		http.MethodHead, http.MethodOptions, http.MethodPost, http.MethodDelete, http.MethodPatch, http.MethodTrace, "PROPFIND", "get", "X",
		http.MethodGet, http.MethodPut,
	} {
		add("method "+method, func(r *Request) { r.Method = method })
	}
	ways := paths()
	for _, what := range slices.Sorted(maps.Keys(ways)) {
		add("path "+what, func(r *Request) { r.Target = ways[what](r.Target) })
	}
	for _, f := range fields() {
		add(fmt.Sprintf("header %s: %s", f.Name, short(f.Value)), func(r *Request) { r.Header = append(r.Header, f) })
	}
	for _, f := range []Field{{"X-Bad", "a\x01b"}, {"X Bad", "a"}, {"Transfer-Encoding", "gzip"}, {"Content-Length", "-1"}, {"Host", "b.example.com"}, {"", "x"}} {
		add(fmt.Sprintf("no HTTP, %s: %q", f.Name, f.Value), func(r *Request) {
			r.Header, r.Malformed = append(r.Header, f), true
		})
	}
	add("no Content-Length", func(r *Request) { r.Unmeasured = true })
	add("an old version", func(r *Request) { r.OldHTTP = true })
	add("a body in chunks", func(r *Request) { r.Chunked = true })
	add("a header of 60,000 bytes", func(r *Request) { r.Header = append(r.Header, Field{"X-Long", strings.Repeat("x", 60_000)}) })
	add("a query of 50,000 bytes", func(r *Request) { r.Target += "?" + strings.Repeat("a=1&", 12_500) })
	add("a header of 200,000 bytes", func(r *Request) {
		r.Header, r.Malformed, r.MayReset = append(r.Header, Field{"X-Long", strings.Repeat("x", 200_000)}), true, true
	})
	add("3,000 headers", func(r *Request) {
		for range 3000 {
			r.Header = append(r.Header, Field{"X-Many", "1"})
		}
	})
	return out
}

// paths are the ways to write a path so that it may or may not be the same.
func paths() map[string]func(string) string {
	last := func(change func(segment string) string) func(string) string {
		return func(target string) string {
			i := strings.LastIndex(target, "/")
			return target[:i+1] + change(target[i+1:])
		}
	}
	return map[string]func(string) string{
		"with a slash at the end": func(s string) string { return s + "/" },
		"with two slashes":        last(func(s string) string { return "/" + s }),
		"with a dot":              last(func(s string) string { return "./" + s }),
		"with dots":               last(func(s string) string { return "x/../" + s }),
		"with encoded dots":       last(func(s string) string { return "%2e%2e/" + s }),
		"with an encoded slash":   last(func(s string) string { return "x%2F" + s }),
		"encoded":                 last(encodeAll),
		"in capitals":             strings.ToUpper,
		"with a parameter":        func(s string) string { return s + ";jsessionid=1" },
		"with NUL":                func(s string) string { return s + "%00" },
		"with a fragment":         func(s string) string { return s + "#top" },
		"with two queries":        func(s string) string { return s + "?a=1?b=2" },
		"with a backslash":        func(s string) string { return strings.Replace(s, "/", `\`, 1) },
		"from another server":     func(s string) string { return "http://other.example.com" + s },
		"from another scheme":     func(s string) string { return "gopher://other.example.com:70" + s },
		"with a user":             func(s string) string { return "http://user:password@127.0.0.1" + s },
		"with a bad escape":       last(func(s string) string { return s + "%zz" }),
		"with many segments":      func(s string) string { return s + strings.Repeat("/a", 40) },
		"with a long segment":     func(s string) string { return s + strings.Repeat("a", 20_000) },
		"without a slash":         func(s string) string { return strings.TrimPrefix(s, "/") },
		"an asterisk":             func(string) string { return "*" },
		"the root":                func(string) string { return "/" },
		"without its base":        func(s string) string { return strings.TrimPrefix(s, "/public") },
		"with raw UTF-8":          last(func(string) string { return "é日" }),
	}
}

// fields are headers that must not matter, or not in this way.
func fields() []Field {
	return []Field{
		{"Accept", "text/html"},
		{"Accept", "application/xml;q=1, */*;q=0"},
		{"Accept-Encoding", "gzip, br, zstd;q=0"},
		{"Accept-Language", "tlh"},
		{"Content-Encoding", "gzip"},
		{"Content-Type", "text/plain"},
		{"Content-Type", "application/xml"},
		{"Content-Type", "multipart/form-data; boundary=x"},
		{"Content-Type", "application/json; charset=utf-16"},
		{"Content-Type", ";;;"},
		{"Expect", "100-continue"},
		{"Connection", "close"},
		{"Connection", "Authorization"},
		{"Cookie", strings.Repeat("a=b; ", 500)},
		{"Range", "bytes=0-10"},
		{"If-None-Match", "*"},
		{"If-Modified-Since", "Sat, 01 Jan 2050 00:00:00 GMT"},
		{"X-HTTP-Method-Override", "DELETE"},
		{"X-Original-URL", "/public/users/1"},
		{"X-Rewrite-URL", "/metrics"},
		{"X-Forwarded-For", "203.0.113.7"},
		{"X-Forwarded-For", "nonsense, ::1"},
		{"Forwarded", "for=_x"},
		{"X-Request-Id", "of-the-client.1"},
		{"X-Request-Id", strings.Repeat("x", 65)},
		{"X-Request-Id", "<script>"},
		{"Origin", "https://other.example.com"},
		{"Upgrade", "websocket"},
		{"Upgrade", "h2c"},
		{"TE", "trailers"},
		{"Trailer", "Authorization"},
		{"User-Agent", "\xff\xfe"},
	}
}
