package demo

import (
	"slices"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// The tests in this file look at the facts that checks are computed from.

func TestPolicies(t *testing.T) {
	t.Parallel()
	w := worlds()[0]
	archived, drafts := 0, 0
	for i, p := range w.policies {
		if int(p.ID) != i+1 || len(p.Versions) > 3 || (p.AssignedTo == workforce.AssignedToGroups) != (len(p.GroupIDs) > 0) || !slices.IsSorted(p.GroupIDs) {
			t.Errorf("policy %d is %+v", i+1, p)
		}
		for j, v := range p.Versions {
			if v.Version != int64(j+1) || v.Text == nil && v.URL == nil || v.CreatedAt.Before(w.company.CreatedAt) {
				t.Errorf("version %d of policy %d is %+v", j+1, p.ID, v)
			}
		}
		switch {
		case p.ArchivedAt != nil:
			archived++
		case p.Current() == nil:
			drafts++
			if !slices.Equal(p.GroupIDs, []workforce.GroupID{groupAgency}) {
				t.Errorf("the draft is for the groups %v", p.GroupIDs)
			}
		case p.AppliesTo([]workforce.GroupID{groupEveryone, groupContractors, groupAgency}):
			t.Errorf("agency staff has to acknowledge %q", p.Name)
		}
	}
	if archived != 1 || drafts != 1 {
		t.Errorf("%d policies are archived, %d are drafts", archived, drafts)
	}
}

func TestAcknowledgementsFitThePolicies(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			older, stale := 0, 0
			for i, p := range w.people {
				seen := map[workforce.PolicyID]bool{}
				for _, a := range p.Acknowledgements {
					policy := w.policies[a.PolicyID-1]
					version := policy.Versions[a.Version-1]
					if seen[a.PolicyID] || !policy.AppliesTo(p.GroupIDs) || version.PublishedAt == nil ||
						a.AcknowledgedAt.Before(*version.PublishedAt) || a.AcknowledgedAt.Before(p.User.CreatedAt) {
						t.Errorf("user %d has acknowledged %+v", i+1, a)
					}
					seen[a.PolicyID] = true
					switch {
					case a.Version != policy.Current().Version:
						older++
					case a.AcknowledgedAt.Before(noon.AddDate(-1, 0, 0)):
						stale++
					}
				}
			}
			if older == 0 || stale == 0 {
				t.Errorf("%d acknowledgements are of an older version, %d too old", older, stale)
			}
		})
	}
}

func TestTrainingsFitTheirState(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			count := map[string]int{}
			for i, p := range w.people {
				seen := map[string]bool{}
				for _, tr := range p.Trainings {
					key := string(tr.Type) + tr.Course
					if seen[key] || tr.AssignedAt != nil && tr.CompletedAt != nil && tr.CompletedAt.Before(*tr.AssignedAt) ||
						tr.CompletedAt != nil && tr.CompletedAt.Before(p.User.CreatedAt) {
						t.Errorf("user %d has the training %+v", i+1, tr)
					}
					seen[key] = true
					switch {
					case tr.State == workforce.TrainingAssigned && (tr.AssignedAt == nil || tr.CompletedAt != nil):
						t.Errorf("user %d is to do %+v", i+1, tr)
					case tr.State == workforce.TrainingAssigned:
						count["to do"]++
					case tr.CompletedAt == nil:
						count["undated"]++
					case tr.CompletedAt.Before(noon.AddDate(-1, 0, 0)):
						count["long ago"]++
					default:
						count["fresh"]++
					}
				}
				if len(p.Trainings) == 0 && p.Personnel.EmploymentStatus.Current() {
					count["none"]++
				}
			}
			for _, want := range []string{"to do", "undated", "long ago", "fresh", "none"} {
				if count[want] == 0 {
					t.Errorf("no training is: %s", want)
				}
			}
		})
	}
}

func TestExclusionsFitTheirPeople(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			groups, past, running, future := 0, 0, 0, 0
			for i, e := range w.exclusions {
				if (e.PersonnelID == nil) == (e.GroupID == nil) || e.Reason == "" || len(e.Checks) == 0 ||
					slices.Contains(e.Checks, workforce.CheckFullCompliance) || e.EndsAt != nil && !e.EndsAt.After(e.StartsAt) {
					t.Errorf("exclusion %d is %+v", i+1, e)
				}
				if !slices.IsSortedFunc(e.Checks, func(a, b workforce.CheckType) int {
					return slices.Index(workforce.AllCheckTypes, a) - slices.Index(workforce.AllCheckTypes, b)
				}) {
					t.Errorf("the checks of exclusion %d are out of order: %v", i+1, e.Checks)
				}
				if e.GroupID != nil {
					groups++
					continue
				}
				status := w.people[*e.PersonnelID-1].Personnel.EmploymentStatus
				if int(*e.PersonnelID) <= founders || status.Former() != (e.Checks[0] == workforce.CheckOffboarding) {
					t.Errorf("exclusion %d, of someone who is %s, is %+v", i+1, status, e)
				}
				switch {
				case e.Covers(noon):
					running++
				case e.StartsAt.After(noon):
					future++
				default:
					past++
				}
			}
			if groups != 1 || past == 0 || running == 0 || future == 0 {
				t.Errorf("%d exclusions are of groups; of those of people %d are over, %d in force, %d to come", groups, past, running, future)
			}
		})
	}
}

func TestRulesAreTheDefaultsButForTwoTrainings(t *testing.T) {
	t.Parallel()
	rules, defaults := New(DefaultSeed, 1, noon).Rules(), workforce.DefaultRules()
	if err := rules.Validate(); err != nil {
		t.Fatal(err)
	}
	if rules.ScreenLockSeconds != lockLimit {
		t.Errorf("screens lock after %d s, the rules want %d s", lockLimit, rules.ScreenLockSeconds)
	}
	for i, rule := range rules.Checks {
		if _, special := specialTrainings[rule.Type]; !special {
			same(t, string(rule.Type), nil, rule, defaults.Checks[i])
		} else if !rule.Required || len(rule.GroupIDs) < 3 || !slices.IsSorted(rule.GroupIDs) {
			t.Errorf("the rule of %s is %+v", rule.Type, rule)
		}
	}
}

func TestDevicesAreInUseOrGivenBack(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			active, retired := map[int]int{}, 0
			for _, p := range w.people {
				n := 0
				for _, d := range p.Devices {
					if d.Active() {
						n++
					} else {
						retired++
					}
				}
				active[n]++
			}
			for n := range 3 {
				if active[n] == 0 {
					t.Errorf("nobody has %d devices in use", n)
				}
			}
			if retired == 0 {
				t.Error("no device was given back")
			}
		})
	}
}

func TestNoDocumentIsDatedTooLate(t *testing.T) {
	t.Parallel()
	today := workforce.DateOf(noon)
	for i, p := range worlds()[0].people {
		for _, d := range p.Documents {
			if d.CompletedOn != nil && (!d.CompletedOn.Before(today) || d.CompletedOn.In(time.UTC).After(d.CreatedAt)) {
				t.Errorf("a document of user %d is %+v", i+1, d)
			}
		}
		for _, b := range p.BackgroundChecks {
			if b.ManualCheckDate != nil && !b.ManualCheckDate.Before(today) {
				t.Errorf("a background check of user %d is dated %s", i+1, *b.ManualCheckDate)
			}
		}
	}
}
