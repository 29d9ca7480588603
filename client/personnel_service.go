package client

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strconv"
	"strings"
)

// PersonnelListParams selects, sorts and pages personnel. What is zero is not
// sent. Different fields must all hold; the values of one list are alternatives.
//
// Of the fields that end in Compliance, true selects people whose check is
// CheckPass or CheckExcluded, and false those with CheckFail or
// CheckMisconfigured.
type PersonnelListParams struct {
	Page  int64  // from 1
	Limit int64  // 1 to 50; List: 20 unless told, All: 50
	Q     string // part of the first name, the last name, both, or the e-mail; of any case
	Email string // the whole e-mail, of any case

	EmploymentStatus   EmploymentStatus
	EmploymentStatuses []EmploymentStatusFilter

	FullCompliance             *bool
	AcceptedPoliciesCompliance *bool
	IdentityMFACompliance      *bool
	BGCheckCompliance          *bool
	AgentInstalledCompliance   *bool
	PasswordManagerCompliance  *bool
	AutoUpdatesCompliance      *bool
	LocationServicesCompliance *bool
	HDEncryptionCompliance     *bool
	AntivirusCompliance        *bool
	LockScreenCompliance       *bool
	SecurityTrainingCompliance *bool
	HIPAATrainingCompliance    *bool
	NISTAITrainingCompliance   *bool
	DeviceCompliance           *bool // true: no device in use fails a check
	OffboardingEvidence        *bool // reads CheckOffboarding

	// MultiSecurityTrainingCompliance reads the training that
	// MultiTrainingComplianceType names: CheckSecurityTraining unless told,
	// CheckHIPAATraining or CheckNISTAITraining.
	MultiSecurityTrainingCompliance *bool
	MultiTrainingComplianceType     CheckType

	GroupIDs              []GroupID      // in any of these; one that does not exist is a 404
	MDMSourceType         DeviceSource   // has a device in use from there
	InverseMDMSourceTypes []DeviceSource // has none from any of these

	Sort    PersonnelSort
	SortDir SortDir
}

func (p PersonnelListParams) query() query {
	q := newQuery()
	q.number("page", p.Page)
	q.number("limit", p.Limit)
	put(q, "q", p.Q)
	put(q, "email", p.Email)
	put(q, "employmentStatus", p.EmploymentStatus)
	putAll(q, "employmentStatuses[]", p.EmploymentStatuses)
	q.yes("fullCompliance", p.FullCompliance)
	q.yes("acceptedPoliciesCompliance", p.AcceptedPoliciesCompliance)
	q.yes("identityMfaCompliance", p.IdentityMFACompliance)
	q.yes("bgCheckCompliance", p.BGCheckCompliance)
	q.yes("agentInstalledCompliance", p.AgentInstalledCompliance)
	q.yes("passwordManagerCompliance", p.PasswordManagerCompliance)
	q.yes("autoUpdatesCompliance", p.AutoUpdatesCompliance)
	q.yes("locationServicesCompliance", p.LocationServicesCompliance)
	q.yes("hdEncryptionCompliance", p.HDEncryptionCompliance)
	q.yes("antivirusCompliance", p.AntivirusCompliance)
	q.yes("lockScreenCompliance", p.LockScreenCompliance)
	q.yes("securityTrainingCompliance", p.SecurityTrainingCompliance)
	q.yes("hipaaTrainingCompliance", p.HIPAATrainingCompliance)
	q.yes("nistaiTrainingCompliance", p.NISTAITrainingCompliance)
	q.yes("deviceCompliance", p.DeviceCompliance)
	q.yes("multiSecurityTrainingCompliance", p.MultiSecurityTrainingCompliance)
	put(q, "multiTrainingComplianceType", p.MultiTrainingComplianceType)
	q.yes("offboardingEvidence", p.OffboardingEvidence)
	putNumbers(q, "groupIds", p.GroupIDs)
	put(q, "sort", p.Sort)
	put(q, "sortDir", p.SortDir)
	put(q, "mdmSourceType", p.MDMSourceType)
	putAll(q, "inverseMdmSourceTypes[]", p.InverseMDMSourceTypes)
	return q
}

// PersonnelService is the operations on personnel. Its errors are those of the
// package comment. Reading needs the permissions personnel:list and
// personnel:get; each change names its own.
type PersonnelService struct{ wire *wire }

// List gives one page.
func (s *PersonnelService) List(ctx context.Context, p PersonnelListParams) (PersonnelPage, error) {
	page, _, err := call[PersonnelPage](ctx, s.wire, operation{
		method: methodGet, pattern: "/public/personnel", query: p.query().values,
	})
	return page, err
}

// All gives every record that the parameters select, from their Page on. It ends
// with the first error.
func (s *PersonnelService) All(ctx context.Context, p PersonnelListParams) iter.Seq2[PersonnelListItem, error] {
	if p.Limit == 0 {
		p.Limit = largestPage
	}
	return eachByNumber(p.Page, func(number int64) (Page[PersonnelListItem], error) {
		p := p
		p.Page = number
		page, err := s.List(ctx, p)
		return page.Page, err
	})
}

