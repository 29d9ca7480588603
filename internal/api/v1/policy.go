package v1

import (
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// UserPolicyVersions is what a user is asked to acknowledge.
type UserPolicyVersions struct {
	UserPolicyVersions []UserPolicyVersion `json:"userPolicyVersions"`
}

// AppendJSON implements [rest.Response].
func (u UserPolicyVersions) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	putList(&o, "userPolicyVersions", u.UserPolicyVersions)
	return o.End()
}

// UserPolicyVersion is the current version of one policy as it concerns a user.
type UserPolicyVersion struct {
	ID            int64         `json:"id"` // of the version
	AcceptedAt    *Time         `json:"acceptedAt"`
	PolicyVersion PolicyVersion `json:"policyVersion"`
	Policy        Policy        `json:"policy"`
}

// AppendJSON implements [rest.Response].
func (u UserPolicyVersion) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", u.ID)
	putTimeOrNull(&o, "acceptedAt", u.AcceptedAt)
	o.Value("policyVersion", u.PolicyVersion)
	o.Value("policy", u.Policy)
	return o.End()
}

// PolicyVersion is one wording of a policy. What the original has beyond ours
// is null or empty.
type PolicyVersion struct {
	ID                    int64      `json:"id"`
	Version               int64      `json:"version"`
	MinorVersion          int64      `json:"minorVersion"` // 0: versions here are whole numbers
	SubVersion            int64      `json:"subVersion"`   // 0
	Current               bool       `json:"current"`
	Type                  string     `json:"type"`        // AUTHORED if its text is here, otherwise UPLOADED
	FileURL               *string    `json:"fileUrl"`     // where its text is, if not here
	DocViewer             string     `json:"docViewer"`   // NATIVE
	Description           *string    `json:"description"` // of the policy
	HTML                  *string    `json:"html"`        // null: texts here are plain
	WeekTimeFrameSLAs     []struct{} `json:"weekTimeFrameSLAs"`
	P3MatrixSLAs          []struct{} `json:"p3MatrixSLAs"`
	GracePeriodSLAs       []struct{} `json:"gracePeriodSLAs"`
	RenewalDate           *Date      `json:"renewalDate"` // null: policies here have none
	ApprovedAt            *Time      `json:"approvedAt"`
	PublishedAt           *Time      `json:"publishedAt"`
	CreatedAt             Time       `json:"createdAt"`
	UpdatedAt             Time       `json:"updatedAt"`
	HTMLLastUpdated       *Time      `json:"htmlLastUpdated"`
	Owner                 *User      `json:"owner"`              // short
	ChangesExplanation    *string    `json:"changesExplanation"` // what is new in the version
	ChangeSummary         *string    `json:"changeSummary"`
	OriginalFileName      *string    `json:"originalFileName"`
	ExternalProvider      *string    `json:"externalProvider"`
	ComposedVersion       int64      `json:"composedVersion"` // as version
	Status                string     `json:"status"`          // PUBLISHED or DRAFT
	PolicyVersionStatus   string     `json:"policyVersionStatus"`
	Approver              *User      `json:"approver"`
	HasExpiredRenewalDate bool       `json:"hasExpiredRenewalDate"` // false: there is no renewal date
}

// AppendJSON implements [rest.Response].
func (v PolicyVersion) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", v.ID)
	o.Int("version", v.Version)
	o.Int("minorVersion", v.MinorVersion)
	o.Int("subVersion", v.SubVersion)
	o.Bool("current", v.Current)
	o.String("type", v.Type)
	o.StringOrNull("fileUrl", v.FileURL)
	o.String("docViewer", v.DocViewer)
	o.StringOrNull("description", v.Description)
	o.StringOrNull("html", v.HTML)
	putEmpty(&o, "weekTimeFrameSLAs")
	putEmpty(&o, "p3MatrixSLAs")
	putEmpty(&o, "gracePeriodSLAs")
	rest.TextOrNull(&o, "renewalDate", v.RenewalDate)
	putTimeOrNull(&o, "approvedAt", v.ApprovedAt)
	putTimeOrNull(&o, "publishedAt", v.PublishedAt)
	putTime(&o, "createdAt", v.CreatedAt)
	putTime(&o, "updatedAt", v.UpdatedAt)
	putTimeOrNull(&o, "htmlLastUpdated", v.HTMLLastUpdated)
	putObject(&o, "owner", v.Owner)
	o.StringOrNull("changesExplanation", v.ChangesExplanation)
	o.StringOrNull("changeSummary", v.ChangeSummary)
	o.StringOrNull("originalFileName", v.OriginalFileName)
	o.StringOrNull("externalProvider", v.ExternalProvider)
	o.Int("composedVersion", v.ComposedVersion)
	o.String("status", v.Status)
	o.String("policyVersionStatus", v.PolicyVersionStatus)
	putObject(&o, "approver", v.Approver)
	o.Bool("hasExpiredRenewalDate", v.HasExpiredRenewalDate)
	return o.End()
}

