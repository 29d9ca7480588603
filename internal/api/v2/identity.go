package v2

import (
	"github.com/passmuster/passmuster/internal/document"
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
	UserID         int64       `json:"userId"`
	ConnectionID   int64       `json:"connectionId"`
	Connection     *Connection `json:"connection"`
	Email          *string     `json:"email"`
	SecondaryEmail *string     `json:"secondaryEmail"`
	FirstName      *string     `json:"firstName"`
	LastName       *string     `json:"lastName"`
	StartedAt      *Time       `json:"startedAt"`
	SeparatedAt    *Time       `json:"separatedAt"`
	IsContractor   *bool       `json:"isContractor"`
	JobTitle       *string     `json:"jobTitle"`
	ManagerID      *string     `json:"managerId"`
	ManagerName    *string     `json:"managerName"`
	CreatedAt      Time        `json:"createdAt"`
	UpdatedAt      Time        `json:"updatedAt"`
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
	o.Int("userId", i.UserID)
	o.Int("connectionId", i.ConnectionID)
	putObject(&o, "connection", i.Connection)
	o.StringOrNull("email", i.Email)
	o.StringOrNull("secondaryEmail", i.SecondaryEmail)
	o.StringOrNull("firstName", i.FirstName)
	o.StringOrNull("lastName", i.LastName)
	putTimeOrNull(&o, "startedAt", i.StartedAt)
	putTimeOrNull(&o, "separatedAt", i.SeparatedAt)
	o.BoolOrNull("isContractor", i.IsContractor)
	o.StringOrNull("jobTitle", i.JobTitle)
	o.StringOrNull("managerId", i.ManagerID)
	o.StringOrNull("managerName", i.ManagerName)
	putTime(&o, "createdAt", i.CreatedAt)
	putTime(&o, "updatedAt", i.UpdatedAt)
	return o.End()
}

func toWireIdentity(r workforce.IdentityRecord) Identity {
	return Identity{
		ID:             r.ID,
		IdentityID:     r.IdentityID,
		Username:       r.Username,
		ConnectedAt:    timeOf(r.ConnectedAt),
		DisconnectedAt: timeOf(r.DisconnectedAt),
		HasMFA:         r.HasMFA,
		UserID:         int64(r.UserID),
		ConnectionID:   int64(r.ConnectionID),
		Connection:     toWireConnection(r.Connection),
		Email:          r.Email,
		SecondaryEmail: r.SecondaryEmail,
		FirstName:      r.FirstName,
		LastName:       r.LastName,
		StartedAt:      timeOf(r.StartedAt),
		SeparatedAt:    timeOf(r.SeparatedAt),
		IsContractor:   r.IsContractor,
		JobTitle:       r.JobTitle,
		ManagerID:      r.ManagerID,
		ManagerName:    r.ManagerName,
		CreatedAt:      Time(r.CreatedAt),
		UpdatedAt:      Time(r.UpdatedAt),
	}
}

// Connection is the system that an identity comes from, in short.
type Connection struct {
	ID          int64                     `json:"id"`
	ClientType  workforce.ClientType      `json:"clientType"`
	ClientID    *string                   `json:"clientId"`
	ClientAlias *string                   `json:"clientAlias"`
	State       workforce.ConnectionState `json:"state"`
	CreatedAt   Time                      `json:"createdAt"`
	UpdatedAt   Time                      `json:"updatedAt"`
	ConnectedAt *Time                     `json:"connectedAt"`
	FailedAt    *Time                     `json:"failedAt"`
	DeletedAt   *Time                     `json:"deletedAt"`
}

// AppendJSON implements [rest.Response].
func (c Connection) AppendJSON(b []byte) []byte {
	if kind, ok := markedKind(c.ClientAlias); ok {
		return document.AppendHole(b, kind, c.ID)
	}
	o := rest.NewObject(b)
	o.Int("id", c.ID)
	o.String("clientType", string(c.ClientType))
	o.StringOrNull("clientId", c.ClientID)
	o.StringOrNull("clientAlias", c.ClientAlias)
	o.String("state", string(c.State))
	putTime(&o, "createdAt", c.CreatedAt)
	putTime(&o, "updatedAt", c.UpdatedAt)
	putTimeOrNull(&o, "connectedAt", c.ConnectedAt)
	putTimeOrNull(&o, "failedAt", c.FailedAt)
	putTimeOrNull(&o, "deletedAt", c.DeletedAt)
	return o.End()
}

// toWireConnection maps a connection; nil stays nil.
func toWireConnection(r *workforce.ConnectionRecord) *Connection {
	if r == nil {
		return nil
	}
	return &Connection{
		ID:          int64(r.ID),
		ClientType:  r.ClientType,
		ClientID:    r.ClientID,
		ClientAlias: r.ClientAlias,
		State:       r.State,
		CreatedAt:   Time(r.CreatedAt),
		UpdatedAt:   Time(r.UpdatedAt),
		ConnectedAt: timeOf(r.ConnectedAt),
		FailedAt:    timeOf(r.FailedAt),
		DeletedAt:   timeOf(r.DeletedAt),
	}
}
