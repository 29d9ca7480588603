package check

import (
	"regexp"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// "excluded from 2026-03-16 until 2026-04-01": from the table's check, or, if
// one is named, from that.
func (w *world) exclude(m []string) {
	check := w.check
	if m[1] != "" {
		check = workforce.CheckType(m[1])
	}
	w.facts.Exclusions = append(w.facts.Exclusions, workforce.Exclusion{
		ID: int64(len(w.facts.Exclusions) + 1), PersonnelID: &w.facts.Personnel.ID, Checks: []workforce.CheckType{check},
		Reason: "on leave", StartsAt: w.instant(m[2]), EndsAt: w.maybe(m[3]), Actor: "key:1",
	})
}

// "policy 2 v3 for group 7": published up to version 3. "with a draft": and one
// more version that is not.
func (w *world) policy(m []string) {
	p := workforce.Policy{ID: workforce.PolicyID(number(m[1])), Name: "Policy " + m[1], AssignedTo: workforce.AssignedToAll}
	last := int64(1)
	if m[2] != "" {
		last = number(m[2])
	}
	detail := strings.TrimSpace(m[3])
	drafts := int64(0)
	switch {
	case detail == "draft":
		drafts, last = last, 0
	case detail == "with a draft":
		drafts = 1
	case detail == "archived":
		p.ArchivedAt = &w.now
	case detail == "for nobody":
		p.AssignedTo = workforce.AssignedToNone
	case detail != "":
		p.AssignedTo, p.GroupIDs = workforce.AssignedToGroups, []workforce.GroupID{workforce.GroupID(number(strings.TrimPrefix(detail, "for group ")))}
	}
	for v := range last + drafts {
		version := workforce.PolicyVersion{ID: v + 1, Version: v + 1}
		if v < last {
			version.PublishedAt = workforce.Ptr(w.instant("2019-01-01"))
		}
		p.Versions = append(p.Versions, version)
	}
	w.facts.Company.Policies = append(w.facts.Company.Policies, p)
}

// "identity at OKTA_IDENTITY: MFA on, disconnected 2026-03-01".
func (w *world) identity(m []string) {
	id := workforce.Identity{
		ID: int64(len(w.facts.Identities) + 1), ConnectionID: w.connection(m[1]), IdentityID: "id", Username: workforce.Ptr("ada"),
		HasIDP: true, ConnectedAt: workforce.Ptr(w.instant("2020-01-01")), UpdatedAt: w.instant("2020-01-01"),
	}
	if m[2] != "unknown" {
		id.HasMFA = workforce.Ptr(m[2] == "on")
	}
	switch m[3] {
	case "never connected":
		id.ConnectedAt = nil
	case "no sign-in":
		id.HasIDP = false
	case "disconnected":
		id.DisconnectedAt = workforce.Ptr(w.instant(m[4]))
	}
	w.facts.Identities = append(w.facts.Identities, id)
}

// "document handed in 2026-01-10, done 2026-01-08, renews 2027-01-08": of the
// type that is evidence for the table's check, or, if one is named, for that.
func (w *world) document(m []string) {
	check := w.check
	if m[1] != "" {
		check = workforce.CheckType(m[1])
	}
	w.facts.Documents = append(w.facts.Documents, workforce.Document{
		ID: int64(len(w.facts.Documents) + 1), Name: "proof.pdf", Type: evidenceFor(check), CreatedAt: w.instant(m[2]),
		CompletedOn: optionalDate(m[3]), RenewalDate: optionalDate(m[4]),
	})
}

// "background OK updated 2026-01-10, dated 2026-01-08".
func (w *world) background(m []string) {
	b := workforce.BackgroundCheck{
		ID: int64(len(w.facts.BackgroundChecks) + 1), Status: workforce.BackgroundCheckStatus(m[1]), Type: "CHECKR",
		UpdatedAt: w.instant(m[3]), ManualCheckDate: optionalDate(m[4]), OutOfScopeAt: w.maybe(m[5]),
	}
	if m[1] == "OUT_OF_SCOPE" && m[2] == "" {
		b.OutOfScopeReason = workforce.Ptr("Works outside the audit")
	}
	w.facts.BackgroundChecks = append(w.facts.BackgroundChecks, b)
}

// deviceDetails is what a table can say of a device, one after the other.
var deviceDetails = regexp.MustCompile(`^,? (yes|no|unknown|(\d+) s|(serial|uuid) (\S+[^, ])|reported ` + anInstant + `|gone|with document)`)

// "device 1 by JAMF yes, serial A1, reported 2026-03-14": yes and no is what
// its source says of the table's check.
func (w *world) device(m []string) {
	d := workforce.Device{ID: workforce.DeviceID(number(m[1])), PersonnelID: 5, SourceType: workforce.DeviceSource(m[2]), Model: workforce.Ptr("Laptop")}
	for rest := m[3]; rest != ""; {
		detail := deviceDetails.FindStringSubmatch(rest)
		if detail == nil {
			panic("not a detail of a device:" + rest)
		}
		rest = rest[len(detail[0]):]
		switch {
		case detail[1] == "yes", detail[1] == "no":
			setFlag(&d, w.check, detail[1] == "yes")
		case detail[2] != "":
			d.ScreenLockTime = workforce.Ptr(number(detail[2]))
		case detail[3] == "serial":
			d.SerialNumber = &detail[4]
		case detail[3] == "uuid":
			d.Identifiers = append(d.Identifiers, workforce.DeviceIdentifier{Type: "HARDWARE_UUID", Identifier: detail[4]})
		case detail[5] != "":
			d.LastCheckedAt = workforce.Ptr(w.instant(detail[5]))
		case detail[1] == "gone":
			d.DeletedAt = &w.now
		case detail[1] == "with document":
			d.Documents = append(d.Documents, workforce.DeviceDocument{ID: 1, Type: evidenceFor(w.check), Name: "screenshot.png"})
		}
	}
	w.facts.Devices = append(w.facts.Devices, d)
}

// setFlag sets what a source says of a check of a device.
func setFlag(d *workforce.Device, check workforce.CheckType, on bool) {
	switch check {
	case workforce.CheckPasswordManager:
		d.PasswordManagerEnabled = &on
	case workforce.CheckHDDEncryption:
		d.EncryptionEnabled = &on
	case workforce.CheckAntivirus:
		d.AntivirusEnabled = &on
	case workforce.CheckAutoUpdates:
		d.AutoUpdateEnabled = &on
	case workforce.CheckLocationServices:
		d.LocationServicesEnabled = &on
	case workforce.CheckLockScreen:
		d.ScreenLockTime = workforce.Ptr(int64(0))
		if on {
			*d.ScreenLockTime = 60
		}
	default:
		panic("no flag of a device says anything of " + string(check))
	}
}

// "training basics done 2026-01-10".
func (w *world) training(m []string) {
	check := w.check
	if m[1] != "" {
		check = workforce.CheckType(m[1])
	}
	t := workforce.Training{
		ID: int64(len(w.facts.Trainings) + 1), Type: check, Course: m[2], State: workforce.TrainingCompleted, CompletedAt: w.maybe(m[4]),
	}
	if m[3] == "assigned" {
		t.State = workforce.TrainingAssigned
	}
	w.facts.Trainings = append(w.facts.Trainings, t)
}

// "account at GITHUB: closed 2026-03-01".
func (w *world) account(m []string) {
	a := workforce.Account{
		Kind: workforce.VersionControl, ID: workforce.AccountID(len(w.facts.Accounts) + 1), ConnectionID: w.connection(m[1]),
		IdentityID: "4711", ConnectedAt: workforce.Ptr(w.instant("2020-01-01")),
	}
	switch m[2] {
	case "never connected":
		a.ConnectedAt = nil
	case "closed":
		a.DisconnectedAt = workforce.Ptr(w.instant(m[3]))
	case "gone":
		a.RemovedAt = workforce.Ptr(w.instant(m[3]))
	}
	w.facts.Accounts = append(w.facts.Accounts, a)
}
