package main

import (
	"io"
	"strings"
	"testing"
)

func TestSettingsAreRefused(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-people 1e6":                  "want numbers",
		"-people 5":                    "5 people: want 100 to",
		"-databases mysql":             "want some of",
		"-connections 1000":            "-connections 1000",
		"-duration 1h":                 "-duration 1h",
		"-duration 30s -most 20s":      "-most not below",
		"-only get":                    "want some of",
		"-name a/b":                    "a part of a file name",
		"fast":                         `unexpected "fast"`,
		"-people x -connections 0 -no": "not defined: -no",
	} {
		_, err := parseSettings(strings.Fields(args), io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", args, err, want)
		}
	}
}

// All faults come at once.
func TestSettingsTellEveryFault(t *testing.T) {
	t.Parallel()
	_, err := parseSettings(strings.Fields("-people 5 -connections 0 -only x"), io.Discard)
	for _, want := range []string{"5 people", "-connections", "-only"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

func TestCommandLineKeepsWhatIsPrivateOut(t *testing.T) {
	t.Parallel()
	got := commandLine(strings.Fields("-name x -postgres postgres://me:secret@h/db --cache=/a -out /b -people 300 -cpuprofile /c"))
	if want := "go run ./bench/floor -name x -people 300"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
