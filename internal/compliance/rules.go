package compliance

import (
	"context"
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Rules gives what counts as compliant.
func (s *Service) Rules(ctx context.Context) (workforce.Rules, error) {
	var out workforce.Rules
	err := s.read(ctx, workforce.ScopeComplianceGet, func(r *store.Reader) error {
		var err error
		out, err = r.Rules(ctx)
		return err
	})
	return out, err
}

// SaveRules sets what counts as compliant. Whoever it touches is assessed
// again: at once if they are few, otherwise by [Run] or [Settle].
func (s *Service) SaveRules(ctx context.Context, rules workforce.Rules) (workforce.Rules, error) {
	return s.changeRules(ctx, func(workforce.Rules) workforce.Rules { return rules })
}

func sameRules(a, b workforce.Rules) bool {
	return a.ScreenLockSeconds == b.ScreenLockSeconds && a.ReportingDays == b.ReportingDays &&
		slices.EqualFunc(a.Checks, b.Checks, func(a, b workforce.CheckRule) bool {
			return a.Required == b.Required && a.RenewalMonths == b.RenewalMonths && a.Frequency == b.Frequency &&
				a.MissingRecord == b.MissingRecord && slices.Equal(a.Statuses, b.Statuses) &&
				slices.Equal(a.GroupIDs, b.GroupIDs) && slices.Equal(a.Sources, b.Sources)
		})
}

// checkRules refuses rules that cannot be, and puts their lists in order.
func checkRules(ctx context.Context, r *store.Reader, rules *workforce.Rules) error {
	if err := rules.Validate(); err != nil {
		return err
	}
	var wanted []workforce.GroupID
	for i := range rules.Checks {
		c := &rules.Checks[i]
		slices.Sort(c.GroupIDs)
		c.GroupIDs = slices.Compact(c.GroupIDs)
		wanted = append(wanted, c.GroupIDs...)
	}
	return groupsExist(ctx, r, wanted)
}

// groupsExist refuses numbers of groups that do not exist.
func groupsExist(ctx context.Context, r *store.Reader, ids []workforce.GroupID) error {
	if len(ids) == 0 {
		return nil
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(groups, func(g workforce.Group) bool { return g.ID == id }) {
			return workforce.RefuseField("groupIds", "groupIds: there is no group with the id %d", id)
		}
	}
	return nil
}

// Flip is a check of a person that other rules would decide otherwise.
type Flip struct {
	PersonnelID workforce.PersonnelID
	UserID      workforce.UserID
	Email       string
	Type        workforce.CheckType
	From, To    workforce.CheckStatus
	Reasons     []check.Reason // why it would be To
}

// Preview is what other rules would change.
type Preview struct {
	Assessed int64 // people whom the rules touch
	Flipped  int64 // of them, those with another outcome
	// Counts says how many people a check would take from one outcome to another.
	Counts map[workforce.CheckType]map[[2]workforce.CheckStatus]int64
	Flips  []Flip // the first ones, by personnel id and check
}

// previewSpan is how many people are read at a time.
const previewSpan = 512

// PreviewRules tells whom other rules would flip, without saving them: the
// first limit flips, and how many there are of each kind. It calls progress,
// which may be nil, with how many people were assessed.
func (s *Service) PreviewRules(ctx context.Context, rules workforce.Rules, limit int, progress func(done int64)) (Preview, error) {
	out := Preview{Counts: map[workforce.CheckType]map[[2]workforce.CheckStatus]int64{}}
	now := s.db.Now()
	err := s.read(ctx, workforce.ScopeComplianceGet, func(r *store.Reader) error {
		if err := checkRules(ctx, r, &rules); err != nil {
			return err
		}
		is, err := r.AssessedCompany(ctx)
		if err != nil {
			return err
		}
		would := *is
		would.Rules = &rules
		var last workforce.PersonnelID
		for {
			ids, err := r.TouchedByRules(ctx, *is.Rules, rules, last, previewSpan)
			if err != nil || len(ids) == 0 {
				return err
			}
			last = ids[len(ids)-1]
			facts, err := r.Facts(ctx, &would, ids)
			if err != nil {
				return err
			}
			for i := range facts {
				out.add(&facts[i], now, limit)
			}
			if progress != nil {
				progress(out.Assessed)
			}
		}
	})
	return out, err
}

// add decides a person's checks by the other rules.
func (p *Preview) add(f *store.PersonFacts, now time.Time, limit int) {
	p.Assessed++
	decided := check.Decide(&f.Facts, now)
	var flipped bool
	var why []check.Result
	for i := range decided.Results {
		t, to := decided.Results[i].Type, decided.Results[i].Status
		from, ok := statusOf(f.Previous, t)
		if !ok || from == to {
			continue
		}
		flipped = true
		if p.Counts[t] == nil {
			p.Counts[t] = map[[2]workforce.CheckStatus]int64{}
		}
		p.Counts[t][[2]workforce.CheckStatus{from, to}]++
		if len(p.Flips) >= limit {
			continue
		}
		if why == nil {
			why = check.Eval(&f.Facts, now).Results
		}
		p.Flips = append(p.Flips, Flip{
			PersonnelID: f.Personnel.ID, UserID: f.User.ID, Email: f.User.Email,
			Type: t, From: from, To: to, Reasons: why[i].Reasons,
		})
	}
	if flipped {
		p.Flipped++
	}
}

func statusOf(checks []workforce.Check, t workforce.CheckType) (workforce.CheckStatus, bool) {
	for i := range checks {
		if checks[i].Type == t {
			return checks[i].Status, true
		}
	}
	return "", false
}
