package app

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/passmuster/passmuster/internal/config"
)

// certificatePause is how long a certificate stays in use before its files are
// looked at again. Renewals come weeks before an expiry, so a minute is soon.
const certificatePause = time.Minute

// certificate is the server's certificate with its private key. It follows its
// files: whoever renews them need not restart the server. It is looked after by
// handshakes, not by a timer, so that an idle server does nothing.
type certificate struct {
	certFile, keyFile string
	now               func() time.Time
	log               *slog.Logger

	mu      sync.Mutex
	current pair      // the newest pair that fits
	looked  time.Time // when the files were last looked at
	looking bool      // one handshake reads the files; the others go on with current
}

// pair is what the two files held.
type pair struct {
	certPEM, keyPEM []byte
	tls             *tls.Certificate // with its Leaf
}

// loadPair reads the two files. Its error is a [config.Fault] that names the
// setting to mend.
func loadPair(certFile, keyFile string) (pair, error) {
	var p pair
	var faults config.Faults
	read := func(setting, file string) []byte {
		text, err := os.ReadFile(file)
		if err != nil {
			var path *fs.PathError
			if errors.As(err, &path) {
				err = path.Err
			}
			faults = append(faults, config.Fault{Setting: setting, Value: file, Problem: "cannot be read: " + err.Error()})
		}
		return text
	}
	p.certPEM, p.keyPEM = read("tls-cert", certFile), read("tls-key", keyFile)
	if len(faults) > 0 {
		return pair{}, faults
	}
	made, err := tls.X509KeyPair(p.certPEM, p.keyPEM)
	if err != nil {
		return pair{}, config.Faults{{
			Setting: "tls-cert", Value: certFile,
			Problem: fmt.Sprintf("and tls-key %q are not a certificate and its private key: %v", keyFile, err),
		}}
	}
	p.tls = &made
	return p, nil
}

// Certificate reads the certificate that the server of this configuration would
// show, without its chain; nil where it would speak plain HTTP. The error is
// [config.Faults].
func Certificate(cfg config.Config) (*x509.Certificate, error) {
	if !cfg.TLS() {
		return nil, nil
	}
	p, err := loadPair(cfg.TLSCert, cfg.TLSKey)
	if err != nil {
		return nil, err
	}
	return p.tls.Leaf, nil
}

// newCertificate reads the certificate that the configuration names. now is the
// clock; log is told of renewals.
func newCertificate(cfg config.Config, now func() time.Time, log *slog.Logger) (*certificate, error) {
	p, err := loadPair(cfg.TLSCert, cfg.TLSKey)
	if err != nil {
		return nil, err
	}
	c := &certificate{certFile: cfg.TLSCert, keyFile: cfg.TLSKey, now: now, log: log, current: p, looked: now()}
	c.tell("serving with the certificate", p.tls.Leaf)
	return c, nil
}

// leaf is the certificate in use, without its chain.
func (c *certificate) leaf() *x509.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current.tls.Leaf
}

// get is tls.Config.GetCertificate.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	known, due := c.current, !c.looking && c.now().Sub(c.looked) >= certificatePause
	c.looking = c.looking || due
	c.mu.Unlock()
	if !due {
		return known.tls, nil
	}
	// Outside the lock: a slow disk holds up this handshake, not all of them.
	next := c.renewed(known)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current, c.looked, c.looking = next, c.now(), false
	return next.tls, nil
}

// renewed is what the files hold now, or what is known if they hold the same or
// nothing that works. Renewal tools write one file after the other, so a pair
// that does not fit may do so a minute later.
func (c *certificate) renewed(known pair) pair {
	p, err := loadPair(c.certFile, c.keyFile)
	switch {
	case err != nil:
		c.log.Error("the certificate's files cannot be used; the one in use stays", "error", err.Error(),
			"expires", known.tls.Leaf.NotAfter.UTC())
		return known
	case bytes.Equal(p.certPEM, known.certPEM) && bytes.Equal(p.keyPEM, known.keyPEM):
		return known
	}
	c.tell("the certificate was renewed", p.tls.Leaf)
	return p
}

// tell logs a certificate that comes into use: as a warning where clients will
// not take it, which may also be the clock's fault and is no reason to refuse.
func (c *certificate) tell(what string, leaf *x509.Certificate) {
	write := c.log.Info
	if now := c.now(); now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		write, what = c.log.Warn, what+", which is not valid now"
	}
	write(what, "valid", leaf.NotBefore.UTC(), "expires", leaf.NotAfter.UTC())
}

// tlsConfig leaves the choice of ciphers and curves to the standard library,
// which keeps up with what is safe. HTTP/2 is offered by net/http itself.
func (c *certificate) tlsConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
}

// transportSecurity tells browsers to come by HTTPS only, for a year. Other
// names below the host's are left alone: they are not ours.
func transportSecurity(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		next.ServeHTTP(w, r)
	})
}
