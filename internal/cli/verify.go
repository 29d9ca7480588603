package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/store"
)

func (p *program) verify() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "verify",
		Short: "Prove that the change log is whole and the record agrees with it",
		Long: `Recompute the change log: numbers without gaps, the chain of hashes, the digest
of every payload; compare the record with what the log says of it last; check
the record's rules. Exits 1 if anything is wrong. It may run beside a server.

The head it prints commits to the whole log: keep it elsewhere, and a log that
was cut off later can be told from it.`,
		Args: cobra.NoArgs,
	})
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
			bar := p.progress("Verifying")
			v, err := db.Verify(ctx, bar.show)
			bar.end()
			if err != nil {
				return err
			}
			if *asJSON {
				if err := printJSON(p.env.Stdout, v); err != nil {
					return err
				}
			} else {
				p.printVerification(v)
			}
			if len(v.Problems) > 0 {
				return fmt.Errorf("%d problem(s): do not trust this database; restore a backup, and keep this file to find out what happened", len(v.Problems))
			}
			return nil
		})
	}
	return cmd
}

func (p *program) printVerification(v store.Verification) {
	fmt.Fprintf(p.env.Stdout, "%d changes (%d erased), %d people, %d accounts\nhead %s\n", v.Changes, v.Erased, v.People, v.Accounts, v.Head)
	if len(v.Problems) == 0 {
		fmt.Fprintln(p.env.Stdout, "All is well.")
	}
	for _, problem := range v.Problems {
		fmt.Fprintln(p.env.Stdout, "  "+problem)
	}
}
