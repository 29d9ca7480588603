package workforce

import (
	"encoding/json"
	"strconv"
	"time"
)

// Company is the one company of a database.
type Company struct {
	Name                string     `json:"name"`
	Domain              *string    `json:"domain,omitempty"`
	Plan                Plan       `json:"plan"`
	TermsAcceptedAt     *time.Time `json:"termsAcceptedAt,omitempty"`
	TimeZone            string     `json:"timeZone"` // IANA name; decides what "today" is
	AgentEnabled        bool       `json:"agentEnabled"`
	ManualUploadEnabled bool       `json:"manualUploadEnabled"`
	Demo                bool       `json:"demo"` // filled by the demo generator, holds no real data
	CreatedAt           time.Time  `json:"createdAt"`
	UpdatedAt           time.Time  `json:"updatedAt"`
}

// Location is the company's time zone; UTC if the name is not known here.
func (c Company) Location() *time.Location {
	if loc, err := time.LoadLocation(c.TimeZone); err == nil {
		return loc
	}
	return time.UTC
}

// Today is the calendar date at now where the company is.
func (c Company) Today(now time.Time) Date { return DateOf(now.In(c.Location())) }

// User is a person as the directory knows them. Every personnel record has
// exactly one.
type User struct {
	ID            UserID     `json:"id"`
	EntryID       string     `json:"entryId"` // a UUID that never changes
	Email         string     `json:"email"`   // unique after [Fold]
	FirstName     *string    `json:"firstName,omitempty"`
	LastName      *string    `json:"lastName,omitempty"`
	JobTitle      *string    `json:"jobTitle,omitempty"`
	AvatarURL     *string    `json:"avatarUrl,omitempty"`
	TermsAgreedAt *time.Time `json:"termsAgreedAt,omitempty"`
	Roles         []Role     `json:"roles,omitempty"` // sorted, without repeats
	CreatedAt     time.Time  `json:"createdAt"`
	UpdatedAt     time.Time  `json:"updatedAt"`
}

// BackgroundCheck is one background check of a user.
type BackgroundCheck struct {
	ID               int64                  `json:"id"`
	UserID           UserID                 `json:"userId"`
	Status           BackgroundCheckStatus  `json:"status"`
	CaseID           *string                `json:"caseId,omitempty"`
	CaseInvitationID *string                `json:"caseInvitationId,omitempty"`
	URL              *string                `json:"url,omitempty"`
	ManualCheckDate  *Date                  `json:"manualCheckDate,omitempty"`
	ManuallyCheckURL *string                `json:"manuallyCheckUrl,omitempty"`
	Type             BackgroundCheckType    `json:"type"`
	Source           *BackgroundCheckSource `json:"source,omitempty"`
	ReportData       *string                `json:"reportData,omitempty"`
	OutOfScopeReason *string                `json:"outOfScopeReason,omitempty"`
	OutOfScopeAt     *time.Time             `json:"outOfScopeAt,omitempty"`
	InvitationEmail  *string                `json:"invitationEmail,omitempty"`
	LinkedAt         *time.Time             `json:"linkedAt,omitempty"`
	CreatedAt        time.Time              `json:"createdAt"`
	UpdatedAt        time.Time              `json:"updatedAt"`
}

// Identity is the account of a user in an identity provider or HR system.
type Identity struct {
	ID             int64        `json:"id"`
	UserID         UserID       `json:"userId"`
	ConnectionID   ConnectionID `json:"connectionId"`
	IdentityID     string       `json:"identityId"` // the source's own id, unique per connection
	Username       *string      `json:"username,omitempty"`
	Email          *string      `json:"email,omitempty"`
	SecondaryEmail *string      `json:"secondaryEmail,omitempty"`
	FirstName      *string      `json:"firstName,omitempty"`
	LastName       *string      `json:"lastName,omitempty"`
	ConnectedAt    *time.Time   `json:"connectedAt,omitempty"`
	DisconnectedAt *time.Time   `json:"disconnectedAt,omitempty"`
	HasMFA         *bool        `json:"hasMfa,omitempty"`
	HasIDP         bool         `json:"hasIdp"`
	StartedAt      *time.Time   `json:"startedAt,omitempty"`
	SeparatedAt    *time.Time   `json:"separatedAt,omitempty"`
	IsContractor   *bool        `json:"isContractor,omitempty"`
	JobTitle       *string      `json:"jobTitle,omitempty"`
	ManagerID      *string      `json:"managerId,omitempty"` // the manager's IdentityID at the same source
	ManagerName    *string      `json:"managerName,omitempty"`
	CreatedAt      time.Time    `json:"createdAt"`
	UpdatedAt      time.Time    `json:"updatedAt"`
}

