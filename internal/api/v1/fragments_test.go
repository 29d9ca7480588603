package v1

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/document/documenttest"
	"github.com/passmuster/passmuster/internal/workforce"
)

const enough = 1 << 30

// What is spliced from fragments is the answer, byte for byte: of a cold cache,
// of a warm one, and without any that keeps.
func TestSplicedDocumentsAreTheAnswers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := documenttest.Draw(t)
		for _, cache := range []*document.Cache{document.NewCache(enough), document.NewCache(0)} {
			splice := func(k document.Kind, at int, sections uint32) []byte {
				return w.Splice(t, cache, Encoders(), document.Key{Kind: k, ID: int64(at + 1)}, sections)
			}
			for range 2 {
				for at := range w.Personnel {
					r := w.FullPersonnel(at)
					documenttest.Same(t, splice(document.V1Personnel, at, PersonnelSections), toWirePersonnel(r).AppendJSON(nil))
					documenttest.Same(t, splice(document.V1Personnel, at, PersonnelListItemSections),
						toWirePersonnelListItem(r, w.Company).AppendJSON(nil))
				}
				for at, a := range w.Accounts {
					kind := document.V1Infrastructure
					if a.Kind == workforce.VersionControl {
						kind = document.V1VersionControl
					}
					documenttest.Same(t, splice(kind, 0, document.AllSections), toWireAccountOf(a.Kind, w.FullAccount(at)).AppendJSON(nil))
				}
			}
		}
	})
}

// When a connection changes, one fragment is dropped, and every document that
// nests the connection shows the change.
func TestChangeOfAConnectionIsSeenInEveryDocument(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := documenttest.Draw(t)
		cache := document.NewCache(enough)
		show := func(at int) []byte {
			key := document.Key{Kind: document.V1Personnel, ID: int64(at + 1)}
			return w.Splice(t, cache, Encoders(), key, PersonnelSections)
		}
		for at := range w.Personnel {
			show(at)
		}
		before, _, _, _ := cache.Stats()
		c := &w.Connections[0]
		c.ClientAlias = workforce.Ptr("renamed")
		c.UserID = workforce.Ptr(workforce.UserID(1))
		cache.Advance(2, []document.Changed{{Entity: document.Connection, ID: int64(c.ID), Seq: 2}}, false)
		if after, _, _, _ := cache.Stats(); before-after > 1 {
			t.Fatalf("%d fragments were dropped, want that of the connection alone", before-after)
		}
		for at := range w.Personnel {
			documenttest.Same(t, show(at), toWirePersonnel(w.FullPersonnel(at)).AppendJSON(nil))
		}
	})
}

// Marks are zero bytes, so that no answer may have one.
func TestAnswersHaveNoZeroByte(t *testing.T) {
	t.Parallel()
	for _, a := range answers() {
		rapid.Check(t, func(t *rapid.T) {
			if doc := a.random(t).AppendJSON(nil); bytes.IndexByte(doc, 0) >= 0 {
				t.Fatalf("%s has a zero byte: %q", a.name, doc)
			}
		})
	}
}

// BenchmarkFragments is what a cold read adds to reading: the fragments of a
// user and of a personnel record, encoded and parsed.
func BenchmarkFragments(b *testing.B) {
	r := apitest.Full[workforce.PersonnelRecord]()
	withActiveDevice(&r)
	r.Checks = slices.Repeat(r.Checks, len(workforce.AllCheckTypes))
	r.User.Identities = slices.Repeat(r.User.Identities, 3)
	e := Encoders()
	var text []byte
	b.Run("user", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			text = e.Users[document.V1User](text[:0], *r.User, nil)
			document.Parse(text)
		}
	})
	b.Run("personnel", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			text = e.Personnel[document.V1Personnel](text[:0], r)
			document.Parse(text)
		}
	})
}
