package compliance

import (
	"context"
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// UserPolicy is a policy that a user is asked to acknowledge, in its current
// version.
type UserPolicy struct {
	Policy     workforce.Policy
	Version    workforce.PolicyVersion
	AcceptedAt *time.Time            // of this version; nil: not yet
	Owner      *workforce.UserRecord // a stub; nil: the policy has none
	Groups     []PolicyGroup         // whose members are asked, in the order of the policy
}

// PolicyGroup is a group with how many people are in it.
type PolicyGroup struct {
	workforce.Group
	Members int64
}

// UserPolicies gives what a user is asked to acknowledge, by policy. Policies
// that were never published ask nobody.
func (s *Service) UserPolicies(ctx context.Context, id workforce.UserID) ([]UserPolicy, error) {
	var out []UserPolicy
	err := s.read(ctx, workforce.ScopeUserPoliciesGet, func(r *store.Reader) error {
		if err := mustBeUser(ctx, r, id); err != nil {
			return err
		}
		groups, err := groupsOfUser(ctx, r, id)
		if err != nil {
			return err
		}
		policies, err := r.Policies(ctx)
		if err != nil {
			return err
		}
		for _, p := range policies {
			if v := p.Current(); v != nil && p.AppliesTo(groups) {
				out = append(out, UserPolicy{Policy: p, Version: *v})
			}
		}
		if err := addAccepted(ctx, r, id, out); err != nil {
			return err
		}
		if err := addOwners(ctx, r, out); err != nil {
			return err
		}
		return addGroups(ctx, r, out)
	})
	return out, err
}

func groupsOfUser(ctx context.Context, r *store.Reader, id workforce.UserID) ([]workforce.GroupID, error) {
	person, ok, err := r.PersonnelIDOf(ctx, id)
	if err != nil || !ok {
		return nil, err
	}
	groups, err := r.GroupsOf(ctx, []workforce.PersonnelID{person})
	return groups[person], err
}

func addAccepted(ctx context.Context, r *store.Reader, id workforce.UserID, to []UserPolicy) error {
	all, err := r.Acknowledgements(ctx, []workforce.UserID{id})
	for i := range to {
		at := slices.IndexFunc(all[id], func(a workforce.Acknowledgement) bool {
			return a.PolicyID == to[i].Policy.ID && a.Version == to[i].Version.Version
		})
		if at >= 0 {
			to[i].AcceptedAt = &all[id][at].AcknowledgedAt
		}
	}
	return err
}

func addOwners(ctx context.Context, r *store.Reader, to []UserPolicy) error {
	var ids []workforce.UserID
	for i := range to {
		if id := to[i].Policy.OwnerID; id != nil && !slices.Contains(ids, *id) {
			ids = append(ids, *id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	owners, err := r.BareUsers(ctx, ids)
	for i := range to {
		for j := range owners {
			if id := to[i].Policy.OwnerID; id != nil && owners[j].ID == *id {
				to[i].Owner = &owners[j]
			}
		}
	}
	return err
}

func addGroups(ctx context.Context, r *store.Reader, to []UserPolicy) error {
	if !slices.ContainsFunc(to, func(p UserPolicy) bool { return len(p.Policy.GroupIDs) > 0 }) {
		return nil
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		return err
	}
	counts, err := r.CountMembers(ctx)
	if err != nil {
		return err
	}
	for i := range to {
		for _, id := range to[i].Policy.GroupIDs {
			at := slices.IndexFunc(groups, func(g workforce.Group) bool { return g.ID == id })
			if at >= 0 {
				to[i].Groups = append(to[i].Groups, PolicyGroup{groups[at], counts[id]})
			}
		}
	}
	return nil
}
