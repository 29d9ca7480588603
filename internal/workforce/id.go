package workforce

// Named ids: each kind of record is numbered from 1 by itself, and a number is
// never given twice.
type (
	// UserID numbers users.
	UserID int64
	// PersonnelID numbers personnel records.
	PersonnelID int64
	// AccountID numbers accounts; infrastructure and version-control accounts
	// are numbered separately, so it needs an [AccountKind] beside it.
	AccountID int64
	// ConnectionID numbers connections.
	ConnectionID int64
	// GroupID numbers groups.
	GroupID int64
	// DeviceID numbers devices.
	DeviceID int64
	// KeyID numbers API keys.
	KeyID int64
	// WorkspaceID numbers workspaces.
	WorkspaceID int64
	// PolicyID numbers policies.
	PolicyID int64
)
