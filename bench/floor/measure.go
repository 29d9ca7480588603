package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/bench/peer"
	"github.com/passmuster/passmuster/bench/proc"
	"github.com/passmuster/passmuster/bench/report"
	"github.com/passmuster/passmuster/bench/stage"
)

// bench is one run of the program.
type bench struct {
	settings

	stage   *stage.Stage
	cluster *stage.Cluster // nil if PostgreSQL is left out
	report  *report.Run
	say     func(format string, args ...any)

	progress io.Writer
}

// measure sets the stage up, measures everything and tidies up.
func measure(ctx context.Context, s settings, progress io.Writer) (_ *report.Run, err error) {
	began := time.Now()
	b := &bench{settings: s, progress: progress, say: func(format string, args ...any) {
		fmt.Fprintf(progress, "%6.1f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
	}}
	b.report = &report.Run{
		Name: s.name, At: began.UTC().Truncate(time.Second), Command: commandLine(s.args), Revision: revision(ctx), Machine: proc.ThisMachine(),
		Profiled: s.profiles != "", People: s.people, Databases: s.databases, Connections: s.connections, Least: s.duration.Seconds(),
	}
	if b.report.LoadBefore, err = proc.Load(); err != nil {
		return nil, err
	}
	if s.profiles != "" {
		if err := os.MkdirAll(s.profiles, 0o755); err != nil { //nolint:gosec // profiles hold no secrets
			return nil, fmt.Errorf("making the folder for profiles: %w", err)
		}
	}
	if slices.Contains(s.databases, stage.PostgreSQL) {
		if err := b.openCluster(ctx); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, b.cluster.Close(ctx)) }()
	}
	if b.stage, err = stage.New(ctx, stage.Options{Binary: s.binary, Cache: s.cache, Cluster: b.cluster, Say: b.say}); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.stage.Close()) }()
	for _, people := range s.people {
		for _, kind := range s.databases {
			if err := b.company(ctx, kind, people); err != nil {
				return nil, fmt.Errorf("%d people on %s: %w", people, kind, err)
			}
		}
	}
	if err := b.rosters(ctx); err != nil {
		return nil, err
	}
	b.report.Seconds = time.Since(began).Seconds()
	b.report.LoadAfter, err = proc.Load()
	return b.report, err
}

func (b *bench) openCluster(ctx context.Context) (err error) {
	if b.postgres != "" {
		b.cluster, err = stage.UseCluster(ctx, b.postgres)
	} else {
		b.cluster, err = stage.NewCluster(ctx, b.cache)
	}
	if err != nil {
		return err
	}
	b.report.PostgreSQL, b.report.OwnCluster = b.cluster.Version, b.postgres == ""
	return nil
}

// commandLine is how a person repeats the run. A DSN may hold a password and
// names a server, and folders are those of one machine: they are left out.
func commandLine(args []string) string {
	out := []string{"go", "run", "./bench/floor"}
	private := []string{"postgres", "cache", "out", "binary", "cpuprofile"}
	for i := 0; i < len(args); i++ {
		name, _, joined := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if !slices.Contains(private, name) {
			out = append(out, args[i])
			if args[i] == "" {
				out[len(out)-1] = `""` // a shell would lose it
			}
		} else if !joined {
			i++ // its value is the next one
		}
	}
	return strings.Join(out, " ")
}

// revision is what git says of the checkout, or nothing.
func revision(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--tags").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// company measures one company on one database.
func (b *bench) company(ctx context.Context, kind stage.Kind, people int) (err error) {
	db, err := b.stage.Company(ctx, kind, people, b.seed)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Drop(context.WithoutCancel(ctx))) }()
	b.report.Fills = append(b.report.Fills, db.Fill)
	var other *peer.PocketBase
	if kind == stage.SQLite && b.peerMost > 0 {
		if other, err = b.newPeer(ctx, people, db); err != nil {
			return err
		}
		if other != nil {
			defer func() { err = errors.Join(err, other.Remove()) }()
		}
	}
	for _, connections := range b.connections {
		s := session{bench: b, kind: kind, people: people, connections: connections, db: db, peer: other}
		if err := s.run(ctx); err != nil {
			return err
		}
	}
	return nil
}
