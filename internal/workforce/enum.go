package workforce

import "slices"

// EmploymentStatus says in which relation a person stands to the company.
type EmploymentStatus string

// The ten employment statuses.
const (
	CurrentEmployee         EmploymentStatus = "CURRENT_EMPLOYEE"
	FormerEmployee          EmploymentStatus = "FORMER_EMPLOYEE"
	CurrentContractor       EmploymentStatus = "CURRENT_CONTRACTOR"
	FormerContractor        EmploymentStatus = "FORMER_CONTRACTOR"
	OutOfScope              EmploymentStatus = "OUT_OF_SCOPE"
	UnknownStatus           EmploymentStatus = "UNKNOWN" // matched no HRIS record
	SpecialFormerEmployee   EmploymentStatus = "SPECIAL_FORMER_EMPLOYEE"
	SpecialFormerContractor EmploymentStatus = "SPECIAL_FORMER_CONTRACTOR"
	FutureHire              EmploymentStatus = "FUTURE_HIRE"
	ServiceAccountStatus    EmploymentStatus = "SERVICE_ACCOUNT"
)

// AllEmploymentStatuses is every status in the order of the documentation,
// which is also the sort order of EMPLOYMENT_STATUS.
var AllEmploymentStatuses = []EmploymentStatus{
	CurrentEmployee, FormerEmployee, CurrentContractor, FormerContractor, OutOfScope,
	UnknownStatus, SpecialFormerEmployee, SpecialFormerContractor, FutureHire, ServiceAccountStatus,
}

// Former reports whether the person has left.
func (s EmploymentStatus) Former() bool {
	switch s {
	case FormerEmployee, FormerContractor, SpecialFormerEmployee, SpecialFormerContractor:
		return true
	default:
		return false
	}
}

// Current reports whether the person works here now.
func (s EmploymentStatus) Current() bool {
	return s == CurrentEmployee || s == CurrentContractor
}

// EmploymentStatusFilter is a value of the filter employmentStatuses[]: some
// of the statuses by name, and three names for sets of them.
type EmploymentStatusFilter string

// The three names for sets of statuses.
const (
	AllCurrentPersonnel EmploymentStatusFilter = "ALL_CURRENT_PERSONNEL"
	AllFormerPersonnel  EmploymentStatusFilter = "ALL_FORMER_PERSONNEL"
	AllPersonnel        EmploymentStatusFilter = "ALL_PERSONNEL"
)

// AllEmploymentStatusFilters is every value of the filter.
var AllEmploymentStatusFilters = []EmploymentStatusFilter{
	"CURRENT_EMPLOYEE", "FORMER_EMPLOYEE", "CURRENT_CONTRACTOR", "FORMER_CONTRACTOR", "OUT_OF_SCOPE",
	"UNKNOWN", "FUTURE_HIRE", "SERVICE_ACCOUNT", AllCurrentPersonnel, AllFormerPersonnel, AllPersonnel,
}

// Statuses is the set of statuses that the filter value selects.
func (f EmploymentStatusFilter) Statuses() []EmploymentStatus {
	var out []EmploymentStatus
	for _, s := range AllEmploymentStatuses {
		switch {
		case f == AllPersonnel,
			f == AllCurrentPersonnel && s.Current(),
			f == AllFormerPersonnel && s.Former(),
			string(f) == string(s):
			out = append(out, s)
		}
	}
	return out
}

// CheckType names one of the fifteen requirements.
type CheckType string

// The fifteen checks.
const (
	CheckFullCompliance   CheckType = "FULL_COMPLIANCE"
	CheckAcceptedPolicies CheckType = "ACCEPTED_POLICIES"
	CheckIdentityMFA      CheckType = "IDENTITY_MFA"
	CheckBackground       CheckType = "BG_CHECK"
	CheckAgentInstalled   CheckType = "AGENT_INSTALLED"
	CheckPasswordManager  CheckType = "PASSWORD_MANAGER"
	CheckHDDEncryption    CheckType = "HDD_ENCRYPTION"
	CheckAntivirus        CheckType = "ANTIVIRUS"
	CheckAutoUpdates      CheckType = "AUTO_UPDATES"
	CheckLockScreen       CheckType = "LOCK_SCREEN"
	CheckSecurityTraining CheckType = "SECURITY_TRAINING"
	CheckLocationServices CheckType = "LOCATION_SERVICES"
	CheckHIPAATraining    CheckType = "HIPAA_TRAINING"
	CheckOffboarding      CheckType = "OFFBOARDING"
	CheckNISTAITraining   CheckType = "NIST_AI_TRAINING"
)

