package native

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// PersonCompliance is the checks of a person with why they came out so.
type PersonCompliance struct {
	PersonnelID      int64                      `json:"personnelId"`
	UserID           int64                      `json:"userId"`
	Email            string                     `json:"email"`
	EmploymentStatus workforce.EmploymentStatus `json:"employmentStatus"`
	Status           workforce.CheckStatus      `json:"status"`     // that of FULL_COMPLIANCE
	AssessedAt       *Time                      `json:"assessedAt"` // nil: never
	NextDueAt        *Time                      `json:"nextDueAt"`  // nil: never
	Checks           []ExplainedCheck           `json:"checks"`     // all fifteen
}

// AppendJSON implements [rest.Response].
func (p *PersonCompliance) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("personnelId", p.PersonnelID)
	o.Int("userId", p.UserID)
	o.String("email", p.Email)
	o.String("employmentStatus", string(p.EmploymentStatus))
	o.String("status", string(p.Status))
	putTimeOrNull(&o, "assessedAt", p.AssessedAt)
	putTimeOrNull(&o, "nextDueAt", p.NextDueAt)
	rest.List(&o, "checks", pointers(p.Checks), func(b []byte, c *ExplainedCheck) []byte { return c.AppendJSON(b) })
	return o.End()
}

// ExplainedCheck is how a check came out, why, and on what evidence.
type ExplainedCheck struct {
	Type           workforce.CheckType      `json:"type"`
	Status         workforce.CheckStatus    `json:"status"`
	CompletionDate *Time                    `json:"completionDate"`
	ExpiresAt      *Time                    `json:"expiresAt"`
	CheckFrequency workforce.CheckFrequency `json:"checkFrequency"`
	LastCheckedAt  *Time                    `json:"lastCheckedAt"`
	NextDueAt      *Time                    `json:"nextDueAt"` // nil: never
	Reasons        []CheckReason            `json:"reasons"`
	Evidence       []CheckEvidence          `json:"evidence"`
}

// AppendJSON implements [rest.Response].
func (c *ExplainedCheck) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.String("type", string(c.Type))
	o.String("status", string(c.Status))
	putTimeOrNull(&o, "completionDate", c.CompletionDate)
	putTimeOrNull(&o, "expiresAt", c.ExpiresAt)
	o.String("checkFrequency", string(c.CheckFrequency))
	putTimeOrNull(&o, "lastCheckedAt", c.LastCheckedAt)
	putTimeOrNull(&o, "nextDueAt", c.NextDueAt)
	putList(&o, "reasons", c.Reasons)
	putList(&o, "evidence", c.Evidence)
	return o.End()
}

// ReasonCode is the cause of an outcome, for programs.
type ReasonCode string

// Values is every code.
func (ReasonCode) Values() []string {
	var out []string
	for _, use := range check.AllCodes {
		out = append(out, string(use.Code))
	}
	return out
}

// CheckReason says why a check came out as it did, and what to do about it.
type CheckReason struct {
	Code    ReasonCode `json:"code"`
	Message string     `json:"message"`
	Remedy  *string    `json:"remedy"` // nil: nothing is to be done
}

// AppendJSON implements [rest.Response].
func (r CheckReason) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.String("code", string(r.Code))
	o.String("message", r.Message)
	o.StringOrNull("remedy", r.Remedy)
	return o.End()
}

// EvidenceKind is a kind of record that a check rests on.
type EvidenceKind string

// Values is every kind.
func (EvidenceKind) Values() []string {
	return each(check.AllEvidenceKinds, func(k check.EvidenceKind) string { return string(k) })
}

// CheckEvidence names a record that a check rests on.
type CheckEvidence struct {
	Kind        EvidenceKind `json:"kind"`
	ID          int64        `json:"id"`          // among those of the kind
	AccountKind *Kind        `json:"accountKind"` // of accounts, which are numbered by kind
	Label       *string      `json:"label"`
	At          *Time        `json:"at"` // nil: not known
	Detail      *string      `json:"detail"`
}

// AppendJSON implements [rest.Response].
func (e CheckEvidence) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.String("kind", string(e.Kind))
	o.Int("id", e.ID)
	rest.TextOrNull(&o, "accountKind", e.AccountKind)
	o.StringOrNull("label", e.Label)
	putTimeOrNull(&o, "at", e.At)
	o.StringOrNull("detail", e.Detail)
	return o.End()
}

func toWireCompliance(e compliance.Explanation) *PersonCompliance {
	out := &PersonCompliance{
		PersonnelID: int64(e.Personnel.ID), UserID: int64(e.User.ID), Email: e.User.Email,
		EmploymentStatus: e.Personnel.EmploymentStatus, AssessedAt: timeOf(e.AssessedAt), NextDueAt: timeOf(e.NextDue),
		Checks: each(e.Results, toWireExplained),
	}
	for i := range e.Results {
		if e.Results[i].Type == workforce.CheckFullCompliance {
			out.Status = e.Results[i].Status
		}
	}
	return out
}

func toWireExplained(r check.Result) ExplainedCheck {
	return ExplainedCheck{
		Type: r.Type, Status: r.Status, CompletionDate: timeOf(r.CompletionDate), ExpiresAt: timeOf(r.ExpiresAt),
		CheckFrequency: r.CheckFrequency, LastCheckedAt: timeOf(r.LastCheckedAt), NextDueAt: timeOf(r.NextDue),
		Reasons: each(r.Reasons, toWireReason), Evidence: each(r.Evidence, toWireEvidence),
	}
}

func toWireReason(r check.Reason) CheckReason {
	return CheckReason{ReasonCode(r.Code), r.Message, given(r.Remedy)}
}

func toWireEvidence(e check.Evidence) CheckEvidence {
	out := CheckEvidence{
		Kind: EvidenceKind(e.Kind), ID: e.ID, Label: given(e.Label), At: timeOf(e.At), Detail: given(e.Detail),
	}
	if e.AccountKind != "" {
		out.AccountKind = given(kindOf(e.AccountKind))
	}
	return out
}

func bindPersonnelID(b *rest.Binder) workforce.PersonnelID {
	return workforce.PersonnelID(b.PathInt("id", rest.Min(1)))
}

func bindEmail(b *rest.Binder) string { return b.PathText("email") }

func (h handlers) explain(ctx context.Context, _ *rest.Request, id workforce.PersonnelID) (rest.Response, error) {
	e, err := h.compliance.Explain(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("explaining the checks of a person: %w", err)
	}
	return toWireCompliance(e), nil
}

func (h handlers) explainByEmail(ctx context.Context, _ *rest.Request, email string) (rest.Response, error) {
	e, err := h.compliance.ExplainByEmail(ctx, email)
	if err != nil {
		return nil, fmt.Errorf("explaining the checks of a person: %w", err)
	}
	return toWireCompliance(e), nil
}
