package compliance

import (
	"context"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The bounds of what a policy may say.
const (
	maxName        = 191
	maxDescription = 2000
	maxPolicyText  = 1 << 20
	maxURL         = 768
)

// PolicyInput is what may be said of a policy; nil leaves it as it is.
type PolicyInput struct {
	Name        *string
	Description *string // empty removes it
	AssignedTo  *workforce.PolicyAssignment
	GroupIDs    *[]workforce.GroupID
	OwnerID     *workforce.UserID // 0 removes it
	Archived    *bool
}

// Policies gives every policy with its versions, by number.
func (s *Service) Policies(ctx context.Context) ([]workforce.Policy, error) {
	var out []workforce.Policy
	err := s.read(ctx, workforce.ScopeComplianceGet, func(r *store.Reader) error {
		var err error
		out, err = r.Policies(ctx)
		return err
	})
	return out, err
}

// Policy gives one policy with its versions.
func (s *Service) Policy(ctx context.Context, id workforce.PolicyID) (workforce.Policy, error) {
	var out workforce.Policy
	err := s.read(ctx, workforce.ScopeComplianceGet, func(r *store.Reader) error {
		p, ok, err := r.Policy(ctx, id)
		if err == nil && !ok {
			err = notFound("policy", int64(id))
		}
		out = p
		return err
	})
	return out, err
}

// CreatePolicy adds a policy without a version: nobody has to acknowledge it
// until one is published. It is assigned to all unless something else is said.
func (s *Service) CreatePolicy(ctx context.Context, in PolicyInput) (workforce.Policy, error) {
	p := workforce.Policy{AssignedTo: workforce.AssignedToAll}
	if in.Name == nil {
		return p, workforce.RefuseField("name", "name is required: say what the policy is called")
	}
	err := s.change(ctx, workforce.ScopeComplianceManage, func(tx *store.Tx, _ auth.Principal) error {
		p = workforce.Policy{AssignedTo: workforce.AssignedToAll, CreatedAt: tx.Now()}
		if err := in.apply(ctx, tx, &p); err != nil {
			return err
		}
		return tx.SavePolicy(ctx, nil, &p)
	})
	return p, err
}

// UpdatePolicy changes what is said of a policy.
func (s *Service) UpdatePolicy(ctx context.Context, id workforce.PolicyID, in PolicyInput) (workforce.Policy, error) {
	return s.changePolicy(ctx, id, func(tx *store.Tx, p *workforce.Policy) error { return in.apply(ctx, tx, p) })
}

// changePolicy locks a policy, lets f change it and saves it.
func (s *Service) changePolicy(ctx context.Context, id workforce.PolicyID, f func(*store.Tx, *workforce.Policy) error) (workforce.Policy, error) {
	var out workforce.Policy
	err := s.change(ctx, workforce.ScopeComplianceManage, func(tx *store.Tx, _ auth.Principal) error {
		before, ok, err := tx.LockPolicy(ctx, id)
		if err != nil {
			return err
		}
		if !ok {
			return notFound("policy", int64(id))
		}
		out = before
		out.Versions, out.GroupIDs = slices.Clone(before.Versions), slices.Clone(before.GroupIDs)
		if err := f(tx, &out); err != nil {
			return err
		}
		return tx.SavePolicy(ctx, &before, &out)
	})
	return out, err
}

func (in PolicyInput) apply(ctx context.Context, tx *store.Tx, p *workforce.Policy) error {
	was := *p
	if in.Name != nil {
		p.Name = strings.TrimSpace(*in.Name)
		if p.Name == "" || len(p.Name) > maxName {
			return workforce.RefuseField("name", "name must have 1 to %d bytes", maxName)
		}
	}
	if err := setText("description", &p.Description, in.Description, maxDescription); err != nil {
		return err
	}
	if in.AssignedTo != nil {
		if !slices.Contains(workforce.AllPolicyAssignments, *in.AssignedTo) {
			return workforce.RefuseField("assignedTo", "assignedTo must be one of %v", workforce.AllPolicyAssignments)
		}
		p.AssignedTo = *in.AssignedTo
		if p.AssignedTo != workforce.AssignedToGroups {
			p.GroupIDs = nil
		}
	}
	if in.GroupIDs != nil {
		p.GroupIDs = slices.Clone(*in.GroupIDs)
		slices.Sort(p.GroupIDs)
		if p.GroupIDs = slices.Compact(p.GroupIDs); len(p.GroupIDs) == 0 {
			p.GroupIDs = nil
		}
		if err := groupsExist(ctx, &tx.Reader, p.GroupIDs); err != nil {
			return err
		}
	}
	if (p.AssignedTo == workforce.AssignedToGroups) != (len(p.GroupIDs) > 0) {
		return workforce.RefuseField("groupIds", "groupIds must name groups if assignedTo is GROUPS, and only then")
	}
	if err := in.setOwner(ctx, tx, p); err != nil {
		return err
	}
	if in.Archived != nil && *in.Archived != (p.ArchivedAt != nil) {
		p.ArchivedAt = nil
		if *in.Archived {
			p.ArchivedAt = workforce.Ptr(tx.Now())
		}
	}
	if !samePolicy(was, *p) {
		p.UpdatedAt = tx.Now()
	}
	return nil
}

func (in PolicyInput) setOwner(ctx context.Context, tx *store.Tx, p *workforce.Policy) error {
	if in.OwnerID == nil {
		return nil
	}
	if *in.OwnerID == 0 {
		p.OwnerID = nil
		return nil
	}
	if err := mustBeUser(ctx, &tx.Reader, *in.OwnerID); err != nil {
		return err
	}
	p.OwnerID = in.OwnerID
	return nil
}

func samePolicy(a, b workforce.Policy) bool {
	return a.Name == b.Name && workforce.Same(a.Description, b.Description) && a.AssignedTo == b.AssignedTo &&
		slices.Equal(a.GroupIDs, b.GroupIDs) && workforce.Same(a.OwnerID, b.OwnerID) && (a.ArchivedAt == nil) == (b.ArchivedAt == nil) &&
		len(a.Versions) == len(b.Versions)
}

// setText sets an optional text of bounded length; an empty one removes it.
func setText(field string, to **string, text *string, most int) error {
	if text == nil {
		return nil
	}
	if len(*text) > most {
		return workforce.RefuseField(field, "%s must have at most %d bytes", field, most)
	}
	*to = nil
	if *text != "" {
		*to = text
	}
	return nil
}

// VersionInput is the wording of a version; nil leaves it as it is.
type VersionInput struct {
	Description *string // what is new in it
	Text        *string // the wording itself …
	URL         *string // … or where it is
}

// AddVersion adds a draft to a policy.
func (s *Service) AddVersion(ctx context.Context, id workforce.PolicyID, in VersionInput) (workforce.Policy, error) {
	return s.changePolicy(ctx, id, func(tx *store.Tx, p *workforce.Policy) error {
		v := workforce.PolicyVersion{Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		if n := len(p.Versions); n > 0 {
			v.Version = p.Versions[n-1].Version + 1
		}
		if err := in.apply(&v); err != nil {
			return err
		}
		p.Versions, p.UpdatedAt = append(p.Versions, v), tx.Now()
		return nil
	})
}

// UpdateVersion changes the wording of a draft. To say what it says already
// changes nothing.
func (s *Service) UpdateVersion(ctx context.Context, id workforce.PolicyID, version int64, in VersionInput) (workforce.Policy, error) {
	return s.changeVersion(ctx, id, version, func(tx *store.Tx, v *workforce.PolicyVersion) error {
		if v.PublishedAt != nil {
			return workforce.Refuse(workforce.ReasonPublished, "Version %d is published and cannot change any more: add a version", version)
		}
		was := *v
		if err := in.apply(v); err != nil {
			return err
		}
		if !workforce.Same(was.Description, v.Description) || !workforce.Same(was.Text, v.Text) || !workforce.Same(was.URL, v.URL) {
			v.UpdatedAt = tx.Now()
		}
		return nil
	})
}

// PublishVersion publishes a version: from now on everyone to whom the policy
// is assigned has to acknowledge it. To publish what is published changes
// nothing.
func (s *Service) PublishVersion(ctx context.Context, id workforce.PolicyID, version int64) (workforce.Policy, error) {
	return s.changeVersion(ctx, id, version, func(tx *store.Tx, v *workforce.PolicyVersion) error {
		if v.PublishedAt == nil {
			v.PublishedAt, v.UpdatedAt = workforce.Ptr(tx.Now()), tx.Now()
		}
		return nil
	})
}

func (s *Service) changeVersion(
	ctx context.Context, id workforce.PolicyID, version int64, f func(*store.Tx, *workforce.PolicyVersion) error,
) (workforce.Policy, error) {
	return s.changePolicy(ctx, id, func(tx *store.Tx, p *workforce.Policy) error {
		for i := range p.Versions {
			if p.Versions[i].Version == version {
				return f(tx, &p.Versions[i])
			}
		}
		return workforce.Refuse(workforce.ReasonEntityNotFound, "The policy %d has no version %d", id, version)
	})
}

func (in VersionInput) apply(v *workforce.PolicyVersion) error {
	if err := setText("description", &v.Description, in.Description, maxDescription); err != nil {
		return err
	}
	if err := setText("text", &v.Text, in.Text, maxPolicyText); err != nil {
		return err
	}
	return setText("url", &v.URL, in.URL, maxURL)
}
