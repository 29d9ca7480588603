package document

import (
	"bytes"
	"fmt"
	"testing"
)

// benchCompany fills a cache with personnel records of the usual size: 14 KB,
// three identities whose connections everybody shares, and no reason provider.
func benchCompany(people int) *Cache {
	c := NewCache(1 << 40)
	text := func(n int) []byte { return bytes.Repeat([]byte("x"), n) }
	for id := range int64(4) {
		c.Put(1, Key{V1Connection, id}, Parse(append(AppendHole(text(400), V1Stub, 0), text(500)...)))
	}
	c.Put(1, Key{V1Company, CompanyID}, Parse(text(45)))
	for id := range int64(people) {
		record := append(AppendHole(text(150), V1User, id), text(7000)...)
		record = append(AppendHole(append(AppendSection(record, 1), ','), V1Company, CompanyID), text(50)...)
		c.Put(1, Key{V1Personnel, id}, Parse(append(AppendSection(record, 0), '}')))
		user := text(400)
		for i := range int64(3) {
			user = append(AppendHole(append(user, text(600)...), V1Connection, i), text(300)...)
		}
		c.Put(1, Key{V1User, id}, Parse(user))
		c.Put(1, Key{V1Stub, id}, Parse(text(400)))
	}
	return c
}

// BenchmarkResolve is a warm document by id.
func BenchmarkResolve(b *testing.B) {
	for _, people := range []int{1, 2000} {
		c := benchCompany(people)
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			b.ReportAllocs()
			id := int64(0)
			for b.Loop() {
				d := New()
				if c.Resolve(d, Key{V1Personnel, id}, 1, nil) != nil {
					b.Fatal("cold")
				}
				d.Free()
				id = (id + 7) % int64(people)
			}
		})
		b.Run(fmt.Sprintf("people=%d/parallel", people), func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				id := int64(0)
				for pb.Next() {
					d := New()
					c.Resolve(d, Key{V1Personnel, id}, 1, nil)
					d.Free()
					id = (id + 7) % int64(people)
				}
			})
		})
	}
}

// BenchmarkAppendJSON is what is left to do after that.
func BenchmarkAppendJSON(b *testing.B) {
	d := New()
	benchCompany(1).Resolve(d, Key{V1Personnel, 0}, 1, nil)
	b.SetBytes(int64(d.Len()))
	b.ReportAllocs()
	out := make([]byte, 0, d.Len())
	for b.Loop() {
		out = d.AppendJSON(out[:0])
	}
}

// BenchmarkPage is a warm page of 20, resolved and written.
func BenchmarkPage(b *testing.B) {
	const people = 2000
	c := benchCompany(people)
	comma := []byte{','}
	var out []byte
	b.ReportAllocs()
	id := int64(0)
	for b.Loop() {
		d := New()
		for range 20 {
			if c.Resolve(d, Key{V1Personnel, id}, 3, nil) != nil {
				b.Fatal("cold")
			}
			d.Text(comma)
			id = (id + 7) % people
		}
		out = d.AppendJSON(out[:0])
		b.SetBytes(int64(d.Len()))
		d.Free()
	}
}

// BenchmarkPutFull is a fragment that makes another one leave.
func BenchmarkPutFull(b *testing.B) {
	f := Parse(bytes.Repeat([]byte("x"), 1000))
	c := NewCache(10_000 * (perEntry + f.size()))
	b.ReportAllocs()
	id := int64(0)
	for b.Loop() {
		c.Put(1, Key{V1User, id}, f)
		id++
	}
}
