package apitest

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// update makes Golden write what it would compare: go test ./internal/api/... -update
var update = flag.Bool("update", false, "rewrite the golden files and the generated parts of docs/compat")

// Updating reports whether the test run was asked to rewrite expected files.
func Updating() bool { return *update }

// Golden compares text with testdata/name, or rewrites the file.
func Golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if Updating() {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs at %s\nIf the change is meant, run the test with -update and review the difference.", path, firstDifference(got, want))
	}
}

func firstDifference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) {
			return "the end: got more, from " + g[i]
		}
		if g[i] != w[i] {
			return "\n got: " + g[i] + "\nwant: " + w[i]
		}
	}
	return "the end: got less"
}

// Indent makes one document readable, and keeps the order of its members.
func Indent(t *testing.T, doc []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, doc, "", "  "); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, doc)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// Oracle is what encoding/json makes of a value, with HTML escaping off.
func Oracle(t interface{ Fatalf(string, ...any) }, v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatalf("encoding/json: %v", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// KeyPaths lists where a document has members, in its order, such as
// "data[].user.id". Of an array the first element speaks for all.
func KeyPaths(t *testing.T, doc []byte) []string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(doc))
	var paths []string
	if err := walk(d, "", true, &paths); err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		t.Fatal("more than one JSON document")
	}
	return paths
}

func walk(d *json.Decoder, at string, note bool, paths *[]string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return err
			}
			path := strings.TrimPrefix(at+"."+key.(string), ".")
			if note {
				*paths = append(*paths, path)
			}
			if err := walk(d, path, note, paths); err != nil {
				return err
			}
		}
	case json.Delim('['):
		for first := true; d.More(); first = false {
			if err := walk(d, at+"[]", note && first, paths); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	_, err = d.Token() // the closing delimiter
	return err
}

// Keys is where a sample has members. Samples are cut: below some members they
// show nothing although there is something.
type Keys struct {
	paths []string
	cut   []string
}

// ReadKeys reads one path a line; " ..." after it says that the sample is cut
// there.
func ReadKeys(text string) Keys {
	var k Keys
	for line := range strings.Lines(text) {
		path, isCut := strings.CutSuffix(strings.TrimSpace(line), " ...")
		k.paths = append(k.paths, path)
		if isCut {
			k.cut = append(k.cut, path)
		}
	}
	return k
}

// Paths is every member that the sample shows.
func (k Keys) Paths() []string { return append([]string(nil), k.paths...) }

// Prune leaves out the paths below the members where the sample is cut.
func (k Keys) Prune(paths []string) []string {
	var out []string
next:
	for _, path := range paths {
		for _, cut := range k.cut {
			if strings.HasPrefix(path, cut+".") || strings.HasPrefix(path, cut+"[]") {
				continue next
			}
		}
		out = append(out, path)
	}
	return out
}
