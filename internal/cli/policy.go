package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) policy() *cobra.Command {
	return group("policy", "List, make and publish policies", p.policyList(), p.policyCreate(), p.policyPublish())
}

func (p *program) policyList() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "list",
		Short: "List policies: who has to acknowledge them, and which version",
		Long: `List policies with who has to acknowledge them and the version that is in force.
--json has the versions too, without their wording. The command looks into the
database; there is no --server.`,
		Args: cobra.NoArgs,
	})
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withCompliance(cmd, func(ctx context.Context, s *compliance.Service) error {
			policies, err := s.Policies(ctx)
			if err != nil {
				return err
			}
			if *asJSON {
				return printJSON(p.env.Stdout, mapped(policies, policyRecord))
			}
			return table(p.env.Stdout, []string{"ID", "NAME", "ASSIGNED TO", "IN FORCE", "PUBLISHED", "DRAFTS", "ARCHIVED"}, mapped(policies, policyRow))
		})
	}
	return cmd
}

// policyRecord is a policy as the API has it, but for the wording.
func policyRecord(p workforce.Policy) record {
	versions := rows{}
	for _, v := range p.Versions {
		versions.items = append(versions.items, record{
			{"version", numberOf(v.Version)},
			{"description", textOpt(v.Description)},
			{"url", textOpt(v.URL)},
			{"publishedAt", timeOpt(v.PublishedAt)},
			{"createdAt", timeOpt(&v.CreatedAt)},
			{"updatedAt", timeOpt(&v.UpdatedAt)},
		})
	}
	current := scalar{}
	if v := p.Current(); v != nil {
		current = numberOf(v.Version)
	}
	owner := scalar{}
	if p.OwnerID != nil {
		owner = numberOf(*p.OwnerID)
	}
	return record{
		{"id", numberOf(p.ID)},
		{"name", textOf(p.Name)},
		{"description", textOpt(p.Description)},
		{"assignedTo", textOf(p.AssignedTo)},
		{"groupIds", numbersOf(p.GroupIDs)},
		{"ownerId", owner},
		{"archivedAt", timeOpt(p.ArchivedAt)},
		{"currentVersion", current},
		{"createdAt", timeOpt(&p.CreatedAt)},
		{"updatedAt", timeOpt(&p.UpdatedAt)},
		{"versions", versions},
	}
}

func policyRow(p workforce.Policy) []string {
	assigned := strings.ToLower(string(p.AssignedTo))
	if p.AssignedTo == workforce.AssignedToGroups {
		assigned = "group " + strings.Join(numbersOf(p.GroupIDs).texts(), ", ")
	}
	inForce, published := "-", "-"
	if v := p.Current(); v != nil {
		inForce, published = "version "+strconv.FormatInt(v.Version, 10), when(v.PublishedAt, "-")
	}
	drafts := 0
	for _, v := range p.Versions {
		if v.PublishedAt == nil {
			drafts++
		}
	}
	return []string{
		strconv.FormatInt(int64(p.ID), 10), p.Name, assigned, inForce, published, strconv.Itoa(drafts), when(p.ArchivedAt, "-"),
	}
}

// wordingFlags is the flags that say what a version of a policy says.
type wordingFlags struct{ text, url string }

func addWordingFlags(cmd *cobra.Command) *wordingFlags {
	w := &wordingFlags{}
	f := cmd.Flags()
	f.StringVar(&w.text, "text", "", "the wording: a file of plain text or Markdown; - is standard input")
	f.StringVar(&w.url, "url", "", "where the wording is, if not here")
	return w
}

// largestPolicy is the most bytes of a wording.
const largestPolicy = 1 << 20

// read gives the wording; nil if none is given.
func (w *wordingFlags) read(p *program) (*compliance.VersionInput, error) {
	switch {
	case w.text != "" && w.url != "":
		return nil, wrong("--text and --url are two places of the wording: give one")
	case w.url != "":
		return &compliance.VersionInput{URL: &w.url}, nil
	case w.text == "":
		return nil, nil
	}
	text, err := p.readText(w.text, largestPolicy)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(string(text)) == "" {
		return nil, wrong("--text %s: it is empty", w.text)
	}
	return &compliance.VersionInput{Text: new(string(text))}, nil
}

