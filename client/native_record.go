package client

import "time"

// PersonSummary is a person in one flat object: the personnel record with what
// lists show of the user. Where a query names Fields, the others are zero here.
type PersonSummary struct {
	ID               PersonnelID                `json:"id"`
	UserID           UserID                     `json:"userId"`
	EntryID          string                     `json:"entryId"` // a UUID that never changes
	Email            string                     `json:"email"`
	FirstName        *string                    `json:"firstName"`
	LastName         *string                    `json:"lastName"`
	JobTitle         *string                    `json:"jobTitle"`
	Roles            []Role                     `json:"roles"`
	EmploymentStatus EmploymentStatus           `json:"employmentStatus"`
	NotHumanReason   *string                    `json:"notHumanReason"` // why it is out of scope
	StartDate        *Date                      `json:"startDate"`
	SeparationDate   *Date                      `json:"separationDate"`
	StatusUpdatedAt  *time.Time                 `json:"statusUpdatedAt"` // when the status was set by hand
	Pins             []PinField                 `json:"pins"`
	Checks           map[CheckType]CheckOutcome `json:"checks"`
	Groups           []GroupName                `json:"groups"`
	Devices          DeviceCounts               `json:"devices"`
	CreatedAt        time.Time                  `json:"createdAt"`
	UpdatedAt        time.Time                  `json:"updatedAt"`
}

func (p PersonSummary) missing() string { return idIsMissing(p.ID) }

// CheckOutcome is how a check came out for a person.
type CheckOutcome struct {
	Status         CheckStatus `json:"status"`
	CompletionDate *time.Time  `json:"completionDate"`
	ExpiresAt      *time.Time  `json:"expiresAt"`
}

// GroupName is a group that a person is a member of.
type GroupName struct {
	ID   GroupID `json:"id"`
	Name string  `json:"name"`
}

// DeviceCounts counts the devices of a person that are in use, and those of them
// of which a check fails.
type DeviceCounts struct {
	Active  int64 `json:"active"`
	Failing int64 `json:"failing"`
}

// AccountSummary is an account of either kind. Each access is the time since when
// it has been declared, nil when it is not. Where a query names Fields, the
// others are zero here.
type AccountSummary struct {
	ID                       AccountID       `json:"id"` // the two kinds are numbered apart
	Kind                     AccountKind     `json:"kind"`
	ConnectionID             ConnectionID    `json:"connectionId"`
	ClientType               System          `json:"clientType"`
	ConnectionAlias          *string         `json:"connectionAlias"`
	IdentityID               string          `json:"identityId"` // the system's own id
	Username                 *string         `json:"username"`
	Email                    *string         `json:"email"`
	User                     *AccountOwner   `json:"user"`   // nil: nobody's
	HasMFA                   *bool           `json:"hasMfa"` // nil: the system does not say
	ConnectedAt              *time.Time      `json:"connectedAt"`
	DisconnectedAt           *time.Time      `json:"disconnectedAt"`
	ServiceAccount           *ServiceAccount `json:"serviceAccount"` // nil: it is none
	AdminAccess              *time.Time      `json:"adminAccess"`
	DBAccess                 *time.Time      `json:"dbAccess"`
	WriteAccess              *time.Time      `json:"writeAccess"`
	PushProductionCodeAccess *time.Time      `json:"pushProductionCodeAccess"`
	LinkMethod               *LinkMethod     `json:"linkMethod"`
	LinkReason               *string         `json:"linkReason"` // why it is, or is not, somebody's
	RemovedAt                *time.Time      `json:"removedAt"`  // the system no longer lists it
	CreatedAt                time.Time       `json:"createdAt"`
	UpdatedAt                time.Time       `json:"updatedAt"`
}

func (a AccountSummary) missing() string { return idIsMissing(a.ID) }

// AccountOwner is the person whom an account belongs to.
type AccountOwner struct {
	ID    UserID  `json:"id"`
	Email string  `json:"email"`
	Name  *string `json:"name"`
}

// ServiceAccount says since when an account belongs to a program, and why.
type ServiceAccount struct {
	Since  time.Time `json:"since"`
	Reason *string   `json:"reason"`
}

// PeopleFacets counts people by what they are. What nobody has is left out.
type PeopleFacets struct {
	EmploymentStatuses map[EmploymentStatus]int64          `json:"employmentStatuses"`
	Checks             map[CheckType]map[CheckStatus]int64 `json:"checks"`
	Systems            map[System]int64                    `json:"systems"` // people with a connected account there
}

// AccountFacets counts accounts by what they are. Systems and connections that
// have none are left out.
type AccountFacets struct {
	Systems     map[System]int64  `json:"systems"`
	Connections []ConnectionCount `json:"connections"`
	HasMFA      MFACounts         `json:"hasMfa"`
	Owners      OwnerCounts       `json:"owners"`
}

// ConnectionCount is how many accounts are from a connection.
type ConnectionCount struct {
	ConnectionID ConnectionID `json:"connectionId"`
	Count        int64        `json:"count"`
}

// MFACounts counts accounts by whether they are protected by multi-factor
// authentication.
type MFACounts struct {
	True    int64 `json:"true"`
	False   int64 `json:"false"`
	Unknown int64 `json:"unknown"`
}

// OwnerCounts counts accounts by whose they are.
type OwnerCounts struct {
	Person  int64 `json:"person"`
	Service int64 `json:"service"`
	Nobody  int64 `json:"nobody"`
}

// NativePagination says how to go on, and how far it is.
type NativePagination struct {
	Cursor *string `json:"cursor"` // nil on the last page
	Total  int64   `json:"total"`  // records on all pages
}

// PeoplePage is one page of people.
type PeoplePage struct {
	Data       []PersonSummary  `json:"data"`
	Pagination NativePagination `json:"pagination"`
	// Position is where in the change log to go on: as ChangedSince of a later
	// query, it selects what changed after this list was begun.
	Position int64         `json:"position"`
	Facets   *PeopleFacets `json:"facets,omitempty"` // over all pages; nil unless asked for
}

func (p PeoplePage) missing() string { return dataIsMissing(p.Data) }

// AccountsPage is one page of accounts.
type AccountsPage struct {
	Data       []AccountSummary `json:"data"`
	Pagination NativePagination `json:"pagination"`
	Position   int64            `json:"position"`         // as in [PeoplePage]
	Facets     *AccountFacets   `json:"facets,omitempty"` // over all pages; nil unless asked for
}

func (p AccountsPage) missing() string { return dataIsMissing(p.Data) }
