package directory

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/workforce"
)

func TestSetStatusPinsExactlyWhatItSets(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		now := b.pass()
		r, err := b.SetStatus(b.ctx, bea, StatusChange{
			Status: workforce.CurrentContractor, NotHumanReason: workforce.Ptr("unused"), SeparationDate: workforce.Ptr(workforce.Date("2026-01-01")),
		})
		if err != nil {
			b.Fatal(err)
		}
		if r.EmploymentStatus != workforce.CurrentContractor || r.NotHumanReason != nil || r.SeparationDate != nil {
			b.Errorf("unused fields were taken: %+v", r.Personnel)
		}
		if !slices.Equal(pinsOf(r.Personnel), []workforce.PinField{workforce.PinEmploymentStatus}) || r.StatusUpdatedAt == nil || !r.StatusUpdatedAt.Equal(now) {
			b.Errorf("%+v", r.Personnel)
		}
		if c := b.last(); c.Actor != "key:7" || c.Kind != "personnel.status_set" || c.SubjectID != bea || c.Before == nil || c.After == nil {
			b.Errorf("%+v", c)
		}
		b.pass()
		r, err = b.SetStatus(b.ctx, bea, StatusChange{Status: workforce.FormerEmployee, SeparationDate: workforce.Ptr(workforce.Date("2026-06-15"))})
		if err != nil || *r.SeparationDate != "2026-06-15" {
			b.Fatalf("today is not the future: %v", err)
		}
		if want := []workforce.PinField{workforce.PinEmploymentStatus, workforce.PinSeparationDate}; !slices.Equal(pinsOf(r.Personnel), want) {
			b.Errorf("pins %v", pinsOf(r.Personnel))
		}
		b.verify()
	})
}

func TestRepeatingAStatusLogsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		for _, c := range []StatusChange{
			{Status: workforce.CurrentEmployee}, // what it is already, but by hand: pins it
			{Status: workforce.OutOfScope, NotHumanReason: workforce.Ptr("a mailbox")},
			{Status: workforce.FormerContractor, SeparationDate: workforce.Ptr(workforce.Date("2026-06-01"))},
			{Status: workforce.ServiceAccountStatus},
		} {
			b.pass()
			b.logs(1, func() {
				if _, err := b.SetStatus(b.ctx, bea, c); err != nil {
					b.Fatal(c, err)
				}
			})
			b.pass()
			b.logs(0, func() {
				if _, err := b.SetStatus(b.ctx, bea, c); err != nil {
					b.Fatal(c, err)
				}
			})
		}
		b.verify()
	})
}

func TestOutOfScope(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		b.logs(0, func() {
			_, err := b.SetStatus(b.ctx, bea, StatusChange{Status: workforce.OutOfScope})
			b.refused(workforce.ReasonBadRequest, err)
		})
		r, err := b.SetStatus(b.ctx, bea, StatusChange{Status: workforce.OutOfScope, NotHumanReason: workforce.Ptr("a mailbox")})
		if err != nil || r.ReasonProvider == nil || r.ReasonProvider.ID != ada || *r.NotHumanReason != "a mailbox" {
			b.Fatalf("%+v, %v", r, err)
		}
		r, err = b.SetStatus(b.ctx, bea, StatusChange{Status: workforce.CurrentEmployee})
		if err != nil || r.NotHumanReason != nil || r.ReasonProvider != nil {
			b.Errorf("the reason outlives the status: %+v, %v", r.Personnel, err)
		}
	})
}

func TestRulesOfDates(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		date := func(d workforce.Date) *workforce.Date { return &d }
		former := func(d workforce.Date) error {
			_, err := b.SetStatus(b.ctx, bea, StatusChange{Status: workforce.FormerEmployee, SeparationDate: &d})
			return err
		}
		b.logs(0, func() {
			_, err := b.SetStatus(b.ctx, bea, StatusChange{Status: workforce.FormerEmployee})
			b.refused(workforce.ReasonBadRequest, err)
			b.refused(workforce.ReasonSeparationBeforeStart, former("2020-12-31"))
			b.refused(workforce.ReasonSeparationInFuture, former("2026-06-16"))
			_, err = b.SetContractDates(b.ctx, bea, ContractDates{Start: "2022-01-02", Separation: date("2022-01-01")})
			b.refused(workforce.ReasonSeparationBeforeStart, err)
			_, err = b.SetContractDates(b.ctx, 99, ContractDates{Start: "2022-01-01"})
			b.refused(workforce.ReasonPersonnelNotFound, err)
		})
		// The same day is fine, and a current person may have a last day ahead.
		r, err := b.SetContractDates(b.ctx, bea, ContractDates{Start: "2026-12-31", Separation: date("2026-12-31")})
		if err != nil || *r.SeparationDate != "2026-12-31" {
			b.Fatalf("%v", err)
		}
		// Absent keeps, so that the rule sees the kept date.
		_, err = b.SetContractDates(b.ctx, bea, ContractDates{Start: "2027-01-01", KeepSeparation: true})
		b.refused(workforce.ReasonSeparationBeforeStart, err)
		r, err = b.SetContractDates(b.ctx, bea, ContractDates{Start: "2027-01-01"})
		if err != nil || r.SeparationDate != nil {
			b.Errorf("null did not clear: %+v, %v", r.Personnel, err)
		}
		if r.StatusUpdatedAt != nil {
			b.Error("dates are not the status")
		}
		b.logs(0, func() {
			if _, err := b.SetContractDates(b.ctx, bea, ContractDates{Start: "2027-01-01"}); err != nil {
				b.Error(err)
			}
		})
		b.verify()
	})
}

