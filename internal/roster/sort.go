package roster

import (
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
// somewhere else; here each row is asked once for eight bytes of its key, and
// for more only if these are equal.
func (t *table[R]) sortRows(p *pace, rows []uint32, s *spec[R]) {
	if len(rows) < 64 {
		slices.SortFunc(rows, func(a, b uint32) int { return s.compare(&t.rows[a], &t.rows[b]) })
		return
	}
	w := &sorter[R]{t, s, p, make([]item, len(rows))}
	items := make([]item, len(rows))
	for i, row := range rows {
		items[i] = item{uint64(s.id(&t.rows[row])) ^ 1<<63, row, uint32(i)}
	}
	w.byWord(items)
	renumber(items)
	if s.number != nil {
		w.byNumber(items)
	}
	if s.text != nil {
		w.eachTie(items, s.number != nil, w.byText)
	}
	for i, it := range items {
		rows[i] = it.row
	}
}

// sortByNumber puts rows that are in the order of their text and id into that
// of number, text and id.
func (t *table[R]) sortByNumber(p *pace, rows []uint32, s *spec[R]) {
	w := &sorter[R]{t, s, p, make([]item, len(rows))}
	items := make([]item, len(rows))
	for i, row := range rows {
		items[i] = item{0, row, uint32(i)}
	}
	w.byNumber(items)
	for i, it := range items {
		rows[i] = it.row
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
	spare []item // as long as all that is sorted
}

// byNumber sorts items that are in order otherwise, by their number.
func (w *sorter[R]) byNumber(items []item) {
	for i := range items {
		if i%paceRows == 0 && w.p.stop() {
			return
		}
		n := w.s.number(&w.t.rows[items[i].row])
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
	for from, to := 0, 0; from < len(items); from = to {
		for to = from + 1; to < len(items) && items[to].word == items[from].word; to++ {
		}
		if to > from+1 {
			renumber(items[from:to])
			f(items[from:to])
		}
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
		text := w.s.text(&w.t.rows[items[i].row])
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
		if word == last {
			return
		}
		if w.s.desc {
			word = ^word
		}
		if word&0xFF > wordText {
			w.byTextFrom(ties, from+wordText)
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
	var counts [8][256]uint32
	for _, it := range items {
		for d := range counts {
			counts[d][byte(it.word>>(8*d))]++
		}
	}
	from, to := items, w.spare[:len(items)]
	for d := range counts {
		if counts[d][byte(items[0].word>>(8*d))] == uint32(len(items)) {
			continue // they all have the same byte here
		}
		if w.p.stop() {
			return
		}
		at := uint32(0)
		for i, n := range counts[d] {
			counts[d][i] = at
			at += n
		}
		for _, it := range from {
			digit := byte(it.word >> (8 * d))
			to[counts[d][digit]] = it
			counts[d][digit]++
		}
		from, to = to, from
	}
	if &from[0] != &items[0] {
		copy(items, from)
	}
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
