package native

import (
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// ComplianceRules is what counts as compliant in the company.
type ComplianceRules struct {
	Checks            CheckRules `json:"checks"`
	ScreenLockSeconds int64      `json:"screenLockSeconds"`
	ReportingDays     int64      `json:"reportingDays"`
	UpdatedAt         *Time      `json:"updatedAt"` // nil: never changed
}

// AppendJSON implements [rest.Response].
func (r *ComplianceRules) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Value("checks", r.Checks)
	o.Int("screenLockSeconds", r.ScreenLockSeconds)
	o.Int("reportingDays", r.ReportingDays)
	putTimeOrNull(&o, "updatedAt", r.UpdatedAt)
	return o.End()
}

// CheckRules is the rules of all fifteen checks, by the check.
type CheckRules []CheckRule

// CheckRule is what the company asks for with one check.
type CheckRule struct {
	Type          workforce.CheckType          `json:"-"` // the key
	Required      bool                         `json:"required"`
	Statuses      []workforce.EmploymentStatus `json:"statuses"`
	GroupIDs      []int64                      `json:"groupIds"` // empty: everyone
	RenewalMonths int64                        `json:"renewalMonths"`
	Frequency     workforce.CheckFrequency     `json:"frequency"`
	Sources       []workforce.DeviceSource     `json:"sources"`       // empty: all
	MissingRecord *MissingRecord               `json:"missingRecord"` // nil: does not matter to the check
}

// MissingRecord is the outcome for somebody of whom nothing is on record.
type MissingRecord workforce.CheckStatus

// missingRecords are the two outcomes that the company may choose.
var missingRecords = []MissingRecord{MissingRecord(workforce.CheckMisconfigured), MissingRecord(workforce.CheckFail)}

// Values is both outcomes.
func (MissingRecord) Values() []string {
	return each(missingRecords, func(m MissingRecord) string { return string(m) })
}

// AppendJSON implements [rest.Response].
func (r *CheckRule) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Bool("required", r.Required)
	rest.Texts(&o, "statuses", r.Statuses)
	putInts(&o, "groupIds", r.GroupIDs)
	o.Int("renewalMonths", r.RenewalMonths)
	o.String("frequency", string(r.Frequency))
	rest.Texts(&o, "sources", r.Sources)
	rest.TextOrNull(&o, "missingRecord", r.MissingRecord)
	return o.End()
}

// Keyed says what the keys are and what stands under them.
func (CheckRules) Keyed() (key, element any) { return workforce.CheckType(""), CheckRule{} }

// HasAllKeys says that no key is ever left out.
func (CheckRules) HasAllKeys() bool { return true }

// AppendJSON implements [rest.Response].
func (r CheckRules) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	for i := range r {
		o.Value(string(r[i].Type), &r[i])
	}
	return o.End()
}

// MarshalJSON implements [json.Marshaler], by the same text.
func (r CheckRules) MarshalJSON() ([]byte, error) { return r.AppendJSON(nil), nil }

func toWireRules(r workforce.Rules) *ComplianceRules {
	return &ComplianceRules{
		Checks: each(r.Checks, func(c workforce.CheckRule) CheckRule {
			return CheckRule{
				Type: c.Type, Required: c.Required, Statuses: each(c.Statuses, same[workforce.EmploymentStatus]), GroupIDs: each(c.GroupIDs, toInt[workforce.GroupID]),
				RenewalMonths: int64(c.RenewalMonths), Frequency: c.Frequency, Sources: each(c.Sources, same[workforce.DeviceSource]),
				MissingRecord: given(MissingRecord(c.MissingRecord)),
			}
		}),
		ScreenLockSeconds: r.ScreenLockSeconds, ReportingDays: int64(r.ReportingDays), UpdatedAt: timeOf(r.UpdatedAt),
	}
}

