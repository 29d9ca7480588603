package main

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/e2e/generated/go/wire"
)

// sampleReason is the reason in the reference's samples.
const sampleReason = "This account is used to deploy"

// state is what the changes of an account change, for both kinds of account.
type state struct {
	user, designator     wire.NilUser
	disconnected         wire.NilDateTime
	access, service      wire.NilDateTime // since when; null means off
	serviceAccountReason wire.NilString
}

// account changes record 1 of one kind of account.
type account struct {
	kind    string
	connect func(user wire.NilInt64) (state, error)
	toggle  func(on bool) (state, error)
	service func(on bool) (state, error)
}

// changeAccounts sends the samples of the reference for both kinds of account.
func (w *walk) changeAccounts(ctx context.Context) error {
	for _, a := range []account{w.infrastructure(ctx), w.versionControl(ctx)} {
		if err := a.change(); err != nil {
			return fmt.Errorf("%s account: %w", a.kind, err)
		}
	}
	return nil
}

// change takes the account through its states. It ends as a service account.
func (a account) change() error {
	for _, step := range []struct {
		name  string
		do    func() (state, error)
		holds func(state) bool
	}{
		{
			"link it to user 1", func() (state, error) { return a.connect(wire.NewNilInt64(record)) },
			func(s state) bool { return !s.user.Null && s.user.Value.ID == record && s.disconnected.Null },
		},
		{
			"switch the access on", func() (state, error) { return a.toggle(true) },
			func(s state) bool { return !s.access.Null && !s.user.Null },
		},
		{
			"switch the access off", func() (state, error) { return a.toggle(false) },
			func(s state) bool { return s.access.Null },
		},
		{
			"unlink it", func() (state, error) { return a.connect(wire.NilInt64{Null: true}) },
			func(s state) bool { return s.user.Null && !s.disconnected.Null },
		},
		{
			"make it a service account", func() (state, error) { return a.service(true) },
			func(s state) bool {
				return !s.service.Null && s.serviceAccountReason.Value == sampleReason && !s.designator.Null
			},
		},
		{
			"put it back", func() (state, error) { return a.service(false) },
			func(s state) bool { return s.service.Null && s.serviceAccountReason.Null && s.designator.Null },
		},
		{
			"make it a service account again", func() (state, error) { return a.service(true) },
			func(s state) bool { return !s.service.Null },
		},
	} {
		got, err := step.do()
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		if !step.holds(got) {
			return fmt.Errorf("%s: it is now %+v", step.name, got)
		}
	}
	return nil
}

func (w *walk) infrastructure(ctx context.Context) account {
	read := func(answer any, err error) (state, error) {
		got, err := as[wire.InfrastructureAccountHeaders](answer, err)
		if err != nil {
			return state{}, err
		}
		a := got.Response
		return state{
			user: a.User, designator: a.ServiceAccountDesignator, disconnected: a.DisconnectedAt,
			access: a.AdminAccess, service: a.ServiceAccount, serviceAccountReason: a.ServiceAccountReason,
		}, nil
	}
	return account{
		kind: "infrastructure",
		connect: func(user wire.NilInt64) (state, error) {
			return read(w.client.ConnectInfrastructureIdentity(ctx, &wire.ConnectInfrastructureIdentityRequest{
				UserId: user,
			}, wire.ConnectInfrastructureIdentityParams{ID: record}))
		},
		toggle: func(on bool) (state, error) {
			return read(w.client.ToggleInfrastructureIdentity(ctx, &wire.ToggleInfrastructureIdentityRequest{
				Toggle: on, ToggleField: wire.ToggleInfrastructureIdentityRequestToggleFieldINFRASTRUCTUREADMINACCESS,
			}, wire.ToggleInfrastructureIdentityParams{ID: record}))
		},
		service: func(on bool) (state, error) {
			return read(w.client.SetInfrastructureServiceAccount(ctx, &wire.SetInfrastructureServiceAccountRequest{
				ServiceAccount: on, ServiceAccountReason: sampleReason,
			}, wire.SetInfrastructureServiceAccountParams{ID: record}))
		},
	}
}

func (w *walk) versionControl(ctx context.Context) account {
	read := func(answer any, err error) (state, error) {
		got, err := as[wire.VersionControlAccountHeaders](answer, err)
		if err != nil {
			return state{}, err
		}
		a := got.Response
		return state{
			user: a.User, designator: a.ServiceAccountDesignator, disconnected: a.DisconnectedAt,
			access: a.WriteAccess, service: a.ServiceAccount, serviceAccountReason: a.ServiceAccountReason,
		}, nil
	}
	return account{
		kind: "version-control",
		connect: func(user wire.NilInt64) (state, error) {
			return read(w.client.ConnectVersionControlIdentity(ctx, &wire.ConnectVersionControlIdentityRequest{
				UserId: user,
			}, wire.ConnectVersionControlIdentityParams{ID: record}))
		},
		toggle: func(on bool) (state, error) {
			return read(w.client.ToggleVersionControlIdentity(ctx, &wire.ToggleVersionControlIdentityRequest{
				Toggle: on, ToggleField: wire.ToggleVersionControlIdentityRequestToggleFieldVERSIONCONTROLWRITEACCESS,
			}, wire.ToggleVersionControlIdentityParams{ID: record}))
		},
		service: func(on bool) (state, error) {
			return read(w.client.SetVersionControlServiceAccount(ctx, &wire.SetVersionControlServiceAccountRequest{
				ServiceAccount: on, ServiceAccountReason: sampleReason,
			}, wire.SetVersionControlServiceAccountParams{ID: record}))
		},
	}
}
