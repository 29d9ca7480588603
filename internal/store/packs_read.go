package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// A statement costs something beside its rows, above all on PostgreSQL, where
// two processes have to be woken. Under load many requests each want one
// person, so they share a statement: what comes while one is under way waits
// for the next.

const (
	// sharedMost is how many people one shared statement reads, unless one
	// request wants more: their packs are some kilobytes each.
	sharedMost = 64
	// slowRead is how long a statement may take before another is run beside
	// it: a disk or a connection that hangs must not hold everybody.
	slowRead = 2 * time.Millisecond
	// lanesMost is how many statements are run beside each other.
	lanesMost = 4
	// readTimeout bounds one statement on PostgreSQL. It is not a request's own
	// context: several requests wait for the same statement.
	readTimeout = 10 * time.Second
)

// packReader reads packs for many requests at a time. A request shares only
// statements that begin after it came: what it gets is never older than what
// was acknowledged before.
type packReader struct {
	read func(ids []int64) (packRead, error) // in one statement

	mu      sync.Mutex
	waiting []*packCall // whose statement has not begun yet, the oldest first
	lanes   int         // goroutines that run statements
	began   time.Time   // when the newest statement did
}

// packReaders are those of a database, by what is asked for.
type packReaders struct{ byPersonnel, byUser *packReader }

// packRead is what one statement saw.
type packRead struct {
	position int64               // of the log
	packs    map[int64]packTexts // by the number that was asked for
}

// packTexts is the two values of a pack.
type packTexts struct{ personnel, user string }

// packCall is one request's wish.
type packCall struct {
	ids  []int64
	done chan struct{} // closed when the rest is there
	read packRead      // may hold more than was asked for
	err  error
}

// get reads the packs of up to inChunk numbers, in one snapshot.
func (p *packReader) get(ctx context.Context, ids []int64) (packRead, error) {
	c := &packCall{ids: ids, done: make(chan struct{})}
	p.mu.Lock()
	p.waiting = append(p.waiting, c)
	if p.lanes == 0 || p.lanes < lanesMost && time.Since(p.began) > slowRead {
		p.lanes++
		p.began = time.Now()
		go p.run() // several requests wait for it: it does not end with one of them
	}
	p.mu.Unlock()
	select {
	case <-c.done:
		return c.read, c.err
	case <-ctx.Done():
		return packRead{}, ctx.Err()
	}
}

// run reads until nobody waits.
func (p *packReader) run() {
	for {
		runtime.Gosched() // requests that are about to ask get to it first
		calls, ids := p.take()
		if len(calls) == 0 {
			return
		}
		read, err := p.read(ids)
		for _, c := range calls {
			c.read, c.err = read, err
			close(c.done)
		}
	}
}

// take takes calls for one statement; none ends the lane.
func (p *packReader) take() (calls []*packCall, ids []int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, c := range p.waiting {
		if n > 0 && len(ids)+len(c.ids) > sharedMost {
			break
		}
		ids = append(ids, c.ids...)
		n++
	}
	calls = p.waiting[:n:n]
	p.waiting = p.waiting[n:]
	p.began = time.Now()
	if n == 0 {
		p.lanes--
		p.waiting = nil
	}
	return calls, ids
}

// openPackReaders prepares [DB.PeopleParts].
func (db *DB) openPackReaders() {
	reader := func(column string) *packReader {
		if db.dialect.name == postgresDialect.name {
			return &packReader{read: func(ids []int64) (packRead, error) { return db.postgresPacks(column, ids) }}
		}
		return &packReader{read: func(ids []int64) (packRead, error) { return db.sqlitePacks(column, ids) }}
	}
	db.packs = packReaders{reader("personnel_id"), reader("user_id")}
}

// peoplePacksQuery gives the log's head even if nobody has a pack.
func peoplePacksQuery(column, condition string) string {
	return `SELECT h.seq, k.` + column + `, k.personnel_body, k.user_body FROM log_head h LEFT JOIN packs k ON k.` + column + ` ` + condition +
		` WHERE h.id = 1`
}

// sqlitePacks watches no context: that takes goroutines of their own for each
// statement, and whoever asked can leave without it.
func (db *DB) sqlitePacks(column string, ids []int64) (packRead, error) {
	read := packRead{packs: make(map[int64]packTexts, len(ids))}
	list, args := inList(1, ids)
	err := db.eachKept(context.Background(), func(rows *sql.Rows) error {
		var id *int64
		var personnel, user sql.RawBytes
		if err := rows.Scan(&read.position, &id, &personnel, &user); err != nil {
			return err
		}
		if id != nil {
			read.packs[*id] = packTexts{string(personnel), string(user)}
		}
		return nil
	}, peoplePacksQuery(column, `IN (`+list+`)`), args...)
	return read, err
}

// postgresPacks reads once more if the server has closed the connection in the
// meantime, as database/sql does.
func (db *DB) postgresPacks(column string, ids []int64) (packRead, error) {
	read, err := db.postgresPacksOnce(column, ids)
	if err != nil && pgconn.SafeToRetry(err) {
		return db.postgresPacksOnce(column, ids)
	}
	return read, err
}

// postgresPacksOnce uses the driver without database/sql, which would copy and
// convert each value once more.
func (db *DB) postgresPacksOnce(column string, ids []int64) (packRead, error) {
	read := packRead{packs: make(map[int64]packTexts, len(ids))}
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	conn, err := db.reader.Conn(ctx)
	if err != nil {
		return read, err
	}
	defer conn.Close()
	err = onPostgres(conn, readTimeout, func(c *pgx.Conn) error {
		rows, err := c.Query(context.Background(), peoplePacksQuery(column, `= ANY ($1)`), ids)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id *int64
			var personnel, user pgtype.DriverBytes
			if err := rows.Scan(&read.position, &id, &personnel, &user); err != nil {
				return err
			}
			if id != nil {
				read.packs[*id] = packTexts{string(personnel), string(user)}
			}
		}
		return rows.Err()
	})
	return read, err
}

// onPostgres runs f on a connection of the driver, which has a deadline
// meanwhile: that is cheaper than a context with one, which has to be watched. A
// connection that misses it is closed by the driver.
func onPostgres(conn *sql.Conn, timeout time.Duration, f func(*pgx.Conn) error) error {
	return conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection of %T: want pgx", driverConn)
		}
		wire := c.Conn().PgConn().Conn()
		if err := wire.SetDeadline(time.Now().Add(timeout)); err != nil {
			return err
		}
		return errors.Join(f(c.Conn()), wire.SetDeadline(time.Time{}))
	})
}
