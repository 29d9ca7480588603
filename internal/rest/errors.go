package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Version says whose error shape a route answers with.
type Version uint8

// The versions. V1 is the zero value's meaning too: an unknown route has one
// of these shapes as well.
const (
	V1     Version = iota // {"statusCode","message","code"}
	V2                    // V1, and 400, 404 and 409 begin with "name"
	Native                // V1, and "reason" and, if one is to blame, "field"
)

// namesV2 are the values of "name", which V2 has on these statuses only.
var namesV2 = map[int]string{
	http.StatusBadRequest: "BadRequestException",
	http.StatusNotFound:   "NotFoundException",
	http.StatusConflict:   "ConflictException",
}

// ErrorName is the "name" that a version has in the body of errors with the
// status, if it has one.
func ErrorName(v Version, status int) (name string, ok bool) {
	if v != V2 {
		return "", false
	}
	name, ok = namesV2[status]
	return name, ok
}

// internalMessage is all that a client is told of our own faults.
const internalMessage = "Internal server error"

// statusClientGone is what the log and the metrics show for a request whose
// client did not wait for the answer. It is never sent.
const statusClientGone = 499

// AppendError appends the error body of a fault. There is no debugInfo: a
// strict client of the original fails on a null there.
func AppendError(b []byte, v Version, f *workforce.Fault) []byte {
	a := AnswerOf(f.Reason)
	reason, message := f.Reason, f.Message
	if f.Kind() == workforce.KindInternal {
		reason, message = workforce.ReasonInternal, internalMessage
	}
	o := NewObject(b)
	if name, ok := ErrorName(v, a.Status); ok {
		o.String("name", name)
	}
	o.Int("statusCode", int64(a.Status))
	o.String("message", message)
	o.Int("code", int64(a.Code))
	if v == Native {
		o.String("reason", string(reason))
		if f.Field != "" {
			o.String("field", f.Field)
		}
	}
	return o.End()
}

// Errors is the one place that writes error bodies, for every version, and the
// one place that logs our own faults: whoever returns an error does not log it.
type Errors struct {
	Log *slog.Logger
}

// Write answers err. A [workforce.Fault] anywhere in its chain decides the
// status and the message; anything else is our fault: the client gets a generic
// text, the log the error and the request id. That the client went away is no
// fault of ours and is not logged as one. The access log shows the reason of
// every refusal.
func (e Errors) Write(w http.ResponseWriter, r *http.Request, v Version, err error) {
	f, ok := errors.AsType[*workforce.Fault](err)
	if !ok || AnswerOf(f.Reason).Status >= http.StatusInternalServerError {
		if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
			exchangeOf(r.Context()).clientGone()
		} else {
			x := exchangeOf(r.Context())
			e.Log.LogAttrs(r.Context(), slog.LevelError, "request failed",
				slog.Any("error", err), slog.String("route", x.pattern()), x.idAttr())
		}
		if !ok || f.Kind() == workforce.KindInternal {
			f = &workforce.Fault{Reason: workforce.ReasonInternal}
		}
	}
	exchangeOf(r.Context()).refused(f.Reason)
	status := AnswerOf(f.Reason).Status
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	writeJSON(w, status, errorResponse{v, f})
}

type errorResponse struct {
	version Version
	fault   *workforce.Fault
}

func (e errorResponse) AppendJSON(b []byte) []byte { return AppendError(b, e.version, e.fault) }
