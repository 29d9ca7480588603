package config

import (
	"log/slog"
	"net/netip"
	"strings"
	"time"
)

// setting is one row of the table: a setting with its type put away, so that
// flags, environment, file and sample can treat all rows alike.
type setting struct {
	name     string // as in the flag; file and environment derive from it
	help     string // one line, for --help and the sample
	more     string // what a person should know before changing it, for the sample
	fallback string // the default, as it would be written in a flag
	kind     string // the type's name for --help
	toml     tomlKind
	// secret settings are replaced where they are shown, and may be read from a
	// file that <name>-file names.
	secret bool

	set    func(c *Config, text string) error // parse and check, then store
	text   func(c *Config) string
	check  func(c *Config) error
	redact func(text string) string
}

// row is the part of a setting that is text.
type row struct {
	name, help, more, fallback string
	redact                     func(string) string // nil: not secret
}

// define joins a row, the field it fills and the field's kind.
func define[T any](r row, k kind[T], field func(*Config) *T) setting {
	s := setting{
		name: r.name, help: r.help, more: r.more, fallback: r.fallback,
		kind: k.name, toml: k.toml,
		secret: r.redact != nil, redact: r.redact,
		text:  func(c *Config) string { return k.format(*field(c)) },
		check: func(c *Config) error { return k.check(*field(c)) },
	}
	if s.redact == nil {
		s.redact = func(text string) string { return text }
	}
	s.set = func(c *Config, text string) error {
		v, err := k.parse(text)
		if err != nil {
			return err
		}
		if err := k.check(v); err != nil {
			return err
		}
		*field(c) = v
		return nil
	}
	return s
}

// fileKey is the setting's key in the file.
func fileKey(name string) string { return strings.ReplaceAll(name, "-", "_") }

// envPrefix starts every variable that is meant for the program.
const envPrefix = "PASSMUSTER_"

// envName is the variable of a setting or flag.
func envName(name string) string { return envPrefix + strings.ToUpper(fileKey(name)) }

// fileSuffix makes the name of the setting whose value is the path of a file
// that holds the secret.
const fileSuffix = "-file"

// The names that code outside the table needs.
const (
	nameConfig   = "config"
	nameDatabase = "database"
	nameTLSCert  = "tls-cert"
	nameTLSKey   = "tls-key"
)

// settings is the table: to add a setting, add a field to [Config] and a row
// here, then regenerate passmuster.example.toml (see the test of Sample).
func settings() []setting {
	return append(sharedSettings(), serverSettings()...)
}

func sharedSettings() []setting {
	return []setting{
		define(row{
			name: nameDatabase, fallback: DefaultDatabase, redact: RedactDSN,
			help: "where everything is kept: sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME",
			more: "With demo the default is " + DemoDatabase + ". To keep the password out of\n" +
				"here and out of the environment, name a file that holds the whole value:\n" +
				"database_file.",
		}, dataSource(), func(c *Config) *string { return &c.Database }),
		define(row{
			name: "files", fallback: "",
			help: "the folder that keeps the contents of files of evidence",
			more: "Empty is beside the database: the path of the SQLite file with " + filesSuffix + "\n" +
				"behind it, or " + DefaultFiles + " in the working directory with PostgreSQL.\n" +
				"Several servers on one database need one folder that all of them share. It is\n" +
				"made when it is needed, in a folder that is there.",
		}, folderPath(), func(c *Config) *string { return &c.Files }),
		define(row{
			name: "log-format", fallback: string(LogText),
			help: "how log lines are written: text (for a terminal) or json (for a collector)",
		}, oneOf(AllLogFormats, func(f LogFormat) string { return string(f) }),
			func(c *Config) *LogFormat { return &c.LogFormat }),
		define(row{
			name: "log-level", fallback: "info",
			help: "the least level that is logged: debug, info, warn or error",
		}, oneOf([]slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}, formatLevel),
			func(c *Config) *slog.Level { return &c.LogLevel }),
	}
}

