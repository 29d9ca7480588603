package check

import "github.com/passmuster/passmuster/internal/workforce"

// Code is the machine-readable cause of an outcome.
type Code string

// Why a check is not asked of a person.
const (
	NotRequired      Code = "NOT_REQUIRED"
	StatusNotCovered Code = "STATUS_NOT_COVERED"
	NotInGroup       Code = "NOT_IN_GROUP"
	Excluded         Code = "EXCLUSION"
	NoPolicyAssigned Code = "NO_POLICY_ASSIGNED"
	NothingRequired  Code = "NOTHING_REQUIRED"
)

// The causes of ACCEPTED_POLICIES.
const (
	NoPolicy               Code = "NO_POLICY"
	PolicyNotPublished     Code = "POLICY_NOT_PUBLISHED"
	PolicyNotAcknowledged  Code = "POLICY_NOT_ACKNOWLEDGED"
	PolicyNewVersion       Code = "POLICY_NEW_VERSION"
	AcknowledgementExpired Code = "ACKNOWLEDGEMENT_EXPIRED"
	PoliciesAcknowledged   Code = "POLICIES_ACKNOWLEDGED"
)

// The causes of IDENTITY_MFA. NoSource is also one of the device checks.
const (
	MFAOn       Code = "MFA_ON"
	MFAOff      Code = "MFA_OFF"
	MFAUnknown  Code = "MFA_UNKNOWN"
	MFAEvidence Code = "MFA_EVIDENCE"
	NoIdentity  Code = "NO_IDENTITY"
	NoSource    Code = "NO_SOURCE"
)

// The causes of BG_CHECK.
const (
	BackgroundCheckOK         Code = "BACKGROUND_CHECK_OK"
	BackgroundCheckOutOfScope Code = "BACKGROUND_CHECK_OUT_OF_SCOPE"
	BackgroundCheckPending    Code = "BACKGROUND_CHECK_PENDING"
	BackgroundCheckIssue      Code = "BACKGROUND_CHECK_ISSUE"
	BackgroundCheckCanceled   Code = "BACKGROUND_CHECK_CANCELED"
	BackgroundCheckExpired    Code = "BACKGROUND_CHECK_EXPIRED"
	BackgroundCheckIncomplete Code = "BACKGROUND_CHECK_INCOMPLETE"
	BackgroundCheckNotYet     Code = "BACKGROUND_CHECK_NOT_YET"
	NoBackgroundCheck         Code = "NO_BACKGROUND_CHECK"
)

// The causes of AGENT_INSTALLED and of the device checks.
const (
	DeviceReported    Code = "DEVICE_REPORTED"
	DeviceSilent      Code = "DEVICE_SILENT"
	LastReportUnknown Code = "LAST_REPORT_UNKNOWN"
	NoDevice          Code = "NO_DEVICE"
	SourceNotWorking  Code = "SOURCE_NOT_WORKING"
	DevicesPass       Code = "DEVICES_PASS"
	DeviceFails       Code = "DEVICE_FAILS"
	DeviceUnknown     Code = "DEVICE_UNKNOWN"
	EvidenceOnFile    Code = "EVIDENCE_DOCUMENT"
)

// The causes of the three trainings.
const (
	TrainingDone          Code = "TRAINING_COMPLETED"
	TrainingExpired       Code = "TRAINING_EXPIRED"
	TrainingToDo          Code = "TRAINING_ASSIGNED"
	TrainingNotYet        Code = "TRAINING_NOT_YET"
	CompletionDateUnknown Code = "COMPLETION_DATE_UNKNOWN"
	NoTraining            Code = "NO_TRAINING"
)

// The causes of OFFBOARDING.
const (
	AccountOpen           Code = "ACCOUNT_OPEN"
	AccountStateUnknown   Code = "ACCOUNT_STATE_UNKNOWN"
	NoOffboardingEvidence Code = "NO_OFFBOARDING_EVIDENCE"
	Offboarded            Code = "OFFBOARDED"
)

// The causes of FULL_COMPLIANCE.
const (
	ChecksPass  Code = "CHECKS_PASS"
	CheckFails  Code = "CHECK_FAILS"
	CheckUntold Code = "CHECK_MISCONFIGURED"
)

// CodeUse says what a code means, and where it may stand.
type CodeUse struct {
	Code     Code
	Statuses []workforce.CheckStatus // the outcomes that it may explain
	Checks   []workforce.CheckType   // in the order of [workforce.AllCheckTypes]
	Meaning  string                  // what it says of the person, as the rest of a sentence
}

// The outcomes that most codes explain. Of a person without a record the rules
// say which of two it is.
var (
	onPass     = []workforce.CheckStatus{workforce.CheckPass}
	onFail     = []workforce.CheckStatus{workforce.CheckFail}
	onUntold   = []workforce.CheckStatus{workforce.CheckMisconfigured}
	onExcluded = []workforce.CheckStatus{workforce.CheckExcluded}
	onNoRecord = []workforce.CheckStatus{workforce.CheckMisconfigured, workforce.CheckFail}
)

