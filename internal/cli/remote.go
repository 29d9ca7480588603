package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The names of the flags of a command that can ask a server.
const (
	flagServer  = "server"
	flagKeyFile = "key-file"
	flagKey     = "key"
)

// remote is the flags of a command that can ask a running server instead of
// opening the database.
type remote struct{ server, keyFile, key string }

// remoteFlags declares the flags. --key is hidden and refused: it is there so
// that PASSMUSTER_KEY is known, and so that whoever tries it is told why not.
func remoteFlags(cmd *cobra.Command) *remote {
	r := &remote{}
	f := cmd.Flags()
	f.StringVar(&r.server, flagServer, "", "ask this running server over its API instead of opening the database, like https://muster.example.com (PASSMUSTER_SERVER); the key is in PASSMUSTER_KEY or --key-file")
	f.StringVar(&r.keyFile, flagKeyFile, "", "read the API key for --server from this file (PASSMUSTER_KEY_FILE)")
	f.StringVar(&r.key, flagKey, "", "not here: everyone on this machine can see arguments")
	if err := f.MarkHidden(flagKey); err != nil {
		panic("cli: " + err.Error()) // the flag is declared one line above
	}
	return r
}

// withOrigin runs f on the database, or on the server that was named. A flag
// wins over a variable, as everywhere: --database beside PASSMUSTER_SERVER is the
// database. Before anything is opened, parse reads the other flags, which have
// what their variables say by then.
func (p *program) withOrigin(cmd *cobra.Command, r *remote, parse func() error, f func(ctx context.Context, where origin) error) error {
	flags := cmd.Flags()
	typedKeyFile, typedServer := flags.Changed(flagKeyFile), flags.Changed(flagServer)
	typedDatabase := flags.Changed("database") || flags.Changed("database-file")
	switch {
	case flags.Changed(flagKey):
		return usageError{errors.New("--key is not taken, because everyone on this machine can see arguments: put the key into PASSMUSTER_KEY or into a file for --key-file")}
	case typedServer && typedDatabase:
		return usageError{errors.New("--server and --database are two places to read from: give one")}
	}
	if _, err := p.config(cmd); err != nil { // fills the flags from their variables too
		return err
	}
	if err := parse(); err != nil {
		return err
	}
	if r.server == "" || typedDatabase {
		if typedKeyFile {
			return usageError{errors.New("--key-file is for --server, which is not given")}
		}
		return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
			return f(ctx, onDatabase(db))
		})
	}
	api, err := p.remoteClient(r, typedKeyFile)
	if err != nil {
		return usageError{err}
	}
	if err := f(cmd.Context(), served{api.Native(), api, p}); err != nil {
		return remoteError(api, err)
	}
	return nil
}

// remoteRetries is how often a request is tried again: a person is waiting.
const remoteRetries = 2

func (p *program) remoteClient(r *remote, typedKeyFile bool) (*client.Client, error) {
	key := r.key
	switch {
	case r.keyFile != "" && key != "" && !typedKeyFile:
		return nil, errors.New("PASSMUSTER_KEY and PASSMUSTER_KEY_FILE are both set: remove one")
	case r.keyFile != "":
		text, err := os.ReadFile(r.keyFile)
		if err != nil {
			return nil, fmt.Errorf("--key-file: %w", err)
		}
		if key = strings.TrimSpace(string(text)); key == "" {
			return nil, fmt.Errorf("--key-file: %s is empty: it must hold an API key", r.keyFile)
		}
	case key == "":
		return nil, errors.New("--server needs an API key: put it into PASSMUSTER_KEY, or name a file that holds it with --key-file; where the server is, this makes one: passmuster key create --name NAME --scope all:read")
	}
	api, err := client.New(r.server, key,
		client.WithUserAgent("passmuster/"+p.env.Version), client.WithRetries(remoteRetries, time.Minute))
	if err != nil {
		return nil, fmt.Errorf("--server: %w", err)
	}
	return api, nil
}

// remoteError says what a server refused in its own words, and otherwise where to
// look.
func remoteError(api *client.Client, err error) error {
	var usage usageError
	if errors.As(err, &usage) {
		return err
	}
	var refused *client.Error
	switch {
	case !errors.As(err, &refused):
		return fmt.Errorf("asking %s: %w", api, err)
	case refused.StatusCode >= http.StatusInternalServerError && refused.RequestID != "":
		return fmt.Errorf("%s could not answer (%d): %s; its log says why, under request id %s", api, refused.StatusCode, refused.Message, refused.RequestID)
	}
	return fmt.Errorf("%s (%s, %d)", refused.Message, api, refused.StatusCode)
}

// served reads from a server. The lists are those of the client.
type served struct {
	*client.NativeService

	api *client.Client
	p   *program
}

// unseen asks for each kind alone: a list of every kind only has those that the
// key may read, and does not say so.
func (r served) unseen(ctx context.Context) ([]string, error) {
	var out []string
	for _, kind := range accountKinds {
		_, err := r.AccountsPage(ctx, client.AccountsQuery{Kind: kind, Fields: []string{"id"}, NativePaging: client.NativePaging{Limit: 1}})
		switch {
		case client.IsForbidden(err):
			out = append(out, fmt.Sprintf("%s accounts are not shown: %s", kind, remoteError(r.api, err)))
		case err != nil:
			return nil, err
		}
	}
	if len(out) == len(accountKinds) {
		return nil, nil // the list itself is refused
	}
	return out, nil
}

