package v1

import (
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Connection is the system that an identity or account comes from.
type Connection struct {
	ID                 int64                     `json:"id"`
	ClientType         workforce.ClientType      `json:"clientType"`
	State              workforce.ConnectionState `json:"state"`
	Connected          bool                      `json:"connected"`
	ConnectedAt        *Time                     `json:"connectedAt"`
	FailedAt           *Time                     `json:"failedAt"`
	CompanyID          *int64                    `json:"companyId"`
	AssignmentID       *string                   `json:"assignmentId"`
	User               *User                     `json:"user"` // who set it up; full on an account, a stub in an identity
	AccountID          *string                   `json:"accountId"`
	ClientID           *string                   `json:"clientId"`
	ClientAlias        *string                   `json:"clientAlias"`
	ManuallyUpdatedAt  *Time                     `json:"manuallyUpdatedAt"`
	AliasUpdatedAt     *Time                     `json:"aliasUpdatedAt"`
	DeletedAt          *Time                     `json:"deletedAt"`
	RequestorID        *int64                    `json:"requestorId"` // always null: the documents disagree on what it is
	Product            struct{}                  `json:"product"`     // always {}
	WriteAccessEnabled bool                      `json:"writeAccessEnabled"`
	SourcePreference   *string                   `json:"sourcePreference"`
	SecurityLabel      *string                   `json:"securityLabel"`
	JQLQuery           *string                   `json:"jqlQuery"`
	Authorized         bool                      `json:"authorized"`
	Workspaces         []Workspace               `json:"workspaces"`
	ProviderTypes      []ProviderType            `json:"providerTypes"`
	Code               *int64                    `json:"code"` // null while the connection works
	GroupLabel         *string                   `json:"groupLabel"`
}

// codeMisconfigured is the error code of a connection that does not work. What
// exactly is wrong is for the operator, not for every reader of an account.
const codeMisconfigured int64 = 10010

// AppendJSON implements [rest.Response].
func (c Connection) AppendJSON(b []byte) []byte {
	if kind, ok := markedKind(c.ClientAlias); ok {
		return document.AppendHole(b, kind, c.ID)
	}
	o := rest.NewObject(b)
	o.Int("id", c.ID)
	o.String("clientType", string(c.ClientType))
	o.String("state", string(c.State))
	o.Bool("connected", c.Connected)
	putTimeOrNull(&o, "connectedAt", c.ConnectedAt)
	putTimeOrNull(&o, "failedAt", c.FailedAt)
	o.IntOrNull("companyId", c.CompanyID)
	o.StringOrNull("assignmentId", c.AssignmentID)
	putObject(&o, "user", c.User)
	o.StringOrNull("accountId", c.AccountID)
	o.StringOrNull("clientId", c.ClientID)
	o.StringOrNull("clientAlias", c.ClientAlias)
	putTimeOrNull(&o, "manuallyUpdatedAt", c.ManuallyUpdatedAt)
	putTimeOrNull(&o, "aliasUpdatedAt", c.AliasUpdatedAt)
	putTimeOrNull(&o, "deletedAt", c.DeletedAt)
	o.IntOrNull("requestorId", c.RequestorID)
	o.Value("product", emptyObject)
	o.Bool("writeAccessEnabled", c.WriteAccessEnabled)
	o.StringOrNull("sourcePreference", c.SourcePreference)
	o.StringOrNull("securityLabel", c.SecurityLabel)
	o.StringOrNull("jqlQuery", c.JQLQuery)
	o.Bool("authorized", c.Authorized)
	putList(&o, "workspaces", c.Workspaces)
	putList(&o, "providerTypes", c.ProviderTypes)
	o.IntOrNull("code", c.Code)
	o.StringOrNull("groupLabel", c.GroupLabel)
	return o.End()
}

// toWireConnection maps a connection; nil stays nil.
func toWireConnection(r *workforce.ConnectionRecord) *Connection {
	if r == nil {
		return nil
	}
	return &Connection{
		ID:                 int64(r.ID),
		ClientType:         r.ClientType,
		State:              r.State,
		Connected:          r.Connected(),
		ConnectedAt:        timeOf(r.ConnectedAt),
		FailedAt:           timeOf(r.FailedAt),
		CompanyID:          r.CompanyID,
		AssignmentID:       r.AssignmentID,
		User:               toWireUser(r.User),
		AccountID:          r.AccountID,
		ClientID:           r.ClientID,
		ClientAlias:        r.ClientAlias,
		ManuallyUpdatedAt:  timeOf(r.ManuallyUpdatedAt),
		AliasUpdatedAt:     timeOf(r.AliasUpdatedAt),
		DeletedAt:          timeOf(r.DeletedAt),
		WriteAccessEnabled: r.WriteAccessEnabled,
		SourcePreference:   r.SourcePreference,
		SecurityLabel:      r.SecurityLabel,
		JQLQuery:           r.JQLQuery,
		Authorized:         r.Authorized,
		Workspaces:         each(r.Workspaces, toWireWorkspace),
		ProviderTypes:      each(r.ClientType.Providers(), toWireProviderType),
		Code:               connectionCode(r.State),
		GroupLabel:         r.GroupLabel,
	}
}

func connectionCode(s workforce.ConnectionState) *int64 {
	if s == workforce.ConnectionMisconfigured {
		return workforce.Ptr(codeMisconfigured)
	}
	return nil
}

// ProviderType is one kind of facts that a connection brings.
type ProviderType struct {
	Value     workforce.ProviderType `json:"value"`
	IsEnabled bool                   `json:"isEnabled"`
}

// AppendJSON implements [rest.Response].
func (p ProviderType) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.String("value", string(p.Value))
	o.Bool("isEnabled", p.IsEnabled)
	return o.End()
}

func toWireProviderType(p workforce.ProviderType) ProviderType {
	return ProviderType{Value: p, IsEnabled: true}
}

// Workspace is a product of the company that a connection is tied to.
type Workspace struct {
	ID          int64   `json:"id"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	HowItWorks  *string `json:"howItWorks"`
	URL         *string `json:"url"`
	Logo        *string `json:"logo"`
	Primary     bool    `json:"primary"`
}

// AppendJSON implements [rest.Response].
func (w Workspace) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", w.ID)
	o.String("name", w.Name)
	o.StringOrNull("description", w.Description)
	o.StringOrNull("howItWorks", w.HowItWorks)
	o.StringOrNull("url", w.URL)
	o.StringOrNull("logo", w.Logo)
	o.Bool("primary", w.Primary)
	return o.End()
}

func toWireWorkspace(w workforce.Workspace) Workspace {
	return Workspace{
		ID:          int64(w.ID),
		Name:        w.Name,
		Description: w.Description,
		HowItWorks:  w.HowItWorks,
		URL:         w.URL,
		Logo:        w.Logo,
		Primary:     w.Primary,
	}
}
