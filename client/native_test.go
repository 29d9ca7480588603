package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/passmuster/passmuster/internal/api/native"
)

// fullPeople and fullAccounts are queries that send everything.
func fullPeople() PeopleQuery {
	return PeopleQuery{
		Q: "é", Email: "a+b@example.com", EmploymentStatuses: []EmploymentStatusFilter{OnlyAllCurrentPersonnel, "FORMER_EMPLOYEE"},
		Checks: map[CheckType]bool{CheckIdentityMFA: false, CheckBGCheck: true}, DeviceCompliance: new(false),
		GroupIDs: []GroupID{1, 2}, DeviceSource: "JAMF", NotDeviceSources: []DeviceSource{"AGENT"}, ChangedSince: 7,
		Sort: PersonnelByName, SortDir: Descending, Fields: []string{"email", "checks"},
		NativePaging: NativePaging{Limit: 3, Cursor: "c", Facets: true},
	}
}

func fullAccounts() AccountsQuery {
	return AccountsQuery{
		Kind: KindVersionControl, Q: "x", ClientType: SystemGitHub, ConnectionID: 4, UserID: 5, ChangedSince: 7,
		Sort: AccountByUsername, SortDir: Ascending, Fields: []string{"email"},
		NativePaging: NativePaging{Limit: 3, Cursor: "c", Facets: true},
	}
}

// Each parameter that the server has can be sent, and no other.
func TestEveryNativeParameterCanBeSent(t *testing.T) {
	t.Parallel()
	for _, q := range []any{fullPeople(), fullAccounts()} {
		v := reflect.ValueOf(q)
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				t.Errorf("%s.%s is not filled", v.Type().Name(), v.Type().Field(i).Name)
			}
		}
	}
	if q := (PeopleQuery{}).query(); len(q.values) > 0 {
		t.Errorf("of no people query, %v is sent", names(q))
	}
	if q := (AccountsQuery{}).query(); len(q.values) > 0 {
		t.Errorf("of no accounts query, %v is sent", names(q))
	}
	sent := map[string][]string{"/people": names(fullPeople().query()), "/accounts": names(fullAccounts().query())}
	for _, route := range native.Routes(nil, nil) {
		if _, list := sent[strings.TrimPrefix(route.Pattern, native.Base)]; !list {
			continue // of compliance: see TestComplianceOfAServer
		}
		var want []string
		for _, p := range route.Params {
			if p.Name != "format" { // each method has its own
				want = append(want, p.Name)
			}
		}
		slices.Sort(want)
		if got := sent[strings.TrimPrefix(route.Pattern, native.Base)]; !slices.Equal(got, want) {
			t.Errorf("%s is sent\n%v, want\n%v", route.Pattern, got, want)
		}
	}
	if got := fullPeople().query().values["check[]"]; len(got) != 2 || !slices.Contains(got, "IDENTITY_MFA:false") || !slices.Contains(got, "BG_CHECK:true") {
		t.Errorf("checks are sent as %v", got)
	}
}

func TestNativeWalks(t *testing.T) {
	t.Parallel()
	var asked []string
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+"?"+r.URL.RawQuery)
		switch r.URL.Query().Get("cursor") {
		case "":
			reply(w, http.StatusOK, `{"data":[{"id":1},{"id":2}],"pagination":{"cursor":"a+b","total":3},"position":9}`)
		case "a+b":
			reply(w, http.StatusOK, `{"data":[{"id":3}],"pagination":{"cursor":null,"total":3},"position":9}`)
		default:
			reply(w, http.StatusOK, `{"data":[],"pagination":{"cursor":"circle","total":3},"position":9}`)
		}
	})
	var ids []PersonnelID
	for p, err := range f.Native().People(t.Context(), PeopleQuery{Q: "x", NativePaging: NativePaging{Facets: true}}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, p.ID)
	}
	want := []string{"/native/v1/people?limit=1000&q=x", "/native/v1/people?cursor=a%2Bb&limit=1000&q=x"}
	if !slices.Equal(ids, []PersonnelID{1, 2, 3}) || !slices.Equal(asked, want) {
		t.Errorf("people %v with %v", ids, asked)
	}
	for range f.Native().Accounts(t.Context(), AccountsQuery{NativePaging: NativePaging{Limit: 2}}) {
		break
	}
	if len(asked) != 3 || asked[2] != "/native/v1/accounts?limit=2" {
		t.Errorf("for one account: %v", asked[2:])
	}
	for a, err := range f.Native().Accounts(t.Context(), AccountsQuery{NativePaging: NativePaging{Cursor: "circle"}}) {
		if err == nil || a.ID != 0 || !strings.Contains(err.Error(), "same cursor again") {
			t.Errorf("a list without end gives account %d, %v", a.ID, err)
		}
	}
	if _, err := f.Native().PeopleFacets(t.Context(), PeopleQuery{}); err == nil || !strings.Contains(err.Error(), "no facets") {
		t.Errorf("an answer without facets gives %v", err)
	}
}

