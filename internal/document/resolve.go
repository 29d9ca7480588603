package document

import "slices"

// maxDepth is far deeper than any answer nests (an account, its connection, the
// user of it, their identity's connection, its user). Beyond it, an encoder has
// made fragments that stand in themselves.
const maxDepth = 8

// Resolve adds the document of the key to d. It shows the sections of the set,
// and all sections of the fragments in its holes. What is neither in the cache
// nor in extra is returned, each key once, and d is then of no use. What is in
// extra is taken even if its record is known to have changed since: a reader
// inside an old snapshot could not do better. [Document.OneMoment] tells whether
// it goes with the rest.
//
// A nil cache resolves from extra alone: that is how a document that is changed
// faster than it can be read is still made of one snapshot.
func (c *Cache) Resolve(d *Document, key Key, sections uint32, extra map[Key]*Fragment) (missing []Key) {
	s := splice{cache: c, document: d, extra: extra}
	if c == nil {
		s.add(key, sections|1, 0)
		return s.missing
	}
	c.lock.RLock()
	defer c.lock.RUnlock()
	s.add(key, sections|1, 0)
	if extra == nil { // else the same misses would count twice
		c.hits.Add(s.hits)
		if n := len(s.missing); n > 0 {
			c.misses.Add(uint64(n))
		}
	}
	return s.missing
}

// splice is one document being made.
type splice struct {
	cache    *Cache
	document *Document
	extra    map[Key]*Fragment
	missing  []Key
	hits     uint64
}

func (s *splice) add(key Key, sections uint32, depth int) {
	if depth > maxDepth {
		panic("document: fragments nest deeper than any answer does")
	}
	f := s.find(key)
	if f == nil {
		if !slices.Contains(s.missing, key) {
			s.missing = append(s.missing, key)
		}
		return
	}
	for i := range f.parts {
		p := &f.parts[i]
		if sections&(1<<p.section) == 0 {
			continue
		}
		if p.end > p.start {
			s.document.Text(f.text[p.start:p.end:p.end])
		}
		if p.hole {
			s.add(Key{p.kind, p.id}, AllSections, depth+1)
		}
	}
}

// find gives a fragment, and notes at which positions it was true.
func (s *splice) find(key Key) *Fragment {
	c := s.cache
	if c != nil {
		if e := c.kept[key.Kind][key.ID]; e != nil {
			s.hits++
			// To be found again with what was just read and put is no second use.
			// A store where nothing changes would slow the other readers down.
			if s.extra == nil && !e.used.Load() {
				e.used.Store(true)
			}
			s.document.note(e.asOf, max(e.asOf, c.position))
			return &e.Fragment
		}
	}
	f := s.extra[key]
	switch {
	case f == nil:
		return nil
	case c == nil || f.asOf == notPut || c.changes.since(key.record(), f.asOf):
		s.document.note(f.asOf, f.asOf)
	default:
		s.document.note(f.asOf, max(f.asOf, c.position))
	}
	return f
}
