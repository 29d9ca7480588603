package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) rules() *cobra.Command {
	return group("rules", "Show, try and set what counts as compliant", p.rulesShow(), p.rulesPreview(), p.rulesSet())
}

// withCompliance runs f on the command's database.
func (p *program) withCompliance(cmd *cobra.Command, f func(ctx context.Context, s *compliance.Service) error) error {
	return p.withDB(cmd, func(ctx context.Context, db *store.DB) error { return f(ctx, compliance.New(db, nil)) })
}

func (p *program) rulesShow() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "show",
		Short: "Show what counts as compliant",
		Long: `Show what the company asks of whom with each check. --json prints the document
that "rules preview" and "rules set" read. It is that of the API:
/native/v1/compliance/rules. The command looks into the database; there is no
--server.`,
		Example: `  passmuster rules show
  passmuster rules show --json > rules.json
  passmuster rules show --defaults --json | passmuster rules set - --yes`,
		Args: cobra.NoArgs,
	})
	asJSON := jsonFlag(cmd)
	defaults := cmd.Flags().Bool("defaults", false, "show the rules of a new company instead")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withCompliance(cmd, func(ctx context.Context, s *compliance.Service) error {
			rules, err := s.Rules(ctx)
			if err != nil {
				return err
			}
			if *defaults {
				rules = workforce.DefaultRules()
			}
			if *asJSON {
				return printJSON(p.env.Stdout, rulesRecord(rules))
			}
			return p.printRules(rules)
		})
	}
	return cmd
}

// rulesRecord is the rules as the API has them.
func rulesRecord(r workforce.Rules) record {
	var checks record
	for _, c := range r.Checks {
		checks = append(checks, member{string(c.Type), record{
			{"required", boolOpt(&c.Required)},
			{"statuses", textsOf(c.Statuses)},
			{"groupIds", numbersOf(c.GroupIDs)},
			{"renewalMonths", numberOf(int64(c.RenewalMonths))},
			{"frequency", textOf(c.Frequency)},
			{"sources", textsOf(c.Sources)},
			{"missingRecord", textOpt(given[string](c.MissingRecord))},
		}})
	}
	return record{
		{"checks", checks},
		{"screenLockSeconds", numberOf(r.ScreenLockSeconds)},
		{"reportingDays", numberOf(int64(r.ReportingDays))},
		{"updatedAt", timeOpt(r.UpdatedAt)},
	}
}

func (p *program) printRules(r workforce.Rules) error {
	rows := make([][]string, len(r.Checks))
	for i, c := range r.Checks {
		renewal := "-"
		if c.RenewalMonths > 0 {
			renewal = strconv.Itoa(c.RenewalMonths) + " months"
		}
		asked := namesOf(c.Statuses)
		switch {
		case !c.Required:
			asked = "nobody"
		case len(c.GroupIDs) > 0:
			asked += "; in group " + strings.Join(numbersOf(c.GroupIDs).texts(), " or ")
		}
		rows[i] = []string{
			string(c.Type), renewal, orDash(string(c.MissingRecord)), orDash(namesOf(c.Sources)), orDash(asked),
		}
	}
	if err := p.wideTable([]string{"CHECK", "RENEWAL", "WITHOUT A RECORD", "SOURCES", "ASKED OF"}, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.env.Stdout, "\nA screen locks after %d s at the latest. A device has reported within %d days.\nChanged: %s\n",
		r.ScreenLockSeconds, r.ReportingDays, when(r.UpdatedAt, "never"))
	return err
}

func orDash(s string) string { return orNone(&s) }

// previewShown is how many flips a preview shows unless told.
const previewShown = 20

func (p *program) rulesPreview() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "preview FILE",
		Short: "Say whom other rules would flip, and change nothing",
		Long: `Say how many people would get another outcome by the rules of a file, and name the
first ones with why. Nothing is changed. The file is JSON as "rules show --json"
prints it; what it leaves out stays as it is. "-" reads standard input.`,
		Example: `  passmuster rules preview rules.json
  echo '{"checks":{"SECURITY_TRAINING":{"missingRecord":"FAIL"}}}' | passmuster rules preview -`,
		Args: cobra.ExactArgs(1),
	})
	asJSON := jsonFlag(cmd)
	limit := cmd.Flags().Int("limit", previewShown, "how many flips to name, 0 to 10000")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withCompliance(cmd, func(ctx context.Context, s *compliance.Service) error {
			if *limit < 0 || *limit > 10_000 {
				return wrong("--limit %d: want 0 to 10000", *limit)
			}
			in, err := p.readRules(args[0])
			if err != nil {
				return err
			}
			preview, err := s.PreviewUpdate(ctx, in, *limit)
			if err != nil {
				return err
			}
			if *asJSON {
				return printJSON(p.env.Stdout, previewRecord(preview))
			}
			return p.printPreview(preview)
		})
	}
	return cmd
}

