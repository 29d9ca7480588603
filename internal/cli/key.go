package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) key() *cobra.Command {
	return group("key", "Make, list and revoke API keys", p.keyCreate(), p.keyList(), p.keyRevoke())
}

func (p *program) keyCreate() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "create --name NAME --scope SCOPE[,SCOPE…]",
		Short: "Make an API key and print it, alone, on standard output",
		Long: `Make an API key and print it, alone, on standard output. It is stored as a hash
only and cannot be shown again.

Scopes: ` + scopeList() + `.
"all" is every operation; "all:read" is every one that only reads.`,
		Example: `  passmuster key create --name ci --scope all:read
  passmuster key create --name hr --scope personnel:get,personnel:update-status \
      --owner hr@example.com --expires 90d --allow 10.1.0.0/16`,
		Args: cobra.NoArgs,
	})
	f := cmd.Flags()
	name := f.String("name", "", "what the key is for")
	scopes := f.StringSlice("scope", nil, "what the key may do; may be repeated")
	owner := f.String("owner", "", "e-mail of the user who answers for the key (default: the company's first admin)")
	expires := f.String("expires", auth.DefaultExpiry, "when it expires: 12mo, 90d, never, or the last day, 2027-01-31")
	allow := f.StringSlice("allow", nil, "source addresses that may use it (CIDR); may be repeated (default: any)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
			n := auth.NewKey{Name: *name}
			if strings.TrimSpace(*name) == "" {
				return usageError{fmt.Errorf("a key needs a name that says what it is for: give one with --name")}
			}
			var err error
			if n.Scopes, err = auth.ParseScopes(*scopes); err != nil {
				return usageError{err}
			}
			if n.Expires, err = auth.ParseExpiry(*expires, db.Now()); err != nil {
				return usageError{err}
			}
			if n.Allow, err = auth.ParseAllow(*allow); err != nil {
				return usageError{err}
			}
			if *owner != "" {
				n.Owner = owner
			}
			secret, key, err := auth.NewKeys(db).Create(ctx, n)
			if err != nil {
				return err
			}
			fmt.Fprintln(p.env.Stdout, secret)
			fmt.Fprintf(p.env.Stderr, "Made key %d (%s), expires %s. It is shown this once.\n", key.ID, printable(key.Name), when(key.ExpiresAt, "never"))
			return nil
		})
	}
	return cmd
}

func scopeList() string {
	names := make([]string, len(workforce.AllScopes))
	for i, s := range workforce.AllScopes {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// keyView is a key as it is listed; never the key itself.
type keyView struct {
	ID       int64    `json:"id"`
	Name     string   `json:"name"`
	Hint     string   `json:"hint"`
	State    string   `json:"state"`
	Scopes   []string `json:"scopes"`
	Allow    []string `json:"allow"`
	OwnerID  *int64   `json:"ownerId"`
	Created  string   `json:"createdAt"`
	Expires  *string  `json:"expiresAt"`
	Revoked  *string  `json:"revokedAt"`
	LastUsed *string  `json:"lastUsedAt"`
}

func (p *program) keyList() *cobra.Command {
	cmd := shared(&cobra.Command{Use: "list", Short: "List the API keys, never the keys themselves", Args: cobra.NoArgs})
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
			keys, err := auth.NewKeys(db).List(ctx)
			if err != nil {
				return err
			}
			if *asJSON {
				views := make([]keyView, len(keys))
				for i, k := range keys {
					views[i] = toKeyView(k, db)
				}
				return printJSON(p.env.Stdout, views)
			}
			rows := make([][]string, len(keys))
			for i, k := range keys {
				v := toKeyView(k, db)
				rows[i] = []string{
					strconv.FormatInt(v.ID, 10), v.Name, v.Hint, v.State, strings.Join(v.Scopes, ","), strings.Join(v.Allow, ","),
					when(&k.CreatedAt, ""), when(k.ExpiresAt, "never"), when(k.LastUsedAt, "never"),
				}
			}
			return table(p.env.Stdout, []string{"ID", "NAME", "KEY", "STATE", "SCOPES", "ALLOW", "CREATED", "EXPIRES", "LAST USED"}, rows)
		})
	}
	return cmd
}

func toKeyView(k workforce.APIKey, db *store.DB) keyView {
	v := keyView{
		ID: int64(k.ID), Name: k.Name, Hint: k.Hint, State: "active", Scopes: []string{}, Allow: []string{},
		Created: isoTime(k.CreatedAt), Expires: isoTimeOpt(k.ExpiresAt), Revoked: isoTimeOpt(k.RevokedAt), LastUsed: isoTimeOpt(k.LastUsedAt),
	}
	switch {
	case k.RevokedAt != nil:
		v.State = "revoked"
	case k.ExpiresAt != nil && !db.Now().Before(*k.ExpiresAt):
		v.State = "expired"
	}
	for _, s := range k.Scopes {
		v.Scopes = append(v.Scopes, string(s))
	}
	for _, a := range k.Allow {
		v.Allow = append(v.Allow, a.String())
	}
	if k.OwnerID != nil {
		v.OwnerID = workforce.Ptr(int64(*k.OwnerID))
	}
	return v
}

func (p *program) keyRevoke() *cobra.Command {
	return shared(&cobra.Command{
		Use:   "revoke ID|NAME|HINT",
		Short: "Revoke an API key, for good and at once",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
				key, err := auth.NewKeys(db).Revoke(ctx, args[0])
				if err != nil {
					return err
				}
				fmt.Fprintf(p.env.Stdout, "Key %d (%s) is revoked since %s.\n", key.ID, printable(key.Name), when(key.RevokedAt, ""))
				return nil
			})
		},
	})
}