// AllCheckTypes is every check. The order is part of the API: a check's number
// is made from its place here (see [CheckID]), so new ones go to the end.
var AllCheckTypes = []CheckType{
	CheckFullCompliance, CheckAcceptedPolicies, CheckIdentityMFA, CheckBackground, CheckAgentInstalled,
	CheckPasswordManager, CheckHDDEncryption, CheckAntivirus, CheckAutoUpdates, CheckLockScreen,
	CheckSecurityTraining, CheckLocationServices, CheckHIPAATraining, CheckOffboarding, CheckNISTAITraining,
}

// CheckID is the number of one person's check: personnel id × 16 + place of
// the type, so that it needs no counter, never changes and is never reused.
func CheckID(p PersonnelID, t CheckType) int64 {
	return int64(p)*16 + int64(slices.Index(AllCheckTypes, t))
}

// AllDeviceCheckTypes lists the checks that are made per device, in an order
// that is part of the API as well (see [DeviceCheckID]).
var AllDeviceCheckTypes = []CheckType{
	CheckPasswordManager, CheckHDDEncryption, CheckAntivirus, CheckAutoUpdates, CheckLockScreen, CheckLocationServices,
}

// DeviceCheckID is the number of one device's check: device id × 8 + place of
// the type, for the same reasons.
func DeviceCheckID(d DeviceID, t CheckType) int64 {
	return int64(d)*8 + int64(slices.Index(AllDeviceCheckTypes, t))
}

// CheckStatus is the outcome of a check.
type CheckStatus string

// The four outcomes.
const (
	CheckMisconfigured CheckStatus = "MISCONFIGURED" // cannot be told: no source, or an unknown fact
	CheckPass          CheckStatus = "PASS"
	CheckFail          CheckStatus = "FAIL"
	CheckExcluded      CheckStatus = "EXCLUDED" // does not apply to the person
)

// AllCheckStatuses is every outcome.
var AllCheckStatuses = []CheckStatus{CheckMisconfigured, CheckPass, CheckFail, CheckExcluded}

// CheckStatusSortOrder is the order in which lists sort by a check's status.
var CheckStatusSortOrder = []CheckStatus{CheckFail, CheckMisconfigured, CheckExcluded, CheckPass}

// Compliant reports whether the outcome counts as met in the filters
// "…Compliance=true": met or not required.
func (s CheckStatus) Compliant() bool { return s == CheckPass || s == CheckExcluded }

// CheckFrequency says how often a check is made.
type CheckFrequency string

// AllCheckFrequencies is every frequency.
var AllCheckFrequencies = []CheckFrequency{
	"ONCE", "HOURLY", "QID", "DAILY", "WEEKLY", "BIWEEKLY", "MONTHLY", "QUARTERLY", "YEARLY",
}

// BackgroundCheckStatus is the outcome of a background check.
type BackgroundCheckStatus string

// AllBackgroundCheckStatuses is every outcome.
var AllBackgroundCheckStatuses = []BackgroundCheckStatus{
	"PENDING", "OK", "ISSUE", "CANCELED", "EXPIRED", "OUT_OF_SCOPE",
}

// BackgroundCheckType says who made a background check.
type BackgroundCheckType string

// AllBackgroundCheckTypes is every maker.
var AllBackgroundCheckTypes = []BackgroundCheckType{
	"KARMACHECK", "MANUAL", "CERTN", "CHECKR", "HRIS_RIPPLING", "STERLING", "HIRERIGHT", "VETTY",
}

// BackgroundCheckSource says where a background check came from.
type BackgroundCheckSource string

// AllBackgroundCheckSources is every origin.
var AllBackgroundCheckSources = []BackgroundCheckSource{
	"DRATA", "CHECKR", "KARMACHECK", "RIPPLING_CHECKR", "CERTN", "STERLING", "HIRERIGHT", "VETTY",
}

// DocumentType says what a user's document is evidence of.
type DocumentType string

// AllDocumentTypes is every document type.
var AllDocumentTypes = []DocumentType{
	"SEC_TRAINING", "PASSWORD_MANAGER_EVIDENCE", "AUTO_UPDATES_EVIDENCE", "HARD_DRIVE_ENCRYPTION_EVIDENCE",
	"ANTIVIRUS_EVIDENCE", "LOCK_SCREEN_EVIDENCE", "MFA_EVIDENCE", "HIPAA_TRAINING_EVIDENCE",
	"OFFBOARDING_EVIDENCE", "NIST_AI_TRAINING_EVIDENCE",
}

// AllUploadTypes is the part of [AllDocumentTypes] that may be uploaded for a
// user, in the order of the API's documentation.
var AllUploadTypes = []DocumentType{"MFA_EVIDENCE", "SEC_TRAINING", "HIPAA_TRAINING_EVIDENCE", "OFFBOARDING_EVIDENCE"}