func (p *program) policyCreate() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "create --name NAME",
		Short: "Make a policy, and publish it if wanted",
		Long: `Make a policy. With --text or --url it has a first version, a draft, which nobody
has to acknowledge before it is published: --publish does so at once, and "policy
publish" later. It is for everyone, or for the groups that are named. The command
works on the database; there is no --server.`,
		Example: `  passmuster policy create --name "Information security" --url https://wiki.example.com/security --publish
  passmuster policy create --name "On call" --group 2 --text on-call.md`,
		Args: cobra.NoArgs,
	})
	f := cmd.Flags()
	name := f.String("name", "", "what the policy is called")
	description := f.String("description", "", "what it is about")
	groups := f.StringSlice("group", nil, "only for members of the group with this number; may be repeated (default: everyone)")
	publish := f.Bool("publish", false, "publish the first version at once")
	wording := addWordingFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withCompliance(cmd, func(ctx context.Context, s *compliance.Service) error {
			in := compliance.PolicyInput{Name: name, Description: description}
			if strings.TrimSpace(*name) == "" {
				return wrong("a policy needs a name: give one with --name")
			}
			if err := assignTo(&in, *groups); err != nil {
				return err
			}
			version, err := wording.read(p)
			if err != nil {
				return err
			}
			if *publish && version == nil {
				return wrong("--publish needs a wording: give one with --text or --url")
			}
			made, err := s.CreatePolicy(ctx, in)
			if err != nil {
				return byFlag(err)
			}
			if version != nil {
				made, err = s.AddVersion(ctx, made.ID, *version)
			}
			if err == nil && *publish {
				made, err = s.PublishVersion(ctx, made.ID, 1)
			}
			if err != nil {
				fmt.Fprintf(p.env.Stderr, "Policy %d is made, without what follows.\n", made.ID)
				return byFlag(err)
			}
			_, err = fmt.Fprintf(p.env.Stdout, "Made policy %d (%s).%s\n", made.ID, printable(made.Name), nextStep(made))
			return err
		})
	}
	return cmd
}

// assignTo says whom a new policy is for.
func assignTo(in *compliance.PolicyInput, groups []string) error {
	var ids []workforce.GroupID
	for _, text := range groups {
		id, err := numberFrom[workforce.GroupID]("group", text, "a group")
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	if len(ids) > 0 {
		in.AssignedTo, in.GroupIDs = new(workforce.AssignedToGroups), &ids
	}
	return nil
}

// nextStep says what is missing until somebody has to acknowledge a policy.
func nextStep(p workforce.Policy) string {
	switch {
	case p.Current() != nil:
		return fmt.Sprintf(" Version %d is in force.", p.Current().Version)
	case len(p.Versions) == 0:
		return fmt.Sprintf(" It has no wording yet: passmuster policy publish %d --text FILE", p.ID)
	}
	return fmt.Sprintf(" Nobody has to acknowledge it before it is published: passmuster policy publish %d", p.ID)
}

func (p *program) policyPublish() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "publish ID",
		Short: "Publish a version of a policy: from now on it has to be acknowledged",
		Long: `Publish a version of a policy: from now on everyone whom the policy is for has to
acknowledge it, also who acknowledged an older version. A published version never
changes. Without --version it is the newest one; with --text or --url it is a new
one with that wording. The command works on the database; there is no --server.`,
		Example: `  passmuster policy publish 1
  passmuster policy publish 1 --text security-2027.md --description "Passkeys replace passwords"`,
		Args: cobra.ExactArgs(1),
	})
	f := cmd.Flags()
	number := f.Int64("version", 0, "publish the version with this number (default: the newest)")
	description := f.String("description", "", "what is new in the version of --text or --url")
	wording := addWordingFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withCompliance(cmd, func(ctx context.Context, s *compliance.Service) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return wrong("%q is not the number of a policy: see passmuster policy list", args[0])
			}
			version, err := wording.read(p)
			switch {
			case err != nil:
				return err
			case version != nil && *number != 0:
				return wrong("--version is one that there is, and --text and --url make a new one: give one of them")
			case version == nil && *description != "":
				return wrong("--description is of a new version: give its wording with --text or --url")
			}
			policy, err := p.publish(ctx, s, workforce.PolicyID(id), *number, version, *description)
			if err != nil {
				return byFlag(err)
			}
			_, err = fmt.Fprintf(p.env.Stdout, "Policy %d (%s).%s\n", policy.ID, printable(policy.Name), nextStep(policy))
			return err
		})
	}
	return cmd
}

// publish publishes a new version, or the one with a number; 0 is the newest.
func (p *program) publish(
	ctx context.Context, s *compliance.Service, id workforce.PolicyID, number int64, version *compliance.VersionInput, description string,
) (workforce.Policy, error) {
	policy, err := s.Policy(ctx, id)
	if err != nil {
		return policy, err
	}
	if version != nil {
		version.Description = &description
		if policy, err = s.AddVersion(ctx, id, *version); err != nil {
			return policy, err
		}
	}
	if number == 0 {
		if len(policy.Versions) == 0 {
			return policy, errors.New("the policy has no wording yet: give it with --text or --url")
		}
		number = policy.Versions[len(policy.Versions)-1].Version
	}
	return s.PublishVersion(ctx, id, number)
}
