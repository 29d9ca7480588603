package demo

import (
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// sources is what each source last said of the person. The personnel systems
// tell the employment, as it is on record unless a pin holds the record; the
// directory tells names only.
func (c *Company) sources(p, boss *profile, person *workforce.NewPerson) []workforce.SourceRecord {
	d := c.dice(topicSource, p.n)
	var out []workforce.SourceRecord
	for _, place := range identityPlaces {
		says := place == atBamboo || place == atRippling || place == atGoogle && p.status != workforce.FutureHire
		if !says || !c.knownAt(p, place) {
			continue
		}
		conn := &c.connections[place]
		rec := workforce.SourceRecord{
			ConnectionID: conn.ID,
			ExternalID:   c.externalID(conn, p.n, false),
			Facts: workforce.SourceFacts{
				FirstName: p.name.firstName(),
				LastName:  p.name.lastName(),
				JobTitle:  text(p.title),
			},
			ObservedAt: d.between(c.day.AddDate(0, 0, -1), c.day),
		}
		if boss != nil && d.percent(90) {
			rec.Facts.ManagerEmail = &boss.email
		}
		if place != atGoogle {
			tellEmployment(&rec.Facts, p, &person.Personnel)
		}
		out = append(out, rec)
	}
	return out
}

// tellEmployment fills in what a personnel system says of the employment. It
// says something else than the record where a pin holds the record.
func tellEmployment(f *workforce.SourceFacts, p *profile, record *workforce.Personnel) {
	f.IsContractor = workforce.Ptr(p.contractor())
	f.EmploymentStatus = workforce.Ptr(p.status)
	f.StartDate, f.SeparationDate = record.StartDate, record.SeparationDate
	if record.Pinned(workforce.PinEmploymentStatus) {
		f.EmploymentStatus = workforce.Ptr(employmentBefore(p))
	}
	if record.Pinned(workforce.PinStartDate) && f.StartDate != nil {
		f.StartDate = date(p.hired.AddDate(0, 0, -7))
	}
	if record.Pinned(workforce.PinSeparationDate) {
		f.SeparationDate = nil
	}
}

// employmentBefore is what the source still says of a person whose status was
// set by hand.
func employmentBefore(p *profile) workforce.EmploymentStatus {
	return choose(p.contractor(), workforce.CurrentContractor, workforce.CurrentEmployee)
}

// pins are the fields of the record that somebody set by hand, in the order of
// AllPinFields, and since when.
func (c *Company) pins(p *profile, d dice) []workforce.Pin {
	when := earlier(c.day, d.between(later(p.created, c.day.AddDate(-2, 0, 0)), c.day))
	pin := func(field workforce.PinField, reason string) workforce.Pin {
		return workforce.Pin{Field: field, Actor: store.ActorDemo, Reason: text(reason), At: when}
	}
	chance := d.below(100)
	switch {
	case p.n <= founders:
		return nil
	case p.status == workforce.OutOfScope:
		return []workforce.Pin{pin(workforce.PinEmploymentStatus, "Not part of the workforce.")}
	case p.status == workforce.SpecialFormerEmployee, p.status == workforce.SpecialFormerContractor:
		when = later(when, p.gone)
		return []workforce.Pin{
			pin(workforce.PinEmploymentStatus, "Entered from the paper file."),
			pin(workforce.PinStartDate, ""),
			pin(workforce.PinSeparationDate, ""),
		}
	case p.status.Former() && chance < 15:
		when = later(when, p.gone)
		return []workforce.Pin{
			pin(workforce.PinEmploymentStatus, "Left before payroll was closed."),
			pin(workforce.PinSeparationDate, ""),
		}
	case p.status.Current() && chance < 6:
		return []workforce.Pin{pin(workforce.PinStartDate, "Start agreed in the contract's annex.")}
	}
	return nil
}

// statusPinnedAt is when the status was set by hand; nil if it was not.
func statusPinnedAt(pins []workforce.Pin) *time.Time {
	for _, pin := range pins {
		if pin.Field == workforce.PinEmploymentStatus {
			return &pin.At
		}
	}
	return nil
}
