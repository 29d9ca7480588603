package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/importer"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) imports() *cobra.Command {
	return group("import", "Bring people, accounts and evidence in from files",
		p.importFile(imported{what: "people", long: `Bring people in from a CSV or JSON file (an HR export, say). The file needs a
column "email"; every other column is optional and recognised by many usual
names. How the columns are read is shown. People who are not in the file are
not touched.`, header: "email,firstName,lastName,startDate", parse: parser(importer.ParsePeople, importer.ApplyPeople)}),
		p.importFile(imported{
			what: "accounts", long: `Bring accounts in from a CSV or JSON file. The file needs the columns
"clientType" (AWS, GITHUB, …) and "identityId" (the system's own id); an account
is linked to a person by ownerEmail, or by its e-mail if that is a person's.`,
			header: "clientType,identityId,username,email", parse: parser(importer.ParseAccounts, importer.ApplyAccounts),
		}),
		p.importFile(imported{
			what: "devices", long: `Bring devices in from a CSV or JSON file (an export of device management, say).
A device needs the id that its source gives it (externalId) or a serial number,
and a new one the e-mail address of whoever has it (ownerEmail). Devices that
are not in the file are not touched, unless --complete says that it lists all.`,
			header: "ownerEmail,serialNumber,model,encryptionEnabled", parse: parser(importer.ParseDevices, importer.ApplyDevices),
		}),
		p.importFile(imported{
			what: "trainings", long: `Bring trainings in from a CSV or JSON file. The file needs the columns "email"
and "type" (` + namesOf(workforce.AllTrainingTypes) + `), and says of each
training when it was completed, or that it is still to be done. A file of one
training has no type of its own: give it with --set type=SECURITY_TRAINING.`,
			header: "email,type,course,completedAt", parse: parser(importer.ParseTrainings, importer.ApplyTrainings),
		}),
		p.importFile(imported{
			what: "background-checks", long: `Bring background checks in from a CSV or JSON file. The file needs the columns
"email" and "status" (` + namesOf(workforce.AllBackgroundCheckStatuses) + `).`,
			header: "email,status,manualCheckDate", parse: parser(importer.ParseBackgroundChecks, importer.ApplyBackgroundChecks),
		}),
		p.importFile(imported{
			what: "acknowledgements", long: `Bring acknowledgements of policies in from a CSV or JSON file. The file needs the
columns "email", "policy" (the name of a policy that exists) and
"acknowledgedAt". Without a "version", the one counts that was in force then.`,
			header: "email,policy,acknowledgedAt", parse: parser(importer.ParseAcknowledgements, importer.ApplyAcknowledgements),
		}),
	)
}

// imported is one kind of file.
type imported struct {
	what   string // also the command's name
	long   string
	header string // of an example
	parse  func(io.Reader, importer.Format, importer.Options) (parsed, error)
}

// parsed is a file that was read, and how to apply it.
type parsed struct {
	mapping []importer.Column
	rows    int
	apply   func(ctx context.Context, db *store.DB, opts importer.ApplyOptions) (importer.Report, error)
}

// parser joins how a kind of file is read and how it is applied.
func parser[T any](
	parse func(io.Reader, importer.Format, importer.Options) (importer.Parsed[T], error),
	apply func(context.Context, *store.DB, *importer.Parsed[T], importer.ApplyOptions) (importer.Report, error),
) func(io.Reader, importer.Format, importer.Options) (parsed, error) {
	return func(r io.Reader, format importer.Format, opts importer.Options) (parsed, error) {
		file, err := parse(r, format, opts)
		return parsed{file.Mapping, file.Total, func(ctx context.Context, db *store.DB, o importer.ApplyOptions) (importer.Report, error) {
			return apply(ctx, db, &file, o)
		}}, err
	}
}

// importFlags are the flags of the imports.
type importFlags struct {
	format, delimiter, dates, source string
	columns, set                     []string
	skipBad, complete, dryRun, json  bool
}

