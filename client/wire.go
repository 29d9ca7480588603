package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The defaults that options change.
const (
	defaultAgent   = "passmuster-client-go"
	defaultLimit   = 64 << 20 // bytes
	defaultTimeout = 90 * time.Second
	defaultRetries = 4
	defaultLongest = time.Minute // the server's own limits count by the minute
)

// wire sends requests and reads answers. It is not changed after New.
type wire struct {
	base  string        // scheme, host and path, without /public
	key   func() string // a function, so that no way of printing reaches the text
	http  http.Client
	agent string
	limit int64 // bytes of one answer
	retry retryPolicy
	wait  func(ctx context.Context, d time.Duration) error
	now   func() time.Time
}

func newWire(base, key string) *wire {
	w := &wire{
		base: base, key: func() string { return key },
		http:  http.Client{Timeout: defaultTimeout},
		agent: defaultAgent, limit: defaultLimit,
		retry: retryPolicy{most: defaultRetries, longest: defaultLongest, chance: rand.Float64},
		wait:  sleep, now: time.Now,
	}
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		w.http.Transport = t.Clone() // connections of our own, which others do not close
	}
	return w
}

// operation is one call.
type operation struct {
	method  string
	pattern string     // names the call in errors: paths hold people's addresses
	args    []string   // what stands for each {…} of the pattern, unescaped
	query   url.Values // may be nil
	body    any        // nil: none
	accept  string     // the media type of the answer; "": JSON
	mute    bool       // a success has no body
}

func (op operation) String() string { return op.method + " " + op.pattern }

// target is the path and query of the call.
func (op operation) target() string {
	var b strings.Builder
	rest := op.pattern
	for _, arg := range op.args {
		before, after, _ := strings.Cut(rest, "{")
		_, after, _ = strings.Cut(after, "}")
		b.WriteString(before + escapeSegment(arg))
		rest = after
	}
	b.WriteString(rest)
	if len(op.query) > 0 {
		b.WriteString("?" + op.query.Encode())
	}
	return b.String()
}

// escapeSegment escapes a plus too: some proxies take it for a space.
func escapeSegment(s string) string {
	return strings.ReplaceAll(url.PathEscape(s), "+", "%2B")
}

// answer is a success.
type answer struct {
	header http.Header
	body   []byte
}

// checked is an answer that can tell whether it is one: a proxy, or a server of
// another kind, may well say 200 and "{}".
type checked interface{ missing() string }

// wrongServer ends what is said of an answer that no Passmuster server gives.
const wrongServer = "is this the address of a Passmuster server?"

// call sends the operation and decodes the answer.
func call[T checked](ctx context.Context, w *wire, op operation) (T, http.Header, error) {
	var v T
	a, err := w.send(ctx, op)
	if err != nil {
		return v, nil, err
	}
	if err := json.Unmarshal(a.body, &v); err != nil {
		var none T
		return none, nil, fmt.Errorf("%s: the answer cannot be read: %w (%s)", op, err, wrongServer)
	}
	if what := v.missing(); what != "" {
		var none T
		return none, nil, fmt.Errorf("%s: the answer has no %s (%s)", op, what, wrongServer)
	}
	return v, a.header, nil
}

// tell sends an operation whose success has no body.
func tell(ctx context.Context, w *wire, op operation) error {
	op.mute = true
	_, err := w.send(ctx, op)
	return err
}

// send sends the operation, again where that is right and may help.
func (w *wire) send(ctx context.Context, op operation) (answer, error) {
	var body []byte
	if op.body != nil {
		var err error
		if body, err = json.Marshal(op.body); err != nil {
			return answer{}, fmt.Errorf("%s: encoding the body: %w", op, err)
		}
	}
	return again(ctx, w, op, func() (answer, error) { return w.attempt(ctx, op, body) })
}

// again makes attempts at the operation, as many as are right and may help.
func again[T any](ctx context.Context, w *wire, op operation, attempt func() (T, error)) (T, error) {
	for tries := 0; ; tries++ {
		v, err := attempt()
		if err == nil {
			return v, nil
		}
		var none T
		delay, repeat := w.retry.after(op.method, tries, err)
		if deadline, ok := ctx.Deadline(); !repeat || ok && w.now().Add(delay).After(deadline) {
			return none, err
		}
		if stopped := w.wait(ctx, delay); stopped != nil {
			return none, fmt.Errorf("%w, while waiting to try again after: %w", stopped, err)
		}
	}
}

// attempt sends the operation once.
func (w *wire) attempt(ctx context.Context, op operation, body []byte) (answer, error) {
	rq, err := w.request(ctx, op, body)
	if err != nil {
		return answer{}, err
	}
	resp, err := w.http.Do(rq)
	if err != nil {
		return answer{}, connectionError(ctx, op, err)
	}
	defer resp.Body.Close()
	if !op.succeeded(resp.StatusCode) {
		return answer{}, w.refusal(op, resp)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, w.limit+1))
	switch {
	case err != nil:
		return answer{}, connectionError(ctx, op, fmt.Errorf("reading the answer: %w", err))
	case int64(len(data)) > w.limit:
		return answer{}, fmt.Errorf("%s: the answer has more than %d bytes, the limit of this client (see WithResponseLimit)", op, w.limit)
	case op.mute && len(data) > 0:
		return answer{}, fmt.Errorf("%s: the answer should be empty, and is not (%s)", op, wrongServer)
	}
	return answer{resp.Header, data}, nil
}

// succeeded tells the statuses of a success: "no content" is one only where
// nothing is expected.
func (op operation) succeeded(status int) bool {
	return status == http.StatusOK || status == http.StatusCreated || status == http.StatusNoContent && op.mute
}

// request is the operation as it is sent.
func (w *wire) request(ctx context.Context, op operation, body []byte) (*http.Request, error) {
	var content io.Reader
	if body != nil {
		content = bytes.NewReader(body)
	}
	rq, err := http.NewRequestWithContext(ctx, op.method, w.base+op.target(), content)
	if err != nil {
		return nil, fmt.Errorf("%s: making the request: %w", op, bare(err))
	}
	rq.Header.Set("Authorization", "Bearer "+w.key())
	rq.Header.Set("Accept", cmp.Or(op.accept, "application/json"))
	rq.Header.Set("User-Agent", w.agent)
	if body != nil {
		rq.Header.Set("Content-Type", "application/json")
	}
	return rq, nil
}

// linkError is a failure of the connection, as opposed to a refusal: the same
// request may succeed in a moment.
type linkError struct {
	op  string
	err error
}

func (e *linkError) Error() string { return e.op + ": " + e.err.Error() }
func (e *linkError) Unwrap() error { return e.err }

// connectionError sorts out what the HTTP library reports. If the caller's own
// context ended, that is what happened, and nothing else.
func connectionError(ctx context.Context, op operation, err error) error {
	err = bare(err)
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return &linkError{op.String(), err}
}

// bare takes the URL out of an error: its path may hold a person's address.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// guardRedirects keeps the key, and changes, from going where the server points.
// A read is followed within the same scheme, host and port; anything else is
// returned as the answer that it is.
func (w *wire) guardRedirects() {
	const most = 5
	w.http.CheckRedirect = func(rq *http.Request, via []*http.Request) error {
		first := via[0]
		if first.Method != http.MethodGet || rq.URL.Scheme != first.URL.Scheme || !strings.EqualFold(rq.URL.Host, first.URL.Host) || len(via) > most {
			return http.ErrUseLastResponse
		}
		return nil
	}
}

// sleep waits, or gives the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
