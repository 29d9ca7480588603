package fuzz

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/e2e/validate"
)

// Talk is a conversation on one connection, byte by byte: what no client of HTTP
// would say, or not at this pace.
type Talk struct {
	What  string
	Parts []string      // are sent one after the other
	Pause time.Duration // after each part
	// HalfClose says after the parts that nothing more will come.
	HalfClose bool
	// Want is, for each answer that comes, the statuses that are right; nil is
	// any that the document or net/http has. Fewer answers may come if MayCut.
	Want   [][]int
	MayCut bool // the server may end the connection without an answer
}

// talkTime is how long a conversation may last: longer than the longest time
// limit of the server, which a test sets to less.
const talkTime = 15 * time.Second

// Repeat is the conversation as a command line for a shell, with the server in
// $HOST and $PORT.
func (t Talk) Repeat(good string) string {
	text := strings.ReplaceAll(octal([]byte(strings.Join(t.Parts, ""))), good, `'"$KEY"'`)
	return "printf " + text + " | nc $HOST $PORT"
}

// Run holds the conversation and checks what the server says.
func (t Talk) Run(ctx context.Context, d *validate.Document, address string) error {
	conn, err := dial(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(talkTime)); err != nil {
		return fmt.Errorf("setting a deadline: %w", err)
	}
	for _, part := range t.Parts {
		if _, err := io.WriteString(conn, part); err != nil {
			break // the server has heard enough; what it said counts
		}
		if t.Pause > 0 {
			<-time.After(t.Pause)
		}
	}
	if tcp, ok := conn.(*net.TCPConn); ok && t.HalfClose {
		if err := tcp.CloseWrite(); err != nil && !errors.Is(err, net.ErrClosed) && !t.MayCut {
			return fmt.Errorf("half closing: %w", err)
		}
	}
	return t.listen(d, bufio.NewReader(conn))
}

