package native

import (
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// AccountSummary is an account in an infrastructure or version-control system.
type AccountSummary struct {
	ID                       int64                 `json:"id"` // the two kinds are numbered separately
	Kind                     Kind                  `json:"kind"`
	ConnectionID             int64                 `json:"connectionId"`
	ClientType               workforce.ClientType  `json:"clientType"`
	ConnectionAlias          *string               `json:"connectionAlias"`
	IdentityID               string                `json:"identityId"`
	Username                 *string               `json:"username"`
	Email                    *string               `json:"email"`
	User                     *AccountOwner         `json:"user"`
	HasMFA                   *bool                 `json:"hasMfa"`
	ConnectedAt              *Time                 `json:"connectedAt"`
	DisconnectedAt           *Time                 `json:"disconnectedAt"`
	ServiceAccount           *ServiceAccount       `json:"serviceAccount"`
	AdminAccess              *Time                 `json:"adminAccess"`
	DBAccess                 *Time                 `json:"dbAccess"`
	WriteAccess              *Time                 `json:"writeAccess"`
	PushProductionCodeAccess *Time                 `json:"pushProductionCodeAccess"`
	LinkMethod               *workforce.LinkMethod `json:"linkMethod"`
	LinkReason               *string               `json:"linkReason"`
	RemovedAt                *Time                 `json:"removedAt"`
	CreatedAt                Time                  `json:"createdAt"`
	UpdatedAt                Time                  `json:"updatedAt"`

	shown selection
}

// AlwaysThere names the members that are written whatever fields says.
func (AccountSummary) AlwaysThere() []string { return alwaysThere(accountMembers) }

// AppendJSON implements [rest.Response].
func (a *AccountSummary) AppendJSON(b []byte) []byte {
	return appendRecord(b, accountMembers, a.shown, a)
}

// AccountOwner is the person whom an account belongs to.
type AccountOwner struct {
	ID    int64   `json:"id"` // of the user
	Email string  `json:"email"`
	Name  *string `json:"name"`
}

// AppendJSON implements [rest.Response].
func (u *AccountOwner) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", u.ID)
	o.String("email", u.Email)
	o.StringOrNull("name", u.Name)
	return o.End()
}

// ServiceAccount says since when an account belongs to a program, and why.
type ServiceAccount struct {
	Since  Time    `json:"since"`
	Reason *string `json:"reason"`
}

// AppendJSON implements [rest.Response].
func (s *ServiceAccount) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	putTimeOrNull(&o, "since", &s.Since)
	o.StringOrNull("reason", s.Reason)
	return o.End()
}

// accountMembers is the members of an account, in the order in which they are
// written.
var accountMembers = []member[AccountSummary]{
	always(intMember("id", func(a *AccountSummary) int64 { return a.ID })),
	always(textMember("kind", func(a *AccountSummary) Kind { return a.Kind })),
	intMember("connectionId", func(a *AccountSummary) int64 { return a.ConnectionID }),
	textMember("clientType", func(a *AccountSummary) workforce.ClientType { return a.ClientType }),
	optionalMember("connectionAlias", func(a *AccountSummary) *string { return a.ConnectionAlias }),
	textMember("identityId", func(a *AccountSummary) string { return a.IdentityID }),
	optionalMember("username", func(a *AccountSummary) *string { return a.Username }),
	optionalMember("email", func(a *AccountSummary) *string { return a.Email }),
	{
		name:    "user",
		json:    func(o *rest.Object, a *AccountSummary) { putObject(o, "user", a.User) },
		columns: ownerColumns,
	},
	{
		name:    "hasMfa",
		json:    func(o *rest.Object, a *AccountSummary) { o.BoolOrNull("hasMfa", a.HasMFA) },
		columns: []column[AccountSummary]{{"hasMfa", func(a *AccountSummary) string { return boolCell(a.HasMFA) }}},
	},
	timeMember("connectedAt", func(a *AccountSummary) *Time { return a.ConnectedAt }),
	timeMember("disconnectedAt", func(a *AccountSummary) *Time { return a.DisconnectedAt }),
	{
		name:    "serviceAccount",
		json:    func(o *rest.Object, a *AccountSummary) { putObject(o, "serviceAccount", a.ServiceAccount) },
		columns: serviceColumns,
	},
	timeMember("adminAccess", func(a *AccountSummary) *Time { return a.AdminAccess }),
	timeMember("dbAccess", func(a *AccountSummary) *Time { return a.DBAccess }),
	timeMember("writeAccess", func(a *AccountSummary) *Time { return a.WriteAccess }),
	timeMember("pushProductionCodeAccess", func(a *AccountSummary) *Time { return a.PushProductionCodeAccess }),
	optionalMember("linkMethod", func(a *AccountSummary) *workforce.LinkMethod { return a.LinkMethod }),
	optionalMember("linkReason", func(a *AccountSummary) *string { return a.LinkReason }),
	timeMember("removedAt", func(a *AccountSummary) *Time { return a.RemovedAt }),
	timeMember("createdAt", func(a *AccountSummary) *Time { return &a.CreatedAt }),
	timeMember("updatedAt", func(a *AccountSummary) *Time { return &a.UpdatedAt }),
}

