package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) groups() *cobra.Command {
	return group("group", "List groups of people", p.groupList())
}

func (p *program) groupList() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "list",
		Short: "List groups with how many people are in them",
		Long: `List groups with how many people are in them. Their numbers are what --group takes
elsewhere. The command looks into the database; there is no --server.`,
		Example: `  passmuster group list
  passmuster person list --group 2`,
		Args: cobra.NoArgs,
	})
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.onLocal(cmd, func(ctx context.Context, l local) error {
			groups, err := l.compliance.Groups(ctx)
			if err != nil {
				return err
			}
			records, lines := make([]record, len(groups)), make([][]string, len(groups))
			for i, g := range groups {
				members, err := l.members(ctx, g.ID)
				if err != nil {
					return err
				}
				records[i] = record{
					{"id", numberOf(g.ID)},
					{"name", textOf(g.Name)},
					{"members", numberOf(members)},
					{"createdAt", timeOpt(&g.CreatedAt)},
					{"updatedAt", timeOpt(&g.UpdatedAt)},
				}
				lines[i] = []string{strconv.FormatInt(int64(g.ID), 10), g.Name, strconv.FormatInt(members, 10)}
			}
			if *asJSON {
				return printJSON(p.env.Stdout, records)
			}
			return table(p.env.Stdout, []string{"ID", "NAME", "MEMBERS"}, lines)
		})
	}
	return cmd
}

// members counts the people in a group.
func (l local) members(ctx context.Context, id workforce.GroupID) (int64, error) {
	q := workforce.PersonnelQuery{GroupIDs: []workforce.GroupID{id}, Sort: workforce.SortCreated, Dir: workforce.Ascending}
	found, err := l.directory.People(ctx, q, nil, 1, false)
	return found.Total, err
}
