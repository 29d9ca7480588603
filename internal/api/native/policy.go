package native

import (
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// PolicySummary is a policy without its wording.
type PolicySummary struct {
	ID             int64                      `json:"id"`
	Name           string                     `json:"name"`
	Description    *string                    `json:"description"`
	AssignedTo     workforce.PolicyAssignment `json:"assignedTo"`
	GroupIDs       []int64                    `json:"groupIds"`
	OwnerID        *int64                     `json:"ownerId"`        // nil: nobody
	ArchivedAt     *Time                      `json:"archivedAt"`     // nil: it is in force
	CurrentVersion *int64                     `json:"currentVersion"` // nil: none is published
	CreatedAt      Time                       `json:"createdAt"`
	UpdatedAt      Time                       `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (p PolicySummary) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	p.put(&o)
	return o.End()
}

func (p *PolicySummary) put(o *rest.Object) {
	o.Int("id", p.ID)
	o.String("name", p.Name)
	o.StringOrNull("description", p.Description)
	o.String("assignedTo", string(p.AssignedTo))
	putInts(o, "groupIds", p.GroupIDs)
	o.IntOrNull("ownerId", p.OwnerID)
	putTimeOrNull(o, "archivedAt", p.ArchivedAt)
	o.IntOrNull("currentVersion", p.CurrentVersion)
	putTimeOrNull(o, "createdAt", &p.CreatedAt)
	putTimeOrNull(o, "updatedAt", &p.UpdatedAt)
}

// PolicyRecord is a policy with all its versions.
type PolicyRecord struct {
	PolicySummary

	Versions []PolicyWording `json:"versions"` // by number
}

// AppendJSON implements [rest.Response].
func (p *PolicyRecord) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	p.put(&o)
	putList(&o, "versions", p.Versions)
	return o.End()
}

// PolicyWording is one version of a policy.
type PolicyWording struct {
	Version     int64   `json:"version"` // from 1, within the policy
	Description *string `json:"description"`
	Text        *string `json:"text"`
	URL         *string `json:"url"`
	PublishedAt *Time   `json:"publishedAt"` // nil: a draft
	CreatedAt   Time    `json:"createdAt"`
	UpdatedAt   Time    `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (v PolicyWording) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("version", v.Version)
	o.StringOrNull("description", v.Description)
	o.StringOrNull("text", v.Text)
	o.StringOrNull("url", v.URL)
	putTimeOrNull(&o, "publishedAt", v.PublishedAt)
	putTimeOrNull(&o, "createdAt", &v.CreatedAt)
	putTimeOrNull(&o, "updatedAt", &v.UpdatedAt)
	return o.End()
}

func toWirePolicySummary(p workforce.Policy) PolicySummary {
	out := PolicySummary{
		ID: int64(p.ID), Name: p.Name, Description: p.Description, AssignedTo: p.AssignedTo, GroupIDs: each(p.GroupIDs, toInt[workforce.GroupID]),
		OwnerID: intOf(p.OwnerID), ArchivedAt: timeOf(p.ArchivedAt), CreatedAt: Time(p.CreatedAt), UpdatedAt: Time(p.UpdatedAt),
	}
	if current := p.Current(); current != nil {
		out.CurrentVersion = &current.Version
	}
	return out
}

func toWirePolicy(p workforce.Policy) *PolicyRecord {
	return &PolicyRecord{toWirePolicySummary(p), each(p.Versions, toWireWording)}
}

func toWireWording(v workforce.PolicyVersion) PolicyWording {
	return PolicyWording{
		v.Version, v.Description, v.Text, v.URL, timeOf(v.PublishedAt), Time(v.CreatedAt), Time(v.UpdatedAt),
	}
}
