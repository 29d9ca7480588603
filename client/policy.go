package client

import (
	"encoding/json"
	"time"
)

// UserDocuments is documents of a user.
type UserDocuments struct {
	Documents []Document `json:"documents"`
}

func (d UserDocuments) missing() string {
	if d.Documents == nil {
		return "documents"
	}
	return ""
}

func (d Document) missing() string { return idIsMissing(d.ID) }

// UserPolicyVersions is what a user is asked to acknowledge.
type UserPolicyVersions struct {
	UserPolicyVersions []UserPolicyVersion `json:"userPolicyVersions"`
}

func (u UserPolicyVersions) missing() string {
	if u.UserPolicyVersions == nil {
		return "userPolicyVersions"
	}
	return ""
}

// UserPolicyVersion is a policy that a user is asked to acknowledge, in its
// current version.
type UserPolicyVersion struct {
	ID            int64         `json:"id"`         // of the version
	AcceptedAt    *time.Time    `json:"acceptedAt"` // nil: not yet
	PolicyVersion PolicyVersion `json:"policyVersion"`
	Policy        Policy        `json:"policy"`
}

// PolicyVersion is one wording of a policy. What is null or empty with every
// server of ours is kept as it comes.
type PolicyVersion struct {
	ID                    int64             `json:"id"`
	Version               int64             `json:"version"`
	MinorVersion          int64             `json:"minorVersion"`
	SubVersion            int64             `json:"subVersion"`
	Current               bool              `json:"current"`
	Type                  string            `json:"type"` // AUTHORED or UPLOADED
	FileURL               *string           `json:"fileUrl"`
	DocViewer             string            `json:"docViewer"`
	Description           *string           `json:"description"`
	HTML                  *string           `json:"html"`
	WeekTimeFrameSLAs     []json.RawMessage `json:"weekTimeFrameSLAs"`
	P3MatrixSLAs          []json.RawMessage `json:"p3MatrixSLAs"`
	GracePeriodSLAs       []json.RawMessage `json:"gracePeriodSLAs"`
	RenewalDate           *Date             `json:"renewalDate"`
	ApprovedAt            *time.Time        `json:"approvedAt"`
	PublishedAt           *time.Time        `json:"publishedAt"` // nil: a draft
	CreatedAt             time.Time         `json:"createdAt"`
	UpdatedAt             time.Time         `json:"updatedAt"`
	HTMLLastUpdated       *time.Time        `json:"htmlLastUpdated"`
	Owner                 *User             `json:"owner"` // short
	ChangesExplanation    *string           `json:"changesExplanation"`
	ChangeSummary         *string           `json:"changeSummary"`
	OriginalFileName      *string           `json:"originalFileName"`
	ExternalProvider      *string           `json:"externalProvider"`
	ComposedVersion       float64           `json:"composedVersion"`
	Status                string            `json:"status"` // PUBLISHED or DRAFT
	PolicyVersionStatus   string            `json:"policyVersionStatus"`
	Approver              *User             `json:"approver"`
	HasExpiredRenewalDate bool              `json:"hasExpiredRenewalDate"`
}

// Policy is a document of the company that people acknowledge.
type Policy struct {
	ID                      int64             `json:"id"`
	TemplateID              *int64            `json:"templateId"`
	Name                    string            `json:"name"`
	CurrentDescription      *string           `json:"currentDescription"`
	HTMLLastUpdated         *time.Time        `json:"htmlLastUpdated"`
	CreatedAt               time.Time         `json:"createdAt"`
	UpdatedAt               time.Time         `json:"updatedAt"`
	CurrentOwner            *User             `json:"currentOwner"` // short
	Versions                []PolicyVersion   `json:"versions"`     // drafts too
	PolicyWeekTimeFrameSLAs []json.RawMessage `json:"policyWeekTimeFrameSLAs"`
	PolicyGracePeriodSLAs   []json.RawMessage `json:"policyGracePeriodSLAs"`
	PolicyP3MatrixSLAs      []json.RawMessage `json:"policyP3MatrixSLAs"`
	Groups                  []PolicyGroup     `json:"groups"`
	AssignedTo              string            `json:"assignedTo"` // ALL, GROUPS or NONE
	NotifyGroups            bool              `json:"notifyGroups"`
	Reminders               []json.RawMessage `json:"reminders"`
	PolicyStatus            string            `json:"policyStatus"`
}

// PolicyGroup is a group whose members are asked to acknowledge a policy.
type PolicyGroup struct {
	ID           GroupID `json:"id"`
	Name         string  `json:"name"`
	Description  *string `json:"description"`
	Email        *string `json:"email"`
	ExternalID   *string `json:"externalId"`
	Source       *string `json:"source"`
	Domain       *string `json:"domain"`
	Type         *string `json:"type"`
	OrgUnitPath  *string `json:"orgUnitPath"`
	MembersCount int64   `json:"membersCount"`
}
