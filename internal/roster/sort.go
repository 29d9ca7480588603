package roster

import (
	"math"
	"math/bits"
	"slices"
)

// An item is a row on its way through a sort: part of its key, and its place
// among those of an equal key.
type item struct {
	word uint64
	row  uint32
	rank uint32
}

// sortRows puts rows into the order of the list. Sorting a million rows by
// comparing them would look into the arena twenty times a row, each time
// somewhere else; here each row is asked for seven bytes of its key, and for
// more only if these are equal. Rows with the key of the one before them
// are put into ties, if that is not nil.
func (t *table[R]) sortRows(p *pace, rows []uint32, s *spec[R], ties rowSet) {
	if len(rows) < 64 && ties == nil {
		slices.SortFunc(rows, func(a, b uint32) int { return s.compare(&t.rows[a], &t.rows[b]) })
		return
	}
	t.sortByID(p, rows, s)
	w := &sorter[R]{t: t, s: s, p: p, ties: ties}
	if ties != nil {
		w.gather(rows)
	}
	if s.number == nil && s.text != nil && len(rows) >= startsFrom {
		w.byStart(rows)
		return
	}
	w.spare = make([]item, len(rows))
	items := make([]item, len(rows))
	for i, row := range rows {
		items[i] = item{0, row, uint32(i)}
	}
	if s.number != nil {
		w.byNumber(items, s.number)
	}
	if s.text != nil {
		w.eachTie(items, s.number != nil, w.byText)
	}
	for i, it := range items {
		rows[i] = it.row
	}
}

// sortByID puts rows into the order of their ids, in which they mostly are.
func (t *table[R]) sortByID(p *pace, rows []uint32, s *spec[R]) {
	ascends, before := true, int64(math.MinInt64)
	for _, row := range rows {
		id := s.id(&t.rows[row])
		ascends = ascends && before <= id
		before = id
	}
	if ascends {
		return
	}
	w := &sorter[R]{t: t, s: s, p: p, spare: make([]item, len(rows))}
	items := make([]item, len(rows))
	for i, row := range rows {
		items[i] = item{uint64(s.id(&t.rows[row])) ^ 1<<63, row, uint32(i)}
	}
	w.byWord(items)
	for i, it := range items {
		rows[i] = it.row
	}
}

// sortByNumber puts rows that are in order otherwise into that of a number.
func (t *table[R]) sortByNumber(p *pace, rows []uint32, s *spec[R], number func(*R) int64) {
	if s.narrow && len(rows) > len(t.rows)/16 {
		t.sortByNarrow(p, rows, s)
		return
	}
	w := &sorter[R]{t: t, s: s, p: p, spare: make([]item, len(rows))}
	items := make([]item, len(rows))
	for i, row := range rows {
		items[i] = item{0, row, uint32(i)}
	}
	w.byNumber(items, number)
	for i, it := range items {
		rows[i] = it.row
	}
}

// sortByNarrow is sortByNumber for few different numbers. Rows come in any order,
// so all of them are asked first, in theirs.
func (t *table[R]) sortByNarrow(p *pace, rows []uint32, s *spec[R]) {
	const places = 33 // the last one is that of none
	codes := make([]uint8, len(t.rows))
	for i := range t.rows {
		if i%paceRows == 0 && p.stop() {
			return
		}
		switch n := s.number(&t.rows[i]); {
		case n == none:
			codes[i] = places - 1
		case s.desc:
			codes[i] = places - 2 - uint8(n)
		default:
			codes[i] = uint8(n)
		}
	}
	var at [places]int
	for _, row := range rows {
		at[codes[row]]++
	}
	sum := 0
	for i, n := range at {
		at[i] = sum
		sum += n
	}
	from := slices.Clone(rows)
	for _, row := range from {
		rows[at[codes[row]]] = row
		at[codes[row]]++
	}
}

// last is the word of what is absent; no other is as great.
const last = ^uint64(0)

func renumber(items []item) {
	for i := range items {
		items[i].rank = uint32(i)
	}
}

type sorter[R any] struct {
	t     *table[R]
	s     *spec[R]
	p     *pace
	spare []item   // as long as all that is sorted at a time
	ties  rowSet   // see sortRows
	texts []byte   // of a base: all of them
	ends  []uint32 // in texts, by row
	sizes []uint8  // by row; 255: look it up
}

