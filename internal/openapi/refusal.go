package openapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// reasonTexts says what is behind each reason that an operation can have.
func reasonTexts() map[workforce.Reason]string {
	return map[workforce.Reason]string{
		workforce.ReasonBadRequest:            "a parameter or the body is missing, of the wrong type, out of range or not one of its values; the message names every one that is",
		workforce.ReasonServiceAccountLink:    "the account is a service account and belongs to nobody: put it back first",
		workforce.ReasonKeyMissing:            "no `Authorization` header",
		workforce.ReasonKeyMalformed:          "an `Authorization` header that is not `Bearer KEY`",
		workforce.ReasonKeyUnknown:            "there is no such key",
		workforce.ReasonKeyRevoked:            "the key was revoked",
		workforce.ReasonKeyExpired:            "the key has expired",
		workforce.ReasonKeyAddress:            "the key may not be used from this address",
		workforce.ReasonPlanNone:              "the company's plan has no API",
		workforce.ReasonPlanFeature:           "the company's plan lacks the feature that the operation belongs to",
		workforce.ReasonScope:                 "the key lacks the permission of the operation",
		workforce.ReasonUserNotFound:          "there is no such user",
		workforce.ReasonPersonnelNotFound:     "there is no such personnel record",
		workforce.ReasonEntityNotFound:        "there is no such record of the kind that is asked for",
		workforce.ReasonSeparationBeforeStart: "the last day is before the first (the same day is fine)",
		workforce.ReasonSeparationInFuture:    "the person has left, and the last day is in the future",
		workforce.ReasonNoSource:              "no source knows any of the people, so that there is nothing to go back to",
		workforce.ReasonDuplicate:             "there is another one of this name",
		workforce.ReasonPublished:             "the version is published and never changes again: add a version",
		workforce.ReasonNotPublished:          "the version, or any of the policy, is not published yet",
		workforce.ReasonInUse:                 "other records name it: the message says which",
		workforce.ReasonNotAPerson:            "the user is out of scope or a service account: no person to check",
		workforce.ReasonFiledInFuture:         "the background check is of a day to come",
		workforce.ReasonTooLarge:              "the file has more than 25 MiB",
		workforce.ReasonFilesUnavailable:      "the folder in which files are kept does not work at the moment; the log has the details under `X-Request-Id`",
		workforce.ReasonTermsNotAccepted:      "the company has not accepted the terms",
		workforce.ReasonTooManyRequests:       "more requests from this address than the server allows in a minute; without a setting there is no limit",
		workforce.ReasonTooManyFailedLogins:   "too many failed authentications from this address; a good key is never refused for that",
		workforce.ReasonInternal:              "our fault; the log has the details under `X-Request-Id`",
	}
}

// general are the reasons for which every operation refuses, with those of the
// plan's features, which only some need. They are in the order in which a
// reader meets them.
var general = []workforce.Reason{
	workforce.ReasonBadRequest,
	workforce.ReasonKeyMissing, workforce.ReasonKeyMalformed, workforce.ReasonKeyRevoked, workforce.ReasonKeyExpired,
	workforce.ReasonKeyAddress, workforce.ReasonKeyUnknown,
	workforce.ReasonPlanNone,
	workforce.ReasonScope,
	workforce.ReasonTermsNotAccepted,
	workforce.ReasonTooManyRequests, workforce.ReasonTooManyFailedLogins,
	workforce.ReasonInternal,
}

// refusal is one status with which an operation refuses.
type refusal struct {
	status  int
	version rest.Version
	common  []workforce.Reason // those of every operation
	own     []workforce.Reason // those of this one
}

// refusals is every refusal of the operation, ascending by status. 429 is not
// among the statuses that a route declares, because the published reference
// has none; every operation can answer it.
func refusals(r *rest.Route) (all []refusal, faults []string) {
	own := slices.Clone(r.Reasons)
	if r.Feature != "" && r.Feature != string(workforce.FeatureCore) {
		own = append(own, workforce.ReasonPlanFeature)
	}
	with := func(reasons []workforce.Reason, status int) []workforce.Reason {
		return slices.DeleteFunc(slices.Clone(reasons), func(reason workforce.Reason) bool { return rest.AnswerOf(reason).Status != status })
	}
	for _, status := range slices.Sorted(slices.Values(append(slices.Clone(r.Statuses), http.StatusTooManyRequests))) {
		if status < http.StatusBadRequest {
			continue
		}
		f := refusal{status: status, common: with(general, status), own: with(own, status)}
		if _, named := rest.ErrorName(r.Version, status); named || r.Version == rest.Native {
			f.version = r.Version
		}
		if len(f.common)+len(f.own) == 0 {
			faults = append(faults, fmt.Sprintf("%s answers %d, and no reason for it is declared (Route.Refuses)", r.Operation, status))
		}
		all = append(all, f)
	}
	for _, reason := range own {
		if status := rest.AnswerOf(reason).Status; !slices.Contains(r.Statuses, status) {
			faults = append(faults, fmt.Sprintf("%s refuses because of %s, but does not declare the status %d", r.Operation, reason, status))
		}
	}
	return all, faults
}

