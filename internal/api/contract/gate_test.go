package contract_test

import (
	"context"
	"errors"
	"net/http"

	"github.com/passmuster/passmuster/internal/rest"
)

// closedGate lets nobody in: these tests call no operation.
type closedGate struct{}

func (closedGate) Admit(*http.Request, *rest.Route) (context.Context, error) {
	return nil, errors.New("closed")
}
