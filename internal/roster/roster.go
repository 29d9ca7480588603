package roster

import (
	"cmp"
	"slices"
	"sync"

	"github.com/passmuster/passmuster/internal/workforce"
)

// A Roster is the people and accounts as it was last told. It is safe for many
// goroutines.
type Roster struct {
	turn turn
	mu   sync.RWMutex
	s    *state // guarded by mu; written with the turn as well
}

// state is all records and all that was made of them.
type state struct {
	people      *people
	accounts    map[workforce.AccountKind]*accounts
	connections connections
	groups      map[workforce.GroupID]struct{}
	version     int64 // counts changes, for the age of facets
}

func newState() *state {
	s := &state{
		people:      newPeople(),
		accounts:    map[workforce.AccountKind]*accounts{},
		connections: connections{byID: map[workforce.ConnectionID]uint32{}},
		groups:      map[workforce.GroupID]struct{}{},
	}
	for _, kind := range workforce.AllAccountKinds {
		s.accounts[kind] = newAccounts()
	}
	return s
}

// New gives a roster of nobody.
func New() *Roster { return &Roster{s: newState()} }

// Replace forgets everything and takes all records.
func (r *Roster) Replace(all workforce.Listed) {
	s := newState()
	s.load(all)
	r.turn.change()
	defer r.turn.done()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.s = s
}

// Apply takes records as they are now, new or changed: a person is known by
// UserID, an account by Kind and ID, a connection and a group by ID. Of a
// record that is given twice the later one holds.
func (r *Roster) Apply(changed workforce.Listed) {
	r.turn.change()
	defer r.turn.done()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.s.apply(changed)
}

// Settle makes what takes long to make before anybody asks, and gives back
// memory that growing has left. It is for who has filled a roster by
// [Roster.Apply] and has not handed it out yet: others wait for it. Without it
// the first questions take longer.
func (r *Roster) Settle() {
	r.turn.change()
	defer r.turn.done()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.s.settle()
}

// SetChanged raises ChangedAt of the records to the given log positions, where
// it is lower. Records that are not known are passed over.
func (r *Roster) SetChanged(people map[workforce.UserID]int64, accounts map[workforce.AccountKind]map[workforce.AccountID]int64) {
	r.turn.change()
	defer r.turn.done()
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.s.people
	for id, seq := range people {
		if row, ok := p.byUser.row(int64(id)); ok {
			if r := &p.rows[row]; seq > p.wide.int(r.changed) {
				r.changed = p.wide.small(seq)
				p.recent.add(seq, row)
			}
		}
	}
	p.dropIf(func(l *live[personRow]) bool { return l.since })
	r.s.version++
	for kind, changed := range accounts {
		a := r.s.accounts[kind]
		if a == nil {
			continue
		}
		for id, seq := range changed {
			if row, ok := a.byID.row(int64(id)); ok {
				if r := &a.rows[row]; seq > a.wide.int(r.changed) {
					r.changed = a.wide.small(seq)
					a.recent.add(seq, row)
				}
			}
		}
		a.dropIf(func(l *live[accountRow]) bool { return l.since })
	}
}

// UnknownGroups gives those of the ids that are no group's, in their order.
func (r *Roster) UnknownGroups(ids []workforce.GroupID) []workforce.GroupID {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var unknown []workforce.GroupID
	for _, id := range ids {
		if _, ok := r.s.groups[id]; !ok {
			unknown = append(unknown, id)
		}
	}
	return unknown
}

// UserOfPersonnel gives the user that a personnel record is of.
func (r *Roster) UserOfPersonnel(id workforce.PersonnelID) (workforce.UserID, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	row, ok := r.s.people.byPersonnel.row(int64(id))
	if !ok {
		return 0, false
	}
	return workforce.UserID(r.s.people.userID(&r.s.people.rows[row])), true
}

// PersonnelOfUser gives the personnel record of a user, if there is one.
func (r *Roster) PersonnelOfUser(id workforce.UserID) (workforce.PersonnelID, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	row, ok := r.s.people.byUser.row(int64(id))
	if !ok {
		return 0, false
	}
	personnel := r.s.people.personnelID(&r.s.people.rows[row])
	return workforce.PersonnelID(personnel), personnel != 0
}

// UserByEmail gives the user with the folded e-mail address; of several the
// one with the lowest id.
func (r *Roster) UserByEmail(emailKey string) (workforce.UserID, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var found workforce.UserID
	if emailKey == "" {
		return 0, false
	}
	for _, row := range r.s.people.byEmail.rows([]byte(emailKey)) {
		if id := workforce.UserID(r.s.people.userID(&r.s.people.rows[row])); found == 0 || id < found {
			found = id
		}
	}
	return found, found != 0
}

// AccountsOf gives the accounts of a user, by id.
func (r *Roster) AccountsOf(kind workforce.AccountKind, user workforce.UserID) []workforce.AccountID {
	r.mu.RLock()
	defer r.mu.RUnlock()
	a := r.s.accounts[kind]
	row, ok := r.s.people.byUser.row(int64(user))
	if a == nil || !ok {
		return nil
	}
	var ids []workforce.AccountID
	for _, at := range a.of(row) {
		ids = append(ids, workforce.AccountID(a.order(&a.rows[at])))
	}
	return ids
}

// Len counts the users, with or without a personnel record, and the accounts of
// both kinds.
func (r *Roster) Len() (people, infrastructure, versionControl int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.s.people.rows) - r.s.people.stubs, len(r.s.accounts[workforce.Infrastructure].rows), len(r.s.accounts[workforce.VersionControl].rows)
}

// byID gives records in the order of their ids, of each id the last one. That is
// mostly how they come.
func byID[T any](records []*T, id func(*T) int64) []*T {
	ascends := true
	for i := 1; i < len(records) && ascends; i++ {
		ascends = id(records[i-1]) < id(records[i])
	}
	if ascends {
		return records
	}
	slices.SortStableFunc(records, func(a, b *T) int { return cmp.Compare(id(a), id(b)) })
	out := records[:0]
	for i, r := range records {
		if i+1 == len(records) || id(records[i+1]) != id(r) {
			out = append(out, r)
		}
	}
	return out
}

func peopleOf(in workforce.Listed) []*workforce.ListedPerson {
	out := make([]*workforce.ListedPerson, len(in.People))
	for i := range in.People {
		out[i] = &in.People[i]
	}
	return byID(out, func(r *workforce.ListedPerson) int64 { return int64(r.UserID) })
}

func accountsOf(in workforce.Listed, kind workforce.AccountKind) []*workforce.ListedAccount {
	var out []*workforce.ListedAccount
	for i := range in.Accounts {
		if in.Accounts[i].Kind == kind {
			out = append(out, &in.Accounts[i])
		}
	}
	return byID(out, func(r *workforce.ListedAccount) int64 { return int64(r.ID) })
}
