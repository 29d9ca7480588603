// Package app puts the program together: a configuration becomes a running
// server. It is the only package that knows all the others; it holds no rule
// of the business and never decides what an answer says. It may depend on
// everything but internal/cli.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	v1 "github.com/passmuster/passmuster/internal/api/v1"
	v2 "github.com/passmuster/passmuster/internal/api/v2"
	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/config"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/lane"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/store"
)

// App is a program that is put together on an open database and not yet
// serving.
type App struct {
	cfg        config.Config
	log        *slog.Logger
	db         *store.DB
	auth       *auth.Authenticator
	directory  *directory.Service
	files      *file.Store
	compliance *compliance.Service
	lane       *lane.Lane
	mux        *rest.Mux
	handler    http.Handler
}

// mostListsWait is how many requests for lists wait in line. The slowest of them
// take a fraction of a second, so that the last one is answered before the
// server's limit for an answer.
const mostListsWait = 256

// New puts the program together on an open database, which stays the caller's
// to close, after [App.Close].
func New(cfg config.Config, db *store.DB, log *slog.Logger) (*App, error) {
	log = slog.New(rest.LogHandler{Handler: log.Handler()})
	queue := lane.New(runtime.GOMAXPROCS(0)-1, mostListsWait)
	files, err := file.Open(cfg.FilesDir())
	if err != nil {
		return nil, err
	}
	a := &App{
		cfg: cfg, log: log, db: db, lane: queue, files: files,
		compliance: compliance.New(db, files),
		auth:       auth.NewAuthenticator(db, log),
		directory: directory.New(db, directory.Options{
			Encoders:      v1.Encoders().Merge(v2.Encoders()),
			DocumentBytes: int64(cfg.DocumentCache) << 20, Lane: queue,
		}),
	}
	registry := prometheus.NewRegistry()
	metrics, err := rest.NewMetrics(registry)
	if err != nil {
		return nil, fmt.Errorf("registering metrics: %w", err)
	}
	if a.mux, err = a.routes(registry); err != nil {
		return nil, err
	}
	a.handler = rest.Stack(rest.StackConfig{Log: log, Metrics: metrics, TrustedProxies: cfg.TrustedProxies}, a.mux)
	return a, nil
}

// Close stops what New started.
func (a *App) Close() { a.auth.Close() }

// Handler serves everything.
func (a *App) Handler() http.Handler { return a.handler }

// Routes is the route table.
func (a *App) Routes() []rest.Route { return a.mux.Routes() }

// Serve serves on the front, calls ready once it does, and goes on until ctx
// ends; then it lets requests in flight finish, for as long as the
// configuration's grace. It closes the front.
func (a *App) Serve(ctx context.Context, front *Front, ready func()) error {
	defer front.Close()
	server := rest.NewServer(rest.ServerConfig{
		ReadTimeout: a.cfg.ReadTimeout, WriteTimeout: a.cfg.WriteTimeout, IdleTimeout: a.cfg.IdleTimeout,
	}, a.handler, a.log)

	began := time.Now()
	if err := a.directory.Warm(ctx); err != nil {
		return fmt.Errorf("building the roster: %w", err)
	}
	// Reading a whole company leaves much behind that is not needed again.
	debug.FreeOSMemory()
	a.log.Info("built the roster", "seconds", time.Since(began).Seconds())

	background, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() { a.startHires(background) })
	work.Go(func() { compliance.Run(background, a.db, a.log) })
	work.Go(func() { a.sweepFiles(background) })
	defer work.Wait()
	defer stop()

	front.dress(server)
	failed := make(chan error, 1)
	go func() { failed <- front.serve(server) }()
	a.log.Info("serving", "address", front.Addr().String(), "tls", a.cfg.TLS(), "database", a.db.Dialect())
	ready()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	a.log.Info("stopping", "grace", a.cfg.ShutdownGrace.String())
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cfg.ShutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		closeErr := server.Close()
		return errors.Join(fmt.Errorf("requests in flight did not finish within %s (--shutdown-grace): %w", a.cfg.ShutdownGrace, err), closeErr)
	}
	return nil
}
