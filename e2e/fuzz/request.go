package fuzz

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Request is one request as it goes over the wire, byte by byte.
type Request struct {
	What   string // what is tried, for a person
	Method string
	Target string // as it stands in the request line
	Key    string // of the header Authorization: Bearer; "" sends none
	Header []Field
	Body   []byte

	Chunked    bool // the body is sent in chunks
	Unmeasured bool // without a body there is no Content-Length: 0 either
	OldHTTP    bool // HTTP/1.0

	Want []int // the statuses that are right; nil where several could be
	// Malformed requests are no HTTP: net/http may refuse them before the
	// program sees them, in its own words.
	Malformed bool
	MayReset  bool // the server may close the connection before it has read all
}

// Field is a header.
type Field struct{ Name, Value string }

const chunk = 1000 // bytes of each chunk but the last

// bytes is the request on the wire.
func (r Request) bytes(host string) []byte {
	var b bytes.Buffer
	version := "HTTP/1.1"
	if r.OldHTTP {
		version = "HTTP/1.0"
	}
	fmt.Fprintf(&b, "%s %s %s\r\nHost: %s\r\n", r.Method, r.Target, version, host)
	if r.Key != "" {
		fmt.Fprintf(&b, "Authorization: Bearer %s\r\n", r.Key)
	}
	for _, f := range r.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
	}
	switch {
	case r.Chunked:
		b.WriteString("Transfer-Encoding: chunked\r\n\r\n")
		for part := range slices.Chunk(r.Body, chunk) {
			fmt.Fprintf(&b, "%x\r\n%s\r\n", len(part), part)
		}
		b.WriteString("0\r\n\r\n")
	case len(r.Body) > 0:
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(r.Body), r.Body)
	case r.Method == http.MethodPut && !r.Unmeasured:
		b.WriteString("Content-Length: 0\r\n\r\n")
	default:
		b.WriteString("\r\n")
	}
	return b.Bytes()
}

// path is the path of the target as the server sees it, still encoded.
func (r Request) path() (string, bool) {
	u, err := url.ParseRequestURI(r.Target)
	if err != nil {
		return "", false
	}
	return u.EscapedPath(), true
}

// Curl is the request as a command line for a shell, with the server in $URL; a
// key that is good is in $KEY.
func (r Request) Curl(good string) string {
	var b strings.Builder
	if len(r.Body) > 0 {
		fmt.Fprintf(&b, "printf %s | ", octal(r.Body))
	}
	b.WriteString("curl -sSig --path-as-is -X " + shell(r.Method))
	switch {
	case r.Key == good && good != "":
		b.WriteString(` -H "Authorization: Bearer $KEY"`)
	case r.Key != "":
		b.WriteString(" -H " + shell("Authorization: Bearer "+r.Key))
	}
	for _, f := range r.Header {
		b.WriteString(" -H " + shell(f.Name+": "+f.Value))
	}
	if r.Chunked {
		b.WriteString(" -H 'Transfer-Encoding: chunked'")
	}
	if len(r.Body) > 0 {
		b.WriteString(" --data-binary @-")
	}
	if r.OldHTTP {
		b.WriteString(" --http1.0")
	}
	if strings.HasPrefix(r.Target, "/") {
		b.WriteString(` "$URL"` + shell(r.Target))
	} else {
		b.WriteString(` --request-target ` + shell(r.Target) + ` "$URL"`)
	}
	return b.String()
}

func shell(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// octal is a text for printf; one that is long and of few parts, like the bodies
// that are long here, is written by its beginning and its length.
func octal(body []byte) string {
	const most = 4000
	var b strings.Builder
	for _, c := range body[:min(len(body), most)] {
		switch {
		case c == '%':
			b.WriteString("%%")
		case c == '\\':
			b.WriteString(`\\`)
		case c < ' ' || c > '~' || c == '\'':
			b.WriteString(`\` + fmt.Sprintf("%03o", c))
		default:
			b.WriteByte(c)
		}
	}
	if len(body) > most {
		return "'" + b.String() + "' # and so on: " + strconv.Itoa(len(body)) + " bytes; -from makes it whole\n"
	}
	return "'" + b.String() + "'"
}
