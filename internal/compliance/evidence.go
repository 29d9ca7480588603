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

// sourceAPI is the source of evidence that comes in over the API or the command
// line.
const sourceAPI = "api"

// AcknowledgementInput says that a user has accepted a policy.
type AcknowledgementInput struct {
	PolicyID       workforce.PolicyID
	Version        *int64     // nil: the current one
	AcknowledgedAt *time.Time // nil: now; never in the future
}

// Acknowledge records that a user has accepted a published version of a policy.
// To say so again, of a later time, renews it.
func (s *Service) Acknowledge(ctx context.Context, id workforce.UserID, in AcknowledgementInput) (workforce.Acknowledgement, error) {
	var out workforce.Acknowledgement
	err := s.change(ctx, workforce.ScopeEvidenceManage, func(tx *store.Tx, _ auth.Principal) error {
		if err := mustBeUser(ctx, &tx.Reader, id); err != nil {
			return err
		}
		policy, ok, err := tx.Policy(ctx, in.PolicyID)
		if err != nil {
			return err
		}
		if !ok {
			return notFound("policy", int64(in.PolicyID))
		}
		version, err := publishedVersion(policy, in.Version)
		if err != nil {
			return err
		}
		at, err := past("acknowledgedAt", in.AcknowledgedAt, tx.Now())
		if err != nil {
			return err
		}
		out = workforce.Acknowledgement{
			UserID: id, PolicyID: policy.ID, Version: version, AcknowledgedAt: *at, Source: sourceAPI, CreatedAt: tx.Now(),
		}
		_, err = tx.SaveAcknowledgement(ctx, &out)
		return err
	})
	return out, err
}

func publishedVersion(p workforce.Policy, version *int64) (int64, error) {
	if version == nil {
		current := p.Current()
		if current == nil {
			return 0, workforce.Refuse(workforce.ReasonNotPublished, "The policy %d has no published version: publish one first", p.ID)
		}
		return current.Version, nil
	}
	for _, v := range p.Versions {
		if v.Version == *version {
			if v.PublishedAt == nil {
				return 0, workforce.Refuse(workforce.ReasonNotPublished, "Version %d of the policy %d is a draft: publish it first", v.Version, p.ID)
			}
			return v.Version, nil
		}
	}
	return 0, workforce.RefuseField("version", "version: the policy %d has no version %d", p.ID, *version)
}

// past gives an instant that is not in the future; nil: now.
func past(field string, t *time.Time, now time.Time) (*time.Time, error) {
	if t == nil {
		return &now, nil
	}
	at := workforce.Millis(*t)
	if at.After(now) {
		return nil, workforce.RefuseField(field, "%s must not be in the future", field)
	}
	return &at, nil
}

func mustBeUser(ctx context.Context, r *store.Reader, id workforce.UserID) error {
	ok, err := r.UserExists(ctx, id)
	if err == nil && !ok {
		err = userNotFound(id)
	}
	return err
}

// Acknowledgements gives what a user has accepted, by policy and version.
func (s *Service) Acknowledgements(ctx context.Context, id workforce.UserID) ([]workforce.Acknowledgement, error) {
	var out []workforce.Acknowledgement
	err := s.read(ctx, workforce.ScopeComplianceGet, func(r *store.Reader) error {
		if err := mustBeUser(ctx, r, id); err != nil {
			return err
		}
		all, err := r.Acknowledgements(ctx, []workforce.UserID{id})
		out = all[id]
		return err
	})
	return out, err
}

// TrainingInput is what may be said of a training.
type TrainingInput struct {
	Type        workforce.CheckType
	Course      *string // nil: the type's name
	State       workforce.TrainingState
	AssignedAt  *time.Time
	CompletedAt *time.Time // nil although completed: not known
}

