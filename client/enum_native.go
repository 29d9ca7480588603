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
