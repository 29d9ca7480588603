package storetest_test

import (
	"context"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Devices that are locked together are those that LockDevice gives one by one;
// who writes next sees what the first one did, however both began.
func TestLockingMany(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			for n := range 3 {
				id, err := addPerson(ctx, tx, n+1)
				if err != nil {
					return err
				}
				device := workforce.Device{PersonnelID: id, SourceType: "JAMF"}
				if err := tx.SaveDevice(ctx, nil, &device); err != nil {
					return err
				}
			}
			return nil
		})
		var ids []workforce.DeviceID
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			all, _, err := r.Devices(ctx, workforce.DeviceQuery{})
			for _, device := range all {
				ids = append(ids, device.ID)
			}
			return err
		})
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			locked, err := tx.LockDevices(ctx, append([]workforce.DeviceID{999_999}, ids...))
			if err != nil {
				return err
			}
			if len(locked) != len(ids) || len(ids) < 3 {
				t.Errorf("%d devices of %d are locked", len(locked), len(ids))
			}
			for _, id := range ids {
				one, ok, err := tx.LockDevice(ctx, id)
				if err != nil || !ok || one.ID != locked[id].ID || one.PersonnelID != locked[id].PersonnelID {
					t.Errorf("device %d: %+v, %v, %v", id, one, ok, err)
				}
			}
			if err := tx.LockUsers(ctx, []workforce.UserID{1, 2, 1}); err != nil {
				return err
			}
			if err := tx.LockUsers(ctx, []workforce.UserID{999_999}); err == nil {
				t.Error("a user who does not exist is locked")
			}
			return nil
		})

		// The second writer begins while the first one holds the lock, and both
		// add to what they read.
		const writers = 4
		errs := make(chan error, writers)
		for range writers {
			go func() {
				errs <- db.Write(t.Context(), store.Cause{Actor: "test", Cause: "test"}, func(tx *store.Tx) error {
					locked, err := tx.LockDevices(t.Context(), ids)
					if err != nil {
						return err
					}
					var changes []store.DeviceChange
					for _, id := range ids {
						before, after := locked[id], locked[id]
						count := int64(1)
						if before.AppsCount != nil {
							count += *before.AppsCount
						}
						after.AppsCount = &count
						changes = append(changes, store.DeviceChange{Before: &before, After: &after})
					}
					return tx.SaveDevices(t.Context(), changes)
				})
			}()
		}
		for range writers {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		read(t, db, func(ctx context.Context, r *store.Reader) error {
			all, _, err := r.Devices(ctx, workforce.DeviceQuery{SourceType: workforce.Ptr(workforce.DeviceSource("JAMF"))})
			for _, device := range all {
				if device.AppsCount == nil || *device.AppsCount < writers {
					t.Errorf("device %d lost an addition: %v", device.ID, device.AppsCount)
				}
			}
			return err
		})
		if v := verified(t, db); len(v.Problems) > 0 {
			t.Errorf("problems: %v", v.Problems)
		}
	})
}
