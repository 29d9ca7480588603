package store

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// SaveDevice keeps a device with its checks, identifiers and documents; before
// is what [Tx.LockDevice] gave, nil for a new one. Another PersonnelID moves it
// to another person. The device and each identifier and document without a
// number get one; times that are zero are filled in. Its checks are decided
// anew when the transaction ends, whatever is given. Equal values are not
// written.
func (tx *Tx) SaveDevice(ctx context.Context, before, after *workforce.Device) error {
	return tx.SaveDevices(ctx, []DeviceChange{{before, after}})
}

// SaveDevices is [Tx.SaveDevice] for many, with a few statements for some
// hundreds. No device may come twice.
func (tx *Tx) SaveDevices(ctx context.Context, changes []DeviceChange) error {
	parts := newDeviceParts()
	var changed []DeviceChange
	var holders []workforce.PersonnelID
	for _, c := range changes {
		if c.Before != nil {
			c.After.ID = c.Before.ID // the checks' numbers are made from it
		}
		tidyDevice(c.After)
		parts.add(tx.at, c) // nothing, if the device is the same
		if !c.settle(tx.at, deviceFieldsOf) {
			continue
		}
		changed, holders = append(changed, c), append(holders, c.After.PersonnelID)
		if c.Before != nil {
			holders = append(holders, c.Before.PersonnelID)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	people, err := tx.lockPersonnel(ctx, holders)
	if err != nil {
		return err
	}
	if err := number(ctx, tx, "devices", changed, deviceFieldsOf); err != nil {
		return err
	}
	if err := parts.number(ctx, tx); err != nil {
		return err
	}
	rows := make([][]any, len(changed))
	for i, c := range changed {
		sortDevice(c.After)
		rows[i] = deviceRow(*c.After)
	}
	if err := tx.upsert(ctx, "devices", deviceColumns, keyID, rows); err != nil {
		return err
	}
	if err := tx.saveDeviceChecks(ctx, changed); err != nil {
		return err
	}
	if err := parts.write(ctx, tx); err != nil {
		return err
	}
	for _, c := range changed {
		holders := []workforce.UserID{people[c.After.PersonnelID].UserID}
		if c.Before != nil {
			holders = append(holders, people[c.Before.PersonnelID].UserID)
		}
		tx.record(c.kind(SubjectDevice), SubjectDevice, int64(c.After.ID), c.payload(), *c.After, holders...)
	}
	return nil
}

func deviceFieldsOf(d *workforce.Device) (id *int64, created, updated *time.Time) {
	return (*int64)(&d.ID), &d.CreatedAt, &d.UpdatedAt
}

// tidyDevice puts a device into the form in which it is read again.
func tidyDevice(d *workforce.Device) {
	for _, raw := range []*json.RawMessage{
		&d.EncryptionExplanation, &d.FirewallExplanation, &d.ScreenLockExplanation,
		&d.AntivirusExplanation, &d.AutoUpdateExplanation, &d.PasswordManagerExplanation,
	} {
		if jsonOpt(*raw) == nil {
			*raw = nil
		}
	}
	d.Checks, d.Identifiers, d.Documents = orNil(slices.Clone(d.Checks)), orNil(slices.Clone(d.Identifiers)), orNil(slices.Clone(d.Documents))
	sortDevice(d)
}

// sortDevice gives the checks of a device their numbers, and puts its parts in
// the order of theirs.
func sortDevice(d *workforce.Device) {
	for i := range d.Checks {
		d.Checks[i].ID = workforce.DeviceCheckID(d.ID, d.Checks[i].Type)
	}
	slices.SortStableFunc(d.Checks, func(a, b workforce.DeviceCheck) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(d.Identifiers, func(a, b workforce.DeviceIdentifier) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(d.Documents, func(a, b workforce.DeviceDocument) int { return cmp.Compare(a.ID, b.ID) })
}

// saveDeviceChecks writes the checks of devices where they change.
func (tx *Tx) saveDeviceChecks(ctx context.Context, changes []DeviceChange) error {
	var gone []workforce.DeviceID
	var rows [][]any
	for _, c := range changes {
		if c.Before != nil && equal(c.Before.Checks, c.After.Checks) {
			continue
		}
		if c.Before != nil {
			gone = append(gone, c.Before.ID)
		}
		for _, check := range c.After.Checks {
			rows = append(rows, deviceCheckRow(c.After.ID, check))
		}
	}
	if err := deleteIDs(ctx, tx, "device_checks", "device_id", gone); err != nil {
		return err
	}
	return tx.insert(ctx, "device_checks", deviceCheckColumns, rows)
}

// deviceParts gathers what changes of the identifiers and documents of devices.
type deviceParts struct {
	identifiers devicePart[workforce.DeviceIdentifier]
	documents   devicePart[workforce.DeviceDocument]
}

func newDeviceParts() *deviceParts {
	return &deviceParts{
		devicePart[workforce.DeviceIdentifier]{
			table: "device_identifiers", columns: deviceIdentifierColumns, row: deviceIdentifierRow,
			fields: func(x *workforce.DeviceIdentifier) (id *int64, created, updated *time.Time) {
				return &x.ID, &x.CreatedAt, &x.UpdatedAt
			},
		},
		devicePart[workforce.DeviceDocument]{
			table: "device_documents", columns: deviceDocumentColumns, row: deviceDocumentRow,
			fields: func(x *workforce.DeviceDocument) (id *int64, created, updated *time.Time) {
				return &x.ID, &x.CreatedAt, &x.UpdatedAt
			},
		},
	}
}

// add compares the parts of a device with those that it had.
func (p *deviceParts) add(now time.Time, c DeviceChange) {
	var was workforce.Device
	if c.Before != nil {
		was = *c.Before
	}
	p.identifiers.add(now, c.After, was.Identifiers, c.After.Identifiers)
	p.documents.add(now, c.After, was.Documents, c.After.Documents)
}

// number gives the new parts of devices, which have their numbers, theirs.
func (p *deviceParts) number(ctx context.Context, tx *Tx) error {
	if err := p.identifiers.number(ctx, tx); err != nil {
		return err
	}
	return p.documents.number(ctx, tx)
}

func (p *deviceParts) write(ctx context.Context, tx *Tx) error {
	if err := p.identifiers.write(ctx, tx); err != nil {
		return err
	}
	return p.documents.write(ctx, tx)
}

// devicePart gathers what changes of one kind of parts.
type devicePart[T any] struct {
	table   string
	columns []string
	row     func(workforce.DeviceID, T) []any
	fields  keptFields[T]

	changes []Replacement[T]
	of      []*workforce.Device // whose each of the changes is
	gone    []int64
	rows    [][]any
}

func (p *devicePart[T]) add(now time.Time, d *workforce.Device, before, after []T) {
	was := make(map[int64]*T, len(before))
	for i := range before {
		id, _, _ := p.fields(&before[i])
		was[*id] = &before[i]
	}
	for i := range after {
		id, _, _ := p.fields(&after[i])
		c := Replacement[T]{was[*id], &after[i]}
		delete(was, *id)
		if c.settle(now, p.fields) {
			p.changes, p.of = append(p.changes, c), append(p.of, d)
		}
	}
	p.gone = append(p.gone, slices.Sorted(maps.Keys(was))...)
}

// number gives the new ones their numbers and makes the rows, since the parts
// are put in order afterwards.
func (p *devicePart[T]) number(ctx context.Context, tx *Tx) error {
	if err := number(ctx, tx, p.table, p.changes, p.fields); err != nil {
		return err
	}
	for i, c := range p.changes {
		p.rows = append(p.rows, p.row(p.of[i].ID, *c.After))
	}
	return nil
}

func (p *devicePart[T]) write(ctx context.Context, tx *Tx) error {
	if err := deleteIDs(ctx, tx, p.table, "id", p.gone); err != nil {
		return err
	}
	return tx.upsert(ctx, p.table, p.columns, keyID, p.rows)
}
