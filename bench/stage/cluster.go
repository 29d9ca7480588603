package stage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/passmuster/passmuster/bench/proc"
)

// Cluster is a PostgreSQL server.
type Cluster struct {
	Version string // as the server says it, "15.6"

	dsn        url.URL // of a database to connect to while others are made
	ours       bool    // started by us, for us alone
	postmaster int     // process; 0 if the server does not run on this machine
	stop       func(context.Context) error
}

// Local says whether the server's processor time can be read.
func (c *Cluster) Local() bool { return c.postmaster != 0 }

// CPU is the processor time of the server and all its processes. On a server
// that others use at the same time, theirs is in it. It is 0 if not Local.
func (c *Cluster) CPU() (time.Duration, error) {
	if !c.Local() {
		return 0, nil
	}
	return proc.FamilyCPU(c.postmaster)
}

// Processes is the server's process and all its children. It is an error if
// the server does not run on this machine, or is not ours alone: others' work
// would be counted as ours.
func (c *Cluster) Processes() ([]int, error) {
	if !c.Local() || !c.ours {
		return nil, errors.New("the PostgreSQL server is not ours alone")
	}
	return proc.Family(c.postmaster)
}

// Close stops the server if it is ours.
func (c *Cluster) Close(ctx context.Context) error {
	if c.stop == nil {
		return nil
	}
	return c.stop(ctx)
}

// UseCluster takes a server that is running.
func UseCluster(ctx context.Context, dsn string) (*Cluster, error) {
	u, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	c := &Cluster{dsn: u}
	var backend int
	err = c.with(ctx, dsn, func(ctx context.Context, db *sql.DB) error {
		if err := db.QueryRowContext(ctx, `SELECT pg_backend_pid(), split_part(current_setting('server_version'), ' ', 1)`).
			Scan(&backend, &c.Version); err != nil {
			return err
		}
		c.postmaster = postmasterOf(backend)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("connecting to PostgreSQL: %w", err)
	}
	return c, nil
}

// postmasterOf gives the parent of a backend, or 0 if that number is no
// PostgreSQL process of this machine.
func postmasterOf(backend int) int {
	parent, err := proc.Parent(backend)
	if err != nil || !isPostgres(backend) || !isPostgres(parent) {
		return 0
	}
	return parent
}

func isPostgres(pid int) bool {
	name, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "comm"))
	return err == nil && strings.HasPrefix(string(name), "postgres")
}

// NewCluster starts a server of our own with PostgreSQL's own defaults, fsync
// included: a write is only comparable if it is durable. Nobody else's work is
// in its processor time. Its data stays in the cache.
func NewCluster(ctx context.Context, cache string) (*Cluster, error) {
	bin, err := postgresPrograms()
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(filepath.Join(cache, "postgres-"+filepath.Base(filepath.Dir(bin))))
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if err := prepareFolder(dir); err != nil {
		return nil, fmt.Errorf("preparing a folder for PostgreSQL: %w", err)
	}
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); errors.Is(err, fs.ErrNotExist) {
		if err := asPostgres(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres",
			"--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"); err != nil {
			return nil, err
		}
	}
	port, err := FreePort(ctx)
	if err != nil {
		return nil, err
	}
	settings := fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=%s", port, dir)
	if err := asPostgres(ctx, filepath.Join(bin, "pg_ctl"), "-D", data, "-l", filepath.Join(dir, "log"), "-w", "-t", "120",
		"-o", settings, "start"); err != nil {
		return nil, fmt.Errorf("%w (is another bench run using this cache?)", err)
	}
	stop := func(ctx context.Context) error {
		return asPostgres(ctx, filepath.Join(bin, "pg_ctl"), "-D", data, "-w", "-m", "fast", "stop")
	}
	c, err := UseCluster(ctx, fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port))
	if err != nil {
		return nil, errors.Join(err, stop(ctx))
	}
	c.ours, c.stop = true, stop
	return c, nil
}

// postgresPrograms finds the folder of initdb; Debian keeps it out of PATH.
func postgresPrograms() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	best, newest := "", 0
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	for _, f := range found {
		dir := filepath.Dir(f)
		if n, err := strconv.Atoi(filepath.Base(filepath.Dir(dir))); err == nil && n > newest {
			best, newest = dir, n
		}
	}
	if best == "" {
		return "", errors.New("initdb is not on this machine: install PostgreSQL, name a server with -postgres DSN, or leave it out with -databases sqlite")
	}
	return best, nil
}

// prepareFolder makes a folder that the user postgres owns if we are root: the
// server refuses to run as root.
func prepareFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // what is secret is in data, which initdb closes
		return err
	}
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	return os.Chown(dir, uid, gid)
}

func asPostgres(ctx context.Context, argv ...string) error {
	name := filepath.Base(argv[0])
	if os.Geteuid() == 0 {
		argv = append([]string{"runuser", "-u", "postgres", "--"}, argv...)
	}
	// The output goes to a file: pg_ctl's server would keep a pipe open.
	out, err := os.CreateTemp("", "passmuster-bench-*.log")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	// Not bound to the context: a half-stopped cluster helps nobody.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), argv[0], argv[1:]...) //nolint:gosec // PostgreSQL's own programs
	cmd.Stdout, cmd.Stderr, cmd.Dir = out, out, "/"
	if err := cmd.Run(); err != nil {
		said, readErr := os.ReadFile(out.Name())
		return errors.Join(fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(said))), readErr)
	}
	return nil
}

// FreePort is a port of the loopback interface that nobody listened on just now,
// for programs that cannot choose one themselves.
func FreePort(ctx context.Context) (int, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("finding a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil //nolint:forcetypeassert // the listener is TCP
}
