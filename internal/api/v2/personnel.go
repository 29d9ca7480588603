package v2

import (
	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Personnel is the personnel record of a user, without the user, in whom it
// stands, and without what this version shows of a record only on demand.
type Personnel struct {
	ID               int64                      `json:"id"`
	UserID           int64                      `json:"userId"`
	EmploymentStatus workforce.EmploymentStatus `json:"employmentStatus"`
	NotHumanReason   *string                    `json:"notHumanReason"`
	StartedAt        *Time                      `json:"startedAt"`       // midnight UTC of the date
	SeparatedAt      *Time                      `json:"separatedAt"`     // midnight UTC of the date
	StatusUpdatedAt  *Time                      `json:"statusUpdatedAt"` // when the status was set by hand
	CreatedAt        Time                       `json:"createdAt"`
	UpdatedAt        Time                       `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (p Personnel) AppendJSON(b []byte) []byte {
	if kind, ok := markedKind(p.NotHumanReason); ok {
		return document.AppendHole(b, kind, p.ID)
	}
	o := rest.NewObject(b)
	o.Int("id", p.ID)
	o.Int("userId", p.UserID)
	o.String("employmentStatus", string(p.EmploymentStatus))
	o.StringOrNull("notHumanReason", p.NotHumanReason)
	putTimeOrNull(&o, "startedAt", p.StartedAt)
	putTimeOrNull(&o, "separatedAt", p.SeparatedAt)
	putTimeOrNull(&o, "statusUpdatedAt", p.StatusUpdatedAt)
	putTime(&o, "createdAt", p.CreatedAt)
	putTime(&o, "updatedAt", p.UpdatedAt)
	return o.End()
}

// toWirePersonnel maps a personnel record; nil stays nil.
func toWirePersonnel(p *workforce.Personnel) *Personnel {
	if p == nil {
		return nil
	}
	return &Personnel{
		ID:               int64(p.ID),
		UserID:           int64(p.UserID),
		EmploymentStatus: p.EmploymentStatus,
		NotHumanReason:   p.NotHumanReason,
		StartedAt:        midnightOf(p.StartDate),
		SeparatedAt:      midnightOf(p.SeparationDate),
		StatusUpdatedAt:  timeOf(p.StatusUpdatedAt),
		CreatedAt:        Time(p.CreatedAt),
		UpdatedAt:        Time(p.UpdatedAt),
	}
}