func serverSettings() []setting {
	return append([]setting{
		define(row{
			name: "demo", fallback: "false",
			help: "serve the demo company: fill the database with it if it is empty",
		}, yesNo(), func(c *Config) *bool { return &c.Demo }),
		define(row{
			name: "listen", fallback: "127.0.0.1:8080",
			help: "the address to serve on, HOST:PORT",
			more: "An empty host is every interface, port 0 any free port. Before you leave the\n" +
				"loopback address, set tls_cert and tls_key or put a proxy that speaks TLS in\n" +
				"front.",
		}, address(), func(c *Config) *string { return &c.Listen }),
		define(row{
			name: nameTLSCert, fallback: "",
			help: "PEM file with the certificate and its chain; with tls-key the server speaks HTTPS",
			more: "Both files are looked at again, at most once a minute, when a client connects:\n" +
				"a renewed certificate needs no restart. A pair that does not fit leaves the one\n" +
				"in use in place and is logged. Empty is plain HTTP.",
		}, filePath(), func(c *Config) *string { return &c.TLSCert }),
		define(row{
			name: nameTLSKey, fallback: "",
			help: "PEM file with the private key of tls-cert, without a passphrase",
			more: "The user that the server runs as must be able to read it, and nobody else.",
		}, filePath(), func(c *Config) *string { return &c.TLSKey }),
		define(row{
			name: "rate-limit", fallback: "0",
			help: "requests a minute that one source address may make; 0 is no limit",
			more: "The original service enforces 500.",
		}, wholeNumber(0, 1_000_000, "a whole number of requests a minute from 0 (no limit) to 1000000"),
			func(c *Config) *int { return &c.RateLimit }),
		define(row{
			name: "failed-auth-limit", fallback: "100",
			help: "failed authentications a minute that one source address may make; at least 1",
		}, wholeNumber(1, 1_000_000, "a whole number of failures a minute from 1 to 1000000; this limit cannot be turned off"),
			func(c *Config) *int { return &c.FailedAuthLimit }),
		define(row{
			name: "trusted-proxies", fallback: "",
			help: "networks of proxies whose X-Forwarded-For is believed, like 10.0.0.0/8",
			more: "Rate limits and the address lists of keys look at the client's address. Name\n" +
				"only proxies of your own here: whoever is trusted can claim any address.",
		}, networks(), func(c *Config) *[]netip.Prefix { return &c.TrustedProxies }),
		define(row{
			name: "v2-max-size", fallback: "50",
			help: "the largest page size that API V2 accepts, 50 to 500",
		}, wholeNumber(50, 500, "a whole number from 50 to 500"),
			func(c *Config) *int { return &c.V2MaxSize }),
		define(row{
			name: "document-cache", fallback: "16",
			help: "megabytes of memory for encoded parts of answers, 1 to 65536",
			more: "A person takes about 14 KB in it. What does not fit is read from the database\n" +
				"again when it is asked for.",
		}, wholeNumber(1, 65536, "a whole number of megabytes from 1 to 65536"),
			func(c *Config) *int { return &c.DocumentCache }),
	}, timeoutSettings()...)
}

func timeoutSettings() []setting {
	return []setting{
		define(row{
			name: "read-timeout", fallback: "30s",
			help: "how long a client may take to send a whole request",
		}, span(time.Second, time.Hour), func(c *Config) *time.Duration { return &c.ReadTimeout }),
		define(row{
			name: "write-timeout", fallback: "1m",
			help: "how long a request may take until its answer is sent",
		}, span(time.Second, time.Hour), func(c *Config) *time.Duration { return &c.WriteTimeout }),
		define(row{
			name: "idle-timeout", fallback: "2m",
			help: "how long a kept-alive connection may wait for its next request",
		}, span(time.Second, time.Hour), func(c *Config) *time.Duration { return &c.IdleTimeout }),
		define(row{
			name: "shutdown-grace", fallback: "10s",
			help: "how long requests in flight may take to finish after SIGTERM or Ctrl-C",
		}, span(0, 5*time.Minute), func(c *Config) *time.Duration { return &c.ShutdownGrace }),
	}
}
