package compliance

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// maxReason is the most bytes that a reason may have.
const maxReason = 1000

// ExclusionFilter chooses exclusions; the zero value chooses all.
type ExclusionFilter struct {
	PersonnelID *workforce.PersonnelID // of the person, and of their groups
	GroupID     *workforce.GroupID
	Active      *bool // in force now
}

// Exclusions gives exclusions, by number, also past and future ones.
func (s *Service) Exclusions(ctx context.Context, f ExclusionFilter) ([]workforce.Exclusion, error) {
	var out []workforce.Exclusion
	err := s.read(ctx, workforce.ScopeComplianceGet, func(r *store.Reader) error {
		if f.PersonnelID == nil {
			var err error
			out, err = r.Exclusions(ctx)
			return err
		}
		if err := mustBePersonnel(ctx, r, *f.PersonnelID); err != nil {
			return err
		}
		all, err := r.ExclusionsOf(ctx, []workforce.PersonnelID{*f.PersonnelID})
		out = all[*f.PersonnelID]
		return err
	})
	now := s.db.Now()
	return slices.DeleteFunc(out, func(e workforce.Exclusion) bool {
		return f.GroupID != nil && (e.GroupID == nil || *e.GroupID != *f.GroupID) || f.Active != nil && e.Covers(now) != *f.Active
	}), err
}

func mustBePersonnel(ctx context.Context, r *store.Reader, id workforce.PersonnelID) error {
	ok, err := r.PersonnelExists(ctx, id)
	if err == nil && !ok {
		err = personnelNotFound(id)
	}
	return err
}

// ExclusionInput frees a person or a group from checks. Days are those of the
// company.
type ExclusionInput struct {
	PersonnelID *workforce.PersonnelID // exactly one of the two
	GroupID     *workforce.GroupID
	Checks      []workforce.CheckType
	Reason      string
	StartsAt    *time.Time // nil: now
	EndsAt      *time.Time // nil: until somebody ends it
}

// Exclude frees a person or the members of a group from checks for a time. It
// lapses by itself.
func (s *Service) Exclude(ctx context.Context, in ExclusionInput) (workforce.Exclusion, error) {
	var out workforce.Exclusion
	if err := in.check(); err != nil {
		return out, err
	}
	err := s.change(ctx, workforce.ScopeComplianceManage, func(tx *store.Tx, who auth.Principal) error {
		if in.PersonnelID != nil {
			if err := mustBePersonnel(ctx, &tx.Reader, *in.PersonnelID); err != nil {
				return err
			}
		} else if err := groupsExist(ctx, &tx.Reader, []workforce.GroupID{*in.GroupID}); err != nil {
			return err
		}
		out = workforce.Exclusion{
			PersonnelID: in.PersonnelID, GroupID: in.GroupID, Reason: strings.TrimSpace(in.Reason), StartsAt: tx.Now(), EndsAt: millis(in.EndsAt),
			Actor: who.Actor, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		for _, t := range workforce.AllCheckTypes {
			if slices.Contains(in.Checks, t) {
				out.Checks = append(out.Checks, t)
			}
		}
		if in.StartsAt != nil {
			out.StartsAt = workforce.Millis(*in.StartsAt)
		}
		if out.EndsAt != nil && !out.EndsAt.After(out.StartsAt) {
			return workforce.RefuseField("endsAt", "endsAt must be after startsAt")
		}
		return tx.SaveExclusion(ctx, nil, &out)
	})
	return out, err
}

func (in ExclusionInput) check() error {
	if (in.PersonnelID == nil) == (in.GroupID == nil) {
		return workforce.RefuseField("personnelId", "exactly one of personnelId and groupId must be given")
	}
	if len(in.Checks) == 0 {
		return workforce.RefuseField("checks", "checks must name at least one of %v", excludable())
	}
	for _, t := range in.Checks {
		if !slices.Contains(excludable(), t) {
			return workforce.RefuseField("checks", "checks must be of %v", excludable())
		}
	}
	if n := len(strings.TrimSpace(in.Reason)); n == 0 || n > maxReason {
		return workforce.RefuseField("reason", "reason must have 1 to %d bytes: an auditor will read it", maxReason)
	}
	return nil
}

// excludable are the checks from which somebody can be freed: FULL_COMPLIANCE
// follows from the others.
func excludable() []workforce.CheckType {
	return slices.DeleteFunc(slices.Clone(workforce.AllCheckTypes), func(t workforce.CheckType) bool { return t == workforce.CheckFullCompliance })
}

// EndExclusion ends an exclusion, by default now. One that has not begun yet
// never will. One that has ended stays as it was.
func (s *Service) EndExclusion(ctx context.Context, id int64, at *time.Time) (workforce.Exclusion, error) {
	var out workforce.Exclusion
	err := s.change(ctx, workforce.ScopeComplianceManage, func(tx *store.Tx, _ auth.Principal) error {
		before, ok, err := tx.LockExclusion(ctx, id)
		if err != nil || !ok {
			return orElse(err, notFound("exclusion", id))
		}
		out = before
		now := tx.Now()
		if before.EndsAt != nil && !before.EndsAt.After(now) {
			return nil
		}
		ends := now
		if at != nil {
			if ends = workforce.Millis(*at); ends.Before(now) {
				return workforce.RefuseField("endsAt", "endsAt must not be in the past: what was excluded until now stays so")
			}
		}
		out.EndsAt = &ends
		if before.EndsAt != nil && before.EndsAt.Equal(ends) {
			return nil
		}
		out.UpdatedAt = now
		return tx.SaveExclusion(ctx, &before, &out)
	})
	return out, err
}
