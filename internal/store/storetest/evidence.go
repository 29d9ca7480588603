package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// apart makes up evidence from numbers of its own, so that what else a company
// has stays the same whatever evidence it has.
func apart(seed uint64) *filler {
	return &filler{rng: rand.New(rand.NewPCG(seed, 3))} //nolint:gosec // the same seed must give the same evidence
}

// policies makes up three policies: with two published versions and a draft;
// with one published version, of groups; with one published version that nobody
// has acknowledged, archived.
func (g *filler) policies() []workforce.Policy {
	out := make([]workforce.Policy, 3)
	for i := range out {
		p := filled[workforce.Policy](g)
		p.Name = fmt.Sprintf("Policy %d", i)
		p.AssignedTo, p.GroupIDs, p.ArchivedAt = workforce.AllPolicyAssignments[i], nil, nil
		versions := []int64{3, 1, 1}[i]
		for v := range versions {
			version := filled[workforce.PolicyVersion](g)
			version.ID, version.Version, version.PublishedAt = 0, v+1, workforce.Ptr(g.time())
			if v == 2 {
				version.PublishedAt = nil
			}
			p.Versions = append(p.Versions, version)
		}
		out[i] = p
	}
	out[1].GroupIDs = []workforce.GroupID{2, 3}
	out[2].ArchivedAt = workforce.Ptr(g.time())
	return out
}

// trainings makes up some of the trainings of a person.
func (g *filler) trainings() []workforce.Training {
	var out []workforce.Training
	for i, t := range some(g, workforce.AllTrainingTypes) {
		v := filled[workforce.Training](g)
		v.Type, v.Course = t, fmt.Sprintf("%s %d", g.text(), i)
		out = append(out, v)
	}
	return out
}

// acknowledgements makes up some of the acknowledgements of the published
// versions of the first two policies.
func (g *filler) acknowledgements() []workforce.Acknowledgement {
	var out []workforce.Acknowledgement
	for _, of := range some(g, [][2]int64{{1, 1}, {1, 2}, {2, 1}}) {
		a := filled[workforce.Acknowledgement](g)
		a.PolicyID, a.Version = workforce.PolicyID(of[0]), of[1]
		out = append(out, a)
	}
	return out
}

// exclusions makes up exclusions of two people and of a group.
func (g *filler) exclusions(people int) []workforce.Exclusion {
	out := make([]workforce.Exclusion, 3)
	for i := range out {
		e := filled[workforce.Exclusion](g)
		e.PersonnelID, e.GroupID = workforce.Ptr(workforce.PersonnelID(1+i*(people-1)/2)), nil
		e.Checks = []workforce.CheckType{workforce.CheckAntivirus, workforce.AllCheckTypes[1+i]}
		out[i] = e
	}
	out[1].PersonnelID, out[1].GroupID = nil, workforce.Ptr(workforce.GroupID(2))
	return out
}

// apps makes up the apps of the first devices.
func (g *filler) apps(devices int) map[workforce.DeviceID][]workforce.App {
	out := map[workforce.DeviceID][]workforce.App{}
	for id := range min(devices, 3) {
		var apps []workforce.App
		for i := range 1 + g.rng.IntN(3) {
			a := filled[workforce.App](g)
			a.Name = fmt.Sprintf("%s %d", g.text(), i)
			apps = append(apps, a)
		}
		out[workforce.DeviceID(id+1)] = apps
	}
	return out
}

// loadPolicies adds the policies, which nobody owns yet.
func (c *Company) loadPolicies(ctx context.Context, tx *store.Tx) error {
	for i := range c.Policies {
		if err := tx.SavePolicy(ctx, nil, &c.Policies[i]); err != nil {
			return err
		}
	}
	return nil
}

// loadEvidence adds what is about people who are there: the owner of a policy,
// exclusions and apps.
func (c *Company) loadEvidence(ctx context.Context, tx *store.Tx) error {
	if len(c.People) == 0 {
		return nil
	}
	owned := c.Policies[0]
	owned.OwnerID = workforce.Ptr(c.People[0].User.ID)
	if err := tx.SavePolicy(ctx, &c.Policies[0], &owned); err != nil {
		return err
	}
	c.Policies[0] = owned
	for i := range c.Exclusions {
		if err := tx.SaveExclusion(ctx, nil, &c.Exclusions[i]); err != nil {
			return err
		}
	}
	if _, err := tx.SaveAppsOf(ctx, c.Apps); err != nil {
		return err
	}
	for id := range c.Apps {
		apps, _, err := tx.Apps(ctx, id, 0, 1<<31)
		if err != nil {
			return err
		}
		c.Apps[id] = apps
	}
	return nil
}
