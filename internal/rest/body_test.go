package rest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/passmuster/passmuster/internal/workforce"
)

func contextWith(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

func bindBody[P any](body string, bind func(*Binder) P) (P, error) {
	return bindRequest(httptest.NewRequest(http.MethodPut, "/", strings.NewReader(body)), values{}, bind)
}

func checkBody[P any](t *testing.T, field string, bind func(*Body) P, cases []queryCase) {
	t.Helper()
	for _, c := range cases {
		p, err := bindBody(c.query, func(b *Binder) P { return bind(b.Body()) })
		if text, refused := strings.CutPrefix(c.want, "!"); refused {
			if err == nil {
				t.Errorf("%s = %v, want a refusal", c.query, show(p))
				continue
			}
			checkFault(t, err, field, field, text)
			continue
		}
		if err != nil || show(p) != c.want {
			t.Errorf("%s = %s, %v; want %s", c.query, show(p), err, c.want)
		}
	}
}

func TestBodyAsAWhole(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, bodyDepth) + "1" + strings.Repeat("}", bodyDepth)
	checkBody(t, "the request body", func(o *Body) int64 { return o.Int("n", Required()) }, []queryCase{
		{"", "!is empty: send one JSON object"},
		{"  \n", "!is empty"},
		{"{", "!not valid JSON"},
		{`{"n":1}x`, "!not valid JSON"},
		{`{"n":1}{"n":1}`, "!not valid JSON"},
		{`{"n":1,}`, "!not valid JSON"},
		{`{'n':1}`, "!not valid JSON"},
		{`{"n":01}`, "!not valid JSON"},
		{`{"n":NaN}`, "!not valid JSON"},
		{"n=1", "!not valid JSON"},
		{"\ufeff{}", "!not valid JSON"},
		{"null", "!must be one JSON object"},
		{"[]", "!must be one JSON object"},
		{`"x"`, "!must be one JSON object"},
		{"1", "!must be one JSON object"},
		{"{\"n\":1,\"x\":\"\xff\"}", "!valid UTF-8"},
		{`{"n":1,"x":` + deep + `}`, "!nested too deeply"},
		{`{"n":1,"x":"` + strings.Repeat("x", bodyMost) + `"}`, "!too large: at most 1 MiB"},
		{` { "n" : 1 , "x" : {"y":[1]} } `, "1"},
		{`{"n":1,"n":2}`, "2"},
		{`{"N":3,"n":4}`, "4"},
		{`{"n":5,"x":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"["}`, "5"},
	})
}

func TestBodyNumbers(t *testing.T) {
	t.Parallel()
	checkBody(t, "n", func(o *Body) int64 { return o.Int("n", Required(), Min(1)) }, []queryCase{
		{`{"n":1}`, "1"},
		{`{"n":1.0}`, "1"},
		{`{"n":1e3}`, "1000"},
		{`{"n":9007199254740991}`, "9007199254740991"},
		{`{}`, "!is required"},
		{`{"n":null}`, "!must be an integer"},
		{`{"n":"1"}`, "!must be an integer"},
		{`{"n":1.5}`, "!must be an integer"},
		{`{"n":true}`, "!must be an integer"},
		{`{"n":[1]}`, "!must be an integer"},
		{`{"n":{}}`, "!must be an integer"},
		{`{"n":0}`, "!at least 1"},
		{`{"n":1e99}`, "!out of range"},
		{`{"n":123456789012345678901234567890}`, "!out of range"},
	})
	checkBody(t, "userId", func(o *Body) *int64 { return IntOrNull[int64](o, "userId", Required()) }, []queryCase{
		{`{"userId":7}`, "7"},
		{`{"userId":null}`, "nil"},
		{`{}`, "!userId is required"},
		{`{"userId":"7"}`, "!must be an integer or null"},
		{`{"userId":false}`, "!must be an integer or null"},
		{`{"userId":7.5}`, "!must be an integer"},
		{`{"userId":1e17}`, "!out of range"},
	})
	checkBody(t, "n", func(o *Body) int64 { return o.Int("n", Default(9)) }, []queryCase{
		{`{}`, "9"}, {`{"n":null}`, "9"}, {`{"n":-4}`, "-4"}, {`{"n":""}`, "!must be an integer"},
	})
}

func TestBodyBooleans(t *testing.T) {
	t.Parallel()
	checkBody(t, "on", func(o *Body) bool { return o.RequiredBool("on") }, []queryCase{
		{`{"on":true}`, "true"},
		{`{"on":false}`, "false"},
		{`{}`, "!is required"},
		{`{"on":null}`, "!true or false"},
		{`{"on":"true"}`, "!true or false"},
		{`{"on":1}`, "!true or false"},
	})
	checkBody(t, "on", func(o *Body) *bool { return o.Bool("on") }, []queryCase{
		{`{"on":true}`, "true"}, {`{}`, "nil"}, {`{"on":null}`, "nil"}, {`{"on":0}`, "!true or false"},
	})
}

