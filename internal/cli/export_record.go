package cli

import (
	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/workforce"
)

// personRecord is a person as they are exported.
func personRecord(p client.PersonSummary) record {
	return record{
		{"id", numberOf(p.ID)},
		{"userId", numberOf(p.UserID)},
		{"entryId", textOf(p.EntryID)},
		{"email", textOf(p.Email)},
		{"firstName", textOpt(p.FirstName)},
		{"lastName", textOpt(p.LastName)},
		{"jobTitle", textOpt(p.JobTitle)},
		{"roles", textsOf(p.Roles)},
		{"employmentStatus", textOf(p.EmploymentStatus)},
		{"notHumanReason", textOpt(p.NotHumanReason)},
		{"startDate", textOpt(p.StartDate)},
		{"separationDate", textOpt(p.SeparationDate)},
		{"statusUpdatedAt", timeOpt(p.StatusUpdatedAt)},
		{"pins", textsOf(p.Pins)},
		{"checks", outcomes(p.Checks)},
		{"groups", groupsOf(p.Groups)},
		{"devices", record{{"active", numberOf(p.Devices.Active)}, {"failing", numberOf(p.Devices.Failing)}}},
		{"createdAt", timeOpt(&p.CreatedAt)},
		{"updatedAt", timeOpt(&p.UpdatedAt)},
	}
}

func groupsOf(groups []client.GroupName) rows {
	of := func(g client.GroupName) record { return record{{"id", numberOf(g.ID)}, {"name", textOf(g.Name)}} }
	out := rows{form: of(client.GroupName{})}
	for _, g := range groups {
		out.items = append(out.items, of(g))
	}
	return out
}

// outcomes is the checks of a person, in the order of the domain. JSON has those
// that the person has; a table has columns for all.
type outcomes map[client.CheckType]client.CheckOutcome

func outcomeRecord(c client.CheckOutcome) record {
	return record{
		{"status", textOf(c.Status)},
		{"completionDate", timeOpt(c.CompletionDate)},
		{"expiresAt", timeOpt(c.ExpiresAt)},
	}
}

func (o outcomes) records(all bool) record {
	var out record
	for _, t := range workforce.AllCheckTypes {
		if c, ok := o[client.CheckType(t)]; ok {
			out = append(out, member{string(t), outcomeRecord(c)})
		} else if all {
			out = append(out, member{string(t), absent{outcomeRecord(client.CheckOutcome{})}})
		}
	}
	return out
}

func (o outcomes) appendJSON(b []byte) []byte   { return o.records(false).appendJSON(b) }
func (o outcomes) columns(name string) []string { return o.records(true).columns(name) }
func (o outcomes) cells() []string              { return o.records(true).cells() }

// accountRecord is an account as it is exported.
func accountRecord(a client.AccountSummary) record {
	return record{
		{"id", numberOf(a.ID)},
		{"kind", textOf(a.Kind)},
		{"connectionId", numberOf(a.ConnectionID)},
		{"clientType", textOf(a.ClientType)},
		{"connectionAlias", textOpt(a.ConnectionAlias)},
		{"identityId", textOf(a.IdentityID)},
		{"username", textOpt(a.Username)},
		{"email", textOpt(a.Email)},
		{"user", objectOpt(a.User, func(u client.AccountOwner) record {
			return record{{"id", numberOf(u.ID)}, {"email", textOf(u.Email)}, {"name", textOpt(u.Name)}}
		})},
		{"hasMfa", boolOpt(a.HasMFA)},
		{"connectedAt", timeOpt(a.ConnectedAt)},
		{"disconnectedAt", timeOpt(a.DisconnectedAt)},
		{"serviceAccount", objectOpt(a.ServiceAccount, func(s client.ServiceAccount) record {
			return record{{"since", timeOpt(&s.Since)}, {"reason", textOpt(s.Reason)}}
		})},
		{"adminAccess", timeOpt(a.AdminAccess)},
		{"dbAccess", timeOpt(a.DBAccess)},
		{"writeAccess", timeOpt(a.WriteAccess)},
		{"pushProductionCodeAccess", timeOpt(a.PushProductionCodeAccess)},
		{"linkMethod", textOpt(a.LinkMethod)},
		{"linkReason", textOpt(a.LinkReason)},
		{"removedAt", timeOpt(a.RemovedAt)},
		{"createdAt", timeOpt(&a.CreatedAt)},
		{"updatedAt", timeOpt(&a.UpdatedAt)},
	}
}
