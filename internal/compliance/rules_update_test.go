package compliance_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// What is said stays said, what is not said stays as it was, and back are the
// rules of a new company.
func TestUpdateRules(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		t.Helper()
		w := newWalk(t, d, 3)
		before, err := w.svc.Rules(w.ctx)
		if err != nil {
			t.Fatal(err)
		}
		in := compliance.RulesInput{
			ScreenLockSeconds: workforce.Ptr(int64(60)),
			Checks: map[workforce.CheckType]compliance.CheckRuleInput{
				workforce.CheckSecurityTraining: {
					RenewalMonths: workforce.Ptr(int64(0)), GroupIDs: []workforce.GroupID{w.groups[1], w.groups[0], w.groups[1]},
					MissingRecord: workforce.Ptr(workforce.CheckFail), Statuses: []workforce.EmploymentStatus{},
				},
			},
		}
		preview, err := w.svc.PreviewUpdate(w.ctx, in, 100)
		if err != nil || preview.Assessed == 0 {
			t.Errorf("the preview is %+v, %v", preview, err)
		}
		changed, err := w.svc.UpdateRules(w.ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		want := before
		want.Checks = append([]workforce.CheckRule(nil), before.Checks...)
		want.ScreenLockSeconds, want.UpdatedAt = 60, workforce.Ptr(w.now)
		rule := want.Of(workforce.CheckSecurityTraining)
		rule.RenewalMonths, rule.MissingRecord, rule.Statuses = 0, workforce.CheckFail, []workforce.EmploymentStatus{}
		rule.GroupIDs = []workforce.GroupID{w.groups[0], w.groups[1]}
		if !reflect.DeepEqual(changed, want) {
			t.Errorf("changed, the rules are\n%+v, want\n%+v", changed, want)
		}
		if read, err := w.svc.Rules(w.ctx); err != nil || read.Of(workforce.CheckSecurityTraining).RenewalMonths != 0 {
			t.Errorf("read, the rules are %+v, %v", read, err)
		}
		in.Checks[workforce.CheckIdentityMFA] = compliance.CheckRuleInput{Frequency: workforce.Ptr(workforce.CheckFrequency("OFTEN"))}
		if _, err := w.svc.UpdateRules(w.ctx, in); !workforce.IsKind(err, workforce.KindInvalid) {
			t.Errorf("a frequency that is none gives %v", err)
		}
		back, err := w.svc.ResetRules(w.ctx)
		if back.UpdatedAt = nil; err != nil || !reflect.DeepEqual(back, workforce.DefaultRules()) {
			t.Errorf("reset, the rules are %+v, %v", back, err)
		}
		w.settle()
		w.compare("the rules of a new company")
		w.verify()
	})
}

// To say what is so already is not written and not logged, however much later.
func TestWhatIsSaidTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		t.Helper()
		w := newWalk(t, d, 4)
		p, err := w.svc.CreatePolicy(w.ctx, compliance.PolicyInput{Name: workforce.Ptr("One of its kind"), OwnerID: workforce.Ptr(workforce.UserID(1))})
		if err == nil {
			p, err = w.svc.AddVersion(w.ctx, p.ID, compliance.VersionInput{Text: workforce.Ptr("Be careful.")})
		}
		if err != nil {
			t.Fatal(err)
		}
		e, err := w.svc.Exclude(w.ctx, compliance.ExclusionInput{
			PersonnelID: workforce.Ptr(workforce.PersonnelID(1)), Checks: []workforce.CheckType{workforce.CheckIdentityMFA}, Reason: "r",
		})
		if err != nil {
			t.Fatal(err)
		}
		later := w.now.Add(time.Hour)
		for name, say := range map[string]func() error{
			"rules": func() error {
				_, err := w.svc.UpdateRules(w.ctx, compliance.RulesInput{ReportingDays: workforce.Ptr(int64(9))})
				return err
			},
			"a policy without an owner": func() error {
				_, err := w.svc.UpdatePolicy(w.ctx, p.ID, compliance.PolicyInput{Description: workforce.Ptr("d"), OwnerID: workforce.Ptr(workforce.UserID(0))})
				return err
			},
			"the wording of a draft": func() error {
				_, err := w.svc.UpdateVersion(w.ctx, p.ID, 1, compliance.VersionInput{URL: workforce.Ptr("https://example.com")})
				return err
			},
			"a training": func() error {
				_, err := w.svc.RecordTraining(w.ctx, 1, compliance.TrainingInput{Type: workforce.CheckHIPAATraining, State: workforce.TrainingCompleted})
				return err
			},
			"the name of a group": func() error {
				_, err := w.svc.RenameGroup(w.ctx, w.groups[0], "A name")
				return err
			},
			"members": func() error {
				return w.svc.SetMembers(w.ctx, w.groups[0], []workforce.PersonnelID{1, 2}, []workforce.PersonnelID{3})
			},
			"the end of an exclusion": func() error {
				_, err := w.svc.EndExclusion(w.ctx, e.ID, &later)
				return err
			},
		} {
			if err := say(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			w.settle()
			head := w.head()
			w.now = w.now.Add(time.Second)
			if err := say(); err != nil {
				t.Errorf("%s, again: %v", name, err)
			}
			if after := w.head(); after != head {
				t.Errorf("%s, said twice, moves the log from %d to %d", name, head, after)
			}
		}
		w.verify()
	})
}

func (w *walk) head() int64 {
	w.Helper()
	head, err := w.db.Head(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	return head
}

// A day begins at the company's midnight, also for those who may do one thing
// only, and for nobody else.
func TestDayBegins(t *testing.T) {
	t.Parallel()
	d := storetest.New(t, "sqlite")
	w := newWalk(t, d, 5)
	w.write(func(tx *store.Tx) error {
		c, err := tx.LockCompany(w.ctx)
		if err != nil {
			return err
		}
		c.TimeZone = "Asia/Tokyo"
		return tx.SaveCompany(w.ctx, c)
	})
	for scope, allowed := range map[workforce.Scope]bool{
		workforce.ScopeComplianceManage: true, workforce.ScopeEvidenceManage: true, workforce.ScopeComplianceGet: false,
	} {
		at, err := w.svc.DayBegins(auth.With(t.Context(), auth.Principal{Actor: "key:1", Scopes: []workforce.Scope{scope}}), "2025-07-06")
		if allowed && (err != nil || !at.Equal(time.Date(2025, 7, 5, 15, 0, 0, 0, time.UTC))) || !allowed && !workforce.IsReason(err, workforce.ReasonScope) {
			t.Errorf("%s: %v, %v", scope, at, err)
		}
	}
}
