package importer

import (
	"slices"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (b *bundle) importDevices(file string, change ...func(*ApplyOptions)) Report {
	b.Helper()
	return b.must(tryBy(b, ParseDevices, ApplyDevices, file, change...))
}

func complete(o *ApplyOptions) { o.Complete = true }

// device reads the only device with the serial number.
func (b *bundle) device(serial string) workforce.Device {
	b.Helper()
	var out []workforce.Device
	b.read(func(r *store.Reader) error {
		var err error
		out, _, err = r.Devices(b.Context(), workforce.DeviceQuery{SerialNumber: &serial})
		return err
	})
	if len(out) != 1 {
		b.Fatalf("%d devices have the serial number %s", len(out), serial)
	}
	return out[0]
}

func (b *bundle) apps(id workforce.DeviceID) string {
	b.Helper()
	var names []string
	b.read(func(r *store.Reader) error {
		apps, _, err := r.Apps(b.Context(), id, 0, 100)
		for _, a := range apps {
			names = append(names, a.Name)
		}
		return err
	})
	slices.Sort(names)
	return strings.Join(names, " ")
}

func identifiersOf(d workforce.Device) string {
	var out []string
	for _, i := range d.Identifiers {
		out = append(out, i.Type+"="+i.Identifier)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

const fleet = `source,id,serial,udid,email,model,mac,encrypted,antivirus,screenLockTime,apps,last seen
JAMF,1,S1,U1,ann@example.com,MacBook,02:00,yes,yes,300,Mail;Slack,2026-05-30
JAMF,2,S2,,bo@example.com,MacBook,,no,,0,,2026-05-30
INTUNE,1,S3,,cy@example.com,Surface,,yes,yes,600,,
`

func TestImportDevices(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople(crew)
		b.want(b.importDevices(fleet), "created 3 updated 0 unchanged 0 skipped 0")
		one, two := b.device("s1"), b.device("S2")
		if one.SourceType != "JAMF" || one.PersonnelID != b.person("ann@example.com").ID || !*one.EncryptionEnabled || *one.AppsCount != 2 || one.LastCheckedAt.Day() != 30 ||
			one.FirewallEnabled != nil || !one.CreatedAt.Equal(noon) || len(one.Checks) != len(workforce.AllDeviceCheckTypes) {
			b.Errorf("got %+v", one)
		}
		if got := identifiersOf(one); got != "EXTERNAL_ID=1 HARDWARE_UUID=U1 MAC_ADDRESS=02:00 SERIAL_NUMBER=S1" {
			b.Errorf("identifiers %s", got)
		}
		if got := b.apps(one.ID); got != "Mail Slack" {
			b.Errorf("apps %s", got)
		}
		if two.AntivirusEnabled != nil || *two.EncryptionEnabled || *two.ScreenLockTime != 0 {
			b.Errorf("got %+v", two)
		}
		kinds := []workforce.CheckType{workforce.CheckHDDEncryption, workforce.CheckAntivirus, workforce.CheckLockScreen, workforce.CheckAgentInstalled}
		for email, want := range map[string]string{
			"ann@example.com": "PASS PASS PASS PASS", "bo@example.com": "FAIL MISCONFIGURED FAIL PASS", "cy@example.com": "PASS PASS PASS MISCONFIGURED",
		} {
			if got := b.checks(email, kinds...); got != want {
				b.Errorf("%s has %s, want %s", email, got, want)
			}
		}
		b.same("the same file again", func() {
			b.want(b.importDevices(fleet), "created 0 updated 0 unchanged 3 skipped 0")
		})
	})
}

func TestReimportedDevices(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople(crew)
		b.importDevices(fleet)
		one := b.device("S1")
		// Another id since it was enrolled anew, another owner, a fact taken
		// back, an app that came and one that went. No column for the rest.
		const next = "source,id,serial,email,encrypted,apps\njamf,71,s1,bo@example.com,,Mail;Zoom\n"
		b.want(b.importDevices(next), "created 0 updated 1 unchanged 0 skipped 0")
		now := b.device("S1")
		if now.ID != one.ID || now.PersonnelID != b.person("bo@example.com").ID || now.EncryptionEnabled != nil || !*now.AntivirusEnabled ||
			workforce.Text(now.Model) != "MacBook" || now.LastCheckedAt == nil {
			b.Errorf("got %+v", now)
		}
		if got := identifiersOf(now); got != "EXTERNAL_ID=71 HARDWARE_UUID=U1 MAC_ADDRESS=02:00 SERIAL_NUMBER=S1" {
			b.Errorf("identifiers %s", got)
		}
		if got := b.apps(now.ID); got != "Mail Zoom" {
			b.Errorf("apps %s", got)
		}
		if got := b.checks("ann@example.com", workforce.CheckHDDEncryption); got != "MISCONFIGURED" {
			b.Errorf("ann, who has no device any more, has %s", got)
		}
		b.same("the same file again", func() { b.importDevices(next) })
		// Without an owner in the file a known device stays whose it is.
		b.same("no owner", func() { b.importDevices("source,id\nJAMF,71\n") })
		// An explanation does not outlive what it explains.
		b.write(func(tx *store.Tx) error {
			before, _, err := tx.LockDevice(b.Context(), now.ID)
			after := before
			after.AntivirusExplanation, after.FirewallExplanation = []byte(`"one"`), []byte(`"two"`)
			if err != nil {
				return err
			}
			return tx.SaveDevice(b.Context(), &before, &after)
		})
		b.importDevices("source,id,antivirus\nJAMF,71,no\n")
		if now := b.device("S1"); now.AntivirusExplanation != nil || now.FirewallExplanation == nil || *now.AntivirusEnabled {
			b.Errorf("got %+v", now)
		}
	})
}

