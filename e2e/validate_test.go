package e2e

import (
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"

	"github.com/passmuster/passmuster/e2e/validate"
)

// described is the published document, read once.
var described = sync.OnceValues(func() (*validate.Document, error) {
	text, err := os.ReadFile("../docs/openapi.json")
	if err != nil {
		return nil, fmt.Errorf("reading the published document: %w", err)
	}
	return validate.Parse(text)
})

// document is the published document.
func document(t *testing.T) *validate.Document {
	t.Helper()
	d, err := described()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// undescribed is every answer of this run that the document does not describe.
// Most tests see it as an error of the request; those that expect requests to
// fail, because they kill the server, would overlook it.
var undescribed struct {
	mu   sync.Mutex
	list []error // under mu
}

func report(err error) {
	undescribed.mu.Lock()
	defer undescribed.mu.Unlock()
	undescribed.list = append(undescribed.list, err)
}

// complain says on standard error what no answer should have been, and whether
// there was anything to say.
func complain() bool {
	undescribed.mu.Lock()
	defer undescribed.mu.Unlock()
	for i, err := range undescribed.list {
		const most = 20
		if i == most {
			fmt.Fprintf(os.Stderr, "and %d more\n", len(undescribed.list)-most)
			break
		}
		fmt.Fprintln(os.Stderr, "an answer that the document does not describe:", err)
	}
	return len(undescribed.list) > 0
}

// validated lets only answers through that the document describes.
func validated(next http.RoundTripper) http.RoundTripper {
	d, err := described()
	if err != nil {
		return unreadable{err}
	}
	return &validate.Transport{Document: d, Next: next, Report: report}
}

// unreadable fails every request, because there is no document to compare with.
type unreadable struct{ err error }

// RoundTrip implements http.RoundTripper.
func (u unreadable) RoundTrip(*http.Request) (*http.Response, error) { return nil, u.err }