// Document is a piece of evidence about a user.
type Document struct {
	ID          int64        `json:"id"`
	UserID      UserID       `json:"userId"`
	Name        string       `json:"name"`
	Type        DocumentType `json:"type"`
	FileURL     *string      `json:"fileUrl,omitempty"`     // where it is, if its content is not kept here
	File        *File        `json:"file,omitempty"`        // its content, if it is kept here
	CompletedOn *Date        `json:"completedOn,omitempty"` // when what it shows was done
	RenewalDate *Date        `json:"renewalDate,omitempty"` // the last day on which it counts
	CreatedAt   time.Time    `json:"createdAt"`
	UpdatedAt   time.Time    `json:"updatedAt"`
}

// FileLink is where the document's file is: at its own address, or, as a path of
// this server, where its content is kept; nil if it has no file. Whoever follows
// the path needs a key that may read it.
func (d Document) FileLink() *string {
	return fileLink(d.FileURL, d.File, "/download/documents/", d.ID)
}

// FileLink is as that of a [Document].
func (d DeviceDocument) FileLink() *string {
	return fileLink(d.FileURL, d.File, "/download/device-documents/", d.ID)
}

func fileLink(url *string, f *File, path string, id int64) *string {
	if url != nil || f == nil {
		return url
	}
	return Ptr(path + strconv.FormatInt(id, 10))
}

// File names a content that is kept beside the database.
type File struct {
	Hash      string `json:"hash"` // SHA-256 of the content, in hexadecimal
	Name      string `json:"name"` // as it was handed in
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size"` // bytes
}

// Personnel is the employment of a user at the company.
type Personnel struct {
	ID               PersonnelID      `json:"id"`
	UserID           UserID           `json:"userId"`
	EmploymentStatus EmploymentStatus `json:"employmentStatus"`
	NotHumanReason   *string          `json:"notHumanReason,omitempty"`
	ReasonProviderID *UserID          `json:"reasonProviderId,omitempty"`
	StartDate        *Date            `json:"startDate,omitempty"`
	SeparationDate   *Date            `json:"separationDate,omitempty"`
	StatusUpdatedAt  *time.Time       `json:"statusUpdatedAt,omitempty"` // when the status was set by hand
	Pins             []Pin            `json:"pins,omitempty"`            // in the order of [AllPinFields]
	CreatedAt        time.Time        `json:"createdAt"`
	UpdatedAt        time.Time        `json:"updatedAt"`
}

// Pin holds one field of a personnel record against the sources.
type Pin struct {
	Field  PinField  `json:"field"`
	Actor  string    `json:"actor"` // who set it, as in the change log
	Reason *string   `json:"reason,omitempty"`
	At     time.Time `json:"at"`
}

// Pinned reports whether the field is held against the sources.
func (p Personnel) Pinned(f PinField) bool {
	for _, pin := range p.Pins {
		if pin.Field == f {
			return true
		}
	}
	return false
}

// Check is the outcome of one requirement for one person.
type Check struct {
	Type           CheckType      `json:"type"`
	Status         CheckStatus    `json:"status"`
	CompletionDate *time.Time     `json:"completionDate,omitempty"`
	ExpiresAt      *time.Time     `json:"expiresAt,omitempty"`
	CheckFrequency CheckFrequency `json:"checkFrequency"`
	LastCheckedAt  *time.Time     `json:"lastCheckedAt,omitempty"`
	CreatedAt      time.Time      `json:"createdAt"`
	UpdatedAt      time.Time      `json:"updatedAt"`
}

