package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// What one answer needs is read in a fixed number of queries, however many
// records it has: each step below reads one table for all of them.

// PersonnelRecords gives the records with the numbers, in the order given;
// numbers that are nobody's are left out.
func (r *Reader) PersonnelRecords(ctx context.Context, ids []workforce.PersonnelID) ([]workforce.PersonnelRecord, error) {
	byID, err := r.personnelParts(ctx, ids)
	if err != nil {
		return nil, err
	}
	var users []workforce.UserID
	for _, rec := range byID {
		users = append(users, rec.UserID)
		if rec.ReasonProviderID != nil {
			users = append(users, *rec.ReasonProviderID)
		}
	}
	g, err := r.graph(ctx, users, nil)
	if err != nil {
		return nil, err
	}
	out := make([]workforce.PersonnelRecord, 0, len(ids))
	for _, id := range ids {
		rec, ok := byID[id]
		if !ok {
			continue
		}
		rec.User = g.users[rec.UserID]
		if rec.ReasonProviderID != nil {
			rec.ReasonProvider = g.users[*rec.ReasonProviderID]
		}
		out = append(out, *rec)
	}
	return out, nil
}

// AccountRecords gives the accounts with the numbers, in the order given;
// numbers that are no account's are left out.
func (r *Reader) AccountRecords(ctx context.Context, kind workforce.AccountKind, ids []workforce.AccountID) ([]workforce.AccountRecord, error) {
	byID, err := r.accountsByID(ctx, kind, ids)
	if err != nil {
		return nil, err
	}
	var users []workforce.UserID
	var connections []workforce.ConnectionID
	for _, rec := range byID {
		connections = append(connections, rec.ConnectionID)
		for _, u := range []*workforce.UserID{rec.UserID, rec.ServiceAccountByUserID} {
			if u != nil {
				users = append(users, *u)
			}
		}
	}
	g, err := r.graph(ctx, users, connections)
	if err != nil {
		return nil, err
	}
	out := make([]workforce.AccountRecord, 0, len(ids))
	for _, id := range ids {
		rec, ok := byID[id]
		if !ok {
			continue
		}
		rec.Connection = g.connection(rec.ConnectionID, true)
		if rec.UserID != nil {
			rec.User = g.users[*rec.UserID]
		}
		if rec.ServiceAccountByUserID != nil {
			rec.Designator = g.users[*rec.ServiceAccountByUserID]
		}
		out = append(out, *rec)
	}
	return out, nil
}

// UserRecords gives the users with the numbers, in the order given, with their
// personnel records if asked for; numbers that are nobody's are left out.
func (r *Reader) UserRecords(ctx context.Context, ids []workforce.UserID, withPersonnel bool) ([]workforce.UserRecord, error) {
	g, err := r.graph(ctx, ids, nil)
	if err != nil {
		return nil, err
	}
	if withPersonnel {
		if err := r.personnelOf(ctx, ids, g.users); err != nil {
			return nil, err
		}
	}
	out := make([]workforce.UserRecord, 0, len(ids))
	for _, id := range ids {
		if u, ok := g.users[id]; ok {
			out = append(out, *u)
		}
	}
	return out, nil
}

func (r *Reader) personnelOf(ctx context.Context, ids []workforce.UserID, users map[workforce.UserID]*workforce.UserRecord) error {
	err := inChunks(ids, func(ids []workforce.UserID) error {
		list, args := inList(1, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			p := &workforce.Personnel{}
			err := scanPersonnel(rows, p)
			if u, ok := users[p.UserID]; ok {
				u.Personnel = p
			}
			return err
		}, `SELECT `+personnelFields+` FROM personnel p WHERE p.user_id IN (`+list+`)`, args...)
	})
	if err != nil {
		return fmt.Errorf("reading the personnel records of users: %w", err)
	}
	return nil
}

// graph holds users and connections that are nested in each other.
type graph struct {
	users       map[workforce.UserID]*workforce.UserRecord // full
	stubs       map[workforce.UserID]*workforce.UserRecord // where the API cuts the recursion
	connections map[workforce.ConnectionID]workforce.Connection
	workspaces  map[workforce.WorkspaceID]workforce.Workspace
}

