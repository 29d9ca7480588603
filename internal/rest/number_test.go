package rest

import (
	"math/big"
	"regexp"
	"testing"
)

func TestParseInteger(t *testing.T) {
	t.Parallel()
	good := map[string]int64{
		"0": 0, "1": 1, "-1": -1, "+5": 5, "007": 7, "1.0": 1, "20.0": 20, "20.": 20, ".0": 0, "-0": 0, "-0.0": 0,
		"1e3": 1000, "1E3": 1000, "1e+3": 1000, "1.5e1": 15, "150e-1": 15, "0e999999999999": 0, "0.000e-5": 0,
		"9007199254740991": exactLimit, "-9007199254740991": -exactLimit, "9007199254740991.000": exactLimit,
		"0000000000000000000000000000001": 1, "1000000000000000000000e-21": 1,
	}
	for s, want := range good {
		// 1000000000000000000000e-21 is 1: only its whole part counts.
		if got, err := parseInteger(s); err != nil || got != want {
			t.Errorf("parseInteger(%q) = %d, %v; want %d", s, got, err, want)
		}
	}
	bad := map[string]error{
		"": errNotInteger, ".": errNotInteger, "-": errNotInteger, "1.5": errNotInteger, "1e-1": errNotInteger, "abc": errNotInteger,
		"1 2": errNotInteger, "0x10": errNotInteger, "1_000": errNotInteger, "Infinity": errNotInteger, "NaN": errNotInteger,
		"1e": errNotInteger, "1e+": errNotInteger, "e5": errNotInteger, "1e1.5": errNotInteger, "--1": errNotInteger,
		"١": errNotInteger, "1.2.3": errNotInteger, "99999999999999999.5": errNotInteger, "null": errNotInteger, "1,2": errNotInteger,
		"9007199254740992": errOutOfRange, "-9007199254740992": errOutOfRange, "99999999999999999999999999": errOutOfRange,
		"1e16": errOutOfRange, "1e999999999999999999999": errOutOfRange, "9223372036854775808": errOutOfRange,
	}
	for s, want := range bad {
		if got, err := parseInteger(s); err != want {
			t.Errorf("parseInteger(%q) = %d, %v; want %v", s, got, err, want)
		}
	}
}

// FuzzParseInteger compares with exact rational arithmetic.
func FuzzParseInteger(f *testing.F) {
	for _, s := range []string{"1", "-20.0", "1e3", "1.50e1", "9007199254740992", "99999999999999999.5", "5e-1", "1e99"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 40 {
			return
		}
		got, err := parseInteger(s)
		if err == errNotInteger && !decimal(s) {
			return
		}
		if !decimal(s) {
			t.Fatalf("parseInteger(%q) = %d, %v, but it is no decimal number", s, got, err)
		}
		if exp := exponentOf(s); exp > 100 || exp < -100 {
			return // too large for the oracle
		}
		want, ok := new(big.Rat).SetString(s)
		switch {
		case !ok:
			t.Fatalf("%q is decimal but not a rational", s)
		case !want.IsInt():
			if err != errNotInteger {
				t.Fatalf("parseInteger(%q) = %d, %v; want errNotInteger", s, got, err)
			}
		case want.Num().CmpAbs(big.NewInt(exactLimit)) > 0:
			if err != errOutOfRange {
				t.Fatalf("parseInteger(%q) = %d, %v; want errOutOfRange", s, got, err)
			}
		case err != nil || big.NewInt(got).Cmp(want.Num()) != 0:
			t.Fatalf("parseInteger(%q) = %d, %v; want %s", s, got, err, want)
		}
	})
}

// decimal is the grammar, written down a second time.
func decimal(s string) bool { return decimalSyntax.MatchString(s) }

func exponentOf(s string) int {
	m := decimalSyntax.FindStringSubmatch(s)
	n, _ := new(big.Int).SetString("0"+m[2], 10)
	if !n.IsInt64() || n.Int64() > 1000 {
		return 1000
	}
	return int(n.Int64())
}

// The second group is the digits of the exponent.
var decimalSyntax = regexp.MustCompile(`^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?)([0-9]+))?$`)
