package roster

import (
	"bytes"
	"slices"
)

// words are the words of names that several people have. Whoever has a word that
// contains the searched text has the text, without a look at the record. The rows
// that the triples give may or may not have it, and to look at a hundred thousand
// of them is felt.
type words struct {
	text   []byte            // all words, with an edge in front of each and behind the last
	starts []uint32          // of each in text, ascending
	at     map[string]uint32 // number of each; only while the index is built
}

// mostWords is so many that they are a small part of the index. There are fewer
// different names in a company of a million.
const mostWords = 1 << 17

// eachWord calls f with the words of a name, each with the space behind it if
// there is one: so a text that ends with a space is found by words as well.
func eachWord(name []byte, f func(word []byte)) {
	for len(name) > 0 {
		end := bytes.IndexByte(name, ' ') + 1
		if end == 0 {
			end = len(name)
		}
		if end > 1 || name[0] != ' ' {
			f(name[:end])
		}
		name = name[end:]
	}
}

// wordEdge is between words. No text has this byte: it is not UTF-8.
const wordEdge = 0xFF

// newWords goes through all names.
func newWords(p *people) words {
	counts := map[string]uint32{}
	for i := range p.rows {
		eachWord(p.name(&p.rows[i]), func(word []byte) {
			switch n, known := counts[string(word)]; {
			case known:
				counts[string(word)] = n + 1
			case len(counts) < 8*mostWords:
				counts[string(word)] = 1
			}
		})
	}
	var shared []string
	for word, n := range counts {
		if n > 1 {
			shared = append(shared, word)
		}
	}
	slices.Sort(shared)
	w := words{at: map[string]uint32{}}
	for _, word := range shared[:min(len(shared), mostWords)] {
		w.at[word] = uint32(len(w.starts))
		w.starts = append(w.starts, uint32(len(w.text)))
		w.text = append(append(w.text, wordEdge), word...)
	}
	w.text = append(w.text, wordEdge)
	w.text, w.starts = slices.Clip(w.text), slices.Clip(w.starts)
	return w
}

// with calls f with the number of each word that has the part.
func (w *words) with(part []byte, f func(word uint32)) {
	if at := bytes.IndexByte(part, ' '); at >= 0 && at < len(part)-1 || bytes.IndexByte(part, wordEdge) >= 0 {
		return
	}
	for from := 0; ; {
		at := bytes.Index(w.text[from:], part)
		if at < 0 {
			return
		}
		at += from
		next, found := slices.BinarySearch(w.starts, uint32(at))
		if !found {
			next--
		}
		f(uint32(next))
		if next+1 == len(w.starts) {
			return
		}
		from = int(w.starts[next+1])
	}
}
