package native

import (
	"context"
	"fmt"
	"net/http"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Acknowledgement says that a user has accepted a version of a policy.
type Acknowledgement struct {
	ID             int64  `json:"id"`
	UserID         int64  `json:"userId"`
	PolicyID       int64  `json:"policyId"`
	Version        int64  `json:"version"`
	AcknowledgedAt Time   `json:"acknowledgedAt"`
	Source         string `json:"source"`
	CreatedAt      Time   `json:"createdAt"`
}

// AppendJSON implements [rest.Response].
func (a Acknowledgement) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", a.ID)
	o.Int("userId", a.UserID)
	o.Int("policyId", a.PolicyID)
	o.Int("version", a.Version)
	putTimeOrNull(&o, "acknowledgedAt", &a.AcknowledgedAt)
	o.String("source", a.Source)
	putTimeOrNull(&o, "createdAt", &a.CreatedAt)
	return o.End()
}

func toWireAcknowledgement(a workforce.Acknowledgement) Acknowledgement {
	return Acknowledgement{
		a.ID, int64(a.UserID), int64(a.PolicyID), a.Version, Time(a.AcknowledgedAt), a.Source, Time(a.CreatedAt),
	}
}

// Training is what is on record of one training of a user.
type Training struct {
	ID          int64                   `json:"id"`
	UserID      int64                   `json:"userId"`
	Type        workforce.CheckType     `json:"type"`
	Course      string                  `json:"course"`
	State       workforce.TrainingState `json:"state"`
	AssignedAt  *Time                   `json:"assignedAt"`
	CompletedAt *Time                   `json:"completedAt"` // nil although completed: not known
	Source      string                  `json:"source"`
	CreatedAt   Time                    `json:"createdAt"`
	UpdatedAt   Time                    `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (t Training) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", t.ID)
	o.Int("userId", t.UserID)
	o.String("type", string(t.Type))
	o.String("course", t.Course)
	o.String("state", string(t.State))
	putTimeOrNull(&o, "assignedAt", t.AssignedAt)
	putTimeOrNull(&o, "completedAt", t.CompletedAt)
	o.String("source", t.Source)
	putTimeOrNull(&o, "createdAt", &t.CreatedAt)
	putTimeOrNull(&o, "updatedAt", &t.UpdatedAt)
	return o.End()
}

func toWireTraining(t workforce.Training) Training {
	return Training{
		t.ID, int64(t.UserID), t.Type, t.Course, t.State, timeOf(t.AssignedAt), timeOf(t.CompletedAt), t.Source,
		Time(t.CreatedAt), Time(t.UpdatedAt),
	}
}

// acknowledgementParams is who accepted what, and when.
type acknowledgementParams struct {
	user workforce.UserID
	said compliance.AcknowledgementInput
	at   rest.Optional[rest.Moment]
}

func bindAcknowledgement(b *rest.Binder) acknowledgementParams {
	p := acknowledgementParams{user: bindUserID(b)}
	o := b.ClosedBody()
	p.said.PolicyID = workforce.PolicyID(o.Int("policyId", rest.Required(), rest.Min(1)))
	p.said.Version = valueOf(rest.OptionalNumber[int64](o, "version", rest.Min(1)))
	p.at = o.Moment("acknowledgedAt")
	return p
}

// trainingParams is how far a user is with a course.
type trainingParams struct {
	user                workforce.UserID
	said                compliance.TrainingInput
	assigned, completed rest.Optional[rest.Moment]
}

func bindTraining(b *rest.Binder) trainingParams {
	p := trainingParams{user: bindUserID(b)}
	o := b.ClosedBody()
	p.said.Type = rest.BodyEnum(o, "type", workforce.AllTrainingTypes, rest.Required())
	p.said.Course = valueOf(o.OptionalText("course", rest.MaxLength(nameMost)))
	p.said.State = rest.BodyEnum(o, "state", workforce.AllTrainingStates, rest.Required())
	p.assigned = o.Moment("assignedAt")
	p.completed = o.Moment("completedAt")
	return p
}

// oneTraining names a training of a user.
type oneTraining struct {
	user workforce.UserID
	id   int64
}

func bindOneTraining(b *rest.Binder) oneTraining {
	p := oneTraining{bindUserID(b), b.PathInt("trainingId", rest.Min(1))}
	b.NoBody()
	return p
}

func (h handlers) acknowledgements(ctx context.Context, _ *rest.Request, id workforce.UserID) (rest.Response, error) {
	all, err := h.compliance.Acknowledgements(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("listing acknowledgements: %w", err)
	}
	return dataOf(all, toWireAcknowledgement), nil
}

func (h handlers) acknowledge(ctx context.Context, rq *rest.Request, p acknowledgementParams) (rest.Response, error) {
	var err error
	if p.said.AcknowledgedAt, err = h.instant(ctx, p.at); err != nil {
		return nil, err
	}
	a, err := h.compliance.Acknowledge(ctx, p.user, p.said)
	if err != nil {
		return nil, fmt.Errorf("recording an acknowledgement: %w", err)
	}
	rq.SetStatus(http.StatusCreated)
	return toWireAcknowledgement(a), nil
}

func (h handlers) trainings(ctx context.Context, _ *rest.Request, id workforce.UserID) (rest.Response, error) {
	all, err := h.compliance.Trainings(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("listing trainings: %w", err)
	}
	return dataOf(all, toWireTraining), nil
}

func (h handlers) recordTraining(ctx context.Context, rq *rest.Request, p trainingParams) (rest.Response, error) {
	var err error
	if p.said.AssignedAt, err = h.instant(ctx, p.assigned); err != nil {
		return nil, err
	}
	if p.said.CompletedAt, err = h.instant(ctx, p.completed); err != nil {
		return nil, err
	}
	t, err := h.compliance.RecordTraining(ctx, p.user, p.said)
	if err != nil {
		return nil, fmt.Errorf("recording a training: %w", err)
	}
	rq.SetStatus(http.StatusCreated)
	return toWireTraining(t), nil
}

func (h handlers) deleteTraining(ctx context.Context, _ *rest.Request, p oneTraining) (rest.Response, error) {
	if err := h.compliance.DeleteTraining(ctx, p.user, p.id); err != nil {
		return nil, fmt.Errorf("removing a training: %w", err)
	}
	return nil, nil
}
