package workforce

import (
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Date{
		"2020-07-06": "2020-07-06", "2024-02-29": "2024-02-29", "0001-01-01": "0001-01-01", "9999-12-31": "9999-12-31",
		"2023-02-29": "", "2020-7-6": "", "2020-13-01": "", "": "", "2020-07-06T00:00:00Z": "", "0000-01-01": "", "06/07/2020": "",
	} {
		if got, err := ParseDate(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func TestParseDateOrTime(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Date{
		"2020-07-06":                     "2020-07-06",
		"2020-07-06T23:30:00-05:00":      "2020-07-06", // the date as written, not as in UTC
		"2020-07-06T00:00:00.000Z":       "2020-07-06",
		"2020-07-06T00:00:00.123456789Z": "2020-07-06",
		"2020-07-06 00:00:00":            "",
		"2020-07-06T25:00:00Z":           "",
		"yesterday":                      "",
	} {
		if got, err := ParseDateOrTime(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func FuzzParseDateOrTime(f *testing.F) {
	for _, s := range []string{"2020-07-06", "2020-07-06T23:30:00-05:00", "", "x", "0000-00-00", "2020-07-06T00:00:00+24:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDateOrTime(s)
		if err != nil {
			return
		}
		if again, err := ParseDate(string(d)); err != nil || again != d || len(d) != 10 {
			t.Errorf("%q became %q, which is not a date: %v", s, d, err)
		}
	})
}

func TestDateInAZone(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		t.Fatal(err)
	}
	if got := Date("2020-07-06").In(zone); !got.Equal(time.Date(2020, 7, 6, 3, 0, 0, 0, time.UTC)) {
		t.Errorf("midnight is %s", got)
	}
	// On this day the clocks were set from midnight to one: midnight did not exist.
	if got := DateOf(Date("2018-11-04").In(zone)); got > "2018-11-04" {
		t.Errorf("the day begins on %s", got)
	}
	company := Company{TimeZone: "Asia/Tokyo"}
	if got := company.Today(time.Date(2020, 7, 5, 15, 0, 0, 0, time.UTC)); got != "2020-07-06" {
		t.Errorf("today is %s", got)
	}
	if (Company{TimeZone: "no/such"}).Location() != time.UTC {
		t.Error("an unknown zone is not UTC")
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"ANA@Example.com", "ana@example.com"},
		{"Straße", "STRASSE", "strasse"},
		{"Zoe\u0308", "ZO\u00cb", "zo\u00eb"}, // decomposed, composed
		{"ΣΊΣΥΦΟΣ", "σίσυφος", "σίσυφοσ"},
		{"ﬁn", "FIN"},
	} {
		for _, s := range same[1:] {
			if Fold(s) != Fold(same[0]) {
				t.Errorf("%q and %q differ: %q, %q", same[0], s, Fold(same[0]), Fold(s))
			}
		}
	}
	for _, different := range [][2]string{{"José", "Jose"}, {"山田", "山口"}, {"a b", "ab"}} {
		if Fold(different[0]) == Fold(different[1]) {
			t.Errorf("%q and %q are the same", different[0], different[1])
		}
	}
}

func TestFoldTwiceIsFoldOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if once := Fold(s); Fold(once) != once {
			t.Errorf("%q folds to %q and that to %q", s, once, Fold(once))
		}
	})
}

// TestFoldOfEveryCharacter: folding twice is folding once, and the characters
// that differ in case alone fold to the same.
func TestFoldOfEveryCharacter(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		once := Fold(string(r))
		if twice := Fold(once); twice != once {
			t.Errorf("%U %q folds to %q and that to %q", r, r, once, twice)
		}
		if next := unicode.SimpleFold(r); Fold(string(next)) != once {
			t.Errorf("%U %q and %U %q fold to %q and %q", r, r, next, next, once, Fold(string(next)))
		}
	}
}

func TestFullName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first, last *string
		want        string
	}{
		{Ptr("Sally"), Ptr("Smith"), "Sally Smith"},
		{Ptr("Suharto"), nil, "Suharto"},
		{nil, Ptr("Smith"), "Smith"},
		{nil, nil, ""},
	} {
		if got := FullName(c.first, c.last); got != c.want {
			t.Errorf("%q", got)
		}
	}
}

func TestOffsetDoesNotOverflow(t *testing.T) {
	t.Parallel()
	for _, p := range []Page{{1, 20}, {3, 50}, {1 << 62, 50}, {1, 0}} {
		if p.Offset() < 0 {
			t.Errorf("%+v begins at %d", p, p.Offset())
		}
	}
	if (Page{3, 50}).Offset() != 100 {
		t.Error("page 3 of 50 does not begin at 100")
	}
}

func TestLatestDevice(t *testing.T) {
	t.Parallel()
	at := func(n int) *time.Time { return Ptr(time.UnixMilli(int64(n)).UTC()) }
	for name, c := range map[string]struct {
		devices []Device
		want    DeviceID
	}{
		"none":                       {nil, 0},
		"only a retired one":         {[]Device{{ID: 1, DeletedAt: at(1)}}, 0},
		"the later one":              {[]Device{{ID: 1, LastCheckedAt: at(2)}, {ID: 2, LastCheckedAt: at(1)}}, 1},
		"a tie goes to the newer id": {[]Device{{ID: 1, LastCheckedAt: at(2)}, {ID: 2, LastCheckedAt: at(2)}}, 2},
		"seen beats never seen":      {[]Device{{ID: 1, LastCheckedAt: at(1)}, {ID: 2}}, 1},
		"never seen, seen":           {[]Device{{ID: 1}, {ID: 2, LastCheckedAt: at(1)}}, 2},
		"none ever seen":             {[]Device{{ID: 1}, {ID: 2}}, 2},
	} {
		got := PersonnelRecord{Devices: c.devices}.LatestDevice()
		if got == nil && c.want != 0 || got != nil && got.ID != c.want {
			t.Errorf("%s: %+v, want %d", name, got, c.want)
		}
	}
}
