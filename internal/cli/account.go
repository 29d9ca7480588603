package cli

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) account() *cobra.Command {
	return group("account", "List accounts in infrastructure and version-control systems", p.accountList())
}

var (
	accountKinds       = []client.AccountKind{client.KindInfrastructure, client.KindVersionControl}
	accountClientTypes = slices.Concat(workforce.AllInfrastructureClientTypes, workforce.AllVersionControlClientTypes)
	accountSorts       = withSort(workforce.AllInfrastructureSorts, workforce.AllVersionControlSorts)
	accountMembers     = accountRecord(client.AccountSummary{}).names()
)

// accountFlags is the flags of the list of accounts.
type accountFlags struct {
	*listFlags

	kind, clientType, connection, user string
}

func (p *program) accountList() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "list",
		Short: "List accounts: filter, sort, count, export",
		Long: `List accounts in infrastructure and version-control systems, infrastructure first,
with whose they are. Filters combine: all of them must hold.

--kind         ` + wrapped(namesOf(accountKinds)) + `; without it, both
--client-type  one of ` + wrapped(namesOf(accountClientTypes)) + `
--sort         one of ` + wrapped(namesOf(accountSorts)) + `;
               each kind is sorted by itself
--fields       of ` + wrapped(strings.Join(accountMembers, ", ")) + `

A table and --json show a page; --ndjson and --csv print every account that the
filters select, in the form of the API: docs/native.md. They end with exit code 0
only if what they printed is complete. With --server, the key needs a permission
for each kind; a kind that it may not read is named on standard error.`,
		Example: `  passmuster account list --user sally.smith@example.com
  passmuster account list --kind version-control --sort HAS_MFA
  passmuster account list --client-type AWS --csv > aws.csv
  passmuster account list --facets
  passmuster account list --ndjson | jq -c 'select(.user == null and .serviceAccount == null)'
  passmuster account list --server https://muster.example.com --key-file key.txt`,
		Args: cobra.NoArgs,
	})
	flags := &accountFlags{listFlags: addListFlags(cmd, "part of the identity id, the user name or the e-mail", workforce.SortCreated)}
	f := cmd.Flags()
	f.StringVar(&flags.kind, "kind", "", "accounts of this kind")
	f.StringVar(&flags.clientType, "client-type", "", "accounts in this product")
	f.StringVar(&flags.connection, "connection", "", "accounts from the connection with this number")
	f.StringVar(&flags.user, "user", "", "accounts of this person: an e-mail, or the number of the user (userId)")
	from := remoteFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var q client.AccountsQuery
		parse := func() error {
			if err := flags.check(cmd, accountMembers); err != nil {
				return err
			}
			var err error
			q, err = flags.query()
			return err
		}
		return p.withOrigin(cmd, from, parse, func(ctx context.Context, where origin) error {
			if flags.byEmail() {
				id, err := userOf(ctx, where, flags.user)
				if err != nil {
					return err
				}
				q.UserID = id
			}
			if q.Kind == "" {
				missing, err := where.unseen(ctx)
				if err != nil {
					return err
				}
				for _, why := range missing {
					fmt.Fprintln(p.env.Stderr, why)
				}
			}
			return accountsList(where, q, flags.listFlags).show(ctx, p)
		})
	}
	return cmd
}

func (f *accountFlags) byEmail() bool { return strings.Contains(f.user, "@") }

// query reads the flags; a user who is named by e-mail is still to be found.
func (f *accountFlags) query() (client.AccountsQuery, error) {
	q := client.AccountsQuery{Q: f.q, ChangedSince: f.changedSince, SortDir: f.dir()}
	var err error
	if q.Kind, err = oneOf[client.AccountKind]("kind", f.kind, accountKinds); err != nil {
		return q, err
	}
	if q.ClientType, err = oneOf[client.System]("client-type", f.clientType, accountClientTypes); err != nil {
		return q, err
	}
	if f.connection != "" {
		if q.ConnectionID, err = numberFrom[client.ConnectionID]("connection", f.connection, "a connection"); err != nil {
			return q, err
		}
	}
	if f.user != "" && !f.byEmail() {
		if q.UserID, err = numberFrom[client.UserID]("user", f.user, "a user (userId), or an e-mail"); err != nil {
			return q, err
		}
	}
	q.Sort, err = oneOf[client.AccountSort]("sort", f.sort, accountSorts)
	return q, err
}

