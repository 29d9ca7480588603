package apitest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Full is a record in which every optional fact is known and every list has
// one element. The same call gives the same record.
func Full[T any]() T { return build[T](&full{}) }

// Sparse is a record in which nothing optional is known and every list is
// empty. The same call gives the same record.
func Sparse[T any]() T { return build[T](&sparse{}) }

// choice decides what a record holds.
type choice interface {
	known() bool // whether an optional fact is known
	length() int // of a list
	pick(n int) int
	text(field string) string
	number() int64
	instant() time.Time
	date() workforce.Date
	json() json.RawMessage
	truth() bool
}

func build[T any](c choice) T {
	var record T
	(&builder{choice: c}).fill(reflect.ValueOf(&record).Elem(), "")
	return record
}

// builder fills records by reflection. It follows the two rules of the domain
// that types cannot say: inside an identity, users are stubs; and some facts
// are always known (see always).
type builder struct {
	choice
	inIdentity bool
}

var enums = map[reflect.Type][]string{
	typeOf[workforce.EmploymentStatus]():      texts(workforce.AllEmploymentStatuses),
	typeOf[workforce.CheckType]():             texts(workforce.AllCheckTypes),
	typeOf[workforce.CheckStatus]():           texts(workforce.AllCheckStatuses),
	typeOf[workforce.CheckFrequency]():        texts(workforce.AllCheckFrequencies),
	typeOf[workforce.BackgroundCheckStatus](): texts(workforce.AllBackgroundCheckStatuses),
	typeOf[workforce.BackgroundCheckType]():   texts(workforce.AllBackgroundCheckTypes),
	typeOf[workforce.BackgroundCheckSource](): texts(workforce.AllBackgroundCheckSources),
	typeOf[workforce.DocumentType]():          texts(workforce.AllDocumentTypes),
	typeOf[workforce.DeviceSource]():          texts(workforce.AllDeviceSources),
	typeOf[workforce.ConnectionState]():       texts(workforce.AllConnectionStates),
	typeOf[workforce.ClientType]():            texts(workforce.AllClientTypes()),
	typeOf[workforce.AccountKind]():           texts(workforce.AllAccountKinds),
	typeOf[workforce.Role]():                  texts(workforce.AllRoles),
	typeOf[workforce.PinField]():              texts(workforce.AllPinFields),
	typeOf[workforce.LinkMethod]():            texts(workforce.AllLinkMethods),
	typeOf[workforce.Plan]():                  texts(workforce.AllPlans),
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

func texts[S ~string](all []S) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = string(s)
	}
	return out
}

func (b *builder) fill(v reflect.Value, field string) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(b.instant()))
		return
	case workforce.Date:
		v.SetString(string(b.date()))
		return
	case json.RawMessage:
		if b.known() {
			v.SetBytes(b.json())
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if b.known() {
			v.Set(reflect.New(v.Type().Elem()))
			b.fill(v.Elem(), field)
		}
	case reflect.Slice:
		n := b.length()
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range v.Len() {
			b.fill(v.Index(i), field)
		}
	case reflect.Struct:
		b.fillStruct(v)
	case reflect.String:
		if all, ok := enums[v.Type()]; ok {
			v.SetString(all[b.pick(len(all))])
			return
		}
		v.SetString(b.text(field))
	case reflect.Bool:
		v.SetBool(b.truth())
	case reflect.Int, reflect.Int64:
		v.SetInt(b.number())
	default:
		panic(fmt.Sprintf("apitest: no rule for %s (%s)", field, v.Type()))
	}
}

func (b *builder) fillStruct(v reflect.Value) {
	switch v.Interface().(type) {
	case workforce.IdentityRecord:
		defer func(was bool) { b.inIdentity = was }(b.inIdentity)
		b.inIdentity = true
	case workforce.UserRecord:
		if b.inIdentity {
			b.fill(v.FieldByName("User"), "")
			v.FieldByName("Stub").SetBool(true)
			return
		}
	}
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		switch {
		case name == "Stub":
		case always(v, name):
			v.Field(i).Set(reflect.New(v.Field(i).Type().Elem()))
			b.fill(v.Field(i).Elem(), name)
		default:
			b.fill(v.Field(i), name)
		}
	}
}

// always tells the pointers that the store never leaves nil: what a record
// belongs to.
func always(v reflect.Value, field string) bool {
	switch v.Interface().(type) {
	case workforce.PersonnelRecord:
		return field == "User"
	case workforce.IdentityRecord, workforce.AccountRecord:
		return field == "Connection"
	default:
		return false
	}
}

// full knows everything.
type full struct{ count int }

func (f *full) next() int            { f.count++; return f.count }
func (f *full) known() bool          { return true }
func (f *full) truth() bool          { return true }
func (f *full) length() int          { return 1 }
func (f *full) pick(int) int         { return 0 }
func (f *full) number() int64        { return int64(f.next()) }
func (f *full) date() workforce.Date { return workforce.DateOf(f.instant()) }

func (f *full) instant() time.Time {
	return time.Date(2025, 7, 1, 16, 45, 55, 246e6, time.UTC).Add(time.Duration(f.next()) * 25 * time.Hour)
}

func (f *full) json() json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"detail":"<%d> & more"}`, f.next()))
}

func (f *full) text(field string) string {
	n := f.next()
	switch {
	case strings.Contains(field, "Email"):
		return fmt.Sprintf("person%d@example.com", n)
	case strings.HasSuffix(field, "URL"), field == "Logo":
		return fmt.Sprintf("https://files.example.com/%d", n)
	}
	return fmt.Sprintf("%s %d", field, n)
}

// sparse knows nothing that need not be known.
type sparse struct{ full }

func (*sparse) known() bool { return false }
func (*sparse) truth() bool { return false }
func (*sparse) length() int { return 0 }
