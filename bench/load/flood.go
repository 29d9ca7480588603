package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Flood is load that only has to weigh on a server: nothing is compared, and a
// server may refuse it.
type Flood struct {
	Connections int
	// Next gives the next request of a connection. Each connection calls its
	// own function, one call after the other.
	Next func(connection int) func() Request
	// A flood lasts until its context ends, at the most for Most, and sends at
	// the most MostRequests.
	Most         time.Duration
	MostRequests int
}

// Weight is what a flood has sent and how it was answered.
type Weight struct {
	Requests int         `json:"requests"` // answered in full
	Statuses map[int]int `json:"statuses"` // answers by status
	Bytes    int64       `json:"bytes"`    // of the bodies, of broken-off ones what had come
	Broken   int         `json:"broken"`   // connections that ended before the answer did
	Seconds  float64     `json:"seconds"`
}

// Run floods a server on this machine. Started is called when every connection
// is there.
func (f Flood) Run(ctx context.Context, t Target, started func()) (Weight, error) {
	ctx, cancel := context.WithTimeout(ctx, f.Most)
	defer cancel()
	workers := make([]*flooder, f.Connections)
	for i := range workers {
		c, err := dial(ctx, t.Address)
		if err != nil {
			for _, w := range workers[:i] {
				w.conn.close()
			}
			return Weight{}, err
		}
		workers[i] = &flooder{conn: c, target: t, next: f.Next(i), left: f.MostRequests / f.Connections, statuses: map[int]int{}}
	}
	began := time.Now()
	started()
	var all sync.WaitGroup
	for _, w := range workers {
		all.Go(func() { w.work(ctx) })
	}
	all.Wait()
	total := Weight{Statuses: map[int]int{}, Seconds: time.Since(began).Seconds()}
	for _, w := range workers {
		for status, n := range w.statuses {
			total.Statuses[status] += n
			total.Requests += n
		}
		total.Bytes += w.bytes
		total.Broken += w.broken
		if w.err != nil {
			return total, w.err
		}
	}
	return total, nil
}

// flooder is one connection of a flood; only its goroutine touches it until the
// flood is over.
type flooder struct {
	conn     *conn
	target   Target
	next     func() Request
	left     int
	statuses map[int]int
	bytes    int64
	broken   int
	err      error
}

// work sends until the context ends, which also breaks off an answer that is
// still coming. A server may close a connection; then there is a new one.
func (w *flooder) work(ctx context.Context) {
	defer func() { w.conn.close() }()
	for ; w.left > 0 && ctx.Err() == nil; w.left-- {
		if err := w.ask(ctx); err == nil || ctx.Err() != nil {
			continue
		}
		w.broken++
		w.conn.close()
		c, err := dial(ctx, w.target.Address)
		if err != nil {
			if ctx.Err() == nil {
				w.err = errors.Join(errors.New("the server takes no connections any more"), err)
			}
			return
		}
		w.conn = c
	}
}

func (w *flooder) ask(ctx context.Context) error {
	defer context.AfterFunc(ctx, w.conn.close)()
	h, err := w.conn.send(w.next().encode(w.target.Address, w.target.Key))
	if err != nil {
		return err
	}
	n, err := w.conn.readBody(h, nil)
	w.bytes += int64(n)
	if err != nil {
		return err
	}
	w.statuses[h.status]++
	return nil
}

// Ask sends one request and gives the status and the body, whatever the status
// is. With [ErrTooLong] it gives what it has kept.
func Ask(ctx context.Context, t Target, r Request) (status int, body []byte, err error) {
	c, err := dial(ctx, t.Address)
	if err != nil {
		return 0, nil, err
	}
	defer c.close()
	h, err := c.send(r.encode(t.Address, t.Key))
	if err != nil {
		return 0, nil, fmt.Errorf("%s %s: %w", r.Method, r.Target, err)
	}
	_, err = c.readBody(h, &body)
	if err == nil && h.status == http.StatusOK && len(body) == 0 {
		err = fmt.Errorf("%s %s: the answer is empty", r.Method, r.Target)
	}
	return h.status, body, err
}
