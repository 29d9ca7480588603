package check

import (
	"strconv"

	"github.com/passmuster/passmuster/internal/workforce"
)

// deviceCheck decides one of the six checks of devices: every machine of the
// person meets it, or a document of the person shows it.
func deviceCheck(f *finding) {
	docs := f.documents(0)
	if docs.best != nil {
		f.passOn(docs, EvidenceOnFile)
		return
	}
	machines, failing, unknown := 0, 0, 0
	for first := range f.Devices {
		if f.machines[first] != first {
			continue
		}
		m := f.readMachine(first)
		switch m.status {
		case workforce.CheckFail:
			failing++
		case workforce.CheckMisconfigured:
			unknown++
		case workforce.CheckExcluded:
			continue // none of its sources counts
		case workforce.CheckPass:
		}
		machines++
	}
	switch {
	case machines == 0:
		f.status = workforce.CheckMisconfigured
		f.noDevice()
	case failing > 0:
		f.status = workforce.CheckFail
		f.eachMachine(workforce.CheckFail, DeviceFails)
	case unknown > 0:
		f.status = workforce.CheckMisconfigured
		f.eachMachine(workforce.CheckMisconfigured, DeviceUnknown)
	default:
		f.pass(span{})
		f.because(DevicesPass, func() (string, string) {
			if machines == 1 {
				return "The device " + wordsOf(f.rule.Type).on + ".", ""
			}
			return "Each of the " + strconv.Itoa(machines) + " devices " + wordsOf(f.rule.Type).on + ".", ""
		})
	}
	f.showDevices()
	f.showPast(docs)
}

// machine is what the sources that count say of one machine.
type machine struct {
	status workforce.CheckStatus // EXCLUDED: no source of it counts
	device *workforce.Device     // the one whose word decides
}

// readMachine decides for the machine of the device at a place. The most trusted
// source that knows decides; if two of its devices disagree, that one fails
// does. A device's document stands only for what no source knows.
func (f *finding) readMachine(first int) machine {
	known, silent := machine{status: workforce.CheckExcluded}, machine{status: workforce.CheckExcluded}
	knownTrust, silentTrust := 0, 0
	for i := first; i < len(f.Devices); i++ {
		d := &f.Devices[i]
		rank := trust(f.rule, d.SourceType)
		if f.machines[i] != first || rank < 0 {
			continue
		}
		status, told := f.measure(f.rule.Type, d)
		if told {
			if known.device == nil || rank < knownTrust || rank == knownTrust && status == workforce.CheckFail && known.status != workforce.CheckFail {
				known, knownTrust = machine{status, d}, rank
			}
			continue
		}
		if silent.device == nil || status == workforce.CheckPass && silent.status != workforce.CheckPass || status == silent.status && rank < silentTrust {
			silent, silentTrust = machine{status, d}, rank
		}
	}
	if known.device != nil {
		return known
	}
	return silent
}

// measure gives a device's own outcome, and whether its source told it: if not,
// a document of the device may stand for it.
func (e *exam) measure(t workforce.CheckType, d *workforce.Device) (workforce.CheckStatus, bool) {
	var flag *bool
	switch t {
	case workforce.CheckPasswordManager:
		flag = d.PasswordManagerEnabled
	case workforce.CheckHDDEncryption:
		flag = d.EncryptionEnabled
	case workforce.CheckAntivirus:
		flag = d.AntivirusEnabled
	case workforce.CheckAutoUpdates:
		flag = d.AutoUpdateEnabled
	case workforce.CheckLocationServices:
		flag = d.LocationServicesEnabled
	case workforce.CheckLockScreen:
		if s := d.ScreenLockTime; s != nil {
			locks := *s >= 1 && *s <= e.Company.Rules.ScreenLockSeconds // 0: never
			flag = &locks
		}
	default:
	}
	switch {
	case flag != nil && *flag:
		return workforce.CheckPass, true
	case flag != nil:
		return workforce.CheckFail, true
	case deviceDocument(t, d) != nil:
		return workforce.CheckPass, false
	default:
		return workforce.CheckMisconfigured, false
	}
}

// deviceDocument is the first document of a device for the check; nil: none.
func deviceDocument(t workforce.CheckType, d *workforce.Device) *workforce.DeviceDocument {
	var found *workforce.DeviceDocument
	kind := evidenceFor(t)
	for i := range d.Documents {
		if doc := &d.Documents[i]; kind != "" && doc.Type == kind && (found == nil || doc.ID < found.ID) {
			found = doc
		}
	}
	return found
}

// noDevice gives the reason that the person has no device that counts.
func (f *finding) noDevice() {
	if f.Company.AgentEnabled || f.countedSources().device {
		f.because(NoDevice, func() (string, string) {
			return "The person has no active device of a source that counts.", "Enroll the device that the person works with."
		})
		return
	}
	f.because(NoSource, func() (string, string) {
		return "No source of devices is connected, and the agent is not in use.", "Connect the system that manages devices, or use the agent."
	})
}