// lines answers with a stream of these JSON lines.
func lines(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.WriteHeader(http.StatusOK)
	io.WriteString(w, text) //nolint:errcheck // the test sees what arrives
}

// A stream is whole only if it says so itself, and what came until then is given
// all the same.
func TestStreamsThatAreNotWhole(t *testing.T) {
	t.Parallel()
	const two = `{"id":1}` + "\n" + `{"id":2}` + "\n"
	for name, c := range map[string]struct {
		text, want string
		records    int
	}{
		"whole":                    {two + `{"end":{"records":2,"position":9}}` + "\n", "", 2},
		"whole, without a line":    {two + `{"end":{"records":2,"position":9}}`, "", 2},
		"empty":                    {`{"end":{"records":0,"position":9}}` + "\n", "", 0},
		"without an end":           {two, "ends after 2 records", 2},
		"nothing at all":           {"", "ends after 0 records", 0},
		"fewer than were sent":     {two + `{"end":{"records":3,"position":9}}` + "\n", "2 records came, and 3 were sent", 2},
		"more after the end":       {two + `{"end":{"records":2,"position":9}}` + "\n" + two, "comes after its end", 2},
		"an end that cannot be":    {two + `{"end":7}` + "\n", "last line cannot be read", 2},
		"a line that is cut":       {two + `{"id":3,"ema`, "cannot be read", 2},
		"a line without a record":  {two + `{}` + "\n", "has no id", 2},
		"a line of another server": {"<html>\n", "address of a Passmuster server", 0},
		"a line that is too long":  {two + `{"id":3,"email":"` + strings.Repeat("x", 300) + `"}` + "\n", "WithResponseLimit", 2},
	} {
		f := newFake(t, func(w http.ResponseWriter, _ *http.Request) { lines(w, c.text) }, WithResponseLimit(256))
		var end StreamEnd
		got := 0
		var failed error
		for p, err := range f.Native().StreamPeople(t.Context(), PeopleQuery{}, &end) {
			if failed != nil {
				t.Errorf("%s: goes on after %v", name, failed)
			}
			if failed = err; err == nil {
				if got++; p.ID != PersonnelID(got) {
					t.Errorf("%s: record %d is %d", name, got, p.ID)
				}
			}
		}
		switch {
		case got != c.records:
			t.Errorf("%s: %d records, want %d", name, got, c.records)
		case c.want == "" && (failed != nil || end != StreamEnd{int64(got), 9}):
			t.Errorf("%s: %v, end %+v", name, failed, end)
		case c.want != "" && (failed == nil || !strings.Contains(failed.Error(), c.want) || end != StreamEnd{}):
			t.Errorf("%s: %v, want %q; end %+v", name, failed, c.want, end)
		}
	}
}

