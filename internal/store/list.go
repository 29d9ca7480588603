package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// The lists are answered by SQL that is meant to be plainly right: one
// condition per filter, one expression per sort.

// query gathers the conditions of a list. Arguments are numbered in the order
// in which their text stands, so conditions are added in that order.
type query struct {
	where []string
	args  []any
}

// arg adds an argument and gives its placeholder.
func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// texts adds arguments and gives their placeholders, "$1, $2".
func texts[T ~string](q *query, values []T) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = q.arg(string(v))
	}
	return strings.Join(out, ", ")
}

func (q *query) and(condition string) { q.where = append(q.where, condition) }

func (q *query) text() string {
	if len(q.where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(q.where, " AND ")
}

// like is a pattern that finds the text as it stands; a folded text has no
// capitals, so that LIKE means the same in both databases.
func like(before, text, after string) string {
	return before + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + after
}

// contains adds the condition that one of the columns has the text.
func (q *query) contains(text string, columns ...string) {
	if text == "" {
		return
	}
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c + ` LIKE ` + q.arg(like("%", text, "%")) + ` ESCAPE '\'`
	}
	q.and("(" + strings.Join(parts, " OR ") + ")")
}

const activeDevice = `SELECT 1 FROM devices d WHERE d.personnel_id = p.id AND d.deleted_at IS NULL`

func personnelWhere(f workforce.PersonnelQuery) *query {
	q := &query{}
	q.contains(f.Text, "u.first_key", "u.last_key", "u.name_key", "u.email_key")
	if f.Email != "" {
		q.and("u.email_key = " + q.arg(f.Email))
	}
	if f.StatusFiltered {
		if len(f.EmploymentStatus) == 0 {
			q.and("1 = 0")
		} else {
			q.and("p.employment_status IN (" + texts(q, f.EmploymentStatus) + ")")
		}
	}
	for _, c := range f.Checks {
		statuses := []workforce.CheckStatus{}
		for _, s := range workforce.AllCheckStatuses {
			if s.Compliant() == c.Compliant {
				statuses = append(statuses, s)
			}
		}
		q.and(`EXISTS (SELECT 1 FROM checks c WHERE c.personnel_id = p.id AND c.type = ` + q.arg(string(c.Type)) +
			` AND c.status IN (` + texts(q, statuses) + `))`)
	}
	if f.DeviceCompliance != nil {
		not := ""
		if *f.DeviceCompliance {
			not = "NOT "
		}
		q.and(not + `EXISTS (` + activeDevice + ` AND EXISTS (SELECT 1 FROM device_checks x WHERE x.device_id = d.id AND x.status = ` +
			q.arg(string(workforce.CheckFail)) + `))`)
	}
	if len(f.GroupIDs) > 0 {
		ids := make([]string, len(f.GroupIDs))
		for i, id := range f.GroupIDs {
			ids[i] = q.arg(int64(id))
		}
		q.and(`EXISTS (SELECT 1 FROM group_members m WHERE m.personnel_id = p.id AND m.group_id IN (` + strings.Join(ids, ", ") + `))`)
	}
	if f.DeviceSource != nil {
		q.and(`EXISTS (` + activeDevice + ` AND d.source_type = ` + q.arg(string(*f.DeviceSource)) + `)`)
	}
	if len(f.NotDeviceSources) > 0 {
		q.and(`NOT EXISTS (` + activeDevice + ` AND d.source_type IN (` + texts(q, f.NotDeviceSources) + `))`)
	}
	return q
}

// checkOfSort is the check whose status a sort of the personnel list reads;
// the two have the same names.
func checkOfSort(s workforce.PersonnelSort) (workforce.CheckType, bool) {
	t := workforce.CheckType(s)
	return t, slices.Contains(workforce.AllCheckTypes, t)
}

// position is an expression for the place of a column's value in a list.
func position[T ~string](column string, values []T) string {
	var b strings.Builder
	b.WriteString("CASE " + column)
	for i, v := range values {
		fmt.Fprintf(&b, " WHEN '%s' THEN %d", v, i)
	}
	return b.String() + " END"
}

