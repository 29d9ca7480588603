package v1

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Where the nesting is cut, a user keeps what a strict client requires, and
// claims nothing of what it does not show.
func TestNestedUsersAreStubs(t *testing.T) {
	t.Parallel()
	r := apitest.Full[workforce.AccountRecord]()
	a := toWireAccount(r)
	full := map[string]*User{
		"user": a.User, "serviceAccountDesignator": a.ServiceAccountDesignator, "connection.user": a.Connection.User,
	}
	for name, u := range full {
		if u.BackgroundChecks == nil || u.Documents == nil || len(u.Identities) != 1 {
			t.Errorf("%s is not full", name)
			continue
		}
		stubs := map[string]*User{
			"backgroundChecks[].user":      u.BackgroundChecks[0].User,
			"identities[].user":            u.Identities[0].User,
			"identities[].connection.user": u.Identities[0].Connection.User,
		}
		for path, s := range stubs {
			if s.BackgroundChecks != nil || s.Documents != nil || s.Identities == nil || len(s.Identities) != 0 {
				t.Errorf("%s.%s is not a stub", name, path)
			}
			if s.Email == "" || len(s.Roles) != 1 {
				t.Errorf("%s.%s lacks its own fields", name, path)
			}
		}
		if u.Identities[0].User.ID != u.ID || u.BackgroundChecks[0].User.ID != u.ID {
			t.Errorf("%s: the user of a part is somebody else", name)
		}
	}
}

func TestDocumentsAreOnePageOfEverything(t *testing.T) {
	t.Parallel()
	for count, limit := range map[int]int64{0: 10, 1: 10, 10: 10, 11: 11, 200: 200} {
		d := toWireDocuments(make([]workforce.Document, count))
		if d.Page != 1 || d.Limit != limit || d.Total != int64(count) || len(d.Data) != count {
			t.Errorf("%d documents: page %d, limit %d, total %d, %d shown", count, d.Page, d.Limit, d.Total, len(d.Data))
		}
	}
}

func TestConnection(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 7, 1, 16, 45, 55, 246e6, time.UTC)
	for name, tt := range map[string]struct {
		in        workforce.Connection
		connected bool
		code      *int64
	}{
		"works":         {workforce.Connection{State: workforce.ConnectionActive, ConnectedAt: &now}, true, nil},
		"never worked":  {workforce.Connection{State: workforce.ConnectionActive}, false, nil},
		"deleted":       {workforce.Connection{State: workforce.ConnectionActive, ConnectedAt: &now, DeletedAt: &now}, false, nil},
		"misconfigured": {workforce.Connection{State: workforce.ConnectionMisconfigured, ConnectedAt: &now}, false, workforce.Ptr(int64(10010))},
	} {
		c := toWireConnection(&workforce.ConnectionRecord{Connection: tt.in})
		if c.Connected != tt.connected || !workforce.Same(c.Code, tt.code) {
			t.Errorf("%s: connected %v, code %v", name, c.Connected, c.Code)
		}
	}
}

func TestProviderTypesComeFromTheClientType(t *testing.T) {
	t.Parallel()
	for client, want := range map[workforce.ClientType][]workforce.ProviderType{
		"JUMPCLOUD": {workforce.ProviderIdentity, workforce.ProviderMDM},
		"AWS":       {workforce.ProviderInfrastructure},
		"UNHEARD":   nil,
	} {
		c := toWireConnection(&workforce.ConnectionRecord{Connection: workforce.Connection{ClientType: client}})
		var got []workforce.ProviderType
		for _, p := range c.ProviderTypes {
			got = append(got, p.Value)
			if !p.IsEnabled {
				t.Errorf("%s: %s is not enabled", client, p.Value)
			}
		}
		if !slices.Equal(got, want) || c.ProviderTypes == nil {
			t.Errorf("%s: got %v, want %v", client, got, want)
		}
	}
}

// The record's own osVersion, serialNumber and data are those of the device
// that was seen last and is in use.
func TestPersonnelSummarisesTheLatestDevice(t *testing.T) {
	t.Parallel()
	day := func(n int) *time.Time { return workforce.Ptr(time.Date(2025, 7, n, 0, 0, 0, 0, time.UTC)) }
	device := func(id int64, os string, seen, deleted *time.Time) workforce.Device {
		return workforce.Device{
			ID: workforce.DeviceID(id), OSVersion: &os, LastCheckedAt: seen, DeletedAt: deleted, CreatedAt: *day(1), UpdatedAt: *day(2),
		}
	}
	r := workforce.PersonnelRecord{Personnel: workforce.Personnel{ID: 7, CreatedAt: *day(10), UpdatedAt: *day(11)}}

	p := toWirePersonnel(r)
	if p.OSVersion != nil || p.Data == nil || p.Data.OSVersion != nil || time.Time(p.Data.CreatedAt) != *day(10) {
		t.Errorf("without a device: osVersion %v, data %+v", p.OSVersion, p.Data)
	}

	r.Devices = []workforce.Device{
		device(1, "old", day(3), nil), device(2, "latest", day(5), nil), device(3, "gone", day(6), day(7)), device(4, "unseen", nil, nil),
	}
	p = toWirePersonnel(r)
	if workforce.Text(p.OSVersion) != "latest" || workforce.Text(p.Data.OSVersion) != "latest" || time.Time(p.Data.CreatedAt) != *day(1) {
		t.Errorf("osVersion %v, data %+v, want those of device 2", p.OSVersion, p.Data)
	}
	if len(p.Devices) != 4 {
		t.Errorf("%d devices shown, want all four", len(p.Devices))
	}
	if item := toWirePersonnelListItem(r, workforce.Company{}); item.DevicesCount != 3 {
		t.Errorf("devicesCount %d, want the three in use", item.DevicesCount)
	}
}

func TestComplianceChecksHaveStableIDs(t *testing.T) {
	t.Parallel()
	r := workforce.PersonnelRecord{Personnel: workforce.Personnel{ID: 3}}
	for _, c := range workforce.AllCheckTypes {
		r.Checks = append(r.Checks, workforce.Check{Type: c})
	}
	for i, c := range toWirePersonnel(r).ComplianceChecks {
		if c.ID != 3*16+int64(i) || c.Type != workforce.AllCheckTypes[i] {
			t.Errorf("check %d is %s with id %d", i, c.Type, c.ID)
		}
	}
}

// An explanation is whatever JSON the source gave; what is no JSON at all must
// not break the document around it.
func TestExplanations(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		``: `null`, `null`: `null`, `{ "a" : [ 1 ] }`: `{"a":[1]}`, `"<b>"`: `"<b>"`, `{"a":`: `null`, `a`: `null`,
	} {
		d := toWireDevice(workforce.Device{FirewallExplanation: json.RawMessage(in)})
		var got struct{ FirewallExplanation json.RawMessage }
		if err := json.Unmarshal(d.AppendJSON(nil), &got); err != nil {
			t.Errorf("%q: %v", in, err)
		} else if string(got.FirewallExplanation) != want {
			t.Errorf("%q is served as %s, want %s", in, got.FirewallExplanation, want)
		}
	}
}
