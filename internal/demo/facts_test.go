package demo

import (
	"slices"
	"testing"

	"github.com/passmuster/passmuster/internal/workforce"
)

// The tests in this file look at what the records say of each other. They read
// the records alone, as a user of the API would, not the profiles behind them.

func TestFirstThreeFitTheSamples(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			sally := w.people[0].User
			if sally.Email != "sally.smith@example.com" || workforce.FullName(sally.FirstName, sally.LastName) != "Sally Smith" ||
				workforce.Text(sally.JobTitle) != "CEO" || !slices.Equal(sally.Roles, []workforce.Role{workforce.RoleAdmin, "EMPLOYEE"}) {
				t.Errorf("user 1 is %+v", sally)
			}
			for i, p := range w.people[:founders] {
				if p.Personnel.EmploymentStatus != workforce.CurrentEmployee || p.Personnel.StartDate == nil ||
					*p.Personnel.StartDate > "2020-07-06" || p.Personnel.SeparationDate != nil || len(p.Personnel.Pins) > 0 {
					t.Errorf("personnel %d is %+v", i+1, p.Personnel)
				}
				if !slices.ContainsFunc(p.Sources, func(s workforce.SourceRecord) bool {
					f := s.Facts
					return f.EmploymentStatus != nil && *f.EmploymentStatus == workforce.CurrentEmployee && f.StartDate != nil
				}) {
					t.Errorf("no source tells the employment of user %d", i+1)
				}
				d := p.Devices
				if len(p.BackgroundChecks) == 0 || len(p.Identities) == 0 || len(p.Documents) == 0 || len(p.GroupIDs) == 0 ||
					len(p.Trainings) == 0 || len(p.Acknowledgements) == 0 || len(d) == 0 || len(d[0].Documents) == 0 {
					t.Errorf("user %d lacks some kind of record", i+1)
				}
			}
			if len(w.apps[1]) == 0 {
				t.Error("device 1 lists no apps")
			}
			for _, kind := range workforce.AllAccountKinds {
				of := slices.DeleteFunc(slices.Clone(w.accounts), func(a workforce.Account) bool { return a.Kind != kind })
				for i, a := range of[:3] {
					if a.ServiceAccountAt != nil || a.UserID == nil || int(*a.UserID) != i+1 || a.RemovedAt != nil {
						t.Errorf("%s account %d is %+v", kind, i+1, a)
					}
				}
			}
		})
	}
}

func TestEmployments(t *testing.T) {
	today := workforce.DateOf(noon)
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			for i, p := range w.people {
				r, n := p.Personnel, i+1
				status := r.EmploymentStatus
				switch {
				case status == workforce.FutureHire && (r.StartDate == nil || !r.StartDate.After(today)),
					status.Current() && (r.StartDate == nil || r.StartDate.After(today)),
					status.Former() && (r.SeparationDate == nil || !r.SeparationDate.Before(today)),
					status == workforce.CurrentEmployee && r.SeparationDate != nil,
					r.StartDate != nil && r.SeparationDate != nil && r.SeparationDate.Before(*r.StartDate):
					t.Errorf("personnel %d is %s from %v to %v", n, status, r.StartDate, r.SeparationDate)
				}
				if (status == workforce.OutOfScope) != (r.NotHumanReason != nil) || (r.NotHumanReason == nil) != (r.ReasonProviderID == nil) {
					t.Errorf("personnel %d is %s with the reason %v of %v", n, status, r.NotHumanReason, r.ReasonProviderID)
				}
				if r.ReasonProviderID != nil && int(*r.ReasonProviderID) >= n {
					t.Errorf("personnel %d needs user %d, who comes later", n, *r.ReasonProviderID)
				}
				if r.Pinned(workforce.PinEmploymentStatus) != (r.StatusUpdatedAt != nil) {
					t.Errorf("personnel %d: the status was set at %v, the pins are %v", n, r.StatusUpdatedAt, r.Pins)
				}
				if !slices.IsSortedFunc(r.Pins, func(a, b workforce.Pin) int {
					return slices.Index(workforce.AllPinFields, a.Field) - slices.Index(workforce.AllPinFields, b.Field)
				}) {
					t.Errorf("the pins of personnel %d are out of order: %v", n, r.Pins)
				}
				if !slices.IsSorted(p.User.Roles) || len(slices.Compact(slices.Clone(p.User.Roles))) != len(p.User.Roles) {
					t.Errorf("the roles of user %d are %v", n, p.User.Roles)
				}
			}
		})
	}
}

