package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/app"
	"github.com/passmuster/passmuster/internal/config"
)

// healthPatience is how long a healthy server may take to say so.
const healthPatience = 5 * time.Second

func (p *program) healthcheck() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask the server on this machine whether it is ready",
		Long: `Ask the server that has these settings, on this machine, whether it is ready to
answer: GET /readyz. Exits 0 if it is and 1 if not. It is made for containers
without a shell, and needs no API key and no database.`,
		Example: `  PASSMUSTER_LISTEN=:8080 passmuster healthcheck`,
		Args:    cobra.NoArgs,
	}
	config.Register(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		said, err := askReady(cmd.Context(), cfg)
		if err != nil {
			return err
		}
		fmt.Fprintln(p.env.Stdout, said)
		return nil
	}
	return cmd
}

// askReady gives what a server that is ready says.
func askReady(ctx context.Context, cfg config.Config) (string, error) {
	address := app.LocalAddress(cfg.Listen)
	if _, port, err := net.SplitHostPort(address); err == nil && port == "0" {
		return "", usageError{errors.New("listen has port 0, which is any: give the port that the server took, with --listen")}
	}
	url := "http://" + address + "/readyz"
	if cfg.TLS() {
		url = "https://" + address + "/readyz"
	}
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return "", fmt.Errorf("asking %s: %w", url, err)
	}
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		// The certificate is for the name that clients use, not for the loopback
		// address. Nothing secret is sent, and no answer is believed but "ready".
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // see above
	}}
	res, err := client.Do(req)
	if err != nil {
		return "", fmt.Errorf("the server does not answer: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil {
		return "", fmt.Errorf("the server broke off its answer: %w", err)
	}
	said := printable(strings.TrimSpace(string(body)))
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the server is not ready: %s: %s", res.Status, said)
	}
	return said, nil
}
