package directory

import (
	"testing"

	"github.com/passmuster/passmuster/internal/workforce"
)

const inf = workforce.Infrastructure

func TestLinkAccount(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		user := func(id workforce.UserID) *workforce.UserID { return &id }
		now := b.pass()
		b.logs(1, func() {
			r, err := b.LinkAccount(b.ctx, inf, 1, user(bea))
			if err != nil || r.User == nil || r.User.ID != bea || !r.ConnectedAt.Equal(now) || r.DisconnectedAt != nil {
				b.Errorf("%+v, %v", r.Account, err)
			}
		})
		b.pass()
		b.logs(0, func() { // repeated
			if r, err := b.LinkAccount(b.ctx, inf, 1, user(bea)); err != nil || !r.ConnectedAt.Equal(now) {
				b.Errorf("%+v, %v", r.Account, err)
			}
		})
		b.logs(1, func() { // moved, with both in the log
			if r, err := b.LinkAccount(b.ctx, inf, 1, user(carl)); err != nil || r.User.ID != carl {
				b.Errorf("%+v, %v", r.Account, err)
			}
		})
		now = b.pass()
		b.logs(1, func() {
			r, err := b.LinkAccount(b.ctx, inf, 1, nil)
			if err != nil || r.User != nil || !r.DisconnectedAt.Equal(now) {
				b.Errorf("%+v, %v", r.Account, err)
			}
		})
		b.logs(0, func() {
			if _, err := b.LinkAccount(b.ctx, inf, 1, nil); err != nil {
				b.Error(err)
			}
			_, err := b.LinkAccount(b.ctx, inf, 1, user(99))
			b.refused(workforce.ReasonUserNotFound, err)
			_, err = b.LinkAccount(b.ctx, inf, 99, user(bea))
			b.refused(workforce.ReasonEntityNotFound, err)
			_, err = b.LinkAccount(b.ctx, workforce.VersionControl, 1, user(bea))
			b.refused(workforce.ReasonEntityNotFound, err)
		})
		b.verify()
	})
}

func TestServiceAccount(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		bea := workforce.UserID(bea)
		if _, err := b.LinkAccount(b.ctx, inf, 1, &bea); err != nil {
			b.Fatal(err)
		}
		b.logs(0, func() {
			for _, on := range []bool{true, false} {
				_, err := b.MarkServiceAccount(b.ctx, inf, 1, on, "")
				b.refused(workforce.ReasonBadRequest, err)
			}
		})
		now := b.pass()
		b.logs(1, func() {
			r, err := b.MarkServiceAccount(b.ctx, inf, 1, true, "deploys")
			if err != nil || r.User != nil || !r.DisconnectedAt.Equal(now) || !r.ServiceAccountAt.Equal(now) ||
				r.Designator == nil || r.Designator.ID != ada || *r.ServiceAccountReason != "deploys" {
				b.Errorf("%+v, %v", r.Account, err)
			}
		})
		b.pass()
		b.logs(0, func() {
			if r, err := b.MarkServiceAccount(b.ctx, inf, 1, true, "deploys"); err != nil || !r.ServiceAccountAt.Equal(now) {
				b.Errorf("%+v, %v", r.Account, err)
			}
			_, err := b.LinkAccount(b.ctx, inf, 1, &bea)
			b.refused(workforce.ReasonServiceAccountLink, err)
		})
		b.logs(1, func() {
			r, err := b.MarkServiceAccount(b.ctx, inf, 1, false, "a person's after all")
			if err != nil || r.ServiceAccountAt != nil || r.ServiceAccountReason != nil || r.Designator != nil || r.User != nil {
				b.Errorf("%+v, %v", r.Account, err)
			}
		})
		if _, err := b.LinkAccount(b.ctx, inf, 1, &bea); err != nil {
			b.Error(err)
		}
		b.verify()
	})
}

func TestToggleAccess(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.Helper()
		for _, flag := range inf.Flags() {
			now := b.pass()
			b.logs(1, func() {
				r, err := b.ToggleAccess(b.ctx, inf, 1, flag, true)
				if err != nil || *r.Flag(flag) == nil || !(*r.Flag(flag)).Equal(now) {
					b.Errorf("%+v, %v", r.Account, err)
				}
			})
			b.pass()
			b.logs(0, func() { // on already: since then
				if r, err := b.ToggleAccess(b.ctx, inf, 1, flag, true); err != nil || !(*r.Flag(flag)).Equal(now) {
					b.Errorf("%+v, %v", r.Account, err)
				}
			})
			b.logs(1, func() {
				if r, err := b.ToggleAccess(b.ctx, inf, 1, flag, false); err != nil || *r.Flag(flag) != nil {
					b.Errorf("%+v, %v", r.Account, err)
				}
			})
			b.logs(0, func() {
				if _, err := b.ToggleAccess(b.ctx, inf, 1, flag, false); err != nil {
					b.Error(err)
				}
			})
		}
		_, err := b.ToggleAccess(b.ctx, inf, 1, workforce.FlagWrite, true)
		b.refused(workforce.ReasonBadRequest, err)
	})
}
