package directory

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The answers of these tests show of each record a number, which every change
// raises, and nest others as the real ones do.
type (
	numbered struct {
		ID     int64 `json:"id"`
		Number int64 `json:"n"`
	}
	personAnswer struct {
		numbered

		User struct {
			numbered

			Connections []struct {
				numbered

				User *numbered `json:"user"`
			} `json:"connections"`
		} `json:"user"`
	}
	accountAnswer struct {
		numbered

		Connection struct {
			numbered

			User *numbered `json:"user"`
		} `json:"connection"`
	}
)

// numberOf is the number that a record shows; 0: none was set.
func numberOf(text *string) string {
	if _, err := strconv.ParseInt(workforce.Text(text), 10, 64); err != nil {
		return "0"
	}
	return *text
}

// open begins the answer about a record.
func openAnswer[ID ~int64](b []byte, id ID, text *string) []byte {
	return fmt.Appendf(b, `{"id":%d,"n":%s`, id, numberOf(text))
}

func appendNested[ID ~int64](b []byte, member string, kind document.Kind, id *ID) []byte {
	if id == nil {
		return b
	}
	return document.AppendHole(fmt.Appendf(b, `,%q:`, member), kind, int64(*id))
}

// numberEncoders are the encoders of these answers. An inner V1Stub keeps users
// and connections from nesting each other for ever.
func numberEncoders() document.Encoders {
	user := func(connection document.Kind) func([]byte, workforce.UserRecord, *workforce.PersonnelID) []byte {
		return func(b []byte, r workforce.UserRecord, _ *workforce.PersonnelID) []byte {
			b = append(openAnswer(b, r.ID, r.JobTitle), `,"connections":[`...)
			for i, identity := range r.Identities {
				if i > 0 {
					b = append(b, ',')
				}
				b = document.AppendHole(b, connection, int64(identity.ConnectionID))
			}
			return append(b, "]}"...)
		}
	}
	connection := func(nested document.Kind) func([]byte, workforce.ConnectionRecord) []byte {
		return func(b []byte, r workforce.ConnectionRecord) []byte {
			return append(appendNested(openAnswer(b, r.ID, r.ClientAlias), "user", nested, r.UserID), '}')
		}
	}
	account := func(b []byte, r workforce.AccountRecord) []byte {
		return append(appendNested(openAnswer(b, r.ID, r.Username), "connection", document.V1AccountConnection, &r.ConnectionID), '}')
	}
	personnel := func(b []byte, r workforce.PersonnelRecord) []byte {
		return append(appendNested(openAnswer(b, r.ID, r.NotHumanReason), "user", document.V1User, &r.UserID), '}')
	}
	return document.Encoders{
		Personnel: map[document.Kind]func([]byte, workforce.PersonnelRecord) []byte{
			document.V1Personnel: personnel, document.V2Personnel: personnel,
		},
		Users: map[document.Kind]func([]byte, workforce.UserRecord, *workforce.PersonnelID) []byte{
			document.V1User: user(document.V1Connection), document.V2User: user(document.V2Connection),
			document.V1Stub: func(b []byte, r workforce.UserRecord, _ *workforce.PersonnelID) []byte {
				return append(openAnswer(b, r.ID, r.JobTitle), '}')
			},
		},
		Connections: map[document.Kind]func([]byte, workforce.ConnectionRecord) []byte{
			document.V1Connection: connection(document.V1Stub), document.V2Connection: connection(document.V1Stub),
			document.V1AccountConnection: connection(document.V1Stub),
		},
		Accounts: map[document.Kind]func([]byte, workforce.AccountRecord) []byte{
			document.V1Infrastructure: account, document.V1VersionControl: account,
		},
	}
}

// stage is a small company whose records show numbers: two people who have an
// identity at connection 1, and accounts of a kind at connection 2, which person
// 1 set up.
type stage struct {
	*testing.T

	ctx     context.Context
	handles [2]*handle
	// Whatever is changed together has one number: a person with their user, and
	// all accounts with their connection.
	people, accounts []atomic.Int64 // the greatest number that was acknowledged; of accounts there is one
}

