package roster

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strconv"

	"github.com/passmuster/passmuster/internal/workforce"
)

// A personRow is what of a user and their personnel record filters look at
// most, and all numbers that sorts compare. It holds no pointer, and old
// versions of it stay readable until the arena is compacted.
type personRow struct {
	checks                           workforce.CheckStatuses
	user, personnel, changed         small
	apps                             small
	start, separation                uint32 // as numbers, 20260131; 0: absent
	at                               uint32 // of the rest, in the arena
	created, updated, hired          uint32 // instants without their top bits
	createdTop, updatedTop, hiredTop uint8
	status                           uint8  // 1 + place in AllEmploymentStatuses; 0: none
	sources                          uint16 // of active devices
	flags                            uint8
}

const (
	personStub    = 1 << iota // an account names the user, who has not been told of
	personFailing             // an active device of theirs fails
)

type people struct {
	table[personRow]
	wide        wide
	arena       arena
	domains     dictionary // of e-mail addresses, with the @
	systems     dictionary // of devices
	byUser      idIndex
	byPersonnel idIndex
	byEmail     textIndex
	grams       grams
	hired       rowSet // rows with a personnel record
	stubs       int    // rows that are stubs
	scratch     []byte // of encode: texts
	run         []byte // of encode: what it gives
}

func newPeople() *people {
	p := &people{
		grams: grams{from: gramsFrom, most: gramsMost}, domains: newDictionary(mostTexts), systems: newDictionary(mostTexts),
	}
	p.byEmail = newTextIndex(func(into []byte, row uint32) []byte { return p.email(into, &p.rows[row]) })
	return p
}

func (p *people) userID(row *personRow) int64      { return p.wide.int(row.user) }
func (p *people) personnelID(row *personRow) int64 { return p.wide.int(row.personnel) }

func (p *people) createdAt(r *personRow) int64 {
	return p.wide.instant(uint64(r.createdTop)<<32 | uint64(r.created))
}

func (p *people) updatedAt(r *personRow) int64 {
	return p.wide.instant(uint64(r.updatedTop)<<32 | uint64(r.updated))
}

func (p *people) hiredAt(r *personRow) int64 {
	return p.wide.instant(uint64(r.hiredTop)<<32 | uint64(r.hired))
}

// personTexts is what of a person is searched.
type personTexts struct {
	nameSize, localSize uint64
	text                []byte // name, e-mail up to the domain, and first and last name unless they are pieces of these
	domain              uint32
	rest                cursor
}

func (p *personTexts) name() []byte  { return p.text[:p.nameSize] }
func (p *personTexts) local() []byte { return p.text[p.nameSize : p.nameSize+p.localSize] }

// own are first and last name, as far as they are not pieces of the name.
func (p *personTexts) own() [2][]byte {
	var out [2][]byte
	if uint64(len(p.text)) > p.nameSize+p.localSize {
		c := p.rest
		for i := range out {
			if s := c.span(); s.from >= p.nameSize+p.localSize {
				out[i] = s.of(p.text)
			}
		}
	}
	return out
}

// person is the rest of a row.
type person struct {
	personTexts
	first, last  span
	system       []byte
	serialNumber []byte
	groups       cursor // how many, and their ids
}

// splitEmail gives the two parts of an e-mail address; the second begins with
// the @.
func splitEmail(email string) (local, domain string) {
	for at := len(email) - 1; at >= 0; at-- {
		if email[at] == '@' {
			return email[:at], email[at:]
		}
	}
	return email, ""
}

// encode writes the rest of a person as detail reads it. The next call writes
// over it.
func (p *people) encode(in *workforce.ListedPerson) []byte {
	local, end := splitEmail(in.EmailKey)
	domain := p.domains.place([]byte(end))
	if domain == 0 {
		local = in.EmailKey
	}
	text := append(p.scratch[:0], in.NameKey...)
	text = append(text, local...)
	text, first := place(text, len(in.NameKey), in.FirstKey)
	text, last := place(text, len(in.NameKey), in.LastKey)
	p.scratch = text
	b := binary.AppendUvarint(p.run[:0], uint64(len(in.NameKey)))
	b = binary.AppendUvarint(b, uint64(len(local)))
	b = binary.AppendUvarint(b, uint64(len(text)))
	b = append(b, text...)
	b = binary.AppendUvarint(b, uint64(domain))
	b = appendSpan(appendSpan(b, first), last)
	system := p.systems.place([]byte(in.Devices.OSVersionKey))
	b = binary.AppendUvarint(b, uint64(system))
	if system == 0 {
		b = append(binary.AppendUvarint(b, uint64(len(in.Devices.OSVersionKey))), in.Devices.OSVersionKey...)
	}
	b = append(binary.AppendUvarint(b, uint64(len(in.Devices.SerialNumberKey))), in.Devices.SerialNumberKey...)
	b = binary.AppendUvarint(b, uint64(len(in.GroupIDs)))
	for _, id := range in.GroupIDs {
		b = binary.AppendVarint(b, int64(id))
	}
	p.run = b
	return b
}

