package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// maxLines is where a file of code is too long for a newcomer.
const maxLines = 700

// longFiles are the files that may be longer, each with its reason.
func longFiles() map[string]string { return map[string]string{} }

// tooLong complains of long files, and of exceptions that nothing needs.
func tooLong(files tree) []string {
	var complaints []string
	excused := map[string]bool{}
	for _, s := range files {
		code := slices.Contains([]string{".go", ".sql", ".html", ".css", ".js"}, path.Ext(s.path))
		lines := bytes.Count(s.text, []byte("\n"))
		if !code || lines <= maxLines || strings.Contains("/"+s.path, "/testdata/") {
			continue
		}
		excused[s.path] = true
		if longFiles()[s.path] == "" {
			complaints = append(complaints, fmt.Sprintf("%s has %d lines, more than %d: split it by subject", s.path, lines, maxLines))
		}
	}
	for file := range longFiles() {
		if !excused[file] {
			complaints = append(complaints, "longFiles: "+file+" needs no exception: remove the entry")
		}
	}
	return complaints
}

// calls lists where a file calls a function or method with one of the names, on
// anything or, with on, on that identifier alone.
func (s source) calls(on string, names ...string) []token.Pos {
	var found []token.Pos
	if s.ast == nil {
		return nil
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok || !slices.Contains(names, selector.Sel.Name) {
			return true
		}
		if x, isIdent := selector.X.(*ast.Ident); on == "" || isIdent && x.Name == on {
			found = append(found, selector.Pos())
		}
		return true
	})
	return found
}

// skipsInScript finds lines that skip in a script of package testscript.
var skipsInScript = regexp.MustCompile(`(?m)^(\[[^\]]*\] *)?skip\b`)

// skipping complains of tests that do not run. One place may skip: the helper
// that leaves PostgreSQL out where the developer asked for that by name
// (PASSMUSTER_TEST_POSTGRES=off); it stands in a package of test support, so
// that every test goes through it.
func skipping(files tree) []string {
	var places, complaints []string
	for _, s := range files {
		if strings.HasSuffix(s.path, ".txtar") && skipsInScript.Match(s.text) {
			complaints = append(complaints, s.path+" skips: a script that does not run proves nothing")
		}
		if !slices.Contains(s.imports(), "testing") {
			continue
		}
		for _, pos := range s.calls("", "Skip", "Skipf", "SkipNow") {
			if isTestSupport(s.dir()) {
				places = append(places, s.at(pos))
			} else {
				complaints = append(complaints, s.at(pos)+" skips: a test that does not run proves nothing; make what it needs, or fail")
			}
		}
	}
	if len(places) > 1 {
		complaints = append(complaints, "several places skip, want one: "+strings.Join(places, ", "))
	}
	return complaints
}

// registering complains of functions that run behind the reader's back.
func registering(files tree) []string {
	var complaints []string
	for _, s := range files {
		if s.ast == nil {
			continue
		}
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				complaints = append(complaints, s.at(f.Pos())+" is an init function: call it where it is needed")
			}
		}
	}
	return complaints
}

// sleeping complains of waits that hope.
func sleeping(files tree) []string {
	var complaints []string
	for _, s := range files {
		if !s.isTest() || s.ast == nil {
			continue
		}
		for _, pos := range s.calls("time", "Sleep") {
			complaints = append(complaints, s.at(pos)+" sleeps: wait for the event, or use testing/synctest")
		}
	}
	return complaints
}

// unfinished finds the words that people leave behind for later.
var unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)

// Whoever clones the project has neither of these: a folder beside the checkout,
// or a folder of one machine.
var (
	besideUs  = regexp.MustCompile(`\.\./` + `shared`)
	ofMachine = regexp.MustCompile(`(^|[\s"'(=:\x60,])(file://)?/(home|Users|root|work|farm|mnt|private)/[A-Za-z0-9._-]`)
	ofWindows = regexp.MustCompile(`\b[A-Z]:\\Users\\`)
)

// words complains of text that does not belong into a checkout.
func words(files tree) []string {
	var complaints []string
	for _, s := range files {
		number := 0
		for line := range bytes.Lines(s.text) {
			number++
			for _, rule := range []struct {
				pattern *regexp.Regexp
				why     string
			}{
				{unfinished, "marks something unfinished: finish it, or open an issue"},
				{besideUs, "names a folder outside the project"},
				{ofMachine, "names a path of one machine"},
				{ofWindows, "names a path of one machine"},
			} {
				if found := rule.pattern.Find(line); found != nil {
					complaints = append(complaints, s.path+":"+strconv.Itoa(number)+": "+strconv.Quote(string(found))+" "+rule.why)
				}
			}
		}
	}
	return complaints
}

func TestHabits(t *testing.T) {
	t.Parallel()
	files := checkout(t)
	for name, rule := range map[string]func(tree) []string{
		"files are short":        tooLong,
		"every test runs":        skipping,
		"nothing registers":      registering,
		"no test sleeps":         sleeping,
		"words that do not stay": words,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectNone(t, rule(files))
		})
	}
}

func TestBrokenHabitsAreNoticed(t *testing.T) {
	t.Parallel()
	const head = "package x\nimport (\n\"testing\"\n\"time\"\n)\n"
	long := strings.Repeat("\n", maxLines)
	expectAll(t, tooLong(small(t,
		"a.go", "package a\n"+long, "b.go", "package b\n", "c.css", "\n"+long, "d.md", "\n"+long, "x/testdata/e.sql", "\n"+long,
	)), "a.go has 701 lines", "c.css has 701")
	expectAll(t, skipping(small(t,
		"a_test.go", head+"func TestA(t *testing.T) {\n t.Skip()\n}\n",
		"b.go", "package b\nfunc f(d decoder) { d.Skip() }\n",
		"x/storetest/a.go", head+"func a(tb testing.TB) { tb.Skipf(\"asked for\") }\n",
		"x/storetest/b.go", head+"func b(tb testing.TB) { tb.SkipNow() }\n",
		"e2e/testdata/a.txtar", "exec true\n[windows] skip 'later'\n",
		"e2e/testdata/b.txtar", "exec passmuster import --skip-bad x\n",
	)), "a_test.go:7", "a.txtar skips", "several places skip, want one: x/storetest/a.go:6, x/storetest/b.go:6")
	expectAll(t, registering(small(t,
		"a.go", "package a\nfunc init() {}\n", "b.go", "package b\ntype t int\nfunc (t) init() {}\n",
	)), "a.go:2")
	expectAll(t, sleeping(small(t,
		"a_test.go", head+"func f() { time.Sleep(1) }\n", "b.go", head+"func f() { time.Sleep(1) }\n",
	)), "a_test.go:6")
	expectAll(t, words(small(t,
		"a.md", "see "+"../"+"shared/x\nhttps://example.com/home/x and /public/users\n",
		"b.go", "package b\n\nconst p = \"/"+"home/someone/x\"\n",
		"c.md", "TO"+"DO: later\nmastodon, todos\n",
		"d.md", `C:\Us`+`ers\someone`+"\n",
	)), "a.md:1", "b.go:3", "c.md:1", "d.md:1")
}
