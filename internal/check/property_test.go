package check

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

// same reports whether two verdicts are equal, with or without explanations.
func same(t *rapid.T, what string, got, want Verdict) {
	t.Helper()
	for i := range want.Results {
		if !reflect.DeepEqual(got.Results[i], want.Results[i]) {
			t.Fatalf("%s: %s\n got %+v\nwant %+v", what, want.Results[i].Type, got.Results[i], want.Results[i])
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: the devices or NextDue differ:\n got %+v %v\nwant %+v %v", what, got.Devices, got.NextDue, want.Devices, want.NextDue)
	}
}

func TestDecidingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := someFacts(t)
		first := Eval(f, noon)
		keepVerdict(f, &first)
		same(t, "again", Eval(f, noon), first)
	})
}

func TestDecideIsEvalWithoutExplanations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := someFacts(t)
		want := Eval(f, noon)
		for i := range want.Results {
			want.Results[i].Reasons, want.Results[i].Evidence = nil, nil
		}
		same(t, "Decide", Decide(f, noon), want)
	})
}

func TestTheOrderOfFactsSaysNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := someFacts(t)
		want := Eval(f, noon)
		dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
		company := *f.Company
		g := *f
		g.Company = &company
		company.Policies = shuffled(dice, company.Policies)
		g.GroupIDs = shuffled(dice, g.GroupIDs)
		g.Identities = shuffled(dice, g.Identities)
		g.Accounts = shuffled(dice, g.Accounts)
		g.BackgroundChecks = shuffled(dice, g.BackgroundChecks)
		g.Documents = shuffled(dice, g.Documents)
		g.Devices = shuffled(dice, g.Devices)
		g.Acknowledgements = shuffled(dice, g.Acknowledgements)
		g.Trainings = shuffled(dice, g.Trainings)
		g.Exclusions = shuffled(dice, g.Exclusions)
		g.Previous = shuffled(dice, g.Previous)
		before := slices.Clone(g.Documents)
		same(t, "shuffled", Eval(&g, noon), want)
		if !reflect.DeepEqual(g.Documents, before) {
			t.Fatal("the facts were put in order in place")
		}
	})
}

func shuffled[T any](dice *rand.Rand, list []T) []T {
	out := slices.Clone(list)
	dice.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// TestNothingFlipsBeforeItIsDue evaluates at every instant that facts name, at
// what follows from it, and just before NextDue.
func TestNothingFlipsBeforeItIsDue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := someFacts(t)
		v := Eval(f, noon)
		keepVerdict(f, &v)
		v = Eval(f, noon)
		if v.NextDue != nil && !v.NextDue.After(noon) {
			t.Fatalf("due at %s, which is not after now", v.NextDue)
		}
		for _, at := range instants(f) {
			due := v.NextDue
			if !at.After(noon) || due != nil && !at.Before(*due) {
				continue
			}
			same(t, "at "+at.String(), Eval(f, at), v)
		}
		if v.NextDue != nil {
			same(t, "just before it is due", Eval(f, v.NextDue.Add(-time.Millisecond)), v)
			later := Eval(f, *v.NextDue)
			if later.NextDue != nil && !later.NextDue.After(*v.NextDue) {
				t.Fatalf("due at %s again", later.NextDue)
			}
		}
	})
}

// TestEachResultIsDueByItself: as above, of each result and its own NextDue.
func TestEachResultIsDueByItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := someFacts(t)
		v := Eval(f, noon)
		keepVerdict(f, &v)
		v = Eval(f, noon)
		for _, at := range instants(f) {
			if !at.After(noon) {
				continue
			}
			then := Decide(f, at)
			for i := range v.Results {
				due := v.Results[i].NextDue
				if due != nil && !at.Before(*due) {
					continue
				}
				if !reflect.DeepEqual(then.Results[i].Check, v.Results[i].Check) {
					t.Fatalf("%s changes at %s, not when it is due (%v):\n got %+v\nwant %+v",
						v.Results[i].Type, at, due, then.Results[i].Check, v.Results[i].Check)
				}
			}
		}
	})
}

// instants is when something can change at all: times of facts, midnights
// around dates, and the same after the renewals and the reporting window.
func instants(f *Facts) []time.Time {
	var named []time.Time
	add := func(at ...*time.Time) {
		for _, t := range at {
			if t != nil {
				named = append(named, *t)
			}
		}
	}
	date := func(d *workforce.Date) {
		if d != nil {
			at := d.In(f.Company.Location)
			named = append(named, at, at.AddDate(0, 0, 1), at.Add(24*time.Hour))
		}
	}
	for _, a := range f.Acknowledgements {
		add(&a.AcknowledgedAt)
	}
	for _, x := range f.Trainings {
		add(x.CompletedAt)
	}
	for _, d := range f.Documents {
		add(&d.CreatedAt)
		date(d.CompletedOn)
		date(d.RenewalDate)
	}
	for _, b := range f.BackgroundChecks {
		add(&b.UpdatedAt)
		date(b.ManualCheckDate)
	}
	for _, d := range f.Devices {
		add(d.LastCheckedAt)
	}
	for _, x := range f.Exclusions {
		add(&x.StartsAt, x.EndsAt)
	}
	for _, i := range f.Identities {
		add(i.DisconnectedAt)
	}
	for _, a := range f.Accounts {
		add(a.DisconnectedAt, a.RemovedAt)
	}
	var out []time.Time
	for _, t := range named {
		days := time.Duration(f.Company.Rules.ReportingDays) * 24 * time.Hour
		for _, u := range []time.Time{t, t.Add(days), t.In(f.Company.Location).AddDate(0, 1, 0), t.In(f.Company.Location).AddDate(0, 2, 0)} {
			out = append(out, u.Add(-time.Millisecond), u, u.Add(time.Millisecond))
		}
	}
	return append(out, noon.Add(time.Millisecond), noon.AddDate(0, 0, 1), noon.AddDate(1, 0, 0))
}

