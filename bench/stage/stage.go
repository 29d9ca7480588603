package stage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/passmuster/passmuster/bench/proc"
)

// Kind is a kind of database.
type Kind string

// The kinds of database that Passmuster runs on.
const (
	SQLite     Kind = "sqlite"
	PostgreSQL Kind = "postgres"
)

// PocketBase stands where a kind of database does, for figures of the other
// program. It is no database of Passmuster's, and not one of AllKinds.
const PocketBase Kind = "pocketbase"

// AllKinds lists the kinds in the order of the report.
var AllKinds = []Kind{SQLite, PostgreSQL}

// Stage is where a run takes place.
type Stage struct {
	binary  string // the program under test
	version string // digest of the binary: companies that another one made are not used
	cache   string // what is kept between runs
	dir     string // what is gone after this run
	cluster *Cluster
	say     func(format string, args ...any)
}

// Options say how a stage is set up.
type Options struct {
	Binary  string   // a built program; "" builds the one of this checkout
	Cache   string   // folder for companies that are kept
	Cluster *Cluster // nil if nothing is measured on PostgreSQL
	Say     func(format string, args ...any)
}

// New sets a stage up. The caller closes it.
func New(ctx context.Context, o Options) (*Stage, error) {
	if err := os.MkdirAll(o.Cache, 0o755); err != nil { //nolint:gosec // PostgreSQL, as another user, has its folder inside
		return nil, fmt.Errorf("making the cache folder: %w", err)
	}
	dir, err := os.MkdirTemp(o.Cache, "run-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the run: %w", err)
	}
	s := &Stage{cache: o.Cache, dir: dir, cluster: o.Cluster, say: o.Say, binary: filepath.Join(dir, "passmuster")}
	if err := s.takeBinary(ctx, o.Binary); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close removes what belongs to the run; companies stay in the cache.
func (s *Stage) Close() error { return os.RemoveAll(s.dir) }

// Binary is the program under test.
func (s *Stage) Binary() string { return s.binary }

// Path is a file of the run.
func (s *Stage) Path(name string) string { return filepath.Join(s.dir, name) }

// takeBinary copies or builds the program, so that a rebuild during the run
// does not change what is measured.
func (s *Stage) takeBinary(ctx context.Context, given string) error {
	if given != "" {
		if err := copyFile(given, s.binary, 0o755); err != nil {
			return fmt.Errorf("copying the program: %w", err)
		}
	} else {
		// No version is stamped in: the same code shall give the same digest.
		const program = "github.com/passmuster/passmuster/cmd/passmuster"
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", s.binary, program) //nolint:gosec // into a folder of our own
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("building the program (run this inside the checkout): %w\n%s", err, out)
		}
	}
	digest, err := digestOf(s.binary)
	s.version = digest
	return err
}

func digestOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("reading the program: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("reading the program: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}

func copyFile(from, to string, mode fs.FileMode) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	// On the disk before anything is measured: writing it there must not fall
	// into somebody's figures.
	return errors.Join(err, dst.Sync(), dst.Close())
}

// Fill is how a company was made: an initial import through the change log.
// What the generator of made-up people costs is part of it.
type Fill struct {
	People   int       `json:"people"`
	Database Kind      `json:"database"`
	Seconds  float64   `json:"seconds"`
	CPU      float64   `json:"cpuSeconds"`      // of the program
	Server   *float64  `json:"serverSeconds"`   // of PostgreSQL; nil: not known, or SQLite
	Bytes    int64     `json:"bytesOnDisk"`     // the database when it was done
	At       time.Time `json:"at"`              // a cached company may be older than the run
	Load     float64   `json:"loadWhileFilled"` // of the machine, the minute before the end
	Raw      Raw       `json:"raw"`             // the same rows, inserted plainly right after
}

// command runs the program to its end and gives its standard output and the
// processor time it took.
func (s *Stage) command(ctx context.Context, args ...string) (string, time.Duration, error) {
	cmd := exec.CommandContext(ctx, s.binary, args...) //nolint:gosec // the program under test
	cmd.Env = cleanEnv()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", 0, fmt.Errorf("passmuster %s: %w: %s", args[0], err, strings.TrimSpace(errs.String()))
	}
	return out.String(), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

// fill makes a company in an empty database.
func (s *Stage) fill(ctx context.Context, kind Kind, dsn string, people int, seed uint64) (Fill, error) {
	s.say("making a company of %d people on %s; it is kept for the next run", people, kind)
	f := Fill{People: people, Database: kind, At: time.Now().UTC().Truncate(time.Second)}
	server := func() (time.Duration, error) { return 0, nil }
	if kind == PostgreSQL {
		server = s.cluster.CPU
	}
	before, err := server()
	if err != nil {
		return f, err
	}
	began := time.Now()
	told := s.tellProgress(ctx, people)
	_, cpu, err := s.command(ctx, "demo", "--database", dsn, "--people", strconv.Itoa(people), "--seed", strconv.FormatUint(seed, 10))
	told()
	if err != nil {
		return f, fmt.Errorf("making a company: %w", err)
	}
	f.Seconds, f.CPU = time.Since(began).Seconds(), cpu.Seconds()
	after, err := server()
	if err != nil {
		return f, err
	}
	if kind == PostgreSQL && s.cluster.Local() {
		used := (after - before).Seconds()
		f.Server = &used
	}
	if f.Load, err = proc.Load(); err != nil {
		return f, err
	}
	if people > rawMost {
		s.say("plain inserts of the same rows are left out above %d people", rawMost)
		return f, nil
	}
	f.Raw, err = s.raw(ctx, kind, dsn)
	return f, err
}

