package cli

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/store"
)

// assessGCPercent is by how much the memory of an assessment may grow between two
// collections: little of it lives long, and collecting seldom takes an eighth
// less time.
const assessGCPercent = 400

func (p *program) assess() *cobra.Command {
	var all bool
	cmd := shared(&cobra.Command{
		Use:   "assess",
		Short: "Decide the checks of everyone who is due",
		Long: `Decide the checks of everyone whose answer may have changed by itself: a
training that ran out, an exclusion that ended. A running server does this at the
very moment, and every change of a fact decides the checks that it touches, so
that this is for databases without a server.

With --all everyone's checks are decided anew. That changes nothing, unless a new
version of the program decides something otherwise.`,
		Example: `  passmuster assess
  passmuster assess --all`,
		Args: cobra.NoArgs,
	})
	cmd.Flags().BoolVar(&all, "all", false, "decide everyone's checks anew")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withBulkDB(cmd, func(ctx context.Context, db *store.DB) error {
			if all {
				if err := db.Write(ctx, cause(ctx), func(tx *store.Tx) error { return tx.MarkEveryone(ctx) }); err != nil {
					return err
				}
			}
			if os.Getenv("GOGC") == "" {
				debug.SetGCPercent(assessGCPercent)
			}
			bar := p.progress("Assessing")
			defer bar.end()
			done, err := compliance.Settle(ctx, db, bar.show)
			if err != nil {
				return err
			}
			bar.end()
			_, err = fmt.Fprintf(p.env.Stdout, "%d people assessed.\n", done)
			return err
		})
	}
	return cmd
}
