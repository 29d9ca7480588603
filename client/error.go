package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Error is a request that the server refused, or could not answer. Decide on
// StatusCode and Code; Message is for a person and may be reworded at any time.
//
// A redirect that is not followed is an Error too: only reads are followed, and
// only within the same scheme, host and port, so that the key goes nowhere else.
type Error struct {
	StatusCode int           // of HTTP
	Code       int           // of the API's own register; 0 if the answer has none
	Name       string        // only in the second version: like "NotFoundException"
	Message    string        // what is wrong and what would be right
	RequestID  string        // finds the request in the server's log; may be empty
	RetryAfter time.Duration // when to come back; 0 if the server does not say
	Operation  string        // the call, like "GET /public/personnel/{id}"
	Reason     string        // only of [NativeService]: the cause in a word, like "scope_missing"
	Field      string        // only of [NativeService]: the parameter that is to blame; may be empty
}

// Error is one line with everything but the name.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d", e.Operation, e.StatusCode)
	if e.Code != 0 {
		fmt.Fprintf(&b, " (code %d)", e.Code)
	}
	b.WriteString(": " + e.Message)
	if e.RequestID != "" {
		b.WriteString(" [request " + e.RequestID + "]")
	}
	return b.String()
}

// StatusOf is the HTTP status of a refusal anywhere in the chain of err; 0 if
// there is none.
func StatusOf(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.StatusCode
	}
	return 0
}

// IsBadRequest reports a parameter or field that is wrong (400).
func IsBadRequest(err error) bool { return StatusOf(err) == http.StatusBadRequest }

// IsUnauthorized reports a key that is missing, unknown, revoked, expired or not
// allowed from this address (401).
func IsUnauthorized(err error) bool { return StatusOf(err) == http.StatusUnauthorized }

// IsNotInPlan reports that the company's plan lacks the operation (402).
func IsNotInPlan(err error) bool { return StatusOf(err) == http.StatusPaymentRequired }

// IsForbidden reports a key without the permission (403).
func IsForbidden(err error) bool { return StatusOf(err) == http.StatusForbidden }

// IsNotFound reports that there is no such record (404). A wrong path in the
// server's address looks the same; its Code is 10170.
func IsNotFound(err error) bool { return StatusOf(err) == http.StatusNotFound }

// IsConflict reports that a rule of the record forbids the change (409); Code
// says which rule.
func IsConflict(err error) bool { return StatusOf(err) == http.StatusConflict }

// IsTermsNotAccepted reports that the company has not accepted the terms (412).
func IsTermsNotAccepted(err error) bool { return StatusOf(err) == http.StatusPreconditionFailed }

// IsTooManyRequests reports a limit that outlasted the retries (429); RetryAfter
// says when to come back.
func IsTooManyRequests(err error) bool { return StatusOf(err) == http.StatusTooManyRequests }

// The bounds of what is kept of a refusal.
const (
	refusalMost   = 64 << 10 // bytes that are read
	messageMost   = 4000     // bytes
	requestIDMost = 64
)

// refusal makes an Error of an answer that is no success.
func (w *wire) refusal(op operation, resp *http.Response) error {
	e := &Error{
		StatusCode: resp.StatusCode,
		RequestID:  requestID(resp.Header.Get("X-Request-Id")),
		RetryAfter: parseRetryAfter(resp.Header.Get("Retry-After"), w.now()),
		Operation:  op.String(),
	}
	var body struct {
		Code    int     `json:"code"`
		Name    string  `json:"name"`
		Message message `json:"message"`
		Reason  string  `json:"reason"`
		Field   string  `json:"field"`
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, refusalMost))
	if err == nil && json.Unmarshal(text, &body) == nil {
		e.Code, e.Name, e.Message = body.Code, w.clean(body.Name), w.clean(string(body.Message))
		e.Reason, e.Field = w.clean(body.Reason), w.clean(body.Field)
	}
	switch {
	case e.Message != "":
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		e.Message = w.clean("the server redirects" + destination(resp) +
			", and the client does not go there, because the key would go with it; if that is the server, give its address")
	default:
		e.Message = strings.ToLower(http.StatusText(resp.StatusCode)) +
			", with an answer that is not of this API: something in between, or a server of another kind, gave it"
	}
	return e
}

// message is a text. Servers of the original also send a list of them.
type message string

// UnmarshalJSON takes a text, or joins a list; anything else is no message.
func (m *message) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*m = message(one)
		return nil
	}
	var several []string
	if json.Unmarshal(data, &several) == nil {
		*m = message(strings.Join(several, "; "))
	}
	return nil
}

// destination says where a redirect points, without the path, which may hold a
// person's address.
func destination(resp *http.Response) string {
	to, err := resp.Location()
	if err != nil {
		return ""
	}
	return " to " + (&url.URL{Scheme: to.Scheme, Host: to.Host}).String()
}

// clean makes text of a server fit to be shown: without control characters, not
// endless, and without the key, should somebody echo it.
func (w *wire) clean(s string) string {
	s = strings.ReplaceAll(s, w.key(), "(the key)")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case r < ' ' || r >= 0x7F && r < 0xA0:
			return '\uFFFD'
		}
		return r
	}, s)
	if len(s) > messageMost {
		s = strings.ToValidUTF8(s[:messageMost], "") + "…"
	}
	return strings.TrimSpace(s)
}

// requestID keeps an id that looks like one.
func requestID(id string) string {
	if len(id) > requestIDMost {
		return ""
	}
	for _, r := range id {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
		default:
			return ""
		}
	}
	return id
}
