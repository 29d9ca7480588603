package storetest_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// same fails the test if two values differ in their persisted form. (Lists
// that are nil and lists that are empty are the same fact.)
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(g) != string(w) {
		t.Errorf("%s:\ngot  %s\nwant %s", what, g, w)
	}
}

// What is created is read again, every field of it: the company is filled by
// reflection, so that a column that is forgotten is noticed.
func TestWhatIsCreatedIsReadAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		company := storetest.NewCompany(3, 40)
		company.Load(t, db)
		rec := readRecord(t, db, company)
		for i, p := range company.People {
			m := rec.members[i]
			same(t, "user", m.User.User, p.User)
			same(t, "personnel", m.Personnel, p.Personnel)
			same(t, "checks", m.Checks, p.Checks)
			same(t, "devices", m.Devices, p.Devices)
			same(t, "background checks", m.User.BackgroundChecks, p.BackgroundChecks)
			same(t, "documents", m.User.Documents, p.Documents)
			same(t, "groups", append([]workforce.GroupID{}, m.GroupIDs...), p.GroupIDs)
			if len(m.User.Identities) != len(p.Identities) {
				t.Fatalf("%d identities, want %d", len(m.User.Identities), len(p.Identities))
			}
			for j, id := range m.User.Identities {
				same(t, "identity", id.Identity, p.Identities[j])
				same(t, "connection", id.Connection.Connection, company.Connections[id.ConnectionID-1])
			}
		}
		at := map[workforce.AccountKind]int{}
		for _, a := range company.Accounts {
			same(t, "account", rec.accounts[a.Kind][at[a.Kind]].Account, a)
			at[a.Kind]++
		}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			for _, p := range company.People {
				sources, err := r.SourceRecords(ctx, p.User.ID)
				if err != nil {
					return err
				}
				same(t, "sources", sources, p.Sources)
			}
			if err := evidenceIsReadAgain(ctx, t, r, company); err != nil {
				return err
			}
			connections, err := r.Connections(ctx)
			same(t, "connections", connections, company.Connections)
			if err != nil {
				return err
			}
			workspaces, err := r.Workspaces(ctx)
			same(t, "workspaces", workspaces, company.Workspaces)
			if err != nil {
				return err
			}
			groups, err := r.Groups(ctx)
			same(t, "groups", groups, company.Groups)
			if err != nil {
				return err
			}
			keys, err := r.Keys(ctx)
			if !reflect.DeepEqual(keys, company.Keys) {
				t.Errorf("keys:\ngot  %+v\nwant %+v", keys, company.Keys)
			}
			return err
		})
		v := verified(t, db)
		if v.People != 40 || v.Accounts != 80 || v.Changes != head(t, db) {
			t.Errorf("verified %+v", v)
		}
	})
}

// scene is a database with a small company in it.
type scene struct {
	company *storetest.Company
	ctx     context.Context
	tx      *store.Tx
}

// change is one write that changes one subject: what it is called in the log,
// and about whom.
type change struct {
	method  string // of store.Tx
	kind    string
	subject store.Subject
	id      int64
	do      func(s scene) error
}

var later = time.Date(2026, time.March, 1, 12, 0, 0, 5e6, time.UTC)

// changes has every method of store.Tx that writes.
var changes = slices.Concat(recordChanges, evidenceChanges)