// RulesPreview is what other rules would change.
type RulesPreview struct {
	Assessed int64      `json:"assessed"` // people whom the change touches
	Flipped  int64      `json:"flipped"`  // of them, those with another outcome
	Counts   FlipCounts `json:"counts"`
	Flips    []Flip     `json:"flips"` // the first ones
}

// AppendJSON implements [rest.Response].
func (p *RulesPreview) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("assessed", p.Assessed)
	o.Int("flipped", p.Flipped)
	o.Value("counts", p.Counts)
	putList(&o, "flips", p.Flips)
	return o.End()
}

// Flip is a check of a person that would come out otherwise.
type Flip struct {
	PersonnelID int64                 `json:"personnelId"`
	UserID      int64                 `json:"userId"`
	Email       string                `json:"email"`
	Type        workforce.CheckType   `json:"type"`
	From        workforce.CheckStatus `json:"from"`
	To          workforce.CheckStatus `json:"to"`
	Reasons     []CheckReason         `json:"reasons"`
}

// AppendJSON implements [rest.Response].
func (f Flip) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("personnelId", f.PersonnelID)
	o.Int("userId", f.UserID)
	o.String("email", f.Email)
	o.String("type", string(f.Type))
	o.String("from", string(f.From))
	o.String("to", string(f.To))
	putList(&o, "reasons", f.Reasons)
	return o.End()
}

// FlipCounts is how many people a check would take from one outcome to another:
// by the check, by the outcome before, by the one after. What nobody has is left
// out.
type FlipCounts []FlipsOfCheck

// FlipsOfCheck is the flips of one check.
type FlipsOfCheck struct {
	Type workforce.CheckType
	From FlipsFrom
}

// FlipsFrom is the flips of one check, by the outcome before.
type FlipsFrom []FlipsTo

// FlipsTo is how many would come to each outcome from one.
type FlipsTo struct {
	From workforce.CheckStatus
	To   Counts[workforce.CheckStatus]
}

// Keyed says what the keys are and what stands under them.
func (FlipCounts) Keyed() (key, element any) { return workforce.CheckType(""), FlipsFrom(nil) }

// AppendJSON implements [rest.Response].
func (f FlipCounts) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	for _, c := range f {
		o.Value(string(c.Type), c.From)
	}
	return o.End()
}

// MarshalJSON implements [json.Marshaler], by the same text.
func (f FlipCounts) MarshalJSON() ([]byte, error) { return f.AppendJSON(nil), nil }

// Keyed says what the keys are and what stands under them.
func (FlipsFrom) Keyed() (key, element any) {
	return workforce.CheckStatus(""), Counts[workforce.CheckStatus](nil)
}

// AppendJSON implements [rest.Response].
func (f FlipsFrom) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	for _, c := range f {
		o.Value(string(c.From), c.To)
	}
	return o.End()
}

// MarshalJSON implements [json.Marshaler], by the same text.
func (f FlipsFrom) MarshalJSON() ([]byte, error) { return f.AppendJSON(nil), nil }

func toWirePreview(p compliance.Preview) *RulesPreview {
	out := &RulesPreview{
		Assessed: p.Assessed, Flipped: p.Flipped, Counts: FlipCounts{},
		Flips: each(p.Flips, func(f compliance.Flip) Flip {
			return Flip{int64(f.PersonnelID), int64(f.UserID), f.Email, f.Type, f.From, f.To, each(f.Reasons, toWireReason)}
		}),
	}
	for _, t := range workforce.AllCheckTypes {
		var from FlipsFrom
		for _, before := range workforce.AllCheckStatuses {
			to := map[workforce.CheckStatus]int64{}
			for _, after := range workforce.AllCheckStatuses {
				to[after] = p.Counts[t][[2]workforce.CheckStatus{before, after}]
			}
			if counts := countsOf(workforce.AllCheckStatuses, to); len(counts) > 0 {
				from = append(from, FlipsTo{before, counts})
			}
		}
		if from != nil {
			out.Counts = append(out.Counts, FlipsOfCheck{t, from})
		}
	}
	return out
}
