package client

import (
	"time"
)

// User is a user with their background checks, identities and documents, as the
// first version of the API shows them.
//
// A user inside something of a user, such as the User of an [Identity], is short:
// its Identities are empty and its BackgroundChecks and Documents nil, which says
// nothing about whether there are any.
type User struct {
	ID                 UserID            `json:"id"`
	EntryID            string            `json:"entryId"` // a UUID that never changes
	Email              string            `json:"email"`
	FirstName          *string           `json:"firstName"`
	LastName           *string           `json:"lastName"`
	JobTitle           *string           `json:"jobTitle"`
	AvatarURL          *string           `json:"avatarUrl"`
	DrataTermsAgreedAt *time.Time        `json:"drataTermsAgreedAt"`
	CreatedAt          time.Time         `json:"createdAt"`
	UpdatedAt          time.Time         `json:"updatedAt"`
	Roles              []Role            `json:"roles"`
	BackgroundChecks   []BackgroundCheck `json:"backgroundChecks,omitzero"` // nil: not shown here
	Identities         []Identity        `json:"identities"`
	Documents          []Documents       `json:"documents,omitzero"` // nil: not shown here
}

func (u User) missing() string { return idIsMissing(u.ID) }

// idIsMissing names the member that every record has.
func idIsMissing[N ~int64](id N) string {
	if id == 0 {
		return "id"
	}
	return ""
}

// BackgroundCheck is one background check of a user.
type BackgroundCheck struct {
	ID               int64                  `json:"id"`
	UserID           UserID                 `json:"userId"`
	Status           BackgroundCheckStatus  `json:"status"`
	CaseID           *string                `json:"caseId"`
	CaseInvitationID *string                `json:"caseInvitationId"`
	URL              *string                `json:"url"`
	ManualCheckDate  *Date                  `json:"manualCheckDate"`
	ManuallyCheckURL *string                `json:"manuallyCheckUrl"`
	Type             BackgroundCheckType    `json:"type"`
	Source           *BackgroundCheckSource `json:"source"`
	ReportData       *string                `json:"reportData"`
	User             *User                  `json:"user"` // short
	OutOfScopeReason *string                `json:"outOfScopeReason"`
	OutOfScopeAt     *time.Time             `json:"outOfScopeAt"`
	InvitationEmail  *string                `json:"invitationEmail"`
	LinkedAt         *time.Time             `json:"linkedAt"`
	CreatedAt        time.Time              `json:"createdAt"`
	UpdatedAt        time.Time              `json:"updatedAt"`
}

// Documents is documents of a user in the form of a page. Passmuster always gives
// one page with all of them.
type Documents struct {
	Data  []Document `json:"data"`
	Page  int64      `json:"page"`
	Limit int64      `json:"limit"`
	Total int64      `json:"total"`
}

// Document is a piece of evidence that a user handed in.
type Document struct {
	ID          int64        `json:"id"`
	Name        string       `json:"name"`
	Type        DocumentType `json:"type"`
	FileURL     *string      `json:"fileUrl"`
	RenewalDate *Date        `json:"renewalDate"` // nil: does not lapse, or unknown
	CreatedAt   time.Time    `json:"createdAt"`
	UpdatedAt   time.Time    `json:"updatedAt"`
}

// Identity is the account of a user in an identity provider or HR system.
type Identity struct {
	ID             int64       `json:"id"`
	IdentityID     string      `json:"identityId"` // the system's own id
	Username       *string     `json:"username"`
	ConnectedAt    *time.Time  `json:"connectedAt"`
	DisconnectedAt *time.Time  `json:"disconnectedAt"`
	HasMFA         *bool       `json:"hasMfa"` // nil: the system does not say
	User           *User       `json:"user"`   // short
	Connection     *Connection `json:"connection"`
	HasIDP         bool        `json:"hasIdp"`
	SecondaryEmail *string     `json:"secondaryEmail"`
	FirstName      *string     `json:"firstName"`
	LastName       *string     `json:"lastName"`
	StartedAt      *time.Time  `json:"startedAt"`
	SeparatedAt    *time.Time  `json:"separatedAt"`
	IsContractor   *bool       `json:"isContractor"` // nil: the system does not say
	JobTitle       *string     `json:"jobTitle"`
	ManagerID      *string     `json:"managerId"` // the manager's IdentityID in the same system
	ManagerName    *string     `json:"managerName"`
}
