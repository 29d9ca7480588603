package demo

import (
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// strayEvery is how many users there are for one account of each kind and sort
// that belongs to nobody.
const strayEvery = 9

var serviceReasons = []string{
	"This account is used to deploy.",
	"Runs the nightly backups.",
	"Reads metrics for the dashboards.",
	"Signs release artefacts.",
	"Rotates certificates.",
	"Opens pull requests for new versions of dependencies.",
}

var serviceNames = []string{
	"deploy", "nightly-backup", "metrics-reader", "release-signer", "cert-rotator", "dependency-bot",
	"terraform", "ci-runner", "log-shipper", "break-glass",
}

var orphanReasons = []string{
	"Nobody in the directory has this e-mail address.",
	"The system shows no e-mail address for it.",
	"Two people fit equally well; one has to be chosen by hand.",
}

// strayAccounts are the accounts of the kind that belong to nobody and stand
// beside user n: now and then a service account, now and then an orphan. None
// stands beside the founders: their accounts are the ones of the samples.
func (c *Company) strayAccounts(n int, kind workforce.AccountKind) []workforce.Account {
	if n <= founders {
		return nil
	}
	card := c.deal(topicStray, n, strayEvery)
	switch half := choose(kind == workforce.Infrastructure, 0, 2); card - half {
	case 0:
		return []workforce.Account{c.stray(n, kind, true)}
	case 1:
		return []workforce.Account{c.stray(n, kind, false)}
	}
	return nil
}

func (c *Company) stray(n int, kind workforce.AccountKind, service bool) workforce.Account {
	d := c.dice(topicStray, n)
	place := c.byKind[kind][c.deal(topicStray, n/strayEvery, len(c.byKind[kind]))]
	conn := &c.connections[place]
	until := c.day
	if closed := closedAt(conn); !closed.IsZero() {
		until = closed
	}
	a := workforce.Account{
		Kind: kind, ConnectionID: conn.ID, IdentityID: c.externalID(conn, n, true),
		HasMFA:    maybe(d, 70, false),
		CreatedAt: d.between(conn.CreatedAt, until),
	}
	if service {
		c.markService(&a, until, d)
	} else {
		c.markOrphan(&a, n, until, d)
	}
	if closed := closedAt(conn); !closed.IsZero() {
		a.RemovedAt = &closed
	}
	c.setAccess(&a, d)
	c.setAccountTimes(&a, place, d)
	return a
}

func (c *Company) markService(a *workforce.Account, until time.Time, d dice) {
	name := pick(d, serviceNames)
	a.Username = &name
	a.Email = maybe(d, 30, name+digits(d.rng.Uint64(), 3)+"@example.com")
	a.ServiceAccountAt = workforce.Ptr(d.between(a.CreatedAt, until))
	a.ServiceAccountReason = workforce.Ptr(pick(d, serviceReasons))
	a.ServiceAccountByUserID = workforce.Ptr(workforce.UserID(1 + d.below(founders)))
}

// markOrphan makes an account that could not be linked; some were linked once
// and then unlinked by hand.
func (c *Company) markOrphan(a *workforce.Account, n int, until time.Time, d dice) {
	name := c.humanName(n, c.dice(topicAccount, ^n))
	a.Username = maybe(d, 85, strings.ReplaceAll(name.local(), ".", "_"))
	a.LinkReason = workforce.Ptr(pick(d, orphanReasons))
	if d.percent(60) {
		a.Email = workforce.Ptr(name.local() + digits(d.rng.Uint64(), 4) + "@example.org")
	}
	if d.percent(30) {
		since := d.between(a.CreatedAt, until)
		end := d.between(since, until)
		a.ConnectedAt, a.DisconnectedAt = &since, &end
		a.LinkReason = workforce.Ptr("Unlinked by hand.")
	}
}
