package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/directory"
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

// withPeople runs f on the database, or on the server that was named. A flag
// wins over a variable, as everywhere: --database beside PASSMUSTER_SERVER is the
// database.
func (p *program) withPeople(cmd *cobra.Command, r *remote, f func(ctx context.Context, who people) error) error {
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
	if r.server == "" || typedDatabase {
		if typedKeyFile {
			return usageError{errors.New("--key-file is for --server, which is not given")}
		}
		return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
			return f(ctx, localPeople{directory.New(db, directory.Options{})})
		})
	}
	api, err := p.remoteClient(r, typedKeyFile)
	if err != nil {
		return usageError{err}
	}
	if err := f(cmd.Context(), remotePeople{api, p}); err != nil {
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

// remotePeople reads from a server.
type remotePeople struct {
	api *client.Client
	p   *program
}

// list gathers a page of any size from the pages of the API, which have at most
// fifty people.
func (r remotePeople) list(ctx context.Context, q string, page workforce.Page) ([]personView, int64, error) {
	size := min(page.Limit, 50)
	number, skip := page.Offset()/size+1, page.Offset()%size
	views := []personView{}
	for ; ; number++ {
		got, err := r.api.Personnel.List(ctx, client.PersonnelListParams{
			Q: q, Sort: client.PersonnelByName, SortDir: client.Ascending, Page: number, Limit: size,
		})
		if err != nil {
			return nil, 0, err
		}
		for _, person := range got.Data[min(skip, int64(len(got.Data))):] {
			if int64(len(views)) == page.Limit {
				break
			}
			v, err := fromWirePerson(person.Personnel)
			if err != nil {
				return nil, 0, err
			}
			views = append(views, v)
		}
		skip = 0
		if int64(len(views)) == page.Limit || int64(len(got.Data)) < size {
			return views, got.Total, nil
		}
	}
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

func (r remotePeople) show(ctx context.Context, which personRef) (personDetail, error) {
	person, err := r.find(ctx, which)
	if err != nil {
		return personDetail{}, err
	}
	view, err := fromWirePerson(person)
	if err != nil {
		return personDetail{}, err
	}
	d := personDetail{personView: view, Checks: []checkView{}, Devices: []deviceView{}}
	for _, c := range person.ComplianceChecks {
		d.Checks = append(d.Checks, checkView{string(c.Type), string(c.Status), isoTimeOpt(c.CompletionDate), isoTimeOpt(c.ExpiresAt)})
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

func (r remotePeople) find(ctx context.Context, which personRef) (client.Personnel, error) {
	if which.email != "" {
		return r.api.Personnel.GetByEmail(ctx, which.email)
	}
	return r.api.Personnel.Get(ctx, client.PersonnelID(which.id))
}

// accounts gives the accounts of a user, infrastructure first, by number. The API
// has no filter by user, and text would miss accounts under another name: so it
// looks through all of them.
func (r remotePeople) accounts(ctx context.Context, user client.UserID) ([]accountView, error) {
	inf, err := r.api.Infrastructure.List(ctx, client.AccountListParams{Limit: 1})
	if err != nil {
		return nil, err
	}
	vcs, err := r.api.VersionControl.List(ctx, client.AccountListParams{Limit: 1})
	if err != nil {
		return nil, err
	}
	bar := r.p.progress("Looking through the accounts")
	defer bar.end()
	total, done := inf.Total+vcs.Total, int64(0)
	step := func() { done++; bar.show(min(done, total), total) }
	everything := client.AccountListParams{}
	first, err := accountsOf(r.api.Infrastructure.All(ctx, everything), step, user,
		func(a client.InfrastructureAccount) client.Account { return a.Account })
	if err != nil {
		return nil, err
	}
	second, err := accountsOf(r.api.VersionControl.All(ctx, everything), step, user,
		func(a client.VersionControlAccount) client.Account { return a.Account })
	if err != nil {
		return nil, err
	}
	return append(first, second...), nil
}

// accountsOf picks the accounts of a user out of all, by number.
func accountsOf[A any](all iter.Seq2[A, error], step func(), user client.UserID, common func(A) client.Account) ([]accountView, error) {
	var mine []client.Account
	for one, err := range all {
		if err != nil {
			return nil, err
		}
		step()
		if a := common(one); a.User != nil && a.User.ID == user {
			mine = append(mine, a)
		}
	}
	slices.SortFunc(mine, func(a, b client.Account) int { return cmp.Compare(a.ID, b.ID) })
	views := make([]accountView, len(mine))
	for i, a := range mine {
		system := ""
		if a.Connection != nil {
			system = string(a.Connection.ClientType)
		}
		views[i] = accountView{system, a.IdentityID, a.Username, a.HasMFA, isoTimeOpt(a.ConnectedAt), isoTimeOpt(a.DisconnectedAt)}
	}
	return views, nil
}