// AllDeviceDocumentTypes is the part of [AllDocumentTypes] that a device's
// document may have.
var AllDeviceDocumentTypes = []DocumentType{
	"PASSWORD_MANAGER_EVIDENCE", "AUTO_UPDATES_EVIDENCE", "HARD_DRIVE_ENCRYPTION_EVIDENCE",
	"ANTIVIRUS_EVIDENCE", "LOCK_SCREEN_EVIDENCE",
}

// DeviceSource names the system that reports a device.
type DeviceSource string

// AllDeviceSources is every source.
var AllDeviceSources = []DeviceSource{
	"AGENT", "JAMF", "INTUNE", "KANDJI", "JUMPCLOUD", "HEXNODE_UEM", "UNKNOWN", "RIPPLING",
	"WORKSPACE_ONE", "KOLIDE", "CUSTOM", "INTUNE_GCC_HIGH", "CUSTOM_XFA", "NINJAONE",
}

// AllPersonnelDeviceSources is the part of [AllDeviceSources] that the filters
// of the compatible personnel list name.
var AllPersonnelDeviceSources = AllDeviceSources[:12:12]

// AllIdentifierTypes lists what identifies a device.
var AllIdentifierTypes = []string{"SERIAL_NUMBER", "MAC_ADDRESS", "HARDWARE_UUID", "EXTERNAL_ID"}

// ConnectionState says whether a connection works.
type ConnectionState string

// The two states.
const (
	ConnectionActive        ConnectionState = "ACTIVE"
	ConnectionMisconfigured ConnectionState = "MISCONFIGURED"
)

// AllConnectionStates is every state, in sort order.
var AllConnectionStates = []ConnectionState{ConnectionActive, ConnectionMisconfigured}

// Role is what a user may do in the original product; "ADMIN" is the only one
// that has a meaning here (the default owner of API keys).
type Role string

// RoleAdmin is the role of the company's administrators.
const RoleAdmin Role = "ADMIN"

// AllRoles is every role of the API.
var AllRoles = []Role{
	"EMPLOYEE", "TECHGOV", "AUDITOR", "ADMIN", "ACT_AS_READ_ONLY", "APP", "RISK_MANAGER", "WORKSPACE_ADMINISTRATOR",
	"SERVICE_USER", "REVIEWER", "CONTROL_MANAGER", "PEOPLE_OPS", "POLICY_MANAGER", "DEVOPS_ENGINEER", "KNOWLEDGE_BASE",
	"TRUST_CENTER_MANAGER", "TRUST_CENTER_REVIEWER", "RISK_REGISTER_OWNER", "INTERNAL_AUDITOR",
	"RESTRICTED_CONTROL_MANAGER", "RESTRICTED_RISK_MANAGER", "READONLY_ADMIN", "READONLY_TECHGOV",
	"READONLY_RISK_MANAGER", "READONLY_CONTROL_MANAGER", "READONLY_POLICY_MANAGER", "READONLY_PEOPLE_OPS",
	"READONLY_WORKSPACE_ADMINISTRATOR", "READONLY_RESTRICTED_CONTROL_MANAGER", "READONLY_RESTRICTED_RISK_MANAGER",
	"READONLY_RISK_REGISTER_OWNER", "READONLY_REVIEWER", "READONLY_DEVOPS_ENGINEER",
	"READONLY_TRUST_CENTER_MANAGER", "TRUST_USER",
}

// Plan is what the company has paid for in the original product: it decides
// which operations answer 402.
type Plan string

// The three plans.
const (
	PlanNone Plan = "none" // no API at all
	PlanCore Plan = "core" // everything but user identities
	PlanFull Plan = "full"
)

// AllPlans is every plan.
var AllPlans = []Plan{PlanNone, PlanCore, PlanFull}

// Feature is what an operation needs of the plan.
type Feature string

// The features.
const (
	FeatureCore           Feature = "core"
	FeatureUserIdentities Feature = "user-identities"
)

// AllFeatures is every feature.
var AllFeatures = []Feature{FeatureCore, FeatureUserIdentities}

// Includes reports whether the plan has the feature.
func (p Plan) Includes(f Feature) bool {
	return p == PlanFull || p == PlanCore && f == FeatureCore
}

// PinField names a field of a personnel record that a person set by hand and
// that sources may therefore not change.
type PinField string

// The fields that can be pinned.
const (
	PinEmploymentStatus PinField = "EMPLOYMENT_STATUS"
	PinStartDate        PinField = "START_DATE"
	PinSeparationDate   PinField = "SEPARATION_DATE"
)

// AllPinFields is every field that can be pinned.
var AllPinFields = []PinField{PinEmploymentStatus, PinStartDate, PinSeparationDate}
