package workforce

// The records below are what one answer needs: an entity with everything that
// is nested in it, all read in one snapshot. How deep the nesting goes is
// decided by what the API serves; see [UserRecord].

// UserRecord is a user with what belongs to them. In a stub (Stub true) only
// User is set: it stands where the API cuts the recursion.
type UserRecord struct {
	User
	Stub             bool
	BackgroundChecks []BackgroundCheck // by id
	Identities       []IdentityRecord  // by id
	Documents        []Document        // by id
	Personnel        *Personnel        // only when asked for
}

// IdentityRecord is an identity with its connection, whose own user is a stub.
type IdentityRecord struct {
	Identity
	Connection *ConnectionRecord
}

// ConnectionRecord is a connection with the user who set it up (full on an
// account, a stub inside an identity) and its workspaces.
type ConnectionRecord struct {
	Connection
	User       *UserRecord
	Workspaces []Workspace
}

// PersonnelRecord is a personnel record with its user, checks and devices.
type PersonnelRecord struct {
	Personnel
	User           *UserRecord
	ReasonProvider *UserRecord
	Checks         []Check  // in the order of [AllCheckTypes]
	Devices        []Device // by id, also those that are no longer active
}

// LatestDevice is the active device that was seen most recently (by
// LastCheckedAt, then the higher id); nil if there is none. The record's own
// osVersion, serialNumber and data summarise it.
func (r PersonnelRecord) LatestDevice() *Device {
	var best *Device
	for i := range r.Devices {
		d := &r.Devices[i]
		if d.Active() && (best == nil || seenLater(d, best)) {
			best = d
		}
	}
	return best
}

// seenLater reports whether a was seen more recently than b, of which b has
// the lower id.
func seenLater(a, b *Device) bool {
	if a.LastCheckedAt == nil || b.LastCheckedAt == nil {
		return b.LastCheckedAt == nil
	}
	return !a.LastCheckedAt.Before(*b.LastCheckedAt)
}

// ActiveDevices counts the active devices, and those of them that fail.
func (r PersonnelRecord) ActiveDevices() (count, failing int) {
	for _, d := range r.Devices {
		if d.Active() {
			count++
			if !d.Compliant() {
				failing++
			}
		}
	}
	return count, failing
}

// AccountRecord is an account with its person, its connection and who marked
// it as a service account.
type AccountRecord struct {
	Account
	User       *UserRecord
	Designator *UserRecord
	Connection *ConnectionRecord
}

// NewPerson is everything that is recorded of a person when they are added.
// Their checks and those of their devices are computed, whatever is given.
// Ids inside it that name parts of the same person (UserID, PersonnelID and
// the parts' own ids) are given by the store; those that name other records
// (groups, connections, the provider of a reason) must exist.
type NewPerson struct {
	User             User
	Personnel        Personnel
	Checks           []Check // all fifteen, in the order of [AllCheckTypes]
	BackgroundChecks []BackgroundCheck
	Acknowledgements []Acknowledgement
	Trainings        []Training
	Identities       []Identity
	Documents        []Document
	Devices          []Device
	GroupIDs         []GroupID
	Sources          []SourceRecord
}