// userOf gives the number of the user with an e-mail.
func userOf(ctx context.Context, where origin, email string) (client.UserID, error) {
	got, err := where.PeoplePage(ctx, client.PeopleQuery{
		Email: email, Fields: []string{"userId"}, NativePaging: client.NativePaging{Limit: 1},
	})
	switch {
	case err != nil:
		return 0, fmt.Errorf("finding --user by e-mail: %w", err)
	case len(got.Data) == 0:
		return 0, fmt.Errorf("--user %s: nobody with a personnel record has this e-mail", printable(email))
	}
	return got.Data[0].UserID, nil
}

// accountsList is the list of accounts.
func accountsList(where origin, q client.AccountsQuery, flags *listFlags) list[client.AccountSummary] {
	return list[client.AccountSummary]{
		noun: "accounts", flags: flags, record: accountRecord,
		columns: []string{"KIND", "ID", "SYSTEM", "ACCOUNT", "OWNER", "MFA", "ACCESS", "STATE"},
		row:     accountRow,
		needs: []string{
			"clientType", "identityId", "username", "user", "hasMfa", "connectedAt", "disconnectedAt", "serviceAccount",
			"adminAccess", "dbAccess", "writeAccess", "pushProductionCodeAccess", "removedAt",
		},
		page: func(ctx context.Context, paging client.NativePaging, fields []string) (page[client.AccountSummary], error) {
			q.NativePaging, q.Fields = paging, fields
			got, err := where.AccountsPage(ctx, q)
			out := page[client.AccountSummary]{got.Data, got.Pagination.Cursor, got.Pagination.Total, got.Position, nil}
			if got.Facets != nil {
				out.facets = (*accountFacets)(got.Facets)
			}
			return out, err
		},
		stream: func(ctx context.Context, fields []string, end *client.StreamEnd) iter.Seq2[client.AccountSummary, error] {
			q.Fields = fields
			return where.StreamAccounts(ctx, q, end)
		},
	}
}

func accountRow(a client.AccountSummary) []string {
	name := a.IdentityID
	if a.Username != nil && *a.Username != "" {
		name = *a.Username
	}
	owner := "nobody"
	switch {
	case a.User != nil:
		owner = a.User.Email
	case a.ServiceAccount != nil:
		owner = "(service)"
	}
	var access []string
	for _, x := range []struct {
		name string
		has  bool
	}{
		{"admin", a.AdminAccess != nil},
		{"db", a.DBAccess != nil},
		{"write", a.WriteAccess != nil},
		{"push", a.PushProductionCodeAccess != nil},
	} {
		if x.has {
			access = append(access, x.name)
		}
	}
	state := "not linked"
	switch {
	case a.RemovedAt != nil:
		state = "removed"
	case a.DisconnectedAt != nil:
		state = "disconnected"
	case a.ConnectedAt != nil:
		state = "connected"
	}
	return []string{
		string(a.Kind), strconv.FormatInt(int64(a.ID), 10), string(a.ClientType), name, owner,
		yesNoUnknown(a.HasMFA), cmp.Or(strings.Join(access, ","), "-"), state,
	}
}

// accountFacets shows counts of accounts.
type accountFacets client.AccountFacets

func (f *accountFacets) rows() [][]string {
	out := countRows("systems", workforce.AllClientTypes(), f.Systems)
	add := func(facet, value string, n int64) {
		out = append(out, []string{facet, value, strconv.FormatInt(n, 10)})
	}
	for _, c := range f.Connections {
		add("connections", strconv.FormatInt(int64(c.ConnectionID), 10), c.Count)
	}
	add("hasMfa", "true", f.HasMFA.True)
	add("hasMfa", "false", f.HasMFA.False)
	add("hasMfa", "unknown", f.HasMFA.Unknown)
	add("owners", "person", f.Owners.Person)
	add("owners", "service", f.Owners.Service)
	add("owners", "nobody", f.Owners.Nobody)
	return out
}
