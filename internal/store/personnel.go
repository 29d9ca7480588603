package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// personnelPayload is what the change log keeps of a personnel record. On an
// update only the checks that changed are given, and the groups only if they
// changed: absent is not said, an empty list of groups is none.
type personnelPayload struct {
	workforce.Personnel
	Checks   []workforce.Check   `json:"checks,omitempty"`
	GroupIDs []workforce.GroupID `json:"groupIds,omitzero"`
}

// equal compares two values deeply. Times are always UTC milliseconds here, so
// that equal instants are equal values.
func equal[T any](a, b T) bool { return reflect.DeepEqual(a, b) }

var personnelColumns = []string{
	"id", "user_id", "employment_status", "not_human_reason", "reason_provider_id", "start_date", "separation_date",
	"status_updated_at", "created_at", "updated_at",
}

func personnelRow(p workforce.Personnel) []any {
	return []any{
		int64(p.ID), int64(p.UserID), string(p.EmploymentStatus), p.NotHumanReason, intOpt(p.ReasonProviderID),
		textOpt(p.StartDate), textOpt(p.SeparationDate), msOpt(p.StatusUpdatedAt), ms(p.CreatedAt), ms(p.UpdatedAt),
	}
}

const personnelFields = `p.id, p.user_id, p.employment_status, p.not_human_reason, p.reason_provider_id, p.start_date, p.separation_date,
	p.status_updated_at, p.created_at, p.updated_at`

func scanPersonnel(rows interface{ Scan(...any) error }, p *workforce.Personnel) error {
	return rows.Scan(&p.ID, &p.UserID, &p.EmploymentStatus, &p.NotHumanReason, &p.ReasonProviderID, &p.StartDate,
		&p.SeparationDate, scanTimeOpt{&p.StatusUpdatedAt}, scanTime{&p.CreatedAt}, scanTime{&p.UpdatedAt})
}

var pinColumns = []string{"personnel_id", "field", "actor", "reason", "at"}

func pinRow(id workforce.PersonnelID, p workforce.Pin) []any {
	return []any{int64(id), string(p.Field), p.Actor, p.Reason, ms(p.At)}
}

var checkColumns = []string{
	"personnel_id", "type", "status", "completion_date", "expires_at", "check_frequency", "last_checked_at", "created_at", "updated_at",
}

func checkRow(id workforce.PersonnelID, c workforce.Check) []any {
	return []any{
		int64(id), string(c.Type), string(c.Status), msOpt(c.CompletionDate), msOpt(c.ExpiresAt),
		string(c.CheckFrequency), msOpt(c.LastCheckedAt), ms(c.CreatedAt), ms(c.UpdatedAt),
	}
}

// LockPersonnel gives a personnel record with its pins and keeps other writers
// from changing it; the second result is false if there is no such record.
func (tx *Tx) LockPersonnel(ctx context.Context, id workforce.PersonnelID) (workforce.Personnel, bool, error) {
	var p workforce.Personnel
	err := scanPersonnel(tx.row(ctx, `SELECT `+personnelFields+` FROM personnel p WHERE p.id = $1`+tx.db.dialect.forUpdate, int64(id)), &p)
	if none(err) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("reading personnel %d: %w", id, err)
	}
	pins, err := tx.pins(ctx, []workforce.PersonnelID{id})
	p.Pins = pins[id]
	return p, true, err
}

// PersonnelIDOf gives the number of a user's personnel record.
func (r *Reader) PersonnelIDOf(ctx context.Context, id workforce.UserID) (workforce.PersonnelID, bool, error) {
	var p workforce.PersonnelID
	err := r.row(ctx, `SELECT id FROM personnel WHERE user_id = $1`, int64(id)).Scan(&p)
	if none(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("finding the personnel record of user %d: %w", id, err)
	}
	return p, true, nil
}

// PersonnelExists reports whether the number is a personnel record's.
func (r *Reader) PersonnelExists(ctx context.Context, id workforce.PersonnelID) (bool, error) {
	return r.exists(ctx, `SELECT 1 FROM personnel WHERE id = $1`, int64(id))
}

