package demo

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// noon is in the middle of the reference day of the tests.
var noon = time.Date(2025, time.November, 20, 12, 30, 0, 0, time.UTC)

// world is a whole company with the numbers that an empty database gives.
type world struct {
	*Company
	company     workforce.Company
	workspaces  []workforce.Workspace
	connections []workforce.Connection
	groups      []workforce.Group
	policies    []workforce.Policy
	rules       workforce.Rules
	exclusions  []workforce.Exclusion
	people      []workforce.NewPerson // user n is at n-1
	accounts    []workforce.Account
	apps        map[workforce.DeviceID][]workforce.App
}

func newWorld(seed uint64, people int) *world {
	c := New(seed, people, noon)
	w := &world{
		Company: c, company: c.Company(), workspaces: c.Workspaces(),
		connections: c.Connections(), groups: c.Groups(), policies: c.Policies(), rules: c.Rules(),
		exclusions: slices.Collect(c.Exclusions()), apps: map[workforce.DeviceID][]workforce.App{},
	}
	devices := workforce.DeviceID(0)
	for p := range c.People() {
		w.people = append(w.people, p)
		for i := range p.Devices {
			devices++
			if apps := c.apps(len(w.people), i, &p.Devices[i]); apps != nil {
				w.apps[devices] = apps
			}
		}
	}
	for a := range c.Accounts() {
		w.accounts = append(w.accounts, a)
	}
	return w
}

// String names the world in test output.
func (w *world) String() string { return fmt.Sprintf("seed %d, %d people", w.seed, len(w.people)) }

// worlds are the default company, a larger one, and the default size with other
// seeds: what is promised holds for any seed. They are made once for all tests,
// which only read them.
var worlds = sync.OnceValue(func() []*world {
	larger, seeds := 2000, uint64(6)
	if testing.Short() {
		larger, seeds = 600, 1
	}
	out := []*world{newWorld(DefaultSeed, DefaultPeople), newWorld(DefaultSeed, larger)}
	for seed := range seeds {
		out = append(out, newWorld(seed*seed*7919+seed, DefaultPeople))
	}
	return out
})

// everything is every value of the world, for tests that look at all of them.
func (w *world) everything() []any {
	apps := [][]workforce.App{}
	for _, id := range slices.Sorted(maps.Keys(w.apps)) {
		apps = append(apps, w.apps[id])
	}
	return []any{
		w.company, w.workspaces, w.connections, w.groups, w.policies, w.rules, w.exclusions, w.people, w.accounts, apps,
	}
}

// visit calls f for every field of every struct of ours inside v.
func visit(v reflect.Value, f func(owner reflect.Type, field reflect.StructField, value reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			visit(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			visit(v.Index(i), f)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			f(v.Type(), v.Type().Field(i), v.Field(i))
			visit(v.Field(i), f)
		}
	default:
	}
}

func (w *world) visit(f func(owner reflect.Type, field reflect.StructField, value reflect.Value)) {
	for _, v := range w.everything() {
		visit(reflect.ValueOf(v), f)
	}
}

// dump is the world as text.
func (w *world) dump(t *testing.T) string {
	t.Helper()
	text, err := json.Marshal(w.everything())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (w *world) connection(id workforce.ConnectionID) *workforce.Connection {
	return &w.connections[id-1]
}
