package rest

import (
	"net/http"
	"strings"
)

// BaseURL is the scheme and host by which the client reached the server, such
// as "https://compliance.example.com", to make addresses that the client can
// follow. HTTPS counts when it ended here, or when a trusted proxy says so in
// X-Forwarded-Proto; of several proxies the nearest counts. The host is the
// request's own: a proxy has to pass it on.
func BaseURL(r *http.Request) string {
	scheme := "http://"
	if r.TLS != nil || exchangeOf(r.Context()).byTrustedProxy(r) && forwardedByHTTPS(r) {
		scheme = "https://"
	}
	return scheme + r.Host
}

func forwardedByHTTPS(r *http.Request) bool {
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-Proto"), ","), ",")
	return strings.EqualFold(strings.TrimSpace(said[len(said)-1]), "https")
}

// byTrustedProxy reports whether a proxy that is trusted made the connection.
func (x *exchange) byTrustedProxy(r *http.Request) bool {
	addr, ok := parseAddr(r.RemoteAddr)
	return x != nil && ok && contains(x.trusted, addr)
}
