package fuzz

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/e2e/validate"
)

// World is what a fuzzer has to know of the company that it asks about. It must
// be the same for a request to be made again.
type World struct {
	Document *validate.Document
	Good     string            // a key that may do everything
	Bad      map[string]string // keys that are no good, by why: 401
	Weak     func(scope string) string
	Highest  int64  // ids up to here exist, of people and of accounts
	Cursor   string // one that the server gave
	Sourced  int64  // a person whom a source knows
	Alone    int64  // a person whom no source knows
	Trained  int64  // a user with a training
	Training int64  // the training
}

// Generator makes requests.
type Generator struct {
	seed   uint64
	world  World
	trials []trial // every single thing that is tried, in an order that follows from the seed

	// What is tried of each parameter and of each field, by its schema: made
	// once, because some of it is long.
	spelled map[*validate.Schema][]spelling
	fields  map[*validate.Schema][]content
}

// trial makes a request with one thing about it that is out of the ordinary.
type trial func(*rand.Rand) Request

// Case is one or several requests that belong together, on one connection.
type Case struct {
	Number int
	Steps  []Request
}

// New makes a generator; the same seed and world give the same cases.
func New(seed uint64, w World) *Generator {
	g := &Generator{seed: seed, world: w, spelled: map[*validate.Schema][]spelling{}, fields: map[*validate.Schema][]content{}}
	var byOperation [][]trial
	for _, o := range w.Document.Operations() {
		for _, p := range o.Parameters {
			g.spelled[p.Schema] = spellings(p.Schema, p.Example, p.Name)
		}
		if o.Body != nil {
			for _, field := range o.Body.Properties {
				g.fields[field] = jsonValues(field)
			}
		}
		trials := slices.Concat(g.parameters(o), g.bodies(o), g.strangers(o), g.framings(o))
		order := rand.New(rand.NewPCG(seed, uint64(len(byOperation)))).Perm(len(trials)) //nolint:gosec // repeatable on purpose
		shuffled := make([]trial, len(trials))
		for i, n := range order {
			shuffled[i] = trials[n]
		}
		byOperation = append(byOperation, shuffled)
	}
	g.trials = inTurn(byOperation)
	return g
}

// inTurn takes one trial of each operation after the other, so that a short run
// tries something of every operation, however many parameters some have.
func inTurn(byOperation [][]trial) []trial {
	var out []trial
	for n, more := 0, true; more; n++ {
		more = false
		for _, trials := range byOperation {
			if n < len(trials) {
				out, more = append(out, trials[n]), true
			}
		}
	}
	return out
}

// Trials is how many single things there are to try.
func (g *Generator) Trials() int { return len(g.trials) }

// Case is the case of a number, from 0. Of eight, five try one thing each, every
// thing in turn, two try several things at once, and one is a story.
func (g *Generator) Case(n int) Case {
	rng := rand.New(rand.NewPCG(g.seed, uint64(n)+1)) //nolint:gosec // repeatable on purpose
	c := Case{Number: n}
	switch turn, round := n%8, n/8; {
	case turn < 5:
		c.Steps = []Request{g.trials[(5*round+turn)%len(g.trials)](rng)}
	case turn < 7:
		c.Steps = []Request{g.several(rng)}
	default:
		c.Steps = g.story(rng)
	}
	for i := range c.Steps {
		g.finish(&c.Steps[i])
	}
	return c
}

// Sweep is the case of a number in which every operation is asked for in turn, in
// the right way.
func (g *Generator) Sweep(n int) Case {
	rng := rand.New(rand.NewPCG(g.seed, uint64(n)+1)) //nolint:gosec // repeatable on purpose
	operations := g.world.Document.Operations()
	return Case{Number: n, Steps: []Request{g.draft(operations[n%len(operations)], rng).request()}}
}

// finish takes back what was expected of a request that turned out to be of
// another operation than was meant, or no HTTP at all.
func (g *Generator) finish(r *Request) {
	path, ok := r.path()
	if !ok {
		r.Malformed = true
	}
	if !ok || g.world.Document.Find(r.Method, path) == nil {
		r.Want = nil
	}
}

// draft is a request in parts.
type draft struct {
	g     *Generator
	o     *validate.Operation
	what  string
	path  map[string]string // the wildcards, encoded
	query []string          // name=value, encoded
	body  []byte
	want  verdict
}