func TestBodyTexts(t *testing.T) {
	t.Parallel()
	checkBody(t, "s", func(o *Body) string { return o.Text("s", Required(), MaxLength(5)) }, []queryCase{
		{`{"s":"abc"}`, "abc"},
		{`{"s":"日本語日本"}`, "日本語日本"},
		{`{"s":"\u00e9"}`, "é"},
		{`{}`, "!is required"},
		{`{"s":null}`, "!must be a string"},
		{`{"s":""}`, "!must not be empty"},
		{`{"s":" \t"}`, "!must not be empty"},
		{`{"s":"abcdef"}`, "!at most 5 characters"},
		{`{"s":1}`, "!must be a string"},
		{`{"s":["a"]}`, "!must be a string"},
		{`{"s":"a\u0000"}`, "!NUL"},
	})
	checkBody(t, "s", func(o *Body) string { return o.Text("s") }, []queryCase{
		{`{}`, ""},
		{`{"s":null}`, ""},
		{`{"s":""}`, ""},
		{`{"s":"` + strings.Repeat("x", 30000) + `"}`, strings.Repeat("x", 30000)},
		{`{"s":"` + strings.Repeat("x", 30001) + `"}`, "!at most 30000"},
	})
	checkBody(t, "c", func(o *Body) color { return BodyEnum(o, "c", allColors, Enforced()) }, []queryCase{
		{`{"c":"RED"}`, "RED"},
		{`{}`, "!is required: it must be one of RED, GREEN, Blue"},
		{`{"c":null}`, "!must be one of RED"},
		{`{"c":"red"}`, "!must be one of RED, GREEN, Blue"},
		{`{"c":1}`, "!must be one of"},
		{`{"c":""}`, "!must be one of"},
	})
	checkBody(t, "c", func(o *Body) color { return BodyEnum(o, "c", allColors) }, []queryCase{
		{`{}`, ""}, {`{"c":null}`, ""}, {`{"c":"Blue"}`, "Blue"}, {`{"c":"blue"}`, "!must be one of"},
	})
}

func TestBodyDates(t *testing.T) {
	t.Parallel()
	checkBody(t, "d", func(o *Body) workforce.Date { return o.Date("d", Required()) }, []queryCase{
		{`{"d":"2020-07-06"}`, "2020-07-06"},
		{`{"d":"2020-07-06T23:30:00-05:00"}`, "2020-07-06"},
		{`{"d":"2025-07-01T16:45:55.246Z"}`, "2025-07-01"},
		{`{}`, "!is required"},
		{`{"d":null}`, "!must be a date"},
		{`{"d":""}`, "!must be a date"},
		{`{"d":"06/07/2020"}`, "!must be a date"},
		{`{"d":"2020-02-30"}`, "!must be a date"},
		{`{"d":20200706}`, "!must be a date"},
		{`{"d":"2020-07-06 10:00"}`, "!must be a date"},
	})
	checkBody(t, "d", func(o *Body) Optional[workforce.Date] { return o.OptionalDate("d") }, []queryCase{
		{`{}`, "{ false false}"},
		{`{"d":null}`, "{ true true}"},
		{`{"d":"2020-07-06"}`, "{2020-07-06 true false}"},
		{`{"d":""}`, "!must be a date"},
		{`{"d":0}`, "!must be a date"},
	})
}

func TestBodyInts(t *testing.T) {
	t.Parallel()
	checkBody(t, "ids", func(o *Body) []int64 { return BodyInts[int64](o, "ids", Enforced(), NotEmpty(), Min(1)) }, []queryCase{
		{`{"ids":[3,1,3,2.0]}`, "[3 1 2]"},
		{`{}`, "!is required"},
		{`{"ids":null}`, "!must be an array of integers"},
		{`{"ids":[]}`, "!must not be empty"},
		{`{"ids":["1"]}`, "!array of integers"},
		{`{"ids":[1,null]}`, "!array of integers"},
		{`{"ids":[1.5]}`, "!array of integers"},
		{`{"ids":[0]}`, "!from 1 to"},
		{`{"ids":1}`, "!array of integers"},
		{`{"ids":{"0":1}}`, "!array of integers"},
		{`{"ids":[` + strings.Repeat("1,", valuesMost*10) + `1]}`, "!at most 10000"},
	})
	checkBody(t, "ids", func(o *Body) []int64 { return BodyInts[int64](o, "ids") }, []queryCase{
		{`{}`, "[]"}, {`{"ids":[]}`, "[]"}, {`{"ids":null}`, "[]"},
	})
}

