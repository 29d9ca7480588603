package storetest_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// canary is text that is in no other place than where it was put.
const canary = "Kanarienvogel"

// rewrite gives people new job titles, so that the old ones are in the log only,
// and moves rows about in the file.
func rewrite(t *testing.T, db *store.DB, title func(n int) string, people int) {
	t.Helper()
	for n := range people {
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			u, _, err := tx.LockUser(ctx, workforce.UserID(n+1))
			after := u
			after.JobTitle, after.LastName = workforce.Ptr(title(n)), workforce.Ptr(title(n))
			return orElse(err, func() error { return tx.UpdateUser(ctx, u, after, "user.renamed") })
		})
	}
}

// occurrences counts the canary in a database: in every file of SQLite's, in
// every row of PostgreSQL's.
func occurrences(t *testing.T, d storetest.Database, raw *sql.DB) int {
	t.Helper()
	if d.Dialect == "postgres" {
		return strings.Count(dump(t, raw), canary)
	}
	n := 0
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(d.Path() + suffix)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(content, []byte(canary))
	}
	return n
}

// What is erased is gone from the disk, not only from the answers: pages that
// SQLite gives up are overwritten, and its write-ahead log is emptied.
func TestErasedTextIsGone(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		raw := d.Raw(t)
		const people = 30
		for n := range people {
			write(t, db, func(ctx context.Context, tx *store.Tx) error { return second(addPerson(ctx, tx, n)) })
		}
		// Small and large payloads: the large ones have pages of their own.
		rewrite(t, db, func(n int) string { return strings.Repeat(fmt.Sprintf("%s %d ", canary, n), 1+n*40) }, people)
		rewrite(t, db, func(n int) string { return fmt.Sprintf("harmless %d", n) }, people)
		if n := occurrences(t, d, raw); n < people {
			t.Fatalf("the text is there %d times, want it at least once for each of %d people", n, people)
		}
		for n := range people {
			if _, err := db.ErasePayloads(t.Context(), storetest.Cause, workforce.UserID(n+1)); err != nil {
				t.Fatal(err)
			}
		}
		if n := occurrences(t, d, raw); n != 0 {
			t.Errorf("the text is still there %d times", n)
		}
		verified(t, db)
	})
}

// What a person handed in, what they are freed from and what is on their
// devices is erased with them; what the company says of nobody stays.
func TestEvidenceIsErased(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db, _ := loadedCompany(t, open)
		var device workforce.Device
		var exclusion workforce.Exclusion
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			device = workforce.Device{PersonnelID: 6, SourceType: "AGENT"}
			exclusion = workforce.Exclusion{PersonnelID: workforce.Ptr(workforce.PersonnelID(6)), Checks: []workforce.CheckType{"BG_CHECK"}, Reason: canary, StartsAt: later}
			for _, step := range []func() error{
				func() error { return tx.SaveTraining(ctx, nil, newTraining(6, canary)) },
				func() error { return tx.SaveExclusion(ctx, nil, &exclusion) },
				func() error { return tx.SaveDevice(ctx, nil, &device) },
				func() error { return tx.SaveApps(ctx, device.ID, []workforce.App{{Name: canary}}) },
			} {
				if err := step(); err != nil {
					return err
				}
			}
			return nil
		})
		if n, err := db.ErasePayloads(t.Context(), storetest.Cause, 6); err != nil || n < 4 {
			t.Fatalf("%d payloads were erased, error %v", n, err)
		}
		for _, row := range rowsAfter(t, db, 0) {
			if strings.Contains(string(row.Before)+string(row.After), canary) {
				t.Errorf("%s %d still has the text", row.Subject, row.SubjectID)
			}
			if row.Subject == store.SubjectPolicy && row.Erased {
				t.Errorf("policy %d was erased", row.SubjectID)
			}
		}
		verified(t, db)
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			err := tx.SaveApps(ctx, device.ID, nil)
			ended := exclusion
			ended.EndsAt = workforce.Ptr(later)
			return orElse(err, func() error { return tx.SaveExclusion(ctx, &exclusion, &ended) })
		})
		verified(t, db)
	})
}
