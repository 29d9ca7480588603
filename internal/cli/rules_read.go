package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/workforce"
)

// rulesFile is what a file may say of the rules. What is absent or null stays as
// it is.
type rulesFile struct {
	Checks            map[workforce.CheckType]json.RawMessage `json:"checks"`
	ScreenLockSeconds *int64                                  `json:"screenLockSeconds"`
	ReportingDays     *int64                                  `json:"reportingDays"`
	UpdatedAt         *string                                 `json:"updatedAt"` // of the rules that were shown; says nothing
}

type checkRuleFile struct {
	Required      *bool                        `json:"required"`
	Statuses      []workforce.EmploymentStatus `json:"statuses"`
	GroupIDs      []workforce.GroupID          `json:"groupIds"`
	RenewalMonths *int64                       `json:"renewalMonths"`
	Frequency     *workforce.CheckFrequency    `json:"frequency"`
	Sources       []workforce.DeviceSource     `json:"sources"`
	MissingRecord *workforce.CheckStatus       `json:"missingRecord"`
}

// largestRules is the most bytes of a file of rules.
const largestRules = 1 << 20

// readRules reads a file of rules; "-" is standard input.
func (p *program) readRules(name string) (compliance.RulesInput, error) {
	var in compliance.RulesInput
	text, err := p.readText(name, largestRules)
	if err != nil {
		return in, err
	}
	var file rulesFile
	if name == "-" {
		name = "standard input"
	}
	if err := strictly(text, "", &file); err != nil {
		return in, fmt.Errorf("%s: %w", name, err)
	}
	in = compliance.RulesInput{
		Checks:            map[workforce.CheckType]compliance.CheckRuleInput{},
		ScreenLockSeconds: file.ScreenLockSeconds, ReportingDays: file.ReportingDays,
	}
	for _, t := range sortedKeys(file.Checks) {
		if !slices.Contains(workforce.AllCheckTypes, t) {
			return in, fmt.Errorf("%s: checks: %q is not one of %s", name, string(t), namesOf(workforce.AllCheckTypes))
		}
		var rule checkRuleFile
		if err := strictly(file.Checks[t], "checks."+string(t), &rule); err != nil {
			return in, fmt.Errorf("%s: %w", name, err)
		}
		in.Checks[t] = compliance.CheckRuleInput(rule)
	}
	return in, nil
}

// readText reads a file of at most so many bytes; "-" is standard input.
func (p *program) readText(name string, most int64) ([]byte, error) {
	from := p.env.Stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		from = file
	}
	text, err := io.ReadAll(io.LimitReader(from, most+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if int64(len(text)) > most {
		return nil, fmt.Errorf("%s has more than %d bytes", name, most)
	}
	return text, nil
}

// strictly reads one JSON value at a place of a document. What it has no field
// for is an error that names it.
func strictly(text []byte, at string, into any) error {
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil && dec.More() {
		err = errors.New("there is more behind its end")
	}
	var mistyped *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		return errors.New("it is empty: want JSON")
	case errors.As(err, &mistyped):
		return fmt.Errorf("%s: a JSON %s cannot stand here", within(at, mistyped.Field), mistyped.Value)
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Errorf("%s: there is no such field", within(at, strings.Trim(field, `"`)))
	}
	return fmt.Errorf("%s: it is not JSON: %w", within(at, ""), err)
}

// within names a field of an object by its place in the document.
func within(at, field string) string {
	if path := strings.Trim(at+"."+field, "."); path != "" {
		return path
	}
	return "the document"
}
