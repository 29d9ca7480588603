package client

// SortDir is a direction of sorting. What is unknown comes last in both.
type SortDir string

// The two directions.
const (
	Ascending  SortDir = "ASC"
	Descending SortDir = "DESC"
)

// PersonnelSort names a sort of the personnel list. Sorting by a check goes from
// CheckFail over CheckMisconfigured and CheckExcluded to CheckPass, then by name.
type PersonnelSort string

// The sorts of the personnel list; the default is PersonnelByName.
const (
	PersonnelByName             PersonnelSort = "NAME"
	PersonnelByEmploymentStatus PersonnelSort = "EMPLOYMENT_STATUS"
	PersonnelByAcceptedPolicies PersonnelSort = "ACCEPTED_POLICIES"
	PersonnelByFullCompliance   PersonnelSort = "FULL_COMPLIANCE"
	PersonnelByIdentityMFA      PersonnelSort = "IDENTITY_MFA"
	PersonnelByBGCheck          PersonnelSort = "BG_CHECK"
	PersonnelByAgentInstalled   PersonnelSort = "AGENT_INSTALLED"
	PersonnelByOSVersion        PersonnelSort = "OS_VERSION"
	PersonnelBySerialNum        PersonnelSort = "SERIAL_NUM"
	PersonnelByPasswordManager  PersonnelSort = "PASSWORD_MANAGER"
	PersonnelByAutoUpdates      PersonnelSort = "AUTO_UPDATES"
	PersonnelByHDDEncryption    PersonnelSort = "HDD_ENCRYPTION"
	PersonnelByAntivirus        PersonnelSort = "ANTIVIRUS"
	PersonnelByAppsCount        PersonnelSort = "APPS_COUNT"
	PersonnelByStartDate        PersonnelSort = "START_DATE"
	PersonnelBySeparationDate   PersonnelSort = "SEPARATION_DATE"
	PersonnelByLockScreen       PersonnelSort = "LOCK_SCREEN"
	PersonnelBySecurityTraining PersonnelSort = "SECURITY_TRAINING"
	PersonnelByHIPAATraining    PersonnelSort = "HIPAA_TRAINING"
	PersonnelByNISTAITraining   PersonnelSort = "NIST_AI_TRAINING"
	PersonnelByOffboarding      PersonnelSort = "OFFBOARDING"
)

// AccountSort names a sort of an account list.
type AccountSort string

// The sorts of account lists; the default is AccountByUsername.
const (
	AccountByIdentityID         AccountSort = "IDENTITY_ID"
	AccountByUsername           AccountSort = "USERNAME"
	AccountByEmail              AccountSort = "EMAIL"
	AccountByConnectedAt        AccountSort = "CONNECTED_AT"
	AccountByDisconnectedAt     AccountSort = "DISCONNECTED_AT"
	AccountByServiceAccount     AccountSort = "SERVICE_ACCOUNT"
	AccountByHasMFA             AccountSort = "HAS_MFA"
	AccountByAdminAccess        AccountSort = "ADMIN_ACCESS" // infrastructure only
	AccountByDBAccess           AccountSort = "DB_ACCESS"    // infrastructure only
	AccountByUser               AccountSort = "USER"
	AccountByClientID           AccountSort = "CLIENT_ID"
	AccountByClientAlias        AccountSort = "CLIENT_ALIAS" // infrastructure only
	AccountByConnectionStatus   AccountSort = "CONNECTION_STATUS"
	AccountByWriteAccess        AccountSort = "WRITE_ACCESS"          // version control only
	AccountByPushProdCodeAccess AccountSort = "PUSH_PROD_CODE_ACCESS" // version control only
)

// UserSort names a sort of the user list.
type UserSort string

// The sorts of the user list; the default is UserByCreatedAt.
const (
	UserByCreatedAt UserSort = "createdAt"
	UserByUpdatedAt UserSort = "updatedAt"
)

// Expand names a part of a user that the second version serves on demand.
type Expand string

// The parts.
const (
	ExpandBackgroundChecks Expand = "backgroundChecks"
	ExpandDocuments        Expand = "documents"
	ExpandPersonnel        Expand = "personnel"
	ExpandIdentities       Expand = "identities"
	ExpandRoles            Expand = "roles"
)

// InfrastructureAccess names an access that an infrastructure account may be
// declared to have.
type InfrastructureAccess string

// The two accesses of infrastructure accounts.
const (
	AdminAccess InfrastructureAccess = "INFRASTRUCTURE_ADMIN_ACCESS"
	DBAccess    InfrastructureAccess = "INFRASTRUCTURE_DB_ACCESS"
)

// VersionControlAccess names an access that a version-control account may be
// declared to have.
type VersionControlAccess string

// The two accesses of version-control accounts.
const (
	WriteAccess              VersionControlAccess = "VERSION_CONTROL_WRITE_ACCESS"
	PushProductionCodeAccess VersionControlAccess = "VERSION_CONTROL_PUSH_PROD_CODE_ACCESS"
)

// DevicePart names a part of a device that is there only if it is asked for.
type DevicePart string

// The parts. DeviceApps is for one device only. DeviceAsset is understood by the
// server, which has no assets.
const (
	DeviceAsset            DevicePart = "asset"
	DeviceComplianceChecks DevicePart = "complianceChecks"
	DeviceDocumentsPart    DevicePart = "documents"
	DeviceIdentifiers      DevicePart = "identifiers"
	DeviceApps             DevicePart = "deviceApps"
)