// Device is a computer or phone that a source reports for a person. A flag
// that the source does not expose is nil.
type Device struct {
	ID                         DeviceID        `json:"id"`
	PersonnelID                PersonnelID     `json:"personnelId"`
	ExternalID                 *string         `json:"externalId,omitempty"`
	OSVersion                  *string         `json:"osVersion,omitempty"`
	SerialNumber               *string         `json:"serialNumber,omitempty"`
	Model                      *string         `json:"model,omitempty"`
	MACAddress                 *string         `json:"macAddress,omitempty"`
	EncryptionEnabled          *bool           `json:"encryptionEnabled,omitempty"`
	EncryptionExplanation      json.RawMessage `json:"encryptionExplanation,omitempty"` // any JSON value
	FirewallEnabled            *bool           `json:"firewallEnabled,omitempty"`
	FirewallExplanation        json.RawMessage `json:"firewallExplanation,omitempty"`
	ScreenLockTime             *int64          `json:"screenLockTime,omitempty"` // seconds
	ScreenLockExplanation      json.RawMessage `json:"screenLockExplanation,omitempty"`
	AntivirusEnabled           *bool           `json:"antivirusEnabled,omitempty"`
	AntivirusExplanation       json.RawMessage `json:"antivirusExplanation,omitempty"`
	AutoUpdateEnabled          *bool           `json:"autoUpdateEnabled,omitempty"`
	AutoUpdateExplanation      json.RawMessage `json:"autoUpdateExplanation,omitempty"`
	PasswordManagerEnabled     *bool           `json:"passwordManagerEnabled,omitempty"`
	PasswordManagerExplanation json.RawMessage `json:"passwordManagerExplanation,omitempty"`
	LocationServicesEnabled    *bool           `json:"locationServicesEnabled,omitempty"` // not on the compatible wire
	AgentVersion               *string         `json:"agentVersion,omitempty"`
	AppsCount                  *int64          `json:"appsCount,omitempty"`
	LastCheckedAt              *time.Time      `json:"lastCheckedAt,omitempty"`
	SourceType                 DeviceSource    `json:"sourceType"`
	CreatedAt                  time.Time       `json:"createdAt"`
	UpdatedAt                  time.Time       `json:"updatedAt"`
	DeletedAt                  *time.Time      `json:"deletedAt,omitempty"` // set: no longer active

	Checks      []DeviceCheck      `json:"checks,omitempty"`
	Identifiers []DeviceIdentifier `json:"identifiers,omitempty"`
	Documents   []DeviceDocument   `json:"documents,omitempty"`
}

// Active reports whether the device is still in use.
func (d Device) Active() bool { return d.DeletedAt == nil }

// Compliant reports whether no check of the device fails.
func (d Device) Compliant() bool {
	for _, c := range d.Checks {
		if c.Status == CheckFail {
			return false
		}
	}
	return true
}

// DeviceCheck is the outcome of one requirement for one device.
type DeviceCheck struct {
	ID int64 `json:"id"`
	Check
}

// DeviceIdentifier is one of the names by which a device is known.
type DeviceIdentifier struct {
	ID         int64     `json:"id"`
	Type       string    `json:"type"`
	Identifier string    `json:"identifier"`
	CreatedAt  time.Time `json:"createdAt"`
	UpdatedAt  time.Time `json:"updatedAt"`
}

// DeviceDocument is evidence about one device.
type DeviceDocument struct {
	ID        int64        `json:"id"`
	Type      DocumentType `json:"type"`
	Name      string       `json:"name"`
	FileURL   *string      `json:"fileUrl,omitempty"`
	File      *File        `json:"file,omitempty"`
	CreatedAt time.Time    `json:"createdAt"`
	UpdatedAt time.Time    `json:"updatedAt"`
}

// App is an application that a source found on a device.
type App struct {
	ID      int64   `json:"id"`
	Name    string  `json:"name"` // as the source tells it, often with version and license
	Version *string `json:"version,omitempty"`
}

