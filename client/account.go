package client

import (
	"context"
	"iter"
	"time"
)

// Account is what infrastructure and version-control accounts have in common.
type Account struct {
	ID                       AccountID   `json:"id"`
	IdentityID               string      `json:"identityId"` // the system's own id
	Username                 *string     `json:"username"`
	Email                    *string     `json:"email"`
	ConnectedAt              *time.Time  `json:"connectedAt"`
	DisconnectedAt           *time.Time  `json:"disconnectedAt"`
	ServiceAccount           *time.Time  `json:"serviceAccount"` // since when it is one; nil: it is none
	ServiceAccountReason     *string     `json:"serviceAccountReason"`
	User                     *User       `json:"user"` // nil: nobody's
	ServiceAccountDesignator *User       `json:"serviceAccountDesignator"`
	HasMFA                   *bool       `json:"hasMfa"` // nil: the system does not say
	Connection               *Connection `json:"connection"`
	LastCheckedAt            *time.Time  `json:"lastCheckedAt"`
	CreatedAt                time.Time   `json:"createdAt"`
	UpdatedAt                time.Time   `json:"updatedAt"`
}

func (a Account) missing() string { return idIsMissing(a.ID) }

// InfrastructureAccount is an account in an infrastructure system. Each access is
// the time since when it has been declared, nil when it is not.
type InfrastructureAccount struct {
	Account
	AdminAccess *time.Time `json:"adminAccess"`
	DBAccess    *time.Time `json:"dbAccess"`
}

// VersionControlAccount is an account in a version-control system. Each access is
// the time since when it has been declared, nil when it is not.
type VersionControlAccount struct {
	Account
	WriteAccess              *time.Time `json:"writeAccess"`
	PushProductionCodeAccess *time.Time `json:"pushProductionCodeAccess"`
}

// AccountListParams selects, sorts and pages accounts of one kind. What is zero is
// not sent.
type AccountListParams struct {
	Page         int64        // from 1
	Limit        int64        // 1 to 50; List: 20 unless told, All: 50
	Q            string       // part of the identity id, the username or the e-mail; of any case
	ClientType   System       // one of the systems of the kind
	ConnectionID ConnectionID // of this connection
	Sort         AccountSort
	SortDir      SortDir
}

func (p AccountListParams) query() query {
	q := newQuery()
	q.number("page", p.Page)
	q.number("limit", p.Limit)
	put(q, "q", p.Q)
	put(q, "clientType", p.ClientType)
	q.number("connectionId", int64(p.ConnectionID))
	put(q, "sort", p.Sort)
	put(q, "sortDir", p.SortDir)
	return q
}

// The bodies of the changes.
type (
	linkBody struct {
		UserID *UserID `json:"userId"` // null unlinks
	}
	toggleBody[F ~string] struct {
		Toggle bool `json:"toggle"`
		Field  F    `json:"toggleField"`
	}
	serviceAccountBody struct {
		ServiceAccount bool   `json:"serviceAccount"`
		Reason         string `json:"serviceAccountReason"`
	}
)

// The two kinds of accounts have the same operations below different paths.
const (
	infrastructurePath = "/public/user-identities/infrastructure"
	versionControlPath = "/public/user-identities/version-control"
)

func allAccounts[A any](ctx context.Context, w *wire, path string, p AccountListParams) iter.Seq2[A, error] {
	if p.Limit == 0 {
		p.Limit = largestPage
	}
	return eachByNumber(p.Page, func(number int64) (Page[A], error) {
		p := p
		p.Page = number
		return listByNumber[A](ctx, w, path, p.query())
	})
}

func changeAccount[A checked](ctx context.Context, w *wire, path, change string, id AccountID, body any) (A, error) {
	a, _, err := call[A](ctx, w, operation{
		method: methodPut, pattern: path + "/{id}/" + change, args: []string{number(id)}, body: body,
	})
	return a, err
}

// InfrastructureService is the operations on infrastructure accounts. Its errors
// are those of the package comment. All need the permission
// infrastructure-identities:manage; reading is also open to all:read.
type InfrastructureService struct{ wire *wire }