func TestFullComplianceFollowsFromTheOthers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := someFacts(t)
		v := Decide(f, noon)
		full, rule := v.Results[0], f.Company.Rules.Of(workforce.CheckFullCompliance)
		if !rule.AppliesTo(f.Personnel.EmploymentStatus, f.GroupIDs) {
			if full.Status != workforce.CheckExcluded {
				t.Fatalf("not asked, but %s", full.Status)
			}
			return
		}
		seen := map[workforce.CheckStatus]int{}
		var completed, expires *time.Time
		for _, r := range v.Results[1:] {
			seen[r.Status]++
			if r.CompletionDate != nil && (completed == nil || r.CompletionDate.After(*completed)) {
				completed = r.CompletionDate
			}
			if r.ExpiresAt != nil && (expires == nil || r.ExpiresAt.Before(*expires)) {
				expires = r.ExpiresAt
			}
		}
		want := workforce.CheckPass
		switch {
		case seen[workforce.CheckFail] > 0:
			want = workforce.CheckFail
		case seen[workforce.CheckMisconfigured] > 0:
			want = workforce.CheckMisconfigured
		case seen[workforce.CheckExcluded] == len(v.Results)-1:
			want = workforce.CheckExcluded
		}
		if want != workforce.CheckPass {
			completed, expires = nil, nil
		}
		if full.Status != want || !workforce.Same(full.CompletionDate, completed) || !workforce.Same(full.ExpiresAt, expires) {
			t.Fatalf("got %+v\nwant %s, completed %v, expires %v", full.Check, want, completed, expires)
		}
	})
}

// TestEveryResultIsWhole: what callers rely on of any result.
func TestEveryResultIsWhole(t *testing.T) {
	t.Parallel()
	uses := map[Code]CodeUse{}
	for _, use := range AllCodes {
		uses[use.Code] = use
	}
	rapid.Check(t, func(t *rapid.T) {
		f := someFacts(t)
		now := noon.Add(time.Duration(rapid.IntRange(0, 999_999).Draw(t, "ns")))
		v := Eval(f, now)
		for i, r := range v.Results {
			rule := f.Company.Rules.Of(r.Type)
			wholeCheck(t, r.Check, rule)
			if r.Type != workforce.AllCheckTypes[i] || len(r.Reasons) == 0 {
				t.Fatalf("at %d: %s has the reasons %v", i, r.Type, r.Reasons)
			}
			if !rule.AppliesTo(f.Personnel.EmploymentStatus, f.GroupIDs) && r.Status != workforce.CheckExcluded {
				t.Fatalf("%s is not asked, but %s", r.Type, r.Status)
			}
			if r.NextDue != nil && (!r.NextDue.After(now) || v.NextDue.After(*r.NextDue)) {
				t.Fatalf("%s is due at %s, all at %s", r.Type, r.NextDue, v.NextDue)
			}
			for _, why := range r.Reasons {
				use, known := uses[why.Code]
				if !known || !slices.Contains(use.Checks, r.Type) || !slices.Contains(use.Statuses, r.Status) {
					t.Fatalf("%s: %s explains %s", r.Type, why.Code, r.Status)
				}
				wholeReason(t, r.Status, why)
			}
			if !slices.IsSortedFunc(r.Evidence, func(a, b Evidence) int {
				return slices.Index(AllEvidenceKinds, a.Kind) - slices.Index(AllEvidenceKinds, b.Kind)
			}) {
				t.Fatalf("%s: the evidence is out of order: %+v", r.Type, r.Evidence)
			}
		}
		for _, checks := range v.Devices {
			for i, c := range checks {
				if c.Type != workforce.AllDeviceCheckTypes[i] {
					t.Fatalf("a device has %s at %d", c.Type, i)
				}
				wholeCheck(t, c, f.Company.Rules.Of(c.Type))
			}
		}
	})
}

func wholeCheck(t *rapid.T, c workforce.Check, rule *workforce.CheckRule) {
	t.Helper()
	passes := c.Status == workforce.CheckPass
	switch {
	case !slices.Contains(workforce.AllCheckStatuses, c.Status), c.CheckFrequency != rule.Frequency:
		t.Fatalf("not an outcome: %+v", c)
	case (c.CompletionDate != nil) != passes, c.ExpiresAt != nil && !passes:
		t.Fatalf("only what passes is completed and expires: %+v", c)
	case passes && c.CompletionDate.After(noon), c.ExpiresAt != nil && !c.ExpiresAt.After(noon):
		t.Fatalf("completed in the future, or expired already: %+v", c)
	case c.LastCheckedAt == nil, c.CreatedAt.IsZero(), c.UpdatedAt.Before(c.CreatedAt):
		t.Fatalf("its times cannot be: %+v", c)
	}
	for _, at := range []*time.Time{c.CompletionDate, c.ExpiresAt, c.LastCheckedAt, &c.CreatedAt, &c.UpdatedAt} {
		if at != nil && *at != workforce.Millis(*at) {
			t.Fatalf("%s is not in whole milliseconds, UTC: %+v", at, c)
		}
	}
}
