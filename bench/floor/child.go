package main

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
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/passmuster/passmuster/bench/load"
	"github.com/passmuster/passmuster/internal/cli"
)

// The program starts itself again under these names, so that what is measured
// is a process of its own.
const (
	childFloor    = "child-floor"
	childProfiled = "child-profiled"
)

// serveFloor is the floor: a bare net/http server with the answers in a file.
// It ends with the context, or when its standard input does: no orphan stays
// behind when the parent dies.
func serveFloor(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) != 1 {
		return errors.New(childFloor + " wants the file of answers")
	}
	answers, err := readAnswers(args[0])
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
	server := &http.Server{Handler: floor(answers), ReadHeaderTimeout: time.Minute}
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

// floor answers prepared bytes. It does what no server of this API can leave
// out (find the answer, say its type and length, write it) and nothing else.
func floor(answers map[string][]byte) http.Handler {
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

func writeAnswers(file string, answers map[string][]byte) error {
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

func readAnswers(file string) (map[string][]byte, error) {
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

// serveProfiled is Passmuster itself, in this process, with a profiler that
// listens on standard input: "start FILE" and "stop". The product has no
// endpoint for that, and needs none.
func serveProfiled(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var listening sync.WaitGroup
	failed := make(chan error, 1)
	listening.Go(func() {
		failed <- obey(stdin)
		cancel() // the parent is gone, or has closed our input
	})
	code := cli.Run(ctx, cli.Env{Args: args, Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr, Environ: os.Environ(), Version: "profiled"})
	select {
	case err := <-failed:
		if err != nil {
			return err
		}
	default: // it still listens: the parent asked us to end by a signal
	}
	if code != 0 {
		return fmt.Errorf("passmuster ended with %d", code)
	}
	return nil
}

// obey does what the lines say until there are no more.
func obey(lines io.Reader) error {
	var file *os.File
	end := func() error {
		if file == nil {
			return nil
		}
		pprof.StopCPUProfile()
		err := file.Close()
		file = nil
		return err
	}
	for in := bufio.NewScanner(lines); in.Scan(); {
		verb, name, _ := strings.Cut(in.Text(), " ")
		if err := end(); err != nil {
			return err
		}
		if verb != "start" {
			continue
		}
		var err error
		if file, err = os.Create(name); err != nil {
			return fmt.Errorf("writing a profile: %w", err)
		}
		if err := pprof.StartCPUProfile(file); err != nil {
			return fmt.Errorf("writing a profile: %w", err)
		}
	}
	return end()
}