func TestSourcesAgreeUnlessPinned(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			without, disagree, byAddress := 0, 0, map[string]bool{}
			for _, p := range w.people {
				byAddress[p.User.Email] = true
			}
			for i, p := range w.people {
				r := p.Personnel
				if len(p.Sources) == 0 {
					without++
				}
				for _, s := range p.Sources {
					f := s.Facts
					if f.ManagerEmail != nil && !byAddress[*f.ManagerEmail] {
						t.Errorf("user %d is led by %q, who is nobody", i+1, *f.ManagerEmail)
					}
					if f.StartDate != nil && f.SeparationDate != nil && f.SeparationDate.Before(*f.StartDate) {
						t.Errorf("a source says that user %d left before they came", i+1)
					}
					if f.EmploymentStatus == nil {
						continue
					}
					for field, same := range map[workforce.PinField]bool{
						workforce.PinEmploymentStatus: *f.EmploymentStatus == r.EmploymentStatus,
						workforce.PinStartDate:        workforce.Same(f.StartDate, r.StartDate),
						workforce.PinSeparationDate:   workforce.Same(f.SeparationDate, r.SeparationDate),
					} {
						if !same && !r.Pinned(field) {
							t.Errorf("the source of user %d disagrees about %s, which is not pinned: %+v", i+1, field, f)
						}
						if !same {
							disagree++
						}
					}
				}
			}
			if without == 0 || disagree == 0 {
				t.Errorf("%d people have no source, %d fields are held against one", without, disagree)
			}
		})
	}
}

func TestReferencesHold(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			type external struct {
				at workforce.ConnectionID
				id string
			}
			identities, sources, accounts := map[external]int{}, map[external]bool{}, map[external]bool{}
			for i, p := range w.people {
				for _, id := range p.Identities {
					key := external{id.ConnectionID, id.IdentityID}
					if identities[key] != 0 {
						t.Errorf("two people have the identity %v", key)
					}
					identities[key] = i + 1
				}
				for _, s := range p.Sources {
					key := external{s.ConnectionID, s.ExternalID}
					if sources[key] {
						t.Errorf("two people have the source record %v", key)
					}
					sources[key] = true
				}
				if !slices.IsSorted(p.GroupIDs) || len(p.GroupIDs) > 0 && int(p.GroupIDs[len(p.GroupIDs)-1]) > len(w.groups) {
					t.Errorf("user %d is in the groups %v", i+1, p.GroupIDs)
				}
			}
			led := 0
			for i, p := range w.people {
				for _, id := range p.Identities {
					if id.ManagerID == nil {
						continue
					}
					led++
					boss := identities[external{id.ConnectionID, *id.ManagerID}]
					if boss == 0 || boss == i+1 || workforce.FullName(w.people[boss-1].User.FirstName, w.people[boss-1].User.LastName) != *id.ManagerName {
						t.Errorf("user %d is led by %q (%q) at connection %d", i+1, *id.ManagerName, *id.ManagerID, id.ConnectionID)
					}
				}
			}
			if led < len(w.people)/2 {
				t.Errorf("only %d identities name a manager", led)
			}
			for _, a := range w.accounts {
				key := external{a.ConnectionID, a.IdentityID}
				if accounts[key] {
					t.Errorf("two accounts are %v", key)
				}
				accounts[key] = true
			}
		})
	}
}

