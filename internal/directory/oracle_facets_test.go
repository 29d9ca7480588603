package directory

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/passmuster/passmuster/internal/workforce"
)

// rows is everything that facets count, as the snapshot has it.
type rows struct {
	people      map[workforce.PersonnelID]workforce.PersonnelRecord
	accounts    map[accountKey]workforce.Account
	connections map[workforce.ConnectionID]workforce.ClientType
	connected   map[workforce.UserID]map[workforce.ClientType]bool // where somebody has a connected account
}

// read gives the rows of the snapshot, read once.
func (w *walk) read(s *session) *rows {
	w.Helper()
	if s.rows != nil {
		return s.rows
	}
	out := &rows{
		people: map[workforce.PersonnelID]workforce.PersonnelRecord{}, accounts: map[accountKey]workforce.Account{},
		connections: map[workforce.ConnectionID]workforce.ClientType{}, connected: map[workforce.UserID]map[workforce.ClientType]bool{},
	}
	people, err := s.r.PersonnelRecords(w.ctx, w.known.personnel)
	if err != nil {
		w.Fatal(err)
	}
	for _, rec := range people {
		out.people[rec.ID] = rec
	}
	connections, err := s.r.Connections(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	for _, c := range connections {
		out.connections[c.ID] = c.ClientType
	}
	for _, kind := range workforce.AllAccountKinds {
		accounts, err := s.r.AccountParts(w.ctx, kind, w.known.accounts[kind])
		if err != nil {
			w.Fatal(err)
		}
		for _, rec := range accounts {
			a := rec.Account
			out.accounts[accountKey{kind, a.ID}] = a
			if a.UserID != nil && a.ConnectedAt != nil && a.DisconnectedAt == nil {
				if out.connected[*a.UserID] == nil {
					out.connected[*a.UserID] = map[workforce.ClientType]bool{}
				}
				out.connected[*a.UserID][out.connections[a.ConnectionID]] = true
			}
		}
	}
	s.rows = out
	return out
}

func (w *walk) personnelFacets(s *session, q workforce.PersonnelQuery) {
	w.Helper()
	q.Page = everything
	all := w.read(s)
	want := workforce.PersonnelFacets{
		Statuses: map[workforce.EmploymentStatus]int64{}, Checks: map[workforce.CheckType]map[workforce.CheckStatus]int64{},
		Systems: map[workforce.ClientType]int64{},
	}
	for _, id := range w.sqlPersonnel(s, q).IDs {
		rec := all.people[id]
		want.Statuses[rec.EmploymentStatus]++
		for _, c := range rec.Checks {
			if want.Checks[c.Type] == nil {
				want.Checks[c.Type] = map[workforce.CheckStatus]int64{}
			}
			want.Checks[c.Type][c.Status]++
		}
		for system := range all.connected[rec.UserID] {
			want.Systems[system]++
		}
	}
	got, err := w.since(s, q.ChangedSince).roster.PersonnelFacets(w.ctx, q)
	if err != nil {
		w.Fatal(err)
	}
	w.compare(s, reflect.DeepEqual(got, want), "facets of people", q, got, want)
}

func (w *walk) accountFacets(s *session, q workforce.AccountQuery) {
	w.Helper()
	q.Page = everything
	all := w.read(s)
	want := workforce.AccountFacets{
		Systems: map[workforce.ClientType]int64{}, Connections: map[workforce.ConnectionID]int64{},
		MFA: map[string]int64{}, Owners: map[string]int64{},
	}
	for _, id := range w.sqlAccounts(s, q).IDs {
		a := all.accounts[accountKey{q.Kind, id}]
		want.Systems[all.connections[a.ConnectionID]]++
		want.Connections[a.ConnectionID]++
		mfa, owner := "unknown", "nobody"
		if a.HasMFA != nil {
			mfa = strconv.FormatBool(*a.HasMFA)
		}
		switch {
		case a.ServiceAccountAt != nil:
			owner = "service"
		case a.UserID != nil:
			owner = "person"
		}
		want.MFA[mfa]++
		want.Owners[owner]++
	}
	got, err := w.since(s, q.ChangedSince).roster.AccountFacets(w.ctx, q)
	if err != nil {
		w.Fatal(err)
	}
	w.compare(s, reflect.DeepEqual(got, want), "facets of accounts", q, got, want)
}

// lookUp finds single records by what they are found by.
func (w *walk) lookUp(s *session) {
	w.Helper()
	email, id, kind := w.rawEmail(), w.someUser(), oneOf(w, workforce.AllAccountKinds)

	wantUser, wantOK, err := s.r.UserIDByEmail(w.ctx, email)
	user, ok := s.at.roster.UserByEmail(workforce.Fold(email))
	w.found(s, err, "user by e-mail", email, user == wantUser && ok == wantOK, user, wantUser)

	wantPersonnel, wantOK, err := s.r.PersonnelIDOf(w.ctx, id)
	personnel, ok := s.at.roster.PersonnelOfUser(id)
	w.found(s, err, "personnel record of user", id, personnel == wantPersonnel && ok == wantOK, personnel, wantPersonnel)
	if ok {
		back, ok := s.at.roster.UserOfPersonnel(personnel)
		w.found(s, nil, "user of personnel record", personnel, ok && back == id, back, id)
	}

	wantAccounts, err := s.r.AccountIDsOf(w.ctx, kind, id)
	accounts := s.at.roster.AccountsOf(kind, id)
	w.found(s, err, string(kind)+" accounts of user", id, slices.Equal(accounts, wantAccounts), accounts, wantAccounts)

	groups := []workforce.GroupID{workforce.GroupID(1 + w.rng.IntN(w.known.groups+3)), workforce.GroupID(1 + w.rng.IntN(w.known.groups+3)), 1 << 40}
	wantUnknown, err := s.r.UnknownGroups(w.ctx, groups)
	unknown := s.at.roster.UnknownGroups(groups)
	w.found(s, err, "unknown groups", groups, slices.Equal(unknown, wantUnknown), unknown, wantUnknown)
}

func (w *walk) found(s *session, err error, what string, asked any, same bool, got, want any) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
	w.compare(s, same, what, asked, got, want)
}
