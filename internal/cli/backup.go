package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/store"
)

// steps shows the progress of a work of several steps.
func (p *program) steps() (store.Progress, func()) {
	var bar *progress
	show := func(step string, done, total int64) {
		if bar == nil || bar.label != step {
			if bar != nil {
				bar.end()
			}
			bar = p.progress(step)
		}
		bar.show(done, total)
	}
	return show, func() {
		if bar != nil {
			bar.end()
		}
	}
}

// openFiles gives the store of the contents of files that a command works with.
func (p *program) openFiles(cmd *cobra.Command) (*file.Store, error) {
	cfg, err := p.config(cmd)
	if err != nil {
		return nil, err
	}
	return file.Open(cfg.FilesDir())
}

func (p *program) backup() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "backup FILE",
		Short: "Write a verified backup to a new file, while the server goes on",
		Long: `Write the database, as it is at one moment, to a new file, and verify it by
opening it. The contents of the files of evidence go with it. The file is a
SQLite database whichever the source is, so that it can be restored to SQLite or
to PostgreSQL. It holds people's data and the hashes of API keys: keep it as safe
as the database.

A content that is missing or damaged fails the backup, which names the document.
With --without-files the record is backed up alone; copy the folder of files by
other means then.`,
		Example: `  passmuster backup passmuster-2026-11-21.backup`,
		Args:    cobra.ExactArgs(1),
	})
	asJSON := jsonFlag(cmd)
	withoutFiles := cmd.Flags().Bool("without-files", false, "leave the contents of files out")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var contents store.Contents
		if !*withoutFiles {
			files, err := p.openFiles(cmd)
			if err != nil {
				return err
			}
			contents = files
		}
		return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
			show, end := p.steps()
			report, err := db.Backup(ctx, args[0], contents, show)
			end()
			if err != nil {
				return err
			}
			return p.printBackup(report, *asJSON, "Backed up to "+report.Path)
		})
	}
	return cmd
}

func (p *program) printBackup(r store.BackupReport, asJSON bool, what string) error {
	if asJSON {
		return printJSON(p.env.Stdout, r)
	}
	files := fmt.Sprintf("%d files", r.Files)
	if r.WithoutFiles {
		files = "without files"
	}
	fmt.Fprintf(p.env.Stdout, "%s and verified: %d people, %d accounts, %d changes, %s, %d bytes\nhead %s\n",
		what, r.Rows["personnel"], r.Rows["accounts"], r.Changes, files, r.Bytes, r.Head)
	return nil
}

func (p *program) restore() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup into a new or empty database",
		Long: `Put what a backup holds into the database, which must be new or empty. The
backup is verified first; then either all of it is restored, or nothing. It may
come from the other kind of database. The contents of files go to the folder that
the setting files names, beside the database if it names none. Stop the server
before, and start it after. API keys of the backup work again.`,
		Example: `  passmuster restore passmuster-2026-11-21.backup --database sqlite:restored.db`,
		Args:    cobra.ExactArgs(1),
	})
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		files, err := file.Open(cfg.FilesDir())
		if err != nil {
			return err
		}
		show, end := p.steps()
		report, err := store.Restore(cmd.Context(), args[0], cfg.Database, files, show)
		end()
		if err != nil {
			return err
		}
		return p.printBackup(report, *asJSON, "Restored "+args[0])
	}
	return cmd
}