func TestGroupsHaveMembers(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			members := map[workforce.GroupID]int{}
			for _, p := range w.people {
				for _, g := range p.GroupIDs {
					members[g]++
				}
			}
			names := map[string]bool{}
			for i, g := range w.groups {
				if int(g.ID) != i+1 || names[workforce.Fold(g.Name)] {
					t.Errorf("group %d is %+v", i+1, g)
				}
				names[workforce.Fold(g.Name)] = true
				if (members[g.ID] == 0) != (g.ID == groupNobody) {
					t.Errorf("group %q has %d members", g.Name, members[g.ID])
				}
			}
		})
	}
}

func TestConnectionsFitTheirState(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			misconfigured, deleted := 0, 0
			for i, c := range w.connections {
				bad := c.State == workforce.ConnectionMisconfigured
				if int(c.ID) != i+1 || bad != (c.StateReason != nil) || c.FailedAt != nil && !bad || len(c.ClientType.Providers()) == 0 {
					t.Errorf("connection %d is %+v", i+1, c)
				}
				if bad {
					misconfigured++
				}
				if c.DeletedAt != nil {
					deleted++
				}
				for _, id := range c.WorkspaceIDs {
					if id < 1 || int(id) > len(w.workspaces) {
						t.Errorf("connection %d is tied to workspace %d", c.ID, id)
					}
				}
			}
			if misconfigured < 3 || misconfigured > len(w.connections)/3 || deleted == 0 {
				t.Errorf("%d connections are misconfigured, %d deleted", misconfigured, deleted)
			}
			for place, client := range map[int]workforce.ClientType{
				atGoogle: "GOOGLE", atBamboo: "BAMBOO_HR", atOkta: "OKTA_IDENTITY", atAWS: "AWS", atGitHub: "GITHUB",
				atRippling: "RIPPLING", atLDAP: "LDAP", atMicrosoft: "MICROSOFT_365", atOldDirectory: "JUMPCLOUD",
			} {
				if w.connections[place].ClientType != client {
					t.Errorf("connection %d is %s, want %s", place+1, w.connections[place].ClientType, client)
				}
			}
		})
	}
}

func TestAccountsFitTheirOwners(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			count := map[string]int{}
			for i, a := range w.accounts {
				if a.ServiceAccountAt != nil {
					count["service"]++
					if a.UserID != nil || workforce.Text(a.ServiceAccountReason) == "" || a.ServiceAccountByUserID == nil || a.LinkMethod != nil {
						t.Errorf("service account %d is %+v", i, a)
					}
				} else if a.ServiceAccountReason != nil || a.ServiceAccountByUserID != nil {
					t.Errorf("account %d is no service account but %+v", i, a)
				}
				switch {
				case a.UserID == nil && a.ServiceAccountAt == nil:
					count["orphan"]++
					if a.LinkReason == nil || a.LinkMethod != nil || a.ConnectedAt != nil && a.DisconnectedAt == nil {
						t.Errorf("orphan %d is %+v", i, a)
					}
				case a.UserID != nil:
					if a.LinkMethod == nil || a.ConnectedAt == nil {
						t.Errorf("account %d is linked, but %+v", i, a)
					}
					if a.RemovedAt != nil && a.DisconnectedAt == nil {
						t.Errorf("account %d is gone but still connected", i)
					}
					status := w.people[*a.UserID-1].Personnel.EmploymentStatus
					if status.Former() && a.DisconnectedAt == nil {
						count["left open"]++
					}
					if status == workforce.ServiceAccountStatus {
						count["machine's"]++
					}
				}
				if gone := w.connection(a.ConnectionID).DeletedAt; gone != nil && a.RemovedAt == nil {
					t.Errorf("account %d outlives its connection", i)
				}
				for _, flag := range workforce.AllAccessFlags {
					if *a.Flag(flag) != nil && !slices.Contains(a.Kind.Flags(), flag) {
						t.Errorf("%s account %d has %s", a.Kind, i, flag)
					}
				}
			}
			for _, want := range []string{"service", "orphan", "left open", "machine's"} {
				if count[want] == 0 {
					t.Errorf("no account is: %s", want)
				}
			}
		})
	}
}
