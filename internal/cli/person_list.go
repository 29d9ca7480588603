package cli

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/workforce"
)

// statusWords are short for the sets of statuses.
var statusWords = map[string]workforce.EmploymentStatusFilter{
	"current": workforce.AllCurrentPersonnel, "former": workforce.AllFormerPersonnel, "all": workforce.AllPersonnel,
}

var (
	statusFilters = slices.Concat(mapped(workforce.AllEmploymentStatuses, func(s workforce.EmploymentStatus) workforce.EmploymentStatusFilter {
		return workforce.EmploymentStatusFilter(s)
	}), []workforce.EmploymentStatusFilter{workforce.AllCurrentPersonnel, workforce.AllFormerPersonnel, workforce.AllPersonnel})
	peopleSorts   = withSort(workforce.AllPersonnelSorts)
	peopleMembers = personRecord(client.PersonSummary{}).names()
)

// partOfName is what --q says of people.
const partOfName = "part of a name or e-mail"

// personFilter is the flags that select people.
type personFilter struct {
	email            string
	statuses, checks []string
	deviceCompliance string
	groups           []string
	deviceSource     string
	notDeviceSources []string
}

// helpFilters is what a help text says of the flags of addPersonFilter.
var helpFilters = `--status  one or more of ` + wrapped(namesOf(statusFilters)) + `;
          current, former and all are short for the last three
--check   a check and how it came out, like IDENTITY_MFA=false. true: it passes or
          does not apply. false: it fails or cannot be told. Several must all hold.
          Checks: ` + wrapped(namesOf(workforce.AllCheckTypes)) + `
--device-source, --not-device-source
          ` + wrapped(namesOf(workforce.AllDeviceSources))

// addPersonFilter declares the flags.
func addPersonFilter(cmd *cobra.Command) *personFilter {
	p := &personFilter{}
	f := cmd.Flags()
	f.StringVar(&p.email, "email", "", "exactly this e-mail, whatever its case")
	f.StringSliceVar(&p.statuses, "status", nil, "one of these employment statuses; may be repeated")
	f.StringSliceVar(&p.checks, "check", nil, "CHECK=true or CHECK=false; may be repeated")
	f.StringVar(&p.deviceCompliance, "device-compliance", "", "true: no device in use fails a check, also without devices; false: one fails")
	f.StringSliceVar(&p.groups, "group", nil, "a member of the group with this number; may be repeated")
	f.StringVar(&p.deviceSource, "device-source", "", "with a device in use that this source reports")
	f.StringSliceVar(&p.notDeviceSources, "not-device-source", nil, "without a device in use from this source; may be repeated")
	return p
}

func (p *program) personList() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "list",
		Short: "List people: filter, sort, count, export",
		Long: `List people. Filters combine: all of them must hold, and the values of one are
alternatives, but for --check.

` + helpFilters + `
--sort    one of ` + wrapped(namesOf(peopleSorts)) + `
--fields  of ` + wrapped(strings.Join(peopleMembers, ", ")) + `

A table and --json show a page; --ndjson and --csv print everyone whom the filters
select, in the form of the API: docs/native.md. They end with exit code 0 only if
what they printed is complete. To follow changes, take "position" of a --json
answer and give it as --changed-since the next time.`,
		Example: `  passmuster person list --q smith
  passmuster person list --status current --check IDENTITY_MFA=false --sort START_DATE --desc
  passmuster person list --check full-compliance=false --fields email,jobTitle,checks --csv > failing.csv
  passmuster person list --status current --facets
  passmuster person list --ndjson | jq -r 'select(.devices.active == 0).email'
  passmuster person list --changed-since 1795 --json
  passmuster person list --server https://muster.example.com --key-file key.txt`,
		Args: cobra.NoArgs,
	})
	flags := addListFlags(cmd, partOfName, "NAME")
	filter := addPersonFilter(cmd)
	from := remoteFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var q client.PeopleQuery
		parse := func() error {
			if err := flags.check(cmd, peopleMembers); err != nil {
				return err
			}
			var err error
			if q, err = filter.query(); err != nil {
				return err
			}
			q.Q, q.ChangedSince, q.SortDir = flags.q, flags.changedSince, flags.dir()
			q.Sort, err = oneOf[client.PersonnelSort]("sort", flags.sort, peopleSorts)
			return err
		}
		return p.withOrigin(cmd, from, parse, func(ctx context.Context, where origin) error {
			return peopleList(where, q, flags).show(ctx, p)
		})
	}
	return cmd
}

