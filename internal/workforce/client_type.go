package workforce

import "slices"

// ClientType names the system behind a connection, in the API's vocabulary.
type ClientType string

// The client types that this program itself treats specially.
const (
	ClientFile            ClientType = "FILE"
	ClientLDAP            ClientType = "LDAP"
	ClientActiveDirectory ClientType = "ACTIVE_DIRECTORY"
	ClientSCIM            ClientType = "SCIM"
)

// ProviderType says what kind of facts a connection brings.
type ProviderType string

// The provider types.
const (
	ProviderIdentity        ProviderType = "IDENTITY"
	ProviderHRIS            ProviderType = "HRIS"
	ProviderInfrastructure  ProviderType = "INFRASTRUCTURE"
	ProviderVersionControl  ProviderType = "VERSION_CONTROL"
	ProviderMDM             ProviderType = "MDM"
	ProviderBackgroundCheck ProviderType = "BACKGROUND_CHECK"
	ProviderTraining        ProviderType = "SECURITY_TRAINING"
)

// AllProviderTypes is every provider type.
var AllProviderTypes = []ProviderType{
	ProviderIdentity, ProviderHRIS, ProviderInfrastructure, ProviderVersionControl,
	ProviderMDM, ProviderBackgroundCheck, ProviderTraining,
}

// AllInfrastructureClientTypes is every client type of infrastructure accounts.
var AllInfrastructureClientTypes = []ClientType{
	"AWS", "AWS_GOV_CLOUD", "DIGITAL_OCEAN", "GCP", "HEROKU", "AZURE", "AZURE_ORG_UNITS",
	"MONGO_DB_ATLAS", "CLOUDFLARE", "AWS_ORG_UNITS",
}

// AllVersionControlClientTypes is every client type of version-control accounts.
var AllVersionControlClientTypes = []ClientType{
	"BITBUCKET", "GITHUB", "GITHUB_ENTERPRISE", "GITLAB", "GITLAB_ON_PREM", "AZURE_REPOS", "AWS_CODECOMMIT",
}

// peopleClientTypes is what the other connections bring.
var peopleClientTypes = map[ClientType][]ProviderType{
	"GOOGLE":                 {ProviderIdentity},
	"OKTA_IDENTITY":          {ProviderIdentity},
	"MICROSOFT_365":          {ProviderIdentity},
	"MICROSOFT_365_GCC_HIGH": {ProviderIdentity},
	"JUMPCLOUD":              {ProviderIdentity, ProviderMDM},
	"MERGEDEV_ONELOGIN":      {ProviderIdentity},
	ClientLDAP:               {ProviderIdentity},
	ClientActiveDirectory:    {ProviderIdentity},
	ClientSCIM:               {ProviderIdentity},
	ClientFile:               {ProviderIdentity, ProviderHRIS},
	"CSV_IDP":                {ProviderIdentity},
	"BAMBOO_HR":              {ProviderHRIS},
	"RIPPLING":               {ProviderHRIS},
	"GUSTO":                  {ProviderHRIS},
	"MERGEDEV_HI_BOB":        {ProviderHRIS},
	"MERGEDEV_WORKDAY":       {ProviderHRIS},
	"MERGEDEV_PERSONIO":      {ProviderHRIS},
	"CUSTOM_HRIS":            {ProviderHRIS},
	"JAMF":                   {ProviderMDM},
	"INTUNE":                 {ProviderMDM},
	"INTUNE_GCC_HIGH":        {ProviderMDM},
	"KANDJI":                 {ProviderMDM},
	"HEXNODE_UEM":            {ProviderMDM},
	"RIPPLING_MDM":           {ProviderMDM},
	"WORKSPACE_ONE":          {ProviderMDM},
	"KOLIDE":                 {ProviderMDM},
	"CUSTOM_MDM":             {ProviderMDM},
	"CHECKR":                 {ProviderBackgroundCheck},
	"CERTN":                  {ProviderBackgroundCheck},
	"KNOWBE4":                {ProviderTraining},
}

// Providers is what connections of the client type bring; nil for a type that
// Passmuster does not know.
func (c ClientType) Providers() []ProviderType {
	switch {
	case slices.Contains(AllInfrastructureClientTypes, c):
		return []ProviderType{ProviderInfrastructure}
	case slices.Contains(AllVersionControlClientTypes, c):
		return []ProviderType{ProviderVersionControl}
	}
	return peopleClientTypes[c]
}

// Provides reports whether connections of the client type bring the kind of
// facts.
func (c ClientType) Provides(p ProviderType) bool { return slices.Contains(c.Providers(), p) }

// AllClientTypes is every client type that Passmuster knows, sorted.
func AllClientTypes() []ClientType {
	out := slices.Concat(AllInfrastructureClientTypes, AllVersionControlClientTypes)
	for c := range peopleClientTypes {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// AccountKind parts accounts into the two lists of the API.
type AccountKind string

// The two kinds of accounts.
const (
	Infrastructure AccountKind = "INFRASTRUCTURE"
	VersionControl AccountKind = "VERSION_CONTROL"
)

// AllAccountKinds is every kind.
var AllAccountKinds = []AccountKind{Infrastructure, VersionControl}

// ClientTypes is the client types whose accounts are of the kind.
func (k AccountKind) ClientTypes() []ClientType {
	if k == Infrastructure {
		return AllInfrastructureClientTypes
	}
	return AllVersionControlClientTypes
}

// AccessFlag names an access that a person declares an account to have.
type AccessFlag string

// The four flags, by the names that requests use.
const (
	FlagAdmin    AccessFlag = "INFRASTRUCTURE_ADMIN_ACCESS"
	FlagDB       AccessFlag = "INFRASTRUCTURE_DB_ACCESS"
	FlagWrite    AccessFlag = "VERSION_CONTROL_WRITE_ACCESS"
	FlagPushProd AccessFlag = "VERSION_CONTROL_PUSH_PROD_CODE_ACCESS"
)

// AllAccessFlags is every flag.
var AllAccessFlags = []AccessFlag{FlagAdmin, FlagDB, FlagWrite, FlagPushProd}

// Flags is the flags that accounts of the kind have.
func (k AccountKind) Flags() []AccessFlag {
	if k == Infrastructure {
		return []AccessFlag{FlagAdmin, FlagDB}
	}
	return []AccessFlag{FlagWrite, FlagPushProd}
}
