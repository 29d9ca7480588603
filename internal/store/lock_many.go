package store

import (
	"context"

	"github.com/passmuster/passmuster/internal/workforce"
)

// LockUsers keeps other writers from changing users, in a fixed number of
// statements. That one of them does not exist is an error.
func (tx *Tx) LockUsers(ctx context.Context, ids []workforce.UserID) error {
	_, err := tx.lockUsers(ctx, ids)
	return err
}

// LockDevices is [Tx.LockDevice] for many, in a fixed number of statements;
// devices that do not exist are left out.
func (tx *Tx) LockDevices(ctx context.Context, ids []workforce.DeviceID) (map[workforce.DeviceID]workforce.Device, error) {
	out := map[workforce.DeviceID]workforce.Device{}
	locked := map[workforce.PersonnelID]bool{}
	for {
		if err := tx.devicesByID(ctx, ids, out); err != nil {
			return nil, err
		}
		var holders []workforce.PersonnelID
		for _, d := range out {
			if !locked[d.PersonnelID] {
				locked[d.PersonnelID] = true
				holders = append(holders, d.PersonnelID)
			}
		}
		if len(holders) == 0 {
			return out, nil // what was read, was read under lock
		}
		if _, err := tx.lockPersonnel(ctx, holders); err != nil {
			return nil, err
		}
	}
}

// devicesByID reads devices into a map, which it empties first.
func (r *Reader) devicesByID(ctx context.Context, ids []workforce.DeviceID, into map[workforce.DeviceID]workforce.Device) error {
	clear(into)
	return inChunks(sorted(ids), func(ids []workforce.DeviceID) error {
		list, args := inList(1, ids)
		found, err := r.devicesWhere(ctx, `WHERE id IN (`+list+`)`, args...)
		for _, d := range found {
			into[d.ID] = d
		}
		return err
	})
}