// A stream is asked for again until the first record came, and never after it.
func TestStreamsAreRetriedBeforeTheyBegin(t *testing.T) {
	t.Parallel()
	calls := 0
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept") + " " + r.URL.RawQuery; got != "application/x-ndjson format=ndjson" {
			t.Errorf("asked for %s", got)
		}
		switch calls++; calls {
		case 1:
			w.Header().Set("Retry-After", "5")
			reply(w, http.StatusTooManyRequests, `{"statusCode":429,"message":"Too many streams","code":10090,"reason":"too_many_requests"}`)
		case 2:
			reply(w, http.StatusServiceUnavailable, `{"message":"starting"}`)
		default:
			w.Header().Set("Content-Length", "100") // more than comes
			lines(w, `{"id":1}`+"\n")
		}
	})
	var ids []AccountID
	var failed error
	for a, err := range f.Native().StreamAccounts(t.Context(), AccountsQuery{NativePaging: NativePaging{Limit: 5, Facets: true}}, nil) {
		if failed = err; err == nil {
			ids = append(ids, a.ID)
		}
	}
	if calls != 3 || !slices.Equal(ids, []AccountID{1}) || failed == nil || !strings.Contains(failed.Error(), "not complete") {
		t.Errorf("%d calls, accounts %v, %v", calls, ids, failed)
	}
	if !slices.Equal(f.waits, []time.Duration{5 * time.Second, time.Second / 2}) {
		t.Errorf("waits %v", f.waits)
	}
}

func TestRefusalsOfStreams(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("q") {
			reply(w, http.StatusOK, `{"data":[]}`) // a server that knows no streams
			return
		}
		reply(w, http.StatusNotFound, `{"statusCode":404,"message":"no such position","code":1,"reason":"entity_not_found","field":"changedSince"}`)
	})
	var refused *Error
	_, err := f.Native().PeopleCSV(t.Context(), PeopleQuery{ChangedSince: 9}, io.Discard)
	if !errors.As(err, &refused) || !IsNotFound(err) || refused.Reason != "entity_not_found" || refused.Field != "changedSince" {
		t.Errorf("%+v: %v", refused, err)
	}
	_, err = f.Native().AccountsCSV(t.Context(), AccountsQuery{Q: "x"}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "is not text/csv") {
		t.Errorf("an answer that is no table gives %v", err)
	}
}

// A table is whole if its trailer says so, or else if it has as many rows as
// were announced.
func TestTablesThatAreNotWhole(t *testing.T) {
	t.Parallel()
	const table = "id,lastName\r\n1,\"two\r\nlines, \"\"quoted\"\"\"\r\n2,'=1+1\r\n"
	for name, c := range map[string]struct {
		total, sent, want string
		short             bool
	}{
		"with a trailer":           {"2", "2", "", false},
		"records left meanwhile":   {"5", "2", "", false},
		"without a trailer":        {"2", "", "", false},
		"less than announced":      {"3", "", "2 rows came, and there should be 3", false},
		"less than sent":           {"2", "3", "2 rows came, and there should be 3", false},
		"nothing said":             {"", "", "nothing says how many", false},
		"a connection that breaks": {"2", "2", "not complete", true},
	} {
		f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
			h := w.Header()
			h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
			h.Set(headerPosition, "9")
			if c.total != "" {
				h.Set(headerTotal, c.total)
			}
			if c.sent != "" {
				h.Set("Trailer", headerSent)
			}
			if c.short {
				h.Set("Content-Length", strconv.Itoa(len(table)+1))
			}
			w.WriteHeader(http.StatusOK)
			for piece := range slices.Chunk([]byte(table), 3) {
				w.Write(piece) //nolint:errcheck // the test sees what arrives
			}
			h.Set(headerSent, c.sent)
		})
		var out bytes.Buffer
		end, err := f.Native().PeopleCSV(t.Context(), PeopleQuery{}, &out)
		if out.String() != table {
			t.Errorf("%s: %q came", name, out.String())
		}
		if c.want == "" && (err != nil || end != StreamEnd{2, 9}) {
			t.Errorf("%s: %+v, %v", name, end, err)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || end != StreamEnd{}) {
			t.Errorf("%s: %+v, %v, want %q", name, end, err, c.want)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestTablesThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		io.WriteString(w, "id\r\n") //nolint:errcheck // the test sees what arrives
	})
	if _, err := f.Native().PeopleCSV(t.Context(), PeopleQuery{}, brokenWriter{}); err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("a full disk gives %v", err)
	}
}

