package v1

import (
	"encoding/json"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Device is a computer or phone of a person. A flag is null where the source
// does not expose it. An explanation is any JSON value.
type Device struct {
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
	ComplianceChecks           []DeviceCheck          `json:"complianceChecks"`
	Identifiers                []DeviceIdentifier     `json:"identifiers"`
	Documents                  []DeviceDocument       `json:"documents"`
	IsDeviceCompliant          bool                   `json:"isDeviceCompliant"` // no check of it fails
	ScreenLockTime             *int64                 `json:"screenLockTime"`    // seconds
	ScreenLockExplanation      json.RawMessage        `json:"screenLockExplanation"`
	AntivirusEnabled           *bool                  `json:"antivirusEnabled"`
	AntivirusExplanation       json.RawMessage        `json:"antivirusExplanation"`
	AutoUpdateEnabled          *bool                  `json:"autoUpdateEnabled"`
	AutoUpdateExplanation      json.RawMessage        `json:"autoUpdateExplanation"`
	PasswordManagerEnabled     *bool                  `json:"passwordManagerEnabled"`
	PasswordManagerExplanation json.RawMessage        `json:"passwordManagerExplanation"`
	AgentVersion               *string                `json:"agentVersion"`
}

// AppendJSON implements [rest.Response].
func (d Device) AppendJSON(b []byte) []byte {
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
	putList(&o, "complianceChecks", d.ComplianceChecks)
	putList(&o, "identifiers", d.Identifiers)
	putList(&o, "documents", d.Documents)
	o.Bool("isDeviceCompliant", d.IsDeviceCompliant)
	o.IntOrNull("screenLockTime", d.ScreenLockTime)
	putJSON(&o, "screenLockExplanation", d.ScreenLockExplanation)
	o.BoolOrNull("antivirusEnabled", d.AntivirusEnabled)
	putJSON(&o, "antivirusExplanation", d.AntivirusExplanation)
	o.BoolOrNull("autoUpdateEnabled", d.AutoUpdateEnabled)
	putJSON(&o, "autoUpdateExplanation", d.AutoUpdateExplanation)
	o.BoolOrNull("passwordManagerEnabled", d.PasswordManagerEnabled)
	putJSON(&o, "passwordManagerExplanation", d.PasswordManagerExplanation)
	o.StringOrNull("agentVersion", d.AgentVersion)
	return o.End()
}

func toWireDevice(d workforce.Device) Device {
	return Device{
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
		ComplianceChecks:           each(d.Checks, toWireDeviceCheck),
		Identifiers:                each(d.Identifiers, toWireDeviceIdentifier),
		Documents:                  each(d.Documents, toWireDeviceDocument),
		IsDeviceCompliant:          d.Compliant(),
		ScreenLockTime:             d.ScreenLockTime,
		ScreenLockExplanation:      jsonOf(d.ScreenLockExplanation),
		AntivirusEnabled:           d.AntivirusEnabled,
		AntivirusExplanation:       jsonOf(d.AntivirusExplanation),
		AutoUpdateEnabled:          d.AutoUpdateEnabled,
		AutoUpdateExplanation:      jsonOf(d.AutoUpdateExplanation),
		PasswordManagerEnabled:     d.PasswordManagerEnabled,
		PasswordManagerExplanation: jsonOf(d.PasswordManagerExplanation),
		AgentVersion:               d.AgentVersion,
	}
}

// DeviceCheck is the outcome of one requirement for one device.
type DeviceCheck struct {
	ID             int64                    `json:"id"`
	Status         workforce.CheckStatus    `json:"status"`
	Type           workforce.CheckType      `json:"type"`
	ExpiresAt      *Time                    `json:"expiresAt"`
	CheckFrequency workforce.CheckFrequency `json:"checkFrequency"`
	LastCheckedAt  *Time                    `json:"lastCheckedAt"`
	CreatedAt      Time                     `json:"createdAt"`
	UpdatedAt      Time                     `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (c DeviceCheck) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", c.ID)
	o.String("status", string(c.Status))
	o.String("type", string(c.Type))
	putTimeOrNull(&o, "expiresAt", c.ExpiresAt)
	o.String("checkFrequency", string(c.CheckFrequency))
	putTimeOrNull(&o, "lastCheckedAt", c.LastCheckedAt)
	putTime(&o, "createdAt", c.CreatedAt)
	putTime(&o, "updatedAt", c.UpdatedAt)
	return o.End()
}

func toWireDeviceCheck(c workforce.DeviceCheck) DeviceCheck {
	return DeviceCheck{
		ID:             c.ID,
		Status:         c.Status,
		Type:           c.Type,
		ExpiresAt:      timeOf(c.ExpiresAt),
		CheckFrequency: c.CheckFrequency,
		LastCheckedAt:  timeOf(c.LastCheckedAt),
		CreatedAt:      Time(c.CreatedAt),
		UpdatedAt:      Time(c.UpdatedAt),
	}
}

// DeviceIdentifier is one of the names by which a device is known.
type DeviceIdentifier struct {
	ID         int64  `json:"id"`
	Type       string `json:"type"`
	Identifier string `json:"identifier"`
	CreatedAt  Time   `json:"createdAt"`
	UpdatedAt  Time   `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (i DeviceIdentifier) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", i.ID)
	o.String("type", i.Type)
	o.String("identifier", i.Identifier)
	putTime(&o, "createdAt", i.CreatedAt)
	putTime(&o, "updatedAt", i.UpdatedAt)
	return o.End()
}

func toWireDeviceIdentifier(i workforce.DeviceIdentifier) DeviceIdentifier {
	return DeviceIdentifier{
		ID:         i.ID,
		Type:       i.Type,
		Identifier: i.Identifier,
		CreatedAt:  Time(i.CreatedAt),
		UpdatedAt:  Time(i.UpdatedAt),
	}
}

// DeviceDocument is evidence about one device.
type DeviceDocument struct {
	ID        int64                  `json:"id"`
	Type      workforce.DocumentType `json:"type"`
	Name      string                 `json:"name"`
	FileURL   *string                `json:"fileUrl"`
	CreatedAt Time                   `json:"createdAt"`
	UpdatedAt Time                   `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (d DeviceDocument) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", d.ID)
	o.String("type", string(d.Type))
	o.String("name", d.Name)
	o.StringOrNull("fileUrl", d.FileURL)
	putTime(&o, "createdAt", d.CreatedAt)
	putTime(&o, "updatedAt", d.UpdatedAt)
	return o.End()
}

func toWireDeviceDocument(d workforce.DeviceDocument) DeviceDocument {
	return DeviceDocument{
		ID:        d.ID,
		Type:      d.Type,
		Name:      d.Name,
		FileURL:   d.FileLink(),
		CreatedAt: Time(d.CreatedAt),
		UpdatedAt: Time(d.UpdatedAt),
	}
}
