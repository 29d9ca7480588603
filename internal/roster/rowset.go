package roster

import "math/bits"

// A rowSet is a set of rows.
type rowSet []uint64

func newRowSet(rows int) rowSet { return make(rowSet, (rows+63)/64) }

func (b rowSet) set(row uint32)      { b[row/64] |= 1 << (row % 64) }
func (b rowSet) has(row uint32) bool { return b[row/64]>>(row%64)&1 == 1 }

// bit is 1 if the row is in the set, otherwise 0.
func (b rowSet) bit(row uint32) int { return int(b[row/64] >> (row % 64) & 1) }

func (b rowSet) put(row uint32, in bool) {
	b[row/64] &^= 1 << (row % 64)
	if in {
		b.set(row)
	}
}

// grown gives the set with room for so many rows.
func (b rowSet) grown(rows int) rowSet {
	if short := (rows+63)/64 - len(b); short > 0 {
		return append(b, make(rowSet, short)...)
	}
	return b
}

func (b rowSet) count() int {
	n := 0
	for _, word := range b {
		n += bits.OnesCount64(word)
	}
	return n
}

// each calls f with each row, ascending.
func (b rowSet) each(f func(row uint32)) {
	for i, word := range b {
		for ; word != 0; word &= word - 1 {
			f(uint32(64*i + bits.TrailingZeros64(word)))
		}
	}
}

// rows gives the n rows, ascending.
func (b rowSet) rows(n int) []uint32 {
	out := make([]uint32, 0, n)
	b.each(func(row uint32) { out = append(out, row) })
	return out
}
