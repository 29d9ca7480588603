package v2

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/document/documenttest"
)

// What is spliced from fragments is the answer, byte for byte, whatever was
// asked for: of a cold cache, of a warm one, and without any that keeps. The
// last user has no personnel record.
func TestSplicedDocumentsAreTheAnswers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := documenttest.Draw(t)
		for _, cache := range []*document.Cache{document.NewCache(1 << 30), document.NewCache(0)} {
			for _, u := range w.Users {
				r := w.FullUser(u.ID)
				for _, expand := range subsets(AllExpands) {
					got := w.Splice(t, cache, Encoders(), document.Key{Kind: document.V2User, ID: int64(u.ID)}, Sections(expand))
					documenttest.Same(t, got, toWireUser(*r, expand).AppendJSON(nil))
				}
			}
		}
	})
}

// subsets lists every subset of a list.
func subsets[T any](all []T) [][]T {
	out := [][]T{nil}
	for _, v := range all {
		for _, s := range out {
			out = append(out, append(slices.Clone(s), v))
		}
	}
	return out
}

// A part without a section would be left out of every document.
func TestEveryPartHasASection(t *testing.T) {
	t.Parallel()
	if got := slices.Sorted(slices.Values(sections)); !slices.Equal(got, slices.Sorted(slices.Values(AllExpands))) {
		t.Errorf("sections of %v, parts are %v", got, AllExpands)
	}
	if len(subsets(AllExpands)) != 32 {
		t.Errorf("%d subsets of the parts are tested, want 32", len(subsets(AllExpands)))
	}
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
