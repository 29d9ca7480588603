package check

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// TestSentences shows what people read: of a check, the reasons with their
// remedies and the evidence.
func TestSentences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		check workforce.CheckType
		facts string
		want  []string
	}{
		{workforce.CheckAcceptedPolicies, "policy 1 v2; policy 2; policy 3; ack 1 v1 at 2026-01-10; ack 3 v1 at 2025-01-10", []string{
			`The policy "Policy 1" is acknowledged at version 1, not at its current one. Have the person read and acknowledge version 2.`,
			`The policy "Policy 2" is not acknowledged. Have the person read and acknowledge version 1.`,
			`The acknowledgement of the policy "Policy 3" counted until 2026-01-10. Have the person acknowledge it again.`,
			`- policy 1 Policy 1: version 2`, `- policy 2 Policy 2: version 1`,
			`- acknowledgement 1 Policy 1 2026-01-10: version 1`, `- acknowledgement 2 Policy 3 2025-01-10: version 1`,
		}},
		{workforce.CheckIdentityMFA, "source LDAP broken; identity at LDAP: MFA off", []string{
			"The identity ada at LDAP has no multi-factor authentication. Have the person set up multi-factor authentication there.",
			"- identity 1 ada 2020-01-01: no MFA at LDAP when it was last heard of: the connection does not work now",
		}},
		{workforce.CheckBackground, "background OUT_OF_SCOPE updated 2026-01-10", []string{
			"No background check is needed: Works outside the audit.", "- background_check 1 CHECKR 2026-01-10: OUT_OF_SCOPE",
		}},
		{workforce.CheckAgentInstalled, "device 4 by KOLIDE, serial C02X, reported 2026-01-10", []string{
			"No device has reported for 30 days; the last was the Laptop (serial number C02X) on 2026-01-10. Have the person turn it on and connect it, or remove it if it is no longer in use.",
			"- device 4 Laptop (serial number C02X) 2026-01-10: KOLIDE: reported 2026-01-10",
		}},
		{workforce.CheckLockScreen, "device 1 by JAMF 1800 s; device 2 by JAMF unknown, with document; document handed in 2025-01-10, renews 2026-03-14", []string{
			"The Laptop (device 1) locks its screen after 1800 s, later than the 900 s that are allowed. Set a shorter time until its screen locks.",
			"- document 1 proof.pdf 2025-01-10: counted until 2026-03-15",
			"- device 1 Laptop (device 1): JAMF: screen lock after 1800 s",
			`- device 2 Laptop (device 2): JAMF: unknown; the document "screenshot.png" shows it`,
		}},
		{workforce.CheckHDDEncryption, "device 1 by JAMF unknown", []string{
			"The Laptop (device 1) does not tell whether it has an encrypted disk. Let its source report it, or hand in a document that shows it.",
			"- device 1 Laptop (device 1): JAMF: unknown",
		}},
		{workforce.CheckSecurityTraining, "training basics done 2025-06-01; excluded from 2026-03-01 until 2026-04-01", []string{
			"The person is excluded from this check until 2026-04-01: on leave.", "- exclusion 1 on leave 2026-03-01: made by key:1",
		}},
		{workforce.CheckOffboarding, "status former employee; source GITHUB; account at GITHUB: open; document handed in 2026-02-10, renews 2026-12-31", []string{
			"The account 4711 at GITHUB is still connected. Disable or delete it there.",
			"- account VERSION_CONTROL 1 4711 2020-01-01: open at GITHUB", "- document 1 proof.pdf 2026-02-10: counts until 2027-01-01",
		}},
		{workforce.CheckFullCompliance, "rule: asks BG_CHECK; background PENDING updated 2026-01-10", []string{
			"BG_CHECK fails. Wait for its outcome; if it takes long, ask whoever makes it.", "- check 83 BG_CHECK 2026-03-15: FAIL",
		}},
	} {
		t.Run(string(c.check), func(t *testing.T) {
			t.Parallel()
			w := newWorld(c.check, noon, time.UTC)
			if err := w.say(c.facts); err != nil {
				t.Fatal(err)
			}
			v := Eval(&w.facts, w.now)
			if got, want := told(&v.Results[place(&c.check)]), strings.Join(c.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// told writes a result's reasons and evidence, one to a line. Documents come
// before devices: evidence is in the order of kinds.
func told(r *Result) string {
	var lines []string
	for _, why := range r.Reasons {
		lines = append(lines, strings.TrimSpace(why.Message+" "+why.Remedy))
	}
	for _, e := range r.Evidence {
		line := "- " + string(e.Kind)
		if e.AccountKind != "" {
			line += " " + string(e.AccountKind)
		}
		line += fmt.Sprint(" ", e.ID, " ", e.Label)
		if e.At != nil {
			line += " " + string(workforce.DateOf(*e.At))
		}
		lines = append(lines, line+": "+e.Detail)
	}
	return strings.Join(lines, "\n")
}

func TestRenewed(t *testing.T) {
	t.Parallel()
	e := &exam{zone: zoneOf("Europe/Berlin")}
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-15T09:00:00+01:00", 6, "2026-07-15T09:00:00+02:00"}, // the same time of day, also in summer
		{"2024-02-29T09:00:00+01:00", 12, "2025-02-28T09:00:00+01:00"},
		{"2026-01-31T00:30:00+01:00", 1, "2026-02-28T00:30:00+01:00"},
		{"2026-01-31T23:30:00Z", 1, "2026-02-28T23:30:00Z"}, // the first of February in Berlin
		{"2025-12-31T12:00:00+01:00", 120, "2035-12-31T12:00:00+01:00"},
	} {
		from, err := time.Parse(time.RFC3339, c.from)
		if err != nil {
			t.Fatal(err)
		}
		want, err := time.Parse(time.RFC3339, c.want)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.renewed(from, c.months); !got.Equal(want) {
			t.Errorf("%s and %d months is %s, want %s", c.from, c.months, got, want)
		}
	}
	if got := e.renewed(noon, 0); !got.IsZero() {
		t.Errorf("what is never renewed ends at %s", got)
	}
	havana := &exam{zone: zoneOf("America/Havana")}
	for d, next := range map[workforce.Date]workforce.Date{"2025-03-08": "2025-03-09", "2025-03-09": "2025-03-10", "2024-12-31": "2025-01-01"} {
		if got, want := havana.ends(d), next.In(havana.zone); !got.Equal(want) { // on the ninth the clocks skip midnight
			t.Errorf("%s ends at %s, want %s", d, got, want)
		}
	}
	if got := e.ends("9999-12-31"); !got.IsZero() {
		t.Errorf("the last date ends at %s, want never", got)
	}
}
