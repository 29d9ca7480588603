package client

import (
	"encoding/json"
	"time"
)

// Connection is the system that an identity or account comes from.
type Connection struct {
	ID                 ConnectionID    `json:"id"`
	ClientType         System          `json:"clientType"`
	State              ConnectionState `json:"state"`
	Connected          bool            `json:"connected"` // it works now
	ConnectedAt        *time.Time      `json:"connectedAt"`
	FailedAt           *time.Time      `json:"failedAt"`
	CompanyID          *int64          `json:"companyId"`
	AssignmentID       *string         `json:"assignmentId"`
	User               *User           `json:"user"` // who set it up; short in an identity
	AccountID          *string         `json:"accountId"`
	ClientID           *string         `json:"clientId"`
	ClientAlias        *string         `json:"clientAlias"`
	ManuallyUpdatedAt  *time.Time      `json:"manuallyUpdatedAt"`
	AliasUpdatedAt     *time.Time      `json:"aliasUpdatedAt"`
	DeletedAt          *time.Time      `json:"deletedAt"`
	RequestorID        json.RawMessage `json:"requestorId"` // null here; the original's documents disagree on what it is
	Product            json.RawMessage `json:"product"`     // {} here
	WriteAccessEnabled bool            `json:"writeAccessEnabled"`
	SourcePreference   *string         `json:"sourcePreference"`
	SecurityLabel      *string         `json:"securityLabel"`
	JQLQuery           *string         `json:"jqlQuery"`
	Authorized         bool            `json:"authorized"`
	Workspaces         []Workspace     `json:"workspaces"`
	ProviderTypes      []Provider      `json:"providerTypes"`
	Code               *int64          `json:"code"` // an error code while it does not work
	GroupLabel         *string         `json:"groupLabel"`
}

// Provider is one kind of facts that a connection brings.
type Provider struct {
	Value     ProviderType `json:"value"`
	IsEnabled bool         `json:"isEnabled"`
}

// Workspace is a product of the company that a connection is tied to.
type Workspace struct {
	ID          int64   `json:"id"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	HowItWorks  *string `json:"howItWorks"`
	URL         *string `json:"url"`
	Logo        *string `json:"logo"`
	Primary     bool    `json:"primary"`
}
