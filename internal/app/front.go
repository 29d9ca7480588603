package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/config"
	"github.com/passmuster/passmuster/internal/rest"
)

// Front is where the server meets its clients: an address that is taken and,
// with TLS, a certificate that works. It is opened before the database, so that
// a start that cannot succeed changes nothing there; until [App.Serve], clients
// that connect wait.
type Front struct {
	listener net.Listener
	cert     *certificate // nil: plain HTTP
}

// Listen opens the front that the configuration asks for. The error is
// [config.Faults] if the certificate cannot be used.
func Listen(ctx context.Context, cfg config.Config, log *slog.Logger) (*Front, error) {
	f := &Front{}
	var err error
	if cfg.TLS() {
		if f.cert, err = newCertificate(cfg, time.Now, log); err != nil {
			return nil, err
		}
	}
	var listen net.ListenConfig
	if f.listener, err = listen.Listen(ctx, "tcp", cfg.Listen); err != nil {
		return nil, fmt.Errorf("listening: %w (another program may use the address: choose one with --listen)", err)
	}
	return f, nil
}

// Close gives the address back. It may be called again, and after [App.Serve].
func (f *Front) Close() { f.listener.Close() }

// Addr is the address that was taken.
func (f *Front) Addr() net.Addr { return f.listener.Addr() }

// URL is how a person on this machine reaches the server. With TLS it names a
// host that the certificate holds for, if there is one that can be named.
func (f *Front) URL() string {
	hostPort := LocalAddress(f.Addr().String())
	if f.cert == nil {
		return "http://" + hostPort
	}
	host, port, err := net.SplitHostPort(hostPort)
	if leaf := f.cert.leaf(); err == nil && leaf.VerifyHostname(host) != nil {
		named := slices.IndexFunc(leaf.DNSNames, func(name string) bool { return !strings.HasPrefix(name, "*") })
		if named >= 0 {
			hostPort = net.JoinHostPort(leaf.DNSNames[named], port)
		}
	}
	return "https://" + hostPort
}

// LocalAddress is the HOST:PORT by which a program on this machine reaches a
// server that listens on the address.
func LocalAddress(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// dress makes the server ready to serve on the front.
func (f *Front) dress(server *http.Server) {
	if f.cert != nil {
		server.Handler = transportSecurity(server.Handler)
		server.TLSConfig = f.cert.tlsConfig()
	}
}

// serve answers clients with a dressed server until it is shut down.
func (f *Front) serve(server *http.Server) error {
	if f.cert != nil {
		return server.ServeTLS(f.listener, "", "")
	}
	return server.Serve(rest.Gather(f.listener))
}
