package v1

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// toWireAccountOf maps an account to the type of the kind.
func toWireAccountOf(kind workforce.AccountKind, r workforce.AccountRecord) rest.Response {
	if kind == workforce.Infrastructure {
		return toWireInfrastructureAccount(r)
	}
	return toWireVersionControlAccount(r)
}

func (h handlers) accountList(kind workforce.AccountKind) func(context.Context, *rest.Request, workforce.AccountQuery) (rest.Response, error) {
	return func(ctx context.Context, _ *rest.Request, q workforce.AccountQuery) (rest.Response, error) {
		items, err := h.directory.AccountItems(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("listing %s accounts: %w", kind, err)
		}
		return splicedPage{items: items, page: q.Page}, nil
	}
}

func (h handlers) linkAccount(kind workforce.AccountKind) func(context.Context, *rest.Request, linkParams) (rest.Response, error) {
	return func(ctx context.Context, _ *rest.Request, p linkParams) (rest.Response, error) {
		r, err := h.directory.LinkAccount(ctx, kind, p.id, p.user)
		if err != nil {
			return nil, fmt.Errorf("linking %s account %d: %w", kind, p.id, err)
		}
		return toWireAccountOf(kind, r), nil
	}
}

func (h handlers) toggleAccess(kind workforce.AccountKind) func(context.Context, *rest.Request, toggleParams) (rest.Response, error) {
	return func(ctx context.Context, _ *rest.Request, p toggleParams) (rest.Response, error) {
		r, err := h.directory.ToggleAccess(ctx, kind, p.id, p.flag, p.on)
		if err != nil {
			return nil, fmt.Errorf("declaring an access of %s account %d: %w", kind, p.id, err)
		}
		return toWireAccountOf(kind, r), nil
	}
}

func (h handlers) markServiceAccount(kind workforce.AccountKind) func(context.Context, *rest.Request, serviceAccountParams) (rest.Response, error) {
	return func(ctx context.Context, _ *rest.Request, p serviceAccountParams) (rest.Response, error) {
		r, err := h.directory.MarkServiceAccount(ctx, kind, p.id, p.on, p.reason)
		if err != nil {
			return nil, fmt.Errorf("marking %s account %d as a service account: %w", kind, p.id, err)
		}
		return toWireAccountOf(kind, r), nil
	}
}
