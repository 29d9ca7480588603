package rest

import (
	"net/http"
	"testing"

	"github.com/passmuster/passmuster/internal/workforce"
)

var statusOfKind = map[workforce.Kind]int{
	workforce.KindInvalid:         http.StatusBadRequest,
	workforce.KindUnauthenticated: http.StatusUnauthorized,
	workforce.KindPlan:            http.StatusPaymentRequired,
	workforce.KindForbidden:       http.StatusForbidden,
	workforce.KindNotFound:        http.StatusNotFound,
	workforce.KindMethod:          http.StatusMethodNotAllowed,
	workforce.KindConflict:        http.StatusConflict,
	workforce.KindTerms:           http.StatusPreconditionFailed,
	workforce.KindTooLarge:        http.StatusRequestEntityTooLarge,
	workforce.KindTooMany:         http.StatusTooManyRequests,
	workforce.KindUnavailable:     http.StatusServiceUnavailable,
	workforce.KindInternal:        http.StatusInternalServerError,
}

func TestEveryReasonHasItsAnswer(t *testing.T) {
	t.Parallel()
	for _, k := range workforce.AllKinds {
		if statusOfKind[k] == 0 {
			t.Errorf("kind %q has no status in this test", k)
		}
	}
	for r, k := range workforce.AllReasons {
		a, ok := answers[r]
		if !ok {
			t.Errorf("reason %q has no answer", r)
			continue
		}
		if a.Status != statusOfKind[k] {
			t.Errorf("reason %q of kind %q answers %d, want %d", r, k, a.Status, statusOfKind[k])
		}
		if a.Code < 10000 || a.Code > 99999 {
			t.Errorf("reason %q has code %d", r, a.Code)
		}
	}
	for r := range answers {
		if _, ok := workforce.AllReasons[r]; !ok {
			t.Errorf("reason %q has an answer but no kind", r)
		}
	}
}

func TestEveryConflictHasACodeOfItsOwn(t *testing.T) {
	t.Parallel()
	by := map[int]workforce.Reason{}
	for r, a := range answers {
		if a.Status != http.StatusConflict {
			continue
		}
		if other, ok := by[a.Code]; ok {
			t.Errorf("%q and %q share code %d", r, other, a.Code)
		}
		if a.Code < 10200 || a.Code >= 10290 { // 10290 is that of a user who is not found
			t.Errorf("%q has code %d, which is not of the 10200 family", r, a.Code)
		}
		by[a.Code] = r
	}
}

func TestUnknownReasonIsOurFault(t *testing.T) {
	t.Parallel()
	if got := AnswerOf("no such reason"); got != (Answer{http.StatusInternalServerError, 10010}) {
		t.Errorf("AnswerOf = %v", got)
	}
}
