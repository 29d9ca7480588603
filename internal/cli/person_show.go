package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/workforce"
)

// personDetail is a person with their checks, accounts and devices.
type personDetail struct {
	personView

	AssessedAt *string       `json:"assessedAt"` // nil: never, or not known to whoever asks
	NextDueAt  *string       `json:"nextDueAt"`  // when an outcome can change although no fact does
	Checks     []checkView   `json:"checks"`
	Accounts   []accountView `json:"accounts"` // nil: not known to whoever asks
	Devices    []deviceView  `json:"devices"`
}

// checkView is the outcome of a check with why it is so.
type checkView struct {
	Type           string         `json:"type"`
	Status         string         `json:"status"`
	CompletionDate *string        `json:"completionDate"`
	ExpiresAt      *string        `json:"expiresAt"`
	CheckFrequency string         `json:"checkFrequency"`
	LastCheckedAt  *string        `json:"lastCheckedAt"`
	NextDueAt      *string        `json:"nextDueAt"`
	Reasons        []reasonView   `json:"reasons"`  // nil: not known to whoever asks
	Evidence       []evidenceView `json:"evidence"` // as Reasons
}

type reasonView struct {
	Code    string  `json:"code"`
	Message string  `json:"message"`
	Remedy  *string `json:"remedy"` // nil: nothing is to be done
}

type evidenceView struct {
	Kind        string  `json:"kind"`
	ID          int64   `json:"id"`
	AccountKind *string `json:"accountKind"` // of an account; nil: it is none
	Label       *string `json:"label"`
	At          *string `json:"at"`
	Detail      *string `json:"detail"`
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
		Short: "Show one person: checks with why and what to do, accounts, devices",
		Long: `Show one person: each check with its outcome, why it is so and what to do about
it, then accounts and devices. COMPLETED and EXPIRES say for how long a pass
counts, and NEXT DUE when the outcome can change although nobody changes a fact.

--json has everything that an outcome rests on: the codes of the reasons, which
never change, and the evidence, by kind and number. Times are UTC.`,
		Example: `  passmuster person show sally.smith@example.com
  passmuster person show 3 --json | jq '.checks[] | select(.status == "FAIL")'
  passmuster person show 3 --server https://muster.example.com --key-file key.txt`,
		Args: cobra.ExactArgs(1),
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
	why, err := l.compliance.Explain(ctx, r.ID)
	if err != nil {
		return personDetail{}, err
	}
	d := toPersonDetail(r, accounts)
	d.Checks, d.AssessedAt, d.NextDueAt = toCheckViews(why.Results), isoTimeOpt(why.AssessedAt), isoTimeOpt(why.NextDue)
	d.FullCompliance = string(why.Results[0].Status) // decided a moment later than the record was read
	return d, nil
}

// toPersonDetail has everything but the checks.
func toPersonDetail(r workforce.PersonnelRecord, accounts []workforce.AccountRecord) personDetail {
	d := personDetail{personView: toPersonView(r), Accounts: []accountView{}, Devices: []deviceView{}}
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

func toCheckViews(results []check.Result) []checkView {
	return mapped(results, func(r check.Result) checkView {
		return checkView{
			Type: string(r.Type), Status: string(r.Status), CompletionDate: isoTimeOpt(r.CompletionDate), ExpiresAt: isoTimeOpt(r.ExpiresAt),
			CheckFrequency: string(r.CheckFrequency), LastCheckedAt: isoTimeOpt(r.LastCheckedAt), NextDueAt: isoTimeOpt(r.NextDue),
			Reasons: mapped(r.Reasons, toReasonView), Evidence: mapped(r.Evidence, toEvidenceView),
		}
	})
}

func toReasonView(r check.Reason) reasonView {
	return reasonView{string(r.Code), r.Message, given[string](r.Remedy)}
}

func toEvidenceView(e check.Evidence) evidenceView {
	v := evidenceView{Kind: string(e.Kind), ID: e.ID, Label: given[string](e.Label), At: isoTimeOpt(e.At), Detail: given[string](e.Detail)}
	if e.AccountKind != "" {
		v.AccountKind = new(string(fromAccountKind(e.AccountKind)))
	}
	return v
}

// toTheMinute shows an instant that is spelled as the API spells it.
func toTheMinute(s *string) string {
	if s == nil {
		return "-"
	}
	t, err := time.Parse(time.RFC3339, *s)
	if err != nil {
		return *s
	}
	return when(&t, "-")
}
