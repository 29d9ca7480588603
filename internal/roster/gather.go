package roster

import (
	"math"
	"slices"
)

// gather copies the texts of a base: they are asked for again and again, in all
// orders, and lie closer together then.
func (w *sorter[R]) gather(rows []uint32) {
	text := w.s.textInto
	if text == nil {
		text = func(_ []byte, row *R) []byte { return w.s.text(row) }
	}
	w.ends, w.sizes = make([]uint32, len(w.t.rows)), make([]uint8, len(w.t.rows))
	var run []byte
	for i, row := range rows {
		if i%paceRows == 0 && w.p.stop() {
			return
		}
		run = text(run[:0:cap(run)], &w.t.rows[row])
		if i == paceRows { // what a slice leaves behind that grows is more than it holds
			w.texts = slices.Grow(w.texts, len(w.texts)/paceRows*(len(rows)-i)*17/16)
		}
		w.texts = append(w.texts, run...)
		w.ends[row], w.sizes[row] = uint32(len(w.texts)), uint8(min(len(run), math.MaxUint8))
		if w.s.textInto == nil {
			run = nil // it is not ours
		}
	}
}

func (w *sorter[R]) text(row uint32) []byte {
	if w.ends == nil || w.sizes[row] == math.MaxUint8 {
		return w.s.text(&w.t.rows[row])
	}
	return w.texts[w.ends[row]-uint32(w.sizes[row]) : w.ends[row]]
}
