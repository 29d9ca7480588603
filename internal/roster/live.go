package roster

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"sort"
	"sync/atomic"
)

// none is an absent number.
const none = math.MinInt64

// keys is what a sort compares: a number, then a text; either may be nil.
type keys[R any] struct {
	number func(*R) int64
	narrow bool            // all numbers are from 0 to 31, or none
	text   func(*R) []byte // "": absent

	textInto func(into []byte, row *R) []byte            // text, for many rows; nil: that does
	ranked   func(*pace, keeper) (func(*R) int64, error) // a number that for now sorts as the text does; nil: there is none
}

// A spec is what makes a list: who is in it and in which order.
type spec[R any] struct {
	key string // tells lists of one table apart
	keys[R]
	match func(*R) bool
	id    func(*R) int64 // breaks ties, the lower first
	desc  bool

	few    func() (few[R], bool) // nil or false: it takes a look at all rows
	base   *spec[R]              // everybody by the text, ascending; nil: there is no text, or it is ranked
	isBase bool                  // others are made from it
	touch  func(*R) uint64       // reads something of what match looks at; nil: it is not worth it

	since, shared, owned bool // it depends on ChangedAt, on connections, on names of users
}

// few is rows among which all that match are, in any order and perhaps more
// than once, and others of which only the rest of the condition is to be looked
// at.
type few[R any] struct {
	rows   []uint32
	sure   rowSet
	rest   func(*R) bool // nil: that they are within
	within rowSet
}

// compare orders two rows by key and id. Absent keys come last in both
// directions.
func (s *spec[R]) compare(a, b *R) int {
	if c := s.compareKeys(a, b); c != 0 {
		return c
	}
	return cmp.Compare(s.id(a), s.id(b))
}

func (s *spec[R]) compareKeys(a, b *R) int {
	if s.number != nil {
		if c := directed(s.desc, cmp.Compare, s.number(a), s.number(b), none); c != 0 {
			return c
		}
	}
	if s.text == nil {
		return 0
	}
	x, y := s.text(a), s.text(b)
	switch {
	case len(x) == 0 || len(y) == 0:
		return cmp.Compare(len(y), len(x)) // 0 of which one is not: that one first
	case s.desc:
		return bytes.Compare(y, x)
	}
	return bytes.Compare(x, y)
}

func directed(desc bool, compare func(a, b int64) int, a, b, absent int64) int {
	switch {
	case a == absent || b == absent:
		return compare(b2i(a == absent), b2i(b == absent))
	case desc:
		return compare(b, a)
	}
	return compare(a, b)
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// chunkSize is how many rows of a list lie together. A change moves half as
// many, and touches a counter for each chunk.
const chunkSize = 1024

// A live list is the outcome of a query: all rows that match, in order. It is
// kept as it would be answered now: whoever changes a row moves it.
type live[R any] struct {
	*spec[R]
	chunks  [][]uint32
	starts  []int // rows before each chunk
	n       int
	used    atomic.Int64 // when it was last asked for, by the table's count
	facets  atomic.Pointer[cachedFacets]
	pending []uint32 // rows to be put in when all have changed
	ties    rowSet   // of a base: rows with the key of the one before them
}

// newLive takes rows that are in order, and keeps them.
func newLive[R any](s *spec[R], rows []uint32) *live[R] {
	l := &live[R]{spec: s, n: len(rows)}
	for part := range slices.Chunk(rows, chunkSize) {
		l.chunks = append(l.chunks, part)
	}
	l.count()
	return l
}

func (l *live[R]) count() {
	l.starts = slices.Grow(l.starts[:0], len(l.chunks))
	at := 0
	for _, c := range l.chunks {
		l.starts = append(l.starts, at)
		at += len(c)
	}
}

// bytes is how much memory the list takes, more or less.
func (l *live[R]) bytes() int { return 4*l.n + 32*len(l.chunks) + 8*len(l.ties) + 1024 }

// before counts the rows that come before a place: those in front of the first
// one that is not before it.
func (l *live[R]) before(rows []R, isBefore func(*R) bool) int {
	c := sort.Search(len(l.chunks), func(i int) bool { return !isBefore(&rows[l.chunks[i][0]]) }) - 1
	if c < 0 {
		return 0
	}
	chunk := l.chunks[c]
	return l.starts[c] + sort.Search(len(chunk), func(i int) bool { return !isBefore(&rows[chunk[i]]) })
}

// chunkOf finds the chunk that the n-th row is in, and where in it.
func (l *live[R]) chunkOf(n int) (chunk, at int) {
	chunk = sort.Search(len(l.starts), func(i int) bool { return l.starts[i] > n }) - 1
	return chunk, n - l.starts[chunk]
}

// each calls f with up to limit rows from the n-th on.
func (l *live[R]) each(n, limit int, f func(row uint32)) {
	if n >= l.n {
		return
	}
	for c, at := l.chunkOf(n); c < len(l.chunks) && limit > 0; c, at = c+1, 0 {
		part := l.chunks[c][at:]
		part = part[:min(len(part), limit)]
		limit -= len(part)
		for _, row := range part {
			f(row)
		}
	}
}

// remove takes out a row that is in the list under the given version of it. It
// is false if the row is not there.
func (l *live[R]) remove(rows []R, row uint32, as *R) bool {
	n := l.before(rows, func(r *R) bool { return l.compare(r, as) < 0 })
	if n >= l.n {
		return false
	}
	c, at := l.chunkOf(n)
	if l.chunks[c][at] != row {
		return false
	}
	l.untie(row, n)
	l.n--
	l.chunks[c] = slices.Delete(l.chunks[c], at, at+1)
	if len(l.chunks[c]) == 0 {
		l.chunks = slices.Delete(l.chunks, c, c+1)
		l.count()
		return true
	}
	for i := c + 1; i < len(l.starts); i++ {
		l.starts[i]--
	}
	return true
}

// insert puts in a row where it belongs.
func (l *live[R]) insert(rows []R, row uint32) {
	as := &rows[row]
	n := l.before(rows, func(r *R) bool { return l.compare(r, as) < 0 })
	l.tie(rows, row, n)
	l.n++
	if len(l.chunks) == 0 {
		l.chunks = [][]uint32{{row}}
		l.count()
		return
	}
	c := len(l.chunks) - 1
	at := len(l.chunks[c])
	if n < l.n-1 {
		c, at = l.chunkOf(n)
	}
	// The chunks of a new list are pieces of one array; as slices.Chunk clips
	// them, none grows into the next one.
	chunk := slices.Insert(l.chunks[c], at, row)
	l.chunks[c] = chunk
	if len(chunk) > 2*chunkSize {
		l.chunks[c] = slices.Clone(chunk[:chunkSize])
		l.chunks = slices.Insert(l.chunks, c+1, slices.Clone(chunk[chunkSize:]))
		l.count()
		return
	}
	for i := c + 1; i < len(l.starts); i++ {
		l.starts[i]++
	}
}
