package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/passmuster/passmuster/e2e/generated/go/wire"
)

// readUsersByNumber reads the list of users of the first version, and what
// belongs to the first of them.
func (w *walk) readUsersByNumber(ctx context.Context) error {
	users, err := pages(
		func(u *wire.User) int64 { return u.ID },
		func(number int64) ([]wire.User, int64, error) {
			list, err := as[wire.UserListHeaders](w.client.ListUsers(ctx, wire.ListUsersParams{
				Page: wire.NewOptInt64(number), Limit: wire.NewOptInt64(limit),
			}))
			if err != nil {
				return nil, 0, err
			}
			return list.Response.Data, list.Response.Total, nil
		})
	if err != nil {
		return fmt.Errorf("list users: %w", err)
	}
	for _, u := range users[:limit] {
		byEmail, err := as[wire.UserHeaders](w.client.GetUserByEmail(ctx, wire.GetUserByEmailParams{Email: u.Email}))
		if err != nil {
			return fmt.Errorf("user by e-mail: %w", err)
		}
		if _, err := as[wire.UserPolicyVersionsHeaders](w.client.ListUserPolicies(ctx, wire.ListUserPoliciesParams{ID: u.ID})); err != nil {
			return fmt.Errorf("policies of user %d: %w", u.ID, err)
		}
		documents, err := as[wire.UserDocumentsHeaders](w.client.ListUserDocuments(ctx, wire.ListUserDocumentsParams{ID: u.ID, Limit: wire.NewOptInt64(limit)}))
		if err != nil {
			return fmt.Errorf("documents of user %d: %w", u.ID, err)
		}
		if err := expect(byEmail.Response.ID == u.ID && int64(len(documents.Response.Documents)) == u.Documents[0].Total,
			"user %d has other documents in the list", u.ID); err != nil {
			return err
		}
	}
	return nil
}

// changeUsers adds what belongs to a user, in every form, and removes it.
func (w *walk) changeUsers(ctx context.Context) error {
	const certificate = "%PDF-1.7 a certificate"
	asForm := &wire.AddUserDocumentFormMultipart{
		Type: wire.AddUserDocumentFormMultipartTypeSECTRAINING, CompletionDate: wire.NewOptDate(sampleDay),
	}
	asForm.File.Name, asForm.File.File = "Certificate.pdf", strings.NewReader(certificate)
	asJSON := &wire.AddUserDocumentRequest{
		Type: wire.AddUserDocumentRequestTypeMFAEVIDENCE, Base64File: `{"base64String": "JVBERi0xLjcgYSBjZXJ0aWZpY2F0ZQ==", "filename": "Key.pdf"}`,
	}
	for _, request := range []wire.AddUserDocumentReq{asForm, asJSON} {
		added, err := as[wire.DocumentHeaders](w.client.AddUserDocument(ctx, request, wire.AddUserDocumentParams{ID: record}))
		if err != nil {
			return fmt.Errorf("add a document: %w", err)
		}
		id := added.Response.ID
		link, err := as[wire.SignedURLHeaders](w.client.GetUserDocumentLink(ctx, wire.GetUserDocumentLinkParams{ID: id}))
		if err != nil {
			return fmt.Errorf("link document %d: %w", id, err)
		}
		if err := fetched(ctx, link.Response.SignedUrl, certificate); err != nil {
			return fmt.Errorf("the file of document %d: %w", id, err)
		}
		if _, err := as[wire.DeleteUserDocumentOK](w.client.DeleteUserDocument(ctx, wire.DeleteUserDocumentParams{DocId: id, UserId: record})); err != nil {
			return fmt.Errorf("delete document %d: %w", id, err)
		}
	}
	checked, err := as[personnelAnswer](w.client.AddBackgroundCheck(ctx,
		&wire.AddBackgroundCheckRequest{URL: "https://checks.example.com/reports/1", FiledAt: sampleDay}, wire.AddBackgroundCheckParams{UserId: record}))
	if err != nil {
		return fmt.Errorf("add a background check: %w", err)
	}
	return expect(checked.Response.User.ID == record, "the background check is of user %d", checked.Response.User.ID)
}

// fetched gets a link as anybody would who was given it.
func fetched(ctx context.Context, url, want string) error {
	rq, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(rq)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	return expect(resp.StatusCode == http.StatusOK && string(content) == want, "status %d, %d bytes", resp.StatusCode, len(content))
}
