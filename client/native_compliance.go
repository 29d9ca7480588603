package client

import (
	"context"
	"iter"
	"time"
)

// The paths of the operations.
const (
	nativeRules      = "/native/v1/compliance/rules"
	nativePolicies   = "/native/v1/policies"
	nativeUsers      = "/native/v1/users/{id}"
	nativeExclusions = "/native/v1/exclusions"
	nativeGroups     = "/native/v1/groups"
)

// ComplianceService is what the company asks of people, the evidence that they
// meet it, and why their checks are what they are, from /native/v1. Only a
// Passmuster server has it. Its errors are those of the package comment, with
// [Error.Reason] and [Error.Field] set.
//
// Reading needs the permission compliance:get, or all:read. Rules, policies,
// exclusions and groups need compliance:manage; acknowledgements and trainings
// evidence:manage. Whoever a change touches is assessed again: at once if they
// are at most 256 people, otherwise right after the answer. To say what is so
// already changes nothing.
type ComplianceService struct{ wire *wire }

// Compliance is our own API to rules, policies, evidence, exclusions and groups.
func (c *Client) Compliance() *ComplianceService { return &ComplianceService{c.wire} }

// Explain gives the checks of a person with why they are what they are; see
// [IsNotFound].
func (s *ComplianceService) Explain(ctx context.Context, id PersonnelID) (PersonCompliance, error) {
	return ask[PersonCompliance](ctx, s.wire, operation{method: methodGet, pattern: "/native/v1/people/{id}/compliance", args: []string{number(id)}})
}

// ExplainByEmail is [ComplianceService.Explain] of the person with an e-mail
// address, whatever its case.
func (s *ComplianceService) ExplainByEmail(ctx context.Context, email string) (PersonCompliance, error) {
	return ask[PersonCompliance](ctx, s.wire, operation{method: methodGet, pattern: "/native/v1/people/email/{email}/compliance", args: []string{email}})
}

// Rules gives what the company asks for with each check.
func (s *ComplianceService) Rules(ctx context.Context) (ComplianceRules, error) {
	return ask[ComplianceRules](ctx, s.wire, operation{method: methodGet, pattern: nativeRules})
}

// SetRules replaces the rules of all fifteen checks: get them, change them, and
// set them.
func (s *ComplianceService) SetRules(ctx context.Context, rules ComplianceRules) (ComplianceRules, error) {
	return ask[ComplianceRules](ctx, s.wire, operation{method: methodPut, pattern: nativeRules, body: rules})
}

// UpdateRules changes what is said, and leaves the rest as it is.
func (s *ComplianceService) UpdateRules(ctx context.Context, change RulesChange) (ComplianceRules, error) {
	return ask[ComplianceRules](ctx, s.wire, operation{method: methodPatch, pattern: nativeRules, body: change})
}

// ResetRules goes back to the rules of a new company.
func (s *ComplianceService) ResetRules(ctx context.Context) (ComplianceRules, error) {
	return ask[ComplianceRules](ctx, s.wire, operation{method: methodDelete, pattern: nativeRules})
}

// PreviewRules tells whom a change of the rules would flip, without changing
// anything. It shows up to limit flips, at most 1,000; 0: 100.
func (s *ComplianceService) PreviewRules(ctx context.Context, change RulesChange, limit int64) (RulesPreview, error) {
	q := newQuery()
	q.number("limit", limit)
	return ask[RulesPreview](ctx, s.wire, operation{method: methodPost, pattern: nativeRules + "/preview", query: q.values, body: change})
}

// Policies gives every policy, archived ones too, without its wording.
func (s *ComplianceService) Policies(ctx context.Context) ([]PolicySummary, error) {
	return all[PolicySummary](ctx, s.wire, operation{method: methodGet, pattern: nativePolicies})
}

// Policy gives a policy with all its versions; see [IsNotFound].
func (s *ComplianceService) Policy(ctx context.Context, id PolicyID) (PolicyRecord, error) {
	return ask[PolicyRecord](ctx, s.wire, operation{method: methodGet, pattern: nativePolicies + "/{id}", args: []string{number(id)}})
}

