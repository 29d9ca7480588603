package rest

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// AccessLog writes one line for each request: method, route pattern,
// operation, status, reason of the refusal, bytes, duration, key id and request
// id. Paths, queries,
// addresses and user agents are left out: they are, or identify, people.
func AccessLog(log *slog.Logger) func(http.Handler) http.Handler {
	handler := log.Handler()
	if h, ok := handler.(LogHandler); ok {
		handler = h.Handler // the line has the request's id already
	}
	lines := &accessLines{handler: handler}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			x := exchangeOf(r.Context())
			if x == nil || !log.Enabled(r.Context(), slog.LevelInfo) {
				next.ServeHTTP(w, r)
				return
			}
			defer func() { lines.write(r, x) }() // also when the handler aborts the connection
			next.ServeHTTP(w, r)
		})
	}
}

// accessLines writes the lines of an access log. What a line begins with is one
// of a few: it is encoded once.
type accessLines struct {
	handler slog.Handler
	begun   lookup[measured, slog.Handler]
}

func (l *accessLines) write(r *http.Request, x *exchange) {
	begin := measured{methodLabel(r.Method), x.pattern(), x.outcome()}
	handler := l.begun.get(begin, func() slog.Handler {
		return l.handler.WithAttrs([]slog.Attr{
			slog.String("method", begin.method), slog.String("route", begin.route),
			slog.String("operation", x.operation()), slog.Int("status", begin.status),
		})
	})
	now := time.Now()
	// Without the place in the code, which would be this one. It has as many
	// attributes as a record holds without allocating.
	line := slog.NewRecord(now, slog.LevelInfo, "request", 0)
	line.AddAttrs(
		slog.String("reason", string(x.reason)),
		slog.Int64("bytes", x.bytes),
		slog.Duration("duration", now.Sub(x.began)),
		slog.String("key", x.actor),
		slog.String("request_id", x.id),
	)
	_ = handler.Handle(r.Context(), line) // there is nobody to tell
}

// LogHandler is a slog.Handler that adds the request id of the context to
// every record that does not carry one, so that whatever a request logs can be
// found by its id.
type LogHandler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h LogHandler) Handle(ctx context.Context, rec slog.Record) error {
	id := RequestID(ctx)
	if id != "" {
		rec.Attrs(func(a slog.Attr) bool {
			if a.Key == "request_id" {
				id = ""
			}
			return id != ""
		})
	}
	if id != "" {
		rec = rec.Clone()
		rec.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, rec)
}

// WithAttrs implements slog.Handler.
func (h LogHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return LogHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h LogHandler) WithGroup(name string) slog.Handler {
	return LogHandler{h.Handler.WithGroup(name)}
}