func (g *Generator) draft(o *validate.Operation, rng *rand.Rand) *draft {
	d := &draft{g: g, o: o, what: o.ID, path: map[string]string{}}
	for _, p := range o.Parameters {
		if p.In == "path" {
			d.path[p.Name] = url.PathEscape(unquoted(p.Example))
			// The example may be one of few: there are fewer policies than people.
			if p.Schema.Accepts(validate.TypeInteger) && rng.IntN(2) == 0 {
				d.path[p.Name] = strconv.FormatInt(1+rng.Int64N(g.world.Highest), 10)
			}
		}
	}
	if o.Body != nil {
		d.body = g.body(o, rng)
	}
	return d
}

// body is one that the document allows: the example with other records and
// other values of what has a fixed set of them.
func (g *Generator) body(o *validate.Operation, rng *rand.Rand) []byte {
	body := compact(o.BodyExample)
	id := func() string { return strconv.FormatInt(1+rng.Int64N(g.world.Highest), 10) }
	for _, name := range o.Body.Members() {
		field, keep := o.Body.Properties[name], rng.IntN(4) == 0
		if _, there := membersOf(body)[name]; !there || keep {
			continue
		}
		var value string
		switch {
		case field.Enum != nil:
			value = strconv.Quote(field.Enum[rng.IntN(len(field.Enum))])
		case field.Accepts(validate.TypeBoolean):
			value = strconv.FormatBool(rng.IntN(2) == 0)
		case field.Accepts(validate.TypeInteger):
			value = id()
		case field.Items != nil && field.Items.Accepts(validate.TypeInteger):
			value = "[" + id() + "," + id() + "]"
		default:
			continue
		}
		body = []byte(with(body, name, value))
	}
	return body
}

// read tells operations that change nothing.
func (d *draft) read() bool { return d.o.Method == http.MethodGet }

func (d *draft) request() Request {
	target := d.o.Path
	for name, value := range d.path {
		target = strings.Replace(target, "{"+name+"}", value, 1)
	}
	if len(d.query) > 0 {
		target += "?" + strings.Join(d.query, "&")
	}
	r := Request{What: d.what, Method: d.o.Method, Target: target, Key: d.g.world.Good, Body: d.body}
	if d.body != nil {
		r.Header = []Field{{"Content-Type", "application/json"}}
	}
	switch d.want {
	case refused:
		r.Want = []int{http.StatusBadRequest}
	case accepted:
		if d.read() { // a change may break a rule of the record
			r.Want = []int{http.StatusOK, http.StatusNotFound}
		}
	case either:
	}
	return r
}

// parameters tries every value of every parameter, and every way to write it.
func (g *Generator) parameters(o *validate.Operation) []trial {
	var out []trial
	for _, p := range o.Parameters {
		for _, s := range g.spelled[p.Schema] {
			if p.In == "path" {
				s.text = strings.ReplaceAll(s.text, "+", "%20")
				out = append(out, func(rng *rand.Rand) Request {
					d := g.draft(o, rng)
					d.what, d.path[p.Name], d.want = o.ID+" "+p.Name+": "+s.what, s.text, s.verdict
					return d.request()
				})
				continue
			}
			ways := pairs(p.Name, s, p.Schema.Items != nil)
			if s.verdict == either {
				ways = ways[:3] // the ways were tried with values of which more is known
			}
			for _, w := range ways {
				out = append(out, func(rng *rand.Rand) Request {
					d := g.draft(o, rng)
					d.what, d.query, d.want = o.ID+" "+p.Name+": "+w.what, []string{w.text}, w.verdict
					return d.request()
				})
			}
		}
	}
	return out
}

// bodies tries every body, also where none is asked for.
func (g *Generator) bodies(o *validate.Operation) []trial {
	var all []content
	if o.Body != nil {
		all = append(contents(o.Body, o.BodyExample), content{"nothing", "", refused})
	} else {
		for _, c := range wholes(`{"a":1}`) {
			c.verdict = either
			all = append(all, c)
		}
	}
	var out []trial
	for _, c := range all {
		for _, send := range []struct {
			what   string
			change func(*Request)
		}{
			{"", func(*Request) {}},
			{", in chunks", func(r *Request) { r.Chunked = true }},
			{", without a content type", func(r *Request) { r.Header = nil }},
		} {
			if send.what != "" && len(c.text) > 5000 && c.verdict == either {
				continue // large and known
			}
			out = append(out, func(rng *rand.Rand) Request {
				d := g.draft(o, rng)
				d.what, d.body, d.want = o.ID+" body: "+c.what+send.what, []byte(c.text), c.verdict
				r := d.request()
				send.change(&r)
				return r
			})
		}
	}
	return out
}

