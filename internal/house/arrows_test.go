package house

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

// floors is the house from the ground up. A room may import any floor below its
// own, nothing above and no neighbour on its own floor. A room is a folder with
// everything in it, unless something in it is a room of its own; `*` is any one
// folder, and each is a room.
func floors() [][]string {
	return [][]string{
		{"internal/workforce", "internal/lane"},
		{"internal/check", "internal/reconcile", "internal/rest", "internal/config"},
		{"internal/store", "internal/file", "internal/roster", "internal/document", "internal/jobs", "internal/connector"},
		{"internal/connector/kit", "internal/connector/connectortest"},
		{"internal/connector/*"}, // one vendor each: none knows another
		{"internal/connector/builtin"},
		{"internal/auth"}, // below the use-cases: they ask who the caller is
		{"internal/directory", "internal/compliance", "internal/syncer", "internal/importer", "internal/demo"},
		{"internal/api/*", "internal/scim", "internal/web", "internal/openapi"}, // no version knows another
		{"client"}, // public: it can import nothing internal, see doors
		{"internal/app"},
		{"internal/cli"},
		{"cmd"},
		{"e2e", "bench"},
	}
}

// door narrows who may enter a room from above.
type door struct {
	room   string
	open   []string // the rooms that may import it
	reason string
}

func doors() []door {
	return []door{
		{
			"internal/rest",
			[]string{"internal/auth", "internal/api/*", "internal/scim", "internal/web", "internal/openapi", "internal/app"},
			"HTTP belongs to the wire; auth fills the hook that guards it",
		},
		{
			"internal/config",
			[]string{"internal/app", "internal/cli", "cmd"},
			"whoever needs a setting is given its value",
		},
		{
			"internal/connector/*",
			[]string{"internal/connector/builtin"},
			"vendors are known by the one list",
		},
		{
			"internal/store",
			[]string{
				"internal/auth", "internal/directory", "internal/compliance", "internal/syncer", "internal/importer",
				"internal/demo", "internal/app", "internal/cli", "bench",
			},
			"the wire reaches facts through the use-cases, which authorize",
		},
		{
			"internal/file",
			[]string{"internal/directory", "internal/compliance", "internal/importer", "internal/demo", "internal/app", "internal/cli", "bench"},
			"contents are evidence: the wire reaches them through the use-cases, which authorize",
		},
	}
}

// neighbours are the arrows on one floor that are wanted all the same. An entry
// that nothing uses is a complaint too.
func neighbours() []neighbour { return nil }

type neighbour struct{ from, to, reason string }

// room is where a folder belongs.
type room struct {
	pattern string // as in floors
	folder  string // the folder that the pattern matched
	floor   int
}

// roomOf finds the deepest room that holds a folder; of two equally deep ones
// the one with a name rather than a `*`.
func roomOf(dir string) (room, bool) {
	var found room
	best := 0
	parts := strings.Split(dir, "/")
	for floor, patterns := range floors() {
		for _, pattern := range patterns {
			depth := strings.Count(pattern, "/") + 1
			if len(parts) < depth {
				continue
			}
			folder := strings.Join(parts[:depth], "/")
			rank := 2 * depth
			if folder == pattern {
				rank++
			}
			if match, err := path.Match(pattern, folder); err == nil && match && rank > best {
				found, best = room{pattern, folder, floor}, rank
			}
		}
	}
	return found, best > 0
}

// wrongArrows complains of imports that the house does not allow. Tests may look
// anywhere.
func wrongArrows(files tree) []string {
	var complaints []string
	used := map[neighbour]bool{}
	for _, s := range files {
		if s.ast == nil || strings.HasPrefix(s.path, "tools/") {
			continue
		}
		from, ok := roomOf(s.dir())
		if !ok {
			if !isTestOnly(files, s.dir()) {
				complaints = append(complaints, s.path+": the folder has no room in the house: give it a floor in internal/house/arrows_test.go")
			}
			continue
		}
		for _, imported := range s.imports() {
			dir, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			if why := refusal(s, from, dir, used); why != "" {
				complaints = append(complaints, fmt.Sprintf("%s imports %s: %s", s.path, dir, why))
			}
		}
	}
	for _, n := range neighbours() {
		if n.reason == "" {
			complaints = append(complaints, fmt.Sprintf("neighbours: say why %s imports %s", n.from, n.to))
		}
		if !used[n] {
			complaints = append(complaints, fmt.Sprintf("neighbours: nothing in %s imports %s any more: remove the entry", n.from, n.to))
		}
	}
	return complaints
}

