package rest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/passmuster/passmuster/internal/workforce"
)

// A cursor is base64url(version byte, payload, tag): the payload is readable,
// so it must hold nothing that the holder may not know, but it cannot be
// altered or made up. The tag is HMAC-SHA256 cut to 16 bytes, which is beyond
// guessing and keeps URLs short.
const (
	cursorVersion = 1
	cursorTag     = 16
	cursorMost    = 8 << 10 // bytes of text; a longer one is not ours
	cursorContext = "passmuster cursor\x00"
)

// Strict: otherwise several texts would decode to the same cursor.
var cursorEncoding = base64.RawURLEncoding.Strict()

// EncodeCursor seals the payload under the secret as text that is safe in a
// query. The same payload and secret give the same text.
func EncodeCursor(secret, payload []byte) string {
	raw := make([]byte, 0, 1+len(payload)+sha256.Size)
	raw = append(raw, cursorVersion)
	raw = append(raw, payload...)
	raw = append(raw, cursorMAC(secret, raw)...)
	return cursorEncoding.EncodeToString(raw)
}

// DecodeCursor gives back the payload of [EncodeCursor]. Text that this secret
// did not seal, whole and unaltered, is a bad-request fault on "cursor". The
// comparison takes the same time wherever the texts differ.
func DecodeCursor(secret []byte, s string) ([]byte, error) {
	if len(s) > cursorMost {
		return nil, foreignCursor()
	}
	raw, err := cursorEncoding.DecodeString(s)
	if err != nil || len(raw) < 1+cursorTag || raw[0] != cursorVersion {
		return nil, foreignCursor()
	}
	sealed, tag := raw[:len(raw)-cursorTag], raw[len(raw)-cursorTag:]
	if !hmac.Equal(tag, cursorMAC(secret, sealed)) {
		return nil, foreignCursor()
	}
	return sealed[1:], nil
}

func cursorMAC(secret, sealed []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(cursorContext)) // another use of the same secret cannot make cursors
	mac.Write(sealed)
	return mac.Sum(nil)[:cursorTag]
}

func foreignCursor() error {
	return workforce.RefuseField("cursor",
		"cursor is not one that this server gave out; send pagination.cursor of the previous page unchanged, or leave cursor out to start at the first page")
}