// latestDevice is a column of the active device that was seen most recently,
// as workforce.PersonnelRecord.LatestDevice has it.
func latestDevice(column string) string {
	return `(SELECT d.` + column + ` FROM devices d WHERE d.personnel_id = p.id AND d.deleted_at IS NULL
		ORDER BY d.last_checked_at IS NULL, d.last_checked_at DESC, d.id DESC LIMIT 1)`
}

// personnelSortKeys gives the expressions that a sort compares, first to last.
func personnelSortKeys(s workforce.PersonnelSort) ([]string, error) {
	if t, ok := checkOfSort(s); ok {
		return []string{`(SELECT ` + position("c.status", workforce.CheckStatusSortOrder) +
			` FROM checks c WHERE c.personnel_id = p.id AND c.type = '` + string(t) + `')`, "u.name_key"}, nil
	}
	switch s {
	case "NAME":
		return []string{"u.name_key"}, nil
	case "EMPLOYMENT_STATUS":
		return []string{position("p.employment_status", workforce.AllEmploymentStatuses)}, nil
	case "OS_VERSION":
		return []string{latestDevice("os_version_key")}, nil
	case "SERIAL_NUM":
		return []string{latestDevice("serial_number_key")}, nil
	case "APPS_COUNT":
		return []string{`(SELECT SUM(d.apps_count) FROM devices d WHERE d.personnel_id = p.id AND d.deleted_at IS NULL)`}, nil
	case "START_DATE":
		return []string{"p.start_date"}, nil
	case "SEPARATION_DATE":
		return []string{"p.separation_date"}, nil
	}
	return nil, fmt.Errorf("no such sort of personnel: %q", s)
}

// orderBy sorts by the keys, absent ones last in both directions, and breaks
// ties by the lower id in both.
func orderBy(keys []string, dir workforce.SortDir, id string) string {
	var b strings.Builder
	b.WriteString(" ORDER BY ")
	for _, k := range keys {
		b.WriteString(k + " IS NULL, " + k)
		if dir == workforce.Descending {
			b.WriteString(" DESC")
		}
		b.WriteString(", ")
	}
	return b.String() + id
}

// ListPersonnel gives the numbers of one page and how many records there are
// on all pages.
func (r *Reader) ListPersonnel(ctx context.Context, f workforce.PersonnelQuery) ([]workforce.PersonnelID, int64, error) {
	keys, err := personnelSortKeys(f.Sort)
	if err != nil {
		return nil, 0, err
	}
	return page[workforce.PersonnelID](ctx, r, "p.id", `personnel p JOIN users u ON u.id = p.user_id`,
		personnelWhere(f), orderBy(keys, f.Dir, "p.id"), f.Page)
}

// page counts and reads one page of ids.
func page[T ~int64](ctx context.Context, r *Reader, id, from string, q *query, order string, p workforce.Page) ([]T, int64, error) {
	var total int64
	where := q.text()
	if err := r.row(ctx, `SELECT COUNT(*) FROM `+from+where, q.args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("counting a list: %w", err)
	}
	if p.Offset() >= total {
		return nil, total, nil
	}
	limit := ` LIMIT ` + q.arg(p.Limit) + ` OFFSET ` + q.arg(p.Offset())
	out := make([]T, 0, min(p.Limit, total-p.Offset()))
	err := r.each(ctx, func(rows *sql.Rows) error {
		var n T
		err := rows.Scan(&n)
		out = append(out, n)
		return err
	}, `SELECT `+id+` FROM `+from+where+order+limit, q.args...)
	if err != nil {
		return nil, 0, fmt.Errorf("reading a list: %w", err)
	}
	return out, total, nil
}

func accountWhere(f workforce.AccountQuery) *query {
	q := &query{}
	q.and("a.kind = " + q.arg(string(f.Kind)))
	q.contains(f.Text, "a.identity_key", "a.username_key", "a.email_key")
	if f.ClientType != nil {
		q.and("c.client_type = " + q.arg(string(*f.ClientType)))
	}
	if f.ConnectionID != nil {
		q.and("a.connection_id = " + q.arg(int64(*f.ConnectionID)))
	}
	return q
}

