package openapi

// complianceTries are the requests of the examples of rules, policies, evidence,
// exclusions and groups. They come after the others, which they would change.
var complianceTries = []try{
	{"explainPerson", "GET", "/native/v1/people/3/compliance", ""},
	{"explainPersonByEmail", "GET", "/native/v1/people/email/lucia.montenegro%40example.com/compliance", ""},
	{"getRules", "GET", "/native/v1/compliance/rules", ""},
	{"previewRules", "POST", "/native/v1/compliance/rules/preview?limit=1", `{"checks": {"SECURITY_TRAINING": {"renewalMonths": 6}}}`},
	{"updateRules", "PATCH", "/native/v1/compliance/rules", `{"checks": {"SECURITY_TRAINING": {"renewalMonths": 24, "groupIds": [1]}}, "screenLockSeconds": 600}`},
	{"setRules", "PUT", "/native/v1/compliance/rules", theRules},
	{"resetRules", "DELETE", "/native/v1/compliance/rules", ""},
	{"listPolicies", "GET", "/native/v1/policies", ""},
	{"getPolicy", "GET", "/native/v1/policies/2", ""},
	{"createPolicy", "POST", "/native/v1/policies", `{"name": "Clean desks", "description": "What may lie around, and what not.", "assignedTo": "GROUPS", "groupIds": [2], "ownerId": 3}`},
	{"updatePolicy", "PATCH", "/native/v1/policies/2", `{"assignedTo": "ALL", "description": "How we treat each other and others.", "ownerId": null}`},
	{"addPolicyVersion", "POST", "/native/v1/policies/4/versions", `{"description": "With the training.", "text": "Your agency answers for your training and shows it to us."}`},
	{"updatePolicyVersion", "PATCH", "/native/v1/policies/2/versions/2", `{"text": "Treat people fairly. Refuse gifts. Speak up: the People department listens.", "description": null}`},
	{"publishPolicyVersion", "POST", "/native/v1/policies/2/versions/2/publish", ""},
	{"acknowledgePolicy", "POST", "/native/v1/users/3/acknowledgements", `{"policyId": 2, "acknowledgedAt": "2025-11-19"}`},
	{"listAcknowledgements", "GET", "/native/v1/users/3/acknowledgements", ""},
	{"recordTraining", "POST", "/native/v1/users/3/trainings", `{"type": "HIPAA_TRAINING", "course": "Health records for engineers", "state": "COMPLETED", "completedAt": "2025-11-19T15:30:00Z"}`},
	{"listTrainings", "GET", "/native/v1/users/3/trainings", ""},
	{"deleteTraining", "DELETE", "/native/v1/users/3/trainings/{last}", ""},
	{"createExclusion", "POST", "/native/v1/exclusions", `{"personnelId": 3, "checks": ["LOCATION_SERVICES"], "reason": "Works in a laboratory where nothing may send.", "startsAt": "2025-12-01", "endsAt": "2026-06-01"}`},
	{"listExclusions", "GET", "/native/v1/exclusions?personnelId=3", ""},
	{"endExclusion", "POST", "/native/v1/exclusions/{last}/end", `{"endsAt": "2026-03-01"}`},
	{"listGroups", "GET", "/native/v1/groups", ""},
	{"createGroup", "POST", "/native/v1/groups", `{"name": "Laboratory"}`},
	{"renameGroup", "PATCH", "/native/v1/groups/7", `{"name": "Summer interns"}`},
	{"changeMembers", "POST", "/native/v1/groups/7/members", `{"add": [3, 12], "remove": [2]}`},
	{"listMembers", "GET", "/native/v1/groups/7/members?limit=1", ""},
	{"deleteGroup", "DELETE", "/native/v1/groups/7", ""},
}

// theRules stands for the rules as they were before they were changed: what GET
// gives can be sent back.
const theRules = "the rules"

// complianceRefusals are the requests of the examples of their refusals.
var complianceRefusals = []refusalTry{
	{"PersonnelNotFoundNative", "GET", "/native/v1/people/9999/compliance", "", nil},
	{"UserNotFoundNative", "GET", "/native/v1/users/9999/trainings", "", nil},
	{"EntityNotFoundOrUserNotFoundNative", "PATCH", "/native/v1/policies/9999", `{}`, nil},
	{"EntityNotFoundOrPersonnelNotFoundNative", "POST", "/native/v1/groups/1/members", `{"add": [9999]}`, nil},
	{"DuplicateNative", "POST", "/native/v1/groups", `{"name": "everyone"}`, nil},
	{"PublishedNative", "PATCH", "/native/v1/policies/1/versions/1", `{"text": "Anything goes."}`, nil},
	{"NotPublishedNative", "POST", "/native/v1/users/3/acknowledgements", `{"policyId": 4}`, nil},
	{"InUseNative", "DELETE", "/native/v1/groups/4", "", nil},
}
