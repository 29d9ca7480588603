package demo

import (
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// person makes everything that is recorded of a person, but for the checks: they
// are computed where that is stored.
func (c *Company) person(p *profile) workforce.NewPerson {
	d := c.dice(topicPerson, p.n)
	var boss *profile
	if p.manager > 0 {
		boss = c.profile(p.manager)
	}
	person := workforce.NewPerson{
		User:             c.user(p, d),
		Personnel:        c.personnel(p, d),
		BackgroundChecks: c.backgroundChecks(p),
		Identities:       c.identities(p, boss),
		Documents:        c.documents(p),
		Devices:          c.devices(p),
		Trainings:        c.trainings(p),
		GroupIDs:         c.groupsOf(p),
	}
	person.Acknowledgements = c.acknowledgements(p, person.GroupIDs)
	person.Sources = c.sources(p, boss, &person)
	return person
}

func (c *Company) user(p *profile, d dice) workforce.User {
	id := c.number(topicEntryID, p.n)
	u := workforce.User{
		EntryID:   uuid(id, mix(id)),
		Email:     p.email,
		FirstName: p.name.firstName(),
		LastName:  p.name.lastName(),
		JobTitle:  text(p.title),
		AvatarURL: maybe(d, 40, "https://static.example.com/avatars/"+code(id, 11)+".png"),
		Roles:     c.roles(p, d),
		CreatedAt: p.created,
		UpdatedAt: d.between(p.created, c.day),
	}
	if p.human && p.status != workforce.FutureHire && (p.n <= founders || d.percent(88)) {
		agreed := earlier(c.day, p.created.Add(d.days(20)))
		u.TermsAgreedAt = &agreed
		u.UpdatedAt = later(u.UpdatedAt, agreed)
	}
	return u
}

// headRoles is how many roles beside EMPLOYEE each head of a department has;
// together they have them all.
const headRoles = 3

func (c *Company) roles(p *profile, d dice) []workforce.Role {
	all := workforce.AllRoles
	roles := []workforce.Role{"EMPLOYEE"}
	switch {
	case p.n == 1:
		roles = append(roles, workforce.RoleAdmin)
	case p.n <= lastHead:
		for i := range headRoles {
			roles = append(roles, all[((p.n-2)*headRoles+i)%len(all)])
		}
	case p.status == workforce.ServiceAccountStatus:
		roles = []workforce.Role{"SERVICE_USER"}
	case p.title == "External Auditor":
		roles = []workforce.Role{"AUDITOR"}
	case p.status == workforce.FutureHire, p.status == workforce.UnknownStatus, p.status == workforce.OutOfScope:
		roles = nil
	case p.status.Current() && d.percent(8):
		roles = append(roles, pick(d, all))
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

// notHumanReasons are why a user who is no person is out of scope; those who
// are persons have reasons of their own.
var (
	notHumanReasons = []string{
		"This is an address that several people read, not a person.",
		"Stands for a room, so that it can be booked.",
		"Placeholder for whoever is on duty.",
	}
	notStaffReasons = []string{
		"Sits on the board and has no access to customer data.",
		"Works for the audit firm; reads evidence only.",
		"Advises the company, on a contract without access.",
	}
)

func (c *Company) personnel(p *profile, d dice) workforce.Personnel {
	rec := workforce.Personnel{
		EmploymentStatus: p.status,
		Pins:             c.pins(p, d),
		CreatedAt:        p.created,
		UpdatedAt:        d.between(p.created, c.day),
	}
	if p.hasDates() {
		rec.StartDate, rec.SeparationDate = date(p.hired), date(p.left)
	}
	rec.StatusUpdatedAt = statusPinnedAt(rec.Pins)
	for _, pin := range rec.Pins {
		rec.UpdatedAt = later(rec.UpdatedAt, pin.At)
	}
	if p.status == workforce.OutOfScope {
		rec.NotHumanReason = workforce.Ptr(pick(d, choose(p.human, notStaffReasons, notHumanReasons)))
		rec.ReasonProviderID = workforce.Ptr(workforce.UserID(1 + d.below(founders)))
	}
	return rec
}