// List gives one page.
func (s *InfrastructureService) List(ctx context.Context, p AccountListParams) (Page[InfrastructureAccount], error) {
	return listByNumber[InfrastructureAccount](ctx, s.wire, infrastructurePath, p.query())
}

// All gives every account that the parameters select, from their Page on. It ends
// with the first error.
func (s *InfrastructureService) All(ctx context.Context, p AccountListParams) iter.Seq2[InfrastructureAccount, error] {
	return allAccounts[InfrastructureAccount](ctx, s.wire, infrastructurePath, p)
}

// Connect says whose account it is; one of somebody else moves. The user is named
// by the number of the user, not of the personnel record. A service account
// cannot be connected: put it back first.
func (s *InfrastructureService) Connect(ctx context.Context, id AccountID, user UserID) (InfrastructureAccount, error) {
	return changeAccount[InfrastructureAccount](ctx, s.wire, infrastructurePath, "connect", id, linkBody{&user})
}

// Disconnect says that the account is nobody's.
func (s *InfrastructureService) Disconnect(ctx context.Context, id AccountID) (InfrastructureAccount, error) {
	return changeAccount[InfrastructureAccount](ctx, s.wire, infrastructurePath, "connect", id, linkBody{})
}

// Toggle declares that the account has the access, or has not.
func (s *InfrastructureService) Toggle(ctx context.Context, id AccountID, access InfrastructureAccess, on bool) (InfrastructureAccount, error) {
	return changeAccount[InfrastructureAccount](ctx, s.wire, infrastructurePath, "toggle", id, toggleBody[InfrastructureAccess]{on, access})
}

// SetServiceAccount marks the account as a service account, which makes it
// nobody's, or puts it back. A reason is always required.
func (s *InfrastructureService) SetServiceAccount(ctx context.Context, id AccountID, on bool, reason string) (InfrastructureAccount, error) {
	return changeAccount[InfrastructureAccount](ctx, s.wire, infrastructurePath, "service-account", id, serviceAccountBody{on, reason})
}

// VersionControlService is the operations on version-control accounts. Its errors
// are those of the package comment. All need the permission
// version-control-identities:manage; reading is also open to all:read.
type VersionControlService struct{ wire *wire }

// List gives one page.
func (s *VersionControlService) List(ctx context.Context, p AccountListParams) (Page[VersionControlAccount], error) {
	return listByNumber[VersionControlAccount](ctx, s.wire, versionControlPath, p.query())
}

// All gives every account that the parameters select, from their Page on. It ends
// with the first error.
func (s *VersionControlService) All(ctx context.Context, p AccountListParams) iter.Seq2[VersionControlAccount, error] {
	return allAccounts[VersionControlAccount](ctx, s.wire, versionControlPath, p)
}

// Connect says whose account it is; one of somebody else moves. The user is named
// by the number of the user, not of the personnel record. A service account
// cannot be connected: put it back first.
func (s *VersionControlService) Connect(ctx context.Context, id AccountID, user UserID) (VersionControlAccount, error) {
	return changeAccount[VersionControlAccount](ctx, s.wire, versionControlPath, "connect", id, linkBody{&user})
}

// Disconnect says that the account is nobody's.
func (s *VersionControlService) Disconnect(ctx context.Context, id AccountID) (VersionControlAccount, error) {
	return changeAccount[VersionControlAccount](ctx, s.wire, versionControlPath, "connect", id, linkBody{})
}

// Toggle declares that the account has the access, or has not.
func (s *VersionControlService) Toggle(ctx context.Context, id AccountID, access VersionControlAccess, on bool) (VersionControlAccount, error) {
	return changeAccount[VersionControlAccount](ctx, s.wire, versionControlPath, "toggle", id, toggleBody[VersionControlAccess]{on, access})
}

// SetServiceAccount marks the account as a service account, which makes it
// nobody's, or puts it back. A reason is always required.
func (s *VersionControlService) SetServiceAccount(ctx context.Context, id AccountID, on bool, reason string) (VersionControlAccount, error) {
	return changeAccount[VersionControlAccount](ctx, s.wire, versionControlPath, "service-account", id, serviceAccountBody{on, reason})
}
