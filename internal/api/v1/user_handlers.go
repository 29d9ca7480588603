package v1

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func bindUser(b *rest.Binder) workforce.UserID {
	return workforce.UserID(b.PathInt("id"))
}

func (h handlers) user(ctx context.Context, _ *rest.Request, id workforce.UserID) (rest.Response, error) {
	r, err := h.directory.User(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("getting user %d: %w", id, err)
	}
	return toWireUser(&r), nil
}
