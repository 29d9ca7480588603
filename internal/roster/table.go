package roster

import (
	"math/bits"
	"sync/atomic"
)

// A table is rows and the lists of them that have been asked for.
//
// Rows and lists are written by whoever has both the turn and the roster's
// lock, so that either is enough to read them.
type table[R any] struct {
	rows   []R
	lists  map[string]*live[R]
	kept   int          // bytes of lists
	clock  atomic.Int64 // counts answers, for the age of lists
	recent recent
}

// How many lists a table keeps, and how many bytes of them: so much for each
// row, and a little for tables of few rows. Of lists by log position, which
// whoever follows the changes asks for once, there are fewer.
const (
	mostLists    = 64
	mostSince    = 8
	bytesPerRow  = 24
	bytesAtLeast = 4 << 20
)

// basesFrom is how many rows there are when bases are kept whatever they take.
const basesFrom = 1 << 18

// mostMoves bounds how many rows are looked up in kept lists for one change;
// beyond that the lists that were not asked for lately go, and are made again
// when they are. What takes longest to make goes last.
const (
	mostMoves     = 2048
	mostBaseMoves = 8192
)

// A keeper calls a function while nobody reads.
type keeper func(write func())

// get gives a list that is at hand.
func (t *table[R]) get(key string) *live[R] {
	l := t.lists[key]
	if l != nil {
		l.used.Store(t.clock.Add(1))
	}
	return l
}

// put keeps a list, and lets go of those that have not been asked for longest.
func (t *table[R]) put(l *live[R]) {
	if t.lists == nil {
		t.lists = map[string]*live[R]{}
	}
	t.lists[l.key] = l
	l.used.Store(t.clock.Add(1))
	if l.since {
		if old, n := t.oldest(func(l *live[R]) bool { return l.since }); n > mostSince {
			t.drop(old)
		}
	}
	t.weigh()
	for len(t.lists) > mostLists || t.kept > max(bytesAtLeast, bytesPerRow*len(t.rows)) {
		old, n := t.oldest(func(l *live[R]) bool { return !t.lasting(l) })
		if n <= 1 {
			return
		}
		t.drop(old)
	}
}

// lasting reports whether a list is not let go to save memory.
func (t *table[R]) lasting(l *live[R]) bool { return l.isBase && len(t.rows) >= basesFrom }

// oldest gives the list that was not asked for longest, and how many there are.
func (t *table[R]) oldest(of func(*live[R]) bool) (oldest *live[R], n int) {
	for _, l := range t.lists {
		if !of(l) {
			continue
		}
		if n++; oldest == nil || l.used.Load() < oldest.used.Load() {
			oldest = l
		}
	}
	return oldest, n
}

func (t *table[R]) drop(l *live[R]) {
	delete(t.lists, l.key)
	t.weigh()
}

func (t *table[R]) weigh() {
	t.kept = 0
	for _, l := range t.lists {
		if !t.lasting(l) {
			t.kept += l.bytes()
		}
	}
}

func (t *table[R]) dropIf(depends func(*live[R]) bool) {
	for _, l := range t.lists {
		if depends(l) {
			t.drop(l)
		}
	}
}

// A change is a row that becomes another one.
type change[R any] struct {
	row      uint32
	old, new R
	fresh    bool // there was none
}

// detach takes changed rows out of the lists that they will not be in, or not
// where they were; the rows are still the old ones. Lists that extra names have
// these rows moved too, although only the keys change. attach ends it.
func (t *table[R]) detach(changes, extra []change[R], isExtra func(*live[R]) bool) {
	n := len(changes) + len(extra)
	for len(t.lists) > 0 {
		old, lists := t.oldest(func(l *live[R]) bool { return !t.lasting(l) })
		if old == nil || lists*n <= mostMoves || lists == 1 && n <= mostMoves {
			break
		}
		t.drop(old)
	}
	if n > mostBaseMoves {
		clear(t.lists)
		t.kept = 0
	}
	for _, l := range t.lists {
		moves := isExtra != nil && isExtra(l)
		if t.detachFrom(l, changes, moves) && (!moves || t.detachFrom(l, extra, true)) {
			continue
		}
		t.drop(l)
	}
}

// detachFrom is false if the list is not what it should be.
func (t *table[R]) detachFrom(l *live[R], changes []change[R], always bool) bool {
	for i := range changes {
		c := &changes[i]
		was, is := !c.fresh && l.match(&c.old), l.match(&c.new)
		if was && is && !always && l.compare(&c.old, &c.new) == 0 {
			continue
		}
		if was && !l.remove(t.rows, c.row, &c.old) {
			return false
		}
		if is {
			l.pending = append(l.pending, c.row)
		}
	}
	return true
}