func fromWirePerson(p client.Personnel) (personView, error) {
	if p.User == nil {
		return personView{}, fmt.Errorf("personnel %d has no user in the answer", p.ID)
	}
	v := personView{
		ID: int64(p.ID), UserID: int64(p.User.ID), Name: workforce.FullName(p.User.FirstName, p.User.LastName), Email: p.User.Email,
		JobTitle: p.User.JobTitle, Status: string(p.EmploymentStatus),
		StartDate: (*string)(p.StartDate), SeparationDate: (*string)(p.SeparationDate),
	}
	if c, ok := p.Check(client.CheckFullCompliance); ok {
		v.FullCompliance = string(c.Status)
	}
	return v, nil
}

func (r served) show(ctx context.Context, which personRef) (personDetail, error) {
	person, err := r.find(ctx, which)
	if err != nil {
		return personDetail{}, err
	}
	view, err := fromWirePerson(person)
	if err != nil {
		return personDetail{}, err
	}
	d := personDetail{personView: view, Devices: []deviceView{}}
	if err := r.explain(ctx, person, &d); err != nil {
		return personDetail{}, err
	}
	for i := range person.Devices {
		dev := &person.Devices[i]
		d.Devices = append(d.Devices, deviceView{
			dev.Model, dev.OSVersion, dev.SerialNumber, isoTimeOpt(dev.LastCheckedAt), dev.DeletedAt == nil, dev.IsDeviceCompliant,
		})
	}
	d.Accounts, err = r.accounts(ctx, person.User.ID)
	if client.IsForbidden(err) || client.IsNotInPlan(err) {
		fmt.Fprintf(r.p.env.Stderr, "accounts are not shown: %s\n", remoteError(r.api, err))
		d.Accounts, err = nil, nil
	}
	return d, err
}

// explain adds the checks: with why, or as they are on the record if the key may
// not know why, or if the server is older than the question.
func (r served) explain(ctx context.Context, person client.Personnel, d *personDetail) error {
	why, err := r.api.Compliance().Explain(ctx, person.ID)
	switch {
	case client.IsForbidden(err), client.IsNotInPlan(err), client.IsNotFound(err):
		fmt.Fprintf(r.p.env.Stderr, "why the checks came out so is not shown: %s\n", remoteError(r.api, err))
		d.Checks = mapped(person.ComplianceChecks, func(c client.ComplianceCheck) checkView {
			return checkView{
				Type: string(c.Type), Status: string(c.Status), CompletionDate: isoTimeOpt(c.CompletionDate), ExpiresAt: isoTimeOpt(c.ExpiresAt),
				CheckFrequency: string(c.CheckFrequency), LastCheckedAt: isoTimeOpt(c.LastCheckedAt),
			}
		})
		return nil
	case err != nil:
		return err
	}
	d.FullCompliance, d.AssessedAt, d.NextDueAt = string(why.Status), isoTimeOpt(why.AssessedAt), isoTimeOpt(why.NextDueAt)
	d.Checks = mapped(why.Checks, func(c client.ExplainedCheck) checkView {
		return checkView{
			Type: string(c.Type), Status: string(c.Status), CompletionDate: isoTimeOpt(c.CompletionDate), ExpiresAt: isoTimeOpt(c.ExpiresAt),
			CheckFrequency: string(c.CheckFrequency), LastCheckedAt: isoTimeOpt(c.LastCheckedAt), NextDueAt: isoTimeOpt(c.NextDueAt),
			Reasons: mapped(c.Reasons, func(r client.CheckReason) reasonView { return reasonView(r) }),
			Evidence: mapped(c.Evidence, func(e client.CheckEvidence) evidenceView {
				return evidenceView{string(e.Kind), e.ID, (*string)(e.AccountKind), e.Label, isoTimeOpt(e.At), e.Detail}
			}),
		}
	})
	return nil
}

func (r served) find(ctx context.Context, which personRef) (client.Personnel, error) {
	if which.email != "" {
		return r.api.Personnel.GetByEmail(ctx, which.email)
	}
	return r.api.Personnel.Get(ctx, client.PersonnelID(which.id))
}

// accounts gives the accounts of a user, infrastructure first, by number. Each
// kind is asked for alone, so that one that the key may not read is refused and
// not left out.
func (r served) accounts(ctx context.Context, user client.UserID) ([]accountView, error) {
	views := []accountView{}
	for _, kind := range accountKinds {
		var mine []client.AccountSummary
		for a, err := range r.Accounts(ctx, client.AccountsQuery{Kind: kind, UserID: user}) {
			if err != nil {
				return nil, err
			}
			mine = append(mine, a)
		}
		slices.SortFunc(mine, func(a, b client.AccountSummary) int { return cmp.Compare(a.ID, b.ID) })
		for _, a := range mine {
			views = append(views, accountView{
				string(a.ClientType), a.IdentityID, a.Username, a.HasMFA, isoTimeOpt(a.ConnectedAt), isoTimeOpt(a.DisconnectedAt),
			})
		}
	}
	return views, nil
}
