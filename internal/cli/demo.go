package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/store"
)

// maxDemoPeople bounds the demo company to what a disk can be expected to hold.
const maxDemoPeople = 2_000_000

func (p *program) demo() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "demo",
		Short: "Fill an empty database with a made-up company",
		Long: `Fill an empty database with a made-up company. The same seed, size and day give
the same company. A database that holds real data is refused.`,
		Example: `  passmuster demo --database sqlite:big.db --people 100000`,
		Args:    cobra.NoArgs,
	})
	people := cmd.Flags().Int("people", demoPeople, "how many people")
	seed := cmd.Flags().Uint64("seed", demoSeed, "which company")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withBulkDB(cmd, func(ctx context.Context, db *store.DB) error {
			if *people < 1 || *people > maxDemoPeople {
				return usageError{fmt.Errorf("--people %d: want 1 to %d", *people, maxDemoPeople)}
			}
			began := time.Now()
			loaded, err := p.loadDemo(ctx, db, *seed, *people, false)
			if err != nil {
				return err
			}
			if !loaded {
				return errors.New("nothing was made")
			}
			fmt.Fprintf(p.env.Stdout, "Made a demo company of %d people (seed %d) in %s.\n", *people, *seed, time.Since(began).Round(100*time.Millisecond))
			return nil
		})
	}
	return cmd
}
