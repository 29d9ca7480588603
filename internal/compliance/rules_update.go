package compliance

import (
	"context"
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// RulesInput is what may be said of the rules; nil, and a check that is not
// named, leaves them as they are.
type RulesInput struct {
	Checks            map[workforce.CheckType]CheckRuleInput
	ScreenLockSeconds *int64
	ReportingDays     *int64
}

// CheckRuleInput is what may be said of the rule of a check; nil leaves it as
// it is.
type CheckRuleInput struct {
	Required      *bool
	Statuses      []workforce.EmploymentStatus // empty and not nil: of nobody
	GroupIDs      []workforce.GroupID          // empty and not nil: of everybody
	RenewalMonths *int64                       // 0: never
	Frequency     *workforce.CheckFrequency
	Sources       []workforce.DeviceSource // empty and not nil: all of them
	MissingRecord *workforce.CheckStatus
}

// UpdateRules changes what is said of the rules. Whoever that touches is
// assessed again, as by [Service.SaveRules].
func (s *Service) UpdateRules(ctx context.Context, in RulesInput) (workforce.Rules, error) {
	return s.changeRules(ctx, in.apply)
}

// ResetRules goes back to the rules of a new company.
func (s *Service) ResetRules(ctx context.Context) (workforce.Rules, error) {
	return s.changeRules(ctx, func(workforce.Rules) workforce.Rules { return workforce.DefaultRules() })
}

// changeRules locks the rules and saves what f makes of them.
func (s *Service) changeRules(ctx context.Context, f func(workforce.Rules) workforce.Rules) (workforce.Rules, error) {
	var out workforce.Rules
	err := s.change(ctx, workforce.ScopeComplianceManage, func(tx *store.Tx, _ auth.Principal) error {
		before, err := tx.LockRules(ctx)
		if err != nil {
			return err
		}
		out = f(before)
		if err := checkRules(ctx, &tx.Reader, &out); err != nil {
			return err
		}
		out.UpdatedAt = before.UpdatedAt
		if sameRules(before, out) {
			return nil
		}
		out.UpdatedAt = workforce.Ptr(tx.Now())
		return tx.SaveRules(ctx, before, out)
	})
	return out, err
}

// PreviewUpdate tells whom [Service.UpdateRules] would flip, without changing
// anything: the first limit flips, and how many there are of each kind.
func (s *Service) PreviewUpdate(ctx context.Context, in RulesInput, limit int) (Preview, error) {
	rules, err := s.Rules(ctx)
	if err != nil {
		return Preview{}, err
	}
	return s.PreviewRules(ctx, in.apply(rules), limit, nil)
}

// apply gives the rules with what is said of them, and leaves those that it was
// given alone.
func (in RulesInput) apply(rules workforce.Rules) workforce.Rules {
	rules.Checks = slices.Clone(rules.Checks)
	for i := range rules.Checks {
		c := &rules.Checks[i]
		c.GroupIDs = slices.Clone(c.GroupIDs)
		if said, ok := in.Checks[c.Type]; ok {
			said.apply(c)
		}
	}
	if in.ScreenLockSeconds != nil {
		rules.ScreenLockSeconds = *in.ScreenLockSeconds
	}
	if in.ReportingDays != nil {
		rules.ReportingDays = int(*in.ReportingDays)
	}
	return rules
}

func (in CheckRuleInput) apply(c *workforce.CheckRule) {
	if in.Required != nil {
		c.Required = *in.Required
	}
	if in.Statuses != nil {
		c.Statuses = in.Statuses
	}
	if in.GroupIDs != nil {
		c.GroupIDs = slices.Clone(in.GroupIDs)
	}
	if in.RenewalMonths != nil {
		c.RenewalMonths = int(*in.RenewalMonths)
	}
	if in.Frequency != nil {
		c.Frequency = *in.Frequency
	}
	if in.Sources != nil {
		c.Sources = in.Sources
	}
	if in.MissingRecord != nil {
		c.MissingRecord = *in.MissingRecord
	}
}

// DayBegins gives the instant at which a day begins where the company is. It is
// open to whoever may write something that has days.
func (s *Service) DayBegins(ctx context.Context, d workforce.Date) (time.Time, error) {
	if _, err := auth.Require(ctx, workforce.ScopeComplianceManage, workforce.Writes); err != nil {
		if _, other := auth.Require(ctx, workforce.ScopeEvidenceManage, workforce.Writes); other != nil {
			return time.Time{}, err
		}
	}
	var at time.Time
	err := s.db.Read(ctx, func(r *store.Reader) error {
		company, err := r.Company(ctx)
		at = d.In(company.Location())
		return err
	})
	return at, err
}