// Policy is a document that people acknowledge, with all of its versions.
type Policy struct {
	ID                      int64           `json:"id"`
	TemplateID              *int64          `json:"templateId"` // null: there are no templates
	Name                    string          `json:"name"`
	CurrentDescription      *string         `json:"currentDescription"`
	HTMLLastUpdated         *Time           `json:"htmlLastUpdated"`
	CreatedAt               Time            `json:"createdAt"`
	UpdatedAt               Time            `json:"updatedAt"`
	CurrentOwner            *User           `json:"currentOwner"` // short
	Versions                []PolicyVersion `json:"versions"`
	PolicyWeekTimeFrameSLAs []struct{}      `json:"policyWeekTimeFrameSLAs"`
	PolicyGracePeriodSLAs   []struct{}      `json:"policyGracePeriodSLAs"`
	PolicyP3MatrixSLAs      []struct{}      `json:"policyP3MatrixSLAs"`
	Groups                  []PolicyGroup   `json:"groups"`
	AssignedTo              string          `json:"assignedTo"`
	NotifyGroups            bool            `json:"notifyGroups"` // false: nobody is notified
	Reminders               []struct{}      `json:"reminders"`
	PolicyStatus            string          `json:"policyStatus"` // ACTIVE: nobody is asked for an archived one
}

// AppendJSON implements [rest.Response].
func (p Policy) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", p.ID)
	o.IntOrNull("templateId", p.TemplateID)
	o.String("name", p.Name)
	o.StringOrNull("currentDescription", p.CurrentDescription)
	putTimeOrNull(&o, "htmlLastUpdated", p.HTMLLastUpdated)
	putTime(&o, "createdAt", p.CreatedAt)
	putTime(&o, "updatedAt", p.UpdatedAt)
	putObject(&o, "currentOwner", p.CurrentOwner)
	putList(&o, "versions", p.Versions)
	putEmpty(&o, "policyWeekTimeFrameSLAs")
	putEmpty(&o, "policyGracePeriodSLAs")
	putEmpty(&o, "policyP3MatrixSLAs")
	putList(&o, "groups", p.Groups)
	o.String("assignedTo", p.AssignedTo)
	o.Bool("notifyGroups", p.NotifyGroups)
	putEmpty(&o, "reminders")
	o.String("policyStatus", p.PolicyStatus)
	return o.End()
}

// PolicyGroup is a group whose members are asked to acknowledge a policy.
type PolicyGroup struct {
	ID           int64   `json:"id"`
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

// AppendJSON implements [rest.Response].
func (g PolicyGroup) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", g.ID)
	o.String("name", g.Name)
	o.StringOrNull("description", g.Description)
	o.StringOrNull("email", g.Email)
	o.StringOrNull("externalId", g.ExternalID)
	o.StringOrNull("source", g.Source)
	o.StringOrNull("domain", g.Domain)
	o.StringOrNull("type", g.Type)
	o.StringOrNull("orgUnitPath", g.OrgUnitPath)
	o.Int("membersCount", g.MembersCount)
	return o.End()
}

// putEmpty writes a list of what does not exist here.
func putEmpty(o *rest.Object, name string) { o.Value(name, rest.RawJSON("[]")) }

func toWireUserPolicyVersion(u compliance.UserPolicy) UserPolicyVersion {
	owner := toWireUser(u.Owner)
	p := Policy{
		ID:                 int64(u.Policy.ID),
		Name:               u.Policy.Name,
		CurrentDescription: u.Policy.Description,
		CreatedAt:          Time(u.Policy.CreatedAt),
		UpdatedAt:          Time(u.Policy.UpdatedAt),
		CurrentOwner:       owner,
		Versions: each(u.Policy.Versions, func(v workforce.PolicyVersion) PolicyVersion {
			return toWirePolicyVersion(u, v, owner)
		}),
		Groups:       each(u.Groups, toWirePolicyGroup),
		AssignedTo:   string(u.Policy.AssignedTo),
		PolicyStatus: "ACTIVE",

		PolicyWeekTimeFrameSLAs: []struct{}{}, PolicyGracePeriodSLAs: []struct{}{}, PolicyP3MatrixSLAs: []struct{}{},
		Reminders: []struct{}{},
	}
	return UserPolicyVersion{
		ID: u.Version.ID, AcceptedAt: timeOf(u.AcceptedAt), Policy: p,
		PolicyVersion: toWirePolicyVersion(u, u.Version, owner),
	}
}

func toWirePolicyVersion(u compliance.UserPolicy, v workforce.PolicyVersion, owner *User) PolicyVersion {
	kind, status := "UPLOADED", "DRAFT"
	if v.Text != nil {
		kind = "AUTHORED"
	}
	if v.PublishedAt != nil {
		status = "PUBLISHED"
	}
	return PolicyVersion{
		ID:                  v.ID,
		Version:             v.Version,
		Current:             v.Version == u.Version.Version,
		Type:                kind,
		FileURL:             v.URL,
		DocViewer:           "NATIVE",
		Description:         u.Policy.Description,
		PublishedAt:         timeOf(v.PublishedAt),
		CreatedAt:           Time(v.CreatedAt),
		UpdatedAt:           Time(v.UpdatedAt),
		Owner:               owner,
		ChangesExplanation:  v.Description,
		ComposedVersion:     v.Version,
		Status:              status,
		PolicyVersionStatus: status,

		WeekTimeFrameSLAs: []struct{}{}, P3MatrixSLAs: []struct{}{}, GracePeriodSLAs: []struct{}{},
	}
}

func toWirePolicyGroup(g compliance.PolicyGroup) PolicyGroup {
	return PolicyGroup{ID: int64(g.ID), Name: g.Name, MembersCount: g.Members}
}
