package client

import "time"

// PolicyID is the number of a policy.
type PolicyID int64

// PersonCompliance is the checks of a person with why they are what they are.
type PersonCompliance struct {
	PersonnelID      PersonnelID      `json:"personnelId"`
	UserID           UserID           `json:"userId"`
	Email            string           `json:"email"`
	EmploymentStatus EmploymentStatus `json:"employmentStatus"`
	Status           CheckStatus      `json:"status"`     // that of CheckFullCompliance
	AssessedAt       *time.Time       `json:"assessedAt"` // when the stored outcomes were decided; nil: never
	NextDueAt        *time.Time       `json:"nextDueAt"`  // when an outcome can change although no fact does; nil: never
	Checks           []ExplainedCheck `json:"checks"`     // all fifteen
}

func (p PersonCompliance) missing() string {
	if p.PersonnelID == 0 {
		return "personnelId"
	}
	return ""
}

// ExplainedCheck is how a check came out, why, and on what evidence.
type ExplainedCheck struct {
	Type           CheckType       `json:"type"`
	Status         CheckStatus     `json:"status"`
	CompletionDate *time.Time      `json:"completionDate"`
	ExpiresAt      *time.Time      `json:"expiresAt"`
	CheckFrequency CheckFrequency  `json:"checkFrequency"`
	LastCheckedAt  *time.Time      `json:"lastCheckedAt"`
	NextDueAt      *time.Time      `json:"nextDueAt"` // nil: never
	Reasons        []CheckReason   `json:"reasons"`   // at least one
	Evidence       []CheckEvidence `json:"evidence"`
}

// CheckReason says why a check came out as it did. Decide on Code; the sentences
// are for people.
type CheckReason struct {
	Code    string  `json:"code"` // such as "MFA_OFF"; more may be added
	Message string  `json:"message"`
	Remedy  *string `json:"remedy"` // what to do; nil: nothing
}

// CheckEvidence names a record that a check rests on.
type CheckEvidence struct {
	Kind        EvidenceKind `json:"kind"`
	ID          int64        `json:"id"`          // among those of the kind
	AccountKind *AccountKind `json:"accountKind"` // of accounts only
	Label       *string      `json:"label"`
	At          *time.Time   `json:"at"` // nil: not known
	Detail      *string      `json:"detail"`
}

// ComplianceRules is what counts as compliant in the company.
type ComplianceRules struct {
	Checks            map[CheckType]CheckRule `json:"checks"` // all fifteen
	ScreenLockSeconds int64                   `json:"screenLockSeconds"`
	ReportingDays     int64                   `json:"reportingDays"`
	UpdatedAt         *time.Time              `json:"updatedAt"` // nil: those of a new company; not set by SetRules
}

func (r ComplianceRules) missing() string {
	if r.Checks == nil {
		return "checks"
	}
	return ""
}

// CheckRule is what the company asks for with one check.
type CheckRule struct {
	Required      bool               `json:"required"`
	Statuses      []EmploymentStatus `json:"statuses"`      // of whom it is asked
	GroupIDs      []GroupID          `json:"groupIds"`      // empty: of everybody
	RenewalMonths int64              `json:"renewalMonths"` // 0: never
	Frequency     CheckFrequency     `json:"frequency"`
	Sources       []DeviceSource     `json:"sources"`       // the most trusted first; empty: all
	MissingRecord *CheckStatus       `json:"missingRecord"` // nil where it does not matter
}

// RulesChange is what to change of the rules; what is zero stays as it is.
type RulesChange struct {
	Checks            map[CheckType]CheckRuleChange `json:"checks,omitempty"`
	ScreenLockSeconds int64                         `json:"screenLockSeconds,omitempty"`
	ReportingDays     int64                         `json:"reportingDays,omitempty"`
}

// CheckRuleChange is what to change of a rule; nil and "" stay as they are. A
// list that is empty, and not nil, empties what there is.
type CheckRuleChange struct {
	Required      *bool              `json:"required,omitempty"`
	Statuses      []EmploymentStatus `json:"statuses,omitzero"`
	GroupIDs      []GroupID          `json:"groupIds,omitzero"`
	RenewalMonths *int64             `json:"renewalMonths,omitempty"`
	Frequency     CheckFrequency     `json:"frequency,omitempty"`
	Sources       []DeviceSource     `json:"sources,omitzero"`
	MissingRecord CheckStatus        `json:"missingRecord,omitempty"`
}

