package importer

import (
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	const april3 = "2024-04-03"
	for _, tt := range []struct {
		in    string
		order DateOrder
		want  string // a date, or "!" and a part of the reason
	}{
		{"2024-04-03", "", april3},
		{"2024-04-03T23:30:00-05:00", "", april3},
		{"2024-04-03T23:30:00.5Z", "", april3},
		{"2024-04-03 00:00:00", "", april3},
		{"2024-04-03 00:00:00.000", "", april3},
		{"2024-04-03 13:45", "", april3},
		{"2024/04/03", "", april3},
		{"2024.4.3", "", april3},
		{"3 Apr 2024", "", april3},
		{"03-Apr-2024", "", april3},
		{"3 April 2024", "", april3},
		{"3rd April, 2024", "", april3},
		{"April 3, 2024", "", april3},
		{"APR 3 2024", "", april3},
		{"2024-Apr-03", "", april3},
		{"Sept 1, 2024", "", "2024-09-01"},
		{"29 Feb 2024", "", "2024-02-29"},
		{"03/04/2024", "", "!--date-format"},
		{"25/12/2024", "", "!--date-format"},
		{"03.04.2024", "", "!--date-format"},
		{"03/04/2024", DayMonthYear, "2024-04-03"},
		{"03/04/2024", MonthDayYear, "2024-03-04"},
		{"3.4.2024", DayMonthYear, april3},
		{"4/3/2024 00:00", MonthDayYear, april3},
		{"25/12/2024", MonthDayYear, "!no such day"},
		{"31/04/2024", DayMonthYear, "!no such day"},
		{"2024-04-03", MonthDayYear, april3},
		{"03/04/24", DayMonthYear, "!four digits"},
		{"3 Apr 24", "", "!four digits"},
		{"30 Feb 2024", "", "!no such day"},
		{"2024-02-30", "", "!no such day"},
		{"45385", "", "!spreadsheet"},
		{"0024-04-03", "", "!between 1900"},
		{"9999-01-01", "", "!between 1900"},
		{"tomorrow", "", "!not a date"},
		{"April 2024", "", "!not a date"},
		{"3 Avril 2024", "", "!not a date"},
		{"2024-04-03-01", "", "!not a date"},
		{"12345", "", "!not a date"},
		{"3/Apr/x", "", "!four digits"},
		{"2024 03 Apr", "", "!not a date"},
	} {
		got, err := parseDate(tt.in, tt.order)
		part, bad := strings.CutPrefix(tt.want, "!")
		if bad && (err == nil || !strings.Contains(err.Error(), part)) || !bad && (err != nil || string(got) != tt.want) {
			t.Errorf("parseDate(%q, %q) = %q, %v; want %s", tt.in, tt.order, got, err, tt.want)
		}
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"2024-04-03T09:30:00.1239Z", "2024-04-03T09:30:00.123Z"},
		{"2024-04-03T09:30:00+02:00", "2024-04-03T07:30:00Z"},
		{"2024-04-03", "2024-04-03T00:00:00Z"},
		{"3 Apr 2024", "2024-04-03T00:00:00Z"},
		{"2024-04-03 00:00:00", "2024-04-03T00:00:00Z"},
		{"2024-04-03 09:30:00", "!time zone"},
		{"2024-04-03T09:30", "!time zone"},
		{"yesterday", "!not a date"},
	} {
		got, err := parseTime(tt.in, "")
		part, bad := strings.CutPrefix(tt.want, "!")
		if bad && (err == nil || !strings.Contains(err.Error(), part)) || !bad && (err != nil || got.Format(time.RFC3339Nano) != tt.want) {
			t.Errorf("parseTime(%q) = %v, %v; want %s", tt.in, got, err, tt.want)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2024-04-03", "3 Apr 2024", "April 3rd, 2024", "03/04/2024", "45385", "2024-04-03 00:00:00", "--", "T"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, order := range []DateOrder{"", DayMonthYear, MonthDayYear} {
			d, err := parseDate(s, order)
			if err != nil {
				continue
			}
			if again, err := workforce.ParseDate(string(d)); err != nil || again != d {
				t.Fatalf("parseDate(%q, %q) = %q, which is no date", s, order, d)
			}
			if at, err := parseTime(s, order); err == nil && at.Location() != time.UTC {
				t.Fatalf("parseTime(%q) is not in UTC", s)
			}
		}
	})
}