// The checks that share codes.
var (
	fully       = []workforce.CheckType{workforce.CheckFullCompliance}
	ofPolicies  = []workforce.CheckType{workforce.CheckAcceptedPolicies}
	ofMFA       = []workforce.CheckType{workforce.CheckIdentityMFA}
	ofRecord    = []workforce.CheckType{workforce.CheckBackground}
	ofAgent     = []workforce.CheckType{workforce.CheckAgentInstalled}
	ofLeaving   = []workforce.CheckType{workforce.CheckOffboarding}
	ofTrainings = workforce.AllTrainingTypes
	ofDevices   = ordered(workforce.AllDeviceCheckTypes, place)
	ofReporting = ordered(append(ofAgent[:1:1], workforce.AllDeviceCheckTypes...), place)
	ofSources   = ordered(append(ofMFA[:1:1], ofReporting...), place)
	ofEvidence  = withEvidence()
	everywhere  = workforce.AllCheckTypes
	butFull     = workforce.AllCheckTypes[1:]
)

// AllCodes is every code.
var AllCodes = []CodeUse{
	{NotRequired, onExcluded, everywhere, "the company does not ask for it"},
	{StatusNotCovered, onExcluded, everywhere, "it is not asked of people with this employment status"},
	{NotInGroup, onExcluded, everywhere, "it is asked of groups only, and the person is in none of them"},
	{Excluded, onExcluded, butFull, "an exclusion is in force"},
	{NoPolicyAssigned, onExcluded, ofPolicies, "no policy is assigned to the person"},
	{NothingRequired, onExcluded, fully, "no check is asked of the person"},

	{NoPolicy, onUntold, ofPolicies, "the company has no policies"},
	{PolicyNotPublished, onUntold, ofPolicies, "none of the policies assigned to the person is published"},
	{PolicyNotAcknowledged, onFail, ofPolicies, "a policy was never acknowledged"},
	{PolicyNewVersion, onFail, ofPolicies, "only an older version of a policy was acknowledged"},
	{AcknowledgementExpired, onFail, ofPolicies, "a policy was acknowledged too long ago"},
	{PoliciesAcknowledged, onPass, ofPolicies, "every policy is acknowledged"},

	{MFAOn, onPass, ofMFA, "every identity has multi-factor authentication"},
	{MFAOff, onFail, ofMFA, "an identity has no multi-factor authentication"},
	{MFAUnknown, onUntold, ofMFA, "it is not known whether an identity has multi-factor authentication"},
	{MFAEvidence, onPass, ofMFA, "a document shows what the identities do not tell"},
	{NoIdentity, onUntold, ofMFA, "no identity provider knows the person"},
	{NoSource, onUntold, ofSources, "no source that could tell is connected"},

	{BackgroundCheckOK, onPass, ofRecord, "a background check is in order"},
	{BackgroundCheckOutOfScope, onPass, ofRecord, "no background check is needed, for a reason that is on record"},
	{BackgroundCheckPending, onFail, ofRecord, "a background check is under way"},
	{BackgroundCheckIssue, onFail, ofRecord, "a background check found something"},
	{BackgroundCheckCanceled, onFail, ofRecord, "a background check was canceled"},
	{BackgroundCheckExpired, onFail, ofRecord, "a background check has expired"},
	{BackgroundCheckIncomplete, onUntold, ofRecord, "the record of a background check lacks what it needs to count"},
	{BackgroundCheckNotYet, onNoRecord, ofRecord, "a background check is dated in the future"},
	{NoBackgroundCheck, onNoRecord, ofRecord, "no background check is on record"},

	{DeviceReported, onPass, ofAgent, "a device has reported lately"},
	{DeviceSilent, onFail, ofAgent, "no device has reported lately"},
	{LastReportUnknown, onUntold, ofAgent, "it is not known when a device reported last"},
	{NoDevice, onNoRecord, ofReporting, "the person has no active device that counts"},
	{SourceNotWorking, onUntold, ofAgent, "the sources of devices do not work, so that nobody can tell"},
	{DevicesPass, onPass, ofDevices, "every device meets it"},
	{DeviceFails, onFail, ofDevices, "a device does not meet it"},
	{DeviceUnknown, onUntold, ofDevices, "a device does not tell whether it meets it"},
	{EvidenceOnFile, onPass, ofEvidence, "a document shows it"},

	{TrainingDone, onPass, ofTrainings, "the training is completed"},
	{TrainingExpired, onFail, ofTrainings, "the training was completed too long ago"},
	{TrainingToDo, onFail, ofTrainings, "the training is assigned and not completed"},
	{TrainingNotYet, onNoRecord, ofTrainings, "the completion is dated in the future"},
	{CompletionDateUnknown, onUntold, ofTrainings, "the training is completed, but it is not known when"},
	{NoTraining, onNoRecord, ofTrainings, "nothing is on record of the training"},

	{AccountOpen, onFail, ofLeaving, "an account is still connected"},
	{AccountStateUnknown, onUntold, ofLeaving, "an account was connected when its system was last heard of"},
	{NoOffboardingEvidence, onFail, ofLeaving, "no document shows the offboarding"},
	{Offboarded, onPass, ofLeaving, "every account is disconnected, and a document shows the offboarding"},

	{ChecksPass, onPass, fully, "every check that is asked of the person passes"},
	{CheckFails, onFail, fully, "a check fails"},
	{CheckUntold, onUntold, fully, "a check cannot be told"},
}

// withEvidence is the device checks and trainings that a document can show.
func withEvidence() []workforce.CheckType {
	var out []workforce.CheckType
	for _, t := range append(ofDevices[:len(ofDevices):len(ofDevices)], ofTrainings...) {
		if evidenceFor(t) != "" {
			out = append(out, t)
		}
	}
	return ordered(out, place)
}