func (p *program) importFile(kind imported) *cobra.Command {
	what := kind.what
	cmd := shared(&cobra.Command{
		Use:   what + " FILE",
		Short: "Bring " + words(what) + " in from a CSV or JSON file",
		Long: kind.long + `

Nothing is applied unless every row is good, or --skip-bad is given. The same
file again changes nothing. "-" reads standard input (give --format).`,
		Example: `  passmuster import ` + what + ` ` + what + `.csv --dry-run
  printf '` + kind.header + `\n…' | passmuster import ` + what + ` - --format csv`,
		Args: cobra.ExactArgs(1),
	})
	var f importFlags
	fs := cmd.Flags()
	fs.StringVar(&f.format, "format", "", "csv or json (default: by the file's name)")
	fs.StringVar(&f.delimiter, "delimiter", "", `what parts the cells of a CSV file: "," ";" or "tab" (default: found out)`)
	fs.StringVar(&f.dates, "date-format", "", "how to read dates like 03/04/2024: DMY or MDY (default: such dates are refused)")
	fs.StringArrayVar(&f.columns, "map", nil, `a column's field, "Their Name=ourField", or "Their Name=ignored"; may be repeated`)
	fs.StringArrayVar(&f.set, "set", nil, `what all rows have in common, "ourField=VALUE"; may be repeated`)
	fs.BoolVar(&f.skipBad, "skip-bad", false, "apply the good rows even if others are bad")
	fs.BoolVar(&f.dryRun, "dry-run", false, "say what would change, and change nothing")
	fs.BoolVar(&f.json, "json", false, "print the report as JSON")
	if what == "people" {
		fs.StringVar(&f.source, "source", importer.DefaultSource, "name of the source: files of one source speak of the same people by the same ids")
	}
	if what == "devices" {
		fs.BoolVar(&f.complete, "complete", false, "the file lists every device of its sources: those that it does not list are no longer in use")
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withBulkDB(cmd, func(ctx context.Context, db *store.DB) error {
			return p.runImport(ctx, db, kind, args[0], f)
		})
	}
	return cmd
}

// words is the name of a command as words.
func words(what string) string { return strings.ReplaceAll(what, "-", " ") }

func (p *program) runImport(ctx context.Context, db *store.DB, kind imported, name string, f importFlags) error {
	format, opts, err := f.options(name)
	if err != nil {
		return err
	}
	err = db.Read(ctx, func(r *store.Reader) error {
		company, err := r.Company(ctx)
		opts.Today = company.Today(db.Now())
		return err
	})
	if err != nil {
		return err
	}
	in := p.env.Stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	file, err := kind.parse(in, format, opts)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if !f.json {
		p.printMapping(file)
	}
	bar := p.progress("Importing " + words(kind.what))
	report, err := file.apply(ctx, db, importer.ApplyOptions{
		Source: f.source, SkipBad: f.skipBad, Complete: f.complete, DryRun: f.dryRun,
		Progress: func(done, total int) { bar.show(int64(done), int64(total)) },
	})
	bar.end()
	if f.json {
		if jsonErr := printJSON(p.env.Stdout, importReport{file.mapping, file.rows, report}); jsonErr != nil {
			return jsonErr
		}
		return err
	}
	p.printReport(words(kind.what), report, err == nil)
	return err
}

// importReport is the report with how the file was read.
type importReport struct {
	Mapping []importer.Column `json:"mapping"`
	Rows    int               `json:"rows"`
	importer.Report
}