// RecordTraining records how far a user is with a course, in place of what was
// said of the same course before.
func (s *Service) RecordTraining(ctx context.Context, id workforce.UserID, in TrainingInput) (workforce.Training, error) {
	var out workforce.Training
	if err := in.check(); err != nil {
		return out, err
	}
	err := s.change(ctx, workforce.ScopeEvidenceManage, func(tx *store.Tx, _ auth.Principal) error {
		if _, ok, err := tx.LockUser(ctx, id); err != nil || !ok {
			return orElse(err, userNotFound(id))
		}
		var err error
		if in.CompletedAt != nil {
			if in.CompletedAt, err = past("completedAt", in.CompletedAt, tx.Now()); err != nil {
				return err
			}
		}
		before, err := trainingOf(ctx, &tx.Reader, id, in)
		if err != nil {
			return err
		}
		out = workforce.Training{
			UserID: id, Type: in.Type, Course: in.course(), State: in.State, AssignedAt: millis(in.AssignedAt), CompletedAt: in.CompletedAt,
			Source: sourceAPI, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		if before != nil {
			out.ID, out.CreatedAt, out.UpdatedAt = before.ID, before.CreatedAt, before.UpdatedAt
			if out.AssignedAt == nil {
				out.AssignedAt = before.AssignedAt
			}
			if !sameTraining(*before, out) {
				out.UpdatedAt = tx.Now()
			}
		}
		return tx.SaveTraining(ctx, before, &out)
	})
	return out, err
}

func (in TrainingInput) course() string {
	if in.Course == nil {
		return string(in.Type)
	}
	return strings.TrimSpace(*in.Course)
}

func (in TrainingInput) check() error {
	switch {
	case !slices.Contains(workforce.AllTrainingTypes, in.Type):
		return workforce.RefuseField("type", "type must be one of %v", workforce.AllTrainingTypes)
	case !slices.Contains(workforce.AllTrainingStates, in.State):
		return workforce.RefuseField("state", "state must be one of %v", workforce.AllTrainingStates)
	case in.course() == "" || len(in.course()) > maxName:
		return workforce.RefuseField("course", "course must have 1 to %d bytes", maxName)
	case in.State == workforce.TrainingAssigned && in.CompletedAt != nil:
		return workforce.RefuseField("completedAt", "completedAt must be absent while state is ASSIGNED")
	}
	return nil
}

func trainingOf(ctx context.Context, r *store.Reader, id workforce.UserID, in TrainingInput) (*workforce.Training, error) {
	all, err := r.Trainings(ctx, []workforce.UserID{id})
	if err != nil {
		return nil, err
	}
	for _, t := range all[id] {
		if t.Type == in.Type && workforce.Fold(t.Course) == workforce.Fold(in.course()) {
			return &t, nil
		}
	}
	return nil, nil
}

func sameTraining(a, b workforce.Training) bool {
	same := func(a, b *time.Time) bool { return a == nil && b == nil || a != nil && b != nil && a.Equal(*b) }
	return a.Course == b.Course && a.State == b.State && a.Source == b.Source && same(a.AssignedAt, b.AssignedAt) && same(a.CompletedAt, b.CompletedAt)
}

func millis(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return workforce.Ptr(workforce.Millis(*t))
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Trainings gives what is on record of a user's trainings, by number.
func (s *Service) Trainings(ctx context.Context, id workforce.UserID) ([]workforce.Training, error) {
	var out []workforce.Training
	err := s.read(ctx, workforce.ScopeComplianceGet, func(r *store.Reader) error {
		if err := mustBeUser(ctx, r, id); err != nil {
			return err
		}
		all, err := r.Trainings(ctx, []workforce.UserID{id})
		out = all[id]
		return err
	})
	return out, err
}

// DeleteTraining takes a training off a user's record.
func (s *Service) DeleteTraining(ctx context.Context, user workforce.UserID, id int64) error {
	return s.change(ctx, workforce.ScopeEvidenceManage, func(tx *store.Tx, _ auth.Principal) error {
		if _, ok, err := tx.LockUser(ctx, user); err != nil || !ok {
			return orElse(err, userNotFound(user))
		}
		all, err := tx.Trainings(ctx, []workforce.UserID{user})
		if err != nil {
			return err
		}
		for _, t := range all[user] {
			if t.ID == id {
				return tx.DeleteTraining(ctx, t)
			}
		}
		return notFound("training of this user", id)
	})
}
