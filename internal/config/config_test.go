package config_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/config"
)

func TestDefaultIsValidAndAsDocumented(t *testing.T) {
	t.Parallel()
	got := config.Default()
	want := config.Config{
		Database: "sqlite:passmuster.db", LogFormat: config.LogText, LogLevel: slog.LevelInfo,
		Listen: "127.0.0.1:8080", FailedAuthLimit: 100, V2MaxSize: 50, DocumentCache: 16,
		ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		ShutdownGrace: 10 * time.Second,
	}
	if got.String() != want.String() {
		t.Errorf("Default() = %s\nwant        %s", got, want)
	}
	if err := got.Validate(); err != nil {
		t.Errorf("Default().Validate() = %v", err)
	}
}

// A program that builds a Config learns of every fault at once.
func TestValidateReportsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	err := config.Config{
		Database: "mysql://root:hunter2@db/x", Files: "a\x00b", LogFormat: "xml", LogLevel: 3, Listen: "8080",
		TLSCert: "cert\x00.pem", RateLimit: -1, FailedAuthLimit: 0, V2MaxSize: 501, DocumentCache: 0,
		TrustedProxies: []netip.Prefix{{}},
		ReadTimeout:    0, WriteTimeout: time.Millisecond, IdleTimeout: 25 * time.Hour, ShutdownGrace: -1,
	}.Validate()
	var faults config.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("Validate() = %v, want Faults", err)
	}
	want := []string{
		"database", "files", "log-format", "log-level", "listen", "tls-cert", "rate-limit", "failed-auth-limit", "trusted-proxies",
		"v2-max-size", "document-cache", "read-timeout", "write-timeout", "idle-timeout", "shutdown-grace",
		"tls-cert",
	}
	if len(faults) != len(want) {
		t.Fatalf("%d faults, want %d:\n%v", len(faults), len(want), err)
	}
	for i, f := range faults {
		if f.Setting != want[i] || f.Problem == "" {
			t.Errorf("fault %d = %+v, want one of %s", i, f, want[i])
		}
		if !strings.Contains(err.Error(), f.Error()) {
			t.Errorf("the whole does not show %q", f)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error shows the password: %v", err)
	}
}

// Files are beside the database unless somebody says otherwise.
func TestFilesDir(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ database, files, want string }{
		{config.DefaultDatabase, "", "passmuster.db-files"},
		{"sqlite:/var/lib/passmuster/people.db", "", "/var/lib/passmuster/people.db-files"},
		{"postgres://pm@db/pm", "", "passmuster-files"},
		{"sqlite:people.db", "/srv/files", "/srv/files"},
		{"postgres://pm@db/pm", "/srv/files", "/srv/files"},
	} {
		if got := (config.Config{Database: c.database, Files: c.files}).FilesDir(); got != c.want {
			t.Errorf("FilesDir of %q and %q = %q, want %q", c.database, c.files, got, c.want)
		}
	}
	if got := load(t, flags(t, "--demo")).FilesDir(); got != "passmuster-demo.db-files" {
		t.Errorf("the demo's files are in %q", got)
	}
}

func TestSecretsAreNeverShown(t *testing.T) {
	t.Parallel()
	const canary = "hunter2"
	for _, dsn := range []string{
		"postgres://pm:hunter2@db.example.com:5432/passmuster?sslmode=require",
		"postgresql://pm@db.example.com/passmuster?password=hunter2&sslpassword=hunter2",
		"postgres://pm@db.example.com/passmuster#hunter2",
		"postgres://pm:hunter2@db.example.com:bad port/",
		"host=db user=pm password=hunter2",
		"mysql://pm:hunter2@db/x",
	} {
		t.Run(dsn, func(t *testing.T) {
			t.Parallel()
			c := config.Default()
			c.Database = dsn
			var log bytes.Buffer
			slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", c, "pointer", &c)
			slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", c)
			shown := log.String() + fmt.Sprintf("%v %+v %#v %s %v", c, c, c, c, &c) +
				fmt.Sprint(c.Redacted(), c.Validate(), config.RedactDSN(dsn))
			if strings.Contains(shown, canary) {
				t.Errorf("the password shows in\n%s", shown)
			}
		})
	}
}

func TestRedactDSNKeepsWhatHelps(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]string{
		"":                            "",
		"sqlite:/var/lib/people.db":   "sqlite:/var/lib/people.db",
		"postgres://pm:s3@db:5432/pm": "postgres://pm:xxxxx@db:5432/pm",
		"postgres://pm@db/pm?x=y":     "postgres://pm@db/pm",
		"nonsense":                    "(hidden)",
	} {
		if got := config.RedactDSN(dsn); got != want {
			t.Errorf("RedactDSN(%q) = %q, want %q", dsn, got, want)
		}
	}
}
