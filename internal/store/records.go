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
	byID, err := r.personnelByID(ctx, ids)
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
	if err := r.checks(ctx, ids, byID); err != nil {
		return nil, err
	}
	if err := r.devices(ctx, ids, byID); err != nil {
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

func (r *Reader) personnelByID(ctx context.Context, ids []workforce.PersonnelID) (map[workforce.PersonnelID]*workforce.PersonnelRecord, error) {
	byID := map[workforce.PersonnelID]*workforce.PersonnelRecord{}
	err := inChunks(ids, func(ids []workforce.PersonnelID) error {
		list, args := inList(1, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			rec := &workforce.PersonnelRecord{}
			err := scanPersonnel(rows, &rec.Personnel)
			byID[rec.ID] = rec
			return err
		}, `SELECT `+personnelFields+` FROM personnel p WHERE p.id IN (`+list+`)`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading personnel: %w", err)
	}
	pins, err := r.pins(ctx, ids)
	for id, rec := range byID {
		rec.Pins = pins[id]
	}
	return byID, err
}

func (r *Reader) checks(ctx context.Context, ids []workforce.PersonnelID, byID map[workforce.PersonnelID]*workforce.PersonnelRecord) error {
	err := inChunks(ids, func(ids []workforce.PersonnelID) error {
		list, args := inList(1, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			var id workforce.PersonnelID
			var c workforce.Check
			err := rows.Scan(&id, &c.Type, &c.Status, scanTimeOpt{&c.CompletionDate}, scanTimeOpt{&c.ExpiresAt}, &c.CheckFrequency,
				scanTimeOpt{&c.LastCheckedAt}, scanTime{&c.CreatedAt}, scanTime{&c.UpdatedAt})
			if rec, ok := byID[id]; ok {
				rec.Checks = append(rec.Checks, c)
			}
			return err
		}, `SELECT personnel_id, type, status, completion_date, expires_at, check_frequency, last_checked_at, created_at, updated_at
			FROM checks WHERE personnel_id IN (`+list+`)`, args...)
	})
	if err != nil {
		return fmt.Errorf("reading checks: %w", err)
	}
	for _, rec := range byID {
		slices.SortFunc(rec.Checks, func(a, b workforce.Check) int {
			return slices.Index(workforce.AllCheckTypes, a.Type) - slices.Index(workforce.AllCheckTypes, b.Type)
		})
	}
	return nil
}

func (r *Reader) devices(ctx context.Context, ids []workforce.PersonnelID, byID map[workforce.PersonnelID]*workforce.PersonnelRecord) error {
	type place struct {
		owner workforce.PersonnelID
		index int
	}
	at := map[workforce.DeviceID]place{}
	var devices []workforce.DeviceID
	err := inChunks(ids, func(ids []workforce.PersonnelID) error {
		list, args := inList(1, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			var d workforce.Device
			if err := scanDevice(rows, &d); err != nil {
				return err
			}
			rec := byID[d.PersonnelID]
			at[d.ID] = place{d.PersonnelID, len(rec.Devices)}
			devices = append(devices, d.ID)
			rec.Devices = append(rec.Devices, d)
			return nil
		}, `SELECT `+deviceFields+` FROM devices WHERE personnel_id IN (`+list+`) ORDER BY id`, args...)
	})
	if err != nil {
		return fmt.Errorf("reading devices: %w", err)
	}
	if len(devices) == 0 {
		return nil
	}
	device := func(id workforce.DeviceID) *workforce.Device {
		p := at[id]
		return &byID[p.owner].Devices[p.index]
	}
	err = inChunks(devices, func(ids []workforce.DeviceID) error {
		list, args := inList(1, ids)
		if err := r.each(ctx, func(rows *sql.Rows) error {
			var id workforce.DeviceID
			var c workforce.DeviceCheck
			err := rows.Scan(&c.ID, &id, &c.Type, &c.Status, scanTimeOpt{&c.CompletionDate}, scanTimeOpt{&c.ExpiresAt}, &c.CheckFrequency,
				scanTimeOpt{&c.LastCheckedAt}, scanTime{&c.CreatedAt}, scanTime{&c.UpdatedAt})
			device(id).Checks = append(device(id).Checks, c)
			return err
		}, `SELECT id, device_id, type, status, completion_date, expires_at, check_frequency, last_checked_at, created_at, updated_at
			FROM device_checks WHERE device_id IN (`+list+`) ORDER BY id`, args...); err != nil {
			return err
		}
		if err := r.each(ctx, func(rows *sql.Rows) error {
			var id workforce.DeviceID
			var x workforce.DeviceIdentifier
			err := rows.Scan(&x.ID, &id, &x.Type, &x.Identifier, scanTime{&x.CreatedAt}, scanTime{&x.UpdatedAt})
			device(id).Identifiers = append(device(id).Identifiers, x)
			return err
		}, `SELECT id, device_id, type, identifier, created_at, updated_at FROM device_identifiers WHERE device_id IN (`+list+`) ORDER BY id`, args...); err != nil {
			return err
		}
		return r.each(ctx, func(rows *sql.Rows) error {
			var id workforce.DeviceID
			var x workforce.DeviceDocument
			err := rows.Scan(&x.ID, &id, &x.Type, &x.Name, &x.FileURL, scanTime{&x.CreatedAt}, scanTime{&x.UpdatedAt})
			device(id).Documents = append(device(id).Documents, x)
			return err
		}, `SELECT id, device_id, type, name, file_url, created_at, updated_at FROM device_documents WHERE device_id IN (`+list+`) ORDER BY id`, args...)
	})
	if err != nil {
		return fmt.Errorf("reading the parts of devices: %w", err)
	}
	return nil
}

