package storetest_test

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"sync"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// loaded is what the loaders of parts give for some numbers, in order.
type loaded struct {
	personnel   []workforce.PersonnelRecord
	users, bare []workforce.UserRecord
	connections []workforce.ConnectionRecord
	accounts    []workforce.AccountRecord
	personnelOf map[workforce.UserID]workforce.PersonnelID
	position    int64
}

// partNumbers are asked for: those of everybody, nobody's, and some twice.
func partNumbers[T ~int64]() []T {
	out := []T{7, 99, -1, 7}
	for i := range T(24) {
		out = append(out, i)
	}
	return out
}

func loadParts(ctx context.Context, r *store.Reader) (out loaded, err error) {
	steps := []func() error{
		func() (err error) {
			out.personnel, err = r.PersonnelParts(ctx, partNumbers[workforce.PersonnelID]())
			return err
		},
		func() (err error) { out.users, err = r.UserParts(ctx, partNumbers[workforce.UserID]()); return err },
		func() (err error) { out.bare, err = r.BareUsers(ctx, partNumbers[workforce.UserID]()); return err },
		func() (err error) {
			out.connections, err = r.ConnectionParts(ctx, partNumbers[workforce.ConnectionID]())
			return err
		},
		func() (err error) {
			out.accounts, err = r.AccountParts(ctx, workforce.VersionControl, partNumbers[workforce.AccountID]())
			return err
		},
		func() (err error) {
			out.personnelOf, err = r.PersonnelIDsOf(ctx, partNumbers[workforce.UserID]())
			return err
		},
		func() (err error) { out.position, err = r.Position(ctx); return err },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return out, err
		}
	}
	sortPersonnel(out.personnel)
	sortUsers(out.users)
	sortUsers(out.bare)
	slices.SortFunc(out.connections, func(a, b workforce.ConnectionRecord) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(out.accounts, func(a, b workforce.AccountRecord) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

func sortPersonnel(recs []workforce.PersonnelRecord) {
	slices.SortFunc(recs, func(a, b workforce.PersonnelRecord) int { return cmp.Compare(a.ID, b.ID) })
}

func sortUsers(recs []workforce.UserRecord) {
	slices.SortFunc(recs, func(a, b workforce.UserRecord) int { return cmp.Compare(a.ID, b.ID) })
}

// partsOf reads the parts as readers do, from packs, and checks them against
// the tables, from which a transaction that writes reads.
func partsOf(t *testing.T, db *store.DB) loaded {
	t.Helper()
	var parts loaded
	read(t, db, func(ctx context.Context, r *store.Reader) (err error) {
		parts, err = loadParts(ctx, r)
		return err
	})
	write(t, db, func(ctx context.Context, tx *store.Tx) error {
		rows, err := loadParts(ctx, &tx.Reader)
		same(t, "parts and tables", parts, rows)
		return err
	})
	for name, ask := range map[string]func() (store.PeopleParts, error){
		"PeopleParts": func() (store.PeopleParts, error) {
			return db.PeopleParts(t.Context(), partNumbers[workforce.PersonnelID]())
		},
		"PeoplePartsOf": func() (store.PeopleParts, error) {
			return db.PeoplePartsOf(t.Context(), partNumbers[workforce.UserID]())
		},
		"PeopleParts, all there": func() (store.PeopleParts, error) {
			var ids []workforce.PersonnelID
			for _, rec := range parts.personnel {
				ids = append(ids, rec.ID, rec.ID)
			}
			return db.PeopleParts(t.Context(), ids)
		},
	} {
		people, err := ask()
		if err != nil {
			t.Fatal(name, err)
		}
		sortPersonnel(people.Personnel)
		sortUsers(people.Users)
		same(t, name, people, store.PeopleParts{Position: parts.position, Personnel: parts.personnel, Users: parts.users})
	}
	return parts
}

// The parts are the records without what belongs to other records.
func TestPartsAreTheRecordsWithoutTheOthers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		company := storetest.NewCompany(5, 20)
		company.Load(t, db)
		parts := partsOf(t, db)
		if len(parts.personnel) != 20 || len(parts.users) != 20 || len(parts.personnelOf) != 20 || parts.position != head(t, db) {
			t.Fatalf("%d personnel records, %d users, %d numbers, position %d", len(parts.personnel), len(parts.users), len(parts.personnelOf), parts.position)
		}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			for i, rec := range fullRecords(ctx, t, r) {
				same(t, "the number of the user's", parts.personnelOf[rec.UserID], rec.ID)
				bare := workforce.UserRecord{User: rec.User.User, Stub: true}
				for j := range rec.User.Identities {
					rec.User.Identities[j].Connection = nil
				}
				user := *rec.User
				rec.User, rec.ReasonProvider = nil, nil
				same(t, "personnel", parts.personnel[i], rec)
				same(t, "a user", parts.users[i], user)
				same(t, "a bare user", parts.bare[i], bare)
			}
			all, err := r.Connections(ctx)
			for i, c := range all {
				same(t, "a connection", parts.connections[i].Connection, c)
				for j, w := range c.WorkspaceIDs {
					same(t, "a workspace", parts.connections[i].Workspaces[j], company.Workspaces[w-1])
				}
			}
			if err != nil {
				return err
			}
			accounts, err := r.AccountRecords(ctx, workforce.VersionControl, partNumbers[workforce.AccountID]()[4:])
			for i, a := range accounts {
				same(t, "an account", parts.accounts[i], workforce.AccountRecord{Account: a.Account})
			}
			return err
		})
	})
}

