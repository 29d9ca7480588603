package cli

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// outcome is how a run of the program ended.
type outcome struct {
	code           int
	stdout, stderr string
}

// passmuster runs the program to its end, in an environment of its own.
func passmuster(t *testing.T, environ []string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := Run(t.Context(), Env{
		Args: args, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Environ: environ, Version: "test",
	})
	return outcome{code, stdout.String(), stderr.String()}
}

// pemFiles makes a certificate for 127.0.0.1 with its key, good until then.
func pemFiles(t *testing.T, end time.Time) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: end.Add(-100 * 24 * time.Hour), NotAfter: end,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: cert}, "key.pem": {Type: "PRIVATE KEY", Bytes: private},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
}

// console gives the first URL that a server prints.
type console struct {
	mu   sync.Mutex
	text bytes.Buffer
	url  chan string
}

func (c *console) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text.Write(b)
	if _, rest, ok := strings.Cut(c.text.String(), " on "); ok && c.url != nil {
		url, _, _ := strings.Cut(rest, " ")
		c.url <- url
		c.url = nil
	}
	return len(b), nil
}

// serving runs `serve` until the test ends and gives its URL.
func serving(t *testing.T, environ []string, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	url := make(chan string, 1)
	ended := make(chan int, 1)
	var stderr console
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "passmuster.db")
	go func() {
		ended <- Run(ctx, Env{
			Args:  append([]string{"serve", "--database", dsn}, args...),
			Stdin: strings.NewReader(""), Stdout: &console{url: url}, Stderr: &stderr, Environ: environ, Version: "test",
		})
	}()
	select {
	case u := <-url:
		t.Cleanup(func() {
			stop()
			if code := <-ended; code != exitDone {
				t.Errorf("the server exited %d", code)
			}
		})
		return u
	case code := <-ended:
		stop()
		stderr.mu.Lock()
		defer stderr.mu.Unlock()
		t.Fatalf("the server exited %d: %s", code, stderr.text.String())
		return ""
	}
}

// A start that cannot succeed leaves nothing behind: not a database, and above
// all not the demo's key, which is shown only once.
func TestServeThatCannotStartChangesNothing(t *testing.T) {
	t.Parallel()
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	certFile, _ := pemFiles(t, time.Now().Add(time.Hour))
	_, otherKey := pemFiles(t, time.Now().Add(time.Hour))
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"address taken": {[]string{"--listen", taken.Addr().String()}, exitFailed, "choose one with --listen"},
		"half of TLS":   {[]string{"--tls-cert", certFile}, exitUsage, `--tls-cert: "` + certFile + `" needs tls-key beside it`},
		"wrong key":     {[]string{"--tls-cert", certFile, "--tls-key", otherKey}, exitUsage, "are not a certificate and its private key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "demo.db")
			got := passmuster(t, nil, append([]string{"serve", "--demo", "--database", "sqlite:" + file}, c.args...)...)
			if got.code != c.code || !strings.Contains(got.stderr, c.want) || got.stdout != "" {
				t.Errorf("exit %d, %q, %q; want %d and %q", got.code, got.stdout, got.stderr, c.code, c.want)
			}
			if _, err := os.Stat(file); !os.IsNotExist(err) {
				t.Errorf("the database is there: %v", err)
			}
		})
	}
}

func TestHealthcheck(t *testing.T) {
	t.Parallel()
	certFile, keyFile := pemFiles(t, time.Now().Add(time.Hour))
	secure := []string{"PASSMUSTER_TLS_CERT=" + certFile, "PASSMUSTER_TLS_KEY=" + keyFile}
	for scheme, environ := range map[string][]string{"http": nil, "https": secure} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			url := serving(t, environ, "--listen", "127.0.0.1:0")
			address, ok := strings.CutPrefix(url, scheme+"://")
			if !ok {
				t.Fatalf("URL %q", url)
			}
			got := passmuster(t, append(environ, "PASSMUSTER_LISTEN="+address), "healthcheck")
			if got.code != exitDone || got.stdout != "ready\n" {
				t.Errorf("exit %d, %q, %q", got.code, got.stdout, got.stderr)
			}
		})
	}
}

func TestHealthcheckOfWhatIsNotHealthy(t *testing.T) {
	t.Parallel()
	closed, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	closed.Close()
	if got := passmuster(t, nil, "healthcheck", "--listen", address); got.code != exitFailed || !strings.Contains(got.stderr, "does not answer") {
		t.Errorf("nobody there: exit %d, %q", got.code, got.stderr)
	}
	if got := passmuster(t, nil, "healthcheck", "--listen", ":0"); got.code != exitUsage || !strings.Contains(got.stderr, "port 0") {
		t.Errorf("any port: exit %d, %q", got.code, got.stderr)
	}
}

// A supervisor that asks for it is told when the server answers.
func TestSupervisorIsTold(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "pm") //nolint:usetesting // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "notify")
	socket, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "unixgram", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	serving(t, []string{"NOTIFY_SOCKET=" + path}, "--listen", "127.0.0.1:0")
	if err := socket.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 100)
	n, _, err := socket.ReadFrom(b)
	if err != nil || string(b[:n]) != "READY=1" {
		t.Errorf("told %q, %v", b[:n], err)
	}
}

func TestDoctorLooksAtTheCertificate(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		left time.Duration
		want string
	}{
		"good":    {30 * day, "ok valid until "},
		"ends":    {13 * day, "warning it expires at "},
		"expired": {-day, "problem it expired at "},
		"early":   {200 * day, "problem it is not valid before "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			certFile, keyFile := pemFiles(t, time.Now().Add(c.left))
			got := passmuster(t, []string{"PASSMUSTER_TLS_CERT=" + certFile, "PASSMUSTER_TLS_KEY=" + keyFile},
				"doctor", "--database", "sqlite:"+filepath.Join(t.TempDir(), "none.db"))
			for line := range strings.Lines(got.stdout) {
				if fields := strings.Fields(line); fields[0] == "certificate" {
					if said := strings.Join(fields[1:], " "); !strings.HasPrefix(said, c.want) {
						t.Errorf("the doctor says %q, want %q", said, c.want)
					}
					return
				}
			}
			t.Errorf("the doctor does not speak of it: %q", got.stdout)
		})
	}
}