// refusal says why a file must not import a folder of ours, or nothing.
func refusal(s source, from room, dir string, used map[neighbour]bool) string {
	to, ok := roomOf(dir)
	switch {
	case s.isTest():
		return ""
	case isTestSupport(dir):
		return "that package is for tests"
	case !ok:
		return "that folder has no room in the house"
	case from.pattern == "client":
		return "whoever imports the client cannot import this"
	case from.folder == to.folder:
		return ""
	case to.floor > from.floor:
		return "that is upwards"
	case to.floor == from.floor:
		for _, n := range neighbours() {
			if n.from == from.folder && n.to == to.folder {
				used[n] = true
				return ""
			}
		}
		return "that is sideways: meet on a floor above, or name it in neighbours with a reason"
	}
	for _, d := range doors() {
		if d.room == to.pattern && !slices.Contains(d.open, from.pattern) {
			return "that door is shut: " + d.reason
		}
	}
	return ""
}

// isTestOnly tells folders that hold no code but tests, such as this one.
func isTestOnly(files tree, dir string) bool {
	return !slices.ContainsFunc(files, func(s source) bool { return s.ast != nil && s.dir() == dir && !s.isTest() })
}

func TestArrowsPointOneWay(t *testing.T) {
	t.Parallel()
	expectNone(t, wrongArrows(checkout(t)))
}

func TestArrowsAreNoticed(t *testing.T) {
	t.Parallel()
	imports := func(dir string) string { return "package x\nimport _ \"" + module + "/" + dir + "\"\n" }
	for _, c := range []struct{ from, to, complaint string }{
		{"internal/workforce/x.go", "internal/store", "upwards"},
		{"internal/store/x.go", "internal/workforce", ""},
		{"internal/store/x.go", "internal/directory", "upwards"},
		{"internal/store/x_test.go", "internal/directory", ""},
		{"internal/store/storetest/x.go", "internal/app", ""},
		{"internal/app/x.go", "internal/store/storetest", "for tests"},
		{"internal/store/x.go", "internal/store/migrations", ""},
		{"internal/api/v1/x.go", "internal/api/v2", "sideways"},
		{"internal/api/v1/x.go", "internal/store", "shut"},
		{"internal/api/v1/x.go", "internal/rest", ""},
		{"internal/directory/x.go", "internal/rest", "shut"},
		{"internal/directory/x.go", "internal/auth", ""},
		{"internal/connector/okta/x.go", "internal/connector", ""},
		{"internal/connector/okta/x.go", "internal/connector/kit", ""},
		{"internal/connector/okta/x.go", "internal/connector/github", "sideways"},
		{"internal/connector/kit/x.go", "internal/connector/okta", "upwards"},
		{"internal/connector/builtin/x.go", "internal/connector/okta", ""},
		{"internal/syncer/x.go", "internal/connector/okta", "shut"},
		{"internal/syncer/x.go", "internal/connector/kit", ""},
		{"client/x.go", "internal/workforce", "client"},
		{"internal/cli/x.go", "client", ""},
		{"cmd/passmuster/main.go", "internal/cli", ""},
		{"internal/cli/x.go", "internal/nowhere", "no room"},
		{"internal/nowhere/x.go", "internal/workforce", "no room"},
		{"helper.go", "internal/workforce", "no room"},
	} {
		got := wrongArrows(small(t, c.from, imports(c.to)))
		if c.complaint == "" {
			expectAll(t, got)
		} else {
			expectAll(t, got, c.complaint)
		}
	}
}
