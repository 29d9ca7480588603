package rest

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

func TestCursorRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(t, "secret")
		payload := rapid.SliceOfN(rapid.Byte(), 0, 500).Draw(t, "payload")
		text := EncodeCursor(secret, payload)
		got, err := DecodeCursor(secret, text)
		if err != nil || !bytes.Equal(got, payload) {
			t.Fatalf("DecodeCursor = %q, %v; want %q", got, err, payload)
		}
		if _, err := DecodeCursor(append(secret, 'x'), text); err == nil {
			t.Fatal("another secret opened the cursor")
		}
	})
}

func TestCursorRefusesEveryAlteration(t *testing.T) {
	t.Parallel()
	secret := []byte("a secret")
	text := EncodeCursor(secret, []byte(`{"after":17,"sort":"createdAt"}`))
	refuse := func(s string) {
		t.Helper()
		_, err := DecodeCursor(secret, s)
		f, ok := err.(*workforce.Fault)
		if !ok || f.Field != "cursor" || f.Kind() != workforce.KindInvalid || !strings.Contains(f.Message, "cursor") {
			t.Errorf("DecodeCursor(%q) = %v, want a fault on cursor", s, err)
		}
	}
	for i := range len(text) {
		for _, c := range []byte("Aa0_-=+/ ") {
			if text[i] != c {
				refuse(text[:i] + string(c) + text[i+1:])
			}
		}
		refuse(text[:i])
	}
	for _, s := range []string{"", "null", "undefined", text + "A", text + "=", text + text, " " + text, strings.Repeat("A", 1<<20)} {
		refuse(s)
	}
}

func FuzzDecodeCursor(f *testing.F) {
	secret := []byte("a secret")
	f.Add(EncodeCursor(secret, []byte("payload")))
	f.Add("")
	f.Add("AQ")
	f.Fuzz(func(t *testing.T, s string) {
		payload, err := DecodeCursor(secret, s)
		if err == nil && EncodeCursor(secret, payload) != s {
			t.Fatalf("%q decodes to %q, which encodes differently", s, payload)
		}
	})
}
