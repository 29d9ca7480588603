package config

import (
	"fmt"
	"strings"
)

// Fault is one thing that is wrong with the configuration.
type Fault struct {
	// Setting is the setting's name as in its flag, or the unknown name as it
	// was written.
	Setting string
	// Source says where the value came from, in the words that the reader would
	// search for: "--rate-limit", "PASSMUSTER_RATE_LIMIT" or
	// "rate_limit in passmuster.toml". Empty for a Config built by a program.
	Source string
	// Value is the value as given, secrets replaced; empty where there is none.
	Value string
	// Problem completes the sentence that starts with the source: what is
	// wrong, or what is allowed.
	Problem string
}

// Error is one line: source, value, problem.
func (f Fault) Error() string {
	name := f.Source
	if name == "" {
		name = f.Setting
	}
	if f.Value == "" {
		return name + ": " + f.Problem
	}
	return fmt.Sprintf("%s: %q %s", name, f.Value, f.Problem)
}

// Faults is every fault of a configuration; it is the error of [Load] and
// [Config.Validate].
type Faults []Fault

// Error lists the faults, one a line.
func (fs Faults) Error() string {
	if len(fs) == 1 {
		return "configuration: " + fs[0].Error()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "configuration: %d faults", len(fs))
	for _, f := range fs {
		b.WriteString("\n  ")
		b.WriteString(f.Error())
	}
	return b.String()
}

// orNil keeps an empty list from becoming a non-nil error.
func (fs Faults) orNil() error {
	if len(fs) == 0 {
		return nil
	}
	return fs
}
