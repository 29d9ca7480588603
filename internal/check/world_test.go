package check

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

// noon is the instant around which random facts lie.
var noon = time.Date(2026, 3, 15, 11, 0, 0, 0, time.UTC)

// zones of random companies: one ahead, one behind whose clocks change then.
var zones = []*time.Location{time.UTC, time.FixedZone("ahead", 13*60*60+45*60), zoneOf("Europe/Berlin"), zoneOf("America/Havana")}

func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// rarely is true one time in n.
func rarely(t *rapid.T, n int, label string) bool {
	return rapid.IntRange(0, n-1).Draw(t, label) == n-1
}

// someTime is close to noon, or a renewal of one or two months before it: there
// outcomes change.
func someTime(t *rapid.T) time.Time {
	at := noon.AddDate(0, -rapid.IntRange(0, 2).Draw(t, "months ago"), rapid.IntRange(-3, 3).Draw(t, "days"))
	return at.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, -1, 999, 3_600_000, -7_200_000}).Draw(t, "ms")) * time.Millisecond)
}

func maybe[T any](t *rapid.T, draw func(*rapid.T) T) *T {
	if rapid.Bool().Draw(t, "given") {
		return workforce.Ptr(draw(t))
	}
	return nil
}

func someDate(t *rapid.T) workforce.Date { return workforce.DateOf(someTime(t)) }

func someFlag(t *rapid.T) *bool {
	return rapid.SampledFrom([]*bool{nil, new(true), new(true), new(false)}).Draw(t, "flag")
}

// list draws up to n records; each gets the number of its place.
func list[T any](t *rapid.T, n int, draw func(t *rapid.T, id int64) T) []T {
	var out []T
	for i := range rapid.IntRange(0, n).Draw(t, "how many") {
		out = append(out, draw(t, int64(i+1)))
	}
	return out
}

var someSources = []workforce.ClientType{"OKTA_IDENTITY", "GITHUB", "JAMF", "BAMBOO_HR"}

// someRules asks for everything of nearly everyone.
func someRules(t *rapid.T) *workforce.Rules {
	rules := workforce.DefaultRules()
	rules.ReportingDays = rapid.SampledFrom([]int{1, 30}).Draw(t, "reporting days")
	for i := range rules.Checks {
		r := &rules.Checks[i]
		r.Required = !rarely(t, 10, "not required")
		if rarely(t, 10, "of a group") {
			r.GroupIDs = []workforce.GroupID{1}
		}
		if r.Type == workforce.CheckAgentInstalled || slices.Contains(workforce.AllDeviceCheckTypes, r.Type) {
			r.Sources = rapid.SampledFrom([][]workforce.DeviceSource{nil, nil, {"JAMF"}, {"JAMF", "AGENT"}}).Draw(t, "sources")
		}
		if r.RenewalMonths > 0 || r.Type == workforce.CheckBackground {
			r.RenewalMonths = rapid.IntRange(0, 2).Draw(t, "renewal")
		}
		if r.MissingRecord != "" && rarely(t, 4, "no record fails") {
			r.MissingRecord = workforce.CheckFail
		}
	}
	return &rules
}

func someCompany(t *rapid.T) *Company {
	c := &Company{
		Location: rapid.SampledFrom(zones).Draw(t, "zone"), Rules: someRules(t), AgentEnabled: rapid.Bool().Draw(t, "agent"),
		Sources: map[workforce.ConnectionID]Source{},
	}
	for i, client := range someSources {
		if !rarely(t, 4, "no source") {
			c.Sources[workforce.ConnectionID(i+1)] = Source{ClientType: client, Working: !rarely(t, 3, "broken")}
		}
	}
	c.Policies = list(t, 3, func(t *rapid.T, id int64) workforce.Policy {
		p := workforce.Policy{ID: workforce.PolicyID(id), Name: fmt.Sprint("Policy ", id), AssignedTo: workforce.AssignedToAll}
		if rarely(t, 4, "for a group") {
			p.AssignedTo, p.GroupIDs = workforce.AssignedToGroups, []workforce.GroupID{1}
		}
		for v := range rapid.Int64Range(0, 2).Draw(t, "versions") {
			p.Versions = append(p.Versions, workforce.PolicyVersion{Version: v + 1, PublishedAt: &noon})
		}
		return p
	})
	return c
}

