package store

import (
	"encoding/binary"
	"encoding/json"
	"time"
)

// packer writes values one after the other, or reads them in the same order:
// what a pack holds is said once, by the functions below.
type packer struct {
	out     []byte // what was written so far
	in      string // what is read; from at on, it is still to be read
	at      int    // an offset: text cut for each number is a pointer to write for each
	reading bool
	damaged bool // there was less to read than was asked for
	texts   []string
	times   []time.Time
}

// number is a number as eight bits or more: small ones are short.
func (p *packer) number(v *int64) {
	if !p.reading {
		p.out = binary.AppendVarint(p.out, *v)
		return
	}
	var u uint64
	at := p.at
	for shift := 0; ; shift += 7 {
		if at >= len(p.in) || shift > 63 {
			p.damage()
			return
		}
		b := p.in[at]
		at++
		u |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	p.at = at
	*v = int64(u>>1) ^ -int64(u&1)
}

// damage ends the reading: there is nothing more.
func (p *packer) damage() { p.damaged, p.at = true, len(p.in) }

// length is how long a list or a text is. No element takes less than a byte,
// so that damage cannot ask for more memory than there are bytes.
func (p *packer) length(n int) int {
	v := int64(n)
	p.number(&v)
	if p.reading && (v < 0 || v > int64(len(p.in)-p.at)) {
		p.damage()
		return 0
	}
	return int(v)
}

func (p *packer) text(s *string) {
	n := p.length(len(*s))
	if !p.reading {
		p.out = append(p.out, *s...)
		return
	}
	*s = p.in[p.at : p.at+n]
	p.at += n
}

func (p *packer) bool(v *bool) {
	n := bit(*v)
	p.number(&n)
	*v = n != 0
}

// time is an instant, in milliseconds.
func (p *packer) time(t *time.Time) {
	var n int64
	if !p.reading {
		n = t.UnixMilli()
	}
	p.number(&n)
	if p.reading {
		*t = time.UnixMilli(n).UTC()
	}
}

// present says whether there is a value.
func (p *packer) present(has bool) bool {
	p.bool(&has)
	return has && !p.damaged
}

func (p *packer) textOpt(s **string) {
	if !p.present(*s != nil) {
		return
	}
	if p.reading {
		*s = slot(&p.texts)
	}
	p.text(*s)
}

func (p *packer) timeOpt(t **time.Time) {
	if !p.present(*t != nil) {
		return
	}
	if p.reading {
		*t = slot(&p.times)
	}
	p.time(*t)
}

// slot gives room for one value; it is made for many at a time.
func slot[T any](room *[]T) *T {
	if len(*room) == 0 {
		*room = make([]T, 32)
	}
	first := &(*room)[0]
	*room = (*room)[1:]
	return first
}

func (p *packer) numberOpt(v **int64) {
	if !p.present(*v != nil) {
		return
	}
	if p.reading {
		*v = new(int64)
	}
	p.number(*v)
}

func (p *packer) boolOpt(v **bool) {
	if !p.present(*v != nil) {
		return
	}
	if p.reading {
		*v = new(bool)
	}
	p.bool(*v)
}

func (p *packer) json(raw *json.RawMessage) {
	if !p.present(len(*raw) > 0) {
		return
	}
	s := string(*raw)
	p.text(&s)
	if p.reading {
		*raw = json.RawMessage(s)
	}
}

// packedWord is a text of a named type.
func packedWord[T ~string](p *packer, v *T) {
	s := string(*v)
	p.text(&s)
	*v = T(s)
}

func packedWordOpt[T ~string](p *packer, v **T) {
	if !p.present(*v != nil) {
		return
	}
	if p.reading {
		*v = new(T)
	}
	packedWord(p, *v)
}

// packedID is a number of a named type.
func packedID[T ~int64](p *packer, v *T) {
	n := int64(*v)
	p.number(&n)
	*v = T(n)
}

func packedIDOpt[T ~int64](p *packer, v **T) {
	if !p.present(*v != nil) {
		return
	}
	if p.reading {
		*v = new(T)
	}
	packedID(p, *v)
}

// packedList is a list of anything; an empty one is read as nil.
func packedList[T any](p *packer, of *[]T, element func(*T)) {
	n := p.length(len(*of))
	if p.reading && n > 0 {
		*of = make([]T, n)
	}
	for i := range n {
		element(&(*of)[i])
	}
}
