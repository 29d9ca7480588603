package reconcile

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

var types = map[workforce.ConnectionID]workforce.ClientType{
	1: "GOOGLE", 2: "BAMBOO_HR", 3: workforce.ClientFile, 4: "JAMF", 5: "RIPPLING",
}

func at(n int64) time.Time { return time.UnixMilli(n).UTC() }

func status(s workforce.EmploymentStatus) *workforce.EmploymentStatus { return &s }

func date(d workforce.Date) *workforce.Date { return &d }

func TestEmployment(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		records []workforce.SourceRecord
		want    workforce.SourceFacts
	}{
		"nobody says anything": {},
		"an HR system counts more than an identity provider, however late": {
			records: []workforce.SourceRecord{
				{ConnectionID: 1, ObservedAt: at(9), Facts: workforce.SourceFacts{EmploymentStatus: status("FORMER_EMPLOYEE")}},
				{ConnectionID: 2, ObservedAt: at(1), Facts: workforce.SourceFacts{EmploymentStatus: status("CURRENT_EMPLOYEE")}},
			},
			want: workforce.SourceFacts{EmploymentStatus: status("CURRENT_EMPLOYEE")},
		},
		"each field from whoever says something about it": {
			records: []workforce.SourceRecord{
				{ConnectionID: 1, Facts: workforce.SourceFacts{JobTitle: workforce.Ptr("Engineer"), StartDate: date("2020-01-02")}},
				{ConnectionID: 2, Facts: workforce.SourceFacts{StartDate: date("2020-01-01")}},
			},
			want: workforce.SourceFacts{JobTitle: workforce.Ptr("Engineer"), StartDate: date("2020-01-01")},
		},
		"among equals the later observation": {
			records: []workforce.SourceRecord{
				{ConnectionID: 2, ObservedAt: at(1), Facts: workforce.SourceFacts{EmploymentStatus: status("CURRENT_EMPLOYEE")}},
				{ConnectionID: 5, ObservedAt: at(2), Facts: workforce.SourceFacts{EmploymentStatus: status("FORMER_EMPLOYEE")}},
			},
			want: workforce.SourceFacts{EmploymentStatus: status("FORMER_EMPLOYEE")},
		},
		"among those the older connection": {
			records: []workforce.SourceRecord{
				{ConnectionID: 5, Facts: workforce.SourceFacts{EmploymentStatus: status("FORMER_EMPLOYEE")}},
				{ConnectionID: 2, Facts: workforce.SourceFacts{EmploymentStatus: status("CURRENT_EMPLOYEE")}},
			},
			want: workforce.SourceFacts{EmploymentStatus: status("CURRENT_EMPLOYEE")},
		},
		"no is an answer, unknown is not": {
			records: []workforce.SourceRecord{
				{ConnectionID: 2, Facts: workforce.SourceFacts{}},
				{ConnectionID: 1, Facts: workforce.SourceFacts{IsContractor: workforce.Ptr(false)}},
				{ConnectionID: 4, Facts: workforce.SourceFacts{IsContractor: workforce.Ptr(true)}},
			},
			want: workforce.SourceFacts{IsContractor: workforce.Ptr(false)},
		},
	} {
		if got := Employment(c.records, types); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestOrderOfRecordsDoesNotMatter: what the sources say is a set.
func TestOrderOfRecordsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) workforce.SourceRecord {
			return workforce.SourceRecord{
				ConnectionID: workforce.ConnectionID(rapid.IntRange(1, 6).Draw(t, "connection")),
				ExternalID:   rapid.StringMatching(`[a-c]`).Draw(t, "id"),
				ObservedAt:   at(rapid.Int64Range(0, 2).Draw(t, "at")),
				Facts: workforce.SourceFacts{
					EmploymentStatus: rapid.Ptr(rapid.SampledFrom(workforce.AllEmploymentStatuses), true).Draw(t, "status"),
					IsContractor:     rapid.Ptr(rapid.Bool(), true).Draw(t, "contractor"),
				},
			}
		}), 0, 6, func(r workforce.SourceRecord) [2]any { return [2]any{r.ConnectionID, r.ExternalID} }).Draw(t, "records")
		want := Employment(records, types)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		if got := Employment(records, types); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v and %+v", want, got)
		}
	})
}

