package importer

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/pgtest"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// bundle is one test's own database.
type bundle struct {
	*testing.T
	db  *store.DB
	ctx context.Context // carries the command line
}

// noon is when the tests happen, on the day called today.
var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// onBoth runs the test on SQLite and on PostgreSQL. When it is done, the
// record must still verify.
func onBoth(t *testing.T, f func(*bundle)) {
	t.Helper()
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			dsn := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
			if dialect == "postgres" {
				dsn = pgtest.DSN(t)
			}
			db, err := store.Open(t.Context(), dsn, store.Options{Now: func() time.Time { return noon }})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			b := &bundle{T: t, db: db, ctx: auth.With(t.Context(), auth.CommandLine())}
			f(b)
			v, err := db.Verify(t.Context(), nil)
			if err != nil || len(v.Problems) > 0 {
				t.Errorf("the record does not verify: %v, %v", v.Problems, err)
			}
		})
	}
}

// importPeople parses and applies a file that must be right.
func (b *bundle) importPeople(file string, change ...func(*ApplyOptions)) Report {
	b.Helper()
	r, err := b.tryPeople(file, change...)
	if err != nil {
		b.Fatalf("%v: %v", err, r.Problems)
	}
	return r
}

func (b *bundle) tryPeople(file string, change ...func(*ApplyOptions)) (Report, error) {
	b.Helper()
	parsed := people(b.T, CSV, file)
	var opts ApplyOptions
	for _, f := range change {
		f(&opts)
	}
	return ApplyPeople(b.ctx, b.db, &parsed, opts)
}

func (b *bundle) importAccounts(file string) Report {
	b.Helper()
	parsed := accounts(b.T, file)
	r, err := ApplyAccounts(b.ctx, b.db, &parsed, ApplyOptions{})
	if err != nil {
		b.Fatalf("%v: %v", err, r.Problems)
	}
	return r
}

func (b *bundle) head() int64 {
	b.Helper()
	seq, err := b.db.Head(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return seq
}

func (b *bundle) read(f func(*store.Reader) error) {
	b.Helper()
	if err := b.db.Read(b.Context(), f); err != nil {
		b.Fatal(err)
	}
}

func (b *bundle) write(f func(*store.Tx) error) {
	b.Helper()
	if err := b.db.Write(b.Context(), store.Cause{Actor: "test", Cause: "test"}, f); err != nil {
		b.Fatal(err)
	}
}

// person reads somebody by e-mail.
func (b *bundle) person(email string) workforce.PersonnelRecord {
	b.Helper()
	var out []workforce.PersonnelRecord
	b.read(func(r *store.Reader) error {
		user, ok, err := r.UserIDByEmail(b.Context(), email)
		if err != nil || !ok {
			return fmt.Errorf("%s: %v, %w", email, ok, err)
		}
		id, _, err := r.PersonnelIDOf(b.Context(), user)
		if err != nil {
			return err
		}
		out, err = r.PersonnelRecords(b.Context(), []workforce.PersonnelID{id})
		return err
	})
	return out[0]
}

// pin holds a field of somebody as a person would.
func (b *bundle) pin(email string, field workforce.PinField, change func(*workforce.Personnel)) {
	b.Helper()
	rec := b.person(email)
	b.write(func(tx *store.Tx) error {
		before, _, err := tx.LockPersonnel(b.Context(), rec.ID)
		if err != nil {
			return err
		}
		after := before
		change(&after)
		after.Pins = append([]workforce.Pin{}, before.Pins...)
		after.Pins = append(after.Pins, workforce.Pin{Field: field, Actor: "test", At: tx.Now()})
		return tx.UpdatePersonnel(b.Context(), before, after, "personnel.status_set")
	})
}

// account reads the only account of a client type with the id.
func (b *bundle) account(clientType workforce.ClientType, id string) workforce.Account {
	b.Helper()
	var out workforce.Account
	b.read(func(r *store.Reader) error {
		all, err := r.Connections(b.Context())
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.ClientType != clientType {
				continue
			}
			accounts, err := r.AccountsOf(b.Context(), c.ID)
			if err != nil {
				return err
			}
			if a, ok := accounts[id]; ok {
				out = a
			}
		}
		return nil
	})
	if out.ID == 0 {
		b.Fatalf("there is no account %s of %s", id, clientType)
	}
	return out
}

