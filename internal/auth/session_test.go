package auth

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

var sessionStart = time.Date(2026, 6, 1, 12, 0, 0, 5e8, time.UTC)

func TestNewSessionIsNoLongerThanItsKey(t *testing.T) {
	t.Parallel()
	long := NewSession(workforce.APIKey{ID: 7}, sessionStart)
	if want := sessionStart.Add(SessionMost).Truncate(time.Second); !long.ExpiresAt.Equal(want) || long.KeyID != 7 {
		t.Errorf("got %v, want until %v", long, want)
	}
	short := NewSession(workforce.APIKey{ID: 7, ExpiresAt: workforce.Ptr(sessionStart.Add(time.Hour))}, sessionStart)
	if want := sessionStart.Add(time.Hour).Truncate(time.Second); !short.ExpiresAt.Equal(want) {
		t.Errorf("got %v, want until %v", short, want)
	}
}

func TestSessionSealAndOpen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(t, "secret")
		key := workforce.APIKey{ID: workforce.KeyID(rapid.Int64Min(1).Draw(t, "id"))}
		s := NewSession(key, sessionStart)
		value := s.Seal(secret)
		got, err := OpenSession(secret, value, sessionStart)
		if err != nil || got != s {
			t.Fatalf("opened %v, %v; sealed %v", got, err, s)
		}
		i := rapid.IntRange(0, len(value)-1).Draw(t, "position")
		altered := value[:i] + string(otherDigit(value[i])) + value[i+1:]
		if _, err := OpenSession(secret, altered, sessionStart); !hasReason(err, workforce.ReasonKeyMissing) {
			t.Fatalf("altered at %d: %v", i, err)
		}
	})
}

func TestOpenSessionRefuses(t *testing.T) {
	t.Parallel()
	secret := []byte("a secret of the database")
	s := NewSession(workforce.APIKey{ID: 7}, sessionStart)
	far := Session{KeyID: 7, ExpiresAt: sessionStart.Add(SessionMost + time.Hour)}
	for _, tt := range []struct {
		name, value string
		secret      []byte
		now         time.Time
	}{
		{"over", s.Seal(secret), secret, s.ExpiresAt},
		{"another secret", s.Seal([]byte("another")), secret, sessionStart},
		{"longer than any", far.Seal(secret), secret, sessionStart},
		{"empty", "", secret, sessionStart},
		{"cut", s.Seal(secret)[:20], secret, sessionStart},
		{"not base64", "%%%", secret, sessionStart},
	} {
		if _, err := OpenSession(tt.secret, tt.value, tt.now); !hasReason(err, workforce.ReasonKeyMissing) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, err := OpenSession(secret, s.Seal(secret), s.ExpiresAt.Add(-time.Second)); err != nil {
		t.Errorf("just before its end: %v", err)
	}
}

func FuzzOpenSession(f *testing.F) {
	secret := []byte("a secret of the database")
	f.Add(NewSession(workforce.APIKey{ID: 7}, sessionStart).Seal(secret))
	f.Add("")
	f.Fuzz(func(t *testing.T, value string) {
		s, err := OpenSession(secret, value, sessionStart)
		if err == nil && s.Seal(secret) != value {
			t.Fatalf("%q opens as %v", value, s)
		}
	})
}
