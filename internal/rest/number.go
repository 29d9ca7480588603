package rest

import (
	"errors"
	"strings"
)

// What parseInteger says of text that is no integer we can hold.
var (
	errNotInteger = errors.New("not an integer")
	errOutOfRange = errors.New("out of range")
)

// exactLimit is the largest integer that every JSON client holds exactly
// (2^53-1). Every integer parameter is within it, wider bounds or none
// notwithstanding: what is computed from two of them, such as the offset of a
// page, then cannot overflow.
const exactLimit = 1<<53 - 1

// parseInteger reads an integer as JavaScript clients write it: digits, and
// also "20.0", "2e1" or "+20", as long as the value is whole. Only decimal
// digits are read: no hexadecimal, no "Infinity", no underscore. It is exact:
// nothing goes through a float. A value beyond ±(2^53-1) is errOutOfRange.
func parseInteger(s string) (int64, error) {
	negative := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		s = s[1:]
	}
	whole, rest := digits(s)
	fraction := ""
	if strings.HasPrefix(rest, ".") {
		fraction, rest = digits(rest[1:])
	}
	if whole == "" && fraction == "" {
		return 0, errNotInteger
	}
	exponent := 0
	if rest != "" {
		var err error
		if exponent, err = parseExponent(rest); err != nil {
			return 0, err
		}
	}
	n, err := shift(whole, fraction, exponent)
	if negative {
		n = -n
	}
	return n, err
}

func digits(s string) (head, tail string) {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return s[:i], s[i:]
}

// exponentMost is an exponent no text within our limits can make up for.
const exponentMost = 1 << 30

// parseExponent reads "e+3". An exponent of very many digits is cut to
// exponentMost, which decides the outcome just as well.
func parseExponent(s string) (int, error) {
	if s[0] != 'e' && s[0] != 'E' {
		return 0, errNotInteger
	}
	s = s[1:]
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	ds, tail := digits(s)
	if ds == "" || tail != "" {
		return 0, errNotInteger
	}
	n := 0
	for i := range len(ds) {
		n = min(n*10+int(ds[i]-'0'), exponentMost)
	}
	if negative {
		n = -n
	}
	return n, nil
}

// shift is the value of whole.fraction × 10^exponent, if that is whole.
func shift(whole, fraction string, exponent int) (int64, error) {
	all := whole + fraction
	point := len(whole) + exponent // how many digits of all stand before the point
	var n int64
	for i := range len(all) {
		d := int64(all[i] - '0')
		if i >= point {
			if d != 0 {
				return 0, errNotInteger
			}
			continue
		}
		if n = n*10 + d; n > exactLimit {
			return 0, outOfRangeUnlessFraction(all[i+1:], point-i-1)
		}
	}
	if n == 0 {
		return 0, nil
	}
	for range point - len(all) {
		if n *= 10; n > exactLimit {
			return 0, errOutOfRange
		}
	}
	return n, nil
}

// outOfRangeUnlessFraction decides between the two errors for a value that is
// too large already: 1e30 is out of range, 99999999999999999.5 no integer.
func outOfRangeUnlessFraction(tail string, before int) error {
	if before < len(tail) && strings.Trim(tail[max(before, 0):], "0") != "" {
		return errNotInteger
	}
	return errOutOfRange
}
