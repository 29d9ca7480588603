package v1

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/passmuster/passmuster/internal/api/apitest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// usual is a personnel record of the size that a company has: all checks,
// three identities and two devices.
func usual() Personnel {
	r := apitest.Full[workforce.PersonnelRecord]()
	withActiveDevice(&r)
	r.Checks = slices.Repeat(r.Checks, len(workforce.AllCheckTypes))
	r.User.Identities = slices.Repeat(r.User.Identities, 3)
	return toWirePersonnel(r)
}

// BenchmarkEncodePersonnel shows what the append encoders save: see
// docs/adr/0008-append-encoders.md.
func BenchmarkEncodePersonnel(b *testing.B) {
	record := usual()
	size := int64(len(record.AppendJSON(nil)))
	b.Run("append", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		var out []byte
		for b.Loop() {
			out = record.AppendJSON(out[:0])
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(record); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkMapPersonnel is the way from the domain to the wire type.
func BenchmarkMapPersonnel(b *testing.B) {
	r := apitest.Full[workforce.PersonnelRecord]()
	withActiveDevice(&r)
	b.ReportAllocs()
	for b.Loop() {
		toWirePersonnel(r)
	}
}
