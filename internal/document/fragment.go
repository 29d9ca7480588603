package document

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"unsafe"
)

// A mark stands in encoded text and is a zero byte, which JSON text never has,
// then what it marks, then the arguments, in a fixed number of bytes. Those may
// be zero bytes, too: marks are read from left to right.
const (
	markByte    = 0x00
	markHole    = 'h' // kind, 8 bytes of id
	markSection = 's' // number

	holeLength    = 3 + 8
	sectionLength = 3
)

// maxSections is how many sections a fragment can have: the bits of a set.
const maxSections = 32

// AllSections is the set of all sections.
const AllSections = ^uint32(0)

// Sections is the set of the sections with the numbers, and of section 0, which
// is always shown.
func Sections(numbers ...int) uint32 {
	set := uint32(1)
	for _, n := range numbers {
		set |= 1 << n
	}
	return set
}

// AppendHole appends the mark of a place where another fragment stands.
func AppendHole(b []byte, k Kind, id int64) []byte {
	b = append(b, markByte, markHole, byte(k))
	return binary.BigEndian.AppendUint64(b, uint64(id))
}

// AppendSection appends the mark where section n starts; the section before it
// ends there. Sections are numbered from 0 to 31. A fragment starts in section
// 0, can return to it, and shows it always.
func AppendSection(b []byte, n int) []byte { return append(b, markByte, markSection, byte(n)) }

// Fragment is one parsed fragment. Nothing but [Cache.Put] changes it.
type Fragment struct {
	text  []byte // with the marks: to cut them out would be a second copy
	parts []part
	asOf  int64 // where the log was when it was read; notPut until Put says so
}

// notPut is the position of a fragment of which nobody said when it was read.
const notPut = -1

// part is text between two offsets, which belongs to a section, and what follows
// it.
type part struct {
	id         int64
	start, end uint32
	section    uint8
	hole       bool // after the text stands the fragment (kind, id)
	kind       Kind
}

// Parse splits encoded text from its marks. It keeps nothing of the slice that
// it was given. It panics at a zero byte that is not a mark, because that is a
// mistake of an encoder and would reach a client as broken JSON.
func Parse(encoded []byte) *Fragment {
	f := &Fragment{asOf: notPut}
	f.text = bytes.Clone(encoded) // the capacity is what was allocated: see size
	f.parts = slices.Grow(f.parts, count(encoded))
	section := uint8(0)
	start := 0
	for {
		at := bytes.IndexByte(encoded[start:], markByte)
		if at < 0 {
			break
		}
		at += start
		p := part{start: uint32(start), end: uint32(at), section: section}
		if encoded[at+1] == markHole {
			p.hole, p.kind = true, Kind(encoded[at+2])
			p.id = int64(binary.BigEndian.Uint64(encoded[at+3:]))
			start = at + holeLength
		} else {
			section = encoded[at+2]
			start = at + sectionLength
		}
		f.add(p)
	}
	f.add(part{start: uint32(start), end: uint32(len(encoded)), section: section})
	return f
}

// add adds a part, unless there is nothing in it.
func (f *Fragment) add(p part) {
	if p.hole || p.end > p.start {
		f.parts = append(f.parts, p)
	}
}

// count gives the greatest number of parts. It refuses what is no mark.
func count(encoded []byte) (parts int) {
	parts = 1
	for i := 0; ; parts++ {
		at := bytes.IndexByte(encoded[i:], markByte)
		if at < 0 {
			return parts
		}
		i += at
		length := markLength(encoded[i:])
		if length == 0 {
			panic(fmt.Sprintf("document: a zero byte that is not a mark at %d of an encoded fragment", i))
		}
		i += length
	}
}

// markLength is the length of the mark at the start; 0 if there is none.
func markLength(b []byte) int {
	switch {
	case len(b) >= holeLength && b[1] == markHole && int(b[2]) < kindCount:
		return holeLength
	case len(b) >= sectionLength && b[1] == markSection && b[2] < maxSections:
		return sectionLength
	}
	return 0
}

// size is the bytes that the fragment holds on to, apart from itself.
func (f *Fragment) size() int64 {
	return int64(cap(f.text)) + int64(cap(f.parts))*int64(unsafe.Sizeof(part{}))
}
