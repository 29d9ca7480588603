package check

import (
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// backgroundCheck decides BG_CHECK: a background check is in order, or one is
// not needed for a reason that is on record. Of several that count the newest
// decides how long.
func backgroundCheck(f *finding) {
	var newest *workforce.BackgroundCheck
	var best span
	failing, incomplete, future := false, false, false
	for i := range f.BackgroundChecks {
		b := &f.BackgroundChecks[i]
		switch {
		case clears(b):
			s := f.backgroundSpan(b)
			if f.standing(s) == notYet {
				future = true
			} else if newest == nil || s.completed.After(best.completed) {
				newest, best = b, s
			}
		case failureOf(b.Status) != "":
			failing = true
		default:
			incomplete = true
		}
	}
	switch {
	case newest != nil:
		f.backgroundCleared(newest, best)
	case failing:
		f.status = workforce.CheckFail
		f.eachBackground(func(b *workforce.BackgroundCheck) bool { return failureOf(b.Status) != "" }, "", failureTold)
	case incomplete:
		f.status = workforce.CheckMisconfigured
		f.eachBackground(func(b *workforce.BackgroundCheck) bool { return !clears(b) }, BackgroundCheckIncomplete, func(b *workforce.BackgroundCheck) (string, string) {
			if b.Status == "OUT_OF_SCOPE" {
				return "A background check is out of scope, but nobody says why.", "Enter why the person needs no background check."
			}
			return "A background check has no outcome that is known here.", "Enter the outcome of the background check."
		})
	case future:
		f.status = f.withoutRecord()
		f.eachBackground(clears, BackgroundCheckNotYet, func(b *workforce.BackgroundCheck) (string, string) {
			return "A background check is dated " + f.day(f.backgroundSpan(b).completed) + ", which is still to come.", "Correct its date, or wait."
		})
	default:
		f.status = f.withoutRecord()
		f.because(NoBackgroundCheck, func() (string, string) {
			return "No background check is on record.", "Have a background check made, or enter why the person needs none."
		})
	}
}

// clears reports whether a background check says that all is well.
func clears(b *workforce.BackgroundCheck) bool {
	return b.Status == "OK" || b.Status == "OUT_OF_SCOPE" && strings.TrimSpace(workforce.Text(b.OutOfScopeReason)) != ""
}

// failureOf is the code of a status that is a failure; "" for another.
func failureOf(s workforce.BackgroundCheckStatus) Code {
	switch s {
	case "PENDING":
		return BackgroundCheckPending
	case "ISSUE":
		return BackgroundCheckIssue
	case "CANCELED":
		return BackgroundCheckCanceled
	case "EXPIRED":
		return BackgroundCheckExpired
	default:
		return ""
	}
}

func failureTold(b *workforce.BackgroundCheck) (message, remedy string) {
	switch failureOf(b.Status) {
	case BackgroundCheckPending:
		return "A background check is under way.", "Wait for its outcome; if it takes long, ask whoever makes it."
	case BackgroundCheckIssue:
		return "A background check found something.", "Read its report and decide; if all is well, enter that."
	case BackgroundCheckCanceled:
		return "A background check was canceled.", "Have a new one made."
	default:
		return "A background check has expired.", "Have a new one made."
	}
}

// backgroundSpan is for when a background check that clears counts.
func (f *finding) backgroundSpan(b *workforce.BackgroundCheck) span {
	s := span{completed: workforce.Millis(b.UpdatedAt)}
	switch {
	case b.Status == "OUT_OF_SCOPE" && b.OutOfScopeAt != nil:
		s.completed = workforce.Millis(*b.OutOfScopeAt)
	case b.Status == "OK" && b.ManualCheckDate != nil:
		s.completed = f.begins(*b.ManualCheckDate)
	}
	s.expires = f.renewed(s.completed, f.rule.RenewalMonths)
	return s
}

// backgroundCleared decides by the newest background check that counts.
func (f *finding) backgroundCleared(b *workforce.BackgroundCheck, s span) {
	f.showBackground(b)
	if f.standing(s) == over {
		f.status = workforce.CheckFail
		f.because(BackgroundCheckExpired, func() (string, string) {
			return "The background check counted until " + f.day(s.expires) + ".", "Have a new one made."
		})
		return
	}
	f.pass(s)
	if b.Status == "OK" {
		f.because(BackgroundCheckOK, func() (string, string) { return "The background check of " + f.day(s.completed) + " is in order.", "" })
		return
	}
	f.because(BackgroundCheckOutOfScope, func() (string, string) {
		return sentence("No background check is needed: " + strings.TrimSpace(*b.OutOfScopeReason)), ""
	})
}

// eachBackground adds a reason for each background check that matches: with a
// code, or with that of its status.
func (f *finding) eachBackground(matches func(*workforce.BackgroundCheck) bool, code Code, tell func(*workforce.BackgroundCheck) (message, remedy string)) {
	for i := range f.BackgroundChecks {
		b := &f.BackgroundChecks[i]
		if !matches(b) {
			continue
		}
		c := code
		if c == "" {
			c = failureOf(b.Status)
		}
		f.because(c, func() (string, string) { return tell(b) })
		f.showBackground(b)
	}
}

func (f *finding) showBackground(b *workforce.BackgroundCheck) {
	f.show(func() Evidence {
		return Evidence{
			Kind: EvidenceBackgroundCheck, ID: b.ID, Label: string(b.Type), Detail: string(b.Status),
			At: when(f.backgroundSpan(b).completed),
		}
	})
}
