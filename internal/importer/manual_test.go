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
	parts := manualParts(string(text))
	people := parts["people"]
	checkManual(t, people, &peopleSchema)
	checkManual(t, parts["accounts"], &accountSchema)
	checkManual(t, parts["devices"], &deviceSchema)
	checkManual(t, parts["trainings"], &trainingSchema)
	checkManual(t, parts["background checks"], &backgroundSchema)
	checkManual(t, parts["acknowledgements"], &acknowledgementSchema)
	checkWords(t, parts["trainings"], trainingTypeWords)
	checkWords(t, parts["trainings"], trainingStateWords)
	checkWords(t, parts["background checks"], backgroundWords)
	words := manualWords(people)
	for word := range statusWords {
		if !words[word] {
			t.Errorf("docs/import.md does not name the status word %q", word)
		}
	}
}

// manualParts is what the manual says of the columns of each kind of file.
func manualParts(text string) map[string]string {
	parts := map[string]string{}
	for part := range strings.SplitSeq(text, "\n## ") {
		title, body, _ := strings.Cut(part, "\n")
		if kind, ok := strings.CutPrefix(title, "The columns of "); ok {
			parts[kind] = body
		}
	}
	return parts
}

func checkWords[T any](t *testing.T, part string, words map[string]T) {
	t.Helper()
	named := manualWords(part)
	for word := range words {
		if !named[word] {
			t.Errorf("docs/import.md does not name the word %q", word)
		}
		if word != headerKey(word) {
			t.Errorf("the word %q can never match", word)
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
		if f.name == fieldHasMFA && strings.Contains(part, "as for people") || f.name == fieldEmail && strings.Contains(part, "as for trainings") {
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
		header, _, _ := strings.Cut(body, "\n")
		switch {
		case strings.HasPrefix(header, "Provider,"):
			got := accounts(t, body)
			problems, rows = got.Problems, len(got.Rows)
		case strings.HasPrefix(header, "Source,"):
			got := parsedBy(t, ParseDevices, body)
			problems, rows = got.Problems, len(got.Rows)
		case strings.HasPrefix(header, "Email,Type,"):
			got := parsedBy(t, ParseTrainings, body)
			problems, rows = got.Problems, len(got.Rows)
		case strings.HasPrefix(header, "Email,Status,"):
			got := parsedBy(t, ParseBackgroundChecks, body)
			problems, rows = got.Problems, len(got.Rows)
		case strings.HasPrefix(header, "Email,Policy,"):
			got := parsedBy(t, ParseAcknowledgements, body)
			problems, rows = got.Problems, len(got.Rows)
		default:
			got := people(t, Format(kind), body)
			problems, rows = got.Problems, len(got.Rows)
		}
		if len(problems) > 0 || rows == 0 {
			t.Errorf("an example gives %d rows and the problems %v:\n%s", rows, problems, body)
		}
	}
	if read != 7 {
		t.Errorf("%d examples were found, want 7", read)
	}
}