// query reads the flags.
func (f *personFilter) query() (client.PeopleQuery, error) {
	q := client.PeopleQuery{Email: f.email}
	statuses := slices.Clone(f.statuses)
	for i, s := range statuses {
		if set, ok := statusWords[strings.ToLower(s)]; ok {
			statuses[i] = string(set)
		}
	}
	var err error
	if q.EmploymentStatuses, err = severalOf[client.EmploymentStatusFilter]("status", statuses, statusFilters); err != nil {
		return q, err
	}
	if q.Checks, err = parseChecks(f.checks); err != nil {
		return q, err
	}
	if q.DeviceCompliance, err = yesOrNo("device-compliance", f.deviceCompliance); err != nil {
		return q, err
	}
	for _, text := range f.groups {
		id, err := numberFrom[client.GroupID]("group", text, "a group")
		if err != nil {
			return q, err
		}
		q.GroupIDs = append(q.GroupIDs, id)
	}
	if q.DeviceSource, err = oneOf[client.DeviceSource]("device-source", f.deviceSource, workforce.AllDeviceSources); err != nil {
		return q, err
	}
	q.NotDeviceSources, err = severalOf[client.DeviceSource]("not-device-source", f.notDeviceSources, workforce.AllDeviceSources)
	return q, err
}

// parseChecks reads values like IDENTITY_MFA=false.
func parseChecks(list []string) (map[client.CheckType]bool, error) {
	if len(list) == 0 {
		return nil, nil
	}
	out := map[client.CheckType]bool{}
	for _, text := range list {
		name, outcome, found := strings.Cut(text, "=")
		if !found || name == "" {
			return nil, wrong("--check %q: want a check and how it came out, like %s=false", text, workforce.CheckIdentityMFA)
		}
		check, err := oneOf[client.CheckType]("check", name, workforce.AllCheckTypes)
		if err != nil {
			return nil, err
		}
		met, err := yesOrNo("check", outcome)
		if err != nil || met == nil {
			return nil, wrong("--check %q: want %s=true or %s=false", text, check, check)
		}
		if before, twice := out[check]; twice && before != *met {
			return nil, wrong("--check %s: it cannot be both true and false", check)
		}
		out[check] = *met
	}
	return out, nil
}

// yesOrNo reads a filter that may also be absent.
func yesOrNo(flag, text string) (*bool, error) {
	switch strings.ToLower(text) {
	case "":
		return nil, nil
	case "true":
		return new(true), nil
	case "false":
		return new(false), nil
	}
	return nil, wrong("--%s %q: want true or false", flag, text)
}

// peopleList is the list of people.
func peopleList(where origin, q client.PeopleQuery, flags *listFlags) list[client.PersonSummary] {
	return list[client.PersonSummary]{
		noun: "people", flags: flags, record: personRecord,
		extra: func(s client.PersonSummary) record {
			return record{{"name", textOf(nameOf(s))}, {"fullCompliance", textOf(fullCompliance(s))}}
		},
		columns: []string{"ID", "NAME", "EMAIL", "STATUS", "FULL COMPLIANCE"},
		row: func(s client.PersonSummary) []string {
			return []string{strconv.FormatInt(int64(s.ID), 10), nameOf(s), s.Email, string(s.EmploymentStatus), fullCompliance(s)}
		},
		needs: []string{"email", "firstName", "lastName", "employmentStatus", "checks"},
		page: func(ctx context.Context, paging client.NativePaging, fields []string) (page[client.PersonSummary], error) {
			q.NativePaging, q.Fields = paging, fields
			got, err := where.PeoplePage(ctx, q)
			out := page[client.PersonSummary]{got.Data, got.Pagination.Cursor, got.Pagination.Total, got.Position, nil}
			if got.Facets != nil {
				out.facets = (*peopleFacets)(got.Facets)
			}
			return out, err
		},
		stream: func(ctx context.Context, fields []string, end *client.StreamEnd) iter.Seq2[client.PersonSummary, error] {
			q.Fields = fields
			return where.StreamPeople(ctx, q, end)
		},
	}
}

func nameOf(s client.PersonSummary) string { return workforce.FullName(s.FirstName, s.LastName) }

func fullCompliance(s client.PersonSummary) string {
	return string(s.Checks[client.CheckFullCompliance].Status)
}

// peopleFacets shows counts of people.
type peopleFacets client.PeopleFacets

func (f *peopleFacets) rows() [][]string {
	out := countRows("employmentStatuses", workforce.AllEmploymentStatuses, f.EmploymentStatuses)
	for _, t := range workforce.AllCheckTypes {
		out = append(out, countRows("checks."+string(t), workforce.AllCheckStatuses, f.Checks[client.CheckType(t)])...)
	}
	return append(out, countRows("systems", workforce.AllClientTypes(), f.Systems)...)
}
