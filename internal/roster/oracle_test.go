package roster_test

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/roster"
	"github.com/passmuster/passmuster/internal/workforce"
)

// company is the records as they are now; it answers lists in the obvious way.
type company struct {
	people      map[workforce.UserID]workforce.ListedPerson
	accounts    map[workforce.AccountKind]map[workforce.AccountID]workforce.ListedAccount
	connections map[workforce.ConnectionID]workforce.ListedConnection
	groups      map[workforce.GroupID]bool
}

func newCompany() *company {
	c := &company{
		people:      map[workforce.UserID]workforce.ListedPerson{},
		accounts:    map[workforce.AccountKind]map[workforce.AccountID]workforce.ListedAccount{},
		connections: map[workforce.ConnectionID]workforce.ListedConnection{},
		groups:      map[workforce.GroupID]bool{},
	}
	for _, kind := range workforce.AllAccountKinds {
		c.accounts[kind] = map[workforce.AccountID]workforce.ListedAccount{}
	}
	return c
}

func (c *company) apply(in workforce.Listed) {
	for _, p := range in.People {
		c.people[p.UserID] = p
	}
	for _, a := range in.Accounts {
		c.accounts[a.Kind][a.ID] = a
	}
	for _, x := range in.Connections {
		c.connections[x.ID] = x
	}
	for _, id := range in.GroupIDs {
		c.groups[id] = true
	}
}

// all is every record, in no order.
func (c *company) all() workforce.Listed {
	var out workforce.Listed
	for _, p := range c.people {
		out.People = append(out.People, p)
	}
	for _, accounts := range c.accounts {
		for _, a := range accounts {
			out.Accounts = append(out.Accounts, a)
		}
	}
	for _, x := range c.connections {
		out.Connections = append(out.Connections, x)
	}
	for id := range c.groups {
		out.GroupIDs = append(out.GroupIDs, id)
	}
	return out
}

// A sort key is an int64, a string, or nil for absent.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func instant(ms int64) any {
	if ms == workforce.NoTime {
		return nil
	}
	return ms
}

func personnelKeys(p workforce.ListedPerson, sort workforce.PersonnelSort) []any {
	switch sort {
	case "NAME":
		return []any{text(p.NameKey)}
	case "EMPLOYMENT_STATUS":
		return []any{int64(slices.Index(workforce.AllEmploymentStatuses, p.Status))}
	case "OS_VERSION":
		return []any{text(p.Devices.OSVersionKey)}
	case "SERIAL_NUM":
		return []any{text(p.Devices.SerialNumberKey)}
	case "APPS_COUNT":
		if p.Devices.AppsCount < 0 {
			return []any{nil}
		}
		return []any{p.Devices.AppsCount}
	case "START_DATE":
		return []any{text(string(p.StartDate))}
	case "SEPARATION_DATE":
		return []any{text(string(p.SeparationDate))}
	case workforce.SortCreated:
		return []any{p.HiredAt}
	}
	if rank := p.Checks.Rank(workforce.CheckType(sort)); rank > 0 {
		return []any{int64(rank), text(p.NameKey)}
	}
	return []any{nil, text(p.NameKey)}
}

func (c *company) accountKeys(a workforce.ListedAccount, sort workforce.AccountSort) []any {
	x := c.connections[a.ConnectionID]
	switch sort {
	case "IDENTITY_ID":
		return []any{text(a.IdentityKey)}
	case "USERNAME":
		return []any{text(a.UsernameKey)}
	case "EMAIL":
		return []any{text(a.EmailKey)}
	case "CONNECTED_AT":
		return []any{instant(a.ConnectedAt)}
	case "DISCONNECTED_AT":
		return []any{instant(a.DisconnectedAt)}
	case "SERVICE_ACCOUNT":
		return []any{instant(a.ServiceAccountAt)}
	case "ADMIN_ACCESS":
		return []any{instant(a.AdminAccessAt)}
	case "DB_ACCESS":
		return []any{instant(a.DBAccessAt)}
	case "WRITE_ACCESS":
		return []any{instant(a.WriteAccessAt)}
	case "PUSH_PROD_CODE_ACCESS":
		return []any{instant(a.PushProdAccessAt)}
	case "HAS_MFA":
		if a.HasMFA == nil {
			return []any{nil}
		}
		return []any{int64(slices.Index([]bool{false, true}, *a.HasMFA))}
	case "USER":
		return []any{text(c.people[a.UserID].NameKey)}
	case "CLIENT_ID":
		return []any{text(x.ClientIDKey)}
	case "CLIENT_ALIAS":
		return []any{text(x.ClientAliasKey)}
	case "CONNECTION_STATUS":
		return []any{int64(slices.Index(workforce.AllConnectionStates, x.State))}
	case workforce.SortCreated:
		return []any{a.CreatedAt}
	}
	panic("no such sort")
}

