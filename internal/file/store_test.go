package file_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/workforce"
)

// listed gives every file below a store's folder, by path relative to it.
func listed(tb testing.TB, s *file.Store) iter.Seq2[string, fs.FileInfo] {
	tb.Helper()
	return func(yield func(string, fs.FileInfo) bool) {
		err := filepath.WalkDir(s.Dir(), func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || e.IsDir() {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			name, _ := filepath.Rel(s.Dir(), path)
			if !yield(filepath.ToSlash(name), info) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			tb.Error(err)
		}
	}
}

func paths(tb testing.TB, s *file.Store) []string {
	tb.Helper()
	var all []string
	for path := range listed(tb, s) {
		all = append(all, path)
	}
	return all
}

func contentOf(tb testing.TB, s *file.Store, hash string) []byte {
	tb.Helper()
	f, size, err := s.Open(hash)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil || int64(len(b)) != size {
		tb.Fatalf("%d bytes of %d, error %v", len(b), size, err)
	}
	return b
}

func pdf(text string) []byte { return []byte("%PDF-1.4\n" + text) }

func TestAContentIsKeptUnderItsHash(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := s.CheckWritable(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.Dir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("asking made the folder: %v", err)
	}
	content := pdf("one")
	f := put(t, s, `C:\evidence\One.PDF`, content)
	want := workforce.File{Hash: fmt.Sprintf("%x", sha256.Sum256(content)), Name: "One.PDF", MediaType: "application/pdf", Size: int64(len(content))}
	if f != want {
		t.Errorf("%+v, want %+v", f, want)
	}
	if got := contentOf(t, s, f.Hash); !bytes.Equal(got, content) {
		t.Errorf("%q", got)
	}
	if err := s.Verify(t.Context(), f.Hash); err != nil {
		t.Error(err)
	}
	for path, info := range listed(t, s) {
		folder, err := os.Stat(filepath.Join(s.Dir(), filepath.Dir(path)))
		if path != f.Hash[:2]+"/"+f.Hash || info.Mode() != 0o600 || err != nil || folder.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v in %v, error %v", path, info.Mode(), folder.Mode(), err)
		}
	}
	second := put(t, s, "two.pdf", pdf("two"))
	var walked []string
	if err := s.Walk(func(hash string, size int64) error { walked = append(walked, fmt.Sprint(hash, size)); return nil }); err != nil {
		t.Error(err)
	}
	all := []string{fmt.Sprint(f.Hash, f.Size), fmt.Sprint(second.Hash, second.Size)}
	if slices.Sort(all); !slices.Equal(walked, all) {
		t.Errorf("walked %v, want %v", walked, all)
	}
	for range 2 {
		if err := s.Remove(f.Hash); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := s.Open(f.Hash); !errors.Is(err, file.ErrMissing) || !strings.Contains(err.Error(), s.Dir()) {
		t.Errorf("removed, then opened: %v", err)
	}
	if err := s.CheckWritable(); err != nil || len(paths(t, s)) != 1 {
		t.Errorf("asking left %v, error %v", paths(t, s), err)
	}
}

// A content that is there is not written again; one that is damaged is mended by
// whoever brings it again.
func TestTheSameContentIsKeptOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	f := put(t, s, "a.pdf", pdf("same"))
	path := filepath.Join(s.Dir(), f.Hash[:2], f.Hash)
	long := time.Now().Add(-time.Hour).Truncate(time.Second)
	must(t, os.Chtimes(path, long, long))
	if again := put(t, s, "b.pdf", pdf("same")); again.Hash != f.Hash || again.Name != "b.pdf" {
		t.Errorf("%+v, then %+v", f, again)
	}
	if info, err := os.Stat(path); err != nil || !info.ModTime().Equal(long) {
		t.Errorf("it was written again, error %v", err)
	}
	must(t, os.WriteFile(path, pdf("sane"), 0o600))
	if err := s.Verify(t.Context(), f.Hash); !errors.Is(err, file.ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
	put(t, s, "a.pdf", pdf("same"))
	if err := s.Verify(t.Context(), f.Hash); err != nil {
		t.Errorf("brought again: %v", err)
	}
	if all := paths(t, s); len(all) != 1 {
		t.Errorf("%v", all)
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// Several stores on one folder stand for several servers.
func TestManyPutTheSameContentAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			other, err := file.Open(s.Dir())
			if err != nil {
				t.Error(err)
				return
			}
			for j := range 10 {
				f, err := other.Put(t.Context(), "a.pdf", bytes.NewReader(pdf(fmt.Sprint("content ", j))))
				if err == nil {
					err = other.Verify(t.Context(), f.Hash)
				}
				if err != nil {
					t.Errorf("%d: %v", i, err)
				}
			}
		})
	}
	wg.Wait()
	if all := paths(t, s); len(all) != 10 {
		t.Errorf("%v", all)
	}
}