var recordChanges = []change{
	{"SaveCompany", "company.updated", store.SubjectCompany, 1, func(s scene) error {
		c, err := s.tx.LockCompany(s.ctx)
		c.Plan, c.TermsAcceptedAt, c.Domain = workforce.PlanCore, nil, workforce.Ptr("example.org")
		return orElse(err, func() error { return s.tx.SaveCompany(s.ctx, c) })
	}},
	{"CreateWorkspaces", "workspace.created", store.SubjectWorkspace, 5, func(s scene) error {
		return s.tx.CreateWorkspaces(s.ctx, []workforce.Workspace{{Name: "New"}})
	}},
	{"CreateGroups", "group.created", store.SubjectGroup, 5, func(s scene) error {
		return s.tx.CreateGroups(s.ctx, []workforce.Group{{Name: "New", CreatedAt: later, UpdatedAt: later}})
	}},
	{"CreateConnections", "connection.created", store.SubjectConnection, 7, func(s scene) error {
		return s.tx.CreateConnections(s.ctx, []workforce.Connection{{
			ClientType: "OKTA_IDENTITY", State: workforce.ConnectionActive, WorkspaceIDs: []workforce.WorkspaceID{2, 1, 2}, CreatedAt: later, UpdatedAt: later,
		}})
	}},
	{"UpdateConnection", "connection.updated", store.SubjectConnection, 2, func(s scene) error {
		c, _, err := s.tx.LockConnection(s.ctx, 2)
		after := c
		after.State, after.StateReason, after.WorkspaceIDs = workforce.ConnectionMisconfigured, workforce.Ptr("token expired"), []workforce.WorkspaceID{4}
		return orElse(err, func() error { return s.tx.UpdateConnection(s.ctx, c, after) })
	}},
	{"CreatePeople", "", "", 0, func(s scene) error {
		return s.tx.CreatePeople(s.ctx, []workforce.NewPerson{storetest.Person(1001)})
	}},
	{"UpdateUser", "user.renamed", store.SubjectUser, 2, func(s scene) error {
		u, _, err := s.tx.LockUser(s.ctx, 2)
		after := u
		after.FirstName, after.Roles, after.Email = workforce.Ptr("Renée"), []workforce.Role{"TECHGOV", "ADMIN", "ADMIN"}, "renee@example.com"
		return orElse(err, func() error { return s.tx.UpdateUser(s.ctx, u, after, "user.renamed") })
	}},
	{"UpdatePersonnel", "personnel.status_set", store.SubjectPersonnel, 3, func(s scene) error {
		p, _, err := s.tx.LockPersonnel(s.ctx, 3)
		after := p
		after.EmploymentStatus, after.StatusUpdatedAt = workforce.SpecialFormerContractor, workforce.Ptr(later)
		after.Pins = []workforce.Pin{{Field: workforce.PinStartDate, Actor: "cli", At: later}, {Field: workforce.PinEmploymentStatus, Actor: "key:1", At: later}}
		return orElse(err, func() error { return s.tx.UpdatePersonnel(s.ctx, p, after, "personnel.status_set") })
	}},
	{"SetGroups", "personnel.groups_set", store.SubjectPersonnel, 4, func(s scene) error {
		was, err := s.tx.GroupIDsOf(s.ctx, 4)
		groups := []workforce.GroupID{4, 1, 4}
		if slices.Equal(was, []workforce.GroupID{1, 4}) {
			groups = nil
		}
		return orElse(err, func() error { return s.tx.SetGroups(s.ctx, 4, 4, groups) })
	}},
	{"SaveSourceRecord", "user.source_updated", store.SubjectUser, 5, func(s scene) error {
		return s.tx.SaveSourceRecord(s.ctx, nil, workforce.SourceRecord{
			ConnectionID: 3, ExternalID: "new", UserID: 5, Facts: workforce.SourceFacts{JobTitle: workforce.Ptr("Baker")}, ObservedAt: later,
		})
	}},
	{"SaveIdentity", "user.identity_updated", store.SubjectUser, 6, func(s scene) error {
		return s.tx.SaveIdentity(s.ctx, nil, &workforce.Identity{UserID: 6, ConnectionID: 3, IdentityID: "new", CreatedAt: later, UpdatedAt: later})
	}},
	{"CreateAccounts", "account.created", store.SubjectInfrastructure, 21, func(s scene) error {
		return s.tx.CreateAccounts(s.ctx, []workforce.Account{{
			Kind: workforce.Infrastructure, ConnectionID: 1, IdentityID: "new", UserID: workforce.Ptr(workforce.UserID(1)), CreatedAt: later, UpdatedAt: later,
		}})
	}},
	{"UpdateAccount", "account.linked", store.SubjectVersionControl, 7, func(s scene) error {
		a, _, err := s.tx.LockAccount(s.ctx, workforce.VersionControl, 7)
		after := a
		after.UserID, after.ServiceAccountAt, after.WriteAccessAt = workforce.Ptr(workforce.UserID(9)), nil, workforce.Ptr(later)
		return orElse(err, func() error { return s.tx.UpdateAccount(s.ctx, a, after, "account.linked") })
	}},
	{"CreateKey", "api_key.created", store.SubjectKey, 4, func(s scene) error {
		return s.tx.CreateKey(s.ctx, &workforce.APIKey{Name: "new", Hint: "pm_x", Hash: []byte("new hash"), Scopes: []workforce.Scope{workforce.ScopeAll}, CreatedAt: later})
	}},
	{"UpdateKey", "api_key.updated", store.SubjectKey, 2, func(s scene) error {
		k, _, err := s.tx.LockKey(s.ctx, 2)
		after := k
		after.RevokedAt, after.Hash = workforce.Ptr(later), nil
		return orElse(err, func() error { return s.tx.UpdateKey(s.ctx, k, after) })
	}},
}

