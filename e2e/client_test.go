package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// call is a request as a person would write it down. Path holds the query; its
// percent-encoding is sent as it stands.
type call struct {
	method, path, body string
}

func get(path string) call       { return call{http.MethodGet, path, ""} }
func put(path, body string) call { return call{http.MethodPut, path, body} }

func (c call) String() string {
	text := c.method + " " + c.path
	if c.body != "" {
		text += " " + c.body
	}
	const most = 200
	if len(text) > most {
		text = text[:most] + "…"
	}
	return text
}

// client sends requests with one key, and lets only answers through that the
// published document describes.
type client struct {
	url    string
	header http.Header
	http   *http.Client
}

// as gives a client with the key; an empty one sends no Authorization header.
func (s *server) as(key string) client {
	c := client{url: s.url, header: http.Header{}, http: &http.Client{
		Timeout:   patience,
		Transport: validated(&http.Transport{MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute}),
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}}
	if key != "" {
		c.header.Set("Authorization", "Bearer "+key)
	}
	return c
}

// with gives a client that sends another header too.
func (c client) with(name, value string) client {
	c.header = c.header.Clone()
	c.header.Set(name, value)
	return c
}

// try sends the request. The error is that of the connection.
func (c client) try(r call) (*answer, error) {
	var body io.Reader
	if r.body != "" {
		body = strings.NewReader(r.body)
	}
	rq, err := http.NewRequest(r.method, c.url+r.path, body)
	if err != nil {
		return nil, err
	}
	maps.Copy(rq.Header, c.header)
	if r.body != "" && rq.Header.Get("Content-Type") == "" {
		rq.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(rq)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	a := &answer{call: r, status: resp.StatusCode, header: resp.Header}
	a.body, err = io.ReadAll(resp.Body)
	return a, err
}

// do sends the request and gives the answer, whatever it is.
func (c client) do(t *testing.T, r call) *answer {
	t.Helper()
	a, err := c.try(r)
	if err != nil {
		t.Fatalf("%s: %v", r, err)
	}
	return a
}

// ok sends a request that must be answered 200, or 201 where it makes something.
func (c client) ok(t *testing.T, r call) *answer {
	t.Helper()
	want := http.StatusOK
	if r.method == http.MethodPost {
		want = http.StatusCreated
	}
	a := c.do(t, r)
	if a.status != want {
		t.Fatalf("%s: %d, want %d\n%s", r, a.status, want, a.body)
	}
	return a
}

// get reads a path that must be answered 200.
func (c client) get(t *testing.T, path string) *answer {
	t.Helper()
	return c.ok(t, get(path))
}

// put changes something that must be answered 200.
func (c client) put(t *testing.T, path, body string) *answer {
	t.Helper()
	return c.ok(t, put(path, body))
}

// refused sends a request that must be answered with an error of our shape.
func (c client) refused(t *testing.T, r call, status int) *answer {
	t.Helper()
	a := c.do(t, r)
	if a.status != status {
		t.Errorf("%s: %d, want %d\n%.300s", r, a.status, status, a.body)
		return a
	}
	a.checkError(t)
	return a
}

// answer is a response that was read to its end.
type answer struct {
	call   call
	status int
	header http.Header
	body   []byte
	parsed any
}

// json is the body, with numbers as json.Number.
func (a *answer) json(t *testing.T) any {
	t.Helper()
	v, err := a.parse()
	if err != nil {
		t.Fatalf("%s: the answer is not JSON: %v\n%.300s", a.call, err, a.body)
	}
	return v
}

// parse is json for other goroutines than the test's.
func (a *answer) parse() (any, error) {
	if a.parsed == nil {
		d := json.NewDecoder(bytes.NewReader(a.body))
		d.UseNumber()
		if err := d.Decode(&a.parsed); err != nil {
			return nil, err
		}
	}
	return a.parsed, nil
}

// at is what stands at a path of members and indices, such as "data.0.user.id";
// a member that is not there fails the test.
func (a *answer) at(t *testing.T, path string) any {
	t.Helper()
	v, err := dig(a.json(t), path)
	if err != nil {
		t.Fatalf("%s: %v\n%.500s", a.call, err, a.body)
	}
	return v
}

// text is a text at a path.
func (a *answer) text(t *testing.T, path string) string {
	t.Helper()
	s, ok := a.at(t, path).(string)
	if !ok {
		t.Fatalf("%s: %s is %v, not a text", a.call, path, a.at(t, path))
	}
	return s
}

// int is a number at a path.
func (a *answer) int(t *testing.T, path string) int64 {
	t.Helper()
	return asInt(t, a.at(t, path))
}

// list is an array at a path.
func (a *answer) list(t *testing.T, path string) []any {
	t.Helper()
	l, ok := a.at(t, path).([]any)
	if !ok {
		t.Fatalf("%s: %s is %v, not a list", a.call, path, a.at(t, path))
	}
	return l
}

// page is a page of a list as far as the lists are compared.
type page struct {
	Data []struct {
		ID int64 `json:"id"`
	} `json:"data"`
	Page  int64 `json:"page"`
	Limit int64 `json:"limit"`
	Total int64 `json:"total"`
}

// page reads the answer as a page, without looking into its records.
func (a *answer) page(t *testing.T) page {
	t.Helper()
	var p page
	if err := json.Unmarshal(a.body, &p); err != nil || p.Data == nil {
		t.Fatalf("%s: not a list: %v\n%.300s", a.call, err, a.body)
	}
	return p
}

// ids is the ids of the records in data.
func (a *answer) ids(t *testing.T) []int64 {
	t.Helper()
	ids := []int64{}
	for _, r := range a.page(t).Data {
		ids = append(ids, r.ID)
	}
	return ids
}

// same compares what stands at a path with a value as Go prints it; null is
// <nil>.
func (a *answer) same(t *testing.T, path string, want any) {
	t.Helper()
	if got := fmt.Sprint(a.at(t, path)); got != fmt.Sprint(want) {
		t.Errorf("%s: %s is %s, want %v", a.call, path, got, want)
	}
}

func asInt(t *testing.T, v any) int64 {
	t.Helper()
	n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	if err != nil {
		t.Fatalf("%v is not an integer", v)
	}
	return n
}

// member is what stands at a path within a value.
func member(t *testing.T, v any, path string) any {
	t.Helper()
	got, err := dig(v, path)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func dig(v any, path string) (any, error) {
	for step := range strings.SplitSeq(path, ".") {
		switch node := v.(type) {
		case map[string]any:
			next, ok := node[step]
			if !ok {
				return nil, fmt.Errorf("%s: there is no member %q", path, step)
			}
			v = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(node) {
				return nil, fmt.Errorf("%s: there is no element %q among %d", path, step, len(node))
			}
			v = node[i]
		default:
			return nil, fmt.Errorf("%s: %q is asked of %v", path, step, node)
		}
	}
	return v, nil
}

// checkError checks that the body is an error exactly as the API promises it.
func (a *answer) checkError(t *testing.T) {
	t.Helper()
	body, ok := a.json(t).(map[string]any)
	if !ok {
		t.Errorf("%s: the error is not an object: %.300s", a.call, a.body)
		return
	}
	want := []string{"code", "message", "statusCode"}
	named := slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict}, a.status)
	if named && strings.HasPrefix(a.call.path, "/public/v2/") {
		want = []string{"code", "message", "name", "statusCode"}
	}
	var got []string
	for name := range body {
		got = append(got, name)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %d has the members %v, want %v", a.call, a.status, got, want)
		return
	}
	a.same(t, "statusCode", a.status)
	a.int(t, "code")
	if a.text(t, "message") == "" {
		t.Errorf("%s: %d without a message", a.call, a.status)
	}
	if got := a.header.Get("Content-Type"); got != "application/json; charset=utf-8" && got != "application/json" {
		t.Errorf("%s: %d is of type %q", a.call, a.status, got)
	}
	if a.header.Get("X-Request-Id") == "" {
		t.Errorf("%s: %d has no request id", a.call, a.status)
	}
}
