package roster

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// grams finds people by a part of their texts. For each three bytes that follow
// each other in a text it holds the rows that have them. A few of these triples
// share a bucket; rows from there have to be looked at. Below a number of
// people at which looking at everybody takes a millisecond there is none.
type grams struct {
	from, most int // people from which on there is one; loose rows that become a part
	parts      []gramPart
	rows       int      // of all parts, some more than once
	loose      []uint32 // rows that have changed since they were put into a part
	moved      bits     // rows that have changed since they were first put into one
}

const (
	gramsFrom = 1 << 17
	gramsMost = 1 << 15
	buckets   = 1 << 18
)

// A gramPart is the rows of each bucket, ascending, as distances.
type gramPart struct {
	ends []uint32 // in data, of each bucket
	only []uint32 // 1 + the triple of each bucket; 0: none yet; several: as it says
	data []byte
}

const several = ^uint32(0)

func triple(text []byte) uint32 { return uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 }

func bucketOf(triple uint32) uint32 { return triple * 0x9E3779B1 >> 14 }

func (g *grams) build(p *people) {
	*g = grams{from: g.from, most: g.most}
	if len(p.rows) < g.from {
		return
	}
	rows := make([]uint32, len(p.rows))
	for i := range rows {
		rows[i] = uint32(i)
	}
	g.parts, g.rows = []gramPart{newGramPart(p, rows)}, len(rows)
}

// add takes rows that have changed.
func (g *grams) add(p *people, changes []change[personRow]) {
	if len(g.parts) == 0 {
		if len(p.rows) >= g.from {
			g.build(p)
		}
		return
	}
	if short := (len(p.rows)+63)/64 - len(g.moved); short > 0 {
		g.moved = append(g.moved, make(bits, short)...)
	}
	for i := range changes {
		if c := &changes[i]; c.fresh || !bytes.Equal(p.texts(&c.old), p.texts(&c.new)) {
			g.loose = append(g.loose, c.row)
			g.moved.set(c.row)
		}
	}
	switch {
	case len(g.loose) < g.most:
	case g.rows+len(g.loose) > 2*len(p.rows):
		g.build(p)
	default:
		slices.Sort(g.loose)
		g.loose = slices.Compact(g.loose)
		g.parts = append(g.parts, newGramPart(p, g.loose))
		g.rows, g.loose = g.rows+len(g.loose), nil
	}
}

// newGramPart goes through the texts twice: for the sizes, and to write.
func newGramPart(p *people, rows []uint32) gramPart {
	g := gramPart{ends: make([]uint32, buckets), only: make([]uint32, buckets)}
	latest := make([]uint32, buckets) // 1 + row
	visit := func(f func(bucket, triple, distance uint32)) {
		clear(latest)
		for _, row := range rows {
			d := p.detail(&p.rows[row])
			for _, text := range [][]byte{d.name(), d.email(), d.own(d.first), d.own(d.last)} {
				for ; len(text) >= 3; text = text[1:] {
					t := triple(text)
					b := bucketOf(t)
					if latest[b] != row+1 {
						f(b, t, row+1-latest[b])
						latest[b] = row + 1
					} else if g.only[b] != t+1 {
						g.only[b] = several
					}
				}
			}
		}
	}
	visit(func(b, t, distance uint32) {
		if g.only[b] == 0 {
			g.only[b] = t + 1
		} else if g.only[b] != t+1 {
			g.only[b] = several
		}
		for g.ends[b]++; distance >= 0x80; distance >>= 7 {
			g.ends[b]++
		}
	})
	sum := uint32(0)
	for b, size := range g.ends { // for now where each bucket begins
		g.ends[b] = sum
		sum += size
	}
	g.data = make([]byte, sum)
	visit(func(b, _, distance uint32) {
		g.ends[b] += uint32(binary.PutUvarint(g.data[g.ends[b]:], uint64(distance)))
	})
	return g
}

// bucket gives the rows of a bucket as they are written.
func (g *gramPart) bucket(b uint32) []byte {
	from := uint32(0)
	if b > 0 {
		from = g.ends[b-1]
	}
	return g.data[from:g.ends[b]]
}

// candidates gives rows among which all are whose text has the part; false if
// there is nothing to find them by. sure tells of rows that they have it.
func (g *grams) candidates(part string, of int) (rows []uint32, sure func(row uint32) bool, ok bool) {
	if len(part) < 3 || len(g.parts) == 0 {
		return nil, nil, false
	}
	var triples []uint32
	for rest := []byte(part); len(rest) >= 3; rest = rest[1:] {
		triples = append(triples, triple(rest))
	}
	slices.Sort(triples)
	triples = slices.Compact(triples)
	exact := len(part) == 3
	for i := range g.parts {
		p := &g.parts[i]
		found := p.intersect(triples)
		if only := p.only[bucketOf(triples[0])]; only != 0 && only != triples[0]+1 {
			exact = false
		}
		if !exact && len(found) > of/2 {
			return nil, nil, false
		}
		rows = append(rows, found...)
	}
	rows = append(rows, g.loose...)
	if !exact {
		return rows, nil, true
	}
	return rows, func(row uint32) bool { return int(row/64) >= len(g.moved) || !g.moved.has(row) }, true
}

// intersect gives the rows that are in each of the buckets, or more: a bucket
// that is much larger than what is left rules out less than it costs.
func (g *gramPart) intersect(triples []uint32) []uint32 {
	all := make([]uint32, len(triples))
	for i, t := range triples {
		all[i] = bucketOf(t)
	}
	slices.SortFunc(all, func(a, b uint32) int { return len(g.bucket(a)) - len(g.bucket(b)) })
	var found []uint32
	for i, b := range all {
		rows := g.bucket(b)
		if i == 0 {
			found = decode(rows)
			continue
		}
		if len(rows) > 16*len(found) {
			break
		}
		found = among(found, rows)
	}
	return found
}

func decode(rows []byte) []uint32 {
	out := make([]uint32, 0, len(rows))
	at := uint32(0)
	for c := (cursor{rows}); len(c.b) > 0; {
		at += uint32(c.uint())
		out = append(out, at-1)
	}
	return out
}

// among keeps the rows that are in a bucket as well.
func among(found []uint32, rows []byte) []uint32 {
	out := found[:0]
	at := uint32(0)
	c := cursor{rows}
	for _, row := range found {
		for at <= row && len(c.b) > 0 {
			at += uint32(c.uint())
		}
		if at == row+1 {
			out = append(out, row)
		} else if at <= row {
			break
		}
	}
	return out
}
