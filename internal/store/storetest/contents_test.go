package storetest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// folder gives a folder of files that is still to be made.
func folder(t *testing.T) *file.Store {
	t.Helper()
	s, err := file.Open(filepath.Join(t.TempDir(), "files"))
	must(t, err)
	return s
}

// loadWithoutFiles loads a made-up company whose documents have no files: those
// that are made up have no contents.
func loadWithoutFiles(t *testing.T, db *store.DB, people int) {
	t.Helper()
	c := storetest.NewCompany(9, people)
	for _, p := range c.People {
		for i := range p.Documents {
			p.Documents[i].File = nil
		}
		for _, device := range p.Devices {
			for i := range device.Documents {
				device.Documents[i].File = nil
			}
		}
	}
	c.Load(t, db)
}

// attach puts n contents and documents that have them: of users, the last one of
// a device and of a user as well.
func attach(t *testing.T, db *store.DB, contents *file.Store, n int) []workforce.File {
	t.Helper()
	var all []workforce.File
	for i := range n {
		// Of very different sizes, one of them larger than a page of SQLite.
		text := fmt.Appendf(nil, "%%PDF-1.4\n%s", strings.Repeat(fmt.Sprint("evidence ", i), 1+i*i*i*50))
		f, err := contents.Put(t.Context(), fmt.Sprintf("Ada %d.pdf", i), bytes.NewReader(text))
		must(t, err)
		all = append(all, f)
	}
	write(t, db, func(ctx context.Context, tx *store.Tx) error {
		for i := range all {
			d := workforce.Document{UserID: workforce.UserID(i%3 + 1), Name: "evidence", Type: workforce.AllDocumentTypes[0], File: &all[i]}
			if err := tx.SaveDocument(ctx, nil, &d); err != nil {
				return err
			}
		}
		before, ok, err := tx.Device(ctx, 1)
		if err != nil || !ok {
			return fmt.Errorf("there is no device: %w", err)
		}
		after := before
		after.Documents = append(slices.Clone(before.Documents), workforce.DeviceDocument{
			Name: "evidence", Type: workforce.AllDocumentTypes[0], File: &all[len(all)-1],
		})
		return tx.SaveDevice(ctx, &before, &after)
	})
	return all
}

// kept lists the contents of a folder that are sound.
func kept(t *testing.T, contents *file.Store) []string {
	t.Helper()
	var all []string
	must(t, contents.Walk(func(hash string, _ int64) error {
		all = append(all, hash)
		return contents.Verify(t.Context(), hash)
	}))
	return all
}

func hashes(files []workforce.File) []string {
	var all []string
	for _, f := range files {
		all = append(all, f.Hash)
	}
	slices.Sort(all)
	return all
}

// A backup holds the contents of files, and a restore to either database puts
// them where the target's belong, those that are there already and sound or not.
func TestABackupHoldsTheFiles(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db, contents := d.Open(t), folder(t)
		loadWithoutFiles(t, db, 25)
		all := attach(t, db, contents, 9)
		// One that no document has does not go along.
		_, err := contents.Put(t.Context(), "a.gif", strings.NewReader("GIF89a         "))
		must(t, err)
		want := dump(t, d.Raw(t))
		backup := filepath.Join(t.TempDir(), "backup.db")
		report, err := db.Backup(t.Context(), backup, contents, nil)
		must(t, err)
		var bytesOf int64
		for _, f := range all {
			bytesOf += f.Size
		}
		if report.Files != 9 || report.FileBytes != bytesOf || report.WithoutFiles || report.Bytes < bytesOf {
			t.Errorf("the backup says %+v, want %d bytes of files", report, bytesOf)
		}
		for _, dialect := range storetest.Dialects {
			target, place := storetest.New(t, dialect), folder(t)
			must(t, place.Keep(t.Context(), all[0].Hash, mustOpen(t, contents, all[0].Hash)))
			must(t, place.Keep(t.Context(), all[1].Hash, mustOpen(t, contents, all[1].Hash)))
			must(t, os.WriteFile(filepath.Join(place.Dir(), all[1].Hash[:2], all[1].Hash), []byte("damaged"), 0o600))
			restored, err := store.Restore(t.Context(), backup, target.DSN, place, nil)
			if err != nil {
				t.Fatalf("to %s: %v", dialect, err)
			}
			if restored.Files != 9 || restored.FileBytes != bytesOf || restored.WithoutFiles {
				t.Errorf("to %s: %+v", dialect, restored)
			}
			if got := kept(t, place); !slices.Equal(got, hashes(all)) {
				t.Errorf("to %s: kept are %v, want %v", dialect, got, hashes(all))
			}
			if names := tableNames(t, target.Raw(t)); slices.Contains(names, "file_contents") {
				t.Errorf("%s has the table of the backup", dialect)
			}
			v, err := target.Open(t).VerifyFiles(t.Context(), place, true, nil)
			if err != nil || v.Files != 9 || v.Wrong != 0 {
				t.Errorf("to %s: %+v, %v", dialect, v, err)
			}
			checkRestored(t, target, want)
		}
	})
}

