package v1

import (
	"context"
	"fmt"
	"net/http"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (h handlers) userList(ctx context.Context, _ *rest.Request, q workforce.UserSearch) (rest.Response, error) {
	items, err := h.directory.SearchUsers(ctx, document.V1User, q)
	if err != nil {
		return nil, fmt.Errorf("listing users: %w", err)
	}
	return splicedPage{items: items, page: q.Page}, nil
}

func (h handlers) user(ctx context.Context, _ *rest.Request, id workforce.UserID) (rest.Response, error) {
	d, err := h.directory.UserDocument(ctx, document.V1User, id, document.AllSections)
	if err != nil {
		return nil, fmt.Errorf("getting user %d: %w", id, err)
	}
	return spliced{d}, nil
}

func (h handlers) userByEmail(ctx context.Context, _ *rest.Request, segment string) (rest.Response, error) {
	email, err := pathEmail(segment)
	if err != nil {
		return nil, err
	}
	d, err := h.directory.UserDocumentByEmail(ctx, document.V1User, email, document.AllSections)
	if err != nil {
		return nil, fmt.Errorf("getting a user by e-mail: %w", err) // the address stays out of the log
	}
	return spliced{d}, nil
}

func (h handlers) userDocuments(ctx context.Context, _ *rest.Request, q workforce.DocumentQuery) (rest.Response, error) {
	docs, _, err := h.compliance.UserDocuments(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("listing the documents of user %d: %w", q.UserID, err)
	}
	return UserDocuments{Documents: each(docs, toWireDocument)}, nil
}

func (h handlers) addUserDocument(ctx context.Context, rq *rest.Request, n compliance.NewUserDocument) (rest.Response, error) {
	d, err := h.compliance.AddUserDocument(ctx, n)
	if err != nil {
		return nil, fmt.Errorf("adding a document to user %d: %w", n.UserID, err)
	}
	rq.SetStatus(http.StatusCreated)
	return toWireDocument(d), nil
}

func (h handlers) userDocumentLink(ctx context.Context, rq *rest.Request, id int64) (rest.Response, error) {
	l, err := h.compliance.DocumentLink(ctx, compliance.OfUser, id)
	if err != nil {
		return nil, fmt.Errorf("linking document %d: %w", id, err)
	}
	return toWireSignedURL(rest.BaseURL(rq.HTTP()), "/download/documents/", l), nil
}

func (h handlers) deleteUserDocument(ctx context.Context, _ *rest.Request, p deleteDocumentParams) (rest.Response, error) {
	if err := h.compliance.DeleteUserDocument(ctx, p.user, p.id); err != nil {
		return nil, fmt.Errorf("deleting document %d of user %d: %w", p.id, p.user, err)
	}
	return rest.Empty{}, nil
}

func (h handlers) addBackgroundCheck(ctx context.Context, rq *rest.Request, n compliance.ManualBackgroundCheck) (rest.Response, error) {
	if err := checkURL("url", n.URL); err != nil {
		return nil, err
	}
	r, err := h.compliance.AddBackgroundCheck(ctx, n)
	if err != nil {
		return nil, fmt.Errorf("adding a background check to user %d: %w", n.UserID, err)
	}
	rq.SetStatus(http.StatusCreated)
	return toWirePersonnel(r), nil
}

func (h handlers) userPolicies(ctx context.Context, _ *rest.Request, id workforce.UserID) (rest.Response, error) {
	all, err := h.compliance.UserPolicies(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("listing the policies of user %d: %w", id, err)
	}
	return UserPolicyVersions{UserPolicyVersions: each(all, toWireUserPolicyVersion)}, nil
}
