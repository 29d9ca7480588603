package roster

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// An accountRow is what of an account filters look at most, without a pointer.
type accountRow struct {
	id, changed int64
	user        uint32 // 1 + row of the user; 0: nobody's
	connection  uint32 // row
	at          uint32 // of the rest, in the arena
	flags       uint16
}

// The flags of an account: which instants it has, in the order in which they
// are encoded, and what is known of its MFA.
const (
	hasConnected = 1 << iota
	hasDisconnected
	hasService
	hasAdmin
	hasDB
	hasWrite
	hasPush
	mfaKnown
	mfaOn
)

const instants = 7

type accounts struct {
	table[accountRow]
	arena   arena
	byID    idIndex
	byUser  *live[accountRow] // all of them, by row of the user; never dropped
	scratch []byte            // of encode: texts
	run     []byte            // of encode: what it gives
}

// account is the rest of a row.
type account struct {
	text                      []byte
	identity, username, email span
	created                   int64
	times                     [instants]int64
}

func newAccounts() *accounts {
	a := &accounts{}
	a.order = func(row *accountRow) int64 { return row.id }
	a.byUser = &live[accountRow]{spec: &spec[accountRow]{
		keys:  keys[accountRow]{number: func(r *accountRow) int64 { return int64(r.user) }},
		match: func(*accountRow) bool { return true },
		id:    a.order,
	}}
	return a
}

func instantsOf(in *workforce.ListedAccount) [instants]int64 {
	return [instants]int64{
		in.ConnectedAt, in.DisconnectedAt, in.ServiceAccountAt,
		in.AdminAccessAt, in.DBAccessAt, in.WriteAccessAt, in.PushProdAccessAt,
	}
}

// encode writes the rest of an account as detail reads it. The next call writes
// over it.
func (a *accounts) encode(in *workforce.ListedAccount) []byte {
	text, email := place(a.scratch[:0], 0, in.EmailKey)
	text, identity := place(text, len(text), in.IdentityKey)
	text, username := place(text, len(text), in.UsernameKey)
	a.scratch = text
	b := append(binary.AppendUvarint(a.run[:0], uint64(len(text))), text...)
	b = appendSpan(appendSpan(appendSpan(b, identity), username), email)
	b = binary.AppendVarint(b, in.CreatedAt)
	for _, t := range instantsOf(in) {
		if t != workforce.NoTime {
			b = binary.AppendVarint(b, t-in.CreatedAt)
		}
	}
	a.run = b
	return b
}

func (a *accounts) detail(row *accountRow) account {
	c := cursor{a.arena.run(row.at)}
	var d account
	d.text = c.take(c.uint())
	d.identity, d.username, d.email = c.span(), c.span(), c.span()
	d.created = c.int()
	for i := range d.times {
		d.times[i] = workforce.NoTime
		if row.flags>>i&1 == 1 {
			d.times[i] = d.created + c.int()
		}
	}
	return d
}

// texts reads no further than it has to.
func (a *accounts) texts(row *accountRow) []byte {
	c := cursor{a.arena.run(row.at)}
	return c.take(c.uint())
}

// row makes a row of a record and adds the rest of it to the arena. The user
// and the connection have rows already.
func (a *accounts) row(in *workforce.ListedAccount, user, connection uint32) accountRow {
	out := accountRow{id: int64(in.ID), changed: in.ChangedAt, user: user, connection: connection}
	for i, t := range instantsOf(in) {
		if t != workforce.NoTime {
			out.flags |= 1 << i
		}
	}
	if in.HasMFA != nil {
		out.flags |= mfaKnown
		if *in.HasMFA {
			out.flags |= mfaOn
		}
	}
	out.at = a.arena.add(a.encode(in))
	return out
}