const stagePeople = 2

func newStage(t *testing.T, d storetest.Database, accounts int, bytes int64) *stage {
	t.Helper()
	s := &stage{T: t, people: make([]atomic.Int64, stagePeople), accounts: make([]atomic.Int64, 1)}
	s.ctx = auth.With(t.Context(), auth.Principal{Actor: "key:7", Scopes: []workforce.Scope{workforce.ScopeAll}})
	for i := range s.handles {
		db := d.Open(t)
		s.handles[i] = &handle{db, New(db, Options{Encoders: numberEncoders(), DocumentBytes: bytes})}
	}
	err := s.handles[0].db.Write(s.ctx, storetest.Cause, func(tx *store.Tx) error {
		connections := []workforce.Connection{
			{ClientType: "GOOGLE", State: workforce.ConnectionActive, CreatedAt: noon, UpdatedAt: noon},
			{ClientType: "AWS", State: workforce.ConnectionActive, CreatedAt: noon, UpdatedAt: noon},
		}
		if err := tx.CreateConnections(s.ctx, connections); err != nil {
			return err
		}
		var people []workforce.NewPerson
		for i := range stagePeople {
			p := person(fmt.Sprintf("p%d@example.com", i), "2020-01-01", false)
			p.Identities = []workforce.Identity{{ConnectionID: 1, IdentityID: fmt.Sprint(i), CreatedAt: noon, UpdatedAt: noon}}
			people = append(people, p)
		}
		if err := tx.CreatePeople(s.ctx, people); err != nil {
			return err
		}
		made := make([]workforce.Account, accounts)
		for i := range made {
			made[i] = workforce.Account{Kind: inf, ConnectionID: 2, IdentityID: fmt.Sprint(i), CreatedAt: noon, UpdatedAt: noon}
		}
		if err := tx.CreateAccounts(s.ctx, made); err != nil {
			return err
		}
		for _, c := range connections {
			owned := c
			owned.UserID = workforce.Ptr(workforce.UserID(1))
			if err := tx.UpdateConnection(s.ctx, c, owned); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// acknowledge notes what a writer was told.
func acknowledge(at *atomic.Int64, n int64) {
	for {
		old := at.Load()
		if n <= old || at.CompareAndSwap(old, n) {
			return
		}
	}
}

// raise gives the text of the number after that of another text.
func raise(text *string, n *int64) (*string, error) {
	was, err := strconv.ParseInt(numberOf(text), 10, 64)
	*n = was + 1
	return workforce.Ptr(strconv.FormatInt(*n, 10)), err
}

// changePerson raises the numbers of a person and of their user, who is i+1.
func (s *stage) changePerson(db *store.DB, i int) {
	s.Helper()
	var n int64
	err := db.Write(s.ctx, storetest.Cause, func(tx *store.Tx) error {
		u, _, err := tx.LockUser(s.ctx, workforce.UserID(i+1))
		if err != nil {
			return err
		}
		p, _, err := tx.LockPersonnel(s.ctx, workforce.PersonnelID(i+1))
		if err != nil {
			return err
		}
		newUser, newPersonnel := u, p
		if newUser.JobTitle, err = raise(u.JobTitle, &n); err != nil {
			return err
		}
		newPersonnel.NotHumanReason = newUser.JobTitle
		if err := tx.UpdateUser(s.ctx, u, newUser, "user.updated"); err != nil {
			return err
		}
		return tx.UpdatePersonnel(s.ctx, p, newPersonnel, "personnel.updated")
	})
	if err != nil {
		s.Error(err)
		return
	}
	acknowledge(&s.people[i], n)
}

// changeAccounts raises the numbers of connection 2 and of its first accounts.
func (s *stage) changeAccounts(db *store.DB, accounts int) {
	s.Helper()
	var n int64
	err := db.Write(s.ctx, storetest.Cause, func(tx *store.Tx) error {
		c, _, err := tx.LockConnection(s.ctx, 2)
		if err != nil {
			return err
		}
		after := c
		if after.ClientAlias, err = raise(c.ClientAlias, &n); err != nil {
			return err
		}
		if err := tx.UpdateConnection(s.ctx, c, after); err != nil {
			return err
		}
		for i := range accounts {
			a, _, err := tx.LockAccount(s.ctx, inf, workforce.AccountID(i+1))
			if err != nil {
				return err
			}
			renamed := a
			renamed.Username = after.ClientAlias
			if err := tx.UpdateAccount(s.ctx, a, renamed, "account.updated"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.Error(err)
		return
	}
	acknowledge(&s.accounts[0], n)
}

// decode reads an answer and gives the document back.
func decode[T any](s *stage, d *document.Document) (out T) {
	s.Helper()
	text := d.AppendJSON([]byte("["))
	d.Free()
	var all T
	if err := json.Unmarshal(append(text, ']'), &all); err != nil {
		s.Errorf("%s]: %v", text, err)
	}
	return all
}

// readPerson checks an answer about a person: nothing in it is older than what
// was acknowledged before it was asked for, and it is of one moment.
func (s *stage) readPerson(h *handle, i int) {
	s.Helper()
	least := [stagePeople]int64{}
	for j := range least {
		least[j] = s.people[j].Load()
	}
	d, err := h.PersonnelDocument(s.ctx, workforce.PersonnelID(i+1), document.AllSections)
	if err != nil {
		s.Error(err)
		return
	}
	for _, p := range decode[[]personAnswer](s, d) {
		owner := p.User.Connections[0].User
		switch {
		case p.Number != p.User.Number, i == 0 && owner.Number != p.Number:
			s.Errorf("one answer of two moments: person %d, user %d, the connection's user %d", p.Number, p.User.Number, owner.Number)
		case p.Number < least[i], owner.Number < least[0]:
			s.Errorf("person %d shows %d and %d, but %v was acknowledged before", i+1, p.Number, owner.Number, least)
		}
	}
}

// readAccounts is readPerson for a page of accounts.
func (s *stage) readAccounts(h *handle, accounts int) {
	s.Helper()
	least, user := s.accounts[0].Load(), s.people[0].Load()
	items, err := h.AccountItems(s.ctx, workforce.AccountQuery{
		Kind: inf, Sort: "CONNECTED_AT", Dir: workforce.Ascending, Page: workforce.Page{Number: 1, Limit: int64(accounts)},
	})
	if err != nil {
		s.Error(err)
		return
	}
	page := decode[[]accountAnswer](s, items.Document)
	if len(page) != accounts {
		s.Errorf("%d accounts, want %d", len(page), accounts)
	}
	for _, a := range page {
		switch {
		case a.Number != page[0].Number || a.Connection.Number != a.Number || a.Connection.User.Number != page[0].Connection.User.Number:
			s.Errorf("one page of two moments: %+v beside %+v", a, page[0])
		case a.Number < least || a.Connection.User.Number < user:
			s.Errorf("account %d shows %+v, but %d and %d were acknowledged before", a.ID, a, least, user)
		}
	}
}

// Records change on two handles while they are read on both, also with so little
// memory for fragments that they are read again all the time: a fill that a
// change overtakes is never served as what is true after the change.
func TestDocumentsAreNeverOlderThanWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	const (
		accounts = 3
		most     = 11 // fragments: 2 people, 2 users in full and 1 short, 2 connections, 3 accounts, 1 connection seen from a user
	)
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		for _, c := range []struct {
			name        string
			bytes       int64
			least, most int // fragments that are kept in the end
		}{{"nothing is kept", 1, 0, 0}, {"some is kept", 1_300, 1, most - 3}, {"all is kept", 0, most - 1, most}} {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, storetest.New(t, d.Dialect), accounts, c.bytes)
				s.race(accounts, racingWrites())
				for _, h := range s.handles {
					s.readPerson(h, 0)
					s.readPerson(h, 1)
					s.readAccounts(h, accounts)
					if n, _, _, _ := h.documents.cache.Stats(); n < c.least || n > c.most {
						t.Errorf("%d fragments are kept, want %d to %d", n, c.least, c.most)
					}
				}
			})
		}
	})
}

// racingWrites is how many changes each writer makes.
func racingWrites() int {
	switch {
	case os.Getenv("PASSMUSTER_SOAK") != "":
		return 400
	case testing.Short():
		return 8
	}
	return 20
}

// race has writers and readers at work on both handles until the last change.
func (s *stage) race(accounts, writes int) {
	s.Helper()
	const writers, readers = 3, 3
	var writing, reading sync.WaitGroup
	var answers atomic.Int64
	done := make(chan struct{})
	for i := range writers {
		writing.Go(func() {
			for j := range writes {
				db := s.handles[(i+j)%2].db
				if (i+j/2)%2 == 0 {
					s.changePerson(db, j%stagePeople)
				} else {
					s.changeAccounts(db, accounts)
				}
			}
		})
	}
	for i := range readers {
		reading.Go(func() {
			for j := i; ; j++ {
				h := s.handles[j%2]
				s.readPerson(h, j/2%stagePeople)
				s.readAccounts(h, accounts)
				answers.Add(2)
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	total := s.people[0].Load() + s.people[1].Load() + s.accounts[0].Load()
	if total != int64(writers*writes) {
		s.Errorf("%d changes are there, %d were made", total, writers*writes)
	}
	_, _, hits, misses := s.handles[0].documents.cache.Stats()
	s.Logf("%d answers during %d changes; on one handle fragments were found %d times and missed %d times", answers.Load(), total, hits, misses)
}

// A change of a connection drops its fragments and those of nobody else,
// however many accounts nest it.
func TestChangeOfAConnectionDropsItsFragmentsOnly(t *testing.T) {
	t.Parallel()
	const accounts = 500
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		s := newStage(t, d, accounts, 0)
		h, other := s.handles[0], s.handles[1]
		kept := func() int {
			t.Helper()
			n, _, _, _ := h.documents.cache.Stats()
			return n
		}
		read := func() int {
			t.Helper()
			s.readAccounts(h, accounts)
			d, err := h.UserDocument(s.ctx, document.V2User, 1, document.AllSections)
			if err != nil {
				t.Fatal(err)
			}
			d.Free()
			return kept()
		}
		// 1 and 2 are nested in different places: an identity has the one.
		warm := read()
		if warm < accounts+2 {
			t.Fatalf("%d fragments are kept of %d accounts", warm, accounts)
		}
		for _, id := range []workforce.ConnectionID{1, 2, 2} {
			err := other.db.Write(s.ctx, storetest.Cause, func(tx *store.Tx) error {
				c, _, err := tx.LockConnection(s.ctx, id)
				if err != nil {
					return err
				}
				after := c
				after.State, after.StateReason = workforce.ConnectionMisconfigured, workforce.Ptr(fmt.Sprint("since ", c.StateReason != nil))
				return tx.UpdateConnection(s.ctx, c, after)
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.db.CatchUp(s.ctx); err != nil {
				t.Fatal(err)
			}
			most := len(document.Connection.Kinds())
			if n := kept(); n >= warm || n < warm-most {
				t.Errorf("a change of connection %d left %d fragments of %d, want 1 to %d to go", id, n, warm, most)
			}
			if n := read(); n != warm {
				t.Errorf("%d fragments are kept after all was read again, want %d", n, warm)
			}
		}
		s.changeAccounts(other.db, 0)
		s.readAll(h, accounts)
	})
}

// readAll checks that all accounts show the connection as it is now.
func (s *stage) readAll(h *handle, accounts int) {
	s.Helper()
	items, err := h.AccountItems(s.ctx, workforce.AccountQuery{
		Kind: inf, Sort: "CONNECTED_AT", Dir: workforce.Ascending, Page: workforce.Page{Number: 1, Limit: int64(accounts)},
	})
	if err != nil {
		s.Fatal(err)
	}
	page := decode[[]accountAnswer](s, items.Document)
	for _, a := range page {
		if a.Connection.Number != s.accounts[0].Load() {
			s.Fatalf("account %d shows its connection at %d, want %d", a.ID, a.Connection.Number, s.accounts[0].Load())
		}
	}
	if len(page) != accounts {
		s.Errorf("%d accounts, want %d", len(page), accounts)
	}
}
