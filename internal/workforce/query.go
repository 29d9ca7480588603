package workforce

import "time"

// Page is a page of a list by number: Limit records after (Number-1)×Limit.
type Page struct {
	Number int64 // from 1
	Limit  int64 // from 1
}

// Offset is how many records come before the page; it cannot overflow.
func (p Page) Offset() int64 {
	const most = 1 << 53
	if p.Number-1 > most/max(p.Limit, 1) {
		return most
	}
	return (p.Number - 1) * p.Limit
}

// PersonnelSort names a sort of the personnel list.
type PersonnelSort string

// AllPersonnelSorts is every sort of the personnel list.
var AllPersonnelSorts = []PersonnelSort{
	"NAME", "EMPLOYMENT_STATUS", "ACCEPTED_POLICIES", "FULL_COMPLIANCE", "IDENTITY_MFA", "BG_CHECK",
	"AGENT_INSTALLED", "OS_VERSION", "SERIAL_NUM", "PASSWORD_MANAGER", "AUTO_UPDATES", "HDD_ENCRYPTION",
	"ANTIVIRUS", "APPS_COUNT", "START_DATE", "SEPARATION_DATE", "LOCK_SCREEN", "SECURITY_TRAINING",
	"HIPAA_TRAINING", "NIST_AI_TRAINING", "OFFBOARDING",
}

// AccountSort names a sort of an account list.
type AccountSort string

// AllInfrastructureSorts is every sort of the infrastructure list.
var AllInfrastructureSorts = []AccountSort{
	"IDENTITY_ID", "USERNAME", "EMAIL", "CONNECTED_AT", "DISCONNECTED_AT", "SERVICE_ACCOUNT", "HAS_MFA",
	"ADMIN_ACCESS", "DB_ACCESS", "USER", "CLIENT_ID", "CLIENT_ALIAS", "CONNECTION_STATUS",
}

// AllVersionControlSorts is every sort of the version-control list.
var AllVersionControlSorts = []AccountSort{
	"IDENTITY_ID", "USERNAME", "EMAIL", "CONNECTED_AT", "DISCONNECTED_AT", "SERVICE_ACCOUNT", "HAS_MFA",
	"WRITE_ACCESS", "PUSH_PROD_CODE_ACCESS", "USER", "CLIENT_ID", "CONNECTION_STATUS",
}

// SortDir is a direction of sorting. Absent keys come last in both, ties are
// broken by the lower id in both.
type SortDir string

// The two directions.
const (
	Ascending  SortDir = "ASC"
	Descending SortDir = "DESC"
)

// AllSortDirs is both directions.
var AllSortDirs = []SortDir{Ascending, Descending}

// UserSort names a sort of the V2 user list.
type UserSort string

// The two sorts of users.
const (
	SortCreatedAt UserSort = "createdAt"
	SortUpdatedAt UserSort = "updatedAt"
)

// AllUserSorts is every sort of users.
var AllUserSorts = []UserSort{SortCreatedAt, SortUpdatedAt}

// PersonnelQuery selects, sorts and pages personnel. A zero field does not
// filter; different fields are ANDed, the values of one are ORed.
type PersonnelQuery struct {
	Text             string // folded; substring of first, last, full name or e-mail
	Email            string // folded; exact
	EmploymentStatus []EmploymentStatus
	StatusFiltered   bool           // the status filters were given: an empty EmploymentStatus selects nobody
	Checks           []CheckFilter  // each must hold
	DeviceCompliance *bool          // true: no active device fails
	GroupIDs         []GroupID      // member of any
	DeviceSource     *DeviceSource  // has an active device from it
	NotDeviceSources []DeviceSource // has no active device from any of them
	ChangedSince     int64          // changed after this log position; 0 does not filter
	Sort             PersonnelSort
	Dir              SortDir
	Page             Page
}

// CheckFilter selects people whose check is met or excluded (Compliant), or
// failed or cannot be told (not Compliant).
type CheckFilter struct {
	Type      CheckType
	Compliant bool
}

// AccountQuery selects, sorts and pages accounts of one kind.
type AccountQuery struct {
	Kind         AccountKind
	Text         string // folded; substring of identity id, username or e-mail
	ClientType   *ClientType
	ConnectionID *ConnectionID
	UserID       *UserID
	ChangedSince int64 // changed after this log position; 0 does not filter
	Sort         AccountSort
	Dir          SortDir
	Page         Page
}

// UserQuery selects and sorts users, after a position.
type UserQuery struct {
	FirstName string // folded prefix
	LastName  string // folded prefix
	Sort      UserSort
	Dir       SortDir
	After     *UserPosition // nil: from the start
	Limit     int
	WithTotal bool
}

// UserPosition is the place of a user in a sorted list.
type UserPosition struct {
	At time.Time // the sort key
	ID UserID
}

// UserSearch selects and pages users, by number. A zero field does not filter;
// different fields are ANDed, the values of one are ORed.
type UserSearch struct {
	Text     string // folded; substring of first, last, full name or e-mail
	Roles    []Role // has any
	NotRoles []Role // has none
	IDs      []UserID
	NotIDs   []UserID
	Page     Page
}

// DocumentQuery selects the documents of one user. A zero field but UserID does
// not filter.
type DocumentQuery struct {
	UserID UserID
	Type   *DocumentType
	Q      string // substring of the name, whatever its case
	Offset int64
	Limit  int64 // 0: all
}

// DeviceQuery selects devices. A nil field does not filter; different fields
// are ANDed.
type DeviceQuery struct {
	ExternalID   *string // exact
	MACAddress   *string // exact but for its case
	SerialNumber *string // exact but for its case
	SourceType   *DeviceSource
	PersonnelID  *PersonnelID
	Active       *bool // true: only those in use, false: only those that are not
	Offset       int64
	Limit        int64 // 0: all
}
