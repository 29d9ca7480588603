package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// canary is the key of these tests; it must show nowhere but in a header.
const canary = "pmk_canary0123456789"

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://muster.example.com":                  "https://muster.example.com",
		" https://muster.example.com/ ":               "https://muster.example.com",
		"http://127.0.0.1:8080/public":                "http://127.0.0.1:8080",
		"https://example.com/muster/public/":          "https://example.com/muster",
		"https://example.com/a%20b":                   "https://example.com/a%20b",
		"http://[::1]:8080":                           "http://[::1]:8080",
		"":                                            "must be a whole URL",
		"muster.example.com":                          "must be a whole URL",
		"muster.example.com:8080":                     "must be a whole URL",
		"ftp://muster.example.com":                    "must be a whole URL",
		"http://":                                     "must be a whole URL",
		"https://:8080":                               "must be a whole URL",
		"https://joe:hunter2@muster.example.com":      "must not have a user or password",
		"https://joe:hunter2@muster.example.com:port": "is not a URL",
		"https://muster.example.com?x=1":              "must end before any ?",
		"https://muster.example.com#x":                "must end before any ?",
		"https://muster.example.com/%zz":              "is not a URL",
	} {
		c, err := New(address, canary)
		switch {
		case err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2")):
			t.Errorf("New(%q): %v, want %q", address, err, want)
		case err == nil && c.wire.base != want:
			t.Errorf("New(%q) has the base %q, want %q", address, c.wire.base, want)
		}
	}
}

func TestWhatNewRefuses(t *testing.T) {
	t.Parallel()
	const address = "https://muster.example.com"
	for name, c := range map[string]struct {
		key  string
		opt  Option
		want string
	}{
		"no key":            {"", nil, "key create"},
		"a line break":      {canary + "\n", nil, "give the key alone"},
		"a space":           {"Bearer " + canary, nil, "give the key alone"},
		"another alphabet":  {canary + "é", nil, "give the key alone"},
		"no HTTP client":    {canary, WithHTTPClient(nil), "is nil"},
		"negative retries":  {canary, WithRetries(-1, 0), "negative"},
		"negative wait":     {canary, WithRetries(1, -1), "negative"},
		"no room":           {canary, WithResponseLimit(0), "1 or more"},
		"a header in agent": {canary, WithUserAgent("a\r\nX: y"), "printable"},
	} {
		opts := []Option{}
		if c.opt != nil {
			opts = append(opts, c.opt)
		}
		_, err := New(address, c.key, opts...)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), canary) {
			t.Errorf("%s: %v, want %q without the key", name, err, c.want)
		}
	}
}

// fake is a server that the test writes, and a client of it that does not wait.
type fake struct {
	*Client
	url   string
	waits []time.Duration
}

func newFake(t *testing.T, h http.HandlerFunc, opts ...Option) *fake {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return newFakeOf(t, server.URL, opts...)
}

func newFakeOf(t *testing.T, url string, opts ...Option) *fake {
	t.Helper()
	c, err := New(url, canary, opts...)
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{Client: c, url: url}
	c.wire.retry.chance = func() float64 { return 0 }
	c.wire.wait = f.wait
	return f
}

// reply writes JSON with a status.
func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write([]byte(body)) //nolint:errcheck // the test sees what arrives
}

func TestRequestsAreAsTheAPIWantsThem(t *testing.T) {
	t.Parallel()
	var got *http.Request
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Clone(t.Context())
		if r.URL.Path == "/public/personnel" {
			reply(w, http.StatusOK, `{"data":[]}`)
			return
		}
		reply(w, http.StatusOK, `{"id":7}`)
	}, WithUserAgent("report/1.2"))
	ctx := t.Context()
	for _, c := range []struct {
		call func() error
		want string
		body bool
	}{
		{func() error { _, err := f.Personnel.GetByEmail(ctx, "a+b/c?d@example.com"); return err }, "GET /public/personnel/a%2Bb%2Fc%3Fd@example.com/email", false},
		{func() error {
			_, err := f.UsersV2.GetByEmail(ctx, "ä@example.com", ExpandRoles, ExpandPersonnel)
			return err
		}, "GET /public/v2/users/email:%C3%A4@example.com?expand%5B%5D=roles&expand%5B%5D=personnel", false},
		{func() error {
			_, err := f.Personnel.List(ctx, PersonnelListParams{Q: "ü & +", GroupIDs: []GroupID{1, 2}})
			return err
		}, "GET /public/personnel?groupIds=1&groupIds=2&q=%C3%BC+%26+%2B", false},
		{func() error { _, err := f.Personnel.ResetSyncAll(ctx); return err }, "PUT /public/personnel/all/reset-sync", false},
		{func() error { _, err := f.Personnel.ResetSyncSome(ctx); return err }, "PUT /public/personnel/some/reset-sync", true},
		{func() error { _, err := f.Infrastructure.Disconnect(ctx, 3); return err }, "PUT /public/user-identities/infrastructure/3/connect", true},
	} {
		if err := c.call(); err != nil {
			t.Errorf("%s: %v", c.want, err)
			continue
		}
		if line := got.Method + " " + got.RequestURI; line != c.want {
			t.Errorf("sent %s, want %s", line, c.want)
		}
		if got.Header.Get("Authorization") != "Bearer "+canary || got.Header.Get("User-Agent") != "report/1.2" || got.Header.Get("Accept") != "application/json" {
			t.Errorf("%s: headers %v", c.want, got.Header)
		}
		if typed := got.Header.Get("Content-Type") != ""; typed != c.body || c.body != (got.ContentLength > 0) {
			t.Errorf("%s: Content-Type %q, length %d", c.want, got.Header.Get("Content-Type"), got.ContentLength)
		}
	}
}

