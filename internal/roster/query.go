package roster

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// answer finds the list of a query, or makes it, and calls use with it. plan is
// called again when the state may be another one.
func answer[R any](
	ctx context.Context, r *Roster,
	plan func(*state) (*table[R], *spec[R], error),
	use func(*state, *table[R], *live[R]),
) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if done, err := kept(r, plan, use); done || err != nil {
		return err
	}
	return r.work(ctx, func(p *pace) error {
		t, sp, err := plan(r.s)
		if err != nil {
			return err
		}
		l, err := t.list(p, sp, r.keep)
		if err != nil {
			return err
		}
		use(r.s, t, l)
		return nil
	})
}

// kept answers from a list that is at hand.
func kept[R any](
	r *Roster, plan func(*state) (*table[R], *spec[R], error), use func(*state, *table[R], *live[R]),
) (bool, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	t, sp, err := plan(r.s)
	if err != nil {
		return false, err
	}
	l := t.get(sp.key)
	if l != nil {
		use(r.s, t, l)
	}
	return l != nil, nil
}

// keep writes while nobody reads.
func (r *Roster) keep(write func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	write()
}

// work does what takes long, in turn.
func (r *Roster) work(ctx context.Context, do func(p *pace) error) error {
	for tries := 0; ; tries++ {
		if err := r.turn.ask(ctx, tries > 0); err != nil {
			return err
		}
		err := func() error {
			defer r.turn.done()
			return do(&pace{ctx: ctx, turn: &r.turn, patience: giveWay - tries})
		}()
		if !errors.Is(err, errGiveWay) {
			return err
		}
	}
}

// A key is the name of a list among the others of its table.
type key []byte

func newKey(list, sort string, dir workforce.SortDir) key {
	k := key(list).text('o', sort)
	if dir == workforce.Descending {
		k = append(k, 'd')
	}
	return k
}

func (k key) text(tag byte, s string) key {
	return append(binary.AppendUvarint(append(k, tag), uint64(len(s))), s...)
}

func (k key) number(tag byte, n int64) key { return binary.AppendVarint(append(k, tag), n) }

// isPersonnel reports whether there is a personnel record: no user has the id 0.
func isPersonnel(r *personRow) bool { return r.personnel != 0 }

func isKnown(r *personRow) bool { return r.flags&personStub == 0 }

// byName is the base of all users by name, those without a personnel record
// among them: accounts are sorted by it.
func (p *people) byName() *spec[personRow] {
	return &spec[personRow]{
		key: "names", keys: keys[personRow]{text: p.name}, match: isKnown, isBase: true,
		id: func(r *personRow) int64 {
			if id := p.personnelID(r); id != 0 {
				return id
			}
			return -p.userID(r)
		},
	}
}

// baseOf gives the base that a list is made from by its text.
func (p *people) baseOf(sort workforce.PersonnelSort, by keys[personRow]) *spec[personRow] {
	switch {
	case by.text == nil:
		return nil
	case by.number != nil || sort == "NAME":
		return p.byName()
	}
	return &spec[personRow]{
		key: string(newKey("base", string(sort), workforce.Ascending)), keys: by, match: isPersonnel, id: p.personnelID, isBase: true,
	}
}

// personnelSpec is the list of a query.
func (s *state) personnelSpec(q *workforce.PersonnelQuery) (*spec[personRow], error) {
	p := s.people
	sorting, err := p.sorting(q.Sort)
	if err != nil {
		return nil, err
	}
	rest, text := p.filter(q), p.contains(q.Text)
	out := &spec[personRow]{
		key: string(personnelKey(newKey("personnel", string(q.Sort), q.Dir), q)), keys: sorting, base: p.baseOf(q.Sort, sorting),
		match: both(both(isPersonnel, rest), text), id: p.personnelID, desc: q.Dir == workforce.Descending,
		since: q.ChangedSince > 0,
	}
	if text != nil {
		out.touch = func(r *personRow) uint64 { return p.arena.touch(r.at) }
	}
	out.few = func() (few[personRow], bool) {
		switch {
		case q.Email != "":
			return few[personRow]{rows: p.byEmail.rows([]byte(q.Email))}, true
		case text == nil && rest == nil: // everybody
			return few[personRow]{sure: slices.Clone(p.hired), within: p.hired}, true
		case q.ChangedSince > 0:
			if rows, ok := p.recent.after(q.ChangedSince); ok {
				return few[personRow]{rows: rows}, true
			}
		}
		if text == nil {
			return few[personRow]{}, false
		}
		f, ok := p.grams.find(p, []byte(q.Text))
		if f.within = p.hired; rest != nil {
			f.rest = both(isPersonnel, rest)
		}
		return f, ok
	}
	return out, nil
}

