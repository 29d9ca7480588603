package storetest_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/demo"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// BenchmarkColdRecord reads what the answer about one person shows of that
// person, for each operation another one: in one statement, and statement by
// statement in a snapshot.
func BenchmarkColdRecord(b *testing.B) {
	const people = 2000
	order := rand.New(rand.NewPCG(1, 2)).Perm(people)
	for _, dialect := range storetest.Dialects {
		db := storetest.New(b, dialect).Open(b)
		company := demo.New(1, people, time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC))
		if err := demo.Load(b.Context(), db, company, nil); err != nil {
			b.Fatal(err)
		}
		for name, read := range map[string]func(context.Context, *store.DB, workforce.PersonnelID) error{
			"one statement": coldPerson, "snapshot": coldSnapshot,
		} {
			b.Run(dialect+"/"+name, func(b *testing.B) {
				ctx, cancel := context.WithCancel(b.Context()) // as a request's can be
				defer cancel()
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if err := read(ctx, db, workforce.PersonnelID(order[i%people]+1)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func coldPerson(ctx context.Context, db *store.DB, id workforce.PersonnelID) error {
	parts, err := db.PeopleParts(ctx, []workforce.PersonnelID{id})
	if err == nil && len(parts.Users) != 1 {
		err = errOnPurpose
	}
	return err
}

func coldSnapshot(ctx context.Context, db *store.DB, id workforce.PersonnelID) error {
	return db.Read(ctx, func(r *store.Reader) error {
		if _, err := r.Position(ctx); err != nil {
			return err
		}
		personnel, err := r.PersonnelParts(ctx, []workforce.PersonnelID{id})
		if err != nil {
			return err
		}
		users, err := r.UserParts(ctx, []workforce.UserID{personnel[0].UserID})
		if err == nil && len(users) != 1 {
			err = errOnPurpose
		}
		return err
	})
}