// zeros is a PDF without an end.
type zeros struct{ started bool }

func (z *zeros) Read(b []byte) (int, error) {
	clear(b)
	if !z.started {
		z.started = true
		return copy(b, "%PDF-1.4\n"), nil
	}
	return len(b), nil
}

func TestAFileHasALimit(t *testing.T) {
	t.Parallel()
	s := open(t)
	f, err := s.Put(t.Context(), "a.pdf", io.LimitReader(&zeros{}, workforce.MaxFileSize))
	if err != nil || f.Size != workforce.MaxFileSize {
		t.Errorf("of the largest size: %+v, %v", f, err)
	}
	must(t, s.Remove(f.Hash))
	_, err = s.Put(t.Context(), "a.pdf", &zeros{})
	if !workforce.IsKind(err, workforce.KindTooLarge) || !strings.Contains(err.Error(), "25 MiB") {
		t.Errorf("without an end: %v", err)
	}
	if all := paths(t, s); len(all) != 0 {
		t.Errorf("left behind: %v", all)
	}
}

type faulty struct{ err error }

func (f faulty) Read([]byte) (int, error) { return 0, f.err }

var errOnPurpose = errors.New("on purpose")

func TestAPutThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := s.Put(t.Context(), "a.pdf", io.MultiReader(bytes.NewReader(pdf("a")), faulty{errOnPurpose})); !errors.Is(err, errOnPurpose) || err.Error() != errOnPurpose.Error() {
		t.Errorf("a content that breaks off: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ctx, "a.pdf", bytes.NewReader(pdf("a"))); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
	hash := fmt.Sprintf("%x", sha256.Sum256(pdf("a")))
	if err := s.Keep(t.Context(), hash, bytes.NewReader(pdf("b"))); !errors.Is(err, file.ErrDamaged) {
		t.Errorf("kept under another hash: %v", err)
	}
	if all := paths(t, s); len(all) != 0 {
		t.Errorf("left behind: %v", all)
	}
	if err := s.Keep(t.Context(), hash, bytes.NewReader(pdf("a"))); err != nil || !bytes.Equal(contentOf(t, s, hash), pdf("a")) {
		t.Errorf("kept: %v", err)
	}
}

// A name from elsewhere never becomes a path.
func TestOnlyHashesAreNames(t *testing.T) {
	t.Parallel()
	s := open(t)
	put(t, s, "a.pdf", pdf("a"))
	for _, hash := range []string{"", "../../etc/passwd", strings.Repeat("a", 63), strings.Repeat("A", 64), strings.Repeat("a", 62) + "/.", strings.Repeat("g", 64)} {
		_, _, err := s.Open(hash)
		for doing, err := range map[string]error{
			"Open": err, "Remove": s.Remove(hash), "Verify": s.Verify(t.Context(), hash), "Keep": s.Keep(t.Context(), hash, bytes.NewReader(nil)),
		} {
			if err == nil || !strings.Contains(err.Error(), "64 hexadecimal digits") {
				t.Errorf("%s(%q): %v", doing, hash, err)
			}
		}
	}
}

func TestAFolderThatCannotBe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken")
	must(t, os.WriteFile(taken, nil, 0o600))
	for path, want := range map[string]string{
		"":                                "setting files",
		taken:                             "is not a folder",
		filepath.Join(dir, "no", "where"): "create it first",
		filepath.Join(taken, "files"):     "",
	} {
		if _, err := file.Open(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", path, err, want)
		}
	}
	s := open(t)
	must(t, os.WriteFile(s.Dir(), nil, 0o600))
	if err := s.CheckWritable(); err == nil {
		t.Error("a file in the folder's place can be written to")
	}
	if _, err := s.Put(t.Context(), "a.pdf", bytes.NewReader(pdf("a"))); err == nil || workforce.IsKind(err, workforce.KindInvalid) || !strings.Contains(err.Error(), s.Dir()) {
		t.Errorf("put where there is no folder: %v", err)
	}
}