// AccountRecords gives the accounts with the numbers, in the order given;
// numbers that are no account's are left out.
func (r *Reader) AccountRecords(ctx context.Context, kind workforce.AccountKind, ids []workforce.AccountID) ([]workforce.AccountRecord, error) {
	byID := map[workforce.AccountID]*workforce.AccountRecord{}
	var users []workforce.UserID
	var connections []workforce.ConnectionID
	err := inChunks(ids, func(ids []workforce.AccountID) error {
		list, args := inList(2, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			rec := &workforce.AccountRecord{}
			err := scanAccount(rows, &rec.Account)
			byID[rec.ID] = rec
			connections = append(connections, rec.ConnectionID)
			for _, u := range []*workforce.UserID{rec.UserID, rec.ServiceAccountByUserID} {
				if u != nil {
					users = append(users, *u)
				}
			}
			return err
		}, `SELECT `+accountFields+` FROM accounts a WHERE a.kind = $1 AND a.id IN (`+list+`)`, append([]any{string(kind)}, args...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
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

// graph reads users in full, the connections of their identities, the given
// connections with their users in full, and stubs of whoever is nested deeper.
func (r *Reader) graph(ctx context.Context, users []workforce.UserID, outer []workforce.ConnectionID) (*graph, error) {
	g := &graph{
		users:       map[workforce.UserID]*workforce.UserRecord{},
		stubs:       map[workforce.UserID]*workforce.UserRecord{},
		connections: map[workforce.ConnectionID]workforce.Connection{},
		workspaces:  map[workforce.WorkspaceID]workforce.Workspace{},
	}
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
	if g.users, err = r.bareUsers(ctx, users); err != nil {
		return nil, err
	}
	inner, err := r.userParts(ctx, users, g.users)
	if err != nil {
		return nil, err
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
	rec := &workforce.ConnectionRecord{Connection: c}
	if c.UserID != nil {
		rec.User = g.stubs[*c.UserID]
		if full {
			rec.User = g.users[*c.UserID]
		}
	}
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
	bare, err := r.bareUsers(ctx, missing)
	for id, u := range bare {
		u.Stub = true
		g.stubs[id] = u
	}
	return err
}

// bareUsers reads users with their roles.
func (r *Reader) bareUsers(ctx context.Context, ids []workforce.UserID) (map[workforce.UserID]*workforce.UserRecord, error) {
	out := map[workforce.UserID]*workforce.UserRecord{}
	err := inChunks(ids, func(ids []workforce.UserID) error {
		list, args := inList(1, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			u := &workforce.UserRecord{}
			err := scanUser(rows, &u.User)
			out[u.ID] = u
			return err
		}, `SELECT `+userFields+` FROM users u WHERE u.id IN (`+list+`)`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading users: %w", err)
	}
	roles, err := r.roles(ctx, ids)
	for id, u := range out {
		u.Roles = roles[id]
	}
	return out, err
}

// userParts reads what belongs to the users and gives the connections of their
// identities.
func (r *Reader) userParts(ctx context.Context, ids []workforce.UserID, users map[workforce.UserID]*workforce.UserRecord) ([]workforce.ConnectionID, error) {
	var connections []workforce.ConnectionID
	err := inChunks(ids, func(ids []workforce.UserID) error {
		list, args := inList(1, ids)
		if err := r.each(ctx, func(rows *sql.Rows) error {
			var b workforce.BackgroundCheck
			err := scanBackgroundCheck(rows, &b)
			if u, ok := users[b.UserID]; ok {
				u.BackgroundChecks = append(u.BackgroundChecks, b)
			}
			return err
		}, selectIn(backgroundCheckColumns, "background_checks", list), args...); err != nil {
			return err
		}
		if err := r.each(ctx, func(rows *sql.Rows) error {
			var d workforce.Document
			err := scanDocument(rows, &d)
			if u, ok := users[d.UserID]; ok {
				u.Documents = append(u.Documents, d)
			}
			return err
		}, selectIn(documentColumns, "documents", list), args...); err != nil {
			return err
		}
		return r.each(ctx, func(rows *sql.Rows) error {
			var i workforce.IdentityRecord
			err := scanIdentity(rows, &i.Identity)
			if u, ok := users[i.UserID]; ok {
				u.Identities = append(u.Identities, i)
				connections = append(connections, i.ConnectionID)
			}
			return err
		}, selectIn(identityColumns, "identities", list), args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the parts of users: %w", err)
	}
	return connections, nil
}
