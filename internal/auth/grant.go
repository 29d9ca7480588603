package auth

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// The texts that people type when they make a key: how long it lives, what it
// may do, from where.

// DefaultExpiry is how long a key lives when nobody says.
const DefaultExpiry = "12mo"

// longestExpiry keeps a slip of the hand (9000mo) from making a key that is
// "never" in disguise.
const longestExpiry = 10 // years

// ParseExpiry reads "never" (nil), a number of days or months from now ("90d",
// "12mo"), or a date, which is the last day (UTC) on which the key works. The
// empty text means [DefaultExpiry].
func ParseExpiry(s string, now time.Time) (*time.Time, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		s = DefaultExpiry
	}
	if s == "never" {
		return nil, nil
	}
	at, err := expiryAt(s, now.UTC())
	if err != nil {
		return nil, err
	}
	if !at.After(now) {
		return nil, workforce.RefuseField("expires", "the expiry %q is in the past; give a later date, a span like 12mo or 90d, or never", s)
	}
	if at.After(now.AddDate(longestExpiry, 0, 1)) {
		return nil, workforce.RefuseField("expires", "the expiry %q is more than %d years away; give an earlier one, or never", s, longestExpiry)
	}
	return workforce.Ptr(workforce.Millis(at)), nil
}

func expiryAt(s string, now time.Time) (time.Time, error) {
	if n, ok := count(s, "mo"); ok {
		return addMonths(now, n), nil
	}
	if n, ok := count(s, "d"); ok {
		return now.AddDate(0, 0, n), nil
	}
	if d, err := workforce.ParseDate(s); err == nil {
		return d.In(time.UTC).AddDate(0, 0, 1), nil
	}
	return time.Time{}, workforce.RefuseField("expires",
		"the expiry %q cannot be read; give a span like 12mo or 90d, a date like 2027-01-31, or never", clip(s))
}

// count reads the number before the unit; at most five digits, so that no
// arithmetic on it can overflow.
func count(s, unit string) (int, bool) {
	text, ok := strings.CutSuffix(s, unit)
	if !ok || len(text) > 5 {
		return 0, false
	}
	n, err := strconv.ParseUint(text, 10, 31)
	return int(n), err == nil
}

// addMonths is the same day n months later, or the month's last day where it
// has no such day: one month after 31 January is not 3 March.
func addMonths(t time.Time, n int) time.Time {
	y, m, d := t.Date()
	first := time.Date(y, m+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, last)-1)
}

// ParseScopes reads scopes, each text one or several with commas between. The
// result is without repeats, in the order of [workforce.AllScopes]. A fault
// names every text that is no scope and lists the allowed ones.
func ParseScopes(texts []string) ([]workforce.Scope, error) {
	var wrong []string
	asked := map[workforce.Scope]bool{}
	for _, t := range fields(texts) {
		if s := workforce.Scope(t); slices.Contains(workforce.AllScopes, s) {
			asked[s] = true
		} else {
			wrong = append(wrong, strconv.Quote(clip(t)))
		}
	}
	switch {
	case len(wrong) > 0:
		return nil, workforce.RefuseField("scope", "%s: no such scope; allowed are %s", strings.Join(wrong, ", "), allScopes())
	case len(asked) == 0:
		return nil, workforce.RefuseField("scope", "a key needs at least one scope; allowed are %s", allScopes())
	}
	var out []workforce.Scope
	for _, s := range workforce.AllScopes {
		if asked[s] {
			out = append(out, s)
		}
	}
	return out, nil
}

func allScopes() string {
	names := make([]string, len(workforce.AllScopes))
	for i, s := range workforce.AllScopes {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// ParseAllow reads source addresses, each text one or several with commas
// between: networks as CIDR, or bare addresses, which stand for themselves
// alone. Bits beyond a network's length are cleared, IPv4 written as IPv6
// becomes IPv4, repeats are dropped. A fault names every text that is wrong.
func ParseAllow(texts []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	var wrong []string
	for _, t := range fields(texts) {
		p, err := parsePrefix(t)
		if err != nil {
			wrong = append(wrong, strconv.Quote(clip(t)))
		} else if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	if len(wrong) > 0 {
		return nil, workforce.RefuseField("allow",
			"%s: neither an address nor a network; write them like 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32", strings.Join(wrong, ", "))
	}
	return out, nil
}

func parsePrefix(s string) (netip.Prefix, error) {
	if !strings.Contains(s, "/") {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return netip.Prefix{}, err
		}
		if a.Zone() != "" {
			return netip.Prefix{}, fmt.Errorf("%q has a zone", s)
		}
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	if p.Addr().Is4In6() {
		const mapped = 96 // the bits before the IPv4 address
		if p.Bits() < mapped {
			return netip.Prefix{}, fmt.Errorf("%q mixes IPv4 and IPv6", s)
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mapped)
	}
	return p.Masked(), nil
}

// fields splits at commas and drops what is empty.
func fields(texts []string) []string {
	var out []string
	for _, t := range texts {
		for part := range strings.SplitSeq(t, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// clip keeps messages that quote input short.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
