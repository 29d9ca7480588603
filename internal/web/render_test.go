package web

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// hostile is what a text of another system may hold.
const hostile = `<script>alert("x")</script>' onload=alert(1) javascript:alert(1)`

// bodies is a view of each template.
var bodies = map[string]any{
	"people":  listView{},
	"person":  personView{},
	"refusal": refusalView{},
	"session": sessionView{},
}

func TestTemplatesFitTheirViews(t *testing.T) {
	t.Parallel()
	all := parseTemplates()
	if len(all) != len(bodies) {
		t.Fatalf("%d templates, %d views", len(all), len(bodies))
	}
	for name, sparse := range bodies {
		full, known := filled(sparse), filled(sparse)
		clearAbsent(known)
		for kind, body := range map[string]any{"sparse": sparse, "full": full.Interface(), "known": known.Interface()} {
			f := frame{Title: hostile, Style: "/assets/a.css", Icon: "/assets/a.svg", Body: body}
			if kind != "sparse" {
				f.Company, f.Demo, f.SignedIn = hostile, true, true
			}
			var b bytes.Buffer
			if err := all.execute(&b, name, f); err != nil {
				t.Errorf("%s, %s: %v", name, kind, err)
				continue
			}
			wellFormed(t, b.String())
		}
	}
}

// filled is a view of the type of sparse with every field set. Ids of sections
// are not texts of other systems: they are ours, and differ.
func filled(sparse any) reflect.Value {
	v := reflect.New(reflect.TypeOf(sparse)).Elem()
	fill(v)
	if p, ok := v.Interface().(personView); ok {
		for i := range p.Sections { // the slice is v's own
			p.Sections[i].ID = "part-" + strconv.Itoa(i)
		}
	}
	return v
}

// fill sets every field of a view.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(hostile)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0))
		fill(v.Index(1))
	case reflect.Struct:
		for _, f := range v.Fields() {
			fill(f)
		}
	default:
		panic("views hold no " + v.Kind().String())
	}
}

// clearAbsent makes every value of a view a known one.
func clearAbsent(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		clearAbsent(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			clearAbsent(v.Index(i))
		}
	case reflect.Struct:
		if known, ok := v.Interface().(value); ok {
			known.Absent, known.ISO = "", ""
			v.Set(reflect.ValueOf(known))
			return
		}
		for _, f := range v.Fields() {
			clearAbsent(f)
		}
	default: // holds no value
	}
}

// wellFormed expects a page whose elements nest, that needs no script or style
// of its own, and that can be used without eyes: one heading and one main part,
// labels for all fields, a scope for all heads of tables, ids that exist once.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.Entity = false, xml.HTMLEntity
	d.AutoClose = append([]string{"wbr"}, xml.HTMLAutoClose...)
	count, ids, labelled := map[string]int{}, map[string]int{}, map[string]bool{}
	var fields, references []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v\n%s", err, page)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attr := map[string]string{}
		for _, a := range e.Attr {
			attr[a.Name.Local] = a.Value
		}
		harmless(t, e.Name.Local, attr)
		count[e.Name.Local]++
		if id, ok := attr["id"]; ok {
			ids[id]++
		}
		references = append(references, strings.Fields(attr["aria-labelledby"]+" "+attr["aria-describedby"])...)
		switch e.Name.Local {
		case "html":
			count["lang="+attr["lang"]]++
		case "label":
			labelled[attr["for"]] = true
		case "select", "input":
			if attr["type"] != "hidden" {
				fields = append(fields, attr["id"])
			}
		case "th":
			if attr["scope"] == "" {
				t.Error("a head of a table has no scope")
			}
		case "img":
			if _, ok := attr["alt"]; !ok {
				t.Error("an image has no alternative")
			}
		}
	}
	for _, once := range []string{"h1", "main", "title", "lang=en"} {
		if count[once] != 1 {
			t.Errorf("the page has %d of %s", count[once], once)
		}
	}
	for _, f := range fields {
		if !labelled[f] {
			t.Errorf("the field %q has no label", f)
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("the id %q occurs %d times", id, n)
		}
	}
	for _, id := range references {
		if ids[id] == 0 {
			t.Errorf("the id %q is referred to and does not exist", id)
		}
	}
}

// harmless expects an element that runs nothing, styles nothing by itself, and
// leads only to pages.
func harmless(t *testing.T, name string, attr map[string]string) {
	t.Helper()
	switch name {
	case "script", "style", "iframe", "object", "embed", "base":
		t.Errorf("the page has an element %q", name)
	}
	for a, v := range attr {
		if a == "style" || strings.HasPrefix(a, "on") {
			t.Errorf("the page has an attribute %s=%q", a, v)
		}
	}
	for _, a := range []string{"href", "src", "action"} {
		if scheme, _, ok := strings.Cut(attr[a], ":"); ok && scheme != "https" && scheme != "http" && !strings.ContainsAny(scheme, "/?#") {
			t.Errorf("the page leads to %q", attr[a])
		}
	}
}

func TestPagesAreWellFormed(t *testing.T) {
	t.Parallel()
	b := setupDemo(t, 30)
	wellFormed(t, b.get("/session").want(200).Body.String())
	wellFormed(t, b.post("/session", nil).want(400).Body.String())
	b.signIn()
	for path, status := range map[string]int{
		"/people": 200, "/people?q=a&check=BG_CHECK": 200, "/people?q=nobody-at-all": 200, "/people?page=7": 200,
		"/people?page=x": 400, "/people/1": 200, "/people/31": 404,
	} {
		wellFormed(t, b.get(path).want(status).Body.String())
	}
}
