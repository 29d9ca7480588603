package document

import (
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// A fragment of the tests holds the position at which it was read: what it
// shows tells how old it is.
func readAt(asOf int64) *Fragment { return Parse(strconv.AppendInt(nil, asOf, 10)) }

func shown(c *Cache, key Key, extra map[Key]*Fragment) (asOf int64, found bool) {
	d := New()
	defer d.Free()
	if len(c.Resolve(d, key, 1, extra)) > 0 {
		return 0, false
	}
	asOf, err := strconv.ParseInt(string(d.AppendJSON(nil)), 10, 64)
	return asOf, err == nil
}

func TestPutAndAdvance(t *testing.T) {
	t.Parallel()
	key := Key{V1User, 1}
	user := func(seq int64) []Changed { return []Changed{{User, 1, seq}} }
	for name, c := range map[string]struct {
		steps func(*Cache)
		want  int64 // 0: nothing is served
	}{
		"kept":                        {func(c *Cache) { c.Put(5, key, readAt(5)) }, 5},
		"changed after":               {func(c *Cache) { c.Put(5, key, readAt(5)); c.Advance(6, user(6), false) }, 0},
		"changed before":              {func(c *Cache) { c.Put(5, key, readAt(5)); c.Advance(6, user(5), false) }, 5},
		"somebody else changed":       {func(c *Cache) { c.Put(5, key, readAt(5)); c.Advance(6, []Changed{{User, 2, 6}}, false) }, 5},
		"something else changed":      {func(c *Cache) { c.Put(5, key, readAt(5)); c.Advance(6, []Changed{{Personnel, 1, 6}}, false) }, 5},
		"late":                        {func(c *Cache) { c.Advance(6, user(6), false); c.Put(5, key, readAt(5)) }, 0},
		"late, of an unchanged":       {func(c *Cache) { c.Advance(6, nil, false); c.Put(5, key, readAt(5)) }, 5},
		"ahead":                       {func(c *Cache) { c.Put(9, key, readAt(9)); c.Advance(8, user(8), false) }, 9},
		"ahead, and changed":          {func(c *Cache) { c.Put(9, key, readAt(9)); c.Advance(12, user(12), false) }, 0},
		"the newer of two":            {func(c *Cache) { c.Put(9, key, readAt(9)); c.Put(5, key, readAt(5)) }, 9},
		"a newer one":                 {func(c *Cache) { c.Put(5, key, readAt(5)); c.Put(9, key, readAt(9)) }, 9},
		"the newer survives":          {func(c *Cache) { c.Put(5, key, readAt(5)); c.Put(9, key, readAt(9)); c.Advance(8, user(8), false) }, 9},
		"everything changed":          {func(c *Cache) { c.Put(5, key, readAt(5)); c.Advance(6, nil, true) }, 0},
		"everything changed before":   {func(c *Cache) { c.Put(6, key, readAt(6)); c.Advance(6, nil, true) }, 6},
		"late, everything changed":    {func(c *Cache) { c.Advance(6, nil, true); c.Put(5, key, readAt(5)) }, 0},
		"all, then a change before":   {func(c *Cache) { c.Advance(6, user(3), true); c.Put(6, key, readAt(6)) }, 6},
		"forgotten among many others": {func(c *Cache) { crowd(c, 20, user(6)); c.Put(5, key, readAt(5)) }, 0},
		"after many others":           {func(c *Cache) { crowd(c, 20, user(6)); c.Put(26, key, readAt(26)) }, 26},
		"log told twice":              {func(c *Cache) { c.Advance(6, user(6), false); c.Put(7, key, readAt(7)); c.Advance(6, user(6), false) }, 7},
		"too large":                   {func(c *Cache) { c.Put(5, key, Parse(make100k())) }, 0},
	} {
		cache := newCache(10_000, 4)
		c.steps(cache)
		if got, _ := shown(cache, key, nil); got != c.want {
			t.Errorf("%s: what was read at %d is served, want %d", name, got, c.want)
		}
	}
}

func crowd(c *Cache, n int64, first []Changed) {
	c.Advance(first[0].Seq, first, false)
	for i := range n {
		seq := first[0].Seq + 1 + i
		c.Advance(seq, []Changed{{User, 100 + i, seq}}, false)
	}
}

func make100k() []byte { return fmt.Appendf(nil, "%0100000d", 5) }

// A reader inside a snapshot gets on with what it has read, however old that is:
// to name it missing would make the reader read the same again, forever.
func TestExtraIsAlwaysTaken(t *testing.T) {
	t.Parallel()
	key := Key{V1User, 1}
	for name, advance := range map[string]func(*Cache){
		"changed since": func(c *Cache) { c.Advance(6, []Changed{{User, 1, 6}}, false) },
		"all changed":   func(c *Cache) { c.Advance(6, nil, true) },
		"forgotten":     func(c *Cache) { crowd(c, 20, []Changed{{User, 2, 6}}) },
	} {
		c := newCache(1<<20, 4)
		advance(c)
		extra := map[Key]*Fragment{key: readAt(5)}
		c.Put(5, key, extra[key])
		if _, found := shown(c, key, nil); found {
			t.Errorf("%s: the cache serves it", name)
		}
		if asOf, found := shown(c, key, extra); !found || asOf != 5 {
			t.Errorf("%s: extra is not taken", name)
		}
	}
}

// When the cache is full, what is in use stays.
func TestSecondChance(t *testing.T) {
	t.Parallel()
	const places = 100
	one := readAt(1)
	c := NewCache(places * (perEntry + one.size()))
	hot := func(i int) Key { return Key{V1User, int64(i % 20)} }
	for i := range 20 {
		c.Put(1, hot(i), readAt(1))
	}
	for i := range 10 * places {
		for j := range 20 {
			if _, found := shown(c, hot(j), nil); !found {
				t.Fatalf("after %d others, fragment %d was dropped though it is in use", i, j)
			}
		}
		fresh := Key{V1Stub, int64(i)}
		c.Put(1, fresh, readAt(1))
		if _, found := shown(c, fresh, map[Key]*Fragment{}); !found {
			t.Fatalf("fragment %d was not kept", i)
		}
		if n, bytes, _, _ := c.Stats(); n > places || bytes > c.maxBytes {
			t.Fatalf("%d fragments of %d bytes are kept, want %d of %d at most", n, bytes, places, c.maxBytes)
		}
	}
}

// The bytes that the cache counts are those that the program spends.
//
//nolint:paralleltest // measures the heap, which all tests share
func TestBytesAreCounted(t *testing.T) {
	for _, length := range []int{20, 700, 5000} {
		heap := func() int64 {
			runtime.GC()
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return int64(m.HeapAlloc)
		}
		before := heap()
		c := NewCache(1 << 40)
		for i := range 5_000 {
			text := fmt.Appendf(nil, "%0*d", length, i)
			for j := range 3 {
				text = AppendHole(text, V1Stub, int64(j))
			}
			c.Put(1, Key{V1User, int64(i)}, Parse(text))
		}
		spent := heap() - before
		_, counted, _, _ := c.Stats()
		if ratio := float64(counted) / float64(spent); ratio < 0.9 || ratio > 1.25 {
			t.Errorf("fragments of %d bytes: %d bytes are counted and %d spent", length, counted, spent)
		}
		runtime.KeepAlive(c)
	}
}

// Readers, writers and the follower of the log at once: nobody is ever shown
// what the cache knows to be out of date.
func TestNothingOutOfDateIsServed(t *testing.T) {
	t.Parallel()
	const users, rounds, readers = 8, 3000, 4
	c := newCache(60*perEntry, 16)
	var log struct {
		sync.RWMutex
		head int64
	}
	var told [users]struct {
		sync.RWMutex
		seq int64
	}
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			for i := range rounds {
				key := Key{V1User, int64(i % users)}
				told := &told[i%users]
				told.RLock()
				least := told.seq
				told.RUnlock()
				asOf, found := shown(c, key, nil)
				if found && asOf < least {
					t.Errorf("user %d is shown as of %d after the cache was told of a change at %d", key.ID, asOf, least)
				}
				if !found {
					log.RLock()
					asOf := log.head
					log.RUnlock()
					c.Put(asOf, key, readAt(asOf))
				}
			}
		})
	}
	wg.Go(func() {
		for i := range int64(rounds) {
			user := i * 7 % users
			log.Lock()
			log.head++
			seq := log.head
			log.Unlock()
			c.Advance(seq, []Changed{{User, user, seq}}, i%100 == 99)
			told[user].Lock()
			told[user].seq = seq
			told[user].Unlock()
		}
	})
	wg.Wait()
}