// rawMost is the largest company whose rows are inserted plainly, too: the gate
// is about 100,000 people, and a million would take another quarter of an hour.
const rawMost = 200_000

// tellProgress says now and then that filling still goes on, and about how
// long it may take, until the function that it gives is called.
func (s *Stage) tellProgress(ctx context.Context, people int) (done func()) {
	const (
		each    = 30 * time.Second
		fastest = 2200 // people a second, on an idle machine; others make it slower
	)
	ctx, cancel := context.WithCancel(ctx)
	var telling sync.WaitGroup
	telling.Go(func() {
		tick := time.NewTicker(each)
		defer tick.Stop()
		for began := time.Now(); ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				s.say("still filling after %s; %d people take at least %s", time.Since(began).Round(time.Second), people,
					(time.Duration(people/fastest) * time.Second).Round(time.Second))
			}
		}
	})
	return func() { cancel(); telling.Wait() }
}

// Ratio is the processor time of the fill by that of the plain inserts,
// PostgreSQL's included; false if a part of it is not known.
func (f Fill) Ratio() (float64, bool) {
	whole, plain := f.CPU, f.Raw.CPU
	if f.Database == PostgreSQL {
		if f.Server == nil || f.Raw.Server == nil {
			return 0, false
		}
		whole, plain = whole+*f.Server, plain+*f.Raw.Server
	}
	if plain <= 0 {
		return 0, false
	}
	return whole / plain, true
}

// Database is a copy of a company for one run.
type Database struct {
	DSN  string
	Key  string // an API key that may do everything
	Fill Fill
	drop func(context.Context) error
}

// Drop removes the copy.
func (d Database) Drop(ctx context.Context) error { return d.drop(ctx) }

// Company gives a copy of the demo company, which is made now if no run before
// has made it.
func (s *Stage) Company(ctx context.Context, kind Kind, people int, seed uint64) (Database, error) {
	name := fmt.Sprintf("%s_%d_%d", s.version, people, seed)
	var d Database
	var err error
	if kind == PostgreSQL {
		d, err = s.postgres(ctx, name, people, seed)
	} else {
		d, err = s.sqlite(ctx, name, people, seed)
	}
	if err != nil {
		return d, err
	}
	key, _, err := s.command(ctx, "key", "create", "--database", d.DSN, "--name", "bench", "--scope", "all", "--expires", "never")
	if err != nil {
		return d, errors.Join(err, d.Drop(ctx))
	}
	d.Key = strings.TrimSpace(key)
	return d, nil
}

func (s *Stage) sqlite(ctx context.Context, name string, people int, seed uint64) (Database, error) {
	kept := filepath.Join(s.cache, "company_"+name+".db")
	f, err := readFill(kept + ".json")
	if err := s.checkRoom(people, err != nil); err != nil {
		return Database{}, err
	}
	if err != nil {
		part := s.Path("filling.db")
		if f, err = s.fill(ctx, SQLite, "sqlite:"+part, people, seed); err != nil {
			return Database{}, err
		}
		info, err := os.Stat(part)
		if err != nil {
			return Database{}, err
		}
		f.Bytes = info.Size()
		if err := s.keep(part, kept, people, seed, f); err != nil {
			return Database{}, fmt.Errorf("keeping the company: %w", err)
		}
	}
	work := s.Path(fmt.Sprintf("company-%d.db", people))
	if err := copyFile(kept, work, 0o600); err != nil {
		return Database{}, fmt.Errorf("copying the company: %w", err)
	}
	return Database{DSN: "sqlite:" + work, Fill: f, drop: func(context.Context) error { return removeDatabase(work) }}, nil
}

// keep moves a filled company into the cache, and removes those of the same
// size that older programs have made: they are large and never used again.
func (s *Stage) keep(part, kept string, people int, seed uint64, f Fill) error {
	old, err := filepath.Glob(filepath.Join(s.cache, fmt.Sprintf("company_*_%d_%d.db*", people, seed)))
	if err != nil {
		return err
	}
	for _, o := range old {
		if err := os.Remove(o); err != nil {
			return err
		}
	}
	if err := os.Rename(part, kept); err != nil {
		return err
	}
	return writeFill(kept+".json", f)
}

func readFill(file string) (Fill, error) {
	var f Fill
	text, err := os.ReadFile(file)
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(text, &f)
}

// writeFill is the last step of making a company: without this file it counts
// as unfinished.
func writeFill(file string, f Fill) error {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o600)
}
