package rest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/passmuster/passmuster/internal/workforce"
)

type color string

var allColors = []color{"RED", "GREEN", "Blue"}

// bindRequest runs a bind function as the adapter does.
func bindRequest[P any](r *http.Request, v values, bind func(*Binder) P) (P, error) {
	b := &Binder{rq: &Request{http: r, writer: httptest.NewRecorder(), values: v}}
	p := bind(b)
	return p, b.finish()
}

func bindQuery[P any](query string, bind func(*Binder) P) (P, error) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL.RawQuery = query
	return bindRequest(r, values{}, bind)
}

// checkFault requires a bad-request fault whose message holds all texts.
func checkFault(t *testing.T, err error, field string, texts ...string) {
	t.Helper()
	f, ok := err.(*workforce.Fault)
	if !ok || f.Reason != workforce.ReasonBadRequest {
		t.Errorf("error = %v, want a bad-request fault", err)
		return
	}
	if f.Field != field {
		t.Errorf("field = %q, want %q (%s)", f.Field, field, f.Message)
	}
	for _, text := range texts {
		if !strings.Contains(f.Message, text) {
			t.Errorf("message %q does not say %q", f.Message, text)
		}
	}
}

// queryCase is one query string and what one parameter makes of it: show is
// its value, or "!" and a part of the message.
type queryCase struct{ query, want string }

func checkQuery[P any](t *testing.T, field string, bind func(*Binder) P, cases []queryCase) {
	t.Helper()
	for _, c := range cases {
		p, err := bindQuery(c.query, bind)
		if text, refused := strings.CutPrefix(c.want, "!"); refused {
			if err == nil {
				t.Errorf("?%s = %v, want a refusal", c.query, show(p))
				continue
			}
			checkFault(t, err, field, field, text)
			continue
		}
		if err != nil || show(p) != c.want {
			t.Errorf("?%s = %s, %v; want %s", c.query, show(p), err, c.want)
		}
	}
}

func show(v any) string {
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return "nil"
		}
		return fmt.Sprint(rv.Elem())
	}
	return fmt.Sprint(v)
}

func TestQueryInt(t *testing.T) {
	t.Parallel()
	checkQuery(t, "limit", func(b *Binder) int64 { return b.Int("limit", Min(1), Max(50), Default(20)) }, []queryCase{
		{"", "20"},
		{"limit=", "20"},
		{"limit", "20"},
		{"limit=1", "1"},
		{"limit=50", "50"},
		{"limit=20.0", "20"},
		{"limit=1e1", "10"},
		{"limit=%31", "1"},
		{"limit=+7", "7"},
		{"limit=%2B7", "7"},
		{"li%6Dit=3", "3"},
		{"limit=5&limit=5", "5"},
		{"limit=&limit=5", "5"},
		{"limit[]=5", "5"},
		{"other=1&limit=6&&", "6"},
		{"limit=0", "!an integer from 1 to 50"},
		{"limit=51", "!an integer from 1 to 50"},
		{"limit=-1", "!from 1 to 50"},
		{"limit=1.5", "!must be an integer from 1 to 50"},
		{"limit=abc", "!must be an integer"},
		{"limit=true", "!must be an integer"},
		{"limit=5&limit=6", "!more than once"},
		{"limit=1,2", "!must be an integer"},
		{"limit=null", "!must be an integer"},
		{"limit=99999999999999999999", "!from 1 to 50"},
		{"limit=0x10", "!must be"},
		{"limit=%00", "!must be"},
		{"limit=undefined", "!must be"},
	})
	checkQuery(t, "page", func(b *Binder) int64 { return b.Int("page", Min(1), Default(1)) }, []queryCase{
		{"", "1"},
		{"page=1.0", "1"},
		{"page=9007199254740991", "9007199254740991"},
		{"page=0", "!an integer of at least 1"},
		{"page=9007199254740992", "!at most 9007199254740991"},
		{"page=1e400", "!at most 9007199254740991"},
	})
	checkQuery(t, "connectionId", func(b *Binder) *int64 { return OptionalInt[int64](b, "connectionId") }, []queryCase{
		{"", "nil"},
		{"connectionId=", "nil"},
		{"connectionId=0", "0"},
		{"connectionId=-3", "-3"},
		{"connectionId=x", "!must be an integer"},
		{"connectionId=1e17", "!out of range"},
	})
	checkQuery(t, "n", func(b *Binder) int64 { return b.Int("n", Required()) }, []queryCase{
		{"n=4", "4"}, {"", "!is required"}, {"n=", "!is required"},
	})
}

