package storetest_test

import (
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/demo"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
)

const benchPeople = 4000

// reportPeople says how many people a second were gone through.
func reportPeople(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(b.N)*benchPeople/b.Elapsed().Seconds(), "people/s")
}

func benchDatabase(b *testing.B, dialect string) (*store.DB, *demo.Company) {
	b.Helper()
	return storetest.New(b, dialect).OpenWith(b, store.Options{}), demo.New(1, benchPeople, time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC))
}

// BenchmarkImport is the way of an initial import: people with everything that
// is known of them, in transactions of some hundreds, the generator included.
func BenchmarkImport(b *testing.B) {
	for _, dialect := range storetest.Dialects {
		b.Run(dialect, func(b *testing.B) {
			for range b.N {
				db, company := benchDatabase(b, dialect)
				if err := demo.Load(b.Context(), db, company, nil); err != nil {
					b.Fatal(err)
				}
			}
			reportPeople(b)
		})
	}
}

// BenchmarkGenerate is the part of BenchmarkImport that is not the store's.
func BenchmarkGenerate(b *testing.B) {
	company := demo.New(1, benchPeople, time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC))
	for range b.N {
		for range company.People() { // the making is the work
		}
		for range company.Accounts() { // the making is the work
		}
	}
	reportPeople(b)
}

func BenchmarkVerify(b *testing.B) {
	for _, dialect := range storetest.Dialects {
		b.Run(dialect, func(b *testing.B) {
			db, company := benchDatabase(b, dialect)
			if err := demo.Load(b.Context(), db, company, nil); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if v, err := db.Verify(b.Context(), nil); err != nil || len(v.Problems) > 0 {
					b.Fatal(v.Problems, err)
				}
			}
			reportPeople(b)
		})
	}
}
