package validate

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// published reads the document, and the examples of the answers in it: by
// operation and status.
func published(t *testing.T) (*Document, map[string]map[int]json.RawMessage) {
	t.Helper()
	text, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var raw rawDocument
	if err := json.Unmarshal(text, &raw); err != nil {
		t.Fatal(err)
	}
	examples := map[string]map[int]json.RawMessage{}
	for _, methods := range raw.Paths {
		for _, o := range methods {
			examples[o.ID] = map[int]json.RawMessage{}
			for text, r := range o.Responses {
				if r.Ref != "" {
					r = raw.Components.Responses[strings.TrimPrefix(r.Ref, "#/components/responses/")]
				}
				status, err := strconv.Atoi(text)
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range r.Content["application/json"].Examples {
					examples[o.ID][status] = x.Value
				}
			}
		}
	}
	return d, examples
}

// bodiless tells answers that have no body.
func (o *Operation) bodiless(status int) bool { return len(o.responses[status].content) == 0 }

// answer is a good answer of the operation.
func (o *Operation) answer(status int, body []byte) Answer {
	a := Answer{Method: o.Method, Path: o.Path, Status: status, Header: http.Header{}, Body: body}
	for name, rule := range o.responses[status].headers {
		if rule.required {
			a.Header.Set(name, "1")
		}
	}
	if status == http.StatusUnauthorized {
		a.Header.Set("WWW-Authenticate", "Bearer")
	}
	a.Header.Set("Content-Type", "application/json; charset=utf-8")
	return a
}

// The examples of the document are answers as it describes them.
func TestExamplesPass(t *testing.T) {
	t.Parallel()
	d, examples := published(t)
	n := 0
	for _, o := range d.Operations() {
		for _, status := range o.Statuses() {
			body := examples[o.ID][status]
			if o.bodiless(status) {
				continue
			}
			if body == nil {
				t.Errorf("%s %d has no example", o.ID, status)
				continue
			}
			n++
			if err := d.Check(o.answer(status, body)); err != nil {
				t.Error(err)
			}
		}
	}
	t.Logf("%d examples", n)
}

// mutation changes a good document in place, calls try, and changes it back.
type mutation struct {
	schemas map[*Schema]bool // each is only tried once
	try     func(what string)
}

// object tries every way in which an object can be wrong by one member.
func (m mutation) object(v map[string]any, s *Schema, path string) {
	v["notDescribed"] = nil
	m.try(path + ": a member more")
	delete(v, "notDescribed")
	for _, name := range s.Members() {
		good, there := v[name]
		if !there {
			continue
		}
		p := s.Properties[name]
		if slices.Contains(s.Required, name) {
			delete(v, name)
			m.try(path + "." + name + ": missing")
		}
		for _, bad := range []struct {
			typ   string
			value any
		}{{TypeNull, nil}, {TypeBoolean, true}, {TypeInteger, 7}, {TypeArray, []any{}}, {TypeObject, map[string]any{}}, {TypeString, "text"}} {
			if bad.typ == TypeString && p.Accepts(TypeString) && p.Enum == nil && p.Format == "" || bad.typ != TypeString && p.Accepts(bad.typ) {
				continue
			}
			v[name] = bad.value
			m.try(fmt.Sprintf("%s.%s: %v", path, name, bad.value))
		}
		v[name] = good
		m.value(good, p, path+"."+name)
	}
}

func (m mutation) value(v any, s *Schema, path string) {
	for _, option := range s.AnyOf {
		if text, err := json.Marshal(v); err == nil && option.Value(text) == nil {
			m.value(v, option, path)
			return
		}
	}
	switch v := v.(type) {
	case map[string]any:
		if len(s.Properties) == 0 {
			return // described as any object
		}
		if !m.schemas[s] {
			m.schemas[s] = true
			m.object(v, s, path)
		}
	case []any:
		for _, element := range v {
			m.value(element, s.Items, path+"[]")
		}
	}
}

