package validate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// Answer is a response that was read to its end, and what it answers.
type Answer struct {
	Method string
	Path   string // still percent-encoded, without the query
	Status int
	Header http.Header
	Body   []byte
}

// Check compares an answer with the document. The error says what is not
// described.
func (d *Document) Check(a Answer) error {
	o := d.Find(a.Method, a.Path)
	if o == nil {
		return d.noOperation(a)
	}
	if err := o.check(a); err != nil {
		return fmt.Errorf("%s answers %d, which the document does not describe so: %w", o.ID, a.Status, err)
	}
	return nil
}

func (o *Operation) check(a Answer) error {
	r := o.responses[a.Status]
	if r == nil {
		return fmt.Errorf("the status is not documented, only %v are", o.Statuses())
	}
	for name, rule := range r.headers {
		if err := rule.check(a.Header.Values(name)); err != nil {
			return fmt.Errorf("the header %s %w", name, err)
		}
	}
	if len(r.content) == 0 {
		return hasNothing(a)
	}
	contentType, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	schema := r.content[contentType]
	if err != nil || schema == nil {
		return fmt.Errorf("the content type is %q", a.Header.Get("Content-Type"))
	}
	if a.Method == http.MethodHead {
		return headHasNoBody(a)
	}
	if contentType != "application/json" { // lines, of which the document says nothing but that they are text
		if !schema.Accepts(TypeString) || !utf8.Valid(a.Body) {
			return fmt.Errorf("the body is no text: %.500q", a.Body)
		}
		return nil
	}
	if err := schema.Value(a.Body); err != nil {
		return fmt.Errorf("the body: %w\n%.500s", err, a.Body)
	}
	if len(r.codes) == 0 {
		return nil
	}
	var body struct {
		Code int64 `json:"code"`
	}
	if err := json.Unmarshal(a.Body, &body); err != nil || !slices.Contains(r.codes, body.Code) {
		return fmt.Errorf("the code is %d, not one of %v", body.Code, r.codes)
	}
	return nil
}

// hasNothing checks an answer that is described without a content.
func hasNothing(a Answer) error {
	if kind := a.Header.Get("Content-Type"); len(a.Body) > 0 || kind != "" {
		return fmt.Errorf("there is a body of the type %q: %.200s", kind, a.Body)
	}
	return nil
}

func headHasNoBody(a Answer) error {
	if len(a.Body) > 0 {
		return fmt.Errorf("HEAD has a body: %.200s", a.Body)
	}
	return nil
}

func (h headerRule) check(values []string) error {
	switch {
	case len(values) == 0 && h.required:
		return errors.New("is missing")
	case len(values) == 0:
		return nil
	case len(values) > 1:
		return fmt.Errorf("is there %d times", len(values))
	}
	w := h.schema.text(values[0])
	if h.schema.Accepts(TypeInteger) {
		w = h.schema.number(values[0])
	}
	if w != nil {
		return w
	}
	return nil
}

// noOperation checks the refusal of a path or a method that the API lacks. The
// document has no place for it; its shape is that of all errors.
func (d *Document) noOperation(a Answer) error {
	if !d.below(a.Path) {
		return nil
	}
	want := http.StatusNotFound
	if d.hasPath(a.Path) {
		want = http.StatusMethodNotAllowed
	}
	if a.Status != want {
		return fmt.Errorf("%s %s is no operation of the document, and is answered %d instead of %d", a.Method, a.Path, a.Status, want)
	}
	if a.Status == http.StatusMethodNotAllowed && a.Header.Get("Allow") == "" {
		return errors.New("405 without the header Allow")
	}
	if a.Method == http.MethodHead {
		return headHasNoBody(a)
	}
	var body struct {
		Name    string `json:"name"`
		Status  int    `json:"statusCode"`
		Message string `json:"message"`
		Code    int64  `json:"code"`
		Reason  string `json:"reason"` // of our own operations alone
		Field   string `json:"field"`
	}
	decoder := json.NewDecoder(bytes.NewReader(a.Body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil || body.Status != a.Status || body.Message == "" || body.Code == 0 {
		return fmt.Errorf("%s %s: %d is not in the shape of errors: %.300s", a.Method, a.Path, a.Status, a.Body)
	}
	return nil
}

// Transport is an http.RoundTripper that hands on only what the document
// describes. Any other answer becomes an error, after Report has been told.
type Transport struct {
	Document *Document
	Next     http.RoundTripper
	Report   func(error) // may be nil; called by many goroutines
}

// RoundTrip implements http.RoundTripper. The answer is read to its end.
func (t *Transport) RoundTrip(rq *http.Request) (*http.Response, error) {
	resp, err := t.Next.RoundTrip(rq)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if closing := resp.Body.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	err = t.Document.Check(Answer{rq.Method, rq.URL.EscapedPath(), resp.StatusCode, resp.Header, body})
	if err == nil {
		return resp, nil
	}
	err = fmt.Errorf("%s %s: %w", rq.Method, strings.ToValidUTF8(rq.URL.RequestURI(), "?"), err)
	if t.Report != nil {
		t.Report(err)
	}
	return nil, err
}
