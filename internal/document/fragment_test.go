package document

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// piece is what a random fragment is written of.
type piece struct {
	text    string
	section int
	hole    *Key
}

func drawPieces(t *rapid.T) []piece {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) piece {
		p := piece{text: rapid.StringMatching(`[a-z{}",]{0,5}`).Draw(t, "text"), section: rapid.IntRange(0, 4).Draw(t, "section")}
		if rapid.Bool().Draw(t, "hole") {
			p.hole = &Key{rapid.SampledFrom(AllKinds).Draw(t, "kind"), rapid.Int64().Draw(t, "id")}
		}
		return p
	}), 0, 8).Draw(t, "pieces")
}

// What is written with marks is shown as it would be without: the text of the
// sections that were asked for, with the fragments in their holes.
func TestSplicingIsConcatenation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pieces := drawPieces(t)
		mask := rapid.Uint32Range(0, 31).Draw(t, "sections")
		var encoded []byte
		var want strings.Builder
		extra := map[Key]*Fragment{}
		top := Key{V1Personnel, math.MinInt64}
		section := 0
		for _, p := range pieces {
			if p.section != section {
				section = p.section
				encoded = AppendSection(encoded, section)
			}
			encoded = append(encoded, p.text...)
			shown := section == 0 || mask&(1<<section) != 0
			if shown {
				want.WriteString(p.text)
			}
			if p.hole == nil || *p.hole == top {
				continue
			}
			encoded = AppendHole(encoded, p.hole.Kind, p.hole.ID)
			// In a hole, all sections are shown.
			extra[*p.hole] = Parse(append(AppendSection([]byte("<in"), 3), "ner>"...))
			if shown {
				want.WriteString("<inner>")
			}
		}
		extra[top] = Parse(encoded)
		clear(encoded) // a fragment has bytes of its own
		d := New()
		d.Text([]byte("before "))
		var none *Cache
		if missing := none.Resolve(d, top, mask, extra); len(missing) > 0 {
			t.Fatalf("missing %v", missing)
		}
		got := d.AppendJSON([]byte("start "))
		if string(got) != "start before "+want.String() || d.Len() != len(got)-len("start ") {
			t.Fatalf("got %q of length %d, want %q", got, d.Len(), want.String())
		}
		d.Reset()
		if d.Len() != 0 || len(d.AppendJSON(nil)) != 0 {
			t.Fatal("a reset document is not empty")
		}
	})
}

func TestSections(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		numbers []int
		want    uint32
	}{
		{nil, 1}, {[]int{0}, 1}, {[]int{1}, 3}, {[]int{1, 5}, 0b100011}, {[]int{31}, 1<<31 | 1},
	} {
		if got := Sections(c.numbers...); got != c.want {
			t.Errorf("%v: got %b, want %b", c.numbers, got, c.want)
		}
	}
}

// A zero byte that is no mark would reach a client.
func TestParseRefusesStrayZeroBytes(t *testing.T) {
	t.Parallel()
	hole := AppendHole([]byte("a"), V1User, 7)
	for name, encoded := range map[string][]byte{
		"alone":              {0},
		"in text":            []byte("a\x00b and more text than a mark has"),
		"cut hole":           hole[:len(hole)-1],
		"hole of no kind":    append([]byte{0, markHole, byte(kindCount)}, hole[4:]...),
		"section too far":    {0, markSection, maxSections},
		"cut section":        {0, markSection},
		"after a whole mark": append(bytes.Clone(hole), 0),
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: parsed", name)
				}
			}()
			Parse(encoded)
		}()
	}
}

// Arguments of a mark may be zero bytes, or look like a mark.
func TestMarksAreReadFromLeftToRight(t *testing.T) {
	t.Parallel()
	for _, id := range []int64{0, 1, -1, math.MaxInt64, math.MinInt64, 0x00680068_00730073} {
		top, key := Key{V1User, 5}, Key{V1Personnel, id}
		extra := map[Key]*Fragment{top: Parse(AppendHole(AppendSection(nil, 0), key.Kind, key.ID)), key: Parse([]byte("x"))}
		d := New()
		var none *Cache
		if missing := none.Resolve(d, top, 0, extra); len(missing) > 0 || string(d.AppendJSON(nil)) != "x" {
			t.Errorf("id %d: missing %v, document %q", id, missing, d.AppendJSON(nil))
		}
	}
}

// Each missing key is returned once, also of fragments further on.
func TestMissingKeysAreNamedOnce(t *testing.T) {
	t.Parallel()
	text := AppendHole(nil, V1User, 1)
	text = AppendHole(text, V1User, 2)
	text = AppendHole(text, V1User, 1)
	top := Key{V1Personnel, 9}
	c := NewCache(1 << 20)
	d := New()
	if missing := c.Resolve(d, top, 1, nil); len(missing) != 1 || missing[0] != top {
		t.Errorf("missing %v of an empty cache", missing)
	}
	c.Put(1, top, Parse(text))
	if missing := c.Resolve(d, top, 1, nil); len(missing) != 2 || missing[0] != (Key{V1User, 1}) || missing[1] != (Key{V1User, 2}) {
		t.Errorf("missing %v", missing)
	}
	fragments, _, hits, misses := c.Stats()
	if fragments != 1 || hits != 1 || misses != 3 {
		t.Errorf("%d fragments, %d hits, %d misses, want 1, 1 and 3", fragments, hits, misses)
	}
}

func TestFragmentsThatStandInThemselvesAreFound(t *testing.T) {
	t.Parallel()
	key := Key{V1User, 1}
	c := NewCache(1 << 20)
	c.Put(1, key, Parse(AppendHole(nil, key.Kind, key.ID)))
	func() {
		defer func() {
			if recover() == nil {
				t.Error("resolved")
			}
		}()
		c.Resolve(New(), key, 1, nil)
	}()
	c.Advance(2, []Changed{{User, 1, 2}}, false) // the lock was let go
	if n, _, _, _ := c.Stats(); n != 0 {
		t.Errorf("%d fragments left", n)
	}
}
