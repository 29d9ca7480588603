package client

// AccountKind is a kind of accounts in the lists of [NativeService].
type AccountKind string

// The two kinds.
const (
	KindInfrastructure AccountKind = "infrastructure"
	KindVersionControl AccountKind = "version-control"
)

// LinkMethod is how an account came to its owner.
type LinkMethod string

// The ways.
const (
	LinkManual        LinkMethod = "MANUAL" // somebody said so
	LinkVerifiedEmail LinkMethod = "VERIFIED_EMAIL"
	LinkImported      LinkMethod = "IMPORTED"
)

// PinField is a field of a person that was set by hand, so that no source changes
// it until a reset-sync.
type PinField string

// The fields.
const (
	PinEmploymentStatus PinField = "EMPLOYMENT_STATUS"
	PinStartDate        PinField = "START_DATE"
	PinSeparationDate   PinField = "SEPARATION_DATE"
)

// PolicyAssignment says who has to acknowledge a policy.
type PolicyAssignment string

// The assignments.
const (
	AssignedToAll    PolicyAssignment = "ALL"    // everyone of whom acknowledgements are asked
	AssignedToGroups PolicyAssignment = "GROUPS" // the members of its groups
	AssignedToNone   PolicyAssignment = "NONE"
)

// TrainingState says how far a training has come.
type TrainingState string

// The states.
const (
	TrainingAssigned  TrainingState = "ASSIGNED" // to be done
	TrainingCompleted TrainingState = "COMPLETED"
)

// EvidenceKind is a kind of record that a check rests on.
type EvidenceKind string

// The kinds.
const (
	EvidencePolicy          EvidenceKind = "policy"
	EvidenceAcknowledgement EvidenceKind = "acknowledgement"
	EvidenceIdentity        EvidenceKind = "identity"
	EvidenceAccount         EvidenceKind = "account"
	EvidenceBackgroundCheck EvidenceKind = "background_check"
	EvidenceDocument        EvidenceKind = "document"
	EvidenceDevice          EvidenceKind = "device"
	EvidenceTraining        EvidenceKind = "training"
	EvidenceExclusion       EvidenceKind = "exclusion"
	EvidenceCheck           EvidenceKind = "check" // of the same person
)
