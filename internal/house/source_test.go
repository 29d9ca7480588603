// Package house holds the conventions of the code base as tests: which package
// may import which, which third-party module stands where and why, what a
// package comment says, how long a file may be, and what nobody writes at all.
//
// It has tests only. It may depend on the standard library; it reads the whole
// checkout and nothing outside it. It must never learn an exception without a
// name and a reason, and never judge what a linter already judges better.
//
// Each rule is a function from a tree of sources to complaints. One test runs it
// over the checkout; another gives it a small tree that breaks the rule, because
// a guard that never barks is not known to be awake.
package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the import path of the project.
const module = "github.com/passmuster/passmuster"

// source is one file of the checkout.
type source struct {
	path string // from the root, with slashes
	text []byte
	ast  *ast.File // nil for what is not Go
	fset *token.FileSet
}

// tree is a checkout, in the order of paths.
type tree []source

// dir is the folder of the file, "." for the root.
func (s source) dir() string { return path.Dir(s.path) }

// isTest tells code that only runs in tests: test files, and packages that are
// named after what they help to test, like storetest.
func (s source) isTest() bool {
	return strings.HasSuffix(s.path, "_test.go") || isTestSupport(s.dir())
}

func isTestSupport(dir string) bool {
	base := path.Base(dir)
	return strings.HasSuffix(base, "test") && base != "test"
}

// at names a place for a person to click on.
func (s source) at(pos token.Pos) string {
	p := s.fset.Position(pos)
	return s.path + ":" + strconv.Itoa(p.Line)
}

// imports lists the import paths of a Go file.
func (s source) imports() []string {
	if s.ast == nil {
		return nil
	}
	list := make([]string, len(s.ast.Imports))
	for i, spec := range s.ast.Imports {
		list[i] = strings.Trim(spec.Path.Value, `"`)
	}
	return list
}

// newSource parses one file.
func newSource(name string, text []byte) (source, error) {
	s := source{path: name, text: text, fset: token.NewFileSet()}
	if path.Ext(name) != ".go" || strings.Contains("/"+name, "/testdata/") {
		return s, nil
	}
	file, err := parser.ParseFile(s.fset, name, text, parser.ParseComments)
	s.ast = file
	return s, err
}

// checkout reads every text file that is or could be checked in.
func checkout(t *testing.T) tree {
	t.Helper()
	var files tree
	root := os.DirFS(filepath.Join("..", ".."))
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", "bin", "node_modules"}, entry.Name()):
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		text, err := fs.ReadFile(root, name)
		// Git's own rule: a zero byte near the start makes a file binary.
		if err != nil || bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
			return err
		}
		s, err := newSource(name, text)
		files = append(files, s)
		return err
	})
	if err != nil {
		t.Fatalf("read the checkout: %v", err)
	}
	if !slices.ContainsFunc(files, func(s source) bool { return s.path == "go.mod" }) {
		t.Fatal("the checkout has no go.mod: is this test in its place?")
	}
	return files
}

// small makes a tree out of path and text pairs.
func small(t *testing.T, pairs ...string) tree {
	t.Helper()
	var files tree
	for pair := range slices.Chunk(pairs, 2) {
		s, err := newSource(pair[0], []byte(pair[1]))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, s)
	}
	return files
}

// expectNone reports every complaint about the checkout.
func expectNone(t *testing.T, complaints []string) {
	t.Helper()
	for _, c := range complaints {
		t.Error(c)
	}
}

// expectAll wants one complaint for each part, in order, holding that part.
func expectAll(t *testing.T, complaints []string, parts ...string) {
	t.Helper()
	if len(complaints) != len(parts) {
		t.Fatalf("%d complaints, want %d:\n%s", len(complaints), len(parts), strings.Join(complaints, "\n"))
	}
	for i, part := range parts {
		if !strings.Contains(complaints[i], part) {
			t.Errorf("complaint %q, want one with %q", complaints[i], part)
		}
	}
}
