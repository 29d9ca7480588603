package demo

import (
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// groupExclusions free the members of groups from checks.
func (c *Company) groupExclusions() []workforce.Exclusion {
	since := c.monthsAgo(8)
	return []workforce.Exclusion{{
		GroupID:  workforce.Ptr(groupAgency),
		Checks:   []workforce.CheckType{workforce.CheckBackground, workforce.CheckSecurityTraining},
		Reason:   "Their agency checks and trains them, as the contract says.",
		StartsAt: since, Actor: store.ActorDemo, CreatedAt: since, UpdatedAt: since,
	}}
}

// exclusionEvery is how many people there are for one who has an exclusion of
// their own.
const exclusionEvery = 30

// exclusionPlans are what people are freed from, and why.
var exclusionPlans = []struct {
	reason string
	checks []workforce.CheckType
}{
	{"On parental leave.", []workforce.CheckType{workforce.CheckAcceptedPolicies, workforce.CheckSecurityTraining}},
	{"Signs in with a smart card, which the provider does not tell of.", []workforce.CheckType{workforce.CheckIdentityMFA}},
	{"Works in the warehouse, without a computer.", []workforce.CheckType{
		workforce.CheckAgentInstalled, workforce.CheckPasswordManager, workforce.CheckHDDEncryption, workforce.CheckAntivirus,
		workforce.CheckAutoUpdates, workforce.CheckLockScreen, workforce.CheckLocationServices,
	}},
	{"The works council has agreed that location stays off.", []workforce.CheckType{workforce.CheckLocationServices}},
	{"Waits for the permit without which no check may be made.", []workforce.CheckType{workforce.CheckBackground}},
}

// exclusionsAt are the exclusions that user n has: past, running and future
// ones take turns.
func (c *Company) exclusionsAt(p *profile) []workforce.Exclusion {
	if p.n <= founders || c.deal(topicExclusion, p.n, exclusionEvery) != 0 || !p.inScope() && !p.status.Former() {
		return nil
	}
	d := c.dice(topicExclusion, p.n)
	turn := p.n / exclusionEvery
	plan := exclusionPlans[turn%len(exclusionPlans)]
	e := workforce.Exclusion{
		PersonnelID: workforce.Ptr(workforce.PersonnelID(p.n)),
		Checks:      plan.checks, Reason: plan.reason, Actor: store.ActorDemo,
	}
	if p.status.Former() {
		e.Checks, e.Reason = []workforce.CheckType{workforce.CheckOffboarding}, "Keeps access until the handover is over."
	}
	e.StartsAt, e.EndsAt = c.exclusionTime(turn, d)
	e.CreatedAt = earlier(e.StartsAt, c.day).Add(-d.days(5))
	e.UpdatedAt = e.CreatedAt
	return []workforce.Exclusion{e}
}

// exclusionTime is from when until when an exclusion is in force.
func (c *Company) exclusionTime(turn int, d dice) (starts time.Time, ends *time.Time) {
	switch turn % 3 {
	case 0: // running
		return c.day.AddDate(0, 0, -30).Add(-d.days(60)), workforce.Ptr(c.day.AddDate(0, 0, 10).Add(d.days(340)))
	case 1: // still to come
		starts = c.day.AddDate(0, 0, 5).Add(d.days(120))
	default: // over
		starts = c.day.AddDate(0, 0, -200).Add(-d.days(100))
	}
	return starts, workforce.Ptr(starts.AddDate(0, 0, 60).Add(d.days(120)))
}
