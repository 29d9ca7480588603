package v1

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func bindUser(b *rest.Binder) workforce.UserID {
	return workforce.UserID(b.PathInt("id"))
}

func (h handlers) user(ctx context.Context, _ *rest.Request, id workforce.UserID) (rest.Response, error) {
	d, err := h.directory.UserDocument(ctx, document.V1User, id, document.AllSections)
	if err != nil {
		return nil, fmt.Errorf("getting user %d: %w", id, err)
	}
	return spliced{d}, nil
}
