package demo

import (
	"slices"
	"testing"

	"github.com/passmuster/passmuster/internal/workforce"
)

// statuses are a person's checks by type.
func statuses(t *testing.T, p workforce.NewPerson) map[workforce.CheckType]workforce.CheckStatus {
	t.Helper()
	out := map[workforce.CheckType]workforce.CheckStatus{}
	for i, c := range p.Checks {
		if c.Type != workforce.AllCheckTypes[i] {
			t.Fatalf("check %d is %s", i, c.Type)
		}
		out[c.Type] = c.Status
		if c.CompletionDate != nil && p.Checks[0].CompletionDate != nil && c.CompletionDate.After(*p.Checks[0].CompletionDate) {
			t.Errorf("%s was met after all were: %+v", c.Type, c)
		}
		if (c.Status == workforce.CheckPass) != (c.CompletionDate != nil) || c.ExpiresAt != nil && !c.ExpiresAt.After(noon) {
			t.Errorf("a check is %+v", c)
		}
	}
	if len(out) != len(workforce.AllCheckTypes) {
		t.Fatalf("there are %d checks", len(out))
	}
	return out
}

func TestChecksFollowFromTheFacts(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			for i, p := range w.people {
				got := statuses(t, p)
				status := p.Personnel.EmploymentStatus
				inScope := status.Current() || status == workforce.UnknownStatus
				for c, s := range got {
					if s == workforce.CheckExcluded || c == workforce.CheckFullCompliance {
						continue
					}
					if c == workforce.CheckOffboarding && !status.Former() || c != workforce.CheckOffboarding && !inScope {
						t.Errorf("user %d is %s and has %s %s", i+1, status, c, s)
					}
				}
				if inScope {
					sameStatus(t, i+1, workforce.CheckIdentityMFA, got, wantMFA(p))
					sameStatus(t, i+1, workforce.CheckBackground, got, wantBackground(p))
					for _, c := range workforce.AllDeviceCheckTypes {
						sameStatus(t, i+1, c, got, wantOfDevices(c, p))
					}
				}
				if status.Former() {
					sameStatus(t, i+1, workforce.CheckOffboarding, got, w.wantOffboarding(i+1, p))
				}
				sameStatus(t, i+1, workforce.CheckFullCompliance, got, wantFull(got))
			}
		})
	}
}

func sameStatus(t *testing.T, n int, c workforce.CheckType, got map[workforce.CheckType]workforce.CheckStatus, want workforce.CheckStatus) {
	t.Helper()
	if got[c] != want {
		t.Errorf("user %d: %s is %s, but the facts say %s", n, c, got[c], want)
	}
}

// decide is the order in which outcomes win: a failure, then what cannot be
// told, then a pass.
func decide(fails, unknowns, passes int, otherwise workforce.CheckStatus) workforce.CheckStatus {
	switch {
	case fails > 0:
		return workforce.CheckFail
	case unknowns > 0:
		return workforce.CheckMisconfigured
	case passes > 0:
		return workforce.CheckPass
	}
	return otherwise
}

func wantMFA(p workforce.NewPerson) workforce.CheckStatus {
	var yes, no, unknown int
	for _, id := range p.Identities {
		if !id.HasIDP || id.ConnectedAt == nil || id.DisconnectedAt != nil {
			continue
		}
		switch {
		case id.HasMFA == nil:
			unknown++
		case *id.HasMFA:
			yes++
		default:
			no++
		}
	}
	return decide(no, unknown, yes, workforce.CheckMisconfigured)
}

func wantBackground(p workforce.NewPerson) workforce.CheckStatus {
	for _, b := range p.BackgroundChecks {
		if b.Status == "OK" || b.Status == "OUT_OF_SCOPE" && b.OutOfScopeReason != nil {
			return workforce.CheckPass
		}
	}
	return decide(len(p.BackgroundChecks), 0, 0, workforce.CheckMisconfigured)
}