func TestQueryText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", textMost)
	checkQuery(t, "q", func(b *Binder) string { return b.Text("q", Undefined()) }, []queryCase{
		{"", ""},
		{"q=", ""},
		{"q=undefined", ""},
		{"q=sally+smith", "sally smith"},
		{"q=a%2Bb%40example.com", "a+b@example.com"},
		{"q=%E6%97%A5", "日"},
		{"q=a=b", "a=b"},
		{"q=a;b", "a;b"},
		{"q=a,b", "a,b"},
		{"q=" + url.QueryEscape(long), long},
		{"Q=x", ""},
		{"q=%25", "%"},
		{"q=%00", "!NUL"},
		{"q=a%00b", "!NUL"},
		{"q=%ff", "!valid UTF-8"},
		{"q=%zz", "!percent-encoding"},
		{"q=100%", "!percent-encoding"},
		{"q=" + url.QueryEscape(long+"é"), "!at most 1000 characters"},
		{"q=a&q=b", "!more than once"},
	})
	checkQuery(t, "s", func(b *Binder) string { return b.Text("s", MaxLength(3), DefaultText("x")) }, []queryCase{
		{"", "x"}, {"s=日本語", "日本語"}, {"s=abcd", "!at most 3 characters"}, {"s=undefined", "!at most"},
	})
}

func TestQueryBool(t *testing.T) {
	t.Parallel()
	checkQuery(t, "flag", func(b *Binder) *bool { return b.Bool("flag") }, []queryCase{
		{"", "nil"},
		{"flag=", "nil"},
		{"flag=true", "true"},
		{"flag=false", "false"},
		{"flag=true&flag=true", "true"},
		{"flag=True", "!must be true or false"},
		{"flag=1", "!must be true or false"},
		{"flag=0", "!true or false"},
		{"flag=yes", "!true or false"},
		{"flag=true&flag=false", "!more than once"},
		{"flag=true,true", "!true or false"},
	})
}

func TestQueryEnum(t *testing.T) {
	t.Parallel()
	checkQuery(t, "color", func(b *Binder) color { return Enum(b, "color", allColors) }, []queryCase{
		{"", ""},
		{"color=", ""},
		{"color=RED", "RED"},
		{"color=Blue", "Blue"},
		{"color=red", "!must be one of RED, GREEN, Blue"},
		{"color=BLUE", "!must be one of"},
		{"color=RED,GREEN", "!must be one of"},
		{"color=+RED", "!must be one of"},
	})
	checkQuery(t, "dir", func(b *Binder) color { return Enum(b, "dir", allColors, CaseFold(), DefaultText(color("GREEN"))) }, []queryCase{
		{"", "GREEN"}, {"dir=red", "RED"}, {"dir=bLUE", "Blue"}, {"dir=x", "!must be one of"},
	})
}

func TestQueryArrays(t *testing.T) {
	t.Parallel()
	// Both documented spellings tolerate all spellings.
	for _, name := range []string{"colors", "colors[]"} {
		checkQuery(t, name, func(b *Binder) []color { return Enums(b, name, allColors) }, []queryCase{
			{"", "[]"},
			{"colors=", "[]"},
			{"colors[]=", "[]"},
			{"colors[]=,", "[]"},
			{"colors=RED", "[RED]"},
			{"colors[]=RED", "[RED]"},
			{"colors[0]=RED", "[RED]"},
			{"colors%5B%5D=RED", "[RED]"},
			{"colors%5b0%5d=RED&colors%5B1%5D=GREEN", "[RED GREEN]"},
			{"colors[]=GREEN&colors[]=RED", "[GREEN RED]"},
			{"colors=RED&colors=GREEN", "[RED GREEN]"},
			{"colors=RED,GREEN", "[RED GREEN]"},
			{"colors=RED%2CGREEN", "[RED GREEN]"},
			{"colors[]=RED,+GREEN&colors=Blue", "[RED GREEN Blue]"},
			{"colors[]=RED&colors[]=RED", "[RED]"},
			{"colors[x]=RED", "[]"},
			{"colors[=RED", "[]"},
			{"[]=RED", "[]"},
			{"colors[]=red", "!must hold only values of RED, GREEN, Blue"},
			{"colors[]=RED,PINK", "!must hold only values of RED, GREEN, Blue"},
		})
	}
	checkQuery(t, "ids", func(b *Binder) []int64 { return Ints[int64](b, "ids", Min(1)) }, []queryCase{
		{"", "[]"},
		{"ids=3", "[3]"},
		{"ids[]=3&ids[]=1.0&ids[2]=3", "[3 1]"},
		{"ids=3,1,+2", "[3 1 2]"},
		{"ids=0", "!only integers from 1"},
		{"ids=1,x", "!only integers"},
		{"ids=1.5", "!only integers"},
		{"ids=1e17", "!only integers"},
		{"ids=" + strings.Repeat("1,", valuesMost+1), "!at most 1000"},
	})
	checkQuery(t, "ids", func(b *Binder) []int64 { return Ints[int64](b, "ids", NotEmpty()) }, []queryCase{
		{"ids=1", "[1]"}, {"", "!is required"}, {"ids=", "!is required"},
	})
}