// accountSortKeys gives the expression that each sort of accounts compares.
var accountSortKeys = map[workforce.AccountSort]string{
	"IDENTITY_ID":           "a.identity_key",
	"USERNAME":              "a.username_key",
	"EMAIL":                 "a.email_key",
	"CONNECTED_AT":          "a.connected_at",
	"DISCONNECTED_AT":       "a.disconnected_at",
	"SERVICE_ACCOUNT":       "a.service_account_at",
	"HAS_MFA":               "a.has_mfa",
	"ADMIN_ACCESS":          "a.admin_access_at",
	"DB_ACCESS":             "a.db_access_at",
	"WRITE_ACCESS":          "a.write_access_at",
	"PUSH_PROD_CODE_ACCESS": "a.push_prod_access_at",
	"USER":                  "u.name_key",
	"CLIENT_ID":             "c.client_id_key",
	"CLIENT_ALIAS":          "c.client_alias_key",
	"CONNECTION_STATUS":     position("c.state", workforce.AllConnectionStates),
}

// ListAccounts gives the numbers of one page and how many accounts there are on
// all pages.
func (r *Reader) ListAccounts(ctx context.Context, f workforce.AccountQuery) ([]workforce.AccountID, int64, error) {
	key, ok := accountSortKeys[f.Sort]
	if !ok {
		return nil, 0, fmt.Errorf("no such sort of accounts: %q", f.Sort)
	}
	return page[workforce.AccountID](ctx, r, "a.id",
		`accounts a JOIN connections c ON c.id = a.connection_id LEFT JOIN users u ON u.id = a.user_id`,
		accountWhere(f), orderBy([]string{key}, f.Dir, "a.id"), f.Page)
}

// ListUsers gives up to f.Limit users after a position, in order, and how many
// there are in all if that was asked for.
func (r *Reader) ListUsers(ctx context.Context, f workforce.UserQuery) ([]workforce.UserID, *int64, error) {
	q := &query{}
	for _, p := range []struct{ column, text string }{{"u.first_key", f.FirstName}, {"u.last_key", f.LastName}} {
		if p.text != "" {
			q.and(p.column + ` LIKE ` + q.arg(like("", p.text, "%")) + ` ESCAPE '\'`)
		}
	}
	var total *int64
	if f.WithTotal {
		total = new(int64)
		if err := r.row(ctx, `SELECT COUNT(*) FROM users u`+q.text(), q.args...).Scan(total); err != nil {
			return nil, nil, fmt.Errorf("counting users: %w", err)
		}
	}
	key := "u.created_at"
	if f.Sort == workforce.SortUpdatedAt {
		key = "u.updated_at"
	}
	than, dir := ">", ""
	if f.Dir == workforce.Descending {
		than, dir = "<", " DESC"
	}
	if f.After != nil {
		at, again := q.arg(ms(f.After.At)), q.arg(ms(f.After.At))
		q.and(fmt.Sprintf("(%s %s %s OR (%s = %s AND u.id > %s))", key, than, at, key, again, q.arg(int64(f.After.ID))))
	}
	where := q.text()
	var out []workforce.UserID
	err := r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.UserID
		err := rows.Scan(&id)
		out = append(out, id)
		return err
	}, `SELECT u.id FROM users u`+where+` ORDER BY `+key+dir+`, u.id LIMIT `+q.arg(f.Limit), q.args...)
	if err != nil {
		return nil, nil, fmt.Errorf("listing users: %w", err)
	}
	return out, total, nil
}

// UnknownGroups gives those of the numbers that are no group's.
func (r *Reader) UnknownGroups(ctx context.Context, ids []workforce.GroupID) ([]workforce.GroupID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	known := map[workforce.GroupID]bool{}
	err := inChunks(ids, func(ids []workforce.GroupID) error {
		list, args := inList(1, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			var id workforce.GroupID
			err := rows.Scan(&id)
			known[id] = true
			return err
		}, `SELECT id FROM groups WHERE id IN (`+list+`)`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("looking up groups: %w", err)
	}
	var unknown []workforce.GroupID
	for _, id := range ids {
		if !known[id] {
			unknown = append(unknown, id)
		}
	}
	return unknown, nil
}
