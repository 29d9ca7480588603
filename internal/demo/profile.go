package demo

import (
	"math"
	"strconv"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// conduct is how well a person meets the requirements.
type conduct int

const (
	orderly conduct = iota // meets all of them
	sloppy                 // misses some
	murky                  // misses none, but some cannot be told
)

// statusDeck is forty people as they are mixed in the company.
var statusDeck = deckOf(
	cards[workforce.EmploymentStatus]{workforce.CurrentEmployee, 23},
	cards[workforce.EmploymentStatus]{workforce.CurrentContractor, 4},
	cards[workforce.EmploymentStatus]{workforce.FormerEmployee, 4},
	cards[workforce.EmploymentStatus]{workforce.FormerContractor, 2},
	cards[workforce.EmploymentStatus]{workforce.UnknownStatus, 2},
	cards[workforce.EmploymentStatus]{workforce.OutOfScope, 1},
	cards[workforce.EmploymentStatus]{workforce.SpecialFormerEmployee, 1},
	cards[workforce.EmploymentStatus]{workforce.SpecialFormerContractor, 1},
	cards[workforce.EmploymentStatus]{workforce.FutureHire, 1},
	cards[workforce.EmploymentStatus]{workforce.ServiceAccountStatus, 1},
)

// agencyCard is the card of statusDeck, a contractor's, whose holders come from
// an agency: so each run of forty people has one.
const agencyCard = 26

// cards is a value with how often it is in a deck.
type cards[T any] struct {
	value T
	count int
}

func deckOf[T any](of ...cards[T]) []T {
	var deck []T
	for _, c := range of {
		for range c.count {
			deck = append(deck, c.value)
		}
	}
	return deck
}

// founders is how many people have been here from the start: records 1 to 3
// are what the samples of the API's documentation are about.
const founders = 3

// profile is who a person is; all their records follow from it. It is made
// from the person's number alone, in about a microsecond.
type profile struct {
	n       int // user number, from 1
	status  workforce.EmploymentStatus
	conduct conduct
	name    personName
	email   string
	team    *department
	title   string // "" where nobody told
	manager int    // user number; 0 for none

	hired   time.Time // midnight UTC of the start date; or when they were first seen
	left    time.Time // midnight UTC of the separation date, zero for none
	created time.Time // when the company's directory first had them
	gone    time.Time // when their access ended or should have: left, else zero
	human   bool
	plain   bool // has no name but an address
	agency  bool // is a contractor whom an agency employs
}

// status is the employment status of user n. The heads of the company are
// employees; so is everybody whom the samples are about.
func (c *Company) status(n int) workforce.EmploymentStatus {
	if n <= lastHead {
		return workforce.CurrentEmployee
	}
	return statusDeck[c.statusCard(n)]
}

// statusCard is the card of statusDeck that user n, no head, was dealt.
func (c *Company) statusCard(n int) int {
	return c.deal(topicStatus, n-lastHead-1, len(statusDeck))
}

// profile makes the profile of user n.
func (c *Company) profile(n int) *profile {
	d := c.dice(topicProfile, n)
	p := &profile{n: n, status: c.status(n), conduct: c.conductOf(n)}
	p.agency = n > lastHead && c.statusCard(n) == agencyCard
	p.human = p.status != workforce.ServiceAccountStatus && (p.status != workforce.OutOfScope || d.percent(60))
	p.team = c.team(n)
	p.manager = c.managerOf(n)
	switch {
	case p.status == workforce.ServiceAccountStatus:
		p.name = machineName(pick(d, robots))
	case !p.human:
		p.name = machineName(pick(d, mailboxes))
	default:
		p.name = c.humanName(n, d)
		p.title = c.titleOf(p, d)
	}
	c.setDates(p, d)
	p.email = c.address(p, d)
	p.plain = p.status == workforce.UnknownStatus && d.percent(60)
	if p.plain {
		p.name.first, p.name.last = "", ""
	}
	return p
}

func (c *Company) conductOf(n int) conduct {
	if n <= founders {
		return orderly
	}
	if certain, ok := headTrainings[n]; ok {
		return choose(certain.progress.known(), sloppy, murky)
	}
	switch card := c.deal(topicConduct, n, 20); {
	case card < 10:
		return orderly
	case card < 16:
		return sloppy
	default:
		return murky
	}
}

// setDates spreads the hirings over the company's life, more of them lately.
func (c *Company) setDates(p *profile, d dice) {
	yesterday := c.day.AddDate(0, 0, -2) // also where the day began later
	life := yesterday.Sub(c.founded)
	when := c.founded.Add(time.Duration(float64(life) * math.Sqrt(float64(p.n)/float64(c.people))))
	when = when.Add(d.days(90) - 45*24*time.Hour)
	if p.n <= founders {
		when = c.founded.AddDate(0, 0, 20*p.n)
	}
	if p.status == workforce.FutureHire {
		p.hired = midnight(c.day.AddDate(0, 0, 2+d.below(75)))
		p.created = d.between(c.day.AddDate(0, 0, -30), c.day)
		return
	}
	if p.status.Former() {
		when = earlier(when, yesterday.AddDate(0, 0, -60-d.below(600)))
	}
	p.hired = midnight(later(c.founded, earlier(when, yesterday)))
	p.created = later(c.founded, p.hired.Add(-d.days(14)))
	switch {
	case p.status.Former():
		p.left = midnight(d.between(p.hired.AddDate(0, 0, 14), yesterday))
		p.gone = p.left
	case p.status == workforce.CurrentContractor && d.percent(40):
		p.left = midnight(c.day.AddDate(0, 0, 10+d.below(400))) // the contract's end
	}
}

func midnight(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }

// hasDates reports whether anybody knows when the person started.
func (p *profile) hasDates() bool {
	switch p.status {
	case workforce.OutOfScope, workforce.UnknownStatus, workforce.ServiceAccountStatus:
		return false
	default:
		return true
	}
}

// inScope reports whether the company asks checks of the person as of somebody
// who works here.
func (p *profile) inScope() bool {
	return p.status.Current() || p.status == workforce.UnknownStatus
}

func (p *profile) contractor() bool {
	switch p.status {
	case workforce.CurrentContractor, workforce.FormerContractor, workforce.SpecialFormerContractor:
		return true
	default:
		return false
	}
}

// address makes the e-mail address from the name. Some contractors have a plus
// in theirs, some old ones are written with capitals.
func (c *Company) address(p *profile, d dice) string {
	local, domain := p.name.local(), "example.com"
	tag, style := d.below(100), d.below(100)
	if p.n > founders && style < 12 {
		domain = "example.org"
	}
	if p.contractor() && tag < 50 {
		domain = "example.net"
	}
	if n := c.namesakes[p.n-1]; n > 0 {
		local += strconv.Itoa(int(n) + 1)
	}
	if p.contractor() && tag < 20 {
		local += "+ext"
	}
	if p.status.Former() && style > 75 {
		local = capitals(local)
	}
	return local + "@" + domain
}

// capitals writes every word of an address with a capital letter.
func capitals(local string) string {
	out, start := []byte(local), true
	for i, b := range out {
		if start && 'a' <= b && b <= 'z' {
			out[i] = b - 'a' + 'A'
		}
		start = b == '.' || b == '-'
	}
	return string(out)
}

// countNamesakes fills in, for every person, how many before them have the
// same address but for the domain: that number makes addresses unique.
func (c *Company) countNamesakes() {
	seen := make(map[string]uint16, c.people)
	for n := 1; n <= c.people; n++ {
		local := c.profile(n).name.local()
		c.namesakes[n-1] = seen[local]
		seen[local]++
	}
}
