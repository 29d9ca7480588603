package directory

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// bundle is a directory on a fresh database with three people: 1 is an admin
// whom a source knows, 2 is known to a source, 3 is not.
type bundle struct {
	*testing.T
	*Service
	ctx   context.Context
	clock atomic.Int64 // Unix milliseconds
}

const (
	ada  = 1
	bea  = 2
	carl = 3
)

// noon is when every test begins.
var noon = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// each runs the test on both databases.
func each(t *testing.T, f func(b *bundle)) {
	t.Helper()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		t.Helper()
		b := &bundle{T: t}
		b.set(noon)
		db, err := store.Open(t.Context(), d.DSN, store.Options{Now: func() time.Time { return time.UnixMilli(b.clock.Load()) }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		b.Service = New(db, Options{Encoders: plainEncoders()})
		b.ctx = auth.With(t.Context(), auth.Principal{
			Actor: "key:7", OwnerID: workforce.Ptr(workforce.UserID(ada)), Scopes: []workforce.Scope{workforce.ScopeAll},
		})
		b.fill()
		f(b)
	})
}

func (b *bundle) set(now time.Time) { b.clock.Store(now.UnixMilli()) }

// pass lets time go on, so that a new instant can be told from an old one.
func (b *bundle) pass() time.Time {
	return time.UnixMilli(b.clock.Add(60_000)).UTC()
}

func (b *bundle) fill() {
	b.Helper()
	err := b.db.Write(b.ctx, store.Cause{Actor: store.ActorCLI, Cause: "test"}, func(tx *store.Tx) error {
		connections := []workforce.Connection{
			{ClientType: "BAMBOO_HR", State: workforce.ConnectionActive, CreatedAt: noon, UpdatedAt: noon},
			{ClientType: "AWS", State: workforce.ConnectionActive, CreatedAt: noon, UpdatedAt: noon},
		}
		if err := tx.CreateConnections(b.ctx, connections); err != nil {
			return err
		}
		people := []workforce.NewPerson{
			person("ada@example.com", "2020-01-01", true), person("bea@example.com", "2021-01-01", true), person("carl@example.com", "2022-01-01", false),
		}
		people[0].User.Roles = []workforce.Role{workforce.RoleAdmin}
		if err := tx.CreatePeople(b.ctx, people); err != nil {
			return err
		}
		return tx.CreateAccounts(b.ctx, []workforce.Account{
			{Kind: workforce.Infrastructure, ConnectionID: 2, IdentityID: "one", CreatedAt: noon, UpdatedAt: noon},
		})
	})
	if err != nil {
		b.Fatal(err)
	}
}

func person(email string, start workforce.Date, known bool) workforce.NewPerson {
	p := workforce.NewPerson{
		User:      workforce.User{Email: email, CreatedAt: noon, UpdatedAt: noon},
		Personnel: workforce.Personnel{EmploymentStatus: workforce.CurrentEmployee, StartDate: &start, CreatedAt: noon, UpdatedAt: noon},
	}
	for _, t := range workforce.AllCheckTypes {
		p.Checks = append(p.Checks, workforce.Check{Type: t, Status: workforce.CheckPass, CheckFrequency: "DAILY", CreatedAt: noon, UpdatedAt: noon})
	}
	if known {
		p.Sources = []workforce.SourceRecord{{ConnectionID: 1, ExternalID: email, ObservedAt: noon, Facts: workforce.SourceFacts{
			EmploymentStatus: workforce.Ptr(workforce.CurrentEmployee), StartDate: &start,
		}}}
	}
	return p
}

// head is the number of the newest change.
func (b *bundle) head() int64 {
	b.Helper()
	seq, err := b.db.Head(b.ctx)
	if err != nil {
		b.Fatal(err)
	}
	return seq
}

// logs fails the test unless f adds so many rows to the log.
func (b *bundle) logs(rows int64, f func()) {
	b.Helper()
	before := b.head()
	f()
	if got := b.head() - before; got != rows {
		b.Errorf("%d rows were logged, want %d", got, rows)
	}
}

// last is the newest change.
func (b *bundle) last() store.Change {
	b.Helper()
	var out []store.Change
	head := b.head()
	err := b.db.Read(b.ctx, func(r *store.Reader) (err error) {
		out, err = r.Changes(b.ctx, head-1, 1)
		return err
	})
	if err != nil || len(out) != 1 {
		b.Fatal(out, err)
	}
	return out[0]
}

func (b *bundle) refused(reason workforce.Reason, err error) {
	b.Helper()
	if !workforce.IsReason(err, reason) {
		b.Errorf("got %v, want a refusal with the reason %s", err, reason)
	}
}

func (b *bundle) verify() {
	b.Helper()
	v, err := b.db.Verify(b.ctx, nil)
	if err != nil || len(v.Problems) > 0 {
		b.Errorf("%v %v", v.Problems, err)
	}
}

func pinsOf(p workforce.Personnel) []workforce.PinField {
	var out []workforce.PinField
	for _, pin := range p.Pins {
		out = append(out, pin.Field)
	}
	return out
}

// plainEncoders show of accounts their numbers: what answers look like is the
// wire's business.
func plainEncoders() document.Encoders {
	number := func(b []byte, r workforce.AccountRecord) []byte { return strconv.AppendInt(b, int64(r.ID), 10) }
	return document.Encoders{Accounts: map[document.Kind]func([]byte, workforce.AccountRecord) []byte{
		document.V1Infrastructure: number, document.V1VersionControl: number,
	}}
}
