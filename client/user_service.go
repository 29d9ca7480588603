package client

import (
	"context"
	"iter"
	"strconv"
)

// UserListParams selects and pages users. What is zero is not sent. Different
// fields must all hold; the values of one are alternatives.
type UserListParams struct {
	Page           int64  // from 1
	Limit          int64  // 1 to 50; List: 20 unless told, All: 50
	Q              string // part of the name or e-mail address, of any case
	Roles          []Role // has any; not RoleTrustUser, which the API does not take here
	ExcludeUserIDs []UserID
	ExcludeRoles   []Role   // has none
	IncludeUserIDs []UserID // of these alone
}

func (p UserListParams) query() query {
	q := newQuery()
	q.number("page", p.Page)
	q.number("limit", p.Limit)
	put(q, "q", p.Q)
	putAll(q, "roles[]", p.Roles)
	putNumbers(q, "excludeUserIds[]", p.ExcludeUserIDs)
	putAll(q, "excludeRoles[]", p.ExcludeRoles)
	putNumbers(q, "includeUserIds[]", p.IncludeUserIDs)
	return q
}

// UserService is the operations on users of the first version, on their
// documents, background checks and policies. Its errors are those of the package
// comment.
type UserService struct{ wire *wire }

// List gives one page of users. It needs the permission users:list.
func (s *UserService) List(ctx context.Context, p UserListParams) (Page[User], error) {
	return listByNumber[User](ctx, s.wire, "/public/users", p.query())
}

// All gives every user that the parameters select, from their Page on. It ends
// with the first error.
func (s *UserService) All(ctx context.Context, p UserListParams) iter.Seq2[User, error] {
	if p.Limit == 0 {
		p.Limit = largestPage
	}
	return eachByNumber(p.Page, func(number int64) (Page[User], error) {
		p := p
		p.Page = number
		return s.List(ctx, p)
	})
}

// Get gives a user by number; see [IsNotFound]. It needs the permission
// users:get.
func (s *UserService) Get(ctx context.Context, id UserID) (User, error) {
	u, _, err := call[User](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/users/{id}", args: []string{number(id)},
	})
	return u, err
}

// GetByEmail gives the user with an e-mail address, of any case; see
// [IsNotFound]. It needs the permission users:get.
func (s *UserService) GetByEmail(ctx context.Context, email string) (User, error) {
	u, _, err := call[User](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/users/{email}/email", args: []string{email},
	})
	return u, err
}

// Policies gives what a user is asked to acknowledge. It needs the permission
// user-policies:get.
func (s *UserService) Policies(ctx context.Context, id UserID) ([]UserPolicyVersion, error) {
	v, _, err := call[UserPolicyVersions](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/users/{id}/policies", args: []string{number(id)},
	})
	return v.UserPolicyVersions, err
}

// AddBackgroundCheck records that a user passed a background check, whose report
// is at an address, on a day that is not in the future; see [IsConflict]. It
// needs the permission background-checks:create.
func (s *UserService) AddBackgroundCheck(ctx context.Context, id UserID, reportURL string, filed Date) (Personnel, error) {
	p, _, err := call[Personnel](ctx, s.wire, operation{
		method: methodPost, pattern: "/public/background-check/{userId}/manual", args: []string{number(id)},
		body: map[string]any{"url": reportURL, "filedAt": filed},
	})
	return p, err
}

// UserDocumentListParams selects and pages documents of a user. What is zero is
// not sent.
type UserDocumentListParams struct {
	Page  int64  // from 1
	Limit int64  // 1 to 50; 20 unless told
	Q     string // part of the name, of any case
	Type  DocumentType
}

func (p UserDocumentListParams) query() query {
	q := newQuery()
	q.number("page", p.Page)
	q.number("limit", p.Limit)
	put(q, "q", p.Q)
	put(q, "type", p.Type)
	return q
}

// Documents gives one page of a user's documents: the last one if they are fewer
// than the limit. It needs the permission user-documents:list.
func (s *UserService) Documents(ctx context.Context, id UserID, p UserDocumentListParams) ([]Document, error) {
	d, _, err := call[UserDocuments](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/users/{id}/documents", args: []string{number(id)}, query: p.query().values,
	})
	return d.Documents, err
}

// AddDocument adds a file to a user as evidence of the type: MFA, SEC_TRAINING,
// HIPAA_TRAINING_EVIDENCE or OFFBOARDING_EVIDENCE. completed is the day on which
// what it shows was done; "" is not said. It needs the permission
// user-documents:create.
func (s *UserService) AddDocument(ctx context.Context, id UserID, of DocumentType, completed Date, u Upload) (Document, error) {
	file, err := u.encoded()
	if err != nil {
		return Document{}, err
	}
	body := map[string]any{"type": of, "base64File": file}
	if completed != "" {
		body["completionDate"] = completed
	}
	d, _, err := call[Document](ctx, s.wire, operation{
		method: methodPost, pattern: "/public/users/{id}/documents", args: []string{number(id)}, body: body,
	})
	return d, err
}

// DocumentLink gives the address of the file of a user's document; see
// [IsNotFound]. It needs the permission user-documents:download.
func (s *UserService) DocumentLink(ctx context.Context, document int64) (SignedURL, error) {
	link, _, err := call[SignedURL](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/users/documents/{id}/download", args: []string{number(document)},
	})
	return link, err
}

// DeleteDocument removes a document from a user; see [IsNotFound]. It needs the
// permission user-documents:delete.
func (s *UserService) DeleteDocument(ctx context.Context, document int64, id UserID) error {
	return tell(ctx, s.wire, operation{
		method: methodDelete, pattern: "/public/users/documents/{docId}/{userId}", args: []string{number(document), number(id)},
	})
}

// number writes an id for a path.
func number[N ~int64](id N) string { return strconv.FormatInt(int64(id), 10) }
