package v1

import (
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Account is what infrastructure and version-control accounts have in common.
// Requests switch accesses on and off with booleans; answers say since when
// they are on, null when off.
type Account struct {
	ID                       int64       `json:"id"`
	IdentityID               string      `json:"identityId"`
	Username                 *string     `json:"username"`
	Email                    *string     `json:"email"`
	ConnectedAt              *Time       `json:"connectedAt"`
	DisconnectedAt           *Time       `json:"disconnectedAt"`
	ServiceAccount           *Time       `json:"serviceAccount"`
	ServiceAccountReason     *string     `json:"serviceAccountReason"`
	User                     *User       `json:"user"`
	ServiceAccountDesignator *User       `json:"serviceAccountDesignator"`
	HasMFA                   *bool       `json:"hasMfa"` // null: the source does not say
	Connection               *Connection `json:"connection"`
	LastCheckedAt            *Time       `json:"lastCheckedAt"`
	CreatedAt                Time        `json:"createdAt"`
	UpdatedAt                Time        `json:"updatedAt"`
}

func (a Account) appendMembers(o *rest.Object) {
	o.Int("id", a.ID)
	o.String("identityId", a.IdentityID)
	o.StringOrNull("username", a.Username)
	o.StringOrNull("email", a.Email)
	putTimeOrNull(o, "connectedAt", a.ConnectedAt)
	putTimeOrNull(o, "disconnectedAt", a.DisconnectedAt)
	putTimeOrNull(o, "serviceAccount", a.ServiceAccount)
	o.StringOrNull("serviceAccountReason", a.ServiceAccountReason)
	putObject(o, "user", a.User)
	putObject(o, "serviceAccountDesignator", a.ServiceAccountDesignator)
	o.BoolOrNull("hasMfa", a.HasMFA)
	putObject(o, "connection", a.Connection)
	putTimeOrNull(o, "lastCheckedAt", a.LastCheckedAt)
	putTime(o, "createdAt", a.CreatedAt)
	putTime(o, "updatedAt", a.UpdatedAt)
}

func toWireAccount(r workforce.AccountRecord) Account {
	return Account{
		ID:                       int64(r.ID),
		IdentityID:               r.IdentityID,
		Username:                 r.Username,
		Email:                    r.Email,
		ConnectedAt:              timeOf(r.ConnectedAt),
		DisconnectedAt:           timeOf(r.DisconnectedAt),
		ServiceAccount:           timeOf(r.ServiceAccountAt),
		ServiceAccountReason:     r.ServiceAccountReason,
		User:                     toWireUser(r.User),
		ServiceAccountDesignator: toWireUser(r.Designator),
		HasMFA:                   r.HasMFA,
		Connection:               toWireConnection(r.Connection),
		LastCheckedAt:            timeOf(r.LastCheckedAt),
		CreatedAt:                Time(r.CreatedAt),
		UpdatedAt:                Time(r.UpdatedAt),
	}
}

// InfrastructureAccount is an account in an infrastructure system.
type InfrastructureAccount struct {
	Account
	AdminAccess *Time `json:"adminAccess"`
	DBAccess    *Time `json:"dbAccess"`
}

// AppendJSON implements [rest.Response].
func (a InfrastructureAccount) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	a.appendMembers(&o)
	putTimeOrNull(&o, "adminAccess", a.AdminAccess)
	putTimeOrNull(&o, "dbAccess", a.DBAccess)
	return o.End()
}

func toWireInfrastructureAccount(r workforce.AccountRecord) InfrastructureAccount {
	return InfrastructureAccount{
		Account:     toWireAccount(r),
		AdminAccess: timeOf(r.AdminAccessAt),
		DBAccess:    timeOf(r.DBAccessAt),
	}
}

// VersionControlAccount is an account in a version-control system.
type VersionControlAccount struct {
	Account
	WriteAccess              *Time `json:"writeAccess"`
	PushProductionCodeAccess *Time `json:"pushProductionCodeAccess"`
}

// AppendJSON implements [rest.Response].
func (a VersionControlAccount) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	a.appendMembers(&o)
	putTimeOrNull(&o, "writeAccess", a.WriteAccess)
	putTimeOrNull(&o, "pushProductionCodeAccess", a.PushProductionCodeAccess)
	return o.End()
}

func toWireVersionControlAccount(r workforce.AccountRecord) VersionControlAccount {
	return VersionControlAccount{
		Account:                  toWireAccount(r),
		WriteAccess:              timeOf(r.WriteAccessAt),
		PushProductionCodeAccess: timeOf(r.PushProdAccessAt),
	}
}
