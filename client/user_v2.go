package client

import (
	"bytes"
	"encoding/json"
	"time"
)

// UserV2 is a user as the second version of the API shows them. The fields from
// Roles on are there only if they were asked for: a nil list was not, an empty
// one was and there are none.
type UserV2 struct {
	ID                 UserID              `json:"id"`
	Email              string              `json:"email"`
	FirstName          *string             `json:"firstName"`
	LastName           *string             `json:"lastName"`
	CreatedAt          time.Time           `json:"createdAt"`
	UpdatedAt          time.Time           `json:"updatedAt"`
	JobTitle           *string             `json:"jobTitle"`
	AvatarURL          *string             `json:"avatarUrl"`
	DrataTermsAgreedAt *time.Time          `json:"drataTermsAgreedAt"`
	Roles              []Role              `json:"roles,omitzero"`
	BackgroundChecks   []BackgroundCheckV2 `json:"backgroundChecks,omitzero"`
	Documents          []DocumentV2        `json:"documents,omitzero"`
	Identities         []IdentityV2        `json:"identities,omitzero"`
	Personnel          PersonnelPart       `json:"personnel,omitzero"`
}

func (u UserV2) missing() string { return idIsMissing(u.ID) }

// PersonnelPart is the personnel record of a user. The zero value is one that was
// not asked for.
type PersonnelPart struct {
	Shown  bool         // it was asked for
	Record *PersonnelV2 // nil: not asked for, or there is none
}

// MarshalJSON writes the record, or null.
func (p PersonnelPart) MarshalJSON() ([]byte, error) { return json.Marshal(p.Record) }

// UnmarshalJSON reads a record, or null.
func (p *PersonnelPart) UnmarshalJSON(data []byte) error {
	*p = PersonnelPart{Shown: true}
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	return json.Unmarshal(data, &p.Record)
}

// PersonnelV2 is the personnel record of a user, in short.
type PersonnelV2 struct {
	ID               PersonnelID      `json:"id"`
	UserID           UserID           `json:"userId"`
	EmploymentStatus EmploymentStatus `json:"employmentStatus"`
	NotHumanReason   *string          `json:"notHumanReason"`
	StartedAt        *time.Time       `json:"startedAt"`       // midnight UTC of the first day
	SeparatedAt      *time.Time       `json:"separatedAt"`     // midnight UTC of the last day
	StatusUpdatedAt  *time.Time       `json:"statusUpdatedAt"` // when the status was set by hand
	CreatedAt        time.Time        `json:"createdAt"`
	UpdatedAt        time.Time        `json:"updatedAt"`
}

// IdentityV2 is the account of a user in an identity provider or HR system.
type IdentityV2 struct {
	ID             int64         `json:"id"`
	IdentityID     string        `json:"identityId"` // the system's own id
	Username       *string       `json:"username"`
	ConnectedAt    *time.Time    `json:"connectedAt"`
	DisconnectedAt *time.Time    `json:"disconnectedAt"`
	HasMFA         *bool         `json:"hasMfa"` // nil: the system does not say
	UserID         UserID        `json:"userId"`
	ConnectionID   ConnectionID  `json:"connectionId"`
	Connection     *ConnectionV2 `json:"connection"`
	Email          *string       `json:"email"`
	SecondaryEmail *string       `json:"secondaryEmail"`
	FirstName      *string       `json:"firstName"`
	LastName       *string       `json:"lastName"`
	StartedAt      *time.Time    `json:"startedAt"`
	SeparatedAt    *time.Time    `json:"separatedAt"`
	IsContractor   *bool         `json:"isContractor"` // nil: the system does not say
	JobTitle       *string       `json:"jobTitle"`
	ManagerID      *string       `json:"managerId"` // the manager's IdentityID in the same system
	ManagerName    *string       `json:"managerName"`
	CreatedAt      time.Time     `json:"createdAt"`
	UpdatedAt      time.Time     `json:"updatedAt"`
}

// ConnectionV2 is the system that an identity comes from, in short.
type ConnectionV2 struct {
	ID          ConnectionID    `json:"id"`
	ClientType  System          `json:"clientType"`
	ClientID    *string         `json:"clientId"`
	ClientAlias *string         `json:"clientAlias"`
	State       ConnectionState `json:"state"`
	CreatedAt   time.Time       `json:"createdAt"`
	UpdatedAt   time.Time       `json:"updatedAt"`
	ConnectedAt *time.Time      `json:"connectedAt"`
	FailedAt    *time.Time      `json:"failedAt"`
	DeletedAt   *time.Time      `json:"deletedAt"`
}

// BackgroundCheckV2 is one background check of a user.
type BackgroundCheckV2 struct {
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
	OutOfScopeReason *string                `json:"outOfScopeReason"`
	OutOfScopeAt     *time.Time             `json:"outOfScopeAt"`
	InvitationEmail  *string                `json:"invitationEmail"`
	LinkedAt         *time.Time             `json:"linkedAt"`
	CreatedAt        time.Time              `json:"createdAt"`
	UpdatedAt        time.Time              `json:"updatedAt"`
}

// DocumentV2 is a piece of evidence that a user handed in.
type DocumentV2 struct {
	ID          int64        `json:"id"`
	UserID      UserID       `json:"userId"`
	Name        string       `json:"name"`
	Type        DocumentType `json:"type"`
	FileURL     *string      `json:"fileUrl"`
	RenewalDate *Date        `json:"renewalDate"` // nil: does not lapse, or unknown
	CreatedAt   time.Time    `json:"createdAt"`
	UpdatedAt   time.Time    `json:"updatedAt"`
}
