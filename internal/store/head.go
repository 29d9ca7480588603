package store

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// The log's head is read for every request, because that is how a request sees
// what was acknowledged before it, by this server or by another process. So it
// has to be cheap.

// headTimeout bounds one reading of the head. It is not the request's own
// context: several requests wait for the same reading.
const headTimeout = 10 * time.Second

// headReader reads the log's head for many requests at a time. A request may
// share a reading only if that began after the request did.
type headReader struct {
	read  func(context.Context) (int64, error)
	close func() error // before the pools are closed

	mu      sync.Mutex
	running bool
	next    *headCall // has not begun yet
}

type headCall struct {
	done chan struct{}
	seq  int64
	err  error
}

// get gives a position that is at least that of every change acknowledged
// before the call.
func (h *headReader) get(ctx context.Context) (int64, error) {
	h.mu.Lock()
	if h.next == nil {
		h.next = &headCall{done: make(chan struct{})}
	}
	c := h.next
	if !h.running {
		h.running = true
		go h.run() //nolint:gosec // several requests wait for it: it does not end with one of them
	}
	h.mu.Unlock()
	select {
	case <-c.done:
		return c.seq, c.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// run reads until nobody waits.
func (h *headReader) run() {
	for {
		runtime.Gosched() // requests that are about to ask get to it first
		h.mu.Lock()
		c := h.next
		h.next = nil
		h.running = c != nil
		h.mu.Unlock()
		if c == nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), headTimeout)
		c.seq, c.err = h.read(ctx)
		cancel()
		close(c.done)
	}
}

const headQuery = `SELECT seq FROM log_head WHERE id = 1`

// Head is the position of the newest change; 0 for an empty log. Every change
// that was acknowledged before the call, also by another process, is at or
// before it.
func (db *DB) Head(ctx context.Context) (int64, error) {
	if db.watch != nil {
		if seq, ok := db.watch.unchanged(); ok {
			return seq, nil
		}
	}
	seq, err := db.heads.get(ctx)
	if err != nil {
		return 0, fmt.Errorf("reading the log's head: %w", err)
	}
	return seq, nil
}

// openHead prepares [DB.Head].
func (db *DB) openHead() error {
	if db.dialect.name == postgresDialect.name {
		c := &postgresHead{pool: db.writer}
		db.heads = &headReader{read: c.read, close: c.close}
		return nil
	}
	var err error
	if db.watch, err = watchWAL(db.path); err != nil {
		return fmt.Errorf("watching sqlite:%s: %w", db.path, err)
	}
	db.heads = &headReader{read: db.sqliteHead, close: func() error { return nil }}
	return nil
}

// sqliteHead reads the head and, if the file can be watched, notes the state
// of the file for which it holds. The state is noted first: a commit between
// the two makes the next call read again.
func (db *DB) sqliteHead(ctx context.Context) (int64, error) {
	var state walState
	watched := false
	if db.watch != nil {
		state, watched = db.watch.state()
	}
	var seq int64
	err := db.reader.QueryRowContext(ctx, headQuery).Scan(&seq)
	if err == nil && watched {
		db.watch.note(state, seq)
	}
	return seq, err
}

// walState is the header of SQLite's index of the write-ahead log, which every
// commit changes: it has a counter of transactions, the number of the last
// frame and its checksum (https://sqlite.org/walformat.html, 2.1).
type walState [48]byte

// walWatch sees commits of all processes in the memory that they share, without
// a query: the file beside the database that ends in -shm.
type walWatch struct {
	alive func() bool  // the mapped file is still the one that SQLite uses
	unmap func() error // and closes the file
	last  atomic.Pointer[headAt]

	mu     sync.RWMutex // held for writing to unmap
	mapped []byte       // nil: closed
}

// close gives the memory back. The connections must be closed before.
func (w *walWatch) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.mapped == nil {
		return nil
	}
	w.mapped = nil
	return w.unmap()
}

type headAt struct {
	state walState
	seq   int64
}

// state reads the header. SQLite keeps two copies and writes one after the
// other; while they differ, a commit is being made, and nothing can be told.
func (w *walWatch) state() (walState, bool) {
	var a, b walState
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.mapped == nil || !w.alive() {
		return a, false
	}
	copy(a[:], w.mapped[:len(a)])
	copy(b[:], w.mapped[len(a):2*len(a)])
	return a, a == b
}

// unchanged gives the head if nothing was committed since it was read.
func (w *walWatch) unchanged() (int64, bool) {
	last := w.last.Load()
	if last == nil {
		return 0, false
	}
	state, ok := w.state()
	if !ok || state != last.state {
		return 0, false
	}
	return last.seq, true
}

func (w *walWatch) note(state walState, seq int64) { w.last.Store(&headAt{state, seq}) }

// postgresHead reads the head over a connection of its own, so that it never
// waits for one of the pool. It is used by one goroutine at a time.
type postgresHead struct {
	pool *sql.DB
	mu   sync.Mutex
	conn *sql.Conn
}

func (p *postgresHead) read(ctx context.Context) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fresh := p.conn == nil
	seq, err := p.query(ctx)
	if err != nil && !fresh && ctx.Err() == nil {
		p.drop() // the server may have closed it meanwhile: once more, on a new one
		seq, err = p.query(ctx)
	}
	if err != nil {
		p.drop()
	}
	return seq, err
}

func (p *postgresHead) query(ctx context.Context) (seq int64, err error) {
	if p.conn == nil {
		if p.conn, err = p.pool.Conn(ctx); err != nil {
			return 0, err
		}
	}
	err = onPostgres(p.conn, headTimeout, func(c *pgx.Conn) error {
		return c.QueryRow(context.Background(), headQuery).Scan(&seq)
	})
	return seq, err
}

func (p *postgresHead) drop() {
	if p.conn != nil {
		p.conn.Close()
		p.conn = nil
	}
}

func (p *postgresHead) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop()
	return nil
}
