package workforce

import (
	"slices"
	"time"
)

// CheckRule is what the company asks for with one check.
type CheckRule struct {
	Type CheckType `json:"type"`
	// Required: false excludes everyone.
	Required bool `json:"required"`
	// Statuses are the employment statuses that the check is asked of.
	Statuses []EmploymentStatus `json:"statuses"`
	// GroupIDs limits it to the members of these groups; empty: everyone.
	GroupIDs []GroupID `json:"groupIds,omitempty"`
	// RenewalMonths is after how many months it has to be met again; 0: never.
	// It counts for acknowledgements, background checks and trainings.
	RenewalMonths int `json:"renewalMonths"`
	// Frequency is shown with the result; results are kept current at any time.
	Frequency CheckFrequency `json:"frequency"`
	// Sources are the device sources that count, the most trusted first: of one
	// machine that several sources report, the first that knows decides. Empty:
	// every source, in the order of [AllDeviceSources]. Device checks and
	// AGENT_INSTALLED only.
	Sources []DeviceSource `json:"sources,omitempty"`
	// MissingRecord is the outcome for a person of whom nothing at all is on
	// record: MISCONFIGURED (nobody told us) or FAIL. BG_CHECK and trainings
	// only.
	MissingRecord CheckStatus `json:"missingRecord,omitempty"`
}

// AppliesTo reports whether the check is asked of a person.
func (r CheckRule) AppliesTo(s EmploymentStatus, groups []GroupID) bool {
	return r.Required && slices.Contains(r.Statuses, s) && (len(r.GroupIDs) == 0 || anyOf(r.GroupIDs, groups))
}

// Rules is what counts as compliant in the company.
type Rules struct {
	Checks []CheckRule `json:"checks"` // all fifteen, in the order of [AllCheckTypes]
	// ScreenLockSeconds is after how long without use a screen must lock at the
	// latest.
	ScreenLockSeconds int64 `json:"screenLockSeconds"`
	// ReportingDays is how recently a device must have reported for
	// AGENT_INSTALLED.
	ReportingDays int        `json:"reportingDays"`
	UpdatedAt     *time.Time `json:"updatedAt,omitempty"` // nil: the defaults
}

// Of gives the rule of a check.
func (r *Rules) Of(t CheckType) *CheckRule {
	for i := range r.Checks {
		if r.Checks[i].Type == t {
			return &r.Checks[i]
		}
	}
	return nil
}

// The bounds of the rules.
const (
	MaxRenewalMonths     = 120
	MaxScreenLockSeconds = 24 * 60 * 60
	MaxReportingDays     = 366
)

// DefaultRules are the rules of a new company: everything but the two special
// trainings is asked of whoever works here or may do, offboarding of whoever
// left.
func DefaultRules() Rules {
	here := []EmploymentStatus{CurrentEmployee, CurrentContractor, UnknownStatus}
	left := []EmploymentStatus{FormerEmployee, FormerContractor, SpecialFormerEmployee, SpecialFormerContractor}
	frequency := map[CheckType]CheckFrequency{
		CheckFullCompliance: "DAILY", CheckAcceptedPolicies: "YEARLY", CheckIdentityMFA: "HOURLY", CheckBackground: "ONCE",
		CheckAgentInstalled: "QID", CheckPasswordManager: "DAILY", CheckHDDEncryption: "WEEKLY", CheckAntivirus: "DAILY",
		CheckAutoUpdates: "BIWEEKLY", CheckLockScreen: "MONTHLY", CheckSecurityTraining: "YEARLY",
		CheckLocationServices: "QUARTERLY", CheckHIPAATraining: "YEARLY", CheckOffboarding: "ONCE", CheckNISTAITraining: "YEARLY",
	}
	rules := Rules{ScreenLockSeconds: 15 * 60, ReportingDays: 30}
	for _, t := range AllCheckTypes {
		rule := CheckRule{Type: t, Required: true, Statuses: slices.Clone(here), Frequency: frequency[t]}
		switch t {
		case CheckFullCompliance:
			rule.Statuses = append(slices.Clone(here), left...)
		case CheckOffboarding:
			rule.Statuses = left
		case CheckAcceptedPolicies:
			rule.RenewalMonths = 12
		case CheckBackground:
			rule.MissingRecord = CheckMisconfigured
		case CheckSecurityTraining:
			rule.RenewalMonths, rule.MissingRecord = 12, CheckMisconfigured
		case CheckHIPAATraining, CheckNISTAITraining:
			rule.Required, rule.RenewalMonths, rule.MissingRecord = false, 12, CheckMisconfigured
		default: // devices and MFA: nothing more to say
		}
		rules.Checks = append(rules.Checks, rule)
	}
	return rules
}

