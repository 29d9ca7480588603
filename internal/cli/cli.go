// Package cli is the command line: it reads flags, calls what does the work,
// and shows the outcome to a person or, with --json, to a program. It may
// depend on everything below cmd; it must never hold a rule of the business.
//
// Exit codes: 0 done, 1 failed, 2 wrong usage.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/config"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Env is the world that the program runs in.
type Env struct {
	Args     []string // without the program's name
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Environ  []string // as os.Environ gives it
	Version  string
	Terminal bool // Stderr is a terminal: progress may be drawn
}

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a mistake in how the program was called.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// Run runs the program and gives its exit code.
func Run(ctx context.Context, env Env) int {
	root := (&program{env: env}).root()
	root.SetArgs(env.Args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var usage usageError
	var faults config.Faults
	switch {
	case errors.As(err, &faults):
		fmt.Fprintf(env.Stderr, "passmuster: %d setting(s) are wrong:\n", len(faults))
		for _, f := range faults {
			fmt.Fprintf(env.Stderr, "  %s\n", f.Error())
		}
		return exitUsage
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"), strings.HasPrefix(err.Error(), "required flag"):
		fmt.Fprintf(env.Stderr, "passmuster: %s\nSee: passmuster --help\n", err)
		return exitUsage
	}
	fmt.Fprintf(env.Stderr, "passmuster: %s\n", message(err))
	return exitFailed
}

// message is what a person is told: a refusal without the internals behind it.
func message(err error) string {
	var f *workforce.Fault
	if errors.As(err, &f) {
		return f.Message
	}
	return err.Error()
}

// program holds what the commands share.
type program struct {
	env      Env
	commands []*cobra.Command // the leaves, for the variables of their flags
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "passmuster",
		Short: "The system of record for workforce compliance",
		Long: `Passmuster keeps the record of who works here, which accounts they hold in
which systems, and whether each person meets every requirement. It serves that
record on an API that is compatible with Drata's public API for Users, User
Identities and Personnel.`,
		Example: `  passmuster serve --demo                          try it with a made-up company
  passmuster import people people.csv              bring people in
  passmuster key create --name ci --scope all:read make an API key`,
		Version:       p.env.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetVersionTemplate("passmuster {{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(
		p.serve(), p.demo(), p.imports(), p.person(), p.account(), p.company(), p.key(),
		p.report(), p.rules(), p.policy(), p.exclusion(), p.groups(), p.assess(), p.verify(), p.backup(), p.restore(), p.doctor(), p.healthcheck(),
	)
	p.collect(root)
	return root
}

// collect finds the commands that do something, and makes wrong arguments
// usage errors.
func (p *program) collect(cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		p.collect(c)
	}
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usageError{fmt.Errorf("%s: %w", strings.TrimPrefix(cmd.CommandPath(), "passmuster "), err)}
			}
			return nil
		}
	}
	p.commands = append(p.commands, cmd)
}

// group is a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(commands...)
	return cmd
}

// config loads the settings of a command.
func (p *program) config(cmd *cobra.Command) (config.Config, error) {
	var others []*pflag.FlagSet
	for _, c := range p.commands {
		if c != cmd {
			others = append(others, c.Flags())
		}
	}
	return config.Load(cmd.Flags(), p.env.Environ, others...)
}

// logger writes to Stderr in the configured way, and flush what it has not
// written yet.
func (p *program) logger(cfg config.Config) (log *slog.Logger, flush func()) {
	opts := &slog.HandlerOptions{Level: cfg.LogLevel}
	b := newLogBuffer(p.env.Stderr)
	if cfg.LogFormat == config.LogJSON {
		return slog.New(urgent{slog.NewJSONHandler(b, opts), b}), b.flush
	}
	return slog.New(urgent{slog.NewTextHandler(b, opts), b}), b.flush
}

// withDB runs f with the command's database open, as the person at the command
// line.
func (p *program) withDB(cmd *cobra.Command, f func(ctx context.Context, db *store.DB) error) error {
	return p.withDBOpened(cmd, store.Options{}, f)
}

// withBulkDB is withDB for commands that write very much.
func (p *program) withBulkDB(cmd *cobra.Command, f func(ctx context.Context, db *store.DB) error) error {
	return p.withDBOpened(cmd, store.Options{Bulk: true}, f)
}

func (p *program) withDBOpened(cmd *cobra.Command, opts store.Options, f func(ctx context.Context, db *store.DB) error) error {
	cfg, err := p.config(cmd)
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	db, err := store.Open(ctx, cfg.Database, opts)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx = auth.With(ctx, auth.CommandLine())
	ctx = auth.WithCause(ctx, strings.TrimPrefix(cmd.CommandPath(), "passmuster "))
	if err := f(ctx, db); err != nil {
		return err
	}
	return p.settle(ctx, db)
}

// settle assesses the people whom a command's changes touched and who were too
// many for its own transactions, so that the command ends with every check as
// it must be.
func (p *program) settle(ctx context.Context, db *store.DB) error {
	select {
	case <-db.Due():
	default:
		return nil
	}
	bar := p.progress("Assessing whom this touches")
	defer bar.end()
	_, err := compliance.Settle(ctx, db, bar.show)
	return err
}

// cause is who and what a command's own changes are logged as.
func cause(ctx context.Context) store.Cause {
	return store.Cause{Actor: store.ActorCLI, Cause: auth.CauseFrom(ctx)}
}

// shared declares the flags that every command without a server has.
func shared(cmd *cobra.Command) *cobra.Command {
	config.RegisterShared(cmd.Flags())
	return cmd
}
