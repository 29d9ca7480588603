package auth

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
)

func TestGenerateMakesWellFormedKeys(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 500 {
		key, err := Generate(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if len(key) != keyLength || !strings.HasPrefix(key, "pmk_") {
			t.Fatalf("key has the wrong shape: %d characters", len(key))
		}
		if err := Check(key); err != nil {
			t.Fatalf("a generated key does not pass its own check: %v", err)
		}
		if seen[key] {
			t.Fatal("the same key twice")
		}
		seen[key] = true
	}
}

// The format is a promise to secret scanners and to stored hashes: these
// two (worked out by another program) must never change.
func TestGenerateIsStable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		bits []byte
		want string
	}{
		{make([]byte, 32), "pmk_00000000000000000000000000000000000000000004MNA7O"},
		{bytes.Repeat([]byte{0xFF}, 32), "pmk_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp11H7dhi"},
	} {
		if key, err := Generate(bytes.NewReader(tt.bits)); err != nil || key != tt.want {
			t.Errorf("got %q, %v; want %q", key, err, tt.want)
		}
	}
}

func TestGenerateRefusesAShortSource(t *testing.T) {
	t.Parallel()
	broken := errors.New("no entropy")
	for name, r := range map[string]*bytes.Reader{"short": bytes.NewReader(make([]byte, 31)), "empty": bytes.NewReader(nil)} {
		if key, err := Generate(r); err == nil || key != "" {
			t.Errorf("%s: got %q, %v", name, key, err)
		}
	}
	if _, err := Generate(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("the source's error is lost: %v", err)
	}
}

func TestCheckRejectsGarbage(t *testing.T) {
	t.Parallel()
	key, err := Generate(bytes.NewReader([]byte("0123456789abcdef0123456789abcdef")))
	if err != nil {
		t.Fatal(err)
	}
	swap := func(i int, c byte) string {
		b := []byte(key)
		b[i] = c
		return string(b)
	}
	for name, s := range map[string]string{
		"empty":              "",
		"prefix only":        "pmk_",
		"cut":                key[:len(key)-1],
		"longer":             key + "0",
		"space before":       " " + key[1:],
		"other prefix":       "pmx_" + key[4:],
		"upper-case prefix":  "PMK_" + key[4:],
		"underscore inside":  swap(20, '_'),
		"NUL inside":         swap(20, 0),
		"non-ASCII inside":   key[:20] + "é" + key[22:],
		"one digit changed":  swap(10, otherDigit(key[10])),
		"checksum changed":   swap(len(key)-1, otherDigit(key[len(key)-1])),
		"neighbours swapped": swapNeighbours(key),
	} {
		if Check(s) == nil {
			t.Errorf("%s: %q passes", name, s)
		}
	}
}

func TestHintAndHash(t *testing.T) {
	t.Parallel()
	const key = "pmk_abcdefghij"
	if got := Hint(key); got != "pmk_abcd…" {
		t.Errorf("Hint = %q", got)
	}
	if got := Hint("pmk"); got != "…" {
		t.Errorf("Hint of a short text = %q: it must not be the text itself", got)
	}
	if Hash(key) != sha256.Sum256([]byte(key)) {
		t.Error("Hash is not SHA-256 of the whole key")
	}
}

func FuzzCheck(f *testing.F) {
	key, err := Generate(bytes.NewReader(make([]byte, 32)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(key)
	f.Add("")
	f.Add("pmk_")
	f.Add(strings.Repeat("0", keyLength))
	f.Fuzz(func(t *testing.T, s string) {
		if Check(s) != nil {
			return
		}
		if sum := checksum(s[:len(s)-keySum]); len(s) != keyLength || s[len(s)-keySum:] != string(sum[:]) {
			t.Fatalf("%q passes", s)
		}
	})
}

func otherDigit(c byte) byte {
	if c == 'A' {
		return 'B'
	}
	return 'A'
}

func swapNeighbours(s string) string {
	b := []byte(s)
	for i := 5; i < len(b)-keySum; i++ {
		if b[i] != b[i-1] {
			b[i], b[i-1] = b[i-1], b[i]
			return string(b)
		}
	}
	return ""
}
