package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// withEvidence makes a database with one person who has a document with a file,
// in the folder that the settings give, and the file's place.
func withEvidence(t *testing.T, dir string) (dsn, path string) {
	t.Helper()
	dsn = "sqlite:" + filepath.Join(dir, "a.db")
	people := filepath.Join(dir, "people.csv")
	if err := os.WriteFile(people, []byte("Work Email,First Name,Last Name\nada@example.com,Ada,Moreau\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := run(t, nil, "import", "people", people, "--database", dsn); out.code != 0 {
		t.Fatalf("importing: %+v", out)
	}
	contents, err := file.Open(filepath.Join(dir, "a.db-files"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := contents.Put(t.Context(), "training.pdf", strings.NewReader("%PDF-1.4\nAda has done it."))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Write(auth.With(t.Context(), auth.CommandLine()), store.Cause{Actor: store.ActorCLI, Cause: "test"}, func(tx *store.Tx) error {
		return tx.SaveDocument(t.Context(), nil, &workforce.Document{UserID: 1, Name: "Training", Type: workforce.AllDocumentTypes[0], File: &f})
	})
	if err != nil {
		t.Fatal(err)
	}
	return dsn, filepath.Join(contents.Dir(), f.Hash[:2], f.Hash)
}

// The commands find the files beside the database, take them along, and say what
// is wrong with them.
func TestCommandsMindTheFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	dsn, path := withEvidence(t, dir)
	in := func(name string) string { return filepath.Join(dir, name) }
	other := "sqlite:" + in("b.db")
	for _, step := range []struct {
		name   string
		before func() error
		args   string
		code   int
		out    string // in what it prints
		err    string // in what it says is wrong
	}{
		{"", nil, "verify --database " + dsn, 0, "1 files\n", ""},
		{"", nil, "doctor --database " + dsn, 0, "1 in " + in("a.db-files"), ""},
		{"", nil, "backup " + in("good") + " --database " + dsn, 0, "1 files, ", ""},
		{"to a place that is taken", func() error { return os.WriteFile(in("taken"), nil, 0o600) }, "restore " + in("good") + " --database " + other + " --files " + in("taken"), 1, "", "is not a folder"},
		{"", nil, "restore " + in("good") + " --database " + other, 0, "1 files, ", ""},
		{"", nil, "verify --database " + other, 0, "All is well", ""},
		{"", nil, "verify --database " + other + " --files " + in("elsewhere"), 1, "document 1: ", "1 of 1 files are missing or damaged"},
		{"", nil, "doctor --database " + other + " --files " + in("elsewhere"), 1, "1 of 1 are missing from " + in("elsewhere"), ""},
		{"damaged", func() error { return os.WriteFile(path, []byte("%PDF-1.4\nAda has done up."), 0o600) }, "verify --database " + dsn, 1, "is damaged", "is the setting files right?"},
		{"", nil, "backup " + in("bad") + " --database " + dsn, 1, "", "document 1: content"},
		{"", nil, "backup " + in("bare") + " --without-files --database " + dsn, 0, "without files, ", ""},
		{"", nil, "restore " + in("bare") + " --database sqlite:" + in("c.db"), 0, "without files, ", ""},
		{"open to others", func() error { return os.Chmod(in("a.db-files"), 0o755) }, "doctor --database " + dsn, 0, "chmod 700", ""},
	} {
		if step.before != nil {
			if err := step.before(); err != nil {
				t.Fatal(err)
			}
		}
		got := run(t, nil, strings.Fields(step.args)...)
		if got.code != step.code || !strings.Contains(got.stdout, step.out) || !strings.Contains(got.stderr, step.err) {
			t.Errorf("%s %s: %+v", step.name, step.args, got)
		}
	}
	got := run(t, nil, "verify", "--json", "--database", dsn)
	var v struct {
		Files    int64
		People   int64
		Problems []string
	}
	if err := json.Unmarshal([]byte(got.stdout), &v); err != nil || v.Files != 1 || v.People != 1 || len(v.Problems) != 1 {
		t.Errorf("%+v, %v: %s", v, err, got.stdout)
	}
}
