package storetest_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// files lists a folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// backUp makes a backup in a folder of its own.
func backUp(t *testing.T, db *store.DB) (string, store.BackupReport) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "backup.db")
	report, err := db.Backup(t.Context(), file, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return file, report
}

// A backup of either database, restored to either, has the same rows of every
// table: facts, log, numbers, secrets and keys.
func TestABackupIsRestoredToEitherDatabase(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		storetest.NewCompany(9, 25).Load(t, db)
		if err := db.TouchKey(t.Context(), 1, later); err != nil {
			t.Fatal(err)
		}
		if _, err := db.ErasePayloads(t.Context(), storetest.Cause, 4); err != nil {
			t.Fatal(err)
		}
		want, kept := dump(t, d.Raw(t)), verified(t, db)
		file, report := backUp(t, db)
		if report.Changes != kept.Changes || report.Head != kept.Head || report.Rows["users"] != 25 || report.Rows["accounts"] != 50 || report.Schema == 0 {
			t.Errorf("the backup says %+v, the database %+v", report, kept)
		}
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 || info.Size() != report.Bytes || report.Path != file {
			t.Errorf("mode %v, size %d, reported %d, error %v", info.Mode(), info.Size(), report.Bytes, err)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, dialect := range storetest.Dialects {
			for _, prepare := range []func(storetest.Database){
				func(storetest.Database) {},
				func(empty storetest.Database) { _ = empty.Open(t).Close() },
			} {
				target := storetest.New(t, dialect)
				prepare(target)
				restored, err := store.Restore(t.Context(), file, target.DSN, nil, nil)
				if err != nil {
					t.Fatalf("to %s: %v", dialect, err)
				}
				if restored.Head != report.Head || !maps.Equal(restored.Rows, report.Rows) {
					t.Errorf("to %s: restored %+v of %+v", dialect, restored, report)
				}
				checkRestored(t, target, want)
			}
		}
		if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, content) {
			t.Errorf("restoring it changed the backup, error %v", err)
		}
		if names := files(t, filepath.Dir(file)); len(names) != 1 {
			t.Errorf("beside the backup there is %v", names)
		}
	})
}

// checkRestored wants a database with the same rows, which can be worked with.
func checkRestored(t *testing.T, target storetest.Database, want string) {
	t.Helper()
	if got := dump(t, target.Raw(t)); got != want {
		t.Errorf("%s has other rows:\n%s", target.Dialect, firstDifference(got, want))
	}
	db := target.Open(t)
	verified(t, db)
	read(t, db, func(ctx context.Context, r *store.Reader) error {
		if k, ok, err := r.KeyByHash(ctx, fmt.Appendf(nil, "hash %032d", 1)); !ok || k.ID != 2 || err != nil {
			t.Errorf("%s: a key is gone, error %v", target.Dialect, err)
		}
		return nil
	})
	// Numbers go on where they were.
	write(t, db, func(ctx context.Context, tx *store.Tx) error {
		id, err := addPerson(ctx, tx, 999)
		if id != 26 {
			t.Errorf("%s: the next person has number %d", target.Dialect, id)
		}
		return err
	})
	verified(t, db)
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			return fmt.Sprintf("got  %s\nwant %s", g[i], strings.Join(w[min(i, len(w)):min(i+1, len(w))], ""))
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// A backup is one moment of a database that others go on writing to.
func TestABackupIsOneMoment(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		storetest.NewCompany(9, 30).Load(t, db)
		var stop atomic.Bool
		var wg sync.WaitGroup
		for w := range 3 {
			wg.Go(func() {
				for i := 0; !stop.Load(); i++ {
					err := db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error {
						err := second(addPerson(t.Context(), tx, 1000*(w+1)+i))
						return orElse(err, func() error { return touch(t.Context(), tx, workforce.PersonnelID(w+1)) })
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for range 3 {
			before := head(t, db)
			file, report := backUp(t, db)
			if after := head(t, db); report.Changes < before || report.Changes > after {
				t.Errorf("made between %d and %d, it ends at %d", before, after, report.Changes)
			}
			copied := storetest.Database{Dialect: "sqlite", DSN: "sqlite:" + file}
			opened := copied.Open(t)
			if v := verified(t, opened); v.Changes != report.Changes || v.People != report.Rows["users"] {
				t.Errorf("the backup says %+v and holds %+v", report, v)
			}
		}
		stop.Store(true)
		wg.Wait()
		verified(t, db)
	})
}

// A backup that is cut off, that finds no space, or that has no place leaves
// nothing behind, and never replaces a file.
func TestABackupThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		storetest.NewCompany(9, 30).Load(t, db)
		dir := t.TempDir()
		for _, at := range []string{"copying", "verifying"} {
			ctx, cancel := context.WithCancel(t.Context())
			_, err := db.Backup(ctx, filepath.Join(dir, "cut.db"), nil, func(step string, _, _ int64) {
				if step == at {
					cancel()
				}
			})
			cancel()
			if err == nil {
				t.Errorf("cut off while %s, it was made", at)
			}
		}
		run(t, child(t, "backup without space", d.DSN, filepath.Join(dir, "large.db")))
		if names := files(t, dir); len(names) != 0 {
			t.Errorf("left behind: %v", names)
		}

		taken := filepath.Join(dir, "taken.db")
		if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Backup(t.Context(), taken, nil, nil); err == nil || !strings.Contains(err.Error(), "exists already") {
			t.Errorf("over another file: %v", err)
		}
		// A file that appears while the backup is made is not replaced either.
		late := filepath.Join(dir, "late.db")
		_, err := db.Backup(t.Context(), late, nil, func(step string, _, _ int64) {
			if step == "verifying" {
				_ = os.WriteFile(late, []byte("mine"), 0o600)
			}
		})
		if err == nil || !strings.Contains(err.Error(), "exists already") {
			t.Errorf("over a file that came later: %v", err)
		}
		if _, err := db.Backup(t.Context(), filepath.Join(dir, "no", "where.db"), nil, nil); err == nil {
			t.Error("made in a folder that is not there")
		}
		for _, name := range []string{taken, late} {
			if content, err := os.ReadFile(name); err != nil || string(content) != "mine" {
				t.Errorf("%s was replaced, error %v", name, err)
			}
		}
		if names := files(t, dir); len(names) != 2 {
			t.Errorf("left behind: %v", names)
		}
	})
}

// backUpWithoutSpace backs up in a process whose files must stay small.
func backUpWithoutSpace(ctx context.Context, args []string) error {
	db, err := store.Open(ctx, args[0], store.Options{})
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 200_000, Max: 200_000}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if _, err := db.Backup(ctx, args[1], nil, nil); err == nil {
		return errors.New("a backup was made without space for it")
	}
	return nil
}

