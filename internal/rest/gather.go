package rest

import (
	"context"
	"net"
)

// Gather makes the connections of a listener send an answer in one piece.
// net/http hands an answer over in two: as much as fills its buffer of 4 KB, and
// then the rest. Each is a system call and wakes the client. It needs a server
// of [NewServer]. Connections with TLS stay as they are.
func Gather(l net.Listener) net.Listener { return gatherer{l} }

type gatherer struct{ net.Listener }

// Accept implements net.Listener.
func (g gatherer) Accept() (net.Conn, error) {
	c, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &gathered{Conn: c}, nil
}

// gathered is a connection that can hold back the start of an answer until the
// rest comes. Its goroutine is the only one that writes to it, as in net/http of
// HTTP/1, so that the fields have no lock.
type gathered struct {
	net.Conn

	holding bool      // what is written next is the start of an answer
	start   *[]byte   // what is held back, of buffers; nil: nothing
	pieces  [2][]byte // of what is sent at once: not allocated each time
	vector  net.Buffers
}

// Write implements net.Conn. What is held back counts as written; an error of
// it comes with the rest.
func (c *gathered) Write(b []byte) (int, error) {
	if c.start == nil {
		if !c.holding {
			return c.Conn.Write(b)
		}
		c.holding = false // the rest is not held back, too
		if len(b) > bufferStart {
			return c.Conn.Write(b)
		}
		c.start = buffers.Get().(*[]byte)
		*c.start = append((*c.start)[:0], b...) // net/http uses b again
		return len(b), nil
	}
	held := len(*c.start)
	c.pieces = [2][]byte{*c.start, b}
	c.vector = c.pieces[:]
	sent, err := c.vector.WriteTo(c.Conn)
	c.pieces = [2][]byte{}
	buffers.Put(c.start)
	c.start = nil
	return max(int(sent)-held, 0), err
}

// hold says that an answer is about to be written, which may come in pieces.
func (c *gathered) hold() {
	if c != nil {
		c.holding = true
	}
}

// release says that all of the answer was handed to net/http. If a start is
// held back now, then net/http has the rest in its buffer, because it sends a
// full buffer only when there is more: the rest follows when the handler
// returns.
func (c *gathered) release() {
	if c != nil {
		c.holding = false
	}
}

type gatheredKey struct{}

// withGathered lets handlers find the connection; it is an
// [http.Server.ConnContext].
func withGathered(ctx context.Context, c net.Conn) context.Context {
	if g, ok := c.(*gathered); ok {
		return context.WithValue(ctx, gatheredKey{}, g)
	}
	return ctx
}

// gatheredOf is the connection of a request; nil if it cannot hold back.
func gatheredOf(ctx context.Context) *gathered {
	g, _ := ctx.Value(gatheredKey{}).(*gathered)
	return g
}
