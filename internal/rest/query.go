package rest

import (
	"net/url"
	"strings"
)

// pair is one name=value of a query string, decoded. A name of an array may be
// spelled x, x[] or x[0]: name holds x in all three cases.
type pair struct {
	name  string
	value string
	used  bool // some parameter of the operation took it
}

// parseQuery decodes a raw query into pairs, in their order, appended to dst.
// It differs from url.ParseQuery in what clients of the API rely on: array
// spellings are brought to one name, a semicolon is an ordinary character, and
// a malformed escape does not drop the pair silently but is reported: bad is
// the name of the first parameter it happened in ("" if the name itself is
// malformed), ok is then false.
func parseQuery(dst []pair, raw string) (pairs []pair, bad string, ok bool) {
	ok = true
	for raw != "" {
		var part string
		part, raw, _ = strings.Cut(raw, "&")
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(key)
		if err != nil {
			return dst, "", false
		}
		text, err := url.QueryUnescape(value)
		if err != nil {
			return dst, name, false
		}
		dst = append(dst, pair{name: baseName(name), value: text})
	}
	return dst, "", ok
}

// baseName strips one trailing "[]" or "[digits]".
func baseName(name string) string {
	head, index, found := strings.Cut(name, "[")
	if !found || head == "" || !strings.HasSuffix(index, "]") {
		return name
	}
	if ds, tail := digits(index); tail == "]" && len(ds) < 10 {
		return head
	}
	return name
}