// CreatePolicy adds a policy without a version. It needs a Name; a second policy
// of one name is refused, see [IsConflict].
func (s *ComplianceService) CreatePolicy(ctx context.Context, p PolicyChange) (PolicyRecord, error) {
	return ask[PolicyRecord](ctx, s.wire, operation{method: methodPost, pattern: nativePolicies, body: p.body()})
}

// UpdatePolicy changes what is said of a policy.
func (s *ComplianceService) UpdatePolicy(ctx context.Context, id PolicyID, p PolicyChange) (PolicyRecord, error) {
	return ask[PolicyRecord](ctx, s.wire, operation{method: methodPatch, pattern: nativePolicies + "/{id}", args: []string{number(id)}, body: p.body()})
}

// AddPolicyVersion adds a draft to a policy.
func (s *ComplianceService) AddPolicyVersion(ctx context.Context, id PolicyID, w WordingChange) (PolicyWording, error) {
	return ask[PolicyWording](ctx, s.wire, operation{method: methodPost, pattern: nativePolicies + "/{id}/versions", args: []string{number(id)}, body: w})
}

// UpdatePolicyVersion changes the wording of a draft. A published version never
// changes, see [IsConflict].
func (s *ComplianceService) UpdatePolicyVersion(ctx context.Context, id PolicyID, version int64, w WordingChange) (PolicyWording, error) {
	return ask[PolicyWording](ctx, s.wire, operation{
		method: methodPatch, pattern: nativePolicies + "/{id}/versions/{version}", args: []string{number(id), number(version)}, body: w,
	})
}

// PublishPolicyVersion publishes a version: from now on, everybody to whom the
// policy is assigned has to acknowledge it.
func (s *ComplianceService) PublishPolicyVersion(ctx context.Context, id PolicyID, version int64) (PolicyWording, error) {
	return ask[PolicyWording](ctx, s.wire, operation{
		method: methodPost, pattern: nativePolicies + "/{id}/versions/{version}/publish", args: []string{number(id), number(version)},
	})
}

// Acknowledgements gives every version of a policy that a user has accepted.
func (s *ComplianceService) Acknowledgements(ctx context.Context, id UserID) ([]Acknowledgement, error) {
	return all[Acknowledgement](ctx, s.wire, operation{method: methodGet, pattern: nativeUsers + "/acknowledgements", args: []string{number(id)}})
}

// Acknowledge records that a user has accepted a published version of a policy.
func (s *ComplianceService) Acknowledge(ctx context.Context, id UserID, a NewAcknowledgement) (Acknowledgement, error) {
	return ask[Acknowledgement](ctx, s.wire, operation{method: methodPost, pattern: nativeUsers + "/acknowledgements", args: []string{number(id)}, body: a})
}

// Trainings gives what is on record of a user's trainings.
func (s *ComplianceService) Trainings(ctx context.Context, id UserID) ([]Training, error) {
	return all[Training](ctx, s.wire, operation{method: methodGet, pattern: nativeUsers + "/trainings", args: []string{number(id)}})
}

// RecordTraining records how far a user is with a course, in place of what was
// said of the same course before.
func (s *ComplianceService) RecordTraining(ctx context.Context, id UserID, n NewTraining) (Training, error) {
	return ask[Training](ctx, s.wire, operation{method: methodPost, pattern: nativeUsers + "/trainings", args: []string{number(id)}, body: n})
}

// DeleteTraining takes a training off a user's record.
func (s *ComplianceService) DeleteTraining(ctx context.Context, id UserID, training int64) error {
	return tell(ctx, s.wire, operation{method: methodDelete, pattern: nativeUsers + "/trainings/{trainingId}", args: []string{number(id), number(training)}})
}

// Exclusions gives exclusions, past and future ones too.
func (s *ComplianceService) Exclusions(ctx context.Context, p ExclusionParams) ([]Exclusion, error) {
	return all[Exclusion](ctx, s.wire, operation{method: methodGet, pattern: nativeExclusions, query: p.query().values})
}

