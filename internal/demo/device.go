package demo

import (
	"encoding/json"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// model is a make of device.
type model struct {
	name    string
	systems []string
}

var models = []model{
	{name: "MacBook Pro 14-inch", systems: []string{"macOS 14.7.1", "macOS 15.1", "macOS 15.3.2", "macOS 13.6.9"}},
	{name: "ThinkPad X1 Carbon", systems: []string{"Windows 11 Pro 23H2", "Windows 11 Pro 24H2", "Windows 10 Pro 22H2"}},
	{name: "MacBook Air 13-inch", systems: []string{"macOS 14.5", "macOS 15.2", "macOS 12.7.6"}},
	{name: "Latitude 7440", systems: []string{"Windows 11 Enterprise 23H2", "Ubuntu 24.04.1 LTS"}},
	{name: "Framework Laptop 13", systems: []string{"Fedora Linux 41", "Ubuntu 22.04.5 LTS", "Debian GNU/Linux 12"}},
	{name: "iPhone 15", systems: []string{"iOS 17.6.1", "iOS 18.2"}},
	{name: "Pixel 8", systems: []string{"Android 14", "Android 15"}},
	{name: "Mac mini", systems: []string{"macOS 14.6", "macOS 15.0.1"}},
	{name: "OptiPlex 7010", systems: []string{"Windows 11 Pro 23H2"}},
}

// sourceDeck is who reports the devices.
var sourceDeck = deckOf(
	cards[workforce.DeviceSource]{"AGENT", 5},
	cards[workforce.DeviceSource]{"JAMF", 4},
	cards[workforce.DeviceSource]{"INTUNE", 4},
	cards[workforce.DeviceSource]{"KANDJI", 2},
	cards[workforce.DeviceSource]{"JUMPCLOUD", 1},
	cards[workforce.DeviceSource]{"HEXNODE_UEM", 1},
	cards[workforce.DeviceSource]{"UNKNOWN", 1},
	cards[workforce.DeviceSource]{"RIPPLING", 1},
	cards[workforce.DeviceSource]{"WORKSPACE_ONE", 1},
	cards[workforce.DeviceSource]{"KOLIDE", 1},
	cards[workforce.DeviceSource]{"CUSTOM", 1},
	cards[workforce.DeviceSource]{"INTUNE_GCC_HIGH", 1},
	cards[workforce.DeviceSource]{"NINJAONE", 1},
	cards[workforce.DeviceSource]{"CUSTOM_XFA", 1},
)

// lockLimit is after how many seconds a screen must be locked at the latest, by
// the company's rules.
const lockLimit = 900

// devices are the person's devices, also those that they no longer have.
func (c *Company) devices(p *profile) []workforce.Device {
	d := c.dice(topicDevice, p.n)
	if !p.human || p.status == workforce.FutureHire || p.status == workforce.OutOfScope {
		return nil
	}
	active, retired := choose(d.percent(25), 2, 1), choose(d.percent(12), 1, 0)
	switch {
	case p.status.Former():
		active, retired = choose(d.percent(10), 1, 0), choose(d.percent(70), 1, 0)
	case p.conduct != orderly && d.percent(20):
		active = 0
	}
	var out []workforce.Device
	for i := range active + retired {
		out = append(out, c.device(p, i, i >= active, d))
	}
	return out
}

func (c *Company) device(p *profile, i int, retired bool, d dice) workforce.Device {
	m := pick(d, models[:choose(i == 0, 5, len(models))]) // the first is something to work on
	got := earlier(c.day, p.created.Add(d.days(30)))
	if !p.status.Former() {
		got = d.between(later(got, c.day.AddDate(-4, 0, 0)), c.day)
	}
	number := c.number(topicDevice, 8*p.n+i)
	dev := workforce.Device{
		ExternalID:   maybe(d, 90, uuid(number, mix(number))),
		OSVersion:    maybe(d, 95, pick(d, m.systems)),
		SerialNumber: maybe(d, 92, spell(number, letters32, 10)),
		Model:        maybe(d, 94, m.name),
		MACAddress:   maybe(d, 85, macAddress(number)),
		AgentVersion: maybe(d, 60, pick(d, []string{"3.9.0", "3.10.2", "4.0.1", "4.1.0-beta.2"})),
		AppsCount:    maybe(d, 85, int64(20+d.below(160))),
		SourceType:   sourceDeck[c.deal(topicDeviceSource, 3*p.n+i, len(sourceDeck))],
		CreatedAt:    got,
	}
	c.setFlags(&dev, p.conduct, d)
	dev.LocationServicesEnabled = flag(p.conduct, c.dice(topicLocation, 8*p.n+i))
	c.setSeen(&dev, p, retired, d)
	dev.Identifiers = identifiers(&dev, number)
	dev.Documents = c.deviceDocuments(&dev, p, d)
	if apps := c.apps(p.n, i, &dev); apps != nil {
		dev.AppsCount = workforce.Ptr(int64(len(apps)))
	}
	return dev
}

// macAddress is a locally administered address: nobody's.
func macAddress(x uint64) string {
	pairs := []string{"02"}
	for i := range 5 {
		pairs = append(pairs, spell(x>>(8*i)&0xFF, letters16, 2))
	}
	return strings.Join(pairs, ":")
}

// setFlags fills in what the source says of the device's protection.
func (c *Company) setFlags(dev *workforce.Device, habit conduct, d dice) {
	dev.EncryptionEnabled, dev.EncryptionExplanation = flag(habit, d), explanation(d, "Encryption is on", "volume")
	dev.FirewallEnabled, dev.FirewallExplanation = flag(habit, d), explanation(d, "Stealth mode", "profile")
	dev.AntivirusEnabled, dev.AntivirusExplanation = flag(habit, d), explanation(d, "Definitions are up to date", "product")
	dev.AutoUpdateEnabled, dev.AutoUpdateExplanation = flag(habit, d), explanation(d, "Set by policy", "channel")
	dev.PasswordManagerEnabled, dev.PasswordManagerExplanation = flag(habit, d), explanation(d, "Vault extension found", "app")
	dev.ScreenLockExplanation = explanation(d, "Locks when idle", "setting")
	switch locks := flag(habit, d); {
	case locks == nil:
	case *locks:
		dev.ScreenLockTime = workforce.Ptr(pick(d, []int64{60, 120, 300, 600, lockLimit}))
	default:
		dev.ScreenLockTime = workforce.Ptr(pick(d, []int64{0, 1800, 3600})) // 0: never
	}
}

// flag is what a source says of one protection of a device.
func flag(habit conduct, d dice) *bool {
	chance := d.below(100)
	switch {
	case habit == murky && chance < 30:
		return nil
	case habit == sloppy && chance < 25:
		return workforce.Ptr(false)
	}
	return workforce.Ptr(true)
}

// explanation is what some sources say about a flag: a sentence, or an object
// with one member; nothing in most cases.
func explanation(d dice, sentence, member string) json.RawMessage {
	switch chance := d.below(100); {
	case chance < 15:
		return json.RawMessage(`"` + sentence + `"`)
	case chance < 30:
		return json.RawMessage(`{"` + member + `":"` + sentence + `","observed":` + digits(d.rng.Uint64(), 2) + `}`)
	}
	return nil
}

// setSeen fills in when the device reported last and when it was given back.
func (c *Company) setSeen(dev *workforce.Device, p *profile, retired bool, d dice) {
	chance := d.below(100)
	seen := d.between(later(dev.CreatedAt, c.day.AddDate(0, 0, -12)), c.day)
	switch {
	case retired:
		end := d.between(dev.CreatedAt, c.day)
		if !p.gone.IsZero() {
			end = earlier(c.day, later(dev.CreatedAt, p.gone.Add(d.days(5))))
		}
		seen = end
		dev.DeletedAt = &end
	case p.conduct == sloppy && chance < 30: // lies in a drawer
		seen = later(dev.CreatedAt, c.day.AddDate(0, 0, -40).Add(-d.days(200)))
	}
	dev.UpdatedAt = seen
	if p.conduct != murky || chance >= 30 {
		dev.LastCheckedAt = &seen
	}
}

// identifiers are the names of a device; who does not say what it is does not
// list any.
func identifiers(dev *workforce.Device, number uint64) []workforce.DeviceIdentifier {
	if dev.SourceType == "UNKNOWN" {
		return nil
	}
	var out []workforce.DeviceIdentifier
	add := func(kind string, value *string) {
		if value != nil {
			out = append(out, workforce.DeviceIdentifier{
				Type: kind, Identifier: *value, CreatedAt: dev.CreatedAt, UpdatedAt: dev.UpdatedAt,
			})
		}
	}
	add("SERIAL_NUMBER", dev.SerialNumber)
	add("MAC_ADDRESS", dev.MACAddress)
	if number%2 == 0 {
		add("HARDWARE_UUID", workforce.Ptr(uuid(mix(number), number)))
	}
	add("EXTERNAL_ID", dev.ExternalID)
	return out
}

func (c *Company) deviceDocuments(dev *workforce.Device, p *profile, d dice) []workforce.DeviceDocument {
	if p.n > founders && !d.percent(25) {
		return nil
	}
	t := workforce.AllDeviceDocumentTypes[c.deal(topicDocument, p.n, len(workforce.AllDeviceDocumentTypes))]
	handedIn := d.between(dev.CreatedAt, dev.UpdatedAt)
	return []workforce.DeviceDocument{{
		Type: t, Name: pick(d, documentNames[t]),
		FileURL:   maybe(d, 80, "https://files.example.com/devices/"+code(d.rng.Uint64(), 11)),
		CreatedAt: handedIn, UpdatedAt: handedIn,
	}}
}
