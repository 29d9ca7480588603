package v1

import (
	"net/http"

	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Base is the path below which the operations of this version live.
const Base = "/public"

// Routes is the operations of this version, served by the directory, in the
// order of the published reference.
func Routes(d *directory.Service) []rest.Route {
	h := handlers{directory: d}
	return rest.Mount(Base, rest.V1, append(append(
		h.users(),
		h.personnel()...),
		h.accounts()...))
}

// handlers are the functions behind the routes. They translate and nothing
// else: the directory authorizes, validates against the record, and changes.
type handlers struct {
	directory *directory.Service
}

func (h handlers) users() []rest.Route {
	const get = string(workforce.ScopeUsersGet)
	return []rest.Route{
		rest.Op(http.MethodGet, "/users/{id}", "getUser", get, bindUser, h.user).Answers(documented(404)...).
			Returns(User{}).Refuses(noUser),
	}
}

func (h handlers) personnel() []rest.Route {
	const (
		list   = string(workforce.ScopePersonnelList)
		get    = string(workforce.ScopePersonnelGet)
		dates  = string(workforce.ScopePersonnelDates)
		status = string(workforce.ScopePersonnelStatus)
		reset  = string(workforce.ScopePersonnelResetSync)
	)
	return []rest.Route{
		rest.Op(http.MethodGet, "/personnel", "listPersonnel", list, bindPersonnelList, h.personnelList).Answers(documented(404)...).
			Returns(PersonnelList{}).Refuses(noEntity),
		rest.Op(http.MethodGet, "/personnel/{id}", "getPersonnel", get, bindPersonnel, h.personnelByID).Answers(documented(404)...).
			Returns(Personnel{}).Refuses(noPersonnel),
		rest.Op(http.MethodGet, "/personnel/{email}/email", "getPersonnelByEmail", get, bindPersonnelEmail, h.personnelByEmail).Answers(documented(404)...).
			Returns(Personnel{}).Refuses(noPersonnel),
		rest.Op(http.MethodPut, "/personnel/{id}/contract-dates", "setPersonnelContractDates", dates, bindContractDates, h.setContractDates).Answers(documented(404, 409)...).
			Returns(Personnel{}).Refuses(noPersonnel, beforeStart, inFuture),
		rest.Op(http.MethodPut, "/personnel/{id}/status", "setPersonnelStatus", status, bindStatus, h.setStatus).Answers(documented(404, 409)...).
			Returns(Personnel{}).Refuses(noPersonnel, beforeStart, inFuture),
		rest.Op(http.MethodPut, "/personnel/reset-sync/{personnelId}", "resetPersonnelSync", reset, bindResetOne, h.resetSync).Answers(documented(404, 409)...).
			Returns(Personnel{}).Refuses(noPersonnel, noSource).Sends(HeaderAffected),
		rest.Op(http.MethodPut, "/personnel/all/reset-sync", "resetAllPersonnelSync", reset, bindResetAll, h.resetSyncAll).Answers(documented(409)...).
			Returns(Personnel{}).Refuses(noSource).Sends(HeaderAffected),
		rest.Op(http.MethodPut, "/personnel/some/reset-sync", "resetSomePersonnelSync", reset, bindResetSome, h.resetSync).Answers(documented(404, 409)...).
			Returns(Personnel{}).Refuses(noPersonnel, noSource).Sends(HeaderAffected),
	}
}

func (h handlers) accounts() []rest.Route {
	const (
		inf = workforce.Infrastructure
		vcs = workforce.VersionControl
	)
	var (
		manageInf = string(inf.ManageScope())
		manageVCS = string(vcs.ManageScope())
	)
	routes := []rest.Route{
		rest.Op(http.MethodGet, "/user-identities/infrastructure", "listInfrastructureIdentities", manageInf, bindAccountList(inf), h.accountList(inf)).Answers(documented()...).
			Returns(Page[InfrastructureAccount]{}),
		rest.Op(http.MethodPut, "/user-identities/infrastructure/{id}/connect", "connectInfrastructureIdentity", manageInf, bindLink, h.linkAccount(inf)).Answers(documented(404)...).
			Returns(InfrastructureAccount{}).Refuses(noEntity, noUser, serviceAccount),
		rest.Op(http.MethodPut, "/user-identities/infrastructure/{id}/toggle", "toggleInfrastructureIdentity", manageInf, bindToggle(inf), h.toggleAccess(inf)).Answers(documented(404)...).
			Returns(InfrastructureAccount{}).Refuses(noEntity),
		rest.Op(http.MethodPut, "/user-identities/infrastructure/{id}/service-account", "setInfrastructureServiceAccount", manageInf, bindServiceAccount, h.markServiceAccount(inf)).Answers(documented(404)...).
			Returns(InfrastructureAccount{}).Refuses(noEntity),
		rest.Op(http.MethodGet, "/user-identities/version-control", "listVersionControlIdentities", manageVCS, bindAccountList(vcs), h.accountList(vcs)).Answers(documented()...).
			Returns(Page[VersionControlAccount]{}),
		rest.Op(http.MethodPut, "/user-identities/version-control/{id}/connect", "connectVersionControlIdentity", manageVCS, bindLink, h.linkAccount(vcs)).Answers(documented(404)...).
			Returns(VersionControlAccount{}).Refuses(noEntity, noUser, serviceAccount),
		rest.Op(http.MethodPut, "/user-identities/version-control/{id}/toggle", "toggleVersionControlIdentity", manageVCS, bindToggle(vcs), h.toggleAccess(vcs)).Answers(documented(404)...).
			Returns(VersionControlAccount{}).Refuses(noEntity),
		rest.Op(http.MethodPut, "/user-identities/version-control/{id}/service-account", "setVersionControlServiceAccount", manageVCS, bindServiceAccount, h.markServiceAccount(vcs)).Answers(documented(404)...).
			Returns(VersionControlAccount{}).Refuses(noEntity),
	}
	for i := range routes {
		routes[i] = routes[i].Needs(string(workforce.FeatureUserIdentities))
	}
	return routes
}

// The reasons for which operations refuse, by shorter names.
const (
	noUser         = workforce.ReasonUserNotFound
	noPersonnel    = workforce.ReasonPersonnelNotFound
	noEntity       = workforce.ReasonEntityNotFound
	beforeStart    = workforce.ReasonSeparationBeforeStart
	inFuture       = workforce.ReasonSeparationInFuture
	noSource       = workforce.ReasonNoSource
	serviceAccount = workforce.ReasonServiceAccountLink
)

// documented is the statuses that every operation has, and those that one has
// beyond them.
func documented(more ...int) []int {
	return append([]int{
		http.StatusOK,
		http.StatusBadRequest,
		http.StatusUnauthorized,
		http.StatusPaymentRequired,
		http.StatusForbidden,
		http.StatusPreconditionFailed,
		http.StatusInternalServerError,
	}, more...)
}