// A target that holds anything is refused, and stays as it is.
func TestRestoreWantsAnEmptyTarget(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		source := storetest.New(t, "sqlite").Open(t)
		storetest.NewCompany(9, 3).Load(t, source)
		file, _ := backUp(t, source)
		for name, fill := range map[string]func(ctx context.Context, tx *store.Tx) error{
			"a person": func(ctx context.Context, tx *store.Tx) error { return second(addPerson(ctx, tx, 1)) },
			"a key": func(ctx context.Context, tx *store.Tx) error {
				return tx.CreateKey(ctx, &workforce.APIKey{Hash: []byte("x")})
			},
			"a change": changes[0].apply,
		} {
			target := storetest.New(t, d.Dialect)
			write(t, target.Open(t), fill)
			before := dump(t, target.Raw(t))
			_, err := store.Restore(t.Context(), file, target.DSN, nil, nil)
			if !workforce.IsReason(err, workforce.ReasonNotEmpty) {
				t.Errorf("over a database with %s: %v", name, err)
			}
			if dump(t, target.Raw(t)) != before {
				t.Errorf("a database with %s was changed", name)
			}
		}
	})
}

// What is no backup, is damaged, or is of a newer version is refused before the
// target is touched.
func TestRestoreChecksTheBackupFirst(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		source := storetest.New(t, "sqlite").Open(t)
		storetest.NewCompany(9, 10).Load(t, source)
		good, _ := backUp(t, source)
		for name, c := range map[string]struct {
			spoil func(t *testing.T, file string)
			want  string
		}{
			"missing": {func(t *testing.T, file string) { t.Helper(); must(t, os.Remove(file)) }, "no such file"},
			"empty":   {func(t *testing.T, file string) { t.Helper(); must(t, os.Truncate(file, 0)) }, "not a backup"},
			"text": {func(t *testing.T, file string) {
				t.Helper()
				must(t, os.WriteFile(file, bytes.Repeat([]byte("text\n"), 999), 0o600))
			}, "not a backup"},
			"other":       {spoilWith(`DROP TABLE changes`), "not a backup"},
			"newer":       {spoilWith(`INSERT INTO schema_migrations (version_id, is_applied) VALUES (99, 1)`), "newer version"},
			"tampered":    {spoilWith(`UPDATE users SET job_title = 'Chief' WHERE id = 2`), "user 2 differs"},
			"torn":        {func(t *testing.T, file string) { t.Helper(); must(t, os.Truncate(file, 40*16384)) }, ""},
			"overwritten": {overwrite, ""},
		} {
			file := filepath.Join(t.TempDir(), "spoilt.db")
			content, err := os.ReadFile(good)
			must(t, errors.Join(err, os.WriteFile(file, content, 0o600)))
			c.spoil(t, file)
			target := storetest.New(t, d.Dialect)
			_, err = store.Restore(t.Context(), file, target.DSN, nil, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v, want %q", name, err, c.want)
			}
			if (name == "newer") != errors.Is(err, store.ErrNewer) {
				t.Errorf("%s: %v", name, err)
			}
			checkUntouched(t, target)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// spoilWith tampers with a backup by statement.
func spoilWith(text string) func(t *testing.T, file string) {
	return func(t *testing.T, file string) {
		t.Helper()
		raw := storetest.Database{Dialect: "sqlite", DSN: "sqlite:" + file}.Raw(t)
		mustExec(t, raw, text)
		must(t, raw.Close())
	}
}

// overwrite puts zeros into the middle of a file.
func overwrite(t *testing.T, file string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	must(t, err)
	_, err = f.WriteAt(make([]byte, 20*16384), 20*16384)
	must(t, errors.Join(err, f.Close()))
}

// checkUntouched wants a target that nobody has opened yet.
func checkUntouched(t *testing.T, target storetest.Database) {
	t.Helper()
	if target.Dialect == "sqlite" {
		if names := files(t, filepath.Dir(target.Path())); len(names) != 0 {
			t.Errorf("in the target's folder there is %v", names)
		}
	} else if names := tableNames(t, target.Raw(t)); len(names) != 0 {
		t.Errorf("in the target there is %v", names)
	}
}

// A restore that is cut off leaves the target as it was.
func TestARestoreThatIsCutOffLeavesNothing(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		source := storetest.New(t, "sqlite").Open(t)
		storetest.NewCompany(9, 30).Load(t, source)
		file, _ := backUp(t, source)
		target := storetest.New(t, d.Dialect)
		_ = target.Open(t).Close()
		before := dump(t, target.Raw(t))
		var steps []string
		_, err := store.Restore(t.Context(), file, storetest.New(t, d.Dialect).DSN, nil, func(step string, _, _ int64) { steps = append(steps, step) })
		must(t, err)
		steps = append(steps, "verifying the copy")
		for _, at := range slices.Compact(steps) {
			ctx, cancel := context.WithCancel(t.Context())
			calls := 0
			_, err := store.Restore(ctx, file, target.DSN, nil, func(step string, _, _ int64) {
				if step == at {
					if calls++; calls == 2 {
						cancel()
					}
				}
			})
			cancel()
			if err == nil {
				t.Errorf("cut off while %s, it was done", at)
			}
			if after := dump(t, target.Raw(t)); after != before {
				t.Errorf("cut off while %s: %s", at, firstDifference(after, before))
			}
		}
		if d.Dialect == "sqlite" {
			missing := storetest.New(t, "sqlite")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if _, err := store.Restore(ctx, file, missing.DSN, nil, func(string, int64, int64) { cancel() }); err == nil {
				t.Error("cut off, it was done")
			}
			checkUntouched(t, missing)
		}
		_, err = store.Restore(t.Context(), file, target.DSN, nil, nil)
		must(t, err)
		verified(t, target.Open(t))
	})
}

