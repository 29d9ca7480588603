package v1

import (
	"encoding/json"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// DeviceRecord is a device on its own, with whose it is. Checks, identifiers,
// documents and apps are written only if they were asked for: nil is "not asked
// for", an empty list "there are none".
type DeviceRecord struct {
	ID                         int64                  `json:"id"`
	OSVersion                  *string                `json:"osVersion"`
	SerialNumber               *string                `json:"serialNumber"`
	Model                      *string                `json:"model"`
	MACAddress                 *string                `json:"macAddress"`
	EncryptionEnabled          *bool                  `json:"encryptionEnabled"`
	EncryptionExplanation      json.RawMessage        `json:"encryptionExplanation"`
	FirewallEnabled            *bool                  `json:"firewallEnabled"`
	FirewallExplanation        json.RawMessage        `json:"firewallExplanation"`
	LastCheckedAt              *Time                  `json:"lastCheckedAt"`
	SourceType                 workforce.DeviceSource `json:"sourceType"`
	CreatedAt                  Time                   `json:"createdAt"`
	UpdatedAt                  Time                   `json:"updatedAt"`
	DeletedAt                  *Time                  `json:"deletedAt"` // set: no longer in use
	AppsCount                  *int64                 `json:"appsCount"`
	ComplianceChecks           []DeviceCheck          `json:"complianceChecks,omitzero"`
	Identifiers                []DeviceIdentifier     `json:"identifiers,omitzero"`
	Documents                  []DeviceDocument       `json:"documents,omitzero"`
	IsDeviceCompliant          bool                   `json:"isDeviceCompliant"` // no check of it fails
	ScreenLockTime             *int64                 `json:"screenLockTime"`    // seconds
	ScreenLockExplanation      json.RawMessage        `json:"screenLockExplanation"`
	AntivirusEnabled           *bool                  `json:"antivirusEnabled"`
	AntivirusExplanation       json.RawMessage        `json:"antivirusExplanation"`
	AutoUpdateEnabled          *bool                  `json:"autoUpdateEnabled"`
	AutoUpdateExplanation      json.RawMessage        `json:"autoUpdateExplanation"`
	PasswordManagerEnabled     *bool                  `json:"passwordManagerEnabled"`
	PasswordManagerExplanation json.RawMessage        `json:"passwordManagerExplanation"`
	UserID                     int64                  `json:"userId"`
	PersonnelID                int64                  `json:"personnelId"`
	ExternalID                 *string                `json:"externalId"`
	Apps                       []DeviceApp            `json:"apps,omitzero"`
}

// AppendJSON implements [rest.Response].
func (d DeviceRecord) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", d.ID)
	o.StringOrNull("osVersion", d.OSVersion)
	o.StringOrNull("serialNumber", d.SerialNumber)
	o.StringOrNull("model", d.Model)
	o.StringOrNull("macAddress", d.MACAddress)
	o.BoolOrNull("encryptionEnabled", d.EncryptionEnabled)
	putJSON(&o, "encryptionExplanation", d.EncryptionExplanation)
	o.BoolOrNull("firewallEnabled", d.FirewallEnabled)
	putJSON(&o, "firewallExplanation", d.FirewallExplanation)
	putTimeOrNull(&o, "lastCheckedAt", d.LastCheckedAt)
	o.String("sourceType", string(d.SourceType))
	putTime(&o, "createdAt", d.CreatedAt)
	putTime(&o, "updatedAt", d.UpdatedAt)
	putTimeOrNull(&o, "deletedAt", d.DeletedAt)
	o.IntOrNull("appsCount", d.AppsCount)
	d.appendParts(&o)
	o.Bool("isDeviceCompliant", d.IsDeviceCompliant)
	o.IntOrNull("screenLockTime", d.ScreenLockTime)
	putJSON(&o, "screenLockExplanation", d.ScreenLockExplanation)
	o.BoolOrNull("antivirusEnabled", d.AntivirusEnabled)
	putJSON(&o, "antivirusExplanation", d.AntivirusExplanation)
	o.BoolOrNull("autoUpdateEnabled", d.AutoUpdateEnabled)
	putJSON(&o, "autoUpdateExplanation", d.AutoUpdateExplanation)
	o.BoolOrNull("passwordManagerEnabled", d.PasswordManagerEnabled)
	putJSON(&o, "passwordManagerExplanation", d.PasswordManagerExplanation)
	o.Int("userId", d.UserID)
	o.Int("personnelId", d.PersonnelID)
	o.StringOrNull("externalId", d.ExternalID)
	if d.Apps != nil {
		putList(&o, "apps", d.Apps)
	}
	return o.End()
}

