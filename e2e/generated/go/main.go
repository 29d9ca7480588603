// Command walk is a stranger's program: it uses the client that ogen makes from
// docs/openapi.json to read every list and record of a running demo company
// and to make every change, and fails when an answer is not what the document says.
//
// It may depend on the standard library and on the generated package wire, which
// exists only where .ci/generated put it. It must never import another package
// of this project, or it would know more than the document tells.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/passmuster/passmuster/e2e/generated/go/wire"
)

// patience is how long one request may take.
const patience = 30 * time.Second

func main() {
	url := flag.String("url", "", "where the server is, such as http://127.0.0.1:8080")
	document := flag.String("document", "", "the OpenAPI document that the client was made from")
	flag.Parse()
	began := time.Now()
	w, err := newWalk(*url, *document, os.Getenv("KEY"))
	if err == nil {
		err = w.all(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "go:", err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stdout, "go: %s, %.1f s\n", w.seen, time.Since(began).Seconds())
}

// key is an API key as the generated client asks for it.
type key string

// ApiKey gives the key for every operation.
func (k key) ApiKey(context.Context, wire.OperationName) (wire.ApiKey, error) { //nolint:revive // the generator names it after the document's security scheme
	return wire.ApiKey{Token: string(k)}, nil
}

// walk is one walk over all operations.
type walk struct {
	client   *wire.Client
	stranger *wire.Client // with a key that nobody made
	seen     *coverage
}

func newWalk(url, document, secret string) (*walk, error) {
	if url == "" || document == "" || secret == "" {
		return nil, fmt.Errorf("needs -url, -document and an API key in KEY: run `make generated`")
	}
	seen, err := newCoverage(document)
	if err != nil {
		return nil, err
	}
	recording := wire.WithClient(&http.Client{Transport: seen, Timeout: patience})
	client, err := wire.NewClient(url, key(secret), recording)
	if err != nil {
		return nil, fmt.Errorf("make a client: %w", err)
	}
	stranger, err := wire.NewClient(url, key("not-a-key"), recording)
	if err != nil {
		return nil, fmt.Errorf("make a client without a key: %w", err)
	}
	return &walk{client: client, stranger: stranger, seen: seen}, nil
}

// all reads everything, changes something with every operation that can, meets
// some refusals, and reads everything again: an answer has to be what the
// document says after a change too.
func (w *walk) all(ctx context.Context) error {
	for _, part := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"read", w.read},
		{"change personnel", w.changePersonnel},
		{"change accounts", w.changeAccounts},
		{"change compliance", w.changeCompliance},
		{"change users", w.changeUsers},
		{"change devices", w.changeDevices},
		{"be refused", w.refused},
		{"read again", w.read},
	} {
		if err := part.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return w.seen.complete()
}

// as gives an answer as the variant that the caller expects. Any other documented
// variant, a refusal for instance, is an error; so is what no variant describes.
func as[T any](answer any, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	got, ok := answer.(*T)
	if !ok {
		return nil, fmt.Errorf("answered %T %+v, want %T", answer, answer, got)
	}
	return got, nil
}

// expect is an error unless the condition holds.
func expect(holds bool, format string, args ...any) error {
	if holds {
		return nil
	}
	return fmt.Errorf(format, args...)
}
