package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client calls one server with one key. It is safe for use by several
// goroutines. Neither it nor anything it returns shows the key when printed.
type Client struct {
	// Personnel is people's relation to the company: status, dates, checks and
	// devices.
	Personnel *PersonnelService
	// Infrastructure is accounts in infrastructure systems.
	Infrastructure *InfrastructureService
	// VersionControl is accounts in version-control systems.
	VersionControl *VersionControlService
	// Users is users as the first version of the API shows them.
	Users *UserService
	// Devices is computers and phones, with documents as evidence about them.
	Devices *DeviceService
	// Workspaces is the products of the company.
	Workspaces *WorkspaceService
	// UsersV2 is users as the second version shows them.
	UsersV2 *UserV2Service

	wire *wire
}

// New makes a client. The address is where the server is, such as
// "https://muster.example.com"; a path in front of the API is kept, and a
// trailing "/public" is understood. The key is the text that
// "passmuster key create" printed. New sends nothing: whether server and key are
// right shows with the first call.
//
// The key is sent with every request: use https wherever the network is not
// your own machine.
func New(address, key string, opts ...Option) (*Client, error) {
	base, err := baseURL(address)
	if err != nil {
		return nil, err
	}
	if err := checkKey(key); err != nil {
		return nil, err
	}
	w := newWire(base, key)
	for _, opt := range opts {
		if err := opt(w); err != nil {
			return nil, err
		}
	}
	w.guardRedirects()
	return &Client{
		Personnel:      &PersonnelService{w},
		Infrastructure: &InfrastructureService{w},
		VersionControl: &VersionControlService{w},
		Users:          &UserService{w},
		Devices:        &DeviceService{w},
		Workspaces:     &WorkspaceService{w},
		UsersV2:        &UserV2Service{w},
		wire:           w,
	}, nil
}

// String names the server, without the key.
func (c *Client) String() string { return "Passmuster at " + c.wire.base }

// baseURL checks an address and gives it without "/public" and without a slash
// at the end.
func baseURL(address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		// The parser's own error quotes the text, which may hold a password.
		return "", errors.New("the server's address is not a URL: want one like https://muster.example.com")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", u.Opaque != "":
		return "", errors.New("the server's address must be a whole URL, with http:// or https:// and a host, like https://muster.example.com")
	case u.User != nil:
		return "", errors.New("the server's address must not have a user or password in it: the key is given separately")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("the server's address must end before any ? or #")
	}
	base := u.Scheme + "://" + u.Host + u.EscapedPath()
	return strings.TrimRight(strings.TrimSuffix(strings.TrimRight(base, "/"), "/public"), "/"), nil
}

// checkKey refuses what cannot stand in a header, before it gets into an error
// of the HTTP library.
func checkKey(key string) error {
	if key == "" {
		return errors.New("the API key is empty: make one with: passmuster key create --name NAME --scope SCOPE")
	}
	for _, r := range key {
		if r <= ' ' || r > '~' {
			return errors.New("the API key holds a space, a line break or another character that no key has: give the key alone, as it was printed")
		}
	}
	return nil
}

// Option changes how a client works.
type Option func(*wire) error

// WithHTTPClient makes the client send through a copy of h, for a proxy, a
// certificate authority of your own, or instrumentation. Its redirect policy is
// replaced by the client's own (see [Error]). The timeout of h, if it has one,
// is that of each attempt, and for a stream that of each piece.
func WithHTTPClient(h *http.Client) Option {
	return func(w *wire) error {
		if h == nil {
			return errors.New("WithHTTPClient: the HTTP client is nil")
		}
		w.http = *h
		return nil
	}
}

// WithUserAgent sets the User-Agent, which the server's operator may look for in
// a log: the name of your program and its version.
func WithUserAgent(agent string) Option {
	return func(w *wire) error {
		for _, r := range agent {
			if r < ' ' || r > '~' {
				return errors.New("WithUserAgent: want printable ASCII, like report/1.2")
			}
		}
		w.agent = agent
		return nil
	}
}

// WithRetries sets how often a call is tried again after a failure that may
// pass, and how long it may wait each time. The default is 4 retries with at
// most a minute before each; 0 turns retrying off.
//
// The server's Retry-After is what is waited for; without one the wait starts at
// half a second and doubles, and chance varies it so that many clients do not
// come back at once. Where the server asks for more than longest, or the wait
// would outlast the context, the failure is returned at once.
func WithRetries(retries int, longest time.Duration) Option {
	return func(w *wire) error {
		if retries < 0 || longest < 0 {
			return fmt.Errorf("WithRetries(%d, %s): neither may be negative", retries, longest)
		}
		w.retry.most, w.retry.longest = retries, longest
		return nil
	}
}

// WithResponseLimit sets how many bytes an answer may have, after decompression,
// or each line of a stream; a longer one is an error. The default is 64 MiB, more
// than the largest page.
func WithResponseLimit(bytes int64) Option {
	return func(w *wire) error {
		if bytes < 1 {
			return fmt.Errorf("WithResponseLimit(%d): want 1 or more", bytes)
		}
		w.limit = bytes
		return nil
	}
}
