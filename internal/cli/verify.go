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
the record's rules; read the contents of all files of evidence and compare them
with their hashes. Exits 1 if anything is wrong. It may run beside a server.

The head it prints commits to the whole log: keep it elsewhere, and a log that
was cut off later can be told from it.`,
		Args: cobra.NoArgs,
	})
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		contents, err := p.openFiles(cmd)
		if err != nil {
			return err
		}
		return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
			v, err := p.verifyAll(ctx, db, contents)
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
			return v.err()
		})
	}
	return cmd
}

// verification is the outcome of both: of the database, and of the files beside
// it. Problems are those of both.
type verification struct {
	store.Verification
	Files int64 `json:"files"` // contents of files that documents refer to

	wrongFiles int64 // of which are missing or damaged
	ofRecord   int   // problems that are not of files
}

func (p *program) verifyAll(ctx context.Context, db *store.DB, contents store.Contents) (verification, error) {
	bar := p.progress("Verifying")
	record, err := db.Verify(ctx, bar.show)
	bar.end()
	if err != nil {
		return verification{}, err
	}
	bar = p.progress("Verifying files")
	files, err := db.VerifyFiles(ctx, contents, true, bar.show)
	bar.end()
	if err != nil {
		return verification{}, err
	}
	v := verification{record, files.Files, files.Wrong, len(record.Problems)}
	v.Problems = append(v.Problems, files.Problems...)
	return v, nil
}

// err says what to do about problems; nil if there are none. A lost file takes
// nothing from the record, which is only not to be trusted for its own problems.
func (v verification) err() error {
	switch {
	case v.ofRecord > 0:
		return fmt.Errorf("%d problem(s): do not trust this database; restore a backup, and keep this file to find out what happened", len(v.Problems))
	case v.wrongFiles > 0:
		return fmt.Errorf("%d of %d files are missing or damaged: is the setting files right? Put them back from a backup, or upload them again", v.wrongFiles, v.Files)
	default:
		return nil
	}
}

func (p *program) printVerification(v verification) {
	fmt.Fprintf(p.env.Stdout, "%d changes (%d erased), %d people, %d accounts, %d files\nhead %s\n",
		v.Changes, v.Erased, v.People, v.Accounts, v.Files, v.Head)
	if len(v.Problems) == 0 {
		fmt.Fprintln(p.env.Stdout, "All is well.")
	}
	for _, problem := range v.Problems {
		fmt.Fprintln(p.env.Stdout, "  "+problem)
	}
}
