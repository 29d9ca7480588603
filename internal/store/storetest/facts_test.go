package storetest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func TestANewDatabaseHasACompany(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		now := time.Date(2025, time.July, 1, 16, 45, 55, 246_999_999, time.FixedZone("", 3600))
		db, err := store.Open(t.Context(), d.DSN, store.Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if db.Dialect() != d.Dialect || db.Ping(t.Context()) != nil {
			t.Errorf("the database says it is %s", db.Dialect())
		}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			c, err := r.Company(ctx)
			at := time.Date(2025, time.July, 1, 15, 45, 55, 246_000_000, time.UTC)
			same(t, "company", c, workforce.Company{
				Name: "Company", Plan: workforce.PlanFull, TermsAcceptedAt: &at, TimeZone: "UTC",
				ManualUploadEnabled: true, CreatedAt: at, UpdatedAt: at,
			})
			return err
		})
		rows := rowsAfter(t, db, 0)
		if len(rows) != 1 || rows[0].Kind != "company.created" || rows[0].Actor != store.ActorSystem || !rows[0].At.Equal(db.Now()) {
			t.Errorf("its log begins with %+v", rows)
		}
		verified(t, db)
	})
}

// A database's secrets are its own, and stay.
func TestSecretsStay(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		secret := func(db *store.DB, name string) (value []byte) {
			read(t, db, func(ctx context.Context, r *store.Reader) (err error) {
				value, err = r.Secret(ctx, name)
				return err
			})
			return value
		}
		db, again, other := d.Open(t), d.Open(t), storetest.New(t, d.Dialect).Open(t)
		cursor := secret(db, "cursor")
		if len(cursor) != 32 || !bytes.Equal(cursor, secret(again, "cursor")) {
			t.Error("the secret is not 32 bytes, or another after opening again")
		}
		if bytes.Equal(cursor, secret(db, "session")) || bytes.Equal(cursor, secret(other, "cursor")) {
			t.Error("two secrets are the same")
		}
		if err := db.Read(t.Context(), func(r *store.Reader) error { return second(r.Secret(t.Context(), "none")) }); err == nil {
			t.Error("there is a secret that nobody has made")
		}
	})
}

// When a key was last used is kept beside the facts: it is no change, and it
// survives one.
func TestTheLastUseOfAKeyIsNoChange(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		storetest.NewCompany(5, 3).Load(t, db)
		seq := head(t, db)
		if err := db.TouchKey(t.Context(), 2, later); err != nil {
			t.Fatal(err)
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			k, ok, err := tx.Key(ctx, 2)
			if !ok || k.LastUsedAt == nil || !k.LastUsedAt.Equal(later) {
				t.Errorf("the key was last used %v", k.LastUsedAt)
			}
			stale := k
			stale.LastUsedAt, stale.Name = nil, "renamed"
			return orElse(err, func() error { return tx.UpdateKey(ctx, k, stale) })
		})
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			k, _, err := r.Key(ctx, 2)
			if k.LastUsedAt == nil || k.Name != "renamed" {
				t.Errorf("an update left %+v", k)
			}
			byHash, ok, err2 := r.KeyByHash(ctx, k.Hash)
			if !ok || byHash.ID != 2 || err2 != nil {
				t.Errorf("by its hash it is %+v, error %v", byHash, err2)
			}
			return err
		})
		if got := head(t, db); got != seq+1 {
			t.Errorf("%d changes were logged, want the update alone", got-seq)
		}
		verified(t, db)
	})
}

// The log never holds what a key's hash is, in whatever form.
func TestTheLogHasNoSecrets(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		company := storetest.NewCompany(5, 3)
		company.Load(t, d.Open(t))
		payloads := dumpTable(t, d.Raw(t), "change_payloads")
		if !strings.Contains(payloads, company.Keys[0].Hint) {
			t.Error("the log does not mention the keys")
		}
		for _, k := range company.Keys {
			for _, form := range []string{string(k.Hash), hex.EncodeToString(k.Hash), base64.StdEncoding.EncodeToString(k.Hash)} {
				if strings.Contains(payloads, form) {
					t.Errorf("the log has the hash of key %d", k.ID)
				}
			}
		}
	})
}

