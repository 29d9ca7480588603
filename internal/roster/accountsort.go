package roster

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

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
			if r.tags>>i&1 == 0 {
				return none
			}
			return a.instant(r, i)
		}}, nil
	}
	switch by {
	case "IDENTITY_ID":
		return text(func(d *account) span { return d.identity })
	case "USERNAME":
		return text(func(d *account) span { return d.username })
	case "EMAIL":
		return keys[accountRow]{
			text:     func(r *accountRow) []byte { return a.email(nil, r) },
			textInto: func(into []byte, r *accountRow) []byte { return a.email(into, r) },
		}, nil
	case "HAS_MFA":
		return keys[accountRow]{number: func(r *accountRow) int64 {
			if r.tags&mfaKnown == 0 {
				return none
			}
			return int64(r.tags & mfaOn)
		}}, nil
	case workforce.SortCreated:
		return keys[accountRow]{number: a.created}, nil
	}
	return s.sharedSorting(by)
}

// sharedSorting gives the sorts by what an account shares with others.
func (s *state) sharedSorting(by workforce.AccountSort) (keys[accountRow], error) {
	shared := func(f func(c *connection) []byte) (keys[accountRow], error) {
		return keys[accountRow]{
			text:   func(r *accountRow) []byte { return f(&s.connections.rows[r.connection()]) },
			ranked: func(*pace, keeper) (func(*accountRow) int64, error) { return s.connections.ranks(f), nil },
		}, nil
	}
	switch by {
	case "USER":
		return keys[accountRow]{
			text: func(r *accountRow) []byte {
				if r.user == 0 {
					return nil
				}
				return s.people.name(&s.people.rows[r.user-1])
			},
			ranked: s.people.nameRanks,
		}, nil
	case "CLIENT_ID":
		return shared(func(c *connection) []byte { return c.clientID })
	case "CLIENT_ALIAS":
		return shared(func(c *connection) []byte { return c.clientAlias })
	case "CONNECTION_STATUS":
		return keys[accountRow]{number: func(r *accountRow) int64 {
			return orNone(int64(slices.Index(workforce.AllConnectionStates, s.connections.rows[r.connection()].State)), -1)
		}}, nil
	}
	return keys[accountRow]{}, fmt.Errorf("no such sort of accounts: %q", by)
}

// nameRanks gives a number for each account that sorts as the name of its user
// does, as names are now. They come from the order of everybody by name, so
// that not one text is looked at.
func (p *people) nameRanks(w *pace, keep keeper) (func(*accountRow) int64, error) {
	names, err := p.list(w, p.byName(), keep)
	if err != nil {
		return nil, err
	}
	ranks := make([]uint32, 1+len(p.rows)) // 0: none
	rank := uint32(0)
	names.each(0, names.n, func(row uint32) {
		if !names.ties.has(row) {
			rank++
		}
		ranks[1+row] = rank
	})
	for _, chunk := range slices.Backward(names.chunks) { // those without a name are last, and of one rank
		for _, row := range slices.Backward(chunk) {
			if len(p.name(&p.rows[row])) > 0 {
				return rankOf(ranks), nil
			}
			ranks[1+row] = 0
		}
	}
	return rankOf(ranks), nil
}

func rankOf(ranks []uint32) func(*accountRow) int64 {
	return func(r *accountRow) int64 { return orNone(int64(ranks[r.user]), 0) }
}

// ranks gives a number for each account that sorts as a text of its connection
// does.
func (c *connections) ranks(text func(c *connection) []byte) func(*accountRow) int64 {
	order := make([]int, len(c.rows))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return bytes.Compare(text(&c.rows[a]), text(&c.rows[b])) })
	ranks := make([]int64, len(c.rows))
	for i, row := range order {
		switch {
		case len(text(&c.rows[row])) == 0:
			ranks[row] = none
		case i > 0 && bytes.Equal(text(&c.rows[row]), text(&c.rows[order[i-1]])):
			ranks[row] = ranks[order[i-1]]
		default:
			ranks[row] = int64(i)
		}
	}
	return func(r *accountRow) int64 { return ranks[r.connection()] }
}