func orElse(err error, f func() error) error {
	if err != nil {
		return err
	}
	return f()
}

func TestEveryMethodThatWritesIsTested(t *testing.T) {
	t.Parallel()
	for method := range reflect.TypeFor[*store.Tx]().Methods() {
		name := method.Name
		writes := slices.ContainsFunc([]string{"Create", "Update", "Save", "Set", "Delete", "Erase", "Remove"}, func(verb string) bool {
			return strings.HasPrefix(name, verb)
		})
		if tested := slices.ContainsFunc(changes, func(c change) bool { return c.method == name }); writes != tested {
			t.Errorf("store.Tx.%s: writes %v, is in the table of changes %v", name, writes, tested)
		}
	}
}

// Each change has one row, which tells what was and what is; the same change
// again has none; and the record verifies against the log.
func TestEveryChangeHasOneRow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		company := storetest.NewCompany(5, 20)
		company.Load(t, db)
		for _, c := range changes {
			before := head(t, db)
			write(t, db, func(ctx context.Context, tx *store.Tx) error { return c.do(scene{company, ctx, tx}) })
			rows := rowsAfter(t, db, before)
			if c.method == "CreatePeople" {
				checkPersonCreated(t, rows)
				continue
			}
			if len(rows) != 1 {
				t.Fatalf("%s: %d rows", c.method, len(rows))
			}
			row := rows[0]
			if row.Kind != c.kind || row.Subject != c.subject || row.SubjectID != c.id || row.Actor != "cli" || row.Cause != "test" || row.Erased {
				t.Errorf("%s: logged as %+v", c.method, row)
			}
			if strings.HasSuffix(c.kind, "group.deleted") != (row.After == nil) || strings.HasSuffix(c.kind, ".created") != (row.Before == nil) ||
				string(row.Before) == string(row.After) {
				t.Errorf("%s: from %s to %s", c.method, row.Before, row.After)
			}
			subject := subjectChanges(t, db, c.subject, c.id)
			same(t, c.method, subject[len(subject)-1], row)
		}
		verified(t, db)
	})
}

func rowsAfter(t *testing.T, db *store.DB, seq int64) (rows []store.Change) {
	t.Helper()
	read(t, db, func(ctx context.Context, r *store.Reader) (err error) {
		rows, err = r.Changes(ctx, seq, 1000)
		return err
	})
	return rows
}

func subjectChanges(t *testing.T, db *store.DB, subject store.Subject, id int64) (rows []store.Change) {
	t.Helper()
	read(t, db, func(ctx context.Context, r *store.Reader) (err error) {
		rows, err = r.SubjectChanges(ctx, subject, id)
		return err
	})
	return rows
}