// personnelKey adds what a query filters by: the same for filters that mean the
// same.
func personnelKey(k key, q *workforce.PersonnelQuery) key {
	if q.Text != "" {
		k = k.text('t', q.Text)
	}
	if q.Email != "" {
		k = k.text('e', q.Email)
	}
	if q.StatusFiltered {
		var set int64
		for _, s := range q.EmploymentStatus {
			set |= 1 << (1 + slices.Index(workforce.AllEmploymentStatuses, s))
		}
		k = k.number('s', set)
	}
	if len(q.Checks) > 0 {
		var set int64
		for _, c := range q.Checks {
			set |= 1 << (2*(1+slices.Index(workforce.AllCheckTypes, c.Type)) + int(b2i(c.Compliant)))
		}
		k = k.number('c', set)
	}
	if q.DeviceCompliance != nil {
		k = k.number('f', b2i(*q.DeviceCompliance))
	}
	if len(q.GroupIDs) > 0 {
		ids := slices.Clone(q.GroupIDs)
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			k = k.number('g', int64(id))
		}
	}
	if q.DeviceSource != nil {
		k = k.number('h', int64(sourceSet(*q.DeviceSource)))
	}
	if not := sourceSet(q.NotDeviceSources...); not != 0 {
		k = k.number('n', int64(not))
	}
	if q.ChangedSince > 0 {
		k = k.number('a', q.ChangedSince)
	}
	return k
}

// userSpec is the list of a query, whatever its position.
func (s *state) userSpec(q *workforce.UserQuery) (*spec[personRow], error) {
	p := s.people
	k := newKey("users", string(q.Sort), q.Dir)
	out := &spec[personRow]{
		match: isKnown, id: p.userID, desc: q.Dir == workforce.Descending,
	}
	switch q.Sort {
	case workforce.SortCreatedAt:
		out.number = p.createdAt
	case workforce.SortUpdatedAt:
		out.number = p.updatedAt
	default:
		return nil, noSuchUserSort(q.Sort)
	}
	if q.FirstName != "" || q.LastName != "" {
		k = k.text('f', q.FirstName).text('l', q.LastName)
		first, last := []byte(q.FirstName), []byte(q.LastName)
		out.match = func(r *personRow) bool { return isKnown(r) && p.isNamed(r, first, last) }
		out.few = func() (few[personRow], bool) {
			f, ok := p.grams.find(p, []byte(longer(q.FirstName, q.LastName)))
			f.rest = out.match
			return f, ok
		}
	}
	out.key = string(k)
	return out, nil
}

func longer(a, b string) string {
	if len(a) > len(b) {
		return a
	}
	return b
}

// accountSpec is the list of a query.
func (s *state) accountSpec(a *accounts, q *workforce.AccountQuery) (*spec[accountRow], error) {
	sorting, err := s.accountSorting(a, q.Sort)
	if err != nil {
		return nil, err
	}
	out := &spec[accountRow]{
		keys: sorting, match: func(*accountRow) bool { return true },
		id: a.order, desc: q.Dir == workforce.Descending, owned: q.Sort == "USER",
		shared: q.Sort == "CLIENT_ID" || q.Sort == "CLIENT_ALIAS" || q.Sort == "CONNECTION_STATUS",
	}
	if sorting.text != nil && sorting.ranked == nil {
		base := *out
		base.key, base.desc, base.isBase = string(newKey("base", string(q.Sort), workforce.Ascending)), false, true
		out.base = &base
	}
	k := newKey("accounts", string(q.Sort), q.Dir)
	if match := s.accountFilter(a, q); match != nil {
		out.match = match
	}
	if q.Text != "" {
		k = k.text('t', q.Text)
	}
	if q.ClientType != nil {
		k = k.text('y', string(*q.ClientType))
		out.shared = true
	}
	if q.ConnectionID != nil {
		k = k.number('c', int64(*q.ConnectionID))
	}
	if q.UserID != nil {
		k = k.number('u', int64(*q.UserID))
	}
	if q.ChangedSince > 0 {
		k = k.number('a', q.ChangedSince)
		out.since = true
	}
	out.key = string(k)
	out.few = func() (few[accountRow], bool) {
		if q.UserID != nil {
			row, ok := s.people.byUser.row(int64(*q.UserID))
			if !ok {
				return few[accountRow]{}, true
			}
			return few[accountRow]{rows: a.of(row)}, true
		}
		if q.ChangedSince > 0 {
			rows, ok := a.recent.after(q.ChangedSince)
			return few[accountRow]{rows: rows}, ok
		}
		return few[accountRow]{}, false
	}
	return out, nil
}
