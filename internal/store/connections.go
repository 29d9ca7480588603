package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

var connectionColumns = []string{
	"id", "client_type", "state", "state_reason", "connected_at", "failed_at", "company_id", "assignment_id", "user_id", "account_id",
	"client_id", "client_id_key", "client_alias", "client_alias_key", "manually_updated_at", "alias_updated_at", "deleted_at",
	"write_access_enabled", "source_preference", "security_label", "jql_query", "authorized", "group_label", "created_at", "updated_at",
}

func connectionRow(c workforce.Connection) []any {
	return []any{
		int64(c.ID), string(c.ClientType), string(c.State), c.StateReason, msOpt(c.ConnectedAt), msOpt(c.FailedAt), c.CompanyID,
		c.AssignmentID, intOpt(c.UserID), c.AccountID, c.ClientID, keyOpt(c.ClientID), c.ClientAlias, keyOpt(c.ClientAlias),
		msOpt(c.ManuallyUpdatedAt), msOpt(c.AliasUpdatedAt), msOpt(c.DeletedAt), bit(c.WriteAccessEnabled), c.SourcePreference,
		c.SecurityLabel, c.JQLQuery, bit(c.Authorized), c.GroupLabel, ms(c.CreatedAt), ms(c.UpdatedAt),
	}
}

const connectionFields = `id, client_type, state, state_reason, connected_at, failed_at, company_id, assignment_id, user_id, account_id,
	client_id, client_alias, manually_updated_at, alias_updated_at, deleted_at, write_access_enabled, source_preference,
	security_label, jql_query, authorized, group_label, created_at, updated_at`

func scanConnection(rows *sql.Rows, c *workforce.Connection) error {
	return rows.Scan(&c.ID, &c.ClientType, &c.State, &c.StateReason, scanTimeOpt{&c.ConnectedAt}, scanTimeOpt{&c.FailedAt}, &c.CompanyID,
		&c.AssignmentID, &c.UserID, &c.AccountID, &c.ClientID, &c.ClientAlias, scanTimeOpt{&c.ManuallyUpdatedAt},
		scanTimeOpt{&c.AliasUpdatedAt}, scanTimeOpt{&c.DeletedAt}, &c.WriteAccessEnabled, &c.SourcePreference,
		&c.SecurityLabel, &c.JQLQuery, &c.Authorized, &c.GroupLabel, scanTime{&c.CreatedAt}, scanTime{&c.UpdatedAt})
}

// CreateConnections adds connections and fills in the numbers that it gives.
func (tx *Tx) CreateConnections(ctx context.Context, connections []workforce.Connection) error {
	if len(connections) == 0 {
		return nil
	}
	first, err := tx.nextIDs(ctx, "connections", len(connections))
	if err != nil {
		return err
	}
	var rows, links [][]any
	for i := range connections {
		c := &connections[i]
		c.ID = workforce.ConnectionID(first + int64(i))
		c.WorkspaceIDs = orNil(sorted(c.WorkspaceIDs))
		rows = append(rows, connectionRow(*c))
		links = append(links, workspaceLinks(*c)...)
		tx.record("connection.created", SubjectConnection, int64(c.ID), nil, *c)
	}
	if err := tx.insert(ctx, "connections", connectionColumns, rows); err != nil {
		return err
	}
	return tx.insert(ctx, "connection_workspaces", []string{"connection_id", "workspace_id"}, links)
}

// LockConnection gives a connection and keeps other writers from changing it;
// the second result is false if there is no such connection.
func (tx *Tx) LockConnection(ctx context.Context, id workforce.ConnectionID) (workforce.Connection, bool, error) {
	found, err := tx.connections(ctx, `WHERE id = $1`+tx.db.dialect.forUpdate, int64(id))
	if err != nil || len(found) == 0 {
		return workforce.Connection{}, false, err
	}
	return found[0], true, nil
}

func workspaceLinks(c workforce.Connection) [][]any {
	out := make([][]any, len(c.WorkspaceIDs))
	for i, w := range c.WorkspaceIDs {
		out[i] = []any{int64(c.ID), int64(w)}
	}
	return out
}