// Every answer that is wrong in one place is refused: each member of each type
// that an example shows is left out, is null, and has each other type.
func TestWrongAnswersAreRefused(t *testing.T) {
	t.Parallel()
	d, examples := published(t)
	schemas, tried := map[*Schema]bool{}, 0
	for _, o := range d.Operations() {
		for _, status := range o.Statuses() {
			if o.bodiless(status) {
				continue
			}
			var body map[string]any
			if err := json.Unmarshal(examples[o.ID][status], &body); err != nil {
				t.Fatal(err)
			}
			mutation{schemas, func(what string) {
				text, err := json.Marshal(body)
				if err != nil {
					t.Fatal(err)
				}
				tried++
				if d.Check(o.answer(status, text)) == nil {
					t.Errorf("%s %d passes with %s", o.ID, status, what)
				}
			}}.value(body, o.responses[status].content["application/json"], "")
		}
	}
	if tried < 1000 {
		t.Errorf("only %d wrong answers were tried", tried)
	}
	t.Logf("%d wrong answers, %d types", tried, len(schemas))
}

// What is wrong about the rest of an answer is refused too.
func TestWrongStatusesHeadersAndCodesAreRefused(t *testing.T) {
	t.Parallel()
	d, examples := published(t)
	o := d.Find(http.MethodGet, "/public/users/3")
	if o == nil {
		t.Fatal("there is no GET /public/users/{id}")
	}
	for name, change := range map[string]func(*Answer){
		"an undocumented status": func(a *Answer) { a.Status = http.StatusTeapot },
		"another status":         func(a *Answer) { a.Status = http.StatusOK },
		"an unknown code":        func(a *Answer) { a.Body = []byte(strings.Replace(string(a.Body), "10290", "10291", 1)) },
		"a code of another status": func(a *Answer) {
			a.Body = []byte(strings.Replace(string(a.Body), "10290", "10020", 1))
		},
		"a member twice": func(a *Answer) {
			a.Body = []byte(strings.Replace(string(a.Body), `{`, `{"statusCode":404,`, 1))
		},
		"not JSON":            func(a *Answer) { a.Body = []byte("<html>") },
		"two documents":       func(a *Answer) { a.Body = append(slices.Clone(a.Body), a.Body...) },
		"nothing":             func(a *Answer) { a.Body = nil },
		"a list":              func(a *Answer) { a.Body = []byte(`[]`) },
		"not UTF-8":           func(a *Answer) { a.Body = []byte("\"\xff\"") },
		"no content type":     func(a *Answer) { a.Header.Del("Content-Type") },
		"another type":        func(a *Answer) { a.Header.Set("Content-Type", "text/html") },
		"no request id":       func(a *Answer) { a.Header.Del("X-Request-Id") },
		"a bad request id":    func(a *Answer) { a.Header.Set("X-Request-Id", "a b") },
		"two request ids":     func(a *Answer) { a.Header.Add("X-Request-Id", "2") },
		"a body in a HEAD":    func(a *Answer) { a.Method = http.MethodHead },
		"a path that is none": func(a *Answer) { a.Path, a.Status = "/public/users/3/x", http.StatusOK },
		"a method not there":  func(a *Answer) { a.Method = http.MethodPost },
		"no Allow":            func(a *Answer) { a.Method, a.Status = http.MethodPost, http.StatusMethodNotAllowed },
	} {
		a := o.answer(http.StatusNotFound, examples[o.ID][http.StatusNotFound])
		if err := d.Check(a); err != nil {
			t.Fatal(err)
		}
		change(&a)
		if d.Check(a) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	d, _ := published(t)
	for request, want := range map[string]string{
		"GET /public/personnel":                       "listPersonnel",
		"HEAD /public/personnel":                      "listPersonnel",
		"GET /public/personnel/all":                   "getPersonnel",
		"GET /public/%70ersonnel/1":                   "getPersonnel",
		"GET /public/personnel/a%2Fb/email":           "getPersonnelByEmail",
		"PUT /public/personnel/reset-sync/email":      "resetPersonnelSync",
		"GET /public/personnel/reset-sync/email":      "getPersonnelByEmail",
		"PUT /public/personnel/all/reset-sync":        "resetAllPersonnelSync",
		"PUT /public/personnel/reset-sync/reset-sync": "resetPersonnelSync",
		"POST /public/personnel":                      "",
		"GET /public/personnel/":                      "",
		"GET /public/personnel/.":                     "",
		"GET /public/personnel/%2e%2e":                "",
		"GET /public//personnel":                      "",
		"GET /public/personnel/%zz":                   "",
		"GET /":                                       "",
	} {
		method, path, _ := strings.Cut(request, " ")
		got := ""
		if o := d.Find(method, path); o != nil {
			got = o.ID
		}
		if got != want {
			t.Errorf("%s is %q, want %q", request, got, want)
		}
	}
}

func TestSchemas(t *testing.T) {
	t.Parallel()
	p := &parser{named: map[string]*Schema{}}
	for schema, values := range map[string]struct{ good, bad string }{
		`{}`:                             {`null 1 "x" [1,{"a":"]}"}] {"a":[{}]} true -1e9`, ``},
		`{"type":"integer"}`:             {`0 -5 9007199254740991`, `1.5 1e3 "1" null true [] {} 99999999999999999999`},
		`{"type":"number"}`:              {`0 1.5 -1e300`, `"1" null`},
		`{"type":["string","null"]}`:     {`"" "\u0041\"" null`, `1 false []`},
		`{"type":"string","enum":["A"]}`: {`"A" "\u0041"`, `"a" "" null 1`},
		`{"enum":[1,2],"type":"integer","minimum":2}`:                      {`2`, `1 3 "2"`},
		`{"type":"integer","minimum":-1,"maximum":3}`:                      {`-1 3`, `-2 4`},
		`{"type":"string","minLength":2,"maxLength":3}`:                    {`"éé" "日本語"`, `"é" "abcd"`},
		`{"type":"string","pattern":"^a+$"}`:                               {`"aa"`, `"b"`},
		`{"type":"string","format":"date"}`:                                {`"2024-02-29"`, `"2023-02-29" "2024-2-9" ""`},
		`{"type":"string","format":"date-time"}`:                           {`"2024-02-29T01:02:03.004Z"`, `"2024-02-29" "2024-02-29T25:00:00Z"`},
		`{"type":"array","items":{"type":"boolean"}}`:                      {`[] [true,false]`, `[1] [true,null] {} true`},
		`{"type":"array","minItems":1,"maxItems":2}`:                       {`[1] [1,{}]`, `[] [1,2,3]`},
		`{"type":"object"}`:                                                {`{}`, `{"a":1} [] null`},
		`{"type":"object","additionalProperties":true}`:                    {`{} {"a":{"b":[]}}`, `[]`},
		`{"type":"object","required":["a"],"properties":{"a":{}}}`:         {`{"a":null}`, `{} {"a":1,"a":1} {"a":1,"b":1}`},
		`{"anyOf":[{"type":"null"},{"type":"array","items":{"$ref":""}}]}`: {`null []`, `{} 1`},
	} {
		p.named[""] = &Schema{}
		s := p.schema(json.RawMessage(schema), "test")
		if len(p.faults) > 0 {
			t.Fatal(p.faults)
		}
		for v := range strings.FieldsSeq(values.good) {
			if err := s.Value([]byte(" " + v + "\n")); err != nil {
				t.Errorf("%s refuses %s: %v", schema, v, err)
			}
		}
		for v := range strings.FieldsSeq(values.bad) {
			if s.Value([]byte(v)) == nil {
				t.Errorf("%s accepts %s", schema, v)
			}
		}
	}
}

// A document that says something else than this package can check is refused.
func TestUnknownKeywordsAreRefused(t *testing.T) {
	t.Parallel()
	for _, schema := range []string{
		`{"type":"string","not":{}}`, `{"type":"text"}`, `{"format":"uuid"}`, `{"pattern":"("}`, `{"$ref":"#/components/schemas/Nobody"}`,
		`{"required":["a"]}`, `{"enum":[{}]}`, `{"additionalProperties":{}}`, `{"items":{"nullable":true}}`,
	} {
		doc := fmt.Sprintf(`{"paths":{"/a":{"get":{"responses":{"200":{"content":{"application/json":{"schema":%s}}}}}}}}`, schema)
		if _, err := Parse([]byte(doc)); err == nil {
			t.Errorf("%s is accepted", schema)
		}
	}
	for _, doc := range []string{``, `{}`, `{"paths":{"/a":{"get":{"responses":{"200":{"$ref":"#/components/responses/X"}}}}}}`} {
		if _, err := Parse([]byte(doc)); err == nil {
			t.Errorf("%s is accepted", doc)
		}
	}
}

// The transport hands on what is described, whole, and nothing else.
func TestTransport(t *testing.T) {
	t.Parallel()
	d, examples := published(t)
	o := d.Find(http.MethodGet, "/public/users/3")
	good := examples[o.ID][http.StatusOK]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", "1")
		body := string(good)
		if r.URL.Query().Has("wrong") {
			body = strings.Replace(body, `"id"`, `"ID"`, 1)
		}
		io.WriteString(w, body) //nolint:errcheck // the client has gone
	}))
	t.Cleanup(server.Close)
	var reported []error
	c := http.Client{Transport: &Transport{Document: d, Next: http.DefaultTransport, Report: func(err error) { reported = append(reported, err) }}}
	ask := func(path string) ([]byte, error) {
		rq, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.Do(rq)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		return io.ReadAll(resp.Body)
	}
	if body, err := ask("/public/users/3"); err != nil || string(body) != string(good) {
		t.Errorf("a good answer: %v, %.100s", err, body)
	}
	if _, err := ask("/public/users/3?wrong"); err == nil || len(reported) != 1 {
		t.Errorf("a wrong answer passes: %v, %v", err, reported)
	}
}