// Group is a set of people.
type Group struct {
	ID        GroupID   `json:"id"`
	Name      string    `json:"name"` // unique after [Fold]
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// Workspace is a product of the company that connections may be tied to.
type Workspace struct {
	ID          WorkspaceID `json:"id"`
	Name        string      `json:"name"`
	Description *string     `json:"description,omitempty"`
	HowItWorks  *string     `json:"howItWorks,omitempty"`
	URL         *string     `json:"url,omitempty"`
	Logo        *string     `json:"logo,omitempty"`
	Primary     bool        `json:"primary"`
}

// Connection is one system that facts come from.
type Connection struct {
	ID                 ConnectionID    `json:"id"`
	ClientType         ClientType      `json:"clientType"`
	State              ConnectionState `json:"state"`
	StateReason        *string         `json:"stateReason,omitempty"` // why it is misconfigured, for the operator
	ConnectedAt        *time.Time      `json:"connectedAt,omitempty"`
	FailedAt           *time.Time      `json:"failedAt,omitempty"`
	CompanyID          *int64          `json:"companyId,omitempty"`
	AssignmentID       *string         `json:"assignmentId,omitempty"`
	UserID             *UserID         `json:"userId,omitempty"` // who set it up
	AccountID          *string         `json:"accountId,omitempty"`
	ClientID           *string         `json:"clientId,omitempty"`
	ClientAlias        *string         `json:"clientAlias,omitempty"`
	ManuallyUpdatedAt  *time.Time      `json:"manuallyUpdatedAt,omitempty"`
	AliasUpdatedAt     *time.Time      `json:"aliasUpdatedAt,omitempty"`
	DeletedAt          *time.Time      `json:"deletedAt,omitempty"`
	WriteAccessEnabled bool            `json:"writeAccessEnabled"`
	SourcePreference   *string         `json:"sourcePreference,omitempty"`
	SecurityLabel      *string         `json:"securityLabel,omitempty"`
	JQLQuery           *string         `json:"jqlQuery,omitempty"`
	Authorized         bool            `json:"authorized"`
	GroupLabel         *string         `json:"groupLabel,omitempty"`
	WorkspaceIDs       []WorkspaceID   `json:"workspaceIds,omitempty"`
	CreatedAt          time.Time       `json:"createdAt"`
	UpdatedAt          time.Time       `json:"updatedAt"`
}

// Connected reports whether the connection works now.
func (c Connection) Connected() bool {
	return c.State == ConnectionActive && c.ConnectedAt != nil && c.DeletedAt == nil
}

// Account is an account in an infrastructure or version-control system. The
// four accesses are what people declared, as the time since when.
type Account struct {
	Kind                   AccountKind  `json:"kind"`
	ID                     AccountID    `json:"id"`
	ConnectionID           ConnectionID `json:"connectionId"`
	IdentityID             string       `json:"identityId"` // the system's own id, unique per connection
	Username               *string      `json:"username,omitempty"`
	Email                  *string      `json:"email,omitempty"`
	HasMFA                 *bool        `json:"hasMfa,omitempty"`
	UserID                 *UserID      `json:"userId,omitempty"`
	ConnectedAt            *time.Time   `json:"connectedAt,omitempty"`
	DisconnectedAt         *time.Time   `json:"disconnectedAt,omitempty"`
	ServiceAccountAt       *time.Time   `json:"serviceAccountAt,omitempty"`
	ServiceAccountReason   *string      `json:"serviceAccountReason,omitempty"`
	ServiceAccountByUserID *UserID      `json:"serviceAccountByUserId,omitempty"`
	AdminAccessAt          *time.Time   `json:"adminAccessAt,omitempty"`
	DBAccessAt             *time.Time   `json:"dbAccessAt,omitempty"`
	WriteAccessAt          *time.Time   `json:"writeAccessAt,omitempty"`
	PushProdAccessAt       *time.Time   `json:"pushProdAccessAt,omitempty"`
	LinkMethod             *LinkMethod  `json:"linkMethod,omitempty"` // how UserID came about
	LinkReason             *string      `json:"linkReason,omitempty"` // in words, also why there is none
	LastCheckedAt          *time.Time   `json:"lastCheckedAt,omitempty"`
	RemovedAt              *time.Time   `json:"removedAt,omitempty"` // when the system stopped listing it
	CreatedAt              time.Time    `json:"createdAt"`
	UpdatedAt              time.Time    `json:"updatedAt"`
}

// LinkMethod says how an account came to belong to a person.
type LinkMethod string

// The ways in which an account is linked.
const (
	LinkManual        LinkMethod = "MANUAL"
	LinkVerifiedEmail LinkMethod = "VERIFIED_EMAIL"
	LinkImported      LinkMethod = "IMPORTED"
)

// AllLinkMethods is every way.
var AllLinkMethods = []LinkMethod{LinkManual, LinkVerifiedEmail, LinkImported}

// Flag gives the place of a declared access.
func (a *Account) Flag(f AccessFlag) **time.Time {
	switch f {
	case FlagAdmin:
		return &a.AdminAccessAt
	case FlagDB:
		return &a.DBAccessAt
	case FlagWrite:
		return &a.WriteAccessAt
	default:
		return &a.PushProdAccessAt
	}
}

// SourceRecord is what one connection last said of one person. It is kept as
// said, also while a pin holds the personnel record against it.
type SourceRecord struct {
	ConnectionID ConnectionID `json:"connectionId"`
	ExternalID   string       `json:"externalId"` // the source's own id of the person
	UserID       UserID       `json:"userId"`
	Facts        SourceFacts  `json:"facts"`
	ObservedAt   time.Time    `json:"observedAt"`
}

// SourceFacts is what a source said, in our terms; nil is not said.
type SourceFacts struct {
	EmploymentStatus *EmploymentStatus `json:"employmentStatus,omitempty"`
	StartDate        *Date             `json:"startDate,omitempty"`
	SeparationDate   *Date             `json:"separationDate,omitempty"`
	IsContractor     *bool             `json:"isContractor,omitempty"`
	FirstName        *string           `json:"firstName,omitempty"`
	LastName         *string           `json:"lastName,omitempty"`
	JobTitle         *string           `json:"jobTitle,omitempty"`
	ManagerEmail     *string           `json:"managerEmail,omitempty"`
}
