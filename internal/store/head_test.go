package store

import (
	"path/filepath"
	"runtime"
	"testing"
)

// On the systems that share memory the way SQLite does here, the head of a
// database in which nothing happens is known without a query.
func TestWatchedHeadNeedsNoQuery(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	if _, err := db.Head(t.Context()); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" && runtime.GOOS != "freebsd" {
		if db.watch != nil {
			t.Error("the log is watched on a system where nobody tried it")
		}
		return
	}
	if db.watch == nil {
		t.Fatal("the log is not watched")
	}
	seq, ok := db.watch.unchanged()
	if head, err := db.heads.get(t.Context()); !ok || err != nil || seq != head {
		t.Errorf("without a query %d, %v; with one %d, %v", seq, ok, head, err)
	}
}

// A watch that was closed knows nothing, and does not touch the memory.
func TestClosedWatchKnowsNothing(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	if _, err := db.Head(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db.watch == nil {
		return
	}
	if _, ok := db.watch.unchanged(); ok {
		t.Error("a closed watch says that nothing changed")
	}
}

func openFile(tb testing.TB) *DB {
	tb.Helper()
	db, err := Open(tb.Context(), "sqlite:"+filepath.Join(tb.TempDir(), "head.db"), Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

func BenchmarkHead(b *testing.B) {
	db := openFile(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := db.Head(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
