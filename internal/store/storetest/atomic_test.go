package storetest_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// dump is every row of every table, as text, but for the bookkeeping of the
// migrations: two databases with the same dump have the same content.
func dump(t *testing.T, raw *sql.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range tableNames(t, raw) {
		if table != "schema_migrations" {
			b.WriteString(dumpTable(t, raw, table))
		}
	}
	return b.String()
}

// addPerson adds one person and gives their number.
func addPerson(ctx context.Context, tx *store.Tx, n int) (workforce.PersonnelID, error) {
	people := []workforce.NewPerson{storetest.Person(n)}
	err := tx.CreatePeople(ctx, people)
	return people[0].Personnel.ID, err
}

var errOnPurpose = errors.New("on purpose")

func TestAWriteThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		raw := d.Raw(t)
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			_, err := addPerson(ctx, tx, 1)
			return err
		})
		before := dump(t, raw)
		for name, fail := range map[string]func(ctx context.Context, cancel func(), tx *store.Tx) error{
			"error":    func(context.Context, func(), *store.Tx) error { return errOnPurpose },
			"canceled": func(ctx context.Context, cancel func(), _ *store.Tx) error { cancel(); return nil },
			"canceled, then a statement": func(ctx context.Context, cancel func(), tx *store.Tx) error {
				cancel()
				_, err := addPerson(ctx, tx, 3)
				return err
			},
			"a duplicate": func(ctx context.Context, _ func(), tx *store.Tx) error {
				_, err := addPerson(ctx, tx, 1)
				return err
			},
			"a user that does not exist": func(ctx context.Context, _ func(), tx *store.Tx) error {
				return tx.CreateConnections(ctx, []workforce.Connection{{ClientType: "AWS", State: "ACTIVE", UserID: workforce.Ptr(workforce.UserID(99))}})
			},
		} {
			ctx, cancel := context.WithCancel(t.Context())
			err := db.Write(ctx, storetest.Cause, func(tx *store.Tx) error {
				return orElse(second(addPerson(ctx, tx, 2)), func() error { return fail(ctx, cancel, tx) })
			})
			cancel()
			if err == nil {
				t.Errorf("%s: the write succeeded", name)
			}
			if after := dump(t, raw); after != before {
				t.Errorf("%s: left something behind:\n%s", name, after)
			}
		}
		// The connection that a write was cut off on is fit for the next.
		write(t, db, func(ctx context.Context, tx *store.Tx) error { return second(addPerson(ctx, tx, 2)) })
		verified(t, db)
	})
}

func second[T any](_ T, err error) error { return err }

func TestAPanicLeavesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		func() {
			defer func() { _ = recover() }()
			_ = db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error {
				_ = second(addPerson(t.Context(), tx, 1))
				panic("on purpose")
			})
		}()
		if head(t, db) != 1 {
			t.Error("a write that panicked was logged")
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error { return second(addPerson(ctx, tx, 1)) })
	})
}

// failAtCommit makes the database refuse the commit of whoever adds a user: a
// constraint that is looked at last.
var failAtCommit = map[string][]string{
	"sqlite": {
		`CREATE TABLE refusals (company INTEGER REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED)`,
		`CREATE TRIGGER refuse AFTER INSERT ON users BEGIN INSERT INTO refusals VALUES (99); END`,
	},
	"postgres": {
		`CREATE TABLE refusals (company BIGINT REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED)`,
		`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO refusals VALUES (99); RETURN NULL; END $$`,
		`CREATE TRIGGER refuse AFTER INSERT ON users EXECUTE FUNCTION refuse()`,
	},
}

func TestACommitThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		raw := d.Raw(t)
		for _, text := range failAtCommit[d.Dialect] {
			mustExec(t, raw, text)
		}
		before := dump(t, raw)
		for range 2 {
			err := db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error { return second(addPerson(t.Context(), tx, 1)) })
			if err == nil || !strings.Contains(err.Error(), "committing") {
				t.Errorf("the commit gave %v", err)
			}
			if after := dump(t, raw); after != before {
				t.Errorf("left something behind:\n%s", after)
			}
		}
		// What does not offend the constraint is still written.
		write(t, db, changes[0].apply)
		if head(t, db) != 2 {
			t.Error("the write after it was not logged")
		}
	})
}

// apply makes the change in a database without a company of storetest's.
func (c change) apply(ctx context.Context, tx *store.Tx) error { return c.do(scene{nil, ctx, tx}) }

func mustExec(t *testing.T, raw *sql.DB, text string, args ...any) {
	t.Helper()
	if _, err := raw.ExecContext(t.Context(), text, args...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func TestDuplicatesAreFaults(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		storetest.NewCompany(5, 20).Load(t, db)
		for name, f := range map[string]func(ctx context.Context, tx *store.Tx) error{
			"e-mail, in other case": func(ctx context.Context, tx *store.Tx) error {
				p := storetest.Person(1)
				p.User.Email = "PERSON.1@EXAMPLE.COM"
				return tx.CreatePeople(ctx, []workforce.NewPerson{p})
			},
			"e-mail of an update": func(ctx context.Context, tx *store.Tx) error {
				u, _, err := tx.LockUser(ctx, 2)
				after := u
				after.Email = "person.0@example.com"
				return orElse(err, func() error { return tx.UpdateUser(ctx, u, after, "user.renamed") })
			},
			"group, decomposed": func(ctx context.Context, tx *store.Tx) error {
				return tx.CreateGroups(ctx, []workforce.Group{{Name: "Caf\u00e9", CreatedAt: later, UpdatedAt: later}, {Name: "CAFE\u0301", CreatedAt: later, UpdatedAt: later}})
			},
			"identity of a source": func(ctx context.Context, tx *store.Tx) error {
				id := workforce.Identity{UserID: 1, ConnectionID: 3, IdentityID: "twice", CreatedAt: later, UpdatedAt: later}
				other := id
				return orElse(tx.SaveIdentity(ctx, nil, &id), func() error { return tx.SaveIdentity(ctx, nil, &other) })
			},
			"account of a system": func(ctx context.Context, tx *store.Tx) error {
				a := workforce.Account{Kind: workforce.Infrastructure, ConnectionID: 1, IdentityID: "twice", CreatedAt: later, UpdatedAt: later}
				return tx.CreateAccounts(ctx, []workforce.Account{a, a})
			},
			"account of an update": func(ctx context.Context, tx *store.Tx) error {
				a, _, err := tx.LockAccount(ctx, workforce.Infrastructure, 1)
				b, _, err2 := tx.LockAccount(ctx, workforce.Infrastructure, 2)
				after := b
				after.ConnectionID, after.IdentityID = a.ConnectionID, a.IdentityID
				return orElse(errors.Join(err, err2), func() error { return tx.UpdateAccount(ctx, b, after, "account.moved") })
			},
			"key": func(ctx context.Context, tx *store.Tx) error {
				k := workforce.APIKey{Hash: []byte("twice"), CreatedAt: later}
				other := k
				return orElse(tx.CreateKey(ctx, &k), func() error { return tx.CreateKey(ctx, &other) })
			},
		} {
			err := db.Write(t.Context(), storetest.Cause, func(tx *store.Tx) error { return f(t.Context(), tx) })
			if !workforce.IsReason(err, workforce.ReasonDuplicate) {
				t.Errorf("%s: %v is not a fault with the reason %s", name, err, workforce.ReasonDuplicate)
			}
		}
	})
}
