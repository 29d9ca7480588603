package contract_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

const compat = "../../../docs/compat"

// The part of a page that the code knows better than its writer.
const (
	factsBegin = "<!-- facts: written by go test ./internal/api/contract -update -->\n"
	factsEnd   = "<!-- end of facts -->\n"
)

// Every operation has a page; what the page says of permission, parameters and
// statuses is what the code does.
func TestEveryOperationHasAPage(t *testing.T) {
	t.Parallel()
	index := readPage(t, "README.md")
	pages := []string{"README.md", "answers.md", "differences.md"}
	for _, r := range routes() {
		pages = append(pages, r.Operation+".md")
		if link := fmt.Sprintf("[`%s %s`](%s.md)", r.Method, r.Pattern, r.Operation); !strings.Contains(index, link) {
			t.Errorf("README.md does not link %s", link)
		}
		t.Run(r.Operation, func(t *testing.T) {
			t.Parallel()
			text := readPage(t, r.Operation+".md")
			if title := fmt.Sprintf("# `%s %s`\n", r.Method, r.Pattern); !strings.HasPrefix(text, title) {
				t.Errorf("the page does not begin with %q", title)
			}
			checkStatuses(t, r, text)
			head, rest, found := strings.Cut(text, factsBegin)
			_, tail, closed := strings.Cut(rest, factsEnd)
			if !found || !closed {
				t.Fatalf("the page has no place for the facts: it needs the lines\n%s%s", factsBegin, factsEnd)
			}
			apitest.Golden(t, filepath.Join(compat, r.Operation+".md"), []byte(head+factsBegin+facts(r)+factsEnd+tail))
		})
	}
	entries, err := os.ReadDir(compat)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(pages, e.Name()) {
			t.Errorf("docs/compat/%s is the page of no operation", e.Name())
		}
	}
}

func readPage(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(compat, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// facts is the generated part of a page.
func facts(r rest.Route) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nOperation `%s`, permission `%s`", r.Operation, r.Scope)
	if r.Feature != "" {
		fmt.Fprintf(&b, ", plan with `%s`", r.Feature)
	}
	b.WriteString(".\n\n")
	if len(r.Params) == 0 {
		b.WriteString("It has no parameters.\n\n")
		return b.String()
	}
	b.WriteString("| parameter | in | type | required | default | values |\n|---|---|---|---|---|---|\n")
	for _, p := range r.Params {
		name := "`" + p.Name + "`"
		if p.Extra {
			name += " (ours)"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", name, p.In, p.Type, yes(p.Required), code(p.Default), values(p))
	}
	b.WriteString("\n")
	return b.String()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func values(p rest.Param) string {
	switch {
	case len(p.Enum) > 0:
		return "`" + strings.Join(p.Enum, "` `") + "`"
	case p.Minimum != nil && p.Maximum != nil:
		return fmt.Sprintf("%d to %d", *p.Minimum, *p.Maximum)
	case p.Minimum != nil:
		return fmt.Sprintf("from %d", *p.Minimum)
	case p.MaxLength > 0:
		return fmt.Sprintf("at most %d characters", p.MaxLength)
	case p.Date:
		return "a date"
	}
	return ""
}

var statusRow = regexp.MustCompile(`(?m)^\| (\d{3}) \| ([\d, ]*) \| (.+) \|$`)

// checkStatuses compares the table of statuses with the route, and its codes
// with the registry of codes.
func checkStatuses(t *testing.T, r rest.Route, text string) {
	t.Helper()
	var documented []int
	for _, row := range statusRow.FindAllStringSubmatch(text, -1) {
		status, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		documented = append(documented, status)
		if status < http.StatusMultipleChoices {
			continue
		}
		for code := range strings.SplitSeq(row[2], ", ") {
			if !slices.Contains(codesOf(status), code) {
				t.Errorf("%d never has the code %q", status, code)
			}
		}
	}
	if !slices.Equal(documented, r.Statuses) {
		t.Errorf("the page has the statuses %v, the route %v", documented, r.Statuses)
	}
}

// codesOf is every code that an answer with the status may have.
func codesOf(status int) []string {
	var codes []string
	for reason := range workforce.AllReasons {
		if a := rest.AnswerOf(reason); a.Status == status {
			codes = append(codes, strconv.Itoa(a.Code))
		}
	}
	return codes
}

var link = regexp.MustCompile(`\]\(([a-zA-Z0-9]*\.md)?(#[a-z0-9-]+)?\)`)

// Links between the pages lead somewhere.
func TestLinksBetweenPages(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(compat)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		for _, l := range link.FindAllStringSubmatch(readPage(t, e.Name()), -1) {
			target := e.Name()
			if l[1] != "" {
				target = l[1]
			}
			if _, err := os.Stat(filepath.Join(compat, target)); err != nil {
				t.Errorf("%s links %s: %v", e.Name(), l[0], err)
				continue
			}
			if anchor := strings.TrimPrefix(l[2], "#"); anchor != "" && !slices.Contains(anchors(readPage(t, target)), anchor) {
				t.Errorf("%s links %s, which has no heading of that name", e.Name(), l[0])
			}
		}
	}
}

var heading = regexp.MustCompile(`(?m)^#+ (.+)$`)

// anchors is the headings of a page as links name them.
func anchors(text string) []string {
	var out []string
	for _, h := range heading.FindAllStringSubmatch(text, -1) {
		out = append(out, strings.ReplaceAll(strings.ToLower(h[1]), " ", "-"))
	}
	return out
}
