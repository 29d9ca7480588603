package check

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// finding is one check of a person under way.
//
// Whatever depends on the clock asks reached, standing or pass, which note when
// their answer will change: so NextDue cannot miss an instant.
type finding struct {
	*exam
	rule     *workforce.CheckRule
	status   workforce.CheckStatus
	span     span      // of a pass
	due      time.Time // the earliest instant at which an answer changes; zero: never
	reasons  []Reason
	evidence []Evidence
}

// span is when a proof counts: from completed (zero: at any time) until just
// before expires (zero: for good).
type span struct{ completed, expires time.Time }

// outlasts reports whether a span ends later than another; of two that end
// together, whether it begins later.
func (s span) outlasts(o span) bool {
	switch {
	case s.expires.Equal(o.expires):
		return s.completed.After(o.completed)
	case s.expires.IsZero() || o.expires.IsZero():
		return s.expires.IsZero()
	default:
		return s.expires.After(o.expires)
	}
}

// standing is how a span lies to the present.
type standing int8

const (
	notYet standing = iota
	current
	over
)

// reached reports whether an instant is not in the future.
func (f *finding) reached(t time.Time) bool {
	t = workforce.Millis(t)
	if t.After(f.now) {
		f.wake(t)
		return false
	}
	return true
}

// wake notes an instant after now at which an answer changes.
func (f *finding) wake(t time.Time) {
	if f.due.IsZero() || t.Before(f.due) {
		f.due = t
	}
}

// standing tells how a span lies to the present. It notes when a future one
// begins. That a current one ends matters only if the outcome rests on it: see
// pass.
func (f *finding) standing(s span) standing {
	switch {
	case !f.reached(s.completed):
		return notYet
	case !s.expires.IsZero() && !s.expires.After(f.now):
		return over
	default:
		return current
	}
}

// pass decides that the check is met for a span that is current.
func (f *finding) pass(s span) {
	f.status, f.span = workforce.CheckPass, s
	if !s.expires.IsZero() {
		f.wake(s.expires)
	}
}

// withoutRecord is the outcome where nothing that counts is on record.
func (f *finding) withoutRecord() workforce.CheckStatus {
	if f.rule.MissingRecord == workforce.CheckFail {
		return workforce.CheckFail
	}
	return workforce.CheckMisconfigured
}

// because adds a reason to the outcome. The sentence is made only if somebody
// wants it.
func (f *finding) because(code Code, tell func() (message, remedy string)) {
	if f.explain {
		message, remedy := tell()
		f.reasons = append(f.reasons, Reason{Code: code, Message: message, Remedy: remedy})
	}
}

// show adds the record that an outcome rests on.
func (f *finding) show(evidence func() Evidence) {
	if f.explain {
		f.evidence = append(f.evidence, evidence())
	}
}

// sortEvidence puts the evidence in the order of kinds and numbers.
func (f *finding) sortEvidence() {
	slices.SortStableFunc(f.evidence, func(a, b Evidence) int {
		return cmp.Or(
			slices.Index(AllEvidenceKinds, a.Kind)-slices.Index(AllEvidenceKinds, b.Kind),
			cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.AccountKind, b.AccountKind),
		)
	})
}

// renewed is when something completed at an instant has to be met again: the
// same day and time of day where the company is, some months later, or the
// last day of a month that is too short. Zero: never.
func (e *exam) renewed(t time.Time, months int) time.Time {
	if months <= 0 {
		return time.Time{}
	}
	local := t.In(e.zone)
	year, month, day := local.Date()
	month += time.Month(months)
	day = min(day, time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day())
	hour, minute, second := local.Clock()
	return workforce.Millis(time.Date(year, month, day, hour, minute, second, local.Nanosecond(), e.zone))
}

// begins is the company's midnight at the beginning of a date.
func (e *exam) begins(d workforce.Date) time.Time { return workforce.Millis(d.In(e.zone)) }

// ends is the company's midnight at the end of a date; zero, never, for the
// last date that there is.
func (e *exam) ends(d workforce.Date) time.Time {
	year, month, day := d.In(time.UTC).Date()
	if next := time.Date(year, month, day+1, 0, 0, 0, 0, e.zone); next.Year() <= maxYear {
		return workforce.Millis(next)
	}
	return time.Time{}
}

// maxYear is the last year that dates and times are written in.
const maxYear = 9999

// when is a time of evidence.
func when(t time.Time) *time.Time { return workforce.Ptr(workforce.Millis(t)) }

// whenKnown is a time of evidence that may not be known.
func whenKnown(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return when(*t)
}

// count writes a number of things: "1 policy", "3 policies".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// sentence ends a text that somebody entered with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}
