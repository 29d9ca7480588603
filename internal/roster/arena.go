package roster

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"
)

// An arena holds the variable part of records, one run of bytes after the
// other, in blocks: no block holds a pointer, so that the collector passes
// them by, and adding never copies more than one block. It addresses 4 GiB.
type arena struct {
	blocks [][]byte
	live   int64 // bytes of runs that a row refers to
	total  int64 // bytes of all runs
}

const blockBits = 20

// add appends a run, its length in front, and gives its address.
func (a *arena) add(run []byte) uint32 {
	size := len(run) + binary.MaxVarintLen32
	last := len(a.blocks) - 1
	if last < 0 || len(a.blocks[last])+size > 1<<blockBits {
		if last++; last == 1<<(32-blockBits) {
			panic("roster: more than 4 GiB of text")
		}
		a.blocks = append(a.blocks, nil)
		if last > 0 {
			a.blocks[last] = make([]byte, 0, max(size, 1<<blockBits))
		}
	}
	at := len(a.blocks[last])
	b := binary.AppendUvarint(a.blocks[last], uint64(len(run)))
	a.blocks[last] = append(b, run...)
	a.live += int64(len(run))
	a.total += int64(len(run))
	return uint32(last)<<blockBits | uint32(at)
}

// run gives the bytes at an address. They are not to be written.
func (a *arena) run(at uint32) []byte {
	b := a.blocks[at>>blockBits][at&(1<<blockBits-1):]
	if n := b[0]; n < 0x80 {
		return b[1 : 1+int(n)]
	}
	n, used := binary.Uvarint(b)
	return b[used : used+int(n)]
}

// touch reads something of the start of a run.
func (a *arena) touch(at uint32) uint64 {
	b := a.blocks[at>>blockBits][at&(1<<blockBits-1):]
	if len(b) > 64 {
		return uint64(b[0]) + uint64(b[64])
	}
	return uint64(b[0])
}

// forget counts a run as garbage.
func (a *arena) forget(at uint32) { a.live -= int64(len(a.run(at))) }

// wasteful reports whether most of the arena is garbage.
func (a *arena) wasteful() bool { return a.total > 1<<blockBits && a.live < a.total/2 }

// A cursor reads what the encoders below wrote.
type cursor struct{ b []byte }

func (c *cursor) uint() uint64 {
	if v := c.b[0]; v < 0x80 {
		c.b = c.b[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(c.b)
	c.b = c.b[n:]
	return v
}

func (c *cursor) int() int64 {
	v := c.uint()
	return int64(v>>1) ^ -int64(v&1)
}

func (c *cursor) take(n uint64) []byte {
	out := c.b[:n:n]
	c.b = c.b[n:]
	return out
}

// A span is a piece of a row's text.
type span struct{ from, size uint64 }

func (c *cursor) span() span { return span{c.uint(), c.uint()} }

func (s span) of(text []byte) []byte { return text[s.from : s.from+s.size] }

func appendSpan(b []byte, s span) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, s.from), s.size)
}

// place finds the text in some of what is there already, or appends it: first
// and last name are mostly pieces of the full one, a username one of the e-mail.
func place(all []byte, in int, text string) ([]byte, span) {
	at := bytes.Index(all[:in], []byte(text))
	if at < 0 {
		at = len(all)
		all = append(all, text...)
	}
	return all, span{uint64(at), uint64(len(text))}
}

// An idIndex finds rows by id. Ids are given from 1 upwards and hardly any is
// missing. As long as none is, there is nothing to keep; then a slice is smaller
// and quicker than a map; ids far beyond the others go into one all the same.
type idIndex struct {
	start, run int64    // the ids from start on are those of the rows from 0 on
	near       []uint32 // row+1; 0: no such id
	far        map[int64]uint32
	n          int
}

