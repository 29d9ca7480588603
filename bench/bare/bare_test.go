package bare

import (
	"bufio"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/bench/load"
)

// The floor writes what it was given to the requests that it was given it for,
// and ends with its standard input.
func TestServe(t *testing.T) {
	t.Parallel()
	put := load.Request{Method: "PUT", Target: "/b", Body: `{"on": true}`}
	file := filepath.Join(t.TempDir(), "answers")
	if err := Write(file, map[string][]byte{load.Get("/a?x=1").ID(): []byte(`"a"`), put.ID(): []byte(`"on"`)}); err != nil {
		t.Fatal(err)
	}
	stdin, parent := io.Pipe()
	stdout, child := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- Serve(t.Context(), []string{file}, stdin, child) }()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	target := load.Target{Address: strings.TrimPrefix(strings.TrimSpace(line), "http://")}
	for _, c := range []struct {
		request load.Request
		status  int
		body    string
	}{
		{load.Get("/a?x=1"), 200, `"a"`},
		{put, 200, `"on"`},
		{load.Get("/readyz"), 200, "ready\n"},
		{load.Get("/a"), 404, "404 page not found\n"},
		{load.Request{Method: "PUT", Target: "/b", Body: `{"on": false}`}, 404, "404 page not found\n"},
	} {
		status, body, err := load.Ask(t.Context(), target, c.request)
		if err != nil || status != c.status || string(body) != c.body {
			t.Errorf("%s: %d, %q, %v", c.request.Target, status, body, err)
		}
	}
	if err := parent.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestServeWantsAnswers(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"a", "b"}, {filepath.Join(t.TempDir(), "nothing")}} {
		if err := Serve(context.Background(), args, strings.NewReader(""), io.Discard); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
}
