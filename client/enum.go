package client

// The values below are those that the API documents. They are open: a server may
// answer one that this version of the package does not know, so keep a default
// in every switch.

// EmploymentStatus is how a person relates to the company.
type EmploymentStatus string

// The ten statuses.
const (
	StatusCurrentEmployee         EmploymentStatus = "CURRENT_EMPLOYEE"
	StatusFormerEmployee          EmploymentStatus = "FORMER_EMPLOYEE"
	StatusCurrentContractor       EmploymentStatus = "CURRENT_CONTRACTOR"
	StatusFormerContractor        EmploymentStatus = "FORMER_CONTRACTOR"
	StatusOutOfScope              EmploymentStatus = "OUT_OF_SCOPE" // not a person in scope; has a reason
	StatusUnknown                 EmploymentStatus = "UNKNOWN"      // matched no HR record
	StatusSpecialFormerEmployee   EmploymentStatus = "SPECIAL_FORMER_EMPLOYEE"
	StatusSpecialFormerContractor EmploymentStatus = "SPECIAL_FORMER_CONTRACTOR"
	StatusFutureHire              EmploymentStatus = "FUTURE_HIRE" // starts on a day to come
	StatusServiceAccount          EmploymentStatus = "SERVICE_ACCOUNT"
)

// EmploymentStatusFilter selects by status: one of eight statuses, or one of three
// sets of them.
type EmploymentStatusFilter string

// The filters. OnlyAllPersonnel selects everyone.
const (
	OnlyCurrentEmployee     EmploymentStatusFilter = "CURRENT_EMPLOYEE"
	OnlyFormerEmployee      EmploymentStatusFilter = "FORMER_EMPLOYEE"
	OnlyCurrentContractor   EmploymentStatusFilter = "CURRENT_CONTRACTOR"
	OnlyFormerContractor    EmploymentStatusFilter = "FORMER_CONTRACTOR"
	OnlyOutOfScope          EmploymentStatusFilter = "OUT_OF_SCOPE"
	OnlyUnknown             EmploymentStatusFilter = "UNKNOWN"
	OnlyFutureHire          EmploymentStatusFilter = "FUTURE_HIRE"
	OnlyServiceAccount      EmploymentStatusFilter = "SERVICE_ACCOUNT"
	OnlyAllCurrentPersonnel EmploymentStatusFilter = "ALL_CURRENT_PERSONNEL" // current employees and contractors
	OnlyAllFormerPersonnel  EmploymentStatusFilter = "ALL_FORMER_PERSONNEL"  // the four former statuses
	OnlyAllPersonnel        EmploymentStatusFilter = "ALL_PERSONNEL"
)

// CheckType names one of the fifteen requirements.
type CheckType string

// The fifteen checks.
const (
	CheckFullCompliance   CheckType = "FULL_COMPLIANCE" // none of the others fails or cannot be told
	CheckAcceptedPolicies CheckType = "ACCEPTED_POLICIES"
	CheckIdentityMFA      CheckType = "IDENTITY_MFA"
	CheckBGCheck          CheckType = "BG_CHECK"
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

// CheckStatus is the outcome of a check.
type CheckStatus string

// The four outcomes.
const (
	CheckMisconfigured CheckStatus = "MISCONFIGURED" // cannot be told: no source, or an unknown fact
	CheckPass          CheckStatus = "PASS"
	CheckFail          CheckStatus = "FAIL"
	CheckExcluded      CheckStatus = "EXCLUDED" // does not apply
)

// CheckFrequency says how often a check is made.
type CheckFrequency string

// The frequencies.
const (
	FrequencyOnce           CheckFrequency = "ONCE"
	FrequencyHourly         CheckFrequency = "HOURLY"
	FrequencyFourTimesDaily CheckFrequency = "QID"
	FrequencyDaily          CheckFrequency = "DAILY"
	FrequencyWeekly         CheckFrequency = "WEEKLY"
	FrequencyBiweekly       CheckFrequency = "BIWEEKLY"
	FrequencyMonthly        CheckFrequency = "MONTHLY"
	FrequencyQuarterly      CheckFrequency = "QUARTERLY"
	FrequencyYearly         CheckFrequency = "YEARLY"
)
