package auth

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// What was read before a change is not remembered after it: whoever reads says
// by the age what they had heard when they began.
func TestKnownRefusesWhatWasReadBeforeAChange(t *testing.T) {
	t.Parallel()
	key := store.Delta{To: 5, Touched: []store.Touched{{Seq: 5, Subject: store.SubjectKey, ID: 1}}}
	company := store.Delta{To: 5, Touched: []store.Touched{{Seq: 5, Subject: store.SubjectCompany, ID: 1}}}
	other := store.Delta{To: 5, Touched: []store.Touched{
		{Seq: 4, Subject: store.SubjectUser, ID: 1, User: 1}, {Seq: 5, Subject: store.SubjectConnection, ID: 1},
	}}
	for _, c := range []struct {
		name  string
		delta store.Delta
		stays bool
	}{
		{"a key", key, false},
		{"the company", company, false},
		{"anything", store.Delta{To: 5, All: true}, false},
		{"something else", other, true},
		{"nothing", store.Delta{To: 5}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := &known{}
			hash, another := Hash("one"), Hash("another")
			_, _, age, ok := k.get(hash)
			if ok {
				t.Fatal("a key is known that nobody put")
			}
			k.put(hash, workforce.APIKey{ID: 1}, workforce.Company{Name: "before"}, age)
			if got, company, _, ok := k.get(hash); !ok || got.ID != 1 || company.Name != "before" {
				t.Fatalf("got %+v of %+v, %v", got, company, ok)
			}

			_, _, age, _ = k.get(another) // its reading begins
			k.heard(c.delta)
			if _, _, _, ok := k.get(hash); ok != c.stays {
				t.Errorf("after a change of %s the key is known: %v, want %v", c.name, ok, c.stays)
			}
			k.put(another, workforce.APIKey{ID: 2}, workforce.Company{Name: "before"}, age)
			if got, company, _, ok := k.get(another); ok != c.stays {
				t.Errorf("what was read before a change of %s is known: %v (%+v of %+v), want %v", c.name, ok, got, company, c.stays)
			}

			_, _, age, _ = k.get(another)
			k.put(another, workforce.APIKey{ID: 2}, workforce.Company{Name: "after"}, age)
			if got, company, _, ok := k.get(another); !ok || got.ID != 2 || company.Name != "after" {
				t.Errorf("what was read after it is not known: %+v of %+v, %v", got, company, ok)
			}
		})
	}
}

// far is a database, opened twice: what is done on there was not done by the
// program that authenticates here.
type far struct {
	here, there *store.DB
	auth        *Authenticator
	keys        *Keys // there
	cli         context.Context
}

func setupFar(t *testing.T, open func() *store.DB) *far {
	t.Helper()
	f := &far{here: open(), there: open(), cli: With(context.WithoutCancel(t.Context()), CommandLine())}
	f.auth, f.keys = NewAuthenticator(f.here, slog.New(slog.DiscardHandler)), NewKeys(f.there)
	t.Cleanup(f.auth.Close)
	return f
}

func (f *far) create(t *testing.T, name string) (header string, key workforce.APIKey) {
	t.Helper()
	secret, key, err := f.keys.Create(f.cli, NewKey{Name: name, Scopes: []workforce.Scope{workforce.ScopeAll}})
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + secret, key
}

// saveCompany changes the company there.
func (f *far) saveCompany(t *testing.T, change func(*workforce.Company)) {
	t.Helper()
	err := f.there.Write(f.cli, store.Cause{Actor: store.ActorCLI, Cause: "test"}, func(tx *store.Tx) error {
		c, err := tx.LockCompany(f.cli)
		if err != nil {
			return err
		}
		change(&c)
		return tx.SaveCompany(f.cli, c)
	})
	if err != nil {
		t.Error(err)
	}
}

