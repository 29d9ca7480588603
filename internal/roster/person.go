package roster

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"

	"github.com/passmuster/passmuster/internal/workforce"
)

// A personRow is what of a user and their personnel record filters look at
// most. It holds no pointer, and old versions of it stay readable until the
// arena is compacted.
type personRow struct {
	user, personnel, changed int64
	checks                   workforce.CheckStatuses
	at                       uint32 // of the rest, in the arena
	sources                  uint16 // of active devices
	status                   uint8  // 1 + place in AllEmploymentStatuses; 0: none
	flags                    uint8
}

const (
	personStub    = 1 << iota // an account names the user, who has not been told of
	personFailing             // an active device of theirs fails
)

type people struct {
	table[personRow]
	arena       arena
	byUser      idIndex
	byPersonnel idIndex
	byEmail     textIndex
	grams       grams
	scratch     []byte // of encode: texts
	run         []byte // of encode: what it gives
}

func newPeople() *people {
	p := &people{grams: grams{from: gramsFrom, most: gramsMost}}
	p.byEmail = newTextIndex(func(row uint32) []byte { d := p.detail(&p.rows[row]); return d.email() })
	p.order = func(row *personRow) int64 { return row.user }
	return p
}

// person is the rest of a row.
type person struct {
	nameSize, emailSize     uint64
	text                    []byte // name, e-mail, and first and last name unless they are pieces of these
	first, last             span
	created, updated, hired int64
	start, separation       int64 // as numbers, 20260131; 0: absent
	apps                    int64
	osVersion, serialNumber []byte
	groupCount              uint64
	groups                  cursor
}

func (p *person) name() []byte  { return p.text[:p.nameSize] }
func (p *person) email() []byte { return p.text[p.nameSize : p.nameSize+p.emailSize] }

// own is the part of the text if it is not a piece of the name.
func (p *person) own(s span) []byte {
	if s.from < p.nameSize+p.emailSize {
		return nil
	}
	return s.of(p.text)
}

