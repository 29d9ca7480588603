package rest

import (
	"net/http"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Answer is how one reason is shown on the wire: the HTTP status and the
// number in the body's "code".
type Answer struct {
	Status int
	Code   int
}

// answers is the registry of error codes: one line per reason. The statuses
// and the families of codes are those of the API we are compatible with; the
// 10200 family has one code per business rule so that a client can tell them
// apart without reading the message.
var answers = map[workforce.Reason]Answer{
	workforce.ReasonBadRequest:         {http.StatusBadRequest, 10020},
	workforce.ReasonServiceAccountLink: {http.StatusBadRequest, 10020},

	workforce.ReasonKeyMissing:   {http.StatusUnauthorized, 26430},
	workforce.ReasonKeyMalformed: {http.StatusUnauthorized, 10000},
	workforce.ReasonKeyRevoked:   {http.StatusUnauthorized, 10000},
	workforce.ReasonKeyExpired:   {http.StatusUnauthorized, 10000},
	workforce.ReasonKeyAddress:   {http.StatusUnauthorized, 10000},
	workforce.ReasonKeyUnknown:   {http.StatusUnauthorized, 12310},

	workforce.ReasonPlanNone:    {http.StatusPaymentRequired, 10740},
	workforce.ReasonPlanFeature: {http.StatusPaymentRequired, 10740},

	workforce.ReasonScope: {http.StatusForbidden, 12300},

	workforce.ReasonRouteNotFound:     {http.StatusNotFound, 10170},
	workforce.ReasonUserNotFound:      {http.StatusNotFound, 10290},
	workforce.ReasonPersonnelNotFound: {http.StatusNotFound, 10310},
	workforce.ReasonEntityNotFound:    {http.StatusNotFound, 10170},

	workforce.ReasonMethodNotAllowed: {http.StatusMethodNotAllowed, 10020},

	workforce.ReasonSeparationBeforeStart: {http.StatusConflict, 10200},
	workforce.ReasonSeparationInFuture:    {http.StatusConflict, 10210},
	workforce.ReasonNoSource:              {http.StatusConflict, 10220},
	workforce.ReasonDuplicate:             {http.StatusConflict, 10230},
	workforce.ReasonNotEmpty:              {http.StatusConflict, 10240},
	workforce.ReasonPublished:             {http.StatusConflict, 10250},
	workforce.ReasonInUse:                 {http.StatusConflict, 10260},
	workforce.ReasonNotPublished:          {http.StatusConflict, 10270},
	workforce.ReasonNotAPerson:            {http.StatusConflict, 10280},
	workforce.ReasonFiledInFuture:         {http.StatusConflict, 10281},

	workforce.ReasonTermsNotAccepted: {http.StatusPreconditionFailed, 10340},

	workforce.ReasonTooLarge: {http.StatusRequestEntityTooLarge, 13120},

	workforce.ReasonTooManyRequests:     {http.StatusTooManyRequests, 10000},
	workforce.ReasonTooManyFailedLogins: {http.StatusTooManyRequests, 10000},

	workforce.ReasonInternal: {http.StatusInternalServerError, 10010},

	workforce.ReasonFilesUnavailable: {http.StatusServiceUnavailable, 10030},
}

// AnswerOf is the status and code of a reason. A reason that is in no table is
// our own mistake and answers as [workforce.ReasonInternal].
func AnswerOf(r workforce.Reason) Answer {
	if a, ok := answers[r]; ok {
		return a
	}
	return answers[workforce.ReasonInternal]
}
