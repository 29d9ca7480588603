package native

import (
	"net/http"

	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Base is the path below which the operations of this version live.
const Base = "/native/v1"

// Routes is the operations of this version, served by the directory. They
// answer pages wherever they are mounted; streams only where [Serve] puts them.
func Routes(d *directory.Service) []rest.Route {
	h := handlers{directory: d, streams: make(chan struct{}, mostStreams)}
	const (
		people   = string(workforce.ScopePersonnelList)
		accounts = string(workforce.ScopeInfrastructureManage) // or that of the other kind, see eitherKind
		noEntity = workforce.ReasonEntityNotFound
	)
	return rest.Mount(Base, rest.Native, []rest.Route{
		rest.Op(http.MethodGet, "/people", "listPeople", people, bindPeople, h.people).Answers(documented...).
			Returns(PeoplePage{}).Refuses(noEntity),
		rest.Op(http.MethodGet, "/accounts", operationAccounts, accounts, bindAccounts, h.accounts).Answers(documented...).
			Returns(AccountsPage{}).Refuses(noEntity).Needs(string(workforce.FeatureUserIdentities)),
	})
}

// operationAccounts is the operation that either of two permissions opens.
const operationAccounts = "listAccounts"

// documented is the statuses of both operations.
var documented = []int{
	http.StatusOK,
	http.StatusBadRequest,
	http.StatusUnauthorized,
	http.StatusPaymentRequired,
	http.StatusForbidden,
	http.StatusNotFound,
	http.StatusPreconditionFailed,
	http.StatusInternalServerError,
}
