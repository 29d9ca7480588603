package rest

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"
)

// StackConfig is what [Stack] puts around a handler.
type StackConfig struct {
	Log            *slog.Logger
	Metrics        *Metrics // nil for none
	TrustedProxies []netip.Prefix
}

// Stack puts the middleware around the handler, usually a [Mux], in the order
// that the package comment gives. Recover is innermost so that log and metrics
// see the 500 it answers.
func Stack(cfg StackConfig, h http.Handler) http.Handler {
	h = Recover(cfg.Log)(h)
	h = SecurityHeaders(h)
	if cfg.Metrics != nil {
		h = cfg.Metrics.Middleware(h)
	}
	h = AccessLog(cfg.Log)(h)
	return Trace(cfg.TrustedProxies)(h)
}

// maxHeaderBytes bounds the request line and the header, and with them every
// query string.
const maxHeaderBytes = 64 << 10

// ServerConfig are the time limits of a server; zero is the default in
// brackets.
type ServerConfig struct {
	ReadHeaderTimeout time.Duration // until the header is in [5 s]
	ReadTimeout       time.Duration // until the body is in [30 s]
	WriteTimeout      time.Duration // from the end of the header to the end of the answer [60 s]
	IdleTimeout       time.Duration // of a kept connection between requests [120 s]
}

// NewServer is an http.Server with every time and size limit set, whose own
// complaints go to log as warnings. The caller listens, serves and shuts down.
func NewServer(cfg ServerConfig, h http.Handler, log *slog.Logger) *http.Server {
	or := func(d, fallback time.Duration) time.Duration {
		if d > 0 {
			return d
		}
		return fallback
	}
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: or(cfg.ReadHeaderTimeout, 5*time.Second),
		ReadTimeout:       or(cfg.ReadTimeout, 30*time.Second),
		WriteTimeout:      or(cfg.WriteTimeout, 60*time.Second),
		IdleTimeout:       or(cfg.IdleTimeout, 120*time.Second),
		MaxHeaderBytes:    maxHeaderBytes,
		ConnContext:       withGathered,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
