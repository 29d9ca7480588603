package demo

import (
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// mainConnection is where most accounts of the kind are.
var mainConnection = map[workforce.AccountKind]int{
	workforce.Infrastructure: atAWS,
	workforce.VersionControl: atGitHub,
}

// accountsOf are the accounts of the kind that belong to the person.
func (c *Company) accountsOf(p *profile, kind workforce.AccountKind) []workforce.Account {
	d := c.accountDice(p.n, kind)
	count := accountCount(p, kind, d)
	var out []workforce.Account
	var taken []int
	for i := range count {
		place := c.accountPlace(p.n, i, kind)
		if i == 0 && (p.n <= founders || d.percent(50)) {
			place = mainConnection[kind]
		}
		conn := &c.connections[place]
		closed := closedAt(conn)
		missed := !p.gone.IsZero() && p.gone.Before(*conn.ConnectedAt) || !closed.IsZero() && closed.Before(p.created)
		if !missed && !slices.Contains(taken, place) {
			taken = append(taken, place)
			out = append(out, c.account(p, kind, place, d))
		}
	}
	return out
}

func (c *Company) accountDice(n int, kind workforce.AccountKind) dice {
	return c.dice(topicAccount, 2*n+choose(kind == workforce.Infrastructure, 0, 1))
}

// accountCount is how many systems of the kind the person has been let into:
// some of those who build the product, one now and then for others.
func accountCount(p *profile, kind workforce.AccountKind, d dice) int {
	builds := p.team != nil && p.team.builds
	switch {
	case p.n <= founders:
		return 1
	case p.status == workforce.FutureHire, p.status == workforce.OutOfScope:
		return 0
	case p.status == workforce.ServiceAccountStatus:
		return choose(kind == workforce.Infrastructure, 1, 0)
	case builds && kind == workforce.Infrastructure:
		return 1 + d.below(4)
	case builds:
		return 1 + d.below(3)
	}
	return choose(d.percent(15), 1, 0)
}

// accountPlace is the connection of the i-th account (0 to 3) beside user n.
func (c *Company) accountPlace(n, i int, kind workforce.AccountKind) int {
	places := c.byKind[kind]
	return places[c.deal(topicAccountConnection, 4*n+i, len(places))]
}

// account is an account that belongs to a person.
func (c *Company) account(p *profile, kind workforce.AccountKind, place int, d dice) workforce.Account {
	conn := &c.connections[place]
	from, until := later(p.created, conn.CreatedAt), c.day
	if !p.gone.IsZero() {
		until = earlier(until, p.gone)
	}
	if closed := closedAt(conn); !closed.IsZero() {
		until = earlier(until, closed)
	}
	made := d.between(from, until)
	linked := later(made, earlier(until, made.Add(d.days(2))))
	a := workforce.Account{
		Kind: kind, ConnectionID: conn.ID, IdentityID: c.externalID(conn, p.n, false),
		Username:    maybe(d, 92, username(p, d)),
		HasMFA:      mfaOfAccount(p, place, d),
		UserID:      workforce.Ptr(workforce.UserID(p.n)),
		ConnectedAt: &linked,
		CreatedAt:   made,
	}
	c.setLink(&a, p, d)
	c.endAccount(&a, p, place, d)
	c.setAccess(&a, d)
	c.setAccountTimes(&a, place, d)
	return a
}

// username is the name that the person chose.
func username(p *profile, d dice) string {
	local, _, _ := strings.Cut(strings.ToLower(p.name.local()), "+")
	switch d.below(3) {
	case 0:
		return strings.ReplaceAll(local, ".", "-") + "-" + digits(d.rng.Uint64(), 2)
	case 1:
		return strings.ReplaceAll(local, ".", "")
	}
	return local
}

func mfaOfAccount(p *profile, place int, d dice) *bool {
	chance := d.below(100)
	switch {
	case connectionPlans[place].health != healthy, chance < 8:
		return nil
	case p.conduct == sloppy && chance < 40:
		return workforce.Ptr(false)
	}
	return workforce.Ptr(true)
}

// setLink says how the account came to belong to the person.
func (c *Company) setLink(a *workforce.Account, p *profile, d dice) {
	switch chance := d.below(100); {
	case chance < 60:
		a.Email = &p.email
		a.LinkMethod = workforce.Ptr(workforce.LinkVerifiedEmail)
		a.LinkReason = workforce.Ptr("The system verified the same e-mail address.")
	case chance < 80:
		a.Email = maybe(d, 60, p.name.mailFirst+digits(d.rng.Uint64(), 4)+"@example.net")
		a.LinkMethod = workforce.Ptr(workforce.LinkManual)
		a.LinkReason = maybe(d, 70, "Confirmed with the person.")
	default:
		a.Email = maybe(d, 80, p.email)
		a.LinkMethod = workforce.Ptr(workforce.LinkImported)
	}
}

// setAccess declares what the account may do; nobody declares it of an account
// that is closed.
func (c *Company) setAccess(a *workforce.Account, d dice) {
	until := c.day
	for _, end := range []*time.Time{a.DisconnectedAt, a.RemovedAt} {
		if end != nil {
			until = earlier(until, *end)
		}
	}
	for _, flag := range a.Kind.Flags() {
		*a.Flag(flag) = maybe(d, 35, d.between(a.CreatedAt, until))
	}
}

// endAccount closes the accounts of those who left, as a rule: one in ten is
// forgotten, and where the source cannot be asked nobody knows.
func (c *Company) endAccount(a *workforce.Account, p *profile, place int, d dice) {
	forgotten, delay, listed := d.percent(10), d.days(4), d.percent(40)
	closed := closedAt(&c.connections[place])
	switch {
	case !closed.IsZero():
		a.DisconnectedAt, a.RemovedAt = &closed, &closed
	case p.gone.IsZero() || forgotten || connectionPlans[place].health != healthy:
	default:
		end := earlier(c.day, later(*a.ConnectedAt, p.gone.Add(delay)))
		a.DisconnectedAt = &end
		if !listed {
			a.RemovedAt = &end
		}
	}
}

// setAccountTimes fills in when the account was last looked at and changed.
func (c *Company) setAccountTimes(a *workforce.Account, place int, d dice) {
	latest := a.CreatedAt
	for _, t := range []*time.Time{
		a.ConnectedAt, a.DisconnectedAt, a.ServiceAccountAt, a.RemovedAt,
		a.AdminAccessAt, a.DBAccessAt, a.WriteAccessAt, a.PushProdAccessAt,
	} {
		if t != nil {
			latest = later(latest, *t)
		}
	}
	a.UpdatedAt = latest
	if a.RemovedAt == nil && connectionPlans[place].health == healthy {
		a.LastCheckedAt = workforce.Ptr(d.between(c.day.AddDate(0, 0, -1), c.day))
		a.UpdatedAt = d.between(latest, c.day)
	}
}