func BenchmarkCheck(b *testing.B) {
	text, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		b.Fatal(err)
	}
	d, err := Parse(text)
	if err != nil {
		b.Fatal(err)
	}
	var raw rawDocument
	if err := json.Unmarshal(text, &raw); err != nil {
		b.Fatal(err)
	}
	o := d.Find(http.MethodGet, "/public/personnel")
	var body []byte
	for _, x := range raw.Paths[o.Path]["get"].Responses["200"].Content["application/json"].Examples {
		body = x.Value
	}
	a := o.answer(http.StatusOK, body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if err := d.Check(a); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzValue holds for any text: no panic; what is not JSON is refused; and the
// schema that allows everything accepts what encoding/json can read, because the
// reader then has walked over all of it.
func FuzzValue(f *testing.F) {
	tree := &Schema{}
	node := &Schema{
		Types: []string{TypeObject}, Required: []string{"id"},
		Properties: map[string]*Schema{"id": {Types: []string{TypeInteger}}, "text": {Types: []string{TypeString}}, "list": {Types: []string{TypeArray}, Items: tree}},
	}
	tree.AnyOf = []*Schema{node, {Types: []string{TypeNull, TypeBoolean, TypeNumber, TypeString}}, {Types: []string{TypeArray}, Items: tree}}
	open := &Schema{Types: []string{TypeObject}, Open: true}
	for _, s := range []string{"", "null", `{"id":1,"text":"x","list":[{"id":2},null,[1.5]]}`, `"\\"`, `[1,2`, "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		valid := json.Valid([]byte(text)) && utf8.ValidString(text)
		if got := (&Schema{}).Value([]byte(text)) == nil; got != valid {
			t.Fatalf("%q is accepted: %v, and is JSON: %v", text, got, valid)
		}
		if tree.Value([]byte(text)) == nil && !valid {
			t.Fatalf("%q is accepted", text)
		}
		var members map[string]any
		err := open.Value([]byte(text))
		if valid && json.Unmarshal([]byte(text), &members) == nil && members != nil && err != nil && !strings.Contains(err.Error(), "twice") {
			t.Fatalf("%q is refused: %v", text, err)
		}
	})
}

// Lines are text, of a type that the document names for the operation.
func TestLinesAreText(t *testing.T) {
	t.Parallel()
	d, _ := published(t)
	for _, c := range []struct {
		operation, contentType, body string
		passes                       bool
	}{
		{"listPeople", "application/x-ndjson", "{\"id\":1}\n{\"end\":{}}\n", true},
		{"listPeople", "text/csv; charset=utf-8; header=present", "id\r\n1\r\n", true},
		{"listAccounts", "text/csv", "", true},
		{"listPeople", "text/csv", "id\r\n\xff\r\n", false},
		{"listPeople", "text/plain", "id", false},
		{"listPeople", "application/json", "{\"id\":1}\n", false},
		{"getUser", "text/csv", "id\r\n", false},
	} {
		for _, o := range d.Operations() {
			if o.ID != c.operation {
				continue
			}
			a := o.answer(http.StatusOK, []byte(c.body))
			a.Header.Set("Content-Type", c.contentType)
			if err := d.Check(a); (err == nil) != c.passes {
				t.Errorf("%s %s %q: %v", c.operation, c.contentType, c.body, err)
			}
		}
	}
}