// Exclude frees a person, or the members of a group, from checks for a time.
func (s *ComplianceService) Exclude(ctx context.Context, n NewExclusion) (Exclusion, error) {
	return ask[Exclusion](ctx, s.wire, operation{method: methodPost, pattern: nativeExclusions, body: n})
}

// EndExclusion ends an exclusion at a moment; "": now.
func (s *ComplianceService) EndExclusion(ctx context.Context, id int64, at Moment) (Exclusion, error) {
	return ask[Exclusion](ctx, s.wire, operation{
		method: methodPost, pattern: nativeExclusions + "/{id}/end", args: []string{number(id)}, body: exclusionEnd{at},
	})
}

// Groups gives every group.
func (s *ComplianceService) Groups(ctx context.Context) ([]Group, error) {
	return all[Group](ctx, s.wire, operation{method: methodGet, pattern: nativeGroups})
}

// CreateGroup adds a group without members. A second one of one name is refused,
// see [IsConflict].
func (s *ComplianceService) CreateGroup(ctx context.Context, name string) (Group, error) {
	return ask[Group](ctx, s.wire, operation{method: methodPost, pattern: nativeGroups, body: groupName{name}})
}

// RenameGroup gives a group another name.
func (s *ComplianceService) RenameGroup(ctx context.Context, id GroupID, name string) (Group, error) {
	return ask[Group](ctx, s.wire, operation{method: methodPatch, pattern: nativeGroups + "/{id}", args: []string{number(id)}, body: groupName{name}})
}

// DeleteGroup removes a group with its memberships. One that something names is
// refused, see [IsConflict].
func (s *ComplianceService) DeleteGroup(ctx context.Context, id GroupID) error {
	return tell(ctx, s.wire, operation{method: methodDelete, pattern: nativeGroups + "/{id}", args: []string{number(id)}})
}

// Members gives every member of a group, by number, page by page. It ends with
// the first error.
func (s *ComplianceService) Members(ctx context.Context, id GroupID) iter.Seq2[PersonnelID, error] {
	const pattern = nativeGroups + "/{id}/members"
	return eachByCursor(methodGet+" "+pattern, "", func(cursor string) ([]PersonnelID, *string, error) {
		q := newQuery()
		q.number("limit", nativeLargestPage)
		put(q, "cursor", cursor)
		page, err := ask[membersPage](ctx, s.wire, operation{method: methodGet, pattern: pattern, args: []string{number(id)}, query: q.values})
		return page.Data, page.Pagination.Cursor, err
	})
}

// ChangeMembers adds people to a group and removes others, at most 1,000
// together. One who does not exist refuses all.
func (s *ComplianceService) ChangeMembers(ctx context.Context, id GroupID, add, remove []PersonnelID) error {
	return tell(ctx, s.wire, operation{method: methodPost, pattern: nativeGroups + "/{id}/members", args: []string{number(id)}, body: membersChange{add, remove}})
}

func ask[T checked](ctx context.Context, w *wire, op operation) (T, error) {
	v, _, err := call[T](ctx, w, op)
	return v, err
}

// all gives the records of a list that has no pages.
func all[T any](ctx context.Context, w *wire, op operation) ([]T, error) {
	list, err := ask[shortList[T]](ctx, w, op)
	return list.Data, err
}

// Moment is an instant, or a day, which begins where the company is. "" says
// nothing. Make one with [At] or [On].
type Moment string

// At is an instant.
func At(t time.Time) Moment { return Moment(t.UTC().Format(time.RFC3339Nano)) }

// On is the beginning of a day, where the company is.
func On(d Date) Moment { return Moment(d) }

// ExclusionParams selects exclusions. What is zero is not sent; all that is sent
// must hold.
type ExclusionParams struct {
	PersonnelID PersonnelID // of the person and of their groups; a 404 if there is no such person
	GroupID     GroupID
	Active      *bool // in force now
}

func (p ExclusionParams) query() query {
	q := newQuery()
	q.number("personnelId", int64(p.PersonnelID))
	q.number("groupId", int64(p.GroupID))
	q.yes("active", p.Active)
	return q
}
