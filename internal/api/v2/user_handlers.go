package v2

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (h handlers) userList(ctx context.Context, _ *rest.Request, p userListParams) (rest.Response, error) {
	secret, err := h.directory.CursorSecret(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the secret of cursors: %w", err)
	}
	q := p.query()
	if p.cursor != "" {
		c, err := decodeCursor(secret, p.cursor)
		if err != nil {
			return nil, err
		}
		if q, err = c.resume(p); err != nil {
			return nil, err
		}
	}
	page, err := h.directory.ListUsers(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("listing users: %w", err)
	}
	list := UserList{
		Data:       each(page.Records, func(r workforce.UserRecord) User { return toWireUser(r, p.expand) }),
		Pagination: Pagination{TotalCount: page.Total},
	}
	if page.Next != nil {
		next, err := encodeCursor(secret, q, *page.Next)
		if err != nil {
			return nil, err
		}
		list.Pagination.Cursor = &next
	}
	return list, nil
}

func (h handlers) user(ctx context.Context, _ *rest.Request, p userParams) (rest.Response, error) {
	ref, err := parseUserRef(p.ref)
	if err != nil {
		return nil, err
	}
	r, err := h.find(ctx, ref)
	if err != nil {
		return nil, err
	}
	return toWireUser(r, p.expand), nil
}

func (h handlers) find(ctx context.Context, ref userRef) (workforce.UserRecord, error) {
	if ref.email != "" {
		r, err := h.directory.UserByEmail(ctx, ref.email)
		if err != nil {
			return r, fmt.Errorf("getting a user by e-mail: %w", err) // the address stays out of the log
		}
		return r, nil
	}
	r, err := h.directory.User(ctx, ref.id)
	if err != nil {
		return r, fmt.Errorf("getting user %d: %w", ref.id, err)
	}
	return r, nil
}