// filter gives the condition of a query, or nil if it selects all accounts.
func (s *state) accountFilter(a *accounts, q *workforce.AccountQuery) func(*accountRow) bool {
	var tests []func(*accountRow) bool
	also := func(test func(*accountRow) bool) { tests = append(tests, test) }
	if q.ConnectionID != nil {
		want := *q.ConnectionID
		also(func(r *accountRow) bool { return s.connections.rows[r.connection].ID == want })
	}
	if q.ClientType != nil {
		want := *q.ClientType
		also(func(r *accountRow) bool { return s.connections.rows[r.connection].ClientType == want })
	}
	if q.UserID != nil {
		want := int64(*q.UserID)
		also(func(r *accountRow) bool { // looked up each time: the user may be told of later
			row, known := s.people.byUser.row(want)
			return known && r.user == row+1
		})
	}
	if since := q.ChangedSince; since > 0 {
		also(func(r *accountRow) bool { return r.changed > since })
	}
	if text := []byte(q.Text); len(text) > 0 {
		also(func(r *accountRow) bool {
			if !bytes.Contains(a.texts(r), text) {
				return false
			}
			d := a.detail(r)
			return bytes.Contains(d.identity.of(d.text), text) || bytes.Contains(d.username.of(d.text), text) ||
				bytes.Contains(d.email.of(d.text), text)
		})
	}
	return all(tests)
}

// accountSorting gives what a sort of accounts compares.
func (s *state) accountSorting(a *accounts, by workforce.AccountSort) (keys[accountRow], error) {
	text := func(part func(*account) span) (keys[accountRow], error) {
		return keys[accountRow]{text: func(r *accountRow) []byte {
			d := a.detail(r)
			return part(&d).of(d.text)
		}}, nil
	}
	times := map[workforce.AccountSort]int{
		"CONNECTED_AT": 0, "DISCONNECTED_AT": 1, "SERVICE_ACCOUNT": 2,
		"ADMIN_ACCESS": 3, "DB_ACCESS": 4, "WRITE_ACCESS": 5, "PUSH_PROD_CODE_ACCESS": 6,
	}
	if i, ok := times[by]; ok {
		return keys[accountRow]{number: func(r *accountRow) int64 {
			if r.flags>>i&1 == 0 {
				return none
			}
			return a.detail(r).times[i]
		}}, nil
	}
	switch by {
	case "IDENTITY_ID":
		return text(func(d *account) span { return d.identity })
	case "USERNAME":
		return text(func(d *account) span { return d.username })
	case "EMAIL":
		return text(func(d *account) span { return d.email })
	case "HAS_MFA":
		return keys[accountRow]{number: func(r *accountRow) int64 {
			if r.flags&mfaKnown == 0 {
				return none
			}
			return int64(r.flags & mfaOn)
		}}, nil
	case workforce.SortCreated:
		return keys[accountRow]{number: func(r *accountRow) int64 { return a.detail(r).created }}, nil
	}
	return s.sharedSorting(by)
}

// sharedSorting gives the sorts by what an account shares with others.
func (s *state) sharedSorting(by workforce.AccountSort) (keys[accountRow], error) {
	shared := func(f func(c *connection) []byte) (keys[accountRow], error) {
		return keys[accountRow]{text: func(r *accountRow) []byte { return f(&s.connections.rows[r.connection]) }}, nil
	}
	switch by {
	case "USER":
		return keys[accountRow]{text: func(r *accountRow) []byte {
			if r.user == 0 {
				return nil
			}
			return s.people.name(&s.people.rows[r.user-1])
		}}, nil
	case "CLIENT_ID":
		return shared(func(c *connection) []byte { return c.clientID })
	case "CLIENT_ALIAS":
		return shared(func(c *connection) []byte { return c.clientAlias })
	case "CONNECTION_STATUS":
		return keys[accountRow]{number: func(r *accountRow) int64 {
			return orNone(int64(slices.Index(workforce.AllConnectionStates, s.connections.rows[r.connection].State)), -1)
		}}, nil
	}
	return keys[accountRow]{}, fmt.Errorf("no such sort of accounts: %q", by)
}

// A connection is what many accounts share: it is looked up, never copied.
type connection struct {
	workforce.ListedConnection
	clientID, clientAlias []byte
}

type connections struct {
	rows []connection
	byID map[workforce.ConnectionID]uint32
}

// place gives the row of a connection, which may be told of later.
func (c *connections) place(id workforce.ConnectionID) uint32 {
	row, ok := c.byID[id]
	if !ok {
		row = uint32(len(c.rows))
		c.byID[id] = row
		c.rows = append(c.rows, connection{ListedConnection: workforce.ListedConnection{ID: id}})
	}
	return row
}

// put takes a connection as it is now and reports whether a list that depends
// on connections may be another one.
func (c *connections) put(in workforce.ListedConnection) bool {
	at := c.place(in.ID)
	changed := c.rows[at].ListedConnection != in
	c.rows[at] = connection{in, []byte(in.ClientIDKey), []byte(in.ClientAliasKey)}
	return changed
}
