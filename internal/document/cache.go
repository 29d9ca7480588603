package document

import (
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Cache keeps fragments, up to a number of bytes, and drops those that are out
// of date. It is safe for many goroutines. A document that is all there is made
// under the read half of one lock: it writes nothing but marks of use, and sees
// all fragments at one moment. Several locks for parts of the cache would be
// cheaper to take and would lose that.
//
// When the cache is full, fragments that were not used since the last round of
// the clock make room (second chance).
type Cache struct {
	maxBytes int64

	lock     sync.RWMutex                // guards all below but the counts
	kept     [kindCount]map[int64]*entry // by kind and id
	clock    []*entry                    // every entry, at its slot
	hand     int                         // of the clock
	bytes    int64                       // of the entries
	changes  changes                     // what is known to have changed lately
	position int64                       // up to where the log was followed

	hits, misses atomic.Uint64
}

// entry is a fragment that is kept.
type entry struct {
	Fragment
	key  Key
	slot int
	used atomic.Bool // since the hand came by
}

// remembered is how many changes the cache knows one by one. Of what changed
// before those it knows only that it changed by then.
const remembered = 8192

// perEntry is what an entry takes beside its fragment: itself, its place in a
// map and its slot. A place in a map is a key, a pointer and a byte of control;
// maps double, and so does the clock, so that two thirds of them are filled.
const perEntry = int64(unsafe.Sizeof(entry{})) + (8+8+1)*3/2 + 8*3/2

// NewCache gives a cache that keeps fragments of so many bytes at most, with
// what it needs to find them. Beside them, it remembers changes in less than a
// megabyte. With 0 it keeps nothing.
func NewCache(maxBytes int64) *Cache { return newCache(maxBytes, remembered) }

func newCache(maxBytes int64, remember int) *Cache {
	c := &Cache{maxBytes: maxBytes, changes: newChanges(remember)}
	for k := range c.kept {
		c.kept[k] = map[int64]*entry{}
	}
	return c
}

// Put offers a fragment that was read in a snapshot of the store whose position
// in the log was asOf. It is kept only if its record is not known to have
// changed after asOf, and if there is none that was read later. A fragment that
// was read ahead of the log's followed part may be offered, too. A fragment is
// put once, before it is shared with other goroutines.
func (c *Cache) Put(asOf int64, key Key, f *Fragment) {
	f.asOf = asOf
	size := perEntry + f.size()
	c.lock.Lock()
	defer c.lock.Unlock()
	if size > c.maxBytes || c.changes.since(key.record(), asOf) {
		return
	}
	if old := c.kept[key.Kind][key.ID]; old != nil {
		if old.asOf >= asOf {
			return
		}
		c.drop(old)
	}
	c.makeRoom(size)
	e := &entry{Fragment: *f, key: key, slot: len(c.clock)}
	c.kept[key.Kind][key.ID] = e
	c.clock = append(c.clock, e)
	c.bytes += size
}

// Changed is a change that the log has of a record: which, and where in the log.
type Changed struct {
	Entity Entity
	ID     int64
	Seq    int64
}

// Advance tells the cache that the log has been followed up to seq, and what
// has changed on the way. Fragments of these records are dropped if they were
// read before the change, and no such fragment is kept from now on. With all,
// anything may have changed: whatever was read before seq is dropped. Positions
// that were passed already change nothing but what they say of records.
func (c *Cache) Advance(seq int64, changed []Changed, all bool) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.position = max(c.position, seq)
	if all {
		c.changes.forget(seq)
		for _, e := range slices.Backward(c.clock) { // what takes a slot was looked at
			if e.asOf < seq {
				c.drop(e)
			}
		}
	}
	for _, ch := range changed {
		c.changes.add(record{ch.Entity, ch.ID}, ch.Seq)
		for _, k := range ch.Entity.Kinds() {
			if e := c.kept[k][ch.ID]; e != nil && e.asOf < ch.Seq {
				c.drop(e)
			}
		}
	}
}

// Position is up to where the log has been followed.
func (c *Cache) Position() int64 {
	c.lock.RLock()
	defer c.lock.RUnlock()
	return c.position
}

// Stats counts the fragments that are kept and their bytes, and how often a
// fragment was found and not found since the cache was made. What is looked for
// again with extra does not count.
func (c *Cache) Stats() (fragments int, bytes int64, hits, misses uint64) {
	c.lock.RLock()
	defer c.lock.RUnlock()
	return len(c.clock), c.bytes, c.hits.Load(), c.misses.Load()
}

// makeRoom drops entries until there are so many bytes free.
func (c *Cache) makeRoom(size int64) {
	for c.bytes+size > c.maxBytes {
		if c.hand >= len(c.clock) {
			c.hand = 0
		}
		e := c.clock[c.hand]
		if !e.used.Swap(false) {
			c.drop(e)
		}
		c.hand++ // past the entry that took the slot, too: it is likely the newest
	}
}

// drop removes an entry. The last entry of the clock takes its slot.
func (c *Cache) drop(e *entry) {
	delete(c.kept[e.key.Kind], e.key.ID)
	last := len(c.clock) - 1
	c.clock[e.slot] = c.clock[last]
	c.clock[e.slot].slot = e.slot
	c.clock[last] = nil
	c.clock = c.clock[:last]
	c.bytes -= perEntry + e.size()
}