func TestApply(t *testing.T) {
	t.Parallel()
	const today = workforce.Date("2026-06-15")
	base := workforce.Personnel{ID: 1, EmploymentStatus: "CURRENT_EMPLOYEE", StartDate: date("2020-01-01")}
	with := func(f func(*workforce.Personnel)) workforce.Personnel {
		p := base
		f(&p)
		return p
	}
	pin := func(fields ...workforce.PinField) []workforce.Pin {
		var out []workforce.Pin
		for _, f := range fields {
			out = append(out, workforce.Pin{Field: f})
		}
		return out
	}
	for name, c := range map[string]struct {
		before workforce.Personnel
		facts  workforce.SourceFacts
		want   workforce.Personnel
	}{
		"nothing said, nothing changed": {base, workforce.SourceFacts{}, base},
		"everything taken": {
			base,
			workforce.SourceFacts{EmploymentStatus: status("FORMER_EMPLOYEE"), StartDate: date("2019-01-01"), SeparationDate: date("2026-01-01")},
			with(func(p *workforce.Personnel) {
				p.EmploymentStatus, p.StartDate, p.SeparationDate = "FORMER_EMPLOYEE", date("2019-01-01"), date("2026-01-01")
			}),
		},
		"a pinned field stays, the others follow": {
			with(func(p *workforce.Personnel) { p.Pins = pin(workforce.PinStartDate) }),
			workforce.SourceFacts{EmploymentStatus: status("CURRENT_CONTRACTOR"), StartDate: date("2019-01-01")},
			with(func(p *workforce.Personnel) {
				p.Pins, p.EmploymentStatus = pin(workforce.PinStartDate), "CURRENT_CONTRACTOR"
			}),
		},
		"a pinned status stays": {
			with(func(p *workforce.Personnel) { p.Pins = pin(workforce.PinEmploymentStatus) }),
			workforce.SourceFacts{EmploymentStatus: status("FORMER_EMPLOYEE")},
			with(func(p *workforce.Personnel) { p.Pins = pin(workforce.PinEmploymentStatus) }),
		},
		"a leftover that a source contradicts goes": {
			base,
			workforce.SourceFacts{SeparationDate: date("2019-12-31")},
			with(func(p *workforce.Personnel) { p.StartDate, p.SeparationDate = nil, date("2019-12-31") }),
		},
		"the other way round": {
			with(func(p *workforce.Personnel) { p.SeparationDate = date("2021-01-01") }),
			workforce.SourceFacts{StartDate: date("2022-01-01")},
			with(func(p *workforce.Personnel) { p.StartDate = date("2022-01-01") }),
		},
		"sources that contradict each other are not heard": {
			base, workforce.SourceFacts{StartDate: date("2022-01-01"), SeparationDate: date("2019-12-31")}, base,
		},
		"a source that contradicts a pin is not heard": {
			with(func(p *workforce.Personnel) { p.Pins = pin(workforce.PinStartDate) }),
			workforce.SourceFacts{SeparationDate: date("2019-12-31")},
			with(func(p *workforce.Personnel) { p.Pins = pin(workforce.PinStartDate) }),
		},
		"a hire whose day is today has arrived": {
			base,
			workforce.SourceFacts{EmploymentStatus: status("FUTURE_HIRE"), StartDate: date(today)},
			with(func(p *workforce.Personnel) { p.StartDate = date(today) }),
		},
		"a contractor arrives as a contractor": {
			base,
			workforce.SourceFacts{EmploymentStatus: status("FUTURE_HIRE"), IsContractor: workforce.Ptr(true)},
			with(func(p *workforce.Personnel) { p.EmploymentStatus = "CURRENT_CONTRACTOR" }),
		},
		"a hire of tomorrow has not": {
			base,
			workforce.SourceFacts{EmploymentStatus: status("FUTURE_HIRE"), StartDate: date("2026-06-16")},
			with(func(p *workforce.Personnel) { p.EmploymentStatus, p.StartDate = "FUTURE_HIRE", date("2026-06-16") }),
		},
		"who is no longer out of scope has no reason": {
			with(func(p *workforce.Personnel) {
				p.EmploymentStatus, p.NotHumanReason, p.ReasonProviderID = "OUT_OF_SCOPE", workforce.Ptr("a mailbox"), workforce.Ptr(workforce.UserID(1))
			}),
			workforce.SourceFacts{EmploymentStatus: status("CURRENT_EMPLOYEE")},
			base,
		},
	} {
		if got := Apply(c.before, c.facts, today); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, c.want)
		}
	}
}
