package check

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

func TestDeviceVerdicts(t *testing.T) {
	t.Parallel()
	rules := workforce.DefaultRules()
	rules.Of(workforce.CheckAntivirus).Sources = []workforce.DeviceSource{"JAMF"}
	rules.Of(workforce.CheckAutoUpdates).Required = false
	f := &Facts{
		Company: &Company{Location: time.UTC, Rules: &rules},
		// Nothing is asked of people who are not here yet; their devices are judged all the same.
		Personnel: workforce.Personnel{ID: 5, EmploymentStatus: workforce.FutureHire},
		Devices: []workforce.Device{
			{
				ID: 1, SourceType: "AGENT", EncryptionEnabled: new(true), AntivirusEnabled: new(false), AutoUpdateEnabled: new(false), ScreenLockTime: new(int64(900)),
				Documents: []workforce.DeviceDocument{{ID: 1, Type: "PASSWORD_MANAGER_EVIDENCE"}},
			},
			{
				ID: 2, SourceType: "JAMF", EncryptionEnabled: new(false), AntivirusEnabled: new(false), ScreenLockTime: new(int64(0)), LocationServicesEnabled: new(true),
				Documents: []workforce.DeviceDocument{{ID: 2, Type: "HARD_DRIVE_ENCRYPTION_EVIDENCE"}},
			},
			{ID: 3, SourceType: "JAMF", EncryptionEnabled: new(true), DeletedAt: &noon},
		},
	}
	// In the order of AllDeviceCheckTypes: password manager, disk, antivirus, updates, screen, location.
	want := map[workforce.DeviceID]string{
		1: "[PASS PASS EXCLUDED FAIL PASS MISCONFIGURED]",
		2: "[MISCONFIGURED FAIL FAIL MISCONFIGURED FAIL PASS]",
	}
	v := Eval(f, noon)
	got := map[workforce.DeviceID]string{}
	for id, checks := range v.Devices {
		var statuses []workforce.CheckStatus
		for _, c := range checks {
			statuses = append(statuses, c.Status)
		}
		got[id] = fmt.Sprint(statuses)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	keepVerdict(f, &v)
	f.Devices[0].EncryptionEnabled = nil
	later := noon.Add(time.Hour)
	v = Eval(f, later)
	disk, screen := v.Devices[1][1], v.Devices[1][4]
	if disk.Status != workforce.CheckMisconfigured || disk.CompletionDate != nil || !disk.UpdatedAt.Equal(later) || !disk.CreatedAt.Equal(noon) {
		t.Errorf("what changed has the times %+v", disk)
	}
	if !screen.CompletionDate.Equal(noon) || !screen.UpdatedAt.Equal(noon) || !screen.LastCheckedAt.Equal(noon) {
		t.Errorf("what did not change has the times %+v", screen)
	}
}

func TestSameMachines(t *testing.T) {
	t.Parallel()
	serial := func(s string) workforce.Device { return workforce.Device{SerialNumber: &s} }
	named := func(kind, s string) workforce.Device {
		return workforce.Device{Identifiers: []workforce.DeviceIdentifier{{Type: kind, Identifier: s}}}
	}
	both := func(s, uuid string) workforce.Device {
		d := named("HARDWARE_UUID", uuid)
		d.SerialNumber = &s
		return d
	}
	gone := serial("C02X")
	gone.DeletedAt = &noon
	for name, c := range map[string]struct {
		devices []workforce.Device
		want    []int
	}{
		"none":                              {nil, []int{}},
		"another serial number":             {[]workforce.Device{serial("A"), serial("AB")}, []int{0, 1}},
		"the same in other letters":         {[]workforce.Device{serial("C02X"), serial(" c02x ")}, []int{0, 0}},
		"the same in other foreign letters": {[]workforce.Device{serial("STRAẞE-1"), serial("strasse-1"), serial("straße-1")}, []int{0, 0, 0}},
		"as an identifier":                  {[]workforce.Device{serial("C02X"), named("SERIAL_NUMBER", "c02x")}, []int{0, 0}},
		"a serial number is no UUID":        {[]workforce.Device{serial("C02X"), named("HARDWARE_UUID", "C02X")}, []int{0, 1}},
		"network adapters move":             {[]workforce.Device{named("MAC_ADDRESS", "00:11"), named("MAC_ADDRESS", "00:11")}, []int{0, 1}},
		"through a third":                   {[]workforce.Device{serial("A1"), named("HARDWARE_UUID", "U1"), both("a1", "u1"), serial("B2")}, []int{0, 0, 0, 3}},
		"gone":                              {[]workforce.Device{gone, serial("C02X"), serial("C02X")}, []int{-1, 1, 1}},
		"no serial number":                  {[]workforce.Device{serial(""), serial(""), {}}, []int{0, 1, 2}},
		"a maker's placeholder":             {[]workforce.Device{serial("To be filled by O.E.M."), serial("TO BE FILLED BY O.E.M.")}, []int{0, 1}},
		"one character over and over": {[]workforce.Device{
			named("HARDWARE_UUID", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"), named("HARDWARE_UUID", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"),
		}, []int{0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := sameMachines(c.devices); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestDeviceName(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]workforce.Device{
		"Book 14 (serial number C02X)":       {ID: 7, Model: new("Book 14"), SerialNumber: new("C02X")},
		"Book 14 (device 7)":                 {ID: 7, Model: new("Book 14")},
		"device with the serial number C02X": {ID: 7, SerialNumber: new("C02X")},
		"device 7":                           {ID: 7},
	} {
		if got := deviceName(&d); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
