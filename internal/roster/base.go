package roster

import "slices"

// A base is everybody in the ascending order of a text. It is made once, is
// never let go where making it would be felt, and knows who has the same text
// as the one before: so others are made from it without a look at a text.

// at gives the n-th row.
func (l *live[R]) at(n int) uint32 {
	c, at := l.chunkOf(n)
	return l.chunks[c][at]
}

// tie is told that a row is about to be put before the n-th.
func (l *live[R]) tie(rows []R, row uint32, n int) {
	if !l.isBase {
		return
	}
	l.ties = l.ties.grown(len(rows))
	l.ties.put(row, n > 0 && l.compareKeys(&rows[l.at(n-1)], &rows[row]) == 0)
	if n < l.n {
		next := l.at(n)
		l.ties.put(next, l.compareKeys(&rows[row], &rows[next]) == 0)
	}
}

// untie is told that a row, the n-th, is about to be taken out.
func (l *live[R]) untie(row uint32, n int) {
	if !l.isBase {
		return
	}
	if n+1 < l.n {
		next := l.at(n + 1)
		l.ties.put(next, l.ties.has(next) && l.ties.has(row))
	}
	l.ties.put(row, false)
}

// along gives the rows of a set in the order of the base. Descending, rows of
// the same text still come as they do ascending, and those without one last.
func (t *table[R]) along(p *pace, base *live[R], set rowSet, n int, desc bool) ([]uint32, error) {
	rows := make([]uint32, n)
	at := 0
	if !desc {
		for c, chunk := range base.chunks {
			if c%(8*paceRows/chunkSize) == 0 && p.stop() {
				return nil, p.err
			}
			for _, row := range chunk {
				if set.has(row) {
					rows[at] = row
					at++
				}
			}
		}
		return rows, nil
	}
	run, absent := 0, -1
	for c, chunk := range slices.Backward(base.chunks) {
		if c%(8*paceRows/chunkSize) == 0 && p.stop() {
			return nil, p.err
		}
		for _, row := range slices.Backward(chunk) {
			if set.has(row) {
				rows[at] = row
				at++
			}
			if base.ties.has(row) {
				continue
			}
			slices.Reverse(rows[run:at])
			if run = at; absent < 0 {
				absent = 0
				if len(base.text(&t.rows[row])) == 0 {
					absent = at
				}
			}
		}
	}
	if absent <= 0 {
		return rows, nil
	}
	return append(slices.Clone(rows[absent:]), rows[:absent]...), nil
}
