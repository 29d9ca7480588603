// Package documenttest is what the tests of the API versions share about
// spliced documents: random companies of a few records that name each other,
// from which the fragments are encoded as well as the answers that they must
// agree with.
//
// It may depend on internal/document, internal/api/apitest and the testing
// libraries. It must never import an API version: what a document looks like is
// the business of the encoders that it is given.
package documenttest

import (
	"bytes"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/workforce"
)

// World is a company whose records are numbered from 1 and name each other at
// random: users own connections that their own identities come from, explain
// their own personnel record, and so on. Each record has the facts of its own
// entity only, and what is nested in it is nil.
type World struct {
	Company     workforce.Company
	Users       []workforce.UserRecord       // the last has no personnel record
	Personnel   []workforce.PersonnelRecord  // that at i is of the user at i
	Connections []workforce.ConnectionRecord // never empty
	Accounts    []workforce.AccountRecord    // one of each kind
}

// userFacts are the facts of a user without what is nested in them, which a
// random [workforce.UserRecord] would have.
type userFacts struct {
	User             workforce.User
	BackgroundChecks []workforce.BackgroundCheck
	Identities       []workforce.Identity
	Documents        []workforce.Document
}

type personnelFacts struct {
	Personnel workforce.Personnel
	Checks    []workforce.Check
	Devices   []workforce.Device
}

type connectionFacts struct {
	Connection workforce.Connection
	Workspaces []workforce.Workspace
}

// Draw draws a company.
func Draw(t *rapid.T) *World {
	w := &World{Company: apitest.Random[workforce.Company](t)}
	users := rapid.IntRange(2, 3).Draw(t, "users")
	connections := rapid.IntRange(1, 3).Draw(t, "connections")
	user := func() workforce.UserID {
		return workforce.UserID(rapid.IntRange(1, users).Draw(t, "user"))
	}
	maybe := func(id *workforce.UserID) {
		if id != nil {
			*id = user()
		}
	}
	connection := func() workforce.ConnectionID {
		return workforce.ConnectionID(rapid.IntRange(1, connections).Draw(t, "connection"))
	}
	for i := range users {
		f := apitest.Random[userFacts](t)
		f.User.ID = workforce.UserID(i + 1)
		u := workforce.UserRecord{User: f.User, BackgroundChecks: f.BackgroundChecks, Documents: f.Documents}
		for _, identity := range f.Identities {
			identity.UserID, identity.ConnectionID = u.ID, connection()
			u.Identities = append(u.Identities, workforce.IdentityRecord{Identity: identity})
		}
		w.Users = append(w.Users, u)
	}
	for i := range users - 1 {
		f := apitest.Random[personnelFacts](t)
		f.Personnel.ID, f.Personnel.UserID = workforce.PersonnelID(i+1), workforce.UserID(i+1)
		maybe(f.Personnel.ReasonProviderID)
		w.Personnel = append(w.Personnel, workforce.PersonnelRecord{Personnel: f.Personnel, Checks: f.Checks, Devices: f.Devices})
	}
	for i := range connections {
		f := apitest.Random[connectionFacts](t)
		f.Connection.ID = workforce.ConnectionID(i + 1)
		maybe(f.Connection.UserID)
		w.Connections = append(w.Connections, workforce.ConnectionRecord{Connection: f.Connection, Workspaces: f.Workspaces})
	}
	for _, kind := range workforce.AllAccountKinds {
		a := apitest.Random[workforce.Account](t)
		a.Kind, a.ID, a.ConnectionID = kind, 1, connection()
		maybe(a.UserID)
		maybe(a.ServiceAccountByUserID)
		w.Accounts = append(w.Accounts, workforce.AccountRecord{Account: a})
	}
	return w
}

// FullUser is a user with all that an answer nests in them.
func (w *World) FullUser(id workforce.UserID) *workforce.UserRecord {
	u := w.Users[id-1]
	identities := make([]workforce.IdentityRecord, len(u.Identities))
	for i, identity := range u.Identities {
		identity.Connection = w.connection(identity.ConnectionID, w.stub)
		identities[i] = identity
	}
	u.Identities = identities
	if p := w.PersonnelOf(id); p != nil {
		u.Personnel = &w.Personnel[*p-1].Personnel
	}
	return &u
}

