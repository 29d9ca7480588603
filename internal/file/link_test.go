package file_test

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/workforce"
)

var (
	secret = []byte("a secret of the database")
	noon   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	hashA  = strings.Repeat("0f", 32)
)

func sign(tb rapid.TB, l file.Link) string {
	tb.Helper()
	token, err := file.Sign(secret, l)
	if err != nil {
		tb.Fatalf("signing %+v: %v", l, err)
	}
	return token
}

func TestALinkWorksUntilItExpires(t *testing.T) {
	t.Parallel()
	l := file.Link{Kind: "document", ID: 7, Hash: hashA, Name: "Zürich 1.pdf", Expires: noon.Add(file.LinkLife)}
	token := sign(t, l)
	if url.QueryEscape(token) != token || len(token) > 200 || sign(t, l) != token {
		t.Errorf("the token is %s", token)
	}
	for at, want := range map[time.Duration]error{
		-time.Hour: nil, 0: nil, file.LinkLife - time.Millisecond: nil,
		file.LinkLife: file.ErrExpiredLink, time.Hour: file.ErrExpiredLink,
	} {
		got, err := file.Check(secret, token, noon.Add(at))
		if !errors.Is(err, want) || want == nil && (err != nil || got != l) || want != nil && got != (file.Link{}) {
			t.Errorf("after %s: %+v, %v; want %v", at, got, err, want)
		}
	}
}

func TestALinkThatIsNotOursIsRefused(t *testing.T) {
	t.Parallel()
	token := sign(t, file.Link{Kind: "document", ID: 7, Hash: hashA, Name: "a.pdf", Expires: noon.Add(time.Hour)})
	raw, err := base64.RawURLEncoding.DecodeString(token)
	must(t, err)
	newer := append([]byte{2}, raw[1:]...)
	for name, c := range map[string]struct {
		secret []byte
		token  string
	}{
		"empty":           {secret, ""},
		"no base64":       {secret, "%%%"},
		"padded":          {secret, token + "="},
		"cut off":         {secret, token[:len(token)-1]},
		"short":           {secret, "AQ"},
		"long":            {secret, token + strings.Repeat("A", 4000)},
		"another version": {secret, base64.RawURLEncoding.EncodeToString(newer)},
		"another secret":  {[]byte("of another database"), token},
		"no secret":       {nil, token},
	} {
		if l, err := file.Check(c.secret, c.token, noon); !errors.Is(err, file.ErrForeignLink) || l != (file.Link{}) {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
	for name, l := range map[string]file.Link{
		"no hash":         {Kind: "document", Expires: noon},
		"a hash of large": {Kind: "document", Hash: strings.Repeat("0F", 32), Expires: noon},
		"a long name":     {Kind: "document", Hash: hashA, Name: strings.Repeat("x", 256), Expires: noon},
		"a long kind":     {Kind: strings.Repeat("x", 65), Hash: hashA, Expires: noon},
	} {
		if _, err := file.Sign(secret, l); err == nil {
			t.Errorf("%s was signed", name)
		}
	}
}

// Every link comes back as it was, and no altered token does.
func TestLinksProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := file.Link{
			Kind:    rapid.StringN(0, 16, 64).Draw(t, "kind"),
			ID:      rapid.Int64().Draw(t, "id"),
			Hash:    rapid.StringMatching(`[0-9a-f]{64}`).Draw(t, "hash"),
			Name:    file.CleanName(rapid.String().Draw(t, "name")),
			Expires: workforce.Millis(noon.Add(time.Duration(rapid.Int64Range(1, int64(1000*time.Hour)).Draw(t, "life")))),
		}
		token := sign(t, l)
		if got, err := file.Check(secret, token, noon); l.Expires.After(noon) && (err != nil || got != l) {
			t.Fatalf("%+v came back as %+v, %v", l, got, err)
		}
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		letter := rapid.SampledFrom(strings.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", "")).Draw(t, "letter")
		if altered := token[:at] + letter + token[at+1:]; altered != token {
			if got, err := file.Check(secret, altered, noon); !errors.Is(err, file.ErrForeignLink) {
				t.Fatalf("altered at %d: %+v, %v", at, got, err)
			}
		}
	})
}