// Get gives a record by its number; see [IsNotFound].
func (s *PersonnelService) Get(ctx context.Context, id PersonnelID) (Personnel, error) {
	return s.one(ctx, operation{method: methodGet, pattern: "/public/personnel/{id}", args: []string{number(id)}})
}

// GetByEmail gives the record of the user with the e-mail, of any case; see
// [IsNotFound].
func (s *PersonnelService) GetByEmail(ctx context.Context, email string) (Personnel, error) {
	if err := checkEmail(email); err != nil {
		return Personnel{}, err
	}
	return s.one(ctx, operation{method: methodGet, pattern: "/public/personnel/{email}/email", args: []string{email}})
}

func (s *PersonnelService) one(ctx context.Context, op operation) (Personnel, error) {
	p, _, err := call[Personnel](ctx, s.wire, op)
	return p, err
}

// checkEmail refuses what would ask for something other than a person. The text
// is not quoted: it may be somebody's name.
func checkEmail(email string) error {
	if at := strings.IndexByte(email, '@'); at < 1 || at == len(email)-1 {
		return errors.New("this is not an e-mail address: want one like jane@example.com")
	}
	return nil
}

// ContractDates is the first and the last day of a person. A SeparationDate that
// is nil keeps the last day as it is; ClearSeparationDate takes it away.
type ContractDates struct {
	StartDate           Date // required
	SeparationDate      *Date
	ClearSeparationDate bool
}

// SetContractDates sets the days, and pins them: no source changes them until a
// reset-sync. A last day before the first is a conflict. It needs the permission
// personnel:update-dates.
func (s *PersonnelService) SetContractDates(ctx context.Context, id PersonnelID, d ContractDates) (Personnel, error) {
	body := map[string]any{"startDate": d.StartDate}
	switch {
	case d.ClearSeparationDate && d.SeparationDate != nil:
		return Personnel{}, errors.New("SeparationDate and ClearSeparationDate contradict each other: give one")
	case d.ClearSeparationDate:
		body["separationDate"] = nil
	case d.SeparationDate != nil:
		body["separationDate"] = *d.SeparationDate
	}
	return s.one(ctx, operation{
		method: methodPut, pattern: "/public/personnel/{id}/contract-dates", args: []string{number(id)}, body: body,
	})
}

// StatusChange is a new employment status with what it needs.
type StatusChange struct {
	EmploymentStatus EmploymentStatus `json:"employmentStatus"`
	NotHumanReason   string           `json:"notHumanReason,omitzero"` // required for StatusOutOfScope
	SeparationDate   Date             `json:"separationDate,omitzero"` // required for StatusFormerEmployee and StatusFormerContractor
}

// SetStatus sets the employment status, and pins it: no source changes it until a
// reset-sync. A separation date that is before the first day or still to come is
// a conflict. It needs the permission personnel:update-status.
func (s *PersonnelService) SetStatus(ctx context.Context, id PersonnelID, c StatusChange) (Personnel, error) {
	return s.one(ctx, operation{
		method: methodPut, pattern: "/public/personnel/{id}/status", args: []string{number(id)}, body: c,
	})
}

// ResetResult is the outcome of a reset-sync. The API answers one record also
// where many were meant.
type ResetResult struct {
	Personnel Personnel // the one that was meant, or the first of them
	Affected  *int64    // how many were reset; nil if the server does not say
}

// ResetSync drops what was set by hand on one record, and applies what the
// sources said last. A record that no source knows is a conflict. It needs the
// permission personnel:reset-sync, as do the two below.
func (s *PersonnelService) ResetSync(ctx context.Context, id PersonnelID) (ResetResult, error) {
	return s.reset(ctx, operation{
		method: methodPut, pattern: "/public/personnel/reset-sync/{personnelId}", args: []string{number(id)},
	})
}

// ResetSyncSome is ResetSync for several records, of which those that no source
// knows are left alone. If one does not exist, nothing is changed; see
// [IsNotFound].
func (s *PersonnelService) ResetSyncSome(ctx context.Context, ids ...PersonnelID) (ResetResult, error) {
	return s.reset(ctx, operation{
		method: methodPut, pattern: "/public/personnel/some/reset-sync",
		body: map[string]any{"personnelIds": append([]PersonnelID{}, ids...)},
	})
}

// ResetSyncAll is ResetSync for everybody.
func (s *PersonnelService) ResetSyncAll(ctx context.Context) (ResetResult, error) {
	return s.reset(ctx, operation{method: methodPut, pattern: "/public/personnel/all/reset-sync"})
}

func (s *PersonnelService) reset(ctx context.Context, op operation) (ResetResult, error) {
	p, header, err := call[Personnel](ctx, s.wire, op)
	if err != nil {
		return ResetResult{}, err
	}
	return ResetResult{Personnel: p, Affected: affected(header)}, nil
}

// affected reads the header that Passmuster adds.
func affected(h http.Header) *int64 {
	n, err := strconv.ParseInt(h.Get("X-Personnel-Affected"), 10, 64)
	if err != nil || n < 0 {
		return nil
	}
	return &n
}