// Inspect tells what there is and changes nothing, not even by looking.
func TestInspectChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		in, err := store.Inspect(t.Context(), d.DSN)
		if err != nil || in.Dialect != d.Dialect || in.Schema != 0 || in.Exists == (d.Dialect == "sqlite") {
			t.Errorf("before it is made: %+v, error %v", in, err)
		}
		checkUntouched(t, d)

		db := d.Open(t)
		storetest.NewCompany(9, 7).Load(t, db)
		raw := d.Raw(t)
		before := dump(t, raw)
		for range 2 { // beside an open database, then after it was closed
			in, err = store.Inspect(t.Context(), d.DSN)
			if err != nil || !in.Exists || in.Schema != in.Program || in.Head != int64(len(rowsOf(t, raw))) ||
				in.Rows["users"] != 7 || in.Rows["api_keys"] != 3 || in.Bytes == 0 || in.Server == "" || len(in.Faults) != 0 {
				t.Errorf("%+v, error %v", in, err)
			}
			if d.Dialect == "sqlite" && in.Journal != "wal" {
				t.Errorf("the journal is %q", in.Journal)
			}
			_ = db.Close()
		}
		if after := dump(t, raw); after != before {
			t.Error("inspecting changed it")
		}
	})
}

func rowsOf(t *testing.T, raw *sql.DB) []string {
	t.Helper()
	return lines(t, raw, `SELECT kind FROM changes`)
}

func TestInspectSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	d := storetest.New(t, "sqlite")
	db := d.Open(t)
	storetest.NewCompany(9, 30).Load(t, db)
	must(t, db.Close())
	overwrite(t, d.Path())
	if in, err := store.Inspect(t.Context(), d.DSN); err == nil && len(in.Faults) == 0 {
		t.Errorf("a damaged file is fine: %+v", in)
	}
	text := filepath.Join(t.TempDir(), "text.db")
	must(t, os.WriteFile(text, bytes.Repeat([]byte("text\n"), 999), 0o600))
	if _, err := store.Inspect(t.Context(), "sqlite:"+text); err == nil || !strings.Contains(err.Error(), "is not a database") {
		t.Errorf("text: %v", err)
	}
	if _, err := store.Inspect(t.Context(), "mysql://u:secret@h/x"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("another database: %v", err)
	}
}