// fullRecords reads every personnel record, by number.
func fullRecords(ctx context.Context, t *testing.T, r *store.Reader) []workforce.PersonnelRecord {
	t.Helper()
	recs, err := r.PersonnelRecords(ctx, partNumbers[workforce.PersonnelID]()[4:])
	if err != nil || len(recs) != 20 {
		t.Fatalf("%d records, error %v", len(recs), err)
	}
	return recs
}

// After each change the packs say what the tables say.
func TestPacksFollowTheTables(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		company := storetest.NewCompany(5, 20)
		company.Load(t, db)
		for _, c := range changes {
			write(t, db, func(ctx context.Context, tx *store.Tx) error { return c.do(scene{company, ctx, tx}) })
			partsOf(t, db)
		}
		// Created and changed in one transaction.
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			people := []workforce.NewPerson{storetest.Person(1002)}
			if err := tx.CreatePeople(ctx, people); err != nil {
				return err
			}
			u, _, err := tx.LockUser(ctx, people[0].User.ID)
			after := u
			after.JobTitle = workforce.Ptr("Changed at once")
			return orElse(err, func() error { return tx.UpdateUser(ctx, u, after, "user.renamed") })
		})
		if got := partsOf(t, db); workforce.Text(got.users[21].JobTitle) != "Changed at once" {
			t.Errorf("the newest user is %+v", got.users[21].User)
		}
		verified(t, db)
	})
}

// Who has no pack, or one of another version, is read from the tables.
func TestWithoutPacksTheTablesAreRead(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		company := storetest.NewCompany(5, 20)
		company.Load(t, db)
		want := partsOf(t, db)
		raw := d.Raw(t)
		mustExec(t, raw, `DELETE FROM packs WHERE personnel_id = 7`)
		same(t, "without one of them", partsOf(t, db), want)
		otherVersion(t, raw)
		same(t, "with others of another version", partsOf(t, db), want)
		verified(t, db)
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			return changes[slices.IndexFunc(changes, func(c change) bool { return c.method == "UpdateUser" })].do(scene{company, ctx, tx})
		})
		mustExec(t, raw, `DELETE FROM packs`)
		if got := partsOf(t, db); workforce.Text(got.users[1].FirstName) != "Renée" {
			t.Errorf("user 2 is %+v", got.users[1].User)
		}
		verified(t, db)
	})
}

// otherVersion makes every second pack one of another version.
func otherVersion(t *testing.T, raw *sql.DB) {
	t.Helper()
	text := `UPDATE packs SET user_body = X'FF00', personnel_body = X'FF' WHERE personnel_id % 2 = 0`
	if !isSQLite(t, raw) {
		text = `UPDATE packs SET user_body = '\xff00', personnel_body = '\xff' WHERE personnel_id % 2 = 0`
	}
	mustExec(t, raw, text)
}

// Two who change different facts of one person at once: the pack has both.
func TestPacksOfTwoWriters(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		storetest.NewCompany(5, 20).Load(t, db)
		for round := range 10 {
			first, second := make(chan error, 1), make(chan error, 1)
			go func() {
				first <- db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error {
					u, _, err := tx.LockUser(t.Context(), 3)
					after := u
					after.JobTitle = workforce.Ptr(string(rune('a' + round)))
					return orElse(err, func() error { return tx.UpdateUser(t.Context(), u, after, "user.renamed") })
				})
			}()
			go func() {
				second <- db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error {
					p, _, err := tx.LockPersonnel(t.Context(), 3)
					after := p
					after.NotHumanReason = workforce.Ptr(string(rune('a' + round)))
					return orElse(err, func() error { return tx.UpdatePersonnel(t.Context(), p, after, "personnel.status_set") })
				})
			}()
			for _, done := range []chan error{first, second} {
				if err := <-done; err != nil {
					t.Fatal(err)
				}
			}
			got := partsOf(t, db)
			want := string(rune('a' + round))
			if title, reason := workforce.Text(got.users[2].JobTitle), workforce.Text(got.personnel[2].NotHumanReason); title != want || reason != want {
				t.Fatalf("round %d: the pack says %q and %q", round, title, reason)
			}
		}
		verified(t, db)
	})
}

// Readers who hold every connection to the file wait for nobody when they run
// a statement for the first time.
func TestReadersOfPartsDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		storetest.NewCompany(5, 20).Load(t, db)
		const readers = 4
		var begun, done sync.WaitGroup
		begun.Add(readers)
		for range readers {
			done.Go(func() {
				err := db.Read(t.Context(), func(r *store.Reader) error {
					_, err := r.Company(t.Context())
					begun.Done()
					begun.Wait()
					return orElse(err, func() error { return second(loadParts(t.Context(), r)) })
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		done.Wait()
	})
}