func (p *people) detail(row *personRow) person {
	d := person{personTexts: p.texts(row)}
	c := d.rest
	d.first, d.last = c.span(), c.span()
	if system := c.uint(); system > 0 {
		d.system = p.systems.texts[system]
	} else {
		d.system = c.take(c.uint())
	}
	d.serialNumber = c.take(c.uint())
	d.groups = c
	return d
}

// texts reads no further than it has to, as do the others below.
func (p *people) texts(row *personRow) personTexts {
	c := cursor{p.arena.run(row.at)}
	d := personTexts{nameSize: c.uint(), localSize: c.uint()}
	d.text = c.take(c.uint())
	d.domain = uint32(c.uint())
	d.rest = c
	return d
}

func (p *people) name(row *personRow) []byte {
	c := cursor{p.arena.run(row.at)}
	size := c.uint()
	c.uint()
	c.uint()
	return c.b[:size]
}

func (p *people) groups(row *personRow) cursor {
	c := cursor{p.arena.run(row.at)}
	c.uint()
	c.uint()
	c.take(c.uint())
	for range 5 { // domain, first and last name
		c.uint()
	}
	if c.uint() == 0 {
		c.take(c.uint())
	}
	c.take(c.uint())
	return c
}

// searched is all that is searched, as bytes that differ if it does.
func (p *people) searched(row *personRow) []byte {
	run := p.arena.run(row.at)
	d := p.texts(row)
	c := d.rest
	c.span()
	c.span()
	return run[:len(run)-len(c.b)]
}

// email appends the e-mail address.
func (p *people) email(into []byte, row *personRow) []byte {
	d := p.texts(row)
	return append(append(into, d.local()...), p.domains.texts[d.domain]...)
}

// dateNumber is a day as a number that sorts alike. A [workforce.Date] is
// always written as 2026-01-31.
func dateNumber(d workforce.Date) uint32 {
	if len(d) != len("2026-01-31") {
		return 0
	}
	n, err := strconv.ParseUint(string(d[:4]+d[5:7]+d[8:]), 10, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// row makes a row of a record and adds the rest of it to the arena.
func (p *people) row(in *workforce.ListedPerson) personRow {
	w := &p.wide
	created, updated, hired := w.packInstant(in.CreatedAt), w.packInstant(in.UpdatedAt), w.packInstant(in.HiredAt)
	out := personRow{
		user: w.small(int64(in.UserID)), personnel: w.small(int64(in.PersonnelID)), changed: w.small(in.ChangedAt),
		apps: w.small(in.Devices.AppsCount), checks: in.Checks, sources: uint16(in.Devices.Sources),
		start: dateNumber(in.StartDate), separation: dateNumber(in.SeparationDate),
		status:  uint8(1 + slices.Index(workforce.AllEmploymentStatuses, in.Status)),
		created: uint32(created), createdTop: uint8(created >> 32),
		updated: uint32(updated), updatedTop: uint8(updated >> 32),
		hired: uint32(hired), hiredTop: uint8(hired >> 32),
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

// A needle is a text that is looked for in names and e-mail addresses.
type needle struct {
	part    []byte
	domains []domainHit // of those that have been met
}

type domainHit struct {
	whole  bool  // the domain has it
	splits []int // so much of it may end what is before the domain, which begins with the others
}

func (n *needle) in(domain uint32, d *dictionary) *domainHit {
	for at := len(n.domains); at <= int(domain); at++ {
		text := d.texts[at]
		hit := domainHit{whole: bytes.Contains(text, n.part)}
		for i := 1; i < len(n.part); i++ {
			if bytes.HasPrefix(text, n.part[i:]) {
				hit.splits = append(hit.splits, i)
			}
		}
		n.domains = append(n.domains, hit)
	}
	return &n.domains[domain]
}

// contains gives the condition that a person's name or e-mail has the text.
// Only who has the turn may ask for it.
func (p *people) contains(part string) func(*personRow) bool {
	if part == "" {
		return nil
	}
	n := &needle{part: []byte(part)}
	return func(r *personRow) bool {
		c := cursor{p.arena.run(r.at)}
		name, local := int(c.uint()), int(c.uint())
		text := c.take(c.uint())
		at := bytes.Index(text, n.part)
		if end := at + len(n.part); at >= 0 && (end <= name || at >= name && end <= name+local) {
			return true // as it is mostly
		}
		hit := n.in(uint32(c.uint()), &p.domains)
		if hit.whole || at >= 0 && bytes.Contains(text[name:name+local], n.part) {
			return true
		}
		for _, split := range hit.splits {
			if bytes.HasSuffix(text[name:name+local], n.part[:split]) {
				return true
			}
		}
		if at < 0 || len(text) == name+local {
			return false
		}
		d := p.texts(r)
		for _, own := range d.own() {
			if bytes.Contains(own, n.part) {
				return true
			}
		}
		return false
	}
}

// isNamed reports whether the folded first and last names begin like that.
func (p *people) isNamed(r *personRow, first, last []byte) bool {
	d := p.detail(r)
	return bytes.HasPrefix(d.first.of(d.text), first) && bytes.HasPrefix(d.last.of(d.text), last)
}
