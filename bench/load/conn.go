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
	maxBody    = 64 << 20         // bytes; an answer that claims more is refused
)

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

// send writes an encoded request and reads the head of the answer. It gives
// the status and the length of the body, which is still to be read.
func (c *conn) send(encoded []byte) (status, length int, err error) {
	if err := c.c.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, 0, err
	}
	if _, err := c.c.Write(encoded); err != nil {
		return 0, 0, fmt.Errorf("sending: %w", err)
	}
	return c.readHead()
}

func (c *conn) readHead() (status, length int, err error) {
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return 0, 0, fmt.Errorf("reading the answer: %w", err)
	}
	// HTTP/1.1 200 OK
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return 0, 0, errors.New("reading the answer: that is not HTTP/1.1")
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, 0, fmt.Errorf("reading the answer's status: %w", err)
	}
	length = -1
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return 0, 0, fmt.Errorf("reading the answer's head: %w", err)
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		const name = "content-length:"
		if len(line) > len(name) && bytes.EqualFold(line[:len(name)], []byte(name)) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(line[len(name):]))); err != nil {
				return 0, 0, fmt.Errorf("reading the answer's length: %w", err)
			}
		}
	}
	if length < 0 || length > maxBody {
		return 0, 0, fmt.Errorf("the answer (status %d) has no usable Content-Length", status)
	}
	return status, length, nil
}

// roundTrip sends a request, reads the whole answer, and refuses one that is
// not the expected one. It gives the length of the body.
func (c *conn) roundTrip(encoded []byte, want Request) (int, error) {
	status, length, err := c.send(encoded)
	if err != nil {
		return 0, err
	}
	if status != http.StatusOK {
		said := make([]byte, min(length, 300))
		_, _ = io.ReadFull(c.r, said)
		return 0, fmt.Errorf("status %d instead of 200: %s", status, said)
	}
	if _, err := c.r.Discard(length); err != nil {
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
		status, length, err := c.send(r.encode(t.Address, t.Key))
		if err != nil {
			return fmt.Errorf("%s %s: %w", r.Method, r.Target, err)
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(c.r, body); err != nil {
			return fmt.Errorf("%s %s: reading the body: %w", r.Method, r.Target, err)
		}
		if status != http.StatusOK {
			return fmt.Errorf("%s %s: status %d instead of 200: %.300s", r.Method, r.Target, status, body)
		}
		if err := keep(r, body); err != nil {
			return err
		}
	}
	return nil
}