var ownerColumns = []column[AccountSummary]{
	{"user.id", ownerCell(func(u *AccountOwner) string { return number(u.ID) })},
	{"user.email", ownerCell(func(u *AccountOwner) string { return u.Email })},
	{"user.name", ownerCell(func(u *AccountOwner) string { return textCell(u.Name) })},
}

func ownerCell(cell func(*AccountOwner) string) func(*AccountSummary) string {
	return func(a *AccountSummary) string {
		if a.User == nil {
			return ""
		}
		return cell(a.User)
	}
}

var serviceColumns = []column[AccountSummary]{
	{"serviceAccount.since", serviceCell(func(s *ServiceAccount) string { return timeCell(&s.Since) })},
	{"serviceAccount.reason", serviceCell(func(s *ServiceAccount) string { return textCell(s.Reason) })},
}

func serviceCell(cell func(*ServiceAccount) string) func(*AccountSummary) string {
	return func(a *AccountSummary) string {
		if a.ServiceAccount == nil {
			return ""
		}
		return cell(a.ServiceAccount)
	}
}

func toWireAccount(s directory.AccountSummary, shown selection) AccountSummary {
	out := AccountSummary{
		ID: int64(s.ID), Kind: kindOf(s.Kind), ConnectionID: int64(s.ConnectionID), ClientType: s.ClientType,
		ConnectionAlias: s.ConnectionAlias, IdentityID: s.IdentityID, Username: s.Username, Email: s.Email,
		HasMFA: s.HasMFA, ConnectedAt: timeOf(s.ConnectedAt), DisconnectedAt: timeOf(s.DisconnectedAt),
		AdminAccess: timeOf(s.AdminAccessAt), DBAccess: timeOf(s.DBAccessAt),
		WriteAccess: timeOf(s.WriteAccessAt), PushProductionCodeAccess: timeOf(s.PushProdAccessAt),
		LinkMethod: s.LinkMethod, LinkReason: s.LinkReason, RemovedAt: timeOf(s.RemovedAt),
		CreatedAt: Time(s.CreatedAt), UpdatedAt: Time(s.UpdatedAt),
		shown: shown,
	}
	if s.Owner != nil {
		out.User = toWireOwner(*s.Owner)
	}
	if s.ServiceAccountAt != nil {
		out.ServiceAccount = &ServiceAccount{Time(*s.ServiceAccountAt), s.ServiceAccountReason}
	}
	return out
}

func toWireOwner(u directory.AccountOwner) *AccountOwner {
	out := &AccountOwner{ID: int64(u.ID), Email: u.Email}
	if name := workforce.FullName(u.FirstName, u.LastName); name != "" {
		out.Name = &name
	}
	return out
}
