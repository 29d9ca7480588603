package client

// BackgroundCheckStatus is the outcome of a background check.
type BackgroundCheckStatus string

// The outcomes of background checks.
const (
	BackgroundPending    BackgroundCheckStatus = "PENDING"
	BackgroundOK         BackgroundCheckStatus = "OK"
	BackgroundIssue      BackgroundCheckStatus = "ISSUE"
	BackgroundCanceled   BackgroundCheckStatus = "CANCELED"
	BackgroundExpired    BackgroundCheckStatus = "EXPIRED"
	BackgroundOutOfScope BackgroundCheckStatus = "OUT_OF_SCOPE"
)

// BackgroundCheckType says who made a background check.
type BackgroundCheckType string

// The makers of background checks.
const (
	BackgroundByKarmaCheck   BackgroundCheckType = "KARMACHECK"
	BackgroundByManual       BackgroundCheckType = "MANUAL"
	BackgroundByCertn        BackgroundCheckType = "CERTN"
	BackgroundByCheckr       BackgroundCheckType = "CHECKR"
	BackgroundByHRISRippling BackgroundCheckType = "HRIS_RIPPLING"
	BackgroundBySterling     BackgroundCheckType = "STERLING"
	BackgroundByHireRight    BackgroundCheckType = "HIRERIGHT"
	BackgroundByVetty        BackgroundCheckType = "VETTY"
)

// BackgroundCheckSource says where a background check came from.
type BackgroundCheckSource string

// The origins of background checks.
const (
	BackgroundFromDrata          BackgroundCheckSource = "DRATA"
	BackgroundFromCheckr         BackgroundCheckSource = "CHECKR"
	BackgroundFromKarmaCheck     BackgroundCheckSource = "KARMACHECK"
	BackgroundFromRipplingCheckr BackgroundCheckSource = "RIPPLING_CHECKR"
	BackgroundFromCertn          BackgroundCheckSource = "CERTN"
	BackgroundFromSterling       BackgroundCheckSource = "STERLING"
	BackgroundFromHireRight      BackgroundCheckSource = "HIRERIGHT"
	BackgroundFromVetty          BackgroundCheckSource = "VETTY"
)

// DocumentType says what a document is evidence of.
type DocumentType string

// The types of documents.
const (
	DocumentSecTraining                 DocumentType = "SEC_TRAINING"
	DocumentPasswordManagerEvidence     DocumentType = "PASSWORD_MANAGER_EVIDENCE"
	DocumentAutoUpdatesEvidence         DocumentType = "AUTO_UPDATES_EVIDENCE"
	DocumentHardDriveEncryptionEvidence DocumentType = "HARD_DRIVE_ENCRYPTION_EVIDENCE"
	DocumentAntivirusEvidence           DocumentType = "ANTIVIRUS_EVIDENCE"
	DocumentLockScreenEvidence          DocumentType = "LOCK_SCREEN_EVIDENCE"
	DocumentMFAEvidence                 DocumentType = "MFA_EVIDENCE"
	DocumentHIPAATrainingEvidence       DocumentType = "HIPAA_TRAINING_EVIDENCE"
	DocumentOffboardingEvidence         DocumentType = "OFFBOARDING_EVIDENCE"
	DocumentNISTAITrainingEvidence      DocumentType = "NIST_AI_TRAINING_EVIDENCE"
)

// DeviceSource names the system that reports a device.
type DeviceSource string

// The systems that report devices.
const (
	DeviceAgent         DeviceSource = "AGENT"
	DeviceJamf          DeviceSource = "JAMF"
	DeviceIntune        DeviceSource = "INTUNE"
	DeviceKandji        DeviceSource = "KANDJI"
	DeviceJumpCloud     DeviceSource = "JUMPCLOUD"
	DeviceHexnodeUEM    DeviceSource = "HEXNODE_UEM"
	DeviceUnknown       DeviceSource = "UNKNOWN"
	DeviceRippling      DeviceSource = "RIPPLING"
	DeviceWorkspaceOne  DeviceSource = "WORKSPACE_ONE"
	DeviceKolide        DeviceSource = "KOLIDE"
	DeviceCustom        DeviceSource = "CUSTOM"
	DeviceIntuneGCCHigh DeviceSource = "INTUNE_GCC_HIGH"
	DeviceCustomXFA     DeviceSource = "CUSTOM_XFA"
	DeviceNinjaOne      DeviceSource = "NINJAONE"
)

// ConnectionState says whether a connection works.
type ConnectionState string

// The two states.
const (
	ConnectionActive        ConnectionState = "ACTIVE"
	ConnectionMisconfigured ConnectionState = "MISCONFIGURED"
)

// Role is what a user may do in the original product.
type Role string

