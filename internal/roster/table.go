package roster

import (
	"slices"
	"sync/atomic"
)

// A table is rows and the lists of them that have been asked for.
//
// Rows and lists are written by whoever has both the turn and the roster's
// lock, so that either is enough to read them.
type table[R any] struct {
	rows  []R
	order func(*R) int64 // the id that a row is numbered by
	lists map[string]*live[R]
	kept  int          // bytes of lists
	clock atomic.Int64 // counts answers, for the age of lists
}

// How many lists a table keeps, and how many bytes of them: so much for each
// row, and a little for tables of few rows.
const (
	mostLists    = 64
	bytesPerRow  = 40
	bytesAtLeast = 1 << 20
)

// mostMoves bounds how many rows are looked up in kept lists for one change;
// beyond that the lists that were not asked for lately go, and are made again
// when they are.
const mostMoves = 2048

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
	t.kept += l.bytes()
	l.used.Store(t.clock.Add(1))
	for len(t.lists) > mostLists || t.kept > max(bytesAtLeast, bytesPerRow*len(t.rows)) && len(t.lists) > 1 {
		t.drop(t.oldest())
	}
}

func (t *table[R]) oldest() *live[R] {
	var oldest *live[R]
	for _, l := range t.lists {
		if oldest == nil || l.used.Load() < oldest.used.Load() {
			oldest = l
		}
	}
	return oldest
}

func (t *table[R]) drop(l *live[R]) {
	delete(t.lists, l.key)
	t.kept = 0
	for _, other := range t.lists {
		t.kept += other.bytes()
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
	for len(t.lists) > 0 && len(t.lists)*(len(changes)+len(extra)) > max(mostMoves, len(changes)+len(extra)) {
		t.drop(t.oldest())
	}
	if len(changes)+len(extra) > mostMoves {
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

// list makes a list, and those that it is made from. Whoever calls has the
// turn; keep is called with each list that is worth it.
func (t *table[R]) list(p *pace, s *spec[R], keep func(*live[R])) (*live[R], error) {
	if l := t.get(s.key); l != nil {
		return l, nil
	}
	rows, err := t.matching(p, s)
	if err != nil {
		return nil, err
	}
	switch {
	case s.whole != nil && len(rows) > 64+len(t.rows)/256:
		err = t.arrange(p, rows, s.whole, keep)
	case s.plain != nil && len(rows) > 1024:
		if err = t.arrange(p, rows, s.plain, keep); err == nil {
			t.sortByNumber(p, rows, s)
		}
	default:
		t.sortRows(p, rows, s)
	}
	if err == nil {
		err = p.err
	}
	if err != nil {
		return nil, err
	}
	l := newLive(s, rows)
	keep(l)
	return l, nil
}

// matching gives the rows that are in a list, in the order of rows.
func (t *table[R]) matching(p *pace, s *spec[R]) ([]uint32, error) {
	if s.few != nil {
		if f, ok := s.few(); ok {
			return t.matchingFew(p, s, f)
		}
	}
	var out []uint32
	for i := range t.rows {
		if i%paceRows == 0 && p.stop() {
			return nil, p.err
		}
		if s.match(&t.rows[i]) {
			out = append(out, uint32(i))
		}
	}
	return out, nil
}

func (t *table[R]) matchingFew(p *pace, s *spec[R], f few[R]) ([]uint32, error) {
	out := f.rows[:0]
	for i, row := range f.rows {
		if i%paceRows == 0 && p.stop() {
			return nil, p.err
		}
		match := s.match
		if f.sure != nil && f.sure(row) {
			match = f.rest
		}
		if match(&t.rows[row]) {
			out = append(out, row)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// arrange puts rows into the order of another list that has all of them: it
// goes along that list and keeps what is marked, which is much quicker than a
// sort.
func (t *table[R]) arrange(p *pace, rows []uint32, order *spec[R], keep func(*live[R])) error {
	from, err := t.list(p, order, keep)
	if err != nil {
		return err
	}
	marks := newBits(len(t.rows))
	for _, row := range rows {
		marks.set(row)
	}
	n := 0
	for i, chunk := range from.chunks {
		if i%(8*paceRows/chunkSize) == 0 && p.stop() {
			return p.err
		}
		for _, row := range chunk {
			if marks.has(row) {
				rows[n] = row
				n++
			}
		}
	}
	return nil
}

// bits is a set of rows.
type bits []uint64

func newBits(rows int) bits { return make(bits, (rows+63)/64) }

func (b bits) set(row uint32)      { b[row/64] |= 1 << (row % 64) }
func (b bits) has(row uint32) bool { return b[row/64]>>(row%64)&1 == 1 }
