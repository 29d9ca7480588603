package cli

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/app"
	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/config"
	"github.com/passmuster/passmuster/internal/demo"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// remoteCompany is a demo company that is served, and the same one as a file.
type remoteCompany struct {
	dsn, url string
	db       *store.DB
	ctx      context.Context
}

// remotePeopleCount is a little more than two of the API's pages.
const remotePeopleCount = 105

func newRemoteCompany(t *testing.T) remoteCompany {
	t.Helper()
	c := remoteCompany{dsn: "sqlite:" + filepath.Join(t.TempDir(), "demo.db"), ctx: auth.With(t.Context(), auth.CommandLine())}
	db, err := store.Open(c.ctx, c.dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := demo.Load(c.ctx, db, demo.New(1, remotePeopleCount, db.Now()), nil); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(config.Default(), db, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	server := httptest.NewServer(a.Handler())
	t.Cleanup(server.Close)
	c.url, c.db = server.URL, db
	return c
}

func (c remoteCompany) key(t *testing.T, scopes ...workforce.Scope) string {
	t.Helper()
	key, _, err := auth.NewKeys(c.db).Create(c.ctx, auth.NewKey{Name: "test", Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// ran is how a command ended.
type ran struct {
	code           int
	stdout, stderr string
}

func run(t *testing.T, environ []string, args ...string) ran {
	t.Helper()
	var out, errs bytes.Buffer
	code := Run(t.Context(), Env{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Environ: environ, Version: "test"})
	return ran{code, out.String(), errs.String()}
}

// Over the API, the commands print what they print on the database itself.
func TestServerAndDatabaseShowTheSame(t *testing.T) {
	t.Parallel()
	c := newRemoteCompany(t)
	environ := []string{"PASSMUSTER_SERVER=" + c.url, "PASSMUSTER_KEY=" + c.key(t, workforce.ScopeAllRead)}
	for _, args := range [][]string{
		{"person", "list"},
		{"person", "list", "--json"},
		{"person", "list", "--limit", "7", "--page", "3", "--json"},
		{"person", "list", "--limit", "70", "--page", "2", "--json"},
		{"person", "list", "--limit", "100"},
		{"person", "list", "--limit", "1000", "--json"},
		{"person", "list", "--limit", "1000", "--page", "9223372036854775807", "--json"},
		{"person", "list", "--q", "SMITH & sons"},
		{"person", "list", "--q", "É", "--json"},
		{"person", "list", "--status", "current,former_employee", "--check", "IDENTITY_MFA=false", "--sort", "start-date", "--desc"},
		{"person", "list", "--status", "ALL_FORMER_PERSONNEL", "--check", "OFFBOARDING=false", "--check", "full-compliance=false", "--ndjson"},
		{"person", "list", "--device-compliance", "false", "--not-device-source", "AGENT,JAMF", "--group", "1,2", "--json"},
		{"person", "list", "--device-source", "agent", "--fields", "checks,email,groups"},
		{"person", "list", "--email", "SALLY.smith@example.com", "--fields", "roles", "--json"},
		{"person", "list", "--csv"},
		{"person", "list", "--ndjson", "--fields", "devices", "--sort", "created"},
		{"person", "list", "--changed-since", "60", "--json", "--limit", "20"},
		{"person", "list", "--q", "nobody at all", "--csv"},
		{"person", "list", "--facets"},
		{"person", "list", "--facets", "--json", "--status", "former"},
		{"account", "list"},
		{"account", "list", "--limit", "7", "--page", "40", "--json"},
		{"account", "list", "--csv", "--kind", "version_control"},
		{"account", "list", "--ndjson", "--client-type", "aws", "--sort", "admin-access", "--desc"},
		{"account", "list", "--user", "Sally.Smith@example.com"},
		{"account", "list", "--user", "25", "--ndjson"},
		{"account", "list", "--connection", "5", "--q", "a", "--fields", "user,serviceAccount"},
		{"account", "list", "--facets", "--json"},
		{"account", "list", "--facets", "--kind", "infrastructure", "--changed-since", "60"},
		{"person", "show", "1"},
		{"person", "show", "sally.smith@example.com", "--json"},
		{"person", "show", "SALLY.SMITH@example.com"},
		{"person", "show", "16", "--json"},
		{"person", "show", "25"},
		{"person", "show", "60", "--json"},
		{"person", "show", "105"},
		{"report", "compliance"},
		{"report", "compliance", "--json", "--status", "current", "--check", "identity-mfa=false"},
		{"report", "compliance", "--csv", "--q", "é"},
		{"report", "compliance", "--totals", "--group", "1,2"},
	} {
		local := run(t, nil, append(args, "--database", c.dsn)...)
		remote := run(t, environ, args...)
		if local.code != exitDone || local.stdout == "" {
			t.Errorf("%v on the database exits %d: %s%s", args, local.code, local.stdout, local.stderr)
		}
		if remote != local {
			t.Errorf("%v prints over the API\n%+v\nand on the database\n%+v", args, remote, local)
		}
	}
}

func TestServerIsChosen(t *testing.T) {
	t.Parallel()
	c := newRemoteCompany(t)
	key := c.key(t, workforce.ScopeAllRead)
	file := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(file, []byte(key+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty.db")
	for name, environ := range map[string][]string{
		"by flags":           nil,
		"beside a wrong key": {"PASSMUSTER_KEY=pmk_wrong", "PASSMUSTER_LISTEN=:1", "PASSMUSTER_DATABASE=sqlite:" + empty},
	} {
		got := run(t, environ, "person", "show", "1", "--server", c.url+"/public/", "--key-file", file)
		if got.code != exitDone || !strings.Contains(got.stdout, "sally.smith@example.com") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	got := run(t, []string{"PASSMUSTER_SERVER=" + c.url, "PASSMUSTER_KEY_FILE=" + file}, "person", "list", "--limit", "1")
	if got.code != exitDone || !strings.Contains(got.stderr, "1 of 105") {
		t.Errorf("by variables: %+v", got)
	}
	got = run(t, []string{"PASSMUSTER_SERVER=" + c.url}, "person", "list", "--database", "sqlite:"+empty)
	if got.code != exitDone || strings.Contains(got.stdout, "@") {
		t.Errorf("a database beside a variable: %+v", got)
	}
	got = run(t, []string{"PASSMUSTER_SERVER=" + c.url, "PASSMUSTER_KEY=" + key}, "company", "show", "--database", "sqlite:"+empty)
	if got.code != exitDone {
		t.Errorf("another command beside the variables: %+v", got)
	}
}

// A wrong call says what to do, exits 2, asks nobody and shows no key.
func TestWrongUseOfServer(t *testing.T) {
	t.Parallel()
	const canary = "pmk_canary"
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := "--server=http://127.0.0.1:1"
	for _, c := range []struct {
		args    []string
		environ []string
		want    string
	}{
		{[]string{server}, nil, "passmuster key create"},
		{[]string{server, "--key=" + canary}, nil, "PASSMUSTER_KEY"},
		{[]string{server, "--key-file", empty}, nil, "is empty"},
		{[]string{server, "--key-file", filepath.Join(dir, "gone")}, nil, "no such file"},
		{[]string{server, "--database=sqlite:" + filepath.Join(dir, "x.db")}, []string{"PASSMUSTER_KEY=" + canary}, "give one"},
		{[]string{"--key-file", empty}, nil, "which is not given"},
		{[]string{server}, []string{"PASSMUSTER_KEY=" + canary, "PASSMUSTER_KEY_FILE=" + empty}, "remove one"},
		{[]string{server}, []string{"PASSMUSTER_KEY=" + canary + " " + canary}, "give the key alone"},
		{[]string{"--server=muster.example.com"}, []string{"PASSMUSTER_KEY=" + canary}, "--server: the server's address must be a whole URL"},
		{[]string{server, "--limit=0"}, []string{"PASSMUSTER_KEY=" + canary}, "want 1 to 1000"},
		{[]string{server}, []string{"PASSMUSTER_KEY=" + canary, "PASSMUSTER_STATUS=gone"}, "--status \"gone\": want one of CURRENT_EMPLOYEE, "},
		{[]string{server}, []string{"PASSMUSTER_KEYS=" + canary}, "did you mean PASSMUSTER_KEY?"},
	} {
		got := run(t, c.environ, append([]string{"person", "list"}, c.args...)...)
		if got.code != exitUsage || !strings.Contains(got.stderr, c.want) || strings.Contains(got.stderr+got.stdout, canary) {
			t.Errorf("%v %v: %+v, want %q", c.args, c.environ, got, c.want)
		}
	}
	help := run(t, nil, "person", "list", "--help")
	if !strings.Contains(help.stdout, "PASSMUSTER_SERVER") || strings.Contains(help.stdout, "--key ") {
		t.Errorf("the help is\n%s", help.stdout)
	}
}

func TestWhatAServerRefuses(t *testing.T) {
	t.Parallel()
	c := newRemoteCompany(t)
	with := func(key string) []string { return []string{"PASSMUSTER_SERVER=" + c.url, "PASSMUSTER_KEY=" + key} }
	all := c.key(t, workforce.ScopeAllRead)
	for _, r := range []struct {
		key, which, want string
	}{
		{all, "1000000", ", 404)"},
		{all, "nobody@example.com", ", 404)"},
		{"pmk_wrong", "1", ", 401)"},
		{c.key(t, workforce.ScopeUsersGet), "1", ", 403)"},
	} {
		got := run(t, with(r.key), "person", "show", r.which)
		if got.code != exitFailed || !strings.Contains(got.stderr, r.want) || !strings.Contains(got.stderr, c.url) || got.stdout != "" {
			t.Errorf("%s: %+v, want %q", r.which, got, r.want)
		}
	}
	gone := run(t, []string{"PASSMUSTER_SERVER=http://passmuster.invalid", "PASSMUSTER_KEY=" + all}, "person", "list")
	if gone.code != exitFailed || !strings.Contains(gone.stderr, "asking Passmuster at http://passmuster.invalid") {
		t.Errorf("a server that is not there: %+v", gone)
	}
	which := run(t, with(all), "person", "show", "sally")
	if which.code != exitUsage || !strings.Contains(which.stderr, "neither an e-mail nor the number") {
		t.Errorf("neither e-mail nor number: %+v", which)
	}
}

// A list of every kind of accounts says which kind the key may not see.
func TestKindsThatAKeyMayNotSee(t *testing.T) {
	t.Parallel()
	c := newRemoteCompany(t)
	environ := []string{"PASSMUSTER_SERVER=" + c.url, "PASSMUSTER_KEY=" + c.key(t, workforce.ScopeVersionControlManage)}
	some := run(t, environ, "account", "list", "--csv", "--fields", "id")
	if some.code != exitDone || !strings.Contains(some.stdout, "version-control") || strings.Contains(some.stdout, "infrastructure") ||
		!strings.Contains(some.stderr, "infrastructure accounts are not shown: ") {
		t.Errorf("of both kinds: %.200s %s", some.stdout, some.stderr)
	}
	all := run(t, environ, "account", "list", "--kind", "version-control", "--csv", "--fields", "id")
	if all.code != exitDone || all.stdout != some.stdout || strings.Contains(all.stderr, "not shown") {
		t.Errorf("of the kind: %.200s %s", all.stdout, all.stderr)
	}
	none := run(t, environ, "account", "list", "--kind", "infrastructure")
	if none.code != exitFailed || none.stdout != "" || !strings.Contains(none.stderr, ", 403)") {
		t.Errorf("of the other kind: %+v", none)
	}
	environ[1] = "PASSMUSTER_KEY=" + c.key(t, workforce.ScopePersonnelList)
	if got := run(t, environ, "account", "list"); got.code != exitFailed || got.stdout != "" || !strings.Contains(got.stderr, ", 403)") {
		t.Errorf("of no kind: %+v", got)
	}
}

// A key that may not see accounts is not told that there are none.
func TestAccountsThatAKeyMayNotSee(t *testing.T) {
	t.Parallel()
	c := newRemoteCompany(t)
	environ := []string{"PASSMUSTER_SERVER=" + c.url, "PASSMUSTER_KEY=" + c.key(t, workforce.ScopePersonnelGet)}
	got := run(t, environ, "person", "show", "1")
	if got.code != exitDone || !strings.Contains(got.stdout, "\nACCOUNTS are not shown to this key\n") || !strings.Contains(got.stderr, "accounts are not shown: ") {
		t.Errorf("in a table: %+v", got)
	}
	got = run(t, environ, "person", "show", "1", "--json")
	if got.code != exitDone || !strings.Contains(got.stdout, "\"accounts\": null") {
		t.Errorf("in JSON: %+v", got)
	}
}
