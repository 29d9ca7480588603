package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) person() *cobra.Command {
	return group("person", "List and show people, and erase their history", p.personList(), p.personShow(), p.personErase())
}

// personView is a person in short.
type personView struct {
	ID             int64   `json:"id"`
	UserID         int64   `json:"userId"`
	Name           string  `json:"name"`
	Email          string  `json:"email"`
	JobTitle       *string `json:"jobTitle"`
	Status         string  `json:"employmentStatus"`
	StartDate      *string `json:"startDate"`
	SeparationDate *string `json:"separationDate"`
	FullCompliance string  `json:"fullCompliance"`
}

func toPersonView(r workforce.PersonnelRecord) personView {
	v := personView{
		ID: int64(r.ID), UserID: int64(r.UserID), Name: workforce.FullName(r.User.FirstName, r.User.LastName), Email: r.User.Email,
		JobTitle: r.User.JobTitle, Status: string(r.EmploymentStatus),
		StartDate: (*string)(r.StartDate), SeparationDate: (*string)(r.SeparationDate),
	}
	for _, c := range r.Checks {
		if c.Type == workforce.CheckFullCompliance {
			v.FullCompliance = string(c.Status)
		}
	}
	return v
}

// personRef names a person: by the e-mail if it is not empty, else by the number
// of the personnel record.
type personRef struct {
	email string
	id    int64
}

func parsePersonRef(which string) (personRef, error) {
	if strings.Contains(which, "@") {
		return personRef{email: which}, nil
	}
	id, err := strconv.ParseInt(which, 10, 64)
	if err != nil || id < 1 {
		return personRef{}, usageError{fmt.Errorf("%q is neither an e-mail nor the number of a personnel record", which)}
	}
	return personRef{id: id}, nil
}

// find gives the personnel record that a person is named by.
func (l local) find(ctx context.Context, which personRef) (workforce.PersonnelRecord, error) {
	if which.email != "" {
		return l.directory.PersonnelByEmail(ctx, which.email)
	}
	return l.directory.Personnel(ctx, workforce.PersonnelID(which.id))
}

// personDetail is a person with their checks, accounts and devices.
type personDetail struct {
	personView
	Checks   []checkView   `json:"checks"`
	Accounts []accountView `json:"accounts"` // nil: not known to whoever asks
	Devices  []deviceView  `json:"devices"`
}

type checkView struct {
	Type           string  `json:"type"`
	Status         string  `json:"status"`
	CompletionDate *string `json:"completionDate"`
	ExpiresAt      *string `json:"expiresAt"`
}

type accountView struct {
	System         string  `json:"clientType"`
	IdentityID     string  `json:"identityId"`
	Username       *string `json:"username"`
	HasMFA         *bool   `json:"hasMfa"`
	ConnectedAt    *string `json:"connectedAt"`
	DisconnectedAt *string `json:"disconnectedAt"`
}

type deviceView struct {
	Model         *string `json:"model"`
	OSVersion     *string `json:"osVersion"`
	SerialNumber  *string `json:"serialNumber"`
	LastCheckedAt *string `json:"lastCheckedAt"`
	Active        bool    `json:"active"`
	Compliant     bool    `json:"compliant"`
}

func (p *program) personShow() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "show EMAIL|ID",
		Short: "Show one person: checks, accounts and devices",
		Args:  cobra.ExactArgs(1),
	})
	asJSON := jsonFlag(cmd)
	from := remoteFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var which personRef
		parse := func() error {
			var err error
			which, err = parsePersonRef(args[0])
			return err
		}
		return p.withOrigin(cmd, from, parse, func(ctx context.Context, where origin) error {
			detail, err := where.show(ctx, which)
			if err != nil {
				return err
			}
			if *asJSON {
				return printJSON(p.env.Stdout, detail)
			}
			return p.printPerson(detail)
		})
	}
	return cmd
}

func (l local) show(ctx context.Context, which personRef) (personDetail, error) {
	r, err := l.find(ctx, which)
	if err != nil {
		return personDetail{}, err
	}
	accounts, err := l.directory.AccountsOf(ctx, r.UserID)
	if err != nil {
		return personDetail{}, err
	}
	return toPersonDetail(r, accounts), nil
}