func wantOfDevices(c workforce.CheckType, p workforce.NewPerson) workforce.CheckStatus {
	for _, doc := range p.Documents {
		if doc.Type == evidenceFor[c] && (doc.RenewalDate == nil || *doc.RenewalDate >= workforce.DateOf(noon)) {
			return workforce.CheckPass
		}
	}
	count, devices := map[workforce.CheckStatus]int{}, 0
	for _, d := range p.Devices {
		if !d.Active() {
			continue
		}
		devices++
		for _, check := range d.Checks {
			if check.Type == c {
				count[check.Status]++
			}
		}
	}
	otherwise := workforce.CheckMisconfigured
	if devices > 0 {
		otherwise = workforce.CheckExcluded
	}
	return decide(count[workforce.CheckFail], count[workforce.CheckMisconfigured], count[workforce.CheckPass], otherwise)
}

func (w *world) wantOffboarding(n int, p workforce.NewPerson) workforce.CheckStatus {
	evidence, open, unknown := 0, 0, 0
	for _, doc := range p.Documents {
		if doc.Type == offboardingEvidence && (doc.RenewalDate == nil || *doc.RenewalDate >= workforce.DateOf(noon)) {
			evidence = 1
		}
	}
	at := func(id workforce.ConnectionID) {
		if w.connection(id).State == workforce.ConnectionActive {
			open++
		} else {
			unknown++
		}
	}
	for _, id := range p.Identities {
		if id.ConnectedAt != nil && id.DisconnectedAt == nil {
			at(id.ConnectionID)
		}
	}
	for _, a := range w.openOf(n) {
		at(a.ConnectionID)
	}
	return decide(open+1-evidence, unknown, evidence, workforce.CheckFail)
}

func wantFull(got map[workforce.CheckType]workforce.CheckStatus) workforce.CheckStatus {
	count := map[workforce.CheckStatus]int{}
	for c, s := range got {
		if c != workforce.CheckFullCompliance {
			count[s]++
		}
	}
	return decide(count[workforce.CheckFail], count[workforce.CheckMisconfigured], count[workforce.CheckPass], workforce.CheckExcluded)
}

func TestBackgroundCheckIsMetWhenItWasMade(t *testing.T) {
	t.Parallel()
	for i, p := range worlds()[0].people {
		for _, c := range p.Checks {
			if c.Type != workforce.CheckBackground || c.CompletionDate == nil {
				continue
			}
			if !slices.ContainsFunc(p.BackgroundChecks, func(b workforce.BackgroundCheck) bool { return b.UpdatedAt.Equal(*c.CompletionDate) }) {
				t.Errorf("user %d: no background check was made at %v", i+1, c.CompletionDate)
			}
		}
	}
}

func TestDeviceChecksFollowFromTheFlags(t *testing.T) {
	t.Parallel()
	for _, w := range worlds() {
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			active, retired := map[int]int{}, 0
			for i, p := range w.people {
				n := 0
				for _, d := range p.Devices {
					if d.Active() {
						n++
					} else {
						retired++
					}
					flags := map[workforce.CheckType]*bool{
						workforce.CheckPasswordManager: d.PasswordManagerEnabled,
						workforce.CheckHDDEncryption:   d.EncryptionEnabled,
						workforce.CheckAntivirus:       d.AntivirusEnabled,
						workforce.CheckAutoUpdates:     d.AutoUpdateEnabled,
					}
					for _, c := range d.Checks {
						flag, known := flags[c.Type]
						if known && c.Status != workforce.CheckExcluded && c.Status != outcomeOf(flag) {
							t.Errorf("a device of user %d has %s %s", i+1, c.Type, c.Status)
						}
					}
				}
				active[n]++
			}
			for n := range 3 {
				if active[n] == 0 {
					t.Errorf("nobody has %d devices in use", n)
				}
			}
			if retired == 0 {
				t.Error("no device was given back")
			}
		})
	}
}