// encode writes the rest of a person as detail reads it. The next call writes
// over it.
func (p *people) encode(in *workforce.ListedPerson) []byte {
	text := append(p.scratch[:0], in.NameKey...)
	text = append(text, in.EmailKey...)
	text, first := place(text, len(in.NameKey), in.FirstKey)
	text, last := place(text, len(in.NameKey), in.LastKey)
	p.scratch = text
	b := binary.AppendUvarint(p.run[:0], uint64(len(in.NameKey)))
	b = binary.AppendUvarint(b, uint64(len(in.EmailKey)))
	b = binary.AppendUvarint(b, uint64(len(text)))
	b = append(b, text...)
	b = appendSpan(appendSpan(b, first), last)
	b = binary.AppendVarint(b, in.CreatedAt)
	b = binary.AppendVarint(b, in.UpdatedAt-in.CreatedAt)
	b = binary.AppendVarint(b, in.HiredAt-in.CreatedAt)
	b = binary.AppendUvarint(b, dateNumber(in.StartDate))
	b = binary.AppendUvarint(b, dateNumber(in.SeparationDate))
	b = binary.AppendVarint(b, in.Devices.AppsCount)
	for _, s := range []string{in.Devices.OSVersionKey, in.Devices.SerialNumberKey} {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	b = binary.AppendUvarint(b, uint64(len(in.GroupIDs)))
	for _, id := range in.GroupIDs {
		b = binary.AppendVarint(b, int64(id))
	}
	p.run = b
	return b
}

func (p *people) detail(row *personRow) person {
	c := cursor{p.arena.run(row.at)}
	var d person
	d.nameSize, d.emailSize = c.uint(), c.uint()
	d.text = c.take(c.uint())
	d.first, d.last = c.span(), c.span()
	d.created = c.int()
	d.updated, d.hired = d.created+c.int(), d.created+c.int()
	d.start, d.separation = int64(c.uint()), int64(c.uint())
	d.apps = c.int()
	d.osVersion, d.serialNumber = c.take(c.uint()), c.take(c.uint())
	d.groupCount, d.groups = c.uint(), c
	return d
}

// name and texts read no further than they have to.
func (p *people) name(row *personRow) []byte {
	c := cursor{p.arena.run(row.at)}
	size := c.uint()
	c.uint()
	c.uint()
	return c.b[:size]
}

func (p *people) texts(row *personRow) []byte {
	c := cursor{p.arena.run(row.at)}
	c.uint()
	c.uint()
	return c.take(c.uint())
}

// dateNumber is a day as a number that sorts alike. A [workforce.Date] is
// always written as 2026-01-31.
func dateNumber(d workforce.Date) uint64 {
	if len(d) != len("2026-01-31") {
		return 0
	}
	n, err := strconv.ParseUint(string(d[:4]+d[5:7]+d[8:]), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// row makes a row of a record and adds the rest of it to the arena.
func (p *people) row(in *workforce.ListedPerson) personRow {
	out := personRow{
		user: int64(in.UserID), personnel: int64(in.PersonnelID), changed: in.ChangedAt, checks: in.Checks,
		sources: uint16(in.Devices.Sources),
		status:  uint8(1 + slices.Index(workforce.AllEmploymentStatuses, in.Status)),
	}
	if in.Devices.Failing > 0 {
		out.flags |= personFailing
	}
	out.at = p.arena.add(p.encode(in))
	return out
}

// stub makes a row for a user of whom nothing but the number is known.
func (p *people) stub(user int64) personRow {
	out := p.row(&workforce.ListedPerson{UserID: workforce.UserID(user)})
	out.flags |= personStub
	return out
}

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
		also(func(r *personRow) bool { return r.changed > since })
	}
	if groups := slices.Clone(q.GroupIDs); len(groups) > 0 { // the caller's may change
		also(func(r *personRow) bool {
			d := p.detail(r)
			for range d.groupCount {
				if slices.Contains(groups, workforce.GroupID(d.groups.int())) {
					return true
				}
			}
			return false
		})
	}
	if email := []byte(q.Email); len(email) > 0 {
		also(func(r *personRow) bool { d := p.detail(r); return bytes.Equal(d.email(), email) })
	}
	return all(tests)
}

// contains gives the condition that a person's name or e-mail has the text.
func (p *people) contains(part string) func(*personRow) bool {
	text := []byte(part)
	if len(text) == 0 {
		return nil
	}
	return func(r *personRow) bool {
		if !bytes.Contains(p.texts(r), text) {
			return false
		}
		d := p.detail(r)
		return bytes.Contains(d.name(), text) || bytes.Contains(d.email(), text) ||
			bytes.Contains(d.own(d.first), text) || bytes.Contains(d.own(d.last), text)
	}
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
			number: func(r *personRow) int64 { return orNone(int64(r.checks>>at&7), 0) },
			text:   p.name,
		}, nil
	}
	number := func(f func(*person) int64, absent int64) (keys[personRow], error) {
		return keys[personRow]{number: func(r *personRow) int64 {
			d := p.detail(r)
			return orNone(f(&d), absent)
		}}, nil
	}
	switch s {
	case "NAME":
		return keys[personRow]{text: p.name}, nil
	case "EMPLOYMENT_STATUS":
		return keys[personRow]{number: func(r *personRow) int64 { return orNone(int64(r.status), 0) }}, nil
	case "OS_VERSION":
		return keys[personRow]{text: func(r *personRow) []byte { return p.detail(r).osVersion }}, nil
	case "SERIAL_NUM":
		return keys[personRow]{text: func(r *personRow) []byte { return p.detail(r).serialNumber }}, nil
	case "APPS_COUNT":
		return number(func(d *person) int64 { return d.apps }, -1)
	case "START_DATE":
		return number(func(d *person) int64 { return d.start }, 0)
	case "SEPARATION_DATE":
		return number(func(d *person) int64 { return d.separation }, 0)
	case workforce.SortCreated:
		return number(func(d *person) int64 { return d.hired }, workforce.NoTime)
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
