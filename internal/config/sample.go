package config

import "strings"

// Sample returns the commented settings file that the project ships as
// passmuster.example.toml: every setting at its default, commented out.
func Sample() string {
	var b strings.Builder
	b.WriteString(`# Settings of Passmuster. Use: passmuster serve --config FILE
#
# Every setting is also a flag and an environment variable: rate_limit here is
# --rate-limit and ` + envName("rate-limit") + `. A flag wins over the environment, the
# environment over this file, this file over the default. Unknown names are
# errors in all three. Each line below shows the default; remove its # to set it.
`)
	section(&b, "Every command", sharedSettings())
	section(&b, "The server", serverSettings())
	return b.String()
}

func section(b *strings.Builder, title string, table []setting) {
	b.WriteString("\n# --- " + title + " ---\n")
	for _, s := range table {
		b.WriteString("\n# " + upperFirst(s.help) + ".\n")
		if s.more != "" {
			b.WriteString("# " + strings.ReplaceAll(s.more, "\n", "\n# ") + "\n")
		}
		b.WriteString("#" + fileKey(s.name) + " = " + s.toml.literal(s.fallback) + "\n")
		if s.secret {
			b.WriteString("#" + fileKey(s.name+fileSuffix) + " = \"/run/secrets/passmuster-" + s.name + "\"\n")
		}
	}
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
