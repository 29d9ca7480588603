package client

import (
	"encoding/json"
	"time"
)

// Device is a computer or phone of a person. A flag is nil where the source does
// not say. An explanation is any JSON value, null where there is none.
type Device struct {
	ID                         int64              `json:"id"`
	OSVersion                  *string            `json:"osVersion"`
	SerialNumber               *string            `json:"serialNumber"`
	Model                      *string            `json:"model"`
	MACAddress                 *string            `json:"macAddress"`
	EncryptionEnabled          *bool              `json:"encryptionEnabled"`
	EncryptionExplanation      json.RawMessage    `json:"encryptionExplanation"`
	FirewallEnabled            *bool              `json:"firewallEnabled"`
	FirewallExplanation        json.RawMessage    `json:"firewallExplanation"`
	LastCheckedAt              *time.Time         `json:"lastCheckedAt"`
	SourceType                 DeviceSource       `json:"sourceType"`
	CreatedAt                  time.Time          `json:"createdAt"`
	UpdatedAt                  time.Time          `json:"updatedAt"`
	DeletedAt                  *time.Time         `json:"deletedAt"` // set: no longer in use
	AppsCount                  *int64             `json:"appsCount"`
	ComplianceChecks           []DeviceCheck      `json:"complianceChecks"`
	Identifiers                []DeviceIdentifier `json:"identifiers"`
	Documents                  []DeviceDocument   `json:"documents"`
	IsDeviceCompliant          bool               `json:"isDeviceCompliant"` // no check of it fails
	ScreenLockTime             *int64             `json:"screenLockTime"`    // seconds
	ScreenLockExplanation      json.RawMessage    `json:"screenLockExplanation"`
	AntivirusEnabled           *bool              `json:"antivirusEnabled"`
	AntivirusExplanation       json.RawMessage    `json:"antivirusExplanation"`
	AutoUpdateEnabled          *bool              `json:"autoUpdateEnabled"`
	AutoUpdateExplanation      json.RawMessage    `json:"autoUpdateExplanation"`
	PasswordManagerEnabled     *bool              `json:"passwordManagerEnabled"`
	PasswordManagerExplanation json.RawMessage    `json:"passwordManagerExplanation"`
	AgentVersion               *string            `json:"agentVersion"`
}

// DeviceCheck is the outcome of one requirement for one device.
type DeviceCheck struct {
	ID             int64          `json:"id"`
	Status         CheckStatus    `json:"status"`
	Type           CheckType      `json:"type"`
	ExpiresAt      *time.Time     `json:"expiresAt"`
	CheckFrequency CheckFrequency `json:"checkFrequency"`
	LastCheckedAt  *time.Time     `json:"lastCheckedAt"`
	CreatedAt      time.Time      `json:"createdAt"`
	UpdatedAt      time.Time      `json:"updatedAt"`
}

// DeviceIdentifier is one of the names by which a device is known. Type is like
// "SERIAL_NUMBER" or "MAC_ADDRESS".
type DeviceIdentifier struct {
	ID         int64     `json:"id"`
	Type       string    `json:"type"`
	Identifier string    `json:"identifier"`
	CreatedAt  time.Time `json:"createdAt"`
	UpdatedAt  time.Time `json:"updatedAt"`
}

// DeviceDocument is evidence about one device.
type DeviceDocument struct {
	ID        int64        `json:"id"`
	Type      DocumentType `json:"type"`
	Name      string       `json:"name"`
	FileURL   *string      `json:"fileUrl"`
	CreatedAt time.Time    `json:"createdAt"`
	UpdatedAt time.Time    `json:"updatedAt"`
}