func TestCompleteFile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople(crew)
		b.importDevices(fleet)
		const left = "source,id,email\nJAMF,1,ann@example.com\n"
		b.same("a part of the whole", func() { b.importDevices(left) })
		b.same("a dry run", func() {
			r := b.importDevices(left, complete, func(o *ApplyOptions) { o.DryRun = true })
			if r.Removed != 1 || r.Unchanged != 1 {
				b.Errorf("got %+v", r)
			}
		})
		if r := b.importDevices(left, complete); r.Removed != 1 {
			b.Errorf("got %+v", r)
		}
		// Only of the sources in the file.
		if one, two, three := b.device("S1"), b.device("S2"), b.device("S3"); !one.Active() || two.Active() || !two.DeletedAt.Equal(noon) || !three.Active() {
			b.Errorf("got %+v, %+v, %+v", one, two, three)
		}
		b.same("the same file again", func() { b.importDevices(left, complete) })
		b.want(b.importDevices(fleet), "created 0 updated 1 unchanged 2 skipped 0")
		if two := b.device("S2"); !two.Active() {
			b.Errorf("listed again: %+v", two)
		}
		b.same("a complete file of nothing", func() { b.importDevices("source,id\n", complete) })
		// What a bad row meant must not be taken for missing.
		b.same("bad rows", func() {
			bad := "source,id,encrypted,email\nJAMF,1,,\nJAMF,2,maybe,\n"
			if r, err := tryBy(b, ParseDevices, ApplyDevices, bad, complete); err == nil || r.Removed != 0 && !b.device("S2").Active() {
				b.Errorf("got %+v, %v", r, err)
			}
			_, err := tryBy(b, ParseDevices, ApplyDevices, bad, complete, func(o *ApplyOptions) { o.SkipBad = true })
			if !workforce.IsReason(err, workforce.ReasonBadRequest) || !strings.Contains(err.Error(), "do not go together") {
				b.Errorf("got %v", err)
			}
		})
	})
}

func TestDevicesThatCannotBe(t *testing.T) {
	t.Parallel()
	onBoth(t, func(b *bundle) {
		b.importPeople(crew)
		b.importDevices(fleet)
		for _, tt := range []struct{ rows, field, want string }{
			{"JAMF,9,S9,", fieldOwnerEmail, "not known yet"},
			{"JAMF,9,S9,zoe@example.com", fieldOwnerEmail, nobodyHere},
			{"JAMF,1,,zoe@example.com", fieldOwnerEmail, nobodyHere},
			{"JAMF,1,S2,ann@example.com", fieldSerialNumber, "the serial number that of another"},
			{"JAMF,1,,ann@example.com\nJAMF,,S1,ann@example.com", fieldSerialNumber, "line 2 speaks of the same device"},
		} {
			b.same(tt.rows, func() {
				r, err := tryBy(b, ParseDevices, ApplyDevices, "source,id,serial,email\n"+tt.rows+"\n")
				if err == nil || len(r.Problems) != 1 || r.Problems[0].Field != tt.field || !strings.Contains(r.Problems[0].Reason, tt.want) {
					b.Errorf("%s: %+v, %v", tt.rows, r.Problems, err)
				}
			})
		}
		// Two machines that a source took for one, by hand.
		b.write(func(tx *store.Tx) error {
			d := workforce.Device{PersonnelID: 1, SourceType: "JAMF", SerialNumber: workforce.Ptr("S1")}
			return tx.SaveDevice(b.Context(), nil, &d)
		})
		r, err := tryBy(b, ParseDevices, ApplyDevices, "source,serial,email\nJAMF,S1,ann@example.com\n")
		if err == nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Reason, "several devices in use") {
			b.Errorf("%+v, %v", r.Problems, err)
		}
	})
}
