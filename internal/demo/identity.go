package demo

import (
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// identityPlaces are the connections that people have identities at.
var identityPlaces = []int{atGoogle, atOkta, atBamboo, atRippling, atLDAP, atMicrosoft, atOldDirectory}

// knownAt reports whether the source at the place knows the person. It is
// asked of managers, too, to name them by the id that the same source uses.
func (c *Company) knownAt(p *profile, place int) bool {
	if p.n <= founders && (place == atBamboo || place == atGoogle) {
		return true
	}
	if !p.gone.IsZero() && p.gone.Before(startOf(&c.connections[place])) {
		return false
	}
	chance := int(mix(c.number(topicMembership, place)^uint64(p.n)) % 100)
	return chance < c.coverage(p, place)
}

// coverage is in how many of 100 cases the source at the place knows a person
// like p.
func (c *Company) coverage(p *profile, place int) int {
	byHand := p.status == workforce.SpecialFormerEmployee || p.status == workforce.SpecialFormerContractor
	staff := p.hasDates() && !byHand
	switch place {
	case atGoogle:
		seldom := p.status == workforce.FutureHire || p.status == workforce.ServiceAccountStatus
		return choose(seldom, 40, choose(p.inScope(), 97, 75))
	case atOkta:
		return choose(p.human && !p.contractor() && p.status != workforce.FutureHire, 55, 0)
	case atBamboo:
		return choose(staff && !p.contractor(), 96, 0)
	case atRippling:
		return choose(staff && p.contractor(), 92, 0)
	case atLDAP:
		return choose(p.conduct == murky, 35, choose(p.status.Former(), 20, 0))
	case atMicrosoft:
		return choose(p.human, 8, 0)
	default: // atOldDirectory
		closed := closedAt(&c.connections[place])
		return choose(p.created.Before(closed.AddDate(0, -2, 0)), 35, 0)
	}
}

// identities are the person's identities, in the order of identityPlaces.
func (c *Company) identities(p, boss *profile) []workforce.Identity {
	d := c.dice(topicIdentity, p.n)
	var out []workforce.Identity
	for _, place := range identityPlaces {
		if c.knownAt(p, place) {
			out = append(out, c.identity(p, boss, place, d))
		}
	}
	return out
}

func (c *Company) identity(p, boss *profile, place int, d dice) workforce.Identity {
	conn := &c.connections[place]
	since := earlier(c.day, later(p.created, startOf(conn)).Add(d.days(2)))
	id := workforce.Identity{
		ConnectionID:   conn.ID,
		IdentityID:     c.externalID(conn, p.n, false),
		Username:       maybe(d, 85, strings.ToLower(strings.TrimSuffix(p.name.local(), "+ext"))),
		Email:          maybe(d, 95, p.email),
		SecondaryEmail: maybe(d, 20, p.name.mailFirst+digits(c.number(topicIdentity, p.n), 4)+"@example.net"),
		FirstName:      p.name.firstName(),
		LastName:       p.name.lastName(),
		JobTitle:       text(p.title),
		HasIDP:         conn.ClientType.Provides(workforce.ProviderIdentity),
		ConnectedAt:    &since,
		CreatedAt:      since,
	}
	if place == atBamboo || place == atRippling || d.percent(40) {
		c.setEmployment(&id, p)
	}
	if boss != nil && c.knownAt(boss, place) {
		id.ManagerID = workforce.Ptr(c.externalID(conn, boss.n, false))
		id.ManagerName = text(boss.name.full())
	}
	if id.HasIDP {
		id.HasMFA = c.mfa(p, place, d)
	}
	c.endIdentity(&id, p, place, d)
	id.UpdatedAt = d.between(since, c.day)
	if id.DisconnectedAt != nil {
		id.UpdatedAt = later(id.UpdatedAt, *id.DisconnectedAt)
	}
	return id
}

// setEmployment fills in what the source knows of the employment.
func (c *Company) setEmployment(id *workforce.Identity, p *profile) {
	if !p.hasDates() {
		return
	}
	id.IsContractor = workforce.Ptr(p.contractor())
	id.StartedAt = instant(p.hired)
	id.SeparatedAt = instant(p.left)
}

// mfa is what the identity provider says of the second factor.
func (c *Company) mfa(p *profile, place int, d dice) *bool {
	chance := d.below(100)
	switch {
	case place == atLDAP, p.conduct == murky && chance < 35:
		return nil
	case p.conduct == sloppy && chance < 25, p.status.Former() && chance < 30:
		return workforce.Ptr(false)
	}
	return workforce.Ptr(true)
}

// endIdentity disconnects the identities of those who left: at once as a rule,
// not at all in some cases, and never where the source cannot be asked.
func (c *Company) endIdentity(id *workforce.Identity, p *profile, place int, d dice) {
	forgotten, delay := d.percent(6), d.days(3)
	closed := closedAt(&c.connections[place])
	switch {
	case !closed.IsZero():
		id.DisconnectedAt = &closed
	case p.status == workforce.FutureHire && d.percent(50):
		id.ConnectedAt = nil // prepared, not yet handed over
	case !p.gone.IsZero() && !forgotten && connectionPlans[place].health == healthy:
		id.DisconnectedAt = workforce.Ptr(earlier(c.day, later(*id.ConnectedAt, p.gone.Add(delay))))
	}
}

// instant is nil for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// date is the calendar date of an instant, nil for the zero time.
func date(t time.Time) *workforce.Date {
	if t.IsZero() {
		return nil
	}
	return workforce.Ptr(workforce.DateOf(t))
}
