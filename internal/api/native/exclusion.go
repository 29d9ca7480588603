package native

import (
	"context"
	"fmt"
	"net/http"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Exclusion frees a person, or the members of a group, from checks for a time.
type Exclusion struct {
	ID          int64                 `json:"id"`
	PersonnelID *int64                `json:"personnelId"` // exactly one of the two is not nil
	GroupID     *int64                `json:"groupId"`
	Checks      []workforce.CheckType `json:"checks"`
	Reason      string                `json:"reason"`
	StartsAt    Time                  `json:"startsAt"`
	EndsAt      *Time                 `json:"endsAt"` // no longer at this instant; nil: until somebody ends it
	Actor       string                `json:"actor"`
	CreatedAt   Time                  `json:"createdAt"`
	UpdatedAt   Time                  `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (e Exclusion) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", e.ID)
	o.IntOrNull("personnelId", e.PersonnelID)
	o.IntOrNull("groupId", e.GroupID)
	rest.Texts(&o, "checks", e.Checks)
	o.String("reason", e.Reason)
	putTimeOrNull(&o, "startsAt", &e.StartsAt)
	putTimeOrNull(&o, "endsAt", e.EndsAt)
	o.String("actor", e.Actor)
	putTimeOrNull(&o, "createdAt", &e.CreatedAt)
	putTimeOrNull(&o, "updatedAt", &e.UpdatedAt)
	return o.End()
}

func toWireExclusion(e workforce.Exclusion) Exclusion {
	return Exclusion{
		e.ID, intOf(e.PersonnelID), intOf(e.GroupID), each(e.Checks, same[workforce.CheckType]), e.Reason,
		Time(e.StartsAt), timeOf(e.EndsAt), e.Actor, Time(e.CreatedAt), Time(e.UpdatedAt),
	}
}

// excludable are the checks from which somebody can be freed: FULL_COMPLIANCE
// follows from the others.
var excludable = workforce.AllCheckTypes[1:]

func bindExclusions(b *rest.Binder) compliance.ExclusionFilter {
	return compliance.ExclusionFilter{
		PersonnelID: rest.OptionalInt[workforce.PersonnelID](b, "personnelId", rest.Min(1)),
		GroupID:     rest.OptionalInt[workforce.GroupID](b, "groupId", rest.Min(1)),
		Active:      b.Bool("active"),
	}
}

// exclusionParams is whom to free from what, and when.
type exclusionParams struct {
	said         compliance.ExclusionInput
	starts, ends rest.Optional[rest.Moment]
}

func bindExclusion(b *rest.Binder) exclusionParams {
	o := b.ClosedBody()
	var p exclusionParams
	p.said.PersonnelID = valueOf(rest.OptionalNumber[workforce.PersonnelID](o, "personnelId", rest.Min(1)))
	p.said.GroupID = valueOf(rest.OptionalNumber[workforce.GroupID](o, "groupId", rest.Min(1)))
	p.said.Checks = rest.BodyEnums(o, "checks", excludable, rest.Required(), rest.NotEmpty())
	p.said.Reason = o.Text("reason", rest.Required(), rest.MaxLength(reasonMost))
	p.starts = o.Moment("startsAt")
	p.ends = o.Moment("endsAt")
	return p
}

// exclusionEnd is an exclusion and when it is to end.
type exclusionEnd struct {
	id   int64
	ends rest.Optional[rest.Moment]
}

func bindExclusionEnd(b *rest.Binder) exclusionEnd {
	p := exclusionEnd{id: b.PathInt("id", rest.Min(1))}
	p.ends = b.ClosedBody().Moment("endsAt")
	return p
}

func (h handlers) exclusions(ctx context.Context, _ *rest.Request, f compliance.ExclusionFilter) (rest.Response, error) {
	all, err := h.compliance.Exclusions(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("listing exclusions: %w", err)
	}
	return dataOf(all, toWireExclusion), nil
}

func (h handlers) exclude(ctx context.Context, rq *rest.Request, p exclusionParams) (rest.Response, error) {
	var err error
	if p.said.StartsAt, err = h.instant(ctx, p.starts); err != nil {
		return nil, err
	}
	if p.said.EndsAt, err = h.instant(ctx, p.ends); err != nil {
		return nil, err
	}
	e, err := h.compliance.Exclude(ctx, p.said)
	if err != nil {
		return nil, fmt.Errorf("adding an exclusion: %w", err)
	}
	rq.SetStatus(http.StatusCreated)
	return toWireExclusion(e), nil
}

func (h handlers) endExclusion(ctx context.Context, _ *rest.Request, p exclusionEnd) (rest.Response, error) {
	at, err := h.instant(ctx, p.ends)
	if err != nil {
		return nil, err
	}
	e, err := h.compliance.EndExclusion(ctx, p.id, at)
	if err != nil {
		return nil, fmt.Errorf("ending an exclusion: %w", err)
	}
	return toWireExclusion(e), nil
}
