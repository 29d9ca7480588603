package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/passmuster/passmuster/internal/config"
)

var update = flag.Bool("update", false, "write passmuster.example.toml anew")

// The checked-in sample is what the table says.
func TestSampleIsCheckedIn(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "passmuster.example.toml")
	if *update {
		if err := os.WriteFile(path, []byte(config.Sample()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != config.Sample() {
		t.Error("passmuster.example.toml is out of date; run: go test ./internal/config -run Sample -update")
	}
}

// As shipped the sample changes nothing; with every # removed it still is the
// defaults, so it shows the right names, types and values.
func TestSampleIsTheDefaults(t *testing.T) {
	t.Parallel()
	var on strings.Builder
	for line := range strings.Lines(config.Sample()) {
		if strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "# ") && !strings.Contains(line, "_file = ") {
			line = line[1:]
		}
		on.WriteString(line)
	}
	if n := strings.Count(on.String(), " = "); n < len(config.Default().Redacted()) {
		t.Errorf("only %d settings in\n%s", n, on.String())
	}
	for name, text := range map[string]string{"as shipped": config.Sample(), "switched on": on.String()} {
		if got := load(t, flags(t, "--config", write(t, text))); got.String() != config.Default().String() {
			t.Errorf("%s: %s\nwant the defaults", name, got)
		}
	}
}

// --help is a manual: each flag says what it is and names its variable.
func TestHelpNamesTheVariable(t *testing.T) {
	t.Parallel()
	flags(t).VisitAll(func(f *pflag.Flag) {
		variable := "(PASSMUSTER_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_")) + ")"
		if !strings.HasSuffix(f.Usage, variable) || len(f.Usage) < len(variable)+15 {
			t.Errorf("--%s: %q", f.Name, f.Usage)
		}
	})
}
