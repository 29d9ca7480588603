package app

import (
	"net/http"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/passmuster/passmuster/internal/api/native"
	v1 "github.com/passmuster/passmuster/internal/api/v1"
	v2 "github.com/passmuster/passmuster/internal/api/v2"
	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/openapi"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/web"
)

// routes is everything that the server answers.
func (a *App) routes(registry *prometheus.Registry) (*rest.Mux, error) {
	failures := rest.NewFailureLimiter(a.cfg.FailedAuthLimit, a.db.Now)
	var requests *rest.Limiter
	if a.cfg.RateLimit > 0 {
		requests = rest.NewLimiter(a.cfg.RateLimit, a.db.Now)
	}
	pages := web.Routes(web.Deps{
		Directory: a.directory, Compliance: a.compliance, Auth: a.auth, Requests: requests, Failures: failures,
		TrustedProxies: a.cfg.TrustedProxies, Log: a.log, Now: a.db.Now,
	})
	operations := slices.Concat(v1.Routes(a.directory, a.compliance), v2.Routes(a.directory, v2.Options{MaxSize: a.cfg.V2MaxSize}))
	own := native.Routes(a.directory, a.compliance)
	description, err := describe(slices.Concat(operations, own))
	if err != nil {
		return nil, err
	}
	gate := auth.NewGate(a.auth)
	served, err := native.Serve(own, rest.MuxConfig{Gate: gate, Requests: requests, Failures: failures, Lane: a.lane, Log: a.log})
	if err != nil {
		return nil, err
	}
	return rest.NewMux(rest.MuxConfig{
		Routes: slices.Concat(
			operations,
			served,
			description,
			pages,
			[]rest.Route{
				rest.Raw(http.MethodGet, "/healthz", "health", http.HandlerFunc(health)),
				rest.Raw(http.MethodGet, "/readyz", "ready", http.HandlerFunc(a.ready)),
				rest.Raw(http.MethodGet, "/metrics", "metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{})),
			},
		),
		Bases: []rest.Base{
			{Path: v1.Base, Version: rest.V1},
			{Path: v2.Base, Version: rest.V2},
			{Path: native.Base, Version: rest.Native},
		},
		Gate:     gate,
		Requests: requests,
		Failures: failures,
		Lane:     a.lane,
		Spool:    a.files.Dir(),
		Log:      a.log,
	})
}

// describe is what serves the description of the operations.
func describe(operations []rest.Route) ([]rest.Route, error) {
	doc, err := openapi.Document(operations)
	if err != nil {
		return nil, err
	}
	return doc.Routes()
}

// health says that the process answers.
func health(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "ok\n")
}

// ready says whether the database answers, so that a load balancer can leave
// this server out while it does not.
func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	if err := a.db.Ping(r.Context()); err != nil {
		a.log.ErrorContext(r.Context(), "not ready", "error", err.Error())
		plain(w, http.StatusServiceUnavailable, "the database does not answer\n")
		return
	}
	plain(w, http.StatusOK, "ready\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write([]byte(text)) //nolint:errcheck // the client has gone
}