// RulesPreview is what a change of the rules would flip.
type RulesPreview struct {
	Assessed int64 `json:"assessed"` // people whom the change touches
	Flipped  int64 `json:"flipped"`  // of them, those with another outcome
	// Counts is how many people a check would take from one outcome to another.
	Counts map[CheckType]map[CheckStatus]map[CheckStatus]int64 `json:"counts"`
	Flips  []Flip                                              `json:"flips"` // the first ones
}

func (p RulesPreview) missing() string {
	if p.Counts == nil {
		return "counts"
	}
	return ""
}

// Flip is a check of a person that would come out otherwise.
type Flip struct {
	PersonnelID PersonnelID   `json:"personnelId"`
	UserID      UserID        `json:"userId"`
	Email       string        `json:"email"`
	Type        CheckType     `json:"type"`
	From        CheckStatus   `json:"from"`
	To          CheckStatus   `json:"to"`
	Reasons     []CheckReason `json:"reasons"` // why it would be To
}

// PolicySummary is a policy without its wording.
type PolicySummary struct {
	ID             PolicyID         `json:"id"`
	Name           string           `json:"name"`
	Description    *string          `json:"description"`
	AssignedTo     PolicyAssignment `json:"assignedTo"`
	GroupIDs       []GroupID        `json:"groupIds"`
	OwnerID        *UserID          `json:"ownerId"`
	ArchivedAt     *time.Time       `json:"archivedAt"`     // nil: it is in force
	CurrentVersion *int64           `json:"currentVersion"` // nil: none is published
	CreatedAt      time.Time        `json:"createdAt"`
	UpdatedAt      time.Time        `json:"updatedAt"`
}

func (p PolicySummary) missing() string { return idIsMissing(p.ID) }

// PolicyRecord is a policy with all its versions, by number.
type PolicyRecord struct {
	PolicySummary

	Versions []PolicyWording `json:"versions"`
}

// PolicyWording is one version of a policy.
type PolicyWording struct {
	Version     int64      `json:"version"` // from 1, within the policy
	Description *string    `json:"description"`
	Text        *string    `json:"text"`
	URL         *string    `json:"url"`
	PublishedAt *time.Time `json:"publishedAt"` // nil: a draft
	CreatedAt   time.Time  `json:"createdAt"`
	UpdatedAt   time.Time  `json:"updatedAt"`
}

func (v PolicyWording) missing() string {
	if v.Version == 0 {
		return "version"
	}
	return ""
}

// PolicyChange is what to say of a policy; nil and "" stay as they are.
type PolicyChange struct {
	Name        string
	Description *string // "" removes it
	AssignedTo  PolicyAssignment
	GroupIDs    []GroupID // with AssignedToGroups, and only then
	OwnerID     *UserID   // 0 removes it
	Archived    *bool
}

// body is what is sent: null removes an owner.
func (p PolicyChange) body() map[string]any {
	out := map[string]any{}
	if p.Name != "" {
		out["name"] = p.Name
	}
	if p.Description != nil {
		out["description"] = *p.Description
	}
	if p.AssignedTo != "" {
		out["assignedTo"] = p.AssignedTo
	}
	if p.GroupIDs != nil {
		out["groupIds"] = p.GroupIDs
	}
	if p.OwnerID != nil {
		out["ownerId"] = p.OwnerID
		if *p.OwnerID == 0 {
			out["ownerId"] = nil
		}
	}
	if p.Archived != nil {
		out["archived"] = *p.Archived
	}
	return out
}

// WordingChange is what to say of a version; nil stays as it is, and "" removes
// what there is.
type WordingChange struct {
	Description *string `json:"description,omitempty"` // what is new in it
	Text        *string `json:"text,omitempty"`        // the wording itself …
	URL         *string `json:"url,omitempty"`         // … or where it is
}

