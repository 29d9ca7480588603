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
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	v1 "github.com/passmuster/passmuster/internal/api/v1"
	v2 "github.com/passmuster/passmuster/internal/api/v2"
	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/config"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/store"
)

// App is a program that is put together on an open database and not yet
// serving.
type App struct {
	cfg       config.Config
	log       *slog.Logger
	db        *store.DB
	auth      *auth.Authenticator
	directory *directory.Service
	mux       *rest.Mux
	handler   http.Handler
}

// New puts the program together on an open database, which stays the caller's
// to close, after [App.Close].
func New(cfg config.Config, db *store.DB, log *slog.Logger) (*App, error) {
	log = slog.New(rest.LogHandler{Handler: log.Handler()})
	a := &App{
		cfg: cfg, log: log, db: db,
		auth: auth.NewAuthenticator(db, log),
		directory: directory.New(db, directory.Options{
			Encoders:      v1.Encoders().Merge(v2.Encoders()),
			DocumentBytes: int64(cfg.DocumentCache) << 20,
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

// retryHires is how long startHires waits after a failure, and at the most, so
// that a clock that is set forward is noticed.
const retryHires = 10 * time.Minute

// startHires makes future hires current at the company's midnight, and at the
// start those whose day came while the program was not running.
func (a *App) startHires(ctx context.Context) {
	for {
		started, next, err := a.directory.StartHires(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			a.log.Error("starting hires", "error", err.Error())
		case started > 0:
			a.log.Info("future hires became current", "people", started)
		}
		wait := retryHires
		if err == nil {
			wait = min(wait, max(next.Sub(a.db.Now()), 0)+time.Second)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}
