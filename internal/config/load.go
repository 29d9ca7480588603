package config

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Load reads every setting from the flags given (parsed, and registered with
// [Register] or [RegisterShared]), from environ (as os.Environ returns it) and
// from the file that --config or PASSMUSTER_CONFIG names. The error is [Faults]
// with everything that is wrong; the Config is valid only without one.
//
// A value is checked even where a stronger source overrides it: a mistake must
// not wait for the day on which the override goes. An empty variable counts as
// absent, since that is how container files spell "not set".
//
// The flags that are no settings, a command's own, can be given by variable too: where
// --people was not given, PASSMUSTER_PEOPLE is set on it. Such a variable is
// unknown unless flags or one of others, the flag sets of the program's other
// commands, declares its flag.
func Load(flags *pflag.FlagSet, environ []string, others ...*pflag.FlagSet) (Config, error) {
	l := loader{config: Default(), flags: flags, env: variables(environ), known: map[string]bool{}, decided: map[string]given{}}
	l.openFile()
	for _, s := range settings() {
		l.load(s)
	}
	if _, decided := l.decided[nameDatabase]; l.config.Demo && !decided {
		l.config.Database = DemoDatabase
	}
	if half, missing := l.config.halfTLS(); half != "" {
		l.fault(half, l.decided[half].source, l.decided[half].text, needs(missing))
	}
	l.rejectUnknownKeys()
	l.fillCommandFlags()
	l.rejectUnknownVariables(others)
	if err := l.faults.orNil(); err != nil {
		return Config{}, err
	}
	return l.config, nil
}

// loader is the state of one Load.
type loader struct {
	config  Config
	flags   *pflag.FlagSet
	env     map[string]string // variables of ours that are not empty
	file    file
	known   map[string]bool  // names of settings and of <setting>-file
	decided map[string]given // by setting: what its strongest source gave
	faults  Faults
}

// given is a value with the place where it was given.
type given struct{ text, source string }

func (l *loader) fault(setting, source, value, problem string) {
	l.faults = append(l.faults, Fault{Setting: setting, Source: source, Value: value, Problem: problem})
}

// openFile reads the settings file, if one is named.
func (l *loader) openFile() {
	l.known[nameConfig] = true
	path, ok := l.fromFlags(nameConfig, tomlText)
	if !ok {
		path, ok = l.fromEnv(nameConfig, tomlText)
	}
	if !ok {
		return
	}
	f, err := readFile(path.text)
	if err != nil {
		l.fault(nameConfig, path.source, path.text, err.Error())
		return
	}
	l.file = f
}

// load settles one setting: the sources from the weakest to the strongest, each
// overwriting what the one before has set.
func (l *loader) load(s setting) {
	l.known[s.name] = true
	if s.secret {
		l.known[s.name+fileSuffix] = true
	}
	for _, from := range []func(string, tomlKind) (given, bool){l.fromFile, l.fromEnv, l.fromFlags} {
		v, ok := from(s.name, s.toml)
		if s.secret {
			v, ok = l.secret(s, v, ok, from)
		}
		if !ok {
			continue
		}
		l.decided[s.name] = v
		if err := s.set(&l.config, v.text); err != nil {
			l.fault(s.name, v.source, s.redact(v.text), err.Error())
		}
	}
}

// secret looks for <name>-file beside the direct value v of one source.
func (l *loader) secret(s setting, v given, ok bool, from func(string, tomlKind) (given, bool)) (given, bool) {
	path, byFile := from(s.name+fileSuffix, tomlText)
	switch {
	case !byFile:
		return v, ok
	case ok:
		l.fault(s.name, path.source, path.text, "and "+v.source+" are both set: remove one")
		return given{}, false
	}
	content, err := os.ReadFile(path.text)
	if err != nil {
		l.fault(s.name, path.source, path.text, "cannot be read: "+cause(err).Error())
		return given{}, false
	}
	// Editors and `echo` end a file with a line break that is no part of the
	// secret.
	text := strings.TrimRight(string(content), "\r\n")
	if text == "" {
		l.fault(s.name, path.source, path.text, "is empty: it must hold the value of "+s.name)
		return given{}, false
	}
	return given{text, path.source}, true
}

// cause strips the path and operation from a file error: the fault names both.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (l *loader) fromFlags(name string, _ tomlKind) (given, bool) {
	f := l.flags.Lookup(name)
	if f == nil || !f.Changed {
		return given{}, false
	}
	return given{f.Value.String(), "--" + name}, true
}

func (l *loader) fromEnv(name string, _ tomlKind) (given, bool) {
	v, ok := l.env[envName(name)]
	return given{v, envName(name)}, ok
}

func (l *loader) fromFile(name string, k tomlKind) (given, bool) {
	v, ok := l.file.values[fileKey(name)]
	if !ok {
		return given{}, false
	}
	source := fileKey(name) + " in " + l.file.path
	text, err := k.text(v)
	if err != nil {
		// The value is left out: it may be a secret that lost its quotes.
		l.fault(name, source, "", err.Error())
		return given{}, false
	}
	return given{text, source}, true
}

// rejectUnknownKeys reports the keys of the file that are no setting.
func (l *loader) rejectUnknownKeys() {
	var keys []string
	for name := range l.known {
		if name != nameConfig {
			keys = append(keys, fileKey(name))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.file.values)) {
		if !slices.Contains(keys, key) {
			l.fault(key, key+" in "+l.file.path, "", "is not a setting"+didYouMean(key, keys))
		}
	}
}

// fillCommandFlags sets a command's own flags from their variables.
func (l *loader) fillCommandFlags() {
	l.flags.VisitAll(func(f *pflag.Flag) {
		if l.known[f.Name] || f.Changed || !hasVariable(f) {
			return
		}
		v, ok := l.fromEnv(f.Name, tomlText)
		if !ok {
			return
		}
		if err := l.flags.Set(f.Name, v.text); err != nil {
			l.fault(f.Name, v.source, v.text, "is not valid for --"+f.Name+": must be of type "+f.Value.Type())
		}
	})
}

// hasVariable tells the flags that have a variable: all but those that ask for
// something other than the command's work.
func hasVariable(f *pflag.Flag) bool { return f.Name != "help" && f.Name != "version" }

// rejectUnknownVariables reports variables of ours that nothing reads.
func (l *loader) rejectUnknownVariables(others []*pflag.FlagSet) {
	var names []string
	for name := range l.known {
		names = append(names, envName(name))
	}
	for _, set := range append([]*pflag.FlagSet{l.flags}, others...) {
		set.VisitAll(func(f *pflag.Flag) {
			if hasVariable(f) {
				names = append(names, envName(f.Name))
			}
		})
	}
	for _, name := range slices.Sorted(maps.Keys(l.env)) {
		if !slices.Contains(names, name) {
			l.fault(name, name, "", "is not a setting"+didYouMean(name, names))
		}
	}
}

// variables picks the program's own variables out of an environment. Empty ones
// are absent. Those of the project's test runs are not the program's: a program
// that a test starts inherits them.
func variables(environ []string) map[string]string {
	ours := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, envPrefix) || value == "" ||
			strings.HasPrefix(name, envPrefix+"TEST_") || name == envPrefix+"SOAK" {
			continue
		}
		ours[name] = value
	}
	return ours
}
