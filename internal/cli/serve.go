package cli

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/app"
	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/config"
	"github.com/passmuster/passmuster/internal/demo"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The demo company that `serve --demo` makes.
const (
	demoPeople = 300
	demoSeed   = 1
)

func (p *program) serve() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API and the pages",
		Long: `Serve the API below /public (V1) and /public/v2 (V2), the pages /people and
/people/{id}, and /healthz, /readyz and /metrics.

With --demo, an empty database is filled with a made-up company first. The
default database is then passmuster-demo.db, so that it never meets real data.
Ctrl-C or SIGTERM lets requests in flight finish and exits 0.`,
		Example: `  passmuster serve --demo
  passmuster serve --database sqlite:/var/lib/passmuster/passmuster.db --listen :8443 \
    --tls-cert cert.pem --tls-key key.pem
  PASSMUSTER_DATABASE=postgres://passmuster@db/passmuster passmuster serve`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.config(cmd)
			if err != nil {
				return err
			}
			return p.runServer(cmd.Context(), cfg)
		},
	}
	config.Register(cmd.Flags())
	return cmd
}

// runServer opens the front before the database: a start that fails because
// the address is taken must not have made the key that is shown once.
func (p *program) runServer(ctx context.Context, cfg config.Config) error {
	log, flush := p.logger(cfg)
	defer flush()
	boundGarbage()
	front, err := app.Listen(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer front.Close()
	db, err := store.Open(ctx, cfg.Database, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	welcome, err := p.welcome(ctx, cfg, db)
	if err != nil {
		return err
	}
	a, err := app.New(cfg, db, log)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Serve(ctx, front, func() {
		fmt.Fprint(p.env.Stdout, welcome(front.URL()))
		if err := p.tellSupervisor(ctx, "READY=1"); err != nil {
			log.Warn("the supervisor does not know that the server is ready", "error", err.Error())
		}
	})
}

// gcPercent is by how much a server's memory may grow between two collections.
// Most of what it holds (roster, fragments) lives long and has no pointers, so
// that a collection is cheap, while twice the memory is not. GOGC overrules it.
const gcPercent = 20

func boundGarbage() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}

// welcome prepares the database for serving and gives what to tell the person
// who started the server, once its address is known.
func (p *program) welcome(ctx context.Context, cfg config.Config, db *store.DB) (func(url string) string, error) {
	ctx = auth.WithCause(auth.With(ctx, auth.CommandLine()), "serve")
	if cfg.Demo {
		return p.welcomeDemo(ctx, db)
	}
	var people int64
	var keys []workforce.APIKey
	err := db.Read(ctx, func(r *store.Reader) error {
		var err error
		if people, err = r.CountUsers(ctx); err != nil {
			return err
		}
		keys, err = r.Keys(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return func(url string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "Passmuster serves %d people on %s (pages: %s/people)\n", people, url, url)
		if people == 0 {
			b.WriteString("\nNobody is here yet. Bring people in, beside this server:\n" +
				"  passmuster import people FILE      people from a CSV or JSON file\n" +
				"  passmuster import accounts FILE    their accounts\n" +
				"or try a made-up company with: passmuster serve --demo\n")
		}
		if len(keys) == 0 {
			b.WriteString("\nThere is no API key yet. Make one, beside this server:\n" +
				"  passmuster key create --name NAME --scope all\n")
		}
		return b.String()
	}, nil
}

func (p *program) welcomeDemo(ctx context.Context, db *store.DB) (func(url string) string, error) {
	loaded, err := p.loadDemo(ctx, db, demoSeed, demoPeople, true)
	if err != nil {
		return nil, err
	}
	keys := auth.NewKeys(db)
	existing, err := keys.List(ctx)
	if err != nil {
		return nil, err
	}
	var secret string
	if len(existing) == 0 {
		expires, err := auth.ParseExpiry(auth.DefaultExpiry, db.Now())
		if err != nil {
			return nil, err
		}
		if secret, _, err = keys.Create(ctx, auth.NewKey{Name: "demo", Scopes: []workforce.Scope{workforce.ScopeAll}, Expires: expires}); err != nil {
			return nil, err
		}
	}
	var people int64
	if err := db.Read(ctx, func(r *store.Reader) error { people, err = r.CountUsers(ctx); return err }); err != nil {
		return nil, err
	}
	return func(url string) string {
		var b strings.Builder
		state := "kept from before"
		if loaded {
			state = "just made"
		}
		fmt.Fprintf(&b, "The demo company has %d people (%s).\n\n  API    %s/public\n  Pages  %s/people\n", people, state, url, url)
		if secret == "" {
			b.WriteString("\nThe API key was shown at the first start. Make another one, beside this server:\n" +
				"  passmuster key create --database " + config.DemoDatabase + " --name NAME --scope all\n")
			return b.String()
		}
		fmt.Fprintf(&b, "  Key    %s\n\nThe key is shown this once. Try it:\n\n", secret)
		for _, curl := range demoCurls {
			fmt.Fprintf(&b, "%s\n\n", strings.NewReplacer("URL", url, "KEY", secret).Replace(curl))
		}
		return b.String()
	}, nil
}

// demoCurls is what the first start suggests to paste.
var demoCurls = []string{
	`curl -H "Authorization: Bearer KEY" "URL/public/personnel?limit=2&fullCompliance=false"`,
	`curl -g -H "Authorization: Bearer KEY" "URL/public/v2/users?size=2&expand[]=identities"`,
	`curl -X PUT -H "Authorization: Bearer KEY" -H "Content-Type: application/json" \
  -d '{"toggle": true, "toggleField": "INFRASTRUCTURE_ADMIN_ACCESS"}' "URL/public/user-identities/infrastructure/1/toggle"`,
}

// loadDemo fills an empty database with a demo company. If keep is set, one
// that is complete is left alone.
func (p *program) loadDemo(ctx context.Context, db *store.DB, seed uint64, people int, keep bool) (loaded bool, err error) {
	if keep {
		state, err := demo.Inspect(ctx, db)
		if err != nil || state == demo.StateComplete {
			return false, err
		}
	}
	bar := p.progress("Making the demo company")
	defer bar.end()
	err = demo.Load(ctx, db, demo.New(seed, people, db.Now()), func(done, total int) { bar.show(int64(done), int64(total)) })
	return err == nil, err
}
