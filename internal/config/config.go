package config

import (
	"log/slog"
	"net/netip"
	"strings"
	"time"
)

// Defaults that depend on each other or that other text quotes.
const (
	// DefaultDatabase is the database of a program that was told nothing.
	DefaultDatabase = "sqlite:passmuster.db"
	// DemoDatabase is the default with Demo, so that trying the product can
	// never write a made-up company into a database that holds a real one.
	DemoDatabase = "sqlite:passmuster-demo.db"
	// DefaultFiles is the folder of files beside a PostgreSQL database.
	DefaultFiles = "passmuster-files"
	// filesSuffix makes the default folder of files of a SQLite database.
	filesSuffix = "-files"
)

// LogFormat says how log lines are written.
type LogFormat string

// The log formats.
const (
	// LogText is key=value lines, for a terminal.
	LogText LogFormat = "text"
	// LogJSON is one JSON object a line, for a log collector.
	LogJSON LogFormat = "json"
)

// AllLogFormats lists every log format.
var AllLogFormats = []LogFormat{LogText, LogJSON}

// Config holds every setting of the program. [Load] fills it from flags,
// environment and file; the zero value is not valid, [Default] is.
//
// Config may be logged and printed: the methods below replace secrets.
type Config struct {
	// Database is where everything is kept: "sqlite:PATH" or a
	// "postgres://user:password@host:port/name" URL. Secret, because of the
	// password; may be given by file (database-file). Default
	// [DefaultDatabase], with Demo [DemoDatabase].
	Database string

	// Files is the folder that keeps the contents of files of evidence. Empty,
	// the default, is beside the database; see [Config.FilesDir].
	Files string

	// LogFormat is how log lines are written. Default text.
	LogFormat LogFormat

	// LogLevel is the least level that is logged: debug, info, warn or error.
	// Default info.
	LogLevel slog.Level

	// Demo makes `serve` fill an empty database with the demo company, and
	// changes the default of Database. Default false.
	Demo bool

	// Listen is the address of the HTTP server, HOST:PORT. An empty host is
	// every interface, port 0 is any free port. Default 127.0.0.1:8080: a
	// fresh installation cannot be reached from elsewhere until someone
	// decides so.
	Listen string

	// TLSCert and TLSKey are the paths of PEM files: the certificate with its
	// chain, leaf first, and the private key. Set both and the server speaks
	// HTTPS only; set neither, the default, and it speaks HTTP. The files are
	// read by the server, not by [Load]: other commands share the settings and
	// need no right to read the key.
	TLSCert, TLSKey string

	// RateLimit is how many requests one source address may make in a minute;
	// more are refused with 429. 0, the default, is no limit.
	RateLimit int

	// FailedAuthLimit is how many failed authentications one source address
	// may make in a minute. There is no way to turn it off. Default 100.
	FailedAuthLimit int

	// TrustedProxies are the networks whose X-Forwarded-For is believed. Empty,
	// the default, means that the address of the connection is the client's.
	TrustedProxies []netip.Prefix

	// V2MaxSize is the largest `size` that API V2 accepts. Default 50, as
	// documented for the original; at most 500, as its later documents allow.
	V2MaxSize int

	// DocumentCache bounds the memory for encoded parts of answers, in
	// megabytes (2^20 bytes). Default 16.
	DocumentCache int

	// ReadTimeout is how long a client may take to send a whole request.
	// Default 30 s.
	ReadTimeout time.Duration

	// WriteTimeout is how long a request may take from the end of its header to
	// the end of its answer. Default 60 s.
	WriteTimeout time.Duration

	// IdleTimeout is how long a kept-alive connection may wait for its next
	// request. Default 120 s.
	IdleTimeout time.Duration

	// ShutdownGrace is how long requests in flight may take to finish after
	// SIGTERM or Ctrl-C. Default 10 s.
	ShutdownGrace time.Duration
}

// Default returns the configuration of a program that was told nothing.
func Default() Config {
	var c Config
	for _, s := range settings() {
		if err := s.set(&c, s.fallback); err != nil {
			// The table is part of the program: a default that its own row
			// refuses is a mistake in the source, held by a test.
			panic("config: the default of " + s.name + " " + err.Error())
		}
	}
	return c
}

// Validate checks every setting and returns nil or all faults as [Faults]. It
// is for a Config built by a program; [Load] has validated what it returns.
func (c Config) Validate() error {
	var faults Faults
	for _, s := range settings() {
		if err := s.check(&c); err != nil {
			faults = append(faults, Fault{
				Setting: s.name, Value: s.redact(s.text(&c)), Problem: err.Error(),
			})
		}
	}
	if given, missing := c.halfTLS(); given != "" {
		faults = append(faults, Fault{Setting: given, Value: c.TLSCert + c.TLSKey, Problem: needs(missing)})
	}
	return faults.orNil()
}

// halfTLS names the TLS setting that was given alone and the one that is
// missing beside it; both are empty where nothing is missing.
func (c Config) halfTLS() (given, missing string) {
	switch {
	case c.TLSCert != "" && c.TLSKey == "":
		return nameTLSCert, nameTLSKey
	case c.TLSCert == "" && c.TLSKey != "":
		return nameTLSKey, nameTLSCert
	default:
		return "", ""
	}
}

// needs is the problem of a setting that was given without its other half.
func needs(missing string) string {
	return "needs " + missing + " beside it: TLS takes a certificate and its private key"
}

// TLS reports whether the server speaks HTTPS.
func (c Config) TLS() bool { return c.TLSCert != "" && c.TLSKey != "" }

// FilesDir is the folder of files: Files if it is given; otherwise, with SQLite,
// the database's path and "-files", and with PostgreSQL [DefaultFiles] in the
// working directory.
func (c Config) FilesDir() string {
	path, isSQLite := strings.CutPrefix(c.Database, schemeSQLite)
	switch {
	case c.Files != "":
		return c.Files
	case isSQLite:
		return path + filesSuffix
	default:
		return DefaultFiles
	}
}

// Redacted returns every setting under its name, in the order of the table,
// with secrets replaced. It is what may be logged or shown.
func (c Config) Redacted() []slog.Attr {
	table := settings()
	attrs := make([]slog.Attr, 0, len(table))
	for _, s := range table {
		attrs = append(attrs, slog.String(s.name, s.redact(s.text(&c))))
	}
	return attrs
}

// LogValue makes slog write [Config.Redacted].
func (c Config) LogValue() slog.Value { return slog.GroupValue(c.Redacted()...) }

// String makes fmt write [Config.Redacted]: "database=… log-format=…".
func (c Config) String() string {
	var b strings.Builder
	for i, a := range c.Redacted() {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(a.String())
	}
	return b.String()
}

// GoString is String, so that %#v shows no secret either.
func (c Config) GoString() string { return "config.Config{" + c.String() + "}" }
