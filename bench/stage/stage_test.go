//go:build linux

package stage

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/pgtest"
)

// binary is the program, built once for all tests.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "passmuster-stage-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	s, err := New(context.Background(), Options{Cache: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	binary = s.Binary()
	return m.Run()
}

// listener records what a stage says.
type listener struct{ said []string }

func (l *listener) say(format string, args ...any) {
	l.said = append(l.said, fmt.Sprintf(format, args...))
}

func newStage(t *testing.T, cache string, c *Cluster) (*Stage, *listener) {
	t.Helper()
	l := &listener{}
	s, err := New(t.Context(), Options{Binary: binary, Cache: cache, Cluster: c, Say: l.say})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, l
}

const people = 100

func company(t *testing.T, s *Stage, kind Kind) Database {
	t.Helper()
	d, err := s.Company(t.Context(), kind, people, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if d.Fill.People != people || d.Fill.Database != kind || d.Fill.Seconds <= 0 || d.Fill.Bytes == 0 {
		t.Errorf("filled: %+v", d.Fill)
	}
	if !strings.HasPrefix(d.Key, "pmk_") {
		t.Error("the company has no key")
	}
	return d
}

func TestCompaniesAreMadeOnceAndCopied(t *testing.T) {
	t.Parallel()
	cache := t.TempDir()
	first, said := newStage(t, cache, nil)
	one := company(t, first, SQLite)
	if len(said.said) == 0 || !strings.Contains(said.said[0], "making a company of 100 people") {
		t.Errorf("said %q, want first of all that a company is made", said.said)
	}
	// Each person has fifteen checks, each in a row, and much more.
	if raw := one.Fill.Raw; raw.Rows < 20*people || raw.Seconds <= 0 {
		t.Errorf("inserted plainly: %+v", raw)
	}
	second, said := newStage(t, cache, nil)
	two := company(t, second, SQLite)
	if len(said.said) != 0 {
		t.Errorf("said %q: the company was in the cache", said.said)
	}
	if one.DSN == two.DSN || one.Key == two.Key {
		t.Error("two runs share a copy")
	}
	if !reflect.DeepEqual(one.Fill, two.Fill) {
		t.Errorf("filled %+v and %+v: the second is the first, kept", one.Fill, two.Fill)
	}
}

// An older program's companies are of no use: they would have to be migrated
// while the clock runs.
func TestCompaniesOfOlderProgramsAreRemoved(t *testing.T) {
	t.Parallel()
	cache := t.TempDir()
	old := filepath.Join(cache, "company_0123456789ab_100_1.db")
	other := filepath.Join(cache, "company_0123456789ab_200_1.db")
	for _, f := range []string{old, other} {
		if err := os.WriteFile(f, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, _ := newStage(t, cache, nil)
	company(t, s, SQLite)
	if _, err := os.Stat(old); err == nil {
		t.Error("the company of an older program is still there")
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("a company of another size was removed: %v", err)
	}
}

// On a server that is not ours nothing stays behind.
func TestForeignServersAreLeftAsTheyWere(t *testing.T) {
	t.Parallel()
	c, err := UseCluster(t.Context(), pgtest.DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	if c.Version == "" {
		t.Error("the server's version is not known")
	}
	s, _ := newStage(t, t.TempDir(), c)
	d, err := s.Company(t.Context(), PostgreSQL, people, 1)
	if err != nil {
		t.Fatal(err)
	}
	if raw := d.Fill.Raw; raw.Rows != 0 && raw.Rows < 20*people { // 0: we are no superuser there
		t.Errorf("inserted plainly: %+v", raw)
	}
	name := d.DSN[strings.LastIndex(d.DSN, "/")+1:]
	name, _, _ = strings.Cut(name, "?")
	if found, err := c.exists(t.Context(), name); err != nil || !found {
		t.Errorf("%s exists: %v, %v", name, found, err)
	}
	if err := d.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, err := c.exists(t.Context(), name); err != nil || found {
		t.Errorf("%s exists: %v, %v", name, found, err)
	}
}

func TestServersThatDoNotStartSayWhy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		argv []string
		want string
	}{
		"fails":     {[]string{"sh", "-c", "echo the disk is full >&2; exit 3"}, "the disk is full"},
		"not there": {[]string{filepath.Join(t.TempDir(), "nobody")}, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Start(t.Context(), filepath.Join(t.TempDir(), "log"), c.argv...)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

func TestServersStartAndStop(t *testing.T) {
	t.Parallel()
	s, _ := newStage(t, t.TempDir(), nil)
	d := company(t, s, SQLite)
	server, err := Start(t.Context(), s.Path("log"), s.Binary(), "serve", "--database", d.DSN, "--listen", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if server.Ready <= 0 || server.Address == "" {
		t.Errorf("ready after %s at %q", server.Ready, server.Address)
	}
	for range 2 { // stopping what has stopped is fine
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}
}

func TestDSNsAreNotRepeatedInErrors(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{"mysql://me:secret@h/x", "postgres://me:secret@h:port/x", "host=h password=secret"} {
		if _, err := UseCluster(t.Context(), dsn); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
	}
}