// UpdatePersonnel replaces a record that [Tx.LockPersonnel] gave, with its
// pins. Equal values are not written.
func (tx *Tx) UpdatePersonnel(ctx context.Context, before, after workforce.Personnel, kind string) error {
	after.Pins = sortedPins(after.Pins)
	if equal(before, after) {
		return nil
	}
	row := personnelRow(after)
	_, err := tx.exec(ctx, `UPDATE personnel SET user_id = $1, employment_status = $2, not_human_reason = $3, reason_provider_id = $4,
		start_date = $5, separation_date = $6, status_updated_at = $7, created_at = $8, updated_at = $9 WHERE id = $10`, append(row[1:], row[0])...)
	if err != nil {
		return fmt.Errorf("updating personnel %d: %w", after.ID, err)
	}
	if !equal(before.Pins, after.Pins) {
		if _, err := tx.exec(ctx, `DELETE FROM pins WHERE personnel_id = $1`, int64(after.ID)); err != nil {
			return fmt.Errorf("updating the pins of personnel %d: %w", after.ID, err)
		}
		rows := make([][]any, len(after.Pins))
		for i, pin := range after.Pins {
			rows[i] = pinRow(after.ID, pin)
		}
		if err := tx.insert(ctx, "pins", pinColumns, rows); err != nil {
			return err
		}
	}
	payload := personnelPayload{Personnel: after}
	if c, ok := tx.byKey[subjectKey{SubjectPersonnel, int64(after.ID)}]; ok {
		if a, ok := c.after.(personnelPayload); ok {
			payload.Checks, payload.GroupIDs = a.Checks, a.GroupIDs
		}
	}
	tx.record(kind, SubjectPersonnel, int64(after.ID), personnelPayload{Personnel: before}, payload, after.UserID)
	return nil
}