// name is the name of the response in the document: the status where every
// operation has it, and the operation's own reasons.
func (f refusal) name() string {
	var parts []string
	if len(f.common) > 0 {
		parts = append(parts, strings.ReplaceAll(http.StatusText(f.status), " ", ""))
	}
	for _, reason := range f.own {
		parts = append(parts, camel(string(reason)))
	}
	return strings.Join(parts, "Or") + f.suffix()
}

// schemaName is the name of the type of the body. Own reasons that bring no
// code of their own need no type of their own.
func (f refusal) schemaName() string {
	name := f.name()
	plain := refusal{status: f.status, version: f.version, common: f.common}
	if len(f.common) > 0 && slices.Equal(plain.codes(), f.codes()) {
		name = plain.name()
	}
	name = strings.TrimSuffix(strings.TrimSuffix(name, f.suffix()), "Error")
	return name + "Error" + f.suffix()
}

func (f refusal) suffix() string {
	switch f.version {
	case rest.V2:
		return "V2"
	case rest.Native:
		return "Native"
	default:
		return ""
	}
}

func camel(snake string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(snake, "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func (f refusal) reasons() []workforce.Reason { return slices.Concat(f.common, f.own) }

func (f refusal) codes() []int {
	var codes []int
	for _, reason := range f.reasons() {
		codes = append(codes, rest.AnswerOf(reason).Code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// response is the response of the refusal, and schema the type of its body.
func (f refusal) response(examples object[example]) response {
	texts := reasonTexts()
	var text strings.Builder
	text.WriteString(http.StatusText(f.status) + ".\n")
	var reasons []string
	for _, reason := range f.reasons() {
		fmt.Fprintf(&text, "\n- code %d, `%s`: %s", rest.AnswerOf(reason).Code, reason, texts[reason])
		reasons = append(reasons, string(reason))
	}
	out := response{
		Description: text.String(), Codes: f.codes(), Reasons: reasons,
		Headers: generalHeaders(f.status),
		Content: jsonContent(refTo(f.schemaName()), examples),
	}
	return out
}

func (f refusal) schema() *schema {
	out := &schema{
		Type:        types{typeObject},
		Description: fmt.Sprintf("The body of an answer with the status %d.", f.status),
		Required:    []string{"statusCode", "message", "code"},
	}
	if name, named := rest.ErrorName(f.version, f.status); named {
		out.Required = append([]string{"name"}, out.Required...)
		out.Properties.add("name", &schema{Type: types{typeString}, Description: "The status in a word.", Enum: []any{name}})
	}
	out.Properties.add("statusCode", &schema{
		Type: types{typeInteger}, Format: "int64", Description: "The HTTP status.", Enum: []any{f.status},
	})
	out.Properties.add("message", &schema{
		Type: types{typeString}, Description: "What is wrong and what would be right, for people. It may be reworded at any time.",
	})
	out.Properties.add("code", &schema{
		Type: types{typeInteger}, Format: "int64", Description: "The cause. It is stable.", Enum: anys(f.codes()),
	})
	if f.version == rest.Native {
		out.Required = append(out.Required, "reason")
		out.Properties.add("reason", &schema{
			Type: types{typeString}, Description: "The cause in a word. It is stable, and finer than the code.", Enum: anys(f.reasons()),
		})
		out.Properties.add("field", &schema{
			Type: types{typeString}, Description: "The parameter that is to blame, if one is.",
		})
	}
	return out
}

// Names of headers in the document's components.
const (
	headerRequestID = "RequestId"
	headerRate      = "RateLimit"
	headerPolicy    = "RateLimitPolicy"
	headerRetry     = "RetryAfter"
	headerAuth      = "WWWAuthenticate"
)

// headers is the headers that answers refer to.
func headers() object[header] {
	text := &schema{Type: types{typeString}}
	return object[header]{
		{headerRequestID, header{
			Description: "The id of the request, by which the log is searched. A request may bring its own: 1 to 64 letters, digits, dots, dashes and underscores.",
			Required:    true, Schema: &schema{Type: types{typeString}, Pattern: `^[A-Za-z0-9._-]{1,64}$`},
		}},
		{headerRate, header{
			Description: "How many requests are left (`r`) and in how many seconds the window ends (`t`). Only where the server limits requests.",
			Schema:      text, Example: `"requests";r=499;t=60`,
		}},
		{headerPolicy, header{
			Description: "The limit: requests (`q`) in a window of seconds (`w`). Only where the server limits requests.",
			Schema:      text, Example: `"requests";q=500;w=60`,
		}},
		{headerRetry, header{
			Description: "After how many seconds to try again.",
			Required:    true, Schema: &schema{Type: types{typeInteger}, Minimum: new(int64)},
		}},
		{headerAuth, header{
			Description: "The kind of authentication that is asked for.",
			Required:    true, Schema: &schema{Type: types{typeString}, Enum: []any{"Bearer"}},
		}},
	}
}

// generalHeaders is the headers that every answer with the status has.
func generalHeaders(status int) object[header] {
	ref := func(name string) header { return header{Ref: "#/components/headers/" + name} }
	out := object[header]{
		{"X-Request-Id", ref(headerRequestID)},
		{"RateLimit", ref(headerRate)},
		{"RateLimit-Policy", ref(headerPolicy)},
	}
	switch status {
	case http.StatusUnauthorized:
		out.add("WWW-Authenticate", ref(headerAuth))
	case http.StatusTooManyRequests:
		out.add("Retry-After", ref(headerRetry))
	}
	return out
}
