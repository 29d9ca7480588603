package compliance

import (
	"context"
	"time"

	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Explanation is a person's checks with why they are what they are.
type Explanation struct {
	Personnel workforce.Personnel
	User      workforce.User
	Results   []check.Result // all fifteen, in the order of workforce.AllCheckTypes
	// AssessedAt is when the person was assessed last; nil: never.
	AssessedAt *time.Time
	// NextDue is when an outcome can change although no fact does; nil: never.
	NextDue *time.Time
}

// Explain gives a person's checks, decided on what is known now.
func (s *Service) Explain(ctx context.Context, id workforce.PersonnelID) (Explanation, error) {
	var out Explanation
	err := s.read(ctx, workforce.ScopeComplianceGet, func(r *store.Reader) error {
		var err error
		out, err = s.explain(ctx, r, id)
		return err
	})
	return out, err
}

// ExplainByEmail is [Service.Explain] of the user with the e-mail, whatever its
// case.
func (s *Service) ExplainByEmail(ctx context.Context, email string) (Explanation, error) {
	var out Explanation
	err := s.read(ctx, workforce.ScopeComplianceGet, func(r *store.Reader) error {
		user, ok, err := r.UserIDByEmail(ctx, email)
		if err != nil {
			return err
		}
		var id workforce.PersonnelID
		if ok {
			if id, ok, err = r.PersonnelIDOf(ctx, user); err != nil {
				return err
			}
		}
		if !ok {
			return workforce.Refuse(workforce.ReasonPersonnelNotFound, "There is no personnel record with this email")
		}
		out, err = s.explain(ctx, r, id)
		return err
	})
	return out, err
}

// explain decides on the facts and what was found last, so that it says the
// same as the record while nobody is due.
func (s *Service) explain(ctx context.Context, r *store.Reader, id workforce.PersonnelID) (Explanation, error) {
	company, err := r.AssessedCompany(ctx)
	if err != nil {
		return Explanation{}, err
	}
	facts, err := r.Facts(ctx, company, []workforce.PersonnelID{id})
	if err != nil {
		return Explanation{}, err
	}
	if len(facts) == 0 {
		return Explanation{}, personnelNotFound(id)
	}
	v := check.Eval(&facts[0].Facts, s.db.Now())
	out := Explanation{Personnel: facts[0].Personnel, User: facts[0].User, Results: v.Results, NextDue: v.NextDue}
	a, _, err := r.AssessmentOf(ctx, id)
	out.AssessedAt = a.AssessedAt
	return out, err
}