func TestBrokenBodyDoesNotBlameItsFields(t *testing.T) {
	t.Parallel()
	_, err := bindBody("{", func(b *Binder) int64 {
		o := b.Body()
		o.RequiredBool("on")
		BodyEnum(o, "c", allColors, Required())
		o.OptionalDate("d", Required())
		BodyInts[int64](o, "ids", Required(), NotEmpty())
		IntOrNull[int64](o, "userId", Required())
		return o.Int("n", Required())
	})
	checkFault(t, err, "the request body", "not valid JSON")
	if err != nil && strings.Contains(err.Error(), ";") {
		t.Errorf("more than one fault: %v", err)
	}
}

func TestQueryAndBodyFaultsTogether(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPut, "/?page=x", strings.NewReader(`{"on":1}`))
	_, err := bindRequest(r, values{}, func(b *Binder) bool {
		b.Int("page")
		return b.Body().RequiredBool("on")
	})
	checkFault(t, err, "page", "page must be an integer; on must be true or false")
}

func TestNoBody(t *testing.T) {
	t.Parallel()
	bind := func(b *Binder) struct{} { b.NoBody(); return struct{}{} }
	for _, body := range []string{"", " \r\n", "{}", `{"x":1}`, "null", "[1]", `"text"`} {
		if _, err := bindBody(body, bind); err != nil {
			t.Errorf("%q: %v", body, err)
		}
	}
	for _, body := range []string{"{", "x=1", "{}{}", "\xff", "<xml/>", strings.Repeat("[", 100), strings.Repeat(" ", bodyMost+1)} {
		_, err := bindBody(body, bind)
		checkFault(t, err, "the request body")
	}
	r := httptest.NewRequest(http.MethodPut, "/", nil)
	r.Body = nil
	if _, err := bindRequest(r, values{}, bind); err != nil {
		t.Errorf("nil body: %v", err)
	}
}

type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }

func TestBodyThatEndsEarly(t *testing.T) {
	t.Parallel()
	bind := func(b *Binder) int64 { return b.Body().Int("n", Required()) }
	r := httptest.NewRequest(http.MethodPut, "/", brokenReader{io.ErrUnexpectedEOF})
	_, err := bindRequest(r, values{}, bind)
	checkFault(t, err, "the request body", "could not be read to its end")

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r = httptest.NewRequest(http.MethodPut, "/", brokenReader{errors.New("connection reset")}).WithContext(ctx)
	if _, err := bindRequest(r, values{}, bind); !errors.Is(err, context.Canceled) {
		t.Errorf("a client that went away gives %v, want context.Canceled", err)
	}

	// net/http ends the context also of clients that are there and wait for the
	// answer: the slow ones, and those that have said all they have to say.
	for says, cause := range map[string]error{
		"did not arrive in time":       &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded},
		"could not be read to its end": io.ErrUnexpectedEOF,
	} {
		r = httptest.NewRequest(http.MethodPut, "/", brokenReader{cause}).WithContext(ctx)
		_, err := bindRequest(r, values{}, bind)
		checkFault(t, err, "the request body", says)
	}
}

// FuzzBody holds for any body: no panic, a readable message, and no value that
// breaks the rules of its line.
func FuzzBody(f *testing.F) {
	for _, s := range []string{
		"", "{}", `{"n":1,"s":"x","on":true,"c":"RED","d":"2020-07-06","ids":[1,2],"u":null}`, `{"n":1e99}`, `{"s":"\ud800"}`,
		`{"ids":[1,[2]]}`, "null", "[", "\xff", `{"d":"2020-07-06T00:00:00Z"}`, `{"n": -0.0}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var text string
		var n int64
		var ids []int64
		_, err := bindBody(body, func(b *Binder) struct{} {
			o := b.Body()
			n, text = o.Int("n", Min(-5), Max(5)), o.Text("s", MaxLength(10))
			ids = BodyInts[int64](o, "ids", Min(1))
			o.Bool("on")
			BodyEnum(o, "c", allColors)
			o.Date("d")
			o.OptionalDate("e")
			IntOrNull[int64](o, "u")
			return struct{}{}
		})
		if err != nil {
			if !workforce.IsKind(err, workforce.KindInvalid) || !utf8.ValidString(err.Error()) {
				t.Fatalf("error %v", err)
			}
			return
		}
		if n < -5 || n > 5 || utf8.RuneCountInString(text) > 10 || strings.Contains(text, "\x00") {
			t.Fatalf("accepted n=%d s=%q", n, text)
		}
		for _, id := range ids {
			if id < 1 {
				t.Fatalf("accepted id %d", id)
			}
		}
	})
}
