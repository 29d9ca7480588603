package roster

import (
	"bytes"
	"context"

	"github.com/passmuster/passmuster/internal/workforce"
)

// apply takes records in three steps, so that a kept list is searched only
// while all rows are what it was sorted by: take changed rows out, change them,
// put them in.
func (s *state) apply(in workforce.Listed) {
	s.version++
	for _, id := range in.GroupIDs {
		s.groups[id] = struct{}{}
	}
	s.applyConnections(in.Connections)
	s.addStubs(in.Accounts)
	people := s.peopleChanges(in)
	renamed := s.renamed(people)
	byKind := map[workforce.AccountKind][]change[accountRow]{}
	for kind, a := range s.accounts {
		changes := s.accountChanges(a, kind, in)
		byKind[kind] = changes
		a.detachAll(changes, a.owned(renamed, changes))
	}
	s.people.detach(people, nil, nil)
	s.people.writeAll(people)
	for kind, changes := range byKind {
		s.accounts[kind].writeAll(changes)
	}
	s.people.attach()
	for kind := range byKind {
		s.accounts[kind].attach()
		s.accounts[kind].attachTo(s.accounts[kind].byUser)
	}
	s.people.grams.add(s.people, people)
	s.people.compact()
	for _, a := range s.accounts {
		a.compact()
	}
}

func (s *state) applyConnections(in []workforce.ListedConnection) {
	changed := false
	for _, c := range in {
		changed = s.connections.put(c) || changed
	}
	for _, a := range s.accounts {
		if changed {
			a.dropIf(func(l *live[accountRow]) bool { return l.shared })
		}
	}
}

// addStubs makes rows for users of accounts who have not been told of.
func (s *state) addStubs(in []workforce.ListedAccount) {
	for i := range in {
		if user := int64(in[i].UserID); user != 0 {
			if _, ok := s.people.byUser.row(user); !ok {
				s.people.byUser.set(user, uint32(len(s.people.rows)))
				s.people.rows = append(s.people.rows, s.people.stub(user))
			}
		}
	}
}

func (s *state) peopleChanges(in workforce.Listed) []change[personRow] {
	p := s.people
	next := uint32(len(p.rows))
	changes := make([]change[personRow], 0, len(in.People))
	for _, rec := range peopleOf(in) {
		c := change[personRow]{new: p.row(rec)}
		row, ok := p.byUser.row(c.new.user)
		if ok {
			c.row, c.old = row, p.rows[row]
		} else {
			c.row, c.fresh = next, true
			p.byUser.set(c.new.user, next)
			next++
		}
		changes = append(changes, c)
	}
	return changes
}

// renamed gives the rows of those whose name becomes another one.
func (s *state) renamed(changes []change[personRow]) []uint32 {
	var rows []uint32
	for i := range changes {
		if c := &changes[i]; !c.fresh && !bytes.Equal(s.people.name(&c.old), s.people.name(&c.new)) {
			rows = append(rows, c.row)
		}
	}
	return rows
}

// writeAll makes the rows the new ones, and what finds them.
func (p *people) writeAll(changes []change[personRow]) {
	for i := range changes {
		if c := &changes[i]; !c.fresh {
			if d := p.detail(&c.old); len(d.email()) > 0 {
				p.byEmail.remove(d.email(), c.row)
			}
		}
	}
	p.write(changes)
	for i := range changes {
		c := &changes[i]
		if d := p.detail(&c.new); len(d.email()) > 0 {
			p.byEmail.add(c.row)
		}
		if c.new.personnel != 0 && c.old.personnel != c.new.personnel {
			p.byPersonnel.set(c.new.personnel, c.row)
		}
		if !c.fresh {
			p.arena.forget(c.old.at)
		}
	}
}

func (p *people) compact() {
	if !p.arena.wasteful() {
		return
	}
	var into arena
	for i := range p.rows {
		p.rows[i].at = into.add(p.arena.run(p.rows[i].at))
	}
	p.arena = into
}

