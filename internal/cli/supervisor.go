package cli

import (
	"context"
	"fmt"
	"net"
	"strings"
)

// tellSupervisor tells systemd about the program's state ("READY=1"), in the
// protocol of sd_notify(3): one datagram to the socket that NOTIFY_SOCKET names.
// Without that variable nobody asked, and nothing happens.
func (p *program) tellSupervisor(ctx context.Context, state string) error {
	var socket string
	for _, v := range p.env.Environ {
		if name, value, _ := strings.Cut(v, "="); name == "NOTIFY_SOCKET" {
			socket = value
		}
	}
	if socket == "" {
		return nil
	}
	var dialer net.Dialer
	// A leading @ is Linux's abstract name space, for net as for systemd.
	conn, err := dialer.DialContext(ctx, "unixgram", socket)
	if err != nil {
		return fmt.Errorf("telling the supervisor %s: %w", state, err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(state)); err != nil {
		return fmt.Errorf("telling the supervisor %s: %w", state, err)
	}
	return nil
}
