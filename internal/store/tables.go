package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// table is one of the tables that hold the record. The bookkeeping of the
// migrations is not: each database has its own.
type table struct {
	name string
	key  string // its primary key, the order in which rows are copied
}

// tables lists every table, owners before what refers to them.
var tables = []table{
	{"company", "id"},
	{"secrets", "name"},
	{"counters", "name"},
	{"users", "id"},
	{"user_roles", "user_id, role"},
	{"personnel", "id"},
	{"pins", "personnel_id, field"},
	{"checks", "personnel_id, type"},
	{"background_checks", "id"},
	{"documents", "id"},
	{"trainings", "id"},
	{"groups", "id"},
	{"group_members", "personnel_id, group_id"},
	{"policies", "id"},
	{"policy_versions", "id"},
	{"policy_groups", "policy_id, group_id"},
	{"acknowledgements", "id"},
	{"exclusions", "id"},
	{"rules", "id"},
	{"assessments", "personnel_id"},
	{"workspaces", "id"},
	{"connections", "id"},
	{"connection_workspaces", "connection_id, workspace_id"},
	{"identities", "id"},
	{"source_records", "connection_id, external_id"},
	{"accounts", "kind, id"},
	{"devices", "id"},
	{"device_checks", "id"},
	{"device_identifiers", "id"},
	{"device_documents", "id"},
	{"device_apps", "id"},
	{"packs", "personnel_id"},
	{"api_keys", "id"},
	{"changes", "seq"},
	{"change_payloads", "seq"},
	{"change_people", "user_id, seq"},
	{"log_head", "id"},
}

// count gives the number of rows of every table.
func (r *Reader) count(ctx context.Context) (map[string]int64, error) {
	rows := make(map[string]int64, len(tables))
	for _, t := range tables {
		var n int64
		if err := r.row(ctx, `SELECT COUNT(*) FROM `+t.name).Scan(&n); err != nil {
			return nil, fmt.Errorf("counting the rows of %s: %w", t.name, err)
		}
		rows[t.name] = n
	}
	return rows, nil
}

// copyTables copies every row of one database's snapshot into a transaction of
// another whose tables are empty. The two have the same tables and columns and
// store the same values, so rows are copied as they are. It calls progress with
// the rows that are done and all there are.
func copyTables(ctx context.Context, from *Reader, to *Tx, progress func(done, total int64)) error {
	counts, err := from.count(ctx)
	if err != nil {
		return err
	}
	var done, total int64
	for _, n := range counts {
		total += n
	}
	progress(0, total)
	for _, t := range tables {
		n, err := copyTable(ctx, from, to, t, func(n int64) { progress(done+n, total) })
		if err != nil {
			return fmt.Errorf("copying %s: %w", t.name, err)
		}
		if n != counts[t.name] {
			return fmt.Errorf("copying %s: %d rows were read of %d", t.name, n, counts[t.name])
		}
		done += n
	}
	return nil
}

// copyTable copies one table and gives the number of its rows.
func copyTable(ctx context.Context, from *Reader, to *Tx, t table, progress func(done int64)) (int64, error) {
	columns, err := from.columns(ctx, t.name)
	if err != nil {
		return 0, err
	}
	const most = 256
	var done int64
	batch := make([][]any, 0, most)
	write := func() error {
		err := to.insert(ctx, t.name, columns, batch)
		done += int64(len(batch))
		batch = batch[:0]
		progress(done)
		return err
	}
	err = from.each(ctx, func(rows *sql.Rows) error {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		batch = append(batch, values)
		if len(batch) < most {
			return nil
		}
		return write()
	}, `SELECT `+strings.Join(columns, ", ")+` FROM `+t.name+` ORDER BY `+t.key)
	if err != nil {
		return done, err
	}
	return done, write()
}

// columns gives the names of a table's columns.
func (r *Reader) columns(ctx context.Context, name string) ([]string, error) {
	rows, err := r.tx.QueryContext(ctx, `SELECT * FROM `+name+` LIMIT 0`) //nolint:gosec // the names are those of tables above
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	return columns, rows.Err()
}
