package workforce

import (
	"fmt"
	"strings"
	"time"
)

// Date is a calendar date without a time zone, as "2006-01-02". The year is
// 0001 to 9999, so that dates compare as strings. A Date is made by
// [ParseDate], [ParseDateOrTime] or [DateOf]; optional dates are *Date.
type Date string

const dateLayout = "2006-01-02"

// ParseDate reads "2006-01-02" and nothing else.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil || t.Year() < 1 {
		return "", fmt.Errorf("%q is not a date like 2020-07-06", clip(s))
	}
	return Date(s), nil
}

// ParseDateOrTime reads "2006-01-02" or an RFC 3339 time, of which the date as
// written counts: 2020-07-06T23:30:00-05:00 is the sixth.
func ParseDateOrTime(s string) (Date, error) {
	if d, err := ParseDate(s); err == nil {
		return d, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil && t.Year() >= 1 && strings.HasPrefix(s, t.Format(dateLayout)) {
		return DateOf(t), nil
	}
	return "", fmt.Errorf("%q is neither a date like 2020-07-06 nor an RFC 3339 time", clip(s))
}

// DateOf is the calendar date of t in t's own location.
func DateOf(t time.Time) Date { return Date(t.Format(dateLayout)) }

// In is the first instant of the date in loc. Where a daylight-saving change
// skips midnight, it is the first instant that exists.
func (d Date) In(loc *time.Location) time.Time {
	t, err := time.ParseInLocation(dateLayout, string(d), loc)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d < e }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d > e }

// Millis cuts an instant to what is stored and served: UTC, milliseconds.
func Millis(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// clip keeps messages that quote input short.
func clip(s string) string {
	const limit = 60
	if len(s) <= limit {
		return s
	}
	cut := limit
	for cut > 0 && s[cut]&0xC0 == 0x80 { // not in the middle of a character
		cut--
	}
	return s[:cut] + "…"
}
