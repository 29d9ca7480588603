package web

import (
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// checkLabels names the fifteen checks for people.
var checkLabels = map[workforce.CheckType]string{
	workforce.CheckFullCompliance:   "Full compliance",
	workforce.CheckAcceptedPolicies: "Policies accepted",
	workforce.CheckIdentityMFA:      "Identity MFA",
	workforce.CheckBackground:       "Background check",
	workforce.CheckAgentInstalled:   "Agent installed",
	workforce.CheckPasswordManager:  "Password manager",
	workforce.CheckHDDEncryption:    "Disk encryption",
	workforce.CheckAntivirus:        "Antivirus",
	workforce.CheckAutoUpdates:      "Auto-updates",
	workforce.CheckLockScreen:       "Lock screen",
	workforce.CheckSecurityTraining: "Security training",
	workforce.CheckLocationServices: "Location services",
	workforce.CheckHIPAATraining:    "HIPAA training",
	workforce.CheckOffboarding:      "Offboarding",
	workforce.CheckNISTAITraining:   "NIST AI training",
}

// spelling is how the words of our vocabulary are written that are not simply
// capitalised.
var spelling = map[string]string{
	"AI": "AI", "AWS": "AWS", "CSV": "CSV", "DB": "DB", "GCC": "GCC", "GCP": "GCP",
	"HIPAA": "HIPAA", "HR": "HR", "HRIS": "HRIS", "ID": "ID", "IDP": "IdP", "LDAP": "LDAP", "MAC": "MAC",
	"MDM": "MDM", "MFA": "MFA", "NIST": "NIST", "OK": "OK", "PROD": "production", "SCIM": "SCIM",
	"SEC": "Security", "UEM": "UEM", "UUID": "UUID",
	"BITBUCKET": "Bitbucket", "CODECOMMIT": "CodeCommit", "DRATA": "Drata", "GITHUB": "GitHub", "GITLAB": "GitLab",
	"BAMBOOHR": "BambooHR", "EMAIL": "e-mail", "HIBOB": "HiBob", "HIRERIGHT": "HireRight", "JUMPCLOUD": "JumpCloud", "KARMACHECK": "KarmaCheck", "KNOWBE4": "KnowBe4",
	"MERGEDEV": "Merge", "MONGODB": "MongoDB", "ONELOGIN": "OneLogin",
}

// oneWord joins what our vocabulary parts and its maker does not.
var oneWord = strings.NewReplacer("BAMBOO_HR", "BAMBOOHR", "HI_BOB", "HIBOB", "MONGO_DB", "MONGODB")

// properNoun is the vocabularies whose members are names of products, of which
// every word is capitalised.
type properNoun interface {
	workforce.ClientType | workforce.DeviceSource | workforce.BackgroundCheckType | workforce.BackgroundCheckSource
}

// productName writes a member of a vocabulary of products: "GitHub Enterprise".
func productName[T properNoun](v T) string { return spell(string(v), true) }

// words writes a member of any other vocabulary as a sentence begins: "Current
// employee". Two members never read alike, because nothing is left out.
func words[T ~string](v T) string { return spell(string(v), false) }

func spell(v string, capitals bool) string {
	parts := strings.Split(oneWord.Replace(v), "_")
	for i, part := range parts {
		if s, ok := spelling[part]; ok {
			parts[i] = s
			continue
		}
		part = strings.ToLower(part)
		if part != "" && (capitals || i == 0) {
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		parts[i] = part
	}
	return strings.Join(parts, " ")
}
