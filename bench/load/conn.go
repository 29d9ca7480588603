package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	readBuffer = 64 << 10
	patience   = 60 * time.Second // for one answer
	maxBody    = 64 << 20         // bytes; an answer that claims more is refused, and no more is kept
)

// ErrTooLong says that a body is longer than what is kept of one.
var ErrTooLong = errors.New("the body is too long to keep")

// conn is one keep-alive connection.
type conn struct {
	c net.Conn
	r *bufio.Reader
}

// dial connects to a server on this machine. Any other address is refused: a
// load driver pointed at somebody else's host is an attack.
func dial(ctx context.Context, address string) (*conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("reading the server's address: %w", err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("%s is not a loopback address: load is only driven on this machine", address)
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connecting to the server: %w", err)
	}
	return &conn{c: c, r: bufio.NewReaderSize(c, readBuffer)}, nil
}

func (c *conn) close() { _ = c.c.Close() }

// head is what comes before the body of an answer.
type head struct {
	status  int
	length  int  // of the body; unknown if it comes in chunks
	chunked bool // Transfer-Encoding: chunked
}

// send writes an encoded request and reads the head of the answer. The body is
// still to be read.
func (c *conn) send(encoded []byte) (head, error) {
	if err := c.c.SetDeadline(time.Now().Add(patience)); err != nil {
		return head{}, err
	}
	if _, err := c.c.Write(encoded); err != nil {
		return head{}, fmt.Errorf("sending: %w", err)
	}
	return c.readHead()
}

func (c *conn) readHead() (head, error) {
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return head{}, fmt.Errorf("reading the answer: %w", err)
	}
	// HTTP/1.1 200 OK
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return head{}, errors.New("reading the answer: that is not HTTP/1.1")
	}
	h := head{length: -1}
	if h.status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return head{}, fmt.Errorf("reading the answer's status: %w", err)
	}
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return head{}, fmt.Errorf("reading the answer's head: %w", err)
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if v, ok := valueOf(line, "content-length:"); ok {
			if h.length, err = strconv.Atoi(string(v)); err != nil {
				return head{}, fmt.Errorf("reading the answer's length: %w", err)
			}
		}
		if v, ok := valueOf(line, "transfer-encoding:"); ok {
			h.chunked = bytes.EqualFold(v, []byte("chunked"))
		}
	}
	if !h.chunked && (h.length < 0 || h.length > maxBody) {
		return head{}, fmt.Errorf("the answer (status %d) has no usable Content-Length", h.status)
	}
	return h, nil
}

// valueOf is the value of a header line that has this name.
func valueOf(line []byte, name string) ([]byte, bool) {
	if len(line) <= len(name) || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return nil, false
	}
	return bytes.TrimSpace(line[len(name):]), true
}

// readBody reads the body to its end, keeps it if asked to, and gives its
// length.
func (c *conn) readBody(h head, keep *[]byte) (int, error) {
	if !h.chunked {
		return c.take(h.length, keep)
	}
	total := 0
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return total, err
		}
		size, _, _ := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(";"))
		n, err := strconv.ParseUint(string(size), 16, 31)
		if err != nil {
			return total, fmt.Errorf("reading a chunk's length: %w", err)
		}
		if keep != nil && total+int(n) > maxBody {
			return total, ErrTooLong
		}
		took, err := c.take(int(n), keep)
		total += took
		if err != nil {
			return total, err
		}
		if n == 0 {
			return total, c.skipTrailers()
		}
		if line, err = c.r.ReadSlice('\n'); err != nil || len(bytes.TrimRight(line, "\r\n")) > 0 {
			return total, errors.Join(errors.New("a chunk does not end where it should"), err)
		}
	}
}

// skipTrailers reads what may follow the last chunk, up to the empty line.
func (c *conn) skipTrailers() error {
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil || len(bytes.TrimRight(line, "\r\n")) == 0 {
			return err
		}
	}
}

// take reads so many bytes, and tells how many came.
func (c *conn) take(n int, keep *[]byte) (int, error) {
	if keep == nil {
		return c.r.Discard(n)
	}
	from := len(*keep)
	*keep = append(*keep, make([]byte, n)...)
	return io.ReadFull(c.r, (*keep)[from:])
}

// roundTrip sends a request, reads the whole answer, and refuses one that is
// not the expected one. It gives the length of the body.
func (c *conn) roundTrip(encoded []byte, want Request) (int, error) {
	h, err := c.send(encoded)
	if err != nil {
		return 0, err
	}
	if h.status != http.StatusOK {
		var said []byte
		_, err := c.readBody(h, &said)
		return 0, errors.Join(fmt.Errorf("status %d instead of 200: %.300s", h.status, said), err)
	}
	length, err := c.readBody(h, nil)
	if err != nil {
		return 0, fmt.Errorf("reading the body: %w", err)
	}
	if length == 0 || want.Want != 0 && length != want.Want {
		return 0, fmt.Errorf("the body has %d bytes instead of %d", length, want.Want)
	}
	return length, nil
}

// Fetch sends requests over one connection and gives each body to keep. Only
// answers with status 200 are accepted.
func Fetch(ctx context.Context, t Target, requests []Request, keep func(Request, []byte) error) error {
	c, err := dial(ctx, t.Address)
	if err != nil {
		return err
	}
	defer c.close()
	for _, r := range requests {
		if err := ctx.Err(); err != nil {
			return err
		}
		h, err := c.send(r.encode(t.Address, t.Key))
		if err != nil {
			return fmt.Errorf("%s %s: %w", r.Method, r.Target, err)
		}
		body := make([]byte, 0, max(h.length, 0))
		if _, err := c.readBody(h, &body); err != nil {
			return fmt.Errorf("%s %s: reading the body: %w", r.Method, r.Target, err)
		}
		if h.status != http.StatusOK {
			return fmt.Errorf("%s %s: status %d instead of 200: %.300s", r.Method, r.Target, h.status, body)
		}
		if err := keep(r, body); err != nil {
			return err
		}
	}
	return nil
}
