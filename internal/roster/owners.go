package roster

import (
	"cmp"
	"slices"
)

// owners finds the accounts of a user: each names the next one of the same
// user, so that a new account costs the same however many there are.
type owners struct {
	first []uint32 // 1 + row of an account, by row of the user
	next  []uint32 // the same, by row of the account; 0: it was the last
}

// add puts in an account of the user with the row user-1; 0: nobody.
func (o *owners) add(user, row uint32) {
	if short := int(row) + 1 - len(o.next); short > 0 {
		o.next = append(o.next, make([]uint32, short)...)
	}
	if short := int(user) - len(o.first); short > 0 {
		o.first = append(o.first, make([]uint32, short)...)
	}
	if user > 0 {
		o.next[row] = o.first[user-1]
		o.first[user-1] = row + 1
	}
}

// remove takes out an account of the user that it was added with.
func (o *owners) remove(user, row uint32) {
	if user == 0 {
		return
	}
	at := &o.first[user-1]
	for *at != row+1 {
		at = &o.next[*at-1]
	}
	*at = o.next[row]
}

// of gives the accounts of the user with the row, by id.
func (a *accounts) of(user uint32) []uint32 {
	if int(user) >= len(a.users.first) {
		return nil
	}
	var rows []uint32
	for at := a.users.first[user]; at != 0; at = a.users.next[at-1] {
		rows = append(rows, at-1)
	}
	slices.SortFunc(rows, func(x, y uint32) int { return cmp.Compare(a.order(&a.rows[x]), a.order(&a.rows[y])) })
	return rows
}
