package document

// Kind is what a fragment shows, and so in which answers it stands.
type Kind uint8

// The kinds. The name says the version of the API, and of which record the
// fragment is; what is nested in it is a hole.
const (
	// V1Personnel is a personnel record: section 0 is the record, section 1
	// what an item of a list adds to it.
	V1Personnel Kind = iota
	// V1User is a user in full.
	V1User
	// V1Stub is a user where the nesting ends.
	V1Stub
	// V1Connection is a connection in an identity: its user is a V1Stub.
	V1Connection
	// V1AccountConnection is a connection on an account: its user is a V1User.
	V1AccountConnection
	// V1Infrastructure is an infrastructure account.
	V1Infrastructure
	// V1VersionControl is a version-control account.
	V1VersionControl
	// V1Company is the settings of the company in an item of a list, as members
	// without braces.
	V1Company
	// V2User is a user: section 0 is what is always served, each further section
	// one part that is served on demand, with its leading comma.
	V2User
	// V2Connection is a connection in an identity.
	V2Connection
	// V2Personnel is the personnel record of a user.
	V2Personnel
)

// AllKinds is every kind.
var AllKinds = []Kind{
	V1Personnel, V1User, V1Stub, V1Connection, V1AccountConnection, V1Infrastructure, V1VersionControl, V1Company,
	V2User, V2Connection, V2Personnel,
}

const kindCount = int(V2Personnel) + 1

// Entity is the sort of record that a fragment follows from: when it changes,
// its fragments are out of date, and no others.
type Entity uint8

// The entities. Each holds the parts that are written with it: the roles,
// identities, background checks and documents of a user, the checks and devices
// of a personnel record, the workspaces of a connection.
const (
	Personnel Entity = iota
	User
	Connection
	Infrastructure
	VersionControl
	Company // there is one; its id is CompanyID
)

// AllEntities is every entity.
var AllEntities = []Entity{Personnel, User, Connection, Infrastructure, VersionControl, Company}

// CompanyID is the id of the one company in a [Key].
const CompanyID int64 = 1

// kindsOf has the kinds of each entity, at the place of the entity.
var kindsOf = [...][]Kind{
	Personnel:      {V1Personnel, V2Personnel},
	User:           {V1User, V1Stub, V2User},
	Connection:     {V1Connection, V1AccountConnection, V2Connection},
	Infrastructure: {V1Infrastructure},
	VersionControl: {V1VersionControl},
	Company:        {V1Company},
}

// Kinds lists the kinds of fragments that follow from the entity. The slice is
// shared and must not be changed.
func (e Entity) Kinds() []Kind { return kindsOf[e] }

// entityOf has the entity of each kind, at the place of the kind.
var entityOf = [kindCount]Entity{
	V1Personnel:         Personnel,
	V1User:              User,
	V1Stub:              User,
	V1Connection:        Connection,
	V1AccountConnection: Connection,
	V1Infrastructure:    Infrastructure,
	V1VersionControl:    VersionControl,
	V1Company:           Company,
	V2User:              User,
	V2Connection:        Connection,
	V2Personnel:         Personnel,
}

// Entity is the sort of record from which fragments of the kind follow.
func (k Kind) Entity() Entity { return entityOf[k] }

// Key names a fragment: the kind, and the id of the record of the kind's
// entity.
type Key struct {
	Kind Kind
	ID   int64
}

func (k Key) record() record { return record{k.Kind.Entity(), k.ID} }

// record names what a fragment follows from.
type record struct {
	entity Entity
	id     int64
}