func checkPersonCreated(t *testing.T, rows []store.Change) {
	t.Helper()
	devices := len(storetest.Person(1001).Devices)
	count := map[string]int{}
	for _, row := range rows {
		count[row.Kind]++
	}
	if want := map[string]int{"user.created": 1, "personnel.created": 1, "device.created": devices}; !reflect.DeepEqual(count, want) {
		t.Errorf("a person was logged as %v, want %v", count, want)
	}
}

// Several changes of one subject in one transaction are one row: before is what
// the first saw, after is what the last left.
func TestChangesOfOneSubjectGather(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		company := storetest.NewCompany(5, 20)
		company.Load(t, db)
		id := firstIdentity(company)
		var first, last workforce.Personnel
		seq := head(t, db)
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			var err error
			first, _, err = tx.LockPersonnel(ctx, 2)
			last = first
			last.StartDate = workforce.Ptr(workforce.Date("2019-01-01"))
			err = orElse(err, func() error { return tx.UpdatePersonnel(ctx, first, last, "personnel.dates_set") })
			err = orElse(err, func() error { return tx.SetGroups(ctx, 2, 2, []workforce.GroupID{4}) })
			before := last
			last.SeparationDate = workforce.Ptr(workforce.Date("2025-01-01"))
			err = orElse(err, func() error { return tx.UpdatePersonnel(ctx, before, last, "personnel.dates_set") })

			once, twice, added := id, id, workforce.Identity{UserID: id.UserID, ConnectionID: 1, IdentityID: "added", CreatedAt: later, UpdatedAt: later}
			once.HasMFA, twice.HasMFA, twice.JobTitle = nil, workforce.Ptr(true), workforce.Ptr("Twice")
			err = orElse(err, func() error { return tx.SaveIdentity(ctx, &id, &once) })
			err = orElse(err, func() error { return tx.SaveIdentity(ctx, nil, &added) })
			err = orElse(err, func() error { return tx.SaveIdentity(ctx, &once, &twice) })
			again := added
			again.Username = workforce.Ptr("again")
			return orElse(err, func() error { return tx.SaveIdentity(ctx, &added, &again) })
		})
		rows := rowsAfter(t, db, seq)
		if len(rows) != 2 {
			t.Fatalf("%d rows, want one per subject", len(rows))
		}
		var before, after struct {
			workforce.Personnel
			GroupIDs []workforce.GroupID `json:"groupIds"`
		}
		decode(t, rows[0].Before, &before)
		decode(t, rows[0].After, &after)
		same(t, "personnel before", before.Personnel, first)
		same(t, "personnel after", after.Personnel, last)
		same(t, "groups before", before.GroupIDs, company.People[1].GroupIDs)
		same(t, "groups after", after.GroupIDs, []workforce.GroupID{4})

		var was, is struct{ Identities []workforce.Identity }
		decode(t, rows[1].Before, &was)
		decode(t, rows[1].After, &is)
		same(t, "identities before", was.Identities, []workforce.Identity{id})
		if len(is.Identities) != 2 || workforce.Text(is.Identities[0].JobTitle) != "Twice" || workforce.Text(is.Identities[1].Username) != "again" {
			t.Errorf("identities after: %+v", is.Identities)
		}
		verified(t, db)
	})
}

func decode(t *testing.T, raw json.RawMessage, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// A part that moves from one user to another is in the log of both.
func TestAPartThatMovesIsInTheLogOfBoth(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		company := storetest.NewCompany(5, 20)
		company.Load(t, db)
		id, rec := firstIdentity(company), firstSource(company)
		seq := head(t, db)
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			moved, said := id, rec
			moved.UserID, said.UserID = 19, 20
			return orElse(tx.SaveIdentity(ctx, &id, &moved), func() error { return tx.SaveSourceRecord(ctx, &rec, said) })
		})
		subjects := map[int64]bool{}
		for _, row := range rowsAfter(t, db, seq) {
			subjects[row.SubjectID] = row.Subject == store.SubjectUser
		}
		for _, u := range []workforce.UserID{id.UserID, rec.UserID, 19, 20} {
			if !subjects[int64(u)] {
				t.Errorf("user %d has no row", u)
			}
		}
		verified(t, db)
	})
}