// appendParts writes the parts that were asked for.
func (d DeviceRecord) appendParts(o *rest.Object) {
	if d.ComplianceChecks != nil {
		putList(o, "complianceChecks", d.ComplianceChecks)
	}
	if d.Identifiers != nil {
		putList(o, "identifiers", d.Identifiers)
	}
	if d.Documents != nil {
		putList(o, "documents", d.Documents)
	}
}

// toWireDeviceRecord maps a device with the parts that were asked for.
func toWireDeviceRecord(d compliance.HeldDevice, expand deviceExpansion) DeviceRecord {
	out := DeviceRecord{
		ID:                         int64(d.ID),
		OSVersion:                  d.OSVersion,
		SerialNumber:               d.SerialNumber,
		Model:                      d.Model,
		MACAddress:                 d.MACAddress,
		EncryptionEnabled:          d.EncryptionEnabled,
		EncryptionExplanation:      jsonOf(d.EncryptionExplanation),
		FirewallEnabled:            d.FirewallEnabled,
		FirewallExplanation:        jsonOf(d.FirewallExplanation),
		LastCheckedAt:              timeOf(d.LastCheckedAt),
		SourceType:                 d.SourceType,
		CreatedAt:                  Time(d.CreatedAt),
		UpdatedAt:                  Time(d.UpdatedAt),
		DeletedAt:                  timeOf(d.DeletedAt),
		AppsCount:                  d.AppsCount,
		IsDeviceCompliant:          d.Compliant(),
		ScreenLockTime:             d.ScreenLockTime,
		ScreenLockExplanation:      jsonOf(d.ScreenLockExplanation),
		AntivirusEnabled:           d.AntivirusEnabled,
		AntivirusExplanation:       jsonOf(d.AntivirusExplanation),
		AutoUpdateEnabled:          d.AutoUpdateEnabled,
		AutoUpdateExplanation:      jsonOf(d.AutoUpdateExplanation),
		PasswordManagerEnabled:     d.PasswordManagerEnabled,
		PasswordManagerExplanation: jsonOf(d.PasswordManagerExplanation),
		UserID:                     int64(d.UserID),
		PersonnelID:                int64(d.PersonnelID),
		ExternalID:                 d.ExternalID,
	}
	if expand.has(expandChecks) {
		out.ComplianceChecks = each(d.Checks, toWireDeviceCheck)
	}
	if expand.has(expandIdentifiers) {
		out.Identifiers = each(d.Identifiers, toWireDeviceIdentifier)
	}
	if expand.has(expandDocuments) {
		out.Documents = each(d.Documents, toWireDeviceDocument)
	}
	if expand.has(expandApps) {
		out.Apps = each(d.Apps, toWireDeviceApp)
	}
	return out
}

// DeviceApp is an application on a device.
type DeviceApp struct {
	ID           int64  `json:"id"`
	InstalledApp string `json:"installedApp"` // its name, with the version if it is known
}

// AppendJSON implements [rest.Response].
func (a DeviceApp) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", a.ID)
	o.String("installedApp", a.InstalledApp)
	return o.End()
}

func toWireDeviceApp(a workforce.App) DeviceApp {
	out := DeviceApp{ID: a.ID, InstalledApp: a.Name}
	if a.Version != nil {
		out.InstalledApp += " version " + *a.Version
	}
	return out
}

// DeviceDocuments is all documents of a device.
type DeviceDocuments struct {
	Documents []DeviceDocument `json:"documents"`
}

// AppendJSON implements [rest.Response].
func (d DeviceDocuments) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	putList(&o, "documents", d.Documents)
	return o.End()
}