// listen reads as many answers as are wanted.
func (t Talk) listen(d *validate.Document, from *bufio.Reader) error {
	for i, want := range t.Want {
		method, path := t.request(i)
		resp, err := http.ReadResponse(from, &http.Request{Method: method})
		for err == nil && resp.StatusCode < http.StatusOK {
			resp, err = http.ReadResponse(from, &http.Request{Method: method})
		}
		if err != nil {
			if netErr := net.Error(nil); errors.As(err, &netErr) && netErr.Timeout() {
				return fmt.Errorf("answer %d does not come", i+1)
			}
			if t.MayCut {
				return nil
			}
			return fmt.Errorf("answer %d: %w", i+1, err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil && t.MayCut {
			return nil
		}
		if err != nil {
			return fmt.Errorf("answer %d breaks off: %w", i+1, err)
		}
		a := &validate.Answer{Method: method, Path: path, Status: resp.StatusCode, Header: resp.Header, Body: body}
		if !protocol(a) {
			if err := d.Check(*a); err != nil {
				return fmt.Errorf("answer %d: %w", i+1, err)
			}
		}
		if want != nil && !slices.Contains(want, a.Status) {
			return fmt.Errorf("answer %d is %d, not %v: %.200s", i+1, a.Status, want, body)
		}
		if resp.Close {
			break
		}
	}
	return nil
}

// requestLine finds request lines, also right behind a body.
var requestLine = regexp.MustCompile(`([A-Z]+) (\S+) HTTP/`)

// request is the method and the path of one of the requests in the
// conversation, as far as it can be told: the last one stands for those after it.
func (t Talk) request(i int) (method, path string) {
	for _, line := range requestLine.FindAllStringSubmatch(strings.Join(t.Parts, ""), -1) {
		method = line[1]
		path, _ = Request{Target: line[2]}.path()
		if i--; i < 0 {
			break
		}
	}
	return method, path
}

// Talks is every conversation that is tried. The server's time limit for a
// whole request has to be shorter than talkTime.
func (g *Generator) Talks() []Talk {
	const date = `{"startDate":"2020-07-06"}`
	key := "Authorization: Bearer " + g.world.Good + "\r\n"
	head := func(line string, fields ...string) string {
		return line + " HTTP/1.1\r\nHost: a\r\n" + key + strings.Join(fields, "") + "\r\n"
	}
	get := head("GET /public/users/1")
	length := func(n int) string { return fmt.Sprintf("Content-Length: %d\r\n", n) }
	const chunked = "Transfer-Encoding: chunked\r\n"
	const write = "PUT /public/personnel/1/contract-dates"
	chunks := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(date), date)
	put := head(write, length(len(date))) + date
	ok, bad := []int{http.StatusOK}, []int{http.StatusBadRequest}
	one := func(what, text string, want []int) Talk {
		return Talk{What: what, Parts: []string{text}, Want: [][]int{want}}
	}
	return slices.Concat(g.paces(get, put, date), []Talk{
		{What: "pipelined", Parts: []string{get + put + head("GET /public/users/999999999") + get}, Want: [][]int{ok, ok, {http.StatusNotFound}, ok}},
		{What: "pipelined behind a body that is not read", Parts: []string{head("GET /public/nowhere", length(len(date))) + date + get}, Want: [][]int{{http.StatusNotFound}, ok}},
		{What: "pipelined behind a refusal", Parts: []string{head(write, length(3)) + "{\"a" + get}, Want: [][]int{bad, ok}},
		{What: "a length and chunks", Parts: []string{head(write, length(5), chunked) + chunks + get}, Want: [][]int{{http.StatusOK, http.StatusBadRequest}, nil}, MayCut: true},
		{What: "a request hidden behind chunks", Parts: []string{head("PUT /public/personnel/reset-sync/999999999", length(4), chunked) + "0\r\n\r\n" + get}, Want: [][]int{{http.StatusNotFound, http.StatusBadRequest}, nil}, MayCut: true},
		one("two lengths", head(write, length(5), length(6))+date, bad),
		one("a length that is none", head(write, "Content-Length: +5\r\n")+date, bad),
		one("a length beyond all", head(write, "Content-Length: 99999999999999999999\r\n")+date, bad),
		one("an encoding nobody knows", head(write, "Transfer-Encoding: xchunked\r\n")+chunks, []int{http.StatusNotImplemented, http.StatusBadRequest}),
		one("chunks within chunks", head(write, "Transfer-Encoding: chunked, chunked\r\n")+chunks, []int{http.StatusNotImplemented, http.StatusBadRequest}),
		one("a chunk without a size", head(write, chunked)+"zz\r\n"+date, bad),
		one("a chunk of a negative size", head(write, chunked)+"-1\r\n"+date, bad),
		one("a chunk that is longer than it says", head(write, chunked)+"3\r\n"+date+"\r\n0\r\n\r\n", bad),
		one("chunks with notes and a trailer", head(write, chunked, "Trailer: X-A\r\n")+fmt.Sprintf("%x;note=\"a\"\r\n%s\r\n0;b\r\nX-A: 1\r\n\r\n", len(date), date), ok),
		one("too long a header", head("GET /public/users/1", "X-Long: "+strings.Repeat("x", 1<<20)+"\r\n"), []int{http.StatusRequestHeaderFieldsTooLarge}).cut(),
		one("too long a request line", "GET /public/users/"+strings.Repeat("1", 1<<20)+" HTTP/1.1\r\n\r\n", []int{http.StatusRequestHeaderFieldsTooLarge}).cut(),
		one("an absolute request", head("GET http://other.example.com/public/users/1"), ok),
		one("an authority", head("CONNECT other.example.com:443"), nil),
		one("the server itself", head("OPTIONS *"), nil),
		one("line ends without a carriage return", strings.ReplaceAll(get, "\r\n", "\n"), nil),
		one("empty lines before", "\r\n\r\n"+get, nil),
		one("a folded header", head("GET /public/users/1", "X-Fold: a\r\n b\r\n"), nil),
		one("a space before the colon", head("GET /public/users/1", "X-Space : a\r\n"), bad),
		one("no host", "GET /public/users/1 HTTP/1.1\r\n\r\n", bad),
		one("two hosts", head("GET /public/users/1", "Host: b\r\n"), bad),
		one("no version", "GET /public/users/1\r\n\r\n", bad),
		one("a version to come", "GET /public/users/1 HTTP/9.9\r\nHost: a\r\n\r\n", []int{http.StatusHTTPVersionNotSupported}),
		one("the second version", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", nil).cut(),
		one("TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", bad).cut(),
		one("noise", strings.Repeat("\x00\xff\x80\r\n", 1000), bad).cut(),
	})
}

func (t Talk) cut() Talk {
	t.MayCut = true
	return t
}

// paces are the conversations in which it matters when something is said.
func (g *Generator) paces(get, put, body string) []Talk {
	letters := strings.Split
	header := strings.TrimSuffix(put, body)
	gone := []int{http.StatusOK, http.StatusInternalServerError}
	incomplete := []int{http.StatusBadRequest}
	return []Talk{
		{What: "a header letter by letter", Parts: letters(get, ""), Pause: time.Millisecond, Want: [][]int{{http.StatusOK}}},
		{What: "a body letter by letter", Parts: append([]string{header}, letters(body, "")...), Pause: 5 * time.Millisecond, Want: [][]int{{http.StatusOK}}},
		{What: "a header that does not end", Parts: []string{get[:len(get)/2]}, Want: [][]int{{http.StatusRequestTimeout}}, MayCut: true},
		{What: "a body that does not end", Parts: []string{header, body[:5]}, Want: [][]int{incomplete}},
		{What: "a body that never begins", Parts: []string{header}, Want: [][]int{incomplete}},
		{What: "nothing at all", Parts: nil, Want: [][]int{nil}, MayCut: true},
		// net/http takes a client that says no more for one that has gone, and
		// the program then stops working for it: it may or may not be ready.
		{What: "half closed after a request", Parts: []string{get}, HalfClose: true, Want: [][]int{gone}, MayCut: true},
		{What: "half closed within a header", Parts: []string{get[:len(get)/2]}, HalfClose: true, Want: [][]int{{http.StatusBadRequest}}, MayCut: true},
		{What: "half closed within a body", Parts: []string{header, body[:5]}, HalfClose: true, Want: [][]int{incomplete}, MayCut: true},
		{What: "half closed before a body", Parts: []string{header}, HalfClose: true, Want: [][]int{incomplete}, MayCut: true},
		{What: "closed at once", Parts: []string{put}, Want: nil},
	}
}
