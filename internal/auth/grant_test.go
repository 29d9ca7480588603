package auth

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

func TestParseExpiry(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 31, 10, 30, 0, 123456789, time.UTC)
	for _, tt := range []struct {
		in   string
		want string // RFC 3339; "never"; or "!" and a part of the message
	}{
		{"", "2027-01-31T10:30:00.123Z"},
		{"12mo", "2027-01-31T10:30:00.123Z"},
		{" 12MO ", "2027-01-31T10:30:00.123Z"},
		{"1mo", "2026-02-28T10:30:00.123Z"},
		{"13mo", "2027-02-28T10:30:00.123Z"},
		{"90d", "2026-05-01T10:30:00.123Z"},
		{"1d", "2026-02-01T10:30:00.123Z"},
		{"never", "never"},
		{"Never", "never"},
		{"2027-01-31", "2027-02-01T00:00:00.000Z"},
		{"2026-01-31", "2026-02-01T00:00:00.000Z"},
		{"2026-01-30", "!in the past"},
		{"0d", "!in the past"},
		{"0mo", "!in the past"},
		{"-5d", "!cannot be read"},
		{"+5d", "!cannot be read"},
		{"12 months", "!cannot be read"},
		{"d", "!cannot be read"},
		{"31/01/2027", "!cannot be read"},
		{"2027-02-30", "!cannot be read"},
		{"99999mo", "!more than 10 years"},
		{"999999999999d", "!cannot be read"},
		{"9999-12-31", "!more than 10 years"},
	} {
		got, err := ParseExpiry(tt.in, now)
		text := "never"
		switch {
		case err != nil:
			text = "!" + err.Error()
			if !workforce.IsReason(err, workforce.ReasonBadRequest) {
				t.Errorf("ParseExpiry(%q): %v is no bad-request fault", tt.in, err)
			}
		case got != nil:
			text = got.Format("2006-01-02T15:04:05.000Z07:00")
		}
		if part, bad := strings.CutPrefix(tt.want, "!"); bad && !(strings.HasPrefix(text, "!") && strings.Contains(text, part)) || !bad && text != tt.want {
			t.Errorf("ParseExpiry(%q) = %s, want %s", tt.in, text, tt.want)
		}
	}
}

func TestParseScopes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   []string
		want string
	}{
		{[]string{"all"}, "[all]"},
		{[]string{"personnel:get", "users:list"}, "[users:list personnel:get]"},
		{[]string{"personnel:get, users:list", "users:list,"}, "[users:list personnel:get]"},
	} {
		got, err := ParseScopes(tt.in)
		if err != nil || fmt.Sprint(got) != tt.want {
			t.Errorf("ParseScopes(%q) = %v, %v; want %s", tt.in, got, err, tt.want)
		}
	}
	for _, in := range [][]string{nil, {""}, {","}, {"ALL"}, {"users"}, {"all", "nope"}} {
		_, err := ParseScopes(in)
		if err == nil {
			t.Errorf("ParseScopes(%q) is accepted", in)
			continue
		}
		for _, s := range workforce.AllScopes {
			if !strings.Contains(err.Error(), string(s)) {
				t.Errorf("ParseScopes(%q): the message does not list %s", in, s)
			}
		}
	}
}