// The roles.
const (
	RoleEmployee                         Role = "EMPLOYEE"
	RoleTechGov                          Role = "TECHGOV"
	RoleAuditor                          Role = "AUDITOR"
	RoleAdmin                            Role = "ADMIN"
	RoleActAsReadOnly                    Role = "ACT_AS_READ_ONLY"
	RoleApp                              Role = "APP"
	RoleRiskManager                      Role = "RISK_MANAGER"
	RoleWorkspaceAdministrator           Role = "WORKSPACE_ADMINISTRATOR"
	RoleServiceUser                      Role = "SERVICE_USER"
	RoleReviewer                         Role = "REVIEWER"
	RoleControlManager                   Role = "CONTROL_MANAGER"
	RolePeopleOps                        Role = "PEOPLE_OPS"
	RolePolicyManager                    Role = "POLICY_MANAGER"
	RoleDevOpsEngineer                   Role = "DEVOPS_ENGINEER"
	RoleKnowledgeBase                    Role = "KNOWLEDGE_BASE"
	RoleTrustCenterManager               Role = "TRUST_CENTER_MANAGER"
	RoleTrustCenterReviewer              Role = "TRUST_CENTER_REVIEWER"
	RoleRiskRegisterOwner                Role = "RISK_REGISTER_OWNER"
	RoleInternalAuditor                  Role = "INTERNAL_AUDITOR"
	RoleRestrictedControlManager         Role = "RESTRICTED_CONTROL_MANAGER"
	RoleRestrictedRiskManager            Role = "RESTRICTED_RISK_MANAGER"
	RoleReadOnlyAdmin                    Role = "READONLY_ADMIN"
	RoleReadOnlyTechGov                  Role = "READONLY_TECHGOV"
	RoleReadOnlyRiskManager              Role = "READONLY_RISK_MANAGER"
	RoleReadOnlyControlManager           Role = "READONLY_CONTROL_MANAGER"
	RoleReadOnlyPolicyManager            Role = "READONLY_POLICY_MANAGER"
	RoleReadOnlyPeopleOps                Role = "READONLY_PEOPLE_OPS"
	RoleReadOnlyWorkspaceAdministrator   Role = "READONLY_WORKSPACE_ADMINISTRATOR"
	RoleReadOnlyRestrictedControlManager Role = "READONLY_RESTRICTED_CONTROL_MANAGER"
	RoleReadOnlyRestrictedRiskManager    Role = "READONLY_RESTRICTED_RISK_MANAGER"
	RoleReadOnlyRiskRegisterOwner        Role = "READONLY_RISK_REGISTER_OWNER"
	RoleReadOnlyReviewer                 Role = "READONLY_REVIEWER"
	RoleReadOnlyDevOpsEngineer           Role = "READONLY_DEVOPS_ENGINEER"
	RoleReadOnlyTrustCenterManager       Role = "READONLY_TRUST_CENTER_MANAGER"
	RoleTrustUser                        Role = "TRUST_USER"
)

// ProviderType says what kind of facts a connection brings.
type ProviderType string

// The kinds of facts.
const (
	ProviderIdentity         ProviderType = "IDENTITY"
	ProviderHRIS             ProviderType = "HRIS"
	ProviderInfrastructure   ProviderType = "INFRASTRUCTURE"
	ProviderVersionControl   ProviderType = "VERSION_CONTROL"
	ProviderMDM              ProviderType = "MDM"
	ProviderBackgroundCheck  ProviderType = "BACKGROUND_CHECK"
	ProviderSecurityTraining ProviderType = "SECURITY_TRAINING"
)

// System names the system behind a connection: the API calls it clientType.
type System string

// The systems: of infrastructure accounts, of version-control accounts, and of people and devices.
const (
	SystemAWS                 System = "AWS"
	SystemAWSGovCloud         System = "AWS_GOV_CLOUD"
	SystemDigitalOcean        System = "DIGITAL_OCEAN"
	SystemGCP                 System = "GCP"
	SystemHeroku              System = "HEROKU"
	SystemAzure               System = "AZURE"
	SystemAzureOrgUnits       System = "AZURE_ORG_UNITS"
	SystemMongoDBAtlas        System = "MONGO_DB_ATLAS"
	SystemCloudflare          System = "CLOUDFLARE"
	SystemAWSOrgUnits         System = "AWS_ORG_UNITS"
	SystemBitbucket           System = "BITBUCKET"
	SystemGitHub              System = "GITHUB"
	SystemGitHubEnterprise    System = "GITHUB_ENTERPRISE"
	SystemGitLab              System = "GITLAB"
	SystemGitLabOnPrem        System = "GITLAB_ON_PREM"
	SystemAzureRepos          System = "AZURE_REPOS"
	SystemAWSCodeCommit       System = "AWS_CODECOMMIT"
	SystemActiveDirectory     System = "ACTIVE_DIRECTORY"
	SystemBambooHR            System = "BAMBOO_HR"
	SystemCertn               System = "CERTN"
	SystemCheckr              System = "CHECKR"
	SystemCSVIDP              System = "CSV_IDP"
	SystemCustomHRIS          System = "CUSTOM_HRIS"
	SystemCustomMDM           System = "CUSTOM_MDM"
	SystemFile                System = "FILE"
	SystemGoogle              System = "GOOGLE"
	SystemGusto               System = "GUSTO"
	SystemHexnodeUEM          System = "HEXNODE_UEM"
	SystemIntune              System = "INTUNE"
	SystemIntuneGCCHigh       System = "INTUNE_GCC_HIGH"
	SystemJamf                System = "JAMF"
	SystemJumpCloud           System = "JUMPCLOUD"
	SystemKandji              System = "KANDJI"
	SystemKnowBe4             System = "KNOWBE4"
	SystemKolide              System = "KOLIDE"
	SystemLDAP                System = "LDAP"
	SystemMergeDevHiBob       System = "MERGEDEV_HI_BOB"
	SystemMergeDevOneLogin    System = "MERGEDEV_ONELOGIN"
	SystemMergeDevPersonio    System = "MERGEDEV_PERSONIO"
	SystemMergeDevWorkday     System = "MERGEDEV_WORKDAY"
	SystemMicrosoft365        System = "MICROSOFT_365"
	SystemMicrosoft365GCCHigh System = "MICROSOFT_365_GCC_HIGH"
	SystemOktaIdentity        System = "OKTA_IDENTITY"
	SystemRippling            System = "RIPPLING"
	SystemRipplingMDM         System = "RIPPLING_MDM"
	SystemSCIM                System = "SCIM"
	SystemWorkspaceOne        System = "WORKSPACE_ONE"
)