func (r *Reader) pins(ctx context.Context, ids []workforce.PersonnelID) (map[workforce.PersonnelID][]workforce.Pin, error) {
	out := map[workforce.PersonnelID][]workforce.Pin{}
	err := inChunks(ids, func(ids []workforce.PersonnelID) error {
		list, args := inList(1, ids)
		return r.each(ctx, func(rows *sql.Rows) error {
			var id workforce.PersonnelID
			var pin workforce.Pin
			err := rows.Scan(&id, &pin.Field, &pin.Actor, &pin.Reason, scanTime{&pin.At})
			out[id] = append(out[id], pin)
			return err
		}, `SELECT personnel_id, field, actor, reason, at FROM pins WHERE personnel_id IN (`+list+`)`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading pins: %w", err)
	}
	for id, pins := range out {
		out[id] = sortedPins(pins)
	}
	return out, nil
}

// sortedPins gives a copy in the order of workforce.AllPinFields; nil if there
// are none.
func sortedPins(pins []workforce.Pin) []workforce.Pin {
	pins = orNil(slices.Clone(pins))
	slices.SortFunc(pins, func(a, b workforce.Pin) int {
		return slices.Index(workforce.AllPinFields, a.Field) - slices.Index(workforce.AllPinFields, b.Field)
	})
	return pins
}

// PersonnelWithPins gives the numbers of the records that have a pin, after a
// number, in order.
func (r *Reader) PersonnelWithPins(ctx context.Context, after workforce.PersonnelID, limit int) ([]workforce.PersonnelID, error) {
	return r.personnelIDs(ctx, `SELECT DISTINCT personnel_id FROM pins WHERE personnel_id > $1 ORDER BY personnel_id LIMIT $2`, int64(after), limit)
}

// FutureHiresDue gives the numbers of the future hires that start on the day
// or earlier and whose status is not pinned.
func (r *Reader) FutureHiresDue(ctx context.Context, day workforce.Date) ([]workforce.PersonnelID, error) {
	return r.personnelIDs(ctx, `SELECT p.id FROM personnel p WHERE p.employment_status = $1 AND p.start_date <= $2
		AND NOT EXISTS (SELECT 1 FROM pins x WHERE x.personnel_id = p.id AND x.field = $3) ORDER BY p.id`,
		string(workforce.FutureHire), string(day), string(workforce.PinEmploymentStatus))
}

func (r *Reader) personnelIDs(ctx context.Context, text string, args ...any) ([]workforce.PersonnelID, error) {
	var out []workforce.PersonnelID
	err := r.each(ctx, func(rows *sql.Rows) error {
		var id workforce.PersonnelID
		err := rows.Scan(&id)
		out = append(out, id)
		return err
	}, text, args...)
	if err != nil {
		return nil, fmt.Errorf("listing personnel: %w", err)
	}
	return out, nil
}

var deviceColumns = []string{
	"id", "personnel_id", "external_id", "os_version", "os_version_key", "serial_number", "serial_number_key", "model", "mac_address", "mac_address_key",
	"encryption_enabled", "encryption_explanation", "firewall_enabled", "firewall_explanation", "screen_lock_time",
	"screen_lock_explanation", "antivirus_enabled", "antivirus_explanation", "auto_update_enabled", "auto_update_explanation",
	"password_manager_enabled", "password_manager_explanation", "location_services_enabled", "agent_version", "apps_count", "last_checked_at", "source_type",
	"created_at", "updated_at", "deleted_at",
}

func deviceRow(d workforce.Device) []any {
	return []any{
		int64(d.ID), int64(d.PersonnelID), d.ExternalID, d.OSVersion, keyOpt(d.OSVersion), d.SerialNumber, keyOpt(d.SerialNumber),
		d.Model, d.MACAddress, keyOpt(d.MACAddress), bitOpt(d.EncryptionEnabled), jsonOpt(d.EncryptionExplanation), bitOpt(d.FirewallEnabled),
		jsonOpt(d.FirewallExplanation), d.ScreenLockTime, jsonOpt(d.ScreenLockExplanation), bitOpt(d.AntivirusEnabled),
		jsonOpt(d.AntivirusExplanation), bitOpt(d.AutoUpdateEnabled), jsonOpt(d.AutoUpdateExplanation),
		bitOpt(d.PasswordManagerEnabled), jsonOpt(d.PasswordManagerExplanation), bitOpt(d.LocationServicesEnabled), d.AgentVersion, d.AppsCount,
		msOpt(d.LastCheckedAt), string(d.SourceType), ms(d.CreatedAt), ms(d.UpdatedAt), msOpt(d.DeletedAt),
	}
}

func scanDevice(rows *sql.Rows, d *workforce.Device) error {
	return rows.Scan(&d.ID, &d.PersonnelID, &d.ExternalID, &d.OSVersion, &d.SerialNumber, &d.Model, &d.MACAddress,
		&d.EncryptionEnabled, scanJSON{&d.EncryptionExplanation}, &d.FirewallEnabled, scanJSON{&d.FirewallExplanation},
		&d.ScreenLockTime, scanJSON{&d.ScreenLockExplanation}, &d.AntivirusEnabled, scanJSON{&d.AntivirusExplanation},
		&d.AutoUpdateEnabled, scanJSON{&d.AutoUpdateExplanation}, &d.PasswordManagerEnabled,
		scanJSON{&d.PasswordManagerExplanation}, &d.LocationServicesEnabled, &d.AgentVersion, &d.AppsCount, scanTimeOpt{&d.LastCheckedAt}, &d.SourceType,
		scanTime{&d.CreatedAt}, scanTime{&d.UpdatedAt}, scanTimeOpt{&d.DeletedAt})
}

const deviceFields = `id, personnel_id, external_id, os_version, serial_number, model, mac_address,
	encryption_enabled, encryption_explanation, firewall_enabled, firewall_explanation, screen_lock_time, screen_lock_explanation,
	antivirus_enabled, antivirus_explanation, auto_update_enabled, auto_update_explanation, password_manager_enabled,
	password_manager_explanation, location_services_enabled, agent_version, apps_count, last_checked_at, source_type, created_at, updated_at, deleted_at`

var deviceCheckColumns = []string{
	"id", "device_id", "type", "status", "completion_date", "expires_at", "check_frequency", "last_checked_at", "created_at", "updated_at",
}

func deviceCheckRow(id workforce.DeviceID, c workforce.DeviceCheck) []any {
	return []any{
		c.ID, int64(id), string(c.Type), string(c.Status), msOpt(c.CompletionDate), msOpt(c.ExpiresAt),
		string(c.CheckFrequency), msOpt(c.LastCheckedAt), ms(c.CreatedAt), ms(c.UpdatedAt),
	}
}

// PersonnelKnownToSource gives the first record, by number, that a source
// knows, and how many there are; 0 and 0 if there is none.
func (r *Reader) PersonnelKnownToSource(ctx context.Context) (first workforce.PersonnelID, total int64, err error) {
	err = r.row(ctx, `SELECT COALESCE(MIN(p.id), 0), COUNT(*) FROM personnel p
		WHERE EXISTS (SELECT 1 FROM source_records s WHERE s.user_id = p.user_id)`).Scan(&first, &total)
	if err != nil {
		return 0, 0, fmt.Errorf("counting personnel that a source knows: %w", err)
	}
	return first, total, nil
}
