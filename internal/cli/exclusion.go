package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) exclusion() *cobra.Command {
	return group("exclusion", "List, add and end exclusions: checks that do not apply for a time",
		p.exclusionList(), p.exclusionAdd(), p.exclusionEnd())
}

// whom is the flags that name a person or a group.
type whom struct{ person, group string }

func addWhom(cmd *cobra.Command, person, group string) *whom {
	w := &whom{}
	cmd.Flags().StringVar(&w.person, "person", "", person)
	cmd.Flags().StringVar(&w.group, "group", "", group)
	return w
}

// find gives the one of the two that is named; both are nil if none is.
func (w *whom) find(ctx context.Context, l local) (person *workforce.PersonnelID, group *workforce.GroupID, err error) {
	switch {
	case w.person != "" && w.group != "":
		return nil, nil, wrong("--person and --group are two: give one")
	case w.group != "":
		id, err := numberFrom[workforce.GroupID]("group", w.group, "a group")
		return nil, &id, err
	case w.person == "":
		return nil, nil, nil
	}
	which, err := parsePersonRef(w.person)
	if err != nil {
		return nil, nil, err
	}
	record, err := l.find(ctx, which)
	return &record.ID, nil, err
}

// onLocal runs f on the command's database, and says which flag is at fault.
func (p *program) onLocal(cmd *cobra.Command, f func(ctx context.Context, l local) error) error {
	return p.withDB(cmd, func(ctx context.Context, db *store.DB) error { return byFlag(f(ctx, onDatabase(db))) })
}

func (p *program) exclusionList() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "list",
		Short: "List exclusions, also past and future ones",
		Long: `List exclusions, also past and future ones. Of a person they are those that name
the person and those of the groups that the person is in. The command looks into
the database; there is no --server.`,
		Example: `  passmuster exclusion list --active
  passmuster exclusion list --person sally.smith@example.com --json`,
		Args: cobra.NoArgs,
	})
	asJSON := jsonFlag(cmd)
	active := cmd.Flags().Bool("active", false, "only those that are in force now")
	of := addWhom(cmd, "of this person: an e-mail or the number of the personnel record", "of the group with this number")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.onLocal(cmd, func(ctx context.Context, l local) error {
			var filter compliance.ExclusionFilter
			var err error
			if filter.PersonnelID, filter.GroupID, err = of.find(ctx, l); err != nil {
				return err
			}
			if *active {
				filter.Active = active
			}
			found, err := l.compliance.Exclusions(ctx, filter)
			if err != nil {
				return err
			}
			if *asJSON {
				return printJSON(p.env.Stdout, mapped(found, exclusionRecord))
			}
			return p.wideTable([]string{"ID", "OF", "CHECKS", "STARTS", "ENDS", "BY", "REASON"}, mapped(found, exclusionRow))
		})
	}
	return cmd
}

// exclusionRecord is an exclusion as the API has it.
func exclusionRecord(e workforce.Exclusion) record {
	person, group := scalar{}, scalar{}
	if e.PersonnelID != nil {
		person = numberOf(*e.PersonnelID)
	}
	if e.GroupID != nil {
		group = numberOf(*e.GroupID)
	}
	return record{
		{"id", numberOf(e.ID)},
		{"personnelId", person},
		{"groupId", group},
		{"checks", textsOf(e.Checks)},
		{"reason", textOf(e.Reason)},
		{"startsAt", timeOpt(&e.StartsAt)},
		{"endsAt", timeOpt(e.EndsAt)},
		{"actor", textOf(e.Actor)},
		{"createdAt", timeOpt(&e.CreatedAt)},
		{"updatedAt", timeOpt(&e.UpdatedAt)},
	}
}

func exclusionRow(e workforce.Exclusion) []string {
	of := ""
	if e.PersonnelID != nil {
		of = "person " + strconv.FormatInt(int64(*e.PersonnelID), 10)
	} else if e.GroupID != nil {
		of = "group " + strconv.FormatInt(int64(*e.GroupID), 10)
	}
	return []string{
		strconv.FormatInt(e.ID, 10), of, strings.Join(textsOf(e.Checks), ","), when(&e.StartsAt, ""), when(e.EndsAt, "until ended"), e.Actor, e.Reason,
	}
}