type many struct {
	page int64
	flag *bool
	sort color
}

func TestAllFaultsAreNamedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := bindQuery("page=0&flag=maybe&sort=PINK", func(b *Binder) many {
		return many{b.Int("page", Min(1)), b.Bool("flag"), Enum(b, "sort", allColors)}
	})
	checkFault(t, err, "page", "page is out of range", "; flag must be true or false; ", "sort must be one of RED, GREEN, Blue")
}

func TestMalformedQueryIsOneFault(t *testing.T) {
	t.Parallel()
	bind := func(b *Binder) many { return many{page: b.Int("page", Required()), flag: b.Bool("flag")} }
	for query, field := range map[string]string{
		"%zz=1": "the query string", "page=1&x=%": "x", "flag=%a": "flag", "%ff=%zz": "the query string",
	} {
		_, err := bindQuery(query, bind)
		checkFault(t, err, field, "malformed percent-encoding")
		if err != nil && strings.Contains(err.Error(), "required") {
			t.Errorf("?%s also complains: %v", query, err)
		}
	}
	if _, err := bindQuery("%zz", NoParams); err == nil {
		t.Error("a malformed query is accepted where no parameter is read")
	}
}

func TestUnknownParametersAreIgnoredAndCounted(t *testing.T) {
	t.Parallel()
	x := &exchange{}
	r := httptest.NewRequest(http.MethodGet, "/?page=2&utm=1&Page=3&colors[]=RED&x[]=1", nil)
	r = r.WithContext(contextWith(r.Context(), x))
	p, err := bindRequest(r, values{}, func(b *Binder) many {
		Enums(b, "colors[]", allColors)
		return many{page: b.Int("page")}
	})
	if err != nil || p.page != 2 || x.unknown != 3 {
		t.Errorf("page = %d, unknown = %d, err = %v; want 2, 3, nil", p.page, x.unknown, err)
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	var v values
	v.add("id", "17.0")
	v.add("email", "a+b@example.com")
	v.add("bad", "x\x00")
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	n, err := bindRequest(r, v, func(b *Binder) int64 { return b.PathInt("id") })
	if n != 17 || err != nil {
		t.Errorf("id = %d, %v", n, err)
	}
	s, err := bindRequest(r, v, func(b *Binder) string { return b.PathText("email") })
	if s != "a+b@example.com" || err != nil {
		t.Errorf("email = %q, %v", s, err)
	}
	_, err = bindRequest(r, v, func(b *Binder) int64 { return b.PathInt("email") })
	checkFault(t, err, "email", "email must be an integer")
	_, err = bindRequest(r, v, func(b *Binder) string { return b.PathText("bad") })
	checkFault(t, err, "bad", "NUL")
}

func TestRecord(t *testing.T) {
	t.Parallel()
	one, fifty := int64(1), int64(50)
	colors := []string{"RED", "GREEN", "Blue"}
	got := Record(func(b *Binder) struct{} {
		b.PathInt("id")
		b.PathText("userId", As(TypeNumberOrString))
		b.Int("limit", Min(1), Max(50), Default(20))
		b.Text("q")
		b.Bool("flag")
		Enum(b, "color", allColors, DefaultText(color("RED")))
		Enums(b, "colors[]", allColors)
		Ints[int64](b, "ids")
		OptionalInt[int64](b, "connectionId")
		b.Text("email", Extra(), MaxLength(320))
		body := b.Body()
		IntOrNull[int64](body, "userId", Required())
		body.RequiredBool("toggle")
		BodyEnum(body, "field", allColors, Enforced())
		body.Text("reason", Required(), MaxLength(30000))
		body.Date("start", Required())
		body.OptionalDate("end")
		BodyInts[int64](body, "list", Enforced(), NotEmpty())
		body.Int("count")
		body.Bool("maybe")
		return struct{}{}
	})
	want := []Param{
		{Name: "id", In: InPath, Type: TypeNumber, Required: true},
		{Name: "userId", In: InPath, Type: TypeNumberOrString, Required: true},
		{Name: "limit", In: InQuery, Type: TypeNumber, Default: "20", Minimum: &one, Maximum: &fifty},
		{Name: "q", In: InQuery, Type: TypeString},
		{Name: "flag", In: InQuery, Type: TypeBoolean},
		{Name: "color", In: InQuery, Type: TypeString, Default: "RED", Enum: colors},
		{Name: "colors[]", In: InQuery, Type: TypeStrings, Enum: colors},
		{Name: "ids", In: InQuery, Type: TypeNumbers},
		{Name: "connectionId", In: InQuery, Type: TypeNumber},
		{Name: "email", In: InQuery, Type: TypeString, MaxLength: 320, Extra: true},
		{Name: "userId", In: InBody, Type: TypeNumberOrNull, Required: true, Nullable: true},
		{Name: "toggle", In: InBody, Type: TypeBoolean, Required: true},
		{Name: "field", In: InBody, Type: TypeString, Enum: colors},
		{Name: "reason", In: InBody, Type: TypeString, Required: true, MaxLength: 30000},
		{Name: "start", In: InBody, Type: TypeString, Required: true, Date: true},
		{Name: "end", In: InBody, Type: TypeString, Nullable: true, Date: true},
		{Name: "list", In: InBody, Type: TypeNumbers},
		{Name: "count", In: InBody, Type: TypeNumber},
		{Name: "maybe", In: InBody, Type: TypeBoolean},
	}
	if len(got) != len(want) {
		t.Fatalf("%d parameters, want %d", len(got), len(want))
	}
	for i := range want {
		got[i].Accepts = Accepts{} // see TestRecordWhatIsAccepted
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("parameter %d\n got %+v\nwant %+v", i, got[i], want[i])
		}
	}
}

