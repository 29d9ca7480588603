package check

import (
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// agentInstalled decides AGENT_INSTALLED: an active device of the person
// reported within the window. A report from the future, of a clock that is
// ahead, counts. A device that is known to be silent fails, whatever is not
// known of others.
func agentInstalled(f *finding) {
	var latest time.Time
	var last *workforce.Device // which reported then
	devices := 0
	for i := range f.Devices {
		d := &f.Devices[i]
		if !d.Active() || trust(f.rule, d.SourceType) < 0 {
			continue
		}
		devices++
		if d.LastCheckedAt != nil && (last == nil || d.LastCheckedAt.After(latest)) {
			last, latest = d, workforce.Millis(*d.LastCheckedAt)
		}
		f.show(func() Evidence { return f.device(d, "reported "+f.lastReport(d)) })
	}
	ends := latest.Add(time.Duration(f.Company.Rules.ReportingDays) * 24 * time.Hour)
	switch {
	case devices == 0:
		f.noReporter()
	case last == nil:
		f.status = workforce.CheckMisconfigured
		f.because(LastReportUnknown, func() (string, string) {
			return "It is not known when the person's devices reported last.", "Let their source tell when it heard of them."
		})
	case !ends.After(f.now):
		f.status = workforce.CheckFail
		f.because(DeviceSilent, func() (string, string) {
			return "No device has reported for " + f.window() + "; the last was the " + deviceName(last) + " on " + f.day(latest) + ".",
				"Have the person turn it on and connect it, or remove it if it is no longer in use."
		})
	default:
		f.pass(span{expires: ends})
		f.because(DeviceReported, func() (string, string) {
			return "The " + deviceName(last) + " reported on " + f.day(latest) + ", within " + f.window() + ".", ""
		})
	}
}

// noReporter decides where the person has no device that counts: that is a
// failure only where a source would know of one.
func (f *finding) noReporter() {
	s := f.countedSources()
	switch {
	case f.Company.AgentEnabled, s.devicesOnWorking:
		f.status = workforce.CheckFail
		f.noDevice()
	case s.device:
		f.status = workforce.CheckMisconfigured
		f.because(SourceNotWorking, func() (string, string) {
			return "The person has no active device on record, and no source of devices works now.", "Repair the connection to the system that manages devices."
		})
	default:
		f.status = workforce.CheckMisconfigured
		f.noDevice()
	}
}

func (f *finding) lastReport(d *workforce.Device) string {
	if d.LastCheckedAt == nil {
		return "at a time that is not known"
	}
	return f.day(*d.LastCheckedAt)
}

// window writes how recently a device must have reported.
func (f *finding) window() string { return count(f.Company.Rules.ReportingDays, "day", "days") }