func TestWhatIsAskedForWrongIsNotSent(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("sent %s", r.RequestURI) })
	last := Date("2024-06-30")
	_, contradiction := f.Personnel.SetContractDates(t.Context(), 1, ContractDates{StartDate: "2020-01-01", SeparationDate: &last, ClearSeparationDate: true})
	_, noEmail := f.Personnel.GetByEmail(t.Context(), "someone")
	_, noName := f.UsersV2.GetByEmail(t.Context(), "@example.com")
	for _, err := range []error{contradiction, noEmail, noName} {
		if err == nil || strings.Contains(err.Error(), "someone") {
			t.Errorf("%v", err)
		}
	}
}

// Where nothing is left to show, nothing is what a success has to say: a page
// that something in between made has deleted no document.
func TestAnswersWithoutABody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		body   string
		want   string // "": a success
	}{
		{http.StatusOK, ``, ""},
		{http.StatusNoContent, ``, ""},
		{http.StatusOK, `<html>Please sign in</html>`, "should be empty"},
		{http.StatusOK, `{"id":7}`, "should be empty"},
		{http.StatusAccepted, ``, "202"},
	} {
		f := newFake(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, c.status, c.body) })
		ctx := t.Context()
		for name, err := range map[string]error{
			"a user's document":   f.Users.DeleteDocument(ctx, 1, 2),
			"a device's document": f.Devices.DeleteDocument(ctx, 1),
			"a training":          f.Compliance().DeleteTraining(ctx, 1, 2),
			"a group":             f.Compliance().DeleteGroup(ctx, 1),
			"members":             f.Compliance().ChangeMembers(ctx, 1, nil, []PersonnelID{2}),
		} {
			switch {
			case c.want == "" && err != nil:
				t.Errorf("%s, %d %q: %v", name, c.status, c.body, err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%s, %d %q: %v, want %q", name, c.status, c.body, err, c.want)
			}
		}
		if _, err := f.Users.AddDocument(ctx, 1, DocumentSecTraining, "", Upload{Name: "a.pdf", Content: []byte("%PDF")}); c.body == "" && err == nil {
			t.Errorf("%d without a body is a document that was added", c.status)
		}
	}
}

// What is not an answer of the API is never taken for an empty one.
func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		``:                            "cannot be read",
		`<html>Please sign in</html>`: "cannot be read",
		`{"id":1`:                     "cannot be read",
		`{"id":1} {"id":2}`:           "cannot be read",
		`{"id":"1"}`:                  "cannot be read",
		`[]`:                          "cannot be read",
		`null`:                        "has no id",
		`{}`:                          "has no id",
		`{"user":{"id":1}}`:           "has no id",
	} {
		f := newFake(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, body) })
		p, err := f.Personnel.Get(t.Context(), 1)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "Passmuster server?") || p.ID != 0 {
			t.Errorf("%q: %+v, %v, want %q", body, p, err, want)
		}
	}
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, `{"data":null,"total":0}`) })
	if _, err := f.Infrastructure.List(t.Context(), AccountListParams{}); err == nil || !strings.Contains(err.Error(), "has no data") {
		t.Errorf("a list without data: %v", err)
	}
	if _, err := f.UsersV2.List(t.Context(), UserV2ListParams{}); err == nil || !strings.Contains(err.Error(), "has no data") {
		t.Errorf("a list without data: %v", err)
	}
}

