package roster

import (
	"context"
	"maps"

	"github.com/passmuster/passmuster/internal/workforce"
)

// cachedFacets are the facets of a list as they were at a version of the state.
type cachedFacets struct {
	version   int64
	personnel workforce.PersonnelFacets
	accounts  workforce.AccountFacets
}

// facets gives those of a list, or counts them.
func facets[R any](
	ctx context.Context, r *Roster,
	plan func(*state) (*table[R], *spec[R], error),
	count func(p *pace, s *state, t *table[R], l *live[R]) *cachedFacets,
) (*cachedFacets, error) {
	var out *cachedFacets
	look := func(s *state, _ *table[R], l *live[R]) {
		if f := l.facets.Load(); f != nil && f.version == s.version {
			out = f
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if _, err := kept(r, plan, look); out != nil || err != nil {
		return out, err
	}
	err := r.work(ctx, func(p *pace) error {
		t, sp, err := plan(r.s)
		if err != nil {
			return err
		}
		l, err := t.list(p, sp, r.keep)
		if err != nil {
			return err
		}
		if look(r.s, t, l); out != nil {
			return nil
		}
		f := count(p, r.s, t, l)
		if p.err != nil {
			return p.err
		}
		f.version = r.s.version
		l.facets.Store(f)
		out = f
		return nil
	})
	return out, err
}

// PersonnelFacets counts the personnel that the query selects, whatever its
// page. Systems counts people by the systems in which they have an account that
// was connected and has not been disconnected, each person once for a system.
// Errors are as those of [Roster.Personnel].
func (r *Roster) PersonnelFacets(ctx context.Context, q workforce.PersonnelQuery) (workforce.PersonnelFacets, error) {
	f, err := facets(ctx, r, personnelPlan(&q), countPersonnel)
	if err != nil {
		return workforce.PersonnelFacets{}, err
	}
	out := workforce.PersonnelFacets{
		Statuses: maps.Clone(f.personnel.Statuses),
		Checks:   make(map[workforce.CheckType]map[workforce.CheckStatus]int64, len(f.personnel.Checks)),
		Systems:  maps.Clone(f.personnel.Systems),
	}
	for t, counts := range f.personnel.Checks {
		out.Checks[t] = maps.Clone(counts)
	}
	return out, nil
}

// AccountFacets counts the accounts that the query selects, whatever its page.
// A service account is "service" among the owners, whoever's it may be. Errors
// are as those of [Roster.Personnel].
func (r *Roster) AccountFacets(ctx context.Context, q workforce.AccountQuery) (workforce.AccountFacets, error) {
	f, err := facets(ctx, r, accountPlan(&q), countAccounts)
	if err != nil {
		return workforce.AccountFacets{}, err
	}
	return workforce.AccountFacets{
		Systems: maps.Clone(f.accounts.Systems), Connections: maps.Clone(f.accounts.Connections),
		MFA: maps.Clone(f.accounts.MFA), Owners: maps.Clone(f.accounts.Owners),
	}, nil
}

// eachRow calls f with the rows of a list, in whatever order is quicker, until
// the pace says stop. It gives the set of them.
func eachRow[R any](p *pace, t *table[R], l *live[R], f func(row uint32)) rowSet {
	marks := newRowSet(len(t.rows))
	l.each(0, l.n, marks.set)
	for word, set := range marks {
		if word%(paceRows/64) == 0 && p.stop() {
			break
		}
		for row := uint32(word) * 64; set != 0; row, set = row+1, set>>1 {
			if set&1 == 1 {
				f(row)
			}
		}
	}
	return marks
}

func countPersonnel(p *pace, s *state, t *table[personRow], l *live[personRow]) *cachedFacets {
	statuses := make([]int64, 1+len(workforce.AllEmploymentStatuses))
	checks := make([][8]int64, len(workforce.AllCheckTypes))
	marks := eachRow(p, t, l, func(row uint32) {
		r := &t.rows[row]
		statuses[r.status]++
		ranks := r.checks
		for i := range checks {
			checks[i][ranks&7]++
			ranks >>= 3
		}
	})
	out := workforce.PersonnelFacets{
		Statuses: map[workforce.EmploymentStatus]int64{},
		Checks:   map[workforce.CheckType]map[workforce.CheckStatus]int64{},
		Systems:  s.systems(p, l, marks),
	}
	for i, status := range workforce.AllEmploymentStatuses {
		tally(out.Statuses, status, statuses[1+i])
	}
	for i, check := range workforce.AllCheckTypes {
		counts := map[workforce.CheckStatus]int64{}
		for j, status := range workforce.CheckStatusSortOrder {
			tally(counts, status, checks[i][1+j])
		}
		if len(counts) > 0 {
			out.Checks[check] = counts
		}
	}
	return &cachedFacets{personnel: out}
}

// tally leaves out what nobody has.
func tally[K comparable](counts map[K]int64, k K, n int64) {
	if n > 0 {
		counts[k] += n
	}
}

// fewPeople are so few that it is quicker to look up the accounts of each than
// to look at all accounts.
const fewPeople = 1024

// systems counts the people of a list by the systems that they have a connected
// account in.
func (s *state) systems(p *pace, l *live[personRow], marks rowSet) map[workforce.ClientType]int64 {
	counts := map[workforce.ClientType]int64{}
	seen := map[workforce.ClientType]rowSet{}
	byConnection := make([]rowSet, len(s.connections.rows))
	for i := range s.connections.rows {
		system := s.connections.rows[i].ClientType
		if seen[system] == nil && system != "" {
			seen[system] = newRowSet(len(s.people.rows))
		}
		byConnection[i] = seen[system]
	}
	look := func(r *accountRow) {
		if r.tags&(hasConnected|hasDisconnected) != hasConnected || r.user == 0 || !marks.has(r.user-1) {
			return
		}
		if had := byConnection[r.connection()]; had != nil && !had.has(r.user-1) {
			had.set(r.user - 1)
			counts[s.connections.rows[r.connection()].ClientType]++
		}
	}
	for _, a := range s.accounts {
		if l.n <= fewPeople {
			l.each(0, l.n, func(row uint32) {
				for _, at := range a.of(row) {
					look(&a.rows[at])
				}
			})
			continue
		}
		for i := range a.rows {
			if i%paceRows == 0 && p.stop() {
				return counts
			}
			look(&a.rows[i])
		}
	}
	return counts
}

func countAccounts(p *pace, s *state, t *table[accountRow], l *live[accountRow]) *cachedFacets {
	byConnection := make([]int64, len(s.connections.rows))
	var unknown, on, service, person int64
	eachRow(p, t, l, func(row uint32) {
		r := &t.rows[row]
		byConnection[r.connection()]++
		switch {
		case r.tags&mfaKnown == 0:
			unknown++
		case r.tags&mfaOn != 0:
			on++
		}
		switch {
		case r.tags&hasService != 0:
			service++
		case r.user != 0:
			person++
		}
	})
	out := workforce.AccountFacets{
		Systems: map[workforce.ClientType]int64{}, Connections: map[workforce.ConnectionID]int64{},
		MFA: map[string]int64{}, Owners: map[string]int64{},
	}
	for i, n := range byConnection {
		tally(out.Systems, s.connections.rows[i].ClientType, n)
		tally(out.Connections, s.connections.rows[i].ID, n)
	}
	all := int64(l.n)
	for value, n := range map[string]int64{"true": on, "unknown": unknown, "false": all - on - unknown} {
		tally(out.MFA, value, n)
	}
	for value, n := range map[string]int64{"person": person, "service": service, "nobody": all - person - service} {
		tally(out.Owners, value, n)
	}
	return &cachedFacets{accounts: out}
}
