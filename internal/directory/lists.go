package directory

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/passmuster/passmuster/internal/roster"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// lists keeps the roster true: built from the database once, and brought up to
// the log before it is used.
type lists struct {
	db      *store.DB
	turn    chan struct{} // holds one: who has it may change the roster
	current atomic.Pointer[listsAt]

	mu      sync.Mutex
	pending store.Delta // heard of, not in the roster yet
}

// listsAt is a roster and what it is known to hold. The roster is changed in
// place and may hold more; pos is raised after that.
type listsAt struct {
	roster *roster.Roster
	pos    int64
	// exact is the position from which on the roster knows when each record
	// changed last; see [lists.changedSince].
	exact int64
}

func newLists(db *store.DB) *lists {
	return &lists{db: db, turn: make(chan struct{}, 1)}
}

// maxPending bounds what is remembered of changes that nobody asks the roster
// about. Behind more of them, it is built anew.
const maxPending = 50_000

// heard is told of every change.
func (l *lists) heard(d store.Delta) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = merge(l.pending, d)
}

// merge joins two deltas, of which b is the later.
func merge(a, b store.Delta) store.Delta {
	a.To = b.To
	a.All = a.All || b.All || len(a.Touched)+len(b.Touched) > maxPending
	a.Touched = append(a.Touched, b.Touched...)
	if a.All {
		a.Touched = nil
	}
	return a
}

// at gives the roster with every change that was acknowledged before the
// request, and the position that it holds at least.
func (l *lists) at(ctx context.Context) (*listsAt, error) {
	pos, err := l.db.CatchUpOnce(ctx)
	if err != nil {
		return nil, err
	}
	return l.holding(ctx, pos)
}

func (l *lists) holding(ctx context.Context, pos int64) (*listsAt, error) {
	if c := l.current.Load(); c != nil && c.pos >= pos {
		return c, nil
	}
	release, err := l.take(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if c := l.current.Load(); c != nil && c.pos >= pos { // somebody else did it meanwhile
		return c, nil
	}
	l.mu.Lock()
	d := l.pending
	l.pending = store.Delta{}
	l.mu.Unlock()
	// Others wait for it too: it is finished even if this client goes away.
	c, err := l.renew(context.WithoutCancel(ctx), d)
	if err != nil {
		l.mu.Lock()
		l.pending = merge(d, l.pending)
		l.mu.Unlock()
		return nil, fmt.Errorf("bringing the roster up to date: %w", err)
	}
	l.current.Store(c)
	return c, nil
}

func (l *lists) take(ctx context.Context) (release func(), err error) {
	select {
	case l.turn <- struct{}{}:
		return func() { <-l.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// renew gives a roster that holds the delta.
func (l *lists) renew(ctx context.Context, d store.Delta) (*listsAt, error) {
	now := l.current.Load()
	if now == nil || d.All {
		r := roster.New()
		pos, err := l.db.LoadListed(ctx, func(records workforce.Listed) error {
			r.Apply(records)
			return nil
		})
		if err != nil {
			return nil, err
		}
		r.Settle()
		return &listsAt{roster: r, pos: pos, exact: pos}, nil
	}
	err := l.db.Read(ctx, func(r *store.Reader) error {
		changed, err := r.ListedOf(ctx, d)
		if err == nil {
			now.roster.Apply(changed)
		}
		return err
	})
	return &listsAt{roster: now.roster, pos: max(now.pos, d.To), exact: now.exact}, err
}

// changedSince gives the roster as [lists.at] does, for a question about
// changes after a position. A roster knows of the changes since it was built;
// the first question about older ones reads the whole log once.
func (l *lists) changedSince(ctx context.Context, since int64) (*listsAt, error) {
	c, err := l.at(ctx)
	if err != nil || since <= 0 || since >= c.exact {
		return c, err
	}
	release, err := l.take(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if c = l.current.Load(); since >= c.exact {
		return c, nil
	}
	err = l.db.Read(ctx, func(r *store.Reader) error {
		people, accounts, err := r.LatestChanges(ctx)
		if err == nil {
			c.roster.SetChanged(people, accounts)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	c = &listsAt{roster: c.roster, pos: c.pos}
	l.current.Store(c)
	return c, nil
}