func TestTheKeyIsNeverShown(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/public/personnel/1":
			w.Header().Set("X-Request-Id", canary+" "+canary)
			reply(w, http.StatusBadRequest, `{"statusCode":400,"name":"`+canary+`","message":"you sent `+canary+`","code":10020}`)
		case "/public/personnel/2":
			w.Header().Set("Location", "https://"+canary+".example.com/x")
			w.WriteHeader(http.StatusFound)
		default:
			reply(w, http.StatusOK, `{"id":"`+canary+`"}`)
		}
	})
	c := f.Client
	shown := []any{c, *c, c.Personnel, *c.Personnel, c.Infrastructure, c.VersionControl, c.Users, c.UsersV2, *c.UsersV2, []any{c, *c}}
	for id := range PersonnelID(3) {
		_, err := c.Personnel.Get(t.Context(), id+1)
		if err == nil {
			t.Fatalf("personnel %d is found", id+1)
		}
		shown = append(shown, err)
	}
	closed := newFakeOf(t, "http://127.0.0.1:0", WithRetries(0, 0))
	_, err := closed.Personnel.GetByEmail(t.Context(), "jane@example.com")
	if err == nil || strings.Contains(err.Error(), "jane") {
		t.Errorf("an error of the connection is %v, want one without the address of the person", err)
	}
	shown = append(shown, err)
	var log strings.Builder
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	for _, v := range shown {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t", "%p"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) {
				t.Errorf("%s of a %T shows the key: %s", verb, v, text)
			}
		}
		logger.Info("shown", "value", v)
		if text, err := json.Marshal(v); err == nil && strings.Contains(string(text), canary) {
			t.Errorf("JSON of a %T shows the key: %s", v, text)
		}
	}
	if strings.Contains(log.String(), canary) {
		t.Errorf("the log shows the key: %s", &log)
	}
	if text := fmt.Sprint(c); text != "Passmuster at "+f.url {
		t.Errorf("a client prints as %q", text)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	const notOfThisAPI = ", with an answer that is not of this API: something in between, or a server of another kind, gave it"
	for _, c := range []struct {
		status int
		body   string
		want   Error
		is     func(error) bool
	}{
		{400, `{"statusCode":400,"message":"limit must be from 1 to 50","code":10020}`, Error{Code: 10020, Message: "limit must be from 1 to 50"}, IsBadRequest},
		{401, `{"statusCode":401,"message":"revoked","code":10000}`, Error{Code: 10000, Message: "revoked"}, IsUnauthorized},
		{402, `{"statusCode":402,"message":"plan","code":10740}`, Error{Code: 10740, Message: "plan"}, IsNotInPlan},
		{403, `{"statusCode":403,"message":"scope","code":12300}`, Error{Code: 12300, Message: "scope"}, IsForbidden},
		{404, `{"name":"NotFoundException","statusCode":404,"message":"no","code":10290}`, Error{Name: "NotFoundException", Code: 10290, Message: "no"}, IsNotFound},
		{409, `{"statusCode":409,"message":["a","b"],"code":10200}`, Error{Code: 10200, Message: "a; b"}, IsConflict},
		{412, `{"statusCode":412,"message":"line\n\u001b[2Jbreak","code":10340}`, Error{Code: 10340, Message: "line \uFFFD[2Jbreak"}, IsTermsNotAccepted},
		{500, `{"statusCode":500,"message":"Internal server error","code":10010}`, Error{Code: 10010, Message: "Internal server error"}, nil},
		{404, `<html>`, Error{Message: "not found" + notOfThisAPI}, IsNotFound},
		{404, `{"message":{"deep":1},"code":7}`, Error{Code: 7, Message: "not found" + notOfThisAPI}, IsNotFound},
		{413, strings.Repeat("x", 1<<17), Error{Message: "request entity too large" + notOfThisAPI}, nil},
		{204, ``, Error{Message: "no content" + notOfThisAPI}, nil},
	} {
		f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Request-Id", "abc-1")
			reply(w, c.status, c.body)
		})
		_, err := f.Users.Get(t.Context(), 1)
		var got *Error
		if !errors.As(fmt.Errorf("reporting: %w", err), &got) {
			t.Errorf("%d %.40s: %v, want an Error", c.status, c.body, err)
			continue
		}
		want := c.want
		want.StatusCode, want.RequestID, want.Operation = c.status, "abc-1", "GET /public/users/{id}"
		if *got != want {
			t.Errorf("%d %.40s:\n got %+v\nwant %+v", c.status, c.body, *got, want)
		}
		if c.is != nil && !c.is(err) || IsTooManyRequests(err) || StatusOf(err) != c.status {
			t.Errorf("%d is not told from the error", c.status)
		}
	}
	if StatusOf(nil) != 0 || IsNotFound(errors.New("404")) {
		t.Error("an error that is no refusal has a status")
	}
	line := (&Error{StatusCode: 404, Code: 10310, Message: "no 7", RequestID: "abc", Operation: "GET /x"}).Error()
	if line != "GET /x: 404 (code 10310): no 7 [request abc]" {
		t.Errorf("an error prints as %q", line)
	}
}

func TestLongMessagesAreCut(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusBadRequest, `{"message":"`+strings.Repeat("é", 5000)+`","code":1}`)
	})
	_, err := f.Users.Get(t.Context(), 1)
	var got *Error
	if !errors.As(err, &got) || len(got.Message) != messageMost+len("…") || !strings.HasSuffix(got.Message, "é…") {
		t.Errorf("%.80v", err)
	}
}

func TestLargeAnswersAreRefused(t *testing.T) {
	t.Parallel()
	body := `{"id":7,"email":"` + strings.Repeat("x", 1000) + `"}`
	for limit, fits := range map[int]bool{len(body): true, len(body) - 1: false} {
		calls := 0
		f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
			calls++
			reply(w, http.StatusOK, body)
		}, WithResponseLimit(int64(limit)))
		u, err := f.Users.Get(t.Context(), 7)
		if fits && (err != nil || u.ID != 7) || !fits && (err == nil || !strings.Contains(err.Error(), "WithResponseLimit")) || calls != 1 {
			t.Errorf("limit %d of %d: user %d, %v, %d calls", limit, len(body), u.ID, err, calls)
		}
	}
}
