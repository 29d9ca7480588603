package house

import (
	"fmt"
	"go/ast"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The package comment of an internal package is its contract with the reader.
var (
	saysWhatItUses = regexp.MustCompile(`\bdepend|\bimport`)
	saysItsLimits  = regexp.MustCompile(`(?i)\bnever\b|\bnothing\b`)
)

// uncommented complains of packages whose comment does not say what they are,
// what they may depend on and what they must never do.
func uncommented(files tree) []string {
	docs, names := map[string][]*ast.CommentGroup{}, map[string]string{}
	for _, s := range files {
		if s.ast == nil || strings.HasPrefix(s.path, "tools/") {
			continue
		}
		if strings.HasSuffix(s.path, "_test.go") && !isTestOnly(files, s.dir()) {
			continue
		}
		if s.ast.Doc != nil {
			docs[s.dir()] = append(docs[s.dir()], s.ast.Doc)
		}
		names[s.dir()] = s.ast.Name.Name
	}
	var complaints []string
	for _, dir := range slices.Sorted(maps.Keys(names)) {
		if why := judgeComment(dir, names[dir], docs[dir]); why != "" {
			complaints = append(complaints, fmt.Sprintf("package %s: %s", dir, why))
		}
	}
	return complaints
}

func judgeComment(dir, name string, docs []*ast.CommentGroup) string {
	switch len(docs) {
	case 0:
		return "has no package comment: say what it is, what it may depend on and what it must never do"
	case 1:
	default:
		return "has several package comments: keep one file for it"
	}
	text := docs[0].Text()
	start := "Package " + strings.TrimSuffix(name, "_test") + " "
	if name == "main" {
		start = "Command "
	}
	switch {
	case !strings.HasPrefix(text, start):
		return "its comment must start with " + start
	case !strings.HasPrefix(dir, "internal/"):
		return ""
	case !saysWhatItUses.MatchString(text):
		return "its comment does not say what it may depend on"
	case !saysItsLimits.MatchString(text):
		return "its comment does not say what it must never do"
	}
	return ""
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	expectNone(t, uncommented(checkout(t)))
}

func TestMissingCommentsAreNoticed(t *testing.T) {
	t.Parallel()
	expectAll(t, uncommented(small(t,
		"cmd/a/main.go", "// Command a does it.\npackage main\n",
		"e2e/x_test.go", "// Package e2e tries it.\npackage e2e_test\n",
		"internal/a/a.go", "package a\n",
		"internal/a/a_test.go", "// Package a is tested.\npackage a\n",
		"internal/b/b.go", "// Package b is. It may depend on all. It must never stop.\npackage b\n",
		"internal/b/b2.go", "// Package b is that too.\npackage b\n",
		"internal/c/c.go", "// All about c.\npackage c\n",
		"internal/d/d.go", "// Package d is. It must never stop.\npackage d\n",
		"internal/e/e.go", "// Package e is. It may depend on all.\npackage e\n",
		"internal/f/f.go", "// Package f is. It may depend on all. It must never stop.\npackage f\n",
	)),
		"internal/a: has no package comment", "internal/b: has several", "internal/c: its comment must start",
		"internal/d: its comment does not say what it may depend on", "internal/e: its comment does not say what it must never do")
}
