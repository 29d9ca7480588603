package reconcile

import (
	"cmp"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// rank orders sources by how much their word counts for employment: HR
// systems, then identity providers, then everything else.
func rank(c workforce.ClientType) int {
	switch {
	case c.Provides(workforce.ProviderHRIS):
		return 0
	case c.Provides(workforce.ProviderIdentity):
		return 1
	}
	return 2
}

// Employment merges what several sources last said of one person. Each field
// is taken from the source whose word counts most among those that say
// something about it; among equals the latest observation wins, then the older
// connection. clientTypes gives the type of each connection.
func Employment(records []workforce.SourceRecord, clientTypes map[workforce.ConnectionID]workforce.ClientType) workforce.SourceFacts {
	ordered := slices.Clone(records)
	slices.SortStableFunc(ordered, func(a, b workforce.SourceRecord) int {
		return cmp.Or(
			rank(clientTypes[a.ConnectionID])-rank(clientTypes[b.ConnectionID]),
			b.ObservedAt.Compare(a.ObservedAt),
			cmp.Compare(a.ConnectionID, b.ConnectionID),
			cmp.Compare(a.ExternalID, b.ExternalID),
		)
	})
	var out workforce.SourceFacts
	for _, r := range ordered {
		f := r.Facts
		take(&out.EmploymentStatus, f.EmploymentStatus)
		take(&out.StartDate, f.StartDate)
		take(&out.SeparationDate, f.SeparationDate)
		take(&out.IsContractor, f.IsContractor)
		take(&out.FirstName, f.FirstName)
		take(&out.LastName, f.LastName)
		take(&out.JobTitle, f.JobTitle)
		take(&out.ManagerEmail, f.ManagerEmail)
	}
	return out
}

// take keeps the first word that is said.
func take[T any](dst **T, v *T) {
	if *dst == nil && v != nil {
		*dst = workforce.Ptr(*v)
	}
}

// Arrived is the status of a future hire from the first day on.
func Arrived(isContractor *bool) workforce.EmploymentStatus {
	if isContractor != nil && *isContractor {
		return workforce.CurrentContractor
	}
	return workforce.CurrentEmployee
}

// Apply gives the personnel record as the sources have it: every field that
// they say something about and that is not pinned takes their value. today
// decides whether a future hire has arrived.
//
// Nobody leaves before they start. Where a date of the sources contradicts one
// that no source and no pin speaks for, a leftover, the leftover goes. Where
// two sources contradict each other, or a source a pin, the record keeps its
// own dates.
func Apply(p workforce.Personnel, f workforce.SourceFacts, today workforce.Date) workforce.Personnel {
	start, separation := p.StartDate, p.SeparationDate
	if f.StartDate != nil && !p.Pinned(workforce.PinStartDate) {
		start = f.StartDate
	}
	if f.SeparationDate != nil && !p.Pinned(workforce.PinSeparationDate) {
		separation = f.SeparationDate
	}
	if start != nil && separation != nil && separation.Before(*start) {
		switch {
		case f.StartDate == nil && !p.Pinned(workforce.PinStartDate):
			start = nil
		case f.SeparationDate == nil && !p.Pinned(workforce.PinSeparationDate):
			separation = nil
		default:
			start, separation = p.StartDate, p.SeparationDate
		}
	}
	p.StartDate, p.SeparationDate = start, separation
	if f.EmploymentStatus == nil || p.Pinned(workforce.PinEmploymentStatus) {
		return p
	}
	status := *f.EmploymentStatus
	if status == workforce.FutureHire && p.StartDate != nil && !p.StartDate.After(today) {
		status = Arrived(f.IsContractor)
	}
	p.EmploymentStatus = status
	if status != workforce.OutOfScope {
		p.NotHumanReason, p.ReasonProviderID = nil, nil
	}
	return p
}