// someFacts draws a person: near the instants at which outcomes change, so that
// all of them come about.
func someFacts(t *rapid.T) *Facts {
	f := &Facts{Company: someCompany(t), Personnel: workforce.Personnel{ID: 5, UserID: 6}}
	f.Personnel.EmploymentStatus = rapid.SampledFrom([]workforce.EmploymentStatus{
		workforce.CurrentEmployee, workforce.CurrentEmployee, workforce.FormerEmployee, workforce.FutureHire,
	}).Draw(t, "status")
	if rapid.Bool().Draw(t, "in group") {
		f.GroupIDs = []workforce.GroupID{1}
	}
	f.Identities = list(t, 3, someIdentity)
	f.Accounts = list(t, 3, someAccount)
	f.BackgroundChecks = list(t, 2, func(t *rapid.T, id int64) workforce.BackgroundCheck {
		return workforce.BackgroundCheck{
			ID: id, Status: rapid.SampledFrom(append([]workforce.BackgroundCheckStatus{"OK", "OK"}, workforce.AllBackgroundCheckStatuses...)).Draw(t, "status"),
			OutOfScopeReason: maybe(t, func(*rapid.T) string { return "Outside" }), ManualCheckDate: maybe(t, someDate), UpdatedAt: someTime(t),
		}
	})
	f.Documents = list(t, 5, func(t *rapid.T, id int64) workforce.Document {
		return workforce.Document{
			ID: id, Name: "a document", Type: rapid.SampledFrom(workforce.AllDocumentTypes).Draw(t, "type"), CreatedAt: someTime(t),
			CompletedOn: maybe(t, someDate), RenewalDate: maybe(t, someDate),
		}
	})
	f.Devices = list(t, 3, someDevice)
	f.Acknowledgements = list(t, 4, func(t *rapid.T, id int64) workforce.Acknowledgement {
		return workforce.Acknowledgement{
			ID: id, PolicyID: workforce.PolicyID(rapid.Int64Range(1, 3).Draw(t, "policy")), Version: rapid.Int64Range(1, 2).Draw(t, "version"),
			AcknowledgedAt: someTime(t),
		}
	})
	f.Trainings = list(t, 4, func(t *rapid.T, id int64) workforce.Training {
		return workforce.Training{
			ID: id, Type: rapid.SampledFrom(workforce.AllTrainingTypes).Draw(t, "type"), Course: fmt.Sprint("Course ", id),
			State: rapid.SampledFrom(workforce.AllTrainingStates).Draw(t, "state"), CompletedAt: maybe(t, someTime),
		}
	})
	f.Exclusions = list(t, 2, func(t *rapid.T, id int64) workforce.Exclusion {
		return workforce.Exclusion{
			ID: id, Checks: rapid.SliceOfNDistinct(rapid.SampledFrom(workforce.AllCheckTypes[1:]), 1, 4, rapid.ID[workforce.CheckType]).Draw(t, "checks"),
			Reason: "on leave", StartsAt: someTime(t), EndsAt: maybe(t, someTime), Actor: "key:1",
		}
	})
	if rapid.Bool().Draw(t, "found before") {
		earlier := Decide(f, noon.AddDate(0, 0, -rapid.IntRange(1, 40).Draw(t, "days ago")))
		keepVerdict(f, &earlier)
	}
	return f
}

func someIdentity(t *rapid.T, id int64) workforce.Identity {
	out := workforce.Identity{
		ID: id, ConnectionID: workforce.ConnectionID(rapid.Int64Range(1, 5).Draw(t, "connection")), IdentityID: fmt.Sprint("identity-", id),
		HasMFA: someFlag(t), HasIDP: !rarely(t, 4, "no sign-in"), ConnectedAt: &noon, UpdatedAt: noon,
	}
	if rarely(t, 2, "disconnected") {
		out.DisconnectedAt = workforce.Ptr(someTime(t))
	}
	return out
}

func someAccount(t *rapid.T, id int64) workforce.Account {
	return workforce.Account{
		Kind: rapid.SampledFrom(workforce.AllAccountKinds).Draw(t, "kind"), ID: workforce.AccountID(id),
		ConnectionID: workforce.ConnectionID(rapid.Int64Range(1, 5).Draw(t, "connection")), IdentityID: fmt.Sprint("account-", id),
		ConnectedAt: &noon, DisconnectedAt: maybe(t, someTime), RemovedAt: maybe(t, someTime),
	}
}

func someDevice(t *rapid.T, id int64) workforce.Device {
	d := workforce.Device{
		ID: workforce.DeviceID(id), SourceType: rapid.SampledFrom([]workforce.DeviceSource{"AGENT", "JAMF", "OTHER"}).Draw(t, "source"),
		SerialNumber:      rapid.SampledFrom([]*string{nil, new("A1"), new("a1"), new("B2"), new("Unknown")}).Draw(t, "serial"),
		EncryptionEnabled: someFlag(t), AntivirusEnabled: someFlag(t), AutoUpdateEnabled: someFlag(t),
		PasswordManagerEnabled: someFlag(t), LocationServicesEnabled: someFlag(t), LastCheckedAt: maybe(t, someTime),
		ScreenLockTime: rapid.SampledFrom([]*int64{nil, new(int64(0)), new(int64(900)), new(int64(901))}).Draw(t, "lock"),
	}
	if rarely(t, 5, "gone") {
		d.DeletedAt = &noon
	}
	if rapid.Bool().Draw(t, "documented") {
		d.Documents = []workforce.DeviceDocument{{ID: 1, Type: rapid.SampledFrom(workforce.AllDeviceDocumentTypes).Draw(t, "type"), Name: "screenshot"}}
	}
	return d
}

// keepVerdict stores a verdict as its callers do.
func keepVerdict(f *Facts, v *Verdict) {
	f.Previous = v.Checks()
	for i := range f.Devices {
		d := &f.Devices[i]
		if checks, ok := v.Devices[d.ID]; ok {
			d.Checks = nil
			for _, c := range checks {
				d.Checks = append(d.Checks, workforce.DeviceCheck{Check: c})
			}
		}
	}
}
