package importer

import (
	"os"
	"strings"
	"testing"
)

// docs/import.md is the manual of the files: a field, another name of one, or a
// word for a status that it does not mention is one that nobody finds.
func TestManualNamesEveryColumnAndWord(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	people, rest, ok := strings.Cut(string(text), "\n## The columns of accounts\n")
	if !ok {
		t.Fatal("docs/import.md has no part about the columns of accounts")
	}
	_, people, _ = strings.Cut(people, "\n## The columns of people\n")
	accounts, _, _ := strings.Cut(rest, "\n## ")
	checkManual(t, people, &peopleSchema)
	checkManual(t, accounts, &accountSchema)
	words := manualWords(people)
	for word := range statusWords {
		if !words[word] {
			t.Errorf("docs/import.md does not name the status word %q", word)
		}
	}
}

func checkManual[T any](t *testing.T, part string, s *schema[T]) {
	t.Helper()
	words := manualWords(part)
	for _, f := range s.fields {
		if !strings.Contains(part, "`"+f.name+"`") {
			t.Errorf("docs/import.md does not name the field %s of %s", f.name, s.noun)
		}
		if f.name == fieldHasMFA && strings.Contains(part, "as for people") {
			continue
		}
		for _, alias := range f.aliases {
			if !words[alias] {
				t.Errorf("docs/import.md does not say that %q is read as %s of %s", alias, f.name, s.noun)
			}
		}
	}
}

// manualWords is what stands between the commas, semicolons and bars of a text,
// in the form in which names are compared.
func manualWords(text string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;|\n", r) }) {
		words[headerKey(w)] = true
	}
	return words
}

// The examples can be pasted: each is read without a problem.
func TestManualExamplesAreGood(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "\n```")
	read := 0
	for i, block := range blocks {
		kind, body, _ := strings.Cut(block, "\n")
		if i%2 == 0 || kind != string(CSV) && kind != string(JSON) {
			continue
		}
		read++
		var problems []Problem
		var rows int
		if strings.HasPrefix(body, "Provider,") {
			got := accounts(t, body)
			problems, rows = got.Problems, len(got.Rows)
		} else {
			got := people(t, Format(kind), body)
			problems, rows = got.Problems, len(got.Rows)
		}
		if len(problems) > 0 || rows == 0 {
			t.Errorf("an example gives %d rows and the problems %v:\n%s", rows, problems, body)
		}
	}
	if read != 3 {
		t.Errorf("%d examples were found, want 3", read)
	}
}
