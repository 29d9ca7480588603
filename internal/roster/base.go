package roster

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
	if desc {
		return t.alongBack(p, base, set, n)
	}
	// Each row is written and counted only if it is in the set: whether it is
	// cannot be foreseen, and a processor that guesses wrong loses more time.
	rows := make([]uint32, n+1)
	at := 0
	for c, chunk := range base.chunks {
		if c%(8*paceRows/chunkSize) == 0 && p.stop() {
			return nil, p.err
		}
		for _, row := range chunk {
			rows[at] = row
			at += set.bit(row)
		}
	}
	return rows[:n:n], nil
}

// alongBack is along, descending.
func (t *table[R]) alongBack(p *pace, base *live[R], set rowSet, n int) ([]uint32, error) {
	rows, texts := make([]uint32, n+1), make([]uint32, n+1) // the n-th different text of the base
	at, text := 0, uint32(0)
	for c, chunk := range base.chunks {
		if c%(8*paceRows/chunkSize) == 0 && p.stop() {
			return nil, p.err
		}
		for _, row := range chunk {
			text += 1 - uint32(base.ties.bit(row))
			rows[at], texts[at] = row, text
			at += set.bit(row)
		}
	}
	end := at
	if base.n > 0 && len(base.text(&t.rows[base.at(base.n-1)])) == 0 {
		for end > 0 && texts[end-1] == text {
			end--
		}
	}
	out := make([]uint32, 0, n)
	for to := end; to > 0; {
		from := to - 1
		for from > 0 && texts[from-1] == texts[to-1] {
			from--
		}
		out = append(out, rows[from:to]...)
		to = from
	}
	return append(out, rows[end:at]...), nil
}