func newGraph() *graph {
	return &graph{
		users:       map[workforce.UserID]*workforce.UserRecord{},
		stubs:       map[workforce.UserID]*workforce.UserRecord{},
		connections: map[workforce.ConnectionID]workforce.Connection{},
		workspaces:  map[workforce.WorkspaceID]workforce.Workspace{},
	}
}

// graph reads users in full, the connections of their identities, the given
// connections with their users in full, and stubs of whoever is nested deeper.
func (r *Reader) graph(ctx context.Context, users []workforce.UserID, outer []workforce.ConnectionID) (*graph, error) {
	g := newGraph()
	if err := r.addConnections(ctx, g, outer); err != nil {
		return nil, err
	}
	users = slices.Clone(users) // sorted below, while the caller's order is that of a list
	for _, id := range outer {
		if u := g.connections[id].UserID; u != nil {
			users = append(users, *u)
		}
	}
	slices.Sort(users)
	users = slices.Compact(users)
	if len(users) == 0 {
		return g, nil
	}
	var err error
	if g.users, err = r.userParts(ctx, users); err != nil {
		return nil, err
	}
	var inner []workforce.ConnectionID
	for _, u := range g.users {
		for i := range u.Identities {
			inner = append(inner, u.Identities[i].ConnectionID)
		}
	}
	if err := r.addConnections(ctx, g, inner); err != nil {
		return nil, err
	}
	if err := r.addStubs(ctx, g); err != nil {
		return nil, err
	}
	for _, u := range g.users {
		for i := range u.Identities {
			u.Identities[i].Connection = g.connection(u.Identities[i].ConnectionID, false)
		}
	}
	return g, nil
}

// connection gives a connection with its user, in full or as a stub.
func (g *graph) connection(id workforce.ConnectionID, full bool) *workforce.ConnectionRecord {
	c, ok := g.connections[id]
	if !ok {
		return nil
	}
	rec := g.bareConnection(c)
	if c.UserID != nil {
		rec.User = g.stubs[*c.UserID]
		if full {
			rec.User = g.users[*c.UserID]
		}
	}
	return &rec
}

// bareConnection gives a connection with its workspaces.
func (g *graph) bareConnection(c workforce.Connection) workforce.ConnectionRecord {
	rec := workforce.ConnectionRecord{Connection: c}
	for _, w := range c.WorkspaceIDs {
		rec.Workspaces = append(rec.Workspaces, g.workspaces[w])
	}
	return rec
}

func (r *Reader) addConnections(ctx context.Context, g *graph, ids []workforce.ConnectionID) error {
	var missing []workforce.ConnectionID
	for _, id := range ids {
		if _, ok := g.connections[id]; !ok && !slices.Contains(missing, id) {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	err := inChunks(missing, func(ids []workforce.ConnectionID) error {
		list, args := inList(1, ids)
		found, err := r.connections(ctx, `WHERE id IN (`+list+`)`, args...)
		for _, c := range found {
			g.connections[c.ID] = c
		}
		return err
	})
	if err != nil || len(g.workspaces) > 0 {
		return err
	}
	all, err := r.Workspaces(ctx)
	for _, w := range all {
		g.workspaces[w.ID] = w
	}
	return err
}

// addStubs reads stubs of the users of all connections.
func (r *Reader) addStubs(ctx context.Context, g *graph) error {
	var missing []workforce.UserID
	for _, c := range g.connections {
		if c.UserID == nil {
			continue
		}
		if full, ok := g.users[*c.UserID]; ok {
			g.stubs[*c.UserID] = &workforce.UserRecord{User: full.User, Stub: true}
		} else {
			missing = append(missing, *c.UserID)
		}
	}
	slices.Sort(missing)
	missing = slices.Compact(missing)
	if len(missing) == 0 {
		return nil
	}
	bare, err := r.BareUsers(ctx, missing)
	for i := range bare {
		g.stubs[bare[i].ID] = &bare[i]
	}
	return err
}