func (f importFlags) options(name string) (importer.Format, importer.Options, error) {
	var opts importer.Options
	format := importer.Format(strings.ToLower(f.format))
	switch {
	case f.format != "":
		if !slices.Contains(importer.AllFormats, format) {
			return "", opts, usageError{fmt.Errorf("--format %q: want csv or json", f.format)}
		}
	case name == "-":
		return "", opts, usageError{fmt.Errorf("standard input has no name to tell the format from: give --format csv or --format json")}
	default:
		var err error
		if format, err = importer.FormatOf(name); err != nil {
			return "", opts, usageError{fmt.Errorf("%s: %w", name, err)}
		}
	}
	switch f.delimiter {
	case "":
	case "tab", `\t`:
		opts.Delimiter = '\t'
	default:
		r, size := utf8.DecodeRuneInString(f.delimiter)
		if size != len(f.delimiter) || !strings.ContainsRune(",;|\t", r) {
			return "", opts, usageError{fmt.Errorf(`--delimiter %q: want one of "," ";" "|" or "tab"`, f.delimiter)}
		}
		opts.Delimiter = r
	}
	if f.dates != "" {
		if opts.DateOrder = importer.DateOrder(strings.ToUpper(f.dates)); !slices.Contains(importer.AllDateOrders, opts.DateOrder) {
			return "", opts, usageError{fmt.Errorf("--date-format %q: want DMY or MDY", f.dates)}
		}
	}
	opts.Map = map[string]string{}
	for _, m := range f.columns {
		theirs, ours, ok := strings.Cut(m, "=")
		if !ok || theirs == "" || ours == "" {
			return "", opts, usageError{fmt.Errorf(`--map %q: want "Their Name=ourField"`, m)}
		}
		opts.Map[theirs] = ours
	}
	opts.Set = map[string]string{}
	for _, s := range f.set {
		ours, value, ok := strings.Cut(s, "=")
		if _, twice := opts.Set[ours]; !ok || ours == "" || value == "" || twice {
			return "", opts, usageError{fmt.Errorf(`--set %q: want "ourField=VALUE", each field once`, s)}
		}
		opts.Set[ours] = value
	}
	return format, opts, nil
}

// printMapping shows how the file's columns were read.
func (p *program) printMapping(file parsed) {
	fmt.Fprintf(p.env.Stdout, "Rows: %d. The columns are read as:\n", file.rows)
	rows := make([][]string, len(file.mapping))
	for i, c := range file.mapping {
		field := c.Field
		if field == "" {
			field = "(ignored)"
		}
		rows[i] = []string{"  " + c.Name, field, c.Note}
	}
	table(p.env.Stdout, []string{"  COLUMN", "FIELD", "NOTE"}, rows) //nolint:errcheck // the same writer as below
	fmt.Fprintln(p.env.Stdout)
}

// most is how many problems and notes are listed.
const most = 50

func (p *program) printReport(what string, r importer.Report, applied bool) {
	out := p.env.Stdout
	for i, x := range r.Problems {
		if i == most {
			fmt.Fprintf(out, "… and %d more problems (--json lists all)\n", len(r.Problems)-most)
			break
		}
		where := "line " + strconv.Itoa(x.Line)
		if x.Field != "" {
			where += ", " + x.Field
		}
		if x.Value != "" {
			where += " " + strconv.Quote(x.Value)
		}
		fmt.Fprintf(out, "%s: %s\n", where, printable(x.Reason))
	}
	for i, n := range r.Notes {
		if i == most {
			fmt.Fprintf(out, "… and %d more notes (--json lists all)\n", len(r.Notes)-most)
			break
		}
		fmt.Fprintf(out, "line %d: note: %s\n", n.Line, printable(n.Reason))
	}
	switch {
	case !applied:
		fmt.Fprintln(out, "Nothing was changed.")
		return
	case r.DryRun:
		fmt.Fprint(out, "A dry run: nothing was changed. It would be:\n")
	}
	fmt.Fprintf(out, "%s: %d created, %d updated, %d unchanged, %d skipped", strings.ToUpper(what[:1])+what[1:], r.Created, r.Updated, r.Unchanged, r.Skipped)
	if r.Removed > 0 {
		fmt.Fprintf(out, ", %d no longer in use", r.Removed)
	}
	fmt.Fprintln(out, ".")
}