func compareKeys(a, b []any, dir workforce.SortDir) int {
	for i := range a {
		var c int
		switch {
		case a[i] == nil && b[i] == nil:
			continue
		case a[i] == nil:
			return 1
		case b[i] == nil:
			return -1
		}
		switch x := a[i].(type) {
		case string:
			c = strings.Compare(x, b[i].(string))
		case int64:
			c = cmp.Compare(x, b[i].(int64))
		}
		if dir == workforce.Descending {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func matches(p workforce.ListedPerson, q workforce.PersonnelQuery) bool {
	has := func(s workforce.DeviceSource) bool { return p.Devices.Sources.Has(s) }
	part := func(s string) bool { return strings.Contains(s, q.Text) }
	for _, c := range q.Checks {
		rank := p.Checks.Rank(c.Type)
		if rank == 0 || workforce.CheckStatusSortOrder[rank-1].Compliant() != c.Compliant {
			return false
		}
	}
	return p.PersonnelID != 0 &&
		(part(p.FirstKey) || part(p.LastKey) || part(p.NameKey) || part(p.EmailKey)) &&
		(q.Email == "" || p.EmailKey == q.Email) &&
		(!q.StatusFiltered || slices.Contains(q.EmploymentStatus, p.Status)) &&
		(q.DeviceCompliance == nil || *q.DeviceCompliance == (p.Devices.Failing == 0)) &&
		(len(q.GroupIDs) == 0 || slices.ContainsFunc(q.GroupIDs, func(g workforce.GroupID) bool { return slices.Contains(p.GroupIDs, g) })) &&
		(q.DeviceSource == nil || has(*q.DeviceSource)) &&
		!slices.ContainsFunc(q.NotDeviceSources, has) &&
		p.ChangedAt > q.ChangedSince-b2i(q.ChangedSince == 0)
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (c *company) personnel(q workforce.PersonnelQuery) []workforce.ListedPerson {
	var found []workforce.ListedPerson
	for _, p := range c.people {
		if matches(p, q) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b workforce.ListedPerson) int {
		return cmp.Or(compareKeys(personnelKeys(a, q.Sort), personnelKeys(b, q.Sort), q.Dir), cmp.Compare(a.PersonnelID, b.PersonnelID))
	})
	return found
}

func (c *company) list(q workforce.AccountQuery) []workforce.ListedAccount {
	var found []workforce.ListedAccount
	for _, a := range c.accounts[q.Kind] {
		part := func(s string) bool { return strings.Contains(s, q.Text) }
		if (part(a.IdentityKey) || part(a.UsernameKey) || part(a.EmailKey)) &&
			(q.ClientType == nil || c.connections[a.ConnectionID].ClientType == *q.ClientType) &&
			(q.ConnectionID == nil || a.ConnectionID == *q.ConnectionID) &&
			(q.UserID == nil || a.UserID == *q.UserID) &&
			a.ChangedAt > q.ChangedSince-b2i(q.ChangedSince == 0) {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, func(a, b workforce.ListedAccount) int {
		return cmp.Or(compareKeys(c.accountKeys(a, q.Sort), c.accountKeys(b, q.Sort), q.Dir), cmp.Compare(a.ID, b.ID))
	})
	return found
}

func userKey(p workforce.ListedPerson, sort workforce.UserSort) int64 {
	if sort == workforce.SortUpdatedAt {
		return p.UpdatedAt
	}
	return p.CreatedAt
}

// users gives all that match, whatever the position.
func (c *company) users(q workforce.UserQuery) []workforce.ListedPerson {
	var found []workforce.ListedPerson
	for _, p := range c.people {
		if strings.HasPrefix(p.FirstKey, q.FirstName) && strings.HasPrefix(p.LastKey, q.LastName) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b workforce.ListedPerson) int {
		return cmp.Or(compareKeys([]any{userKey(a, q.Sort)}, []any{userKey(b, q.Sort)}, q.Dir), cmp.Compare(a.UserID, b.UserID))
	})
	return found
}

// tester is what tests and properties have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Context() context.Context
}

// cut gives one page of ids.
func cut[T any, ID comparable](all []T, page workforce.Page, id func(T) ID) []ID {
	var out []ID
	for i, v := range all {
		if n := int64(i); n >= page.Offset() && n-page.Offset() < page.Limit {
			out = append(out, id(v))
		}
	}
	return out
}

func personnelID(p workforce.ListedPerson) workforce.PersonnelID { return p.PersonnelID }
func accountID(a workforce.ListedAccount) workforce.AccountID    { return a.ID }

func same[ID comparable](t tester, what string, q any, got []ID, total int64, want []ID, wantTotal int, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v\nof %+v", what, err, q)
	}
	if !slices.Equal(got, want) || total != int64(wantTotal) {
		t.Fatalf("%s:\ngot  %v of %d\nwant %v of %d\nof %+v", what, got, total, want, wantTotal, q)
	}
}

func (c *company) checkPersonnel(t tester, r *roster.Roster, q workforce.PersonnelQuery) {
	t.Helper()
	all := c.personnel(q)
	ids, total, err := r.Personnel(t.Context(), q)
	same(t, "personnel", q, ids, total, cut(all, q.Page, personnelID), len(all), err)
}

func (c *company) checkAccounts(t tester, r *roster.Roster, q workforce.AccountQuery) {
	t.Helper()
	all := c.list(q)
	ids, total, err := r.Accounts(t.Context(), q)
	same(t, "accounts", q, ids, total, cut(all, q.Page, accountID), len(all), err)
}

func (c *company) checkUsers(t tester, r *roster.Roster, q workforce.UserQuery) {
	t.Helper()
	all := c.users(q)
	var want []workforce.UserID
	for _, p := range all {
		after := true
		if q.After != nil {
			after = cmp.Or(compareKeys([]any{userKey(p, q.Sort)}, []any{q.After.At.UnixMilli()}, q.Dir), cmp.Compare(p.UserID, q.After.ID)) > 0
		}
		if after && len(want) < q.Limit {
			want = append(want, p.UserID)
		}
	}
	ids, total, err := r.Users(t.Context(), q)
	same(t, "users", q, ids, total, want, len(all), err)
}