// write makes the rows the new ones.
func (t *table[R]) write(changes []change[R]) {
	for i := range changes {
		if c := &changes[i]; c.fresh {
			t.rows = append(t.rows, c.new)
		} else {
			t.rows[c.row] = c.new
		}
	}
}

// attach puts into the lists what detach left out.
func (t *table[R]) attach() {
	for _, l := range t.lists {
		t.attachTo(l)
	}
}

func (t *table[R]) attachTo(l *live[R]) {
	for _, row := range l.pending {
		l.insert(t.rows, row)
	}
	l.pending = l.pending[:0]
}

// list makes a list, and the base that it is made from, if they are not at hand.
// Whoever calls has the turn.
func (t *table[R]) list(p *pace, s *spec[R], keep keeper) (*live[R], error) {
	if l := t.get(s.key); l != nil {
		return l, nil
	}
	set, n, err := t.matching(p, s)
	if err != nil {
		return nil, err
	}
	l, err := t.arrange(p, s, set, n, keep)
	if err == nil {
		err = p.err
	}
	if err != nil {
		return nil, err
	}
	keep(func() { t.put(l) })
	return l, nil
}

// arrange puts the rows of a set into order. Few are compared; the texts of many
// are not looked at, but for a base.
func (t *table[R]) arrange(p *pace, s *spec[R], set rowSet, n int, keep keeper) (*live[R], error) {
	number := s.number
	var rows []uint32
	switch {
	case s.isBase:
		rows = set.rows(n)
		ties := newRowSet(len(t.rows))
		t.sortRows(p, rows, s, ties)
		l := newLive(s, rows)
		l.ties = ties
		return l, nil
	case n <= 64+len(t.rows)/512:
		rows = set.rows(n)
		t.sortRows(p, rows, s, nil)
		return newLive(s, rows), nil
	case s.ranked != nil:
		ranks, err := s.ranked(p, keep)
		if err != nil {
			return nil, err
		}
		rows, number = set.rows(n), ranks
		t.sortByID(p, rows, s)
	case s.base != nil:
		base, err := t.list(p, s.base, keep)
		if err != nil {
			return nil, err
		}
		if rows, err = t.along(p, base, set, n, s.desc); err != nil {
			return nil, err
		}
	default:
		rows = set.rows(n)
		t.sortByID(p, rows, s)
	}
	if number != nil {
		t.sortByNumber(p, rows, s, number)
	}
	return newLive(s, rows), nil
}

// matching gives the set of rows that are in a list, and how many they are.
func (t *table[R]) matching(p *pace, s *spec[R]) (rowSet, int, error) {
	if s.few != nil {
		if f, ok := s.few(); ok {
			return t.matchingFew(p, s, f)
		}
	}
	set := newRowSet(len(t.rows))
	for from := 0; from < len(t.rows); from += paceRows {
		if p.stop() {
			return nil, 0, p.err
		}
		for i := from; i < min(from+paceRows, len(t.rows)); i++ {
			if s.match(&t.rows[i]) {
				set.set(uint32(i))
			}
		}
	}
	return set, set.count(), nil
}

func (t *table[R]) matchingFew(p *pace, s *spec[R], f few[R]) (rowSet, int, error) {
	set := f.sure
	switch {
	case set == nil:
		set = newRowSet(len(t.rows))
	case f.rest == nil:
		for i := range set {
			set[i] &= f.within[i]
		}
	default:
		for word := range set {
			if word%(paceRows/64) == 0 && p.stop() {
				return nil, 0, p.err
			}
			for left := set[word]; left != 0; left &= left - 1 {
				row := 64*word + bits.TrailingZeros64(left)
				if !f.rest(&t.rows[row]) {
					set[word] &^= 1 << (row % 64)
				}
			}
		}
	}
	for i := 0; i < len(f.rows); i += touchRows {
		if i%paceRows == 0 && p.stop() {
			return nil, 0, p.err
		}
		some := f.rows[i:min(i+touchRows, len(f.rows))]
		if s.touch != nil {
			for _, row := range some {
				p.touched += s.touch(&t.rows[row])
			}
		}
		for _, row := range some {
			if s.match(&t.rows[row]) {
				set.set(row)
			}
		}
	}
	return set, set.count(), nil
}

// touchRows is how many rows that lie apart are fetched at once: memory answers
// many questions in hardly more time than one, if they do not wait for each
// other.
const touchRows = 64
