package roster

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
)

// grams finds people by a part of their texts. For each three bytes that follow
// each other in a text it holds the rows that have them. Of an e-mail address
// only the triples that begin before its domain count; who has which domain is
// held beside. Below a number of people at which looking at everybody takes a
// millisecond there is none.
type grams struct {
	from, most int // people from which on there is one; loose rows that become a part
	parts      []gramPart
	covered    int    // rows of the first part, which has all that there were
	words      words  // of names, as they were for the first part
	moved      rowSet // rows of these that have changed since
	loose      []uint32
}

const (
	gramsFrom  = 1 << 17
	gramsMost  = 1 << 13
	gramsParts = 8
)

// Rows are listed by triple, and by three keys that no triple has.
const (
	domainKey = 1 << 24 // and the number of the domain
	shortKey  = 1 << 25 // a text that is too short for a triple
	wordKey   = 1 << 26 // and the number of the word
)

func triple(text []byte) uint32 { return uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 }

// A gramPart is the rows of each key, ascending, as distances; or a set, if that
// is shorter.
type gramPart struct {
	slots []uint32 // hash table: 1 + place of the key; 0: free
	keys  []uint32
	ends  []uint32 // in data, of each key
	dense []bool   // it is a set
	data  []byte
	rows  []uint32 // nil: all rows from 0
	words int      // of a set
}

func (g *gramPart) slot(key uint32) *uint32 {
	mask := uint32(len(g.slots) - 1)
	for at := key * 0x9E3779B1 >> 7 & mask; ; at = (at + 1) & mask {
		if s := &g.slots[at]; *s == 0 || g.keys[*s-1] == key {
			return s
		}
	}
}

// place gives the place of a key, which may be a new one.
func (g *gramPart) place(key uint32) uint32 {
	s := g.slot(key)
	if *s != 0 {
		return *s - 1
	}
	g.keys = append(g.keys, key)
	*s = uint32(len(g.keys))
	if 2*len(g.keys) > len(g.slots) {
		g.slots = make([]uint32, 2*len(g.slots))
		for i, k := range g.keys {
			*g.slot(k) = uint32(i + 1)
		}
	}
	return uint32(len(g.keys) - 1)
}

// visit calls f with the keys of a person, some more than once.
func visit(p *people, row *personRow, f func(key uint32)) {
	d := p.texts(row)
	each := func(text []byte) {
		if len(text) > 0 && len(text) < 3 {
			f(shortKey)
		}
		for ; len(text) >= 3; text = text[1:] {
			f(triple(text))
		}
	}
	each(d.name())
	if known := p.grams.words.at; known != nil {
		eachWord(d.name(), func(word []byte) {
			if n, ok := known[string(word)]; ok {
				f(wordKey | n)
			}
		})
	}
	for _, own := range d.own() {
		each(own)
	}
	domain := p.domains.texts[d.domain]
	if len(domain) == 0 {
		each(d.local())
		return
	}
	f(domainKey | d.domain)
	var edge [64]byte
	email := append(append(edge[:0], d.local()...), domain[:min(len(domain), 2)]...)
	if len(d.local()) > 0 {
		each(email)
	}
}

