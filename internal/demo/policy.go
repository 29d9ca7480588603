package demo

import (
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// policyPlan is one policy of the company.
type policyPlan struct {
	name, description string // description: "" for none
	to                workforce.PolicyAssignment
	groups            []workforce.GroupID
	owner             int // user number, the head of a department; 0 for none
	archived          int // months ago; 0: it is not
	versions          []versionPlan
}

// versionPlan is one version of a policy.
type versionPlan struct {
	published                  int    // months ago; 0: it is a draft
	description, wording, link string // "" for none
}

// policyPlans are the company's policies, numbered from 1 in this order. Those
// that are for the whole company are not for agency staff, whose own one is
// still a draft: so the agency's people have nothing to acknowledge yet.
func policyPlans() []policyPlan {
	return []policyPlan{
		{
			name: "Information security policy", description: "What each of us does to keep data safe.",
			to: workforce.AssignedToGroups, groups: []workforce.GroupID{groupStaff}, owner: 5,
			versions: []versionPlan{
				{published: 58, wording: "Lock your screen. Keep passwords to yourself. Report what looks wrong."},
				{published: 26, description: "Adds the second factor.", wording: "Use a second factor wherever there is one. Lock your screen. Report what looks wrong."},
				{published: 5, description: "Adds assistants that learn from what they are given.", link: "https://intranet.example.com/policies/security"},
			},
		},
		{
			name: "Code of conduct",
			to:   workforce.AssignedToGroups, groups: []workforce.GroupID{groupStaff}, owner: 4,
			versions: []versionPlan{
				{published: 40, wording: "Treat people fairly. Refuse gifts. Speak up."},
				{description: "Names whom to speak to; not approved yet.", wording: "Treat people fairly. Refuse gifts. Speak up: the People department listens."},
			},
		},
		{
			name: "Rules for production access", description: "For those who can change what customers use.",
			to: workforce.AssignedToGroups, groups: []workforce.GroupID{groupOnCall, groupProduction}, owner: 15,
			versions: []versionPlan{{published: 14, link: "https://intranet.example.com/policies/production"}},
		},
		{
			name: "Working with us as agency staff",
			to:   workforce.AssignedToGroups, groups: []workforce.GroupID{groupAgency},
			versions: []versionPlan{{description: "Waits for Legal.", wording: "Your agency answers for your training; we answer for your access."}},
		},
		{
			name: "Internet use at the office", description: "Replaced by the information security policy.",
			to: workforce.AssignedToAll, archived: 50,
			versions: []versionPlan{{published: 66, wording: "Use the network for work."}},
		},
		{
			name: "Travel and expenses", description: "To look things up in; nobody has to acknowledge it.",
			to: workforce.AssignedToNone, owner: 3,
			versions: []versionPlan{{published: 20, link: "https://intranet.example.com/policies/travel"}},
		},
	}
}

// Policies are the company's policies, numbered from 1 in this order, as are
// their versions.
func (c *Company) Policies() []workforce.Policy {
	out := make([]workforce.Policy, len(c.policies))
	copy(out, c.policies)
	return out
}

func (c *Company) makePolicies() []workforce.Policy {
	var out []workforce.Policy
	version := int64(0)
	for i, plan := range policyPlans() {
		p := workforce.Policy{
			ID: workforce.PolicyID(i + 1), Name: plan.name, Description: text(plan.description),
			AssignedTo: plan.to, GroupIDs: plan.groups,
		}
		if plan.owner > 0 && plan.owner <= c.people {
			p.OwnerID = workforce.Ptr(workforce.UserID(plan.owner))
		}
		for j, of := range plan.versions {
			version++
			p.Versions = append(p.Versions, c.policyVersion(of, version, int64(j+1)))
		}
		p.CreatedAt, p.UpdatedAt = p.Versions[0].CreatedAt, p.Versions[len(p.Versions)-1].UpdatedAt
		if plan.archived > 0 {
			p.ArchivedAt = workforce.Ptr(c.monthsAgo(plan.archived))
			p.UpdatedAt = *p.ArchivedAt
		}
		out = append(out, p)
	}
	return out
}

func (c *Company) policyVersion(plan versionPlan, id, number int64) workforce.PolicyVersion {
	v := workforce.PolicyVersion{
		ID: id, Version: number,
		Description: text(plan.description), Text: text(plan.wording), URL: text(plan.link),
		UpdatedAt: c.day.AddDate(0, 0, -3),
	}
	if plan.published > 0 {
		v.UpdatedAt = c.monthsAgo(plan.published)
		v.PublishedAt = workforce.Ptr(v.UpdatedAt)
	}
	v.CreatedAt = v.UpdatedAt.AddDate(0, 0, -9)
	return v
}

// monthsAgo is a morning some months before the reference day.
func (c *Company) monthsAgo(n int) time.Time { return c.day.AddDate(0, -n, 0).Add(9 * time.Hour) }

// Records are renewed after a year. What is fresh will be renewed in time; what
// is stale was not.
const (
	freshDays   = 345 // at the most
	staleMonths = 13  // at least
)

// acknowledgements are what the person, who is in the groups, has acknowledged.
func (c *Company) acknowledgements(p *profile, groups []workforce.GroupID) []workforce.Acknowledgement {
	d := c.dice(topicPolicy, p.n)
	var out []workforce.Acknowledgement
	for _, policy := range c.policies {
		current := policy.Current()
		if current == nil || !policy.AppliesTo(groups) {
			continue
		}
		if version, at := c.acknowledged(p, policy.Versions, current, d); version != 0 {
			out = append(out, workforce.Acknowledgement{
				PolicyID: policy.ID, Version: version, AcknowledgedAt: at,
				Source: pick(d, recordSources), CreatedAt: at,
			})
		}
	}
	return out
}

// recordSources are who tells of acknowledgements, most often this package.
var recordSources = deckOf(cards[string]{"demo", 7}, cards[string]{"import", 2}, cards[string]{"api", 1})

// acknowledged is which version the person has acknowledged last and when; 0
// for none. Some have missed the current one, or did it too long ago.
func (c *Company) acknowledged(p *profile, versions []workforce.PolicyVersion, current *workforce.PolicyVersion, d dice) (int64, time.Time) {
	chance := d.below(100)
	since := later(p.created, *current.PublishedAt)
	stale := c.day.AddDate(0, -staleMonths, 0)
	switch {
	case p.conduct != sloppy || chance >= 20:
		if fresh := c.day.AddDate(0, 0, -freshDays); since.Before(fresh) {
			return current.Version, d.between(fresh, c.day)
		}
		return current.Version, d.between(since, earlier(c.day, since.AddDate(0, 0, 20)))
	case chance < 6:
	case since.Before(stale):
		return current.Version, d.between(later(since, stale.AddDate(-1, 0, 0)), stale)
	case current.Version > 1:
		before := versions[current.Version-2]
		if until := current.PublishedAt; p.created.Before(*until) {
			return before.Version, d.between(later(p.created, *before.PublishedAt), *until)
		}
	}
	return 0, time.Time{}
}
