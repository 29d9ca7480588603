package demo

import "github.com/passmuster/passmuster/internal/workforce"

// The groups that come before those of the departments, by their numbers.
const (
	groupEveryone workforce.GroupID = iota + 1
	groupContractors
	groupManagers
	groupOnCall
	groupProduction
	groupRemote
	groupNobody // has no members
	groupFirstDepartment
)

// The groups that come after those of the departments.
var (
	groupStaff  = groupFirstDepartment + workforce.GroupID(len(departments)) // everyone but agency staff
	groupAgency = groupStaff + 1
)

// Groups are the company's groups, numbered from 1 in this order.
func (c *Company) Groups() []workforce.Group {
	names := []string{
		"Everyone", "Contractors", "Managers", "On call", "Production access", "Remote workers", "Summer interns 2019",
	}
	for _, team := range departments {
		names = append(names, team.name+" department")
	}
	names = append(names, "Everyone but agency staff", "Agency staff")
	out := make([]workforce.Group, len(names))
	for i, name := range names {
		made := c.founded.AddDate(0, 2*i, 3*i)
		out[i] = workforce.Group{ID: workforce.GroupID(i + 1), Name: name, CreatedAt: made, UpdatedAt: made}
	}
	return out
}

// groupsOf are the groups of the person, in order; those who are not here, or
// are no persons, are in none.
func (c *Company) groupsOf(p *profile) []workforce.GroupID {
	if !p.status.Current() {
		return nil
	}
	d := c.dice(topicGroup, p.n)
	out := []workforce.GroupID{groupEveryone}
	add := func(member bool, g workforce.GroupID) {
		if member {
			out = append(out, g)
		}
	}
	// Agency staff gets at nothing for which there are rules of its own.
	builds := p.team != nil && p.team.builds && !p.agency
	onCall, production, remote := d.percent(15), d.percent(30), d.percent(35)
	add(p.contractor(), groupContractors)
	add(c.leads(p.n), groupManagers)
	add(onCall && builds, groupOnCall)
	add(production && builds, groupProduction)
	add(remote, groupRemote)
	for i, team := range departments {
		add(team == p.team, groupFirstDepartment+workforce.GroupID(i))
	}
	add(!p.agency, groupStaff)
	add(p.agency, groupAgency)
	return out
}

// groupsWith are the groups of the departments of a kind, in order.
func groupsWith(kind func(*department) bool) []workforce.GroupID {
	var out []workforce.GroupID
	for i, team := range departments {
		if kind(team) {
			out = append(out, groupFirstDepartment+workforce.GroupID(i))
		}
	}
	return out
}
