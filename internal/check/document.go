package check

import (
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// evidenceFor is the type of the documents that can show a check; "" if none
// can.
func evidenceFor(t workforce.CheckType) workforce.DocumentType {
	switch t {
	case workforce.CheckIdentityMFA:
		return "MFA_EVIDENCE"
	case workforce.CheckPasswordManager:
		return "PASSWORD_MANAGER_EVIDENCE"
	case workforce.CheckHDDEncryption:
		return "HARD_DRIVE_ENCRYPTION_EVIDENCE"
	case workforce.CheckAntivirus:
		return "ANTIVIRUS_EVIDENCE"
	case workforce.CheckAutoUpdates:
		return "AUTO_UPDATES_EVIDENCE"
	case workforce.CheckLockScreen:
		return "LOCK_SCREEN_EVIDENCE"
	case workforce.CheckSecurityTraining:
		return "SEC_TRAINING"
	case workforce.CheckHIPAATraining:
		return "HIPAA_TRAINING_EVIDENCE"
	case workforce.CheckNISTAITraining:
		return "NIST_AI_TRAINING_EVIDENCE"
	case workforce.CheckOffboarding:
		return "OFFBOARDING_EVIDENCE"
	default:
		return ""
	}
}

// documents is what a person's documents of one type say now.
type documents struct {
	best   *workforce.Document // of those that count, the one that does so longest; nil: none counts
	span   span                // of best
	latest time.Time           // the latest completion of those that count
	future *workforce.Document // one that does not count yet
	past   *workforce.Document // the one that counted last, if none does
	ended  time.Time           // when past did
}

// documents reads the person's documents for the check. A document counts from
// when what it shows was done, or from when it was handed in, through its
// renewal date. Without a renewal date it counts for some months; 0: for good.
func (f *finding) documents(months int) documents {
	var out documents
	t := evidenceFor(f.rule.Type)
	for i := range f.Documents {
		d := &f.Documents[i]
		if d.Type != t || t == "" {
			continue
		}
		s := f.documentSpan(d, months)
		switch f.standing(s) {
		case notYet:
			out.future = d
		case over:
			if out.past == nil || s.expires.After(out.ended) {
				out.past, out.ended = d, s.expires
			}
		case current:
			if out.best == nil || s.outlasts(out.span) {
				out.best, out.span = d, s
			}
			if s.completed.After(out.latest) {
				out.latest = s.completed
			}
		}
	}
	return out
}

func (f *finding) documentSpan(d *workforce.Document, months int) span {
	s := span{completed: workforce.Millis(d.CreatedAt)}
	if d.CompletedOn != nil {
		s.completed = f.begins(*d.CompletedOn)
	}
	if d.RenewalDate != nil {
		s.expires = f.ends(*d.RenewalDate)
	} else {
		s.expires = f.renewed(s.completed, months)
	}
	return s
}

// passOn decides that the check is met on the evidence of the documents.
func (f *finding) passOn(d documents, code Code) {
	f.pass(d.span)
	f.because(code, func() (string, string) {
		return "The document " + quoted(d.best.Name) + " shows it" + f.until(d.span.expires) + ".", ""
	})
	f.showDocument(d.best, d.span, docCounts)
}

// showPast adds the document that counted last, where none does.
func (f *finding) showPast(d documents) {
	if d.past != nil {
		f.showDocument(d.past, f.documentSpan(d.past, 0), docCounted)
	}
}

// showDocument adds a document with how it stands: it counts, it did, or it will.
func (f *finding) showDocument(d *workforce.Document, s span, stands string) {
	f.show(func() Evidence {
		return Evidence{Kind: EvidenceDocument, ID: d.ID, Label: d.Name, At: when(s.completed), Detail: stands + f.until(s.expires)}
	})
}

// How a document stands.
const (
	docCounts  = "counts"
	docCounted = "counted"
	docNotYet  = "will count"
)

// until writes when something that counts ends; nothing, if it does not.
func (f *finding) until(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " until " + f.day(t)
}

// quoted sets a name apart from the sentence around it.
func quoted(s string) string { return `"` + s + `"` }
