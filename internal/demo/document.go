package demo

import (
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

const offboardingEvidence workforce.DocumentType = "OFFBOARDING_EVIDENCE"

// documentNames are the files that people hand in.
var documentNames = map[workforce.DocumentType][]string{
	"SEC_TRAINING":                   {"Security awareness certificate.pdf", "Schulungsnachweis Sicherheit.pdf"},
	"PASSWORD_MANAGER_EVIDENCE":      {"Password manager.png", "Vault screenshot.png"},
	"AUTO_UPDATES_EVIDENCE":          {"Update settings.png", "Mises à jour automatiques.png"},
	"HARD_DRIVE_ENCRYPTION_EVIDENCE": {"Disk encryption.png", "Encryption status.jpg"},
	"ANTIVIRUS_EVIDENCE":             {"Antivirus status.png", "Protection log.pdf"},
	"LOCK_SCREEN_EVIDENCE":           {"Lock screen settings.png", "画面ロック.png"},
	"MFA_EVIDENCE":                   {"Security key.jpg", "Authenticator.png"},
	"HIPAA_TRAINING_EVIDENCE":        {"Health data training.pdf"},
	"OFFBOARDING_EVIDENCE":           {"Offboarding checklist.pdf", "Return of equipment.pdf"},
	"NIST_AI_TRAINING_EVIDENCE":      {"AI awareness certificate.pdf"},
}

// documents are what the person handed in: those who left their offboarding,
// others up to three proofs of different things.
func (c *Company) documents(p *profile) []workforce.Document {
	d := c.dice(topicDocument, p.n)
	if _, certain := headTrainings[p.n]; certain || !p.human {
		return nil
	}
	if p.status.Former() {
		if d.percent(12) {
			return nil
		}
		return []workforce.Document{c.document(offboardingEvidence, later(p.gone, p.created), d)}
	}
	count := choose(p.n <= founders, 2, d.below(8)-4)
	first := c.deal(topicDocument, p.n, len(workforce.AllDocumentTypes))
	var out []workforce.Document
	for i := range count {
		t := workforce.AllDocumentTypes[(first+3*i)%len(workforce.AllDocumentTypes)]
		if t != offboardingEvidence {
			out = append(out, c.document(t, p.created, d))
		}
	}
	return out
}

// document is one document that was handed in after an instant; it is to be
// renewed every year, or never, as that of an offboarding.
func (c *Company) document(t workforce.DocumentType, after time.Time, d dice) workforce.Document {
	handedIn := d.between(later(after, c.day.AddDate(0, -18, 0)), c.day)
	doc := workforce.Document{
		Name: pick(d, documentNames[t]), Type: t,
		FileURL:   maybe(d, 80, "https://files.example.com/evidence/"+code(d.rng.Uint64(), 11)),
		CreatedAt: handedIn,
		UpdatedAt: handedIn.Add(min(d.days(5), c.day.Sub(handedIn))),
	}
	if d.percent(70) && t != offboardingEvidence {
		doc.RenewalDate = date(handedIn.AddDate(1, 0, 0))
	}
	// A day lies between: today has not begun everywhere.
	if done := handedIn.AddDate(0, 0, -1).Add(-d.days(20)); d.percent(50) && done.After(after) {
		doc.CompletedOn = date(done)
	}
	return doc
}
