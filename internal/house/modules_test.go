package house

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// dependency is a third-party module that the project has decided to use.
type dependency struct {
	module string
	use    string   // what it does for us
	rooms  []string // the folders whose code may import it; tests may anywhere
	adr    string   // the decision that names it
}

// adrDependencies decides on every module so far.
const adrDependencies = "docs/adr/0003-dependencies.md"

// dependencies is the allow-list. A module enters it with the decision that
// says what it is for and what was looked at instead.
func dependencies() []dependency {
	return []dependency{
		{"modernc.org/sqlite", "SQLite without cgo", []string{"internal/store", "bench"}, adrDependencies},
		{"github.com/jackc/pgx/v5", "PostgreSQL", []string{"internal/store", "bench"}, adrDependencies},
		{"github.com/pressly/goose/v3", "migrations", []string{"internal/store"}, adrDependencies},
		{
			"golang.org/x/text", "case folding and normal forms",
			[]string{"internal/workforce", "internal/file", "internal/importer", "internal/demo", "internal/roster", "internal/rest"},
			adrDependencies,
		},
		{"golang.org/x/sync", "groups of goroutines", []string{"internal/store", "internal/roster"}, adrDependencies},
		{"golang.org/x/time", "rate limits", []string{"internal/rest"}, adrDependencies},
		{"github.com/prometheus/client_golang", "metrics", []string{"internal/rest", "internal/app"}, adrDependencies},
		{"github.com/BurntSushi/toml", "the settings file", []string{"internal/config"}, adrDependencies},
		{"github.com/spf13/pflag", "flags", []string{"internal/config", "internal/cli"}, adrDependencies},
		{"github.com/spf13/cobra", "commands", []string{"internal/cli"}, adrDependencies},
		{"golang.org/x/term", "is this a terminal", []string{"cmd", "internal/cli"}, adrDependencies},
		{"go.yaml.in/yaml/v3", "the API's document as YAML", []string{"internal/openapi"}, adrDependencies},
		{"github.com/swaggest/swgui", "the files of Swagger UI", []string{"internal/openapi"}, adrDependencies},
		{"pgregory.net/rapid", "properties in tests", nil, adrDependencies},
		{"github.com/rogpeppe/go-internal", "scripts against the binary in tests", nil, adrDependencies},
		{"github.com/getkin/kin-openapi", "checking answers against the contract in tests", nil, adrDependencies},
	}
}

// strangers complains of imports that the allow-list does not allow.
func strangers(files tree) []string {
	var complaints []string
	for _, s := range files {
		if strings.HasPrefix(s.path, "tools/") {
			continue
		}
		for _, imported := range s.imports() {
			if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") || within(imported, module) {
				continue // the standard library, or ours
			}
			i := slices.IndexFunc(dependencies(), func(d dependency) bool { return within(imported, d.module) })
			if i < 0 {
				complaints = append(complaints, fmt.Sprintf(
					"%s imports %s, which no decision allows: use what there is, or write an ADR and add the module to internal/house/modules_test.go",
					s.path, imported))
				continue
			}
			d := dependencies()[i]
			allowed := slices.ContainsFunc(d.rooms, func(room string) bool { return within(s.dir(), room) })
			if !allowed && !s.isTest() {
				complaints = append(complaints, fmt.Sprintf("%s imports %s (%s), which belongs to %s",
					s.path, imported, d.use, orTests(d.rooms)))
			}
		}
	}
	return complaints
}

// within tells whether a path is a folder or lies in it.
func within(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

func orTests(rooms []string) string {
	if len(rooms) == 0 {
		return "tests"
	}
	return strings.Join(rooms, ", ")
}

// undecided complains of allow-list entries without a decision that names them.
func undecided(files tree) []string {
	var complaints []string
	missing := map[string]bool{}
	for _, d := range dependencies() {
		i := slices.IndexFunc(files, func(s source) bool { return s.path == d.adr })
		if i < 0 {
			if !missing[d.adr] {
				complaints = append(complaints, d.adr+" does not exist, but decides on modules that are in use")
			}
			missing[d.adr] = true
			continue
		}
		if !strings.Contains(string(files[i].text), shortName(d.module)) {
			complaints = append(complaints, fmt.Sprintf("%s: %s does not name it", d.module, d.adr))
		}
	}
	return complaints
}

// shortName is a module as people write it: without github.com and without the
// version at the end.
func shortName(mod string) string {
	parts := strings.Split(strings.TrimPrefix(mod, "github.com/"), "/")
	if last := parts[len(parts)-1]; len(last) == 2 && last[0] == 'v' {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, "/")
}

func TestThirdPartyModulesAreDecidedOn(t *testing.T) {
	t.Parallel()
	files := checkout(t)
	expectNone(t, strangers(files))
	expectNone(t, undecided(files))
}

func TestStrangersAreNoticed(t *testing.T) {
	t.Parallel()
	expectAll(t, strangers(small(t,
		"internal/store/a.go", "package store\nimport (\n_ \"modernc.org/sqlite\"\n_ \"net/http\"\n)\n",
		"internal/rest/a.go", "package rest\nimport _ \"github.com/jackc/pgx/v5/pgconn\"\n",
		"internal/rest/b.go", "package rest\nimport _ \"pgregory.net/rapid\"\n",
		"internal/rest/b_test.go", "package rest\nimport _ \"pgregory.net/rapid\"\n",
		"internal/app/a.go", "package app\nimport _ \"example.com/left-pad\"\n",
	)),
		"internal/rest/a.go imports github.com/jackc/pgx/v5/pgconn (PostgreSQL), which belongs to internal/store",
		"belongs to tests",
		"example.com/left-pad, which no decision allows")
}

func TestMissingDecisionsAreNoticed(t *testing.T) {
	t.Parallel()
	expectAll(t, undecided(small(t)), adrDependencies+" does not exist")
	one := undecided(small(t, adrDependencies, "We use jackc/pgx/v5."))
	if n, all := len(one), len(dependencies())-1; n != all {
		t.Errorf("%d complaints where the decision names one module, want %d", n, all)
	}
}
