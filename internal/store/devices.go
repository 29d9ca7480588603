package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

var deviceIdentifierColumns = []string{"id", "device_id", "type", "identifier", "created_at", "updated_at"}

func deviceIdentifierRow(id workforce.DeviceID, x workforce.DeviceIdentifier) []any {
	return []any{x.ID, int64(id), x.Type, x.Identifier, ms(x.CreatedAt), ms(x.UpdatedAt)}
}

var deviceDocumentColumns = []string{
	"id", "device_id", "type", "name", "file_url", "file_hash", "file_name", "media_type", "file_size", "created_at", "updated_at",
}

const deviceDocumentFields = `id, device_id, type, name, file_url, file_hash, file_name, media_type, file_size, created_at, updated_at`

func deviceDocumentRow(id workforce.DeviceID, d workforce.DeviceDocument) []any {
	return slices.Concat([]any{d.ID, int64(id), string(d.Type), d.Name, d.FileURL}, fileRow(d.File), []any{ms(d.CreatedAt), ms(d.UpdatedAt)})
}

func scanDeviceDocument(rows interface{ Scan(...any) error }, id *workforce.DeviceID, d *workforce.DeviceDocument) error {
	var f scanFile
	err := rows.Scan(&d.ID, id, &d.Type, &d.Name, &d.FileURL, &f.hash, &f.name, &f.mediaType, &f.size,
		scanTime{&d.CreatedAt}, scanTime{&d.UpdatedAt})
	d.File = f.file()
	return err
}

// Device gives a device with its checks, identifiers and documents, also one
// that is no longer in use; the second result is false if there is no such
// device.
func (r *Reader) Device(ctx context.Context, id workforce.DeviceID) (workforce.Device, bool, error) {
	found, err := r.devicesWhere(ctx, `WHERE id = $1`, int64(id))
	if err != nil || len(found) == 0 {
		return workforce.Device{}, false, err
	}
	return found[0], true, nil
}

// Devices gives a page of the devices with their checks, identifiers and
// documents, by number, and how many match.
func (r *Reader) Devices(ctx context.Context, q workforce.DeviceQuery) ([]workforce.Device, int64, error) {
	var where strings.Builder
	var args []any
	and := func(condition string, values ...any) {
		where.WriteString([]string{` WHERE `, ` AND `}[min(where.Len(), 1)] + condition)
		for _, v := range values {
			args = append(args, v)
			where.WriteString(placeholder(len(args)))
		}
	}
	if q.ExternalID != nil {
		and(`external_id = `, *q.ExternalID)
	}
	if q.MACAddress != nil {
		and(`mac_address_key = `, workforce.Fold(*q.MACAddress))
	}
	if q.SerialNumber != nil {
		and(`serial_number_key = `, workforce.Fold(*q.SerialNumber))
	}
	if q.SourceType != nil {
		and(`source_type = `, string(*q.SourceType))
	}
	if q.PersonnelID != nil {
		and(`personnel_id = `, int64(*q.PersonnelID))
	}
	if q.Active != nil {
		and(map[bool]string{true: `deleted_at IS NULL`, false: `deleted_at IS NOT NULL`}[*q.Active])
	}
	var total int64
	if err := r.row(ctx, `SELECT COUNT(*) FROM devices`+where.String(), args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("counting devices: %w", err)
	}
	if q.Limit <= 0 {
		q.Limit = max(total, 1)
	}
	page := ` ORDER BY id LIMIT ` + placeholder(len(args)+1) + ` OFFSET ` + placeholder(len(args)+2)
	out, err := r.devicesWhere(ctx, where.String()+page, append(args, q.Limit, q.Offset)...)
	return out, total, err
}

// devicesWhere gives the devices that a condition selects, in its order. They
// are read with all that their holders have.
func (r *Reader) devicesWhere(ctx context.Context, where string, args ...any) ([]workforce.Device, error) {
	type place struct {
		id     workforce.DeviceID
		holder workforce.PersonnelID
	}
	var found []place
	var holders []workforce.PersonnelID
	err := r.each(ctx, func(rows *sql.Rows) error {
		var p place
		err := rows.Scan(&p.id, &p.holder)
		found, holders = append(found, p), append(holders, p.holder)
		return err
	}, `SELECT id, personnel_id FROM devices `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("finding devices: %w", err)
	}
	holders = sorted(holders)
	byHolder := make(map[workforce.PersonnelID]*workforce.PersonnelRecord, len(holders))
	for _, id := range holders {
		byHolder[id] = &workforce.PersonnelRecord{}
	}
	if err := r.devices(ctx, holders, byHolder); err != nil {
		return nil, err
	}
	out := make([]workforce.Device, 0, len(found))
	for _, p := range found {
		for _, d := range byHolder[p.holder].Devices {
			if d.ID == p.id {
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// LockDevice is [Reader.Device], and keeps other writers from changing the
// device: it locks the personnel record of who has it, as everybody does who
// changes a device.
func (tx *Tx) LockDevice(ctx context.Context, id workforce.DeviceID) (workforce.Device, bool, error) {
	found, err := tx.LockDevices(ctx, []workforce.DeviceID{id})
	d, ok := found[id]
	return d, ok, err
}

// DeviceDocument gives a document of a device and whose it is; the third result
// is false if there is no such document.
func (r *Reader) DeviceDocument(ctx context.Context, id int64) (workforce.DeviceDocument, workforce.DeviceID, bool, error) {
	var d workforce.DeviceDocument
	var of workforce.DeviceID
	err := scanDeviceDocument(r.row(ctx, `SELECT `+deviceDocumentFields+` FROM device_documents WHERE id = $1`, id), &of, &d)
	if none(err) {
		return d, 0, false, nil
	}
	if err != nil {
		return d, 0, false, fmt.Errorf("reading document %d of a device: %w", id, err)
	}
	return d, of, true, nil
}

// lockPersonnel gives personnel records with their pins, in a fixed number of
// statements, and keeps other writers from changing them. It takes them in the
// order of their numbers, so that two writers cannot wait for each other.
func (tx *Tx) lockPersonnel(ctx context.Context, ids []workforce.PersonnelID) (map[workforce.PersonnelID]workforce.Personnel, error) {
	ids = sorted(ids)
	out := make(map[workforce.PersonnelID]workforce.Personnel, len(ids))
	err := inChunks(ids, func(ids []workforce.PersonnelID) error {
		list, args := inList(1, ids)
		return tx.each(ctx, func(rows *sql.Rows) error {
			var p workforce.Personnel
			err := scanPersonnel(rows, &p)
			out[p.ID] = p
			return err
		}, `SELECT `+personnelFields+` FROM personnel p WHERE p.id IN (`+list+`) ORDER BY p.id`+tx.db.dialect.forUpdate, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("locking personnel: %w", err)
	}
	pins, err := tx.pins(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		p, ok := out[id]
		if !ok {
			return nil, fmt.Errorf("personnel %d does not exist", id)
		}
		p.Pins = pins[id]
		out[id] = p
	}
	return out, nil
}

// usersOf gives whose records they are, in order.
func usersOf(people map[workforce.PersonnelID]workforce.Personnel) []workforce.UserID {
	users := make([]workforce.UserID, 0, len(people))
	for _, p := range people {
		users = append(users, p.UserID)
	}
	return sorted(users)
}
