package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// appsPayload is what the change log keeps of the apps of a device: all of
// them. A device without any has no payload.
type appsPayload struct {
	DeviceID workforce.DeviceID `json:"deviceId"`
	Apps     []workforce.App    `json:"apps"`
}

// Apps gives a page of the apps on a device, by number, and how many there are.
func (r *Reader) Apps(ctx context.Context, id workforce.DeviceID, offset, limit int64) ([]workforce.App, int64, error) {
	var total int64
	if err := r.row(ctx, `SELECT COUNT(*) FROM device_apps WHERE device_id = $1`, int64(id)).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("counting the apps of device %d: %w", id, err)
	}
	var out []workforce.App
	err := r.eachApp(ctx, func(_ workforce.DeviceID, a workforce.App) error {
		out = append(out, a)
		return nil
	}, `WHERE device_id = $1 ORDER BY id LIMIT $2 OFFSET $3`, int64(id), limit, offset)
	return out, total, err
}

func (r *Reader) eachApp(ctx context.Context, f func(workforce.DeviceID, workforce.App) error, where string, args ...any) error {
	err := r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.DeviceID
		var a workforce.App
		if err := rows.Scan(&a.ID, &id, &a.Name, &a.Version); err != nil {
			return err
		}
		return f(id, a)
	}, `SELECT id, device_id, name, version FROM device_apps `+where, args...)
	if err != nil {
		return fmt.Errorf("reading apps: %w", err)
	}
	return nil
}

// appKey is what makes two apps of a device the same.
type appKey struct {
	name, version string
	versioned     bool
}

func keyOfApp(a workforce.App) appKey {
	return appKey{a.Name, workforce.Text(a.Version), a.Version != nil}
}

// SaveApps replaces the apps of a device. One that was there already, of the
// same name and version, keeps its number; the others get one; one that is
// given twice counts once. Equal apps are not written. The number of apps in
// the device's own record stays what its source said.
func (tx *Tx) SaveApps(ctx context.Context, id workforce.DeviceID, apps []workforce.App) error {
	_, err := tx.SaveAppsOf(ctx, map[workforce.DeviceID][]workforce.App{id: apps})
	return err
}

// SaveAppsOf is [Tx.SaveApps] for many devices, with a few statements for some
// hundreds of them. It gives the devices whose apps changed, in order.
func (tx *Tx) SaveAppsOf(ctx context.Context, apps map[workforce.DeviceID][]workforce.App) ([]workforce.DeviceID, error) {
	ids := slices.Sorted(maps.Keys(apps))
	devices, err := tx.LockDevices(ctx, ids)
	if err != nil {
		return nil, err
	}
	holders := make([]workforce.PersonnelID, 0, len(devices))
	for _, id := range ids {
		d, ok := devices[id]
		if !ok {
			return nil, fmt.Errorf("device %d does not exist", id)
		}
		holders = append(holders, d.PersonnelID)
	}
	people, err := tx.lockPersonnel(ctx, holders)
	if err != nil {
		return nil, err
	}
	was, err := tx.appsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var changed []workforce.DeviceID
	var gone []int64
	var added []*workforce.App
	var of []workforce.DeviceID // whose each of the added is
	is := map[workforce.DeviceID][]workforce.App{}
	for _, id := range ids {
		stays, out := joinApps(was[id], apps[id])
		if equal(was[id], stays) {
			continue
		}
		is[id] = stays
		changed, gone = append(changed, id), append(gone, out...)
		for i := range stays {
			if stays[i].ID == 0 {
				added, of = append(added, &stays[i]), append(of, id)
			}
		}
	}
	if err := deleteIDs(ctx, tx, "device_apps", "id", gone); err != nil {
		return nil, err
	}
	if err := tx.insertApps(ctx, of, added); err != nil {
		return nil, err
	}
	for _, id := range changed {
		user := people[devices[id].PersonnelID].UserID
		tx.record("device.apps_updated", SubjectDeviceApps, int64(id), payloadOfApps(id, was[id]), payloadOfApps(id, is[id]), user)
	}
	return changed, nil
}

// joinApps gives the apps of a device when they are to be those given: what was
// there before keeps its place and number, what is new follows without one. It
// also gives the numbers of those that are gone.
func joinApps(was, given []workforce.App) (is []workforce.App, gone []int64) {
	wanted := make(map[appKey]bool, len(given))
	for _, a := range given {
		wanted[keyOfApp(a)] = true
	}
	for _, a := range was {
		if key := keyOfApp(a); wanted[key] {
			is = append(is, a)
			delete(wanted, key)
		} else {
			gone = append(gone, a.ID)
		}
	}
	for _, a := range given {
		if key := keyOfApp(a); wanted[key] {
			a.ID = 0
			is = append(is, a)
			delete(wanted, key)
		}
	}
	return is, gone
}

// payloadOfApps is what the log keeps of apps; nil if there are none.
func payloadOfApps(id workforce.DeviceID, apps []workforce.App) any {
	if len(apps) == 0 {
		return nil
	}
	return appsPayload{id, apps}
}

// appsOf gives every app on the devices, by number.
func (r *Reader) appsOf(ctx context.Context, ids []workforce.DeviceID) (map[workforce.DeviceID][]workforce.App, error) {
	out := map[workforce.DeviceID][]workforce.App{}
	return out, inChunks(ids, func(ids []workforce.DeviceID) error {
		list, args := inList(1, ids)
		return r.eachApp(ctx, func(id workforce.DeviceID, a workforce.App) error {
			out[id] = append(out[id], a)
			return nil
		}, `WHERE device_id IN (`+list+`) ORDER BY device_id, id`, args...)
	})
}

// insertApps adds apps to devices and fills in their numbers.
func (tx *Tx) insertApps(ctx context.Context, of []workforce.DeviceID, apps []*workforce.App) error {
	if len(apps) == 0 {
		return nil
	}
	next, err := tx.nextIDs(ctx, "device_apps", len(apps))
	if err != nil {
		return err
	}
	rows := make([][]any, len(apps))
	for i, a := range apps {
		a.ID = next + int64(i)
		rows[i] = []any{a.ID, int64(of[i]), a.Name, a.Version}
	}
	return tx.insert(ctx, "device_apps", []string{"id", "device_id", "name", "version"}, rows)
}

// appFacts gives the apps of each device for a verification.
func appFacts(ctx context.Context, r *Reader, first, last int64, is func(id int64, part string, v any) error) error {
	var all []appsPayload
	err := r.eachApp(ctx, func(id workforce.DeviceID, a workforce.App) error {
		if len(all) == 0 || all[len(all)-1].DeviceID != id {
			all = append(all, appsPayload{DeviceID: id})
		}
		of := &all[len(all)-1]
		of.Apps = append(of.Apps, a)
		return nil
	}, `WHERE device_id BETWEEN $1 AND $2 ORDER BY device_id, id`, first, last)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := is(int64(p.DeviceID), "", p); err != nil {
			return err
		}
	}
	return nil
}