// A key that was revoked and a plan that was changed by another program hold
// from the next request on, however often the key was let in before.
func TestWhatChangedElsewhereHoldsAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		f := setupFar(t, open)
		header, _ := f.create(t, "stays")
		for i := range 20 {
			plan := workforce.AllPlans[i%len(workforce.AllPlans)]
			f.saveCompany(t, func(c *workforce.Company) { c.Plan = plan })
			for range 3 {
				if p, company, err := f.auth.Authenticate(t.Context(), header, somewhere); err != nil || company.Plan != plan {
					t.Fatalf("round %d: %+v with the plan %s, %v; want the plan %s", i, p, company.Plan, err, plan)
				}
			}
			goes, key := f.create(t, fmt.Sprint("goes ", i))
			for range 3 {
				if p, company, err := f.auth.Authenticate(t.Context(), goes, somewhere); err != nil || p.KeyID != key.ID || company.Plan != plan {
					t.Fatalf("round %d: %+v, plan %s, %v", i, p, company.Plan, err)
				}
			}
			if _, err := f.keys.Revoke(f.cli, fmt.Sprint(int64(key.ID))); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if _, _, err := f.auth.Authenticate(t.Context(), goes, somewhere); !workforce.IsReason(err, workforce.ReasonKeyRevoked) {
					t.Fatalf("round %d: a revoked key: %v", i, err)
				}
			}
		}
	})
}

// While keys are revoked and the company is changed, many ask: nobody is let in
// with a key after it was acknowledged as revoked, and nobody is told of a
// company that is older than one that was acknowledged before.
func TestAuthenticateWhileKeysAndCompanyChange(t *testing.T) {
	t.Parallel()
	const keys, askers = 12, 4
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		f := setupFar(t, open)
		var headers [keys]string
		var ids [keys]workforce.KeyID
		var revoked [keys]atomic.Bool
		for i := range keys {
			var key workforce.APIKey
			headers[i], key = f.create(t, fmt.Sprint("key ", i))
			ids[i] = key.ID
		}
		f.saveCompany(t, func(c *workforce.Company) { c.Name = "0" })
		var renamed atomic.Int64
		ask := func(i int) {
			gone, least := revoked[i].Load(), renamed.Load()
			p, company, err := f.auth.Authenticate(t.Context(), headers[i], somewhere)
			switch {
			case workforce.IsReason(err, workforce.ReasonKeyRevoked):
				return
			case err != nil:
				t.Errorf("key %d: %v", ids[i], err)
				return
			case gone:
				t.Errorf("key %d was let in after it was revoked", ids[i])
			case p.KeyID != ids[i]:
				t.Errorf("key %d was taken for %d", ids[i], p.KeyID)
			}
			var at int64
			if _, err := fmt.Sscan(company.Name, &at); err != nil || at < least {
				t.Errorf("told of the company %q, %d was acknowledged before: %v", company.Name, least, err)
			}
		}
		var changing, asking sync.WaitGroup
		done := make(chan struct{})
		changing.Go(func() {
			for i := range int64(3 * keys) {
				f.saveCompany(t, func(c *workforce.Company) { c.Name = fmt.Sprint(i + 1) })
				renamed.Store(i + 1)
			}
		})
		changing.Go(func() {
			for i := range keys - 1 { // one stays
				if _, err := f.keys.Revoke(f.cli, fmt.Sprint(int64(ids[i]))); err != nil {
					t.Error(err)
				}
				revoked[i].Store(true)
			}
		})
		for a := range askers {
			asking.Go(func() {
				for i := a; ; i++ {
					ask(i % keys)
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		changing.Wait()
		close(done)
		asking.Wait()
		for i := range keys {
			_, _, err := f.auth.Authenticate(t.Context(), headers[i], somewhere)
			if stays := i == keys-1; stays != (err == nil) || !stays && !workforce.IsReason(err, workforce.ReasonKeyRevoked) {
				t.Errorf("in the end key %d: %v", ids[i], err)
			}
		}
	})
}
