package importer

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// DateOrder says which of two numbers is the day.
type DateOrder string

// The orders of dates that are written in numbers with the year last.
const (
	DayMonthYear DateOrder = "DMY"
	MonthDayYear DateOrder = "MDY"
)

// AllDateOrders is every order.
var AllDateOrders = []DateOrder{DayMonthYear, MonthDayYear}

// Years outside these are slips of the hand: 0024, 20224.
const (
	firstYear = 1900
	lastYear  = 2200
)

var (
	errDateForm = errors.New("not a date; write 2024-04-03, 3 Apr 2024 or April 3, 2024")
	errDateYear = errors.New("the year must be written with four digits, as in 2024-04-03")
	errDateDay  = errors.New("there is no such day")
	errSerial   = errors.New("this looks like a spreadsheet's number for a day; format the column as a date (2024-04-03) and save the file again")
	errOrder    = errors.New("the order of day and month cannot be told; write 2024-04-03, or say it for the whole file with --date-format DMY or --date-format MDY")
	errZone     = errors.New("a time of day needs its time zone, as in 2024-04-03T09:30:00Z")
)

// parseDate reads a date that can be read in one way only, or in the way that
// order says. Of a time, the date as written counts.
func parseDate(s string, order DateOrder) (workforce.Date, error) {
	if d, err := workforce.ParseDateOrTime(s); err == nil {
		return plausible(d)
	}
	if day, _, ok := cutClock(s); ok {
		s = day
	}
	return parseDay(s, order)
}

// parseTime reads an RFC 3339 time, or a date, which stands for its first
// instant in UTC.
func parseTime(s string, order DateOrder) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		_, err := plausible(workforce.DateOf(t))
		return workforce.Millis(t), err
	}
	if _, clock, ok := cutClock(s); ok && strings.Trim(clock, "0:.") != "" {
		return time.Time{}, errZone
	}
	d, err := parseDate(s, order)
	if err != nil {
		return time.Time{}, err
	}
	return d.In(time.UTC), nil
}

// cutClock parts "2024-04-03 00:00:00", as databases and spreadsheets write
// dates, into its halves.
func cutClock(s string) (day, clock string, ok bool) {
	i := strings.LastIndexAny(s, " T")
	if i < 0 {
		return "", "", false
	}
	day, clock = s[:i], s[i+1:]
	for _, layout := range []string{"15:04", "15:04:05"} { // Parse takes fractions of a second by itself
		if _, err := time.Parse(layout, clock); err == nil {
			return day, clock, true
		}
	}
	return "", "", false
}

// parseDay reads three parts: numbers, or two numbers and an English month.
func parseDay(s string, order DateOrder) (workforce.Date, error) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,-./", r) })
	if len(parts) != 3 {
		if n, err := strconv.Atoi(s); err == nil && n > 20_000 && n < 80_000 { // 1954 to 2119
			return "", errSerial
		}
		return "", errDateForm
	}
	for i, p := range parts {
		if m, ok := month(p); ok {
			return namedMonth(parts, i, m)
		}
	}
	if len(parts[0]) == 4 {
		return makeDate(parts[0], parts[1], parts[2])
	}
	if len(parts[2]) != 4 {
		if allDigits(parts...) {
			return "", errDateYear
		}
		return "", errDateForm
	}
	switch order {
	case DayMonthYear:
		return makeDate(parts[2], parts[1], parts[0])
	case MonthDayYear:
		return makeDate(parts[2], parts[0], parts[1])
	}
	if allDigits(parts...) {
		return "", errOrder
	}
	return "", errDateForm
}

// namedMonth is the date of three parts of which the one at the index is the
// month: it is then clear what the others are, as the year has four digits.
func namedMonth(parts []string, at int, m time.Month) (workforce.Date, error) {
	number := strconv.Itoa(int(m))
	switch {
	case at == 2:
		return "", errDateForm
	case at == 1 && len(parts[0]) == 4: // 2024 April 3
		return makeDate(parts[0], number, ordinal(parts[2]))
	}
	day := ordinal(parts[1-at]) // 3 April 2024, April 3 2024
	if len(parts[2]) != 4 {
		return "", errDateYear
	}
	return makeDate(parts[2], number, day)
}

// month reads an English month, whole or cut to three letters.
func month(s string) (time.Month, bool) {
	s = strings.ToLower(s)
	if s == "sept" {
		return time.September, true
	}
	for m := time.January; m <= time.December; m++ {
		if name := strings.ToLower(m.String()); s == name || s == name[:3] {
			return m, true
		}
	}
	return 0, false
}

// ordinal drops the ending of 1st, 2nd, 3rd and 4th.
func ordinal(s string) string {
	for _, end := range []string{"st", "nd", "rd", "th"} {
		if day, ok := strings.CutSuffix(strings.ToLower(s), end); ok {
			return day
		}
	}
	return s
}

func makeDate(year, month, day string) (workforce.Date, error) {
	if !allDigits(year, month, day) || len(year) != 4 || len(month) > 2 || len(day) > 2 {
		return "", errDateForm
	}
	d, err := workforce.ParseDate(year + "-" + twoDigits(month) + "-" + twoDigits(day))
	if err != nil {
		return "", errDateDay
	}
	return plausible(d)
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

func allDigits(parts ...string) bool {
	for _, p := range parts {
		if p == "" || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return true
}

func plausible(d workforce.Date) (workforce.Date, error) {
	if year, err := strconv.Atoi(string(d[:4])); err != nil || year < firstYear || year > lastYear {
		return "", fmt.Errorf("the year must lie between %d and %d", firstYear, lastYear)
	}
	return d, nil
}