func TestTodayIsTheCompanys(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		b.setZone("Pacific/Kiritimati") // UTC+14: the 16th begins there at 10:00 of the 15th
		if _, err := b.SetStatus(b.ctx, bea, StatusChange{Status: workforce.FormerEmployee, SeparationDate: workforce.Ptr(workforce.Date("2026-06-16"))}); err != nil {
			b.Error(err)
		}
	})
}

func TestScopesAreCheckedBelowTheHandlers(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		reader := auth.With(b.Context(), auth.Principal{Actor: "key:8", Scopes: []workforce.Scope{workforce.ScopeAllRead}})
		b.logs(0, func() {
			for _, ctx := range []context.Context{reader, b.Context()} {
				want := workforce.ReasonScope
				if ctx != reader {
					want = workforce.ReasonKeyMissing // nobody asked
				}
				_, err := b.SetStatus(ctx, bea, StatusChange{Status: workforce.UnknownStatus})
				b.refused(want, err)
				_, err = b.SetContractDates(ctx, bea, ContractDates{Start: "2020-01-01"})
				b.refused(want, err)
				_, err = b.ResetSync(ctx, []workforce.PersonnelID{bea})
				b.refused(want, err)
				_, err = b.ResetSyncAll(ctx)
				b.refused(want, err)
				_, err = b.LinkAccount(ctx, workforce.Infrastructure, 1, nil)
				b.refused(want, err)
				_, err = b.ToggleAccess(ctx, workforce.Infrastructure, 1, workforce.FlagAdmin, true)
				b.refused(want, err)
				_, err = b.MarkServiceAccount(ctx, workforce.Infrastructure, 1, true, "x")
				b.refused(want, err)
			}
			_, err := b.Personnel(b.Context(), bea)
			b.refused(workforce.ReasonKeyMissing, err)
		})
		if _, err := b.Personnel(reader, bea); err != nil {
			b.Error(err)
		}
		if _, err := b.AccountItems(reader, workforce.AccountQuery{Kind: workforce.Infrastructure, Sort: "USERNAME", Page: workforce.Page{Number: 1, Limit: 1}}); err != nil {
			b.Error(err)
		}
	})
}

func TestHiresStartAtTheCompanysMidnight(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		b.setZone("America/New_York") // midnight is 04:00 UTC in June
		b.setPersonnel(bea, func(p *workforce.Personnel) {
			p.EmploymentStatus, p.StartDate = workforce.FutureHire, workforce.Ptr(workforce.Date("2026-06-16"))
		})
		b.setPersonnel(carl, func(p *workforce.Personnel) {
			p.EmploymentStatus, p.StartDate = workforce.FutureHire, workforce.Ptr(workforce.Date("2026-06-16"))
		})
		if _, err := b.SetStatus(b.ctx, carl, StatusChange{Status: workforce.FutureHire}); err != nil {
			b.Fatal(err)
		}
		midnight := time.Date(2026, 6, 16, 4, 0, 0, 0, time.UTC)
		b.set(midnight.Add(-time.Millisecond))
		b.logs(0, func() {
			if n, next, err := b.StartHires(b.ctx); n != 0 || err != nil || !next.Equal(midnight) {
				b.Errorf("%d started, next %s, %v", n, next, err)
			}
		})
		b.set(midnight)
		b.logs(1, func() {
			if n, next, err := b.StartHires(b.ctx); n != 1 || err != nil || !next.Equal(midnight.Add(24*time.Hour)) {
				b.Errorf("%d started, next %s, %v", n, next, err)
			}
		})
		r, err := b.Personnel(b.ctx, bea)
		if err != nil || r.EmploymentStatus != workforce.CurrentEmployee || r.StatusUpdatedAt != nil {
			b.Errorf("%+v, %v", r.Personnel, err)
		}
		if r, err = b.Personnel(b.ctx, carl); err != nil || r.EmploymentStatus != workforce.FutureHire {
			b.Errorf("a pinned hire started: %+v, %v", r.Personnel, err)
		}
		if c := b.last(); c.Actor != "system" {
			b.Errorf("%+v", c)
		}
		b.verify()
	})
}
