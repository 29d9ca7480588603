package web

import (
	"testing"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// distinct expects that every member has a text, and no two the same.
func distinct[T comparable](t *testing.T, members []T, write func(T) string) {
	t.Helper()
	seen := map[string]T{}
	for _, m := range members {
		text := write(m)
		if other, ok := seen[text]; ok || text == "" {
			t.Errorf("%v is written %q, and so is %v", m, text, other)
		}
		seen[text] = m
	}
}

func TestEveryMemberHasItsOwnText(t *testing.T) {
	t.Parallel()
	distinct(t, workforce.AllCheckTypes, func(c workforce.CheckType) string { return checkLabels[c] })
	distinct(t, workforce.AllCheckStatuses, func(s workforce.CheckStatus) string { return marks[s].Word })
	distinct(t, workforce.AllCheckStatuses, func(s workforce.CheckStatus) string { return marks[s].Sign })
	distinct(t, workforce.AllCheckStatuses, func(s workforce.CheckStatus) string { return marks[s].Class })
	distinct(t, workforce.AllAccessFlags, func(f workforce.AccessFlag) string { return accessLabels[f] })
	distinct(t, workforce.AllEmploymentStatuses, words)
	distinct(t, workforce.AllEmploymentStatusFilters, words)
	distinct(t, workforce.AllBackgroundCheckStatuses, words)
	distinct(t, workforce.AllDocumentTypes, evidence)
	distinct(t, workforce.AllLinkMethods, words)
	distinct(t, workforce.AllPinFields, words)
	distinct(t, workforce.AllAccountKinds, words)
	distinct(t, workforce.AllRoles, words)
	distinct(t, workforce.AllClientTypes(), productName)
	distinct(t, workforce.AllDeviceSources, productName)
	distinct(t, workforce.AllBackgroundCheckTypes, productName)
	distinct(t, workforce.AllBackgroundCheckSources, productName)
	if len(checkLabels) != len(workforce.AllCheckTypes) || len(marks) != len(workforce.AllCheckStatuses) ||
		len(legend) != len(workforce.AllCheckStatuses) || len(accessLabels) != len(workforce.AllAccessFlags) {
		t.Error("a table has an entry that is no member")
	}
}

func TestSpelling(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		productName(workforce.ClientType("GITHUB_ENTERPRISE")):        "GitHub Enterprise",
		productName(workforce.ClientType("MONGO_DB_ATLAS")):           "MongoDB Atlas",
		productName(workforce.ClientType("BAMBOO_HR")):                "BambooHR",
		productName(workforce.ClientType("AWS_GOV_CLOUD")):            "AWS Gov Cloud",
		productName(workforce.DeviceSource("INTUNE_GCC_HIGH")):        "Intune GCC High",
		productName(workforce.ClientType("")):                         "",
		words(workforce.FutureHire):                                   "Future hire",
		words(workforce.LinkVerifiedEmail):                            "Verified e-mail",
		evidence(workforce.DocumentType("MFA_EVIDENCE")):              "MFA",
		evidence(workforce.DocumentType("NIST_AI_TRAINING_EVIDENCE")): "NIST AI training",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestEveryRefusalHasATitle(t *testing.T) {
	t.Parallel()
	// Faults that no page can meet: nothing is changed here, methods are the
	// Mux's, and signing in is a form.
	elsewhere := map[workforce.Kind]bool{
		workforce.KindUnauthenticated: true, workforce.KindMethod: true, workforce.KindConflict: true,
	}
	for reason, kind := range workforce.AllReasons {
		status := rest.AnswerOf(reason).Status
		if !elsewhere[kind] && refusalTitles[status] == "" {
			t.Errorf("%s (%d) has no title", reason, status)
		}
	}
}
