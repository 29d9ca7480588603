package roster

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/passmuster/passmuster/internal/workforce"
)

// An accountRow is what of an account filters look at most, without a pointer.
type accountRow struct {
	id, changed small
	user        uint32 // 1 + row of the user; 0: nobody's
	at          uint32 // of the rest, in the arena
	tags        uint32 // flags, and the row of the connection above them
}

const flagBits = 9

func (r *accountRow) connection() uint32 { return r.tags >> flagBits }

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
	wide    wide
	arena   arena
	domains dictionary // of e-mail addresses, with the @
	byID    idIndex
	users   owners
	scratch []byte // of encode: texts
	run     []byte // of encode: what it gives
}

// account is the texts of a row.
type account struct {
	text               []byte // e-mail up to the domain, and the others unless they are pieces of it
	emailSize          uint64
	identity, username span
	domain             []byte
}

func (d *account) local() []byte { return d.text[:d.emailSize] }

func newAccounts() *accounts { return &accounts{domains: newDictionary(mostTexts)} }

func (a *accounts) order(row *accountRow) int64 { return a.wide.int(row.id) }

func instantsOf(in *workforce.ListedAccount) [instants]int64 {
	return [instants]int64{
		in.ConnectedAt, in.DisconnectedAt, in.ServiceAccountAt,
		in.AdminAccessAt, in.DBAccessAt, in.WriteAccessAt, in.PushProdAccessAt,
	}
}

// encode writes the rest of an account: the instants that it has, each as long
// as the others, and texts. The next call writes over it.
func (a *accounts) encode(in *workforce.ListedAccount) []byte {
	b := appendInstant(a.run[:0], a.wide.packInstant(in.CreatedAt))
	for _, t := range instantsOf(in) {
		if t != workforce.NoTime {
			b = appendInstant(b, a.wide.packInstant(t))
		}
	}
	local, end := splitEmail(in.EmailKey)
	domain := a.domains.place([]byte(end))
	if domain == 0 {
		local = in.EmailKey
	}
	text := append(a.scratch[:0], local...)
	text, identity := place(text, len(text), in.IdentityKey)
	text, username := place(text, len(text), in.UsernameKey)
	a.scratch = text
	b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(domain)), uint64(len(local)))
	a.run = appendSpan(appendSpan(b, identity), username)
	return a.run
}

// created and instant read one instant; the row has it.
func (a *accounts) created(row *accountRow) int64 {
	return a.wide.instant(readInstant(a.arena.run(row.at)))
}

func (a *accounts) instant(row *accountRow, i int) int64 {
	before := 1 + bits.OnesCount32(row.tags&(1<<i-1))
	return a.wide.instant(readInstant(a.arena.run(row.at)[instantSize*before:]))
}

// allInstants are the flags that stand for an instant.
const allInstants = 1<<instants - 1

func (a *accounts) detail(row *accountRow) account {
	c := cursor{a.arena.run(row.at)[instantSize*(1+bits.OnesCount32(row.tags&allInstants)):]}
	var d account
	d.text = c.take(c.uint())
	d.domain = a.domains.texts[c.uint()]
	d.emailSize = c.uint()
	d.identity, d.username = c.span(), c.span()
	return d
}

// email appends the e-mail address.
func (a *accounts) email(into []byte, row *accountRow) []byte {
	d := a.detail(row)
	return append(append(into, d.local()...), d.domain...)
}

// row makes a row of a record and adds the rest of it to the arena. The user
// and the connection have rows already.
func (a *accounts) row(in *workforce.ListedAccount, user, connection uint32) accountRow {
	if connection >= 1<<(32-flagBits) {
		panic("roster: more than 8 million connections")
	}
	out := accountRow{
		id: a.wide.small(int64(in.ID)), changed: a.wide.small(in.ChangedAt), user: user, tags: connection << flagBits,
	}
	for i, t := range instantsOf(in) {
		if t != workforce.NoTime {
			out.tags |= 1 << i
		}
	}
	if in.HasMFA != nil {
		out.tags |= mfaKnown
		if *in.HasMFA {
			out.tags |= mfaOn
		}
	}
	out.at = a.arena.add(a.encode(in))
	return out
}

// contains gives the condition that a text of an account has the part. Only who
// has the turn may ask for it.
func (a *accounts) contains(part []byte) func(*accountRow) bool {
	n := &needle{part: part}
	return func(r *accountRow) bool {
		c := cursor{a.arena.run(r.at)[instantSize*(1+bits.OnesCount32(r.tags&allInstants)):]}
		text := c.take(c.uint())
		hit := n.in(uint32(c.uint()), &a.domains)
		if hit.whole {
			return true
		}
		local := text[:c.uint()]
		for _, split := range hit.splits {
			if bytes.HasSuffix(local, part[:split]) {
				return true
			}
		}
		if !bytes.Contains(text, part) {
			return false
		}
		return bytes.Contains(local, part) || bytes.Contains(c.span().of(text), part) || bytes.Contains(c.span().of(text), part)
	}
}

// filter gives the condition of a query, or nil if it selects all accounts.
func (s *state) accountFilter(a *accounts, q *workforce.AccountQuery) func(*accountRow) bool {
	var tests []func(*accountRow) bool
	also := func(test func(*accountRow) bool) { tests = append(tests, test) }
	if q.ConnectionID != nil {
		want := *q.ConnectionID
		also(func(r *accountRow) bool { return s.connections.rows[r.connection()].ID == want })
	}
	if q.ClientType != nil {
		want := *q.ClientType
		also(func(r *accountRow) bool { return s.connections.rows[r.connection()].ClientType == want })
	}
	if q.UserID != nil {
		want := int64(*q.UserID)
		also(func(r *accountRow) bool { // looked up each time: the user may be told of later
			row, known := s.people.byUser.row(want)
			return known && r.user == row+1
		})
	}
	if since := q.ChangedSince; since > 0 {
		also(func(r *accountRow) bool { return a.wide.int(r.changed) > since })
	}
	if text := []byte(q.Text); len(text) > 0 {
		also(a.contains(text))
	}
	return all(tests)
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