// newGramPart goes through the texts twice: for the sizes, and to write.
func newGramPart(p *people, rows []uint32) gramPart {
	g := gramPart{slots: make([]uint32, 1<<12), rows: rows}
	n := len(rows)
	if rows == nil {
		n = len(p.rows)
	}
	g.words = (len(p.rows) + 63) / 64
	var latest, counts []uint32 // 1 + row; rows
	all := func(f func(at, distance, row uint32)) {
		clear(latest)
		for i := range n {
			row := uint32(i)
			if rows != nil {
				row = rows[i]
			}
			visit(p, &p.rows[row], func(key uint32) {
				at := g.place(key)
				if int(at) == len(latest) {
					latest, counts, g.ends = append(latest, 0), append(counts, 0), append(g.ends, 0)
				}
				if latest[at] != row+1 {
					f(at, row+1-latest[at], row)
					latest[at] = row + 1
				}
			})
		}
	}
	all(func(at, distance, _ uint32) {
		counts[at]++
		g.ends[at] += uint32(bits.Len32(distance|1)+6) / 7
	})
	g.dense = make([]bool, len(g.keys))
	sum := uint32(0)
	for at, size := range g.ends { // for now where each begins
		if g.dense[at] = int(size) > 8*g.words; g.dense[at] {
			size = uint32(8 * g.words)
		}
		g.ends[at] = sum
		sum += size
	}
	g.data = make([]byte, sum)
	all(func(at, distance, row uint32) {
		if g.dense[at] {
			g.data[g.ends[at]+row/8] |= 1 << (row % 8)
			return
		}
		g.ends[at] += uint32(binary.PutUvarint(g.data[g.ends[at]:], uint64(distance)))
	})
	for at, dense := range g.dense {
		if dense {
			g.ends[at] += uint32(8 * g.words)
		}
	}
	g.keys, g.ends = slices.Clip(g.keys), slices.Clip(g.ends)
	return g
}

// A posting is the rows of a key.
type posting struct {
	data  []byte
	dense bool
}

func (g *gramPart) at(place uint32) posting {
	from := uint32(0)
	if place > 0 {
		from = g.ends[place-1]
	}
	return posting{g.data[from:g.ends[place]], g.dense[place]}
}

func (g *gramPart) of(key uint32) posting {
	s := *g.slot(key)
	if s == 0 {
		return posting{}
	}
	return g.at(s - 1)
}

// addTo puts the rows into a set.
func (l posting) addTo(set rowSet) {
	if l.dense {
		for i := 0; i < len(l.data); i += 8 {
			set[i/8] |= binary.LittleEndian.Uint64(l.data[i:])
		}
		return
	}
	l.each(set.set)
}

// each calls f with the rows of a posting that is not a set. It reads with as
// little as it takes: this is what a search spends its time on.
func (l posting) each(f func(row uint32)) {
	at := uint32(0)
	for i := 0; i < len(l.data); {
		d, shift := uint32(l.data[i]), 7
		for i++; d>>shift != 0; i, shift = i+1, shift+7 { // the top bit says that there is more
			d = d&(1<<shift-1) | uint32(l.data[i])<<shift
		}
		at += d
		f(at - 1)
	}
}

// decode gives the rows.
func (l posting) decode() []uint32 {
	var out []uint32
	if !l.dense {
		out = make([]uint32, 0, len(l.data))
		l.each(func(row uint32) { out = append(out, row) })
		return out
	}
	set := make(rowSet, len(l.data)/8)
	l.addTo(set)
	set.each(func(row uint32) { out = append(out, row) })
	return out
}

// among keeps the rows that are in the posting as well.
func (l posting) among(found []uint32) []uint32 {
	out := found[:0]
	if l.dense {
		for _, row := range found {
			if l.data[row/8]>>(row%8)&1 == 1 {
				out = append(out, row)
			}
		}
		return out
	}
	at, i := uint32(0), 0 // at is 1 + row
	for _, row := range found {
		for at <= row && i < len(l.data) {
			d, shift := uint32(l.data[i]), 7
			for i++; d>>shift != 0; i, shift = i+1, shift+7 {
				d = d&(1<<shift-1) | uint32(l.data[i])<<shift
			}
			at += d
		}
		if at == row+1 {
			out = append(out, row)
		} else if at <= row {
			break
		}
	}
	return out
}

// intersect gives the rows that have each of the triples, or more: a posting
// that is much longer than what is left rules out less than it costs.
func (g *gramPart) intersect(part []byte, triples int) []uint32 {
	all := make([]posting, triples)
	for i := range all {
		all[i] = g.of(triple(part[i:]))
	}
	slices.SortFunc(all, func(a, b posting) int { return len(a.data) - len(b.data) })
	found := all[0].decode()
	for _, l := range all[1:] {
		if !l.dense && len(l.data) > 16*len(found) {
			break
		}
		found = l.among(found)
	}
	return found
}

