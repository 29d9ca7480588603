package document

import (
	"maps"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Encoders append the encoded form of fragments, marks included, to b; see
// [AppendHole] and [AppendSection]. Each is given a record with the facts of its
// own entity only. Records of other entities that are nested in it are nil and
// become holes by the ids that the record has (UserID, ConnectionID, …). An
// encoder keeps nothing of what it is given and may be called by several
// goroutines.
type Encoders struct {
	// Personnel needs the checks and the devices with their parts, not the pins.
	Personnel map[Kind]func(b []byte, r workforce.PersonnelRecord) []byte
	// Users needs the roles, background checks, documents and identities, whose
	// connections are nil. The id of the user's personnel record is nil if they
	// have none.
	Users map[Kind]func(b []byte, r workforce.UserRecord, personnel *workforce.PersonnelID) []byte
	// Connections needs the workspaces.
	Connections map[Kind]func(b []byte, r workforce.ConnectionRecord) []byte
	// Accounts needs the account alone, of the kind of account that the kind of
	// fragment names.
	Accounts map[Kind]func(b []byte, r workforce.AccountRecord) []byte
	// Company needs the company alone.
	Company map[Kind]func(b []byte, c workforce.Company) []byte
}

// Merge gives the encoders of both. No kind may be in both.
func (e Encoders) Merge(other Encoders) Encoders {
	return Encoders{
		Personnel:   union(e.Personnel, other.Personnel),
		Users:       union(e.Users, other.Users),
		Connections: union(e.Connections, other.Connections),
		Accounts:    union(e.Accounts, other.Accounts),
		Company:     union(e.Company, other.Company),
	}
}

// union gives a map of its own, so that neither of the two is changed later.
func union[F any](a, b map[Kind]F) map[Kind]F {
	both := make(map[Kind]F, len(a)+len(b))
	maps.Copy(both, a)
	maps.Copy(both, b)
	return both
}
