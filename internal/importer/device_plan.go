package importer

import (
	"encoding/json"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// nextDevice is a device after its source spoke, at the times at which it was:
// has is the fields that the file has a column for.
func nextDevice(r deviceRow, before workforce.Device, has map[string]bool) workforce.Device {
	d, after := &r.row.Value, before
	if r.holder != nil {
		after.PersonnelID = *r.holder
	}
	after.DeletedAt = nil // the source lists it
	if d.ExternalID != nil {
		after.ExternalID = d.ExternalID
	}
	if d.SerialNumber != nil {
		after.SerialNumber = d.SerialNumber
	}
	after.Model = said(d.Model, before.Model, has[fieldModel])
	after.OSVersion = said(d.OSVersion, before.OSVersion, has[fieldOSVersion])
	after.MACAddress = said(d.MACAddress, before.MACAddress, has[fieldMACAddress])
	after.AgentVersion = said(d.AgentVersion, before.AgentVersion, has[fieldAgentVersion])
	after.AppsCount = said(d.AppsCount, before.AppsCount, has[fieldAppsCount])
	after.LastCheckedAt = said(d.LastCheckedAt, before.LastCheckedAt, has[fieldLastCheckedAt])
	setFlag(&after.EncryptionEnabled, &after.EncryptionExplanation, d.EncryptionEnabled, has[fieldEncryptionEnabled])
	setFlag(&after.FirewallEnabled, &after.FirewallExplanation, d.FirewallEnabled, has[fieldFirewallEnabled])
	setFlag(&after.AntivirusEnabled, &after.AntivirusExplanation, d.AntivirusEnabled, has[fieldAntivirusEnabled])
	setFlag(&after.AutoUpdateEnabled, &after.AutoUpdateExplanation, d.AutoUpdateEnabled, has[fieldAutoUpdateEnabled])
	setFlag(&after.PasswordManagerEnabled, &after.PasswordManagerExplanation, d.PasswordManagerEnabled, has[fieldPasswordManagerEnabled])
	setFlag(&after.ScreenLockTime, &after.ScreenLockExplanation, d.ScreenLockTime, has[fieldScreenLockTime])
	var none json.RawMessage
	setFlag(&after.LocationServicesEnabled, &none, d.LocationServicesEnabled, has[fieldLocationServicesEnabled])

	list := slices.Clone(before.Identifiers)
	list = identified(list, "SERIAL_NUMBER", after.SerialNumber, true)
	list = identified(list, "MAC_ADDRESS", after.MACAddress, has[fieldMACAddress])
	list = identified(list, "HARDWARE_UUID", d.HardwareUUID, has[fieldHardwareUUID])
	after.Identifiers = identified(list, "EXTERNAL_ID", after.ExternalID, true)
	return after
}

// setFlag takes over what the source says of one protection. The explanation of
// a value that is no more goes with it.
func setFlag[T comparable](flag **T, explanation *json.RawMessage, row *T, column bool) {
	next := said(row, *flag, column)
	if !workforce.Same(*flag, next) {
		*explanation = nil
	}
	*flag = next
}

// identified is the identifiers of a device with the one of a kind as its
// source now says it: nil takes it away. Others of the kind go, unless one of
// them is the same.
func identified(list []workforce.DeviceIdentifier, kind string, value *string, column bool) []workforce.DeviceIdentifier {
	if !column && value == nil {
		return list
	}
	same := func(i workforce.DeviceIdentifier) bool {
		return i.Type == kind && value != nil && workforce.Fold(i.Identifier) == workforce.Fold(*value)
	}
	if slices.ContainsFunc(list, same) {
		return list
	}
	list = slices.DeleteFunc(list, func(i workforce.DeviceIdentifier) bool { return i.Type == kind })
	if value != nil {
		list = append(list, workforce.DeviceIdentifier{Type: kind, Identifier: *value})
	}
	return list
}