// build makes the index of all people, if they are many.
func (g *grams) build(p *people) {
	*g = grams{from: g.from, most: g.most}
	if len(p.rows) >= g.from && len(p.rows) > 0 {
		g.words = newWords(p)
		g.parts, g.covered = []gramPart{newGramPart(p, nil)}, len(p.rows)
		g.words.at = nil
	}
}

// add takes rows that have changed.
func (g *grams) add(p *people, changes []change[personRow]) {
	if len(g.parts) == 0 {
		return
	}
	if len(g.moved) == 0 {
		g.moved = newRowSet(g.covered)
	}
	for i := range changes {
		c := &changes[i]
		if c.fresh || !bytes.Equal(p.searched(&c.old), p.searched(&c.new)) {
			g.loose = append(g.loose, c.row)
			if int(c.row) < g.covered {
				g.moved.set(c.row)
			}
		}
	}
}

// ready puts loose rows into a part, if they are many, and parts together, so
// that there are few of both. Who calls has the turn.
func (g *grams) ready(p *people) bool {
	switch {
	case len(p.rows) < g.from || len(p.rows) == 0:
		return false
	case len(g.parts) == 0:
		g.build(p)
	case len(g.loose) >= g.most:
		rows := g.loose
		if len(g.parts) == gramsParts {
			for _, part := range g.parts[1:] {
				rows = append(rows, part.rows...)
			}
			g.parts = g.parts[:1]
		}
		slices.Sort(rows)
		rows = slices.Clone(slices.Compact(rows))
		if g.loose = nil; len(rows) > g.covered/4 {
			g.build(p)
		} else {
			g.parts = append(g.parts, newGramPart(p, rows))
		}
	}
	return true
}

// find gives the rows among which all are whose text has the part; false if
// there is nothing to find them by.
func (g *grams) find(p *people, part []byte) (few[personRow], bool) {
	if len(part) == 0 || !g.ready(p) {
		return few[personRow]{}, false
	}
	sure, unsure := newRowSet(len(p.rows)), newRowSet(len(p.rows))
	var rows []uint32
	for i := range g.parts {
		first, part0 := i == 0, &g.parts[i]
		certain := unsure
		if first {
			certain = sure
		}
		switch {
		case len(part) < 3:
			for at, key := range part0.keys {
				if key < domainKey && has(key, part) {
					part0.at(uint32(at)).addTo(certain)
				}
			}
			part0.of(shortKey).addTo(unsure)
		case len(part) == 3:
			part0.of(triple(part)).addTo(certain)
		default:
			if first {
				g.words.with(part, func(word uint32) { part0.of(wordKey | word).addTo(sure) })
			}
			for _, row := range part0.intersect(part, len(part)-2) {
				if !sure.has(row) {
					rows = append(rows, row)
				}
			}
			for at := range part { // who has the rest of it in their domain
				if at > 0 && part[at] == '@' && p.domains.begins(part[at:]) {
					rows = append(rows, part0.intersect(part, min(at, len(part)-2))...)
				}
			}
		}
		for n, domain := range p.domains.texts {
			if bytes.Contains(domain, part) {
				part0.of(domainKey | uint32(n)).addTo(certain)
			}
		}
	}
	for i, moved := range g.moved {
		unsure[i] |= sure[i] & moved
		sure[i] &^= moved
	}
	unsure.each(func(row uint32) { rows = append(rows, row) })
	return few[personRow]{sure: sure, rows: append(rows, g.loose...)}, true
}

// has reports whether one or two bytes are part of a triple.
func has(triple uint32, part []byte) bool {
	a, b, c := byte(triple), byte(triple>>8), byte(triple>>16)
	if len(part) == 1 {
		return a == part[0] || b == part[0] || c == part[0]
	}
	return a == part[0] && b == part[1] || b == part[0] && c == part[1]
}

// begins reports whether one of the texts begins like that.
func (d *dictionary) begins(text []byte) bool {
	return slices.ContainsFunc(d.texts, func(t []byte) bool { return bytes.HasPrefix(t, text) })
}
