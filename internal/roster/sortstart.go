package roster

// starts is how many different starts a text has: two bytes. Behind them all is
// what is absent.
const (
	starts      = 1 << 16
	absentStart = starts
)

// startsFrom is how many rows are sorted by their starts first: the starts
// themselves take as long as some thousand rows.
const startsFrom = 1 << 13

// startOf gives the place of a text among all starts. Of two texts the lesser
// has never the greater one.
func startOf(text []byte, desc bool) uint32 {
	var start uint32
	switch len(text) {
	case 0:
		return absentStart
	case 1:
		start = uint32(text[0]) << 8
	default:
		start = uint32(text[0])<<8 | uint32(text[1])
	}
	if desc {
		return starts - 1 - start
	}
	return start
}

// byStart sorts rows by their text alone; they are in the order of their ids.
// Rows are first put together by how their texts start, and only those of one
// start become items at a time: these take eight times as much memory as the
// rows, and a few of them stay where the processor has them at hand.
func (w *sorter[R]) byStart(rows []uint32) {
	codes := make([]uint32, len(rows))
	ends := make([]uint32, starts+1) // for now where each start begins
	for i, row := range rows {
		if i%paceRows == 0 && w.p.stop() {
			return
		}
		codes[i] = startOf(w.text(row), w.s.desc)
		ends[codes[i]]++
	}
	sum, most := uint32(0), uint32(0)
	for start, n := range ends {
		ends[start] = sum
		sum += n
		if start != absentStart {
			most = max(most, n)
		}
	}
	sorted := make([]uint32, len(rows))
	for i, row := range rows {
		sorted[ends[codes[i]]] = row
		ends[codes[i]]++
	}
	copy(rows, sorted)
	w.spare = make([]item, most)
	items := make([]item, most)
	from := uint32(0)
	for start, end := range ends {
		if w.p.err != nil {
			return
		}
		some := rows[from:end]
		from = end
		if start == absentStart {
			w.tieAll(some)
			return
		}
		w.sortStart(some, items[:len(some)])
	}
}

// sortStart sorts rows whose texts start alike, with the help of as many items.
func (w *sorter[R]) sortStart(rows []uint32, items []item) {
	if len(rows) < 2 {
		return
	}
	for i, row := range rows {
		items[i] = item{0, row, uint32(i)}
	}
	w.byText(items)
	for i, it := range items {
		rows[i] = it.row
	}
}

// tieAll notes that all rows have the same text.
func (w *sorter[R]) tieAll(rows []uint32) {
	if w.ties == nil || len(rows) == 0 {
		return
	}
	for _, row := range rows[1:] {
		w.ties.set(row)
	}
}
