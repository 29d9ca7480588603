package demo

import (
	"iter"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// DefaultSeed and DefaultPeople are the company that a person gets who asks
// for none in particular. From DefaultPeople on, everything that the package
// promises to occur does occur.
const (
	DefaultSeed   uint64 = 1
	DefaultPeople int    = 300
)

// Company is a made-up company. It is read-only after [New] and may be used by
// several goroutines.
type Company struct {
	seed    uint64
	people  int
	day     time.Time // the reference day's first instant, UTC; nothing happened later
	founded time.Time

	cultures, latin []*culture // one entry a card; those in Latin letters, once each
	namesakes       []uint16   // by user number - 1
	connections     []workforce.Connection
	policies        []workforce.Policy
	byKind          map[workforce.AccountKind][]int // places in connections of what accounts are at
}

// New makes up the company that belongs to the seed, with that many people (a
// negative number is none). Of now only the UTC day counts; nothing in the
// company happened after it began.
func New(seed uint64, people int, now time.Time) *Company {
	c := &Company{seed: seed, people: max(people, 0), day: midnight(now.UTC())}
	c.founded = earlier(time.Date(2014, time.March, 17, 0, 0, 0, 0, time.UTC), c.day.AddDate(-6, 0, 0))
	c.cultures, c.latin = readCultures()
	c.namesakes = make([]uint16, c.people)
	c.connections = c.makeConnections()
	c.policies = c.makePolicies()
	c.byKind = map[workforce.AccountKind][]int{}
	for i, conn := range c.connections {
		for _, k := range workforce.AllAccountKinds {
			if conn.ClientType.Provides(providerOf(k)) {
				c.byKind[k] = append(c.byKind[k], i)
			}
		}
	}
	c.countNamesakes()
	return c
}

// Size is how many people the company has.
func (c *Company) Size() int { return c.people }

// Company is the company's own record.
func (c *Company) Company() workforce.Company {
	return workforce.Company{
		Name:                "Harbour Lantern (demo)",
		Domain:              workforce.Ptr("example.com"),
		Plan:                workforce.PlanFull,
		TermsAcceptedAt:     workforce.Ptr(c.founded.Add(10 * time.Hour)),
		TimeZone:            "America/New_York",
		AgentEnabled:        true,
		ManualUploadEnabled: true,
		Demo:                true,
		CreatedAt:           c.founded,
		UpdatedAt:           c.founded.Add(10 * time.Hour),
	}
}

// Workspaces are the company's products, numbered from 1 in this order.
func (c *Company) Workspaces() []workforce.Workspace {
	return []workforce.Workspace{
		{
			ID: 1, Name: "Lantern Cloud", Primary: true,
			Description: workforce.Ptr("The hosted service that customers sign in to."),
			HowItWorks:  workforce.Ptr("Runs in two regions; customers reach it in the browser and by API."),
			URL:         workforce.Ptr("https://cloud.example.com"),
			Logo:        workforce.Ptr("https://static.example.com/logos/cloud.png"),
		},
		{
			ID: 2, Name: "Lantern Edge",
			Description: workforce.Ptr("The appliance that customers run themselves."),
			URL:         workforce.Ptr("https://edge.example.org"),
		},
		{ID: 3, Name: "Skunkworks"},
	}
}

// Exclusions streams all exclusions: those of groups, then those of people in
// their order. The ids are left to the store.
func (c *Company) Exclusions() iter.Seq[workforce.Exclusion] {
	return func(yield func(workforce.Exclusion) bool) {
		for _, e := range c.groupExclusions() {
			if !yield(e) {
				return
			}
		}
		for n := 1; n <= c.people; n++ {
			for _, e := range c.exclusionsAt(c.profile(n)) {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// People streams everybody, without checks: they are computed from the rest.
// Users, and with them personnel records, are meant to be numbered from 1 in
// this order; all references between records (the managers, the providers of
// reasons, the accounts, the exclusions) rely on it. The ids of the people and
// of their parts are left to the store. Groups, connections and policies have to
// exist before.
func (c *Company) People() iter.Seq[workforce.NewPerson] {
	return func(yield func(workforce.NewPerson) bool) {
		for n := 1; n <= c.people; n++ {
			if !yield(c.person(c.profile(n))) {
				return
			}
		}
	}
}

// Accounts streams all accounts: person by person, infrastructure first, and
// among them those that belong to nobody. The ids are left to the store; each
// kind is meant to be numbered from 1 in this order.
func (c *Company) Accounts() iter.Seq[workforce.Account] {
	return func(yield func(workforce.Account) bool) {
		for n := 1; n <= c.people; n++ {
			for _, a := range c.accountsAt(n) {
				if !yield(a) {
					return
				}
			}
		}
	}
}

// accountsAt is the part of [Company.Accounts] that comes with user n: their
// own accounts and those of nobody that happen to stand beside them.
func (c *Company) accountsAt(n int) []workforce.Account {
	p := c.profile(n)
	var out []workforce.Account
	for _, kind := range workforce.AllAccountKinds {
		out = append(out, c.accountsOf(p, kind)...)
		out = append(out, c.strayAccounts(n, kind)...)
	}
	return out
}

func providerOf(k workforce.AccountKind) workforce.ProviderType {
	if k == workforce.Infrastructure {
		return workforce.ProviderInfrastructure
	}
	return workforce.ProviderVersionControl
}
