package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// SessionMost is the longest life of a web session.
const SessionMost = 12 * time.Hour

// clockSlack is how far the clocks of two servers on one database may differ.
const clockSlack = time.Minute

// Session is what a browser's cookie stands for: a key, until an instant. It
// holds no rights of its own; every use reads the key again, so that revoking
// the key ends the session at once.
type Session struct {
	KeyID     workforce.KeyID
	ExpiresAt time.Time // whole seconds
}

// A sealed session is base64url(version, key id, expiry in Unix seconds, tag).
const (
	sessionVersion = 1
	sessionBody    = 1 + 8 + 8
	sessionContext = "passmuster session\x00"
)

// Strict: otherwise several texts would decode to the same session.
var sessionEncoding = base64.RawURLEncoding.Strict()

// NewSession is a session of the key from now on, no longer than
// [SessionMost] and no longer than the key.
func NewSession(k workforce.APIKey, now time.Time) Session {
	end := now.Add(SessionMost)
	if k.ExpiresAt != nil && k.ExpiresAt.Before(end) {
		end = *k.ExpiresAt
	}
	return Session{KeyID: k.ID, ExpiresAt: end.UTC().Truncate(time.Second)}
}

// Seal is the session as the value of a cookie, which only a holder of the
// secret can make.
func (s Session) Seal(secret []byte) string {
	raw := make([]byte, 0, sessionBody+sha256.Size)
	raw = append(raw, sessionVersion)
	raw = binary.BigEndian.AppendUint64(raw, uint64(s.KeyID))
	raw = binary.BigEndian.AppendUint64(raw, uint64(s.ExpiresAt.Unix()))
	return sessionEncoding.EncodeToString(append(raw, sessionMAC(secret, raw)...))
}

// OpenSession gives back what [Session.Seal] sealed under the same secret. A
// value that is altered, foreign, over at now, or that ends later than any
// session made by now could, is a [workforce.ReasonKeyMissing] fault.
func OpenSession(secret []byte, value string, now time.Time) (Session, error) {
	raw, err := sessionEncoding.DecodeString(value)
	if err != nil || len(raw) != sessionBody+sha256.Size || raw[0] != sessionVersion {
		return Session{}, sessionOver()
	}
	body, tag := raw[:sessionBody], raw[sessionBody:]
	if !hmac.Equal(tag, sessionMAC(secret, body)) {
		return Session{}, sessionOver()
	}
	s := Session{
		KeyID:     workforce.KeyID(binary.BigEndian.Uint64(body[1:])),
		ExpiresAt: time.Unix(int64(binary.BigEndian.Uint64(body[9:])), 0).UTC(),
	}
	if !now.Before(s.ExpiresAt) || s.ExpiresAt.After(now.Add(SessionMost+clockSlack)) {
		return Session{}, sessionOver()
	}
	return s, nil
}

func sessionMAC(secret, body []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(sessionContext)) // another use of the same secret cannot make sessions
	mac.Write(body)
	return mac.Sum(nil)
}

func sessionOver() error {
	return workforce.Refuse(workforce.ReasonKeyMissing, "You are not signed in, or your session is over. Sign in again with an API key")
}
