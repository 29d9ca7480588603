package workforce

import "slices"

// The records below are what lists are answered from: of everything that is
// known of a person or an account just what filters look at and sorts compare.
// Texts are folded, see [Fold]; an empty one is absent. Instants are Unix
// milliseconds, [NoTime] where there is none.

// NoTime is an absent instant of a listed record.
const NoTime = -1 << 63

// ListedPerson is a user and, if there is one, their personnel record.
type ListedPerson struct {
	UserID                               UserID
	FirstKey, LastKey, NameKey, EmailKey string
	CreatedAt, UpdatedAt                 int64 // of the user

	PersonnelID               PersonnelID // 0: none, and nothing below is set
	Status                    EmploymentStatus
	StartDate, SeparationDate Date  // "": absent
	HiredAt                   int64 // when the personnel record was created
	Checks                    CheckStatuses
	GroupIDs                  []GroupID // sorted
	Devices                   ListedDevices

	// ChangedAt is the log position of the latest change of the user, the
	// personnel record or a device of theirs; 0: before the roster was built.
	ChangedAt int64
}

// ListedDevices summarises the active devices of a person.
type ListedDevices struct {
	Active, Failing int32
	Sources         DeviceSources
	OSVersionKey    string // of the device seen last
	SerialNumberKey string // of the device seen last
	AppsCount       int64  // the sum; -1: nothing is known
}

// ListedAccount is an account.
type ListedAccount struct {
	Kind         AccountKind
	ID           AccountID
	ConnectionID ConnectionID
	UserID       UserID // 0: nobody's

	IdentityKey, UsernameKey, EmailKey string

	HasMFA                                                     *bool
	ConnectedAt, DisconnectedAt, ServiceAccountAt              int64
	AdminAccessAt, DBAccessAt, WriteAccessAt, PushProdAccessAt int64
	CreatedAt                                                  int64

	ChangedAt int64 // as in [ListedPerson]
}

// ListedConnection is what many accounts share.
type ListedConnection struct {
	ID                          ConnectionID
	ClientType                  ClientType
	State                       ConnectionState
	ClientIDKey, ClientAliasKey string
}

// Listed is a set of records as they are now: all there are, or those that
// changed.
type Listed struct {
	People      []ListedPerson
	Accounts    []ListedAccount
	Connections []ListedConnection
	GroupIDs    []GroupID
}

// CheckStatuses is the status of each check of a person, three bits each: 0 is
// absent, the others are 1 + the place in [CheckStatusSortOrder].
type CheckStatuses uint64

// With gives the statuses with one of them set.
func (c CheckStatuses) With(t CheckType, s CheckStatus) CheckStatuses {
	at := 3 * slices.Index(AllCheckTypes, t)
	return c&^(7<<at) | CheckStatuses(1+slices.Index(CheckStatusSortOrder, s))<<at
}

// Rank is 1 + the place of the status of the check in [CheckStatusSortOrder];
// 0: there is no such check.
func (c CheckStatuses) Rank(t CheckType) int {
	return int(c >> (3 * slices.Index(AllCheckTypes, t)) & 7)
}

// DeviceSources is a set of [DeviceSource], a bit for each place in
// [AllDeviceSources].
type DeviceSources uint64

// With gives the set with the source.
func (d DeviceSources) With(s DeviceSource) DeviceSources {
	return d | 1<<slices.Index(AllDeviceSources, s)
}

// Has reports whether the source is in the set.
func (d DeviceSources) Has(s DeviceSource) bool {
	return d>>slices.Index(AllDeviceSources, s)&1 == 1
}

// SortCreated sorts people and accounts by when they were added, oldest first.
// It is not one of the compatible API's sorts.
const SortCreated = "CREATED"

// ListPosition is a place in a sorted list of which a page has been read: after
// the record ID, which was the Offset-th (from 1) when it was read.
type ListPosition struct {
	ID     int64
	Offset int64
	Key    uint64 // digest of the sort key that the record had
}

// PersonnelFacets counts the personnel that a query selects, by what they are.
// A value that nobody has is left out.
type PersonnelFacets struct {
	Statuses map[EmploymentStatus]int64
	Checks   map[CheckType]map[CheckStatus]int64
	Systems  map[ClientType]int64 // people with a connected account in such a system
}

// AccountFacets counts the accounts that a query selects, by what they are.
type AccountFacets struct {
	Systems     map[ClientType]int64
	Connections map[ConnectionID]int64
	MFA         map[string]int64 // "true", "false", "unknown"
	Owners      map[string]int64 // "person", "service", "nobody"
}