// Acknowledgement says that a user has accepted a version of a policy.
type Acknowledgement struct {
	ID             int64     `json:"id"`
	UserID         UserID    `json:"userId"`
	PolicyID       PolicyID  `json:"policyId"`
	Version        int64     `json:"version"`
	AcknowledgedAt time.Time `json:"acknowledgedAt"`
	Source         string    `json:"source"` // who says so: "api", "import", "demo", or a product
	CreatedAt      time.Time `json:"createdAt"`
}

func (a Acknowledgement) missing() string { return idIsMissing(a.ID) }

// NewAcknowledgement is what to record. What is zero is left to the server.
type NewAcknowledgement struct {
	PolicyID       PolicyID `json:"policyId"`
	Version        int64    `json:"version,omitempty"`        // 0: the one that was published last
	AcknowledgedAt Moment   `json:"acknowledgedAt,omitempty"` // "": now
}

// Training is what is on record of one training of a user.
type Training struct {
	ID          int64         `json:"id"`
	UserID      UserID        `json:"userId"`
	Type        CheckType     `json:"type"` // the check that it is for
	Course      string        `json:"course"`
	State       TrainingState `json:"state"`
	AssignedAt  *time.Time    `json:"assignedAt"`
	CompletedAt *time.Time    `json:"completedAt"` // nil although completed: not known
	Source      string        `json:"source"`      // who says so, as of an [Acknowledgement]
	CreatedAt   time.Time     `json:"createdAt"`
	UpdatedAt   time.Time     `json:"updatedAt"`
}

func (t Training) missing() string { return idIsMissing(t.ID) }

// NewTraining is what to record. What is zero is left to the server.
type NewTraining struct {
	Type        CheckType     `json:"type"`             // one of the three trainings
	Course      string        `json:"course,omitempty"` // "": as the type
	State       TrainingState `json:"state"`
	AssignedAt  Moment        `json:"assignedAt,omitempty"`  // "": as before
	CompletedAt Moment        `json:"completedAt,omitempty"` // "": not known
}

// Exclusion frees a person, or the members of a group, from checks for a time.
type Exclusion struct {
	ID          int64        `json:"id"`
	PersonnelID *PersonnelID `json:"personnelId"` // exactly one of the two is not nil
	GroupID     *GroupID     `json:"groupId"`
	Checks      []CheckType  `json:"checks"`
	Reason      string       `json:"reason"`
	StartsAt    time.Time    `json:"startsAt"`
	EndsAt      *time.Time   `json:"endsAt"` // not included; nil: until somebody ends it
	Actor       string       `json:"actor"`  // who made it
	CreatedAt   time.Time    `json:"createdAt"`
	UpdatedAt   time.Time    `json:"updatedAt"`
}

func (e Exclusion) missing() string { return idIsMissing(e.ID) }

// NewExclusion is whom to free from what. Exactly one of PersonnelID and GroupID
// is needed.
type NewExclusion struct {
	PersonnelID PersonnelID `json:"personnelId,omitempty"`
	GroupID     GroupID     `json:"groupId,omitempty"`
	Checks      []CheckType `json:"checks"`
	Reason      string      `json:"reason"`
	StartsAt    Moment      `json:"startsAt,omitempty"` // "": now
	EndsAt      Moment      `json:"endsAt,omitempty"`   // "": until somebody ends it
}

type exclusionEnd struct {
	EndsAt Moment `json:"endsAt,omitempty"`
}

// Group is a group of people.
type Group struct {
	ID        GroupID   `json:"id"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

func (g Group) missing() string { return idIsMissing(g.ID) }

type groupName struct {
	Name string `json:"name"`
}

type membersChange struct {
	Add    []PersonnelID `json:"add"`
	Remove []PersonnelID `json:"remove"`
}

type membersPage struct {
	Data       []PersonnelID `json:"data"`
	Pagination struct {
		Cursor *string `json:"cursor"`
	} `json:"pagination"`
}

func (p membersPage) missing() string {
	if p.Data == nil {
		return "data"
	}
	return ""
}

// shortList is a list that has no pages.
type shortList[T any] struct {
	Data []T `json:"data"`
}

func (l shortList[T]) missing() string {
	if l.Data == nil {
		return "data"
	}
	return ""
}
