package roster

import (
	"cmp"
	"slices"
)

// recent is the rows that changed last, by log position, so that whoever follows
// the changes does not have all rows looked at.
type recent struct {
	changes []moved
	sorted  bool
	floor   int64 // all changes after it are there
}

type moved struct {
	at  int64
	row uint32
}

// mostRecent is how many changes are remembered at least, once there were as
// many.
const mostRecent = 4096

// add takes a row as it is now.
func (r *recent) add(at int64, row uint32) {
	if at <= r.floor {
		return
	}
	r.sorted = (len(r.changes) == 0 || r.sorted) && (len(r.changes) == 0 || r.changes[len(r.changes)-1].at <= at)
	r.changes = append(r.changes, moved{at, row})
	if len(r.changes) < 2*mostRecent {
		return
	}
	r.sort()
	r.floor = r.changes[len(r.changes)-mostRecent-1].at
	from, _ := slices.BinarySearchFunc(r.changes, r.floor+1, func(m moved, at int64) int { return cmp.Compare(m.at, at) })
	r.changes = append(r.changes[:0], r.changes[from:]...)
}

func (r *recent) sort() {
	if !r.sorted {
		slices.SortFunc(r.changes, func(a, b moved) int { return cmp.Compare(a.at, b.at) })
		r.sorted = true
	}
}

// after gives the rows that have changed since, some more than once; false if
// it does not go back so far. Whoever calls has the turn.
func (r *recent) after(since int64) ([]uint32, bool) {
	if since < r.floor {
		return nil, false
	}
	r.sort()
	from, _ := slices.BinarySearchFunc(r.changes, since, func(m moved, since int64) int {
		if m.at <= since {
			return -1
		}
		return 1
	})
	rows := make([]uint32, 0, len(r.changes)-from)
	for _, m := range r.changes[from:] {
		rows = append(rows, m.row)
	}
	return rows, true
}
