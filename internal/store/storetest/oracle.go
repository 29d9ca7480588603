package storetest

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// The oracles answer lists from whole records, one obvious step after the
// other: keep what every filter keeps, sort all of it, cut out the page. They
// share no code with what they judge.

// Member is a person with the groups that they are in.
type Member struct {
	workforce.PersonnelRecord
	GroupIDs []workforce.GroupID
}

// ListPersonnel gives one page of those who match, and how many match.
func ListPersonnel(all []Member, q workforce.PersonnelQuery) ([]workforce.PersonnelID, int64) {
	var found []Member
	for _, m := range all {
		if matchesPersonnel(m, q) {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(a, b Member) int {
		for i, key := range personnelKeys(a, q.Sort) {
			if c := compareKeys(key, personnelKeys(b, q.Sort)[i], q.Dir); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.ID, b.ID)
	})
	var ids []workforce.PersonnelID
	for _, m := range found {
		ids = append(ids, m.ID)
	}
	return cut(ids, q.Page), int64(len(found))
}

func matchesPersonnel(m Member, q workforce.PersonnelQuery) bool {
	full := workforce.FullName(m.User.FirstName, m.User.LastName)
	if !contains(q.Text, m.User.FirstName, m.User.LastName, &full, &m.User.Email) {
		return false
	}
	if q.Email != "" && workforce.Fold(m.User.Email) != q.Email {
		return false
	}
	if q.StatusFiltered && !slices.Contains(q.EmploymentStatus, m.EmploymentStatus) {
		return false
	}
	for _, f := range q.Checks {
		if check := checkOf(m, f.Type); check == nil || check.Status.Compliant() != f.Compliant {
			return false
		}
	}
	if _, failing := m.ActiveDevices(); q.DeviceCompliance != nil && *q.DeviceCompliance != (failing == 0) {
		return false
	}
	if len(q.GroupIDs) > 0 && !slices.ContainsFunc(q.GroupIDs, func(g workforce.GroupID) bool { return slices.Contains(m.GroupIDs, g) }) {
		return false
	}
	hasFrom := func(s workforce.DeviceSource) bool {
		return slices.ContainsFunc(m.Devices, func(d workforce.Device) bool { return d.Active() && d.SourceType == s })
	}
	return (q.DeviceSource == nil || hasFrom(*q.DeviceSource)) && !slices.ContainsFunc(q.NotDeviceSources, hasFrom)
}

func checkOf(m Member, t workforce.CheckType) *workforce.Check {
	for i := range m.Checks {
		if m.Checks[i].Type == t {
			return &m.Checks[i]
		}
	}
	return nil
}

// contains tells whether one of the texts has the folded part in it.
func contains(part string, texts ...*string) bool {
	return part == "" || slices.ContainsFunc(texts, func(s *string) bool {
		return s != nil && strings.Contains(workforce.Fold(*s), part)
	})
}

// A sort key is an int64, a string, or nil for absent.
func personnelKeys(m Member, s workforce.PersonnelSort) []any {
	full := workforce.FullName(m.User.FirstName, m.User.LastName)
	switch s {
	case "NAME":
		return []any{textKey(&full)}
	case "EMPLOYMENT_STATUS":
		return []any{int64(slices.Index(workforce.AllEmploymentStatuses, m.EmploymentStatus))}
	case "OS_VERSION", "SERIAL_NUM":
		d := m.LatestDevice()
		switch {
		case d == nil:
			return []any{nil}
		case s == "OS_VERSION":
			return []any{textKey(d.OSVersion)}
		}
		return []any{textKey(d.SerialNumber)}
	case "APPS_COUNT":
		return []any{apps(m.Devices)}
	case "START_DATE":
		return []any{dateKey(m.StartDate)}
	case "SEPARATION_DATE":
		return []any{dateKey(m.SeparationDate)}
	default:
		check := checkOf(m, workforce.CheckType(s))
		if check == nil {
			return []any{nil, textKey(&full)}
		}
		return []any{int64(slices.Index(workforce.CheckStatusSortOrder, check.Status)), textKey(&full)}
	}
}

// apps is how many apps are known of on the active devices; nil if nothing is.
func apps(devices []workforce.Device) any {
	var sum any
	for _, d := range devices {
		if d.Active() && d.AppsCount != nil {
			before, _ := sum.(int64)
			sum = before + *d.AppsCount
		}
	}
	return sum
}

// ListAccounts gives one page of the accounts that match, and how many match.
func ListAccounts(all []workforce.AccountRecord, q workforce.AccountQuery) ([]workforce.AccountID, int64) {
	var found []workforce.AccountRecord
	for _, a := range all {
		if a.Kind == q.Kind && contains(q.Text, &a.IdentityID, a.Username, a.Email) &&
			(q.ClientType == nil || a.Connection.ClientType == *q.ClientType) &&
			(q.ConnectionID == nil || a.ConnectionID == *q.ConnectionID) {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, func(a, b workforce.AccountRecord) int {
		return cmp.Or(compareKeys(accountKey(a, q.Sort), accountKey(b, q.Sort), q.Dir), cmp.Compare(a.ID, b.ID))
	})
	var ids []workforce.AccountID
	for _, a := range found {
		ids = append(ids, a.ID)
	}
	return cut(ids, q.Page), int64(len(found))
}

func accountKey(a workforce.AccountRecord, s workforce.AccountSort) any {
	switch s {
	case "IDENTITY_ID":
		return workforce.Fold(a.IdentityID)
	case "USERNAME":
		return textKey(a.Username)
	case "EMAIL":
		return textKey(a.Email)
	case "CONNECTED_AT":
		return timeKey(a.ConnectedAt)
	case "DISCONNECTED_AT":
		return timeKey(a.DisconnectedAt)
	case "SERVICE_ACCOUNT":
		return timeKey(a.ServiceAccountAt)
	case "ADMIN_ACCESS":
		return timeKey(a.AdminAccessAt)
	case "DB_ACCESS":
		return timeKey(a.DBAccessAt)
	case "WRITE_ACCESS":
		return timeKey(a.WriteAccessAt)
	case "PUSH_PROD_CODE_ACCESS":
		return timeKey(a.PushProdAccessAt)
	case "HAS_MFA":
		if a.HasMFA == nil {
			return nil
		}
		return int64(slices.Index([]bool{false, true}, *a.HasMFA))
	case "USER":
		if a.User == nil {
			return nil
		}
		full := workforce.FullName(a.User.FirstName, a.User.LastName)
		return textKey(&full)
	case "CLIENT_ID":
		return textKey(a.Connection.ClientID)
	case "CLIENT_ALIAS":
		return textKey(a.Connection.ClientAlias)
	case "CONNECTION_STATUS":
		return int64(slices.Index(workforce.AllConnectionStates, a.Connection.State))
	default:
		panic("storetest: no such sort of accounts: " + s)
	}
}

// ListUsers gives up to the limit of users after the position, and how many
// match whatever the position.
func ListUsers(all []workforce.UserRecord, q workforce.UserQuery) ([]workforce.UserID, int64) {
	var found []workforce.UserRecord
	for _, u := range all {
		if hasPrefix(u.FirstName, q.FirstName) && hasPrefix(u.LastName, q.LastName) {
			found = append(found, u)
		}
	}
	at := func(u workforce.UserRecord) int64 {
		if q.Sort == workforce.SortUpdatedAt {
			return u.UpdatedAt.UnixMilli()
		}
		return u.CreatedAt.UnixMilli()
	}
	order := func(atA int64, a workforce.UserID, atB int64, b workforce.UserID) int {
		return cmp.Or(compareKeys(atA, atB, q.Dir), cmp.Compare(a, b))
	}
	slices.SortFunc(found, func(a, b workforce.UserRecord) int { return order(at(a), a.ID, at(b), b.ID) })
	var ids []workforce.UserID
	for _, u := range found {
		if len(ids) < q.Limit && (q.After == nil || order(at(u), u.ID, q.After.At.UnixMilli(), q.After.ID) > 0) {
			ids = append(ids, u.ID)
		}
	}
	return ids, int64(len(found))
}

func hasPrefix(s *string, prefix string) bool {
	return prefix == "" || s != nil && strings.HasPrefix(workforce.Fold(*s), prefix)
}

// textKey is the folded text; empty text sorts with the absent.
func textKey(s *string) any {
	if s == nil || *s == "" {
		return nil
	}
	return workforce.Fold(*s)
}

func dateKey(d *workforce.Date) any {
	if d == nil {
		return nil
	}
	return string(*d)
}

func timeKey(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMilli()
}

// compareKeys puts absent keys last in both directions.
func compareKeys(a, b any, dir workforce.SortDir) int {
	if a == nil || b == nil {
		switch {
		case a == nil && b == nil:
			return 0
		case a == nil:
			return 1
		}
		return -1
	}
	var c int
	switch a := a.(type) {
	case string:
		other, _ := b.(string)
		c = bytes.Compare([]byte(a), []byte(other))
	case int64:
		other, _ := b.(int64)
		c = cmp.Compare(a, other)
	}
	if dir == workforce.Descending {
		return -c
	}
	return c
}

// cut gives one page.
func cut[T any](all []T, p workforce.Page) []T {
	start := min(p.Offset(), int64(len(all)))
	return all[start:min(start+p.Limit, int64(len(all)))]
}
