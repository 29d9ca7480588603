package app

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/config"
)

// issued is a self-signed certificate with its key, in PEM.
type issued struct{ cert, key []byte }

// issue makes a certificate for the names with this serial number, good until
// an hour from now.
func issue(t *testing.T, serial int64, names ...string) issued {
	t.Helper()
	return issueUntil(t, serial, time.Now().Add(time.Hour), names...)
}

func issueUntil(t *testing.T, serial int64, end time.Time, names ...string) issued {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "passmuster test"},
		NotBefore: end.Add(-48 * time.Hour), NotAfter: end,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return issued{
		cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}
}

// files puts a certificate and its key into a folder of their own.
func (i issued) files(t *testing.T) (certFile, keyFile string) {
	t.Helper()
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	put(t, certFile, i.cert)
	put(t, keyFile, i.key)
	return certFile, keyFile
}

func put(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// tlsSettings are the defaults with TLS, on any free port of the loopback.
func tlsSettings(certFile, keyFile string) config.Config {
	cfg := config.Default()
	cfg.Listen, cfg.TLSCert, cfg.TLSKey = "127.0.0.1:0", certFile, keyFile
	return cfg
}

// handshake is a real one, over a pipe; it gives the serial number shown.
func handshake(t *testing.T, c *certificate) int64 {
	t.Helper()
	ours, theirs := net.Pipe()
	defer ours.Close()
	defer theirs.Close()
	go tls.Server(ours, c.tlsConfig()).HandshakeContext(t.Context()) //nolint:errcheck // the client's side tells
	client := tls.Client(theirs, &tls.Config{InsecureSkipVerify: true})
	if err := client.HandshakeContext(t.Context()); err != nil {
		t.Fatalf("handshake: %v", err)
	}
	return client.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

// A renewed pair is used after a minute at the latest. As long as the two files
// do not fit each other, the pair in use stays, and the log says so.
func TestCertificateFollowsItsFiles(t *testing.T) {
	t.Parallel()
	first, second, third := issue(t, 1, "localhost"), issue(t, 2, "localhost"), issue(t, 3, "localhost")
	certFile, keyFile := first.files(t)
	var log bytes.Buffer
	now := time.Now()
	c, err := newCertificate(tlsSettings(certFile, keyFile), func() time.Time { return now }, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		what   string
		do     func()
		wait   time.Duration
		serial int64
		logged string // "" is nothing new
	}{
		{what: "at the start", serial: 1, logged: "serving with the certificate"},
		{what: "unchanged after a minute", wait: certificatePause, serial: 1},
		{what: "half written", do: func() { put(t, certFile, second.cert) }, serial: 1},
		{what: "half written, after a minute", wait: certificatePause, serial: 1, logged: "the one in use stays"},
		{what: "whole, before the minute is over", do: func() { put(t, keyFile, second.key) }, wait: certificatePause - 1, serial: 1},
		{what: "whole, after the minute", wait: 1, serial: 2, logged: "was renewed"},
		{what: "gone", do: func() { os.Remove(certFile) }, wait: certificatePause, serial: 2, logged: "cannot be read"},
		{what: "no certificate", do: func() { put(t, certFile, []byte("hello")) }, wait: certificatePause, serial: 2, logged: "are not a certificate"},
		{what: "another", do: func() { put(t, certFile, third.cert); put(t, keyFile, third.key) }, wait: certificatePause, serial: 3, logged: "was renewed"},
	} {
		if step.do != nil {
			step.do()
		}
		now = now.Add(step.wait)
		if got := handshake(t, c); got != step.serial {
			t.Errorf("%s: certificate %d, want %d", step.what, got, step.serial)
		}
		if got := log.String(); step.logged == "" && got != "" || !strings.Contains(got, step.logged) {
			t.Errorf("%s: logged %q, want %q", step.what, got, step.logged)
		}
		log.Reset()
	}
}

// An expired certificate is served, since the clock may be the one that is
// wrong, and the log warns.
func TestExpiredCertificateIsWarnedAbout(t *testing.T) {
	t.Parallel()
	certFile, keyFile := issueUntil(t, 1, time.Now().Add(-time.Minute), "localhost").files(t)
	var log bytes.Buffer
	c, err := newCertificate(tlsSettings(certFile, keyFile), time.Now, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if got := handshake(t, c); got != 1 {
		t.Errorf("certificate %d, want 1", got)
	}
	if got := log.String(); !strings.Contains(got, "level=WARN") || !strings.Contains(got, "not valid now") {
		t.Errorf("logged %q", got)
	}
}

// What is wrong with the files is a fault of the configuration that names the
// setting, and nothing of a key is shown.
func TestCertificateFaults(t *testing.T) {
	t.Parallel()
	one, other := issue(t, 1, "localhost"), issue(t, 2, "localhost")
	certFile, keyFile := one.files(t)
	_, otherKey := other.files(t)
	gone := filepath.Join(t.TempDir(), "gone.pem")
	for name, c := range map[string]struct {
		cert, key string
		want      []string
	}{
		"both missing": {gone, gone, []string{
			`tls-cert: "` + gone + `" cannot be read: no such file or directory`,
			`tls-key: "` + gone + `" cannot be read: no such file or directory`,
		}},
		"key missing": {certFile, gone, []string{`tls-key: "` + gone + `" cannot be read: no such file or directory`}},
		"a folder":    {certFile, filepath.Dir(keyFile), []string{`" cannot be read: is a directory`}},
		"mismatch":    {certFile, otherKey, []string{`tls-cert: "` + certFile + `" and tls-key "` + otherKey + `" are not a certificate and its private key: `}},
		"exchanged":   {keyFile, certFile, []string{`are not a certificate and its private key: `}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			front, err := Listen(t.Context(), tlsSettings(c.cert, c.key), slog.New(slog.DiscardHandler))
			if err == nil {
				front.Close()
				t.Fatal("it listens")
			}
			faults, ok := errors.AsType[config.Faults](err)
			if !ok || len(faults) != len(c.want) {
				t.Fatalf("error %v, want %d faults", err, len(c.want))
			}
			for i, want := range c.want {
				if !strings.Contains(faults[i].Error(), want) {
					t.Errorf("fault %q, want %q", faults[i], want)
				}
			}
			if strings.Contains(err.Error(), "PRIVATE KEY-----") {
				t.Errorf("the error shows a key: %v", err)
			}
		})
	}
}
