package check

import (
	"strings"
	"testing"
)

// typical is a person with ten documents, three identities, four devices and
// eight accounts, of a company with five policies.
const typical = `agent in use; source OKTA_IDENTITY; source GOOGLE; source BAMBOO_HR; source JAMF; source GITHUB;
	policy 1; policy 2 v3; policy 3; policy 4; policy 5 draft;
	ack 1 v1 at 2026-01-10; ack 2 v3 at 2026-01-10; ack 3 v1 at 2026-01-10; ack 4 v1 at 2026-01-10;
	identity at OKTA_IDENTITY: MFA on; identity at GOOGLE: MFA on; identity at BAMBOO_HR: MFA unknown, no sign-in;
	background OK updated 2024-05-01, dated 2024-04-20; training of SECURITY_TRAINING basics done 2026-01-10;
	device 1 by AGENT, serial C02XK1, uuid 4C4C-01, reported 2026-03-14; device 2 by JAMF, serial c02xk1, reported 2026-03-14;
	device 3 by AGENT, serial PF2ABC, reported 2026-03-01; device 4 by JAMF, serial PF2DEF, reported 2025-03-01 gone;
	document of ANTIVIRUS handed in 2025-05-01, renews 2026-05-01; document of ANTIVIRUS handed in 2024-05-01, renews 2025-05-01;
	document of HDD_ENCRYPTION handed in 2025-05-01, done 2025-04-01, renews 2026-05-01; document of LOCK_SCREEN handed in 2025-05-01;
	document of AUTO_UPDATES handed in 2025-05-01, renews 2026-03-01; document of IDENTITY_MFA handed in 2025-05-01, renews 2026-05-01;
	document of SECURITY_TRAINING handed in 2025-05-01, renews 2026-05-01; document of SECURITY_TRAINING handed in 2024-05-01;
	document of PASSWORD_MANAGER handed in 2025-05-01, renews 2026-03-01; document of HIPAA_TRAINING handed in 2025-05-01;
	account at GITHUB: open; account at GITHUB: open; account at GITHUB: open; account at GITHUB: open;
	account at GITHUB: open; account at GITHUB: open; account at GITHUB: open; account at GITHUB: closed 2026-01-10`

func typicalFacts(b *testing.B) *Facts {
	b.Helper()
	w := newWorld("ANTIVIRUS", noon, zoneOf("Europe/Berlin"))
	if err := w.say(strings.ReplaceAll(typical, "\n", " ")); err != nil {
		b.Fatal(err)
	}
	v := Decide(&w.facts, noon)
	keepVerdict(&w.facts, &v)
	return &w.facts
}

func BenchmarkDecide(b *testing.B) {
	f := typicalFacts(b)
	b.ReportAllocs()
	for b.Loop() {
		Decide(f, noon)
	}
}

func BenchmarkEval(b *testing.B) {
	f := typicalFacts(b)
	b.ReportAllocs()
	for b.Loop() {
		Eval(f, noon)
	}
}