// eachMachine adds a reason for each machine with the outcome.
func (f *finding) eachMachine(status workforce.CheckStatus, code Code) {
	if !f.explain {
		return
	}
	words := wordsOf(f.rule.Type)
	for first := range f.Devices {
		if f.machines[first] != first {
			continue
		}
		m := f.readMachine(first)
		if m.status != status {
			continue
		}
		name := "The " + deviceName(m.device)
		f.because(code, func() (string, string) {
			switch {
			case status == workforce.CheckMisconfigured:
				return name + " does not tell whether it " + words.on + ".", "Let its source report it" + words.orDocument + "."
			case f.rule.Type == workforce.CheckLockScreen && *m.device.ScreenLockTime > 0:
				return name + " locks its screen after " + strconv.FormatInt(*m.device.ScreenLockTime, 10) + " s, later than the " +
					strconv.FormatInt(f.Company.Rules.ScreenLockSeconds, 10) + " s that are allowed.", words.remedy
			default:
				return name + " " + words.off + ".", words.remedy
			}
		})
	}
}

// showDevices adds the devices that count.
func (f *finding) showDevices() {
	if !f.explain {
		return
	}
	for i := range f.Devices {
		d := &f.Devices[i]
		if !d.Active() || trust(f.rule, d.SourceType) < 0 {
			continue
		}
		f.show(func() Evidence {
			words := wordsOf(f.rule.Type)
			detail := words.off
			switch status, told := f.measure(f.rule.Type, d); {
			case told && f.rule.Type == workforce.CheckLockScreen:
				detail = "screen lock after " + strconv.FormatInt(*d.ScreenLockTime, 10) + " s"
			case status == workforce.CheckPass && told:
				detail = words.on
			case status == workforce.CheckPass:
				detail = "unknown; the document " + quoted(deviceDocument(f.rule.Type, d).Name) + " shows it"
			case !told:
				detail = "unknown"
			}
			return f.device(d, detail)
		})
	}
}

func (f *finding) device(d *workforce.Device, detail string) Evidence {
	return Evidence{
		Kind: EvidenceDevice, ID: int64(d.ID), Label: deviceName(d), At: whenKnown(d.LastCheckedAt),
		Detail: string(d.SourceType) + ": " + detail,
	}
}

// deviceVerdicts decides the six checks of each active device by itself: they
// do not ask whom the device belongs to.
func (e *exam) deviceVerdicts() map[workforce.DeviceID][]workforce.Check {
	active := 0
	for _, m := range e.machines {
		if m >= 0 {
			active++
		}
	}
	if active == 0 {
		return nil
	}
	types := workforce.AllDeviceCheckTypes
	out := make(map[workforce.DeviceID][]workforce.Check, active)
	checks := make([]workforce.Check, 0, active*len(types))
	for i := range e.Devices {
		d := &e.Devices[i]
		if e.machines[i] < 0 {
			continue
		}
		from := len(checks)
		for j := range types {
			rule := e.rule(int(place(&types[j])))
			status := workforce.CheckExcluded
			if trust(rule, d.SourceType) >= 0 {
				status, _ = e.measure(rule.Type, d)
			}
			checks = append(checks, e.record(rule, status, span{}, previousOf(d, rule.Type)))
		}
		out[d.ID] = checks[from:len(checks):len(checks)]
	}
	return out
}

func previousOf(d *workforce.Device, t workforce.CheckType) *workforce.Check {
	for i := range d.Checks {
		if d.Checks[i].Type == t {
			return &d.Checks[i].Check
		}
	}
	return nil
}

// deviceWords is how sentences speak of one check of a device.
type deviceWords struct{ on, off, remedy, orDocument string }

func wordsOf(t workforce.CheckType) deviceWords {
	const orDocument = ", or hand in a document that shows it"
	switch t {
	case workforce.CheckPasswordManager:
		return deviceWords{"has a password manager", "has no password manager", "Install the password manager on it.", orDocument}
	case workforce.CheckHDDEncryption:
		return deviceWords{"has an encrypted disk", "has a disk that is not encrypted", "Turn on disk encryption on it.", orDocument}
	case workforce.CheckAntivirus:
		return deviceWords{"has antivirus software running", "has no antivirus software running", "Install antivirus software on it, or start it.", orDocument}
	case workforce.CheckAutoUpdates:
		return deviceWords{"installs updates by itself", "does not install updates by itself", "Turn on automatic updates on it.", orDocument}
	case workforce.CheckLockScreen:
		return deviceWords{"locks its screen in time", "never locks its screen", "Set a shorter time until its screen locks.", orDocument}
	default:
		return deviceWords{"has location services turned on", "has location services turned off", "Turn on location services on it.", ""}
	}
}
