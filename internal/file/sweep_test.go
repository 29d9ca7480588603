package file_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/file"
)

// only tells that just these contents are in use.
func only(hashes ...string) func(string) (bool, error) {
	return func(hash string) (bool, error) { return strings.Contains(strings.Join(hashes, " "), hash), nil }
}

func sweep(t *testing.T, s *file.Store, inUse func(string) (bool, error), olderThan time.Duration, want file.Swept) {
	t.Helper()
	got, err := s.Sweep(t.Context(), inUse, olderThan)
	if err != nil || got != want {
		t.Errorf("swept %+v, want %+v, error %v", got, want, err)
	}
}

// age makes everything in a store's folder older.
func age(t *testing.T, s *file.Store, by time.Duration) {
	t.Helper()
	for path, info := range listed(t, s) {
		then := info.ModTime().Add(-by)
		must(t, os.Chtimes(filepath.Join(s.Dir(), path), then, then))
	}
}

const day = 24 * time.Hour

func TestASweepRemovesWhatNothingRefersTo(t *testing.T) {
	t.Parallel()
	s := open(t)
	sweep(t, s, only(), day, file.Swept{})
	used, unused, back := put(t, s, "a.pdf", pdf("a")), put(t, s, "b.pdf", pdf("b")), put(t, s, "c.pdf", pdf("c"))
	age(t, s, 100*day)
	// However old a content is: what counts is how long it has been unused.
	sweep(t, s, only(used.Hash), day, file.Swept{Kept: 1, Waiting: 2})
	sweep(t, s, only(used.Hash), day, file.Swept{Kept: 1, Waiting: 2})
	age(t, s, 2*day)
	put(t, s, "c.pdf", pdf("c"))
	sweep(t, s, only(used.Hash), day, file.Swept{Kept: 1, Waiting: 1, Removed: 1})
	if _, _, err := s.Open(unused.Hash); !errors.Is(err, file.ErrMissing) {
		t.Errorf("unused for two days: %v", err)
	}
	age(t, s, 2*day)
	sweep(t, s, only(used.Hash, back.Hash), day, file.Swept{Kept: 2})
	if all := paths(t, s); len(all) != 2 {
		t.Errorf("left are %v", all)
	}
	// The time starts anew with each disuse.
	sweep(t, s, only(used.Hash), day, file.Swept{Kept: 1, Waiting: 1})
}

// What a crash leaves is removed, or mended, once it is old.
func TestASweepEndsWhatWasCutOff(t *testing.T) {
	t.Parallel()
	s := open(t)
	used, unused := put(t, s, "a.pdf", pdf("a")), put(t, s, "b.pdf", pdf("b"))
	path := func(hash string) string { return filepath.Join(s.Dir(), hash[:2], hash) }
	must(t, os.Rename(path(used.Hash), path(used.Hash)+".going"))
	must(t, os.Rename(path(unused.Hash), path(unused.Hash)+".going"))
	must(t, os.WriteFile(path(unused.Hash)+".unused", nil, 0o600))
	must(t, os.WriteFile(filepath.Join(s.Dir(), "incoming-1"), []byte("half"), 0o600))
	foreign := []string{filepath.Join(s.Dir(), "lost+found"), filepath.Join(s.Dir(), used.Hash[:2], "readme.txt")}
	for _, name := range foreign {
		must(t, os.WriteFile(name, nil, 0o600))
	}
	// Too young: somebody may be at it.
	sweep(t, s, only(used.Hash), day, file.Swept{Leftovers: 1})
	age(t, s, 2*day)
	sweep(t, s, only(used.Hash), day, file.Swept{Leftovers: 3})
	sweep(t, s, only(used.Hash), day, file.Swept{Kept: 1})
	if got := contentOf(t, s, used.Hash); !bytes.Equal(got, pdf("a")) {
		t.Errorf("%q", got)
	}
	if all := paths(t, s); len(all) != 1+len(foreign) {
		t.Errorf("left are %v", all)
	}
}

func TestASweepStopsAtAnError(t *testing.T) {
	t.Parallel()
	s := open(t)
	f := put(t, s, "a.pdf", pdf("a"))
	if _, err := s.Sweep(t.Context(), func(string) (bool, error) { return false, errOnPurpose }, 0); !errors.Is(err, errOnPurpose) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Sweep(ctx, only(), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if all := paths(t, s); len(all) != 1 || !strings.HasSuffix(all[0], f.Hash) {
		t.Errorf("%v", all)
	}
}

// A content whose time has come, and that somebody puts at that moment, is there
// afterwards, whoever was first and however many sweeps there are.
func TestAPutWinsAgainstASweep(t *testing.T) {
	t.Parallel()
	s := open(t)
	f := put(t, s, "a.pdf", pdf("contested"))
	mark := filepath.Join(s.Dir(), f.Hash[:2], f.Hash+".unused")
	long := time.Now().Add(-2 * day)
	removed := int64(0)
	for range 500 {
		must(t, os.WriteFile(mark, nil, 0o600))
		must(t, os.Chtimes(mark, long, long))
		var wg sync.WaitGroup
		var swept [2]file.Swept
		for i := range swept {
			wg.Go(func() {
				var err error
				if swept[i], err = s.Sweep(t.Context(), only(), day); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Go(func() {
			if _, err := s.Put(t.Context(), "a.pdf", bytes.NewReader(pdf("contested"))); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		removed += swept[0].Removed + swept[1].Removed
		if err := s.Verify(t.Context(), f.Hash); err != nil {
			t.Fatalf("put and swept at once: %v; %v", err, paths(t, s))
		}
	}
	t.Logf("the sweeps were first %d times", removed)
}
