package importer

import (
	"reflect"
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/reconcile"
	"github.com/passmuster/passmuster/internal/workforce"
)

// What a row means for a person who is known, or new: pure functions from what
// is recorded and what the file says to what shall be recorded.

// said is what the source now says of a field: what the row says; what the
// source said before, if the file has no such column; otherwise nothing.
func said[T any](row, before *T, column bool) *T {
	if row == nil && !column {
		return before
	}
	return row
}

// follow is the value of a field after the sources spoke: their word, where
// there is one. Where they said it before and take it back now, and the value
// is still the one they gave, it is unknown again.
func follow[T comparable](current, before, now *T) *T {
	switch {
	case now != nil:
		return now
	case before != nil && workforce.Same(current, before):
		return nil
	}
	return current
}

// factsOf is what the source now says of the person's employment. The reason
// is why that cannot be, and else empty.
func (j *peopleJob) factsOf(p *Person, before workforce.SourceFacts) (workforce.SourceFacts, string) {
	f := workforce.SourceFacts{
		StartDate:      said(p.StartDate, before.StartDate, j.has[fieldStartDate]),
		SeparationDate: said(p.SeparationDate, before.SeparationDate, j.has[fieldSeparationDate]),
		IsContractor:   said(p.IsContractor, before.IsContractor, j.has[fieldIsContractor]),
		FirstName:      said(p.FirstName, before.FirstName, j.has[fieldFirstName]),
		LastName:       said(p.LastName, before.LastName, j.has[fieldLastName]),
		JobTitle:       said(p.JobTitle, before.JobTitle, j.has[fieldJobTitle]),
		ManagerEmail:   said(p.ManagerEmail, before.ManagerEmail, j.has[fieldManagerEmail]),
	}
	whole := *p
	whole.StartDate, whole.SeparationDate, whole.IsContractor = f.StartDate, f.SeparationDate, f.IsContractor
	status, reason := employmentStatus(&whole, j.today)
	switch {
	case p.status == "" && !j.has[fieldEmploymentStatus] && !j.has[fieldSeparationDate] && before.EmploymentStatus != nil:
		// Whether somebody left cannot be told from a file that speaks
		// neither of the status nor of the separation.
		f.EmploymentStatus = before.EmploymentStatus
	case status == workforce.OutOfScope:
		// A decision with a reason, not a fact of a source: see nextPersonnel.
	case status == workforce.UnknownStatus && p.status == "":
		// Nothing is known of the employment, so nothing is said of it.
	default:
		f.EmploymentStatus = &status
	}
	return f, reason
}

// identityOf is the person's identity at the source.
func (j *peopleJob) identityOf(p *Person, facts workforce.SourceFacts, before *workforce.Identity, now time.Time) workforce.Identity {
	var old workforce.Identity
	after := workforce.Identity{ConnectionID: j.connection.ID, IdentityID: p.ExternalID, ConnectedAt: &now, CreatedAt: now, UpdatedAt: now}
	if before != nil {
		old, after = *before, *before
	}
	after.Email = &p.Email
	after.SecondaryEmail = said(p.SecondaryEmail, old.SecondaryEmail, j.has[fieldSecondaryEmail])
	after.HasMFA = said(p.HasMFA, old.HasMFA, j.has[fieldHasMFA])
	// A file that speaks of MFA is the word of an identity provider.
	after.HasIDP = old.HasIDP || j.has[fieldHasMFA]
	after.FirstName, after.LastName, after.JobTitle = facts.FirstName, facts.LastName, facts.JobTitle
	after.IsContractor = facts.IsContractor
	after.StartedAt, after.SeparatedAt = midnight(facts.StartDate), midnight(facts.SeparationDate)
	after.ManagerID, after.ManagerName = nil, nil
	if facts.ManagerEmail != nil {
		m := j.managers[workforce.Fold(*facts.ManagerEmail)]
		after.ManagerID, after.ManagerName = m.id, m.name
	}
	if before != nil && !reflect.DeepEqual(*before, after) {
		after.UpdatedAt = now
	}
	return after
}

// midnight is the first instant of a date in UTC.
func midnight(d *workforce.Date) *time.Time {
	if d == nil {
		return nil
	}
	return workforce.Ptr(d.In(time.UTC))
}

// nextUser is the user after the sources spoke. The e-mail follows the file
// only if the file is where it came from.
func nextUser(u workforce.User, p *Person, oldEmail *string, before, now workforce.SourceFacts, at time.Time) workforce.User {
	after := u
	if oldEmail != nil && workforce.Fold(*oldEmail) == workforce.Fold(u.Email) {
		after.Email = p.Email
	}
	after.FirstName = follow(u.FirstName, before.FirstName, now.FirstName)
	after.LastName = follow(u.LastName, before.LastName, now.LastName)
	after.JobTitle = follow(u.JobTitle, before.JobTitle, now.JobTitle)
	if len(p.Roles) > 0 {
		after.Roles = p.Roles
	}
	if !reflect.DeepEqual(u, after) {
		after.UpdatedAt = at
	}
	return after
}

// nextPersonnel is the personnel record after the sources spoke; before and
// now are the words of all of them, merged. Pinned fields stay.
func (j *peopleJob) nextPersonnel(r workforce.Personnel, p *Person, before, now workforce.SourceFacts, at time.Time) workforce.Personnel {
	after := reconcile.Apply(r, now, j.today)
	if !r.Pinned(workforce.PinStartDate) {
		after.StartDate = follow(r.StartDate, before.StartDate, now.StartDate)
	}
	if !r.Pinned(workforce.PinSeparationDate) {
		after.SeparationDate = follow(r.SeparationDate, before.SeparationDate, now.SeparationDate)
	}
	if p.status == string(workforce.OutOfScope) && !r.Pinned(workforce.PinEmploymentStatus) {
		after.EmploymentStatus, after.NotHumanReason = workforce.OutOfScope, p.NotHumanReason
		if after.ReasonProviderID = r.ReasonProviderID; !workforce.Same(r.NotHumanReason, p.NotHumanReason) {
			after.ReasonProviderID = j.who.OwnerID
		}
	}
	if !reflect.DeepEqual(r, after) {
		after.UpdatedAt = at
	}
	return after
}

// contradiction says why a record cannot be, and else nothing. It can come
// about between what the file says and what somebody set by hand.
func contradiction(r workforce.Personnel, today workforce.Date) string {
	const how = "; correct the file, or let the sources decide again with reset-sync"
	switch {
	case r.SeparationDate == nil:
		return ""
	case r.StartDate != nil && r.SeparationDate.Before(*r.StartDate):
		return "together with what is recorded, the separation date " + string(*r.SeparationDate) + " would be before the start date " + string(*r.StartDate) + how
	case r.EmploymentStatus.Former() && r.SeparationDate.After(today):
		return "together with what is recorded, somebody who has left would have a separation date in the future, " + string(*r.SeparationDate) + how
	}
	return ""
}

// union is both sets of groups, sorted. A file adds memberships and never
// takes one away, because other sources give them too.
func union(a, b []workforce.GroupID) []workforce.GroupID {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}