// byNumber sorts items that are in order otherwise, by their number.
func (w *sorter[R]) byNumber(items []item, number func(*R) int64) {
	for i := range items {
		if i%paceRows == 0 && w.p.stop() {
			return
		}
		n := number(&w.t.rows[items[i].row])
		word := uint64(n) ^ 1<<63 // 0 is none
		switch {
		case word == 0:
			word = last
		case w.s.desc:
			word = ^word
		default:
			word--
		}
		items[i].word = word
	}
	w.byWord(items)
}

// eachTie calls f with each run of items of an equal word, or with all items
// if they have not been sorted by any.
func (w *sorter[R]) eachTie(items []item, sorted bool, f func(ties []item)) {
	if !sorted {
		renumber(items)
		f(items)
		return
	}
	for from := 0; from < len(items); {
		to := from + 1
		for to < len(items) && items[to].word == items[from].word {
			to++
		}
		if to > from+1 {
			renumber(items[from:to])
			f(items[from:to])
		}
		from = to
	}
}

// byText sorts items of an equal number, which are in the order of their ids.
func (w *sorter[R]) byText(items []item) { w.byTextFrom(items, 0) }

// A word of a text is seven bytes of it, and how many there are from here on,
// 8 for more than seven: so a text that ends sorts before one that goes on with
// zeros, and equal words below 8 are equal texts.
const wordText = 7

func (w *sorter[R]) byTextFrom(items []item, from int) {
	for i := range items {
		if i%paceRows == 0 && w.p.stop() {
			return
		}
		text := w.text(items[i].row)
		if len(text) == 0 {
			items[i].word = last
			continue
		}
		items[i].word = wordOf(text[from:])
		if w.s.desc {
			items[i].word = ^items[i].word
		}
	}
	w.byWord(items)
	if w.p.err != nil {
		return
	}
	w.eachTie(items, true, func(ties []item) {
		word := ties[0].word
		if w.s.desc && word != last {
			word = ^word
		}
		switch {
		case word != last && word&0xFF > wordText:
			w.byTextFrom(ties, from+wordText)
		case w.ties != nil:
			for _, it := range ties[1:] {
				w.ties.set(it.row)
			}
		}
	})
}

func wordOf(text []byte) uint64 {
	var word uint64
	for i := range wordText {
		word <<= 8
		if i < len(text) {
			word |= uint64(text[i])
		}
	}
	return word<<8 | uint64(min(len(text), wordText+1))
}

// byWord sorts items by word, equal ones by rank, which is the order that they
// come in.
func (w *sorter[R]) byWord(items []item) {
	if slices.IsSortedFunc(items, func(a, b item) int { return compareWords(a.word, b.word) }) {
		return
	}
	if len(items) < 512 {
		slices.SortFunc(items, func(a, b item) int {
			if c := compareWords(a.word, b.word); c != 0 {
				return c
			}
			return int(a.rank) - int(b.rank)
		})
		return
	}
	// What is absent stays behind all others, so that it does not make the words
	// of these differ in all their bits.
	n := w.absentLast(items)
	all := items
	items = items[:n]
	if n == 0 {
		return
	}
	differ := uint64(0)
	for _, it := range items {
		differ |= it.word ^ items[0].word
	}
	from, to := items, w.spare[:n]
	for shift := bits.TrailingZeros64(differ); shift < 64 && differ>>shift != 0; shift += digitBits {
		if differ>>shift&(digits-1) == 0 {
			continue
		}
		if w.p.stop() {
			return
		}
		var at [digits]uint32
		for _, it := range from {
			at[it.word>>shift&(digits-1)]++
		}
		sum := uint32(0)
		for i, n := range at {
			at[i] = sum
			sum += n
		}
		for _, it := range from {
			digit := it.word >> shift & (digits - 1)
			to[at[digit]] = it
			at[digit]++
		}
		from, to = to, from
	}
	if &from[0] != &all[0] {
		copy(all, from)
	}
}

const (
	digitBits = 11
	digits    = 1 << digitBits
)

// absentLast puts items without a key behind the others, of which it gives the
// number.
func (w *sorter[R]) absentLast(items []item) int {
	n, absent := 0, w.spare[:0]
	for _, it := range items {
		if it.word == last {
			absent = append(absent, it)
		} else {
			items[n] = it
			n++
		}
	}
	copy(items[n:], absent)
	return n
}

func compareWords(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
