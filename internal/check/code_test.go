package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

// declaredCodes is the codes that code.go declares.
func declaredCodes(t *testing.T) []Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []Code
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if of, ok := spec.Type.(*ast.Ident); ok && of.Name == "Code" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, Code(text))
		}
		return true
	})
	return out
}

func TestAllCodes(t *testing.T) {
	t.Parallel()
	var listed []Code
	for _, use := range AllCodes {
		listed = append(listed, use.Code)
		if !regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`).MatchString(string(use.Code)) {
			t.Errorf("%s is not written as other codes", use.Code)
		}
		if use.Meaning == "" || len(use.Statuses) == 0 || len(use.Checks) == 0 {
			t.Errorf("%s: say what it means and where it may stand: %+v", use.Code, use)
		}
		if !slices.IsSortedFunc(use.Checks, func(a, b workforce.CheckType) int { return int(place(&a) - place(&b)) }) {
			t.Errorf("%s: the checks are not in order: %v", use.Code, use.Checks)
		}
	}
	if want := declaredCodes(t); !slices.Equal(listed, want) {
		slices.Sort(listed)
		slices.Sort(want)
		t.Errorf("AllCodes lists %v, declared are %v", listed, want)
	}
}

// TestEveryCodeIsShown: the tables of decisions show each code at least once
// for each outcome and check that it may explain, and no other.
func TestEveryCodeIsShown(t *testing.T) {
	t.Parallel()
	type use struct {
		code   Code
		status workforce.CheckStatus
	}
	shown := map[use]map[workforce.CheckType]bool{}
	for i, check := range workforce.AllCheckTypes {
		tb := readTable(t, check)
		for _, r := range tb.rows {
			w := tb.world(t, r)
			result := Eval(&w.facts, w.now).Results[i]
			for _, why := range result.Reasons {
				u := use{why.Code, result.Status}
				if shown[u] == nil {
					shown[u] = map[workforce.CheckType]bool{}
				}
				shown[u][check] = true
			}
		}
	}
	general := []Code{NotRequired, StatusNotCovered, NotInGroup, Excluded}
	for _, c := range AllCodes {
		for _, status := range c.Statuses {
			for _, check := range c.Checks {
				if !slices.Contains(general, c.Code) && !shown[use{c.Code, status}][check] && !differs(c.Code, status, check) {
					t.Errorf("no table shows that %s is %s because of %s", check, status, c.Code)
				}
			}
			if len(shown[use{c.Code, status}]) == 0 {
				t.Errorf("no table shows %s because of %s", status, c.Code)
			}
		}
	}
}

// differs reports uses of a code that belong to some of its checks only: that
// nobody has a device is a failure of AGENT_INSTALLED, and elsewhere untold.
func differs(code Code, status workforce.CheckStatus, check workforce.CheckType) bool {
	return code == NoDevice && (status == workforce.CheckFail) != (check == workforce.CheckAgentInstalled)
}

// wholeReason complains of sentences that a person could not use.
func wholeReason(t *rapid.T, status workforce.CheckStatus, why Reason) {
	t.Helper()
	for _, s := range []string{why.Message, why.Remedy} {
		if strings.Contains(s, "  ") || strings.Contains(s, "%!") || strings.Contains(s, "..") || strings.TrimSpace(s) != s {
			t.Fatalf("%s: %q is not a sentence", why.Code, s)
		}
		if s != "" && !strings.HasSuffix(s, ".") {
			t.Fatalf("%s: %q has no end", why.Code, s)
		}
	}
	if why.Message == "" {
		t.Fatalf("%s says nothing", why.Code)
	}
	wanting := status == workforce.CheckFail || status == workforce.CheckMisconfigured
	if (why.Remedy != "") != wanting {
		t.Fatalf("%s explains %s with the remedy %q", why.Code, status, why.Remedy)
	}
}

// TestPeopleDoNotMix: evaluations that share a company and run at once find
// what each finds alone, and say nothing of the other person.
func TestPeopleDoNotMix(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := someFacts(t), someFacts(t)
		b.Company = a.Company
		mark(a, "Ada")
		mark(b, "Bob")
		wantA, wantB := Eval(a, noon), Eval(b, noon)
		var gotA, gotB Verdict
		var wg sync.WaitGroup
		wg.Go(func() { gotA = Eval(a, noon) })
		wg.Go(func() { gotB = Eval(b, noon) })
		wg.Wait()
		same(t, "Ada", gotA, wantA)
		same(t, "Bob", gotB, wantB)
		for _, r := range gotA.Results {
			for _, why := range r.Reasons {
				if strings.Contains(why.Message+why.Remedy, "Bob") {
					t.Fatalf("%s says of Ada: %q", r.Type, why.Message)
				}
			}
		}
	})
}

// mark writes a name into every text that says something of a person.
func mark(f *Facts, name string) {
	for i := range f.Identities {
		f.Identities[i].Username = &name
	}
	for i := range f.Accounts {
		f.Accounts[i].Username = &name
	}
	for i := range f.Devices {
		f.Devices[i].Model = &name
	}
	for i := range f.Documents {
		f.Documents[i].Name = name
	}
}

func TestEvidenceKinds(t *testing.T) {
	t.Parallel()
	seen := map[EvidenceKind]bool{}
	for _, kind := range AllEvidenceKinds {
		seen[kind] = true
	}
	shown := map[EvidenceKind]bool{}
	for i, check := range workforce.AllCheckTypes {
		tb := readTable(t, check)
		for _, r := range tb.rows {
			w := tb.world(t, r)
			for _, e := range Eval(&w.facts, w.now).Results[i].Evidence {
				shown[e.Kind] = true
			}
		}
	}
	if !reflect.DeepEqual(shown, seen) {
		t.Errorf("the tables show evidence of the kinds %v, want %v", shown, seen)
	}
}
