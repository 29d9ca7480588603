package importer

import (
	"fmt"
	"io"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Device is one row of a devices file. Nil is not said.
type Device struct {
	SourceType              workforce.DeviceSource // the system that reports it; CUSTOM where the file has none
	ExternalID              *string                // the source's own id
	SerialNumber            *string                // at least one of the two is not nil
	HardwareUUID            *string
	OwnerEmail              *string
	Model                   *string
	OSVersion               *string
	MACAddress              *string
	EncryptionEnabled       *bool
	FirewallEnabled         *bool
	AntivirusEnabled        *bool
	AutoUpdateEnabled       *bool
	PasswordManagerEnabled  *bool
	LocationServicesEnabled *bool
	ScreenLockTime          *int64 // seconds; 0: it never locks
	AgentVersion            *string
	AppsCount               *int64
	Apps                    []string // names, without repeats; nil: not said
	LastCheckedAt           *time.Time
}

// Devices is a devices file that was read.
type Devices = Parsed[Device]

// DefaultDeviceSource is the source of devices when the file names none.
const DefaultDeviceSource workforce.DeviceSource = "CUSTOM"

// The names of the fields of a device that rules speak of.
const (
	fieldSourceType              = "sourceType"
	fieldSerialNumber            = "serialNumber"
	fieldHardwareUUID            = "hardwareUuid"
	fieldModel                   = "model"
	fieldOSVersion               = "osVersion"
	fieldMACAddress              = "macAddress"
	fieldEncryptionEnabled       = "encryptionEnabled"
	fieldFirewallEnabled         = "firewallEnabled"
	fieldAntivirusEnabled        = "antivirusEnabled"
	fieldAutoUpdateEnabled       = "autoUpdateEnabled"
	fieldPasswordManagerEnabled  = "passwordManagerEnabled"
	fieldLocationServicesEnabled = "locationServicesEnabled"
	fieldScreenLockTime          = "screenLockTime"
	fieldAgentVersion            = "agentVersion"
	fieldAppsCount               = "appsCount"
	fieldApps                    = "apps"
)

// The bounds of a device.
const (
	deviceIDMost   = 191 // of an id at the source: what the API can be asked for
	appsMost       = 2_000
	screenLockMost = 365 * 24 * 60 * 60
)

// ParseDevices reads a file of devices, of one source or of several, mixed as
// they come. Errors are those of [ParsePeople].
func ParseDevices(r io.Reader, format Format, opts Options) (Devices, error) {
	return parse(r, format, opts, &deviceSchema)
}

var deviceSchema = schema[Device]{
	noun: "devices",
	fields: []field[Device]{
		{
			name: fieldSourceType, aliases: []string{"source", "mdm", "provider", "system"},
			set: func(c *cell, d *Device) { d.SourceType = member(c, "source", workforce.AllDeviceSources, nil) },
		},
		{
			name: fieldExternalID, aliases: []string{"id", "deviceid", "computerid", "managementid", "assetid"},
			set: func(c *cell, d *Device) { d.ExternalID = c.text(deviceIDMost) },
		},
		{
			name: fieldSerialNumber, aliases: []string{"serial", "serialno", "deviceserialnumber", "deviceserial"},
			set: func(c *cell, d *Device) { d.SerialNumber = c.text(deviceIDMost) },
		},
		{
			name: fieldHardwareUUID, aliases: []string{"udid", "uuid"},
			set: func(c *cell, d *Device) { d.HardwareUUID = c.text(deviceIDMost) },
		},
		{
			name: fieldOwnerEmail,
			aliases: []string{
				"owner", "owneremailaddress", "assignedto", "personemail", "email", "emailaddress", "mail", "useremail",
				"primaryuseremailaddress", "primaryuseremail", "assigneduser",
			},
			set: func(c *cell, d *Device) { d.OwnerEmail = c.email() },
		},
		{
			name: fieldModel, aliases: []string{"devicemodel", "modelname", "hardwaremodel"},
			set: func(c *cell, d *Device) { d.Model = c.text(nameMost) },
		},
		{
			name: fieldOSVersion, aliases: []string{"operatingsystemversion", "systemversion"},
			set: func(c *cell, d *Device) { d.OSVersion = c.text(nameMost) },
		},
		{
			name: fieldMACAddress, aliases: []string{"mac", "wifimac", "wifimacaddress"},
			set: func(c *cell, d *Device) { d.MACAddress = c.text(nameMost) },
		},
		{
			name:    fieldEncryptionEnabled,
			aliases: []string{"encryption", "encrypted", "isencrypted", "diskencryption", "diskencrypted", "hdencryption", "filevault", "filevaultenabled", "bitlocker", "bitlockerenabled"},
			set:     func(c *cell, d *Device) { d.EncryptionEnabled = c.boolean() },
		},
		{
			name: fieldFirewallEnabled, aliases: []string{"firewall"},
			set: func(c *cell, d *Device) { d.FirewallEnabled = c.boolean() },
		},
		{
			name: fieldAntivirusEnabled, aliases: []string{"antivirus", "antimalware", "malwareprotection"},
			set: func(c *cell, d *Device) { d.AntivirusEnabled = c.boolean() },
		},
		{
			name: fieldAutoUpdateEnabled, aliases: []string{"autoupdate", "autoupdates", "automaticupdates"},
			set: func(c *cell, d *Device) { d.AutoUpdateEnabled = c.boolean() },
		},
		{
			name: fieldPasswordManagerEnabled, aliases: []string{"passwordmanager"},
			set: func(c *cell, d *Device) { d.PasswordManagerEnabled = c.boolean() },
		},
		{
			name: fieldLocationServicesEnabled, aliases: []string{"locationservices"},
			set: func(c *cell, d *Device) { d.LocationServicesEnabled = c.boolean() },
		},
		{
			name: fieldScreenLockTime, aliases: []string{"screenlockseconds", "screenlocktimeseconds", "screenlocktimeinseconds"},
			set: func(c *cell, d *Device) { d.ScreenLockTime = c.number(screenLockMost) },
		},
		{
			name: fieldAgentVersion, aliases: []string{"agent"},
			set: func(c *cell, d *Device) { d.AgentVersion = c.text(nameMost) },
		},
		{
			name: fieldAppsCount, aliases: []string{"numberofapps", "applicationcount"},
			set: func(c *cell, d *Device) { d.AppsCount = c.number(1_000_000) },
		},
		{
			name: fieldApps, aliases: []string{"applications", "installedapps", "installedapplications", "software"},
			set: func(c *cell, d *Device) { d.Apps = c.listOf(appsMost) },
		},
		{
			name: fieldLastCheckedAt, aliases: []string{"lastseen", "lastseenat", "lastcheckin", "lastcontact", "lastreport", "exportedat"},
			set: func(c *cell, d *Device) { d.LastCheckedAt = c.time() },
		},
	},
	notes: map[string]string{
		"screenlock": "whether that is yes or no, minutes or seconds cannot be told; if it is seconds, say so with --map",
	},
	finish: finishDevice,
	unique: []uniqueness[Device]{
		{field: fieldExternalID, what: "sourceType and externalId", key: func(d *Device) string { return deviceKey(d.SourceType, d.ExternalID) }},
		{field: fieldSerialNumber, what: "sourceType and serialNumber", key: func(d *Device) string { return serialKey(d.SourceType, d.SerialNumber) }},
	},
}

// deviceKey makes a device the same device: the source and the id there.
func deviceKey(s workforce.DeviceSource, id *string) string {
	if id == nil {
		return ""
	}
	return string(s) + " " + *id
}

// serialKey is how a device is known whose id at the source is not, or is
// another one since it was enrolled anew.
func serialKey(s workforce.DeviceSource, serial *string) string {
	if serial == nil {
		return ""
	}
	return string(s) + " " + workforce.Fold(*serial)
}

// finishDevice checks what only the whole row can tell.
func finishDevice(d *Device, _ Options, problem func(field, value, reason string)) {
	if d.SourceType == "" {
		d.SourceType = DefaultDeviceSource
	}
	if d.ExternalID == nil && d.SerialNumber == nil {
		problem(fieldSerialNumber, "", "every device needs the id that its source gives it (externalId) or a serial number")
		return
	}
	if len(d.Apps) == 0 {
		return
	}
	if n := int64(len(d.Apps)); d.AppsCount == nil {
		d.AppsCount = &n
	} else if *d.AppsCount < n {
		problem(fieldAppsCount, fmt.Sprint(*d.AppsCount), fmt.Sprintf("%d apps are listed; correct the number, or leave it empty", n))
	}
}
