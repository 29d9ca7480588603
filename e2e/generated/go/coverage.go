package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// coverage is a transport that notes which operations of the document were
// answered with a success. It looks at what goes over the wire, so an operation counts only
// if the generated client really asked for it.
type coverage struct {
	operations []operation

	mu       sync.Mutex     // guards what follows
	good     map[string]int // successes, by operation id
	requests int
}

// operation is an operation of the document.
type operation struct {
	id, method, template string
	path                 *regexp.Regexp
}

var parameter = regexp.MustCompile(`\\\{[^/]+\\\}`)

func newCoverage(document string) (*coverage, error) {
	text, err := os.ReadFile(document)
	if err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	var d struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("read the document %s: %w", document, err)
	}
	c := &coverage{good: map[string]int{}}
	for template, methods := range d.Paths {
		pattern := parameter.ReplaceAllString(regexp.QuoteMeta(template), "[^/]+")
		path, err := regexp.Compile("^" + pattern + "$")
		if err != nil {
			return nil, fmt.Errorf("understand the path %s: %w", template, err)
		}
		for method, o := range methods {
			c.operations = append(c.operations, operation{o.OperationID, strings.ToUpper(method), template, path})
		}
	}
	// A path without parameters wins over one that would match it too.
	slices.SortFunc(c.operations, func(a, b operation) int {
		if n := strings.Count(a.template, "{") - strings.Count(b.template, "{"); n != 0 {
			return n
		}
		return strings.Compare(a.id, b.id)
	})
	return c, nil
}

// RoundTrip sends the request and notes its operation.
func (c *coverage) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests++
	for _, o := range c.operations {
		if resp.StatusCode < http.StatusMultipleChoices && o.method == r.Method && o.path.MatchString(r.URL.EscapedPath()) {
			c.good[o.id]++
			break
		}
	}
	return resp, nil
}

// complete is an error that names the operations nobody called.
func (c *coverage) complete() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var missing []string
	for _, o := range c.operations {
		if c.good[o.id] == 0 {
			missing = append(missing, o.id)
		}
	}
	return expect(len(c.operations) > 0 && len(missing) == 0,
		"%d operations in the document, never answered with a success: %s", len(c.operations), strings.Join(missing, ", "))
}

func (c *coverage) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return fmt.Sprintf("%d of %d operations, %d requests", len(c.good), len(c.operations), c.requests)
}
