// Package bare is the floor: the least that a server of this API could do,
// which is to find prepared bytes and write them. It may depend on the load
// driver, for what tells requests apart, and the standard library. It must never
// grow a feature: what it does is what everything else is divided by.
package bare

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/passmuster/passmuster/bench/load"
)

// Serve is the floor: a bare net/http server with the answers in a file, which
// is the one argument. It prints its URL, and ends with the context, or when its standard input does: no orphan stays
// behind when the parent dies.
func Serve(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) != 1 {
		return errors.New("the floor wants the file of answers")
	}
	answers, err := read(args[0])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, stdin)
		cancel()
	}()
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	server := &http.Server{Handler: handler(answers), ReadHeaderTimeout: time.Minute}
	fmt.Fprintf(stdout, "http://%s\n", listener.Addr())
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return server.Close()
	}
}

// handler answers prepared bytes. It does what no server of this API can leave
// out (find the answer, say its type and length, write it) and nothing else.
func handler(answers map[string][]byte) http.Handler {
	gets := map[string][]byte{}
	for id, body := range answers {
		if target, ok := strings.CutPrefix(id, http.MethodGet+" "); ok {
			gets[strings.TrimSuffix(target, "\n")] = body
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body []byte
		var ok bool
		switch {
		case r.RequestURI == "/readyz":
			body, ok = []byte("ready\n"), true
		case r.Method == http.MethodGet:
			body, ok = gets[r.RequestURI]
		default:
			sent, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
			if err != nil {
				http.Error(w, "the body cannot be read", http.StatusBadRequest)
				return
			}
			body, ok = answers[load.Request{Method: r.Method, Target: r.RequestURI, Body: string(sent)}.ID()]
		}
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h["Content-Type"] = jsonType
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
		_, _ = w.Write(body)
	})
}

var jsonType = []string{"application/json; charset=utf-8"}

// Write keeps answers, by [load.Request.ID], in a file for [Serve].
func Write(file string, answers map[string][]byte) error {
	f, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("keeping the answers for the floor: %w", err)
	}
	w := bufio.NewWriter(f)
	err = json.NewEncoder(w).Encode(answers)
	if err := errors.Join(err, w.Flush(), f.Close()); err != nil {
		return fmt.Errorf("keeping the answers for the floor: %w", err)
	}
	return nil
}

func read(file string) (map[string][]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("reading the floor's answers: %w", err)
	}
	defer f.Close()
	var answers map[string][]byte
	if err := json.NewDecoder(bufio.NewReader(f)).Decode(&answers); err != nil {
		return nil, fmt.Errorf("reading the floor's answers: %w", err)
	}
	return answers, nil
}