// PersonnelOf is the id of the personnel record of a user; nil if there is none.
func (w *World) PersonnelOf(id workforce.UserID) *workforce.PersonnelID {
	if int(id) > len(w.Personnel) {
		return nil
	}
	return workforce.Ptr(workforce.PersonnelID(id))
}

func (w *World) stub(id workforce.UserID) *workforce.UserRecord {
	return &workforce.UserRecord{User: w.Users[id-1].User, Stub: true}
}

func (w *World) connection(id workforce.ConnectionID, user func(workforce.UserID) *workforce.UserRecord) *workforce.ConnectionRecord {
	c := w.Connections[id-1]
	if c.UserID != nil {
		c.User = user(*c.UserID)
	}
	return &c
}

// FullPersonnel is the personnel record at a place with all that an answer
// nests in it.
func (w *World) FullPersonnel(at int) workforce.PersonnelRecord {
	p := w.Personnel[at]
	p.User = w.FullUser(p.UserID)
	if p.ReasonProviderID != nil {
		p.ReasonProvider = w.FullUser(*p.ReasonProviderID)
	}
	return p
}

// FullAccount is the account at a place with all that an answer nests in it.
func (w *World) FullAccount(at int) workforce.AccountRecord {
	a := w.Accounts[at]
	if a.UserID != nil {
		a.User = w.FullUser(*a.UserID)
	}
	if a.ServiceAccountByUserID != nil {
		a.Designator = w.FullUser(*a.ServiceAccountByUserID)
	}
	a.Connection = w.connection(a.ConnectionID, w.FullUser)
	return a
}

// Encoded encodes one fragment; nil if the encoders have none of the kind, or
// the world has no such record.
func (w *World) Encoded(e document.Encoders, key document.Key) []byte {
	at := int(key.ID - 1)
	switch key.Kind.Entity() {
	case document.Personnel:
		return encoded(e.Personnel[key.Kind], w.Personnel, at)
	case document.User:
		if encode := e.Users[key.Kind]; encode != nil && at < len(w.Users) {
			return encode(nil, w.Users[at], w.PersonnelOf(w.Users[at].ID))
		}
		return nil
	case document.Connection:
		return encoded(e.Connections[key.Kind], w.Connections, at)
	case document.Company:
		return encoded(e.Company[key.Kind], []workforce.Company{w.Company}, at)
	case document.Infrastructure, document.VersionControl:
		for i, a := range w.Accounts {
			if (a.Kind == workforce.Infrastructure) == (key.Kind.Entity() == document.Infrastructure) && at == 0 {
				return encoded(e.Accounts[key.Kind], w.Accounts, i)
			}
		}
	}
	return nil
}

func encoded[R any](encode func([]byte, R) []byte, records []R, at int) []byte {
	if encode == nil || at >= len(records) {
		return nil
	}
	return encode(nil, records[at])
}

// TB is what [testing.TB] and [rapid.T] have in common.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Splice makes a document as a reader does: what is missing is encoded, and put
// or handed over, until nothing is. The rounds are as many as the document
// nests at most.
func (w *World) Splice(t TB, c *document.Cache, e document.Encoders, key document.Key, sections uint32) []byte {
	t.Helper()
	extra := map[document.Key]*document.Fragment{}
	const deepest = 6
	for range deepest {
		d := document.New()
		missing := c.Resolve(d, key, sections, extra)
		if len(missing) == 0 {
			out := d.AppendJSON(nil)
			if d.Len() != len(out) {
				t.Fatalf("a document of %d bytes says that it has %d", len(out), d.Len())
			}
			d.Free()
			return out
		}
		for _, k := range missing {
			text := w.Encoded(e, k)
			if text == nil {
				t.Fatalf("%v nests %v, which cannot be encoded", key, k)
			}
			f := document.Parse(text)
			c.Put(1, k, f)
			extra[k] = f
		}
	}
	t.Fatalf("%v nests deeper than %d", key, deepest)
	return nil
}

// Same fails unless a document is what the encoder of the whole answer writes.
func Same(t TB, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Fatalf("the spliced document and the encoded answer differ:\n%s\n%s", got, want)
	}
	if bytes.IndexByte(want, 0) >= 0 {
		t.Fatalf("an encoded answer has a zero byte: %q", want)
	}
}
