package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Here records are read from the tables, each in a fixed number of statements.

// personnelRows reads personnel records with their pins, checks and devices.
func (r *Reader) personnelRows(ctx context.Context, ids []workforce.PersonnelID) (map[workforce.PersonnelID]*workforce.PersonnelRecord, error) {
	ids = distinct(ids)
	byID, err := r.personnelByID(ctx, ids)
	if err != nil || len(byID) == 0 {
		return byID, err
	}
	if err := r.checks(ctx, ids, byID); err != nil {
		return nil, err
	}
	return byID, r.devices(ctx, ids, byID)
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
			rec, ok := byID[d.PersonnelID]
			if !ok {
				return nil // somebody took the owner away behind our back: Verify tells
			}
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
			err := scanDeviceDocument(rows, &id, &x)
			device(id).Documents = append(device(id).Documents, x)
			return err
		}, `SELECT `+deviceDocumentFields+` FROM device_documents WHERE device_id IN (`+list+`) ORDER BY id`, args...)
	})
	if err != nil {
		return fmt.Errorf("reading the parts of devices: %w", err)
	}
	return nil
}

func (r *Reader) accountsByID(ctx context.Context, kind workforce.AccountKind, ids []workforce.AccountID) (map[workforce.AccountID]*workforce.AccountRecord, error) {
	byID := map[workforce.AccountID]*workforce.AccountRecord{}
	err := inChunks(ids, func(ids []workforce.AccountID) error {
		list, args := inList(2, ids)
		return r.eachKept(ctx, func(rows *sql.Rows) error {
			rec := &workforce.AccountRecord{}
			err := scanAccount(rows, &rec.Account)
			byID[rec.ID] = rec
			return err
		}, `SELECT `+accountFields+` FROM accounts a WHERE a.kind = $1 AND a.id IN (`+list+`)`, append([]any{string(kind)}, args...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
	}
	return byID, nil
}

// userRows reads users with their roles, background checks, documents and
// identities.
func (r *Reader) userRows(ctx context.Context, ids []workforce.UserID) (map[workforce.UserID]*workforce.UserRecord, error) {
	ids = distinct(ids)
	byID, err := r.bareUsers(ctx, ids)
	if err != nil || len(byID) == 0 {
		return byID, err
	}
	return byID, r.addUserParts(ctx, ids, byID)
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

// addUserParts reads what belongs to the users.
func (r *Reader) addUserParts(ctx context.Context, ids []workforce.UserID, users map[workforce.UserID]*workforce.UserRecord) error {
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
			}
			return err
		}, selectIn(identityColumns, "identities", list), args...)
	})
	if err != nil {
		return fmt.Errorf("reading the parts of users: %w", err)
	}
	return nil
}
