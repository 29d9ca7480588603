package roster

import (
	"encoding/binary"
	"math"
)

// A small is a number from 0 to 2³¹-1, or the place of another one among the
// wide ones: ids, log positions and counts are hardly ever greater.
type small uint32

const isWide = 1 << 31

// wide are the numbers of a table that do not fit where numbers usually do. Each
// is there once; there are few, and none is ever forgotten.
type wide struct {
	values []int64
	places map[int64]uint32
}

func (w *wide) place(n int64) uint32 {
	at, ok := w.places[n]
	if !ok {
		if w.places == nil {
			w.places = map[int64]uint32{}
		}
		at = uint32(len(w.values))
		w.values, w.places[n] = append(w.values, n), at
	}
	return at
}

func (w *wide) small(n int64) small {
	if n >= 0 && n < isWide {
		return small(n)
	}
	return small(w.place(n)) | isWide
}

func (w *wide) int(s small) int64 {
	if s < isWide {
		return int64(s)
	}
	return w.values[s&^isWide]
}

// An instant takes 40 bits: milliseconds since epoch, until late in 2039, or
// the place of another number among the wide ones.
const (
	epoch       = 1_104_537_600_000 // 2005
	instantBits = 40
	wideInstant = 0xFF << 32
	instantSize = instantBits / 8
)

func (w *wide) packInstant(ms int64) uint64 {
	if n := uint64(ms - epoch); ms >= epoch && n < wideInstant {
		return n
	}
	return wideInstant | uint64(w.place(ms))
}

func (w *wide) instant(n uint64) int64 {
	if n < wideInstant {
		return int64(n) + epoch
	}
	return w.values[uint32(n)]
}

func appendInstant(b []byte, n uint64) []byte {
	return append(binary.LittleEndian.AppendUint32(b, uint32(n)), byte(n>>32))
}

func readInstant(b []byte) uint64 {
	_ = b[4]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(b[4])<<32
}

// A dictionary keeps texts once that many records have, such as the domains of
// e-mail addresses. When it has very many, the others stay with their records.
type dictionary struct {
	texts [][]byte // the first is the empty one
	at    map[string]uint32
	most  int
}

func newDictionary(most int) dictionary {
	return dictionary{texts: [][]byte{nil}, at: map[string]uint32{"": 0}, most: most}
}

// mostTexts is so many that what a dictionary takes is less than a megabyte.
const mostTexts = 1 << 12

// place gives the number of a text, and 0, which is that of the empty one, if
// it takes no more.
func (d *dictionary) place(text []byte) uint32 {
	if at, ok := d.at[string(text)]; ok {
		return at
	}
	if len(d.texts) >= d.most || len(text) > math.MaxUint8 {
		return 0
	}
	at := uint32(len(d.texts))
	own := string(text)
	d.texts, d.at[own] = append(d.texts, []byte(own)), at
	return at
}
