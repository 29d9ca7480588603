package house

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	markdownLink = regexp.MustCompile(`\]\(([^)\s#]+)(#[^)\s]*)?\)`)
	namedTest    = regexp.MustCompile("`(Test[A-Z][A-Za-z0-9]*)`")
	testFunction = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9]+)\(`)
)

// deadLinks complains of links between documents that lead nowhere.
func deadLinks(files tree) []string {
	var complaints []string
	exists := map[string]bool{".": true}
	for _, s := range files {
		for p := s.path; p != "."; p = path.Dir(p) {
			exists[p] = true
		}
	}
	for _, s := range files {
		if path.Ext(s.path) != ".md" {
			continue
		}
		for _, link := range markdownLink.FindAllStringSubmatch(string(s.text), -1) {
			if target := link[1]; !strings.Contains(target, ":") && !exists[path.Join(s.dir(), target)] {
				complaints = append(complaints, fmt.Sprintf("%s links %s, which does not exist", s.path, target))
			}
		}
	}
	return complaints
}

// unknownTests complains of tests that a document names and nobody wrote: the
// promise that a forgotten step fails would be empty.
func unknownTests(files tree) []string {
	var complaints []string
	written := map[string]bool{}
	for _, s := range files {
		if strings.HasSuffix(s.path, "_test.go") {
			for _, f := range testFunction.FindAllStringSubmatch(string(s.text), -1) {
				written[f[1]] = true
			}
		}
	}
	for _, s := range files {
		if path.Ext(s.path) != ".md" {
			continue
		}
		for _, name := range namedTest.FindAllStringSubmatch(string(s.text), -1) {
			if !written[name[1]] {
				complaints = append(complaints, fmt.Sprintf("%s names %s, which is no test", s.path, name[1]))
			}
		}
	}
	return complaints
}

const (
	decisions = "docs/adr"
	documents = "docs/README.md"
)

// lostDecisions complains of decisions that the list of documents leaves out,
// and of two with one number.
func lostDecisions(files tree) []string {
	var complaints []string
	var list string
	if i := slices.IndexFunc(files, func(s source) bool { return s.path == documents }); i >= 0 {
		list = string(files[i].text)
	}
	byNumber := map[string]string{}
	for _, s := range files {
		if s.dir() != decisions {
			continue
		}
		name := path.Base(s.path)
		if !strings.Contains(list, "](adr/"+name+")") {
			complaints = append(complaints, documents+" does not link "+s.path)
		}
		number, _, _ := strings.Cut(name, "-")
		if other, twice := byNumber[number]; twice {
			complaints = append(complaints, s.path+" has the number of "+other)
		}
		byNumber[number] = s.path
	}
	return complaints
}

func TestDocumentsHoldTogether(t *testing.T) {
	t.Parallel()
	files := checkout(t)
	expectNone(t, deadLinks(files))
	expectNone(t, unknownTests(files))
	expectNone(t, lostDecisions(files))
}

func TestDocumentsThatFallApartAreNoticed(t *testing.T) {
	t.Parallel()
	expectAll(t, deadLinks(small(t,
		"a.md", "[b](docs/b.md) [c](docs/c.md#x) [d](docs) [e](https://example.com/e) [f](#f)",
		"docs/b.md", "[a](../a.md) [z](../z.md)",
	)), "docs/c.md", "../z.md")
	expectAll(t, unknownTests(small(t,
		"a.md", "`TestOne` and `TestTwo`, not Testing",
		"a_test.go", "package a\nfunc TestOne(t int) {}\n",
	)), "TestTwo")
	expectAll(t, lostDecisions(small(t,
		documents, "[1](adr/0001-a.md) [2](adr/0002-b.md)",
		decisions+"/0001-a.md", "", decisions+"/0002-b.md", "", decisions+"/0002-c.md", "",
	)), "does not link docs/adr/0002-c.md", "0002-c.md has the number of docs/adr/0002-b.md")
}