// Validate refuses rules that cannot be, and names the first field at fault.
func (r *Rules) Validate() error {
	if r.ScreenLockSeconds < 1 || r.ScreenLockSeconds > MaxScreenLockSeconds {
		return RefuseField("screenLockSeconds", "screenLockSeconds must be a whole number from 1 to %d", MaxScreenLockSeconds)
	}
	if r.ReportingDays < 1 || r.ReportingDays > MaxReportingDays {
		return RefuseField("reportingDays", "reportingDays must be a whole number from 1 to %d", MaxReportingDays)
	}
	if len(r.Checks) != len(AllCheckTypes) {
		return RefuseField("checks", "checks must have the rules of all %d checks", len(AllCheckTypes))
	}
	for i, t := range AllCheckTypes {
		if r.Checks[i].Type != t {
			return RefuseField("checks", "checks must have each check once, in the documented order: %s is missing or elsewhere", t)
		}
		if err := r.Checks[i].validate(); err != nil {
			return err
		}
	}
	return nil
}

func (r *CheckRule) validate() error {
	for _, s := range r.Statuses {
		if !slices.Contains(AllEmploymentStatuses, s) {
			return RefuseField("statuses", "statuses of %s: %q is not one of %v", r.Type, clip(string(s)), AllEmploymentStatuses)
		}
	}
	for _, s := range r.Sources {
		if !slices.Contains(AllDeviceSources, s) {
			return RefuseField("sources", "sources of %s: %q is not one of %v", r.Type, clip(string(s)), AllDeviceSources)
		}
	}
	switch {
	case !slices.Contains(AllCheckFrequencies, r.Frequency):
		return RefuseField("frequency", "frequency of %s must be one of %v", r.Type, AllCheckFrequencies)
	case r.RenewalMonths < 0 || r.RenewalMonths > MaxRenewalMonths:
		return RefuseField("renewalMonths", "renewalMonths of %s must be a whole number from 0 to %d", r.Type, MaxRenewalMonths)
	case r.RenewalMonths != 0 && !r.Type.renews():
		return RefuseField("renewalMonths", "renewalMonths of %s must be 0: it is judged anew at any time", r.Type)
	case len(r.Sources) != 0 && !r.Type.ofDevices():
		return RefuseField("sources", "sources of %s must be empty: it does not ask devices", r.Type)
	case r.Type.recorded() && r.MissingRecord != CheckMisconfigured && r.MissingRecord != CheckFail:
		return RefuseField("missingRecord", "missingRecord of %s must be MISCONFIGURED or FAIL", r.Type)
	case !r.Type.recorded() && r.MissingRecord != "":
		return RefuseField("missingRecord", "missingRecord of %s must be absent", r.Type)
	}
	return nil
}

// recorded reports whether the check asks for a record that a person makes or
// imports.
func (t CheckType) recorded() bool {
	return t == CheckBackground || slices.Contains(AllTrainingTypes, t)
}

// renews reports whether what meets the check may be asked for again.
func (t CheckType) renews() bool { return t == CheckAcceptedPolicies || t.recorded() }

// ofDevices reports whether the check asks devices.
func (t CheckType) ofDevices() bool {
	return t == CheckAgentInstalled || slices.Contains(AllDeviceCheckTypes, t)
}
