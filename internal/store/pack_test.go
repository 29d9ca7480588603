package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

// notPacked are the fields that belong to other records or are not facts.
var notPacked = map[string]bool{
	"PersonnelRecord.User": true, "PersonnelRecord.ReasonProvider": true,
	"UserRecord.Stub": true, "UserRecord.Personnel": true, "IdentityRecord.Connection": true,
}

// fill sets every field that is packed: more asks for how many elements a list
// has and whether an optional value is there, number and text for values.
func fill(v reflect.Value, more func(most int) int, number func() int64, text func() string) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.UnixMilli(number()).UTC()))
		return
	case json.RawMessage:
		if more(1) == 1 {
			b, _ := json.Marshal(text()) // text can be encoded
			v.SetBytes(b)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if !notPacked[v.Type().Name()+"."+v.Type().Field(i).Name] {
				fill(v.Field(i), more, number, text)
			}
		}
	case reflect.Pointer:
		if more(1) == 1 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), more, number, text)
		}
	case reflect.Slice:
		if n := more(3); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				fill(v.Index(i), more, number, text)
			}
		}
	case reflect.Int64:
		v.SetInt(number())
	case reflect.String:
		v.SetString(text())
	case reflect.Bool:
		v.SetBool(number()%2 == 0)
	default:
		panic("a record has a field of kind " + v.Kind().String())
	}
}

func drawn[T any](t *rapid.T) T {
	var v T
	fill(reflect.ValueOf(&v).Elem(),
		func(most int) int { return rapid.IntRange(0, most).Draw(t, "n") },
		func() int64 { return rapid.Int64Range(-1<<50, 1<<50).Draw(t, "number") },
		func() string { return rapid.StringN(0, 5, 20).Draw(t, "text") })
	return v
}

// What is packed is unpacked again: every field of every record, also one that
// is added to the records and forgotten here. Of a pack that was cut nothing is
// believed, and no damage ends the program.
func TestPacksHoldEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rec, user := drawn[workforce.PersonnelRecord](t), drawn[workforce.UserRecord](t)
		var gotRec workforce.PersonnelRecord
		var gotUser workforce.UserRecord
		bodies := [][]byte{packPersonnel(&rec), packUser(&user)}
		if ok, err := unpackPersonnel(string(bodies[0]), &gotRec); !ok || err != nil || !reflect.DeepEqual(gotRec, rec) {
			t.Fatalf("%v, error %v: packed\n%+v\nunpacked\n%+v", ok, err, rec, gotRec)
		}
		if ok, err := unpackUser(string(bodies[1]), &gotUser); !ok || err != nil || !reflect.DeepEqual(gotUser, user) {
			t.Fatalf("%v, error %v: packed\n%+v\nunpacked\n%+v", ok, err, user, gotUser)
		}
		cut := rapid.IntRange(0, len(bodies[0])-1).Draw(t, "cut")
		if ok, _ := unpackPersonnel(string(bodies[0][:cut]), &workforce.PersonnelRecord{}); ok {
			t.Fatalf("a pack of %d bytes was believed when %d were left", len(bodies[0]), cut)
		}
		if ok, _ := unpackUser(string(append(bodies[1], 0)), &workforce.UserRecord{}); ok {
			t.Fatal("a pack with something behind it was believed")
		}
		bodies[1][rapid.IntRange(0, len(bodies[1])-1).Draw(t, "place")] = rapid.Byte().Draw(t, "damage")
		_, _ = unpackUser(string(bodies[1]), &workforce.UserRecord{}) // it comes back
	})
}

// A pack that exists is read by this program: when the bytes change, so does
// packVersion, and with it this digest.
func TestPackVersion(t *testing.T) {
	t.Parallel()
	var rec workforce.PersonnelRecord
	var user workforce.UserRecord
	var next int64
	number := func() int64 { next += 1_000_003; return next }
	for _, v := range []any{&rec, &user} {
		fill(reflect.ValueOf(v).Elem(), func(int) int { return 1 }, number, func() string { return time.UnixMilli(number()).UTC().String() })
	}
	sum := sha256.Sum256(append(packPersonnel(&rec), packUser(&user)...))
	if got := hex.EncodeToString(sum[:8]); got != wantPack[packVersion] {
		t.Errorf("version %d packs to %s, want %s: raise packVersion and add its digest", packVersion, got, wantPack[packVersion])
	}
}

// wantPack has the digest of what each version makes of the same records.
var wantPack = map[byte]string{
	1: "6ed5a9475ff2b4d0",
	2: "df9b4c063e0a42d4",
}
