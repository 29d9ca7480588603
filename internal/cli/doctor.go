package cli

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/app"
	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/config"
	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// finding is one thing that the doctor looked at.
type finding struct {
	Check  string `json:"check"`
	Status string `json:"status"` // ok, warning or problem
	Detail string `json:"detail"`
}

// The statuses of findings.
const (
	findingOK      = "ok"
	findingWarning = "warning"
	findingProblem = "problem"
)

func (p *program) doctor() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "doctor",
		Short: "Look for what is wrong with this installation",
		Long: `Look at the settings, the database and the record, and say what is wrong and
what to do. It changes nothing, creates nothing, and may run beside a server.
Exits 1 if there is a problem. It does not read the whole change log: that is
passmuster verify.`,
		Args: cobra.NoArgs,
	})
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		findings := p.examine(cmd.Context(), cfg)
		if *asJSON {
			if err := printJSON(p.env.Stdout, findings); err != nil {
				return err
			}
		} else {
			rows := make([][]string, len(findings))
			for i, f := range findings {
				rows[i] = []string{f.Check, f.Status, f.Detail}
			}
			if err := table(p.env.Stdout, []string{"CHECK", "STATUS", "DETAIL"}, rows); err != nil {
				return err
			}
		}
		if slices.ContainsFunc(findings, func(f finding) bool { return f.Status == findingProblem }) {
			return fmt.Errorf("there is something to mend")
		}
		return nil
	}
	return cmd
}

// examine looks at everything, as far as it gets.
func (p *program) examine(ctx context.Context, cfg config.Config) []finding {
	var out []finding
	add := func(check, status, format string, args ...any) {
		out = append(out, finding{check, status, fmt.Sprintf(format, args...)})
	}
	add("program", findingOK, "passmuster %s, %s, %s/%s", p.env.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	examineCertificate(cfg, time.Now(), add)
	add("database", findingOK, "%s", config.RedactDSN(cfg.Database))
	in, err := store.Inspect(ctx, cfg.Database)
	switch {
	case err != nil:
		add("database", findingProblem, "it cannot be read: %v", err)
		return out
	case !in.Exists:
		add("database", findingWarning, "there is no such file yet: passmuster serve, or an import, makes it")
		return out
	}
	add("server", findingOK, "%s %s, %d bytes", in.Dialect, in.Server, in.Bytes)
	switch {
	case in.Schema > in.Program:
		add("schema", findingProblem, "version %d is newer than this program's %d: use the newer program", in.Schema, in.Program)
		return out
	case in.Schema < in.Program:
		add("schema", findingWarning, "version %d will be brought to %d by the next command that opens it: make a backup first", in.Schema, in.Program)
		return out
	}
	add("schema", findingOK, "version %d", in.Schema)
	if in.Dialect == "sqlite" && in.Journal != "wal" {
		add("journal", findingWarning, "the journal is %q, not the write-ahead log: does the file's disk support it?", in.Journal)
	}
	for _, fault := range in.Faults {
		add("file", findingProblem, "%s: restore a backup", fault)
	}
	add("record", findingOK, "%d people, %d accounts, %d connections, newest change %d",
		in.Rows["personnel"], in.Rows["accounts"], in.Rows["connections"], in.Head)
	if in.Rows["users"] == 0 {
		add("record", findingWarning, "nobody is here yet: passmuster import people FILE")
	}
	p.examineUse(ctx, cfg, add)
	return out
}

// soon is how long before its end the doctor speaks of something that expires.
const soon = 14 * 24 * time.Hour

// examineCertificate looks at the server's certificate. Whoever asks the doctor
// may not be the user who may read the key, so files that cannot be used are
// only warned about: the server itself refuses to start with them.
func examineCertificate(cfg config.Config, now time.Time, add func(check, status, format string, args ...any)) {
	leaf, err := app.Certificate(cfg)
	switch {
	case err != nil:
		add("certificate", findingWarning, "it cannot be used by whoever runs this: %v", err)
	case leaf == nil:
		add("certificate", findingOK, "none: the server speaks HTTP")
	case now.Before(leaf.NotBefore):
		add("certificate", findingProblem, "it is not valid before %s: is this machine's clock right?", when(&leaf.NotBefore, ""))
	case now.After(leaf.NotAfter):
		add("certificate", findingProblem, "it expired at %s: put a new one in its place, the server takes it within a minute", when(&leaf.NotAfter, ""))
	case leaf.NotAfter.Before(now.Add(soon)):
		add("certificate", findingWarning, "it expires at %s: renew it", when(&leaf.NotAfter, ""))
	default:
		add("certificate", findingOK, "valid until %s", when(&leaf.NotAfter, ""))
	}
}

// examineFiles looks whether the contents that documents refer to are there; it
// does not read them, which is passmuster verify.
func examineFiles(ctx context.Context, cfg config.Config, db *store.DB, add func(check, status, format string, args ...any)) {
	contents, err := file.Open(cfg.FilesDir())
	if err != nil {
		add("files", findingProblem, "%v", err)
		return
	}
	v, err := db.VerifyFiles(ctx, contents, false, nil)
	info, missing := os.Stat(contents.Dir())
	switch {
	case err != nil:
		add("files", findingProblem, "they cannot be looked for: %v", err)
	case v.Wrong > 0:
		add("files", findingProblem, "%d of %d are missing from %s or have another size: is the setting files right? (first: %s)",
			v.Wrong, v.Files, contents.Dir(), v.Problems[0])
	case missing != nil:
		add("files", findingOK, "none yet; they will be kept in %s", contents.Dir())
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		add("files", findingWarning, "%d in %s, which others than its owner may enter: chmod 700 %s", v.Files, contents.Dir(), contents.Dir())
	default:
		add("files", findingOK, "%d in %s", v.Files, contents.Dir())
	}
}

// examineUse looks at keys and the company.
func (p *program) examineUse(ctx context.Context, cfg config.Config, add func(check, status, format string, args ...any)) {
	db, err := store.Open(ctx, cfg.Database, store.Options{})
	if err != nil {
		add("database", findingProblem, "it cannot be opened: %v", err)
		return
	}
	defer db.Close()
	examineFiles(ctx, cfg, db, add)
	keys, err := auth.NewKeys(db).List(auth.With(ctx, auth.CommandLine()))
	if err != nil {
		add("keys", findingProblem, "they cannot be read: %v", err)
		return
	}
	working, ending := 0, 0
	for _, k := range keys {
		if toKeyView(k, db).State != "active" {
			continue
		}
		working++
		if k.ExpiresAt != nil && k.ExpiresAt.Before(db.Now().Add(soon)) {
			ending++
		}
	}
	switch {
	case working == 0:
		add("keys", findingWarning, "no API key works: passmuster key create --name NAME --scope all")
	case ending > 0:
		add("keys", findingWarning, "%d of %d working keys expire within 14 days: passmuster key list", ending, working)
	default:
		add("keys", findingOK, "%d working", working)
	}
	var company workforce.Company
	err = db.Read(ctx, func(r *store.Reader) error {
		company, err = r.Company(ctx)
		return err
	})
	switch {
	case err != nil:
		add("company", findingProblem, "it cannot be read: %v", err)
	case company.Plan == workforce.PlanNone:
		add("company", findingWarning, "the plan is none: every request answers 402 (passmuster company set --plan full)")
	case company.TermsAcceptedAt == nil:
		add("company", findingWarning, "the terms are not accepted: every request answers 412 (passmuster company set --accept-terms=true)")
	default:
		add("company", findingOK, "plan %s, terms accepted, time zone %s", company.Plan, company.TimeZone)
	}
}
