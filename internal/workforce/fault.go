package workforce

import (
	"errors"
	"fmt"
)

// Kind says what sort of refusal a [Fault] is; the API answers one HTTP status
// for each.
type Kind string

// The kinds of refusal.
const (
	KindInvalid         Kind = "invalid"         // the request itself is wrong: 400
	KindUnauthenticated Kind = "unauthenticated" // no valid key: 401
	KindPlan            Kind = "plan"            // the company's plan lacks the feature: 402
	KindForbidden       Kind = "forbidden"       // the key lacks the permission: 403
	KindNotFound        Kind = "not_found"       // no such record or route: 404
	KindMethod          Kind = "method"          // the route exists for other methods: 405
	KindConflict        Kind = "conflict"        // a rule of the record forbids it: 409
	KindTerms           Kind = "terms"           // the terms are not accepted: 412
	KindTooLarge        Kind = "too_large"       // what was sent is larger than is accepted: 413
	KindTooMany         Kind = "too_many"        // too many requests: 429
	KindInternal        Kind = "internal"        // our fault: 500
	KindUnavailable     Kind = "unavailable"     // something that we need does not work at the moment: 503
)

// AllKinds lists every [Kind].
var AllKinds = []Kind{
	KindInvalid, KindUnauthenticated, KindPlan, KindForbidden, KindNotFound,
	KindMethod, KindConflict, KindTerms, KindTooLarge, KindTooMany, KindInternal, KindUnavailable,
}

// Reason is the machine-readable cause of a [Fault]. It is stable: clients and
// tests may compare it.
type Reason string

// The reasons, grouped by kind. [AllReasons] gives the kind of each.
const (
	ReasonBadRequest            Reason = "bad_request"
	ReasonServiceAccountLink    Reason = "service_account_link"
	ReasonKeyMissing            Reason = "key_missing"
	ReasonKeyMalformed          Reason = "key_malformed"
	ReasonKeyUnknown            Reason = "key_unknown"
	ReasonKeyRevoked            Reason = "key_revoked"
	ReasonKeyExpired            Reason = "key_expired"
	ReasonKeyAddress            Reason = "key_address_not_allowed"
	ReasonPlanNone              Reason = "plan_without_api"
	ReasonPlanFeature           Reason = "plan_without_feature"
	ReasonScope                 Reason = "scope_missing"
	ReasonRouteNotFound         Reason = "route_not_found"
	ReasonUserNotFound          Reason = "user_not_found"
	ReasonPersonnelNotFound     Reason = "personnel_not_found"
	ReasonEntityNotFound        Reason = "entity_not_found"
	ReasonMethodNotAllowed      Reason = "method_not_allowed"
	ReasonSeparationBeforeStart Reason = "separation_before_start"
	ReasonSeparationInFuture    Reason = "separation_in_future"
	ReasonNoSource              Reason = "no_source"
	ReasonDuplicate             Reason = "duplicate"
	ReasonNotEmpty              Reason = "not_empty"
	ReasonNotPublished          Reason = "not_published"
	ReasonPublished             Reason = "published" // what was published never changes
	ReasonInUse                 Reason = "in_use"    // other records name it
	ReasonTermsNotAccepted      Reason = "terms_not_accepted"
	ReasonNotAPerson            Reason = "not_a_person"    // the record is of no person to check
	ReasonFiledInFuture         Reason = "filed_in_future" // a background check of a day to come
	ReasonTooLarge              Reason = "too_large"
	ReasonFilesUnavailable      Reason = "files_unavailable" // contents can be neither kept nor read
	ReasonTooManyRequests       Reason = "too_many_requests"
	ReasonTooManyFailedLogins   Reason = "too_many_failed_authentications"
	ReasonInternal              Reason = "internal"
)

// AllReasons gives the kind of every [Reason].
var AllReasons = map[Reason]Kind{
	ReasonBadRequest:            KindInvalid,
	ReasonServiceAccountLink:    KindInvalid,
	ReasonKeyMissing:            KindUnauthenticated,
	ReasonKeyMalformed:          KindUnauthenticated,
	ReasonKeyUnknown:            KindUnauthenticated,
	ReasonKeyRevoked:            KindUnauthenticated,
	ReasonKeyExpired:            KindUnauthenticated,
	ReasonKeyAddress:            KindUnauthenticated,
	ReasonPlanNone:              KindPlan,
	ReasonPlanFeature:           KindPlan,
	ReasonScope:                 KindForbidden,
	ReasonRouteNotFound:         KindNotFound,
	ReasonUserNotFound:          KindNotFound,
	ReasonPersonnelNotFound:     KindNotFound,
	ReasonEntityNotFound:        KindNotFound,
	ReasonMethodNotAllowed:      KindMethod,
	ReasonSeparationBeforeStart: KindConflict,
	ReasonSeparationInFuture:    KindConflict,
	ReasonNoSource:              KindConflict,
	ReasonDuplicate:             KindConflict,
	ReasonNotEmpty:              KindConflict,
	ReasonPublished:             KindConflict,
	ReasonNotPublished:          KindConflict,
	ReasonInUse:                 KindConflict,
	ReasonTermsNotAccepted:      KindTerms,
	ReasonNotAPerson:            KindConflict,
	ReasonFiledInFuture:         KindConflict,
	ReasonTooLarge:              KindTooLarge,
	ReasonFilesUnavailable:      KindUnavailable,
	ReasonTooManyRequests:       KindTooMany,
	ReasonTooManyFailedLogins:   KindTooMany,
	ReasonInternal:              KindInternal,
}

// Fault is a refusal with its reason. Message is written for the person who
// sent the request: it names what is wrong, what would be right, and nothing
// that the person is not allowed to know. Err, if any, is for the log only.
type Fault struct {
	Reason  Reason
	Field   string // the parameter or field that is wrong; may be empty
	Message string
	Err     error
}

// Error implements error.
func (f *Fault) Error() string {
	if f.Err != nil {
		return f.Message + ": " + f.Err.Error()
	}
	return f.Message
}

// Unwrap gives the cause that is meant for the log.
func (f *Fault) Unwrap() error { return f.Err }

// Kind is the kind of the fault's reason; a reason that is in no table is our
// own mistake and therefore internal.
func (f *Fault) Kind() Kind {
	if k, ok := AllReasons[f.Reason]; ok {
		return k
	}
	return KindInternal
}

// Refuse makes a fault with a formatted message.
func Refuse(reason Reason, format string, args ...any) *Fault {
	return &Fault{Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// RefuseField makes a [ReasonBadRequest] fault about one named field.
func RefuseField(field, format string, args ...any) *Fault {
	return &Fault{Reason: ReasonBadRequest, Field: field, Message: fmt.Sprintf(format, args...)}
}

// IsKind reports whether err is, or wraps, a fault of the kind.
func IsKind(err error, kind Kind) bool {
	var f *Fault
	return errors.As(err, &f) && f.Kind() == kind
}

// IsReason reports whether err is, or wraps, a fault with the reason.
func IsReason(err error, reason Reason) bool {
	var f *Fault
	return errors.As(err, &f) && f.Reason == reason
}