func (p *program) exclusionAdd() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "add --person EMAIL|ID --check CHECK[,CHECK…] --reason REASON",
		Short: "Free a person or a group from checks for a time",
		Long: `Free a person, or the members of a group, from checks for a time: they then come
out as EXCLUDED, with the reason, which an auditor will read. It lapses by itself.
FULL_COMPLIANCE follows from the others and cannot be excluded.

--starts and --ends are a day, which begins at midnight where the company is, or
an instant like 2026-08-01T09:00:00Z. At the end the checks are asked again:
--ends 2026-09-01 means that August is the last month that is free. The command
works on the database; there is no --server.`,
		Example: `  passmuster exclusion add --person 3 --check IDENTITY_MFA --ends 2030-09-01 --reason "Hardware key is in the post"
  passmuster exclusion add --group 2 --check BG_CHECK,SECURITY_TRAINING --reason "Students: agreed with the auditor"`,
		Args: cobra.NoArgs,
	})
	f := cmd.Flags()
	of := addWhom(cmd, "this person: an e-mail or the number of the personnel record", "the members of the group with this number")
	checks := f.StringSlice("check", nil, "from this check; may be repeated")
	reason := f.String("reason", "", "why")
	starts := f.String("starts", "", "from when on (default: now)")
	ends := f.String("ends", "", "until when (default: until somebody ends it)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.onLocal(cmd, func(ctx context.Context, l local) error {
			in := compliance.ExclusionInput{Reason: *reason}
			var err error
			if in.Checks, err = severalOf[workforce.CheckType]("check", *checks, workforce.AllCheckTypes); err != nil {
				return err
			}
			if in.StartsAt, err = moment(ctx, l, "starts", *starts); err != nil {
				return err
			}
			if in.EndsAt, err = moment(ctx, l, "ends", *ends); err != nil {
				return err
			}
			if in.PersonnelID, in.GroupID, err = of.find(ctx, l); err != nil {
				return err
			}
			if in.PersonnelID == nil && in.GroupID == nil {
				return wrong("say who is excluded with --person or --group")
			}
			made, err := l.compliance.Exclude(ctx, in)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.env.Stdout, "Made exclusion %d, from %s, until %s.\n", made.ID, when(&made.StartsAt, ""), when(made.EndsAt, "it is ended"))
			return err
		})
	}
	return cmd
}

// moment reads a day or an instant; nil if there is none.
func moment(ctx context.Context, l local, flag, text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	if day, err := workforce.ParseDate(text); err == nil {
		at, err := l.compliance.DayBegins(ctx, day)
		return &at, err
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil, wrong("--%s %q: want a day like 2026-09-01 or an instant like 2026-09-01T09:00:00Z", flag, text)
	}
	return &at, nil
}

func (p *program) exclusionEnd() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "end ID",
		Short: "End an exclusion, now or at a time to come",
		Long: `End an exclusion, now or at a time to come. What was excluded until then stays on
record. One that has not begun never will, and one that has ended stays as it was.
The command works on the database; there is no --server.`,
		Example: `  passmuster exclusion end 1
  passmuster exclusion end 1 --ends 2030-09-01`,
		Args: cobra.ExactArgs(1),
	})
	ends := cmd.Flags().String("ends", "", "when: a day or an instant, as in \"exclusion add\" (default: now)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.onLocal(cmd, func(ctx context.Context, l local) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return wrong("%q is not the number of an exclusion: see passmuster exclusion list", args[0])
			}
			at, err := moment(ctx, l, "ends", *ends)
			if err != nil {
				return err
			}
			ended, err := l.compliance.EndExclusion(ctx, id, at)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.env.Stdout, "Exclusion %d ends %s.\n", ended.ID, when(ended.EndsAt, ""))
			return err
		})
	}
	return cmd
}
