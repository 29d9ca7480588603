package rest

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestClientIP(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	for _, c := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"direct", "192.0.2.7:1234", nil, "192.0.2.7"},
		{"direct, forged", "192.0.2.7:1234", []string{"203.0.113.9"}, "192.0.2.7"},
		{"proxy without the header", "10.0.0.1:1", nil, "10.0.0.1"},
		{"one proxy", "10.0.0.1:1", []string{"203.0.113.9"}, "203.0.113.9"},
		{"two proxies", "10.0.0.1:1", []string{"203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"forged on the left", "10.0.0.1:1", []string{"127.0.0.1, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"forged trusted on the left", "10.0.0.1:1", []string{"10.0.0.9, 203.0.113.9"}, "203.0.113.9"},
		{"two header lines", "10.0.0.1:1", []string{"198.51.100.1", "203.0.113.9,10.0.0.2"}, "203.0.113.9"},
		{"with a port", "10.0.0.1:1", []string{"203.0.113.9:5555"}, "203.0.113.9"},
		{"IPv6", "[2001:db8::1]:1", []string{"[2001:470::9]:5555"}, "2001:470::9"},
		{"IPv6 without brackets", "[2001:db8::1]:1", []string{"2001:470::9"}, "2001:470::9"},
		{"mapped proxy", "[::ffff:10.0.0.1]:1", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"all trusted", "10.0.0.1:1", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"garbage", "10.0.0.1:1", []string{"203.0.113.9, unknown"}, "10.0.0.1"},
		{"garbage further left", "10.0.0.1:1", []string{"unknown, 10.0.0.2"}, "10.0.0.2"},
		{"empty", "10.0.0.1:1", []string{""}, "10.0.0.1"},
		{"no peer address", "@", []string{"203.0.113.9"}, "invalid IP"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		r.Header["X-Forwarded-For"] = c.forwarded
		if got := ClientIP(r, trusted).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = "10.0.0.1:1"
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	if got := ClientIP(r, nil).String(); got != "10.0.0.1" {
		t.Errorf("without trusted proxies: %s", got)
	}
}

func FuzzClientIP(f *testing.F) {
	f.Add("10.0.0.1:1", "203.0.113.9, 10.0.0.2")
	f.Add("[::1]:1", "x")
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	f.Fuzz(func(t *testing.T, remote, forwarded string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = remote
		r.Header["X-Forwarded-For"] = []string{forwarded}
		peer := ClientIP(r, nil)
		if got := ClientIP(r, trusted); got != peer && !contains(trusted, peer) {
			t.Fatalf("an untrusted peer %s is believed to be %s", peer, got)
		}
	})
}
