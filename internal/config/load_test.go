package config_test

import (
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/passmuster/passmuster/internal/config"
)

// flags parses arguments as the serve command would.
func flags(t *testing.T, args ...string) *pflag.FlagSet {
	t.Helper()
	fs := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	config.Register(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatalf("parse %q: %v", args, err)
	}
	return fs
}

// write makes a file with this text and returns its path.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, fs *pflag.FlagSet, environ ...string) config.Config {
	t.Helper()
	c, err := config.Load(fs, environ)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return c
}

// loadFaults expects exactly these lines as faults.
func loadFaults(t *testing.T, fs *pflag.FlagSet, environ []string, want ...string) {
	t.Helper()
	c, err := config.Load(fs, environ)
	var faults config.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("Load = %v, %v, want Faults", c, err)
	}
	var got []string
	for _, f := range faults {
		got = append(got, f.Error())
	}
	if !slices.Equal(got, want) {
		t.Errorf("faults\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestLoadOfNothingIsDefault(t *testing.T) {
	t.Parallel()
	environ := []string{"PATH=/bin", "PASSMUSTER_RATE_LIMIT=", "PASSMUSTER_TEST_POSTGRES=x", "PASSMUSTER_SOAK=1"}
	if got := load(t, flags(t), environ...); got.String() != config.Default().String() {
		t.Errorf("Load = %s, want the defaults", got)
	}
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	path := write(t, "rate_limit = 1\nfailed_auth_limit = 1\nv2_max_size = 100\nlog_level = \"debug\"\n")
	got := load(
		t, flags(t, "--config", path, "--rate-limit=3"),
		"PASSMUSTER_RATE_LIMIT=2", "PASSMUSTER_FAILED_AUTH_LIMIT=2",
	)
	want := config.Default()
	want.RateLimit, want.FailedAuthLimit, want.V2MaxSize, want.LogLevel = 3, 2, 100, slog.LevelDebug
	if got.String() != want.String() {
		t.Errorf("Load = %s\nwant   %s", got, want)
	}
}

// The three sources are read by one table: each setting means the same in all.
func TestEverySettingFromEverySource(t *testing.T) {
	t.Parallel()
	want := config.Config{
		Database: "postgres://pm:secret@db/pm", Files: "/srv/files", LogFormat: config.LogJSON, LogLevel: slog.LevelError, Demo: true,
		Listen: "[::1]:0", TLSCert: "cert.pem", TLSKey: "key.pem", RateLimit: 500, FailedAuthLimit: 7, V2MaxSize: 500, DocumentCache: 64,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::1/128")},
		ReadTimeout:    time.Second, WriteTimeout: 90 * time.Second, IdleTimeout: time.Hour, ShutdownGrace: 0,
	}
	values := []struct{ name, text, toml string }{
		{"database", "postgres://pm:secret@db/pm", `"postgres://pm:secret@db/pm"`},
		{"files", "/srv/files", `"/srv/files"`},
		{"log-format", "json", `"json"`},
		{"log-level", "error", `"error"`},
		{"demo", "true", `true`},
		{"listen", "[::1]:0", `"[::1]:0"`},
		{"tls-cert", "cert.pem", `"cert.pem"`},
		{"tls-key", "key.pem", `"key.pem"`},
		{"rate-limit", "500", `500`},
		{"failed-auth-limit", "7", `7`},
		{"trusted-proxies", "10.0.0.0/8, 2001:db8::1", `["10.0.0.0/8", "2001:db8::1"]`},
		{"v2-max-size", "500", `500`},
		{"document-cache", "64", `64`},
		{"read-timeout", "1s", `"1s"`},
		{"write-timeout", "1m30s", `"1m30s"`},
		{"idle-timeout", "1h", `"1h"`},
		{"shutdown-grace", "0s", `"0s"`},
	}
	if n := len(config.Default().Redacted()); n != len(values) {
		t.Fatalf("this test knows %d settings, there are %d", len(values), n)
	}
	var args, environ []string
	var text strings.Builder
	for _, v := range values {
		key := strings.ReplaceAll(v.name, "-", "_")
		args = append(args, "--"+v.name+"="+v.text)
		environ = append(environ, "PASSMUSTER_"+strings.ToUpper(key)+"="+v.text)
		text.WriteString(key + " = " + v.toml + "\n")
	}
	for source, got := range map[string]config.Config{
		"flags":       load(t, flags(t, args...)),
		"environment": load(t, flags(t), environ...),
		"file":        load(t, flags(t), "PASSMUSTER_CONFIG="+write(t, text.String())),
	} {
		if got.String() != want.String() || got.Database != want.Database {
			t.Errorf("from %s: %s\nwant %s", source, got, want)
		}
	}
}

// A certificate without its key, or the other way round, is a mistake that
// must not end in plain HTTP.
func TestTLSTakesBothFilesOrNeither(t *testing.T) {
	t.Parallel()
	const problem = " beside it: TLS takes a certificate and its private key"
	path := write(t, `tls_key = "key.pem"`)
	loadFaults(t, flags(t, "--tls-cert=cert.pem"), nil, `--tls-cert: "cert.pem" needs tls-key`+problem)
	loadFaults(t, flags(t), []string{"PASSMUSTER_TLS_KEY=key.pem"}, `PASSMUSTER_TLS_KEY: "key.pem" needs tls-cert`+problem)
	loadFaults(t, flags(t, "--config", path), nil, `tls_key in `+path+`: "key.pem" needs tls-cert`+problem)
	both := load(t, flags(t, "--config", path), "PASSMUSTER_TLS_CERT=cert.pem")
	if !both.TLS() || both.TLSCert != "cert.pem" || both.TLSKey != "key.pem" {
		t.Errorf("from two sources: %s", both)
	}
	if off := load(t, flags(t, "--config", path, "--tls-key=")); off.TLS() || off.TLSKey != "" {
		t.Errorf("a flag takes a file's setting back: %s", off)
	}
}

func TestDemoHasItsOwnDefaultDatabase(t *testing.T) {
	t.Parallel()
	if got := load(t, flags(t, "--demo")).Database; got != config.DemoDatabase {
		t.Errorf("--demo: database %q, want %q", got, config.DemoDatabase)
	}
	if got := load(t, flags(t), "PASSMUSTER_DEMO=true").Database; got != config.DemoDatabase {
		t.Errorf("PASSMUSTER_DEMO: database %q, want %q", got, config.DemoDatabase)
	}
	if got := load(t, flags(t, "--demo", "--database", config.DefaultDatabase)).Database; got != config.DefaultDatabase {
		t.Errorf("--demo --database: %q, want the one that was asked for", got)
	}
}

func TestDatabaseFromFile(t *testing.T) {
	t.Parallel()
	const dsn = "postgres://pm:hunter2@db/pm"
	secret := write(t, dsn+"\r\n")
	toml := write(t, `database_file = "`+secret+`"`)
	for name, c := range map[string]config.Config{
		"flag":              load(t, flags(t, "--database-file", secret)),
		"environment":       load(t, flags(t), "PASSMUSTER_DATABASE_FILE="+secret),
		"file":              load(t, flags(t, "--config", toml)),
		"flag over file":    load(t, flags(t, "--database-file", secret), "PASSMUSTER_DATABASE=sqlite:x"),
		"file over default": load(t, flags(t, "--demo", "--config", toml)),
	} {
		if c.Database != dsn {
			t.Errorf("%s: database %q", name, c.Database)
		}
	}
	if got := load(t, flags(t, "--database", "sqlite:x"), "PASSMUSTER_DATABASE_FILE="+secret).Database; got != "sqlite:x" {
		t.Errorf("a flag must win over a file named by the environment, got %q", got)
	}
}

func TestFaultsOfSecretFiles(t *testing.T) {
	t.Parallel()
	secret, empty := write(t, "postgres://pm:hunter2@db/pm"), write(t, "\n")
	gone := filepath.Join(t.TempDir(), "gone")
	wrong := write(t, "hunter2")
	loadFaults(t, flags(t, "--database-file", empty, "--config", gone),
		[]string{"PASSMUSTER_DATABASE_FILE=" + secret, "PASSMUSTER_DATABASE=sqlite:x"},
		`--config: "`+gone+`" cannot be read: no such file or directory`,
		`PASSMUSTER_DATABASE_FILE: "`+secret+`" and PASSMUSTER_DATABASE are both set: remove one`,
		`--database-file: "`+empty+`" is empty: it must hold the value of database`)
	loadFaults(t, flags(t, "--database-file", gone), nil,
		`--database-file: "`+gone+`" cannot be read: no such file or directory`)
	loadFaults(t, flags(t, "--database-file", wrong), nil,
		`--database-file: "(hidden)" must be sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME`)
}

func TestAllFaultsOfAllSourcesAtOnce(t *testing.T) {
	t.Parallel()
	path := write(t, `
rate_limit = "many"
v2_max_size = 50
listn = ":1"
trusted_proxies = [1]
demo = "yes"
log_level = 3

[server]
port = 1
`)
	loadFaults(t, flags(t, "--config", path, "--listen", "nowhere", "--rate-limit=-1", "--write-timeout=10"),
		[]string{"PASSMUSTER_DEMO=1", "PASSMUSTER_V2_MAX_SIZE=1000", "PASSMUSTER_RATELIMIT=5", "PASSMUSTER_ZZZ=1"},
		`log_level in `+path+`: must be a text in quotes`,
		`demo in `+path+`: must be true or false without quotes`,
		`PASSMUSTER_DEMO: "1" must be true or false`,
		`--listen: "nowhere" must be HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8080 or :8080`,
		`rate_limit in `+path+`: must be a number without quotes`,
		`--rate-limit: "-1" must be a whole number of requests a minute from 0 (no limit) to 1000000`,
		`trusted_proxies in `+path+`: must be a list of texts, like ["10.0.0.0/8"]`,
		`PASSMUSTER_V2_MAX_SIZE: "1000" must be a whole number from 50 to 500`,
		`--write-timeout: "10" must be a duration with its unit from 1s to 1h, like 30s or 2m`,
		`listn in `+path+`: is not a setting; did you mean listen?`,
		`server in `+path+`: is not a setting`,
		`PASSMUSTER_RATELIMIT: is not a setting; did you mean PASSMUSTER_RATE_LIMIT?`,
		`PASSMUSTER_ZZZ: is not a setting`)
}

func TestBrokenFileShowsThePlaceAndNoSecret(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"rate_limit = 1\ndatabase = postgres://pm:hunter2@db/pm\n",
		"\ndatabase = \"postgres://pm:hunter2@db/pm\n",
		"\ndatabase = \"postgres://pm:hunter2\\q@db/pm\"\n",
		"\ndatabase = 2020-hunter2\n",
	} {
		path := write(t, text)
		_, err := config.Load(flags(t, "--config", path), nil)
		if err == nil || !strings.Contains(err.Error(), path+`" is not valid TOML: mistake in line 2, column`) {
			t.Errorf("%q: %v", text, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

func TestValuesThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, value, problem string }{
		{"database", "", "must be sqlite:PATH or postgres://"},
		{"database", "sqlite:", "must be sqlite:PATH"},
		{"database", "sqlite::memory:", "must name a file"},
		{"database", "postgres://pm:a%zz@db/pm", "percent-encode"},
		{"log-format", "JSON", "must be one of text, json"},
		{"log-level", "trace", "must be one of debug, info, warn, error"},
		{"listen", "", "must be HOST:PORT"},
		{"listen", "localhost:http", "must be HOST:PORT"},
		{"listen", ":65536", "must be HOST:PORT"},
		{"rate-limit", "1.5", "must be a whole number"},
		{"rate-limit", "99999999999999999999", "must be a whole number"},
		{"failed-auth-limit", "0", "cannot be turned off"},
		{"v2-max-size", "49", "from 50 to 500"},
		{"trusted-proxies", "proxy.example.com", `"proxy.example.com" is neither`},
		{"trusted-proxies", "10.0.0.7/8", "for 10.0.0.7/8 write 10.0.0.0/8, or 10.0.0.7/32 for the one address"},
		{"trusted-proxies", "0.0.0.0/0", "must not trust every address"},
		{"trusted-proxies", "::/0", "must not trust every address"},
		{"trusted-proxies", "::ffff:10.0.0.0/104", "must write an IPv4 network as IPv4"},
		{"trusted-proxies", "fe80::1%eth0", "is neither"},
		{"shutdown-grace", "6m", "from 0s to 5m"},
	} {
		_, err := config.Load(flags(t, "--"+c.name+"="+c.value), nil)
		if err == nil || !strings.Contains(err.Error(), "--"+c.name+": ") || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("--%s=%q: %v, want %q", c.name, c.value, err, c.problem)
		}
	}
}

func TestRepeatedListFlagAddsUp(t *testing.T) {
	t.Parallel()
	got := load(t, flags(t, "--trusted-proxies=10.0.0.0/8", "--trusted-proxies=192.0.2.7,"))
	if len(got.TrustedProxies) != 2 || got.TrustedProxies[1] != netip.MustParsePrefix("192.0.2.7/32") {
		t.Errorf("TrustedProxies = %v", got.TrustedProxies)
	}
}

// A command that runs no server shows no server flags, but lives beside a
// server's variables and file.
func TestSharedCommandAcceptsServerSettings(t *testing.T) {
	t.Parallel()
	fs := pflag.NewFlagSet("key list", pflag.ContinueOnError)
	config.RegisterShared(fs)
	if fs.Lookup("listen") != nil || fs.Lookup("database") == nil {
		t.Error("a shared command has the database's flag and none of the server's")
	}
	path := write(t, "listen = \":1\"\n")
	got := load(t, fs, "PASSMUSTER_RATE_LIMIT=5", "PASSMUSTER_CONFIG="+path, "PASSMUSTER_DEMO=true")
	if got.RateLimit != 5 || got.Listen != ":1" || got.Database != config.DemoDatabase {
		t.Errorf("Load = %s", got)
	}
}

func TestCommandFlagsByVariable(t *testing.T) {
	t.Parallel()
	demo, key := pflag.NewFlagSet("demo", pflag.ContinueOnError), pflag.NewFlagSet("key", pflag.ContinueOnError)
	config.RegisterShared(demo)
	people, seed := demo.Int("people", 100, ""), demo.Int("seed", 1, "")
	demo.Bool("help", false, "")
	key.String("name", "", "")
	if err := demo.Parse([]string{"--seed=7"}); err != nil {
		t.Fatal(err)
	}
	environ := []string{"PASSMUSTER_PEOPLE=5", "PASSMUSTER_SEED=6", "PASSMUSTER_NAME=x"}
	if _, err := config.Load(demo, environ, key); err != nil {
		t.Fatal(err)
	}
	if *people != 5 || *seed != 7 {
		t.Errorf("people %d, seed %d; want 5 from the variable, 7 from the flag", *people, *seed)
	}
	again := pflag.NewFlagSet("demo", pflag.ContinueOnError)
	again.Int("people", 100, "")
	loadFaults(t, again, []string{"PASSMUSTER_PEOPLE=many", "PASSMUSTER_NAME=x", "PASSMUSTER_HELP=true"},
		`PASSMUSTER_PEOPLE: "many" is not valid for --people: must be of type int`,
		`PASSMUSTER_HELP: is not a setting`,
		`PASSMUSTER_NAME: is not a setting`)
}
