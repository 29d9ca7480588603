package workforce

import (
	"slices"
	"time"
)

// PolicyAssignment says who has to acknowledge a policy.
type PolicyAssignment string

// The three assignments.
const (
	AssignedToAll    PolicyAssignment = "ALL"    // everyone to whom ACCEPTED_POLICIES applies
	AssignedToGroups PolicyAssignment = "GROUPS" // the members of the policy's groups
	AssignedToNone   PolicyAssignment = "NONE"
)

// AllPolicyAssignments is every assignment.
var AllPolicyAssignments = []PolicyAssignment{AssignedToAll, AssignedToGroups, AssignedToNone}

// Policy is a document of the company that people acknowledge.
type Policy struct {
	ID          PolicyID         `json:"id"`
	Name        string           `json:"name"` // unique after [Fold]
	Description *string          `json:"description,omitempty"`
	AssignedTo  PolicyAssignment `json:"assignedTo"`
	GroupIDs    []GroupID        `json:"groupIds,omitempty"` // sorted; only with GROUPS
	OwnerID     *UserID          `json:"ownerId,omitempty"`
	ArchivedAt  *time.Time       `json:"archivedAt,omitempty"` // set: nobody has to acknowledge it any more
	Versions    []PolicyVersion  `json:"versions,omitempty"`   // by Version
	CreatedAt   time.Time        `json:"createdAt"`
	UpdatedAt   time.Time        `json:"updatedAt"`
}

// PolicyVersion is one wording of a policy. Until it is published it is a
// draft, which nobody has to acknowledge; a published one never changes.
type PolicyVersion struct {
	ID          int64      `json:"id"`
	Version     int64      `json:"version"` // 1, 2, … within the policy
	Description *string    `json:"description,omitempty"`
	Text        *string    `json:"text,omitempty"` // the wording, as plain text or Markdown
	URL         *string    `json:"url,omitempty"`  // where the wording is, if not here
	PublishedAt *time.Time `json:"publishedAt,omitempty"`
	CreatedAt   time.Time  `json:"createdAt"`
	UpdatedAt   time.Time  `json:"updatedAt"`
}

// Current is the published version with the highest number; nil if the policy
// has none.
func (p Policy) Current() *PolicyVersion {
	for i, v := range slices.Backward(p.Versions) {
		if v.PublishedAt != nil {
			return &p.Versions[i]
		}
	}
	return nil
}

// AppliesTo reports whether members of the groups have to acknowledge the
// policy once it is published.
func (p Policy) AppliesTo(groups []GroupID) bool {
	switch {
	case p.ArchivedAt != nil:
		return false
	case p.AssignedTo == AssignedToAll:
		return true
	case p.AssignedTo == AssignedToGroups:
		return anyOf(p.GroupIDs, groups)
	default:
		return false
	}
}

func anyOf(wanted, have []GroupID) bool {
	return slices.ContainsFunc(wanted, func(w GroupID) bool { return slices.Contains(have, w) })
}

// Acknowledgement says that a user has read and accepted one version of a
// policy. There is at most one for each user, policy and version, the latest:
// to acknowledge again renews.
type Acknowledgement struct {
	ID             int64     `json:"id"`
	UserID         UserID    `json:"userId"`
	PolicyID       PolicyID  `json:"policyId"`
	Version        int64     `json:"version"`
	AcknowledgedAt time.Time `json:"acknowledgedAt"`
	Source         string    `json:"source"` // who says so: "api", "import", "demo", or a connection's client type
	CreatedAt      time.Time `json:"createdAt"`
}

// AllTrainingTypes lists the checks that a training satisfies.
var AllTrainingTypes = []CheckType{CheckSecurityTraining, CheckHIPAATraining, CheckNISTAITraining}

// TrainingState says how far a training has come.
type TrainingState string

// The two states of a training that is on record. That there is no record says
// nothing.
const (
	TrainingAssigned  TrainingState = "ASSIGNED" // to be done
	TrainingCompleted TrainingState = "COMPLETED"
)

// AllTrainingStates is every state.
var AllTrainingStates = []TrainingState{TrainingAssigned, TrainingCompleted}

// Training is what is on record of one training of a user. There is at most
// one for each user, type and course.
type Training struct {
	ID          int64         `json:"id"`
	UserID      UserID        `json:"userId"`
	Type        CheckType     `json:"type"`   // one of [AllTrainingTypes]
	Course      string        `json:"course"` // its name at the source, unique per user and type after [Fold]
	State       TrainingState `json:"state"`
	AssignedAt  *time.Time    `json:"assignedAt,omitempty"`
	CompletedAt *time.Time    `json:"completedAt,omitempty"` // nil although COMPLETED: the source does not say when
	Source      string        `json:"source"`                // as [Acknowledgement]
	CreatedAt   time.Time     `json:"createdAt"`
	UpdatedAt   time.Time     `json:"updatedAt"`
}

// Exclusion frees a person, or the members of a group, from checks for a time.
type Exclusion struct {
	ID          int64        `json:"id"`
	PersonnelID *PersonnelID `json:"personnelId,omitempty"` // exactly one of the two is set
	GroupID     *GroupID     `json:"groupId,omitempty"`
	Checks      []CheckType  `json:"checks"` // in the order of [AllCheckTypes], at least one, never FULL_COMPLIANCE
	Reason      string       `json:"reason"`
	StartsAt    time.Time    `json:"startsAt"`
	EndsAt      *time.Time   `json:"endsAt,omitempty"` // exclusive; nil: until somebody ends it
	Actor       string       `json:"actor"`            // who made it, as in the change log
	CreatedAt   time.Time    `json:"createdAt"`
	UpdatedAt   time.Time    `json:"updatedAt"`
}

// Covers reports whether the exclusion is in force at an instant.
func (e Exclusion) Covers(now time.Time) bool {
	return !now.Before(e.StartsAt) && (e.EndsAt == nil || now.Before(*e.EndsAt))
}