func toPersonDetail(r workforce.PersonnelRecord, accounts []workforce.AccountRecord) personDetail {
	d := personDetail{personView: toPersonView(r), Checks: []checkView{}, Accounts: []accountView{}, Devices: []deviceView{}}
	for _, c := range r.Checks {
		d.Checks = append(d.Checks, checkView{string(c.Type), string(c.Status), isoTimeOpt(c.CompletionDate), isoTimeOpt(c.ExpiresAt)})
	}
	for _, a := range accounts {
		d.Accounts = append(d.Accounts, accountView{
			string(a.Connection.ClientType), a.IdentityID, a.Username, a.HasMFA, isoTimeOpt(a.ConnectedAt), isoTimeOpt(a.DisconnectedAt),
		})
	}
	for i := range r.Devices {
		dev := &r.Devices[i]
		d.Devices = append(d.Devices, deviceView{
			dev.Model, dev.OSVersion, dev.SerialNumber, isoTimeOpt(dev.LastCheckedAt), dev.Active(), dev.Compliant(),
		})
	}
	return d
}

func (p *program) printPerson(d personDetail) error {
	out := p.env.Stdout
	fmt.Fprintf(out, "%s <%s>\n%s", printable(d.Name), printable(d.Email), d.Status)
	if d.JobTitle != nil {
		fmt.Fprintf(out, ", %s", printable(*d.JobTitle))
	}
	fmt.Fprintf(out, "\nfirst day %s, last day %s\n\n", orNone(d.StartDate), orNone(d.SeparationDate))
	var rows [][]string
	for _, c := range d.Checks {
		rows = append(rows, []string{c.Type, c.Status, orNone(c.CompletionDate), orNone(c.ExpiresAt)})
	}
	if err := table(out, []string{"CHECK", "STATUS", "COMPLETED", "EXPIRES"}, rows); err != nil {
		return err
	}
	fmt.Fprintln(out)
	if err := p.printAccounts(d.Accounts); err != nil {
		return err
	}
	fmt.Fprintln(out)
	rows = nil
	for _, x := range d.Devices {
		state := "active"
		if !x.Active {
			state = "retired"
		}
		rows = append(rows, []string{orNone(x.Model), orNone(x.OSVersion), orNone(x.SerialNumber), orNone(x.LastCheckedAt), state, fmt.Sprint(x.Compliant)})
	}
	return table(out, []string{"DEVICE", "OS", "SERIAL", "LAST SEEN", "STATE", "COMPLIANT"}, rows)
}

// printAccounts shows accounts. None that are known is another thing than none
// that may be seen.
func (p *program) printAccounts(accounts []accountView) error {
	if accounts == nil {
		_, err := fmt.Fprintln(p.env.Stdout, "ACCOUNTS are not shown to this key")
		return err
	}
	rows := make([][]string, len(accounts))
	for i, a := range accounts {
		rows[i] = []string{a.System, a.IdentityID, orNone(a.Username), yesNoUnknown(a.HasMFA), orNone(a.ConnectedAt), orNone(a.DisconnectedAt)}
	}
	return table(p.env.Stdout, []string{"ACCOUNT IN", "ID", "USERNAME", "MFA", "CONNECTED", "DISCONNECTED"}, rows)
}

func orNone(s *string) string {
	if s == nil || *s == "" {
		return "-"
	}
	return *s
}

// yesNoUnknown shows a three-valued fact.
func yesNoUnknown(b *bool) string {
	switch {
	case b == nil:
		return "unknown"
	case *b:
		return "yes"
	}
	return "no"
}

func (p *program) personErase() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "erase-history EMAIL|ID",
		Short: "Erase what the change log holds of a person",
		Long: `Erase the personal data of a person from the change log, for a request to be
forgotten. The rows of the log stay, without their content, and "passmuster
verify" still proves that none was altered. The current record stays as it is.
This cannot be undone.`,
		Args: cobra.ExactArgs(1),
	})
	yes := cmd.Flags().Bool("yes", false, "do it; without it, nothing is erased")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
			which, err := parsePersonRef(args[0])
			if err != nil {
				return err
			}
			r, err := local{directory.New(db, directory.Options{})}.find(ctx, which)
			if err != nil {
				return err
			}
			if !*yes {
				return usageError{fmt.Errorf("this erases the history of personnel %d for good: say so with --yes", r.ID)}
			}
			n, err := db.ErasePayloads(ctx, cause(ctx), r.UserID)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.env.Stdout, "Erased the content of %d changes of personnel %d.\n", n, r.ID)
			return nil
		})
	}
	return cmd
}
