package demo

import (
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// health is how a connection is doing.
type health int

const (
	healthy    health = iota
	broken            // worked once; its source refuses us now
	unfinished        // was never finished
	removed           // was taken away
)

// connectionPlan is one connection of the company.
type connectionPlan struct {
	client workforce.ClientType
	alias  string // "" for none
	health health
	reason string // why it does not work
	byFile bool   // its export comes as a file: nobody has connected it
}

// The places in connectionPlans of those that the records refer to.
const (
	atGoogle       = 0
	atBamboo       = 1
	atOkta         = 2
	atAWS          = 3
	atGitHub       = 4
	atRippling     = 5
	atLDAP         = 6
	atMicrosoft    = 7
	atOldDirectory = 8
	atTraining     = 9
)

// connectionPlans are the company's connections, numbered from 1 in this
// order: every client type that brings accounts, and some of each other sort.
var connectionPlans = []connectionPlan{
	{client: "GOOGLE", alias: "Google Workspace"},
	{client: "BAMBOO_HR", alias: "People records"},
	{client: "OKTA_IDENTITY", alias: "Okta workforce"},
	{client: "AWS", alias: "AWS production"},
	{client: "GITHUB", alias: "GitHub main organisation"},
	{client: "RIPPLING", alias: "Contractors", byFile: true},
	{
		client: "LDAP", alias: "Office directory", health: broken,
		reason: "The server closed the TLS handshake: its certificate has expired. Renew it, then test the connection.",
	},
	{client: "MICROSOFT_365"},
	{client: "JUMPCLOUD", alias: "Former directory", health: removed},
	{client: "KNOWBE4", alias: "Awareness training"},
	{client: "JAMF", alias: "Mac fleet"},
	{client: "INTUNE", alias: "Windows fleet"},
	{
		client: "KOLIDE", alias: "Device posture", health: broken,
		reason: "The API key was refused (401). Make a new key and enter it here.",
	},
	{client: "CHECKR", alias: "Background checks"},
	{
		client: "CERTN", health: unfinished,
		reason: "No API key has been entered yet. Enter one to finish the set-up.",
	},
	{client: "AWS", alias: "AWS staging"},
	{client: "AWS_GOV_CLOUD", alias: "AWS public sector"},
	{client: "AWS_ORG_UNITS", alias: "AWS organisation"},
	{client: "GCP", alias: "Google Cloud"},
	{client: "AZURE", alias: "Azure subscription"},
	{client: "AZURE_ORG_UNITS", alias: "Azure management groups"},
	{client: "DIGITAL_OCEAN"},
	{
		client: "HEROKU", alias: "Prototypes", health: broken,
		reason: "The grant was withdrawn by its owner. Authorize the connection again.",
	},
	{client: "MONGO_DB_ATLAS", alias: "Document stores"},
	{client: "CLOUDFLARE", alias: "Edge network"},
	{client: "DIGITAL_OCEAN", alias: "Old hosting", health: removed},
	{client: "GITHUB", alias: "GitHub open source"},
	{client: "GITHUB_ENTERPRISE", alias: "GitHub Enterprise"},
	{client: "GITLAB", alias: "GitLab groups"},
	{
		client: "GITLAB_ON_PREM", alias: "Lab GitLab", health: broken,
		reason: "The host did not answer within 30 s. Check that it is reachable from here.",
	},
	{client: "BITBUCKET", alias: "Customer projects"},
	{client: "AZURE_REPOS", alias: "Azure DevOps"},
	{
		client: "AWS_CODECOMMIT", alias: "Firmware", health: broken,
		reason: "The role may not list users. Add codecommit:ListRepositories and iam:ListUsers to its policy.",
	},
}

// Connections are the company's connections, numbered from 1 in this order.
func (c *Company) Connections() []workforce.Connection {
	out := make([]workforce.Connection, len(c.connections))
	copy(out, c.connections)
	return out
}

func (c *Company) makeConnections() []workforce.Connection {
	out := make([]workforce.Connection, len(connectionPlans))
	for i, plan := range connectionPlans {
		out[i] = c.connection(i, plan)
	}
	return out
}

func (c *Company) connection(i int, plan connectionPlan) workforce.Connection {
	d := c.dice(topicConnection, i)
	since := d.between(c.founded, c.day.AddDate(-4, 0, 0))
	conn := workforce.Connection{
		ID:                 workforce.ConnectionID(i + 1),
		ClientType:         plan.client,
		State:              workforce.ConnectionActive,
		ConnectedAt:        &since,
		CompanyID:          maybe(d, 85, int64(1)),
		AssignmentID:       maybe(d, 50, code(c.number(topicConnection, i), 8)),
		AccountID:          maybe(d, 60, digits(c.number(topicConnection, i), 12)),
		ClientID:           maybe(d, 85, string(plan.client)+"-"+digits(c.number(topicConnection, ^i), 6)),
		ClientAlias:        text(plan.alias),
		WriteAccessEnabled: d.percent(20),
		Authorized:         true,
		WorkspaceIDs:       workspacesOf(i),
		CreatedAt:          since.Add(-d.days(1)),
		UpdatedAt:          since,
	}
	if user := []int{1, 2, 5, 11, 0}[i%5]; user > 0 && user <= c.people {
		conn.UserID = workforce.Ptr(workforce.UserID(user))
	}
	if d.percent(30) {
		conn.ManuallyUpdatedAt = workforce.Ptr(d.between(since, c.day))
		conn.UpdatedAt = *conn.ManuallyUpdatedAt
	}
	if plan.alias != "" && i%2 == 0 {
		conn.AliasUpdatedAt = workforce.Ptr(d.between(since, c.day))
		conn.UpdatedAt = later(conn.UpdatedAt, *conn.AliasUpdatedAt)
	}
	if conn.ClientType.Provides(workforce.ProviderIdentity) && plan.health != removed {
		conn.GroupLabel = workforce.Ptr("Everyone")
	}
	if plan.client == "BITBUCKET" { // the maker's ticket system comes with it
		conn.SourcePreference = workforce.Ptr("LABEL")
		conn.SecurityLabel = workforce.Ptr("Confidential")
		conn.JQLQuery = workforce.Ptr(`project = ACCESS AND type = "Offboarding"`)
	}
	c.setHealth(&conn, plan, d)
	if plan.byFile {
		conn.ConnectedAt, conn.UserID = nil, nil
	}
	return conn
}

// startOf is since when facts come from the connection.
func startOf(conn *workforce.Connection) time.Time {
	if conn.ConnectedAt == nil {
		return conn.CreatedAt
	}
	return *conn.ConnectedAt
}

func (c *Company) setHealth(conn *workforce.Connection, plan connectionPlan, d dice) {
	lately := d.between(c.day.AddDate(0, 0, -40), c.day)
	switch plan.health {
	case healthy:
	case broken:
		conn.State = workforce.ConnectionMisconfigured
		conn.FailedAt = &lately
	case unfinished:
		conn.State = workforce.ConnectionMisconfigured
		conn.ConnectedAt, conn.CompanyID, conn.AccountID, conn.ClientID, conn.Authorized = nil, nil, nil, nil, false
	case removed:
		when := c.day.AddDate(-3, 0, 0).Add(d.days(60))
		conn.DeletedAt, lately = &when, when
	}
	conn.StateReason = text(plan.reason)
	if plan.health != healthy {
		conn.UpdatedAt = later(conn.UpdatedAt, lately)
	}
}

// workspacesOf ties some connections to one product, some to several.
func workspacesOf(i int) []workforce.WorkspaceID {
	switch i % 4 {
	case 0:
		return []workforce.WorkspaceID{1}
	case 1:
		return []workforce.WorkspaceID{1, 2}
	case 2:
		return []workforce.WorkspaceID{3}
	default:
		return nil
	}
}

// closedAt is when the connection was taken away; zero for one that was not.
func closedAt(conn *workforce.Connection) time.Time {
	if conn.DeletedAt == nil {
		return time.Time{}
	}
	return *conn.DeletedAt
}
