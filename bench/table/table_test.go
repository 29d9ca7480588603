package main

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// The run that is checked in stands for both.
func TestTable(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "results", "2026-11-21-before-roster.json")
	var out bytes.Buffer
	if err := run([]string{file, file}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| CPU µs a request, 100,000 people | before | now | ÷ floor | now, PostgreSQL |\n|---|---:|---:|---:|---:|\n",
		"| get by id, warm | 1,312 | 1,312 | **60.9×** | 2,152 |\n",
		"4 connections. Before: 2026-11-21, 2 cores, on a machine that was not quiet.",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

func TestTableIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "results", "2026-11-21-before-roster.json")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"one file":         {[]string{file}, "want two files"},
		"no file":          {[]string{file, "nothing.json"}, "no such file"},
		"not a run":        {[]string{file, "table_test.go"}, "reading table_test.go"},
		"another size":     {[]string{"-people", "7", file, file}, "no figures at 7 people"},
		"other connection": {[]string{"-connections", "5", file, file}, "5 connections"},
	} {
		if err := run(c.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
	}
}
