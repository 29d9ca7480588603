package demo

import (
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// frequencies is how often each check is made.
var frequencies = map[workforce.CheckType]workforce.CheckFrequency{
	workforce.CheckFullCompliance:   "DAILY",
	workforce.CheckAcceptedPolicies: "YEARLY",
	workforce.CheckIdentityMFA:      "HOURLY",
	workforce.CheckBackground:       "ONCE",
	workforce.CheckAgentInstalled:   "QID",
	workforce.CheckPasswordManager:  "DAILY",
	workforce.CheckHDDEncryption:    "WEEKLY",
	workforce.CheckAntivirus:        "DAILY",
	workforce.CheckAutoUpdates:      "BIWEEKLY",
	workforce.CheckLockScreen:       "MONTHLY",
	workforce.CheckSecurityTraining: "YEARLY",
	workforce.CheckLocationServices: "QUARTERLY",
	workforce.CheckHIPAATraining:    "YEARLY",
	workforce.CheckOffboarding:      "ONCE",
	workforce.CheckNISTAITraining:   "YEARLY",
}

// reportWindow is how recently a device must have been heard of, in days.
const reportWindow = 30

// headOutcomes are outcomes of checks that are asked of few people: these
// heads of departments have them for certain, and no document against it.
var headOutcomes = map[int]struct {
	check  workforce.CheckType
	status workforce.CheckStatus
}{
	4:  {workforce.CheckHIPAATraining, workforce.CheckMisconfigured},
	8:  {workforce.CheckNISTAITraining, workforce.CheckMisconfigured},
	9:  {workforce.CheckHIPAATraining, workforce.CheckFail},
	10: {workforce.CheckNISTAITraining, workforce.CheckFail},
}

// facts are what the outcomes of a person's checks follow from.
type facts struct {
	*profile
	person    *workforce.NewPerson
	accounts  []workforce.Account // those that belong to the person
	elsewhere map[workforce.CheckType]workforce.CheckStatus
}

// checks are the person's fifteen checks, in the order of AllCheckTypes.
func (c *Company) checks(p *profile, person *workforce.NewPerson) []workforce.Check {
	d := c.dice(topicCheck, p.n)
	f := &facts{profile: p, person: person}
	if p.status.Former() {
		for _, kind := range workforce.AllAccountKinds {
			f.accounts = append(f.accounts, c.accountsOf(p, kind)...)
		}
	}
	f.elsewhere = map[workforce.CheckType]workforce.CheckStatus{
		workforce.CheckAcceptedPolicies: byConduct(p.conduct, d),
		workforce.CheckSecurityTraining: byConduct(p.conduct, d),
		workforce.CheckHIPAATraining:    byConduct(p.conduct, d),
		workforce.CheckNISTAITraining:   byConduct(p.conduct, d),
	}
	if certain, ok := headOutcomes[p.n]; ok {
		f.elsewhere[certain.check] = certain.status
	}
	out := make([]workforce.Check, len(workforce.AllCheckTypes))
	for i, t := range workforce.AllCheckTypes {
		if t != workforce.CheckFullCompliance {
			out[i] = c.record(t, c.outcome(t, f), p.created, c.day, d)
		}
		if t == workforce.CheckBackground {
			complete(&out[i], cleared(person.BackgroundChecks))
		}
	}
	for i, t := range workforce.AllCheckTypes {
		if t == workforce.CheckFullCompliance {
			last := lastCompletion(out)
			out[i] = c.record(t, rollUp(out), p.created, c.day, d)
			complete(&out[i], last)
		}
	}
	return out
}

// complete says when a check was met, of one that is.
func complete(check *workforce.Check, when time.Time) {
	if check.Status != workforce.CheckPass {
		return
	}
	check.CompletionDate, check.UpdatedAt = &when, when
	if check.LastCheckedAt != nil {
		check.LastCheckedAt = workforce.Ptr(later(*check.LastCheckedAt, when))
	}
}

// cleared is when the first background check that counts was made.
func cleared(checks []workforce.BackgroundCheck) time.Time {
	for _, b := range checks {
		if b.Status == "OK" || b.Status == "OUT_OF_SCOPE" {
			return b.UpdatedAt
		}
	}
	return time.Time{}
}

// lastCompletion is when the last of the checks was met.
func lastCompletion(checks []workforce.Check) time.Time {
	var last time.Time
	for _, check := range checks {
		if check.CompletionDate != nil {
			last = later(last, *check.CompletionDate)
		}
	}
	return last
}

// outcome is the rule of every check but FULL_COMPLIANCE: a known failure
// fails, otherwise an unknown fact cannot be told, otherwise it passes.
func (c *Company) outcome(t workforce.CheckType, f *facts) workforce.CheckStatus {
	if !applies(t, f.profile) {
		return workforce.CheckExcluded
	}
	switch t {
	case workforce.CheckIdentityMFA:
		return mfaOutcome(f.person.Identities)
	case workforce.CheckBackground:
		return backgroundOutcome(f.person.BackgroundChecks)
	case workforce.CheckAgentInstalled:
		yes, told := reported(f.person.Devices, c.day.AddDate(0, 0, -reportWindow))
		return choose(told, outcomeOf(&yes), workforce.CheckMisconfigured)
	case workforce.CheckOffboarding:
		return c.offboardingOutcome(f)
	default:
		if c.proves(f.person.Documents, evidenceFor[t]) {
			return workforce.CheckPass
		}
		if status, ok := f.elsewhere[t]; ok {
			return status
		}
		return deviceOutcome(t, f.person.Devices)
	}
}

// applies reports whether the check is asked of the person at all.
func applies(t workforce.CheckType, p *profile) bool {
	if p.status.Former() {
		return t == workforce.CheckOffboarding
	}
	inScope := p.status.Current() || p.status == workforce.UnknownStatus
	switch t {
	case workforce.CheckOffboarding:
		return false
	case workforce.CheckHIPAATraining:
		return inScope && p.team != nil && p.team.cares
	case workforce.CheckNISTAITraining:
		return inScope && p.team != nil && p.team.trains
	default:
		return inScope
	}
}

func mfaOutcome(identities []workforce.Identity) workforce.CheckStatus {
	var seen []workforce.CheckStatus
	for _, id := range identities {
		if id.HasIDP && id.ConnectedAt != nil && id.DisconnectedAt == nil {
			seen = append(seen, outcomeOf(id.HasMFA))
		}
	}
	return worst(seen)
}

func backgroundOutcome(checks []workforce.BackgroundCheck) workforce.CheckStatus {
	status := workforce.CheckMisconfigured // nobody told us of any
	for _, b := range checks {
		if b.Status == "OK" || b.Status == "OUT_OF_SCOPE" {
			return workforce.CheckPass
		}
		status = workforce.CheckFail
	}
	return status
}

// deviceOutcome is the worst outcome of the type over the devices in use.
func deviceOutcome(t workforce.CheckType, devices []workforce.Device) workforce.CheckStatus {
	var seen []workforce.CheckStatus
	for _, dev := range devices {
		for _, check := range dev.Checks {
			if dev.Active() && check.Type == t {
				seen = append(seen, check.Status)
			}
		}
	}
	return worst(seen)
}

// offboardingOutcome fails while anything of the person is still connected
// where it can be told, or evidence is missing.
func (c *Company) offboardingOutcome(f *facts) workforce.CheckStatus {
	seen := []workforce.CheckStatus{
		choose(c.proves(f.person.Documents, offboardingEvidence), workforce.CheckPass, workforce.CheckFail),
	}
	open := func(at workforce.ConnectionID, connected, disconnected *time.Time) {
		if connected != nil && disconnected == nil {
			working := connectionPlans[at-1].health == healthy
			seen = append(seen, choose(working, workforce.CheckFail, workforce.CheckMisconfigured))
		}
	}
	for _, id := range f.person.Identities {
		open(id.ConnectionID, id.ConnectedAt, id.DisconnectedAt)
	}
	for _, a := range f.accounts {
		open(a.ConnectionID, a.ConnectedAt, a.DisconnectedAt)
	}
	return worst(seen)
}

// rollUp is FULL_COMPLIANCE; the entry that it will take is still empty.
func rollUp(checks []workforce.Check) workforce.CheckStatus {
	var seen []workforce.CheckStatus
	for _, check := range checks {
		if check.Type != "" {
			seen = append(seen, check.Status)
		}
	}
	return worst(seen)
}

// severity is how an outcome weighs against others.
func severity(s workforce.CheckStatus) int {
	switch s {
	case workforce.CheckFail:
		return 3
	case workforce.CheckMisconfigured:
		return 2
	case workforce.CheckPass:
		return 1
	default:
		return 0
	}
}

// worst is FAIL if there is one, otherwise MISCONFIGURED if there is one or
// nothing is known at all, otherwise PASS unless everything is excluded.
func worst(seen []workforce.CheckStatus) workforce.CheckStatus {
	if len(seen) == 0 {
		return workforce.CheckMisconfigured
	}
	out := workforce.CheckExcluded
	for _, s := range seen {
		if severity(s) > severity(out) {
			out = s
		}
	}
	return out
}

// record is the check as it is stored: made for the first time at since, for
// the last time at until.
func (c *Company) record(t workforce.CheckType, status workforce.CheckStatus, since, until time.Time, d dice) workforce.Check {
	check := workforce.Check{
		Type: t, Status: status, CheckFrequency: frequencies[t],
		CreatedAt: since, UpdatedAt: d.between(since, until),
	}
	if status != workforce.CheckExcluded || d.percent(30) {
		check.LastCheckedAt = workforce.Ptr(d.between(later(check.UpdatedAt, until.AddDate(0, 0, -1)), until))
	}
	if status != workforce.CheckPass {
		return check
	}
	done := check.UpdatedAt
	if check.CheckFrequency == "YEARLY" {
		done = d.between(later(since, c.day.AddDate(0, -11, 0)), until)
		check.UpdatedAt = done
		check.ExpiresAt = workforce.Ptr(done.AddDate(1, 0, 0))
	}
	check.CompletionDate = &done
	return check
}
