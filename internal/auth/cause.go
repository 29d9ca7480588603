package auth

import "context"

type causeKey struct{}

// WithCause gives a context that carries the occasion of the work, for the
// change log: a request id, or a command's name. It must not hold personal
// data.
func WithCause(ctx context.Context, cause string) context.Context {
	return context.WithValue(ctx, causeKey{}, cause)
}

// CauseFrom is the occasion that the context carries; "" if none.
func CauseFrom(ctx context.Context) string {
	cause, _ := ctx.Value(causeKey{}).(string)
	return cause
}
