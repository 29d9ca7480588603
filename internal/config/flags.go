package config

import "github.com/spf13/pflag"

// Register declares --config and every setting as flags: for the command that
// runs the server.
func Register(fs *pflag.FlagSet) { register(fs, settings()) }

// RegisterShared declares --config and the settings that every command
// understands (database and logging): for the commands that run no server. A
// server's settings in the environment or the file remain valid beside them.
func RegisterShared(fs *pflag.FlagSet) { register(fs, sharedSettings()) }

func register(fs *pflag.FlagSet, table []setting) {
	fs.Var(&flagText{kind: "file"}, nameConfig, "read settings from this TOML file ("+envName(nameConfig)+")")
	for _, s := range table {
		f := fs.VarPF(&flagText{text: s.fallback, kind: s.kind, list: s.toml == tomlList},
			s.name, "", s.help+" ("+envName(s.name)+")")
		if s.toml == tomlBool {
			f.NoOptDefVal = "true"
		}
		if s.secret {
			name := s.name + fileSuffix
			fs.Var(&flagText{kind: "file"}, name, "read "+s.name+" from this file, to keep the secret out of sight ("+envName(name)+")")
		}
	}
}

// flagText is a flag that keeps its text. Parsing waits for Load, because pflag
// stops at the first value that it cannot parse and Load reports all.
type flagText struct {
	text  string
	kind  string
	list  bool // the flag may be repeated
	given bool
}

// Set keeps the text; a list keeps all that was given.
func (f *flagText) Set(text string) error {
	if f.list && f.given {
		text = f.text + "," + text
	}
	f.text, f.given = text, true
	return nil
}

// String is the text, or the default until the flag is given.
func (f *flagText) String() string { return f.text }

// Type is shown in --help.
func (f *flagText) Type() string { return f.kind }