func TestParseAllow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   []string
		want string
	}{
		{nil, "[]"},
		{[]string{"203.0.113.7"}, "[203.0.113.7/32]"},
		{[]string{"2001:db8::1"}, "[2001:db8::1/128]"},
		{[]string{"10.1.2.3/8"}, "[10.0.0.0/8]"},
		{[]string{"10.0.0.0/8,10.9.9.9/8", "::1"}, "[10.0.0.0/8 ::1/128]"},
		{[]string{"::ffff:10.0.0.1"}, "[10.0.0.1/32]"},
		{[]string{"::ffff:10.0.0.0/104"}, "[10.0.0.0/8]"},
		{[]string{"0.0.0.0/0"}, "[0.0.0.0/0]"},
	} {
		got, err := ParseAllow(tt.in)
		if err != nil || fmt.Sprint(got) != tt.want {
			t.Errorf("ParseAllow(%q) = %v, %v; want %s", tt.in, got, err, tt.want)
		}
	}
	for _, in := range []string{"example.com", "10.0.0.0/33", "10.0.0", "fe80::1%eth0", "::ffff:10.0.0.0/64", "10.0.0.0/-1", "10.0.0.0/08"} {
		if got, err := ParseAllow([]string{in}); err == nil || !strings.Contains(err.Error(), in) {
			t.Errorf("ParseAllow(%q) = %v, %v; want a fault that names it", in, got, err)
		}
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	office := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	at := func(d time.Duration) *time.Time { return workforce.Ptr(now.Add(d)) }
	for _, tt := range []struct {
		name string
		key  workforce.APIKey
		addr string
		want workforce.Reason
	}{
		{"plain", workforce.APIKey{}, "192.0.2.1", ""},
		{"no address, no list", workforce.APIKey{}, "", ""},
		{"not yet expired", workforce.APIKey{ExpiresAt: at(time.Millisecond)}, "192.0.2.1", ""},
		{"expires now", workforce.APIKey{ExpiresAt: at(0)}, "192.0.2.1", workforce.ReasonKeyExpired},
		{"revoked", workforce.APIKey{RevokedAt: at(-1)}, "192.0.2.1", workforce.ReasonKeyRevoked},
		{"revoked before expired", workforce.APIKey{RevokedAt: at(-1), ExpiresAt: at(-1)}, "192.0.2.1", workforce.ReasonKeyRevoked},
		{"expired before address", workforce.APIKey{ExpiresAt: at(-1), Allow: office}, "192.0.2.1", workforce.ReasonKeyExpired},
		{"allowed", workforce.APIKey{Allow: office}, "10.200.0.1", ""},
		{"allowed, mapped", workforce.APIKey{Allow: office}, "::ffff:10.200.0.1", ""},
		{"allowed, IPv6", workforce.APIKey{Allow: office}, "2001:db8::5", ""},
		{"allowed, zone", workforce.APIKey{Allow: []netip.Prefix{netip.MustParsePrefix("fe80::/10")}}, "fe80::1%eth0", ""},
		{"not allowed", workforce.APIKey{Allow: office}, "11.0.0.1", workforce.ReasonKeyAddress},
		{"list and no address", workforce.APIKey{Allow: office}, "", workforce.ReasonKeyAddress},
	} {
		var addr netip.Addr
		if tt.addr != "" {
			addr = netip.MustParseAddr(tt.addr)
		}
		if err := verdict(tt.key, now, addr); !hasReason(err, tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestBearer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		header, key string
		want        workforce.Reason
	}{
		{"Bearer abc", "abc", ""},
		{"bearer abc", "abc", ""},
		{"BEARER   abc", "abc", ""},
		{"  Bearer abc\t", "abc", ""},
		{"", "", workforce.ReasonKeyMissing},
		{" \t", "", workforce.ReasonKeyMissing},
		{"Bearer", "", workforce.ReasonKeyMalformed},
		{"Bearer ", "", workforce.ReasonKeyMalformed},
		{"Basic abc", "", workforce.ReasonKeyMalformed},
		{"abc", "", workforce.ReasonKeyMalformed},
		{"Bearerabc", "", workforce.ReasonKeyMalformed},
		{"Bearer abc def", "", workforce.ReasonKeyMalformed},
		{"Bearer abc, Bearer abc", "", workforce.ReasonKeyMalformed},
	} {
		if key, err := bearer(tt.header); key != tt.key || !hasReason(err, tt.want) {
			t.Errorf("bearer(%q) = %q, %v; want %q, %q", tt.header, key, err, tt.key, tt.want)
		}
	}
}

func TestAdmits(t *testing.T) {
	t.Parallel()
	accepted := workforce.Ptr(time.Unix(0, 0))
	for _, tt := range []struct {
		plan    workforce.Plan
		terms   *time.Time
		feature workforce.Feature
		want    workforce.Reason
	}{
		{workforce.PlanFull, accepted, workforce.FeatureUserIdentities, ""},
		{workforce.PlanCore, accepted, workforce.FeatureCore, ""},
		{workforce.PlanCore, accepted, workforce.FeatureUserIdentities, workforce.ReasonPlanFeature},
		{workforce.PlanCore, nil, workforce.FeatureUserIdentities, workforce.ReasonPlanFeature},
		{workforce.PlanNone, nil, workforce.FeatureCore, workforce.ReasonPlanNone},
		{workforce.PlanFull, nil, workforce.FeatureCore, workforce.ReasonTermsNotAccepted},
	} {
		if err := Admits(workforce.Company{Plan: tt.plan, TermsAcceptedAt: tt.terms}, tt.feature); !hasReason(err, tt.want) {
			t.Errorf("%s %v %s: %v, want %q", tt.plan, tt.terms != nil, tt.feature, err, tt.want)
		}
	}
}

// hasReason reports whether err is a fault with the reason; "" means nil.
func hasReason(err error, want workforce.Reason) bool {
	if want == "" {
		return err == nil
	}
	return workforce.IsReason(err, want)
}

func TestPrincipal(t *testing.T) {
	t.Parallel()
	reader := Principal{Scopes: []workforce.Scope{workforce.ScopeAllRead}}
	for _, s := range workforce.AllScopes[:9] {
		if err := CommandLine().Require(s, workforce.Writes); err != nil {
			t.Errorf("the command line lacks %s: %v", s, err)
		}
		if err := reader.Require(s, workforce.Reads); err != nil {
			t.Errorf("all:read lacks reading %s: %v", s, err)
		}
		for _, p := range []Principal{{}, reader} {
			err := p.Require(s, workforce.Writes)
			if !hasReason(err, workforce.ReasonScope) || !strings.Contains(err.Error(), string(s)) {
				t.Errorf("writing %s: %v", s, err)
			}
		}
	}
	if _, err := Require(t.Context(), workforce.ScopeUsersGet, workforce.Reads); !hasReason(err, workforce.ReasonKeyMissing) {
		t.Errorf("without a principal: %v", err)
	}
	p, err := Require(With(t.Context(), reader), workforce.ScopeUsersGet, workforce.Reads)
	if err != nil || !slices.Equal(p.Scopes, reader.Scopes) {
		t.Errorf("with a principal: %v, %v", p, err)
	}
}
