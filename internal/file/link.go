package file

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// LinkLife is how long a link works unless somebody says otherwise: long enough
// to be followed by whoever asked for it, too short to be kept.
const LinkLife = 15 * time.Minute

// Link is what a token lets its holder fetch. The holder can read it.
type Link struct {
	Kind    string // of the record that refers to the content, as the issuer names it
	ID      int64  // of that record
	Hash    string // of the content, in hexadecimal
	Name    string // what the file is called when it is saved
	Expires time.Time
}

// What is wrong with a token.
var (
	// ErrForeignLink: this secret has not sealed it. It was made up, altered, or
	// is of another installation.
	ErrForeignLink = errors.New("the link is not one that this server gave out")
	// ErrExpiredLink: it was right once.
	ErrExpiredLink = errors.New("the link has expired: ask for a new one")
)

// A token is base64url(version byte, expiry in milliseconds, id, hash, kind with
// its length before it, name, tag). The tag is HMAC-SHA256 cut to 16 bytes, which
// is beyond guessing and keeps URLs short.
const (
	linkVersion = 1
	linkTag     = 16
	linkMost    = 2 << 10 // bytes of text; a longer one is not ours
	linkContext = "passmuster file\x00"
)

// Strict: otherwise several texts would decode to the same token.
var linkEncoding = base64.RawURLEncoding.Strict()

// Sign seals a link under the secret as text that is safe in a URL. The same
// link and secret give the same text. It fails on a link that names no content,
// or whose kind or name is too long.
func Sign(secret []byte, l Link) (string, error) {
	hash, err := hex.DecodeString(l.Hash)
	if err != nil || CheckHash(l.Hash) != nil || len(l.Kind) > 64 || len(l.Name) > nameMost {
		return "", errors.New("signing a link: it wants a hash of 64 digits, a kind of at most 64 bytes and a clean name")
	}
	raw := []byte{linkVersion}
	raw = binary.AppendVarint(raw, l.Expires.UnixMilli())
	raw = binary.AppendVarint(raw, l.ID)
	raw = append(raw, hash...)
	raw = append(raw, byte(len(l.Kind)))
	raw = append(raw, l.Kind...)
	raw = append(raw, l.Name...)
	return linkEncoding.EncodeToString(append(raw, linkMAC(secret, raw)...)), nil
}

// Check gives the link of a token, which holds until before its expiry. The
// error is [ErrForeignLink] or [ErrExpiredLink]. The comparison takes the same
// time wherever the texts differ.
func Check(secret []byte, token string, now time.Time) (Link, error) {
	if len(token) > linkMost {
		return Link{}, ErrForeignLink
	}
	raw, err := linkEncoding.DecodeString(token)
	if err != nil || len(raw) < 1+linkTag || raw[0] != linkVersion {
		return Link{}, ErrForeignLink
	}
	sealed, tag := raw[:len(raw)-linkTag], raw[len(raw)-linkTag:]
	if !hmac.Equal(tag, linkMAC(secret, sealed)) {
		return Link{}, ErrForeignLink
	}
	l, ok := parseLink(sealed[1:])
	switch {
	case !ok: // sealed by another version of the program
		return Link{}, ErrForeignLink
	case !now.Before(l.Expires):
		return Link{}, ErrExpiredLink
	}
	return l, nil
}

func parseLink(b []byte) (Link, bool) {
	expires, n := binary.Varint(b)
	if n <= 0 {
		return Link{}, false
	}
	b = b[n:]
	id, n := binary.Varint(b)
	if n <= 0 || len(b) < n+sha256.Size+1 {
		return Link{}, false
	}
	b = b[n:]
	hash, b := b[:sha256.Size], b[sha256.Size:]
	kindEnd := 1 + int(b[0])
	if len(b) < kindEnd {
		return Link{}, false
	}
	return Link{
		Kind: string(b[1:kindEnd]), ID: id, Hash: hex.EncodeToString(hash), Name: string(b[kindEnd:]),
		Expires: workforce.Millis(time.UnixMilli(expires)),
	}, true
}

func linkMAC(secret, sealed []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(linkContext)) // another use of the same secret cannot make links
	mac.Write(sealed)
	return mac.Sum(nil)[:linkTag]
}
