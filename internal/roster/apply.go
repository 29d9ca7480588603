package roster

import (
	"bytes"
	"context"
	"slices"
	"sync"

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
		a.detach(changes, a.owned(renamed, changes), func(l *live[accountRow]) bool { return l.owned })
	}
	s.people.detach(people, nil, nil)
	s.people.writeAll(people)
	for kind, changes := range byKind {
		s.accounts[kind].writeAll(changes)
	}
	s.people.attach()
	for kind := range byKind {
		s.accounts[kind].attach()
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
				s.people.hired = s.people.hired.grown(len(s.people.rows))
				s.people.stubs++
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
		row, ok := p.byUser.row(p.userID(&c.new))
		if ok {
			c.row, c.old = row, p.rows[row]
		} else {
			c.row, c.fresh = next, true
			p.byUser.set(p.userID(&c.new), next)
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
			p.byEmail.remove(p.email(nil, &c.old), c.row)
		}
	}
	p.write(changes)
	p.hired = p.hired.grown(len(p.rows))
	for i := range changes {
		c := &changes[i]
		p.byEmail.add(c.row)
		if c.new.personnel != 0 && c.old.personnel != c.new.personnel {
			p.byPersonnel.set(p.personnelID(&c.new), c.row)
		}
		p.hired.put(c.row, isPersonnel(&c.new))
		if !c.fresh {
			p.arena.forget(c.old.at)
			p.stubs -= int(c.old.flags & personStub)
		}
		if c.fresh || c.new.changed != c.old.changed {
			p.recent.add(p.wide.int(c.new.changed), c.row)
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
		row, ok := a.byID.row(a.order(&c.new))
		if ok {
			c.row, c.old = row, a.rows[row]
		} else {
			c.row, c.fresh = next, true
			a.byID.set(a.order(&c.new), next)
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

func (a *accounts) writeAll(changes []change[accountRow]) {
	a.write(changes)
	for i := range changes {
		c := &changes[i]
		if !c.fresh {
			a.arena.forget(c.old.at)
		}
		switch {
		case c.fresh:
			a.users.add(c.new.user, c.row)
		case c.new.user != c.old.user:
			a.users.remove(c.old.user, c.row)
			a.users.add(c.new.user, c.row)
		}
		if c.fresh || c.new.changed != c.old.changed {
			a.recent.add(a.wide.int(c.new.changed), c.row)
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
	p.hired = newRowSet(len(people))
	p.byEmail.reserve(len(people))
	for i, rec := range people {
		row := p.row(rec)
		p.rows = append(p.rows, row)
		p.byUser.set(int64(rec.UserID), uint32(i))
		p.byEmail.add(uint32(i))
		if isPersonnel(&row) {
			p.byPersonnel.set(p.personnelID(&row), uint32(i))
			p.hired.set(uint32(i))
		}
		p.recent.add(rec.ChangedAt, uint32(i))
	}
	s.addStubs(all.Accounts)
	for kind, a := range s.accounts {
		s.loadAccounts(a, kind, all)
	}
	s.settle()
}

func (s *state) loadAccounts(a *accounts, kind workforce.AccountKind, all workforce.Listed) {
	recs := accountsOf(all, kind)
	a.rows = make([]accountRow, 0, len(recs))
	a.users.first, a.users.next = make([]uint32, len(s.people.rows)), make([]uint32, len(recs))
	for i, rec := range recs {
		row := a.row(rec, s.userRow(rec.UserID), s.connections.place(rec.ConnectionID))
		a.rows = append(a.rows, row)
		a.byID.set(int64(rec.ID), uint32(i))
		a.users.add(row.user, uint32(i))
		a.recent.add(rec.ChangedAt, uint32(i))
	}
}

// unhurried is the pace of work that nothing interrupts.
func (s *state) unhurried() *pace { return &pace{ctx: context.Background(), turn: &turn{}} }

// settle makes what takes long to make before anybody asks: the index of texts
// and, if there are many rows, all bases; and gives back memory that growing
// has left.
func (s *state) settle() {
	p := s.people
	p.rows, p.hired = clip(p.rows), clip(p.hired)
	p.byUser.near, p.byPersonnel.near = clip(p.byUser.near), clip(p.byPersonnel.near)
	var tables sync.WaitGroup // they have nothing in common but what is only read
	for kind, a := range s.accounts {
		tables.Go(func() { s.settleAccounts(a, kind) })
	}
	p.grams.build(p)
	warm(s, &p.table, p.byName(), true)
	if plan, err := s.personnelSpec(&workforce.PersonnelQuery{Sort: "NAME", Dir: workforce.Ascending}); err == nil {
		warm(s, &p.table, plan, true)
	}
	for _, sort := range workforce.AllPersonnelSorts {
		sorting, err := p.sorting(sort)
		if err == nil && sorting.text != nil {
			warm(s, &p.table, p.baseOf(sort, sorting), false)
		}
	}
	tables.Wait()
}

func (s *state) settleAccounts(a *accounts, kind workforce.AccountKind) {
	a.rows, a.byID.near = clip(a.rows), clip(a.byID.near)
	a.users.first, a.users.next = clip(a.users.first), clip(a.users.next)
	for _, sort := range sortsOf(kind) {
		if plan, err := s.accountSpec(a, &workforce.AccountQuery{Sort: sort}); err == nil && plan.base != nil {
			warm(s, &a.table, plan.base, false)
		}
	}
}

func sortsOf(kind workforce.AccountKind) []workforce.AccountSort {
	if kind == workforce.VersionControl {
		return workforce.AllVersionControlSorts
	}
	return workforce.AllInfrastructureSorts
}

// clip gives a slice without much room to grow.
func clip[E any](s []E) []E {
	if cap(s)-len(s) > len(s)/16 {
		return slices.Clone(s)[:len(s):len(s)]
	}
	return s
}

// warm makes a list, always or if the table is so large that it is to last.
func warm[R any](s *state, t *table[R], base *spec[R], always bool) {
	if !always && len(t.rows) < basesFrom {
		return
	}
	if _, err := t.list(s.unhurried(), base, func(write func()) { write() }); err != nil {
		panic("roster: " + err.Error()) // at a pace that has no end
	}
}
