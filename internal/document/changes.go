package document

// changes remembers which records changed lately and where in the log: what was
// read before must not be served after. It is bounded; what is too old to be
// remembered one by one raises the floor, before which everything may have
// changed.
type changes struct {
	last  map[record]int64 // the last change of a record
	queue []change         // ring of what is in last, the oldest at start
	start int
	most  int
	floor int64
}

type change struct {
	record record
	seq    int64
}

func newChanges(most int) changes {
	return changes{last: map[record]int64{}, most: most}
}

// since reports whether the record is known to have changed after the position,
// or may have.
func (c *changes) since(r record, asOf int64) bool {
	return asOf < c.floor || asOf < c.last[r]
}

// add remembers a change.
func (c *changes) add(r record, seq int64) {
	if seq <= c.floor || seq <= c.last[r] {
		return
	}
	c.last[r] = seq
	if len(c.queue) < c.most {
		c.queue = append(c.queue, change{r, seq})
		return
	}
	old := c.queue[c.start]
	// A record that changed again stands further behind as well.
	if c.last[old.record] == old.seq {
		delete(c.last, old.record)
		c.floor = max(c.floor, old.seq)
	}
	c.queue[c.start] = change{r, seq}
	c.start = (c.start + 1) % c.most
}

// forget takes everything before the position for changed.
func (c *changes) forget(seq int64) {
	if seq <= c.floor {
		return
	}
	for r, last := range c.last {
		if last <= seq {
			delete(c.last, r)
		}
	}
	c.floor = seq
}
