package v1

import (
	"net/http"
	"slices"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Base is the path below which the operations of this version live.
const Base = "/public"

// Routes is the operations of this version, served by the use-cases, in the
// order of the published reference.
func Routes(d *directory.Service, c *compliance.Service) []rest.Route {
	h := handlers{directory: d, compliance: c}
	return rest.Mount(Base, rest.V1, slices.Concat(
		h.users(),
		h.userDocumentRoutes(),
		h.devices(),
		h.personnel(),
		h.accounts(),
	))
}

// handlers are the functions behind the routes. They translate and nothing
// else: the use-cases authorize, validate against the record, and change.
type handlers struct {
	directory  *directory.Service
	compliance *compliance.Service
}

func (h handlers) users() []rest.Route {
	const (
		list       = string(workforce.ScopeUsersList)
		get        = string(workforce.ScopeUsersGet)
		policies   = string(workforce.ScopeUserPoliciesGet)
		background = string(workforce.ScopeBackgroundChecks)
	)
	return []rest.Route{
		rest.Op(http.MethodGet, "/users", "listUsers", list, bindUserList, h.userList).Answers(documented()...).
			Returns(Page[User]{}),
		rest.Op(http.MethodGet, "/users/{id}", "getUser", get, bindUser, h.user).Answers(documented(404)...).
			Returns(User{}).Refuses(noUser),
		rest.Op(http.MethodGet, "/users/{email}/email", "getUserByEmail", get, bindUserEmail, h.userByEmail).Answers(documented(404)...).
			Returns(User{}).Refuses(noUser),
		rest.Op(http.MethodGet, "/users/{id}/policies", "listUserPolicies", policies, bindUser, h.userPolicies).Answers(documented(404)...).
			Returns(UserPolicyVersions{}).Refuses(noUser),
		rest.Op(http.MethodPost, "/background-check/{userId}/manual", "addBackgroundCheck", background, bindBackgroundCheck, h.addBackgroundCheck).Answers(created(404, 409)...).
			Returns(Personnel{}).Refuses(noUser, noPersonnel, notAPerson, filedInFuture),
	}
}

func (h handlers) userDocumentRoutes() []rest.Route {
	const (
		list   = string(workforce.ScopeUserDocumentsList)
		create = string(workforce.ScopeUserDocumentsCreate)
		get    = string(workforce.ScopeUserDocumentsGet)
		remove = string(workforce.ScopeUserDocumentsDelete)
	)
	return []rest.Route{
		rest.Op(http.MethodGet, "/users/{id}/documents", "listUserDocuments", list, bindUserDocuments, h.userDocuments).Answers(documented(404)...).
			Returns(UserDocuments{}).Refuses(noUser),
		rest.Op(http.MethodPost, "/users/{id}/documents", "addUserDocument", create, bindNewUserDocument, h.addUserDocument).Answers(created(404, 413, 503)...).
			Returns(Document{}).Refuses(noUser, tooLarge, noFiles),
		rest.Op(http.MethodGet, "/users/documents/{id}/download", "getUserDocumentLink", get, bindDocument, h.userDocumentLink).Answers(documented(404)...).
			Returns(SignedURL{}).Refuses(noEntity),
		rest.Op(http.MethodDelete, "/users/documents/{docId}/{userId}", "deleteUserDocument", remove, bindDeleteDocument, h.deleteUserDocument).Answers(documented(404)...).
			Returns(rest.Empty{}).Refuses(noEntity, noUser),
	}
}

func (h handlers) devices() []rest.Route {
	const (
		list       = string(workforce.ScopeDevicesList)
		documents  = string(workforce.ScopeDeviceDocuments)
		workspaces = string(workforce.ScopeWorkspacesList)
	)
	return []rest.Route{
		rest.Op(http.MethodGet, "/devices", "listDevices", list, bindDeviceList, h.deviceList).Answers(documented()...).
			Returns(Page[DeviceRecord]{}),
		rest.Op(http.MethodGet, "/personnel/{personnelId}/devices", "listPersonnelDevices", list, bindPersonnelDevices, h.personnelDevices).Answers(documented(404)...).
			Returns(Page[DeviceRecord]{}).Refuses(noPersonnel),
		rest.Op(http.MethodGet, "/devices/{deviceId}", "getDevice", list, bindDevice, h.device).Answers(documented(404)...).
			Returns(DeviceRecord{}).Refuses(noEntity),
		rest.Op(http.MethodGet, "/devices/{deviceId}/apps", "listDeviceApps", list, bindDeviceApps, h.deviceApps).Answers(documented(404)...).
			Returns(Page[DeviceApp]{}).Refuses(noEntity),
		rest.Op(http.MethodGet, "/devices/{deviceId}/documents", "listDeviceDocuments", documents, bindDeviceDocuments, h.deviceDocuments).Answers(documented(404)...).
			Returns(DeviceDocuments{}).Refuses(noEntity),
		rest.Op(http.MethodPost, "/devices/{deviceId}/documents", "addDeviceDocument", documents, bindNewDeviceDocument, h.addDeviceDocument).Answers(created(404, 413, 503)...).
			Returns(DeviceDocument{}).Refuses(noEntity, tooLarge, noFiles),
		rest.Op(http.MethodGet, "/devices/documents/{documentId}/download", "getDeviceDocumentLink", documents, bindDeviceDocument, h.deviceDocumentLink).Answers(documented(404)...).
			Returns(SignedURL{}).Refuses(noEntity),
		rest.Op(http.MethodDelete, "/devices/documents/{documentId}", "deleteDeviceDocument", documents, bindDeleteDeviceDocument, h.deleteDeviceDocument).Answers(documented(404)...).
			Returns(rest.Empty{}).Refuses(noEntity),
		rest.Op(http.MethodGet, "/workspaces", "listWorkspaces", workspaces, bindWorkspaceList, h.workspaceList).Answers(documented()...).
			Returns(Page[Workspace]{}),
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
	notAPerson     = workforce.ReasonNotAPerson
	filedInFuture  = workforce.ReasonFiledInFuture
	tooLarge       = workforce.ReasonTooLarge
	noFiles        = workforce.ReasonFilesUnavailable
)

// documented is the statuses that every operation has, and those that one has
// beyond them.
func documented(more ...int) []int { return statuses(http.StatusOK, more) }

// created is [documented] for operations that make something.
func created(more ...int) []int { return statuses(http.StatusCreated, more) }

func statuses(success int, more []int) []int {
	return append([]int{
		success,
		http.StatusBadRequest,
		http.StatusUnauthorized,
		http.StatusPaymentRequired,
		http.StatusForbidden,
		http.StatusPreconditionFailed,
		http.StatusInternalServerError,
	}, more...)
}
