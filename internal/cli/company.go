package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) company() *cobra.Command {
	return group("company", "Show and set the company", p.companyShow(), p.companySet())
}

// companyView is the company as it is shown.
type companyView struct {
	Name                string  `json:"name"`
	Domain              *string `json:"domain"`
	Plan                string  `json:"plan"`
	TermsAcceptedAt     *string `json:"termsAcceptedAt"`
	TimeZone            string  `json:"timeZone"`
	AgentEnabled        bool    `json:"agentEnabled"`
	ManualUploadEnabled bool    `json:"manualUploadEnabled"`
	Demo                bool    `json:"demo"`
}

func (p *program) companyShow() *cobra.Command {
	cmd := shared(&cobra.Command{Use: "show", Short: "Show the company's settings", Args: cobra.NoArgs})
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
			var c workforce.Company
			err := db.Read(ctx, func(r *store.Reader) error {
				var err error
				c, err = r.Company(ctx)
				return err
			})
			if err != nil {
				return err
			}
			return p.printCompany(c, *asJSON)
		})
	}
	return cmd
}

func (p *program) printCompany(c workforce.Company, asJSON bool) error {
	v := companyView{
		Name: c.Name, Domain: c.Domain, Plan: string(c.Plan), TermsAcceptedAt: isoTimeOpt(c.TermsAcceptedAt), TimeZone: c.TimeZone,
		AgentEnabled: c.AgentEnabled, ManualUploadEnabled: c.ManualUploadEnabled, Demo: c.Demo,
	}
	if asJSON {
		return printJSON(p.env.Stdout, v)
	}
	return table(p.env.Stdout, []string{"SETTING", "VALUE"}, [][]string{
		{"name", v.Name},
		{"domain", workforce.Text(v.Domain)},
		{"plan", v.Plan},
		{"terms accepted", when(c.TermsAcceptedAt, "no")},
		{"time zone", v.TimeZone},
		{"agent enabled", fmt.Sprint(v.AgentEnabled)},
		{"manual upload enabled", fmt.Sprint(v.ManualUploadEnabled)},
		{"demo", fmt.Sprint(v.Demo)},
	})
}

func (p *program) companySet() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "set",
		Short: "Change the company's settings; a running server follows at once",
		Example: `  passmuster company set --plan core        user identities now answer 402
  passmuster company set --accept-terms=false  everything answers 412
  passmuster company set --time-zone Europe/Berlin`,
		Args: cobra.NoArgs,
	})
	f := cmd.Flags()
	name := f.String("name", "", "the company's name")
	domain := f.String("domain", "", "the company's domain; empty clears it")
	plan := f.String("plan", "", "what the API offers: none, core (no user identities) or full")
	terms := f.Bool("accept-terms", true, "accept the terms, or with =false take the acceptance back")
	zone := f.String("time-zone", "", "IANA name; decides what today is")
	agent := f.Bool("agent-enabled", false, "an agent of the company reports its devices: who has none fails AGENT_INSTALLED")
	upload := f.Bool("manual-upload-enabled", true, "what manualUploadEnabled says on the personnel list")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
			var after workforce.Company
			err := db.Write(ctx, cause(ctx), func(tx *store.Tx) error {
				before, err := tx.LockCompany(ctx)
				if err != nil {
					return err
				}
				after = before
				if f.Changed("name") {
					if *name == "" {
						return usageError{fmt.Errorf("--name is empty")}
					}
					after.Name = *name
				}
				if f.Changed("domain") {
					after.Domain = nil
					if *domain != "" {
						after.Domain = domain
					}
				}
				if f.Changed("plan") {
					if after.Plan = workforce.Plan(*plan); !slices.Contains(workforce.AllPlans, after.Plan) {
						return usageError{fmt.Errorf("--plan %q: want one of none, core, full", *plan)}
					}
				}
				if f.Changed("accept-terms") {
					after.TermsAcceptedAt = acceptance(before.TermsAcceptedAt, *terms, tx.Now())
				}
				if f.Changed("time-zone") {
					if _, err := time.LoadLocation(*zone); err != nil || *zone == "" || *zone == "Local" {
						return usageError{fmt.Errorf("--time-zone %q: want an IANA name such as UTC or Europe/Berlin", *zone)}
					}
					after.TimeZone = *zone
				}
				if f.Changed("agent-enabled") {
					after.AgentEnabled = *agent
				}
				if f.Changed("manual-upload-enabled") {
					after.ManualUploadEnabled = *upload
				}
				if after != before {
					after.UpdatedAt = tx.Now()
				}
				return tx.SaveCompany(ctx, after)
			})
			if err != nil {
				return err
			}
			return p.printCompany(after, false)
		})
	}
	return cmd
}

// acceptance is when the terms were accepted, after saying yes or no; a yes
// that holds already keeps its time.
func acceptance(before *time.Time, accept bool, now time.Time) *time.Time {
	switch {
	case !accept:
		return nil
	case before != nil:
		return before
	}
	return &now
}