// pipe answers every request with a stream that the test writes.
type pipe struct {
	io.Reader
	stop func() bool
}

func (p pipe) Close() error { p.stop(); return nil }

type piped func(rq *http.Request) (io.Reader, func())

func (f piped) RoundTrip(rq *http.Request) (*http.Response, error) {
	body, end := f(rq)
	stop := context.AfterFunc(rq.Context(), end)
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-ndjson"}},
		Body: pipe{body, stop}, Request: rq,
	}, nil
}

// The timeout of the client is one for each piece of a stream: a slow reader is
// none, a server that stops is one.
func TestTimeoutsOfStreams(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const limit = 10 * time.Second
		transport := piped(func(*http.Request) (io.Reader, func()) {
			r, w := io.Pipe()
			go func() {
				for id := range 3 {
					<-time.After(limit - time.Second)
					fmt.Fprintf(w, "{\"id\":%d}\n", id+1) // the reader may be gone
				}
			}() // and then nothing, for ever
			return r, func() { w.CloseWithError(errors.New("gone")) }
		})
		c, err := New("http://example.com", canary, WithRetries(0, 0), WithHTTPClient(&http.Client{Transport: transport, Timeout: limit}))
		if err != nil {
			t.Fatal(err)
		}
		began, got := time.Now(), 0
		var failed error
		for _, err := range c.Native().StreamPeople(t.Context(), PeopleQuery{}, nil) {
			if failed = err; err == nil {
				got++
				<-time.After(5 * limit) // slow, but alive
			}
		}
		if got != 3 || !errors.Is(failed, errSilence) {
			t.Errorf("%d records, %v, after %s", got, failed, time.Since(began))
		}
	})
}

// A loop that stops lets go of the connection, and a context that ends is what
// is reported.
func TestStreamsEndWithTheContext(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		lines(w, `{"id":1}`+"\n")
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
		gone <- struct{}{}
	})
	for range f.Native().StreamPeople(t.Context(), PeopleQuery{}, nil) {
		break
	}
	<-gone
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var failed error
	for _, err := range f.Native().StreamPeople(ctx, PeopleQuery{}, nil) {
		failed = err
		cancel()
	}
	<-gone
	if !errors.Is(failed, context.Canceled) {
		t.Errorf("after the context ended: %v", failed)
	}
}

func TestRowCounterFindsRows(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"": 0, "a": 0, "a\r\n": 1, "\"a\r\nb\"\r\n": 1, "\"a\"\"\r\n\"\"b\"\r\nc\r\n": 2,
	} {
		var c rowCounter
		for i := range len(text) {
			c.count([]byte(text[i : i+1]))
		}
		if c.ends != want {
			t.Errorf("%q has %d rows, want %d", text, c.ends, want)
		}
	}
}

// What is asked for does not depend on the query's own lists afterwards.
func TestNativeQueriesAreEncoded(t *testing.T) {
	t.Parallel()
	want := "changedSince=7&check%5B%5D=IDENTITY_MFA%3Afalse&cursor=c&deviceCompliance=false&deviceSource=JAMF&email=a%2Bb%40example.com&" +
		"employmentStatus%5B%5D=ALL_CURRENT_PERSONNEL&employmentStatus%5B%5D=FORMER_EMPLOYEE&facets=true&fields=email&fields=checks&" +
		"groupIds%5B%5D=1&groupIds%5B%5D=2&limit=3&notDeviceSource%5B%5D=AGENT&q=%C3%A9&sort=NAME&sortDir=DESC"
	q := fullPeople()
	delete(q.Checks, CheckBGCheck)
	if got := q.query().values.Encode(); got != want {
		t.Errorf("sent is\n%s, want\n%s", got, want)
	}
	again, err := url.ParseQuery(want)
	if err != nil || !reflect.DeepEqual(again, q.query().values) {
		t.Errorf("read again it is %v, %v", again, err)
	}
}