// What the reference leaves open is recorded too: the binder's own limits.
func TestRecordWhatIsAccepted(t *testing.T) {
	t.Parallel()
	recorded := map[string]Accepts{}
	for _, p := range Record(func(b *Binder) struct{} {
		b.PathInt("id")
		b.PathText("email")
		b.Int("limit", Min(1), Max(50))
		b.Text("q", MaxLength(7))
		b.Bool("flag")
		Enum(b, "color", allColors, CaseFold())
		Enums(b, "colors[]", allColors)
		Ints[int64](b, "ids", NotEmpty())
		body := b.Body()
		IntOrNull[int64](body, "userId", Required())
		BodyEnum(body, "field", allColors, Enforced())
		body.Text("reason", Required())
		body.Text("note")
		body.Date("start", Required())
		BodyInts[int64](body, "list", Enforced(), NotEmpty(), Min(1))
		return struct{}{}
	}) {
		recorded[p.Name] = p.Accepts
	}
	const exact = 1<<53 - 1
	for name, want := range map[string]Accepts{
		"id":       {Required: true, Least: -exact, Greatest: exact},
		"email":    {Required: true, Length: 1000},
		"limit":    {Least: 1, Greatest: 50},
		"q":        {Length: 7},
		"flag":     {},
		"color":    {AnyCase: true},
		"colors[]": {Items: 1000},
		"ids":      {Required: true, NotEmpty: true, Least: -exact, Greatest: exact, Items: 1000},
		"userId":   {Required: true, Least: -exact, Greatest: exact},
		"field":    {Required: true},
		"reason":   {Required: true, NotBlank: true, Length: 30000},
		"note":     {Length: 30000},
		"start":    {Required: true},
		"list":     {Required: true, NotEmpty: true, Least: 1, Greatest: exact, Items: 10000},
	} {
		if recorded[name] != want {
			t.Errorf("%s\n got %+v\nwant %+v", name, recorded[name], want)
		}
	}
}

// FuzzParseQuery holds three things for any query: no panic, what url.Values
// encodes comes back the same, and a plain binder refuses or reads, never both.
func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"", "a=1&b[]=2&c%5B0%5D=3", "%zz", "a;b=1", "q=%ff%00", "x[[]=1", "[]=1", "a[99999999999]=1", "&&=&"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		pairs, bad, ok := parseQuery(nil, raw)
		if ok && bad != "" {
			t.Fatalf("ok with bad %q", bad)
		}
		if ok && strings.Contains(raw, "%") {
			if _, err := url.QueryUnescape(raw); err != nil {
				t.Fatalf("%q is accepted: %v", raw, err)
			}
		}
		if ok && !strings.Contains(raw, ";") {
			if std, err := url.ParseQuery(raw); err != nil || countValues(std) != len(pairs) {
				t.Fatalf("%q gives %d pairs, url.ParseQuery %d, %v", raw, len(pairs), countValues(std), err)
			}
		}
		p, err := bindQuery(raw, func(b *Binder) many {
			b.Text("q")
			Ints[int64](b, "ids")
			return many{b.Int("page", Min(1), Max(9), Default(1)), b.Bool("flag"), Enum(b, "sort", allColors)}
		})
		if err == nil && (p.page < 1 || p.page > 9 || p.sort != "" && !slices.Contains(allColors, p.sort)) {
			t.Fatalf("%q binds to %+v", raw, p)
		}
		if err != nil && !utf8.ValidString(err.Error()) {
			t.Fatalf("message %q is not UTF-8", err.Error())
		}
	})
}

func countValues(v url.Values) (n int) {
	for _, vs := range v {
		n += len(vs)
	}
	return n
}
