package web

import (
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The tables on the page of a person: one line for each column.

var pinColumns = []column[workforce.Pin]{
	{"Field", func(p workforce.Pin, _ *time.Location) cell { return cellOf(text(words(p.Field))) }},
	{"Set by", func(p workforce.Pin, _ *time.Location) cell { return cellOf(text(actorName(p.Actor))) }},
	{"Since", func(p workforce.Pin, zone *time.Location) cell { return cellOf(instant(p.At, zone)) }},
	{"Reason", func(p workforce.Pin, _ *time.Location) cell { return cellOf(textOr(p.Reason, notRecorded)) }},
}

var identityColumns = []column[workforce.IdentityRecord]{
	{"Source", func(i workforce.IdentityRecord, _ *time.Location) cell { return cellOf(sourceOf(i.Connection)) }},
	{"Username", func(i workforce.IdentityRecord, _ *time.Location) cell {
		v := textOr(i.Username, unknown)
		v.Note = i.IdentityID
		return cellOf(v)
	}},
	{"E-mail", func(i workforce.IdentityRecord, _ *time.Location) cell { return cellOf(textOr(i.Email, unknown)) }},
	{"MFA", func(i workforce.IdentityRecord, _ *time.Location) cell { return cellOf(answer(i.HasMFA)) }},
	{"Contractor", func(i workforce.IdentityRecord, _ *time.Location) cell { return cellOf(answer(i.IsContractor)) }},
	{"Manager", func(i workforce.IdentityRecord, _ *time.Location) cell { return cellOf(textOr(i.ManagerName, unknown)) }},
	{"Connected", func(i workforce.IdentityRecord, zone *time.Location) cell {
		return cellOf(instantOr(i.ConnectedAt, zone, notRecorded))
	}},
	{"Disconnected", func(i workforce.IdentityRecord, zone *time.Location) cell {
		return cellOf(instantOr(i.DisconnectedAt, zone, notRecorded))
	}},
}

var accountColumns = []column[workforce.AccountRecord]{
	{"System", func(a workforce.AccountRecord, _ *time.Location) cell {
		v := sourceOf(a.Connection)
		v.Note = strings.TrimPrefix(v.Note+", "+strings.ToLower(words(a.Kind)), ", ")
		return cellOf(v)
	}},
	{"Account", func(a workforce.AccountRecord, _ *time.Location) cell {
		v := textOr(a.Username, "username "+unknown)
		v.Note = a.IdentityID
		return cellOf(v)
	}},
	{"MFA", func(a workforce.AccountRecord, _ *time.Location) cell { return cellOf(answer(a.HasMFA)) }},
	{"Declared access", declaredAccess},
	{"Linked", func(a workforce.AccountRecord, _ *time.Location) cell { return cellOf(linkOf(a.Account)) }},
	{"Connected", func(a workforce.AccountRecord, zone *time.Location) cell {
		return cellOf(instantOr(a.ConnectedAt, zone, notRecorded))
	}},
	{"Disconnected", func(a workforce.AccountRecord, zone *time.Location) cell {
		return cellOf(instantOr(a.DisconnectedAt, zone, notRecorded))
	}},
	{"Removed by the system", func(a workforce.AccountRecord, zone *time.Location) cell {
		return cellOf(instantOr(a.RemovedAt, zone, notRecorded))
	}},
}

// accessLabels names the accesses that people declare.
var accessLabels = map[workforce.AccessFlag]string{
	workforce.FlagAdmin:    "admin",
	workforce.FlagDB:       "database",
	workforce.FlagWrite:    "write",
	workforce.FlagPushProd: "push to production",
}

// declaredAccess lists the accesses that were declared, each with since when.
func declaredAccess(a workforce.AccountRecord, zone *time.Location) cell {
	var c cell
	for _, f := range a.Kind.Flags() {
		if since := *a.Flag(f); since != nil {
			c.Values = append(c.Values, value{Text: accessLabels[f], Note: "since " + since.In(zone).Format(time.DateOnly)})
		}
	}
	if len(c.Values) == 0 {
		return cellOf(value{Absent: "none declared"})
	}
	return c
}

// linkOf says how the account came to belong to the person.
func linkOf(a workforce.Account) value {
	v := value{Absent: unknown}
	if a.LinkMethod != nil {
		v = text(words(*a.LinkMethod))
		v.Note = workforce.Text(a.LinkReason)
	}
	return v
}

var deviceColumns = deviceTable()

// deviceTable is the columns of devices, those of the checks last.
func deviceTable() []column[workforce.Device] {
	columns := []column[workforce.Device]{
		{"Model", func(d workforce.Device, _ *time.Location) cell { return cellOf(textOr(d.Model, "model "+unknown)) }},
		{"System", func(d workforce.Device, _ *time.Location) cell { return cellOf(textOr(d.OSVersion, unknown)) }},
		{"Serial number", func(d workforce.Device, _ *time.Location) cell { return cellOf(textOr(d.SerialNumber, unknown)) }},
		{"Source", func(d workforce.Device, _ *time.Location) cell { return cellOf(text(productName(d.SourceType))) }},
		{"Last seen", func(d workforce.Device, zone *time.Location) cell {
			return cellOf(instantOr(d.LastCheckedAt, zone, unknown))
		}},
		{"In use", func(d workforce.Device, zone *time.Location) cell {
			if d.Active() {
				return cellOf(text("yes"))
			}
			return cellOf(value{Text: "no", Note: "since " + d.DeletedAt.In(zone).Format(time.DateOnly)})
		}},
	}
	for _, t := range workforce.AllDeviceCheckTypes {
		columns = append(columns, column[workforce.Device]{checkLabels[t], func(d workforce.Device, _ *time.Location) cell {
			statuses := map[workforce.CheckType]workforce.CheckStatus{}
			for _, c := range d.Checks {
				statuses[c.Type] = c.Status
			}
			return markCell(markOf(statuses, t))
		}})
	}
	return columns
}

var backgroundColumns = []column[workforce.BackgroundCheck]{
	{"Made by", func(b workforce.BackgroundCheck, _ *time.Location) cell {
		return cellOf(link(productName(b.Type), b.URL))
	}},
	{"Status", func(b workforce.BackgroundCheck, _ *time.Location) cell { return cellOf(text(words(b.Status))) }},
	{"Source", func(b workforce.BackgroundCheck, _ *time.Location) cell {
		if b.Source == nil {
			return cellOf(value{Absent: unknown})
		}
		return cellOf(text(productName(*b.Source)))
	}},
	{"Checked by hand on", func(b workforce.BackgroundCheck, _ *time.Location) cell {
		return cellOf(dateOr(b.ManualCheckDate, notRecorded))
	}},
	{"Out of scope", func(b workforce.BackgroundCheck, zone *time.Location) cell {
		v := instantOr(b.OutOfScopeAt, zone, notRecorded)
		v.Note = workforce.Text(b.OutOfScopeReason)
		return cellOf(v)
	}},
	{"Recorded", func(b workforce.BackgroundCheck, zone *time.Location) cell { return cellOf(instant(b.CreatedAt, zone)) }},
}

var documentColumns = []column[workforce.Document]{
	{"Name", func(d workforce.Document, _ *time.Location) cell { return cellOf(link(d.Name, d.FileLink())) }},
	{"Evidence of", func(d workforce.Document, _ *time.Location) cell { return cellOf(text(evidence(d.Type))) }},
	{"To be renewed", func(d workforce.Document, _ *time.Location) cell { return cellOf(dateOr(d.RenewalDate, notRecorded)) }},
	{"Recorded", func(d workforce.Document, zone *time.Location) cell { return cellOf(instant(d.CreatedAt, zone)) }},
}

// evidence is what a document of the type shows.
func evidence(t workforce.DocumentType) string {
	return words(workforce.DocumentType(strings.TrimSuffix(string(t), "_EVIDENCE")))
}

var groupColumns = []column[workforce.Group]{
	{"Group", func(g workforce.Group, _ *time.Location) cell { return cellOf(text(g.Name)) }},
	{"Number", func(g workforce.Group, _ *time.Location) cell { return cellOf(number(int64(g.ID))) }},
}

// sourceOf names a connection: what people call it, and what it is.
func sourceOf(c *workforce.ConnectionRecord) value {
	if c == nil {
		return value{Absent: "source " + unknown}
	}
	product := productName(c.ClientType)
	if alias := workforce.Text(c.ClientAlias); alias != "" && alias != product {
		return value{Text: alias, Note: product}
	}
	return text(product)
}

// actorName says who made a change, whom the change log knows by a short word.
func actorName(actor string) string {
	if id, ok := strings.CutPrefix(actor, "key:"); ok {
		return "API key " + id
	}
	if actor == auth.ActorCommandLine {
		return "the command line"
	}
	return actor
}