// previewRecord is a preview as the API has it.
func previewRecord(v compliance.Preview) record {
	var counts record
	for _, t := range workforce.AllCheckTypes {
		var from record
		for _, before := range workforce.AllCheckStatuses {
			var to record
			for _, after := range workforce.AllCheckStatuses {
				if n := v.Counts[t][[2]workforce.CheckStatus{before, after}]; n > 0 {
					to = append(to, member{string(after), numberOf(n)})
				}
			}
			if to != nil {
				from = append(from, member{string(before), to})
			}
		}
		if from != nil {
			counts = append(counts, member{string(t), from})
		}
	}
	flips := rows{}
	for _, f := range v.Flips {
		reasons := rows{}
		for _, r := range f.Reasons {
			reasons.items = append(reasons.items, record{
				{"code", textOf(r.Code)}, {"message", textOf(r.Message)}, {"remedy", textOpt(given[string](r.Remedy))},
			})
		}
		flips.items = append(flips.items, record{
			{"personnelId", numberOf(f.PersonnelID)},
			{"userId", numberOf(f.UserID)},
			{"email", textOf(f.Email)},
			{"type", textOf(f.Type)},
			{"from", textOf(f.From)},
			{"to", textOf(f.To)},
			{"reasons", reasons},
		})
	}
	return record{{"assessed", numberOf(v.Assessed)}, {"flipped", numberOf(v.Flipped)}, {"counts", counts}, {"flips", flips}}
}

func (p *program) printPreview(v compliance.Preview) error {
	out := p.env.Stdout
	if v.Flipped == 0 {
		_, err := fmt.Fprintf(out, "Nobody would get another outcome: %d people are touched.\n", v.Assessed)
		return err
	}
	var counts [][]string
	for _, t := range workforce.AllCheckTypes {
		for _, from := range workforce.CheckStatusSortOrder {
			for _, to := range workforce.CheckStatusSortOrder {
				if n := v.Counts[t][[2]workforce.CheckStatus{from, to}]; n > 0 {
					counts = append(counts, []string{string(t), string(from), string(to), strconv.FormatInt(n, 10)})
				}
			}
		}
	}
	if err := table(out, []string{"CHECK", "IS", "WOULD BE", "PEOPLE"}, counts); err != nil {
		return err
	}
	if len(v.Flips) > 0 {
		flips := make([][]string, len(v.Flips))
		for i, f := range v.Flips {
			why := ""
			if len(f.Reasons) > 0 {
				why = f.Reasons[0].Message
			}
			flips[i] = []string{f.Email, string(f.Type), string(f.From), string(f.To), why}
		}
		fmt.Fprintln(out)
		if err := p.wideTable([]string{"PERSON", "CHECK", "IS", "WOULD BE", "BECAUSE"}, flips); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "\n%d of %d people who are touched would get another outcome.\n", v.Flipped, v.Assessed)
	return err
}

func (p *program) rulesSet() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "set FILE",
		Short: "Set what counts as compliant, after showing whom it flips",
		Long: `Set the rules of a file: JSON as "rules show --json" prints it; what it leaves out
stays as it is. "-" reads standard input. Whom it would flip is shown first, as by
"rules preview", and then it asks; without a terminal to ask on, say --yes.
Everyone whom the rules touch is assessed before the command ends.`,
		Example: `  passmuster rules set rules.json
  echo '{"screenLockSeconds":300}' | passmuster rules set - --yes`,
		Args: cobra.ExactArgs(1),
	})
	yes := cmd.Flags().Bool("yes", false, "do it without asking")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withCompliance(cmd, func(ctx context.Context, s *compliance.Service) error {
			in, err := p.readRules(args[0])
			if err != nil {
				return err
			}
			preview, err := s.PreviewUpdate(ctx, in, previewShown)
			if err != nil {
				return err
			}
			if err := p.printPreview(preview); err != nil {
				return err
			}
			if !*yes {
				if err := p.confirm("Set these rules?"); err != nil {
					return err
				}
			}
			return p.setRules(ctx, s, in)
		})
	}
	return cmd
}

func (p *program) setRules(ctx context.Context, s *compliance.Service, in compliance.RulesInput) error {
	before, err := s.Rules(ctx)
	if err != nil {
		return err
	}
	after, err := s.UpdateRules(ctx, in)
	if err != nil {
		return err
	}
	said := "The rules are set."
	if workforce.Same(before.UpdatedAt, after.UpdatedAt) {
		said = "The rules were so already."
	}
	_, err = fmt.Fprintln(p.env.Stdout, said)
	return err
}
