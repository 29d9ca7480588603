package fuzz

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/e2e/validate"
)

func world(t *testing.T) World {
	t.Helper()
	text, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := validate.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return World{
		Document: d, Good: "good", Bad: map[string]string{"garbage": "nonsense"}, Weak: func(string) string { return "weak" },
		Highest: 300, Cursor: "cursor", Sourced: 1, Alone: 2,
	}
}

// A case can be made again from the seed and its number alone, in any order.
func TestCasesAreRepeatable(t *testing.T) {
	t.Parallel()
	a, b, other := New(7, world(t)), New(7, world(t)), New(8, world(t))
	different := 0
	for n := 300; n >= 0; n-- {
		if x, y := a.Case(n), b.Case(n); !reflect.DeepEqual(x, y) {
			t.Errorf("case %d is %q and then %q", n, x.Steps[0].What, y.Steps[0].What)
		}
		if !reflect.DeepEqual(a.Case(n), other.Case(n)) {
			different++
		}
		if n%100 == 0 { // a generator that has made nothing yet
			if x, y := a.Case(n), New(7, world(t)).Case(n); !reflect.DeepEqual(x, y) {
				t.Errorf("case %d of a new generator is another one", n)
			}
		}
	}
	if different == 0 {
		t.Error("another seed gives the same cases")
	}
}

// Every parameter, field and status of the document is tried.
func TestEverythingIsTried(t *testing.T) {
	t.Parallel()
	w := world(t)
	g := New(1, w)
	tried := map[string]bool{}
	for n := range g.Trials() * 8 / 5 {
		if n%8 < 5 {
			what := g.Case(n).Steps[0].What
			name, _, _ := strings.Cut(what, ": ")
			tried[name] = true
			field, _, _ := strings.Cut(strings.TrimPrefix(what, name+": "), " is ")
			tried[name+": "+field] = true
		}
	}
	for _, o := range w.Document.Operations() {
		wanted := []string{o.ID, o.ID + " body", o.ID + " key"}
		for _, p := range o.Parameters {
			wanted = append(wanted, o.ID+" "+p.Name)
		}
		if o.Body != nil {
			for _, name := range o.Body.Members() {
				wanted = append(wanted, o.ID+" body: "+name)
			}
		}
		for _, name := range wanted {
			if !tried[name] {
				t.Errorf("%s is never tried", name)
			}
		}
	}
}

// faulty is a server with one fault.
func faulty(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "1")
		w.Header().Set("Content-Type", "application/json")
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func refuse(w http.ResponseWriter, status, code int) {
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"statusCode": status, "message": "no", "code": code}) //nolint:errcheck // the client has gone
}

// The fuzzer is awake: it finds a server's own faults, answers that are not
// described, statuses that cannot be, and whatever follows an answer.
func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		says   string
	}{
		{"an error of its own", func(w http.ResponseWriter, _ *http.Request) { refuse(w, 500, 10010) }, "is answered 500"},
		{"an undocumented status", func(w http.ResponseWriter, _ *http.Request) { refuse(w, 418, 1) }, "not documented"},
		{"a code of another status", func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, 10020) }, "is 10020"},
		{"one refusal for all", func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, native) {
				refuse(w, 403, 12300)
				return
			}
			w.WriteHeader(http.StatusForbidden)                                                          // our own refusals say why
			io.WriteString(w, `{"statusCode":403,"message":"no","code":12300,"reason":"scope_missing"}`) //nolint:errcheck // the client has gone
		}, "not [400]"},
		{"a panic", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "reading the answer"},
		{"an answer with something behind it", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			defer conn.Close()
			io.WriteString(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\n") //nolint:errcheck // the client has gone
			io.Copy(io.Discard, conn)                                                                            //nolint:errcheck // until it goes
		}, "is followed by"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := New(1, world(t))
			r := g.Run(t.Context(), Options{Address: faulty(t, c.answer), Count: 60})
			found := slices.ContainsFunc(r.Failures, func(f Failure) bool { return strings.Contains(f.Problem, c.says) })
			if !found {
				t.Errorf("%d requests, and no failure says %q: %v", r.Requests, c.says, r.Failures)
			}
			for _, f := range r.Failures {
				if text := f.Error(); !strings.Contains(text, "seed 1") || !strings.Contains(text, "curl ") {
					t.Errorf("the failure cannot be repeated: %s", text)
				}
			}
		})
	}
}

// A command line that a failure prints sends what the fuzzer has sent.
func TestCurlRepeats(t *testing.T) {
	t.Parallel()
	type sent struct{ Method, Target, Key, Type, Body string }
	got := make(chan sent, 1)
	address := faulty(t, func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- sent{r.Method, r.RequestURI, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), string(body)}
	})
	for _, r := range []Request{
		{Method: http.MethodGet, Target: "/public/personnel?q='%27[0]{a,b}&x=$HOME", Key: "good"},
		{Method: http.MethodGet, Target: "/public/./personnel/../users//1", Key: "other 'quoted'"},
		{
			Method: http.MethodPut, Target: "/a", Key: "good", Header: []Field{{"Content-Type", "application/json"}},
			Body: []byte("{\"a\":\"\x00\xff%s\\n'é\r\n\"}"),
		},
		{Method: http.MethodPut, Target: "/a", Key: "good", Header: []Field{{"Content-Type", "text/plain"}}, Chunked: true, Body: []byte("x")},
	} {
		script := "KEY=good URL=http://" + address + "; " + r.Curl("good")
		if out, err := exec.CommandContext(t.Context(), "bash", "-c", script).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
		want := sent{r.Method, r.Target, "Bearer " + r.Key, "", string(r.Body)}
		for _, f := range r.Header {
			want.Type = f.Value
		}
		if s := <-got; s != want {
			t.Errorf("%s\n got %q\nwant %q", script, s, want)
		}
	}
}

// What is sent is HTTP, with the body that was meant.
func TestBytes(t *testing.T) {
	t.Parallel()
	got := make(chan string, 1)
	address := faulty(t, func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- r.Method + " " + r.RequestURI + " " + string(body)
	})
	long := strings.Repeat("x", 2*chunk+1)
	for _, r := range []Request{
		{Method: http.MethodGet, Target: "/a"},
		{Method: http.MethodPut, Target: "/a"},
		{Method: http.MethodPut, Target: "/a?" + url.QueryEscape("ö"), Body: []byte(long)},
		{Method: http.MethodPut, Target: "/a", Body: []byte(long), Chunked: true},
		{Method: http.MethodPut, Target: "/a", Unmeasured: true},
	} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write(r.bytes(address)); err != nil {
			t.Fatal(err)
		}
		if s, want := <-got, r.Method+" "+r.Target+" "+string(r.Body); s != want {
			t.Errorf("got %.100q, want %.100q", s, want)
		}
		conn.Close()
	}
}
