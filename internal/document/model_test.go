package document

import (
	"strconv"
	"strings"

	"pgregory.net/rapid"
)

// model is a company of three users with a personnel record each, in which the
// fragment of the personnel record nests that of the user. A fragment shows the
// last change of its record when it was read, so that the model can tell from a
// document what it is made of.
type model struct {
	cache    *Cache
	head     int64              // of the log
	written  map[record][]int64 // where each record changed, ascending
	told     map[record]int64   // the last change that the cache was told of
	position int64              // up to where it was told
	floor    int64              // before which it was told that anything changed
	reads    []*modelRead       // on their way to the cache
}

// modelRead is one fragment that was read.
type modelRead struct {
	asOf     int64
	key      Key
	fragment *Fragment
	put      bool
}

var modelKeys = []Key{{V1Personnel, 1}, {V1Personnel, 2}, {V1Personnel, 3}, {V1User, 1}, {V1User, 2}, {V1User, 3}}

func drawKey(t *rapid.T) Key { return rapid.SampledFrom(modelKeys).Draw(t, "key") }

// version is the last change of a record at a position.
func (m *model) version(r record, at int64) int64 {
	last := int64(0)
	for _, seq := range m.written[r] {
		if seq <= at {
			last = seq
		}
	}
	return last
}

func (m *model) write(t *rapid.T) {
	m.head++
	r := drawKey(t).record()
	m.written[r] = append(m.written[r], m.head)
}

// read takes a snapshot of the head and reads some records in it.
func (m *model) read(t *rapid.T) {
	for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom(modelKeys), 1, 4, rapid.ID[Key]).Draw(t, "keys") {
		text := strconv.AppendInt(nil, m.version(key.record(), m.head), 10)
		if key.Kind == V1Personnel {
			text = AppendHole(append(text, ' '), V1User, key.ID)
		}
		m.reads = append(m.reads, &modelRead{asOf: m.head, key: key, fragment: Parse(text)})
	}
}

// put offers what was read, in any order and however late.
func (m *model) put(t *rapid.T) {
	if len(m.reads) == 0 {
		return
	}
	r := rapid.SampledFrom(m.reads).Draw(t, "read")
	if r.put {
		return
	}
	r.put = true
	m.cache.Put(r.asOf, r.key, r.fragment)
	if m.cache.maxBytes < 1<<20 || r.asOf < m.told[r.key.record()] || r.asOf < m.cache.changes.floor {
		return
	}
	if e := m.cache.kept[r.key.Kind][r.key.ID]; e == nil || e.asOf < r.asOf {
		t.Fatalf("%v as of %d was not kept although nothing is known to have changed", r.key, r.asOf)
	}
}

func (m *model) advance(t *rapid.T) {
	seq := rapid.Int64Range(m.position, m.head).Draw(t, "up to")
	all := rapid.IntRange(0, 9).Draw(t, "all") == 0
	var changed []Changed
	for at := m.position + 1; at <= seq; at++ {
		for r, seqs := range m.written {
			for _, s := range seqs {
				if s == at {
					m.told[r] = at
					changed = append(changed, Changed{r.entity, r.id, at})
				}
			}
		}
	}
	if all { // the follower does not say what
		changed = nil
		m.floor = seq
	}
	m.position = seq
	m.cache.Advance(seq, changed, all)
}

// resolve looks at a document, of the cache alone or with what is on its way.
func (m *model) resolve(t *rapid.T) {
	key := drawKey(t)
	extra := map[Key]*Fragment{}
	if rapid.Bool().Draw(t, "with extra") {
		for _, r := range m.reads {
			if r.put {
				extra[r.key] = r.fragment
			}
		}
	}
	d := New()
	if len(m.cache.Resolve(d, key, 1, extra)) > 0 {
		return
	}
	shown := strings.Fields(string(d.AppendJSON(nil)))
	records := []record{key.record()}
	if key.Kind == V1Personnel {
		records = append(records, record{User, key.ID})
	}
	for i, text := range shown {
		if len(extra) > 0 {
			break // a reader may be behind what the cache knows; what it sees must go together
		}
		version, err := strconv.ParseInt(text, 10, 64)
		if err != nil || version < m.told[records[i]] {
			t.Fatalf("%v shows %s of %v, but the cache was told of a change at %d", key, text, records[i], m.told[records[i]])
		}
	}
	if d.OneMoment() && !m.together(records, shown) {
		t.Fatalf("%v shows %v of %v, which were never true together", key, shown, records)
	}
}

// together reports whether the records looked so at one position of the log.
func (m *model) together(records []record, shown []string) bool {
	for at := int64(0); at <= m.head; at++ {
		same := true
		for i, r := range records {
			same = same && strconv.FormatInt(m.version(r, at), 10) == shown[i]
		}
		if same {
			return true
		}
	}
	return false
}

// check holds after every step.
func (m *model) check(t *rapid.T) {
	bytes, entries := int64(0), 0
	for _, byID := range m.cache.kept {
		for _, e := range byID {
			if e.asOf < m.told[e.key.record()] {
				t.Fatalf("%v as of %d is kept, but the cache was told of a change at %d", e.key, e.asOf, m.told[e.key.record()])
			}
			if m.cache.clock[e.slot] != e {
				t.Fatalf("%v is not in its slot", e.key)
			}
			bytes += perEntry + e.size()
			entries++
		}
	}
	if n, counted, _, _ := m.cache.Stats(); n != entries || counted != bytes || counted > m.cache.maxBytes {
		t.Fatalf("%d fragments of %d bytes are counted, %d of %d are kept, %d may be", n, counted, entries, bytes, m.cache.maxBytes)
	}
	if len(m.cache.changes.queue) > m.cache.changes.most || len(m.cache.changes.last) > m.cache.changes.most {
		t.Fatalf("%d changes are remembered, want %d at most", len(m.cache.changes.last), m.cache.changes.most)
	}
	if m.cache.Position() != m.position {
		t.Fatalf("position %d, want %d", m.cache.Position(), m.position)
	}
}