func counts(r Report) string {
	return fmt.Sprintf("created %d updated %d unchanged %d skipped %d", r.Created, r.Updated, r.Unchanged, r.Skipped)
}

func (b *bundle) want(r Report, want string) {
	b.Helper()
	if got := counts(r); got != want {
		b.Errorf("%s, want %s; problems %v", got, want, r.Problems)
	}
}

// same asserts that f adds no row to the log.
func (b *bundle) same(what string, f func()) {
	b.Helper()
	before := b.head()
	f()
	if after := b.head(); after != before {
		b.Errorf("%s: %d rows were logged", what, after-before)
	}
}

func TestImportNeedsEveryRight(t *testing.T) {
	t.Parallel()
	for name, ctx := range map[string]context.Context{
		"nobody":   t.Context(),
		"all:read": auth.With(t.Context(), auth.Principal{Actor: "key:1", Scopes: []workforce.Scope{workforce.ScopeAllRead}}),
	} {
		if _, err := ApplyPeople(ctx, nil, &People{}, ApplyOptions{}); !workforce.IsKind(err, workforce.KindForbidden) && !workforce.IsKind(err, workforce.KindUnauthenticated) {
			t.Errorf("people, by %s: %v", name, err)
		}
		if _, err := ApplyAccounts(ctx, nil, &Accounts{}, ApplyOptions{}); err == nil {
			t.Errorf("accounts, by %s: no refusal", name)
		}
		if _, err := ApplyDevices(ctx, nil, &Devices{}, ApplyOptions{}); err == nil {
			t.Errorf("devices, by %s: no refusal", name)
		}
		if _, err := ApplyTrainings(ctx, nil, &Trainings{}, ApplyOptions{}); err == nil {
			t.Errorf("trainings, by %s: no refusal", name)
		}
		if _, err := ApplyBackgroundChecks(ctx, nil, &BackgroundChecks{}, ApplyOptions{}); err == nil {
			t.Errorf("background checks, by %s: no refusal", name)
		}
		if _, err := ApplyAcknowledgements(ctx, nil, &Acknowledgements{}, ApplyOptions{}); err == nil {
			t.Errorf("acknowledgements, by %s: no refusal", name)
		}
	}
}

func TestBadRowsKeepTheFileOut(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		const file = "email,hire date\na@example.com,2024-01-01\nb@example.com,01/02/2024\n"
		b.same("a file with a bad row", func() {
			r, err := b.tryPeople(file)
			if !workforce.IsReason(err, workforce.ReasonBadRequest) || !strings.Contains(err.Error(), "1 of 2 rows") || len(r.Problems) != 1 || r.Created != 1 {
				b.Errorf("%+v, %v", r, err)
			}
		})
		b.same("a dry run", func() {
			r, err := b.tryPeople(file, func(o *ApplyOptions) { o.DryRun, o.SkipBad = true, true })
			if err != nil || !r.DryRun {
				b.Errorf("%+v, %v", r, err)
			}
			b.want(r, "created 1 updated 0 unchanged 0 skipped 1")
		})
		r := b.importPeople(file, func(o *ApplyOptions) { o.SkipBad = true })
		b.want(r, "created 1 updated 0 unchanged 0 skipped 1")
		if rec := b.person("a@example.com"); rec.ID != 1 {
			b.Errorf("the first person has the number %d", rec.ID)
		}
	})
}

func TestProgress(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		var file strings.Builder
		file.WriteString("email\n")
		for i := range chunkSize + 1 {
			fmt.Fprintf(&file, "p%d@example.com\n", i)
		}
		for range 2 { // everybody new, everybody known
			var last [2]int
			b.importPeople(file.String(), func(o *ApplyOptions) { o.Progress = func(done, total int) { last = [2]int{done, total} } })
			if last != [2]int{chunkSize + 1, chunkSize + 1} {
				b.Errorf("progress ended at %v", last)
			}
		}
	})
}