func TestOneMoment(t *testing.T) {
	t.Parallel()
	top, inner := Key{V1Personnel, 1}, Key{V1User, 1}
	outer := func() *Fragment { return Parse(AppendHole([]byte("a"), inner.Kind, inner.ID)) }
	for name, c := range map[string]struct {
		steps func(*Cache) (extra map[Key]*Fragment)
		want  bool
	}{
		"both followed": {func(c *Cache) map[Key]*Fragment {
			c.Advance(5, nil, false)
			c.Put(3, top, outer())
			c.Put(5, inner, readAt(5))
			return nil
		}, true},
		"read at once": {func(c *Cache) map[Key]*Fragment {
			c.Put(9, top, outer())
			c.Put(9, inner, readAt(9))
			return nil
		}, true},
		"one ahead": {func(c *Cache) map[Key]*Fragment {
			c.Advance(5, nil, false)
			c.Put(5, top, outer())
			c.Put(6, inner, readAt(6))
			return nil
		}, false},
		"nobody knows": {func(c *Cache) map[Key]*Fragment {
			c.Advance(5, nil, false)
			c.Put(5, top, outer())
			return map[Key]*Fragment{inner: readAt(5)}
		}, false},
		"extra, and followed": {func(c *Cache) map[Key]*Fragment {
			c.Put(5, top, outer())
			extra := map[Key]*Fragment{inner: readAt(7)}
			c.Put(7, inner, extra[inner])
			c.Advance(9, []Changed{{User, 1, 8}}, false)
			return extra
		}, true},
		"extra, of before": {func(c *Cache) map[Key]*Fragment {
			extra := map[Key]*Fragment{inner: readAt(7)}
			c.Put(7, inner, extra[inner])
			c.Advance(9, []Changed{{User, 1, 8}}, false)
			c.Put(9, top, outer())
			return extra
		}, false},
		"never put": {func(*Cache) map[Key]*Fragment {
			return map[Key]*Fragment{top: outer(), inner: readAt(5)}
		}, true},
	} {
		cache := NewCache(1 << 20)
		extra := c.steps(cache)
		d := New()
		if missing := cache.Resolve(d, top, 1, extra); len(missing) > 0 || d.OneMoment() != c.want {
			t.Errorf("%s: missing %v, one moment %v", name, missing, d.OneMoment())
		}
	}

	// A page is of one moment if nothing in it was read after the first item.
	cache := NewCache(1 << 20)
	cache.Advance(5, nil, false)
	for id := range int64(3) {
		cache.Put(5, Key{V1Stub, id}, readAt(5))
	}
	page := New()
	cache.Resolve(page, Key{V1Stub, 0}, 1, nil)
	cache.Advance(7, []Changed{{User, 2, 7}}, false)
	cache.Resolve(page, Key{V1Stub, 1}, 1, nil)
	if !page.OneMoment() {
		t.Error("what did not change makes two moments")
	}
	cache.Put(7, Key{V1Stub, 2}, readAt(7))
	cache.Resolve(page, Key{V1Stub, 2}, 1, nil)
	if page.OneMoment() {
		t.Error("what changed between two items is not noticed")
	}
}

// Every interleaving of writes, snapshots, puts and followed logs against a
// model that remembers everything.
func TestCacheAgainstAModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := &model{
			cache:   newCache(rapid.SampledFrom([]int64{0, 5 * perEntry, 1 << 20}).Draw(t, "bytes"), rapid.IntRange(1, 6).Draw(t, "remember")),
			written: map[record][]int64{},
			told:    map[record]int64{},
		}
		t.Repeat(map[string]func(*rapid.T){
			"write":   m.write,
			"read":    m.read,
			"put":     m.put,
			"advance": m.advance,
			"resolve": m.resolve,
			"":        m.check,
		})
	})
}
