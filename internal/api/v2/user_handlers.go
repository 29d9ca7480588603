package v2

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/rest"
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
	items, err := h.directory.UserItems(ctx, q, Sections(p.expand))
	if err != nil {
		return nil, fmt.Errorf("listing users: %w", err)
	}
	list := splicedList{items: items, pagination: Pagination{TotalCount: items.Total}}
	if items.Next != nil {
		next, err := encodeCursor(secret, q, *items.Next)
		if err != nil {
			return nil, err
		}
		list.pagination.Cursor = &next
	}
	return list, nil
}

func (h handlers) user(ctx context.Context, _ *rest.Request, p userParams) (rest.Response, error) {
	ref, err := parseUserRef(p.ref)
	if err != nil {
		return nil, err
	}
	if ref.email != "" {
		d, err := h.directory.UserDocumentByEmail(ctx, document.V2User, ref.email, Sections(p.expand))
		if err != nil {
			return nil, fmt.Errorf("getting a user by e-mail: %w", err) // the address stays out of the log
		}
		return spliced{d}, nil
	}
	d, err := h.directory.UserDocument(ctx, document.V2User, ref.id, Sections(p.expand))
	if err != nil {
		return nil, fmt.Errorf("getting user %d: %w", ref.id, err)
	}
	return spliced{d}, nil
}

// spliced is an answer made of fragments. It is written once, and the document
// is somebody else's after that.
type spliced struct{ document *document.Document }

// AppendJSON implements [rest.Response].
func (s spliced) AppendJSON(b []byte) []byte {
	b = s.document.AppendJSON(b)
	s.document.Free()
	return b
}

// splicedList is a [UserList] made of fragments.
type splicedList struct {
	items      directory.UserItems
	pagination Pagination
}

// AppendJSON implements [rest.Response].
func (l splicedList) AppendJSON(b []byte) []byte {
	b = append(b, `{"data":[`...)
	b = spliced{l.items.Document}.AppendJSON(b)
	b = append(b, `],"pagination":`...)
	return append(l.pagination.AppendJSON(b), '}')
}
