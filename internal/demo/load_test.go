package demo

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

func openSQLite(t *testing.T, opts store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "demo.db"), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func wantState(t *testing.T, db *store.DB, want State) {
	t.Helper()
	if got, err := Inspect(t.Context(), db); err != nil || got != want {
		t.Errorf("the database is %q (%v), want %q", got, err, want)
	}
}

func wantRefused(t *testing.T, db *store.DB, advice string) {
	t.Helper()
	err := Load(t.Context(), db, New(1, 5, noon), nil)
	if !workforce.IsReason(err, workforce.ReasonNotEmpty) || !strings.Contains(err.Error(), advice) {
		t.Errorf("loading gives %v, want advice like %q", err, advice)
	}
}

func TestLoadWritesTheWholeCompany(t *testing.T) {
	t.Parallel()
	db, w := openSQLite(t, store.Options{}), newWorld(DefaultSeed, chunk+100)
	wantState(t, db, StateEmpty)
	var steps []int
	err := Load(t.Context(), db, w.Company, func(done, total int) {
		if total != len(w.people) {
			t.Errorf("the total is %d", total)
		}
		steps = append(steps, done)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) != 2 || steps[0] != chunk || steps[1] != len(w.people) {
		t.Errorf("progress was %v", steps)
	}
	wantState(t, db, StateComplete)
	wantRefused(t, db, "already")
	verification, err := db.Verify(t.Context(), nil)
	if err != nil || len(verification.Problems) > 0 || verification.People != int64(len(w.people)) || verification.Accounts != int64(len(w.accounts)) {
		t.Errorf("verifying gives %+v, %v", verification, err)
	}
	err = db.Read(t.Context(), func(r *store.Reader) error {
		w.compare(t, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// compare reads the company back.
func (w *world) compare(t *testing.T, r *store.Reader) {
	t.Helper()
	company, err := r.Company(t.Context())
	same(t, "company", err, company, w.company)
	connections, err := r.Connections(t.Context())
	same(t, "connections", err, connections, w.connections)
	groups, err := r.Groups(t.Context())
	same(t, "groups", err, groups, w.groups)
	workspaces, err := r.Workspaces(t.Context())
	same(t, "workspaces", err, workspaces, w.workspaces)
	policies, err := r.Policies(t.Context())
	same(t, "policies", err, policies, w.policies)
	rules, err := r.Rules(t.Context())
	same(t, "rules", err, rules, w.rules)
	exclusions, err := r.Exclusions(t.Context())
	for i := range exclusions {
		if exclusions[i].ID != int64(i+1) {
			t.Errorf("exclusion %d has the number %d", i+1, exclusions[i].ID)
		}
		exclusions[i].ID = 0
	}
	same(t, "exclusions", err, exclusions, w.exclusions)
	for _, n := range []int{1, 2, 3, 40, chunk, chunk + 1, len(w.people)} {
		records, err := r.PersonnelRecords(t.Context(), []workforce.PersonnelID{workforce.PersonnelID(n)})
		if err != nil || len(records) != 1 {
			t.Errorf("personnel %d: %v", n, err)
			continue
		}
		want := w.people[n-1]
		got := records[0]
		if int(got.User.ID) != n || got.User.Email != want.User.Email || len(got.Devices) != len(want.Devices) {
			t.Errorf("personnel %d is %+v", n, got)
		}
		if len(got.Checks) != len(workforce.AllCheckTypes) {
			t.Errorf("personnel %d has %d checks", n, len(got.Checks))
		}
		w.compareEvidence(t, r, got.User.ID, want)
		w.compareApps(t, r, got.Devices)
	}
	for _, kind := range workforce.AllAccountKinds {
		w.compareAccounts(t, r, kind)
	}
}

// compareEvidence compares what a user has acknowledged and been trained in.
func (w *world) compareEvidence(t *testing.T, r *store.Reader, id workforce.UserID, want workforce.NewPerson) {
	t.Helper()
	acknowledgements, err := r.Acknowledgements(t.Context(), []workforce.UserID{id})
	got := acknowledgements[id]
	for i := range got {
		got[i].ID, got[i].UserID = 0, 0
	}
	same(t, "acknowledgements", err, got, want.Acknowledgements)
	trainings, err := r.Trainings(t.Context(), []workforce.UserID{id})
	done := trainings[id]
	for i := range done {
		done[i].ID, done[i].UserID = 0, 0
	}
	same(t, "trainings", err, done, want.Trainings)
}

func (w *world) compareApps(t *testing.T, r *store.Reader, devices []workforce.Device) {
	t.Helper()
	for _, d := range devices {
		apps, total, err := r.Apps(t.Context(), d.ID, 0, 1000)
		for i := range apps {
			apps[i].ID = 0
		}
		same(t, "apps", err, apps, w.apps[d.ID])
		if len(apps) > 0 && (int64(len(apps)) != total || *d.AppsCount != total) {
			t.Errorf("device %d has %d apps of %d, and says %d", d.ID, len(apps), total, *d.AppsCount)
		}
	}
}

// compareAccounts looks whether the first accounts have the numbers of their
// order and belong to whom they should.
func (w *world) compareAccounts(t *testing.T, r *store.Reader, kind workforce.AccountKind) {
	t.Helper()
	var want []workforce.Account
	var ids []workforce.AccountID
	for _, a := range w.accounts {
		if a.Kind == kind && len(want) < 200 {
			a.ID = workforce.AccountID(len(want) + 1)
			want, ids = append(want, a), append(ids, a.ID)
		}
	}
	records, err := r.AccountRecords(t.Context(), kind, ids)
	if err != nil || len(records) != len(want) {
		t.Fatalf("%d of %d accounts: %v", len(records), len(want), err)
	}
	for i := range records {
		same(t, "account", err, records[i].Account, want[i])
	}
}

// same compares values by their persisted form.
func same(t *testing.T, what string, err error, got, want any) {
	t.Helper()
	a, err1 := json.Marshal(got)
	b, err2 := json.Marshal(want)
	if err := errors.Join(err, err1, err2); err != nil || string(a) != string(b) {
		t.Errorf("%s (%v):\ngot  %s\nwant %s", what, err, a, b)
	}
}

func TestHalfADemoIsNotTakenForAWholeOne(t *testing.T) {
	t.Parallel()
	for name, stopAt := range map[string]int{"after the first people": chunk, "before the mark": chunk + 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openSQLite(t, store.Options{})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := Load(ctx, db, New(DefaultSeed, chunk+10, noon), func(done, _ int) {
				if done == stopAt {
					cancel()
				}
			})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("loading gives %v", err)
			}
			wantState(t, db, StateUnfinished)
			wantRefused(t, db, "not finished")
		})
	}
}

func TestRealDataIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, fill := range map[string]func(context.Context, *store.Tx) error{
		"a person": func(ctx context.Context, tx *store.Tx) error {
			c := New(DefaultSeed, 1, noon)
			p := c.person(c.profile(1))
			p.Identities, p.Sources, p.GroupIDs, p.Acknowledgements = nil, nil, nil, nil
			return tx.CreatePeople(ctx, []workforce.NewPerson{p})
		},
		"a connection": func(ctx context.Context, tx *store.Tx) error {
			return tx.CreateConnections(ctx, []workforce.Connection{{
				ClientType: workforce.ClientFile, State: workforce.ConnectionActive, CreatedAt: noon, UpdatedAt: noon,
			}})
		},
		"a group": func(ctx context.Context, tx *store.Tx) error {
			return tx.CreateGroups(ctx, []workforce.Group{{Name: "Everyone", CreatedAt: noon, UpdatedAt: noon}})
		},
		"a policy": func(ctx context.Context, tx *store.Tx) error {
			return tx.SavePolicy(ctx, nil, &workforce.Policy{Name: "Conduct", AssignedTo: workforce.AssignedToAll})
		},
		"rules": func(ctx context.Context, tx *store.Tx) error {
			rules := workforce.DefaultRules()
			rules.ReportingDays = 7
			return tx.SaveRules(ctx, workforce.DefaultRules(), rules)
		},
		"a workspace": func(ctx context.Context, tx *store.Tx) error {
			return tx.CreateWorkspaces(ctx, []workforce.Workspace{{Name: "Product"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openSQLite(t, store.Options{})
			err := db.Write(t.Context(), store.Cause{Actor: store.ActorCLI, Cause: "test"}, func(tx *store.Tx) error {
				return fill(t.Context(), tx)
			})
			if err != nil {
				t.Fatal(err)
			}
			head, err := db.Head(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			wantState(t, db, StateReal)
			wantRefused(t, db, "real data")
			if after, err := db.Head(t.Context()); err != nil || after != head {
				t.Errorf("the refusal wrote %d changes (%v)", after-head, err)
			}
		})
	}
}

func TestNobodyIsADemoToo(t *testing.T) {
	t.Parallel()
	db := openSQLite(t, store.Options{})
	if err := Load(t.Context(), db, New(DefaultSeed, 0, noon), nil); err != nil {
		t.Fatal(err)
	}
	wantState(t, db, StateComplete)
}
