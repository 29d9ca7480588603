package rest

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// oracle is what encoding/json makes of v with HTML escaping off.
func oracle(t interface{ Fatal(...any) }, v any) string {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
}

func TestAppendStringIsEncodingJSON(t *testing.T) {
	t.Parallel()
	for c := range 0x250 {
		s := "a" + string(rune(c)) + "b" + string([]byte{byte(c)}) + "c"
		if got, want := string(AppendString(nil, s)), oracle(t, s); got != want {
			t.Errorf("AppendString(%q) = %s, want %s", s, got, want)
		}
	}
	for _, s := range []string{"", "\u2028\u2029", "<&>", "\xff\xfe", "\xe2\x80", "日本 🚀", "\xed\xa0\x80", "e\u0301"} {
		if got, want := string(AppendString(nil, s)), oracle(t, s); got != want {
			t.Errorf("AppendString(%q) = %s, want %s", s, got, want)
		}
	}
}

func TestAppendStringProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(
			rapid.String(),
			rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) }),
		).Draw(t, "s")
		if got, want := string(AppendString([]byte("x"), s)), "x"+oracle(t, s); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "plain", "\x00\x1f\"\\\b\f\n\r\t\x7f", "\u2028", "\xff", "é日🚀"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := string(AppendString(nil, s)), oracle(t, s); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

type sample struct {
	ID       int64      `json:"id"`
	Name     string     `json:"name"`
	Email    *string    `json:"email"`
	HasMFA   *bool      `json:"hasMfa"`
	Active   bool       `json:"active"`
	Seen     *string    `json:"seen"`
	Manager  *int64     `json:"manager"`
	Roles    []string   `json:"roles"`
	Children []sample   `json:"children"`
	seen     *time.Time // Seen is its text, for the oracle
}

func (s sample) AppendJSON(b []byte) []byte {
	o := NewObject(b)
	o.Int("id", s.ID)
	o.String("name", s.Name)
	o.StringOrNull("email", s.Email)
	o.BoolOrNull("hasMfa", s.HasMFA)
	o.Bool("active", s.Active)
	o.TimeOrNull("seen", s.seen)
	o.IntOrNull("manager", s.Manager)
	Texts(&o, "roles", s.Roles)
	List(&o, "children", s.Children, func(b []byte, c sample) []byte { return c.AppendJSON(b) })
	return o.End()
}

func drawSample(depth int) *rapid.Generator[sample] {
	return rapid.Custom(func(t *rapid.T) sample {
		s := sample{
			ID:       rapid.Int64().Draw(t, "id"),
			Name:     rapid.String().Draw(t, "name"),
			Email:    rapid.Ptr(rapid.String(), true).Draw(t, "email"),
			HasMFA:   rapid.Ptr(rapid.Bool(), true).Draw(t, "mfa"),
			Active:   rapid.Bool().Draw(t, "active"),
			Manager:  rapid.Ptr(rapid.Int64(), true).Draw(t, "manager"),
			Roles:    append([]string{}, rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "roles")...),
			Children: []sample{},
		}
		if ms := rapid.Ptr(rapid.Int64Range(-1e13, 1e14), true).Draw(t, "seen"); ms != nil {
			at := time.UnixMilli(*ms).In(time.FixedZone("", 3600))
			text := at.UTC().Format("2006-01-02T15:04:05.000Z")
			s.seen, s.Seen = &at, &text
		}
		if depth > 0 {
			s.Children = append(s.Children, rapid.SliceOfN(drawSample(depth-1), 0, 2).Draw(t, "children")...)
		}
		return s
	})
}

func TestObjectIsEncodingJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSample(2).Draw(t, "sample")
		if got, want := string(s.AppendJSON(nil)), oracle(t, s); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}

func TestAppendTimeIsItsLayout(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-1e11, 3e11).Draw(t, "s"), rapid.Int64Range(0, 1e9-1).Draw(t, "ns"))
		if got, want := string(AppendTime(nil, at)), at.UTC().Format(`"2006-01-02T15:04:05.000Z"`); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

func TestObjectShapes(t *testing.T) {
	t.Parallel()
	type id int64
	type kind string
	empty := NewObject([]byte("["))
	if got := string(empty.End()); got != "[{}" {
		t.Errorf("empty object = %s", got)
	}
	o := NewObject(nil)
	o.Null("a")
	NumberOrNull(&o, "b", new(id(7)))
	NumberOrNull[id](&o, "c", nil)
	TextOrNull(&o, "d", new(kind("X")))
	TextOrNull[kind](&o, "e", nil)
	Texts[kind](&o, "f", nil)
	o.Value("g", RawJSON(`{"h":1}`))
	o.Time("i", time.Date(2025, 7, 1, 18, 45, 55, 246_999_999, time.FixedZone("", 7200)))
	want := `{"a":null,"b":7,"c":null,"d":"X","e":null,"f":[],"g":{"h":1},"i":"2025-07-01T16:45:55.246Z"}`
	if got := string(o.End()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestObjectDoesNotAllocate(t *testing.T) { //nolint:paralleltest // AllocsPerRun counts the allocations of all goroutines
	now := time.Date(2025, 7, 1, 16, 45, 55, 0, time.UTC)
	s := sample{Name: "Sálly \"quoted\"", Email: new("a@example.com"), seen: &now, Roles: []string{"ADMIN"}}
	b := make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() { b = s.AppendJSON(b[:0]) }); n != 0 {
		t.Errorf("%v allocations for each object, want none", n)
	}
}

func BenchmarkObject(b *testing.B) {
	now := time.Date(2025, 7, 1, 16, 45, 55, 246e6, time.UTC)
	text := "2025-07-01T16:45:55.246Z"
	s := sample{ID: 12345, Name: "Sally Smith", Email: new("sally@example.com"), HasMFA: new(true), Seen: &text, seen: &now, Roles: []string{"ADMIN", "EMPLOYEE"}}
	for range 10 {
		s.Children = append(s.Children, s)
		s.Children[len(s.Children)-1].Children = nil
	}
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		buf := make([]byte, 0, 16<<10)
		for b.Loop() {
			buf = s.AppendJSON(buf[:0])
		}
		b.SetBytes(int64(len(buf)))
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			raw, err := json.Marshal(s)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(raw)))
		}
	})
}