// strangers tries every way to have no key that is good enough.
func (g *Generator) strangers(o *validate.Operation) []trial {
	var out []trial
	add := func(what, key string, status int, fields ...Field) {
		out = append(out, func(rng *rand.Rand) Request {
			d := g.draft(o, rng)
			d.what = o.ID + " key: " + what
			r := d.request()
			r.Key, r.Want = key, []int{status}
			r.Header = append(r.Header, fields...)
			return r
		})
	}
	add("a weak one", g.world.Weak(o.Scope), http.StatusForbidden)
	for _, why := range slices.Sorted(maps.Keys(g.world.Bad)) {
		add(why, g.world.Bad[why], http.StatusUnauthorized)
	}
	good := g.world.Good
	headers := map[string]string{
		"another scheme": "Basic " + good, "no scheme": good, "only the scheme": "Bearer", "nothing": "", "two keys": "Bearer " + good + " " + good,
		"a list of keys": "Bearer " + good + ", Bearer " + good, "quoted": `Bearer "` + good + `"`, "half a key": "Bearer " + good[:len(good)/2],
		"a key and more": "Bearer " + good + "x", "in capitals": "Bearer " + strings.ToUpper(good), "letters of another script": "Bearer ключ",
		"a very long key": "Bearer " + strings.Repeat("A", 20_000), "SQL": "Bearer ' OR 1=1--",
	}
	for _, what := range slices.Sorted(maps.Keys(headers)) {
		add(what, "", http.StatusUnauthorized, Field{"Authorization", headers[what]})
	}
	add("in the wrong header", "", http.StatusUnauthorized, Field{"X-Api-Key", good})
	add("none", "", http.StatusUnauthorized)
	return out
}

// several tries some things at once, each of them at random.
func (g *Generator) several(rng *rand.Rand) Request {
	operations := g.world.Document.Operations()
	o := operations[rng.IntN(len(operations))]
	d := g.draft(o, rng)
	d.want = accepted
	var tried []string
	for _, p := range o.Parameters {
		if p.In == "query" && rng.IntN(max(2, len(o.Parameters)/3)) == 0 {
			all := g.spelled[p.Schema]
			s := all[rng.IntN(len(all))]
			if rng.IntN(4) != 0 { // mostly good ones, so that more than the first fault is met
				good := slices.DeleteFunc(slices.Clone(all), func(s spelling) bool { return s.verdict != accepted })
				if len(good) > 0 {
					s = good[rng.IntN(len(good))]
				}
			}
			ways := pairs(p.Name, s, p.Schema.Items != nil)
			w := ways[rng.IntN(len(ways))]
			d.query = append(d.query, w.text)
			d.want = both(d.want, w.verdict)
			tried = append(tried, p.Name+": "+w.what)
		}
	}
	if slices.ContainsFunc(o.Parameters, func(p validate.Parameter) bool { return p.Name == "cursor" }) && rng.IntN(3) == 0 {
		d.query, d.want = append(d.query, "cursor="+url.QueryEscape(g.world.Cursor)), both(d.want, either)
	}
	d.what = fmt.Sprintf("%s %v", o.ID, tried)
	if o.Body != nil {
		d.want = either
		members := o.Body.Members()
		for range 1 + rng.IntN(2) {
			name := members[rng.IntN(len(members))]
			values := g.fields[o.Body.Properties[name]]
			d.body = []byte(with(json.RawMessage(d.body), name, values[rng.IntN(len(values))].text))
		}
	}
	return d.request()
}

// both is the verdict on a request with two values: one that is refused is
// enough, unless something else may turn it into another one.
func both(a, b verdict) verdict {
	switch {
	case a == refused || b == refused:
		return refused
	case a == either || b == either:
		return either
	}
	return accepted
}
