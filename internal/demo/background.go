package demo

import (
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// checkers are who makes background checks, with where the record comes from.
var checkers = []struct {
	kind   workforce.BackgroundCheckType
	source workforce.BackgroundCheckSource
}{
	{"CERTN", "CERTN"},
	{"CHECKR", "CHECKR"},
	{"MANUAL", "DRATA"},
	{"KARMACHECK", "KARMACHECK"},
	{"HRIS_RIPPLING", "RIPPLING_CHECKR"},
	{"STERLING", "STERLING"},
	{"HIRERIGHT", "HIRERIGHT"},
	{"VETTY", "VETTY"},
}

var outOfScopeReasons = []string{
	"Joined before background checks were introduced.",
	"Local law does not allow a check for this role.",
	"Checked by the agency that employs them.",
}

// backgroundChecks are the person's background checks, the oldest first.
func (c *Company) backgroundChecks(p *profile) []workforce.BackgroundCheck {
	d := c.dice(topicBackground, p.n)
	if !p.human || p.status == workforce.UnknownStatus || p.status == workforce.OutOfScope {
		return nil
	}
	if p.conduct == murky && d.percent(45) || p.status == workforce.FutureHire && d.percent(50) {
		return nil
	}
	var out []workforce.BackgroundCheck
	ordered := earlier(c.day, p.created.Add(d.days(10)))
	if d.percent(15) && ordered.Before(c.day.AddDate(-4, 0, 0)) {
		out = append(out, c.backgroundCheck(p, "EXPIRED", ordered, d))
		ordered = d.between(ordered.AddDate(2, 0, 0), c.day)
	}
	return append(out, c.backgroundCheck(p, backgroundStatus(p, d), ordered, d))
}

func backgroundStatus(p *profile, d dice) workforce.BackgroundCheckStatus {
	chance := d.below(100)
	switch {
	case p.n <= founders:
		return "OK"
	case p.status == workforce.FutureHire:
		return "PENDING"
	case p.conduct == sloppy && chance < 50:
		return pick(d, []workforce.BackgroundCheckStatus{"PENDING", "ISSUE", "CANCELED", "EXPIRED"})
	case chance > 90:
		return "OUT_OF_SCOPE"
	}
	return "OK"
}

func (c *Company) backgroundCheck(p *profile, status workforce.BackgroundCheckStatus, ordered time.Time, d dice) workforce.BackgroundCheck {
	by := checkers[c.deal(topicBackgroundType, p.n, len(checkers))]
	done := earlier(c.day, ordered.Add(d.days(20)))
	b := workforce.BackgroundCheck{
		Status: status, Type: by.kind, Source: maybe(d, 90, by.source),
		CreatedAt: ordered, UpdatedAt: done,
	}
	if by.kind == "MANUAL" {
		b.ManualCheckDate = date(done.AddDate(0, 0, -1)) // today has not begun everywhere
		b.ManuallyCheckURL = maybe(d, 70, "https://files.example.com/checks/"+code(d.rng.Uint64(), 11))
	} else {
		slug := strings.ToLower(string(by.kind))
		b.CaseID = maybe(d, 90, code(d.rng.Uint64(), 10))
		b.CaseInvitationID = maybe(d, 60, code(d.rng.Uint64(), 10))
		b.URL = maybe(d, 70, "https://"+strings.ReplaceAll(slug, "_", "-")+".example.org/cases/"+code(d.rng.Uint64(), 10))
		b.InvitationEmail = maybe(d, 70, p.email)
		b.LinkedAt = maybe(d, 60, done)
	}
	switch status {
	case "OUT_OF_SCOPE":
		b.OutOfScopeReason = workforce.Ptr(pick(d, outOfScopeReasons))
		b.OutOfScopeAt = &done
	case "OK":
		b.ReportData = maybe(d, 50, `{"result":"clear","components":3}`)
	case "ISSUE":
		b.ReportData = workforce.Ptr(`{"result":"consider","components":3}`)
	}
	return b
}