func (x *idIndex) row(id int64) (uint32, bool) {
	if at := id - x.start; at >= 0 && at < x.run && id >= x.start {
		return uint32(at), true
	}
	if id >= 0 && id < int64(len(x.near)) {
		row := x.near[id]
		return row - 1, row != 0
	}
	row, ok := x.far[id]
	return row, ok
}

// set is called once for each id.
func (x *idIndex) set(id int64, row uint32) {
	x.n++
	if x.run == 0 && row == 0 {
		x.start = id
	}
	if int64(row) == x.run && id-x.start == x.run && id > 0 {
		x.run++
		return
	}
	switch {
	case id >= 0 && id < int64(len(x.near)):
		x.near[id] = row + 1
	case id >= 0 && id < int64(4*x.n+1024):
		x.near = append(x.near, make([]uint32, id+1-int64(len(x.near)))...)
		x.near[id] = row + 1
		for far, row := range x.far {
			if far >= 0 && far <= id {
				x.near[far] = row + 1
				delete(x.far, far)
			}
		}
	default:
		if x.far == nil {
			x.far = map[int64]uint32{}
		}
		x.far[id] = row
	}
}

// A textIndex finds rows by a text of theirs: open addressing, rows only; the
// texts stay where they are.
type textIndex struct {
	seed  maphash.Seed
	slots []uint32 // row+2; 0: free, 1: was taken
	used  int      // slots that are not free
	text  func(into []byte, row uint32) []byte
	run   []byte // for texts, of who writes
}

func newTextIndex(text func(into []byte, row uint32) []byte) textIndex {
	return textIndex{seed: maphash.MakeSeed(), text: text}
}

// first is where to look for a text first.
func (x *textIndex) first(text []byte) int {
	at, _ := bits.Mul64(maphash.Bytes(x.seed, text), uint64(len(x.slots)))
	return int(at)
}

func (x *textIndex) next(at int) int {
	if at++; at == len(x.slots) {
		return 0
	}
	return at
}

// each calls f with the slots that may be of the text until it returns false.
func (x *textIndex) each(text []byte, f func(slot int) bool) {
	if len(x.slots) == 0 {
		return
	}
	for at := x.first(text); x.slots[at] != 0; at = x.next(at) {
		if x.slots[at] > 1 && !f(at) {
			return
		}
	}
}

// rows gives the rows that have the text.
func (x *textIndex) rows(text []byte) []uint32 {
	var out []uint32
	var run []byte
	x.each(text, func(slot int) bool {
		row := x.slots[slot] - 2
		if run = x.text(run[:0], row); bytes.Equal(run, text) {
			out = append(out, row)
		}
		return true
	})
	return out
}

// remove takes out the row under the text that it was added with.
func (x *textIndex) remove(text []byte, row uint32) {
	x.each(text, func(slot int) bool {
		if x.slots[slot] == row+2 {
			x.slots[slot] = 1
			return false
		}
		return true
	})
}

// add puts in a row under its text, unless that is empty.
func (x *textIndex) add(row uint32) {
	x.run = x.text(x.run[:0], row)
	if len(x.run) == 0 {
		return
	}
	if 4*(x.used+1) > 3*len(x.slots) {
		x.grow()
		x.run = x.text(x.run[:0], row)
	}
	at := x.first(x.run)
	for x.slots[at] > 1 {
		at = x.next(at)
	}
	if x.slots[at] == 0 {
		x.used++
	}
	x.slots[at] = row + 2
}

func (x *textIndex) grow() {
	old := slices.DeleteFunc(x.slots, func(s uint32) bool { return s < 2 })
	x.reserve(len(old) + len(old)/4)
	for _, s := range old {
		x.add(s - 2)
	}
}

// reserve empties the index and makes room for so many rows and a few more, as
// growing asks each row for its text again.
func (x *textIndex) reserve(rows int) {
	x.slots, x.used = make([]uint32, 64+rows*3/2), 0 // it grows when it is three quarters full
}
