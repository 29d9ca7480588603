package roster

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/passmuster/passmuster/internal/workforce"
)

// filter gives the condition of a query but for its text, or nil if it selects
// everybody.
func (p *people) filter(q *workforce.PersonnelQuery) func(*personRow) bool {
	var tests []func(*personRow) bool
	also := func(test func(*personRow) bool) { tests = append(tests, test) }
	if q.StatusFiltered {
		var statuses uint16
		for _, s := range q.EmploymentStatus {
			statuses |= 1 << (1 + slices.Index(workforce.AllEmploymentStatuses, s))
		}
		statuses &^= 1
		also(func(r *personRow) bool { return statuses>>r.status&1 == 1 })
	}
	for _, c := range q.Checks {
		at := 3 * slices.Index(workforce.AllCheckTypes, c.Type)
		if at < 0 {
			also(func(*personRow) bool { return false })
			continue
		}
		var ranks uint8
		for i, s := range workforce.CheckStatusSortOrder {
			if s.Compliant() == c.Compliant {
				ranks |= 1 << (1 + i)
			}
		}
		also(func(r *personRow) bool { return ranks>>(r.checks>>at&7)&1 == 1 })
	}
	if q.DeviceCompliance != nil {
		var want uint8
		if !*q.DeviceCompliance {
			want = personFailing
		}
		also(func(r *personRow) bool { return r.flags&personFailing == want })
	}
	if q.DeviceSource != nil {
		has := sourceSet(*q.DeviceSource)
		also(func(r *personRow) bool { return r.sources&has != 0 })
	}
	if not := sourceSet(q.NotDeviceSources...); not != 0 {
		also(func(r *personRow) bool { return r.sources&not == 0 })
	}
	if since := q.ChangedSince; since > 0 {
		also(func(r *personRow) bool { return p.wide.int(r.changed) > since })
	}
	if groups := slices.Clone(q.GroupIDs); len(groups) > 0 { // the caller's may change
		also(func(r *personRow) bool {
			c := p.groups(r)
			for range c.uint() {
				if slices.Contains(groups, workforce.GroupID(c.int())) {
					return true
				}
			}
			return false
		})
	}
	if email := []byte(q.Email); len(email) > 0 {
		also(func(r *personRow) bool { return bytes.Equal(p.email(nil, r), email) })
	}
	return all(tests)
}

// both joins two conditions; nil is none.
func both[R any](a, b func(*R) bool) func(*R) bool {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return func(r *R) bool { return a(r) && b(r) }
}

// all joins conditions; nil for none.
func all[R any](tests []func(*R) bool) func(*R) bool {
	switch len(tests) {
	case 0:
		return nil
	case 1:
		return tests[0]
	}
	return func(r *R) bool {
		for _, test := range tests {
			if !test(r) {
				return false
			}
		}
		return true
	}
}

func sourceSet(sources ...workforce.DeviceSource) uint16 {
	var set workforce.DeviceSources
	for _, s := range sources {
		if slices.Contains(workforce.AllDeviceSources, s) {
			set = set.With(s)
		}
	}
	return uint16(set)
}

// sorting gives what a sort of the personnel list compares.
func (p *people) sorting(s workforce.PersonnelSort) (keys[personRow], error) {
	if at := 3 * slices.Index(workforce.AllCheckTypes, workforce.CheckType(s)); at >= 0 {
		return keys[personRow]{
			number: func(r *personRow) int64 { return orNone(int64(r.checks>>at&7), 0) }, narrow: true,
			text: p.name,
		}, nil
	}
	switch s {
	case "NAME":
		return keys[personRow]{text: p.name}, nil
	case "EMPLOYMENT_STATUS":
		return keys[personRow]{number: func(r *personRow) int64 { return orNone(int64(r.status), 0) }, narrow: true}, nil
	case "OS_VERSION":
		return keys[personRow]{text: func(r *personRow) []byte { return p.detail(r).system }}, nil
	case "SERIAL_NUM":
		return keys[personRow]{text: func(r *personRow) []byte { return p.detail(r).serialNumber }}, nil
	case "APPS_COUNT":
		return keys[personRow]{number: func(r *personRow) int64 { return orNone(p.wide.int(r.apps), -1) }}, nil
	case "START_DATE":
		return keys[personRow]{number: func(r *personRow) int64 { return orNone(int64(r.start), 0) }}, nil
	case "SEPARATION_DATE":
		return keys[personRow]{number: func(r *personRow) int64 { return orNone(int64(r.separation), 0) }}, nil
	case workforce.SortCreated:
		return keys[personRow]{number: func(r *personRow) int64 { return orNone(p.hiredAt(r), workforce.NoTime) }}, nil
	}
	return keys[personRow]{}, fmt.Errorf("no such sort of personnel: %q", s)
}

// orNone is the number, or none if it stands for an absent one.
func orNone(n, absent int64) int64 {
	if n == absent {
		return none
	}
	return n
}
