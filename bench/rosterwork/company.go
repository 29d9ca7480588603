package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// company makes up listed records. The same size and seed give the same.
type company struct {
	people int
	dice   *rand.Rand
	first  []string
	last   []string
}

const (
	firstNames  = 400
	lastNames   = 6000
	groups      = 40
	connections = 24
	epoch       = 1_400_000_000_000 // Unix milliseconds: 2014
	decade      = 315_000_000_000   // milliseconds
)

func newCompany(people int, seed uint64) *company {
	c := &company{people: people, dice: rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // figures must be repeatable, not secret
	c.first, c.last = c.names(firstNames, 2), c.names(lastNames, 3)
	return c
}

// names makes names of syllables, so that pieces of them occur as often as
// pieces of real ones do.
func (c *company) names(n, most int) []string {
	heads := strings.Fields("b br c ch d f g gr h j k kr l m n p qu r s sch st t tr v w z")
	vowels := strings.Fields("a e i o u ai ei ou ia y")
	tails := strings.Fields("n r s l m nd rt ck ll tt ng sky son berg mann - - - - -")
	seen := map[string]bool{}
	var out []string
	for len(out) < n {
		var b strings.Builder
		for range 1 + c.dice.IntN(most) {
			b.WriteString(pick(c.dice, heads) + pick(c.dice, vowels))
		}
		b.WriteString(strings.Trim(pick(c.dice, tails), "-"))
		if name := b.String(); len(name) >= 3 && !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

func pick[T any](d *rand.Rand, values []T) T { return values[d.IntN(len(values))] }

// skewed prefers what comes first, as names do.
func skewed[T any](d *rand.Rand, values []T) T {
	x := d.Float64()
	return values[int(x*x*float64(len(values)))]
}

func (c *company) listed() workforce.Listed {
	l := workforce.Listed{People: make([]workforce.ListedPerson, c.people)}
	for g := range groups {
		l.GroupIDs = append(l.GroupIDs, workforce.GroupID(g+1))
	}
	for i := range connections {
		l.Connections = append(l.Connections, c.connection(i))
	}
	for i := range l.People {
		l.People[i] = c.person(i + 1)
	}
	each := map[workforce.AccountKind]int{workforce.Infrastructure: 14, workforce.VersionControl: 10} // for ten people
	for _, kind := range workforce.AllAccountKinds {
		n := each[kind] * c.people / 10
		dice := rand.New(rand.NewPCG(uint64(n), 2)) //nolint:gosec // figures must be repeatable, not secret
		for i := range n {
			l.Accounts = append(l.Accounts, c.account(dice, kind, i+1))
		}
	}
	return l
}

func (c *company) person(id int) workforce.ListedPerson {
	d := c.dice
	first, last := skewed(d, c.first), skewed(d, c.last)
	p := workforce.ListedPerson{
		UserID: workforce.UserID(id), PersonnelID: workforce.PersonnelID(id),
		FirstKey: first, LastKey: last, NameKey: first + " " + last, EmailKey: fmt.Sprintf("%s.%s%d@example.com", first, last, id),
		CreatedAt: epoch + d.Int64N(decade), Status: workforce.CurrentEmployee, ChangedAt: int64(id),
	}
	p.UpdatedAt, p.HiredAt = p.CreatedAt+d.Int64N(decade/10), p.CreatedAt
	if d.IntN(10) >= 6 {
		p.Status = pick(d, workforce.AllEmploymentStatuses)
	}
	p.StartDate = day(d)
	if p.Status.Former() {
		p.SeparationDate = day(d)
	}
	for _, t := range workforce.AllCheckTypes {
		s := workforce.CheckPass
		if d.IntN(5) == 0 {
			s = pick(d, workforce.AllCheckStatuses)
		}
		p.Checks = p.Checks.With(t, s)
	}
	for g := 1 + d.IntN(groups); g <= groups; g += 1 + d.IntN(groups) {
		p.GroupIDs = append(p.GroupIDs, workforce.GroupID(g))
	}
	p.Devices = workforce.ListedDevices{AppsCount: -1}
	if n := d.IntN(4); n > 0 {
		p.Devices = workforce.ListedDevices{
			Active: int32(n), AppsCount: int64(d.IntN(300)),
			OSVersionKey: fmt.Sprintf("system %d.%d", d.IntN(15), d.IntN(9)), SerialNumberKey: fmt.Sprintf("sn%09d", d.IntN(1e9)),
			Sources: workforce.DeviceSources(0).With(pick(d, workforce.AllDeviceSources)),
		}
		if d.IntN(6) == 0 {
			p.Devices.Failing = 1
		}
	}
	return p
}

func day(d *rand.Rand) workforce.Date {
	return workforce.Date(fmt.Sprintf("%04d-%02d-%02d", 2014+d.IntN(12), 1+d.IntN(12), 1+d.IntN(28)))
}

// connection makes the first half of the connections for infrastructure, the
// others for version control.
func (c *company) connection(i int) workforce.ListedConnection {
	types := workforce.AllAccountKinds[i*len(workforce.AllAccountKinds)/connections].ClientTypes()
	return workforce.ListedConnection{
		ID: workforce.ConnectionID(i + 1), ClientType: types[i%len(types)],
		State: pick(c.dice, workforce.AllConnectionStates), ClientIDKey: fmt.Sprintf("client-%d", i), ClientAliasKey: fmt.Sprintf("alias %d", c.dice.IntN(100)),
	}
}

func (c *company) account(d *rand.Rand, kind workforce.AccountKind, id int) workforce.ListedAccount {
	name := skewed(d, c.first) + "." + skewed(d, c.last)
	instant := func(one int) int64 {
		if d.IntN(one) > 0 {
			return workforce.NoTime
		}
		return epoch + d.Int64N(decade)
	}
	const half = connections / 2
	from := 1
	if kind == workforce.VersionControl {
		from += half
	}
	a := workforce.ListedAccount{
		Kind: kind, ID: workforce.AccountID(id), ConnectionID: workforce.ConnectionID(from + d.IntN(half)),
		IdentityKey: fmt.Sprintf("%018d", d.Int64N(1e18)), UsernameKey: name, EmailKey: name + "@example.com",
		ConnectedAt: instant(1), DisconnectedAt: instant(8), ServiceAccountAt: instant(30), AdminAccessAt: instant(6), DBAccessAt: instant(4),
		WriteAccessAt: instant(2), PushProdAccessAt: instant(5), CreatedAt: epoch + d.Int64N(decade), ChangedAt: int64(id),
	}
	if d.IntN(15) > 0 {
		a.UserID = workforce.UserID(1 + d.IntN(c.people))
	}
	if d.IntN(5) > 0 {
		mfa := d.IntN(8) > 0
		a.HasMFA = &mfa
	}
	return a
}
