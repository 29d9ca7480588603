package workforce

import (
	"net/netip"
	"slices"
	"time"
)

// Scope is a permission of an API key.
type Scope string

// One scope for each permission of the API's documentation.
const (
	ScopeUsersList            Scope = "users:list"
	ScopeUsersGet             Scope = "users:get"
	ScopePersonnelList        Scope = "personnel:list"
	ScopePersonnelGet         Scope = "personnel:get"
	ScopePersonnelDates       Scope = "personnel:update-dates"
	ScopePersonnelStatus      Scope = "personnel:update-status"
	ScopePersonnelResetSync   Scope = "personnel:reset-sync"
	ScopeInfrastructureManage Scope = "infrastructure-identities:manage"
	ScopeVersionControlManage Scope = "version-control-identities:manage"
	ScopeUserDocumentsList    Scope = "user-documents:list"
	ScopeUserDocumentsCreate  Scope = "user-documents:create"
	ScopeUserDocumentsGet     Scope = "user-documents:download"
	ScopeUserDocumentsDelete  Scope = "user-documents:delete"
	ScopeUserPoliciesGet      Scope = "user-policies:get"
	ScopeBackgroundChecks     Scope = "background-checks:create"
	ScopeDevicesList          Scope = "devices:list"
	ScopeDeviceDocuments      Scope = "device-documents:manage"
	ScopeWorkspacesList       Scope = "workspaces:list"
)

// The scopes of what only the native API has: the explanations of a person's
// checks, and what they are computed from.
const (
	ScopeComplianceGet    Scope = "compliance:get"
	ScopeComplianceManage Scope = "compliance:manage" // rules, policies, exclusions, groups
	ScopeEvidenceManage   Scope = "evidence:manage"   // acknowledgements, trainings, background checks, devices
)

// The two scopes that stand for many: ScopeAll for every operation,
// ScopeAllRead for every operation that only reads, the account lists included.
const (
	ScopeAll     Scope = "all"
	ScopeAllRead Scope = "all:read"
)

// AllScopes is every scope that a key may be given.
var AllScopes = []Scope{
	ScopeUsersList, ScopeUsersGet, ScopePersonnelList, ScopePersonnelGet, ScopePersonnelDates,
	ScopePersonnelStatus, ScopePersonnelResetSync, ScopeInfrastructureManage, ScopeVersionControlManage,
	ScopeUserDocumentsList, ScopeUserDocumentsCreate, ScopeUserDocumentsGet, ScopeUserDocumentsDelete,
	ScopeUserPoliciesGet, ScopeBackgroundChecks, ScopeDevicesList, ScopeDeviceDocuments, ScopeWorkspacesList,
	ScopeComplianceGet, ScopeComplianceManage, ScopeEvidenceManage,
	ScopeAll, ScopeAllRead,
}

// ManageScope is the scope of the operations on accounts of the kind.
func (k AccountKind) ManageScope() Scope {
	if k == Infrastructure {
		return ScopeInfrastructureManage
	}
	return ScopeVersionControlManage
}

// Access is what an operation does with what its scope names.
type Access string

// The two accesses.
const (
	Reads  Access = "read"
	Writes Access = "write"
)

// APIKey is a key as it is stored: never the key itself, only its hash.
type APIKey struct {
	ID         KeyID          `json:"id"`
	Name       string         `json:"name"`
	Hint       string         `json:"hint"` // the key's first characters, to tell keys apart
	Hash       []byte         `json:"-"`    // SHA-256 of the key
	OwnerID    *UserID        `json:"ownerId,omitempty"`
	Scopes     []Scope        `json:"scopes"`
	Allow      []netip.Prefix `json:"allow,omitempty"` // source addresses; empty: any
	CreatedAt  time.Time      `json:"createdAt"`
	ExpiresAt  *time.Time     `json:"expiresAt,omitempty"` // nil: never
	RevokedAt  *time.Time     `json:"revokedAt,omitempty"`
	LastUsedAt *time.Time     `json:"-"` // not a fact: kept outside the change log
}

// Grants reports whether the key may do the access to what the scope names.
func (k APIKey) Grants(scope Scope, access Access) bool {
	return slices.Contains(k.Scopes, ScopeAll) ||
		access == Reads && slices.Contains(k.Scopes, ScopeAllRead) ||
		slices.Contains(k.Scopes, scope)
}
