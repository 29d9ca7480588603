package rest

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/internal/lane"
	"github.com/passmuster/passmuster/internal/workforce"
)

// laneWait is after how many seconds a client should try again that was refused
// because too many lists were asked for at once.
const laneWait = 1

// WaitsInLine reports whether requests for the route wait in the lane: those
// that read, and name no record that they want. They are the lists, whose cost
// grows with the company and with what is asked.
func (r *Route) WaitsInLine() bool {
	return r.IsOperation() && r.Method == http.MethodGet && !strings.Contains(r.Pattern, "{")
}

// enter waits for the turn of a list. Everything else only tells that it is
// there.
func (rq *Request) enter(ctx context.Context) (context.Context, error) {
	if rq.lane == nil {
		return ctx, nil
	}
	if !rq.route.line {
		rq.lane.Beside()
		return ctx, nil
	}
	pass, err := rq.lane.Enter(ctx)
	if errors.Is(err, lane.ErrFull) {
		return ctx, rq.TooMany(ctx, laneWait, "Too many lists are asked for at once.")
	}
	if err != nil {
		return ctx, err
	}
	rq.pass = pass
	return lane.With(ctx, pass), nil
}

// leave lets the next list in.
func (rq *Request) leave() { rq.pass.Leave() }

// TooMany refuses a request because of others, and says when to try again: not
// at once, see [lane.Lane.Hold], and without holding up anybody in the lane.
func (rq *Request) TooMany(ctx context.Context, seconds int, what string) error {
	rq.leave()
	rq.lane.Hold(ctx)
	rq.writer.Header().Set("Retry-After", strconv.Itoa(seconds))
	return workforce.Refuse(workforce.ReasonTooManyRequests, "%s Try again in %d seconds.", what, seconds)
}
