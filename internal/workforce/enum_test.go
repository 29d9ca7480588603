package workforce

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// names gives a table's members as plain text.
func names[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// documented is the project's own copy of the published enumerations.
func documented(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/enums.json")
	if err != nil {
		t.Fatal(err)
	}
	var out map[string][]string
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEnumerationsAreComplete holds each table to the published one, order
// included: some orders are sort orders, and one is part of ids.
func TestEnumerationsAreComplete(t *testing.T) {
	t.Parallel()
	facts := documented(t)
	tables := map[string][]string{
		"employmentStatus":         names(AllEmploymentStatuses),
		"employmentStatusFilter":   names(AllEmploymentStatusFilters),
		"checkType":                names(AllCheckTypes),
		"checkStatus":              names(AllCheckStatuses),
		"checkFrequency":           names(AllCheckFrequencies),
		"backgroundCheckStatus":    names(AllBackgroundCheckStatuses),
		"backgroundCheckType":      names(AllBackgroundCheckTypes),
		"backgroundCheckSource":    names(AllBackgroundCheckSources),
		"documentType":             names(AllDocumentTypes),
		"deviceDocumentType":       names(AllDeviceDocumentTypes),
		"deviceSource":             names(AllDeviceSources),
		"personnelDeviceSource":    names(AllPersonnelDeviceSources),
		"connectionState":          names(AllConnectionStates),
		"role":                     names(AllRoles),
		"infrastructureClientType": names(AllInfrastructureClientTypes),
		"versionControlClientType": names(AllVersionControlClientTypes),
		"personnelSort":            names(AllPersonnelSorts),
		"infrastructureSort":       names(AllInfrastructureSorts),
		"versionControlSort":       names(AllVersionControlSorts),
		"userSort":                 names(AllUserSorts),
	}
	for name, want := range facts {
		if name == "clientType" {
			continue // we know a part of them: see below
		}
		if got, ok := tables[name]; !ok || !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, want)
		}
	}
	for name := range tables {
		if _, ok := facts[name]; !ok {
			t.Errorf("%s is in no published table", name)
		}
	}
}

// TestClientTypesAreTheVendorsOrOurs: a client type that has a name in the
// published table must use it; the rest are ours by name.
func TestClientTypesAreTheVendorsOrOurs(t *testing.T) {
	t.Parallel()
	ours := []ClientType{ClientFile, ClientLDAP, ClientActiveDirectory, ClientSCIM}
	published := documented(t)["clientType"]
	for _, c := range AllClientTypes() {
		if !slices.Contains(published, string(c)) && !slices.Contains(ours, c) {
			t.Errorf("%s is neither published nor one of ours", c)
		}
		if len(c.Providers()) == 0 {
			t.Errorf("%s brings nothing", c)
		}
		for _, p := range c.Providers() {
			if !slices.Contains(AllProviderTypes, p) {
				t.Errorf("%s brings %s, which is no provider type", c, p)
			}
		}
	}
	if c := ClientType("NO_SUCH"); c.Providers() != nil {
		t.Errorf("%s brings %v", c, c.Providers())
	}
}

func TestStatusFilters(t *testing.T) {
	t.Parallel()
	for filter, want := range map[EmploymentStatusFilter][]EmploymentStatus{
		"CURRENT_EMPLOYEE":  {CurrentEmployee},
		AllCurrentPersonnel: {CurrentEmployee, CurrentContractor},
		AllFormerPersonnel:  {FormerEmployee, FormerContractor, SpecialFormerEmployee, SpecialFormerContractor},
		AllPersonnel:        AllEmploymentStatuses,
		"NO_SUCH":           nil,
	} {
		if got := filter.Statuses(); !slices.Equal(got, want) {
			t.Errorf("%s selects %v, want %v", filter, got, want)
		}
	}
	for _, f := range AllEmploymentStatusFilters {
		if len(f.Statuses()) == 0 {
			t.Errorf("%s selects nobody ever", f)
		}
	}
}

func TestReasonsHaveAKnownKind(t *testing.T) {
	t.Parallel()
	used := map[Kind]bool{}
	for r, k := range AllReasons {
		if !slices.Contains(AllKinds, k) {
			t.Errorf("%s is of no kind: %s", r, k)
		}
		used[k] = true
	}
	for _, k := range AllKinds {
		if !used[k] {
			t.Errorf("no reason is of kind %s", k)
		}
	}
	if k := (&Fault{Reason: "no_such"}).Kind(); k != KindInternal {
		t.Errorf("an unknown reason is %s", k)
	}
}

func TestCheckIDsAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[int64]bool{}
	for p := PersonnelID(1); p <= 50; p++ {
		for _, c := range AllCheckTypes {
			id := CheckID(p, c)
			if id <= 0 || seen[id] {
				t.Fatalf("%d %s has the id %d", p, c, id)
			}
			seen[id] = true
		}
	}
	if len(AllCheckTypes) > 16 {
		t.Error("more than 16 check types need another id")
	}
}

func TestGrants(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		has    []Scope
		scope  Scope
		access Access
		want   bool
	}{
		{nil, ScopeUsersGet, Reads, false},
		{[]Scope{ScopeUsersGet}, ScopeUsersGet, Reads, true},
		{[]Scope{ScopeUsersGet}, ScopeUsersList, Reads, false},
		{[]Scope{ScopeAllRead}, ScopeInfrastructureManage, Reads, true},
		{[]Scope{ScopeAllRead}, ScopeInfrastructureManage, Writes, false},
		{[]Scope{ScopeInfrastructureManage}, ScopeInfrastructureManage, Writes, true},
		{[]Scope{ScopeInfrastructureManage}, ScopeVersionControlManage, Writes, false},
		{[]Scope{ScopeAll}, ScopePersonnelResetSync, Writes, true},
	} {
		if got := (APIKey{Scopes: c.has}).Grants(c.scope, c.access); got != c.want {
			t.Errorf("%v grants %s %s: %t", c.has, c.access, c.scope, got)
		}
	}
}