// Sort keys compare byte by byte in both databases, and the forms of one
// character are one.
func TestKeysAreFoldedAndCompareBytewise(t *testing.T) {
	t.Parallel()
	names := []string{"Z", "a", "é", "e\u0301", "É", "z", "Straße", "STRASSE", "\u212Bngstrom", "ångström", "山", "🙂", "_", "B"}
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			people := make([]workforce.NewPerson, len(names))
			for i, name := range names {
				people[i] = storetest.Person(i)
				people[i].User.FirstName, people[i].User.LastName = &name, nil
			}
			return tx.CreatePeople(ctx, people)
		})
		keys := lines(t, d.Raw(t), `SELECT name_key FROM users ORDER BY name_key, id`)
		want := make([]string, len(names))
		for i, name := range names {
			want[i] = workforce.Fold(name)
		}
		slices.Sort(want)
		if !slices.Equal(keys, want) {
			t.Errorf("sorted as %q, want %q", keys, want)
		}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			ids, total, err := r.ListPersonnel(ctx, workforce.PersonnelQuery{Text: workforce.Fold("É"), Sort: "NAME", Page: whole})
			if !slices.Equal(ids, []workforce.PersonnelID{3, 4, 5}) || total != 3 {
				t.Errorf("é was found in %v", ids)
			}
			return err
		})
	})
}

// lookups are the questions that have "there is no such record" for an answer.
func TestLookupsOfNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		storetest.NewCompany(5, 12).Load(t, db)
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			for name, f := range map[string]func() (bool, error){
				"LockUser":       func() (bool, error) { _, ok, err := tx.LockUser(ctx, 99); return ok, err },
				"LockPersonnel":  func() (bool, error) { _, ok, err := tx.LockPersonnel(ctx, 99); return ok, err },
				"LockAccount":    func() (bool, error) { _, ok, err := tx.LockAccount(ctx, workforce.VersionControl, 99); return ok, err },
				"LockConnection": func() (bool, error) { _, ok, err := tx.LockConnection(ctx, 99); return ok, err },
				"LockKey":        func() (bool, error) { _, ok, err := tx.LockKey(ctx, 99); return ok, err },
				"LockPolicy":     func() (bool, error) { _, ok, err := tx.LockPolicy(ctx, 99); return ok, err },
				"LockExclusion":  func() (bool, error) { _, ok, err := tx.LockExclusion(ctx, 99); return ok, err },
				"LockGroup":      func() (bool, error) { _, ok, err := tx.LockGroup(ctx, 99); return ok, err },
				"LockDocument":   func() (bool, error) { _, ok, err := tx.LockDocument(ctx, 999); return ok, err },
				"LockDevice":     func() (bool, error) { _, ok, err := tx.LockDevice(ctx, 999); return ok, err },
				"DeviceDocument": func() (bool, error) { _, _, ok, err := tx.DeviceDocument(ctx, 999); return ok, err },
				"FileInUse":      func() (bool, error) { return tx.FileInUse(ctx, "none") },
				"KeyByHash":      func() (bool, error) { _, ok, err := tx.KeyByHash(ctx, []byte("none")); return ok, err },
				"UserExists":     func() (bool, error) { return tx.UserExists(ctx, 99) },
				"UserIDByEmail":  func() (bool, error) { _, ok, err := tx.UserIDByEmail(ctx, "nobody@example.com"); return ok, err },
				"PersonnelIDOf":  func() (bool, error) { _, ok, err := tx.PersonnelIDOf(ctx, 99); return ok, err },
			} {
				if ok, err := f(); ok || err != nil {
					t.Errorf("%s found nobody: %v, error %v", name, ok, err)
				}
			}
			recs, err := tx.PersonnelRecords(ctx, []workforce.PersonnelID{7, 99, 2})
			if err != nil || len(recs) != 2 || recs[0].ID != 7 || recs[1].ID != 2 {
				t.Errorf("records of 7, 99 and 2: %d, error %v", len(recs), err)
			}
			unknown, err := tx.UnknownGroups(ctx, []workforce.GroupID{9, 1, 8})
			if err != nil || !slices.Equal(unknown, []workforce.GroupID{9, 8}) {
				t.Errorf("unknown of 9, 1 and 8: %v, error %v", unknown, err)
			}
			return nil
		})
	})
}

