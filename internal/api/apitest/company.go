package apitest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Company is a directory on a database of its own with a few people in it:
//
//	1  Zoë Müller    zoe@example.com  a current employee, in group 1, with a device, known to a source
//	2  (no name)     a+b@example.com  a current contractor, known to a source
//	3  Sally Smith   sally@example.com  a former employee whom no source knows
//
// and the accounts infrastructure 1 (of user 1), 2 (a service account), and
// version-control 1 (of nobody). The context acts for user 1 and may do
// everything.
func Company(t *testing.T, encoders document.Encoders) (*directory.Service, context.Context) {
	t.Helper()
	d, _, ctx := company(t, encoders, store.Options{ChecksAsGiven: true})
	return d, ctx
}

// CompanyWithFiles is [Company] with what can be done with its evidence, from
// which its checks are decided. The files of documents are in a folder of their
// own.
func CompanyWithFiles(t *testing.T, encoders document.Encoders) (*directory.Service, *compliance.Service, context.Context) {
	t.Helper()
	return company(t, encoders, store.Options{})
}

func company(t *testing.T, encoders document.Encoders, opts store.Options) (*directory.Service, *compliance.Service, context.Context) {
	t.Helper()
	ctx := t.Context()
	files, err := file.Open(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "company.db"), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.Write(ctx, store.Cause{Actor: store.ActorSystem, Cause: "a test"}, func(tx *store.Tx) error {
		return found(ctx, tx)
	}); err != nil {
		t.Fatal(err)
	}
	who := auth.CommandLine()
	who.OwnerID = workforce.Ptr(workforce.UserID(1))
	return directory.New(db, directory.Options{Encoders: encoders}), compliance.New(db, files), auth.With(ctx, who)
}

var founded = time.Date(2025, 7, 1, 16, 45, 55, 246e6, time.UTC)

func found(ctx context.Context, tx *store.Tx) error {
	connections := []workforce.Connection{
		{ClientType: "GOOGLE", State: workforce.ConnectionActive, ConnectedAt: &founded},
		{ClientType: "AWS", State: workforce.ConnectionMisconfigured, ClientAlias: workforce.Ptr("main")},
		{ClientType: "GITHUB", State: workforce.ConnectionActive, ConnectedAt: &founded},
	}
	for i := range connections {
		connections[i].CreatedAt, connections[i].UpdatedAt = founded, founded
	}
	if err := tx.CreateConnections(ctx, connections); err != nil {
		return err
	}
	if err := tx.CreateGroups(ctx, []workforce.Group{{Name: "Everyone", CreatedAt: founded, UpdatedAt: founded}}); err != nil {
		return err
	}
	if err := tx.CreatePeople(ctx, people()); err != nil {
		return err
	}
	return tx.CreateAccounts(ctx, accounts())
}

func people() []workforce.NewPerson {
	zoe := person("zoe@example.com", workforce.CurrentEmployee, 0)
	zoe.User.FirstName, zoe.User.LastName = workforce.Ptr("Zoë"), workforce.Ptr("Müller")
	zoe.User.Roles = []workforce.Role{workforce.RoleAdmin}
	zoe.GroupIDs = []workforce.GroupID{1}
	zoe.Devices = []workforce.Device{{
		OSVersion: workforce.Ptr("macOS 15.5"), SourceType: "AGENT", LastCheckedAt: &founded, CreatedAt: founded, UpdatedAt: founded,
	}}
	zoe.Identities = []workforce.Identity{{ConnectionID: 1, IdentityID: "g-1", HasIDP: true, CreatedAt: founded, UpdatedAt: founded}}
	zoe.Documents = []workforce.Document{{Name: "MFA", Type: "MFA_EVIDENCE", CreatedAt: founded, UpdatedAt: founded}}
	zoe.BackgroundChecks = []workforce.BackgroundCheck{{Status: "OK", Type: "MANUAL", CreatedAt: founded, UpdatedAt: founded}}
	zoe.Sources = []workforce.SourceRecord{said("g-1", workforce.CurrentEmployee)}

	contractor := person("a+b@example.com", workforce.CurrentContractor, 1)
	contractor.Sources = []workforce.SourceRecord{said("g-2", workforce.CurrentContractor)}

	sally := person("sally@example.com", workforce.FormerEmployee, 2)
	sally.User.FirstName, sally.User.LastName = workforce.Ptr("Sally"), workforce.Ptr("Smith")
	sally.Personnel.SeparationDate = workforce.Ptr(workforce.Date("2024-12-31"))
	return []workforce.NewPerson{zoe, contractor, sally}
}

// person is somebody with nothing but what everybody has, a minute younger
// than the one before.
func person(email string, status workforce.EmploymentStatus, minutes int) workforce.NewPerson {
	at := founded.Add(time.Duration(minutes) * time.Minute)
	p := workforce.NewPerson{
		User: workforce.User{Email: email, CreatedAt: at, UpdatedAt: at},
		Personnel: workforce.Personnel{
			EmploymentStatus: status, StartDate: workforce.Ptr(workforce.Date("2020-07-06")), CreatedAt: at, UpdatedAt: at,
		},
	}
	for _, c := range workforce.AllCheckTypes {
		p.Checks = append(p.Checks, workforce.Check{
			Type: c, Status: workforce.CheckPass, CheckFrequency: "DAILY", CreatedAt: at, UpdatedAt: at,
		})
	}
	return p
}

func said(id string, status workforce.EmploymentStatus) workforce.SourceRecord {
	return workforce.SourceRecord{
		ConnectionID: 1, ExternalID: id, ObservedAt: founded,
		Facts: workforce.SourceFacts{EmploymentStatus: &status, StartDate: workforce.Ptr(workforce.Date("2020-07-06"))},
	}
}

func accounts() []workforce.Account {
	out := []workforce.Account{
		{Kind: workforce.Infrastructure, ConnectionID: 2, IdentityID: "i-1", Username: workforce.Ptr("zoe"), UserID: workforce.Ptr(workforce.UserID(1)), ConnectedAt: &founded},
		{Kind: workforce.Infrastructure, ConnectionID: 2, IdentityID: "i-2", Username: workforce.Ptr("deploy"), ServiceAccountAt: &founded, ServiceAccountReason: workforce.Ptr("deploys")},
		{Kind: workforce.VersionControl, ConnectionID: 3, IdentityID: "v-1", Username: workforce.Ptr("stray")},
	}
	for i := range out {
		out[i].CreatedAt, out[i].UpdatedAt = founded, founded
	}
	return out
}
