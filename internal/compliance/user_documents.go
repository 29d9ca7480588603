package compliance

import (
	"context"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// UserDocuments gives a page of a user's documents, by number, and how many
// match.
func (s *Service) UserDocuments(ctx context.Context, q workforce.DocumentQuery) ([]workforce.Document, int64, error) {
	var out []workforce.Document
	var total int64
	err := s.read(ctx, workforce.ScopeUserDocumentsList, func(r *store.Reader) error {
		if err := mustBeUser(ctx, r, q.UserID); err != nil {
			return err
		}
		var err error
		out, total, err = r.DocumentsOf(ctx, q)
		return err
	})
	return out, total, err
}

// NewUserDocument is a document to be added to a user.
type NewUserDocument struct {
	UserID      workforce.UserID
	Type        workforce.DocumentType
	CompletedOn *workforce.Date // nil: today counts for its renewal
	Upload      Upload
}

// AddUserDocument keeps a file and adds it to a user as a document. A document
// that stands for a check with a renewal is to be renewed so many months after
// it was completed.
func (s *Service) AddUserDocument(ctx context.Context, n NewUserDocument) (workforce.Document, error) {
	var out workforce.Document
	who, err := auth.Require(ctx, workforce.ScopeUserDocumentsCreate, workforce.Writes)
	if err != nil {
		return out, err
	}
	f, err := s.keepUpload(ctx, n.Upload)
	if err != nil {
		return out, err
	}
	err = s.write(ctx, who, func(tx *store.Tx) error {
		if _, ok, err := tx.LockUser(ctx, n.UserID); err != nil || !ok {
			return orElse(err, userNotFound(n.UserID))
		}
		out = workforce.Document{UserID: n.UserID, Name: f.Name, Type: n.Type, File: &f, CompletedOn: n.CompletedOn}
		if out.RenewalDate, err = renewal(ctx, tx, n); err != nil {
			return err
		}
		return tx.SaveDocument(ctx, nil, &out)
	})
	return out, err
}

// renewal is the last day on which a new document counts; nil: for good.
func renewal(ctx context.Context, tx *store.Tx, n NewUserDocument) (*workforce.Date, error) {
	t, ok := evidenced[n.Type]
	if !ok {
		return nil, nil
	}
	rules, err := tx.Rules(ctx)
	if err != nil {
		return nil, err
	}
	months := rules.Of(t).RenewalMonths
	if months == 0 {
		return nil, nil
	}
	from := n.CompletedOn
	if from == nil {
		company, err := tx.Company(ctx)
		if err != nil {
			return nil, err
		}
		from = workforce.Ptr(company.Today(tx.Now()))
	}
	return monthsAfter(*from, months), nil
}

// evidenced is the training of which a document is evidence. Evidence of
// anything else holds for good.
var evidenced = map[workforce.DocumentType]workforce.CheckType{
	"SEC_TRAINING":              workforce.CheckSecurityTraining,
	"HIPAA_TRAINING_EVIDENCE":   workforce.CheckHIPAATraining,
	"NIST_AI_TRAINING_EVIDENCE": workforce.CheckNISTAITraining,
}

// monthsAfter is the same day so many months later, or the last one of a month
// that is too short; nil for a year that no date has.
func monthsAfter(d workforce.Date, months int) *workforce.Date {
	year, month, day := d.In(time.UTC).Date()
	month += time.Month(months)
	day = min(day, time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day())
	later := workforce.DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
	if len(later) != len(d) {
		return nil
	}
	return &later
}

// DeleteUserDocument removes a document from a user. Its content goes with a
// later sweep, unless another document has the same.
func (s *Service) DeleteUserDocument(ctx context.Context, user workforce.UserID, id int64) error {
	return s.change(ctx, workforce.ScopeUserDocumentsDelete, func(tx *store.Tx, _ auth.Principal) error {
		if _, ok, err := tx.LockUser(ctx, user); err != nil || !ok {
			return orElse(err, userNotFound(user))
		}
		d, ok, err := tx.Document(ctx, id)
		if err != nil {
			return err
		}
		if !ok || d.UserID != user {
			return workforce.Refuse(workforce.ReasonEntityNotFound, "The user %d has no document with the id %d", user, id)
		}
		return tx.DeleteDocument(ctx, d)
	})
}