// UpdateConnection replaces a connection that [Tx.LockConnection] or
// [Tx.CreateConnections] gave. Equal values are not written.
func (tx *Tx) UpdateConnection(ctx context.Context, before, after workforce.Connection) error {
	after.WorkspaceIDs = orNil(sorted(after.WorkspaceIDs))
	if equal(before, after) {
		return nil
	}
	row := connectionRow(after)
	_, err := tx.exec(ctx, `UPDATE connections SET client_type = $1, state = $2, state_reason = $3, connected_at = $4, failed_at = $5,
		company_id = $6, assignment_id = $7, user_id = $8, account_id = $9, client_id = $10, client_id_key = $11, client_alias = $12,
		client_alias_key = $13, manually_updated_at = $14, alias_updated_at = $15, deleted_at = $16, write_access_enabled = $17,
		source_preference = $18, security_label = $19, jql_query = $20, authorized = $21, group_label = $22, created_at = $23,
		updated_at = $24 WHERE id = $25`, append(row[1:], row[0])...)
	if err != nil {
		return fmt.Errorf("updating connection %d: %w", after.ID, err)
	}
	if !slices.Equal(before.WorkspaceIDs, after.WorkspaceIDs) {
		if _, err := tx.exec(ctx, `DELETE FROM connection_workspaces WHERE connection_id = $1`, int64(after.ID)); err != nil {
			return fmt.Errorf("updating the workspaces of connection %d: %w", after.ID, err)
		}
		if err := tx.insert(ctx, "connection_workspaces", []string{"connection_id", "workspace_id"}, workspaceLinks(after)); err != nil {
			return err
		}
	}
	tx.record("connection.updated", SubjectConnection, int64(after.ID), before, after)
	return nil
}

// Connections gives every connection, by number.
func (r *Reader) Connections(ctx context.Context) ([]workforce.Connection, error) {
	return r.connections(ctx, `ORDER BY id`)
}

func (r *Reader) connections(ctx context.Context, where string, args ...any) ([]workforce.Connection, error) {
	var out []workforce.Connection
	at := map[workforce.ConnectionID]int{}
	err := r.eachKept(ctx, func(rows *sql.Rows) error {
		var c workforce.Connection
		err := scanConnection(rows, &c)
		at[c.ID] = len(out)
		out = append(out, c)
		return err
	}, `SELECT `+connectionFields+` FROM connections `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("reading connections: %w", err)
	}
	err = r.eachKept(ctx, func(rows *sql.Rows) error {
		var c workforce.ConnectionID
		var w workforce.WorkspaceID
		err := rows.Scan(&c, &w)
		if i, ok := at[c]; ok {
			out[i].WorkspaceIDs = append(out[i].WorkspaceIDs, w)
		}
		return err
	}, `SELECT connection_id, workspace_id FROM connection_workspaces ORDER BY connection_id, workspace_id`)
	if err != nil {
		return nil, fmt.Errorf("reading the workspaces of connections: %w", err)
	}
	return out, nil
}

// CreateWorkspaces adds workspaces and fills in the numbers that it gives.
func (tx *Tx) CreateWorkspaces(ctx context.Context, workspaces []workforce.Workspace) error {
	if len(workspaces) == 0 {
		return nil
	}
	first, err := tx.nextIDs(ctx, "workspaces", len(workspaces))
	if err != nil {
		return err
	}
	var rows [][]any
	for i := range workspaces {
		w := &workspaces[i]
		w.ID = workforce.WorkspaceID(first + int64(i))
		rows = append(rows, []any{int64(w.ID), w.Name, w.Description, w.HowItWorks, w.URL, w.Logo, bit(w.Primary)})
		tx.record("workspace.created", SubjectWorkspace, int64(w.ID), nil, *w)
	}
	return tx.insert(ctx, "workspaces", []string{"id", "name", "description", "how_it_works", "url", "logo", "is_primary"}, rows)
}

// Workspaces gives every workspace, by number.
func (r *Reader) Workspaces(ctx context.Context) ([]workforce.Workspace, error) {
	var out []workforce.Workspace
	err := r.eachKept(ctx, func(rows *sql.Rows) error {
		var w workforce.Workspace
		err := rows.Scan(&w.ID, &w.Name, &w.Description, &w.HowItWorks, &w.URL, &w.Logo, &w.Primary)
		out = append(out, w)
		return err
	}, `SELECT id, name, description, how_it_works, url, logo, is_primary FROM workspaces ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("reading workspaces: %w", err)
	}
	return out, nil
}

// orNil gives nil for an empty list, as it is when it was read.
func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// sorted gives a copy in order and without repeats; it is never nil.
func sorted[T cmp.Ordered](list []T) []T {
	out := append([]T{}, list...)
	slices.Sort(out)
	return slices.Compact(out)
}
