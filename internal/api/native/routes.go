package native

import (
	"net/http"
	"slices"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Base is the path below which the operations of this version live.
const Base = "/native/v1"

// Routes is the operations of this version, served by the directory and by the
// use-cases of compliance. They answer pages wherever they are mounted; streams
// only where [Serve] puts them.
func Routes(d *directory.Service, c *compliance.Service) []rest.Route {
	h := handlers{directory: d, compliance: c, streams: make(chan struct{}, mostStreams)}
	return rest.Mount(Base, rest.Native, slices.Concat(
		lists(h), explanations(h), rules(h), policies(h), evidence(h), exclusions(h), groups(h),
	))
}

const (
	get      = http.MethodGet
	put      = http.MethodPut
	post     = http.MethodPost
	patch    = http.MethodPatch
	remove   = http.MethodDelete
	reads    = string(workforce.ScopeComplianceGet)
	manages  = string(workforce.ScopeComplianceManage)
	attests  = string(workforce.ScopeEvidenceManage)
	noEntity = workforce.ReasonEntityNotFound
	noPerson = workforce.ReasonPersonnelNotFound
	noUser   = workforce.ReasonUserNotFound
)

func lists(h handlers) []rest.Route {
	const (
		people   = string(workforce.ScopePersonnelList)
		accounts = string(workforce.ScopeInfrastructureManage) // or that of the other kind, see eitherKind
	)
	return []rest.Route{
		rest.Op(get, "/people", "listPeople", people, bindPeople, h.people).Answers(statuses(http.StatusNotFound)...).
			Returns(PeoplePage{}).Refuses(noEntity),
		rest.Op(get, "/accounts", operationAccounts, accounts, bindAccounts, h.accounts).Answers(statuses(http.StatusNotFound)...).
			Returns(AccountsPage{}).Refuses(noEntity).Needs(string(workforce.FeatureUserIdentities)),
	}
}

func explanations(h handlers) []rest.Route {
	return []rest.Route{
		rest.Op(get, "/people/{id}/compliance", "explainPerson", reads, bindPersonnelID, h.explain).
			Answers(statuses(http.StatusNotFound)...).Returns(&PersonCompliance{}).Refuses(noPerson),
		rest.Op(get, "/people/email/{email}/compliance", "explainPersonByEmail", reads, bindEmail, h.explainByEmail).
			Answers(statuses(http.StatusNotFound)...).Returns(&PersonCompliance{}).Refuses(noPerson),
	}
}

func rules(h handlers) []rest.Route {
	return []rest.Route{
		rest.Op(get, "/compliance/rules", "getRules", reads, rest.NoParams, h.rules).Answers(statuses()...).Returns(&ComplianceRules{}),
		rest.Op(put, "/compliance/rules", "setRules", manages, wholeRules, h.updateRules).Answers(statuses()...).Returns(&ComplianceRules{}),
		rest.Op(patch, "/compliance/rules", "updateRules", manages, someRules, h.updateRules).Answers(statuses()...).Returns(&ComplianceRules{}),
		rest.Op(remove, "/compliance/rules", "resetRules", manages, noBody, h.resetRules).Answers(statuses()...).Returns(&ComplianceRules{}),
		rest.Op(post, "/compliance/rules/preview", "previewRules", reads, bindPreview, h.previewRules).Answers(statuses()...).Returns(&RulesPreview{}),
	}
}

func policies(h handlers) []rest.Route {
	return []rest.Route{
		rest.Op(get, "/policies", "listPolicies", reads, rest.NoParams, h.policies).Answers(statuses()...).Returns(Data[PolicySummary]{}),
		rest.Op(post, "/policies", "createPolicy", manages, bindNewPolicy, h.createPolicy).
			Answers(created(http.StatusNotFound, http.StatusConflict)...).Returns(&PolicyRecord{}).Refuses(noUser, workforce.ReasonDuplicate),
		rest.Op(get, "/policies/{id}", "getPolicy", reads, bindPolicyID, h.policy).
			Answers(statuses(http.StatusNotFound)...).Returns(&PolicyRecord{}).Refuses(noEntity),
		rest.Op(patch, "/policies/{id}", "updatePolicy", manages, bindChangedPolicy, h.updatePolicy).
			Answers(statuses(http.StatusNotFound, http.StatusConflict)...).Returns(&PolicyRecord{}).Refuses(noEntity, noUser, workforce.ReasonDuplicate),
		rest.Op(post, "/policies/{id}/versions", "addPolicyVersion", manages, bindNewVersion, h.addVersion).
			Answers(created(http.StatusNotFound)...).Returns(PolicyWording{}).Refuses(noEntity),
		rest.Op(patch, "/policies/{id}/versions/{version}", "updatePolicyVersion", manages, bindChangedVersion, h.updateVersion).
			Answers(statuses(http.StatusNotFound, http.StatusConflict)...).Returns(PolicyWording{}).Refuses(noEntity, workforce.ReasonPublished),
		rest.Op(post, "/policies/{id}/versions/{version}/publish", "publishPolicyVersion", manages, bindPublished, h.publishVersion).
			Answers(statuses(http.StatusNotFound)...).Returns(PolicyWording{}).Refuses(noEntity),
	}
}

func evidence(h handlers) []rest.Route {
	return []rest.Route{
		rest.Op(get, "/users/{id}/acknowledgements", "listAcknowledgements", reads, bindUserID, h.acknowledgements).
			Answers(statuses(http.StatusNotFound)...).Returns(Data[Acknowledgement]{}).Refuses(noUser),
		rest.Op(post, "/users/{id}/acknowledgements", "acknowledgePolicy", attests, bindAcknowledgement, h.acknowledge).
			Answers(created(http.StatusNotFound, http.StatusConflict)...).Returns(Acknowledgement{}).
			Refuses(noEntity, noUser, workforce.ReasonNotPublished),
		rest.Op(get, "/users/{id}/trainings", "listTrainings", reads, bindUserID, h.trainings).
			Answers(statuses(http.StatusNotFound)...).Returns(Data[Training]{}).Refuses(noUser),
		rest.Op(post, "/users/{id}/trainings", "recordTraining", attests, bindTraining, h.recordTraining).
			Answers(created(http.StatusNotFound)...).Returns(Training{}).Refuses(noUser),
		rest.Op(remove, "/users/{id}/trainings/{trainingId}", "deleteTraining", attests, bindOneTraining, h.deleteTraining).
			Answers(noContent(http.StatusNotFound)...).Returns(rest.Empty{}).Refuses(noEntity, noUser),
	}
}

func exclusions(h handlers) []rest.Route {
	return []rest.Route{
		rest.Op(get, "/exclusions", "listExclusions", reads, bindExclusions, h.exclusions).
			Answers(statuses(http.StatusNotFound)...).Returns(Data[Exclusion]{}).Refuses(noPerson),
		rest.Op(post, "/exclusions", "createExclusion", manages, bindExclusion, h.exclude).
			Answers(created(http.StatusNotFound)...).Returns(Exclusion{}).Refuses(noPerson),
		rest.Op(post, "/exclusions/{id}/end", "endExclusion", manages, bindExclusionEnd, h.endExclusion).
			Answers(statuses(http.StatusNotFound)...).Returns(Exclusion{}).Refuses(noEntity),
	}
}

func groups(h handlers) []rest.Route {
	return []rest.Route{
		rest.Op(get, "/groups", "listGroups", reads, rest.NoParams, h.groups).Answers(statuses()...).Returns(Data[GroupRecord]{}),
		rest.Op(post, "/groups", "createGroup", manages, bindNewGroup, h.createGroup).
			Answers(created(http.StatusConflict)...).Returns(GroupRecord{}).Refuses(workforce.ReasonDuplicate),
		rest.Op(patch, "/groups/{id}", "renameGroup", manages, bindChangedGroup, h.renameGroup).
			Answers(statuses(http.StatusNotFound, http.StatusConflict)...).Returns(GroupRecord{}).Refuses(noEntity, workforce.ReasonDuplicate),
		rest.Op(remove, "/groups/{id}", "deleteGroup", manages, bindDeletedGroup, h.deleteGroup).
			Answers(noContent(http.StatusNotFound, http.StatusConflict)...).Returns(rest.Empty{}).Refuses(noEntity, workforce.ReasonInUse),
		rest.Op(get, "/groups/{id}/members", "listMembers", reads, bindMembers, h.members).
			Answers(statuses(http.StatusNotFound)...).Returns(MembersPage{}).Refuses(noEntity),
		rest.Op(post, "/groups/{id}/members", "changeMembers", manages, bindMembersChange, h.setMembers).
			Answers(noContent(http.StatusNotFound)...).Returns(rest.Empty{}).Refuses(noEntity, noPerson),
	}
}

// operationAccounts is the operation that either of two permissions opens.
const operationAccounts = "listAccounts"

// statuses is those of an operation that answers 200, beside its own.
func statuses(own ...int) []int { return append(own, append(refusals(), http.StatusOK)...) }

// created is the statuses of an operation that makes a record.
func created(own ...int) []int { return append(own, append(refusals(), http.StatusCreated)...) }

// noContent is the statuses of an operation that has nothing to answer.
func noContent(own ...int) []int { return append(own, append(refusals(), http.StatusNoContent)...) }

// refusals is the statuses with which any operation refuses.
func refusals() []int {
	return []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden,
		http.StatusPreconditionFailed, http.StatusInternalServerError,
	}
}
