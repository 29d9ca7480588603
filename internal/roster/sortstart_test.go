package roster

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// textRow is a row that is nothing but a text.
type textRow struct {
	id   int64
	text []byte
}

// Texts of one and two bytes, with zeros and the greatest byte at their ends,
// absent ones and very many equal ones come as they do when they are compared;
// and those that equal the one before them are known.
func TestManyTextsAreSortedByTheirStarts(t *testing.T) {
	t.Parallel()
	d := rand.New(rand.NewPCG(4, 4))
	letters := []byte{0, 'a', 'b', 0xFF}
	for _, desc := range []bool{false, true} {
		for _, longest := range []int{0, 1, 2, 3, 20} {
			rows := make([]textRow, startsFrom+1000)
			all := make([]uint32, len(rows))
			for i := range rows {
				rows[i].id = int64(i)
				all[i] = uint32(i)
				for range d.IntN(longest + 1) {
					rows[i].text = append(rows[i].text, letters[d.IntN(len(letters))])
				}
			}
			tab := &table[textRow]{rows: rows}
			s := &spec[textRow]{
				keys: keys[textRow]{text: func(r *textRow) []byte { return r.text }},
				id:   func(r *textRow) int64 { return r.id }, desc: desc,
			}
			want := slices.Clone(all)
			slices.SortFunc(want, func(a, b uint32) int {
				return cmp.Or(s.compareKeys(&rows[a], &rows[b]), cmp.Compare(a, b))
			})
			wantTies := newRowSet(len(rows))
			for i, row := range want[1:] {
				wantTies.put(row, s.compareKeys(&rows[want[i]], &rows[row]) == 0)
			}
			got, ties := slices.Clone(all), newRowSet(len(rows))
			tab.sortRows((&state{}).unhurried(), got, s, ties)
			if !slices.Equal(got, want) || !slices.Equal(ties, wantTies) {
				t.Errorf("up to %d bytes, descending %t: rows are right: %t, ties are right: %t",
					longest, desc, slices.Equal(got, want), slices.Equal(ties, wantTies))
			}
			without := slices.Clone(all)
			tab.sortRows((&state{}).unhurried(), without, s, nil)
			if !slices.Equal(without, want) {
				t.Errorf("up to %d bytes, descending %t, without ties: rows are wrong", longest, desc)
			}
		}
	}
}
