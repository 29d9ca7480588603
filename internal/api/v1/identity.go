package v1

import (
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Identity is the account of a user in an identity provider or HR system.
type Identity struct {
	ID             int64       `json:"id"`
	IdentityID     string      `json:"identityId"`
	Username       *string     `json:"username"`
	ConnectedAt    *Time       `json:"connectedAt"`
	DisconnectedAt *Time       `json:"disconnectedAt"`
	HasMFA         *bool       `json:"hasMfa"` // null: the source does not say
	User           *User       `json:"user"`   // a stub
	Connection     *Connection `json:"connection"`
	HasIDP         bool        `json:"hasIdp"`
	SecondaryEmail *string     `json:"secondaryEmail"`
	FirstName      *string     `json:"firstName"`
	LastName       *string     `json:"lastName"`
	StartedAt      *Time       `json:"startedAt"`
	SeparatedAt    *Time       `json:"separatedAt"`
	IsContractor   *bool       `json:"isContractor"`
	JobTitle       *string     `json:"jobTitle"`
	ManagerID      *string     `json:"managerId"`
	ManagerName    *string     `json:"managerName"`
}

// AppendJSON implements [rest.Response].
func (i Identity) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", i.ID)
	o.String("identityId", i.IdentityID)
	o.StringOrNull("username", i.Username)
	putTimeOrNull(&o, "connectedAt", i.ConnectedAt)
	putTimeOrNull(&o, "disconnectedAt", i.DisconnectedAt)
	o.BoolOrNull("hasMfa", i.HasMFA)
	putObject(&o, "user", i.User)
	putObject(&o, "connection", i.Connection)
	o.Bool("hasIdp", i.HasIDP)
	o.StringOrNull("secondaryEmail", i.SecondaryEmail)
	o.StringOrNull("firstName", i.FirstName)
	o.StringOrNull("lastName", i.LastName)
	putTimeOrNull(&o, "startedAt", i.StartedAt)
	putTimeOrNull(&o, "separatedAt", i.SeparatedAt)
	o.BoolOrNull("isContractor", i.IsContractor)
	o.StringOrNull("jobTitle", i.JobTitle)
	o.StringOrNull("managerId", i.ManagerID)
	o.StringOrNull("managerName", i.ManagerName)
	return o.End()
}

func toWireIdentity(r workforce.IdentityRecord, user *User) Identity {
	return Identity{
		ID:             r.ID,
		IdentityID:     r.IdentityID,
		Username:       r.Username,
		ConnectedAt:    timeOf(r.ConnectedAt),
		DisconnectedAt: timeOf(r.DisconnectedAt),
		HasMFA:         r.HasMFA,
		User:           user,
		Connection:     toWireConnection(r.Connection),
		HasIDP:         r.HasIDP,
		SecondaryEmail: r.SecondaryEmail,
		FirstName:      r.FirstName,
		LastName:       r.LastName,
		StartedAt:      timeOf(r.StartedAt),
		SeparatedAt:    timeOf(r.SeparatedAt),
		IsContractor:   r.IsContractor,
		JobTitle:       r.JobTitle,
		ManagerID:      r.ManagerID,
		ManagerName:    r.ManagerName,
	}
}
