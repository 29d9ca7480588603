package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/workforce"
)

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// readRulesFrom reads a text as a file of rules.
func readRulesFrom(text string) (compliance.RulesInput, error) {
	p := &program{env: Env{Stdin: strings.NewReader(text)}}
	return p.readRules("-")
}

// What show prints is what set reads.
func TestRulesComeBack(t *testing.T) {
	t.Parallel()
	rules := workforce.DefaultRules()
	rules.Of(workforce.CheckHDDEncryption).Sources = []workforce.DeviceSource{"JAMF", "AGENT"}
	rules.Of(workforce.CheckBackground).GroupIDs = []workforce.GroupID{2, 7}
	rules.Of(workforce.CheckIdentityMFA).Statuses = nil
	text, err := json.Marshal(rulesRecord(rules))
	if err != nil {
		t.Fatal(err)
	}
	in, err := readRulesFrom(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Checks) != len(workforce.AllCheckTypes) || *in.ScreenLockSeconds != rules.ScreenLockSeconds || int(*in.ReportingDays) != rules.ReportingDays {
		t.Errorf("%+v", in)
	}
	for _, want := range rules.Checks {
		got := in.Checks[want.Type]
		if *got.Required != want.Required || int(*got.RenewalMonths) != want.RenewalMonths || *got.Frequency != want.Frequency ||
			got.Statuses == nil || got.GroupIDs == nil || got.Sources == nil ||
			len(got.Statuses) != len(want.Statuses) || len(want.GroupIDs) > 0 && !reflect.DeepEqual(got.GroupIDs, want.GroupIDs) ||
			len(want.Sources) > 0 && !reflect.DeepEqual(got.Sources, want.Sources) ||
			(got.MissingRecord == nil) != (want.MissingRecord == "") || got.MissingRecord != nil && *got.MissingRecord != want.MissingRecord {
			t.Errorf("%s comes back as %+v", want.Type, got)
		}
	}
}

func TestWrongRules(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                                      "it is empty: want JSON",
		`x`:                                     "the document: it is not JSON",
		`{"checks":`:                            "the document: it is not JSON",
		`{} {}`:                                 "the document: it is not JSON: there is more behind its end",
		`{"reportingdaze":1}`:                   "reportingdaze: there is no such field",
		`{"reportingDays":"30"}`:                "reportingDays: a JSON string cannot stand here",
		`[]`:                                    "the document: a JSON array cannot stand here",
		`{"checks":{"MFA":{}}}`:                 `checks: "MFA" is not one of FULL_COMPLIANCE, ACCEPTED_POLICIES, `,
		`{"checks":{"BG_CHECK":{"require":1}}}`: "checks.BG_CHECK.require: there is no such field",
		`{"checks":{"BG_CHECK":{"required":"yes"}}}`:       "checks.BG_CHECK.required: a JSON string cannot stand here",
		`{"checks":{"BG_CHECK":{"groupIds":["a"]}}}`:       "checks.BG_CHECK.groupIds: a JSON string cannot stand here",
		strings.Repeat(" ", largestRules) + `{"checks":{}`: "more than 1048576 bytes",
	} {
		if _, err := readRulesFrom(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %q", text, err, want)
		}
	}
}

// Rules that are set are asked for first, and a preview changes nothing.
func TestSettingRulesNeedsAYes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	dsn, file := "sqlite:"+filepath.Join(dir, "test.db"), filepath.Join(dir, "rules.json")
	writeFile(t, file, `{"screenLockSeconds":300}`)
	shown := func() string {
		t.Helper()
		got := run(t, nil, "rules", "show", "--json", "--database", dsn)
		if got.code != exitDone {
			t.Fatalf("%+v", got)
		}
		return got.stdout
	}
	before := shown()
	for _, args := range [][]string{{"rules", "preview", file}, {"rules", "preview", file, "--json"}, {"rules", "set", file}} {
		got := run(t, nil, append(args, "--database", dsn)...)
		if want := map[bool]int{true: exitUsage, false: exitDone}[args[1] == "set"]; got.code != want {
			t.Errorf("%v: %+v", args, got)
		}
		if shown() != before {
			t.Fatalf("%v changed the rules", args)
		}
	}
	for _, want := range []string{"The rules are set.", "The rules were so already."} {
		if got := run(t, nil, "rules", "set", file, "--yes", "--database", dsn); got.code != exitDone || !strings.Contains(got.stdout, want) {
			t.Errorf("%+v, want %q", got, want)
		}
	}
	if after := shown(); !strings.Contains(after, `"screenLockSeconds": 300`) || strings.Contains(after, `"updatedAt": null`) {
		t.Errorf("the rules are\n%s", after)
	}
}

// No word of a sentence is lost, and no line is longer than it must be.
func TestProse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zé→]{1,12}`), 0, 30).Draw(t, "words")
		width := rapid.IntRange(20, 100).Draw(t, "width")
		var b strings.Builder
		writeProse(&b, "  → ", strings.Join(words, " "), width)
		if len(words) == 0 {
			if b.Len() > 0 {
				t.Fatalf("nothing becomes %q", b.String())
			}
			return
		}
		text, ok := strings.CutPrefix(b.String(), "  → ")
		if got := strings.Fields(text); !ok || !reflect.DeepEqual(got, words) {
			t.Fatalf("%q becomes %q", words, b.String())
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(b.String(), "\n"), "\n") {
			if n := len([]rune(line)); n > width || !strings.HasPrefix(line, "  ") {
				t.Fatalf("a line has %d characters of %d: %q", n, width, line)
			}
		}
	})
}