func TestLookupsOfSomebody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		company := storetest.NewCompany(5, 12)
		company.Load(t, db)
		var pinned, known, due []workforce.PersonnelID
		var admin *workforce.UserID
		for i, p := range company.People {
			id := workforce.PersonnelID(i + 1)
			if len(p.Personnel.Pins) > 0 {
				pinned = append(pinned, id)
			}
			if len(p.Sources) > 0 {
				known = append(known, id)
			}
			if p.Personnel.EmploymentStatus == workforce.FutureHire && p.Personnel.StartDate != nil &&
				*p.Personnel.StartDate <= "2021-12-31" && !p.Personnel.Pinned(workforce.PinEmploymentStatus) {
				due = append(due, id)
			}
			if admin == nil && slices.Contains(p.User.Roles, workforce.RoleAdmin) {
				admin = workforce.Ptr(p.User.ID)
			}
		}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			got, err := r.PersonnelWithPins(ctx, 0, 100)
			sameIDs(t, "with pins", got, pinned, err)
			got, err = r.PersonnelWithPins(ctx, pinned[0], 2)
			sameIDs(t, "with pins, the next two", got, pinned[1:3], err)
			one, total, err := r.PersonnelKnownToSource(ctx)
			if err != nil || one != known[0] || total != int64(len(known)) {
				t.Errorf("known to a source: %d, %d in all, error %v", one, total, err)
			}
			got, err = r.FutureHiresDue(ctx, "2021-12-31")
			sameIDs(t, "hires due", got, due, err)
			first, err := r.FirstAdmin(ctx)
			if err != nil || !workforce.Same(first, admin) {
				t.Errorf("the first admin is %v, want %v", first, admin)
			}
			n, err := r.CountUsers(ctx)
			if err != nil || n != 12 {
				t.Errorf("there are %d users, error %v", n, err)
			}
			id, ok, err := r.UserIDByEmail(ctx, "PERSON.4@EXAMPLE.COM")
			if err != nil || !ok || id != 5 {
				t.Errorf("by e-mail it is user %d, error %v", id, err)
			}
			said, err := r.SourceRecordsOf(ctx, 6)
			if err != nil || len(said) != len(known) {
				t.Errorf("the source knows %d people, want %d, error %v", len(said), len(known), err)
			}
			return nil
		})
	})
}

func sameIDs(t *testing.T, what string, got, want []workforce.PersonnelID, err error) {
	t.Helper()
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v, error %v", what, got, want, err)
	}
}

// The log keeps what it was given for as long as the company exists: its form
// must not drift. A field may be added; none may change its name or its form.
func TestThePersistedFormStays(t *testing.T) {
	t.Parallel()
	d := storetest.New(t, "sqlite")
	db := d.Open(t)
	storetest.NewCompany(11, 3).Load(t, db)
	var b strings.Builder
	for _, row := range rowsAfter(t, db, 1) {
		var after bytes.Buffer
		if err := json.Indent(&after, row.After, "", "  "); err != nil {
			t.Fatal(err)
		}
		b.WriteString(row.Kind + " " + string(row.Subject) + "\n" + after.String() + "\n")
	}
	golden(t, "changes.txt", b.String())
}
