package roster

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"

	"github.com/passmuster/passmuster/internal/workforce"
)

func noSuchUserSort(s workforce.UserSort) error { return fmt.Errorf("no such sort of users: %q", s) }

// idsOf copies the ids of up to limit rows of a list from the n-th on.
func idsOf[ID ~int64, R any](t *table[R], l *live[R], n, limit int64) []ID {
	if n < 0 || n >= int64(l.n) || limit <= 0 {
		return nil
	}
	limit = min(limit, int64(l.n)-n)
	ids := make([]ID, 0, limit)
	l.each(int(n), int(limit), func(row uint32) { ids = append(ids, ID(l.id(&t.rows[row]))) })
	return ids
}

func personnelPlan(q *workforce.PersonnelQuery) func(*state) (*table[personRow], *spec[personRow], error) {
	return func(s *state) (*table[personRow], *spec[personRow], error) {
		sp, err := s.personnelSpec(q)
		return &s.people.table, sp, err
	}
}

func userPlan(q *workforce.UserQuery) func(*state) (*table[personRow], *spec[personRow], error) {
	return func(s *state) (*table[personRow], *spec[personRow], error) {
		sp, err := s.userSpec(q)
		return &s.people.table, sp, err
	}
}

func accountPlan(q *workforce.AccountQuery) func(*state) (*table[accountRow], *spec[accountRow], error) {
	return func(s *state) (*table[accountRow], *spec[accountRow], error) {
		a := s.accounts[q.Kind]
		if a == nil {
			return nil, nil, fmt.Errorf("no such kind of accounts: %q", q.Kind)
		}
		sp, err := s.accountSpec(a, q)
		return &a.table, sp, err
	}
}

// Personnel gives the ids on the page and how many match on all pages. An
// unknown sort is an error, and the context's end; nothing else is.
func (r *Roster) Personnel(ctx context.Context, q workforce.PersonnelQuery) (ids []workforce.PersonnelID, total int64, err error) {
	err = answer(ctx, r, personnelPlan(&q), func(_ *state, t *table[personRow], l *live[personRow]) {
		ids, total = idsOf[workforce.PersonnelID](t, l, q.Page.Offset(), q.Page.Limit), int64(l.n)
	})
	return ids, total, err
}

// Accounts gives the ids on the page and how many match on all pages. Errors
// are as those of [Roster.Personnel].
func (r *Roster) Accounts(ctx context.Context, q workforce.AccountQuery) (ids []workforce.AccountID, total int64, err error) {
	err = answer(ctx, r, accountPlan(&q), func(_ *state, t *table[accountRow], l *live[accountRow]) {
		ids, total = idsOf[workforce.AccountID](t, l, q.Page.Offset(), q.Page.Limit), int64(l.n)
	})
	return ids, total, err
}

// Users gives up to q.Limit users after q.After, and how many match whatever
// the position, also when q.WithTotal is not set. Errors are as those of
// [Roster.Personnel].
func (r *Roster) Users(ctx context.Context, q workforce.UserQuery) (ids []workforce.UserID, total int64, err error) {
	err = answer(ctx, r, userPlan(&q), func(_ *state, t *table[personRow], l *live[personRow]) {
		n := 0
		if q.After != nil {
			at := q.After.At.UnixMilli()
			n = l.before(t.rows, func(row *personRow) bool {
				if c := directed(l.desc, cmp.Compare, l.number(row), at, none); c != 0 {
					return c < 0
				}
				return l.id(row) <= int64(q.After.ID)
			})
		}
		ids, total = idsOf[workforce.UserID](t, l, int64(n), int64(q.Limit)), int64(l.n)
	})
	return ids, total, err
}

// PersonnelAfter gives up to limit records after a place in the list, nil for
// its start, how many match in all, and the place after the last of them, nil
// if there are no more. q.Page does not matter. Errors are as those of
// [Roster.Personnel].
//
// As long as the record at the place has the sort key that it had, the list
// goes on after it, whether or not it is still in the list. Otherwise it goes
// on where that record stood, so that records that have moved may be missed or
// come again. With [workforce.SortCreated] keys never change.
func (r *Roster) PersonnelAfter(
	ctx context.Context, q workforce.PersonnelQuery, after *workforce.ListPosition, limit int,
) (ids []workforce.PersonnelID, total int64, next *workforce.ListPosition, err error) {
	err = answer(ctx, r, personnelPlan(&q), func(s *state, t *table[personRow], l *live[personRow]) {
		n := placeAfter(t, l, after, &s.people.byPersonnel)
		ids, total = idsOf[workforce.PersonnelID](t, l, n, int64(limit)), int64(l.n)
		next = placeOf(t, l, n+int64(len(ids)))
	})
	return ids, total, next, err
}

// AccountsAfter is [Roster.PersonnelAfter] for accounts.
func (r *Roster) AccountsAfter(
	ctx context.Context, q workforce.AccountQuery, after *workforce.ListPosition, limit int,
) (ids []workforce.AccountID, total int64, next *workforce.ListPosition, err error) {
	err = answer(ctx, r, accountPlan(&q), func(s *state, t *table[accountRow], l *live[accountRow]) {
		n := placeAfter(t, l, after, &s.accounts[q.Kind].byID)
		ids, total = idsOf[workforce.AccountID](t, l, n, int64(limit)), int64(l.n)
		next = placeOf(t, l, n+int64(len(ids)))
	})
	return ids, total, next, err
}

// placeAfter is how many rows of the list come up to and with a place.
func placeAfter[R any](t *table[R], l *live[R], at *workforce.ListPosition, ids *idIndex) int64 {
	if at == nil {
		return 0
	}
	if row, ok := ids.row(at.ID); ok && digest(l, &t.rows[row]) == at.Key {
		as := &t.rows[row]
		return int64(l.before(t.rows, func(r *R) bool { return l.compare(r, as) <= 0 }))
	}
	return min(max(at.Offset, 0), int64(l.n))
}

// placeOf is the place after the n-th row, from 1; nil at the list's end.
func placeOf[R any](t *table[R], l *live[R], n int64) *workforce.ListPosition {
	if n <= 0 || n >= int64(l.n) {
		return nil
	}
	var at workforce.ListPosition
	l.each(int(n-1), 1, func(row uint32) {
		at = workforce.ListPosition{ID: l.id(&t.rows[row]), Offset: n, Key: digest(l, &t.rows[row])}
	})
	return &at
}

// digest stands for the sort key of a row. It is the same in every process, as
// places outlive them.
func digest[R any](l *live[R], row *R) uint64 {
	h := fnv.New64a()
	if l.number != nil {
		_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, uint64(l.number(row)))) // never fails
	}
	if l.text != nil {
		_, _ = h.Write(l.text(row)) // never fails
	}
	return h.Sum64()
}
