package importer

import (
	"io"
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Account is one row of an accounts file. Nil is not said.
type Account struct {
	Kind                 workforce.AccountKind
	ClientType           workforce.ClientType // one of the 17 with accounts
	Connection           string               // the connection's alias; the client type where the file has none
	IdentityID           string               // the system's own id, not empty
	Username             *string
	Email                *string
	HasMFA               *bool
	OwnerEmail           *string // whose account it is, said outright
	ServiceAccount       *bool
	ServiceAccountReason *string // not nil where ServiceAccount is true
	AdminAccess          Declared
	DBAccess             Declared
	WriteAccess          Declared
	PushProdAccess       Declared
	ConnectedAt          *time.Time
	LastCheckedAt        *time.Time
}

// Declared is an access that somebody says an account has: On is nil where
// nothing is said, Since is nil where it is not said since when.
type Declared struct {
	On    *bool
	Since *time.Time
}

// Access gives what the row says about a flag.
func (a *Account) Access(f workforce.AccessFlag) Declared {
	switch f {
	case workforce.FlagAdmin:
		return a.AdminAccess
	case workforce.FlagDB:
		return a.DBAccess
	case workforce.FlagWrite:
		return a.WriteAccess
	default:
		return a.PushProdAccess
	}
}

// Accounts is an accounts file that was read.
type Accounts = Parsed[Account]

// The names of the fields of an account that rules speak of.
const (
	fieldClientType           = "clientType"
	fieldConnection           = "connection"
	fieldIdentityID           = "identityId"
	fieldUsername             = "username"
	fieldOwnerEmail           = "ownerEmail"
	fieldServiceAccount       = "serviceAccount"
	fieldServiceAccountReason = "serviceAccountReason"
	fieldConnectedAt          = "connectedAt"
	fieldLastCheckedAt        = "lastCheckedAt"
)

// flagFields names the column of each access.
var flagFields = map[workforce.AccessFlag]string{
	workforce.FlagAdmin:    "adminAccess",
	workforce.FlagDB:       "dbAccess",
	workforce.FlagWrite:    "writeAccess",
	workforce.FlagPushProd: "pushProductionCodeAccess",
}

// accountClientTypes is every client type whose accounts can be imported.
var accountClientTypes = slices.Concat(workforce.AllInfrastructureClientTypes, workforce.AllVersionControlClientTypes)

// ParseAccounts reads a file of infrastructure and version-control accounts,
// mixed as they come. Errors are those of [ParsePeople].
func ParseAccounts(r io.Reader, format Format, opts Options) (Accounts, error) {
	return parse(r, format, opts, &accountSchema)
}

var accountSchema = schema[Account]{
	noun: "accounts",
	fields: []field[Account]{
		{
			name: fieldClientType, need: true,
			aliases: []string{"provider", "system", "client", "platform"},
			set:     func(c *cell, a *Account) { a.ClientType = c.clientType() },
		},
		{
			name:    fieldConnection,
			aliases: []string{"connectionname", "connectionalias", "clientalias", "alias"},
			set:     func(c *cell, a *Account) { a.Connection = workforce.Text(c.text(nameMost)) },
		},
		{
			name: fieldIdentityID, need: true,
			aliases: []string{"id", "accountid", "userid", "arn", "externalid"},
			set:     func(c *cell, a *Account) { a.IdentityID = workforce.Text(c.text(idMost)) },
		},
		{
			name:    fieldUsername,
			aliases: []string{"user", "login", "accountname"},
			set:     func(c *cell, a *Account) { a.Username = c.text(nameMost) },
		},
		{
			name:    fieldEmail,
			aliases: []string{"emailaddress", "mail", "useremail"},
			set:     func(c *cell, a *Account) { a.Email = c.email() },
		},
		{name: fieldHasMFA, aliases: mfaAliases, set: func(c *cell, a *Account) { a.HasMFA = c.boolean() }},
		{
			name:    fieldOwnerEmail,
			aliases: []string{"owner", "owneremailaddress", "assignedto", "personemail"},
			set:     func(c *cell, a *Account) { a.OwnerEmail = c.email() },
		},
		{
			name:    fieldServiceAccount,
			aliases: []string{"isserviceaccount", "service"},
			set:     func(c *cell, a *Account) { a.ServiceAccount = c.boolean() },
		},
		{
			name:    fieldServiceAccountReason,
			aliases: []string{"serviceaccountpurpose", "reason"},
			set:     func(c *cell, a *Account) { a.ServiceAccountReason = c.text(reasonMost) },
		},
		{
			name: flagFields[workforce.FlagAdmin], aliases: []string{"admin", "isadmin"},
			set: func(c *cell, a *Account) { a.AdminAccess = c.declared() },
		},
		{
			name: flagFields[workforce.FlagDB], aliases: []string{"databaseaccess"},
			set: func(c *cell, a *Account) { a.DBAccess = c.declared() },
		},
		{
			name: flagFields[workforce.FlagWrite], aliases: []string{"canwrite"},
			set: func(c *cell, a *Account) { a.WriteAccess = c.declared() },
		},
		{
			name: flagFields[workforce.FlagPushProd], aliases: []string{"pushprodaccess", "pushprodcodeaccess"},
			set: func(c *cell, a *Account) { a.PushProdAccess = c.declared() },
		},
		{
			name: fieldConnectedAt, aliases: []string{"createdat", "created", "creationtime"},
			set: func(c *cell, a *Account) { a.ConnectedAt = c.time() },
		},
		{
			name: fieldLastCheckedAt, aliases: []string{"exportedat"},
			set: func(c *cell, a *Account) { a.LastCheckedAt = c.time() },
		},
	},
	finish: finishAccount,
	unique: []uniqueness[Account]{{field: fieldIdentityID, what: "clientType, connection and identityId", key: accountKey}},
}

// accountKey is what makes an account the same account: the connection, whose
// alias compares folded within its client type, and the id there.
func accountKey(a *Account) string {
	if a.IdentityID == "" || a.ClientType == "" {
		return ""
	}
	return string(a.ClientType) + " " + workforce.Fold(a.Connection) + " " + a.IdentityID
}

func (c *cell) clientType() workforce.ClientType {
	s := c.text(idMost)
	if s == nil {
		return ""
	}
	t, ok := enum(*s, accountClientTypes)
	if !ok {
		c.fail(*s, "no such client type; allowed are "+names(accountClientTypes))
	}
	return t
}

// finishAccount checks what only the whole row can tell.
func finishAccount(a *Account, _ Options, problem func(field, value, reason string)) {
	if a.ClientType == "" {
		problem(fieldClientType, "", "every account needs the client type of its system; allowed are "+names(accountClientTypes))
	}
	if a.IdentityID == "" {
		problem(fieldIdentityID, "", "every account needs the id that its system gives it")
	}
	if a.ClientType == "" || a.IdentityID == "" {
		return
	}
	a.Kind = workforce.VersionControl
	if a.ClientType.Provides(workforce.ProviderInfrastructure) {
		a.Kind = workforce.Infrastructure
	}
	if a.Connection == "" {
		a.Connection = string(a.ClientType)
	}
	checkServiceAccount(a, problem)
	checkFlags(a, problem)
}

func checkServiceAccount(a *Account, problem func(field, value, reason string)) {
	service := a.ServiceAccount != nil && *a.ServiceAccount
	switch {
	case service && a.ServiceAccountReason == nil:
		problem(fieldServiceAccountReason, "", "a service account needs the reason why it is one")
	case service && a.OwnerEmail != nil:
		problem(fieldOwnerEmail, *a.OwnerEmail, "a service account belongs to nobody; leave ownerEmail empty, or serviceAccount")
	case !service && a.ServiceAccountReason != nil:
		problem(fieldServiceAccountReason, *a.ServiceAccountReason, "a reason stands here, but serviceAccount does not say true")
	}
}

// checkFlags refuses an access that accounts of the other kind have. A plain
// "no" is fine: files that mix both kinds have those cells.
func checkFlags(a *Account, problem func(field, value, reason string)) {
	own := a.Kind.Flags()
	for _, f := range workforce.AllAccessFlags {
		if on := a.Access(f).On; on != nil && *on && !slices.Contains(own, f) {
			problem(flagFields[f], "true", "accounts of "+string(a.ClientType)+" have no such access; leave the cell empty")
		}
	}
}
