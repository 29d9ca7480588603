package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/config"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// running is a whole program on an empty database, until the test ends.
type running struct {
	front *Front
	key   string // of scope all:read
}

func run(t *testing.T, cfg config.Config) running {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	front, err := Listen(t.Context(), cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(front.Close)
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "passmuster.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	key, _, err := auth.NewKeys(db).Create(auth.With(t.Context(), auth.CommandLine()),
		auth.NewKey{Name: "test", Scopes: []workforce.Scope{workforce.ScopeAllRead}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(cfg, db, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	ctx, stop := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- a.Serve(ctx, front, func() { close(ready) }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	<-ready
	return running{front: front, key: key}
}

// client believes the certificate and nothing else, and follows no redirect.
func client(t *testing.T, cert []byte, change func(*tls.Config)) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(cert)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
	if change != nil {
		change(transport.TLSClientConfig)
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// reply is what counts of an answer.
type reply struct {
	status  int
	http    int    // the protocol's major version
	tls     uint16 // 0 without
	hsts    string
	cookies []*http.Cookie
}

func send(t *testing.T, c *http.Client, method, url string, form url.Values) (reply, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := c.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	r := reply{
		status: res.StatusCode, http: res.ProtoMajor,
		hsts: res.Header.Get("Strict-Transport-Security"), cookies: res.Cookies(),
	}
	if res.TLS != nil {
		r.tls = res.TLS.Version
	}
	return r, nil
}

func TestTLS(t *testing.T) {
	t.Parallel()
	pair := issue(t, 1, "127.0.0.1")
	p := run(t, tlsSettings(pair.files(t)))
	base := p.front.URL()
	if !strings.HasPrefix(base, "https://127.0.0.1:") {
		t.Fatalf("URL %q", base)
	}

	res, err := send(t, client(t, pair.cert, nil), http.MethodGet, base+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.status != http.StatusOK || res.http != 2 || res.tls != tls.VersionTLS13 || res.hsts != "max-age=31536000" {
		t.Errorf("%+v, want 200 by HTTP/2 and TLS 1.3, for a year", res)
	}

	for version, want := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true} {
		old := client(t, pair.cert, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, version })
		if _, err := send(t, old, http.MethodGet, base+"/healthz", nil); (err == nil) != want {
			t.Errorf("TLS %x: %v, want it to work: %t", version, err, want)
		}
	}

	plain := "http://" + strings.TrimPrefix(base, "https://") + "/healthz"
	if res, err := send(t, client(t, pair.cert, nil), http.MethodGet, plain, nil); err != nil || res.status != http.StatusBadRequest {
		t.Errorf("plain HTTP: %+v, %v, want 400", res, err)
	}
}

// A session by HTTPS has a cookie that no neighbour can plant and no wire can
// show; one by HTTP has to do without, and gets no HSTS.
func TestSessionCookieIsSecureWithTLS(t *testing.T) {
	t.Parallel()
	pair := issue(t, 1, "127.0.0.1")
	plain := config.Default()
	plain.Listen = "127.0.0.1:0"
	for name, cfg := range map[string]config.Config{"https": tlsSettings(pair.files(t)), "http": plain} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := run(t, cfg)
			res, err := send(t, client(t, pair.cert, nil), http.MethodPost, p.front.URL()+"/session", url.Values{"key": {p.key}})
			if err != nil {
				t.Fatal(err)
			}
			secure := name == "https"
			c := res.cookies
			if len(c) != 1 || c[0].Secure != secure || strings.HasPrefix(c[0].Name, "__Host-") != secure {
				t.Errorf("status %d, cookies %v", res.status, c)
			}
			if (res.hsts != "") != secure {
				t.Errorf("Strict-Transport-Security: %q", res.hsts)
			}
		})
	}
}

// The printed URL names a host that the certificate holds for, if it can.
func TestURL(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		names []string // of the certificate; nil is plain HTTP
		want  string
	}{
		{nil, "http://127.0.0.1:%s"},
		{[]string{"127.0.0.1", "people.example.com"}, "https://127.0.0.1:%s"},
		{[]string{"people.example.com", "people.example.org"}, "https://people.example.com:%s"},
		{[]string{"*.example.com", "people.example.org"}, "https://people.example.org:%s"},
		{[]string{"*.example.com"}, "https://127.0.0.1:%s"},
	} {
		cfg := config.Default()
		if c.names != nil {
			cfg = tlsSettings(issue(t, 1, c.names...).files(t))
		}
		cfg.Listen = ":0"
		front, err := Listen(t.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ := net.SplitHostPort(front.Addr().String())
		if got, want := front.URL(), fmt.Sprintf(c.want, port); got != want {
			t.Errorf("certificate for %v: %s, want %s", c.names, got, want)
		}
		front.Close()
	}
}

func TestLocalAddress(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		":8080": "127.0.0.1:8080", "0.0.0.0:80": "127.0.0.1:80", "[::]:80": "127.0.0.1:80",
		"[::1]:80": "[::1]:80", "192.0.2.7:80": "192.0.2.7:80", "people.example.com:80": "people.example.com:80",
	} {
		if got := LocalAddress(listen); got != want {
			t.Errorf("LocalAddress(%q) = %q, want %q", listen, got, want)
		}
	}
}
