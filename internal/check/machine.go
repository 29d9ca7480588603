package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// sameMachines gives for each device the place of the first active device that
// is the same machine, reported by another source or twice by one; -1 for a
// device that is no longer active. Devices are the same machine if they share a
// serial number or a hardware UUID, also through a third one.
func sameMachines(devices []workforce.Device) []int {
	out := make([]int, len(devices))
	for i := range devices {
		out[i] = -1
		if !devices[i].Active() {
			continue
		}
		out[i] = i
		for j := range i {
			if out[j] < 0 || out[j] == out[i] || !shareName(&devices[i], &devices[j]) {
				continue
			}
			from, to := max(out[i], out[j]), min(out[i], out[j])
			for k := range i + 1 {
				if out[k] == from {
					out[k] = to
				}
			}
		}
	}
	return out
}

// The types of identifiers that no two machines share.
const (
	serialNumber = "SERIAL_NUMBER"
	hardwareUUID = "HARDWARE_UUID"
)

// shareName reports whether two devices have a name in common that no two
// machines share.
func shareName(a, b *workforce.Device) bool {
	if a.SerialNumber != nil && hasName(b, serialNumber, *a.SerialNumber) {
		return true
	}
	for i := range a.Identifiers {
		id := &a.Identifiers[i]
		if (id.Type == serialNumber || id.Type == hardwareUUID) && hasName(b, id.Type, id.Identifier) {
			return true
		}
	}
	return false
}

func hasName(d *workforce.Device, kind, name string) bool {
	if kind == serialNumber && d.SerialNumber != nil && sameName(name, *d.SerialNumber) {
		return true
	}
	for i := range d.Identifiers {
		if d.Identifiers[i].Type == kind && sameName(name, d.Identifiers[i].Identifier) {
			return true
		}
	}
	return false
}

// sameName compares two names of machines after [workforce.Fold], and never
// takes a placeholder for a name.
func sameName(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	if a != b && !strings.EqualFold(a, b) && (isASCII(a) && isASCII(b) || workforce.Fold(a) != workforce.Fold(b)) {
		return false
	}
	return !isPlaceholder(a)
}

func isASCII(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 }

// placeholders are what makers leave in place of a serial number: many machines
// have them.
var placeholders = []string{
	"to be filled by o.e.m.", "system serial number", "default string", "not specified", "not applicable",
	"none", "unknown", "invalid", "n/a", "123456789", "1234567890",
}

// isPlaceholder reports whether a name is none: empty, a maker's placeholder, or
// one character over and over.
func isPlaceholder(s string) bool {
	if slices.ContainsFunc(placeholders, func(p string) bool { return strings.EqualFold(p, s) }) {
		return true
	}
	var first rune
	for _, r := range s {
		switch {
		case r == '-' || r == ':' || r == '.' || r == ' ':
		case first == 0:
			first = r
		case r != first:
			return false
		}
	}
	return true
}

// trust is how much a source counts for a rule, 0 the most; -1 for one that does
// not count.
func trust(rule *workforce.CheckRule, s workforce.DeviceSource) int {
	if len(rule.Sources) > 0 {
		return slices.Index(rule.Sources, s)
	}
	if i := slices.Index(workforce.AllDeviceSources, s); i >= 0 {
		return i
	}
	return len(workforce.AllDeviceSources)
}

// deviceName is what people call a device: its model and serial number, as far
// as they are known.
func deviceName(d *workforce.Device) string {
	model, serial := workforce.Text(d.Model), workforce.Text(d.SerialNumber)
	switch {
	case model != "" && serial != "":
		return model + " (serial number " + serial + ")"
	case serial != "":
		return "device with the serial number " + serial
	case model != "":
		return model + " (device " + strconv.FormatInt(int64(d.ID), 10) + ")"
	default:
		return "device " + strconv.FormatInt(int64(d.ID), 10)
	}
}