func mustOpen(t *testing.T, contents *file.Store, hash string) io.Reader {
	t.Helper()
	r, _, err := contents.Open(hash)
	must(t, err)
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// spoilContent damages a content, or removes it.
func spoilContent(t *testing.T, contents *file.Store, hash string, damage bool) {
	t.Helper()
	path := filepath.Join(contents.Dir(), hash[:2], hash)
	info, err := os.Stat(path)
	must(t, err)
	if damage {
		must(t, os.WriteFile(path, make([]byte, info.Size()), 0o600))
	} else {
		must(t, os.Remove(path))
	}
}

// A backup of files that are not as they should be fails and names the document,
// unless it is made without them; verification lists all of them.
func TestAFileThatIsWrongFailsTheBackup(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db, contents := d.Open(t), folder(t)
		loadWithoutFiles(t, db, 5)
		all := attach(t, db, contents, 4)
		numbers := lines(t, d.Raw(t), `SELECT file_hash || ' ' || id FROM documents WHERE file_hash IS NOT NULL`)
		named := map[string]string{}
		for _, line := range numbers {
			hash, id, _ := strings.Cut(line, " ")
			named[hash] = "document " + id + ":"
		}
		dir := t.TempDir()
		for i, c := range []struct {
			damage      bool
			want        string
			wrongAtOnce int64 // seen without reading the contents
		}{{true, "is damaged", 0}, {false, "is not in the folder of files", 1}} {
			hash := all[i].Hash
			sound, err := io.ReadAll(mustOpen(t, contents, hash))
			must(t, err)
			spoilContent(t, contents, hash, c.damage)
			_, err = db.Backup(t.Context(), filepath.Join(dir, "a.db"), contents, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), named[hash]) ||
				!strings.Contains(err.Error(), contents.Dir()) || strings.Contains(err.Error(), "Ada") {
				t.Errorf("%v, want %q of %s", err, c.want, named[hash])
			}
			if names := files(t, dir); len(names) != 0 {
				t.Errorf("left behind: %v", names)
			}
			v, err := db.VerifyFiles(t.Context(), contents, true, nil)
			if err != nil || v.Files != 4 || v.Wrong != 1 || len(v.Problems) != 1 || !strings.HasPrefix(v.Problems[0], named[hash]) {
				t.Errorf("%+v, %v; want %s", v, err, named[hash])
			}
			if v, err := db.VerifyFiles(t.Context(), contents, false, nil); err != nil || v.Files != 4 || v.Wrong != c.wrongAtOnce {
				t.Errorf("without reading: %+v, %v", v, err)
			}
			must(t, contents.Keep(t.Context(), hash, bytes.NewReader(sound)))
		}
		must(t, os.WriteFile(filepath.Join(contents.Dir(), all[2].Hash[:2], all[2].Hash), []byte("short"), 0o600))
		if v, err := db.VerifyFiles(t.Context(), contents, false, nil); err != nil || v.Wrong != 1 {
			t.Errorf("of another size: %+v, %v", v, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := db.VerifyFiles(ctx, contents, true, func(int64, int64) { cancel() }); err == nil {
			t.Error("cut off, it was done")
		}

		backup := filepath.Join(dir, "without.db")
		report, err := db.Backup(t.Context(), backup, nil, nil)
		if err != nil || !report.WithoutFiles || report.Files != 0 {
			t.Errorf("without files: %+v, %v", report, err)
		}
		target := storetest.New(t, d.Dialect)
		restored, err := store.Restore(t.Context(), backup, target.DSN, folder(t), nil)
		if err != nil || !restored.WithoutFiles {
			t.Errorf("restored without files: %+v, %v", restored, err)
		}
		verified(t, target.Open(t))
	})
}

// A backup whose contents are not whole, or a place that cannot take them, is
// refused before anything is changed.
func TestRestoreChecksTheFilesFirst(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		source, contents := storetest.New(t, "sqlite").Open(t), folder(t)
		loadWithoutFiles(t, source, 5)
		all := attach(t, source, contents, 4)
		good := filepath.Join(t.TempDir(), "good.db")
		_, err := source.Backup(t.Context(), good, contents, nil)
		must(t, err)
		content, err := os.ReadFile(good)
		must(t, err)
		of := ` WHERE hash = '` + hashes(all)[3] + `'` // the last that is looked at
		for name, c := range map[string]struct{ text, want string }{
			"missing":   {`DELETE FROM file_contents` + of, "does not have its content"},
			"damaged":   {`UPDATE file_contents SET content = x'00'` + of, "is damaged"},
			"too large": {`UPDATE file_contents SET content = zeroblob(26214401)` + of, "does not have its content"},
		} {
			backup := filepath.Join(t.TempDir(), "spoilt.db")
			must(t, os.WriteFile(backup, content, 0o600))
			spoilWith(c.text)(t, backup)
			target, place := storetest.New(t, d.Dialect), folder(t)
			_, err := store.Restore(t.Context(), backup, target.DSN, place, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "document ") {
				t.Errorf("%s: %v, want %q", name, err, c.want)
			}
			checkUntouched(t, target)
			checkNoFolder(t, place)
		}

		target, taken := storetest.New(t, d.Dialect), folder(t)
		must(t, os.WriteFile(taken.Dir(), []byte("mine"), 0o600))
		if _, err := store.Restore(t.Context(), good, target.DSN, taken, nil); err == nil || !strings.Contains(err.Error(), taken.Dir()) {
			t.Errorf("where a file is: %v", err)
		}
		if _, err := store.Restore(t.Context(), good, target.DSN, nil, nil); err == nil || !strings.Contains(err.Error(), "no place") {
			t.Errorf("without a place: %v", err)
		}
		checkUntouched(t, target)

		full, place := storetest.New(t, d.Dialect), folder(t)
		write(t, full.Open(t), func(ctx context.Context, tx *store.Tx) error { return second(addPerson(ctx, tx, 1)) })
		if _, err := store.Restore(t.Context(), good, full.DSN, place, nil); !workforce.IsReason(err, workforce.ReasonNotEmpty) {
			t.Errorf("over another database: %v", err)
		}
		checkNoFolder(t, place)
	})
}

func checkNoFolder(t *testing.T, contents *file.Store) {
	t.Helper()
	if _, err := os.Stat(contents.Dir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder of files was made, error %v", err)
	}
}