func (s *state) accountChanges(a *accounts, kind workforce.AccountKind, in workforce.Listed) []change[accountRow] {
	next := uint32(len(a.rows))
	var changes []change[accountRow]
	for _, rec := range accountsOf(in, kind) {
		c := change[accountRow]{new: a.row(rec, s.userRow(rec.UserID), s.connections.place(rec.ConnectionID))}
		row, ok := a.byID.row(c.new.id)
		if ok {
			c.row, c.old = row, a.rows[row]
		} else {
			c.row, c.fresh = next, true
			a.byID.set(c.new.id, next)
			next++
		}
		changes = append(changes, c)
	}
	return changes
}

// userRow is 1 + the row of a user that has one, 0 for nobody.
func (s *state) userRow(id workforce.UserID) uint32 {
	row, ok := s.people.byUser.row(int64(id))
	if !ok {
		return 0
	}
	return row + 1
}

// owned gives the accounts of users as changes that change nothing, without
// those that change anyway.
func (a *accounts) owned(users []uint32, changes []change[accountRow]) []change[accountRow] {
	if len(users) == 0 {
		return nil
	}
	known := make(map[uint32]bool, len(changes))
	for i := range changes {
		known[changes[i].row] = true
	}
	var out []change[accountRow]
	for _, user := range users {
		for _, row := range a.of(user) {
			if !known[row] {
				out = append(out, change[accountRow]{row: row, old: a.rows[row], new: a.rows[row]})
			}
		}
	}
	return out
}

// detachAll is detach, and the same for the order by users.
func (a *accounts) detachAll(changes, owned []change[accountRow]) {
	a.detach(changes, owned, func(l *live[accountRow]) bool { return l.owned })
	if !a.detachFrom(a.byUser, changes, false) {
		panic("roster: an account is not where its user has it")
	}
}

func (a *accounts) writeAll(changes []change[accountRow]) {
	a.write(changes)
	for i := range changes {
		if !changes[i].fresh {
			a.arena.forget(changes[i].old.at)
		}
	}
}

func (a *accounts) compact() {
	if !a.arena.wasteful() {
		return
	}
	var into arena
	for i := range a.rows {
		a.rows[i].at = into.add(a.arena.run(a.rows[i].at))
	}
	a.arena = into
}

// load fills an empty state, and makes what nearly everybody asks for first.
func (s *state) load(all workforce.Listed) {
	for _, id := range all.GroupIDs {
		s.groups[id] = struct{}{}
	}
	for _, c := range all.Connections {
		s.connections.put(c)
	}
	p := s.people
	people := peopleOf(all)
	p.rows = make([]personRow, 0, len(people))
	p.byEmail.reserve(len(people))
	for i, rec := range people {
		row := p.row(rec)
		p.rows = append(p.rows, row)
		p.byUser.set(row.user, uint32(i))
		if rec.EmailKey != "" {
			p.byEmail.add(uint32(i))
		}
		if row.personnel != 0 {
			p.byPersonnel.set(row.personnel, uint32(i))
		}
	}
	s.addStubs(all.Accounts)
	for kind, a := range s.accounts {
		s.loadAccounts(a, kind, all)
	}
	p.grams.build(p)
	s.warm()
}

func (s *state) loadAccounts(a *accounts, kind workforce.AccountKind, all workforce.Listed) {
	recs := accountsOf(all, kind)
	a.rows = make([]accountRow, 0, len(recs))
	rows := make([]uint32, len(recs))
	for i, rec := range recs {
		row := a.row(rec, s.userRow(rec.UserID), s.connections.place(rec.ConnectionID))
		a.rows = append(a.rows, row)
		a.byID.set(row.id, uint32(i))
		rows[i] = uint32(i)
	}
	a.sortRows(s.unhurried(), rows, a.byUser.spec)
	a.byUser = newLive(a.byUser.spec, rows)
}

// unhurried is the pace of work that nothing interrupts.
func (s *state) unhurried() *pace { return &pace{ctx: context.Background(), turn: &turn{}} }

// warm makes the order by name.
func (s *state) warm() {
	plan, err := s.personnelSpec(&workforce.PersonnelQuery{Sort: "NAME", Dir: workforce.Ascending})
	if err == nil {
		_, err = s.people.list(s.unhurried(), plan, s.people.put)
	}
	if err != nil {
		panic("roster: " + err.Error()) // a sort that is there, at a pace that has no end
	}
}
